/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "payment/analytics/models/forecast.h"
#include "tests/unit/models/chance.h"

#define DAYS 180u

/* Days of a site: a weekly pattern that stays, a level that wanders, and noise. */
static void
live (TwDraw *draw, double *days, guint n, double wander, double noise)
{
  double level = 100;

  for (guint i = 0; i < n; i++)
    {
      level += wander * draw_normal (draw);
      days[i] = MAX (level + 20 * sin (i % 7 / 7.0 * 2 * G_PI) + noise * draw_normal (draw), 0);
    }
}

static void
intervals_hold_what_comes (void)
{
  enum { WORLDS = 150 };
  TwDraw draw = { 51 };
  guint held[TW_FORECAST_HORIZONS] = { 0 }, at[TW_FORECAST_HORIZONS] = { 0, 6, 27 };

  for (guint world = 0; world < WORLDS; world++)
    {
      double days[DAYS + 28];
      TwSeries series = { days, NULL, DAYS, 7, 1 };
      g_autoptr (TwForecast) forecast = NULL;

      live (&draw, days, DAYS + 28, 0, 8);
      forecast = tw_forecast_new (&series, 28);
      g_assert_cmpint (forecast->refusal, ==, TW_REFUSAL_NONE);
      g_assert_cmpuint (forecast->n_steps, ==, 28);
      for (guint i = 0; i < TW_FORECAST_HORIZONS; i++)
        {
          const TwForecastStep *step = &forecast->steps[at[i]];

          g_assert_true (step->has_interval);
          held[i] += step->low <= days[DAYS + at[i]] && days[DAYS + at[i]] <= step->high;
        }
    }
  assert_share ("1 day ahead", held[0], WORLDS, 0.8);
  assert_share ("7 days ahead", held[1], WORLDS, 0.8);
  assert_share ("28 days ahead", held[2], WORLDS, 0.8);
}

/* Of noise about a pattern the baseline misses by two draws, and a good model by little more than one: 1 / sqrt 2. */
static void
the_model_is_used_where_it_is_better (void)
{
  TwDraw draw = { 52 };
  double mase = 0, pinball = 0, naive_pinball = 0;

  for (guint world = 0; world < 30; world++)
    {
      double days[DAYS];
      TwSeries series = { days, NULL, DAYS, 7, 1 };
      g_autoptr (TwForecast) forecast = NULL;

      live (&draw, days, DAYS, 0, 8);
      forecast = tw_forecast_new (&series, 7);
      g_assert_cmpuint (forecast->horizons[0].n_origins, ==, 60);
      g_assert_true (forecast->horizons[0].uses_model && forecast->steps[0].of_model);
      pinball += (forecast->horizons[0].pinball_10 + forecast->horizons[0].pinball_90) / 60;
      naive_pinball += (forecast->horizons[0].naive_pinball_10 + forecast->horizons[0].naive_pinball_90) / 60;
      mase += forecast->horizons[0].mase / 30;
    }
  /* The least that can be had of a normal of spread 8 is 8 phi (Phi^-1 (0.9)): 1.404. */
  g_test_message ("MASE %.3f, pinball %.3f and %.3f", mase, pinball, naive_pinball);
  g_assert_cmpfloat (pinball, >, 1.3);
  g_assert_cmpfloat (pinball, <, 1.7);
  g_assert_cmpfloat (naive_pinball, >, 1.3 * G_SQRT2);
  g_assert_cmpfloat (mase, >, 0.68);
  g_assert_cmpfloat (mase, <, 0.82);
}

/* Each weekday goes its own way, week by week: nothing beats last week. */
static void
the_baseline_is_printed_where_it_is_better (void)
{
  enum { WORLDS = 60 };
  TwDraw draw = { 53 };
  guint kept = 0;
  double even[DAYS];
  TwSeries always = { even, NULL, DAYS, 7, 1 };
  g_autoptr (TwForecast) exact = NULL;

  for (guint world = 0; world < WORLDS; world++)
    {
      double days[DAYS];
      TwSeries series = { days, NULL, DAYS, 7, 1 };
      g_autoptr (TwForecast) forecast = NULL;

      for (guint i = 0; i < DAYS; i++)
        days[i] = (i < 7 ? 500 : days[i - 7]) + 10 * draw_normal (&draw);
      forecast = tw_forecast_new (&series, 1);
      kept += !forecast->horizons[0].uses_model;
      if (!forecast->horizons[0].uses_model)
        g_assert_cmpfloat (forecast->steps[0].value, ==, days[DAYS - 7]);
    }
  assert_share_or_more ("baseline kept", kept, WORLDS, 0.95);
  for (guint i = 0; i < DAYS; i++)
    even[i] = 5 + i % 7;
  exact = tw_forecast_new (&always, 1);
  g_assert_false (exact->horizons[0].uses_model);
  g_assert_cmpfloat (exact->horizons[0].mase, ==, G_MAXDOUBLE);
  g_assert_cmpfloat (exact->steps[0].value, ==, 5 + DAYS % 7);
  g_assert_cmpfloat (exact->steps[0].low, ==, exact->steps[0].high);
}

