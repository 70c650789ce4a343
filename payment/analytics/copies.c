/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/copies.h"

#include <string.h>

enum { N_SHARDS = TW_COPIES_TABLES / 2, SOURCE_BITS = 5, LINE_BITS = 27, FIRST_CAPACITY = 16 };

#define ROW_BITS 20
#define ROW_MASK ((G_GUINT64_CONSTANT (1) << ROW_BITS) - 1)
#define MAX_LINE ((G_GUINT64_CONSTANT (1) << LINE_BITS) - 1)
#define MAX_SOURCE ((1u << SOURCE_BITS) - 1)

G_STATIC_ASSERT (MAX_SOURCE == TW_QUALITY_SOURCES);

/* A key of 0 is an empty slot. place: source and line in an order of their own; what is beyond either of the two is the
 * last one, and then the first to come is used. tail: 16 bits more to tell rows apart. Packed, because nearly every
 * look at one is a miss of the cache, and there are millions. */
typedef struct __attribute__ ((packed)) { guint64 key; guint32 place; guint16 tail; } Slot;

/* Open addressing. borrowed: the slots are in somebody else's memory. */
typedef struct { Slot *slots; guint32 n, capacity; gboolean borrowed; } Table;

/* ids: 44 bits of the id's hash (and 8 more are the shard's number), with 36 of the first row's that has it; so that an
 * id costs no second table. rows: of ids that came again, all other rows. */
typedef struct { GMutex lock; Table ids, rows; } Shard;

struct _TwCopies
{
  Shard      shards[N_SHARDS];
  GMutex     lock;                /* of the sources */
  GPtrArray *sources;
};

TwCopies *
tw_copies_new (void)
{
  TwCopies *self = g_new0 (TwCopies, 1);

  self->sources = g_ptr_array_new_with_free_func (g_free);
  g_mutex_init (&self->lock);
  for (guint i = 0; i < N_SHARDS; i++)
    g_mutex_init (&self->shards[i].lock);
  return self;
}

static void
table_clear (Table *self)
{
  if (!self->borrowed)
    g_free (self->slots);
}

void
tw_copies_free (TwCopies *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_SHARDS; i++)
    {
      table_clear (&self->shards[i].ids);
      table_clear (&self->shards[i].rows);
      g_mutex_clear (&self->shards[i].lock);
    }
  g_mutex_clear (&self->lock);
  g_ptr_array_unref (self->sources);
  g_free (self);
}

gsize
tw_copies_bytes (const TwCopies *self)
{
  gsize slots = 0;

  for (guint i = 0; i < N_SHARDS; i++)
    slots += self->shards[i].ids.capacity + self->shards[i].rows.capacity;
  return sizeof *self + slots * sizeof (Slot);
}

guint32
tw_copies_source (TwCopies   *self,
                  const char *source)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->sources->len; i++)
    if (strcmp (self->sources->pdata[i], source) == 0)
      return i;
  g_ptr_array_add (self->sources, g_strdup (source));
  return self->sources->len - 1;
}

const char *
tw_copies_source_name (TwCopies *self,
                       guint32   source)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->sources->pdata[source];
}

/* The slot of the first key that is the same where mask has bits, or the empty one where it would be. Keys are hashes:
 * their upper half is as good as any. */
static guint32
find (const Table *self,
      guint64      key,
      guint64      mask)
{
  guint32 at = (guint32) ((key >> 32) * self->capacity >> 32);

  while (self->slots[at].key != 0 && ((self->slots[at].key ^ key) & mask) != 0)
    at = at + 1 == self->capacity ? 0 : at + 1;
  return at;
}

static void
grow (Table   *self,
      guint64  mask)
{
  Table old = *self;

  __atomic_store_n (&self->capacity, MAX (FIRST_CAPACITY, old.capacity + old.capacity / 2), __ATOMIC_RELAXED);
  __atomic_store_n (&self->slots, g_new0 (Slot, self->capacity), __ATOMIC_RELAXED);
  for (guint32 i = 0; i < old.capacity; i++)
    if (old.slots[i].key != 0)
      self->slots[find (self, old.slots[i].key, mask)] = old.slots[i];
  self->borrowed = FALSE;
  table_clear (&old);
}

static guint32
slot_of (Table   *self,
         guint64  key,
         guint64  mask)
{
  if ((guint64) self->n * 8 >= (guint64) self->capacity * 7)
    grow (self, mask);
  return find (self, key, mask);
}

static guint16
tail_of (guint64 row)
{
  return (guint16) (row >> ROW_BITS);
}

static void
put (Table   *self,
     guint32  at,
     guint64  key,
     guint64  row,
     guint32  place)
{
  self->slots[at] = (Slot) { key, place, tail_of (row) };
  self->n++;
}

static guint32
pack (TwRowPlace place)
{
  return (guint32) MIN (place.source, MAX_SOURCE) << LINE_BITS | (guint32) MIN (place.line, MAX_LINE);
}

/* Leaves the earlier of the two in the slot. */
static TwRowPlace
keep_earlier (Table      *self,
              guint32     at,
              TwRowPlace  place)
{
  guint32 there = self->slots[at].place, packed = pack (place);

  if (packed >= there)
    return place;
  self->slots[at].place = packed;
  return (there & MAX_LINE) == MAX_LINE || there >> LINE_BITS == MAX_SOURCE
           ? place : (TwRowPlace) { there >> LINE_BITS, there & MAX_LINE };
}

