/* SPDX-License-Identifier: Apache-2.0 */
/* One page that needs nothing else. Each figure is a section: what it says, its picture, and its numbers in a table,
 * from which assets/report/figures.js draws the picture; so a picture cannot show what the table has not. All texts
 * from outside are escaped. Heat maps and cohorts are tables whose cells are tinted: they read without colour, too. */
#include "payment/analytics/pages/pages.h"

#include "app/base/error.h"
#include "payment/money/money.h"
#include "payment/page/page.h"

#include <errno.h>
#include <string.h>

#define MOST_ROWS 3000      /* of a table on the page; all are in NAME.csv */
#define FEW_ROWS 14         /* need no folding */

static const struct { const char *name, *title; } CHAPTERS[] = {
  { "overview", "At a glance" }, { "patterns", "When and how people charge" }, { "money", "Money" },
  { "people", "People" }, { "decisions", "What to do about it" }, { "quality", "How good the data is" },
};

static gboolean
is_matrix (const TwFigureKind *kind)
{
  return kind->picture == TW_PICTURE_HEAT || kind->picture == TW_PICTURE_COHORT;
}

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
    tw_page_put (text, "<td>%s</td>", told);
}

/* "net_per_kwh_minor" as people say it: "Net per kwh". */
static char *
heading (const TwColumn *column)
{
  static const char *const UNITS[] = { "_minor", "_wh", "_s" };
  char *text = g_strdup (column->name);

  for (guint i = 0; i < G_N_ELEMENTS (UNITS); i++)
    if (g_str_has_suffix (text, UNITS[i]))
      text[strlen (text) - strlen (UNITS[i])] = '\0';
  g_strdelimit (text, "_", ' ');
  *text = g_ascii_toupper (*text);
  return text;
}

static void
put_heading (GString        *text,
             const TwColumn *column)
{
  g_autofree char *name = heading (column);

  tw_page_put (text, "<th class=\"%s\" data-name=\"%s\" data-kind=\"%s\" title=\"%s\">%s</th>",
               tw_pages_is_number (column->kind) ? "n" : "", column->name, tw_pages_kind_name (column->kind),
               column->formula != NULL ? column->formula : "", name);
}

static void
put_table (GString        *text,
           const TwFigure *figure,
           const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  guint n = MIN (tw_figure_n_rows (figure), MOST_ROWS);

  tw_page_put (text, "<div class=\"wide\"><table><thead><tr>");
  for (guint i = 0; i < kind->n_columns; i++)
    put_heading (text, &kind->columns[i]);
  tw_page_put (text, "</tr></thead><tbody>\n");
  for (guint row = 0; row < n; row++)
    {
      tw_page_put (text, "<tr>");
      for (guint i = 0; i < kind->n_columns; i++)
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

static void
put_numbers (GString        *text,
             const TwFigure *figure,
             const char     *time_zone,
             gboolean        tables_beside)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  guint n = tw_figure_n_rows (figure);
  gboolean open = n <= FEW_ROWS && !is_matrix (kind);

  tw_page_put (text, "<details class=\"numbers\"");
  g_string_append (text, open ? " open>" : ">");
  tw_page_put (text, "<summary>The numbers<span class=\"n soft\">%u row%s</span></summary>\n", n, n == 1 ? "" : "s");
  put_table (text, figure, time_zone);
  put_meanings (text, kind);
  if (tables_beside)
    tw_page_put (text, "<p><a href=\"%s.csv\">%s.csv</a></p>\n", kind->name, kind->name);
  tw_page_put (text, "</details>\n");
}

/* Distinct texts of a column in order of appearance. */
static GPtrArray *
distinct (const TwFigure *figure,
          int             column)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *found = g_ptr_array_new ();

  for (guint row = 0; column >= 0 && row < tw_figure_n_rows (figure); row++)
    {
      TwCell cell = tw_figure_cell (figure, row, (guint) column);

      if (cell.known && g_hash_table_add (seen, (gpointer) cell.as.text))
        g_ptr_array_add (found, (gpointer) cell.as.text);
    }
  return found;
}

static int
currency_column (const TwFigureKind *kind)
{
  for (guint i = 0; i < kind->n_columns; i++)
    if (kind->columns[i].kind == TW_COLUMN_CURRENCY)
      return (int) i;
  return -1;
}

static gboolean
is_money (const TwFigureKind *kind,
          int                 column)
{
  return column >= 0 && (kind->columns[column].kind == TW_COLUMN_MINOR
                         || kind->columns[column].kind == TW_COLUMN_MONEY_MEAN);
}

