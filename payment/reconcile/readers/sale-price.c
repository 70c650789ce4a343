/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sale-price.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"
#include "payment/journal/locked.h"
#include "payment/money/decimal.h"

#include <string.h>

#define MAX_KEPT 256    /* tariffs, and sellers: a station that prices by the hour has many over its years */
#define WEEK_MS (8 * 24 * 3600 * G_GINT64_CONSTANT (1000))
#define SECOND_US G_GINT64_CONSTANT (1000000)
#define DAY_US (24 * 3600 * SECOND_US)
#define ANY_POWER_W 1000000

/* A tariff as it was sold in one time zone. */
typedef struct
{
  TwTariff *tariff;
  gboolean  free_of_charge;
} Locked;

struct _TwSalePrices
{
  TwJournal  *journal;
  GHashTable *tariffs;    /* "HASH ZONE SELLER" -> Locked */
  GHashTable *stations;   /* hash of a seller -> its station's id */
};

static void
locked_free (gpointer data)
{
  Locked *self = data;

  tw_tariff_unref (self->tariff);
  g_free (self);
}

TwSalePrices *
tw_sale_prices_new (TwJournal *journal)
{
  TwSalePrices *self = g_new0 (TwSalePrices, 1);

  self->journal = journal;
  self->tariffs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, locked_free);
  self->stations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
tw_sale_prices_free (TwSalePrices *self)
{
  g_hash_table_unref (self->tariffs);
  g_hash_table_unref (self->stations);
  g_free (self);
}

/* Free is what can never cost anything, whenever and however long. */
static gboolean
is_free_of_charge (const TwTariff *tariff)
{
  g_autoptr (TwUsage) nothing = tw_usage_new ();

  return tw_tariff_bound_minor (tariff, nothing, TW_PHASE_CHARGING, WEEK_MS, ANY_POWER_W) == 0
         && tw_tariff_bound_minor (tariff, nothing, TW_PHASE_PARKING, WEEK_MS, 0) == 0;
}

/* The journal names blobs by their hash, and looking at a chain does not look at them. */
static gboolean
check_hash (const char  *named,
            const char  *really,
            const char  *what,
            GError     **error)
{
  if (g_str_equal (named, really))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "broken: the %s %s was changed: its bytes now have %s", what, named,
               really);
  return FALSE;
}

static const Locked *
lock_of (TwSalePrices    *self,
         const TwRecord  *record,
         const char      *hash,
         GError         **error)
{
  g_autofree char *key = g_strjoin (" ", hash, record->time_zone ? record->time_zone : "",
                                    record->time_zone || !record->seller_hash ? "" : record->seller_hash, NULL);
  Locked *locked = g_hash_table_lookup (self->tariffs, key);
  TwRecord like = *record;   /* which of its two tariffs is asked for */
  g_autoptr (TwTariff) tariff = NULL;

  if (locked != NULL)
    return locked;

  like.tariff_hash = (char *) hash;
  tariff = tw_locked_tariff (self->journal, &like, error);
  if (tariff == NULL || !check_hash (hash, tw_tariff_hash (tariff), "tariff", error))
    return NULL;

  if (g_hash_table_size (self->tariffs) >= MAX_KEPT)
    g_hash_table_remove_all (self->tariffs);
  locked = g_new0 (Locked, 1);
  locked->free_of_charge = is_free_of_charge (tariff);
  locked->tariff = g_steal_pointer (&tariff);
  g_hash_table_insert (self->tariffs, g_steal_pointer (&key), locked);

  return locked;
}

static const char *
station_of (TwSalePrices   *self,
            const TwRecord *record,
            GError        **error)
{
  const char *known = record->seller_hash ? g_hash_table_lookup (self->stations, record->seller_hash) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TwJson) seller = NULL;
  g_autofree char *really = NULL;
  const char *text, *station;
  gsize len;

  if (known != NULL)
    return known;

  bytes = record->seller_hash ? tw_journal_blob (self->journal, record->seller_hash) : NULL;
  if (bytes == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the journal does not hold the seller's data %s",
                   record->seller_hash ? record->seller_hash : "");
      return NULL;
    }
  really = tw_sha256_hex (bytes);
  if (!check_hash (record->seller_hash, really, "seller's data", error))
    return NULL;
  text = g_bytes_get_data (bytes, &len);
  seller = tw_json_parse (text, len, &TW_JSON_LARGE, error);
  station = seller ? tw_json_get_string (seller, "station_id", error) : NULL;
  if (station == NULL)
    return NULL;

  if (g_hash_table_size (self->stations) >= MAX_KEPT)
    g_hash_table_remove_all (self->stations);
  g_hash_table_insert (self->stations, g_strdup (record->seller_hash), g_strdup (station));

  return g_hash_table_lookup (self->stations, record->seller_hash);
}

