/* SPDX-License-Identifier: Apache-2.0 */
/* What the screen says of offers, before the tap, after it and on the bill; the sentences are written by hand. */
#include "ui/bill-line.h"
#include "ui/offers.h"

#include <string.h>

#define NBSP "\302\240"

static const TwBusOffer OFFERS[] = {
  { .state = "in-force", .rule = "third", .hash = "", .grant = { .charges_in_month = 3, .discount_bp = 1000 } },
  { .state = "coming", .rule = "later", .hash = "", .grant = { .charges_in_month = 1, .discount_bp = 9000 } },
  { .state = "in-force", .rule = "back", .hash = "", .grant = { .days_since_last = 30, .discount_bp = 750 } },
};

static void
assert_says (char       *told,
             const char *words)
{
  g_assert_cmpstr (told, ==, words);
  g_free (told);
}

static void
test_before (void)
{
  TwView view = { .station = { .offers = OFFERS, .n_offers = G_N_ELEMENTS (OFFERS) } };

  assert_says (tw_offer_open (&view, 1, "en"), "The third charge in a month with the same card: 10% off");
  assert_says (tw_offer_open (&view, 3, "en"), "The third charge in a month with the same card: 10% off\n"
                                               "Back with the same card after 30 days or more: 7.5% off");
  assert_says (tw_offer_open (&view, 1, "de"), "Die dritte Ladung im Monat mit derselben Karte: 10" NBSP "% Nachlass");
  view.station.n_offers = 0;
  assert_says (tw_offer_open (&view, 3, "en"), NULL);
}

static void
test_after (void)
{
  const TwBusGrant none = { 0 }, seventh = { .charges_in_month = 7, .discount_bp = 1225 };
  const TwBusGrant both = { .charges_in_month = 1, .days_since_last = 60, .discount_bp = 10000 };

  assert_says (tw_offer_granted (&OFFERS[0].grant, "en"), "Your third charge this month: 10% off");
  assert_says (tw_offer_granted (&OFFERS[2].grant, "de"), "Zurück nach mindestens 30 Tagen: 7,5" NBSP "% Nachlass");
  assert_says (tw_offer_granted (&seventh, "en"), "Your charge no. 7 this month: 12.25% off");
  assert_says (tw_offer_granted (&both, "en"), "Your first charge this month, Back after 60 days or more: 100% off");
  assert_says (tw_offer_granted (&none, "en"), NULL);
  assert_says (tw_offer_so_far (&OFFERS[0].grant, FALSE, "en"), "so far, 10% off");
  assert_says (tw_offer_so_far (&OFFERS[0].grant, FALSE, "de"), "bisher, −10" NBSP "%");
  assert_says (tw_offer_so_far (&OFFERS[2].grant, TRUE, "de"), "−7,5" NBSP "%");
  assert_says (tw_offer_so_far (&none, TRUE, "en"), "so far");
}

/* Once, although there is a line for each tax rate; a limit's line goes by what was due before. */
static void
test_bill (void)
{
  g_autofree char *text = g_strdelimit (g_strdup (
    "{'currency':'EUR','total':{'gross_minor':720},'offer':{'discount_bp':1000,'before_minor':800,"
    "'condition':{'charges_in_month':3}},'items':[{'kind':'adjustment','amount_minor':-309},"
    "{'kind':'reduction','amount_minor':-70},{'kind':'reduction','amount_minor':-10}]}"), "'", '"');
  g_autoptr (TwJson) receipt = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, NULL);
  const TwJson *items = tw_json_member (receipt, "items");

  assert_says (tw_bill_line_details (tw_json_element (items, 0), receipt, "en"), "€8.00 instead of €11.09");
  g_assert_cmpstr (tw_bill_line_name (tw_json_element (items, 1), "en"), ==, "Reduction");
  assert_says (tw_bill_line_details (tw_json_element (items, 1), receipt, "en"),
               "Your third charge this month\n10% of €8.00");
  assert_says (tw_bill_line_details (tw_json_element (items, 1), receipt, "de"),
               "Ihre dritte Ladung in diesem Monat\n10 % von 8,00" NBSP "€");
  assert_says (tw_bill_line_details (tw_json_element (items, 2), receipt, "en"), NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/offers/before-the-tap-what-anybody-has-to-do", test_before);
  g_test_add_func ("/ui/offers/after-it-what-this-card-has", test_after);
  g_test_add_func ("/ui/offers/the-bill-says-it-once", test_bill);
  return g_test_run ();
}
