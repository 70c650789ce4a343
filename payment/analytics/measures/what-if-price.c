/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/what-if-price.h"

#include "payment/tariff/pricer.h"

#include <string.h>

/* Minor units of a session: beyond, a unit is wrong, and below the sums of a hundred million sessions fit. */
#define MOST_MINOR G_GINT64_CONSTANT (10000000000)

/* A tariff means local time, so it is one for each zone. */
typedef struct { GTimeZone *zone; TwTariff *tariff; TwPricer *pricer; gboolean asks_current; } Local;

struct _TwRepricer
{
  GBytes *file;
  GArray *locals;     /* of Local */
  guint   last;
};

static void
local_clear (gpointer data)
{
  Local *self = data;

  g_clear_pointer (&self->pricer, tw_pricer_free);
  g_clear_pointer (&self->tariff, tw_tariff_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
}

TwRepricer *
tw_repricer_new (GBytes *file)
{
  TwRepricer *self = g_new0 (TwRepricer, 1);

  self->file = g_bytes_ref (file);
  self->locals = g_array_new (FALSE, FALSE, sizeof (Local));
  g_array_set_clear_func (self->locals, local_clear);
  return self;
}

void
tw_repricer_free (TwRepricer *self)
{
  g_array_unref (self->locals);
  g_bytes_unref (self->file);
  g_free (self);
}

gboolean
tw_repricer_is_of (const TwRepricer *self,
                   const char       *file,
                   gsize             n)
{
  gsize own;
  const char *bytes = g_bytes_get_data (self->file, &own);

  return own == n && (n == 0 || memcmp (bytes, file, n) == 0);
}

static Local *
local_of (TwRepricer *self,
          GTimeZone  *zone)
{
  Local made = { 0 };

  if (self->last < self->locals->len && g_array_index (self->locals, Local, self->last).zone == zone)
    return &g_array_index (self->locals, Local, self->last);
  for (self->last = 0; self->last < self->locals->len; self->last++)
    if (g_array_index (self->locals, Local, self->last).zone == zone)
      return &g_array_index (self->locals, Local, self->last);
  made.tariff = tw_tariff_parse_in (self->file, zone, TW_TARIFF_WALK_UP, NULL);
  g_return_val_if_fail (made.tariff != NULL, NULL);
  made.zone = g_time_zone_ref (zone);
  made.pricer = tw_pricer_new (made.tariff);
  made.asks_current = tw_pricer_tells_currents_apart (made.pricer, 0, G_MAXINT64);
  g_array_append_val (self->locals, made);
  return &g_array_index (self->locals, Local, self->last);
}

static TwRepriced
not_repriced (TwRepricing result)
{
  return (TwRepriced) { .result = result };
}

static TwRepriced
repriced (TwRepricing result,
          TwTotals    totals)
{
  if (totals.gross_minor > MOST_MINOR || totals.net_minor > MOST_MINOR)
    return not_repriced (TW_NOT_REPRICED_TOO_LARGE);
  return (TwRepriced) { result, totals.gross_minor, totals.net_minor, totals.net_known };
}

/* By the readings of its meter. */
static TwRepriced
price_usage (const Local   *local,
             const TwUsage *usage)
{
  g_autoptr (TwBill) bill = tw_tariff_price (local->tariff, usage, NULL);

  if (bill == NULL)
    return not_repriced (TW_NOT_REPRICED_TOO_LARGE);
  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    if (tw_bill_line (bill, i)->flags & TW_FLAG_UNKNOWN_CURRENT)
      return not_repriced (TW_NOT_REPRICED_CURRENT);
  return repriced (tw_usage_energy_wh (usage) > 0 ? TW_REPRICED : TW_REPRICED_NOTHING_FLOWED,
                   (TwTotals) { tw_bill_net (bill).minor, tw_bill_gross (bill).minor, tw_bill_net_known (bill), TRUE });
}

/* UTC, in ms. */
typedef struct { gint64 start, charge_from, charge_until, end; gboolean end_unknown; } Times;

static inline gint64
ms_of (gint64 us)
{
  return us / 1000 - (us % 1000 < 0);
}

/* As the cells have it: by the end of charging, else by how long it charged, else until it was unplugged. */
static Times
times_of (const TwSessionRow *row)
{
  Times times = { .start = ms_of (row->plug_in) };

  times.end = MAX (times.start, ms_of (row->plug_out));
  times.charge_from = row->charge_start == TW_UNKNOWN ? times.start
                      : CLAMP (ms_of (row->charge_start), times.start, times.end);
  times.charge_until = times.end;
  times.end_unknown = row->charge_end == TW_UNKNOWN && row->charging_s == TW_UNKNOWN;
  if (row->charge_end != TW_UNKNOWN)
    times.charge_until = CLAMP (ms_of (row->charge_end), times.charge_from, times.end);
  else if (row->charging_s != TW_UNKNOWN)
    times.charge_until = times.charge_from + CLAMP (row->charging_s, 0, (times.end - times.charge_from) / 1000) * 1000;
  if (times.charge_until == times.charge_from)     /* not while all of this energy flowed */
    {
      times.charge_from = times.start;
      times.charge_until = times.end;
      times.end_unknown = TRUE;
    }
  return times;
}

static void
feed (TwPricer           *pricer,
      const TwSessionRow *row,
      const Times        *times)
{
  gint64 ms = times->charge_until - times->charge_from, mwh = row->energy_wh * 1000;
  gint64 power_mw = (gint64) ((__int128) mwh * 3600000 / ms);
  const TwSpan waiting = { .phase = TW_PHASE_BLOCKED, .start_ms = times->start,
                           .duration_ms = times->charge_from - times->start };
  const TwSpan charging = { .phase = TW_PHASE_CHARGING, .start_ms = times->charge_from, .duration_ms = ms,
                            .energy_mwh = mwh, .has_power = TRUE, .min_power_mw = power_mw, .max_power_mw = power_mw };
  const TwSpan parking = { .phase = TW_PHASE_PARKING, .start_ms = times->charge_until,
                           .duration_ms = times->end - times->charge_until, .has_power = TRUE };

  tw_pricer_reset (pricer);
  tw_pricer_feed (pricer, &waiting);
  tw_pricer_feed (pricer, &charging);
  tw_pricer_feed (pricer, &parking);
}

static TwRepriced
price_sums (const Local        *local,
            const TwSessionRow *row)
{
  TwTotals totals;
  Times times;

  if (row->energy_wh == TW_UNKNOWN)
    return not_repriced (TW_NOT_REPRICED_ENERGY);
  if (row->energy_wh <= 0)
    return (TwRepriced) { TW_REPRICED_NOTHING_FLOWED, 0, 0, TRUE };
  times = times_of (row);
  if (times.end == times.start)
    return not_repriced (TW_NOT_REPRICED_TIMES);
  if (local->asks_current)
    return not_repriced (TW_NOT_REPRICED_CURRENT);
  feed (local->pricer, row, &times);
  if (!tw_pricer_totals (local->pricer, &totals))
    return not_repriced (TW_NOT_REPRICED_TOO_LARGE);
  return repriced (times.end_unknown ? TW_REPRICED_END_UNKNOWN : TW_REPRICED, totals);
}

TwRepriced
tw_repricer_price (TwRepricer         *self,
                   const TwSessionRow *row,
                   GTimeZone          *zone)
{
  const Local *local = local_of (self, zone);

  if (local == NULL)
    return not_repriced (TW_NOT_REPRICED_TOO_LARGE);
  if (row->currency[0] != '\0' && strncmp (row->currency, tw_tariff_currency (local->tariff), 4) != 0)
    return not_repriced (TW_NOT_REPRICED_CURRENCY);
  if (row->plug_out == TW_UNKNOWN)
    return not_repriced (TW_NOT_REPRICED_OPEN);
  return row->usage != NULL ? price_usage (local, row->usage) : price_sums (local, row);
}
