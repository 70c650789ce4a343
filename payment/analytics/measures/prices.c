/* SPDX-License-Identifier: Apache-2.0 */
/* How demand goes with the price: facts, analytics.md section 8. A day on which nothing was sold keeps the price that
 * was asked last at its site, for a week. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/asked-price.h"
#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/period.h"
#include "payment/analytics/measures/price-changes.h"
#include "payment/analytics/measures/refusal.h"
#include "payment/analytics/models/regression.h"

#define CONGESTED 0.05          /* share of an hour; beyond it the connectors limit demand, and not the price */
#define KEEPS_DAYS 7            /* so long a price is taken to hold when nothing is sold */

static const TwColumn COLUMNS[] = {
  { "demand", TW_COLUMN_TEXT, NULL, "energy: kWh of sessions by the hour they began in; starts: sessions" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "of the prices, ISO 4217" },
  { "elasticity", TW_COLUMN_NUMBER, "1", "b of E q = exp (b ln p + site + hour of the week + month), Poisson; 1 % more "
                                         "price goes with b % more demand" },
  { "low", TW_COLUMN_NUMBER, "1", "95 % interval, clustered by site-day" },
  { "high", TW_COLUMN_NUMBER, "1", "95 % interval, clustered by site-day" },
  { "hours", TW_COLUMN_COUNT, "site-hours", "that it was learnt from" },
  { "site_days", TW_COLUMN_COUNT, "site-days", "of those" },
  { "left_out", TW_COLUMN_COUNT, "site-hours", "all connectors were taken for more than 5 % of the hour" },
};

static const TwFigureKind ELASTICITY = {
  "elasticity", "decisions", "How demand goes with the price",
  "An association, from hours in which prices differed at the same place: other things that changed with the price are "
  "in it, too.", TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

typedef struct
{
  GArray *energy, *starts, *price;    /* double */
  GArray *site, *day;                 /* guint32 */
  GArray *week_hour, *excluded;       /* guint8 */
  GArray *month;                      /* guint16 */
  guint   n_sites, n_months;
} Demand;

static GArray *
values (guint size)
{
  return g_array_new (FALSE, FALSE, size);
}

static Demand
demand_new (void)
{
  return (Demand) {
    .energy = values (sizeof (double)), .starts = values (sizeof (double)), .price = values (sizeof (double)),
    .site = values (sizeof (guint32)), .day = values (sizeof (guint32)), .week_hour = values (sizeof (guint8)),
    .excluded = values (sizeof (guint8)), .month = values (sizeof (guint16)),
  };
}

static void
demand_clear (Demand *self)
{
  GArray *const all[] = { self->energy, self->starts, self->price, self->site, self->day, self->week_hour,
                          self->excluded, self->month };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_array_unref (all[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demand, demand_clear)

static void
add_hour (Demand           *self,
          const TwAnalysis *analysis,
          const TwHourCell *cell,
          double            price,
          gint64            first_month)
{
  gint32 day = cell->hour >= 0 ? cell->hour / 24 : (cell->hour - 23) / 24;
  gint64 seconds = tw_analysis_hour_s (analysis, cell->site, cell->hour);
  double energy = (double) cell->started_energy_wh / 1000, starts = (double) cell->n_started;
  guint32 site = cell->site, day_number = (guint32) day;
  guint8 week_hour = (guint8) (tw_weekday_of_day (day) * 24 + (cell->hour - day * 24));
  guint8 excluded = seconds > 0 && (double) cell->all_busy_s > CONGESTED * (double) seconds;
  guint16 month = (guint16) (tw_month_of_day (day) - first_month);

  if (seconds == 0)
    return;
  g_array_append_val (self->energy, energy);
  g_array_append_val (self->starts, starts);
  g_array_append_val (self->price, price);
  g_array_append_val (self->site, site);
  g_array_append_val (self->day, day_number);
  g_array_append_val (self->week_hour, week_hour);
  g_array_append_val (self->excluded, excluded);
  g_array_append_val (self->month, month);
  self->n_months = MAX (self->n_months, month + 1u);
  self->n_sites = MAX (self->n_sites, site + 1u);
}

/* Each hour of a site from its first sale on, also those in which nothing happened: they are what a high price does. */
static void
add_site (Demand           *self,
          const TwAnalysis *analysis,
          const TwHourCell *cells,
          gsize             n,
          TwPeriod          window,
          TwAskedPrices    *prices)
{
  gint64 first_month = tw_month_of_day (window.from);
  double price = -1, asked = -1;
  gint32 asked_on = 0;
  gsize at = 0;

  for (gint32 hour = window.from * 24; hour < window.to * 24 && n > 0; hour++)
    {
      TwHourCell empty = { .site = cells[0].site, .hour = hour };
      const TwHourCell *cell = &empty;

      while (at < n && cells[at].hour < hour)
        at++;
      if (at < n && cells[at].hour == hour)
        cell = &cells[at];
      if (hour % 24 == 0)
        asked = tw_asked_price (prices, cells[0].site, hour / 24);
      if (asked >= 0)
        {
          price = asked;
          asked_on = hour;
        }
      if (price >= 0 && hour - asked_on <= KEEPS_DAYS * 24)
        add_hour (self, analysis, cell, price, first_month);
    }
}

static void
gather (Demand           *self,
        const TwAnalysis *analysis,
        const char       *currency,
        TwAskedPrices    *prices)
{
  TwPeriod periods[TW_N_PERIODS];
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);

  tw_periods (analysis, periods);
  for (gsize from = 0, to; from < n; from = to)
    {
      for (to = from; to < n && cells[to].site == cells[from].site; )
        to++;
      if (g_str_equal (tw_analysis_site_currency (analysis, cells[from].site), currency))
        add_site (self, analysis, &cells[from], to - from, periods[0], prices);
    }
}

static gboolean
add_row (TwFigure     *figure,
         const Demand *demand,
         const char   *name,
         const GArray *quantity,
         const char   *currency)
{
  const TwDemand given = {
    .n = quantity->len, .quantity = (const double *) (const void *) quantity->data,
    .price = (const double *) (const void *) demand->price->data,
    .site = (const guint32 *) (const void *) demand->site->data,
    .day = (const guint32 *) (const void *) demand->day->data,
    .week_hour = (const guint8 *) demand->week_hour->data,
    .month = (const guint16 *) (const void *) demand->month->data,
    .n_sites = demand->n_sites, .n_months = demand->n_months, .excluded = (const guint8 *) demand->excluded->data,
  };
  TwRegression found = tw_regression (&given, TW_REGRESSION_POISSON);

  if (found.refusal != TW_REFUSAL_NONE)
    {
      tw_figure_note (figure, "%s, %s: %s", name, currency, tw_refusal_words (found.refusal));
      return FALSE;
    }
  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (name), tw_cell_text (currency), tw_cell_number (found.elasticity.estimate.value),
    tw_cell_number (found.elasticity.estimate.low), tw_cell_number (found.elasticity.estimate.high),
    tw_cell_int ((gint64) found.n), tw_cell_int ((gint64) found.n_clusters),
    tw_cell_int ((gint64) (found.n_excluded + found.n_free)) });
  return TRUE;
}

