/* SPDX-License-Identifier: Apache-2.0 */
/* The same line in two files is one line; two equal lines of one file are two (facts: settlement-files.md section 1).
 * So of each natural key there are as many lines as the file has that has most of them.
 */
#include <stdlib.h>
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/run.h"

typedef struct { guint64 hash; guint32 number; TwNatural natural; } Entry;

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

static int
by_key_and_file (const void *a, const void *b)
{
  const Entry *x = a, *y = b;

  COMPARE (x->hash, y->hash);
  COMPARE (x->natural.again, y->natural.again);
  COMPARE (x->natural.file, y->natural.file);
  COMPARE (x->natural.line, y->natural.line);
  return 0;
}

static gboolean
same_key (const Entry *a, const Entry *b)
{
  return a->hash == b->hash && a->natural.again == b->natural.again;
}

/* Entries of one key, by file: the file with most lines stays; of equals that which knows most, then the first. */
static void
keep_one_file (TwReconciliation *self, const Entry *entries, guint n)
{
  guint best = 0, best_n = 0;

  for (guint first = 0, next; first < n; first = next)
    {
      for (next = first + 1; next < n && entries[next].natural.file == entries[first].natural.file; next++)
        ;
      if (next - first > best_n ||
          (next - first == best_n && entries[first].natural.facts > entries[best].natural.facts))
        {
          best = first;
          best_n = next - first;
        }
    }
  for (guint i = 0; i < n; i++)
    if (i < best || i >= best + best_n)
      tw_bits_set (&self->dropped_lines, entries[i].number);
}

static gboolean
drop_copies (TwHand *worker, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (const TwRow *row = TW_LOAD_FIRST (&worker->loads[0]); row < TW_LOAD_END (&worker->loads[0]);
       row = TW_ROW_NEXT (row))
    {
      Entry entry = { .hash = row->hash, .number = row->number };

      memcpy (&entry.natural, row + 1, sizeof entry.natural);
      g_array_append_val (entries, entry);
    }
  if (entries->len > 1)
    qsort (entries->data, entries->len, sizeof (Entry), by_key_and_file);
  for (guint first = 0, next; first < entries->len; first = next)
    {
      for (next = first + 1; next < entries->len && same_key (&g_array_index (entries, Entry, first),
                                                              &g_array_index (entries, Entry, next)); next++)
        ;
      if (next - first > 1)
        keep_one_file (worker->engine, &g_array_index (entries, Entry, first), next - first);
    }
  return TRUE;
}

static gboolean
drop_partition (TwHand *worker, guint partition, GError **error)
{
  TwSpool *spools[TW_N_LOADS] = { &worker->engine->room[TW_ROOM_NATURAL]->spools[partition], NULL, NULL };

  return tw_bucket_run (worker, spools, drop_copies, error);
}

gboolean
tw_stage_duplicates (TwReconciliation *self, GError **error)
{
  if (!self->several_files)
    return TRUE;
  if (self->terms.one_settlement_file)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "lines of several files, where one was announced");
      return FALSE;
    }
  return tw_stage_run (self, "comparing files", drop_partition, error);
}
