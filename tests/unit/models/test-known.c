/* SPDX-License-Identifier: Apache-2.0 */
/* Against figures of tests/lib/models_oracle.py, whose key file is the argument. */
#include <math.h>

#include "payment/analytics/models/erlang.h"
#include "payment/analytics/models/holt-winters.h"
#include "payment/analytics/models/quantile.h"
#include "payment/analytics/models/regression.h"
#include "payment/analytics/models/survival.h"

static GKeyFile *known;

static double *
numbers (const char *group, const char *key, gsize *n)
{
  g_autoptr (GError) error = NULL;
  double *list = g_key_file_get_double_list (known, group, key, n, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (*n, >, 0);
  return list;
}

static void
assert_close (double found, double meant, double relative)
{
  g_assert_true (isfinite (found));
  g_assert_cmpfloat_with_epsilon (found, meant, relative * MAX (fabs (meant), 1e-6));
}

static void
erlang_b_and_c_are_the_sums_of_their_definition (void)
{
  gsize n;
  g_autofree double *loads = numbers ("erlang", "load", &n), *ports = numbers ("erlang", "ports", &n);
  g_autofree double *blocked = numbers ("erlang", "blocked", &n), *waits = numbers ("erlang", "waits", &n);

  for (gsize i = 0; i < n; i++)
    {
      TwQueue queue = tw_queue (loads[i] * 2, 0.5, 1, (guint) ports[i]);
      double found = 0;

      g_assert_cmpint (tw_erlang_b (loads[i], (guint) ports[i], &found), ==, TW_REFUSAL_NONE);
      assert_close (found, blocked[i], 1e-12);
      assert_close (queue.blocked, blocked[i], 1e-12);
      g_assert_cmpint (queue.refusal, ==, waits[i] < 0 ? TW_REFUSAL_UNSTABLE : TW_REFUSAL_NONE);
      assert_close (queue.waits, MAX (waits[i], 0), 1e-12);
    }
}

static void
student_is_the_integral_of_his_density (void)
{
  gsize n;
  g_autofree double *dofs = numbers ("student", "dof", &n), *t = numbers ("student", "t", &n);

  for (gsize i = 0; i < n; i++)
    assert_close (tw_student_975 ((guint) dofs[i]), t[i], 2e-7);
}

static void
kaplan_meier_is_its_definition (void)
{
  gsize n, n_steps, n_bounded;
  g_autofree double *times = numbers ("survival", "time", &n), *ended = numbers ("survival", "ended", &n);
  g_autofree double *at = numbers ("survival", "at", &n_steps), *shares = numbers ("survival", "share", &n_steps);
  g_autofree double *low = numbers ("survival", "low", &n_bounded), *high = numbers ("survival", "high", &n_bounded);
  g_autofree TwLasting *lastings = g_new (TwLasting, n);
  g_autoptr (TwSurvival) survival = NULL;

  for (gsize i = 0; i < n; i++)
    lastings[i] = (TwLasting) { times[i], ended[i] > 0 };
  survival = tw_survival_new (lastings, n);
  g_assert_cmpint (survival->refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpuint (survival->n_steps, ==, n_steps);
  for (gsize i = 0; i < n_steps; i++)
    {
      g_assert_cmpfloat (survival->steps[i].time, ==, at[i]);
      assert_close (survival->steps[i].share.value, shares[i], 1e-12);
      assert_close (tw_survival_at (survival, at[i]), shares[i], 1e-12);
      if (i < n_bounded)
        {
          assert_close (survival->steps[i].share.low, low[i], 1e-10);
          assert_close (survival->steps[i].share.high, high[i], 1e-10);
        }
    }
}

static void
holt_winters_is_its_recursion (void)
{
  gsize n, n_grid, n_ahead;
  g_autofree double *values = numbers ("forecast", "y", &n), *flags = numbers ("forecast", "known", &n);
  g_autofree double *grid = numbers ("forecast", "grid", &n_grid), *ahead = numbers ("forecast", "ahead", &n_ahead);
  g_autofree guint8 *is_known = g_new (guint8, n);
  g_autoptr (TwHoltWinters) model = NULL;
  TwSeries series = { values, is_known, n, 7, 1 };

  for (gsize i = 0; i < n; i++)
    {
      is_known[i] = flags[i] > 0;
      values[i] = flags[i] > 0 ? values[i] : NAN;
    }
  model = tw_holt_winters_new (&series, n);
  g_assert_cmpfloat (model->alpha, ==, grid[0]);
  g_assert_cmpfloat (model->beta, ==, grid[1]);
  g_assert_cmpfloat (model->gamma, ==, grid[2]);
  for (guint i = 0; i < n_ahead; i++)
    assert_close (tw_holt_winters_ahead (model, &series, i + 1), ahead[i], 1e-10);
}

static guint32 *
wholes (const char *key, gsize *n)
{
  g_autofree double *list = numbers ("demand", key, n);
  guint32 *whole = g_new (guint32, *n);

  for (gsize i = 0; i < *n; i++)
    whole[i] = (guint32) list[i];
  return whole;
}

static void
assert_coefficients (const TwRegression *found, const char *model)
{
  g_autofree char *error_key = g_strconcat (model, "_error", NULL);
  g_autofree char *cluster_key = g_strconcat (model, "_clusters", NULL);
  gsize n;
  g_autofree double *meant = numbers ("demand", model, &n), *errors = numbers ("demand", error_key, &n);
  g_autofree double *clusters = numbers ("demand", cluster_key, &n);
  double reach = tw_student_975 ((guint) clusters[0] - 1);

  g_assert_cmpint (found->refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpuint (found->n_clusters, ==, (gsize) clusters[0]);
  assert_close (found->elasticity.estimate.value, meant[0], 1e-8);
  assert_close (found->elasticity.error, errors[0], 1e-7);
  assert_close (found->elasticity.estimate.low, meant[0] - reach * errors[0], 1e-7);
  assert_close (found->elasticity.estimate.high, meant[0] + reach * errors[0], 1e-7);
  assert_close (found->flags[0].estimate.value, meant[1], 1e-8);
  assert_close (found->flags[0].error, errors[1], 1e-7);
}

static void
regressions_are_those_with_dummies (void)
{
  gsize n;
  g_autofree double *quantity = numbers ("demand", "quantity", &n), *price = numbers ("demand", "price", &n);
  g_autofree double *rain = numbers ("demand", "rain", &n);
  g_autofree guint32 *site = wholes ("site", &n), *day = wholes ("day", &n);
  g_autofree guint32 *hours = wholes ("week_hour", &n), *months = wholes ("month", &n);
  g_autofree guint8 *week_hour = g_new (guint8, n);
  g_autofree guint16 *month = g_new (guint16, n);
  TwDemand demand = {
    .n = n, .quantity = quantity, .price = price, .site = site, .day = day, .week_hour = week_hour, .month = month,
    .n_sites = 4, .n_months = 3, .flags = rain, .n_flags = 1,
  };
  TwRegression found;

  for (gsize i = 0; i < n; i++)
    {
      week_hour[i] = (guint8) hours[i];
      month[i] = (guint16) months[i];
    }
  found = tw_regression (&demand, TW_REGRESSION_POISSON);
  assert_coefficients (&found, "poisson");
  found = tw_regression (&demand, TW_REGRESSION_LOG_LOG);
  assert_coefficients (&found, "log_log");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  known = g_key_file_new ();
  g_key_file_load_from_file (known, argv[1], G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  g_test_add_func ("/models/known/erlang-b-and-c-are-the-sums-of-their-definition",
                   erlang_b_and_c_are_the_sums_of_their_definition);
  g_test_add_func ("/models/known/student-is-the-integral-of-his-density", student_is_the_integral_of_his_density);
  g_test_add_func ("/models/known/kaplan-meier-is-its-definition", kaplan_meier_is_its_definition);
  g_test_add_func ("/models/known/holt-winters-is-its-recursion", holt_winters_is_its_recursion);
  g_test_add_func ("/models/known/regressions-are-those-with-dummies", regressions_are_those_with_dummies);
  result = g_test_run ();
  g_key_file_unref (known);
  return result;
}
