/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/figure.h"

#include <math.h>

struct _TwFigure
{
  const TwFigureKind *kind;
  GPtrArray          *notes;      /* of char * */
  GArray             *cells;      /* of TwCell, row by row */
  GStringChunk       *texts;
  guint64             n;
  char               *money_state;
};

int
tw_figure_kind_column (const TwFigureKind *kind,
                       const char         *name)
{
  for (guint i = 0; name != NULL && i < kind->n_columns; i++)
    if (g_str_equal (kind->columns[i].name, name))
      return (int) i;
  return -1;
}

TwFigure *
tw_figure_new (const TwFigureKind *kind)
{
  TwFigure *self = g_new0 (TwFigure, 1);

  self->kind = kind;
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->cells = g_array_new (FALSE, FALSE, sizeof (TwCell));
  self->texts = g_string_chunk_new (1024);
  return self;
}

void
tw_figure_free (TwFigure *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->notes);
  g_array_unref (self->cells);
  g_string_chunk_free (self->texts);
  g_free (self->money_state);
  g_free (self);
}

const TwFigureKind *
tw_figure_kind (const TwFigure *self)
{
  return self->kind;
}

void
tw_figure_note (TwFigure *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

guint
tw_figure_n_notes (const TwFigure *self)
{
  return self->notes->len;
}

const char *
tw_figure_nth_note (const TwFigure *self, guint i)
{
  return g_ptr_array_index (self->notes, i);
}

void
tw_figure_about (TwFigure *self, guint64 n, const char *money_state)
{
  self->n = n;
  g_free (self->money_state);
  self->money_state = g_strdup (money_state);
}

guint64
tw_figure_n (const TwFigure *self)
{
  return self->n;
}

const char *
tw_figure_money_state (const TwFigure *self)
{
  return self->money_state;
}

static gboolean
is_text (TwColumnKind kind)
{
  return kind == TW_COLUMN_TEXT || kind == TW_COLUMN_CURRENCY;
}

void
tw_figure_add (TwFigure *self, const TwCell *cells)
{
  for (guint i = 0; i < self->kind->n_columns; i++)
    {
      TwCell cell = cells[i];

      if (cell.known && is_text (self->kind->columns[i].kind))
        cell.as.text = g_string_chunk_insert_const (self->texts, cell.as.text);
      g_array_append_val (self->cells, cell);
    }
}

guint
tw_figure_n_rows (const TwFigure *self)
{
  return self->cells->len / self->kind->n_columns;
}

TwCell
tw_figure_cell (const TwFigure *self, guint row, guint column)
{
  g_return_val_if_fail (row < tw_figure_n_rows (self) && column < self->kind->n_columns, tw_cell_none ());
  return g_array_index (self->cells, TwCell, (gsize) row * self->kind->n_columns + column);
}

TwCell
tw_cell_number (double value)
{
  return isfinite (value) ? (TwCell) { TRUE, { .number = value } } : tw_cell_none ();
}

TwCell
tw_cell_ratio (double numerator, double denominator)
{
  return denominator == 0 ? tw_cell_none () : tw_cell_number (numerator / denominator);
}

TwFigure *
tw_figure_find (const GPtrArray *figures,
                const char      *name)
{
  for (guint i = 0; i < figures->len; i++)
    if (g_str_equal (tw_figure_kind (figures->pdata[i])->name, name))
      return figures->pdata[i];
  return NULL;
}
