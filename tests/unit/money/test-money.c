/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "payment/money/money.h"

#include <string.h>

/* Digits and numbers from ISO 4217 list one, compared with the JDK's java.util.Currency. */
static const struct { const char *letters; guint number; int digits; } known[] = {
  { "EUR", 978, 2 }, { "USD", 840, 2 }, { "GBP", 826, 2 }, { "CHF", 756, 2 }, { "SEK", 752, 2 }, { "NOK", 578, 2 },
  { "DKK", 208, 2 }, { "PLN", 985, 2 }, { "CZK", 203, 2 }, { "HUF", 348, 2 }, { "CAD", 124, 2 }, { "AUD", 36, 2 },
  { "CNY", 156, 2 }, { "INR", 356, 2 }, { "BRL", 986, 2 }, { "MXN", 484, 2 }, { "ZAR", 710, 2 }, { "TRY", 949, 2 },
  { "ALL", 8, 2 }, { "AFN", 971, 2 }, { "ZWG", 924, 2 }, { "XCG", 532, 2 }, { "MGA", 969, 2 }, { "MRU", 929, 2 },
  { "BIF", 108, 0 }, { "CLP", 152, 0 }, { "DJF", 262, 0 }, { "GNF", 324, 0 }, { "ISK", 352, 0 }, { "JPY", 392, 0 },
  { "KMF", 174, 0 }, { "KRW", 410, 0 }, { "PYG", 600, 0 }, { "RWF", 646, 0 }, { "UGX", 800, 0 }, { "VND", 704, 0 },
  { "VUV", 548, 0 }, { "XAF", 950, 0 }, { "XOF", 952, 0 }, { "XPF", 953, 0 },
  { "BHD", 48, 3 }, { "IQD", 368, 3 }, { "JOD", 400, 3 }, { "KWD", 414, 3 }, { "LYD", 434, 3 }, { "OMR", 512, 3 },
  { "TND", 788, 3 },
};

static void
test_currencies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_test_message ("%s", known[i].letters);
      g_assert_cmpint (tw_currency_digits (known[i].letters), ==, known[i].digits);
      g_assert_cmpuint (tw_currency_number (known[i].letters), ==, known[i].number);
    }
}

/* Every combination of three letters: what is found is found by its own letters, and there are 156 of them. A table
 * out of order would lose some to the binary search. */
static void
test_currency_table_is_in_order (void)
{
  guint n = 0;

  for (char a = 'A'; a <= 'Z'; a++)
    for (char b = 'A'; b <= 'Z'; b++)
      for (char c = 'A'; c <= 'Z'; c++)
        {
          const char letters[] = { a, b, c, '\0' };

          n += tw_currency_digits (letters) >= 0;
          g_assert_cmpint (tw_currency_digits (letters) >= 0, ==, tw_currency_number (letters) > 0);
          g_assert_cmpint (tw_currency_digits (letters) >= 0, ==, tw_currency_tenths_per_euro (letters) > 0);
        }
  g_assert_cmpuint (n, ==, 156);
}

static void
test_unknown_currencies (void)
{
  const char *const unknown[] = { "", "E", "EU", "eur", "EURO", "XXX", "XTS", "XAU", "CHE", "ZZZ", "AAA", "HRK" };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_assert_cmpint (tw_currency_digits (unknown[i]), ==, -1);
      g_assert_cmpuint (tw_currency_number (unknown[i]), ==, 0);
    }
  g_assert_cmpint (tw_currency_digits (NULL), ==, -1);
}

