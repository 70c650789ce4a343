/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal's summary: what the overview says, every trend as a line of blocks, and what to do. */
#include "payment/analytics/pages/pages.h"

#include "app/base/error.h"

#include <errno.h>

#define SPARKS 48          /* columns of a sparkline */
#define MOST_ROWS 12

static const char *const BLOCKS[] = { "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588" };
static const char *const PLAIN[] = { "_", "_", ".", ".", "-", "-", "=", "#" };

static double
value_of (const TwFigure *figure,
          guint           row,
          guint           column)
{
  return tw_pages_number (&tw_figure_kind (figure)->columns[column], tw_figure_cell (figure, row, column));
}

static const char *
series_of (const TwFigure *figure,
           guint           row)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  int series = tw_figure_kind_column (kind, kind->series);

  return series >= 0 && kind->columns[series].kind == TW_COLUMN_TEXT
         ? tw_figure_cell (figure, row, (guint) series).as.text : NULL;
}

/* What stands at each x, over all series, or of only one of them. */
static GArray *
sums_by_x (const TwFigure *figure,
           guint           x,
           guint           y,
           const char     *only)
{
  GArray *sums = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GHashTable) place = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      char *name = tw_pages_raw (&tw_figure_kind (figure)->columns[x], tw_figure_cell (figure, row, x));
      double value = value_of (figure, row, y);
      gpointer at;

      if (name == NULL || (only != NULL && g_strcmp0 (series_of (figure, row), only) != 0))
        {
          g_free (name);
          continue;
        }
      if (g_hash_table_lookup_extended (place, name, NULL, &at))
        {
          g_array_index (sums, double, GPOINTER_TO_UINT (at)) += value;
          g_free (name);
          continue;
        }
      g_hash_table_insert (place, name, GUINT_TO_POINTER (sums->len));
      g_array_append_val (sums, value);
    }
  return sums;
}

/* As many as fit, each the mean of its neighbours, from the least to the most. */
static char *
sparkline (const GArray *sums,
           gboolean      blocks)
{
  GString *text = g_string_new (NULL);
  guint n = MIN (sums->len, SPARKS);
  double most = g_array_index (sums, double, 0), least = most;

  for (guint i = 0; i < sums->len; i++)
    {
      most = MAX (most, g_array_index (sums, double, i));
      least = MIN (least, g_array_index (sums, double, i));
    }
  for (guint i = 0; i < n; i++)
    {
      guint from = i * sums->len / n, to = (i + 1) * sums->len / n;
      double sum = 0;
      guint level;

      for (guint at = from; at < to; at++)
        sum += g_array_index (sums, double, at);
      level = most > least ? (guint) CLAMP ((sum / (to - from) - least) / (most - least) * 7.999, 0, 7) : 3;
      g_string_append (text, blocks ? BLOCKS[level] : PLAIN[level]);
    }
  return g_string_free (text, FALSE);
}

static void
put_spark (FILE         *file,
           const char   *title,
           const GArray *sums,
           gboolean      blocks,
           gboolean      are_shares)
{
  g_autofree char *line = sums->len < 2 ? NULL : sparkline (sums, blocks);

  if (line == NULL)
    return;
  fprintf (file, "  %-34s %s", title, line);
  if (are_shares)
    fprintf (file, "  %.1f %%", g_array_index (sums, double, sums->len - 1) * 100);
  fputc ('\n', file);
}

/* Shares do not add up: each series has its line, with the last of them behind it. */
static void
put_share_sparks (FILE           *file,
                  const TwFigure *figure,
                  guint           x,
                  guint           y,
                  gboolean        blocks)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      const char *series = series_of (figure, row);
      g_autoptr (GArray) sums = NULL;

      if (series == NULL || !g_hash_table_add (seen, (gpointer) series))
        continue;
      sums = sums_by_x (figure, x, y, series);
      put_spark (file, series, sums, blocks, TRUE);
    }
}

static void
put_sparks (FILE           *file,
            const TwFigure *figure,
            gboolean        blocks)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  int x = tw_figure_kind_column (kind, kind->x), y = tw_figure_kind_column (kind, kind->y);
  g_autoptr (GArray) sums = NULL;

  if (x < 0 || y < 0 || !tw_pages_is_number (kind->columns[y].kind)
      || (kind->columns[x].kind != TW_COLUMN_DAY && kind->columns[x].kind != TW_COLUMN_MONTH))
    return;
  if (kind->columns[y].kind == TW_COLUMN_SHARE && kind->series != NULL)
    {
      put_share_sparks (file, figure, (guint) x, (guint) y, blocks);
      return;
    }
  sums = sums_by_x (figure, (guint) x, (guint) y, NULL);
  put_spark (file, kind->title, sums, blocks, FALSE);
}

/* Currencies stand beside their amounts; of what nobody knows there is no column. */
static gboolean
is_told (const TwFigure *figure,
         guint           n,
         guint           column)
{
  if (tw_figure_kind (figure)->columns[column].kind == TW_COLUMN_CURRENCY)
    return FALSE;
  for (guint row = 0; row < n; row++)
    if (tw_figure_cell (figure, row, column).known)
      return TRUE;
  return FALSE;
}