/* Of 1 kWh in minor units, half away from zero: what a difference of energy is worth, not what is billed. */
static gint64
minor_of_price (const char *price,
                const char *currency)
{
  static const gint64 TENS[] = { 1, 10, 100, 1000, 10000 };
  int digits = tw_currency_digits (currency);
  gboolean rounded;
  gint64 minor;

  if (price == NULL || digits < 0 || digits >= (int) G_N_ELEMENTS (TENS)
      || !tw_decimal_parse_multiple (price, TENS[digits], &minor, &rounded, NULL))
    return TW_NOT_STATED;

  return minor;
}

/* What an offer leaves of it. */
static gint64
reduced (gint64        minor,
         const TwBill *bill)
{
  return minor > 0 ? minor - tw_money_share_minor (minor, tw_bill_reduction_bp (bill)) : minor;
}

static void
tell_energy (const TwBill *bill,
             TwSale       *sale)
{
  gint64 last_ms = G_MININT64;

  sale->energy_part_minor = 0;
  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      const TwLine *line = tw_bill_line (bill, i);

      if (line->kind != TW_LINE_ENERGY)
        continue;
      sale->energy_part_minor += line->gross_minor;
      if (line->end_ms < last_ms)
        continue;
      last_ms = line->end_ms;
      sale->energy_price_minor = reduced (minor_of_price (line->gross_price, sale->currency), bill);
    }
  sale->energy_part_minor = reduced (sale->energy_part_minor, bill);
}

static gint64
price_of (const Locked    *locked,
          const TwRecord  *record,
          TwSale          *sale,
          GError         **error)
{
  g_autoptr (TwBill) bill = tw_tariff_price (locked->tariff, record->usage, error);

  if (bill == NULL)
    return TW_NOT_STATED;
  if (sale != NULL)
    tell_energy (bill, sale);

  return tw_bill_gross (bill).minor;
}

/* Days since 1970 of a moment, as the site's clock on the wall says. */
static gint32
day_at (GTimeZone *zone,
        gint64     wall_us)
{
  gint64 seconds = wall_us / G_USEC_PER_SEC - (wall_us % G_USEC_PER_SEC < 0);
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);
  gint64 local_us = wall_us + (interval >= 0 ? g_time_zone_get_offset (zone, interval) : 0) * SECOND_US;

  return (gint32) (local_us / DAY_US - (local_us % DAY_US < 0));
}

static gboolean
tell_prices (TwSalePrices      *self,
             const TwSaleFold  *fold,
             const Locked      *shown,
             TwSale            *sale,
             GError           **error)
{
  const TwRecord *record = fold->record;
  const Locked *priced = shown;

  if (fold->billed_tariff != NULL && g_strcmp0 (fold->billed_tariff, record->tariff_hash) != 0)
    {
      /* The first is dropped when too many are kept. */
      g_autoptr (TwTariff) kept = tw_tariff_ref (shown->tariff);
      const Locked still = { kept, shown->free_of_charge };

      sale->shown_minor = price_of (&still, record, NULL, error);
      priced = sale->shown_minor == TW_NOT_STATED ? NULL : lock_of (self, record, fold->billed_tariff, error);
      if (priced == NULL)
        return FALSE;
    }

  sale->repriced_minor = price_of (priced, record, sale, error);
  sale->tariff_free = priced->free_of_charge;

  return sale->repriced_minor != TW_NOT_STATED;
}

gboolean
tw_sale_prices_tell (TwSalePrices      *self,
                     const TwSaleFold  *fold,
                     TwSale            *sale,
                     GError           **error)
{
  const TwRecord *record = fold->record;
  const char *station = station_of (self, record, error);
  const Locked *shown = station ? lock_of (self, record, record->tariff_hash ? record->tariff_hash : "", error) : NULL;
  gint64 when_us = sale->captured_us != TW_NOT_STATED ? sale->captured_us
                   : sale->ended_us != TW_NOT_STATED ? sale->ended_us : sale->started_us;

  if (shown == NULL)
    {
      g_prefix_error (error, "session %s: ", record->session);
      return FALSE;
    }
  sale->station = tw_chars (station);
  sale->tariff_free = shown->free_of_charge;
  sale->day = day_at (tw_tariff_zone (shown->tariff), when_us);
  if (record->n_marks == 0 || tell_prices (self, fold, shown, sale, error))
    return TRUE;

  g_prefix_error (error, "session %s: ", record->session);
  return FALSE;
}
