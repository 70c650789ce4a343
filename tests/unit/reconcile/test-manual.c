/* SPDX-License-Identifier: Apache-2.0 */
/* What a person matched or wrote off, and what the rows say to that (facts: reconciliation.md section 9). */
#include <string.h>

#include "tests/unit/reconcile/ledger.h"

#define CASE TEXT ("0123456789abcdef0123456789abcdef")
#define NUMBER "0123456789abcdef0123456789abcdef"

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

static TwCredit *
credit (Ledger *ledger, const char *key, const char *text, gint64 amount)
{
  TwCredit made = {
    .origin = { 2, ledger->credits->len + 1 }, .account = TEXT ("IBAN"), .key = chars (key),
    .remittance = chars (text), .joined = chars (text), .currency = "EUR", .amount = amount, .booked_day = 20781,
    .value_day = 20781,
  };

  g_array_append_val (ledger->credits, made);
  return &g_array_index (ledger->credits, TwCredit, ledger->credits->len - 1);
}

static void
match (Ledger *ledger, const char *key, const char *session)
{
  TwManual manual = { .kind = TW_MANUAL_LINE, .case_id = CASE, .class_ = TW_CLASS_MISSING_IN_JOURNAL,
                      .account = TEXT ("ACC"), .key = chars (key), .station = TEXT ("S1"), .session = chars (session) };

  g_array_append_val (ledger->manuals, manual);
}

static void
match_entry (Ledger *ledger, const char *key, const char *batch)
{
  TwManual manual = { .kind = TW_MANUAL_ENTRY, .case_id = CASE, .class_ = TW_CLASS_BANK_LINE_UNEXPLAINED,
                      .account = TEXT ("IBAN"), .key = chars (key), .payout_account = TEXT ("ACC"),
                      .batch = chars (batch), .currency = "EUR" };

  g_array_append_val (ledger->manuals, manual);
}

static void
write_off (Ledger *ledger, const char *case_id, TwClass class_, const char *session, const char *batch, gint64 amount)
{
  TwManual manual = { .kind = TW_MANUAL_WRITE_OFF, .case_id = chars (case_id), .class_ = class_,
                      .station = TEXT ("S1"), .session = chars (session), .payout_account = TEXT ("ACC"),
                      .batch = chars (batch), .currency = "EUR", .amount_minor = amount };

  g_array_append_val (ledger->manuals, manual);
}

/* All that is found, in any order of the rows; all: and what is somewhere in the rest. */
static void
expect (const Ledger *ledger, const char *exceptions, const char *all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) outcome = ledger_run (ledger, &error);
  g_autoptr (Outcome) again = ledger_run_shuffled (ledger, 5, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (outcome->exceptions->str, ==, exceptions);
  if (strstr (outcome->all->str, all) == NULL)
    g_error ("\"%s\" is not in: %s", all, outcome->all->str);
  g_assert_cmpstr (outcome->all->str, ==, again->all->str);
}

/* The identity of the only finding, as a case of it would have. */
static char *
case_of (const Ledger *ledger)
{
  g_autoptr (Outcome) outcome = ledger_run (ledger, NULL);

  return g_strndup (outcome->ids->str, 32);
}

static void
test_a_line_is_whose_it_is_said_to_be (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  sale (ledger, "b", "ref-b");
  line (ledger, "1", "ref-x", 1000);
  line (ledger, "2", "ref-b", 1000);
  match (ledger, "1", "a");
  expect (ledger, "", "matched a manual 2 1000");
}

static void
test_the_money_is_compared_all_the_same (void)
{
  g_autoptr (Ledger) over = ledger_new (), within = ledger_new ();

  sale (over, "a", "ref-a");
  line (over, "1", "ref-x", 1200);
  match (over, "1", "a");
  expect (over, "amount_over -200 EUR a \n", " manual 1000 1200 ");
  sale (within, "a", "ref-a");
  line (within, "1", "ref-x", 999);
  match (within, "1", "a");
  within->terms.gross.absolute_e6 = 10000;
  expect (within, "matched_within_tolerance 1 EUR a \n", "matched a manual 2 999");
}

/* One sale, several captures: each line has a word of its own. */
static void
test_a_sale_may_have_several_lines (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", NULL, 400);
  line (ledger, "2", NULL, 600);
  match (ledger, "1", "a");
  match (ledger, "2", "a");
  expect (ledger, "", "matched a manual 2 1000");
}

