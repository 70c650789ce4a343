/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/split.h"

#include "payment/reconcile/readers/marks.h"

void
tw_split_clear (TwSplit *self)
{
  g_clear_pointer (&self->marks, g_free);
  g_clear_pointer (&self->rows, g_free);
}

void
tw_split_reset (TwSplit *self)
{
  self->n_rows = self->n_marks = 0;
  self->inside = self->quoted = self->look = FALSE;
}

/* Each bit as all the bits up to it, added up: what stands between quotes. */
static guint64
between (guint64  quotes,
         gboolean inside)
{
  for (int i = 1; i < 64; i *= 2)
    quotes ^= quotes << i;

  return inside ? ~quotes : quotes;
}

static void
add_row (TwSplit  *self,
         gsize     end_mark,
         gboolean  quoted,
         gboolean  look)
{
  if (self->n_rows == self->rows_capacity)
    {
      self->rows_capacity = MAX (256, self->rows_capacity * 2);
      self->rows = g_renew (TwSplitRow, self->rows, self->rows_capacity);
    }
  self->rows[self->n_rows++] = (TwSplitRow) { end_mark, quoted, look };
}

/* The marks of 64 bytes, and the rows that end in them. */
static inline __attribute__ ((always_inline)) void
split_64 (TwSplit *self,
          TwMarks  marks,
          guint32  place)
{
  guint64 outside = ~(guint64) 0;
  guint64 cuts, feeds;

  if (marks.quote || self->inside)
    {
      outside = ~between (marks.quote, self->inside);
      self->inside ^= __builtin_parityll (marks.quote);
    }
  cuts = (marks.delimiter | marks.feed) & outside;
  for (feeds = marks.feed & outside; feeds; feeds &= feeds - 1)
    {
      const guint64 up_to = feeds ^ (feeds - 1);

      add_row (self, self->n_marks + __builtin_popcountll (cuts & up_to),
               self->quoted || (marks.quote & up_to), self->look || (marks.look & up_to));
      self->quoted = self->look = FALSE;
      marks.quote &= ~up_to;
      marks.look &= ~up_to;
    }
  self->quoted |= marks.quote != 0;
  self->look |= marks.look != 0;
  for (; cuts; cuts &= cuts - 1)
    self->marks[self->n_marks++] = place + __builtin_ctzll (cuts);
}

gsize
tw_split_bytes (TwSplit    *self,
                const char *bytes,
                gsize       from,
                gsize       length,
                gboolean    ended)
{
  const gsize most = self->n_marks + (length - from) + 64;

  if (self->marks_capacity < most)
    {
      self->marks_capacity = most;
      self->marks = g_renew (guint32, self->marks, most);
    }
  for (; from + 64 <= length; from += 64)
    split_64 (self, tw_marks (bytes + from, self->delimiter), from);
  if (ended && from < length)
    {
      const guint64 there = ((guint64) 1 << (length - from)) - 1;
      TwMarks marks = tw_marks (bytes + from, self->delimiter);

      split_64 (self, (TwMarks) { marks.delimiter & there, marks.feed & there, marks.quote & there,
                                  marks.look & there }, from);
      from = length;
    }

  return from;
}

void
tw_split_end_row (TwSplit *self,
                  gsize    place)
{
  self->marks[self->n_marks++] = place;
  add_row (self, self->n_marks, self->quoted, self->look);
}

void
tw_split_forget_rows (TwSplit *self,
                      gsize    place)
{
  const gsize used = self->n_rows ? self->rows[self->n_rows - 1].end_mark : 0;

  self->n_marks -= used;
  for (gsize i = 0; i < self->n_marks; i++)
    self->marks[i] = self->marks[used + i] - place;
  self->n_rows = 0;
}