static TwRowNovelty
add_locked (Shard      *shard,
            guint64     id,
            guint64     row,
            TwRowPlace  place,
            TwRowPlace *later)
{
  guint64 key = (id & ~ROW_MASK) | (row & ROW_MASK);
  guint32 at;

  key = key != 0 ? key : 1;
  at = slot_of (&shard->ids, key, ~ROW_MASK);
  if (shard->ids.slots[at].key == 0)
    {
      put (&shard->ids, at, key, row, pack (place));
      return TW_ROW_NEW;
    }
  if (shard->ids.slots[at].key == key && shard->ids.slots[at].tail == tail_of (row))
    {
      *later = keep_earlier (&shard->ids, at, place);
      return TW_ROW_COPY;
    }
  row = row != 0 ? row : 1;
  *later = keep_earlier (&shard->ids, at, place);
  at = slot_of (&shard->rows, row, G_MAXUINT64);
  if (shard->rows.slots[at].key == 0)
    {
      put (&shard->rows, at, row, row, pack (place));
      return TW_ROW_SAME_ID;
    }
  *later = keep_earlier (&shard->rows, at, place);
  return TW_ROW_COPY;
}

void
tw_copies_expect (const TwCopies *self,
                  guint64         id)
{
  const Table *ids = &self->shards[id & (N_SHARDS - 1)].ids;
  const Slot *slots = __atomic_load_n (&ids->slots, __ATOMIC_RELAXED);
  const guint32 capacity = __atomic_load_n (&ids->capacity, __ATOMIC_RELAXED);

  /* Another thread may be growing it: an address that is not there is only not prefetched. */
  __builtin_prefetch ((const char *) ((guintptr) slots + sizeof (Slot) * ((id >> 32) * capacity >> 32)), 1);
}

TwRowNovelty
tw_copies_add (TwCopies   *self,
               guint64     id,
               guint64     row,
               TwRowPlace  place,
               TwRowPlace *later)
{
  guint64 wanted = id != 0 ? id : row;
  /* Of bits that are not in the key. */
  Shard *shard = &self->shards[wanted & (N_SHARDS - 1)];
  TwRowNovelty novelty;

  g_mutex_lock (&shard->lock);
  novelty = add_locked (shard, wanted, row, place, later);
  g_mutex_unlock (&shard->lock);
  return novelty;
}

static Table *
table_at (TwCopies *self,
          guint     table)
{
  return table < N_SHARDS ? &self->shards[table].ids : &self->shards[table - N_SHARDS].rows;
}

/* Room for some more, before it has to grow. */
static guint32
kept_capacity (guint32 n)
{
  return n == 0 ? 0 : MAX (FIRST_CAPACITY, n + n / 3 + 1);
}

guint32
tw_copies_n (TwCopies *self,
             guint     table)
{
  return table_at (self, table)->n;
}

gsize
tw_copies_kept_bytes (guint32 n)
{
  return kept_capacity (n) * sizeof (Slot);
}

static void
renumber (Slot          *slot,
          const guint32 *sources)
{
  guint32 source = slot->place >> LINE_BITS;

  if (source != MAX_SOURCE && sources[source] != source)
    slot->place = pack ((TwRowPlace) { sources[source], slot->place & MAX_LINE });
}

void
tw_copies_keep (TwCopies      *self,
                guint          table,
                const guint32 *sources,
                guint8        *bytes)
{
  const Table *from = table_at (self, table);
  const Table kept = { (Slot *) bytes, from->n, kept_capacity (from->n), TRUE };

  memset (bytes, 0, tw_copies_kept_bytes (from->n));
  for (guint32 i = 0; i < from->capacity; i++)
    if (from->slots[i].key != 0)
      {
        Slot *slot = &kept.slots[find (&kept, from->slots[i].key, table < N_SHARDS ? ~ROW_MASK : G_MAXUINT64)];

        *slot = from->slots[i];
        renumber (slot, sources);
      }
}

guint32
tw_copies_n_sources (TwCopies *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->sources->len;
}

/* With as many slots taken as are said, so that there are free ones. */
static gboolean
take_over (const Table   *self,
           const guint32 *sources,
           guint          n_sources)
{
  guint32 n = 0;

  for (guint32 i = 0; i < self->capacity; i++)
    {
      Slot *slot = &self->slots[i];
      guint32 source = slot->place >> LINE_BITS;

      if (slot->key == 0)
        continue;
      if (source != MAX_SOURCE && source >= n_sources)
        return FALSE;
      renumber (slot, sources);
      n++;
    }
  return n == self->n;
}

gboolean
tw_copies_resume (TwCopies      *self,
                  const guint32 *n,
                  guint8        *bytes,
                  const guint32 *sources,
                  guint          n_sources)
{
  for (guint i = 0; i < TW_COPIES_TABLES; i++)
    {
      Table kept = { (Slot *) bytes, n[i], kept_capacity (n[i]), TRUE };

      if (!take_over (&kept, sources, n_sources))
        return FALSE;
      bytes += tw_copies_kept_bytes (n[i]);
      if (n[i] > 0)
        *table_at (self, i) = kept;
    }
  return TRUE;
}