/* And what was captured in parts may come in parts, by hand and by reference. */
static void
test_what_adds_up_is_no_contradiction (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-x", 400);
  line (ledger, "2", "ref-a", 600);
  match (ledger, "1", "a");
  expect (ledger, "", "matched a ");
}

static void
test_an_ambiguous_line_is_decided (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-same");
  sale (ledger, "b", "ref-same");
  line (ledger, "1", "ref-same", 1000);
  line (ledger, "2", "ref-same", 1000);
  match (ledger, "1", "a");
  match (ledger, "2", "b");
  expect (ledger, "", "matched b manual 2 1000");
}

static void
test_refunds_and_disputes_can_be_given_to_a_sale (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a")->refunded_minor = 300;
  line (ledger, "1", "ref-a", 1000);
  line (ledger, "2", "ref-x", -300)->kind = TW_SETTLED_REFUND;
  match (ledger, "2", "a");
  expect (ledger, "", "matched a payment-reference 2 1000");
  line (ledger, "3", "ref-x", -1000)->kind = TW_SETTLED_CHARGEBACK;
  match (ledger, "3", "a");
  expect (ledger, "chargeback 1000 EUR a \n", "");
}

/* A word about what is not there does nothing: the line goes its own way. */
static void
test_a_word_about_nothing_is_none (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000);
  match (ledger, "1", "nobody");
  match (ledger, "nothing", "a");
  match_entry (ledger, "nothing", "B");
  expect (ledger, "", "matched a payment-reference 2 1000");
}

/* A later file knows more of the line: it is another sale's. The word stays until it is taken back. */
static void
test_the_line_turns_out_to_be_anothers (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  sale (ledger, "b", "ref-b")->psp_ref = TEXT ("psp-b");
  line (ledger, "1", "ref-b", 1000);
  match (ledger, "1", "a");
  expect (ledger, "missing_in_settlement 1000 EUR b \nmanual_contradicted 1000 EUR a " NUMBER " b\n",
          "payment-reference");
  g_array_index (ledger->lines, TwSettled, 0).payment_ref = TEXT ("");
  g_array_index (ledger->lines, TwSettled, 0).psp_ref = TEXT ("psp-b");
  expect (ledger, "missing_in_settlement 1000 EUR b \nmanual_contradicted 1000 EUR a " NUMBER " b\n",
          "psp-reference");
}

/* Of equal references the choice was a person's: only what names others alone contradicts it. */
static void
test_a_reference_that_both_have_contradicts_nothing (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-same");
  sale (ledger, "b", "ref-same")->captured_us = TW_NOT_STATED;
  sale (ledger, "c", "ref-c")->psp_ref = TEXT ("psp-c");
  line (ledger, "1", "ref-same", 1000)->psp_ref = TEXT ("psp-c");
  line (ledger, "2", "ref-c", 1000);
  line (ledger, "3", "ref-b", 1000);
  match (ledger, "1", "a");
  match (ledger, "3", "b");
  expect (ledger, "", "matched a manual");
}

/* The sale's own line comes after all: one of the two is too much. */
static void
test_the_sale_turns_out_to_have_another_line (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-x", 1000);
  line (ledger, "2", "ref-a", 1000)->psp_ref = TEXT ("psp-2");
  match (ledger, "1", "a");
  expect (ledger, "amount_over -1000 EUR a \nmanual_contradicted 1000 EUR a " NUMBER " psp-2\n", "payment-reference");
}

/* Several lines by one word, and the sale's own comes after all: told once, not once for each. */
static void
test_several_lines_are_contradicted_once (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", NULL, 400);
  line (ledger, "2", NULL, 600);
  line (ledger, "3", "ref-a", 1000)->psp_ref = TEXT ("psp-3");
  match (ledger, "1", "a");
  match (ledger, "2", "a");
  expect (ledger, "amount_over -1000 EUR a \nmanual_contradicted 1000 EUR a " NUMBER " psp-3\n", "payment-reference");
}

