/* SPDX-License-Identifier: Apache-2.0 */
/* A person's words on cases that came of real runs: rows are loaded, compared by what was said before, and the findings
 * become cases. */
#include "tests/unit/reconcile-books/store.h"

#include "app/base/error.h"
#include "payment/reconcile/books/manual.h"

#include <string.h>

#define STATES "SELECT class, state FROM tapwatt_case ORDER BY class, id"

static void
add_sale (Ledger     *rows,
          const char *session,
          const char *reference)
{
  TwSale sale = ledger_sale (session, reference);

  g_array_append_val (rows->sales, sale);
}

static TwSettled *
add_line (Ledger     *rows,
          const char *psp_ref,
          const char *reference,
          gint64      gross)
{
  TwSettled line = ledger_line (psp_ref, reference, gross);

  line.psp_ref = chars (psp_ref);
  line.source = TEXT ("stripe");
  g_array_append_val (rows->lines, line);

  return &g_array_index (rows->lines, TwSettled, rows->lines->len - 1);
}

static void
add_credit (Ledger     *rows,
            const char *key,
            const char *text,
            gint64      amount)
{
  TwCredit credit = {
    .account = TEXT ("DE02"), .key = chars (key), .remittance = chars (text), .currency = "EUR", .amount = amount,
    .booked_day = 20781, .value_day = 20781,
  };

  g_array_append_val (rows->credits, credit);
}

typedef struct { TwBooks *books; GString *found; } Run;

static gboolean
on_totals (gpointer                 self,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  return TRUE;
}

static gboolean
on_exception (gpointer            self,
              const TwException  *exception,
              GError            **error)
{
  const Run *run = self;
  gboolean is_resolved;

  if (!tw_cases_add (run->books, exception, &is_resolved, error))
    return FALSE;
  if (exception->severity >= TW_CASE_SEVERITY)
    g_string_append_printf (run->found, "%s %" G_GINT64_FORMAT " %s%s\n", tw_class_name (exception->class_),
                            exception->stake_minor, exception->rule, is_resolved ? " resolved" : "");

  return TRUE;
}

static gboolean
on_manual (gpointer         reconciliation,
           const TwManual  *manual,
           GError         **error)
{
  tw_reconciliation_add_manual (reconciliation, manual);

  return TRUE;
}

/* As reconcile --store does it. */
static void
expect (Store      *store,
        const char *found)
{
  static const TwResultClass CLASS = { on_totals, NULL, NULL, on_exception, NULL };
  g_autoptr (TwReconciliation) reconciliation = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Run run = { store->books, text };
  TwReconcileTerms terms;
  TwCaseChanges changes;
  TwIntake intake;

  tw_reconcile_terms_init (&terms);
  terms.as_of_us = FRIDAY + 30 * DAY_US;
  reconciliation = tw_reconciliation_new (&terms, NULL);
  intake = tw_reconciliation_intake (reconciliation);
  tw_cases_begin (store->books, &error);
  g_assert_no_error (error);
  tw_books_replay (store->books, &intake, NULL, &error);
  g_assert_no_error (error);
  tw_manual_each (store->books, on_manual, reconciliation, &error);
  g_assert_no_error (error);
  tw_reconciliation_run (reconciliation, &CLASS, &run, &error);
  g_assert_no_error (error);
  tw_cases_end (store->books, 5, &changes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, found);
}

static void
assert_told (Store      *store,
             const char *sql,
             const char *expected)
{
  g_autofree char *found = store_ask (store, sql);

  g_assert_cmpstr (found, ==, expected);
}

static char *
case_of (Store      *store,
         const char *class_name)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM tapwatt_case WHERE class = '%s' ORDER BY id", class_name);
  char *id = store_ask (store, sql);

  g_assert_cmpuint (strlen (id), ==, 33);

  return g_strchomp (id);
}

static const TwManualWord WORD = { "eve", "seen_on_paper", "page 3", 7 };

