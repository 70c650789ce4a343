/* SPDX-License-Identifier: Apache-2.0 */
/* A figure's numbers as a table. Texts of a picture's columns are in it as they are: figures.js reads them there. */
#include "payment/analytics/pages/parts.h"

#include "payment/page/page.h"

#define MOST_ROWS 3000          /* of a table on the page; all are in NAME.csv */
#define FEW_ROWS 14             /* need no folding */
#define SHORT_TEXT 28

static gboolean
is_drawn (const TwFigureKind *kind,
          const char         *column)
{
  return g_strcmp0 (column, kind->x) == 0 || g_strcmp0 (column, kind->series) == 0 || g_strcmp0 (column, kind->y) == 0
         || g_strcmp0 (column, kind->low) == 0 || g_strcmp0 (column, kind->high) == 0;
}

static gboolean *
shown_columns (const TwFigure *figure)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  gboolean *shown = g_new0 (gboolean, kind->n_columns);

  for (guint i = 0; i < kind->n_columns; i++)
    {
      shown[i] = is_drawn (kind, kind->columns[i].name) || kind->columns[i].kind == TW_COLUMN_CURRENCY;
      for (guint row = 0; !shown[i] && row < tw_figure_n_rows (figure); row++)
        shown[i] = tw_figure_cell (figure, row, i).known;
    }
  return shown;
}

/* A short text stays in one line. */
static void
put_cell (GString        *text,
          const TwFigure *figure,
          guint           row,
          guint           i,
          const char     *time_zone)
{
  const TwColumn *column = &tw_figure_kind (figure)->columns[i];
  TwCell cell = tw_figure_cell (figure, row, i);
  g_autofree char *told = tw_pages_told (column, cell, tw_pages_currency (figure, row), time_zone);
  g_autofree char *raw = tw_pages_raw (column, cell);

  if (tw_pages_is_number (column->kind))
    tw_page_put (text, "<td class=\"n\" data-v=\"%s\">%s</td>", raw != NULL ? raw : "", told);
  else
    tw_page_put (text, "<td class=\"%s\">%s</td>", g_utf8_strlen (told, -1) <= SHORT_TEXT ? "short" : "", told);
}

static void
put_heading (GString        *text,
             const TwColumn *column)
{
  g_autofree char *name = tw_pages_heading (column);

  tw_page_put (text, "<th class=\"%s\" data-name=\"%s\" data-kind=\"%s\" data-unit=\"%s\" title=\"%s\">%s</th>",
               tw_pages_is_number (column->kind) ? "n" : "", column->name, tw_pages_kind_name (column->kind),
               column->unit != NULL ? column->unit : "", column->formula != NULL ? column->formula : "", name);
}

static void
put_table (GString        *text,
           const TwFigure *figure,
           const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  guint n = MIN (tw_figure_n_rows (figure), MOST_ROWS);
  g_autofree gboolean *shown = shown_columns (figure);

  tw_page_put (text, "<div class=\"wide\"><table><thead><tr>");
  for (guint i = 0; i < kind->n_columns; i++)
    if (shown[i])
      put_heading (text, &kind->columns[i]);
  tw_page_put (text, "</tr></thead><tbody>\n");
  for (guint row = 0; row < n; row++)
    {
      tw_page_put (text, "<tr>");
      for (guint i = 0; i < kind->n_columns; i++)
        if (shown[i])
          put_cell (text, figure, row, i, time_zone);
      tw_page_put (text, "</tr>\n");
    }
  tw_page_put (text, "</tbody></table></div>\n");
  if (n < tw_figure_n_rows (figure))
    tw_page_put (text, "<p class=\"soft\">The first %u of %u rows.</p>\n", n, tw_figure_n_rows (figure));
}

static void
put_meanings (GString            *text,
              const TwFigureKind *kind)
{
  tw_page_put (text, "<details class=\"meanings\"><summary>How they are computed</summary><dl class=\"columns\">");
  for (guint i = 0; i < kind->n_columns; i++)
    tw_page_put (text, "<dt><code>%s</code>%s%s</dt><dd>%s</dd>", kind->columns[i].name,
                 kind->columns[i].unit != NULL ? ", " : "", kind->columns[i].unit != NULL ? kind->columns[i].unit : "",
                 kind->columns[i].formula != NULL ? kind->columns[i].formula : "");
  tw_page_put (text, "</dl></details>\n");
}

void
tw_part_put_numbers (GString        *text,
                     const TwFigure *figure,
                     const char     *time_zone,
                     gboolean        tables_beside)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  guint n = tw_figure_n_rows (figure);
  gboolean open = n <= FEW_ROWS && kind->picture == TW_PICTURE_NONE;   /* a picture says it already */

  tw_page_put (text, "<details class=\"numbers\"");
  g_string_append (text, open ? " open>" : ">");
  tw_page_put (text, "<summary>The numbers<span class=\"n soft\">%u row%s</span></summary>\n", n, n == 1 ? "" : "s");
  put_table (text, figure, time_zone);
  put_meanings (text, kind);
  if (tables_beside)
    tw_page_put (text, "<p><a href=\"%s.csv\">%s.csv</a></p>\n", kind->name, kind->name);
  tw_page_put (text, "</details>\n");
}
