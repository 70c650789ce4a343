/* SPDX-License-Identifier: Apache-2.0 */
/* What a store holds after files came in, in any order, twice, at once, or half. */
#include "tests/unit/reconcile-books/store.h"

#include "app/base/error.h"
#include "payment/reconcile/books/shelf.h"

#include <string.h>

#define N_ROWS "SELECT (SELECT count(*) FROM tapwatt_sale), (SELECT count(*) FROM tapwatt_settled)," \
               " (SELECT count(*) FROM tapwatt_credit), (SELECT count(*) FROM tapwatt_energy)," \
               " (SELECT count(*) FROM tapwatt_total), (SELECT count(*) FROM tapwatt_import)"

static void
add_sale (Ledger     *rows,
          const char *session)
{
  TwSale sale = ledger_sale (session, session);

  g_array_append_val (rows->sales, sale);
}

static void
add_line (Ledger     *rows,
          const char *key)
{
  TwSettled line = ledger_line (key, "P1", 1000);

  g_array_append_val (rows->lines, line);
}

/* One row of each kind, with something in every corner of it. */
static Ledger *
one_of_each (void)
{
  Ledger *rows = ledger_new ();
  TwCredit credit = {
    .account = TEXT ("DE02"), .statement = TEXT ("7"), .key = TEXT ("k"), .currency = "EUR", .amount = 970,
    .booked_day = 20780, .value_day = G_MININT32, .reversal = TRUE,
  };
  TwEnergy energy = {
    .kind = TW_METER_SIGNED, .session = TEXT ("A"), .meter = TEXT ("M1"), .energy_wh = 20000, .begin_us = FRIDAY,
    .end_us = FRIDAY + 1, .good = TRUE, .verdict = TEXT ("valid"), .digest = TEXT ("d"), .page = G_MAXINT64,
    .first_page = 3,
  };
  TwTotal total = {
    .terminal = TEXT ("T1"), .currency = "EUR", .total_minor = -1, .count = TW_NOT_STATED, .day = 20777,
    .from_us = TW_NOT_STATED, .until_us = G_MAXINT64, .first_slip = -1, .last_slip = 9,
  };

  add_sale (rows, "A");
  add_line (rows, "L1");
  g_array_append_val (rows->credits, credit);
  g_array_append_val (rows->energies, energy);
  g_array_append_val (rows->totals, total);

  return rows;
}

static void
assert_rows (Store      *store,
             const char *expected)
{
  g_autofree char *found = store_ask (store, N_ROWS);

  g_assert_cmpstr (found, ==, expected);
}

/* All values but texts, which are compared by their columns in SQL. */
static void
test_comes_back (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = one_of_each ();
  g_autoptr (Ledger) found = NULL;
  const TwEnergy *energy;
  const TwTotal *total;
  const TwSale *sale;

  g_assert_cmpuint (store_load (store, "journal", NULL, FRIDAY, rows), ==, 5);
  found = store_replay (store);

  sale = &g_array_index (found->sales, TwSale, 0);
  g_assert_cmpuint (found->sales->len, ==, 1);
  g_assert_cmpuint (sale->origin.file, ==, 0);
  g_assert_cmpuint (sale->origin.line, ==, 2);
  g_assert_cmpmem (sale->session.text, sale->session.n, "A", 1);
  g_assert_cmpuint (sale->approval.n, ==, 0);
  g_assert_cmpstr (sale->currency, ==, "EUR");
  g_assert_cmpint (sale->state, ==, TW_SALE_CAPTURED);
  g_assert_cmpint (sale->price_minor, ==, 1000);
  g_assert_cmpint (sale->refunded_minor, ==, TW_NOT_STATED);
  g_assert_cmpint (sale->day, ==, 20777);
  g_assert_true (sale->billed);
  g_assert_false (sale->test_mode);

  g_assert_cmpint (g_array_index (found->lines, TwSettled, 0).day, ==, G_MININT32);
  g_assert_cmpint (g_array_index (found->lines, TwSettled, 0).gross, ==, 1000);
  g_assert_cmpint (g_array_index (found->credits, TwCredit, 0).value_day, ==, G_MININT32);
  g_assert_true (g_array_index (found->credits, TwCredit, 0).reversal);
  energy = &g_array_index (found->energies, TwEnergy, 0);
  g_assert_cmpuint (energy->page, ==, G_MAXINT64);
  g_assert_cmpuint (energy->first_page, ==, 3);
  g_assert_cmpmem (energy->verdict.text, energy->verdict.n, "valid", 5);
  total = &g_array_index (found->totals, TwTotal, 0);
  g_assert_cmpint (total->total_minor, ==, -1);
  g_assert_cmpint (total->count, ==, TW_NOT_STATED);
  g_assert_cmpint (total->until_us, ==, G_MAXINT64);
  g_assert_cmpint (total->first_slip, ==, -1);
}

