/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "tests/unit/analytics-sources/shown.h"
#include "tests/unit/reconcile-books/store.h"

#include <string.h>

#define SECOND_US G_GINT64_CONSTANT (1000000)

static TwSale
given_sale (const char *session,
            const char *payment_ref)
{
  TwSale sale = ledger_sale (session, payment_ref);

  sale.station = TEXT ("BERLIN-7");
  sale.evse = TEXT ("E1");
  sale.started_us = FRIDAY + 36000 * SECOND_US;
  sale.ended_us = FRIDAY + 39600 * SECOND_US;
  sale.energy_wh = 10000;
  return sale;
}

static char *
read_store (const Store       *store,
            const TwFeedTerms *terms)
{
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  char *text;
  Shown shown;
  TwRowIntake intake = shown_begin (&shown);

  tw_feed_report_init (&report);
  tw_feed_books (store->url, terms, &intake, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report.format, ==, "books");
  text = g_strdup (shown.text->str);
  shown_end (&shown);
  return text;
}

/* One sale of each way that money can have gone; fees, a chargeback, and another's line. */
static void
test_how_far_the_money_has_come (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  const TwFeedTerms terms = { .time_zone = "Europe/Berlin" };
  TwSale sales[] = { given_sale ("A", "PA"), given_sale ("B", "PB"), given_sale ("C", "PC"), given_sale ("D", "") };
  TwSettled lines[] = { ledger_line ("1", "PB", 1000), ledger_line ("2", "PC", 1000), ledger_line ("3", "PC", -1000),
                        ledger_line ("4", "PX", 1000) };
  TwCredit credit = { .account = TEXT ("acc"), .key = TEXT ("k"), .bank_trace = TEXT ("PAYOUT-1"), .currency = "EUR",
                      .amount = 965, .booked_day = 20780, .value_day = 20780 };
  g_autofree char *shown = NULL;

  sales[3].state = TW_SALE_RELEASED;
  sales[3].captured_minor = 0;
  sales[3].price_minor = TW_NOT_STATED;
  lines[0].fee = 35;
  lines[0].net = 965;
  lines[0].bank_trace = TEXT ("PAYOUT-1");
  lines[1].fee = 20;
  lines[1].net = 980;
  lines[1].bank_trace = TEXT ("PAYOUT-2");
  lines[2].kind = TW_SETTLED_CHARGEBACK;
  lines[2].fee = 1500;
  lines[2].net = -2500;
  g_array_append_vals (rows->sales, sales, G_N_ELEMENTS (sales));
  g_array_append_vals (rows->lines, lines, G_N_ELEMENTS (lines));
  g_array_append_val (rows->credits, credit);
  store_load (store, "journal", NULL, FRIDAY, rows);
  shown = read_store (store, &terms);
  g_assert_nonnull (strstr (shown, "session=A site=BERLIN-7 evse=E1 "));
  g_test_message ("%s", shown);
  for (guint i = 0; i < 4; i++)
    {
      static const char *const money[] = { " price=1000 captured=1000 ", " captured=1000 fee=35 ",
                                           " captured=1000 fee=1520 chargeback=1000 ", " captured=0 " };
      static const char *const ends[] = { "state=2", "state=4", "state=3", "EUR" };
      g_autofree char *name = g_strdup_printf ("session=%c ", 'A' + i);
      const char *at = strstr (shown, name);
      g_autofree char *line = at ? g_strndup (at, strcspn (at, "\n")) : NULL;

      g_assert_nonnull (line);
      g_assert_nonnull (strstr (line, "zone=Europe/Berlin in=2026-11-20T10:00:00Z out=2026-11-20T11:00:00Z wh=10000 "));
      g_assert_nonnull (strstr (line, money[i]));
      g_assert_true (g_str_has_suffix (line, ends[i]));
    }
}

static void
test_without_a_zone_it_is_assumed (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  const TwFeedTerms terms = { 0 };
  TwSale sale = given_sale ("A", "PA");
  g_autofree char *shown = NULL;

  g_array_append_val (rows->sales, sale);
  store_load (store, "journal", NULL, FRIDAY, rows);
  shown = read_store (store, &terms);
  g_assert_nonnull (strstr (shown, "zone=UTC "));
  g_assert_true (g_str_has_suffix (shown, "!zone_assumed\n"));
}

static void
test_a_store_that_is_not_there (void)
{
  g_auto (TwFeedReport) report = { 0 };
  const TwFeedTerms terms = { 0 };
  g_autoptr (GError) error = NULL;
  Shown shown;
  TwRowIntake intake = shown_begin (&shown);

  tw_feed_report_init (&report);
  g_assert_false (tw_feed_books ("sqlite:/nonexistent/books.db", &terms, &intake, &report, &error));
  g_assert_nonnull (error);
  shown_end (&shown);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/books/how-far-the-money-has-come", test_how_far_the_money_has_come);
  g_test_add_func ("/analytics/books/without-a-zone-it-is-assumed", test_without_a_zone_it_is_assumed);
  g_test_add_func ("/analytics/books/a-store-that-is-not-there", test_a_store_that_is_not_there);
  return g_test_run ();
}