static const char *const PICTURES[] = {
  [TW_PICTURE_NONE] = "none", [TW_PICTURE_LINE] = "line", [TW_PICTURE_BARS] = "bars", [TW_PICTURE_STACK] = "stack",
  [TW_PICTURE_HEAT] = "heat", [TW_PICTURE_FUNNEL] = "funnel", [TW_PICTURE_WATERFALL] = "waterfall",
  [TW_PICTURE_COHORT] = "cohort", [TW_PICTURE_SCATTER] = "scatter", [TW_PICTURE_BAND] = "band",
};

static void
put_canvas (GString            *text,
            const TwFigureKind *kind,
            const char         *currency)
{
  tw_page_put (text, "<div class=\"chart\"><canvas role=\"img\" aria-label=\"%s%s%s\" data-picture=\"%s\" data-x=\"%s\""
               " data-series=\"%s\" data-y=\"%s\" data-low=\"%s\" data-high=\"%s\" data-currency=\"%s\""
               " data-digits=\"%d\"></canvas></div>\n", kind->title, *currency != '\0' ? ", " : "", currency,
               PICTURES[kind->picture], kind->x != NULL ? kind->x : "", kind->series != NULL ? kind->series : "",
               kind->y != NULL ? kind->y : "", kind->low != NULL ? kind->low : "",
               kind->high != NULL ? kind->high : "", currency,
               *currency != '\0' ? MAX (tw_currency_digits (currency), 0) : 0);
}

/* Currencies never share an axis. */
static void
put_canvases (GString        *text,
              const TwFigure *figure)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  gboolean money = is_money (kind, tw_figure_kind_column (kind, kind->y))
                   || is_money (kind, tw_figure_kind_column (kind, kind->high));
  g_autoptr (GPtrArray) currencies = money ? distinct (figure, currency_column (kind)) : g_ptr_array_new ();

  if (currencies->len == 0)
    put_canvas (text, kind, "");
  for (guint i = 0; i < currencies->len; i++)
    put_canvas (text, kind, g_ptr_array_index (currencies, i));
}

/* The cell of the first row that has these two; rows of matrices come in order, so at is where to go on. */
static void
put_matrix_cell (GString        *text,
                 const TwFigure *figure,
                 guint           row,
                 int             y,
                 double          most,
                 const char     *time_zone)
{
  TwColumn column = tw_figure_kind (figure)->columns[y];
  TwCell cell = tw_figure_cell (figure, row, (guint) y);
  g_autofree char *told = NULL;
  double value = tw_pages_number (&column, cell);
  char share[G_ASCII_DTOSTR_BUF_SIZE];

  column.unit = NULL;      /* the definition says it once for all */
  told = tw_pages_told (&column, cell, tw_pages_currency (figure, row), time_zone);
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

/* Down the series, across x: rows must come in that order, which is how they are read. */
static void
put_matrix (GString        *text,
            const TwFigure *figure,
            const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  int x = tw_figure_kind_column (kind, kind->x), y = tw_figure_kind_column (kind, kind->y);
  int series = tw_figure_kind_column (kind, kind->series);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *before = NULL;
  double most = most_of (figure, y);
  guint at = 0;

  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      char *name = tw_pages_told (&kind->columns[x], tw_figure_cell (figure, row, (guint) x), "", time_zone);

      if (g_hash_table_contains (index, name))
        g_free (name);
      else
        {
          g_ptr_array_add (names, name);
          g_hash_table_insert (index, name, GUINT_TO_POINTER (names->len));
        }
    }
  tw_page_put (text, "<div class=\"wide\"><table class=\"matrix\"><thead><tr><th></th>");
  for (guint i = 0; i < names->len; i++)
    tw_page_put (text, "<th class=\"n\">%.*s</th>", kind->columns[x].kind == TW_COLUMN_HOUR ? 2 : 64,
                 (const char *) g_ptr_array_index (names, i));
  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      g_autofree char *name = tw_pages_told (&kind->columns[x], tw_figure_cell (figure, row, (guint) x), "", time_zone);
      char *line = tw_pages_told (&kind->columns[series], tw_figure_cell (figure, row, (guint) series), "", time_zone);
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (index, name));

      if (before == NULL || !g_str_equal (before, line))
        {
          tw_page_put (text, "</tr>\n<tr><th scope=\"row\">%s</th>", line);
          at = 0;
        }
      g_free (before);
      before = line;
      for (; at + 1 < place; at++)
        tw_page_put (text, "<td></td>");
      put_matrix_cell (text, figure, row, y, most, time_zone);
      at = place;
    }
  tw_page_put (text, "</tr></table></div>\n");
}

