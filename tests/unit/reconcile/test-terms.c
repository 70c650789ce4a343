/* SPDX-License-Identifier: Apache-2.0 */
/* Days by a calendar: 1970-01-01 was a Thursday, 2026-11-20 (day 20777) a Friday. */
#include "payment/reconcile/terms.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static void
test_a_tolerance_is_the_larger_of_two (void)
{
  TwTolerance tolerance = { .absolute_e6 = 20000, .percent_e6 = 100000 };   /* 0.02 or 0.1 % */

  g_assert_true (tw_within (tolerance, "EUR", 2, 10));
  g_assert_false (tw_within (tolerance, "EUR", 3, 10));
  g_assert_true (tw_within (tolerance, "EUR", -3, 3000));
  g_assert_false (tw_within (tolerance, "EUR", 3, 2999));
  g_assert_false (tw_within ((TwTolerance) { 0 }, "EUR", 1, G_MAXINT64));
  g_assert_true (tw_within ((TwTolerance) { 0 }, "EUR", 0, 0));
  g_assert_false (tw_within (tolerance, "JPY", 2, 10));   /* 0.02 JPY is no yen */
  g_assert_true (tw_within (tolerance, "KWD", 20, 10));
}

static void
test_a_percentage_is_rounded_half_away (void)
{
  g_assert_cmpint (tw_percent_of (1000, 1500000), ==, 15);
  g_assert_cmpint (tw_percent_of (50, 1000000), ==, 1);
  g_assert_cmpint (tw_percent_of (-50, 1000000), ==, -1);
  g_assert_cmpint (tw_percent_of (49, 1000000), ==, 0);
}

static void
test_weekends_are_not_banking_days (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  g_assert_cmpint (tw_banking_day_after (20777, 0), ==, 20777);
  g_assert_cmpint (tw_banking_day_after (20777, 1), ==, 20780);    /* Friday + 1: Monday */
  g_assert_cmpint (tw_banking_day_after (20777, 5), ==, 20784);
  g_assert_cmpint (tw_banking_day_after (20778, 1), ==, 20780);    /* Saturday + 1: Monday */
  g_assert_cmpint (tw_banking_day_after (20776, 3), ==, 20781);    /* Thursday + 3: Tuesday */
  g_assert_cmpint (tw_banking_instant_after (zone, 20777 * DAY_US + 5, 1), ==, 20780 * DAY_US + 5);
}

static void
test_a_day_is_the_sites_own (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (2 * 3600);

  g_assert_cmpint (tw_local_day (zone, 0), ==, 0);
  g_assert_cmpint (tw_local_day (zone, DAY_US - G_USEC_PER_SEC), ==, 1);
  g_assert_cmpint (tw_local_day (zone, -3 * G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile/terms/a-tolerance-is-the-larger-of-two", test_a_tolerance_is_the_larger_of_two);
  g_test_add_func ("/reconcile/terms/a-percentage-is-rounded-half-away", test_a_percentage_is_rounded_half_away);
  g_test_add_func ("/reconcile/terms/weekends-are-not-banking-days", test_weekends_are_not_banking_days);
  g_test_add_func ("/reconcile/terms/a-day-is-the-sites-own", test_a_day_is_the_sites_own);
  return g_test_run ();
}