static void
test_same_file_twice (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = one_of_each ();

  add_line (rows, "L1");
  g_assert_cmpuint (store_load (store, "psp", "aa", 0, rows), ==, 6);
  g_assert_cmpuint (store_load (store, "psp", "aa", 0, rows), ==, 0);
  assert_rows (store, "1|2|1|1|1|1\n");
  /* The same rows with a space more somewhere: a file of its own, without a new row. */
  g_assert_cmpuint (store_load (store, "psp", "ab", 0, rows), ==, 0);
  assert_rows (store, "1|2|1|1|1|2\n");
}

static void
test_overlapping_files (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) first = ledger_new ();
  g_autoptr (Ledger) second = ledger_new ();

  add_line (first, "L1");
  add_line (first, "L2");
  add_line (second, "L3");
  add_line (second, "L2");
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, first), ==, 2);
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, second), ==, 1);
  assert_rows (store, "0|3|0|0|0|2\n");
}

/* The reconciliation counts the lines of a key per file, so those of one key must point to one file. */
static void
test_twins_come_from_one_file (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) one = ledger_new ();
  g_autoptr (Ledger) two = ledger_new ();
  g_autofree char *files = NULL;

  add_line (one, "L1");
  add_line (two, "L1");
  add_line (two, "L0");
  add_line (two, "L1");
  store_load (store, "psp", NULL, 0, one);
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, two), ==, 3);
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, one), ==, 0);
  files = store_ask (store, "SELECT import_id, line, occurrence FROM tapwatt_settled WHERE row_key LIKE '%L1'"
                     " ORDER BY occurrence");
  g_assert_cmpstr (files, ==, "2|2|1\n2|4|2\n");
}

/* Of the same line in two files that which tells more. */
static void
test_more_facts_win (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) poor = ledger_new ();
  g_autoptr (Ledger) rich = ledger_new ();
  g_autofree char *batch = NULL;

  add_line (poor, "L1");
  add_line (rich, "L1");
  g_array_index (rich->lines, TwSettled, 0).batch = TEXT ("B7");
  store_load (store, "psp", NULL, 0, poor);
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, rich), ==, 1);
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, poor), ==, 0);
  batch = store_ask (store, "SELECT batch, import_id FROM tapwatt_settled");
  g_assert_cmpstr (batch, ==, "B7|2\n");
}

/* The same files give the same books in whatever order they come. */
static void
test_order_does_not_matter (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Store) other = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) turned = ledger_new ();
  const char *const ALL = "SELECT row_key, occurrence, \"session\", payment_ref FROM tapwatt_sale ORDER BY 1, 2";
  g_autofree char *left = NULL, *right = NULL;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *session = g_strdup_printf ("S%u", i);

      add_sale (rows, g_intern_string (session));
    }
  for (guint i = 50; i-- > 0;)
    g_array_append_val (turned->sales, g_array_index (rows->sales, TwSale, i));
  store_load (store, "journal", NULL, 1, rows);
  store_load (other, "journal", NULL, 1, turned);
  left = store_ask (store, ALL);
  right = store_ask (other, ALL);
  g_assert_cmpstr (left, ==, right);
}

/* A journal of Tuesday knows more than one of Monday, whichever comes first. */
static void
test_newer_journal_refines (void)
{
  for (guint order = 0; order < 2; order++)
    {
      g_autoptr (Store) store = store_new ();
      g_autoptr (Ledger) monday = ledger_new ();
      g_autoptr (Ledger) tuesday = ledger_new ();
      g_autoptr (Ledger) found = NULL;

      add_sale (monday, "A");
      add_sale (tuesday, "A");
      g_array_index (tuesday->sales, TwSale, 0).refunded_minor = 400;
      g_array_index (tuesday->sales, TwSale, 0).state = TW_SALE_UNKNOWN;
      store_load (store, "journal", NULL, FRIDAY + (order == 0 ? 0 : DAY_US), order == 0 ? monday : tuesday);
      store_load (store, "journal", NULL, FRIDAY + (order == 0 ? DAY_US : 0), order == 0 ? tuesday : monday);
      found = store_replay (store);
      g_assert_cmpuint (found->sales->len, ==, 1);
      g_assert_cmpint (g_array_index (found->sales, TwSale, 0).refunded_minor, ==, 400);
      g_assert_cmpuint (g_array_index (found->sales, TwSale, 0).origin.file, ==, order == 0 ? 1 : 0);
    }
}

