/* SPDX-License-Identifier: Apache-2.0 */
/* One page that needs nothing else. Each figure is a section: what it says, its picture, and its numbers in a table,
 * from which assets/report/figures.js draws the picture; so a picture cannot show what the table has not. All texts
 * from outside are escaped. Heat maps and cohorts are tables whose cells are tinted: they read without colour, too. */
#include "payment/analytics/pages/parts.h"

#include "app/base/error.h"
#include "payment/money/money.h"
#include "payment/page/page.h"

#include <errno.h>
#include <string.h>

static const struct { const char *name, *title; } CHAPTERS[] = {
  { "overview", "At a glance" }, { "patterns", "When and how people charge" }, { "money", "Money" },
  { "people", "People" }, { "decisions", "What to do about it" }, { "quality", "How good the data is" },
};

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
  return column >= 0 && tw_pages_is_money (kind->columns[column].kind);
}

static const char *const PICTURES[] = {
  [TW_PICTURE_NONE] = "none", [TW_PICTURE_LINE] = "line", [TW_PICTURE_BARS] = "bars", [TW_PICTURE_STACK] = "stack",
  [TW_PICTURE_HEAT] = "heat", [TW_PICTURE_FUNNEL] = "funnel", [TW_PICTURE_WATERFALL] = "waterfall",
  [TW_PICTURE_COHORT] = "cohort", [TW_PICTURE_SCATTER] = "scatter", [TW_PICTURE_BAND] = "band",
  [TW_PICTURE_TILES] = "tiles",
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
      if (tw_part_is_matrix (kind))
        tw_part_put_matrix (text, figure, head->time_zone);
      else if (kind->picture == TW_PICTURE_TILES)
        tw_part_put_tiles (text, figure, head->time_zone);
      else if (kind->picture != TW_PICTURE_NONE)
        put_canvases (text, figure);
      tw_part_put_numbers (text, figure, head->time_zone, tables_beside);
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
  static const TwColumn COUNT = { .kind = TW_COLUMN_COUNT };
  const char *title = head->title != NULL ? head->title : "Charging report";
  g_autofree char *from = tw_pages_raw (&DAY, tw_cell_int (head->from_day));
  g_autofree char *last = tw_pages_raw (&DAY, tw_cell_int (head->to_day - 1));
  g_autofree char *n = tw_pages_told (&COUNT, tw_cell_int ((gint64) head->n_sessions), "", NULL);
  g_autofree char *as_of = tw_pages_told (&INSTANT, tw_cell_int (head->as_of_us), "", head->time_zone);

  tw_page_put (text, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
               " script-src 'unsafe-inline'; img-src data:\">\n<title>%s, %s to %s</title>\n<style>\n",
               title, from, last);
  tw_page_put_resource (text, "report.css");
  tw_page_put_resource (text, "figures.css");
  tw_page_put (text, "</style></head><body>\n<h1>%s</h1>\n<p>%s to %s, both included, by the clock of each site. "
               "Data until %s (%s); %s sessions read.</p>\n", title, from, last, as_of, head->time_zone, n);
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
