/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever numbers come, a model answers with finite ones or refuses, and a refusal leaves nothing behind. */
#include <math.h>

#include "payment/analytics/models/before-after.h"
#include "payment/analytics/models/capacity.h"
#include "payment/analytics/models/erlang.h"
#include "payment/analytics/models/forecast.h"
#include "payment/analytics/models/regression.h"
#include "payment/analytics/models/survival.h"
#include "payment/analytics/models/uptime.h"
#include "tests/unit/models/chance.h"

#define ROUNDS 3000u
#define ROWS 400u

static const double nasty[] = {
  0, 1, 0.5, 2, 3, 1e-9, 1e9, 1e15, 1e16, 1e150, 1e-150, 1e300, G_MAXDOUBLE, G_MINDOUBLE, 5e-324, -0.0, -1, NAN,
  INFINITY, -INFINITY,
};

/* Most rounds keep to the first numbers, or nearly nothing would get past the door. */
static double
draw_number (TwDraw *draw, guint round)
{
  guint n = round % 4 == 0 ? G_N_ELEMENTS (nasty) : round % 4 == 1 ? 15 : 5;

  return round % 4 == 3 ? tw_draw_below (draw, 9) : nasty[tw_draw_below (draw, n)];
}

static guint n_answers;

static void
check (TwRefusal refusal, const double *numbers, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (isfinite (numbers[i]));
      g_assert_true (refusal == TW_REFUSAL_NONE || (numbers[i] <= 0 && numbers[i] >= 0));
    }
  n_answers += refusal == TW_REFUSAL_NONE;
}

static void
check_estimate (TwRefusal refusal, TwEstimate estimate)
{
  check (refusal, (double[]) { estimate.value, estimate.low, estimate.high }, 3);
  g_assert_cmpfloat (estimate.low, <=, estimate.high);
}

static void
queues (TwDraw *draw, guint round)
{
  double load = draw_number (draw, round), blocked, offered;
  guint ports = tw_draw_below (draw, 20);
  TwQueue queue = tw_queue (load, draw_number (draw, round), draw_number (draw, round), ports);

  check (tw_erlang_b (load, ports, &blocked), &blocked, 1);
  check (tw_erlang_offered (load, ports, &offered), &offered, 1);
  check (queue.refusal, (double[]) { queue.waits, queue.mean_wait_h, tw_queue_longer (&queue, load) }, 3);
  g_assert_true (blocked >= 0 && blocked <= 1 && queue.waits >= 0 && queue.waits <= 1);
}

static void
capacities (TwDraw *draw, guint round)
{
  TwHourLoad loads[12];
  TwCapacityCase site = { loads, 6, 2, 1 + tw_draw_below (draw, 5), tw_draw_below (draw, 2) == 0 };
  TwCapacity found;

  site.supply_kw = draw_number (draw, round);
  site.session_kw = draw_number (draw, round);
  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    loads[i] = (TwHourLoad) { draw_number (draw, round), draw_number (draw, round), draw_number (draw, round),
                              draw_number (draw, round) };
  found = tw_capacity (&site, &(TwBootstrap) { round, 100, 1 }, NULL);
  check_estimate (found.refusal, found.lost);
  check_estimate (found.refusal, found.gained);
}

static void
survivals (TwDraw *draw, guint round)
{
  TwLasting lastings[30];
  g_autoptr (TwSurvival) found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lastings); i++)
    lastings[i] = (TwLasting) { draw_number (draw, round), tw_draw_below (draw, 2) == 0 };
  found = tw_survival_new (lastings, tw_draw_below (draw, 31));
  check (found->refusal, &found->median, 1);
  for (gsize i = 0; i < found->n_steps; i++)
    {
      check_estimate (found->refusal, found->steps[i].share);
      g_assert_true (found->steps[i].share.low >= 0 && found->steps[i].share.high <= 1);
    }
}

static void
changes (TwDraw *draw, guint round)
{
  TwDayPair days[80];
  TwBeforeAfterCase change = { days, days + 40, 40, 40, draw_number (draw, round), draw_number (draw, round) };
  TwBeforeAfter found;

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    days[i] = (TwDayPair) { draw_number (draw, round), draw_number (draw, round) };
  found = tw_before_after (&change, &(TwBootstrap) { round, 100, 7 });
  check_estimate (found.refusal, found.effect);
  check_estimate (found.refusal, found.elasticity);
  check (found.refusal, (double[]) { found.trend.value, found.trend.low, found.trend.high }, 3);
}