/* A sales CSV states no time of its own: its newest sale tells how new it is. */
static void
test_newest_sale_tells (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) monday = ledger_new ();
  g_autoptr (Ledger) tuesday = ledger_new ();
  g_autofree char *state = NULL;

  add_sale (monday, "A");
  add_sale (tuesday, "A");
  add_sale (tuesday, "B");
  g_array_index (tuesday->sales, TwSale, 0).state = TW_SALE_UNKNOWN;
  g_array_index (tuesday->sales, TwSale, 1).ended_us = FRIDAY + 4 * DAY_US;
  store_load (store, "journal", NULL, TW_NOT_STATED, tuesday);
  g_assert_cmpuint (store_load (store, "journal", NULL, TW_NOT_STATED, monday), ==, 0);
  state = store_ask (store, "SELECT state FROM tapwatt_sale WHERE session = 'A'");
  g_assert_cmpstr (state, ==, "5\n");
}

static const char *const HOSTILE[] = {
  "a\tb", "a\\tb", "\\N", "\\.", "a\nb\r", "'; DROP TABLE tapwatt_sale; --", "\"", "$1", "%s%n",
  "\xc3\xa4\xf0\x9f\x9a\x97",
  "\x01\x1f\x7f", "1:A",
};

static void
test_hostile_texts (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) found = NULL;
  guint n_same = 0;

  for (guint i = 0; i < G_N_ELEMENTS (HOSTILE); i++)
    add_sale (rows, HOSTILE[i]);
  g_assert_cmpuint (store_load (store, "journal", NULL, 0, rows), ==, G_N_ELEMENTS (HOSTILE));
  found = store_replay (store);
  for (guint i = 0; i < found->sales->len; i++)
    {
      const TwSale *sale = &g_array_index (found->sales, TwSale, i);
      const char *expected = HOSTILE[sale->origin.line - 2];

      n_same += sale->session.n == strlen (expected) && memcmp (sale->session.text, expected, sale->session.n) == 0;
    }
  g_assert_cmpuint (n_same, ==, G_N_ELEMENTS (HOSTILE));
}

/* Two keys whose parts only look alike when they are put together are two. */
static void
test_keys_do_not_run_together (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_sale (rows, "1A");
  add_sale (rows, "A");
  g_array_index (rows->sales, TwSale, 0).station = TEXT ("S");
  g_array_index (rows->sales, TwSale, 1).station = TEXT ("S1");
  g_assert_cmpuint (store_load (store, "journal", NULL, 0, rows), ==, 2);
  assert_rows (store, "2|0|0|0|0|1\n");
}

static void
test_what_no_text_is (void)
{
  static const TwChars BAD[] = { TEXT ("a\0b"), TEXT ("\xff"), TEXT ("\xc3") };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_autoptr (Store) store = store_new ();
      g_autoptr (GError) error = NULL;
      TwSale sale = ledger_sale ("A", "P");
      TwIntake intake;

      sale.approval = BAD[i];
      sale.origin.line = 7;
      g_assert_true (tw_books_begin (store->books, "journal", "bad.csv", &intake, NULL));
      g_assert_false (intake.class_->sale (intake.self, &sale, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, "bad.csv, line 7"));
      tw_books_abandon (store->books);
      assert_rows (store, "0|0|0|0|0|0\n");
    }
}

/* An engine that dies with its nth call. */
static struct { const TwEngineClass *real; TwEngineClass class_; guint calls_left; } mortal;

static gboolean
lives (GError **error)
{
  if (mortal.calls_left == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the power is off");
      return FALSE;
    }
  mortal.calls_left--;

  return TRUE;
}

static gboolean
mortal_run (TwEngine *engine, const char *sql, guint64 *affected, GError **error)
{
  return lives (error) && mortal.real->run (engine, sql, affected, error);
}

static gboolean
mortal_ask (TwEngine *engine, const char *sql, const TwValue *values, guint n, TwRowFunc row, gpointer self,
            GError **error)
{
  return lives (error) && mortal.real->ask (engine, sql, values, n, row, self, error);
}

static gboolean
mortal_copy (TwEngine *engine, guint copy, const TwValue *values, guint n, GError **error)
{
  return lives (error) && mortal.real->copy (engine, copy, values, n, error);
}

