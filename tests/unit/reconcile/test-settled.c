/* SPDX-License-Identifier: Apache-2.0 */
/* Sales against settlement lines, a story each; what is expected is worked out by hand from facts/reconciliation.md. */
#include <string.h>

#include "app/base/error.h"
#include "tests/unit/reconcile/ledger.h"

static TwSale *
sale (Ledger *ledger, const char *session, const char *payment_ref)
{
  TwSale made = ledger_sale (session, payment_ref);

  g_array_append_val (ledger->sales, made);
  return &g_array_index (ledger->sales, TwSale, ledger->sales->len - 1);
}

static TwSettled *
line (Ledger *ledger, const char *key, const char *payment_ref, gint64 gross)
{
  TwSettled made = ledger_line (key, payment_ref, gross);

  made.origin.line = ledger->lines->len + 1;
  g_array_append_val (ledger->lines, made);
  return &g_array_index (ledger->lines, TwSettled, ledger->lines->len - 1);
}

/* All that is found, in any order of the rows; how many sales are matched. */
static void
expect (const Ledger *ledger, guint n_matched, const char *exceptions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) outcome = ledger_run (ledger, &error);
  g_autoptr (Outcome) again = ledger_run_shuffled (ledger, 7, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (outcome->exceptions->str, ==, exceptions);
  g_assert_cmpuint (outcome->n_matched, ==, n_matched);
  g_assert_cmpstr (outcome->all->str, ==, again->all->str);
}

static void
test_a_sale_and_its_line_are_matched (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000);
  expect (ledger, 1, "");
}

static void
test_nothing_at_all_is_closed (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  expect (ledger, 0, "");
}

static void
test_each_side_alone_is_missing_on_the_other (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-b", 700);
  expect (ledger, 0, "missing_in_settlement 1000 EUR a \nmissing_in_journal -700 EUR  \n");
}

static void
test_a_capture_is_expected_until_its_fifth_banking_day (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  ledger->terms.as_of_us = FRIDAY + 7 * DAY_US + DAY_US / 2;      /* Friday noon of the next week */
  expect (ledger, 0, "expected 1000 EUR a \n");
  ledger->terms.as_of_us++;
  expect (ledger, 0, "missing_in_settlement 1000 EUR a \n");
  ledger->terms.without_settlement = TRUE;
  expect (ledger, 0, "expected 1000 EUR a \n");
}

static void
test_too_much_and_too_little_are_both_findings (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  sale (ledger, "b", "ref-b");
  line (ledger, "1", "ref-a", 1001);
  line (ledger, "2", "ref-b", 998);
  expect (ledger, 0, "amount_over -1 EUR a \namount_under 2 EUR b \n");
}

static void
test_tolerance_books_the_difference (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 998);
  ledger->terms.gross.absolute_e6 = 20000;
  expect (ledger, 1, "matched_within_tolerance 2 EUR a \n");
  ledger->terms.gross.absolute_e6 = 19999;
  expect (ledger, 0, "amount_under 2 EUR a \n");
}

static void
test_captures_that_add_up_are_one_sale (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 500);
  line (ledger, "2", "ref-a", 500);
  expect (ledger, 1, "");
}

static void
test_the_same_event_twice_is_settled_twice (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000)->psp_ref = TEXT ("P");
  line (ledger, "2", "ref-a", 1000)->psp_ref = TEXT ("P");
  expect (ledger, 1, "duplicate_settlement -1000 EUR a \n");
}

static void
test_two_equal_rows_of_a_file_are_two_and_of_two_files_one (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000);
  line (ledger, "1", "ref-a", 1000)->origin = (TwOrigin) { 2, 9 };
  expect (ledger, 1, "");
  line (ledger, "1", "ref-a", 1000)->origin = (TwOrigin) { 2, 10 };
  expect (ledger, 1, "duplicate_settlement -1000 EUR a \n");
}

