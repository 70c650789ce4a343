/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions, cut at each local hour of their site and added up, connector by connector in the order of their starts. Of
 * sessions that overlap on a connector the one that started last has it; when that ends, the one before has what is
 * left of its time. Energy is the session's own and is never taken away.
 */
#include "payment/analytics/cut.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_BITS 10
#define PAGE_HOURS (1 << PAGE_BITS)
#define N_PAGES 2048              /* hours since 1970 of 239 years */
#define LONGEST_SERVICE_S ((guint64) 30 * DAY_S)

typedef struct { const TwShortRow *row; gboolean is_cut; } Active;
typedef enum { TIME = 1, ENERGY = 2 } What;

struct _TwCut
{
  const TwAnalysis *analysis;
  GPtrArray  *zones;              /* of TwZone, its own: asking one changes it */
  guint32     site;
  TwZone     *zone;
  guint8      currency;           /* of the site */
  guint32     codes[TW_MOST_CURRENCIES + 1];   /* the bytes of TwDayCell.currency */
  TwHourCell *pages[N_PAGES];
  TwTable     of_port;            /* of TwDayCell, of the port at hand */
  TwDayCell  *day;                /* the last one that was taken */
  TwTable     days, hours;        /* of all that is done */
  GArray     *active;             /* of Active, by start */
  gint64      now;
  gint32      first_day, end_day;
  guint64     n_overlaps;
  gboolean    too_many;
};

TwCut *
tw_cut_new (const TwAnalysis *analysis,
            TwBudget         *budget)
{
  TwCut *self = g_new0 (TwCut, 1);

  self->analysis = analysis;
  for (guint i = 0; i < analysis->currencies->len; i++)
    memcpy (&self->codes[i], analysis->currencies->pdata[i], MIN (3, strlen (analysis->currencies->pdata[i])));
  self->zones = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_zone_free);
  tw_table_init (&self->of_port, sizeof (TwDayCell), G_STRUCT_OFFSET (TwDayCell, occupied_s), analysis->seed, budget);
  tw_table_init (&self->days, sizeof (TwDayCell), 0, analysis->seed, budget);
  tw_table_init (&self->hours, sizeof (TwHourCell), 0, analysis->seed, budget);
  self->active = g_array_new (FALSE, FALSE, sizeof (Active));
  self->first_day = G_MAXINT32;
  self->end_day = G_MININT32;
  return self;
}

void
tw_cut_free (TwCut *self)
{
  for (guint i = 0; i < N_PAGES; i++)
    g_free (self->pages[i]);
  g_array_unref (self->active);
  g_ptr_array_unref (self->zones);
  tw_table_clear (&self->of_port);
  tw_table_clear (&self->days);
  tw_table_clear (&self->hours);
  g_free (self);
}

static TwZone *
zone_named (TwCut      *self,
            const char *name)
{
  for (guint i = 0; i < self->zones->len; i++)
    if (strcmp (((TwZone *) self->zones->pdata[i])->name, name) == 0)
      return self->zones->pdata[i];
  g_ptr_array_add (self->zones, tw_zone_new (name));
  return self->zones->pdata[self->zones->len - 1];
}

void
tw_cut_begin_site (TwCut   *self,
                   guint32  site,
                   guint8   currency)
{
  self->site = site;
  self->zone = zone_named (self, tw_analysis_zone_of (self->analysis, site)->name);
  self->currency = currency;
}

TwZone *
tw_cut_zone (const TwCut *self)
{
  return self->zone;
}

TwHourCell *
tw_cut_hour (TwCut  *self,
             gint32  hour)
{
  TwHourCell **page = &self->pages[(hour >> PAGE_BITS) & (N_PAGES - 1)];

  if (*page == NULL)
    *page = g_new0 (TwHourCell, PAGE_HOURS);
  return &(*page)[hour & (PAGE_HOURS - 1)];
}

static gboolean
is_empty (const TwHourCell *cell)
{
  return cell->occupied_s == 0 && cell->n_started == 0 && cell->energy_mwh == 0 && cell->all_busy_s == 0;
}

void
tw_cut_end_site (TwCut *self)
{
  for (gint32 i = 0; i < N_PAGES; i++)
    {
      TwHourCell *page = g_steal_pointer (&self->pages[i]);

      for (gint32 k = 0; page && k < PAGE_HOURS; k++)
        if (!is_empty (&page[k]))
          {
            page[k].site = self->site;
            page[k].hour = (i << PAGE_BITS) + k;
            *(TwHourCell *) tw_table_add (&self->hours) = page[k];
          }
      g_free (page);
    }
}