static gboolean
mortal_end_copies (TwEngine *engine, GError **error)
{
  return lives (error) && mortal.real->end_copies (engine, error);
}

/* Everything of one file of which the digest is "ee"; FALSE: it died on the way. */
static gboolean
load_mortally (Store        *store,
               const char   *role,
               const char   *reading,
               const Ledger *rows,
               guint         n_calls)
{
  TwEngine *engine = store->books->engine;
  g_auto (TwImport) import = { NULL };
  TwIntake intake;
  guint64 n_new;

  tw_import_init (&import);
  g_strlcpy (import.digest, "ee", sizeof import.digest);
  import.reading = g_strdup (reading);
  mortal.real = engine->class_;
  mortal.class_ = *engine->class_;
  mortal.class_.run = mortal_run;
  mortal.class_.ask = mortal_ask;
  mortal.class_.copy = mortal_copy;
  mortal.class_.end_copies = mortal_end_copies;
  mortal.calls_left = n_calls;
  engine->class_ = &mortal.class_;

  if (!tw_books_begin (store->books, role, "path", &intake, NULL))
    return FALSE;
  for (guint i = 0; i < rows->sales->len; i++)
    if (!intake.class_->sale (intake.self, &g_array_index (rows->sales, TwSale, i), NULL))
      return FALSE;
  for (guint i = 0; i < rows->lines->len; i++)
    if (!intake.class_->line (intake.self, &g_array_index (rows->lines, TwSettled, i), NULL))
      return FALSE;

  return tw_books_end (store->books, &import, &n_new, NULL);
}

static void
test_crash_at_each_statement (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) before = ledger_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  guint n_calls = 0;

  add_sale (before, "A");
  add_sale (rows, "A");
  g_array_index (rows->sales, TwSale, 0).refunded_minor = 1;   /* it would refine what is there */
  add_sale (rows, "B");
  add_line (rows, "L1");
  store_load (store, "journal", NULL, TW_NOT_STATED, before);

  while (!load_mortally (store, "journal", NULL, rows, n_calls))
    {
      g_autofree char *refunded = NULL;

      store->books->engine->class_ = mortal.real;
      store_reopen (store);
      assert_rows (store, "1|0|0|0|0|1\n");
      refunded = store_ask (store, "SELECT count(*) FROM tapwatt_sale WHERE refunded_minor = 1");
      g_assert_cmpstr (refunded, ==, "0\n");
      n_calls++;
    }
  store->books->engine->class_ = mortal.real;
  assert_rows (store, "2|1|0|0|0|2\n");
  g_assert_cmpuint (n_calls, >, 12);
}

/* Of two files with rows in common one is read in another way: what it told goes, the other's comes, and what it tells
 * now; all of it, or nothing. */
static void
test_crash_while_read_again (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) before = ledger_new ();
  g_autoptr (Ledger) other = ledger_new ();
  g_autoptr (Ledger) now = ledger_new ();
  const char *const ALL = "SELECT \"key\", occurrence, import_id, 0 FROM tapwatt_settled UNION ALL"
                          " SELECT \"key\", occurrence, import_id, 1 FROM tapwatt_settled_also ORDER BY 1, 2, 3";
  guint n_calls = 0;

  add_line (before, "A");
  add_line (before, "A");
  add_line (before, "B");
  add_line (other, "A");
  add_line (other, "C");
  add_line (now, "C");
  add_line (now, "C");
  add_line (now, "D");
  store_load (store, "psp", "ee by-1", 0, before);
  store_load (store, "psp", "ff", 0, other);

  while (!load_mortally (store, "psp", "by-2", now, n_calls))
    {
      g_autofree char *found = NULL;

      store->books->engine->class_ = mortal.real;
      store_reopen (store);
      found = store_ask (store, ALL);
      g_assert_cmpstr (found, ==, "A|1|1|0\n" "A|1|2|1\n" "A|2|1|0\n" "B|1|1|0\n" "C|1|2|0\n");
      n_calls++;
    }
  store->books->engine->class_ = mortal.real;
  {
    g_autofree char *found = store_ask (store, ALL);

    g_assert_cmpstr (found, ==, "A|1|2|0\n" "C|1|2|1\n" "C|1|3|0\n" "C|2|3|0\n" "D|1|3|0\n");
  }
  g_assert_cmpuint (n_calls, >, 25);
}

