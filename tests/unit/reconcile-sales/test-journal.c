/* SPDX-License-Identifier: Apache-2.0 */
/* A journal, told by hand, as sales: the expected values are those that were told. */
#include "tests/unit/reconcile-sales/book.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/sales-journal.h"
#include "tests/unit/journal/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define BEGIN_US (G_GINT64_CONSTANT (1795377600) * SECOND_US)   /* book.h */
#define SUNDAY 20779                                            /* date -ud 2026-11-22 +%s, in days */

static Till *
read_journal (const char *path)
{
  Till *till = till_new ();
  const TwIntake intake = till_intake (till);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, &error);

  g_assert_no_error (error);
  tw_sales_of_journal (journal, 3, &intake, &till->import, &error);
  g_assert_no_error (error);

  return till;
}

static void
assert_refused (const char *path,
                const char *part)
{
  g_autoptr (Till) till = till_new ();
  const TwIntake intake = till_intake (till);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, &error);

  g_assert_no_error (error);
  g_assert_false (tw_sales_of_journal (journal, 0, &intake, &till->import, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_a_captured_sale_is_told_in_full (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;
  g_autoptr (Till) till = NULL;
  const TwSale *sale;

  book_charge (book, "S1");
  book_ask (book, "S1", 2, "capture", 500);
  book_answer (book, "S1", 2, "capture", "done");
  book_over (book, "S1");
  path = book_close (book);
  till = read_journal (path);

  g_assert_cmpuint (till->sales->len, ==, 1);
  sale = till_find (till, "S1");
  g_assert_cmpuint (sale->origin.file, ==, 3);
  g_assert_cmpuint (sale->origin.line, ==, 5);     /* after four that only keep blobs */
  g_assert_true (till_is (sale->station, "BERLIN-7"));
  g_assert_true (till_is (sale->evse, "DE*TWT*E1"));
  g_assert_true (till_is (sale->payment_ref, "S1"));
  g_assert_true (till_is (sale->psp_ref, "H-S1"));
  g_assert_true (till_is (sale->capture_ref, "C-S1-2"));
  g_assert_true (till_is (sale->settlement_ref, "R-S1-2"));
  g_assert_true (till_is (sale->approval, "831000"));
  g_assert_true (till_is (sale->tail, "4242"));
  g_assert_true (till_is (sale->brand, "visa"));
  g_assert_true (till_is (sale->tariff_shown, book_hash (BOOK_TARIFF)));
  g_assert_true (till_is (sale->tariff_priced, book_hash (BOOK_TARIFF)));
  g_assert_cmpuint (sale->terminal.n + sale->trace.n + sale->slip.n + sale->refund_ref.n, ==, 0);
  g_assert_cmpuint (sale->unknown_operation.n, ==, 0);
  g_assert_cmpuint (sale->receipt_number, ==, 17);
  g_assert_cmpstr (sale->currency, ==, "EUR");
  g_assert_cmpint (sale->state, ==, TW_SALE_CAPTURED);
  g_assert_true (sale->billed && !sale->tariff_free && !sale->test_mode);
  g_assert_cmpint (sale->price_minor, ==, 500);
  g_assert_cmpint (sale->repriced_minor, ==, 500);
  g_assert_cmpint (sale->shown_minor, ==, TW_NOT_STATED);
  g_assert_cmpint (sale->held_minor, ==, 4000);
  g_assert_cmpint (sale->captured_minor, ==, 500);
  g_assert_cmpint (sale->second_capture_minor, ==, 0);
  g_assert_cmpint (sale->refunded_minor, ==, 0);
  g_assert_cmpint (sale->unknown_minor, ==, TW_NOT_STATED);
  g_assert_cmpint (sale->advised_minor, ==, TW_NOT_STATED);
  g_assert_cmpint (sale->energy_wh, ==, 10000);
  g_assert_cmpint (sale->energy_price_minor, ==, 50);
  g_assert_cmpint (sale->energy_part_minor, ==, 500);
  g_assert_cmpint (sale->started_us, ==, BEGIN_US + 4 * SECOND_US);
  g_assert_cmpint (sale->ended_us, ==, BEGIN_US + 6 * SECOND_US);
  g_assert_cmpint (sale->captured_us, ==, BEGIN_US + 9 * SECOND_US);
  g_assert_cmpint (sale->refunded_us, ==, TW_NOT_STATED);
  g_assert_cmpint (sale->hold_until_us, ==, BEGIN_US + (2 + 168 * 3600) * SECOND_US);
  g_assert_cmpint (sale->day, ==, SUNDAY);
  g_assert_cmpint (till->import.first_us, ==, sale->started_us);
  g_assert_cmpint (till->import.last_us, ==, sale->captured_us);
  g_assert_cmpuint (till->import.n_rows, ==, 1);
}

/* Every way in which a hold can end, side by side. */
static void
test_each_end_has_its_state (void)
{
  static const struct { const char *session; TwSaleState state; gint64 held, captured, unknown; } ENDS[] = {
    { "declined", TW_SALE_NO_HOLD, 0, 0, TW_NOT_STATED },
    { "released", TW_SALE_RELEASED, 4000, 0, TW_NOT_STATED },
    { "refused", TW_SALE_REFUSED, 4000, 0, TW_NOT_STATED },
    { "release-refused", TW_SALE_HELD, 4000, 0, TW_NOT_STATED },
    { "capture-unknown", TW_SALE_UNKNOWN, 4000, 0, 500 },
    { "capture-lost", TW_SALE_UNKNOWN, 4000, 0, 500 },
    { "release-unknown", TW_SALE_UNKNOWN, 4000, 0, 4000 },
    { "charging", TW_SALE_OPEN, 4000, 0, TW_NOT_STATED },
    { "told-at-last", TW_SALE_CAPTURED, 4000, 500, TW_NOT_STATED },
  };
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;
  g_autoptr (Till) till = NULL;

  book_offer (book, "declined", BOOK_TARIFF);
  book_say (book, "declined", "referenced", "{'operation':'authorize','key':'k',"
            "'reference':'{\\\"code\\\":\\\"d\\\"}'}");
  book_say (book, "declined", "not-approved", "{'end':'declined','reason':'declined'}");
  book_say (book, "declined", "counter", "{'event':'declined','from':'authorizing','to':'welcome','place':'over'}");
  for (guint i = 1; i < G_N_ELEMENTS (ENDS); i++)
    {
      const char *session = ENDS[i].session;
      gboolean released = strstr (session, "release") != NULL;
      const char *operation = released ? "release" : "capture";

      book_charge (book, session);
      if (g_str_equal (session, "charging"))
        continue;
      book_ask (book, session, 2, operation, released ? 0 : 500);
      if (strstr (session, "unknown") != NULL || g_str_equal (session, "told-at-last"))
        book_answer (book, session, 2, operation, "unknown");
      if (strstr (session, "refused") != NULL)
        book_answer (book, session, 2, operation, "refused");
      if (g_str_equal (session, "released") || g_str_equal (session, "told-at-last"))
        book_answer (book, session, 2, operation, "done");
      book_over (book, session);
    }
  path = book_close (book);
  till = read_journal (path);

  g_assert_cmpuint (till->sales->len, ==, G_N_ELEMENTS (ENDS));
  for (guint i = 0; i < G_N_ELEMENTS (ENDS); i++)
    {
      const TwSale *sale = till_find (till, ENDS[i].session);

      g_test_message ("%s", ENDS[i].session);
      g_assert_cmpint (sale->state, ==, ENDS[i].state);
      g_assert_cmpint (sale->held_minor, ==, ENDS[i].held);
      g_assert_cmpint (sale->captured_minor, ==, ENDS[i].captured);
      g_assert_cmpint (sale->unknown_minor, ==, ENDS[i].unknown);
    }
  g_assert_true (till_is (till_find (till, "capture-lost")->unknown_operation, "capture"));
  g_assert_true (till_is (till_find (till, "release-unknown")->unknown_operation, "release"));
  g_assert_cmpint (till_find (till, "declined")->price_minor, ==, TW_NOT_STATED);
  g_assert_cmpint (till_find (till, "declined")->hold_until_us, ==, TW_NOT_STATED);
}

/* What the engine judges: none of it is smoothed over on the way. */
static void
test_what_is_wrong_comes_through (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;
  g_autoptr (Till) till = NULL;
  const TwSale *sale;

  book_charge (book, "twice");
  book_ask (book, "twice", 2, "capture", 500);
  book_answer (book, "twice", 2, "capture", "done");
  book_answer (book, "twice", 2, "capture", "done");          /* the same answer once more is not a second capture */
  book_ask (book, "twice", 3, "capture", 499);
  book_answer (book, "twice", 3, "capture", "done");
  book_over (book, "twice");
  book_charge (book, "refunded");
  book_ask (book, "refunded", 2, "capture", 500);
  book_answer (book, "refunded", 2, "capture", "done");
  book_over (book, "refunded");
  book_offer (book, "other-tariff", BOOK_TARIFF);
  book_hold (book, "other-tariff");
  book_read (book, "other-tariff", "charging", 1000);
  book_read (book, "other-tariff", "charging", 11000);
  book_bill (book, "other-tariff", BOOK_OTHER_TARIFF, 10000, 450, 18);
  book_over (book, "other-tariff");
  book_offer (book, "free", BOOK_FREE_TARIFF);
  book_hold (book, "free");
  book_read (book, "free", "charging", 1000);
  book_read (book, "free", "charging", 3000);
  book_over (book, "free");
  book_ask (book, "refunded", 3, "refund", 500);               /* long after it was over */
  book_answer (book, "refunded", 3, "refund", "done");
  book_ask (book, "refunded", 4, "refund", 50);
  book_answer (book, "refunded", 4, "refund", "refused");
  path = book_close (book);
  till = read_journal (path);

  g_assert_cmpuint (till->sales->len, ==, 4);
  sale = till_find (till, "twice");
  g_assert_cmpint (sale->captured_minor, ==, 500);
  g_assert_cmpint (sale->second_capture_minor, ==, 499);
  g_assert_true (till_is (sale->capture_ref, "C-twice-2"));
  sale = till_find (till, "refunded");
  g_assert_cmpint (sale->state, ==, TW_SALE_CAPTURED);
  g_assert_cmpint (sale->captured_minor, ==, 500);
  g_assert_cmpint (sale->refunded_minor, ==, 500);
  g_assert_cmpint (sale->refunded_us, >, sale->captured_us);
  sale = till_find (till, "other-tariff");
  g_assert_true (till_is (sale->tariff_shown, book_hash (BOOK_TARIFF)));
  g_assert_true (till_is (sale->tariff_priced, book_hash (BOOK_OTHER_TARIFF)));
  g_assert_cmpint (sale->price_minor, ==, 450);
  g_assert_cmpint (sale->repriced_minor, ==, 400);
  g_assert_cmpint (sale->shown_minor, ==, 500);
  g_assert_cmpint (sale->energy_price_minor, ==, 40);
  sale = till_find (till, "free");
  g_assert_true (sale->tariff_free && !sale->billed);
  g_assert_cmpint (sale->energy_wh, ==, 2000);
  g_assert_cmpint (sale->repriced_minor, ==, 0);
  g_assert_cmpint (sale->price_minor, ==, TW_NOT_STATED);
}

/* 23:30 UTC on Sunday is Monday in Berlin. Who looked at an offer and went away is no sale. */
static void
test_days_are_the_sites_and_lookers_no_sales (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;
  g_autoptr (Till) till = NULL;

  book_offer (book, "looked", BOOK_TARIFF);
  book_say (book, "looked", "counter", "{'event':'cancel','from':'offer','to':'welcome','place':'over'}");
  book->wall_us = BEGIN_US + (3 * 3600 + 1800) * SECOND_US;
  book_charge (book, "late");
  path = book_close (book);
  till = read_journal (path);

  g_assert_cmpuint (till->sales->len, ==, 1);
  g_assert_cmpint (till_find (till, "late")->day, ==, SUNDAY + 1);
}

static void
test_test_money_is_marked_and_said (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;
  g_autoptr (Till) till = NULL;

  book_offer (book, "play", BOOK_TARIFF);
  book_say (book, "play", "offered", "{'connector':1,'evse_id':'E','currency':'EUR','hold_minor':4000,"
            "'test_mode':true}");
  book_hold (book, "play");
  path = book_close (book);
  till = read_journal (path);

  g_assert_true (till_find (till, "play")->test_mode);
  g_assert_cmpuint (till->import.notices->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (till->import.notices, 0), "1 sales in test mode"));
}

static char *
export_of (Book       *book,
           const char *path,
           const char *session)
{
  char *name = g_build_filename (book->dir, session ? "part.jsonl" : "all.jsonl", NULL);
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) out = g_file_create (file, G_FILE_CREATE_NONE, NULL, &error);

  g_assert_no_error (error);
  tw_journal_export (journal, session, G_OUTPUT_STREAM (out), &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (out), NULL, NULL));

  return name;
}