static TwDayCell *
day_cell (TwCut            *self,
          const TwShortRow *row,
          gint32            day)
{
  TwDayCell key = { .port = row->port, .tariff = row->tariff, .day = day };
  guint32 currency = self->codes[row->currency];

  if (self->day && self->day->day == day && self->day->tariff == row->tariff
      && memcmp (self->day->currency, &currency, sizeof currency) == 0)
    return self->day;
  memcpy (key.currency, &currency, sizeof key.currency);
  return self->day = tw_table_take (&self->of_port, &key);
}

/* mWh until so long after the begin: of 2 MWh in 136 years the product still fits. */
static gint64
energy_until (const TwShortRow *row,
              gint64            elapsed,
              gint64            whole)
{
  gint64 energy_mwh = (gint64) row->energy_wh * 1000;

  if (elapsed <= 0)
    return 0;
  if (elapsed >= whole)
    return energy_mwh;
  if (row->energy_wh <= 2000000)
    return energy_mwh * elapsed / whole;
  return (gint64) ((__int128) energy_mwh * elapsed / whole);
}

static gboolean
is_charging_known (const TwShortRow *row)
{
  return row->charging_s != G_MAXUINT32;
}

static void
add_energy (TwCut            *self,
            const TwShortRow *row,
            gint64            mwh,
            gint32            hour)
{
  if (mwh == 0)
    return;
  tw_cut_hour (self, hour)->energy_mwh += mwh;
  day_cell (self, row, tw_floor_div (hour, 24))->energy_mwh += mwh;
}

static void
add_time (TwCut            *self,
          const TwShortRow *row,
          gint64            from,
          gint64            until,
          gint32            hour)
{
  gint64 begin = (gint64) row->start_s + row->charge_after_s, end = begin + row->charging_s;
  gint64 charging = is_charging_known (row) ? MAX (0, MIN (until, end) - MAX (from, begin)) : 0;
  TwHourCell *cell = tw_cut_hour (self, hour);
  TwDayCell *day = day_cell (self, row, tw_floor_div (hour, 24));

  tw_add32 (&cell->occupied_s, until - from, &self->too_many);
  tw_add32 (&cell->charging_s, charging, &self->too_many);
  tw_add32 (&day->occupied_s, until - from, &self->too_many);
  tw_add32 (&day->charging_s, charging, &self->too_many);
  if (is_charging_known (row))
    tw_add32 (&day->idle_s, until - from - charging, &self->too_many);
}

/* Where energy flowed: evenly over the charging time; where that is unknown or nothing, over all of it. */
static void
energy_span (const TwShortRow *row,
             gint64           *begin,
             gint64           *whole)
{
  gboolean charged = is_charging_known (row) && row->charging_s > 0;

  *begin = row->start_s + (charged ? (gint64) row->charge_after_s : 0);
  *whole = charged ? row->charging_s : row->occupied_s;
}

static void
cut (TwCut            *self,
     const TwShortRow *row,
     gint64            from,
     gint64            until,
     What              what)
{
  gboolean has_energy = (what & ENERGY) && row->energy_wh != G_MAXUINT32 && row->energy_wh > 0;
  gint64 begin, whole, before;

  energy_span (row, &begin, &whole);
  if (has_energy && whole == 0)
    {
      add_energy (self, row, (gint64) row->energy_wh * 1000, tw_zone_hour (self->zone, row->start_s));
      return;
    }
  before = has_energy ? energy_until (row, from - begin, whole) : 0;
  for (gint64 at = from, next; at < until; at = next)
    {
      const TwSpan *span = tw_zone_span (self->zone, at);
      gint32 hour = tw_floor_div (at + span->offset, HOUR_S);

      next = MIN (MIN (until, span->until), ((gint64) hour + 1) * HOUR_S - span->offset);
      if (what & TIME)
        add_time (self, row, at, next, hour);
      if (has_energy)
        {
          gint64 after = energy_until (row, next - begin, whole);

          add_energy (self, row, after - before, hour);
          before = after;
        }
    }
}

static gint64
end_of (const TwShortRow *row)
{
  return (gint64) row->start_s + row->occupied_s;
}

static void
occupy (TwCut  *self,
        Active *active,
        gint64  from,
        gint64  until)
{
  gboolean whole = from == active->row->start_s && until == end_of (active->row);

  cut (self, active->row, from, until, whole ? TIME | ENERGY : TIME);
  active->is_cut |= whole;
}

/* Who started last has the connector until it leaves. */
static void
advance (TwCut  *self,
         gint64  until)
{
  while (self->active->len > 0)
    {
      Active *last = &g_array_index (self->active, Active, self->active->len - 1);
      gint64 end = end_of (last->row), stop = MIN (end, until);

      if (self->now < stop)
        {
          occupy (self, last, self->now, stop);
          self->now = stop;
        }
      if (end > until)
        return;
      if (!last->is_cut)
        cut (self, last->row, last->row->start_s, end, ENERGY);
      g_array_set_size (self->active, self->active->len - 1);
    }
}