static void
test_a_copy_without_our_reference_is_still_a_copy (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000)->origin = (TwOrigin) { 2, 9 };
  line (ledger, "1", NULL, 1000)->origin = (TwOrigin) { 1, 9 };
  expect (ledger, 1, "");
}

static void
test_references_of_the_service_match_what_ours_does_not (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a")->psp_ref = TEXT ("P1");
  sale (ledger, "b", NULL)->capture_ref = TEXT ("C2");
  sale (ledger, "c", "ref-c")->settlement_ref = TEXT ("R3");
  line (ledger, "1", NULL, 1000)->psp_ref = TEXT ("P1");
  line (ledger, "2", "other", 1000)->change_ref = TEXT ("C2");
  line (ledger, "3", NULL, 1000)->settlement_ref = TEXT ("R3");
  expect (ledger, 3, "");
}

static void
test_a_reference_is_equal_or_another (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "10");
  line (ledger, "1", "1", 1000);
  expect (ledger, 0, "missing_in_settlement 1000 EUR a \nmissing_in_journal -1000 EUR  \n");
}

static void
test_two_sales_of_one_reference_are_told_apart_by_the_services (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref")->psp_ref = TEXT ("P1");
  sale (ledger, "b", "ref")->psp_ref = TEXT ("P2");
  line (ledger, "1", "ref", 1000)->psp_ref = TEXT ("P2");
  line (ledger, "2", "ref", 1000)->psp_ref = TEXT ("P1");
  expect (ledger, 2, "");
}

static void
test_equals_are_not_assigned_by_their_order (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref");
  sale (ledger, "b", "ref");
  line (ledger, "1", "ref", 1000);
  expect (ledger, 0, "ambiguous -1000 EUR  a b\nambiguous 1000 EUR a 1\nambiguous 1000 EUR b 1\n");
}

static void
test_the_terminals_numbers_match_on_neighbouring_days_only (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sold = sale (ledger, "a", NULL);
  TwSettled *settled = line (ledger, "1", NULL, 900);

  sold->terminal = settled->terminal = TEXT ("T1");
  sold->trace = TEXT ("000017");
  settled->trace = TEXT ("17");
  sold->slip = settled->slip = TEXT ("4");
  settled->day = 20778;
  expect (ledger, 0, "amount_under 100 EUR a \n");
  settled->day = 20779;
  expect (ledger, 0, "missing_in_settlement 1000 EUR a \nmissing_in_journal -900 EUR  \n");
}

static void
test_a_guess_needs_the_amount_and_one_of_each (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSettled *settled;

  for (guint i = 0; i < 2; i++)
    {
      TwSale *sold = sale (ledger, i == 0 ? "a" : "b", NULL);

      sold->approval = TEXT ("X1");
      sold->tail = TEXT ("4242");
    }
  settled = line (ledger, "1", NULL, 1000);
  settled->approval = TEXT ("X1");
  settled->tail = TEXT ("4242");
  expect (ledger, 0, "ambiguous -1000 EUR  a b\nambiguous 1000 EUR a 1\nambiguous 1000 EUR b 1\n");
  g_array_index (ledger->sales, TwSale, 1).approval = TEXT ("X2");
  expect (ledger, 1, "missing_in_settlement 1000 EUR b \n");
  settled->gross = 999;
  expect (ledger, 0, "missing_in_settlement 1000 EUR a \nmissing_in_settlement 1000 EUR b \n"
          "missing_in_journal -999 EUR  \n");
}

static void
test_amount_alone_is_off_unless_asked_for (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", NULL)->terminal = TEXT ("T1");
  line (ledger, "1", NULL, 1000)->terminal = TEXT ("T1");
  expect (ledger, 0, "missing_in_settlement 1000 EUR a \nmissing_in_journal -1000 EUR  \n");
  ledger->terms.suggest_by_amount = TRUE;
  expect (ledger, 1, "");
}

