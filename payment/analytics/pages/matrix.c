/* SPDX-License-Identifier: Apache-2.0 */
/* Heat maps and cohorts: tables whose cells are tinted, so that they read without colour and without a script. */
#include "payment/analytics/pages/parts.h"

#include "payment/page/page.h"

gboolean
tw_part_is_matrix (const TwFigureKind *kind)
{
  return kind->picture == TW_PICTURE_HEAT || kind->picture == TW_PICTURE_COHORT;
}

/* Sites with a heat map of their own on the page; all are in NAME.csv. */
#define MOST_PANELS 24

/* Rows of one matrix: from <= row < to. */
typedef struct { guint from, to; } Rows;

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
         Rows            rows,
         int             y)
{
  double most = 0;

  for (guint row = rows.from; row < rows.to; row++)
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
              Rows            rows,
              int             x,
              const char     *time_zone)
{
  GHashTable *places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  tw_page_put (text, "<thead><tr><th></th>");
  for (guint row = rows.from; row < rows.to; row++)
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

static void
put_matrix (GString        *text,
            const TwFigure *figure,
            Rows            rows,
            const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  int x = tw_figure_kind_column (kind, kind->x), y = tw_figure_kind_column (kind, kind->y);
  int series = tw_figure_kind_column (kind, kind->series);
  g_autoptr (GHashTable) places = NULL;
  g_autofree char *before = NULL;
  double most = most_of (figure, rows, y);
  guint at = 0;

  tw_page_put (text, "<div class=\"wide\"><table class=\"matrix\">");
  places = put_headings (text, figure, rows, x, time_zone);
  for (guint row = rows.from; row < rows.to; row++)
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

/* Each has its own scale: what is asked is when, and not which of them has the most. */
static void
put_panels (GString        *text,
            const TwFigure *figure,
            guint           panel,
            const char     *time_zone)
{
  guint n = tw_figure_n_rows (figure), n_panels = 0;
  Rows rows = { 0, 0 };

  for (; rows.from < n; rows.from = rows.to)
    {
      const char *name = tw_figure_cell (figure, rows.from, panel).as.text;

      for (rows.to = rows.from; rows.to < n && g_str_equal (tw_figure_cell (figure, rows.to, panel).as.text, name); )
        rows.to++;
      if (++n_panels > MOST_PANELS)
        break;
      g_string_append (text, n_panels == 1 ? "<details class=\"panel\" open>" : "<details class=\"panel\">");
      tw_page_put (text, "<summary>%s</summary>\n", name);
      put_matrix (text, figure, rows, time_zone);
      tw_page_put (text, "</details>\n");
    }
  if (n_panels > MOST_PANELS)
    tw_page_put (text, "<p class=\"soft\">The first %d of them.</p>\n", MOST_PANELS);
}

void
tw_part_put_matrix (GString        *text,
                    const TwFigure *figure,
                    const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  int panel = tw_figure_kind_column (kind, kind->panel);

  if (panel >= 0)
    put_panels (text, figure, (guint) panel, time_zone);
  else
    put_matrix (text, figure, (Rows) { 0, tw_figure_n_rows (figure) }, time_zone);
}
