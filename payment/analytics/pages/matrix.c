/* SPDX-License-Identifier: Apache-2.0 */
/* Heat maps and cohorts: tables whose cells are tinted, so that they read without colour and without a script. */
#include "payment/analytics/pages/parts.h"

#include "payment/page/page.h"

gboolean
tw_part_is_matrix (const TwFigureKind *kind)
{
  return kind->picture == TW_PICTURE_HEAT || kind->picture == TW_PICTURE_COHORT;
}

/* The cell of the first row that has these two; rows of matrices come in order, so at is where to go on. */
/* As short as can be, for there may be many side by side: the table below says it exactly. */
static char *
told_short (const TwFigure *figure,
            guint           row,
            int             y,
            double          most,
            const char     *time_zone)
{
  const TwColumn *column = &tw_figure_kind (figure)->columns[y];
  TwCell cell = tw_figure_cell (figure, row, (guint) y);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!cell.known || column->kind != TW_COLUMN_NUMBER)
    return tw_pages_told (column, cell, tw_pages_currency (figure, row), time_zone);
  return g_strdup (g_ascii_formatd (text, sizeof text, most < 100 ? "%.1f" : "%.0f", cell.as.number));
}

static void
put_matrix_cell (GString        *text,
                 const TwFigure *figure,
                 guint           row,
                 int             y,
                 double          most,
                 const char     *time_zone)
{
  TwCell cell = tw_figure_cell (figure, row, (guint) y);
  g_autofree char *told = told_short (figure, row, y, most, time_zone);
  double value = tw_pages_number (&tw_figure_kind (figure)->columns[y], cell);
  char share[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (share, sizeof share, "%.3f", most > 0 ? CLAMP (value / most, 0, 1) : 0);
  if (!cell.known)
    tw_page_put (text, "<td class=\"n none\">%s</td>", told);
  else
    tw_page_put (text, "<td class=\"n tint\" style=\"--v:%s\"><span>%s</span></td>", share, told);
}

static double
most_of (const TwFigure *figure,
         int             y)
{
  double most = 0;

  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    most = MAX (most, tw_pages_number (&tw_figure_kind (figure)->columns[y], tw_figure_cell (figure, row, (guint) y)));
  return most;
}

/* "13:00" as "13". */
static char *
name_of (const TwFigure *figure,
         guint           row,
         int             column,
         const char     *time_zone)
{
  const TwColumn *is = &tw_figure_kind (figure)->columns[column];
  char *name = tw_pages_told (is, tw_figure_cell (figure, row, (guint) column), "", time_zone);

  if (is->kind == TW_COLUMN_HOUR)
    name[2] = '\0';
  return name;
}

/* Name of a place across -> its number from 1. Puts their headings. */
static GHashTable *
put_headings (GString        *text,
              const TwFigure *figure,
              int             x,
              const char     *time_zone)
{
  GHashTable *places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  tw_page_put (text, "<thead><tr><th></th>");
  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      char *name = name_of (figure, row, x, time_zone);

      if (!g_hash_table_contains (places, name))
        {
          tw_page_put (text, "<th class=\"n\">%s</th>", name);
          g_hash_table_insert (places, name, GUINT_TO_POINTER (g_hash_table_size (places) + 1));
        }
      else
        g_free (name);
    }
  tw_page_put (text, "</tr></thead>\n<tbody>");
  return places;
}

void
tw_part_put_matrix (GString        *text,
                    const TwFigure *figure,
                    const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  int x = tw_figure_kind_column (kind, kind->x), y = tw_figure_kind_column (kind, kind->y);
  int series = tw_figure_kind_column (kind, kind->series);
  g_autoptr (GHashTable) places = NULL;
  g_autofree char *before = NULL;
  double most = most_of (figure, y);
  guint at = 0;

  tw_page_put (text, "<div class=\"wide\"><table class=\"matrix\">");
  places = put_headings (text, figure, x, time_zone);
  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      g_autofree char *name = name_of (figure, row, x, time_zone);
      char *line = name_of (figure, row, series, time_zone);
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, name));

      if (before == NULL || !g_str_equal (before, line))
        {
          g_string_append (text, before != NULL ? "</tr>\n" : "\n");
          tw_page_put (text, "<tr><th scope=\"row\">%s</th>", line);
          at = 0;
        }
      g_free (before);
      before = line;
      for (; at + 1 < place; at++)
        tw_page_put (text, "<td></td>");
      put_matrix_cell (text, figure, row, y, most, time_zone);
      at = place;
    }
  tw_page_put (text, "</tr></tbody></table></div>\n");
}
