/* SPDX-License-Identifier: Apache-2.0 */
/* Meter values as digits, and the times of readings. The expected values were computed by Python's decimal and
 * datetime. */
#include "payment/ocmf/moment.h"
#include "payment/ocmf/quantity.h"

static void
test_numbers (void)
{
  static const struct { const char *text, *plain; guint decimals; } cases[] = {
    { "0", "0", 0 }, { "0.000", "0", 3 }, { "2935.600", "2935.6", 3 }, { "1e3", "1000", 0 }, { "1.25E+1", "12.5", 1 },
    { "0.001e-2", "0.00001", 5 }, { "125e-2", "1.25", 2 }, { "-1.5", "-1.5", 1 }, { "0e999999", "0", 0 },
    { "9999999999999999999999999999999999999999", "9999999999999999999999999999999999999999", 0 },
    { "1e39", "1000000000000000000000000000000000000000", 0 },
    { "1e-39", "0.000000000000000000000000000000000000001", 39 },
    { "0.000000000000000000000000000000000000001", "0.000000000000000000000000000000000000001", 39 },
    { "123456789012345678901234567890.1234567890", "123456789012345678901234567890.123456789", 10 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwOcmfQuantity quantity;
      g_autofree char *plain = NULL;

      g_assert_true (tw_ocmf_quantity_parse (cases[i].text, &quantity));
      plain = tw_ocmf_quantity_to_text (&quantity);
      g_assert_cmpstr (plain, ==, cases[i].plain);
      g_assert_cmpuint (quantity.decimals, ==, cases[i].decimals);
    }
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "-0", "-0.00", "-0e5", "1e40", "1e-40", "1e999999", "1e-999999", "1e99999999999999999999", "0e-40",
    "99999999999999999999999999999999999999999", "1.0000000000000000000000000000000000000000",
    "0.0000000000000000000000000000000000000001",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwOcmfQuantity quantity;

      g_test_message ("%s", cases[i]);
      g_assert_false (tw_ocmf_quantity_parse (cases[i], &quantity));
    }
}

static void
test_difference (void)
{
  static const struct { const char *from, *to, *wh; } cases[] = {
    { "2935.600", "2945.123", "9523" }, { "0.1", "0.3", "200" }, { "1.0", "2.3456", "1345.6" }, { "5", "5", "0" },
    { "0.999999", "1", "0.001" }, { "1e3", "1000.5", "500" },
    { "0", "9999999999999999999999999999999999999999", "9999999999999999999999999999999999999999000" },
    { "9999999999999999999999999999999999999.998", "9999999999999999999999999999999999999.999", "1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwOcmfQuantity from, to, difference;
      g_autofree char *wh = NULL;

      g_assert_true (tw_ocmf_quantity_parse (cases[i].from, &from) && tw_ocmf_quantity_parse (cases[i].to, &to));
      g_assert_cmpint (tw_ocmf_quantity_compare (&from, &to), ==, g_str_equal (cases[i].wh, "0") ? 0 : -1);
      g_assert_cmpint (tw_ocmf_quantity_compare (&to, &from), ==, g_str_equal (cases[i].wh, "0") ? 0 : 1);
      tw_ocmf_quantity_kilo (&from);
      tw_ocmf_quantity_kilo (&to);
      tw_ocmf_quantity_subtract (&to, &from, &difference);
      wh = tw_ocmf_quantity_to_text (&difference);
      g_assert_cmpstr (wh, ==, cases[i].wh);
    }
}

static void
test_moments (void)
{
  static const struct { const char *text; gint64 ms; char state; } cases[] = {
    { "1970-01-01T00:00:00,000+0000 S", 0, 'S' },
    { "2026-03-01T13:22:04,000+0100 S", 1772367724000, 'S' },
    { "2026-03-01T13:22:04,999-0530 R", 1772391124999, 'R' },
    { "2024-02-29T23:59:59,500+0000 I", 1709251199500, 'I' },
    { "2016-12-31T23:59:60,000+0000 U", 1483228800000, 'U' },
  };
  static const char *const refused[] = {
    NULL, "", "2026-03-01T13:22:04,000+0100", "2026-03-01T13:22:04.000+0100 S", "2026-03-01T13:22:04,000+01:00 S",
    "2026-02-29T13:22:04,000+0100 S", "2026-03-01T24:22:04,000+0100 S", "2026-03-01T13:60:04,000+0100 S",
    "2026-03-01T13:22:04,000+0100 X", "2026-03-01T13:22:04,000+0100  S", "2026-03-01T13:22:04,000+9900 S",
    "0000-03-01T13:22:04,000+0100 S", "2026-03-01 13:22:04,000+0100 S", "2026-03-01T13:22:04,000+0100 S ",
    "%n26-03-01T13:22:04,000+0100 S",
  };
  char state;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (tw_ocmf_moment (cases[i].text, &state), ==, cases[i].ms * 1000);
      g_assert_cmpint (state, ==, cases[i].state);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_cmpint (tw_ocmf_moment (refused[i], &state), ==, G_MININT64);
      g_assert_cmpint (state, ==, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ocmf/quantity/numbers-keep-their-digits", test_numbers);
  g_test_add_func ("/ocmf/quantity/what-is-not-exact-in-forty-digits-is-refused", test_refused);
  g_test_add_func ("/ocmf/quantity/differences-are-exact", test_difference);
  g_test_add_func ("/ocmf/moment/times-are-instants", test_moments);

  return g_test_run ();
}