/* An error of the reader: abandon, and the same connection loads the next file. */
static void
test_abandon_and_go_on (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = one_of_each ();
  TwIntake intake;

  for (guint n_rows = 0; n_rows < 3; n_rows++)
    {
      g_assert_true (tw_books_begin (store->books, "journal", "broken", &intake, NULL));
      for (guint i = 0; i < n_rows; i++)
        g_assert_true (intake.class_->sale (intake.self, &g_array_index (rows->sales, TwSale, 0), NULL));
      tw_books_abandon (store->books);
      assert_rows (store, "0|0|0|0|0|0\n");
    }
  g_assert_cmpuint (store_load (store, "journal", NULL, 0, rows), ==, 5);
}

/* Both have read their files before one of them writes; both files are in, and what is in both files is in once. */
static void
test_two_loaders_at_once (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (TwBooks) other = tw_books_open (store->url, TW_BOOKS_EXISTING, NULL);
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import = { NULL };
  g_autofree char *ids = NULL;
  TwIntake intake;
  guint64 n_new;

  add_line (rows, "L1");
  add_line (rows, "L2");
  tw_import_init (&import);
  g_assert_nonnull (other);
  g_assert_true (tw_books_begin (other, "psp", "theirs", &intake, &error));
  g_assert_true (intake.class_->line (intake.self, &g_array_index (rows->lines, TwSettled, 0), &error));
  g_assert_cmpuint (store_load (store, "psp", NULL, 0, rows), ==, 2);
  g_assert_true (tw_books_end (other, &import, &n_new, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_new, ==, 0);
  assert_rows (store, "0|2|0|0|0|2\n");
  ids = store_ask (store, "SELECT id FROM tapwatt_import ORDER BY id");
  g_assert_cmpstr (ids, ==, "1\n2\n");
}

static gpointer
load_many (gpointer user_data)
{
  const char *url = user_data;
  g_autoptr (TwBooks) books = tw_books_open (url, TW_BOOKS_CREATE, NULL);

  g_assert_nonnull (books);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (TwImport) import = { NULL };
      g_autofree char *key = g_strdup_printf ("L%u", i);
      TwSettled line = ledger_line (key, "P1", 1000);
      TwIntake intake;
      guint64 n_new;

      tw_import_init (&import);
      g_snprintf (import.digest, sizeof import.digest, "%064u", i);
      g_assert_true (tw_books_begin (books, "psp", key, &intake, &error));
      g_assert_true (intake.class_->line (intake.self, &line, &error));
      tw_books_end (books, &import, &n_new, &error);
      g_assert_no_error (error);
    }

  return NULL;
}

/* Also the making of the schema: each opens for itself. */
static void
test_many_at_once (void)
{
  g_autoptr (Store) store = store_new ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, load_many, store->url);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_rows (store, "0|20|0|0|0|20\n");
}

static void
test_imports_stay (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = one_of_each ();

  store_load (store, "psp", NULL, 0, rows);
  g_assert_false (store_meddle (store, "DELETE FROM tapwatt_import"));
  g_assert_false (store_meddle (store, "UPDATE tapwatt_import SET sha256 = ''"));
  assert_rows (store, "1|1|1|1|1|1\n");
}

static gboolean
take_anything (gpointer      self,
               const TwSale *sale,
               GError      **error)
{
  return TRUE;
}

static void
test_files_are_named (void)
{
  static const TwIntakeClass CLASS = { .sale = take_anything };
  const TwIntake intake = { &CLASS, NULL };
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (GArray) files = NULL;
  g_autoptr (GError) error = NULL;
  const TwBooksFile *file;

  add_sale (rows, "A");
  store_load (store, "journal", "ab", TW_NOT_STATED, rows);
  store_load (store, "journal", "cd", FRIDAY, rows);
  g_assert_true (tw_books_replay (store->books, &intake, &files, &error));
  g_assert_cmpuint (files->len, ==, 2);
  file = &g_array_index (files, TwBooksFile, 0);
  g_assert_cmpstr (file->role, ==, "journal");
  g_assert_true (g_str_has_prefix (file->path, "file-"));
  g_assert_cmpstr (file->import.format, ==, "test");
  g_assert_cmpstr (file->import.digest, ==, "ab");
  g_assert_cmpuint (file->import.n_rows, ==, 1);
  g_assert_cmpint (file->import.last_us, ==, TW_NOT_STATED);
  g_assert_cmpuint (file->import.notices->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (file->import.notices, 0), ==, "Windows-1252");
  g_assert_cmpint (g_array_index (files, TwBooksFile, 1).import.last_us, ==, FRIDAY);
}

