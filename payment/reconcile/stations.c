/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/stations.h"

#define BLOCK_BITS 12
#define BLOCK_WORDS ((1u << BLOCK_BITS) / 64)

typedef struct { guint64 number; guint64 seen[BLOCK_WORDS], doubled[BLOCK_WORDS]; } Block;

/* A place by name and currency: a station, whose receipts are numbered in one row, has one currency. */
typedef struct _TwPlaceSums
{
  TwChars     name;
  char        currency[4];
  guint64     n;
  gint64      sum;
  GHashTable *blocks;             /* of stations: guint64 * to Block */
  Block      *last;
} Place;

static guint
hash_place (gconstpointer data)
{
  const Place *self = data;

  return (guint) tw_hash_more (tw_hash_text (TW_ROOM_EVSE, self->name), (TwChars) { self->currency, 3 });
}

static gboolean
same_place (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  return tw_chars_equal (x->name, y->name) && memcmp (x->currency, y->currency, 4) == 0;
}

static void
place_free (gpointer data)
{
  Place *self = data;

  g_clear_pointer (&self->blocks, g_hash_table_unref);
  g_free (self);
}

void
tw_stations_init (TwStations *self)
{
  *self = (TwStations) {
    .stations = g_hash_table_new_full (hash_place, same_place, NULL, place_free),
    .evses = g_hash_table_new_full (hash_place, same_place, NULL, place_free),
    .texts = g_string_chunk_new (4096),
  };
}

void
tw_stations_clear (TwStations *self)
{
  g_clear_pointer (&self->stations, g_hash_table_unref);
  g_clear_pointer (&self->evses, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

static Place *
get (TwStations *self, GHashTable *places, TwChars name, const char *currency)
{
  Place key = { .name = name };
  Place *place;

  memcpy (key.currency, currency, sizeof key.currency);
  place = g_hash_table_lookup (places, &key);
  if (place != NULL)
    return place;
  place = g_new0 (Place, 1);
  *place = key;
  place->name.text = g_string_chunk_insert_len (self->texts, name.n > 0 ? name.text : "", name.n);
  self->n_bytes += sizeof *place + name.n + 64;
  g_hash_table_add (places, place);
  return place;
}

static Block *
block_at (TwStations *self, Place *place, guint64 number)
{
  guint64 key = number >> BLOCK_BITS;
  Block *block = place->last;

  if (block != NULL && block->number == key)
    return block;
  if (place->blocks == NULL)
    place->blocks = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  block = g_hash_table_lookup (place->blocks, &key);
  if (block == NULL)
    {
      block = g_new0 (Block, 1);
      block->number = key;
      self->n_bytes += sizeof *block + 64;
      g_hash_table_insert (place->blocks, &block->number, block);
    }
  place->last = block;
  return block;
}

static gboolean
fits (const TwStations *self, gsize memory_bytes, GError **error)
{
  if (self->n_bytes <= memory_bytes)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the receipt numbers of %u stations are scattered: more than the "
               "memory that was allowed can hold, and not what a station counts",
               g_hash_table_size (self->stations));
  return FALSE;
}

void
tw_spot_name (const TwSale *sale, TwChars texts[TW_SPOT_TEXTS])
{
  texts[0] = sale->station;
  texts[1] = sale->evse;
  texts[2] = (TwChars) { sale->currency, 3 };
}

/* An EVSE that nothing was billed at is one with a mean of 0, as one that is not known. */
TwSpot
tw_stations_spot (TwStations *self, const TwChars texts[TW_SPOT_TEXTS])
{
  char currency[4] = "";

  memcpy (currency, texts[2].text, 3);
  return (TwSpot) { get (self, self->stations, texts[0], currency),
                    texts[1].n > 0 ? get (self, self->evses, texts[1], currency) : NULL };
}

static void
count_price (Place *self, gint64 price_minor)
{
  self->n++;
  self->sum += price_minor;
}

gboolean
tw_stations_count (TwStations *self, TwSpot spot, gint64 price_minor, guint64 receipt_number, gsize memory_bytes,
                   GError **error)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (receipt_number % 64);
  guint word = (receipt_number >> 6) % BLOCK_WORDS;
  Block *block;

  if (price_minor != TW_NOT_STATED && spot.evse != NULL)
    count_price (spot.evse, price_minor);
  if (price_minor != TW_NOT_STATED)
    count_price (spot.station, price_minor);
  if (receipt_number == 0)
    return TRUE;
  block = block_at (self, spot.station, receipt_number);
  block->doubled[word] |= block->seen[word] & bit;
  block->seen[word] |= bit;
  return fits (self, memory_bytes, error);
}

