/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/regression.h"
#include "tests/unit/models/chance.h"

#define ELASTICITY (-0.8)
#define MOST 8192u

typedef struct
{
  TwDemand demand;
  double quantity[MOST], price[MOST];
  guint32 site[MOST], day[MOST];
  guint8 week_hour[MOST], excluded[MOST];
  guint16 month[MOST];
} World;

static World *
world_new (guint n_sites)
{
  World *self = g_new0 (World, 1);

  self->demand = (TwDemand) {
    .quantity = self->quantity, .price = self->price, .site = self->site, .day = self->day,
    .week_hour = self->week_hour, .month = self->month, .n_sites = n_sites, .n_months = 2,
  };
  return self;
}

static void
add (World *self, double quantity, double price, guint32 site, guint32 day, guint hour)
{
  gsize i = self->demand.n++;

  g_assert_cmpuint (i, <, MOST);
  self->quantity[i] = quantity;
  self->price[i] = price;
  self->site[i] = site;
  self->day[i] = day;
  self->week_hour[i] = (guint8) (day % 7 * 24 + hour);
  self->month[i] = (guint16) (day / 30 % 2);
}

/* Each site tries prices week by week as chance has it; the rows of a site-day share a weather, which is why they are
 * one cluster. A quarter of the hours has no sale. */
static void
live (World *self, TwDraw *draw, guint n_days, double weather)
{
  for (guint32 site = 0; site < self->demand.n_sites; site++)
    {
      double price = 0.4;

      for (guint32 day = 0; day < n_days; day++)
        {
          double shock = exp (weather * draw_normal (draw) - weather * weather / 2);

          if (day % 7 == 0)
            price = 0.35 + 0.05 * tw_draw_below (draw, 8);
          for (guint hour = 6; hour < 22; hour += 4)
            {
              double mean = exp (0.1 * site + 0.03 * hour + 0.2 * (day % 7 == 5) + 0.3 * (day / 30 % 2) - 0.6 +
                                 ELASTICITY * log (price / 0.5));

              add (self, draw_poisson (draw, mean * shock), price, site, day, hour);
            }
        }
    }
}

static void
planted_elasticity_lies_in_its_interval (void)
{
  enum { WORLDS = 200 };
  double weathers[] = { 0, 0.5 };
  TwDraw draw = { 41 };

  for (guint k = 0; k < G_N_ELEMENTS (weathers); k++)
    {
      guint held = 0;
      double sum = 0;

      for (guint i = 0; i < WORLDS; i++)
        {
          g_autofree World *world = world_new (5);
          TwRegression found;

          live (world, &draw, 56, weathers[k]);
          found = tw_regression (&world->demand, TW_REGRESSION_POISSON);
          g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
          g_assert_cmpuint (found.n_clusters, ==, 5 * 56);
          held += found.elasticity.estimate.low <= ELASTICITY && ELASTICITY <= found.elasticity.estimate.high;
          sum += found.elasticity.estimate.value / WORLDS;
        }
      assert_share ("Poisson", held, WORLDS, 0.95);
      g_assert_cmpfloat_with_epsilon (sum, ELASTICITY, 0.05);
    }
}

/* The logarithm of a large quantity hides no zeros. */
static void
log_log_finds_it_where_nothing_is_zero (void)
{
  enum { WORLDS = 200 };
  TwDraw draw = { 42 };
  guint held = 0;

  for (guint i = 0; i < WORLDS; i++)
    {
      g_autofree World *world = world_new (4);
      TwRegression found;

      live (world, &draw, 42, 0);
      for (gsize row = 0; row < world->demand.n; row++)
        world->quantity[row] = exp (ELASTICITY * log (world->price[row]) + 0.4 * draw_normal (&draw));
      found = tw_regression (&world->demand, TW_REGRESSION_LOG_LOG);
      g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
      held += found.elasticity.estimate.low <= ELASTICITY && ELASTICITY <= found.elasticity.estimate.high;
    }
  assert_share ("log-log", held, WORLDS, 0.95);
}

static void
hours_limited_by_connectors_are_left_out (void)
{
  g_autofree World *world = world_new (5);
  TwDraw draw = { 43 };
  TwRegression clean, spoiled, without;

  live (world, &draw, 56, 0);
  clean = tw_regression (&world->demand, TW_REGRESSION_POISSON);
  for (gsize i = 0; i < world->demand.n; i += 5)
    {
      world->quantity[i] = 40 * world->price[i];
      world->excluded[i] = 1;
    }
  spoiled = tw_regression (&world->demand, TW_REGRESSION_POISSON);
  world->demand.excluded = world->excluded;
  without = tw_regression (&world->demand, TW_REGRESSION_POISSON);
  g_assert_cmpuint (without.n_excluded, ==, (world->demand.n + 4) / 5);
  g_assert_cmpuint (without.n, ==, world->demand.n - without.n_excluded - without.n_empty);
  g_assert_cmpfloat (spoiled.elasticity.estimate.value, >, 0);
  g_assert_cmpfloat_with_epsilon (without.elasticity.estimate.value, clean.elasticity.estimate.value,
                                  2 * clean.elasticity.error);
}

