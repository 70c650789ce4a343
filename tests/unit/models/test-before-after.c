/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/before-after.h"
#include "tests/unit/models/chance.h"

#define DAYS 84u
#define ELASTICITY (-0.6)

/* Both follow the weekday and a common weather; the treated also the price, from the change on, and its own trend. */
static void
live (TwDraw *draw, TwDayPair *days, guint first, double log_price, double trend_per_week)
{
  for (guint i = 0; i < DAYS; i++)
    {
      double mean = (5 + (first + i) % 7) * exp (0.2 * draw_normal (draw));
      double own = exp (ELASTICITY * log_price + trend_per_week * ((double) first + i) / 7);

      days[i] = (TwDayPair) { draw_poisson (draw, 2 * mean * own), draw_poisson (draw, 3 * mean) };
    }
}

static TwBeforeAfter
world (TwDraw *draw, double trend_per_week)
{
  TwDayPair before[DAYS], after[DAYS];
  TwBeforeAfterCase change = { before, after, DAYS, DAYS, 0.49, 0.59 };

  live (draw, before, 0, 0, trend_per_week);
  live (draw, after, DAYS, log (0.59 / 0.49), trend_per_week);
  return tw_before_after (&change, &(TwBootstrap) { tw_draw_next (draw), 400, 7 });
}

static void
planted_elasticity_lies_in_its_interval (void)
{
  enum { WORLDS = 300 };
  TwDraw draw = { 31 };
  guint held = 0, warned = 0;
  double sum = 0;

  for (guint i = 0; i < WORLDS; i++)
    {
      TwBeforeAfter found = world (&draw, 0);

      g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
      g_assert_true (found.trend_known);
      held += found.elasticity.low <= ELASTICITY && ELASTICITY <= found.elasticity.high;
      warned += found.trends_differ;
      sum += found.elasticity.value / WORLDS;
    }
  assert_share ("before and after", held, WORLDS, 0.95);
  assert_share ("false warnings", warned, WORLDS, 0.05);
  g_assert_cmpfloat_with_epsilon (sum, ELASTICITY, 0.05);
}

static void
trends_that_differ_are_warned_of (void)
{
  enum { WORLDS = 50 };
  TwDraw draw = { 32 };
  guint warned = 0;

  for (guint i = 0; i < WORLDS; i++)
    warned += world (&draw, 0.05).trends_differ;
  assert_share_or_more ("warnings", warned, WORLDS, 0.95);
}

/* Treated halves, control grows by a half, price doubles. ln (1/3) / ln 2, by hand. */
static void
the_formula_is_that_of_the_book (void)
{
  TwDayPair before[28], after[35];
  TwBeforeAfterCase change = { before, after, 28, 35, 0.30, 0.60 };
  TwBeforeAfter found;

  for (guint i = 0; i < 28; i++)
    {
      before[i] = (TwDayPair) { 100, 40 };
      after[i] = (TwDayPair) { 60, 65 };
    }
  for (guint i = 28; i < 35; i++)
    after[i] = (TwDayPair) { 10, 40 };
  found = tw_before_after (&change, &(TwBootstrap) { 1, 100, 7 });
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpfloat_with_epsilon (found.effect.value, log (1 / 3.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (found.elasticity.value, log (1 / 3.0) / log (2), 1e-12);
  g_assert_cmpfloat (found.elasticity.low, <, found.elasticity.value);
  g_assert_true (found.trend_known);
  g_assert_false (found.trends_differ);
}

static void
the_plot_counts_weeks_from_the_change (void)
{
  TwDayPair days[16];
  double ratios[2];
  gboolean known[2];

  for (guint i = 0; i < 16; i++)
    days[i] = (TwDayPair) { i < 2 ? 1000 : i < 9 ? 10 : 20, i == 15 ? 1 : i < 9 ? 10 : 0 };
  tw_before_after_weeks (days, 16, TRUE, ratios, known);
  g_assert_true (known[0] && known[1]);
  g_assert_cmpfloat_with_epsilon (ratios[0], 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (ratios[1], log (140), 1e-12);
  tw_before_after_weeks (days, 16, FALSE, ratios, known);
  g_assert_cmpfloat_with_epsilon (ratios[0], log (2050 / 70.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (ratios[1], log (120 / 20.0), 1e-12);
  tw_before_after_weeks (days + 9, 7, FALSE, ratios, known);
  g_assert_true (known[0]);
  tw_before_after_weeks (days + 9, 6, FALSE, ratios, known);
  days[15].control = 0;
  tw_before_after_weeks (days + 9, 7, FALSE, ratios, known);
  g_assert_false (known[0]);
}

static TwRefusal
refusal_of (const TwDayPair *before, guint32 n_before, const TwDayPair *after, guint32 n_after, double p0, double p1)
{
  TwBeforeAfterCase change = { before, after, n_before, n_after, p0, p1 };
  TwBeforeAfter found = tw_before_after (&change, &(TwBootstrap) { 1, 100, 7 });

  g_assert_true (isfinite (found.elasticity.value) && isfinite (found.elasticity.low) &&
                 isfinite (found.elasticity.high) && isfinite (found.trend.value));
  return found.refusal;
}

static void
hostile_input_is_refused (void)
{
  TwDayPair good[28], bad[28], none[28] = { { 0 } }, huge[28];

  for (guint i = 0; i < 28; i++)
    {
      good[i] = bad[i] = (TwDayPair) { 5, 6 };
      huge[i] = (TwDayPair) { G_MAXDOUBLE, G_MAXDOUBLE };
    }
  bad[3].control = NAN;
  g_assert_cmpint (refusal_of (good, 28, good, 28, 1, 2), ==, TW_REFUSAL_NONE);
  g_assert_cmpint (refusal_of (good, 28, bad, 28, 1, 2), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (good, 28, none, 28, 1, 2), ==, TW_REFUSAL_NO_SOLUTION);
  g_assert_cmpint (refusal_of (good, 27, good, 28, 1, 2), ==, TW_REFUSAL_FEW_DAYS);
  g_assert_cmpint (refusal_of (good, 28, good, 1, 1, 2), ==, TW_REFUSAL_FEW_DAYS);
  g_assert_cmpint (refusal_of (NULL, 0, good, 28, 1, 2), ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (refusal_of (good, 28, good, 28, 2, 2), ==, TW_REFUSAL_FEW_PRICES);
  g_assert_cmpint (refusal_of (good, 28, good, 28, 0, 2), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (good, 28, good, 28, 1, INFINITY), ==, TW_REFUSAL_BAD_INPUT);
  refusal_of (huge, 28, good, 28, 1e-300, 1e300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/before-after/planted-elasticity-lies-in-its-interval",
                   planted_elasticity_lies_in_its_interval);
  g_test_add_func ("/models/before-after/trends-that-differ-are-warned-of", trends_that_differ_are_warned_of);
  g_test_add_func ("/models/before-after/the-formula-is-that-of-the-book", the_formula_is_that_of_the_book);
  g_test_add_func ("/models/before-after/the-plot-counts-weeks-from-the-change", the_plot_counts_weeks_from_the_change);
  g_test_add_func ("/models/before-after/hostile-input-is-refused", hostile_input_is_refused);
  return g_test_run ();
}