/* Sessions overlap, so that none is told in one piece. */
static void
test_an_export_tells_the_same (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL, *export = NULL, *part = NULL;
  g_autoptr (Till) one = NULL, other = NULL;

  book_charge (book, "A");
  book_charge (book, "B");
  book_ask (book, "A", 2, "capture", 500);
  book_ask (book, "B", 2, "capture", 500);
  book_answer (book, "B", 2, "capture", "done");
  book_answer (book, "A", 2, "capture", "done");
  book_over (book, "A");
  book_over (book, "B");
  path = book_close (book);
  export = export_of (book, path, NULL);
  part = export_of (book, path, "B");

  one = read_journal (path);
  other = read_journal (export);
  till_assert_equal (one, other);
  g_assert_cmpuint (one->sales->len, ==, 2);
  g_assert_cmpstr (one->import.digest, ==, other->import.digest);
  g_assert_cmpuint (strlen (one->import.digest), ==, 64);
  assert_refused (part, "entry 1 is not there");
}

static void
test_a_broken_chain_is_refused_by_name (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;

  book_charge (book, "A");
  book_ask (book, "A", 2, "capture", 500);
  path = book_close (book);
  fixture_vandalise (path, "UPDATE entry SET payload = CAST (replace (payload, '\"amount_minor\":500', "
                     "'\"amount_minor\":400') AS BLOB) WHERE kind = 'request'");
  assert_refused (path, "entry 13 does not fit its hash");
}