/* A store keeps one case an identity: no two findings may have the same, whatever stands between them. */
static void
test_each_contradiction_has_a_name_of_its_own (void)
{
  static const char *const keys[] = { "1", "2", "3" }, *const refs[] = { "x-1", "x-2", "x-3" };
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Outcome) outcome = NULL;
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) told = NULL;

  sale (ledger, "a", "ref-a");
  sale (ledger, "c", "ref-c")->psp_ref = TEXT ("psp-c");
  sale (ledger, "d", "ref-d")->psp_ref = TEXT ("psp-d");
  for (guint i = 0; i < G_N_ELEMENTS (refs); i++)
    {
      line (ledger, keys[i], refs[i], 300)->psp_ref = i == 1 ? TEXT ("psp-d") : TEXT ("psp-c");
      match (ledger, keys[i], "a");
    }
  outcome = ledger_run (ledger, NULL);
  told = g_strsplit_set (g_strstrip (outcome->ids->str), " \n", -1);
  g_assert_cmpuint (g_strv_length (told), >, 4);
  for (char **id = told; *id != NULL; id++)
    g_assert_true (g_hash_table_add (ids, *id));
}

static void
test_what_was_written_off_is_settled_after_all (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;

  sale (ledger, "a", "ref-a");
  case_id = case_of (ledger);
  write_off (ledger, case_id, TW_CLASS_MISSING_IN_SETTLEMENT, "a", NULL, 1000);
  expect (ledger, "missing_in_settlement 1000 EUR a \n", case_id);      /* the store knows that it is written off */
  ledger->terms.as_of_us = FRIDAY + DAY_US;
  expect (ledger, "expected 1000 EUR a \n", "");                        /* it only waits again */
  line (ledger, "1", "ref-a", 1000);
  told = g_strdup_printf ("manual_contradicted 1000 EUR a %s\n", case_id);
  expect (ledger, told, "written-off-is-lost");
}

/* Less than it was is still a loss, of another stake; none at all is not. */
static void
test_a_part_that_was_written_off (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 700);
  case_id = case_of (ledger);
  write_off (ledger, case_id, TW_CLASS_AMOUNT_UNDER, "a", NULL, 300);
  expect (ledger, "amount_under 300 EUR a \n", "");
  line (ledger, "2", "ref-a", 100);
  expect (ledger, "amount_under 200 EUR a \n", "");
  line (ledger, "3", "ref-a", 200);
  told = g_strdup_printf ("manual_contradicted 300 EUR a %s\n", case_id);
  expect (ledger, told, "");
}

/* What came of it is no loss any more; what is left is told by its own name. */
static void
test_a_part_comes_after_all (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;

  sale (ledger, "a", "ref-a");
  case_id = case_of (ledger);
  write_off (ledger, case_id, TW_CLASS_MISSING_IN_SETTLEMENT, "a", NULL, 1000);
  line (ledger, "1", "ref-a", 700);
  told = g_strdup_printf ("amount_under 300 EUR a \nmanual_contradicted 700 EUR a %s\n", case_id);
  expect (ledger, told, "written-off-is-lost 0 700 ");
  g_array_index (ledger->lines, TwSettled, 0).gross = 999;
  ledger->terms.gross.absolute_e6 = 10000;
  g_free (told);
  told = g_strdup_printf ("matched_within_tolerance 1 EUR a \nmanual_contradicted 999 EUR a %s\n", case_id);
  expect (ledger, told, "");
}

/* A refund that waits, a wrong fee, a price that was not captured in full: all of the same sale, and no sign that its
 * money has not come. */
static void
test_other_findings_are_no_loss_of_it (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;
  TwSale *sold = sale (ledger, "a", "ref-a");
  g_autoptr (Outcome) outcome = NULL;

  sold->captured_minor = 800;
  outcome = ledger_run (ledger, NULL);
  case_id = g_strndup (outcome->ids->str, 32);                     /* missing_in_settlement comes first */
  write_off (ledger, case_id, TW_CLASS_MISSING_IN_SETTLEMENT, "a", NULL, 800);
  sold->refunded_minor = 100;
  sold->refunded_us = ledger->terms.as_of_us - DAY_US;
  expect (ledger, "expected 100 EUR a \nmissing_in_settlement 800 EUR a \nunder_captured 200 EUR a \n", "");
  line (ledger, "1", "ref-a", 800);
  told = g_strdup_printf ("expected 100 EUR a \nunder_captured 200 EUR a \nmanual_contradicted 800 EUR a %s\n",
                          case_id);
  expect (ledger, told, "");
}

