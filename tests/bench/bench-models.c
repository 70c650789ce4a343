/* SPDX-License-Identifier: Apache-2.0 */
/* How long the report's models take on a large operator's year, each reported apart: they have no alternative in the
 * same run, so the bounds are only those that no healthy machine reaches.
 *
 *   bench-models [--tap -k] [SITES]      SITES: 200, each with 8760 hours
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "payment/analytics/models/before-after.h"
#include "payment/analytics/models/capacity.h"
#include "payment/analytics/models/draw.h"
#include "payment/analytics/models/forecast.h"
#include "payment/analytics/models/regression.h"

#define HOURS 8760u
#define ELASTICITY (-0.7)

static guint n_sites = 200;

/* Processor time: others' work on the machine does not show in it. */
static double
cpu_s (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

static void
report (const char *what, double since_s)
{
  double took = cpu_s () - since_s;

  g_test_message ("%s: %.3f s", what, took);
  g_assert_cmpfloat (took, <, 120);
}

static guint
poisson (TwDraw *draw, double mean)
{
  double left = tw_draw_unit (draw), least = exp (-mean);
  guint n = 0;

  for (; left > least; n++)
    left *= tw_draw_unit (draw);
  return n;
}

typedef struct
{
  double *quantity, *price;
  guint32 *site, *day;
  guint8 *week_hour;
  guint16 *month;
} Rows;

/* Prices change about once a fortnight at each site. */
static TwDemand
demand_new (Rows *rows)
{
  gsize n = (gsize) n_sites * HOURS;
  TwDraw draw = { 1 };
  double price = 0.5;

  *rows = (Rows) { g_new (double, n), g_new (double, n), g_new (guint32, n), g_new (guint32, n), g_new (guint8, n),
                   g_new (guint16, n) };
  for (gsize i = 0; i < n; i++)
    {
      guint32 hour = i % HOURS, day = hour / 24;

      if (hour % 24 == 0 && tw_draw_below (&draw, 14) == 0)
        price = 0.35 + 0.02 * tw_draw_below (&draw, 15);
      rows->site[i] = (guint32) (i / HOURS);
      rows->day[i] = day;
      rows->week_hour[i] = (guint8) (hour % 168);
      rows->month[i] = (guint16) (day * 12 / 365);
      rows->price[i] = price;
      rows->quantity[i] = poisson (&draw, exp (0.5 * sin (hour % 24 / 24.0 * 2 * G_PI) - 0.5 + rows->site[i] % 7 * 0.1 +
                                               ELASTICITY * log (price / 0.5)));
    }
  return (TwDemand) {
    .n = n, .quantity = rows->quantity, .price = rows->price, .site = rows->site, .day = rows->day,
    .week_hour = rows->week_hour, .month = rows->month, .n_sites = n_sites, .n_months = 12,
  };
}

static void
rows_free (Rows *rows)
{
  g_free (rows->quantity);
  g_free (rows->price);
  g_free (rows->site);
  g_free (rows->day);
  g_free (rows->week_hour);
  g_free (rows->month);
}

static void
regression (void)
{
  Rows rows;
  TwDemand demand = demand_new (&rows);
  double since = cpu_s ();
  TwRegression found = tw_regression (&demand, TW_REGRESSION_POISSON);

  report ("Poisson regression", since);
  g_test_message ("%zu rows, %zu clusters, %u rounds: %.4f in %.4f to %.4f, planted %.2f", found.n, found.n_clusters,
                  found.n_rounds, found.elasticity.estimate.value, found.elasticity.estimate.low,
                  found.elasticity.estimate.high, ELASTICITY);
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpfloat_with_epsilon (found.elasticity.estimate.value, ELASTICITY, 6 * found.elasticity.error);
  since = cpu_s ();
  found = tw_regression (&demand, TW_REGRESSION_LOG_LOG);
  report ("log-log regression", since);
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
  rows_free (&rows);
}

/* 1000 draws each: a site's 168 hour classes over 52 weeks, and two years of days. */
static void
bootstrap (void)
{
  enum { WEEKS = 52, CLASSES = 168, DAYS = 364 };
  TwBootstrap weeks = { 1, TW_BOOTSTRAP_DRAWS, 1 }, days = { 1, TW_BOOTSTRAP_DRAWS, 7 };
  g_autofree TwHourLoad *loads = g_new0 (TwHourLoad, WEEKS * CLASSES);
  g_autofree TwDayPair *pairs = g_new (TwDayPair, 2 * DAYS);
  TwCapacityCase site = { loads, WEEKS, CLASSES, 4 };
  TwBeforeAfterCase change = { pairs, pairs + DAYS, DAYS, DAYS, 0.5, 0.6 };
  TwDraw draw = { 2 };
  double since;

  for (guint i = 0; i < WEEKS * CLASSES; i++)
    {
      guint starts = MIN (poisson (&draw, i % 24 < 6 ? 0.3 : 2.5), 4);

      loads[i] = (TwHourLoad) { 1, starts, 0, starts * 0.6 };
    }
  for (guint i = 0; i < 2 * DAYS; i++)
    pairs[i] = (TwDayPair) { 50 + poisson (&draw, 20), 90 + poisson (&draw, 20) };
  since = cpu_s ();
  g_assert_cmpint (tw_capacity (&site, &weeks, NULL).refusal, ==, TW_REFUSAL_NONE);
  report ("bootstrap of a site's capacity, 168 classes, 52 weeks, 1000 draws", since);
  since = cpu_s ();
  g_assert_cmpint (tw_before_after (&change, &days).refusal, ==, TW_REFUSAL_NONE);
  report ("bootstrap of before and after, 728 days, 1000 draws", since);
}

static void
forecast_of (const char *what, gsize n, guint period, guint steps_per_day)
{
  g_autofree double *values = g_new (double, n);
  TwSeries series = { values, NULL, n, period, steps_per_day };
  g_autoptr (TwForecast) forecast = NULL;
  TwDraw draw = { 3 };
  double since;

  for (gsize i = 0; i < n; i++)
    values[i] = poisson (&draw, 5 + 3 * sin ((double) (i % period) / period * 2 * G_PI));
  since = cpu_s ();
  forecast = tw_forecast_new (&series, 28);
  report (what, since);
  g_assert_cmpint (forecast->refusal, ==, TW_REFUSAL_NONE);
}

static void
forecast (void)
{
  forecast_of ("forecast and back-test of 2 years of days", 730, 7, 1);
  forecast_of ("forecast and back-test of a year of hours", HOURS, 168, 24);
}

int
main (int argc, char **argv)
{
  guint64 sites = 0;

  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && g_ascii_string_to_unsigned (argv[1], 10, 1, TW_DEMAND_LEVELS - 12, &sites, NULL))
    n_sites = (guint) sites;
  g_test_add_func ("/bench/models/regression", regression);
  g_test_add_func ("/bench/models/bootstrap", bootstrap);
  g_test_add_func ("/bench/models/forecast", forecast);
  return g_test_run ();
}