/* A day in 12 is 100 too much. Its own quantile, of the 11 others, is 100 too low; that of each other is at rank 10.8
 * of ten zeros and the 100: 80 too high. By hand: (0.9 × 100 + 11 × 0.1 × 80) / 12, and 0.1 × 100 / 12. */
static void
a_quantile_does_not_know_its_own_day (void)
{
  double days[40];
  TwSeries series = { days, NULL, 40, 7, 1 };
  g_autoptr (TwForecast) forecast = NULL;

  for (guint i = 0; i < 40; i++)
    days[i] = 5 + i % 7 + (i == 38 ? 100 : 0);
  forecast = tw_forecast_new (&series, 1);
  g_assert_cmpuint (forecast->horizons[0].n_origins, ==, 12);
  g_assert_cmpfloat_with_epsilon (forecast->horizons[0].naive_mae, 100 / 12.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (forecast->horizons[0].naive_pinball_90, (90 + 88) / 12.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (forecast->horizons[0].naive_pinball_10, 10 / 12.0, 1e-9);
}

static void
gaps_are_no_zeros (void)
{
  double days[DAYS], whole[DAYS];
  guint8 known[DAYS];
  TwSeries full = { whole, NULL, DAYS, 7, 1 }, gappy = { days, known, DAYS, 7, 1 };
  g_autoptr (TwForecast) forecast = NULL, reference = NULL;
  TwDraw draw = { 54 };

  live (&draw, whole, DAYS, 0, 4);
  for (guint i = 0; i < DAYS; i++)
    {
      known[i] = tw_draw_below (&draw, 4) != 0;
      days[i] = known[i] ? whole[i] : NAN;
    }
  forecast = tw_forecast_new (&gappy, 28);
  reference = tw_forecast_new (&full, 28);
  g_assert_cmpint (forecast->refusal, ==, TW_REFUSAL_NONE);
  for (guint i = 0; i < 28; i++)
    {
      g_assert_true (isfinite (forecast->steps[i].value) && isfinite (forecast->steps[i].naive));
      g_assert_cmpfloat_with_epsilon (forecast->steps[i].value, reference->steps[i].value, 8);
    }
}

static void
what_was_before_a_site_opened_changes_nothing (void)
{
  double days[DAYS];
  guint8 known[DAYS];
  TwSeries opened = { days, known, DAYS, 7, 1 }, rest = { days + 31, NULL, DAYS - 31, 7, 1 };
  g_autoptr (TwForecast) late = NULL, same = NULL;
  TwDraw draw = { 55 };

  live (&draw, days, DAYS, 1, 4);
  memset (known, 1, sizeof known);
  memset (known, 0, 31);
  late = tw_forecast_new (&opened, 28);
  same = tw_forecast_new (&rest, 28);
  g_assert_cmpint (late->refusal, ==, TW_REFUSAL_NONE);
  for (guint i = 0; i < 28; i++)
    g_assert_cmpfloat (late->steps[i].value, ==, same->steps[i].value);
}

/* 40 days: 12 origins for tomorrow, 6 for a week ahead, none for four. */
static void
horizons_without_a_test_have_no_interval (void)
{
  double days[40];
  TwSeries series = { days, NULL, 40, 7, 1 };
  g_autoptr (TwForecast) forecast = NULL;
  TwDraw draw = { 56 };

  live (&draw, days, 40, 0, 4);
  forecast = tw_forecast_new (&series, 28);
  g_assert_cmpint (forecast->refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpuint (forecast->horizons[0].n_origins, ==, 12);
  g_assert_cmpint (forecast->horizons[0].refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpint (forecast->horizons[1].refusal, ==, TW_REFUSAL_FEW_ORIGINS);
  g_assert_cmpint (forecast->horizons[2].refusal, ==, TW_REFUSAL_FEW_ORIGINS);
  g_assert_true (forecast->steps[0].has_interval);
  g_assert_false (forecast->steps[1].has_interval || forecast->steps[1].of_model);
  g_assert_cmpfloat (forecast->steps[1].value, ==, days[40 - 6]);
}

static void
hours_have_their_week (void)
{
  enum { HOURS = 168 * 8 };
  g_autofree double *hours = g_new (double, HOURS);
  TwSeries series = { hours, NULL, HOURS, 168, 24 };
  g_autoptr (TwForecast) forecast = NULL;
  TwDraw draw = { 57 };

  for (guint i = 0; i < HOURS; i++)
    hours[i] = draw_poisson (&draw, i % 24 < 6 ? 0.2 : i % 168 < 120 ? 4 : 8);
  forecast = tw_forecast_new (&series, 2);
  g_assert_cmpint (forecast->refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpuint (forecast->n_steps, ==, 48);
  g_assert_true (forecast->horizons[0].uses_model);
  g_assert_cmpuint (forecast->horizons[0].n_origins, >=, 8);
  for (guint i = 0; i < 48; i++)
    {
      g_assert_cmpfloat_with_epsilon (forecast->steps[i].value, i % 24 < 6 ? 0.2 : 4, 3);
      g_assert_cmpfloat (forecast->steps[i].low, >=, 0);
    }
}

static TwRefusal
refusal_of (const double *values, const guint8 *known, gsize n, guint period, guint steps_per_day, guint n_days)
{
  TwSeries series = { values, known, n, period, steps_per_day };
  g_autoptr (TwForecast) forecast = tw_forecast_new (&series, n_days);

  g_assert_true (forecast->refusal == TW_REFUSAL_NONE || forecast->n_steps == 0);
  for (gsize i = 0; i < forecast->n_steps; i++)
    g_assert_true (isfinite (forecast->steps[i].value) && isfinite (forecast->steps[i].low) &&
                   isfinite (forecast->steps[i].high) && isfinite (forecast->steps[i].naive));
  return forecast->refusal;
}

static void
hostile_series_are_refused (void)
{
  double days[DAYS], bad[] = { NAN, INFINITY, -INFINITY, 1e16 };
  guint8 known[DAYS];
  TwDraw draw = { 58 };

  live (&draw, days, DAYS, 0, 4);
  memset (known, 0, sizeof known);
  g_assert_cmpint (refusal_of (NULL, NULL, 0, 7, 1, 1), ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (refusal_of (days, known, DAYS, 7, 1, 1), ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (refusal_of (days, NULL, 1, 7, 1, 1), ==, TW_REFUSAL_FEW_PERIODS);
  g_assert_cmpint (refusal_of (days, NULL, 27, 7, 1, 1), ==, TW_REFUSAL_FEW_PERIODS);
  g_assert_cmpint (refusal_of (days, NULL, 28, 7, 1, 1), ==, TW_REFUSAL_NONE);
  known[0] = known[DAYS - 1] = 1;
  g_assert_cmpint (refusal_of (days, known, DAYS, 7, 1, 1), ==, TW_REFUSAL_FEW_PERIODS);
  memset (known, 1, sizeof known);
  for (guint i = 3; i < DAYS; i += 7)
    known[i] = i < 7;
  g_assert_cmpint (refusal_of (days, known, DAYS, 7, 1, 1), ==, TW_REFUSAL_FEW_PERIODS);
  known[10] = 1;
  g_assert_cmpint (refusal_of (days, known, DAYS, 7, 1, 1), ==, TW_REFUSAL_NONE);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 1, 1, 1), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 0, 1), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 24, 1), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 1, 0), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 1, 29), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, G_MAXUINT, 1, 1), ==, TW_REFUSAL_TOO_LARGE);
  g_assert_cmpint (refusal_of (days, NULL, G_MAXSIZE, 7, 1, 1), ==, TW_REFUSAL_TOO_LARGE);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      days[60] = bad[i];
      g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 1, 1), ==, TW_REFUSAL_BAD_INPUT);
    }
  for (guint i = 0; i < DAYS; i++)
    days[i] = i % 3 == 0 ? 1e15 : i % 3 == 1 ? -1e15 : 5e-324;
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 1, 28), ==, TW_REFUSAL_NONE);
  memset (days, 0, sizeof days);
  g_assert_cmpint (refusal_of (days, NULL, DAYS, 7, 1, 28), ==, TW_REFUSAL_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/forecast/intervals-hold-what-comes", intervals_hold_what_comes);
  g_test_add_func ("/models/forecast/the-model-is-used-where-it-is-better", the_model_is_used_where_it_is_better);
  g_test_add_func ("/models/forecast/the-baseline-is-printed-where-it-is-better",
                   the_baseline_is_printed_where_it_is_better);
  g_test_add_func ("/models/forecast/a-quantile-does-not-know-its-own-day", a_quantile_does_not_know_its_own_day);
  g_test_add_func ("/models/forecast/gaps-are-no-zeros", gaps_are_no_zeros);
  g_test_add_func ("/models/forecast/what-was-before-a-site-opened-changes-nothing",
                   what_was_before_a_site_opened_changes_nothing);
  g_test_add_func ("/models/forecast/horizons-without-a-test-have-no-interval",
                   horizons_without_a_test_have_no_interval);
  g_test_add_func ("/models/forecast/hours-have-their-week", hours_have_their_week);
  g_test_add_func ("/models/forecast/hostile-series-are-refused", hostile_series_are_refused);
  return g_test_run ();
}
