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

/* The same bytes by another mapping have other keys: what they said before goes, and never are there both. What another
 * file told, too, stays. */
static void
test_read_in_another_way (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) wrong = ledger_new ();
  g_autoptr (Ledger) right = ledger_new ();
  g_autoptr (Ledger) other = ledger_new ();
  g_autoptr (Ledger) none = ledger_new ();
  const char *const KEYS = "SELECT \"key\", import_id FROM tapwatt_settled ORDER BY 1";

  add_line (wrong, "W1");
  add_line (wrong, "W2");
  add_line (wrong, "B");
  add_line (right, "R1");
  add_line (right, "B");
  add_line (other, "B");
  g_assert_cmpuint (store_load (store, "psp", "aa by-1", 0, wrong), ==, 3);
  g_assert_cmpuint (store_load (store, "psp", "bb by-1", 0, other), ==, 0);
  assert_told (store, KEYS, "B|1\n" "W1|1\n" "W2|1\n");
  g_assert_cmpuint (store_load (store, "psp", "aa by-2", 0, right), ==, 1);
  assert_told (store, KEYS, "B|2\n" "R1|3\n");
  g_assert_cmpuint (store_load (store, "psp", "aa by-2", 0, right), ==, 0);
  assert_notices (store, 0, 2, "read again in another way (by-2): what counts is file 3");
  assert_notices (store, 1, 1, "Windows-1252");
  g_assert_cmpuint (store_load (store, "psp", "aa by-1", 0, wrong), ==, 2);   /* and back */
  assert_told (store, KEYS, "B|2\n" "W1|4\n" "W2|4\n");
  g_assert_cmpuint (store_load (store, "psp", "aa", 0, other), ==, 0);
  assert_told (store, KEYS, "B|2\n");
  g_assert_cmpuint (store_load (store, "psp", "bb by-2", 0, none), ==, 0);
  assert_told (store, KEYS, "B|5\n");
}

/* Twins of one file go to the other file's one row, and come back. */
static void
test_twins_are_taken_back (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) none = ledger_new ();
  g_autoptr (Ledger) one = ledger_new ();
  g_autoptr (Ledger) two = ledger_new ();
  const char *const ROWS = "SELECT import_id, line, occurrence FROM tapwatt_settled ORDER BY occurrence";

  add_line (one, "L1");
  add_line (two, "L1");
  add_line (two, "L1");
  store_load (store, "psp", "aa by-1", 0, one);
  store_load (store, "psp", "bb by-1", 0, two);
  assert_told (store, ROWS, "2|2|1\n" "2|3|2\n");
  store_load (store, "psp", "bb by-2", 0, none);
  assert_told (store, ROWS, "1|2|1\n");
  store_load (store, "psp", "bb by-1", 0, two);
  assert_told (store, ROWS, "4|2|1\n" "4|3|2\n");
  store_load (store, "psp", "aa by-2", 0, none);
  assert_told (store, ROWS, "4|2|1\n" "4|3|2\n");
  assert_told (store, "SELECT count(*) FROM tapwatt_settled_also", "0\n");
}

#define N_FILES 5
#define N_READINGS 3
#define N_KEYS 6

/* What a file tells by a reading: of each key so many rows, with or without a batch. */
typedef struct { guint n[N_KEYS]; gboolean rich[N_KEYS]; } Content;

static Ledger *
ledger_of (const Content *content,
           const char    *label)
{
  Ledger *rows = ledger_new ();
  TwChars label_text = { g_intern_string (label), (guint32) strlen (label) };

  for (guint key = 0; key < N_KEYS; key++)
    for (guint i = 0; i < content->n[key]; i++)
      {
        static const char *const KEYS[N_KEYS] = { "K0", "K1", "K2", "K3", "K4", "K5" };
        TwSettled line = ledger_line (KEYS[key], "P1", 1000);
        TwEnergy energy = { .meter = { KEYS[key], 2 }, .energy_wh = 1, .begin_us = FRIDAY, .end_us = FRIDAY };

        line.raw_kind = label_text;
        energy.verdict = label_text;
        line.batch = energy.findings = content->rich[key] ? TEXT ("B7") : TEXT ("");
        g_array_append_val (rows->lines, line);
        g_array_append_val (rows->energies, energy);
      }

  return rows;
}