static void
put_figure (GString           *text,
            const TwPagesHead *head,
            const TwFigure    *figure,
            gboolean           tables_beside)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  const char *state = tw_figure_money_state (figure);

  tw_page_put (text, "<section class=\"figure\" id=\"%s\"><h3>%s", kind->name, kind->title);
  if (tw_figure_n (figure) > 0)
    tw_page_put (text, " <span class=\"soft\">n = %" G_GUINT64_FORMAT "</span>", tw_figure_n (figure));
  if (state != NULL)
    tw_page_put (text, " <span class=\"tag s1\">money: %s</span>", state);
  tw_page_put (text, "</h3>\n<p>%s</p>\n", kind->definition);
  for (guint i = 0; i < tw_figure_n_notes (figure); i++)
    tw_page_put (text, "<p class=\"note\">%s</p>\n", tw_figure_nth_note (figure, i));
  if (tw_figure_n_rows (figure) > 0)
    {
      if (is_matrix (kind))
        put_matrix (text, figure, head->time_zone);
      else if (kind->picture != TW_PICTURE_NONE)
        put_canvases (text, figure);
      put_numbers (text, figure, head->time_zone, tables_beside);
    }
  tw_page_put (text, "</section>\n");
}

static void
put_chapters (GString           *text,
              const TwPagesHead *head,
              const GPtrArray   *figures,
              gboolean           tables_beside)
{
  for (guint c = 0; c < G_N_ELEMENTS (CHAPTERS); c++)
    {
      gboolean begun = FALSE;

      for (guint i = 0; i < figures->len; i++)
        {
          const TwFigure *figure = g_ptr_array_index (figures, i);

          if (!g_str_equal (tw_figure_kind (figure)->chapter, CHAPTERS[c].name))
            continue;
          if (!begun)
            tw_page_put (text, "<h2 id=\"chapter-%s\">%s</h2>\n", CHAPTERS[c].name, CHAPTERS[c].title);
          begun = TRUE;
          put_figure (text, head, figure, tables_beside);
        }
    }
}

static void
put_contents (GString         *text,
              const GPtrArray *figures)
{
  tw_page_put (text, "<nav aria-label=\"Contents\">");
  for (guint c = 0; c < G_N_ELEMENTS (CHAPTERS); c++)
    for (guint i = 0; i < figures->len; i++)
      if (g_str_equal (tw_figure_kind (g_ptr_array_index (figures, i))->chapter, CHAPTERS[c].name))
        {
          tw_page_put (text, "<a href=\"#chapter-%s\">%s</a> ", CHAPTERS[c].name, CHAPTERS[c].title);
          break;
        }
  tw_page_put (text, "</nav>\n");
}

static void
put_head (GString           *text,
          const TwPagesHead *head)
{
  static const TwColumn DAY = { .kind = TW_COLUMN_DAY }, INSTANT = { .kind = TW_COLUMN_INSTANT };
  const char *title = head->title != NULL ? head->title : "Charging report";
  g_autofree char *from = tw_pages_raw (&DAY, tw_cell_int (head->from_day));
  g_autofree char *last = tw_pages_raw (&DAY, tw_cell_int (head->to_day - 1));
  g_autofree char *as_of = tw_pages_told (&INSTANT, tw_cell_int (head->as_of_us), "", head->time_zone);

  tw_page_put (text, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
               " script-src 'unsafe-inline'; img-src data:\">\n<title>%s, %s to %s</title>\n<style>\n",
               title, from, last);
  tw_page_put_resource (text, "report.css");
  tw_page_put_resource (text, "figures.css");
  tw_page_put (text, "</style></head><body>\n<h1>%s</h1>\n<p>%s to %s, both included, by the clock of each site. "
               "Data until %s (%s). %" G_GUINT64_FORMAT " sessions.</p>\n", title, from, last, as_of,
               head->time_zone, head->n_sessions);
}

gboolean
tw_pages_write_html (FILE               *file,
                     const TwPagesHead  *head,
                     const GPtrArray    *figures,
                     gboolean            tables_beside,
                     GError            **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  put_head (text, head);
  put_contents (text, figures);
  put_chapters (text, head, figures, tables_beside);
  tw_page_put (text, "<script>\n");
  tw_page_put_resource (text, "chart.js");
  tw_page_put (text, "\n</script>\n<script>\n");
  tw_page_put_resource (text, "figures.js");
  tw_page_put (text, "</script>\n</body></html>\n");
  if (fwrite (text->str, 1, text->len, file) == text->len)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the report's page cannot be written: %s", g_strerror (errno));
  return FALSE;
}
