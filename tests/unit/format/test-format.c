/* SPDX-License-Identifier: Apache-2.0 */
/* In what is expected here "~" stands for a non-breaking space, and no other space may come. */
#include "ui/format.h"

#include <string.h>

static void
assert_text (char       *actual,
             const char *expected)
{
  g_autofree char *text = actual;
  g_auto (GStrv) parts = g_strsplit (text, "\xc2\xa0", -1);
  g_autofree char *shown = g_strjoinv ("~", parts);

  g_assert_cmpstr (shown, ==, expected);
}

static const struct { gint64 minor; const char *currency, *english, *german; } amounts[] = {
  { 5000, "EUR", "€50.00", "50,00~€" },
  { 0, "EUR", "€0.00", "0,00~€" },
  { 7, "EUR", "€0.07", "0,07~€" },
  { -390, "EUR", "−€3.90", "−3,90~€" },
  { 123456789, "EUR", "€1,234,567.89", "1.234.567,89~€" },
  { 99999, "GBP", "£999.99", "999,99~£" },
  { 2500, "USD", "$25.00", "25,00~$" },
  { 4000, "CHF", "CHF~40.00", "40,00~CHF" },
  { -4000, "CHF", "−CHF~40.00", "−40,00~CHF" },
  { 3000, "JPY", "¥3,000", "3.000~¥" },
  { 12345, "KWD", "KWD~12.345", "12,345~KWD" },
  { G_MININT64, "EUR", "−€92,233,720,368,547,758.08", "−92.233.720.368.547.758,08~€" },
};

static void
test_money (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      assert_text (tw_format_money (amounts[i].minor, amounts[i].currency, "en"), amounts[i].english);
      assert_text (tw_format_money (amounts[i].minor, amounts[i].currency, "de"), amounts[i].german);
    }
  assert_text (tw_format_money (5000, "EUR", "fr"), "€50.00");
  assert_text (tw_format_money (5000, "EUR", "de-AT"), "50,00~€");
}

static const struct { const char *decimal, *currency, *english, *german; } prices[] = {
  { "0.49", "EUR", "€0.49", "0,49~€" },
  { "0.5", "EUR", "€0.50", "0,50~€" },
  { "1", "EUR", "€1.00", "1,00~€" },
  { "0.4961", "EUR", "€0.4961", "0,4961~€" },
  { "0.490000", "EUR", "€0.49", "0,49~€" },
  { "4.9e-1", "EUR", "€0.49", "0,49~€" },
  { "30", "JPY", "¥30", "30~¥" },
  { "0.5", "JPY", "¥0.5", "0,5~¥" },
  { "0.12", "KWD", "KWD~0.120", "0,120~KWD" },
  { "0.1234", "KWD", "KWD~0.1234", "0,1234~KWD" },
  { "", "EUR", "", "" },
  { "cheap", "EUR", "cheap", "cheap" },
};

static void
test_price (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (prices); i++)
    {
      assert_text (tw_format_price (prices[i].decimal, prices[i].currency, "en"), prices[i].english);
      assert_text (tw_format_price (prices[i].decimal, prices[i].currency, "de"), prices[i].german);
    }
}

/* Python: Fraction ("5.00") / 60 = 1/12 = 0.08333...; 7/60 = 0.116666...; 0.003/60 = 0.00005. */
static const struct { const char *per_hour, *currency, *english, *german; } minutes[] = {
  { "6.00", "EUR", "€0.10", "0,10~€" },
  { "3", "EUR", "€0.05", "0,05~€" },
  { "0.3", "EUR", "€0.005", "0,005~€" },
  { "5.00", "EUR", "≈~€0.0833", "≈~0,0833~€" },
  { "7", "EUR", "≈~€0.1167", "≈~0,1167~€" },
  { "0.003", "EUR", "≈~€0.0001", "≈~0,0001~€" },
  { "1200", "JPY", "¥20", "20~¥" },
  { "100", "JPY", "≈~¥1.6667", "≈~1,6667~¥" },
  { "0.06", "KWD", "KWD~0.001", "0,001~KWD" },
  { "x", "EUR", "x", "x" },
};

static void
test_minute (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      assert_text (tw_format_price_per_minute (minutes[i].per_hour, minutes[i].currency, "en"), minutes[i].english);
      assert_text (tw_format_price_per_minute (minutes[i].per_hour, minutes[i].currency, "de"), minutes[i].german);
    }
}