/* Of each key the rows of the file that has most of them, else tells most of them, else came first. live: "FILE
 * READING" as one number each, in the order of their loading. */
static char *
expected_rows (Content       contents[N_FILES][N_READINGS],
               const GArray *live)
{
  GString *rows = g_string_new (NULL);

  for (guint key = 0; key < N_KEYS; key++)
    {
      const Content *best = NULL;
      guint who = 0;

      for (guint i = 0; i < live->len; i++)
        {
          guint number = g_array_index (live, guint, i);
          const Content *content = &contents[number / N_READINGS][number % N_READINGS];

          if (best != NULL && 2 * content->n[key] + content->rich[key] <= 2 * best->n[key] + best->rich[key])
            continue;
          best = content;
          who = number;
        }
      for (guint i = 0; best != NULL && i < best->n[key]; i++)
        g_string_append_printf (rows, "K%u|%u|F%uR%u\n", key, i + 1, who / N_READINGS, who % N_READINGS);
    }

  return g_string_free (rows, FALSE);
}

static void
load_one (Store         *store,
          const Content *content,
          guint          file,
          guint          reading,
          gboolean       is_known)
{
  g_autofree char *name = g_strdup_printf ("f%u by-%u", file, reading);
  g_autofree char *label = g_strdup_printf ("F%uR%u", file, reading);
  g_autoptr (Ledger) rows = ledger_of (content, label);
  guint64 n_new = store_load (store, "psp", name, 0, rows);

  if (is_known)
    g_assert_cmpuint (n_new, ==, 0);
}

static void
assert_as_if_only_these (Store   *store,
                         Content  contents[N_FILES][N_READINGS],
                         GArray  *live)
{
  g_autofree char *expected = expected_rows (contents, live);

  assert_told (store, "SELECT \"key\", occurrence, raw_kind FROM tapwatt_settled ORDER BY 1, 2", expected);
  assert_told (store, "SELECT meter, occurrence, verdict FROM tapwatt_energy ORDER BY 1, 2", expected);
}

/* Files that tell the same rows, read in one way and another in any order: the store always holds what the files say
 * by the reading of each that was the last, as if there had been no other. */
static void
test_any_order (void)
{
  for (guint seed = 0; seed < 4; seed++)
    {
      g_autoptr (Store) store = store_new ();
      g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
      g_autoptr (GArray) live = g_array_new (FALSE, FALSE, sizeof (guint));
      Content contents[N_FILES][N_READINGS];

      for (guint i = 0; i < N_FILES * N_READINGS; i++)
        for (guint key = 0; key < N_KEYS; key++)
          {
            contents[i / N_READINGS][i % N_READINGS].n[key] = (guint) g_rand_int_range (dice, 0, 3);
            contents[i / N_READINGS][i % N_READINGS].rich[key] = g_rand_boolean (dice);
          }
      for (guint step = 0; step < 40; step++)
        {
          guint number = (guint) g_rand_int_range (dice, 0, N_FILES * N_READINGS);
          guint file = number / N_READINGS;
          gboolean is_known = FALSE;

          for (guint i = live->len; i-- > 0;)
            {
              is_known = is_known || g_array_index (live, guint, i) == number;
              if (g_array_index (live, guint, i) / N_READINGS == file && g_array_index (live, guint, i) != number)
                g_array_remove_index (live, i);
            }
          if (!is_known)
            g_array_append_val (live, number);
          load_one (store, &contents[file][number % N_READINGS], file, number % N_READINGS, is_known);
          assert_as_if_only_these (store, contents, live);
        }
    }
}