/* Energy for nothing was written off; captured later, it is a loss until it is settled. */
static void
test_what_is_captured_later_is_lost_until_it_is_settled (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;
  TwSale *sold = sale (ledger, "a", "ref-a");

  sold->captured_minor = TW_NOT_STATED;
  sold->state = TW_SALE_REFUSED;
  case_id = case_of (ledger);
  write_off (ledger, case_id, TW_CLASS_DELIVERED_NOT_CAPTURED, "a", NULL, 1000);
  expect (ledger, "delivered_not_captured 1000 EUR a \n", case_id);
  sold->captured_minor = 1000;
  sold->state = TW_SALE_CAPTURED;
  expect (ledger, "missing_in_settlement 1000 EUR a \n", "");
  line (ledger, "1", "ref-a", 1000);
  told = g_strdup_printf ("manual_contradicted 1000 EUR a %s\n", case_id);
  expect (ledger, told, "");
}

/* A dispute is won; that the sale's refund waits has nothing to do with it. */
static void
test_a_dispute_that_was_written_off_is_won (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;
  TwSale *sold = sale (ledger, "a", "ref-a");

  line (ledger, "1", "ref-a", 1000);
  line (ledger, "2", "ref-a", -400)->kind = TW_SETTLED_CHARGEBACK;
  case_id = case_of (ledger);
  write_off (ledger, case_id, TW_CLASS_CHARGEBACK, "a", NULL, 400);
  sold->refunded_minor = 100;
  sold->refunded_us = ledger->terms.as_of_us - DAY_US;
  expect (ledger, "expected 100 EUR a \nchargeback 400 EUR a \n", "");
  line (ledger, "3", "ref-a", 400)->kind = TW_SETTLED_CHARGEBACK_REVERSED;
  told = g_strdup_printf ("expected 100 EUR a \nmanual_contradicted 400 EUR a %s\n", case_id);
  expect (ledger, told, "");
}

/* An unknown capture is known now; and an unknown refund, while the sale itself is missing. */
static void
test_an_unknown_outcome_that_was_written_off (void)
{
  g_autoptr (Ledger) capture = ledger_new (), refund = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;
  g_autoptr (Outcome) outcome = NULL;
  TwSale *sold = sale (capture, "a", "ref-a");

  sold->captured_minor = TW_NOT_STATED;
  sold->state = TW_SALE_UNKNOWN;
  sold->unknown_operation = TEXT ("capture");
  sold->unknown_minor = 1000;
  case_id = case_of (capture);
  write_off (capture, case_id, TW_CLASS_OUTCOME_UNKNOWN, "a", NULL, 1000);
  line (capture, "1", "ref-a", 1000);
  told = g_strdup_printf ("manual_contradicted 1000 EUR a %s\n", case_id);
  expect (capture, told, "");

  sold = sale (refund, "b", "ref-b");
  sold->state = TW_SALE_UNKNOWN;
  sold->unknown_operation = TEXT ("refund");
  sold->unknown_minor = sold->refunded_minor = 300;
  sold->refunded_us = FRIDAY;
  outcome = ledger_run (refund, NULL);
  g_assert_cmpstr (outcome->exceptions->str, ==, "missing_in_settlement 1000 EUR b \noutcome_unknown 300 EUR b refund\n"
                   "refund_unmatched 300 EUR b \n");
  g_free (case_id);
  case_id = g_strndup (outcome->ids->str + 33, 32);
  write_off (refund, case_id, TW_CLASS_OUTCOME_UNKNOWN, "b", NULL, 300);
  sold->state = TW_SALE_CAPTURED;
  expect (refund, "missing_in_settlement 1000 EUR b \nrefund_unmatched 300 EUR b \n", "");
  line (refund, "1", "ref-b", -300)->kind = TW_SETTLED_REFUND;
  g_free (told);
  told = g_strdup_printf ("missing_in_settlement 1000 EUR b \nmanual_contradicted 300 EUR b %s\n", case_id);
  expect (refund, told, "");
}