static void
put_cells (FILE               *file,
           const TwFigureKind *kind,
           char              **texts,
           const glong        *widths)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < kind->n_columns; i++)
    {
      int pad = (int) (widths[i] - g_utf8_strlen (texts[i], -1));

      if (widths[i] > 0 && tw_pages_is_number (kind->columns[i].kind))
        g_string_append_printf (line, "  %*s%s", pad, "", texts[i]);
      else if (widths[i] > 0)
        g_string_append_printf (line, "  %s%*s", texts[i], pad, "");
    }
  fprintf (file, "%s\n", g_strchomp (line->str));
}

/* A table as wide as each column needs, numbers to the right; its first line says what they are. */
static void
put_rows (FILE              *file,
          const TwFigure    *figure,
          const TwPagesHead *head)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  guint n = MIN (tw_figure_n_rows (figure), MOST_ROWS);
  g_autofree glong *widths = g_new0 (glong, kind->n_columns);
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < kind->n_columns; i++)
    g_ptr_array_add (told, tw_pages_heading (&kind->columns[i]));
  for (guint row = 0; row < n; row++)
    for (guint i = 0; i < kind->n_columns; i++)
      g_ptr_array_add (told, tw_pages_told (&kind->columns[i], tw_figure_cell (figure, row, i),
                                            tw_pages_currency (figure, row), head->time_zone));
  for (guint i = 0; i < told->len; i++)
    if (is_told (figure, n, i % kind->n_columns))
      widths[i % kind->n_columns] = MAX (widths[i % kind->n_columns], g_utf8_strlen (told->pdata[i], -1));
  for (guint row = 0; n > 0 && row <= n; row++)
    put_cells (file, kind, (char **) told->pdata + (gsize) row * kind->n_columns, widths);
  if (n < tw_figure_n_rows (figure))
    fprintf (file, "  and %u more\n", tw_figure_n_rows (figure) - n);
}

/* The first row's numbers, one a line, each with how it changed. */
static void
put_lines (FILE              *file,
           const TwFigure    *figure,
           const TwPagesHead *head)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  for (guint i = 0; i < kind->n_columns && tw_figure_n_rows (figure) > 0; i++)
    {
      TwCell cell = tw_figure_cell (figure, 0, i);
      g_autofree char *heading = tw_pages_heading (&kind->columns[i]);
      g_autofree char *told = tw_pages_told (&kind->columns[i], cell, tw_pages_currency (figure, 0), head->time_zone);
      g_auto (GStrv) changes = tw_pages_changes (figure, 0, i);
      g_autofree char *beside = g_strjoinv (", ", changes);

      if (cell.known && tw_pages_is_number (kind->columns[i].kind))
        fprintf (file, "  %-20s %*s%s%s%s\n", heading, (int) MAX (0, 16 - g_utf8_strlen (told, -1)), "", told,
                 *beside != '\0' ? "   " : "", beside);
    }
}

static void
put_titled (FILE              *file,
            const TwFigure    *figure,
            const TwPagesHead *head,
            gboolean           colour)
{
  fprintf (file, "%s%s%s\n", colour ? "\033[1m" : "", tw_figure_kind (figure)->title, colour ? "\033[0m" : "");
  for (guint i = 0; i < tw_figure_n_notes (figure); i++)
    fprintf (file, "  %s\n", tw_figure_nth_note (figure, i));
  if (tw_figure_kind (figure)->picture == TW_PICTURE_TILES)
    put_lines (file, figure, head);
  else
    put_rows (file, figure, head);
  fputc ('\n', file);
}

static gboolean
is_told_whole (const TwFigureKind *kind)
{
  return g_str_equal (kind->chapter, "overview") || g_str_equal (kind->name, "alerts")
         || g_str_equal (kind->name, "what_if");
}

gboolean
tw_pages_write_text (FILE               *file,
                     const TwPagesHead  *head,
                     const GPtrArray    *figures,
                     gboolean            colour,
                     gboolean            blocks,
                     GError            **error)
{
  static const TwColumn DAY = { .kind = TW_COLUMN_DAY }, COUNT = { .kind = TW_COLUMN_COUNT };
  g_autofree char *from = tw_pages_raw (&DAY, tw_cell_int (head->from_day));
  g_autofree char *n = tw_pages_told (&COUNT, tw_cell_int ((gint64) head->n_sessions), "", NULL);
  g_autofree char *last = tw_pages_raw (&DAY, tw_cell_int (head->to_day - 1));

  fprintf (file, "%s to %s; %s sessions read\n\n", from, last, n);
  for (guint i = 0; i < figures->len; i++)
    if (is_told_whole (tw_figure_kind (g_ptr_array_index (figures, i))))
      put_titled (file, g_ptr_array_index (figures, i), head, colour);
  for (guint i = 0; i < figures->len; i++)
    {
      TwPicture picture = tw_figure_kind (g_ptr_array_index (figures, i))->picture;

      if (picture == TW_PICTURE_LINE || picture == TW_PICTURE_BAND || picture == TW_PICTURE_STACK)
        put_sparks (file, g_ptr_array_index (figures, i), blocks);
    }
  if (!ferror (file))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the summary cannot be written: %s", g_strerror (errno));
  return FALSE;
}
