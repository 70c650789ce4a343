/* SPDX-License-Identifier: Apache-2.0 */
/* What a screen says of the prices that the bus tells: in both languages, and never that it is free if it is not. */
#include "ui/widgets/price-words.h"
#include "ui/widgets/prices.h"

#define HOUR (3600 * (gint64) 1000)

/* Everything that can be said at once of one price. */
static const TwBusPrice EVERYTHING = {
  .kind = "energy", .gross_price = "0.39", .tax_percent = "19", .step = 5000, .from = "22:00", .until = "06:00",
  .min_wh = 20500, .max_wh = 40000, .min_ms = HOUR, .max_ms = 4 * HOUR, .min_ma = 6000, .max_ma = 16500,
  .min_w = 3700, .max_w = 11000,
};

static void
test_later (void)
{
  static const struct { TwBusPrice price; const char *english, *german; } rows[] = {
    { { .kind = "energy", .gross_price = "0.89", .min_wh = 21000 },
      "From 21 kWh: €0.89 per kWh", "Ab 21 kWh: 0,89 € pro kWh" },
    { { .kind = "energy", .gross_price = "0.29", .max_wh = 21000 },
      "Up to 21 kWh: €0.29 per kWh", "Bis 21 kWh: 0,29 € pro kWh" },
    { { .kind = "energy", .gross_price = "0.79", .max_w = 11000 },
      "Below 11 kW: €0.79 per kWh", "Unter 11 kW: 0,79 € pro kWh" },
    { { .kind = "energy", .gross_price = "0.99", .from = "22:00", .until = "23:00", .min_wh = 20000 },
      "From 22:00 until 23:00, from 20 kWh: €0.99 per kWh", "Ab 22:00 bis 23:00, ab 20 kWh: 0,99 € pro kWh" },
    { { .kind = "parking-time", .gross_price = "12.00", .step = 60, .min_ms = HOUR },
      "From 60 min after the start: €0.20 per started minute after charging",
      "Ab 60 min nach Beginn: 0,20 € je angefangene Minute nach dem Laden" },
    { { .kind = "parking-time", .gross_price = "6.00", .step = 3600, .min_ms = 90500 },
      "From 90.5 s after the start: €0.10 per minute after charging, per started hour",
      "Ab 90,5 s nach Beginn: 0,10 € pro Minute nach dem Laden, je angefangene Stunde" },
    { { .kind = "time", .gross_price = "", .until = "08:00" },
      "Until 08:00: €0.00 per minute while charging", "Bis 08:00: 0,00 € pro Minute beim Laden" },
    { { .kind = "energy", .gross_price = "0.50", .unknown = TRUE },
      "While the power is not known: €0.50 per kWh", "Solange die Leistung nicht bekannt ist: 0,50 € pro kWh" },
    { { .kind = "flat", .gross_price = "1.00", .loose = TRUE, .step = 900 },
      "In some cases: €1.00 per session", "In manchen Fällen: 1,00 € pro Vorgang" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TwBusConnector bay = { .currency = "EUR", .later_prices = &rows[i].price, .n_later_prices = 1 };
      g_autofree char *english = tw_prices_later_line (&bay, 0, TRUE, "en");
      g_autofree char *german = tw_prices_later_line (&bay, 0, TRUE, "de");
      g_auto (GStrv) plain = g_strsplit (english, "\u00a0", -1), einfach = g_strsplit (german, "\u00a0", -1);
      g_autofree char *said = g_strjoinv (" ", plain), *gesagt = g_strjoinv (" ", einfach);

      g_assert_cmpstr (said, ==, rows[i].english);
      g_assert_cmpstr (gesagt, ==, rows[i].german);
    }
}

static void
test_everything (void)
{
  const TwBusConnector bay = { .currency = "EUR", .later_prices = &EVERYTHING, .n_later_prices = 1 };
  g_autofree char *words = tw_prices_later_line (&bay, 0, TRUE, "en");
  g_auto (GStrv) plain = g_strsplit (words, "\u00a0", -1);
  g_autofree char *said = g_strjoinv (" ", plain);

  g_assert_cmpstr (said, ==, "From 22:00 until 06:00, from 20.5 kWh, up to 40 kWh, from 60 min after the start, until "
                   "4 h 00 min after the start, from 6 A, below 16.5 A, from 3.7 kW, below 11 kW: €0.39 per kWh, per "
                   "started 5 kWh");
}

/* Time that is free at first, and a kWh that is free beside a fee: the first line is a price, and not the word. */
static void
test_free (void)
{
  const TwBusPrice now[] = { { .kind = "time", .price = "0", .gross_price = "0", .now = TRUE, .max_ms = HOUR / 2 } };
  const TwBusPrice then[] = { { .kind = "time", .gross_price = "60", .min_ms = HOUR / 2 } };
  const TwBusPrice beside[] = { { .kind = "parking-time", .gross_price = "30", .tax_percent = "19", .now = TRUE },
                                { .kind = "energy", .price = "0", .gross_price = "0", .now = TRUE } };
  const TwBusConnector at_first = { .currency = "EUR", .prices = now, .n_prices = 1, .later_prices = then,
                                    .n_later_prices = 1 };
  const TwBusConnector only_fee = { .currency = "EUR", .prices = beside, .n_prices = 2 };
  const TwBusConnector only_minimum = { .currency = "EUR", .min_price = "1.00" };
  const TwBusConnector nothing = { .currency = "EUR", .min_price = "" };
  g_autofree char *first = tw_prices_line (&at_first, 0, "en"), *kwh = tw_prices_line (&only_fee, 0, "en");
  g_autofree char *fee = tw_prices_line (&only_fee, 1, "en"), *rest = tw_prices_rest (&at_first, "en");
  g_autofree char *minimum = tw_prices_line (&only_minimum, 0, "en"), *free_words = tw_prices_line (&nothing, 0, "en");
  g_autofree char *tax = tw_prices_tax (&only_fee, "en");

  g_assert_cmpstr (first, ==, "While charging: €0.00 per minute");
  g_assert_cmpstr (kwh, ==, "€0.00 per kWh");
  g_assert_cmpstr (fee, ==, "After charging: €0.50 per minute");
  g_assert_cmpstr (rest, ==, "Other prices are possible");
  g_assert_cmpstr (tax, ==, "19% VAT is included.");
  g_assert_null (minimum);
  g_assert_cmpstr (free_words, ==, "Free of charge");
}

/* Regulation 11 of The Public Charge Point Regulations 2023; a fee beside it stays in pounds. */
static void
test_pence (void)
{
  const TwBusPrice now[] = { { .kind = "energy", .gross_price = "0.655", .step = 1000, .now = TRUE },
                             { .kind = "parking-time", .gross_price = "6", .now = TRUE } };
  const TwBusConnector bay = { .currency = "GBP", .prices = now, .n_prices = 2 };
  g_autofree char *kwh = tw_price_line (&bay, tw_prices_now (&bay, 0), TRUE, "en");
  g_autofree char *fee = tw_price_line (&bay, tw_prices_now (&bay, 1), TRUE, "en");
  g_autofree char *step = tw_price_step (tw_prices_now (&bay, 0), "de");

  g_assert_cmpstr (kwh, ==, "65.5p per kWh, per started kWh");
  g_assert_cmpstr (fee, ==, "After charging: £0.10 per minute");
  g_assert_cmpstr (step, ==, "Abgerechnet je angefangene kWh");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/prices/what-can-follow-and-when", test_later);
  g_test_add_func ("/ui/prices/all-conditions-at-once", test_everything);
  g_test_add_func ("/ui/prices/free-is-said-only-of-what-is", test_free);
  g_test_add_func ("/ui/prices/pounds-per-kwh-are-pence", test_pence);

  return g_test_run ();
}