static void
a_scale_changes_nothing_and_dead_sites_neither (void)
{
  g_autofree World *world = world_new (6);
  TwDraw draw = { 44 };
  TwRegression before, after;

  world->demand.n_sites = 5;
  live (world, &draw, 56, 0);
  before = tw_regression (&world->demand, TW_REGRESSION_POISSON);
  for (gsize i = 0; i < world->demand.n; i++)
    {
      world->quantity[i] *= 1e-3;
      world->price[i] *= 100;
    }
  world->demand.n_sites = 6;
  for (guint32 day = 0; day < 20; day++)
    add (world, 0, day < 10 ? 30 : 50, 5, day, 12);
  after = tw_regression (&world->demand, TW_REGRESSION_POISSON);
  g_assert_cmpuint (after.n_empty, ==, before.n_empty + 20);
  g_assert_cmpfloat_with_epsilon (after.elasticity.estimate.value, before.elasticity.estimate.value, 1e-7);
  g_assert_cmpfloat_with_epsilon (after.elasticity.error, before.elasticity.error, 1e-7);
}

/* Two sites were only there in the one month, two only in the other: what a month does, the sites do already. */
static void
effects_that_explain_each_other_change_nothing (void)
{
  TwRegressionModel models[] = { TW_REGRESSION_POISSON, TW_REGRESSION_LOG_LOG };
  g_autofree World *world = world_new (4);
  TwDraw draw = { 49 };

  live (world, &draw, 56, 0);
  for (gsize i = 0; i < world->demand.n; i++)
    world->month[i] = (guint16) (world->site[i] / 2);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      TwRegression with = tw_regression (&world->demand, models[i]), without;
      g_autofree guint16 *none = g_new0 (guint16, world->demand.n);
      TwDemand demand = world->demand;

      demand.month = none;
      without = tw_regression (&demand, models[i]);
      g_assert_cmpint (with.refusal, ==, TW_REFUSAL_NONE);
      g_assert_cmpfloat_with_epsilon (with.elasticity.estimate.value, without.elasticity.estimate.value, 1e-8);
      g_assert_cmpfloat_with_epsilon (with.elasticity.error, without.elasticity.error, 1e-8);
    }
}

typedef enum { ONE_PRICE, ROUNDED, BY_HOUR, BY_HOUR_AND_SITE, BY_MONTH, NO_SALE_WHEN_DEAR, FREE } Pricing;

static double
price_of (Pricing pricing, guint32 site, guint32 day, guint hour)
{
  switch (pricing)
    {
    case BY_HOUR:
      return hour > 12 ? 0.6 : 0.4;
    case BY_HOUR_AND_SITE:
      return hour > 8 + site * 4 ? 0.6 : 0.4;
    case BY_MONTH:
      return day / 30 % 2 == 0 ? 0.4 : 0.6;
    case NO_SALE_WHEN_DEAR:
      return day % 5 == site ? 0.6 : 0.4;
    case ROUNDED:
      return 0.49 + (day * 7 + hour) % 10 * 0.0004;
    case FREE:
      return 0;
    case ONE_PRICE:
    default:
      return 0.4;
    }
}

static TwRefusal
refusal_of (Pricing pricing, guint n_days, TwRegressionModel model)
{
  g_autofree World *world = world_new (3);
  TwDraw draw = { 45 };
  TwRegression found;

  for (guint32 site = 0; site < 3; site++)
    for (guint32 day = 0; day < n_days; day++)
      for (guint hour = 6; hour < 22; hour += 4)
        {
          double price = price_of (pricing, site, day, hour);

          add (world, pricing == NO_SALE_WHEN_DEAR && price > 0.5 ? 0 : 1 + draw_poisson (&draw, 3), price, site, day,
               hour);
        }
  found = tw_regression (&world->demand, model);
  g_assert_cmpfloat (found.elasticity.error, ==, 0);
  return found.refusal;
}

static void
what_cannot_be_told_is_refused (void)
{
  TwRegressionModel models[] = { TW_REGRESSION_POISSON, TW_REGRESSION_LOG_LOG };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_assert_cmpint (refusal_of (ONE_PRICE, 56, models[i]), ==, TW_REFUSAL_FEW_PRICES);
      g_assert_cmpint (refusal_of (ROUNDED, 56, models[i]), ==, TW_REFUSAL_FEW_PRICES);
      g_assert_cmpint (refusal_of (BY_HOUR, 56, models[i]), ==, TW_REFUSAL_PRICE_BY_CLOCK);
      g_assert_cmpint (refusal_of (BY_HOUR_AND_SITE, 56, models[i]), ==, TW_REFUSAL_PRICE_BY_CLOCK);
      g_assert_cmpint (refusal_of (BY_MONTH, 60, models[i]), ==, TW_REFUSAL_COLLINEAR);
      g_assert_cmpint (refusal_of (NO_SALE_WHEN_DEAR, 9, models[i]), ==,
                       models[i] == TW_REGRESSION_POISSON ? TW_REFUSAL_FEW_CLUSTERS : TW_REFUSAL_FEW_PRICES);
      g_assert_cmpint (refusal_of (FREE, 56, models[i]), ==, TW_REFUSAL_EMPTY);
    }
  g_assert_cmpint (refusal_of (NO_SALE_WHEN_DEAR, 56, TW_REGRESSION_POISSON), ==, TW_REFUSAL_NO_SOLUTION);
}

