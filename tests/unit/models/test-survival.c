/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/survival.h"
#include "tests/unit/models/chance.h"

/* Half of the cars gone before the operator's list ends are seen to go; the truth is exponential. */
static void
intervals_hold_the_planted_curve (void)
{
  enum { WORLDS = 400, CARS = 120 };
  TwDraw draw = { 11 };
  guint held = 0;
  double sum = 0;

  for (guint world = 0; world < WORLDS; world++)
    {
      TwLasting cars[CARS];
      g_autoptr (TwSurvival) survival = NULL;
      double truth = exp (-25 / 30.0);
      gsize step = 0;

      for (guint i = 0; i < CARS; i++)
        {
          double stays = draw_exponential (&draw, 30), seen = draw_exponential (&draw, 45);

          cars[i] = (TwLasting) { MIN (stays, seen), stays <= seen };
        }
      survival = tw_survival_new (cars, CARS);
      g_assert_cmpint (survival->refusal, ==, TW_REFUSAL_NONE);
      while (step + 1 < survival->n_steps && survival->steps[step + 1].time <= 25)
        step++;
      held += survival->steps[step].share.low <= truth && truth <= survival->steps[step].share.high;
      sum += survival->steps[step].share.value / WORLDS;
    }
  assert_share ("Kaplan-Meier at 25 min", held, WORLDS, 0.95);
  g_assert_cmpfloat_with_epsilon (sum, exp (-25 / 30.0), 0.01);
}

static void
open_sessions_are_no_ends (void)
{
  TwLasting cars[] = { { 10, TRUE }, { 20, FALSE }, { 30, TRUE }, { 40, FALSE } };
  g_autoptr (TwSurvival) survival = tw_survival_new (cars, G_N_ELEMENTS (cars));

  g_assert_cmpuint (survival->n_censored, ==, 2);
  g_assert_cmpuint (survival->n_steps, ==, 2);
  g_assert_cmpfloat (tw_survival_at (survival, 9.9), ==, 1);
  g_assert_cmpfloat_with_epsilon (tw_survival_at (survival, 29), 0.75, 1e-12);
  /* Two were there at 30: 3/4 × 1/2, by hand. */
  g_assert_cmpfloat_with_epsilon (tw_survival_at (survival, 1e9), 0.375, 1e-12);
  g_assert_true (survival->has_median);
  g_assert_cmpfloat (survival->median, ==, 30);
  g_assert_cmpfloat (survival->last, ==, 40);
}

static void
all_gone_at_once_and_none_gone_have_figures (void)
{
  TwLasting gone[] = { { 0, TRUE }, { 0, TRUE } }, here[] = { { 5, FALSE }, { 7, FALSE } };
  g_autoptr (TwSurvival) at_once = tw_survival_new (gone, 2);
  g_autoptr (TwSurvival) never = tw_survival_new (here, 2);

  g_assert_cmpuint (at_once->n_steps, ==, 1);
  g_assert_cmpfloat (at_once->steps[0].share.value, ==, 0);
  g_assert_cmpfloat (at_once->steps[0].share.low, ==, 0);
  g_assert_cmpfloat (at_once->steps[0].share.high, ==, 1);
  g_assert_cmpuint (never->n_steps, ==, 0);
  g_assert_false (never->has_median);
  g_assert_cmpfloat (tw_survival_at (never, 6), ==, 1);
}

static void
what_cannot_be_is_refused (void)
{
  TwLasting bad[][2] = {
    { { NAN, TRUE }, { 1, TRUE } }, { { 1, TRUE }, { -1, TRUE } }, { { INFINITY, FALSE }, { 1 } },
  };
  g_autoptr (TwSurvival) empty = tw_survival_new (NULL, 0);

  g_assert_cmpint (empty->refusal, ==, TW_REFUSAL_EMPTY);
  g_assert_cmpfloat (tw_survival_at (empty, 1), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (TwSurvival) survival = tw_survival_new (bad[i], 2);

      g_assert_cmpint (survival->refusal, ==, TW_REFUSAL_BAD_INPUT);
      g_assert_cmpuint (survival->n_steps, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/survival/intervals-hold-the-planted-curve", intervals_hold_the_planted_curve);
  g_test_add_func ("/models/survival/open-sessions-are-no-ends", open_sessions_are_no_ends);
  g_test_add_func ("/models/survival/all-gone-at-once-and-none-gone-have-figures",
                   all_gone_at_once_and_none_gone_have_figures);
  g_test_add_func ("/models/survival/what-cannot-be-is-refused", what_cannot_be_is_refused);
  return g_test_run ();
}