/* The sale's own refund comes after all: the one that was given to it is another's. */
static void
test_a_refund_by_hand_is_contradicted (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a")->refunded_minor = 300;
  line (ledger, "1", "ref-a", 1000);
  line (ledger, "2", "ref-x", -200)->kind = TW_SETTLED_REFUND;
  match (ledger, "2", "a");
  line (ledger, "3", "ref-a", -100)->kind = TW_SETTLED_REFUND;
  expect (ledger, "", "matched a payment-reference 2 1000");       /* in two parts */
  g_array_index (ledger->lines, TwSettled, 2).gross = -300;
  g_array_index (ledger->lines, TwSettled, 2).psp_ref = TEXT ("psp-3");
  expect (ledger, "refund_unmatched 200 EUR a \nmanual_contradicted 200 EUR a " NUMBER " psp-3\n",
          "payment-reference 300 500 ");
}

/* A refund that the journal does not know of is no more than was captured, and a reversal no more than there was. */
static void
test_a_refund_that_nobody_asked_for (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000);
  line (ledger, "2", "ref-x", -600)->kind = TW_SETTLED_REFUND;
  match (ledger, "2", "a");
  line (ledger, "3", "ref-a", -400)->kind = TW_SETTLED_REFUND;
  expect (ledger, "refund_unmatched 1000 EUR a \n", "");
  g_array_index (ledger->lines, TwSettled, 2).gross = -500;
  expect (ledger, "refund_unmatched 1100 EUR a \nmanual_contradicted 100 EUR a " NUMBER " 3\n", "");
  line (ledger, "4", "ref-y", 800)->kind = TW_SETTLED_REFUND_REVERSED;
  match (ledger, "4", "a");
  line (ledger, "5", "ref-a", 700)->kind = TW_SETTLED_REFUND_REVERSED;
  expect (ledger, "refund_unmatched 400 EUR a \nmanual_contradicted 400 EUR a " NUMBER " 5\n", "");
}

static void
test_a_dispute_by_hand_is_contradicted (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-a", 1000);
  line (ledger, "2", "ref-x", -600)->kind = TW_SETTLED_CHARGEBACK;
  match (ledger, "2", "a");
  line (ledger, "3", "ref-a", -400)->kind = TW_SETTLED_CHARGEBACK;
  g_array_index (ledger->lines, TwSettled, 2).psp_ref = TEXT ("psp-3");
  expect (ledger, "chargeback 600 EUR a \nchargeback 400 EUR a \n", "");
  g_array_index (ledger->lines, TwSettled, 2).gross = -1000;
  expect (ledger, "chargeback 600 EUR a \nchargeback 1000 EUR a \nmanual_contradicted 600 EUR a " NUMBER " psp-3\n",
          "payment-reference 1000 1600 ");
}

static void
test_an_entry_is_the_payout_that_it_is_said_to_be (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  for (guint i = 0; i < 2; i++)
    {
      const char *session = i == 0 ? "a" : "b";
      TwSettled *settled;

      sale (ledger, session, session);
      settled = line (ledger, session, session, 1000);
      settled->batch = i == 0 ? TEXT ("B-100001") : TEXT ("B-100002");
      settled->source = TEXT ("stripe");
    }
  credit (ledger, "K1", "COLLECTIVE", 1950);
  match_entry (ledger, "K1", "B-100001");
  match_entry (ledger, "K1", "B-100002");
  expect (ledger, "bank_amount_diff 50 EUR  unknown\n", "payout B-100001 EUR 1000 1000 manual -");
}

static void
test_texts_contradict_who_matched_an_entry (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSettled *settled;

  sale (ledger, "a", "a");
  settled = line (ledger, "a", "a", 1000);
  settled->batch = TEXT ("B-100001");
  settled->source = TEXT ("stripe");
  credit (ledger, "K1", "COLLECTIVE", 1000);
  credit (ledger, "K2", "PAYOUT B-100001 STRIPE", 1000);
  match_entry (ledger, "K1", "B-100001");
  expect (ledger, "bank_line_unexplained 1000 EUR  PAYOUT B-100001 STRIPE\n"
          "manual_contradicted 1000 EUR  " NUMBER " K2\n", "payout-id");

  sale (ledger, "b", "b");
  settled = line (ledger, "b", "b", 1000);
  settled->batch = TEXT ("B-100002");
  settled->source = TEXT ("stripe");
  g_array_index (ledger->credits, TwCredit, 0).remittance = TEXT ("B-100002");
  g_array_set_size (ledger->credits, 1);
  expect (ledger, "payout_not_in_bank 1000 EUR  \nmanual_contradicted 1000 EUR  " NUMBER " B-100002\n", "payout-id");
}

