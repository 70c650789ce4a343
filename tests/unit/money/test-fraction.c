/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/money/fraction.h"

static TwFraction
power_of_two (guint n)
{
  TwFraction power = tw_fraction (1, 1);

  for (guint i = 0; i < n; i++)
    power = tw_fraction_multiply (power, tw_fraction (2, 1));

  return power;
}

static void
assert_equal (TwFraction a,
              gint64     over,
              gint64     under)
{
  g_assert_true (tw_fraction_fits (a));
  g_assert_true (a.over == over);
  g_assert_true (a.under == under);
}

static void
test_arithmetic (void)
{
  assert_equal (tw_fraction (6, 4), 3, 2);
  assert_equal (tw_fraction (0, 9), 0, 1);
  assert_equal (tw_fraction_from_decimal ((TwDecimal) { -250, 3 }), -1, 4);
  assert_equal (tw_fraction_add (tw_fraction (1, 6), tw_fraction (1, 10)), 4, 15);
  assert_equal (tw_fraction_subtract (tw_fraction (1, 6), tw_fraction (1, 6)), 0, 1);
  assert_equal (tw_fraction_subtract (tw_fraction (1, 6), tw_fraction (1, 2)), -1, 3);
  assert_equal (tw_fraction_multiply (tw_fraction (-2, 3), tw_fraction (9, 4)), -3, 2);
  assert_equal (tw_fraction_divide (tw_fraction (1, 2), tw_fraction (-3, 4)), -2, 3);
  assert_equal (tw_fraction_divide (tw_fraction (0, 1), tw_fraction (3, 4)), 0, 1);
}

static void
test_compare (void)
{
  TwFraction huge = tw_fraction_subtract (power_of_two (119), tw_fraction (1, 1));
  TwFraction above = { huge.over, huge.over - 1 }, below = { huge.over - 1, huge.over - 2 };

  g_assert_cmpint (tw_fraction_compare (tw_fraction (1, 3), tw_fraction (2, 6)), ==, 0);
  g_assert_cmpint (tw_fraction_compare (tw_fraction (1, 3), tw_fraction (333333, 1000000)), ==, 1);
  g_assert_cmpint (tw_fraction_compare (tw_fraction (333333, 1000000), tw_fraction (1, 3)), ==, -1);
  g_assert_cmpint (tw_fraction_compare (tw_fraction (-1, 3), tw_fraction (-1, 2)), ==, 1);
  g_assert_cmpint (tw_fraction_compare (tw_fraction (-1, 3), tw_fraction (1, 3)), ==, -1);
  g_assert_cmpint (tw_fraction_compare (tw_fraction (2, 1), tw_fraction (5, 2)), ==, -1);
  /* n/(n-1) and (n-1)/(n-2) differ in the 72nd decimal: their cross products would not fit. */
  g_assert_cmpint (tw_fraction_compare (above, below), ==, -1);
  g_assert_cmpint (tw_fraction_compare (below, above), ==, 1);
}

static void
test_rounding (void)
{
  const struct { gint64 over, under, half_up, floor; } cases[] = {
    { 1, 2, 1, 0 }, { -1, 2, -1, -1 }, { 3, 2, 2, 1 }, { -3, 2, -2, -2 }, { 5, 2, 3, 2 }, { 499999, 1000000, 0, 0 },
    { 500001, 1000000, 1, 0 }, { -499999, 1000000, 0, -1 }, { 7, 1, 7, 7 }, { -7, 1, -7, -7 }, { 0, 5, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwFraction fraction = tw_fraction (cases[i].over, cases[i].under);
      gint64 whole;

      g_assert_true (tw_fraction_round_half_up (fraction, &whole));
      g_assert_cmpint (whole, ==, cases[i].half_up);
      g_assert_true (tw_fraction_floor (fraction, &whole));
      g_assert_cmpint (whole, ==, cases[i].floor);
    }
}

static void
test_too_large_stays_too_large (void)
{
  TwFraction large = power_of_two (120), too_large = power_of_two (121), tiny;
  gint64 whole;

  g_assert_true (tw_fraction_fits (large));
  g_assert_false (tw_fraction_fits (too_large));
  g_assert_false (tw_fraction_fits (tw_fraction_add (large, large)));
  g_assert_false (tw_fraction_fits (tw_fraction_multiply (too_large, tw_fraction (0, 1))));
  g_assert_false (tw_fraction_fits (tw_fraction_subtract (too_large, too_large)));
  g_assert_false (tw_fraction_fits (tw_fraction_divide (tw_fraction (1, 1), tw_fraction (0, 1))));
  tiny = tw_fraction_divide (tw_fraction (1, 1), large);
  g_assert_false (tw_fraction_fits (tw_fraction_add (tiny, tw_fraction (1, 3))));
  g_assert_false (tw_fraction_round_half_up (too_large, &whole));
  g_assert_false (tw_fraction_round_half_up (large, &whole));   /* fits, but not in an int64 */
  g_assert_null (tw_fraction_to_text (too_large, 0, 12, NULL));
}

static void
test_text (void)
{
  const struct { gint64 over, under; guint min, max; const char *text; gboolean cut; } cases[] = {
    { 1, 4, 0, 12, "0.25", FALSE }, { 1, 4, 2, 12, "0.25", FALSE }, { 11, 2, 2, 12, "5.50", FALSE },
    { 5, 1, 0, 12, "5", FALSE }, { 5, 1, 2, 12, "5.00", FALSE }, { 1, 3, 2, 12, "0.333333333333", TRUE },
    { 2, 3, 0, 3, "0.666", TRUE }, { -1, 8, 0, 12, "-0.125", FALSE }, { 49900, 8, 2, 12, "6237.50", FALSE },
    { 0, 1, 3, 12, "0.000", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean cut;
      g_autofree char *text = tw_fraction_to_text (tw_fraction (cases[i].over, cases[i].under),
                                                   cases[i].min, cases[i].max, &cut);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpint (cut, ==, cases[i].cut);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/fraction/arithmetic-is-exact", test_arithmetic);
  g_test_add_func ("/fraction/order-needs-no-product", test_compare);
  g_test_add_func ("/fraction/halves-go-away-from-zero", test_rounding);
  g_test_add_func ("/fraction/too-large-stays-too-large", test_too_large_stays_too_large);
  g_test_add_func ("/fraction/text-is-cut-and-says-so", test_text);

  return g_test_run ();
}
