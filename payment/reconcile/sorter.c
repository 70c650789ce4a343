/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/sorter.h"

/* A run that was written, or the rows that are still in memory. */
typedef struct { TwSpool spool; TwCursor cursor; GPtrArray *rows; guint at; const TwRow *row; } Run;

struct _TwSorter
{
  TwScratch *scratch;
  gsize      memory_bytes;
  GPtrArray *chunks, *rows;        /* chunks: of guint8 *, what rows point into */
  guint8    *open;
  gsize      used, size, total;
  GPtrArray *runs;                 /* of Run */
};

#define CHUNK_BYTES (256u << 10)

static void
run_free (gpointer data)
{
  Run *run = data;

  tw_cursor_clear (&run->cursor);
  tw_spool_clear (&run->spool);
  g_clear_pointer (&run->rows, g_ptr_array_unref);
  g_free (run);
}

TwSorter *
tw_sorter_new (TwScratch *scratch, gsize memory_bytes)
{
  TwSorter *self = g_new0 (TwSorter, 1);

  self->scratch = scratch;
  self->memory_bytes = memory_bytes;
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new ();
  self->runs = g_ptr_array_new_with_free_func (run_free);
  return self;
}

void
tw_sorter_free (TwSorter *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->chunks);
  g_free (self);
}

static int
compare (const TwRow *a, const TwRow *b)
{
  int order;

  if (a->hash != b->hash)                  /* the key's first eight bytes */
    return a->hash < b->hash ? -1 : 1;
  order = memcmp (TW_ROW_BODY (a), TW_ROW_BODY (b), MIN (a->number, b->number));
  return order != 0 ? order : a->number < b->number ? -1 : a->number > b->number;
}

/* A row by the first bytes of its key, so that most rows are put in order without being looked at. */
typedef struct { guint64 first, second; const TwRow *row; } Entry;

static Entry
entry_of (const TwRow *row)
{
  guint64 second = 0;

  if (row->number > sizeof second)
    memcpy (&second, TW_ROW_BODY (row) + sizeof second, MIN (row->number - sizeof second, sizeof second));
  return (Entry) { row->hash, GUINT64_FROM_BE (second), row };
}

static int
compare_entries (const void *a, const void *b)
{
  const Entry *x = a, *y = b;

  if (x->first != y->first)
    return x->first < y->first ? -1 : 1;
  if (x->second != y->second)
    return x->second < y->second ? -1 : 1;
  return compare (x->row, y->row);
}

static void
sort (TwSorter *self)
{
  g_autofree Entry *entries = g_new (Entry, self->rows->len);

  for (guint i = 0; i < self->rows->len; i++)
    entries[i] = entry_of (self->rows->pdata[i]);
  if (self->rows->len > 1)
    qsort (entries, self->rows->len, sizeof *entries, compare_entries);
  for (guint i = 0; i < self->rows->len; i++)
    self->rows->pdata[i] = (gpointer) entries[i].row;
}

static gboolean
write_run (TwSorter *self, GError **error)
{
  Run *run = g_new0 (Run, 1);
  TwSpoolWriter writer = { .spool = &run->spool };
  gboolean ok = TRUE;

  tw_spool_init (&run->spool, self->scratch);
  g_ptr_array_add (self->runs, run);
  sort (self);
  for (guint i = 0; i < self->rows->len && ok; i++)
    ok = tw_spool_writer_copy (&writer, self->rows->pdata[i], error);
  ok = ok && tw_spool_writer_flush (&writer, error);
  g_free (writer.block);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->chunks, 0);
  self->open = NULL;
  self->used = self->size = self->total = 0;
  return ok;
}

guint8 *
tw_sorter_reserve (TwSorter *self, gsize bytes, GError **error)
{
  gsize n = sizeof (TwRow) + ((bytes + 7) & ~(gsize) 7);

  if (self->size - self->used < n)
    {
      if (self->total >= self->memory_bytes && self->rows->len > 0 && !write_run (self, error))
        return NULL;
      self->size = MAX (CHUNK_BYTES, n);
      self->used = 0;
      self->open = g_malloc (self->size);
      self->total += self->size;
      g_ptr_array_add (self->chunks, self->open);
    }
  return self->open + self->used + sizeof (TwRow);
}

void
tw_sorter_commit (TwSorter *self, gsize n_key, gsize n_body)
{
  TwRow *row = (TwRow *) (self->open + self->used);
  const guint8 *key = TW_ROW_BODY (row);
  gsize padded = (n_body + 7) & ~(gsize) 7;
  guint64 prefix = 0;

  memset ((guint8 *) (row + 1) + n_body, 0, padded - n_body);
  memcpy (&prefix, key, MIN (n_key, sizeof prefix));
  row->size = (guint32) (sizeof *row + padded);
  row->number = (guint32) n_key;
  row->hash = GUINT64_FROM_BE (prefix);
  self->used += row->size;
  self->total += sizeof (gpointer) + 2 * sizeof (Entry);   /* and what sorting takes */
  g_ptr_array_add (self->rows, row);
}

static gboolean
step (Run *run, GError **error)
{
  if (run->rows == NULL)
    return tw_cursor_next (&run->cursor, &run->row, error);
  run->row = run->at < run->rows->len ? run->rows->pdata[run->at++] : NULL;
  return TRUE;
}

/* What is still in memory is a run too. */
static gboolean
begin (TwSorter *self, GPtrArray *heap, GError **error)
{
  Run *rest = g_new0 (Run, 1);

  sort (self);
  rest->rows = g_ptr_array_ref (self->rows);
  g_ptr_array_add (self->runs, rest);
  for (guint i = 0; i < self->runs->len; i++)
    {
      Run *run = self->runs->pdata[i];

      run->cursor.spool = &run->spool;
      if (!step (run, error))
        return FALSE;
      if (run->row != NULL)
        g_ptr_array_add (heap, run);
    }
  return TRUE;
}

static void
sink (GPtrArray *heap, guint at)
{
  for (;;)
    {
      guint least = at;

      for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < heap->len; child++)
        if (compare (((Run *) heap->pdata[child])->row, ((Run *) heap->pdata[least])->row) < 0)
          least = child;
      if (least == at)
        return;
      gpointer swap = heap->pdata[at];
      heap->pdata[at] = heap->pdata[least];
      heap->pdata[least] = swap;
      at = least;
    }
}

gboolean
tw_sorters_merge (TwSorter **sorters, guint n, TwSortedFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GPtrArray) heap = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    if (!begin (sorters[i], heap, error))
      return FALSE;
  for (guint i = heap->len / 2; i-- > 0;)
    sink (heap, i);
  while (heap->len > 0)
    {
      Run *first = heap->pdata[0];

      if (!func (user_data, first->row, error) || !step (first, error))
        return FALSE;
      if (first->row == NULL)
        {
          heap->pdata[0] = heap->pdata[heap->len - 1];
          g_ptr_array_set_size (heap, (int) heap->len - 1);
        }
      sink (heap, 0);
    }
  return TRUE;
}

guint8 *
tw_key_text (guint8 *to, const char *text, gsize n)
{
  for (gsize i = 0; i < n; i++)
    *to++ = text[i] == '\0' ? 1 : (guint8) text[i];
  *to++ = '\0';
  return to;
}

guint8 *
tw_key_number (guint8 *to, gint64 number)
{
  guint64 big = GUINT64_TO_BE ((guint64) number ^ G_GUINT64_CONSTANT (0x8000000000000000));

  memcpy (to, &big, sizeof big);
  return to + sizeof big;
}