/* Journals can be read in one way; a journal of each day tells the same sales, of which only one version is kept. */
static void
test_journal_is_nothing_else (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import = { NULL };
  TwSale sale = ledger_sale ("A", "P1");
  TwIntake intake;
  guint64 n_new;

  g_array_append_val (rows->sales, sale);
  store_load (store, "journal", "aa", 0, rows);
  tw_import_init (&import);
  g_strlcpy (import.digest, "aa", sizeof import.digest);
  import.reading = g_strdup ("csv, mapping 1");
  g_assert_true (tw_books_begin (store->books, "psp", "sales.csv", &intake, &error));
  g_assert_false (tw_books_end (store->books, &import, &n_new, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "sales.csv"));
  assert_told (store, "SELECT count(*) FROM tapwatt_sale", "1\n");
  assert_told (store, "SELECT count(*) FROM tapwatt_import", "1\n");
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

/* As it was before a store kept what others told, too. */
static void
make_third_version (Store *store)
{
  static const char *const KINDS[] = { "settled", "credit", "energy", "total" };

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    {
      g_autofree char *sql = g_strdup_printf ("DROP TABLE tapwatt_%s_also", KINDS[i]);

      g_assert_true (store_meddle (store, sql));
    }
  g_assert_true (store_meddle (store, "ALTER TABLE tapwatt_meta DROP COLUMN whole_after"));
  g_assert_true (store_meddle (store, "UPDATE tapwatt_meta SET version = 3"));
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
  make_third_version (store);
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
  found = store_replay (store);
  credit = &g_array_index (found->credits, TwCredit, 0);
  g_assert_cmpstr (credit->original_currency, ==, "");
  g_assert_cmpint (credit->charges, ==, 0);
  g_assert_cmpint (credit->amount, ==, 970);
  g_assert_cmpuint (store_load (store, "psp", "aa by-1", 0, rows), ==, 1);
  assert_told (store, "SELECT count(*) FROM tapwatt_credit", "1\n");
}

/* An older Tapwatt kept of two files' common rows one file's alone. Whose other file goes says so until it is loaded
 * again, which brings them in. */
static void
test_what_an_older_store_lost (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) other = ledger_new ();
  g_autoptr (Ledger) none = ledger_new ();
  const char *const KEYS = "SELECT \"key\", import_id FROM tapwatt_settled ORDER BY 1";

  add_line (rows, "A");
  add_line (rows, "B");
  add_line (other, "B");
  store_load (store, "psp", "aa by-1", 0, rows);
  store_load (store, "psp", "bb by-1", 0, other);
  make_third_version (store);
  store_reopen (store);
  assert_notices (store, 1, 1, "Windows-1252");
  store_load (store, "psp", "aa by-2", 0, none);
  assert_told (store, KEYS, "");
  assert_notices (store, 1, 2, "what it has in common with file 1, which was read again in another way, may be"
                  " missing: an older Tapwatt loaded both; load this one again");
  g_assert_cmpuint (store_load (store, "psp", "bb by-1", 0, other), ==, 1);
  assert_told (store, KEYS, "B|4\n");
  assert_notices (store, 1, 2, "read again: what counts is file 4");
  g_assert_cmpuint (store_load (store, "psp", "bb by-1", 0, other), ==, 0);
  assert_told (store, "SELECT count(*) FROM tapwatt_import", "4\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add_func ("/reading/" name, func)
  TEST ("read-in-another-way-it-says-something-else", test_read_in_another_way);
  TEST ("twins-of-a-file-that-is-read-again", test_twins_are_taken_back);
  TEST ("in-any-order-nothing-is-lost", test_any_order);
  TEST ("a-journal-is-nothing-else", test_journal_is_nothing_else);
  TEST ("what-was-asked-is-what-counts", test_another_role);
  TEST ("an-older-store-is-renewed", test_older_store_is_renewed);
  TEST ("what-an-older-store-lost-is-told", test_what_an_older_store_lost);

  return g_test_run ();
}
