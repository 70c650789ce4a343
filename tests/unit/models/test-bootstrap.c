/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/bootstrap.h"
#include "payment/analytics/models/quantile.h"
#include "tests/unit/models/chance.h"

typedef struct { double numbers[64]; guint32 n; } Sample;

static gboolean
mean_of (gpointer data, const guint32 *drawn, double *values)
{
  Sample *sample = data;

  values[0] = 0;
  for (guint32 i = 0; i < sample->n; i++)
    values[0] += sample->numbers[drawn[i]] / sample->n;
  return TRUE;
}

/* Weeks are few: so must the interval be wide. */
static void
intervals_of_a_mean_hold_it (void)
{
  enum { WORLDS = 400 };
  guint32 sizes[] = { 8, 13, 52 };
  TwDraw draw = { 5 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint held = 0;

      for (guint world = 0; world < WORLDS; world++)
        {
          TwBootstrap boot = { tw_draw_next (&draw), 400, 1 };
          Sample sample = { .n = sizes[i] };
          TwEstimate estimate;

          for (guint32 k = 0; k < sample.n; k++)
            sample.numbers[k] = 3 + draw_normal (&draw);
          g_assert_cmpint (tw_bootstrap (&boot, &sample.n, 1, mean_of, &sample, 1, &estimate), ==, TW_REFUSAL_NONE);
          held += estimate.low <= 3 && 3 <= estimate.high;
        }
      assert_share ("bootstrap of a mean", held, WORLDS, 0.95);
    }
}

static void
a_seed_repeats_it_and_another_does_not (void)
{
  Sample sample = { { 1, 2, 4, 8, 16, 32, 64, 128 }, 8 };
  TwEstimate first, again, other;

  tw_bootstrap (&(TwBootstrap) { 7, 1000, 1 }, &sample.n, 1, mean_of, &sample, 1, &first);
  tw_bootstrap (&(TwBootstrap) { 7, 1000, 1 }, &sample.n, 1, mean_of, &sample, 1, &again);
  tw_bootstrap (&(TwBootstrap) { 8, 1000, 1 }, &sample.n, 1, mean_of, &sample, 1, &other);
  g_assert_cmpfloat (first.value, ==, 255 / 8.0);
  g_assert_cmpfloat (first.low, ==, again.low);
  g_assert_cmpfloat (first.high, ==, again.high);
  g_assert_true (first.low < other.low || first.low > other.low || first.high < other.high || first.high > other.high);
}

/* Every block is of neighbours, every unit of its own group. */
static gboolean
look_at_blocks (gpointer data, const guint32 *drawn, double *values)
{
  for (guint i = 0; i < 28; i++)
    {
      g_assert_cmpuint (drawn[i], <, 28);
      g_assert_true (i % 7 == 0 || drawn[i] == (drawn[i - 1] + 1) % 28);
    }
  for (guint i = 0; i < 30; i++)
    {
      g_assert_cmpuint (drawn[28 + i], <, 30);
      g_assert_true (i % 7 == 0 || drawn[28 + i] == (drawn[27 + i] + 1) % 30);
    }
  values[0] = ++*(guint *) data;
  return TRUE;
}

static void
blocks_are_of_neighbours (void)
{
  TwEstimate estimate;
  guint n = 0;

  g_assert_cmpint (tw_bootstrap (&(TwBootstrap) { 7, 500, 7 }, (guint32[]) { 28, 30 }, 2, look_at_blocks, &n, 1,
                                 &estimate), ==, TW_REFUSAL_NONE);
  g_assert_cmpuint (n, ==, 501);
}

static gboolean
never (gpointer data, const guint32 *drawn, double *values)
{
  values[0] = NAN;
  return TRUE;
}

static gboolean
only_as_they_are (gpointer data, const guint32 *drawn, double *values)
{
  values[0] = 1;
  return drawn[0] == 0 && drawn[1] == 1 && drawn[2] == 2 && drawn[3] == 3;
}

static void
what_has_no_interval_is_refused (void)
{
  TwBootstrap boot = { 7, 100, 1 };
  TwEstimate estimate = { 1, 1, 1 };
  guint32 four = 4, three = 3, none = 0, huge = G_MAXUINT32;

  g_assert_cmpint (tw_bootstrap (&boot, &four, 1, never, NULL, 1, &estimate), ==, TW_REFUSAL_NO_SOLUTION);
  g_assert_cmpint (tw_bootstrap (&boot, &four, 1, only_as_they_are, NULL, 1, &estimate), ==, TW_REFUSAL_NO_SOLUTION);
  g_assert_cmpfloat (estimate.value, ==, 0);
  g_assert_cmpint (tw_bootstrap (&boot, &three, 1, never, NULL, 1, &estimate), ==, TW_REFUSAL_FEW_DAYS);
  g_assert_cmpint (tw_bootstrap (&boot, &none, 1, never, NULL, 1, &estimate), ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (tw_bootstrap (&boot, &huge, 1, never, NULL, 1, &estimate), ==, TW_REFUSAL_TOO_LARGE);
  boot.block = 0;
  g_assert_cmpint (tw_bootstrap (&boot, &four, 1, never, NULL, 1, &estimate), ==, TW_REFUSAL_BAD_INPUT);
}

/* The first numbers of SplitMix64 from seed 0, worked out in Python from the paper's algorithm. */
static void
draws_are_those_of_the_paper (void)
{
  TwDraw draw = { 0 };
  guint counts[7] = { 0 };

  g_assert_cmphex (tw_draw_next (&draw), ==, G_GUINT64_CONSTANT (0xe220a8397b1dcdaf));
  g_assert_cmphex (tw_draw_next (&draw), ==, G_GUINT64_CONSTANT (0x6e789e6aa1b965f4));
  for (guint i = 0; i < 70000; i++)
    counts[tw_draw_below (&draw, 7)]++;
  for (guint i = 0; i < 7; i++)
    assert_share ("one of seven", counts[i], 70000, 1 / 7.0);
}

static void
quantiles_stay_within_the_sample (void)
{
  double numbers[] = { 1, 2, 4, 8 };

  g_assert_cmpfloat (tw_quantile (numbers, 4, 0), ==, 1);
  g_assert_cmpfloat (tw_quantile (numbers, 4, 0.5), ==, 3);
  g_assert_cmpfloat (tw_quantile (numbers, 4, 0.4), ==, 2);
  g_assert_cmpfloat (tw_quantile (numbers, 4, 1), ==, 8);
  g_assert_cmpfloat (tw_quantile (numbers, 1, 0.1), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/bootstrap/intervals-of-a-mean-hold-it", intervals_of_a_mean_hold_it);
  g_test_add_func ("/models/bootstrap/a-seed-repeats-it-and-another-does-not", a_seed_repeats_it_and_another_does_not);
  g_test_add_func ("/models/bootstrap/blocks-are-of-neighbours", blocks_are_of_neighbours);
  g_test_add_func ("/models/bootstrap/what-has-no-interval-is-refused", what_has_no_interval_is_refused);
  g_test_add_func ("/models/bootstrap/draws-are-those-of-the-paper", draws_are_those_of_the_paper);
  g_test_add_func ("/models/bootstrap/quantiles-stay-within-the-sample", quantiles_stay_within_the_sample);
  return g_test_run ();
}