static void
test_refunds_are_compared_with_what_was_asked_for (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sold = sale (ledger, "a", "ref-a");

  sold->refunded_minor = 300;
  sold->refunded_us = FRIDAY + DAY_US;
  line (ledger, "1", "ref-a", 1000);
  expect (ledger, 1, "refund_unmatched 300 EUR a \n");
  line (ledger, "2", NULL, -300)->kind = TW_SETTLED_REFUND;
  g_array_index (ledger->lines, TwSettled, 1).related_ref = TEXT ("P1");
  expect (ledger, 1, "refund_unmatched 300 EUR  \nrefund_unmatched 300 EUR a \n");
  sold->psp_ref = TEXT ("P1");
  expect (ledger, 1, "");
}

static TwSettled *
refund (Ledger *ledger, const char *key, gint64 minor)
{
  TwSettled *back = line (ledger, key, "ref-a", -minor);

  back->kind = TW_SETTLED_REFUND;
  back->change_ref = chars (key);
  return back;
}

/* Its line is the proof; that we asked for it is none. */
static void
test_what_was_given_back_is_owed_no_more (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sold = sale (ledger, "a", "ref-a");

  line (ledger, "1", "ref-a", 1200);
  expect (ledger, 0, "amount_over -200 EUR a \n");
  sold->refunded_minor = 50;
  sold->refunded_us = FRIDAY + 30 * DAY_US;
  expect (ledger, 0, "expected 50 EUR a \namount_over -200 EUR a \n");
  refund (ledger, "2", 50);
  expect (ledger, 0, "amount_over -150 EUR a \n");
  sold->refunded_minor = 200;
  refund (ledger, "3", 150);
  expect (ledger, 0, "amount_over 0 EUR a refunded\n");
  refund (ledger, "4", -150)->kind = TW_SETTLED_REFUND_REVERSED;
  expect (ledger, 0, "expected 150 EUR a \namount_over -150 EUR a \n");
}

/* What was settled too much is owed beside what was captured too much: one refund does not make up for both. */
static void
test_a_refund_makes_up_for_one_debt (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sold = sale (ledger, "a", "ref-a");

  sold->price_minor = sold->repriced_minor = 900;
  line (ledger, "1", "ref-a", 1200);
  expect (ledger, 0, "amount_over -200 EUR a \nover_captured -100 EUR a \n");
  sold->refunded_minor = 250;
  refund (ledger, "2", 250);
  expect (ledger, 0, "amount_over 0 EUR a refunded\nover_captured -50 EUR a \n");
  sold->refunded_minor = 300;
  refund (ledger, "3", 50);
  expect (ledger, 0, "amount_over 0 EUR a refunded\nover_captured 0 EUR a refunded\n");
}

static void
test_a_dispute_is_open_until_it_is_won (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSettled *dispute;

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000);
  dispute = line (ledger, "2", "ref-a", -1000);
  dispute->kind = TW_SETTLED_CHARGEBACK;
  dispute->dispute_fee = 1500;
  expect (ledger, 1, "chargeback 2500 EUR a \n");
  line (ledger, "3", "ref-a", 1000)->kind = TW_SETTLED_CHARGEBACK_REVERSED;
  expect (ledger, 1, "");
}

static void
test_currencies_never_mix (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSettled *settled;

  sale (ledger, "a", "ref-a");
  settled = line (ledger, "1", "ref-a", 1000);
  g_strlcpy (settled->currency, "CHF", 4);
  g_strlcpy (settled->net_currency, "CHF", 4);
  expect (ledger, 0, "currency_mismatch 1000 CHF a EUR\n");
  g_strlcpy (settled->net_currency, "EUR", 4);
  settled->net = 990;
  settled->fee = 5;
  expect (ledger, 0, "matched_within_tolerance 5 EUR a CHF\n");
}

static void
test_fees_are_held_against_the_contract (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000)->fee = 37;
  ledger->terms.fee_fixed_minor = 10;
  ledger->terms.fee_percent_e6 = 2500000;
  expect (ledger, 1, "fee_deviation 2 EUR a \n");
  g_array_index (ledger->lines, TwSettled, 0).fee = 36;
  expect (ledger, 1, "");
}

