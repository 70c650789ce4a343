/* SPDX-License-Identifier: Apache-2.0 */
/* The same bytes read in another way, and a store of an earlier program. */
#include "tests/unit/reconcile-books/store.h"

#include "app/base/error.h"

#include <string.h>

static void
add_line (Ledger     *rows,
          const char *key)
{
  TwSettled line = ledger_line (key, "P1", 1000);

  g_array_append_val (rows->lines, line);
}

static Ledger *
one_credit (void)
{
  Ledger *rows = ledger_new ();
  TwCredit credit = {
    .account = TEXT ("DE02"), .key = TEXT ("k"), .currency = "EUR", .amount = 970, .booked_day = 20780,
    .value_day = G_MININT32,
  };

  g_array_append_val (rows->credits, credit);

  return rows;
}

static void
assert_told (Store      *store,
             const char *sql,
             const char *expected)
{
  g_autofree char *found = store_ask (store, sql);

  g_assert_cmpstr (found, ==, expected);
}

static gboolean
take_any_line (gpointer         self,
               const TwSettled *line,
               GError         **error)
{
  return TRUE;
}

static void
assert_notices (Store      *store,
                guint       file,
                guint       n,
                const char *last)
{
  static const TwIntakeClass CLASS = { .line = take_any_line };
  const TwIntake intake = { &CLASS, NULL };
  g_autoptr (GArray) files = NULL;
  const GPtrArray *notices;

  g_assert_true (tw_books_replay (store->books, &intake, &files, NULL));
  notices = g_array_index (files, TwBooksFile, file).import.notices;
  g_assert_cmpuint (notices->len, ==, n);
  g_assert_cmpstr (g_ptr_array_index (notices, n - 1), ==, last);
}

/* The same bytes by another mapping have other keys: what they said before goes, and never are there both. */
static void
test_read_in_another_way (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) wrong = ledger_new ();
  g_autoptr (Ledger) right = ledger_new ();
  g_autoptr (Ledger) other = ledger_new ();
  const char *const KEYS = "SELECT \"key\", import_id FROM tapwatt_settled ORDER BY 1";
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  add_line (wrong, "W1");
  add_line (wrong, "W2");
  add_line (wrong, "B");
  add_line (right, "R1");
  add_line (right, "B");
  add_line (other, "B");
  g_assert_cmpuint (store_load (store, "psp", "aa by-1", 0, wrong), ==, 3);
  g_assert_cmpuint (store_load (store, "psp", "bb by-1", 0, other), ==, 0);
  g_assert_cmpuint (store_load (store, "psp", "aa by-2", 0, right), ==, 2);
  first = store_ask (store, KEYS);
  g_assert_cmpstr (first, ==, "B|3\n" "R1|3\n");
  g_assert_cmpuint (store_load (store, "psp", "aa by-2", 0, right), ==, 0);
  assert_notices (store, 0, 2, "read again in another way (by-2): what counts is file 3");
  assert_notices (store, 1, 1, "Windows-1252");
  g_assert_cmpuint (store_load (store, "psp", "aa by-1", 0, wrong), ==, 3);   /* and back */
  second = store_ask (store, KEYS);
  g_assert_cmpstr (second, ==, "B|4\n" "W1|4\n" "W2|4\n");
  g_assert_cmpuint (store_load (store, "psp", "aa", 0, other), ==, 1);
  third = store_ask (store, KEYS);
  g_assert_cmpstr (third, ==, "B|5\n");
}

/* Asked as what it is, and not as what it was taken for. */
static void
test_another_role (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  gboolean has;

  add_line (rows, "L1");
  store_load (store, "bank", "aa bank-csv", 0, rows);
  store_load (store, "psp", "aa csv", 0, rows);
  g_assert_true (tw_books_has_role (store->books, "bank", &has, NULL));
  g_assert_false (has);
  g_assert_true (tw_books_has_role (store->books, "psp", &has, NULL));
  g_assert_true (has);
}

/* A store of the first version: as it was made then, with a file in it. */
static void
test_older_store_is_renewed (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = one_credit ();
  g_autoptr (Ledger) found = NULL;
  g_autoptr (GError) error = NULL;
  const TwCredit *credit;

  store_load (store, "psp", "aa", 0, rows);
  g_assert_true (store_meddle (store, "ALTER TABLE tapwatt_import DROP COLUMN reading"));
  g_assert_true (store_meddle (store, "ALTER TABLE tapwatt_import DROP COLUMN replaces"));
  g_assert_true (store_meddle (store, "ALTER TABLE tapwatt_credit DROP COLUMN original_currency"));
  g_assert_true (store_meddle (store, "ALTER TABLE tapwatt_credit DROP COLUMN charges"));
  g_assert_true (store_meddle (store, "DROP TABLE tapwatt_manual"));
  g_assert_true (store_meddle (store, "UPDATE tapwatt_meta SET version = 1"));
  g_assert_null (tw_books_open (store->url, TW_BOOKS_EXISTING, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "older"));
  store_reopen (store);
  g_assert_cmpuint (store_load (store, "psp", "aa", 0, rows), ==, 0);
  found = store_replay (store);
  credit = &g_array_index (found->credits, TwCredit, 0);
  g_assert_cmpstr (credit->original_currency, ==, "");
  g_assert_cmpint (credit->charges, ==, 0);
  g_assert_cmpint (credit->amount, ==, 970);
  g_assert_cmpuint (store_load (store, "psp", "aa by-1", 0, rows), ==, 1);
  assert_told (store, "SELECT count(*) FROM tapwatt_credit", "1\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add_func ("/reading/" name, func)
  TEST ("read-in-another-way-it-says-something-else", test_read_in_another_way);
  TEST ("what-was-asked-is-what-counts", test_another_role);
  TEST ("an-older-store-is-renewed", test_older_store_is_renewed);

  return g_test_run ();
}