gboolean
tw_stations_add (TwStations *self, const TwSale *sale, gsize memory_bytes, GError **error)
{
  TwChars texts[TW_SPOT_TEXTS];

  tw_spot_name (sale, texts);
  return tw_stations_count (self, tw_stations_spot (self, texts), sale->billed ? sale->price_minor : TW_NOT_STATED,
                            sale->receipt_number, memory_bytes, error);
}

gboolean
tw_stations_see (TwStations *self, const TwSale *sale, gsize memory_bytes, GError **error)
{
  TwChars texts[TW_SPOT_TEXTS];
  Place *station;

  tw_spot_name (sale, texts);
  station = tw_stations_spot (self, texts).station;
  if (sale->receipt_number == 0)
    return TRUE;
  block_at (self, station, sale->receipt_number)->seen[(sale->receipt_number >> 6) % BLOCK_WORDS] |=
    G_GUINT64_CONSTANT (1) << (sale->receipt_number % 64);
  return fits (self, memory_bytes, error);
}

static void
merge_blocks (TwStations *self, Place *to, const Place *from)
{
  GHashTableIter iter;
  gpointer value;

  if (from->blocks == NULL)
    return;
  g_hash_table_iter_init (&iter, from->blocks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Block *source = value;
      Block *target = block_at (self, to, source->number << BLOCK_BITS);

      for (guint i = 0; i < BLOCK_WORDS; i++)
        {
          target->doubled[i] |= source->doubled[i] | (target->seen[i] & source->seen[i]);
          target->seen[i] |= source->seen[i];
        }
    }
}

static void
merge_places (TwStations *self, GHashTable *to, GHashTable *from)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const Place *source = key;
      Place *target = get (self, to, source->name, source->currency);

      target->n += source->n;
      target->sum += source->sum;
      merge_blocks (self, target, source);
    }
}

gboolean
tw_stations_merge (TwStations *self, const TwStations *other, gsize memory_bytes, GError **error)
{
  merge_places (self, self->stations, other->stations);
  merge_places (self, self->evses, other->evses);
  return fits (self, memory_bytes, error);
}

static gint64
mean (const Place *self)
{
  if (self == NULL || self->n == 0 || self->sum <= 0)
    return 0;
  return (gint64) (((guint64) self->sum + self->n / 2) / self->n);
}

gint64
tw_stations_mean_of_evse (const TwStations *self, TwChars evse, const char *currency)
{
  Place key = { .name = evse };

  memcpy (key.currency, currency, sizeof key.currency);
  return mean (g_hash_table_lookup (self->evses, &key));
}

/* from to to: missing; or one number that there is twice. */
static void
tell (const Place *self, guint64 from, guint64 to, gboolean doubled, TwVerdict *verdict)
{
  __int128 stake = (__int128) mean (self) * (to - from + 1);
  g_autofree char *text = from == to ? g_strdup_printf ("%" G_GUINT64_FORMAT, from)
                                     : g_strdup_printf ("%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, from, to);
  TwFinding *finding = tw_verdict_add (verdict, TW_CLASS_RECEIPT_GAP, self->currency,
                                       (gint64) MIN (stake, (__int128) G_MAXINT64),
                                       doubled ? "receipt-once" : "receipts-follow");
  TwChars detail = { g_string_chunk_insert (verdict->texts, text), (guint32) strlen (text) };
  TwChars members[] = { self->name, detail, doubled ? TW_CHARS ("doubled") : TW_CHARS ("missing") };

  finding->exception.station = self->name;
  finding->exception.detail = detail;
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  const Block *x = *(const Block *const *) a, *y = *(const Block *const *) b;

  return x->number < y->number ? -1 : x->number > y->number;
}

static void
judge_station (const Place *self, TwVerdict *verdict)
{
  g_autoptr (GPtrArray) blocks = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;
  guint64 last = 0;

  g_hash_table_iter_init (&iter, self->blocks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (blocks, value);
  g_ptr_array_sort (blocks, by_number);
  for (guint i = 0; i < blocks->len; i++)
    {
      const Block *block = blocks->pdata[i];

      for (guint j = 0; j < BLOCK_WORDS * 64; j++)
        {
          guint64 number = (block->number << BLOCK_BITS) + j, bit = G_GUINT64_CONSTANT (1) << (j % 64);

          if (block->seen[j / 64] == 0)
            j |= 63;
          if ((block->seen[j / 64] & bit) == 0)
            continue;
          if (last != 0 && number > last + 1)
            tell (self, last + 1, number - 1, FALSE, verdict);
          if ((block->doubled[j / 64] & bit) != 0)
            tell (self, number, number, TRUE, verdict);
          last = number;
        }
    }
}

void
tw_stations_judge (const TwStations *self, TwVerdict *verdict)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->stations);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (((Place *) key)->blocks != NULL)
      judge_station (key, verdict);
}
