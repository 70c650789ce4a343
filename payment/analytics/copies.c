/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/copies.h"

#include <string.h>

enum { N_SHARDS = 256, SOURCE_BITS = 5, LINE_BITS = 27, FIRST_CAPACITY = 16 };

#define ROW_BITS 20
#define ROW_MASK ((G_GUINT64_CONSTANT (1) << ROW_BITS) - 1)
#define MAX_LINE ((G_GUINT64_CONSTANT (1) << LINE_BITS) - 1)
#define MAX_SOURCE ((1u << SOURCE_BITS) - 1)

/* Open addressing. A key of 0 is an empty slot. places: source and line in an order of their own; what is beyond either
 * of the two is the last one, and then the first to come is used. tails: 16 bits more to tell rows apart. */
typedef struct { guint64 *keys; guint32 *places; guint16 *tails; guint32 n, capacity; } Table;

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
  g_free (self->keys);
  g_free (self->places);
  g_free (self->tails);
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
  return sizeof *self + slots * (sizeof (guint64) + sizeof (guint32) + sizeof (guint16));
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

  while (self->keys[at] != 0 && ((self->keys[at] ^ key) & mask) != 0)
    at = at + 1 == self->capacity ? 0 : at + 1;
  return at;
}

static void
grow (Table   *self,
      guint64  mask)
{
  Table old = *self;

  self->capacity = MAX (FIRST_CAPACITY, old.capacity + old.capacity / 2);
  self->keys = g_new0 (guint64, self->capacity);
  self->places = g_new (guint32, self->capacity);
  self->tails = g_new (guint16, self->capacity);
  for (guint32 i = 0; i < old.capacity; i++)
    if (old.keys[i] != 0)
      {
        guint32 at = find (self, old.keys[i], mask);

        self->keys[at] = old.keys[i];
        self->places[at] = old.places[i];
        self->tails[at] = old.tails[i];
      }
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
  self->keys[at] = key;
  self->tails[at] = tail_of (row);
  self->places[at] = place;
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
  guint32 there = self->places[at], packed = pack (place);

  if (packed >= there)
    return place;
  self->places[at] = packed;
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
  if (shard->ids.keys[at] == 0)
    {
      put (&shard->ids, at, key, row, pack (place));
      return TW_ROW_NEW;
    }
  if (shard->ids.keys[at] == key && shard->ids.tails[at] == tail_of (row))
    {
      *later = keep_earlier (&shard->ids, at, place);
      return TW_ROW_COPY;
    }
  row = row != 0 ? row : 1;
  *later = keep_earlier (&shard->ids, at, place);
  at = slot_of (&shard->rows, row, G_MAXUINT64);
  if (shard->rows.keys[at] == 0)
    {
      put (&shard->rows, at, row, row, pack (place));
      return TW_ROW_SAME_ID;
    }
  *later = keep_earlier (&shard->rows, at, place);
  return TW_ROW_COPY;
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