static guint64
add_currency (const TwAnalysis     *analysis,
              TwFigure             *figure,
              TwPriceChangeFigures *changes,
              const char           *currency)
{
  g_autoptr (TwAskedPrices) prices = tw_asked_prices_new (analysis, currency);
  g_auto (Demand) demand = demand_new ();

  if (tw_asked_prices_by (prices) == TW_ASKED_UNKNOWN)
    {
      tw_figure_note (figure, "%s: sessions of a day at the same place paid different amounts for a kWh, and not all "
                      "name their tariff: what was asked for a kWh is not known.", currency);
      tw_figure_note (changes->changes, "%s: what was asked for a kWh is not known.", currency);
      return 0;
    }
  if (tw_asked_prices_by (prices) == TW_ASKED_BY_TARIFF)
    tw_figure_note (figure, "%s: more than energy was paid for, so the price of a kWh is what was paid for it under a "
                    "tariff at all times.", currency);
  gather (&demand, analysis, currency, prices);
  tw_price_changes_add (changes, analysis, currency, prices);
  add_row (figure, &demand, "energy", demand.energy, currency);
  add_row (figure, &demand, "starts", demand.starts, currency);
  return demand.price->len;
}

void
tw_measure_prices (const TwAnalysis *analysis,
                   GPtrArray        *figures)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  TwFigure *figure = tw_figure_new (&ELASTICITY);
  TwPriceChangeFigures changes = tw_price_changes_begin ();
  guint64 n = 0;

  for (guint32 site = 0; site < tw_analysis_n_sites (analysis); site++)
    {
      const char *currency = tw_analysis_site_currency (analysis, site);

      if (*currency != '\0' && g_hash_table_add (seen, (gpointer) currency))
        n += add_currency (analysis, figure, &changes, currency);
    }
  tw_figure_about (figure, n, "captured");
  if (g_hash_table_size (seen) == 0)
    {
      tw_figure_note (figure, "No session in this data was paid for.");
      tw_figure_note (changes.changes, "No session in this data was paid for.");
    }
  g_ptr_array_add (figures, figure);
  tw_price_changes_end (&changes, figures);
}