static void
flags_that_say_nothing_are_refused (void)
{
  g_autofree World *world = world_new (5);
  g_autofree double *flags = g_new0 (double, 2 * MOST);
  TwDraw draw = { 46 };

  live (world, &draw, 56, 0);
  world->demand.flags = flags;
  world->demand.n_flags = 1;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_COLLINEAR);
  world->demand.n_flags = 2;
  for (gsize i = 0; i < world->demand.n; i++)
    flags[2 * i] = flags[2 * i + 1] = draw_normal (&draw);
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_COLLINEAR);
  world->demand.n_flags = TW_DEMAND_FLAGS + 1;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_BAD_INPUT);
}

static void
hostile_rows_are_refused (void)
{
  double bad[] = { NAN, INFINITY, -1 };
  g_autofree World *world = world_new (5);
  TwDraw draw = { 47 };
  TwRegression found;

  live (world, &draw, 56, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      world->quantity[77] = bad[i];
      g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_BAD_INPUT);
      world->quantity[77] = 1;
      world->price[77] = bad[i];
      g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_LOG_LOG).refusal, ==, TW_REFUSAL_BAD_INPUT);
      world->price[77] = 1;
    }
  world->site[77] = 5;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_BAD_INPUT);
  world->site[77] = 0;
  world->week_hour[77] = 168;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_BAD_INPUT);
  world->week_hour[77] = 0;
  world->demand.n_sites = G_MAXUINT;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_TOO_LARGE);
  world->demand.n_sites = 5;
  world->demand.n = 1;
  world->quantity[0] = 1;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_FEW_PRICES);
  world->demand.n = 0;
  g_assert_cmpint (tw_regression (&world->demand, TW_REGRESSION_POISSON).refusal, ==, TW_REFUSAL_EMPTY);
  found = tw_regression (&world->demand, TW_REGRESSION_LOG_LOG);
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_EMPTY);
}

/* Numbers at the ends of what a double holds: an answer or a refusal, and never a number that is none. */
static void
extremes_give_numbers_or_a_refusal (void)
{
  double ends[] = { G_MAXDOUBLE, G_MINDOUBLE, 5e-324, 1e150, 1e-150 };
  TwDraw draw = { 48 };

  for (guint i = 0; i < 4 * G_N_ELEMENTS (ends); i++)
    {
      g_autofree World *world = world_new (4);
      double end = ends[i / 4];
      TwRegression found;

      live (world, &draw, 28, 0);
      for (gsize row = 0; row < world->demand.n; row += i % 2 == 0 ? 1 : 50)
        *(i % 4 < 2 ? &world->quantity[row] : &world->price[row]) = end;
      for (TwRegressionModel model = TW_REGRESSION_POISSON; model <= TW_REGRESSION_LOG_LOG; model++)
        {
          found = tw_regression (&world->demand, model);
          g_assert_true (isfinite (found.elasticity.estimate.value) && isfinite (found.elasticity.error) &&
                         isfinite (found.elasticity.estimate.low) && isfinite (found.elasticity.estimate.high));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/regression/planted-elasticity-lies-in-its-interval",
                   planted_elasticity_lies_in_its_interval);
  g_test_add_func ("/models/regression/log-log-finds-it-where-nothing-is-zero", log_log_finds_it_where_nothing_is_zero);
  g_test_add_func ("/models/regression/hours-limited-by-connectors-are-left-out",
                   hours_limited_by_connectors_are_left_out);
  g_test_add_func ("/models/regression/a-scale-changes-nothing-and-dead-sites-neither",
                   a_scale_changes_nothing_and_dead_sites_neither);
  g_test_add_func ("/models/regression/effects-that-explain-each-other-change-nothing",
                   effects_that_explain_each_other_change_nothing);
  g_test_add_func ("/models/regression/what-cannot-be-told-is-refused", what_cannot_be_told_is_refused);
  g_test_add_func ("/models/regression/flags-that-say-nothing-are-refused", flags_that_say_nothing_are_refused);
  g_test_add_func ("/models/regression/hostile-rows-are-refused", hostile_rows_are_refused);
  g_test_add_func ("/models/regression/extremes-give-numbers-or-a-refusal", extremes_give_numbers_or_a_refusal);
  return g_test_run ();
}
