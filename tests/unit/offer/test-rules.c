/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "payment/money/money.h"
#include "payment/offer/offer.h"

#include <string.h>

#define RULE(id, condition, percent) \
  "{\"id\": \"" id "\", \"condition\": {" condition "}, \"discount_percent\": " percent "}"
#define FILE_OF(rules) "{\"version\": 1, \"made_of\": {\"k\": 10}, \"rules\": [" rules "]}"

static TwOffers *
parse (const char  *text,
       GError     **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return tw_offers_parse (bytes, error);
}

static void
test_conditions (void)
{
  const TwOfferCondition third = { .charges_in_month = 3 }, late = { .days_since_last = 30 }, both = { 1, 30 };

  g_assert_true (tw_offer_holds (&third, &(TwOfferHistory) { 3, 0 }));
  g_assert_false (tw_offer_holds (&third, &(TwOfferHistory) { 2, 0 }));
  g_assert_false (tw_offer_holds (&third, &(TwOfferHistory) { 4, 0 }));
  g_assert_true (tw_offer_holds (&late, &(TwOfferHistory) { 1, 30 }));
  g_assert_false (tw_offer_holds (&late, &(TwOfferHistory) { 1, 29 }));
  g_assert_false (tw_offer_holds (&late, &(TwOfferHistory) { 1, -1 }));
  g_assert_true (tw_offer_holds (&both, &(TwOfferHistory) { 1, 40 }));
  g_assert_false (tw_offer_holds (&both, &(TwOfferHistory) { 2, 40 }));
}

static void
test_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwOffers) offers = parse (FILE_OF (RULE ("third", "\"charges_in_month\": 3", "10") ","
                                                RULE ("away", "\"days_since_last\": 30", "12.5") ","
                                                RULE ("also", "\"days_since_last\": 20", "12.5") ","
                                                RULE ("open", "\"charges_in_month\": 2", "null")), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tw_offers_n (offers), ==, 4);
  g_assert_cmpuint (tw_offers_nth (offers, 1)->discount_bp, ==, 1250);
  g_assert_cmpuint (tw_offers_nth (offers, 3)->discount_bp, ==, 0);
  g_assert_cmpstr (tw_offers_choose (offers, &(TwOfferHistory) { 3, 1 })->id, ==, "third");
  /* Two hold: the larger; of equal ones the first. */
  g_assert_cmpstr (tw_offers_choose (offers, &(TwOfferHistory) { 3, 30 })->id, ==, "away");
  g_assert_cmpstr (tw_offers_choose (offers, &(TwOfferHistory) { 3, 25 })->id, ==, "also");
  g_assert_null (tw_offers_choose (offers, &(TwOfferHistory) { 2, 1 }));
  g_assert_null (tw_offers_choose (offers, &(TwOfferHistory) { 1, -1 }));
}

static void
test_refusals (void)
{
  static const struct { const char *text, *told; } CASES[] = {
    { "", "" },
    { "[]", "expected an object" },
    { "{\"version\": 2, \"rules\": []}", "version: expected 1" },
    { "{\"version\": 1}", "rules" },
    { "{\"version\": 1, \"rules\": []}", "1 to 16 rules" },
    { "{\"version\": 1, \"rules\": [], \"cards\": []}", "cards" },
    { FILE_OF (RULE ("third", "", "10")), "that is a tariff" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 0", "10")), "$.rules[0].condition.charges_in_month: expected 1" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 101", "10")), "1 to 100" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3.5", "10")), "charges_in_month" },
    { FILE_OF (RULE ("third", "\"days_since_last\": 367", "10")), "1 to 366" },
    { FILE_OF (RULE ("third", "\"days_since_last\": 3, \"weekday\": 1", "10")), "weekday" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3", "0")), "above 0" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3", "-5")), "above 0" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3", "100.01")), "at most 100" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3", "9e15")), "at most 100" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3", "1.005")), "discount_percent" },
    { FILE_OF (RULE ("third", "\"charges_in_month\": 3", "\"10\"")), "expected a number" },
    { FILE_OF (RULE ("Third one", "\"charges_in_month\": 3", "10")), "small letters" },
    { FILE_OF (RULE ("a", "\"charges_in_month\": 3", "10") "," RULE ("a", "\"charges_in_month\": 2", "10")),
      "$.rules[1]" },
    { FILE_OF ("{\"id\": \"a\", \"condition\": {\"charges_in_month\": 1}}"), "discount_percent" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autoptr (GError) error = NULL;
      TwOffers *offers = parse (CASES[i].text, &error);

      g_assert_null (offers);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      if (strstr (error->message, CASES[i].told) == NULL)
        g_error ("\"%s\" is not in \"%s\"", CASES[i].told, error->message);
    }
}

static void
test_percent (void)
{
  static const struct { const char *text; guint bp; const char *back; } CASES[] = {
    { "10", 1000, "10" }, { "7.5", 750, "7.5" }, { "0.01", 1, "0.01" }, { "100", 10000, "100" },
    { "12.50", 1250, "12.5" }, { "33.33", 3333, "33.33" }, { "1e1", 1000, "10" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *text = NULL;
      guint bp = 0;

      g_assert_true (tw_offer_parse_percent (CASES[i].text, &bp, NULL));
      g_assert_cmpuint (bp, ==, CASES[i].bp);
      text = tw_offer_percent_text (bp);
      g_assert_cmpstr (text, ==, CASES[i].back);
    }
}

/* By Python: int((fractions.Fraction(minor) * bp / 10000) + fractions.Fraction(1, 2)) */
static void
test_share (void)
{
  g_assert_cmpint (tw_money_share_minor (1234, 1000), ==, 123);
  g_assert_cmpint (tw_money_share_minor (1235, 1000), ==, 124);
  g_assert_cmpint (tw_money_share_minor (999, 3333), ==, 333);
  g_assert_cmpint (tw_money_share_minor (0, 5000), ==, 0);
  g_assert_cmpint (tw_money_share_minor (1, 5000), ==, 1);
  g_assert_cmpint (tw_money_share_minor (1, 4999), ==, 0);
  g_assert_cmpint (tw_money_share_minor (G_MAXINT64, 10000), ==, G_MAXINT64);
  g_assert_cmpint (tw_money_share_minor (G_MAXINT64, 5000), ==, G_GINT64_CONSTANT (4611686018427387904));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offer/a-condition-is-a-number-of-the-month-or-days-away", test_conditions);
  g_test_add_func ("/offer/the-largest-that-holds-is-granted", test_file);
  g_test_add_func ("/offer/what-is-not-understood-is-refused-with-its-place", test_refusals);
  g_test_add_func ("/offer/percent-is-exact", test_percent);
  g_test_add_func ("/offer/a-share-is-rounded-half-up", test_share);
  return g_test_run ();
}