/* One minor unit is rounding, and two are none, whether there are a thousand of them in a unit or one. */
static void
test_a_minor_unit_of_a_fee_is_any_currencys (void)
{
  static const char *const currencies[] = { "KWD", "JPY" };

  for (guint i = 0; i < G_N_ELEMENTS (currencies); i++)
    {
      g_autoptr (Ledger) ledger = ledger_new ();
      g_autofree char *deviation = g_strdup_printf ("fee_deviation 2 %s a \n", currencies[i]);
      TwSettled *settled = line (ledger, "1", "ref-a", 1000);

      memcpy (sale (ledger, "a", "ref-a")->currency, currencies[i], 4);
      memcpy (settled->currency, currencies[i], 4);
      memcpy (settled->net_currency, currencies[i], 4);
      ledger->terms.fee_fixed_minor = 10;
      ledger->terms.fee_percent_e6 = 2500000;
      settled->fee = 36;
      expect (ledger, 1, "");
      settled->fee = 37;
      expect (ledger, 1, deviation);
    }
}

static void
test_a_lost_answer_is_certain_once_there_is_a_line (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sold = sale (ledger, "a", "ref-a");

  sold->state = TW_SALE_UNKNOWN;
  sold->unknown_operation = TEXT ("capture");
  sold->unknown_minor = 1000;
  sold->captured_minor = TW_NOT_STATED;
  expect (ledger, 0, "outcome_unknown 1000 EUR a capture\n");
  line (ledger, "1", "ref-a", 1000);
  expect (ledger, 1, "");
}

static void
test_amounts_beyond_measure_are_refused (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (GError) error = NULL;

  sale (ledger, "a", "ref-a")->captured_minor = G_MAXINT64;
  g_assert_null (ledger_run (ledger, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

/* The ids by the references of what they are about; each is there once. */
static GHashTable *
ids_of (const Ledger *ledger, guint32 seed)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) outcome = ledger_run_shuffled (ledger, seed, &error);
  g_auto (GStrv) lines = g_strsplit (outcome->all->str, "\n", -1);
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_assert_no_error (error);
  for (char **at = lines; *at != NULL; at++)
    {
      g_auto (GStrv) words = g_strsplit (*at, " ", 7);   /* class, severity, stake, currency, id, references */

      if (g_strv_length (words) < 7 || !g_str_has_prefix (words[0], "missing"))
        continue;
      g_assert_true (g_hash_table_add (seen, g_strdup (words[4])));
      g_hash_table_insert (ids, g_strdup (words[5]), g_strdup (words[4]));
    }
  return ids;
}

/* A service that has given one number to several lines: whatever stands between them, each is a finding of its own, by
 * its own references, and not by who came first. */
static void
test_lines_of_one_key_are_findings_of_their_own (void)
{
  static const char *const refs[] = { "ref-a", "ref-b", "ref-c", "ref-d", "ref-e" };
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (GHashTable) ids = NULL, alone = NULL;
  GHashTableIter iter;
  gpointer reference, id;

  for (guint i = 0; i < G_N_ELEMENTS (refs); i++)
    line (ledger, i % 2 == 0 ? "same" : refs[i], refs[i], 1000);
  line (ledger, "same", "ref-c", 1000);                 /* and one that nothing tells from another */
  ids = ids_of (ledger, 0);
  g_assert_cmpuint (g_hash_table_size (ids), ==, G_N_ELEMENTS (refs));
  for (guint32 seed = 1; seed < 6; seed++)
    {
      g_autoptr (GHashTable) again = ids_of (ledger, seed);

      g_hash_table_iter_init (&iter, ids);
      while (g_hash_table_iter_next (&iter, &reference, &id))
        g_assert_cmpstr (g_hash_table_lookup (again, reference), ==, id);
    }
  /* Who is left alone is not taken for one that was there, and may have been resolved. */
  g_array_set_size (ledger->lines, 1);
  alone = ids_of (ledger, 0);
  g_hash_table_iter_init (&iter, alone);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, &id));
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, NULL, &reference))
    g_assert_cmpstr (reference, !=, id);
}

