/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "payment/money/decimal.h"

static const struct { const char *text; guint max_scale; gint64 units; guint scale; const char *back; } good[] = {
  { "0", 6, 0, 0, "0" }, { "-0", 6, 0, 0, "0" }, { "0.00", 6, 0, 2, "0.00" }, { "0.25", 6, 25, 2, "0.25" },
  { "0.250", 6, 250, 3, "0.250" }, { "-1.5", 6, -15, 1, "-1.5" }, { "0.123456", 6, 123456, 6, "0.123456" },
  { "0.1234560", 6, 123456, 6, "0.123456" }, { "12", 0, 12, 0, "12" }, { "12.0", 0, 12, 0, "12" },
  { "1e2", 6, 100, 0, "100" }, { "1E+2", 6, 100, 0, "100" }, { "25e-2", 6, 25, 2, "0.25" },
  { "2.5E-1", 6, 25, 2, "0.25" }, { "0.0000001e7", 6, 1, 0, "1" }, { "0e60", 6, 0, 0, "0" },
  { "0e-60", 6, 0, 6, "0.000000" },
  { "100e-8", 6, 1, 6, "0.000001" }, { "9223372036854775807", 0, G_MAXINT64, 0, "9223372036854775807" },
  { "-9223372036854775808", 0, G_MININT64, 0, "-9223372036854775808" },
  { "9223372036854.775807", 6, G_MAXINT64, 6, "9223372036854.775807" },
  { "0.2500000000000000000000000000000000000000000000000000000000000000000000000000", 6, 250000, 6, "0.250000" },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *back = NULL;
      TwDecimal decimal;

      g_test_message ("%s", good[i].text);
      g_assert_true (tw_decimal_parse (good[i].text, good[i].max_scale, &decimal, &error));
      g_assert_no_error (error);
      g_assert_cmpint (decimal.units, ==, good[i].units);
      g_assert_cmpuint (decimal.scale, ==, good[i].scale);
      back = tw_decimal_to_text (decimal);
      g_assert_cmpstr (back, ==, good[i].back);
    }
}

static void
test_bad (void)
{
  const struct { const char *text; guint max_scale; } bad[] = {
    { "", 6 }, { "-", 6 }, { "+1", 6 }, { ".5", 6 }, { "5.", 6 }, { "01", 6 }, { "-01", 6 }, { "1e", 6 }, { "1e+", 6 },
    { "1.e2", 6 }, { "1 ", 6 }, { " 1", 6 }, { "1,5", 6 }, { "NaN", 6 }, { "Infinity", 6 }, { "0x1", 6 },
    { "1.5.5", 6 },
    { "0.1234567", 6 }, { "19.12345", 4 }, { "1e-7", 6 }, { "0.5", 0 }, { "9223372036854775808", 6 },
    { "-9223372036854775809", 6 }, { "1e19", 6 }, { "1e999999999999", 6 }, { "1e-999999999999", 6 },
    { "0.00000000000000000000000000000000000000000000000000000000000000000000000001", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      TwDecimal decimal;

      g_test_message ("%s", bad[i].text);
      g_assert_false (tw_decimal_parse (bad[i].text, bad[i].max_scale, &decimal, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/decimal/numbers-are-read-exactly", test_good);
  g_test_add_func ("/decimal/what-is-no-such-number-is-refused", test_bad);

  return g_test_run ();
}