static void
test_add (void)
{
  g_autoptr (GError) error = NULL;
  TwMoney sum;

  g_assert_true (tw_money_add (tw_money (1230, "EUR"), tw_money (-30, "EUR"), &sum, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sum.minor, ==, 1200);
  g_assert_cmpstr (sum.currency, ==, "EUR");

  g_assert_true (tw_money_add (tw_money (G_MAXINT64 - 1, "JPY"), tw_money (1, "JPY"), &sum, NULL));
  g_assert_cmpint (sum.minor, ==, G_MAXINT64);
}

static void
test_overflow_is_an_error (void)
{
  g_autoptr (GError) up = NULL;
  g_autoptr (GError) down = NULL;
  TwMoney sum = tw_money (7, "EUR");

  g_assert_false (tw_money_add (tw_money (G_MAXINT64, "EUR"), tw_money (1, "EUR"), &sum, &up));
  g_assert_error (up, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_false (tw_money_add (tw_money (G_MININT64, "EUR"), tw_money (-1, "EUR"), &sum, &down));
  g_assert_error (down, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_cmpint (sum.minor, ==, 7);
}

static void
test_two_currencies_do_not_add (void)
{
  g_autoptr (GError) error = NULL;
  TwMoney sum;

  g_assert_false (tw_money_add (tw_money (1, "EUR"), tw_money (1, "USD"), &sum, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "USD"));
}

static void
test_min (void)
{
  g_assert_cmpint (tw_money_min (tw_money (3, "EUR"), tw_money (5, "EUR")).minor, ==, 3);
  g_assert_cmpint (tw_money_min (tw_money (5, "EUR"), tw_money (-3, "EUR")).minor, ==, -3);
}

static const struct { gint64 minor; const char *currency; const char *decimal; } texts[] = {
  { 1230, "EUR", "12.30" }, { 0, "EUR", "0.00" }, { 5, "EUR", "0.05" }, { -5, "EUR", "-0.05" },
  { -1230, "EUR", "-12.30" }, { 1230, "JPY", "1230" }, { -7, "JPY", "-7" }, { 1230, "KWD", "1.230" },
  { 1, "KWD", "0.001" }, { G_MAXINT64, "EUR", "92233720368547758.07" }, { G_MININT64, "EUR", "-92233720368547758.08" },
  { G_MININT64, "JPY", "-9223372036854775808" },
};

static void
test_decimal_both_ways (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *decimal = tw_money_to_decimal (tw_money (texts[i].minor, texts[i].currency));
      g_autoptr (GError) error = NULL;
      TwMoney money;

      g_assert_cmpstr (decimal, ==, texts[i].decimal);
      g_assert_true (tw_money_parse (decimal, texts[i].currency, &money, &error));
      g_assert_no_error (error);
      g_assert_cmpint (money.minor, ==, texts[i].minor);
      g_assert_cmpstr (money.currency, ==, texts[i].currency);
    }
}

static void
test_text (void)
{
  g_autofree char *text = tw_money_to_text (tw_money (1230, "EUR"));

  g_assert_cmpstr (text, ==, "12.30 EUR");
}

static void
test_parse_fewer_digits (void)
{
  TwMoney money;

  g_assert_true (tw_money_parse ("12.3", "EUR", &money, NULL));
  g_assert_cmpint (money.minor, ==, 1230);
  g_assert_true (tw_money_parse ("12", "KWD", &money, NULL));
  g_assert_cmpint (money.minor, ==, 12000);
  g_assert_true (tw_money_parse ("-0", "EUR", &money, NULL));
  g_assert_cmpint (money.minor, ==, 0);
}

static void
test_parse_refuses (void)
{
  const struct { const char *decimal, *currency; } bad[] = {
    { "", "EUR" }, { "-", "EUR" }, { ".5", "EUR" }, { "5.", "EUR" }, { "1.234", "EUR" }, { "1.0", "JPY" },
    { "1,00", "EUR" }, { " 1", "EUR" }, { "1 ", "EUR" }, { "+1", "EUR" }, { "1e2", "EUR" }, { "0x10", "EUR" },
    { "--1", "EUR" }, { "1.2.3", "EUR" }, { "92233720368547758.08", "EUR" }, { "-92233720368547758.09", "EUR" },
    { "99999999999999999999", "JPY" }, { "92233720368547758.08", "XXX" }, { "1", "eur" }, { "\xd9\xa1", "EUR" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      TwMoney money;

      g_test_message ("\"%s\" %s", bad[i].decimal, bad[i].currency);
      g_assert_false (tw_money_parse (bad[i].decimal, bad[i].currency, &money, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/money/currencies-have-their-digits-and-numbers", test_currencies);
  g_test_add_func ("/money/currency-table-is-in-order", test_currency_table_is_in_order);
  g_test_add_func ("/money/unknown-currencies-are-not-found", test_unknown_currencies);
  g_test_add_func ("/money/amounts-add", test_add);
  g_test_add_func ("/money/overflow-is-an-error", test_overflow_is_an_error);
  g_test_add_func ("/money/two-currencies-do-not-add", test_two_currencies_do_not_add);
  g_test_add_func ("/money/the-smaller-is-chosen", test_min);
  g_test_add_func ("/money/decimal-text-goes-both-ways", test_decimal_both_ways);
  g_test_add_func ("/money/text-names-the-currency", test_text);
  g_test_add_func ("/money/fewer-digits-are-read", test_parse_fewer_digits);
  g_test_add_func ("/money/what-is-no-amount-is-refused", test_parse_refuses);

  return g_test_run ();
}