static void
test_who_was_asked (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) none = ledger_new ();
  gboolean has;

  store_load (store, "psp", NULL, 0, none);   /* asked, and without an answer */
  g_assert_true (tw_books_has_role (store->books, "psp", &has, NULL));
  g_assert_true (has);
  g_assert_true (tw_books_has_role (store->books, "bank", &has, NULL));
  g_assert_false (has);
}

typedef struct { guint n; guint64 last, of; } Watched;

static void
on_watched (gpointer self,
            guint64  done,
            guint64  of)
{
  Watched *watched = self;

  g_assert_cmpuint (done, <=, of);
  g_assert_true (watched->n == 0 || done > watched->last);
  watched->n++;
  watched->last = done;
  watched->of = of;
}

static void
test_progress_is_told (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) found = NULL;
  Watched watched = { 0 };

  add_sale (rows, "A");
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *key = g_strdup_printf ("L%u", i);

      add_line (rows, g_string_chunk_insert (rows->texts, key));
    }
  store_load (store, "psp", NULL, 0, rows);
  tw_books_watch (store->books, on_watched, &watched);
  found = store_replay (store);
  g_assert_cmpuint (found->lines->len, ==, 3000);
  g_assert_cmpuint (watched.n, ==, 3);
  g_assert_cmpuint (watched.last, ==, 2048);
  g_assert_cmpuint (watched.of, ==, 3001);
}

static void
test_what_is_not_wanted (void)
{
  static const TwIntakeClass CLASS = { .sale = take_anything };
  const TwIntake intake = { &CLASS, NULL };
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (GError) error = NULL;

  add_line (rows, "L1");
  store_load (store, "psp", NULL, 0, rows);
  g_assert_false (tw_books_replay (store->books, &intake, NULL, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

static void
test_newer_store_is_refused (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (store_meddle (store, "UPDATE tapwatt_meta SET version = 99"));
  g_assert_null (tw_books_open (store->url, TW_BOOKS_CREATE, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "newer"));
}

static void
test_urls (void)
{
  static const char *const BAD[] = { "", "sqlite", "sqlite:", "mysql://x", "/tmp/x", "postgres:x" };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tw_books_open (BAD[i], TW_BOOKS_CREATE, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, "sqlite:PATH or postgresql://"));
    }
}

static void
test_out_of_reach (void)
{
  static const char *const GONE[] = { "sqlite:/nowhere/at/all/books.db", "postgresql:///x?host=/nowhere/at/all" };

  for (guint i = 0; i < G_N_ELEMENTS (GONE); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tw_books_open (GONE[i], TW_BOOKS_CREATE, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add_func ("/books/" name, func)
  TEST ("every-value-comes-back", test_comes_back);
  TEST ("the-same-file-twice-adds-nothing", test_same_file_twice);
  TEST ("overlapping-files-are-one", test_overlapping_files);
  TEST ("twins-come-from-one-file", test_twins_come_from_one_file);
  TEST ("who-tells-more-wins", test_more_facts_win);
  TEST ("the-order-of-rows-does-not-matter", test_order_does_not_matter);
  TEST ("a-newer-journal-refines-a-sale", test_newer_journal_refines);
  TEST ("the-newest-sale-tells-how-new-a-file-is", test_newest_sale_tells);
  TEST ("hostile-texts-come-back", test_hostile_texts);
  TEST ("keys-do-not-run-together", test_keys_do_not_run_together);
  TEST ("what-is-no-text-is-refused", test_what_no_text_is);
  TEST ("a-crash-at-any-statement-leaves-nothing", test_crash_at_each_statement);
  TEST ("a-crash-while-a-file-is-read-again-leaves-it-as-it-was", test_crash_while_read_again);
  TEST ("abandon-and-go-on", test_abandon_and_go_on);
  TEST ("two-loaders-at-once", test_two_loaders_at_once);
  TEST ("many-loaders-at-once", test_many_at_once);
  TEST ("imports-are-only-added-to", test_imports_stay);
  TEST ("files-are-named", test_files_are_named);
  TEST ("who-was-asked-is-known", test_who_was_asked);
  TEST ("while-rows-are-read-back-it-is-told-how-far", test_progress_is_told);
  TEST ("what-is-not-wanted-is-refused", test_what_is_not_wanted);
  TEST ("a-newer-store-is-refused", test_newer_store_is_refused);
  TEST ("urls-are-explained", test_urls);
  TEST ("out-of-reach-is-told", test_out_of_reach);

  return g_test_run ();
}
