/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/table.h"

#include "payment/analytics/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define AT_ONCE 16384             /* records that are twice in memory while they move */
#define LARGE_PAGE ((gsize) 2 << 20)

void
tw_table_init (TwTable  *self,
               gsize     record_size,
               gsize     key_size,
               guint64   seed,
               TwBudget *budget)
{
  g_assert (record_size <= TW_TABLE_RECORD);
  *self = (TwTable) { .record_size = record_size, .key_size = key_size, .seed = seed, .budget = budget };
}

static void
set_room (TwTable *self,
          gsize    room)
{
  tw_budget_take (self->budget, (gssize) ((room - self->room) * self->record_size));
  self->records = g_realloc_n (self->records, room, self->record_size);
  self->room = room;
}

/* Pages that are large, where the system has some, cost less when they are touched for the first time. */
static void
want_large_pages (TwTable *self)
{
  gsize begin = ((gsize) self->records + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
  gsize end = ((gsize) self->records + self->room * self->record_size) / LARGE_PAGE * LARGE_PAGE;

  if (begin + LARGE_PAGE < end)
    madvise ((gpointer) begin, end - begin, MADV_HUGEPAGE);
}

static void
drop_index (TwTable *self)
{
  if (self->index)
    tw_budget_take (self->budget, -(gssize) ((self->mask + (gsize) 1) * sizeof (TwTableSlot)));
  g_clear_pointer (&self->index, g_free);
}

void
tw_table_clear (TwTable *self)
{
  drop_index (self);
  if (self->records)
    tw_budget_take (self->budget, -(gssize) (self->room * self->record_size));
  g_clear_pointer (&self->records, g_free);
  tw_table_init (self, self->record_size, self->key_size, self->seed, self->budget);
}

void
tw_table_shrink (TwTable *self)
{
  gsize n = MAX (1, self->n);

  drop_index (self);
  if (n >= self->room)
    return;
  tw_budget_take (self->budget, -(gssize) ((self->room - n) * self->record_size));
  self->records = g_realloc_n (self->records, n, self->record_size);
  self->room = n;
}

void
tw_table_resize (TwTable *self,
                 gsize    n)
{
  drop_index (self);
  if (n > self->room)
    {
      set_room (self, n);
      want_large_pages (self);
    }
  self->n = n;
}

/* Whole pages only. The block stays where it is, so the budget still counts it. */
void
tw_table_forget (TwTable *self,
                 gsize    from,
                 gsize    until)
{
  gsize page = sysconf (_SC_PAGESIZE);
  gsize begin = ((gsize) tw_table_at (self, from) + page - 1) / page * page;
  gsize end = (gsize) tw_table_at (self, until) / page * page;

  if (begin < end)
    madvise ((gpointer) begin, end - begin, MADV_DONTNEED);
}

void
tw_table_reset (TwTable *self)
{
  if (self->index)
    memset (self->index, 0, (self->mask + (gsize) 1) * sizeof *self->index);
  self->n = 0;
}

/* Pages that are not touched cost nothing, and a large block moves without being copied. */
gpointer
tw_table_add (TwTable *self)
{
  gpointer record;

  if (self->n == self->room)
    set_room (self, MAX (64, self->room + self->room / 4));
  record = tw_table_at (self, self->n++);
  return memset (record, 0, self->record_size);
}

static TwTableSlot *
slot_of (const TwTable *self,
         const void    *key,
         guint64        hash)
{
  guint32 at = (guint32) hash & self->mask, tag = hash >> 32;

  for (;; at = (at + 1) & self->mask)
    {
      TwTableSlot *slot = &self->index[at];

      if (slot->number == 0)
        return slot;
      if (slot->tag == tag && memcmp (tw_table_at (self, slot->number - 1), key, self->key_size) == 0)
        return slot;
    }
}

static void
grow_index (TwTable *self)
{
  gsize before = self->index ? self->mask + (gsize) 1 : 0, after = MAX (128, before * 2);

  tw_budget_take (self->budget, (after - before) * sizeof (TwTableSlot));
  g_free (self->index);
  self->index = g_new0 (TwTableSlot, after);
  self->mask = after - 1;
  for (gsize i = 0; i < self->n; i++)
    {
      guint64 hash = tw_hash_bytes (self->seed, tw_table_at (self, i), self->key_size);

      *slot_of (self, tw_table_at (self, i), hash) = (TwTableSlot) { i + 1, hash >> 32 };
    }
}

gpointer
tw_table_take (TwTable    *self,
               const void *key)
{
  guint64 hash = tw_hash_bytes (self->seed, key, self->key_size);
  TwTableSlot *slot;
  gpointer record;

  if (self->index == NULL || self->n * 4 >= (self->mask + (gsize) 1) * 3)
    grow_index (self);
  slot = slot_of (self, key, hash);
  if (slot->number != 0)
    return tw_table_at (self, slot->number - 1);
  record = tw_table_add (self);
  *slot = (TwTableSlot) { self->n, hash >> 32 };
  return memcpy (record, key, self->key_size);
}

void
tw_table_append (TwTable *self,
                 TwTable *more)
{
  gsize room = self->n + more->n;

  drop_index (self);
  drop_index (more);
  if (self->n == 0)
    {
      TwTable empty = *self;

      self->records = more->records;
      self->n = more->n;
      self->room = more->room;
      more->records = empty.records;
      more->n = 0;
      more->room = empty.room;
    }
  if (room > self->room)
    set_room (self, room);
  for (gsize i = 0, n; i < more->n; i += n)
    {
      n = MIN (more->n - i, AT_ONCE);
      memcpy (tw_table_at (self, self->n), tw_table_at (more, i), n * self->record_size);
      self->n += n;
      tw_table_forget (more, i, i + n);
    }
  tw_table_clear (more);
}

static inline guint32
group_of (const TwTable *self,
          gsize          i)
{
  guint32 group;

  memcpy (&group, tw_table_at (self, i), sizeof group);
  return group;
}

static void
swap (TwTable *self,
      gsize    a,
      gsize    b)
{
  guint8 kept[TW_TABLE_RECORD];

  memcpy (kept, tw_table_at (self, a), self->record_size);
  memcpy (tw_table_at (self, a), tw_table_at (self, b), self->record_size);
  memcpy (tw_table_at (self, b), kept, self->record_size);
}

/* Each swap puts a record into its group: the permutation is walked once, in place. */
gsize *
tw_table_sort (TwTable      *self,
               guint32       n_groups,
               GCompareFunc  compare)
{
  gsize *starts = g_new0 (gsize, (gsize) n_groups + 1);
  g_autofree gsize *next = g_new (gsize, (gsize) n_groups + 1);

  drop_index (self);
  for (gsize i = 0; i < self->n; i++)
    starts[group_of (self, i) + 1]++;
  for (guint32 g = 0; g < n_groups; g++)
    starts[g + 1] += starts[g];
  memcpy (next, starts, ((gsize) n_groups + 1) * sizeof *next);
  for (guint32 g = 0; g < n_groups; g++)
    while (next[g] < starts[g + 1])
      {
        guint32 group = group_of (self, next[g]);

        if (group == g)
          next[g]++;
        else
          swap (self, next[g], next[group]++);
      }
  for (guint32 g = 0; g < n_groups; g++)
    if (compare && starts[g + 1] - starts[g] > 1)
      qsort (tw_table_at (self, starts[g]), starts[g + 1] - starts[g], self->record_size, compare);
  return starts;
}