static void
test_a_changed_tariff_is_refused_by_name (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *path = NULL;

  book_charge (book, "A");
  path = book_close (book);
  fixture_vandalise (path, "UPDATE blob SET bytes = CAST (replace (bytes, '0.50', '0.10') AS BLOB)");
  assert_refused (path, "was changed");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sales/journal/a-captured-sale-is-told-in-full", test_a_captured_sale_is_told_in_full);
  g_test_add_func ("/sales/journal/each-end-has-its-state", test_each_end_has_its_state);
  g_test_add_func ("/sales/journal/what-is-wrong-comes-through", test_what_is_wrong_comes_through);
  g_test_add_func ("/sales/journal/days-are-the-sites-and-lookers-no-sales",
                   test_days_are_the_sites_and_lookers_no_sales);
  g_test_add_func ("/sales/journal/test-money-is-marked-and-said", test_test_money_is_marked_and_said);
  g_test_add_func ("/sales/journal/an-export-tells-the-same", test_an_export_tells_the_same);
  g_test_add_func ("/sales/journal/a-broken-chain-is-refused-by-name", test_a_broken_chain_is_refused_by_name);
  g_test_add_func ("/sales/journal/a-changed-tariff-is-refused-by-name", test_a_changed_tariff_is_refused_by_name);

  return g_test_run ();
}