typedef gboolean (*Act) (TwBooks *books, const char *id, const TwManualWord *word, GError **error);

static void
act (Store      *store,
     const char *class_name,
     Act         func)
{
  g_autofree char *id = case_of (store, class_name);
  g_autoptr (GError) error = NULL;

  func (store->books, id, &WORD, &error);
  g_assert_no_error (error);
}

static void
match (Store      *store,
       const char *class_name,
       const char *first,
       const char *second)
{
  g_autofree char *id = case_of (store, class_name);
  const char *const to[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;

  tw_manual_match (store->books, id, to, &WORD, &error);
  g_assert_no_error (error);
}

/* said: a part of the message. */
static void
refused (Store      *store,
         const char *class_name,
         const char *first,
         const char *second,
         const char *said)
{
  g_autofree char *id = case_of (store, class_name);
  const char *const to[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (tw_manual_match (store->books, id, to, &WORD, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  if (strstr (error->message, said) == NULL)
    g_error ("\"%s\" is not in: %s", said, error->message);
}

/* A sale that nobody settled, and a line that nobody sold. */
static Store *
two_halves (void)
{
  Store *store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_sale (rows, "A", "P1");
  add_line (rows, "T1", "nobody", 1000);
  store_load (store, "psp", NULL, 0, rows);
  expect (store, "missing_in_settlement 1000 settlement-due\nmissing_in_journal -1000 no-pass\n");

  return store;
}

static void
test_line_to_sale (void)
{
  g_autoptr (Store) store = two_halves ();

  match (store, "missing_in_journal", "A", NULL);
  assert_told (store, STATES, "missing_in_journal|closed\nmissing_in_settlement|open\n");
  expect (store, "");
  assert_told (store, STATES, "missing_in_journal|closed\nmissing_in_settlement|closed\n");
  assert_told (store, "SELECT what, who, at_us, reason FROM tapwatt_event WHERE what = 'matched'",
               "matched|eve|7|seen_on_paper: with A; page 3\n");
  assert_told (store, "SELECT what, who, reason, note, state_before, state_after, station, session, account, row_name"
               " FROM tapwatt_manual", "match|eve|seen_on_paper|page 3|open|closed|S1|A|ACC|T1\n");
}

static void
test_sale_to_line (void)
{
  g_autoptr (Store) store = two_halves ();

  match (store, "missing_in_settlement", "T1", NULL);
  expect (store, "");
}

/* Two cases are the two sides of one. */
static void
test_case_to_case (void)
{
  g_autoptr (Store) store = two_halves ();
  g_autofree char *other = case_of (store, "missing_in_journal");

  match (store, "missing_in_settlement", other, NULL);
  expect (store, "");
}

static void
test_several_lines (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_sale (rows, "A", "P1");
  add_line (rows, "T1", "nobody", 400);
  add_line (rows, "T2", "nobody", 500);
  store_load (store, "psp", NULL, 0, rows);
  expect (store, "missing_in_settlement 1000 settlement-due\nmissing_in_journal -400 no-pass\n"
          "missing_in_journal -500 no-pass\n");
  match (store, "missing_in_settlement", "T1", "T2");
  expect (store, "amount_under 100 manual\n");
}

static void
test_undone (void)
{
  g_autoptr (Store) store = two_halves ();

  match (store, "missing_in_journal", "A", NULL);
  expect (store, "");
  act (store, "missing_in_journal", tw_manual_undo);
  assert_told (store, STATES, "missing_in_journal|open\nmissing_in_settlement|closed\n");
  expect (store, "missing_in_settlement 1000 settlement-due\nmissing_in_journal -1000 no-pass\n");
  assert_told (store, STATES, "missing_in_journal|open\nmissing_in_settlement|open\n");
  assert_told (store, "SELECT what, act, undoes FROM tapwatt_manual ORDER BY n", "match|1|0\nundo|2|1\n");
  g_assert_false (store_meddle (store, "DELETE FROM tapwatt_manual"));
  g_assert_false (store_meddle (store, "UPDATE tapwatt_manual SET who = 'nobody'"));
}

/* The line's newer version knows whose it is; undone by the new case or by the old one. */
static void
test_contradicted (void)
{
  for (guint way = 0; way < 2; way++)
    {
      g_autoptr (Store) store = two_halves ();
      g_autoptr (Ledger) rows = ledger_new ();

      match (store, "missing_in_journal", "A", NULL);
      add_sale (rows, "B", "P2");
      add_line (rows, "T1", "P2", 1000)->batch = TEXT ("B1");
      store_load (store, "psp", NULL, 0, rows);
      expect (store, "missing_in_settlement 1000 settlement-due\npayout_not_in_bank 1000 payout-due\n"
              "manual_contradicted 1000 payment-reference\n");
      act (store, way == 0 ? "manual_contradicted" : "missing_in_journal", tw_manual_undo);
      expect (store, "missing_in_settlement 1000 settlement-due\npayout_not_in_bank 1000 payout-due\n");
      assert_told (store, "SELECT class, state FROM tapwatt_case WHERE class IN ('manual_contradicted',"
                   " 'missing_in_journal') ORDER BY class", "manual_contradicted|closed\nmissing_in_journal|closed\n");
    }
}

static void
test_written_off (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) late = ledger_new ();

  add_sale (rows, "A", "P1");
  store_load (store, "psp", NULL, 0, rows);
  expect (store, "missing_in_settlement 1000 settlement-due\n");
  act (store, "missing_in_settlement", tw_manual_write_off);
  assert_told (store, STATES, "missing_in_settlement|resolved\n");
  expect (store, "missing_in_settlement 1000 settlement-due resolved\n");
  add_line (late, "T1", "P1", 1000);
  store_load (store, "psp", NULL, 0, late);
  expect (store, "manual_contradicted 1000 written-off-is-lost\n");
  act (store, "manual_contradicted", tw_manual_undo);
  expect (store, "");
  assert_told (store, STATES, "manual_contradicted|closed\nmissing_in_settlement|closed\n");
  assert_told (store, "SELECT what, amount_minor, state_before, state_after FROM tapwatt_manual ORDER BY n",
               "write_off|1000|open|resolved\nundo|0|resolved|open\n");
}

/* Said again, of another stake: the new word is in the place of the old one. */
static void
test_written_off_again (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) late = ledger_new ();

  add_sale (rows, "A", "P1");
  add_line (rows, "T1", "P1", 700);
  store_load (store, "psp", NULL, 0, rows);
  expect (store, "amount_under 300 payment-reference\n");
  act (store, "amount_under", tw_manual_write_off);
  add_line (late, "T2", "P1", 100);
  store_load (store, "psp", NULL, 0, late);
  expect (store, "amount_under 200 payment-reference\n");
  act (store, "amount_under", tw_manual_write_off);
  expect (store, "amount_under 200 payment-reference resolved\n");
  assert_told (store, "SELECT what, act, undoes, amount_minor FROM tapwatt_manual ORDER BY n",
               "write_off|1|0|300\nundo|2|1|0\nwrite_off|3|0|200\n");
  act (store, "amount_under", tw_manual_undo);
  expect (store, "amount_under 200 payment-reference\n");
}

static void
add_payouts (Ledger *rows)
{
  static const char *const NAMES[][3] = { { "A", "T1", "B-100001" }, { "C", "T2", "B-100002" } };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      add_sale (rows, NAMES[i][0], NAMES[i][0]);
      add_line (rows, NAMES[i][1], NAMES[i][0], 1000)->batch = chars (NAMES[i][2]);
    }
}

static void
test_bank (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_payouts (rows);
  add_credit (rows, "K1", "STRIPE COLLECTIVE", 1980);
  store_load (store, "bank", NULL, 0, rows);
  expect (store, "payout_not_in_bank 1000 payout-due\npayout_not_in_bank 1000 payout-due\n"
          "bank_line_unexplained 1980 every-entry-a-payout\n");
  match (store, "bank_line_unexplained", "B-100001", "B-100002");
  expect (store, "bank_amount_diff 20 manual\n");
  act (store, "bank_line_unexplained", tw_manual_undo);
  expect (store, "payout_not_in_bank 1000 payout-due\npayout_not_in_bank 1000 payout-due\n"
          "bank_line_unexplained 1980 every-entry-a-payout\n");
}

static void
test_payout_to_entry (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_sale (rows, "A", "A");
  add_line (rows, "T1", "A", 1000)->batch = TEXT ("B-100001");
  add_credit (rows, "DE02\x1fR_1\x1f" "EUR\x1f" "990\x1f", "from somebody", 990);
  add_credit (rows, "DE02\x1fRx1\x1f" "EUR\x1f" "990\x1f", "from somebody", 990);
  add_credit (rows, "DE02\x1fR2\x1fR_1\x1f", "from somebody", 10);
  store_load (store, "bank", NULL, 0, rows);
  expect (store, "payout_not_in_bank 1000 payout-due\n");
  refused (store, "payout_not_in_bank", "990", NULL, "no entry of the bank");
  refused (store, "payout_not_in_bank", "DE02", NULL, "no entry of the bank");
  match (store, "payout_not_in_bank", "R_1", NULL);
  expect (store, "bank_amount_diff 10 manual\n");
}

static void
test_payout_written_off (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (Ledger) late = ledger_new ();

  add_sale (rows, "A", "A");
  add_line (rows, "T1", "A", 1000)->batch = TEXT ("B-100001");
  store_load (store, "psp", NULL, 0, rows);
  expect (store, "payout_not_in_bank 1000 payout-due\n");
  act (store, "payout_not_in_bank", tw_manual_write_off);
  expect (store, "payout_not_in_bank 1000 payout-due resolved\n");
  add_credit (late, "K1", "STRIPE B-100001", 1000);
  store_load (store, "bank", NULL, 0, late);
  expect (store, "manual_contradicted 1000 payout-id\n");
}

static void
test_ambiguous (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_sale (rows, "A", "P1");
  add_sale (rows, "C", "P1");
  add_line (rows, "T1", "P1", 1000);
  store_load (store, "psp", NULL, 0, rows);
  expect (store, "ambiguous -1000 payment-reference\nambiguous 1000 payment-reference\n"
          "ambiguous 1000 payment-reference\n");
  {
    g_autofree char *id = g_strchomp (store_ask (store, "SELECT id FROM tapwatt_case WHERE session = ''"));
    const char *const twice[] = { "P1", NULL }, *const to[] = { "C", NULL };
    g_autoptr (GError) error = NULL;

    g_assert_false (tw_manual_match (store->books, id, twice, &WORD, &error));
    g_assert_nonnull (strstr (error->message, "more than one sale has the reference \"P1\""));
    g_clear_error (&error);
    tw_manual_match (store->books, id, to, &WORD, &error);
    g_assert_no_error (error);
  }
  expect (store, "missing_in_settlement 1000 settlement-due\n");
}

static void
test_refusals (void)
{
  g_autoptr (Store) store = two_halves ();
  g_autoptr (Ledger) rows = ledger_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = case_of (store, "missing_in_journal");
  const TwManualWord words[] = { { "eve", "", "", 7 }, { "eve", "Seen on paper", "", 7 }, { "", "seen", "", 7 } };

  refused (store, "missing_in_journal", NULL, NULL, "which is one sale's");
  refused (store, "missing_in_journal", "A", "C", "which is one sale's: name one");
  refused (store, "missing_in_journal", "nobody", NULL, "no sale of the store has the reference \"nobody\"");
  refused (store, "missing_in_journal", "", NULL, "by a reference");
  refused (store, "missing_in_settlement", "T1", "T1", "matched by hand already");
  refused (store, "missing_in_settlement", NULL, NULL, "to what?");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_assert_false (tw_manual_match (store->books, id, (const char *const[]) { "A", NULL }, &words[i], &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_clear_error (&error);
    }
  g_assert_false (tw_manual_write_off (store->books, id, &WORD, &error));
  g_assert_nonnull (strstr (error->message, "no money of ours"));
  g_clear_error (&error);
  g_assert_false (tw_manual_undo (store->books, id, &WORD, &error));
  g_assert_nonnull (strstr (error->message, "neither matched nor written off"));
  assert_told (store, "SELECT count(*) FROM tapwatt_manual", "0\n");

  match (store, "missing_in_journal", "A", NULL);
  refused (store, "missing_in_journal", "A", NULL, "only what is open");
  refused (store, "missing_in_settlement", "T1", NULL, "matched by hand already");
}

static void
test_currencies (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();

  add_sale (rows, "A", "A");
  add_line (rows, "T1", "A", 1000)->batch = TEXT ("B-100001");
  add_credit (rows, "K1", "STRIPE", 1000);
  memcpy (g_array_index (rows->credits, TwCredit, 0).currency, "CHF", 4);
  store_load (store, "bank", NULL, 0, rows);
  expect (store, "payout_not_in_bank 1000 payout-due\nbank_line_unexplained 1000 every-entry-a-payout\n");
  refused (store, "bank_line_unexplained", "B-100001", NULL, "never mixed");
}

/* Lines of one number, with another's between them: the store takes all, and a word on one finds its row. */
static void
test_lines_of_one_key (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (Ledger) rows = ledger_new ();
  const char *const to[] = { "A", NULL };
  const char *const FOUND = "missing_in_settlement 1000 settlement-due\n" "missing_in_journal -1000 no-pass\n"
                            "missing_in_journal -900 no-pass\n" "missing_in_journal -1000 no-pass\n";
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  add_sale (rows, "A", "P1");
  add_line (rows, "same", "x", 1000)->psp_ref = TEXT ("T1");
  add_line (rows, "other", "y", 900)->psp_ref = TEXT ("T2");
  add_line (rows, "same", "z", 1000)->psp_ref = TEXT ("T3");
  store_load (store, "psp", NULL, 0, rows);
  expect (store, FOUND);
  expect (store, FOUND);
  assert_told (store, "SELECT count(*), count(DISTINCT id) FROM tapwatt_case", "4|4\n");
  assert_told (store, "SELECT count(*) FROM tapwatt_event", "4\n");
  id = store_ask (store, "SELECT id FROM tapwatt_case WHERE payment_ref = 'z'");
  tw_manual_match (store->books, g_strchomp (id), to, &WORD, &error);
  g_assert_no_error (error);
  assert_told (store, "SELECT row_name, session FROM tapwatt_manual", "same|A\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add_func ("/manual/" name, func)
  TEST ("a-line-and-its-sale", test_line_to_sale);
  TEST ("a-sale-and-its-line", test_sale_to_line);
  TEST ("two-cases-are-two-sides", test_case_to_case);
  TEST ("a-sale-and-several-lines", test_several_lines);
  TEST ("undone-it-is-as-before", test_undone);
  TEST ("a-later-file-contradicts", test_contradicted);
  TEST ("written-off-until-it-comes-after-all", test_written_off);
  TEST ("written-off-again-with-another-stake", test_written_off_again);
  TEST ("an-entry-and-its-payouts", test_bank);
  TEST ("a-payout-and-its-entry", test_payout_to_entry);
  TEST ("a-payout-is-written-off", test_payout_written_off);
  TEST ("an-ambiguous-line", test_ambiguous);
  TEST ("what-cannot-be-said", test_refusals);
  TEST ("currencies-are-never-mixed", test_currencies);
  TEST ("lines-of-one-key", test_lines_of_one_key);

  return g_test_run ();
}