/* More than the least memory can hold. */
static void
test_a_file_of_one_key_is_refused (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Outcome) outcome = NULL;
  g_autoptr (GError) error = NULL;

  ledger->terms.memory_bytes = 1;
  for (guint i = 0; i < 140000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i / 2);
      g_autofree char *reference = g_strdup_printf ("r%u", i * 7919 % 140000);

      line (ledger, g_string_chunk_insert (ledger->texts, key), g_string_chunk_insert (ledger->texts, reference), 1);
    }
  outcome = ledger_run (ledger, &error);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "the key of another line"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define STORY(name, function) g_test_add_func ("/reconcile/settled/" name, function)
  STORY ("a-sale-and-its-line-are-matched", test_a_sale_and_its_line_are_matched);
  STORY ("nothing-at-all-is-closed", test_nothing_at_all_is_closed);
  STORY ("each-side-alone-is-missing-on-the-other", test_each_side_alone_is_missing_on_the_other);
  STORY ("a-capture-is-expected-until-its-fifth-banking-day", test_a_capture_is_expected_until_its_fifth_banking_day);
  STORY ("too-much-and-too-little-are-both-findings", test_too_much_and_too_little_are_both_findings);
  STORY ("tolerance-books-the-difference", test_tolerance_books_the_difference);
  STORY ("captures-that-add-up-are-one-sale", test_captures_that_add_up_are_one_sale);
  STORY ("the-same-event-twice-is-settled-twice", test_the_same_event_twice_is_settled_twice);
  STORY ("two-equal-rows-of-a-file-are-two-and-of-two-files-one",
         test_two_equal_rows_of_a_file_are_two_and_of_two_files_one);
  STORY ("a-copy-without-our-reference-is-still-a-copy", test_a_copy_without_our_reference_is_still_a_copy);
  STORY ("references-of-the-service-match-what-ours-does-not", test_references_of_the_service_match_what_ours_does_not);
  STORY ("a-reference-is-equal-or-another", test_a_reference_is_equal_or_another);
  STORY ("two-sales-of-one-reference-are-told-apart-by-the-services",
         test_two_sales_of_one_reference_are_told_apart_by_the_services);
  STORY ("equals-are-not-assigned-by-their-order", test_equals_are_not_assigned_by_their_order);
  STORY ("the-terminals-numbers-match-on-neighbouring-days-only",
         test_the_terminals_numbers_match_on_neighbouring_days_only);
  STORY ("a-guess-needs-the-amount-and-one-of-each", test_a_guess_needs_the_amount_and_one_of_each);
  STORY ("amount-alone-is-off-unless-asked-for", test_amount_alone_is_off_unless_asked_for);
  STORY ("refunds-are-compared-with-what-was-asked-for", test_refunds_are_compared_with_what_was_asked_for);
  STORY ("what-was-given-back-is-owed-no-more", test_what_was_given_back_is_owed_no_more);
  STORY ("a-refund-makes-up-for-one-debt", test_a_refund_makes_up_for_one_debt);
  STORY ("a-dispute-is-open-until-it-is-won", test_a_dispute_is_open_until_it_is_won);
  STORY ("currencies-never-mix", test_currencies_never_mix);
  STORY ("fees-are-held-against-the-contract", test_fees_are_held_against_the_contract);
  STORY ("a-minor-unit-of-a-fee-is-any-currencys", test_a_minor_unit_of_a_fee_is_any_currencys);
  STORY ("a-lost-answer-is-certain-once-there-is-a-line", test_a_lost_answer_is_certain_once_there_is_a_line);
  STORY ("amounts-beyond-measure-are-refused", test_amounts_beyond_measure_are_refused);
  STORY ("lines-of-one-key-are-findings-of-their-own", test_lines_of_one_key_are_findings_of_their_own);
  STORY ("a-file-of-one-key-is-refused", test_a_file_of_one_key_is_refused);
  return g_test_run ();
}
