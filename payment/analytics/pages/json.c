/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/pages/pages.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <errno.h>

static void
put_cell (TwJsonOut      *out,
          const TwColumn *column,
          TwCell          cell)
{
  g_autofree char *raw = tw_pages_raw (column, cell);

  if (raw != NULL && tw_pages_is_number (column->kind))
    tw_json_out_number (out, column->name, raw);
  else
    tw_json_out_string (out, column->name, raw);
}

static void
put_columns (TwJsonOut          *out,
             const TwFigureKind *kind)
{
  tw_json_out_begin_array (out, "columns");
  for (guint i = 0; i < kind->n_columns; i++)
    {
      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "name", kind->columns[i].name);
      tw_json_out_string (out, "kind", tw_pages_kind_name (kind->columns[i].kind));
      tw_json_out_string (out, "unit", kind->columns[i].unit);
      tw_json_out_string (out, "formula", kind->columns[i].formula);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static void
put_rows (TwJsonOut      *out,
          const TwFigure *figure)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  tw_json_out_begin_array (out, "rows");
  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      tw_json_out_begin_object (out, NULL);
      for (guint i = 0; i < kind->n_columns; i++)
        put_cell (out, &kind->columns[i], tw_figure_cell (figure, row, i));
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static void
put_figure (TwJsonOut      *out,
            const TwFigure *figure)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  tw_json_out_begin_object (out, kind->name);
  tw_json_out_string (out, "chapter", kind->chapter);
  tw_json_out_string (out, "title", kind->title);
  tw_json_out_string (out, "definition", kind->definition);
  tw_json_out_int64 (out, "n", (gint64) tw_figure_n (figure));
  tw_json_out_string (out, "money_state", tw_figure_money_state (figure));
  tw_json_out_begin_array (out, "notes");
  for (guint i = 0; i < tw_figure_n_notes (figure); i++)
    tw_json_out_string (out, NULL, tw_figure_nth_note (figure, i));
  tw_json_out_end (out);
  put_columns (out, kind);
  put_rows (out, figure);
  tw_json_out_end (out);
}

static void
put_head (TwJsonOut         *out,
          const TwPagesHead *head)
{
  static const TwColumn DAY = { .kind = TW_COLUMN_DAY }, INSTANT = { .kind = TW_COLUMN_INSTANT };
  g_autofree char *from = tw_pages_raw (&DAY, tw_cell_int (head->from_day));
  g_autofree char *to = tw_pages_raw (&DAY, tw_cell_int (head->to_day));
  g_autofree char *as_of = tw_pages_raw (&INSTANT, tw_cell_int (head->as_of_us));

  tw_json_out_begin_object (out, "report");
  tw_json_out_int64 (out, "version", 1);
  tw_json_out_string (out, "time_zone", head->time_zone);
  tw_json_out_string (out, "from", from);
  tw_json_out_string (out, "to", to);
  tw_json_out_string (out, "as_of", as_of);
  tw_json_out_int64 (out, "sessions", (gint64) head->n_sessions);
  tw_json_out_int64 (out, "k", head->k);
  tw_json_out_begin_array (out, "sources");
  for (guint i = 0; head->sources != NULL && head->sources[i] != NULL; i++)
    tw_json_out_string (out, NULL, head->sources[i]);
  tw_json_out_end (out);
  tw_json_out_end (out);
}

gboolean
tw_pages_write_json (FILE               *file,
                     const TwPagesHead  *head,
                     const GPtrArray    *figures,
                     GError            **error)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) text = NULL;
  gsize n;
  const void *bytes;

  tw_json_out_begin_object (out, NULL);
  put_head (out, head);
  tw_json_out_begin_object (out, "figures");
  for (guint i = 0; i < figures->len; i++)
    put_figure (out, g_ptr_array_index (figures, i));
  text = tw_json_out_finish (out);
  bytes = g_bytes_get_data (text, &n);
  if (fwrite (bytes, 1, n, file) == n && fputc ('\n', file) != EOF)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the report cannot be written: %s", g_strerror (errno));
  return FALSE;
}