static void
test_a_payout_that_was_written_off_arrives (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autofree char *case_id = NULL, *told = NULL;
  TwSettled *settled;

  sale (ledger, "a", "a");
  settled = line (ledger, "a", "a", 1000);
  settled->batch = TEXT ("B-100001");
  settled->source = TEXT ("stripe");
  case_id = case_of (ledger);
  write_off (ledger, case_id, TW_CLASS_PAYOUT_NOT_IN_BANK, NULL, "B-100001", 1000);
  expect (ledger, "payout_not_in_bank 1000 EUR  \n", "");
  credit (ledger, "K1", "PAYOUT B-100001", 1000);
  told = g_strdup_printf ("manual_contradicted 1000 EUR  %s K1\n", case_id);
  expect (ledger, told, "payout-id");
}

/* What is said of the same sale in another session's journal version, and of a line that two files have. */
static void
test_versions_and_copies (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sale (ledger, "a", "ref-a")->state = TW_SALE_HELD;
  sale (ledger, "a", "ref-a");
  line (ledger, "1", "ref-x", 1000);
  line (ledger, "1", "ref-x", 1000)->origin.file = 3;
  match (ledger, "1", "a");
  expect (ledger, "", "matched a manual 2 1000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add_func ("/reconcile/manual/" name, func)
  TEST ("a-line-is-whose-it-is-said-to-be", test_a_line_is_whose_it_is_said_to_be);
  TEST ("the-money-is-compared-all-the-same", test_the_money_is_compared_all_the_same);
  TEST ("a-sale-may-have-several-lines", test_a_sale_may_have_several_lines);
  TEST ("what-adds-up-is-no-contradiction", test_what_adds_up_is_no_contradiction);
  TEST ("an-ambiguous-line-is-decided", test_an_ambiguous_line_is_decided);
  TEST ("refunds-and-disputes-can-be-given-to-a-sale", test_refunds_and_disputes_can_be_given_to_a_sale);
  TEST ("a-word-about-nothing-is-none", test_a_word_about_nothing_is_none);
  TEST ("the-line-turns-out-to-be-anothers", test_the_line_turns_out_to_be_anothers);
  TEST ("a-reference-that-both-have-contradicts-nothing", test_a_reference_that_both_have_contradicts_nothing);
  TEST ("the-sale-turns-out-to-have-another-line", test_the_sale_turns_out_to_have_another_line);
  TEST ("several-lines-are-contradicted-once", test_several_lines_are_contradicted_once);
  TEST ("each-contradiction-has-a-name-of-its-own", test_each_contradiction_has_a_name_of_its_own);
  TEST ("what-was-written-off-is-settled-after-all", test_what_was_written_off_is_settled_after_all);
  TEST ("a-part-that-was-written-off", test_a_part_that_was_written_off);
  TEST ("a-part-comes-after-all", test_a_part_comes_after_all);
  TEST ("other-findings-are-no-loss-of-it", test_other_findings_are_no_loss_of_it);
  TEST ("what-is-captured-later-is-lost-until-it-is-settled", test_what_is_captured_later_is_lost_until_it_is_settled);
  TEST ("a-dispute-that-was-written-off-is-won", test_a_dispute_that_was_written_off_is_won);
  TEST ("an-unknown-outcome-that-was-written-off", test_an_unknown_outcome_that_was_written_off);
  TEST ("a-refund-by-hand-is-contradicted", test_a_refund_by_hand_is_contradicted);
  TEST ("a-refund-that-nobody-asked-for", test_a_refund_that_nobody_asked_for);
  TEST ("a-dispute-by-hand-is-contradicted", test_a_dispute_by_hand_is_contradicted);
  TEST ("an-entry-is-the-payout-that-it-is-said-to-be", test_an_entry_is_the_payout_that_it_is_said_to_be);
  TEST ("texts-contradict-who-matched-an-entry", test_texts_contradict_who_matched_an_entry);
  TEST ("a-payout-that-was-written-off-arrives", test_a_payout_that_was_written_off_arrives);
  TEST ("versions-and-copies", test_versions_and_copies);
  return g_test_run ();
}