static void
forecasts (TwDraw *draw, guint round)
{
  double values[70];
  guint8 known[G_N_ELEMENTS (values)];
  TwSeries series = { values, known, G_N_ELEMENTS (values), 7, 1 };
  g_autoptr (TwForecast) found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      values[i] = draw_number (draw, round);
      known[i] = tw_draw_below (draw, 6) != 0;
    }
  found = tw_forecast_new (&series, 28);
  for (guint i = 0; i < TW_FORECAST_HORIZONS; i++)
    check (found->horizons[i].refusal,
           (double[]) { found->horizons[i].mae, found->horizons[i].mase, found->horizons[i].pinball_10 }, 3);
  for (gsize i = 0; i < found->n_steps; i++)
    check (found->refusal, (double[]) { found->steps[i].value, found->steps[i].low, found->steps[i].high }, 3);
}

static void
regressions (TwDraw *draw, guint round)
{
  double quantity[ROWS], price[ROWS], flags[ROWS];
  guint32 site[ROWS], day[ROWS];
  guint8 week_hour[ROWS];
  guint16 month[ROWS];
  TwDemand demand = {
    .n = ROWS, .quantity = quantity, .price = price, .site = site, .day = day, .week_hour = week_hour, .month = month,
    .n_sites = 4, .n_months = 3, .flags = flags, .n_flags = round / 4 % 2,
  };

  for (guint i = 0; i < ROWS; i++)
    {
      quantity[i] = draw_number (draw, round);
      price[i] = draw_number (draw, round);
      flags[i] = draw_number (draw, round);
      site[i] = tw_draw_below (draw, 4);
      day[i] = tw_draw_below (draw, 40);
      week_hour[i] = (guint8) tw_draw_below (draw, 12);
      month[i] = (guint16) tw_draw_below (draw, 3);
    }
  for (TwRegressionModel model = TW_REGRESSION_POISSON; model <= TW_REGRESSION_LOG_LOG; model++)
    {
      TwRegression found = tw_regression (&demand, model);

      check_estimate (found.refusal, found.elasticity.estimate);
      check_estimate (found.refusal, found.flags[0].estimate);
      check (found.refusal, &found.elasticity.error, 1);
    }
}

static void
uptimes (TwDraw *draw, guint round)
{
  TwUpSpan spans[6];
  TwSpan open[4];
  TwUpPort port = { spans, tw_draw_below (draw, 7), open, tw_draw_below (draw, 5) };
  gint64 at = 0;
  TwUptimeNevi nevi;
  TwUptimeUk uk;

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      gint64 next = at + tw_draw_below (draw, 1000) - (tw_draw_below (draw, 40) == 0 ? 500 : 0);

      spans[i] = (TwUpSpan) { { at, next }, tw_draw_below (draw, TW_UP_ABSENT + 1), tw_draw_below (draw, 2) == 0 };
      at = next + tw_draw_below (draw, 2) * 10;
    }
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    open[i] = (TwSpan) { 1000 * i + tw_draw_below (draw, 500), 1000 * i + 500 + tw_draw_below (draw, 600) };
  nevi = tw_uptime_nevi (&port, 1, 0, 3000);
  uk = tw_uptime_uk (&port, 1, 0, 3000);
  check (nevi.refusal, (double[]) { nevi.percent, nevi.coverage, nevi.excluded_min }, 3);
  check (uk.refusal, (double[]) { uk.percent, uk.coverage, uk.strict_percent }, 3);
  g_assert_true (nevi.percent <= 100 && uk.percent <= 100 && uk.coverage <= 1 && uk.strict_percent <= 100);
  g_assert_cmpfloat (nevi.excluded_min, <=, nevi.outage_min);
}

typedef void (*Throw) (TwDraw *draw, guint round);

static const struct { const char *path; Throw throw; guint every; } throws[] = {
  { "/models/hostile/queues-stay-finite", queues, 1 },
  { "/models/hostile/capacities-stay-finite", capacities, 4 },
  { "/models/hostile/survivals-stay-finite", survivals, 1 },
  { "/models/hostile/changes-stay-finite", changes, 4 },
  { "/models/hostile/forecasts-stay-finite", forecasts, 40 },
  { "/models/hostile/regressions-stay-finite", regressions, 4 },
  { "/models/hostile/uptimes-stay-finite", uptimes, 1 },
};

/* Some of what is thrown must be answered, or the door was only shut. */
static void
throw_at (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  TwDraw draw = { 61 };

  n_answers = 0;
  for (guint round = 0; round < ROUNDS / throws[index].every; round++)
    throws[index].throw (&draw, round);
  g_test_message ("%u numbers were answered", n_answers);
  g_assert_cmpuint (n_answers, >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (throws); i++)
    g_test_add_data_func (throws[i].path, GUINT_TO_POINTER (i), throw_at);
  return g_test_run ();
}