static void
add_start (TwCut            *self,
           const TwShortRow *row)
{
  gint32 hour = tw_zone_hour (self->zone, row->start_s), day = tw_floor_div (hour, 24);
  guint64 service_s = MIN (row->occupied_s, LONGEST_SERVICE_S);
  TwHourCell *cell = tw_cut_hour (self, hour);

  cell->n_started++;
  tw_add32 (&cell->started_occupied_s, row->occupied_s, &self->too_many);
  cell->started_occupied_s2 += service_s * service_s;
  cell->started_energy_wh += row->energy_wh != G_MAXUINT32 ? row->energy_wh : 0;
  if (row->captured_minor != G_MININT32 && row->currency == self->currency)
    {
      cell->n_started_captured++;
      cell->started_captured_minor += row->captured_minor;
    }
  day_cell (self, row, day)->n_started++;
  self->first_day = MIN (self->first_day, day);
  self->end_day = MAX (self->end_day, row->day + 1);
}

static void
add_end (TwCut            *self,
         const TwShortRow *row)
{
  TwDayCell *day = day_cell (self, row, row->day);

  day->n_ended++;
  day->n_failed += row->ending == TW_ENDED_FAULT || row->ending == TW_ENDED_POWER_LOSS;
  day->n_idle_unknown += !is_charging_known (row);
  tw_add32 (&day->whole_occupied_s, row->occupied_s, &self->too_many);
  if (row->energy_wh == G_MAXUINT32)
    return;
  day->n_metered++;
  day->n_empty += row->energy_wh == 0;
  day->whole_energy_wh += row->energy_wh;
}

static void
begin_port (TwCut             *self,
            const TwMoneyCell *money,
            gsize              n)
{
  tw_table_reset (&self->of_port);
  self->day = NULL;
  for (gsize i = 0; i < n; i++)
    {
      TwDayCell *cell = tw_table_take (&self->of_port, &money[i]);

      tw_add32 (&cell->n_paid, money[i].n_paid, &self->too_many);
      tw_add32 (&cell->n_priced, money[i].n_priced, &self->too_many);
      tw_add32 (&cell->n_captured, money[i].n_captured, &self->too_many);
      tw_add32 (&cell->n_fee, money[i].n_fee, &self->too_many);
      cell->billed_energy_wh += money[i].billed_energy_wh;
      cell->priced_minor += money[i].priced_minor;
      cell->tax_minor += money[i].tax_minor;
      cell->captured_minor += money[i].captured_minor;
      cell->refunded_minor += money[i].refunded_minor;
      cell->fee_minor += money[i].fee_minor;
      cell->chargeback_minor += money[i].chargeback_minor;
      cell->unpaid_minor += money[i].unpaid_minor;
      cell->reconciled_minor += money[i].reconciled_minor;
    }
}

static int
by_tariff (gconstpointer a,
           gconstpointer b)
{
  const TwDayCell *one = a, *other = b;
  int order = one->tariff < other->tariff ? -1 : one->tariff > other->tariff;

  if (order == 0)
    order = memcmp (one->currency, other->currency, sizeof one->currency);
  return order != 0 ? order : one->day < other->day ? -1 : one->day > other->day;
}

static void
end_port (TwCut *self)
{
  if (self->of_port.n > 0)
    qsort (self->of_port.records, self->of_port.n, sizeof (TwDayCell), by_tariff);
  for (gsize i = 0; i < self->of_port.n; i++)
    *(TwDayCell *) tw_table_add (&self->days) = *(TwDayCell *) tw_table_at (&self->of_port, i);
}

void
tw_cut_port (TwCut             *self,
             const TwShortRow  *rows,
             gsize              n,
             const TwMoneyCell *money,
             gsize              n_money)
{
  begin_port (self, money, n_money);
  for (gsize i = 0; i < n; i++)
    {
      Active one = { &rows[i], FALSE };

      advance (self, rows[i].start_s);
      self->n_overlaps += self->active->len > 0;
      self->now = rows[i].start_s;
      g_array_append_val (self->active, one);
      add_start (self, &rows[i]);
      if (!rows[i].open)
        add_end (self, &rows[i]);
    }
  advance (self, G_MAXINT64);
  end_port (self);
}

gboolean
tw_cut_deliver (TwCut      *self,
                TwAnalysis *analysis)
{
  tw_table_shrink (&self->days);
  tw_table_shrink (&self->hours);
  tw_table_append (&analysis->days, &self->days);
  tw_table_append (&analysis->hours, &self->hours);
  analysis->first_day = MIN (analysis->first_day, self->first_day);
  analysis->end_day = MAX (analysis->end_day, self->end_day);
  analysis->quality->n[TW_FLAG_OVERLAP] += self->n_overlaps;
  return !self->too_many;
}

TwCutSums
tw_cut_sums (const TwCut *self)
{
  return (TwCutSums) { &self->days, &self->hours, self->first_day, self->end_day, self->n_overlaps, self->too_many };
}