static void
test_price_for (void)
{
  assert_text (tw_format_price_for ("energy", "0.49", "EUR", "en"), "€0.49~per~kWh");
  assert_text (tw_format_price_for ("energy", "0.49", "EUR", "de"), "0,49~€~je~kWh");
  assert_text (tw_format_price_for ("time", "6", "EUR", "en"), "€0.10~per~minute");
  assert_text (tw_format_price_for ("parking-time", "6", "EUR", "de"), "0,10~€~je~Minute");
  assert_text (tw_format_price_for ("time", "5.00", "EUR", "en"), "€5.00~per~hour");
  assert_text (tw_format_price_for ("time", "5.00", "EUR", "de"), "5,00~€~je~Stunde");
  assert_text (tw_format_price_for ("flat", "1", "CHF", "en"), "CHF~1.00~per~session");
  assert_text (tw_format_price_for ("flat", "1", "CHF", "de"), "1,00~CHF~je~Ladevorgang");
}

static void
test_measures (void)
{
  assert_text (tw_format_energy (20459, "en"), "20.45~kWh");
  assert_text (tw_format_energy (20459, "de"), "20,45~kWh");
  assert_text (tw_format_energy (0, "de"), "0,00~kWh");
  assert_text (tw_format_energy (-5, "de"), "0,00~kWh");
  assert_text (tw_format_energy (1234567, "de"), "1.234,56~kWh");
  assert_text (tw_format_energy_exact (20450, "en"), "20.450~kWh");
  assert_text (tw_format_energy_exact (7, "de"), "0,007~kWh");
  assert_text (tw_format_power (10970, "en"), "11.0~kW");
  assert_text (tw_format_power (7449, "de"), "7,4~kW");
  assert_text (tw_format_power (0, "de"), "0,0~kW");
  assert_text (tw_format_power (99949, "en"), "99.9~kW");
  assert_text (tw_format_power (99950, "en"), "100~kW");
  assert_text (tw_format_power (150499, "de"), "150~kW");
  assert_text (tw_format_power (G_MAXINT64, "en"), "9,223,372,036,854,776~kW");
}

static void
test_times (void)
{
  const gint64 us = G_GINT64_CONSTANT (1795342530) * G_USEC_PER_SEC;   /* date -u -d 2026-11-22T10:15:30 +%s */

  assert_text (tw_format_duration (0, "de"), "0~min");
  assert_text (tw_format_duration (1, "en"), "under~1~min");
  assert_text (tw_format_duration (59999, "de"), "unter~1~min");
  assert_text (tw_format_duration (60000, "de"), "1~min");
  assert_text (tw_format_duration (3 * 60000 + 59999, "en"), "3~min");
  assert_text (tw_format_duration (65 * 60000, "en"), "1~h~05~min");
  assert_text (tw_format_duration (65 * 60000, "de"), "1~h~05~min");
  assert_text (tw_format_duration (G_GINT64_CONSTANT (26) * 3600000, "de"), "26~h~00~min");
  assert_text (tw_format_duration (-1, "de"), "0~min");

  assert_text (tw_format_countdown (165, "de"), "2:45");
  assert_text (tw_format_countdown (9, "en"), "0:09");
  assert_text (tw_format_countdown (3599, "en"), "59:59");
  assert_text (tw_format_countdown (3765, "de"), "1:02:45");
  assert_text (tw_format_countdown (-3, "de"), "0:00");

  assert_text (tw_format_percent ("19", "de"), "19");
  assert_text (tw_format_percent ("19.00", "en"), "19");
  assert_text (tw_format_percent ("5.5", "de"), "5,5");
  assert_text (tw_format_percent ("8.10", "en"), "8.1");
  assert_text (tw_format_percent ("20", "en"), "20");

  assert_text (tw_format_time (us, "Europe/Berlin", "de"), "11:15");
  assert_text (tw_format_time (us, "Asia/Tokyo", "en"), "19:15");
  assert_text (tw_format_date_time (us, "Europe/Berlin", "de"), "22.11.2026~11:15");
  assert_text (tw_format_date_time (us, "America/New_York", "en"), "2026-11-22~05:15");
  g_assert_null (tw_format_time (us, "Mars/Olympus", "en"));
  g_assert_null (tw_format_date_time (G_MAXINT64, "Europe/Berlin", "en"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/money-in-both-languages", test_money);
  g_test_add_func ("/format/a-price-keeps-its-digits", test_price);
  g_test_add_func ("/format/an-hour's-price-by-the-minute", test_minute);
  g_test_add_func ("/format/a-price-says-what-for", test_price_for);
  g_test_add_func ("/format/energy-and-power", test_measures);
  g_test_add_func ("/format/durations-and-times", test_times);

  return g_test_run ();
}
