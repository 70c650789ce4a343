/* SPDX-License-Identifier: Apache-2.0 */
/* Lines to payouts to the bank, a story each; what is expected is worked out by hand from facts/reconciliation.md
 * section 4.
 */
#include <string.h>

#include "tests/unit/reconcile/ledger.h"

/* A sale with its line in a batch, so that the books have nothing else to tell. */
static TwSettled *
paid (Ledger *ledger, const char *session, const char *batch, gint64 gross)
{
  TwSale sale = ledger_sale (session, session);
  TwSettled line = ledger_line (session, session, gross);

  sale.captured_minor = sale.price_minor = sale.repriced_minor = gross;
  line.batch = chars (batch);
  line.source = TEXT ("stripe");
  g_array_append_val (ledger->sales, sale);
  g_array_append_val (ledger->lines, line);
  return &g_array_index (ledger->lines, TwSettled, ledger->lines->len - 1);
}

static TwSettled *
row (Ledger *ledger, const char *batch, gint64 amount)
{
  TwSettled line = ledger_line (batch, NULL, -amount);

  line.kind = TW_SETTLED_PAYOUT;
  line.batch = chars (batch);
  g_array_append_val (ledger->lines, line);
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
expect (const Ledger *ledger, const char *exceptions, const char *const *payouts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) outcome = ledger_run (ledger, &error);
  g_autoptr (Outcome) again = ledger_run_shuffled (ledger, 3, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (outcome->exceptions->str, ==, exceptions);
  g_assert_cmpstr (outcome->all->str, ==, again->all->str);
  for (; *payouts != NULL; payouts++)
    g_assert_nonnull (strstr (outcome->all->str, *payouts));
}

#define PAYOUTS(...) ((const char *const[]) { __VA_ARGS__, NULL })

static void
test_an_id_in_the_text_finds_the_entry (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "po_77aa", 1000);
  paid (ledger, "b", "po_77aa", 500);
  credit (ledger, "K1", "PAYOUT PO_77AA ACQUIRER", 1500);
  expect (ledger, "", PAYOUTS ("payout po_77aa EUR 1500 1500 payout-id -", "matched a payment-reference 4 1000"));
}

static void
test_an_id_is_a_word_and_not_a_part_of_one (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "po_77aa", 1000);
  credit (ledger, "K1", "PAYOUT PO_77AAB ACQUIRER", 999);
  expect (ledger, "payout_not_in_bank 1000 EUR  \n", PAYOUTS ("payout po_77aa EUR 1000 - - -"));
}

/* Another year's line happens to have the word: it is no pair, and does not keep the payout from its own. */
static void
test_an_id_far_away_needs_the_amount (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "po_77aa", 1000);
  credit (ledger, "K1", "STRIPE PO_77AA", 100)->booked_day += 300;
  expect (ledger, "payout_not_in_bank 1000 EUR  \nbank_line_unexplained 100 EUR  STRIPE PO_77AA\n",
          PAYOUTS ("payout po_77aa EUR 1000 - - -"));
  credit (ledger, "K2", "SETTLEMENT", 1000);
  expect (ledger, "bank_line_unexplained 100 EUR  STRIPE PO_77AA\n",
          PAYOUTS ("payout po_77aa EUR 1000 1000 amount-in-window -"));
  g_array_set_size (ledger->credits, 1);
  g_array_index (ledger->credits, TwCredit, 0).amount = 1000;
  expect (ledger, "", PAYOUTS ("payout po_77aa EUR 1000 1000 payout-id -"));
}

static void
test_a_payouts_row_must_be_the_sum (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  row (ledger, "B1001", 900);
  credit (ledger, "K1", "B1001", 900);
  expect (ledger, "batch_sum_mismatch 100 EUR  \n", PAYOUTS ("payout B1001 EUR 900 900 payout-id -"));
}

static void
test_a_batch_without_a_row_is_open_where_others_have_one (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  row (ledger, "B1001", 1000);
  paid (ledger, "b", "B1002", 700);
  credit (ledger, "K1", "B1001", 1000);
  expect (ledger, "", PAYOUTS ("matched a payment-reference 4 1000", "matched b payment-reference 2 700"));
}

static void
test_what_the_bank_lacks_is_named (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  credit (ledger, "K1", "B1001", 990);
  expect (ledger, "bank_amount_diff 10 EUR  unknown\n", PAYOUTS ("payout B1001 EUR 1000 990 payout-id unknown"));
  ledger->terms.bank.percent_e6 = 1000000;
  expect (ledger, "residual 10 EUR  rounding\n", PAYOUTS ("payout B1001 EUR 1000 990 payout-id rounding"));
}

/* The bank's charges have a name if they bring the two nearer; what is left of the difference has none. */
static void
test_what_the_bank_charged_is_named (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  credit (ledger, "K1", "B1001", 990)->charges = 10;
  expect (ledger, "residual 10 EUR  bank_fee\n", PAYOUTS ("payout B1001 EUR 1000 990 payout-id bank_fee"));
  g_array_index (ledger->credits, TwCredit, 0).charges = 7;
  expect (ledger, "bank_amount_diff 3 EUR  unknown\nresidual 7 EUR  bank_fee\n",
          PAYOUTS ("payout B1001 EUR 1000 990 payout-id unknown"));
  g_array_index (ledger->credits, TwCredit, 0).amount = 1000;
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 payout-id -"));
}

#define RATE(units, hundredths) ((gint64) (units) * 10000000000 + (gint64) (hundredths) * 100000000)

static TwCredit *
converted (Ledger *ledger, const char *text, gint64 amount, gint64 original, gint64 rate_e10)
{
  TwCredit *made = credit (ledger, "K1", text, amount);

  memcpy (made->original_currency, "EUR", 4);
  memcpy (made->currency, "CHF", 4);
  made->original = original;
  made->rate_e10 = rate_e10;
  return made;
}

/* 10.00 EUR at 0.94 are 9.40 CHF. */
static void
test_a_conversion_is_compared_in_the_payouts_currency (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwCredit *entry;

  paid (ledger, "a", "B1001", 1000);
  entry = converted (ledger, "B1001", 940, 1000, RATE (0, 94));
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 payout-id - CHF 940 9400000000",
                               "CHF 0 0 0 0 0 0 0 940 -940", "EUR 1 1 1 1000 1000 0 1000 0 1000"));
  entry->original = 995;                                       /* half a percent less came; the rate is still right */
  entry->amount = 935;
  expect (ledger, "residual 5 EUR  fx\n", PAYOUTS ("payout B1001 EUR 1000 995 payout-id fx CHF 935"));
  entry->amount = 930;                                         /* and the bank kept 5 by its own rate */
  expect (ledger, "residual 5 CHF  fx\nresidual 5 EUR  fx\n", PAYOUTS ("CHF 0 0 0 0 0 0 0 930 -935"));
  entry->charges = 5;
  expect (ledger, "residual 5 CHF  bank_fee\nresidual 5 EUR  fx\n", PAYOUTS ("CHF 0 0 0 0 0 0 0 930 -935"));
  entry->original = 980;                                       /* more than one percent is no rounding of a rate */
  entry->charges = 0;
  entry->amount = 921;
  expect (ledger, "bank_amount_diff 20 EUR  unknown\n", PAYOUTS ("payout B1001 EUR 1000 980 payout-id unknown"));
}

/* 9.40 CHF and 0.47 of charges, one CHF being 1.05 EUR: 10.36 EUR came. */
static void
test_a_rate_alone_converts_back (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwCredit *entry;

  paid (ledger, "a", "B1001", 1036);
  entry = converted (ledger, "B1001", 940, 0, RATE (1, 5));
  entry->rate_of_credit = TRUE;
  entry->charges = 47;
  expect (ledger, "residual 47 CHF  bank_fee\n", PAYOUTS ("payout B1001 EUR 1036 1036 payout-id - CHF 940"));
  entry->charges = 0;                                          /* 9.87 EUR: 4.7 percent off */
  expect (ledger, "bank_amount_diff 49 EUR  unknown\n", PAYOUTS ("payout B1001 EUR 1036 987 payout-id unknown"));
}

static void
test_what_came_finds_it_by_amount_and_days (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  converted (ledger, "SETTLEMENT", 940, 1000, 0);
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 amount-in-window - CHF 940 0"));
  g_array_index (ledger->credits, TwCredit, 0).original = 999;          /* a tolerance makes no pair */
  expect (ledger, "payout_not_in_bank 1000 EUR  \n", PAYOUTS ("payout B1001 EUR 1000 - - -"));
}

static void
test_without_a_rate_currencies_do_not_compare (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  memcpy (credit (ledger, "K1", "B1001", 1000)->currency, "CHF", 4);
  expect (ledger, "currency_mismatch 1000 EUR  CHF\n", PAYOUTS ("payout B1001 EUR 1000 - payout-id - CHF 1000 0",
                                                               "EUR 1 1 1 1000 1000 0 1000 0 1000"));
  credit (ledger, "K2", "B1001", 1000);                                 /* the payout's own currency goes first */
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 payout-id -"));
}

static void
test_amount_and_days_find_it_if_both_are_alone (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  credit (ledger, "K1", "SETTLEMENT", 1000);
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 amount-in-window -"));
  credit (ledger, "K2", "SOMETHING ELSE", 1000);
  g_array_index (ledger->credits, TwCredit, 0).key = TEXT ("IBAN\x1fK1\x1f" "EUR");
  expect (ledger, "ambiguous 1000 EUR  K1 2026-11-24 10.00 EUR K2 2026-11-24 10.00 EUR\n",
          PAYOUTS ("payout B1001 EUR 1000 - - -"));
  g_array_index (ledger->credits, TwCredit, 1).booked_day = 20776 - 30;
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 amount-in-window -"));
}

static void
test_one_credit_may_name_several_payouts (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  paid (ledger, "b", "B1002", 700);
  credit (ledger, "K1", "B1001 AND B1002", 1700);
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 1000 payout-id -", "payout B1002 EUR 700 700 payout-id -"));
}

static void
test_a_sum_counts_if_it_is_the_only_one (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  paid (ledger, "b", "B1002", 700);
  paid (ledger, "c", "B1003", 301);
  credit (ledger, "K1", "STRIPE PAYOUTS", 1301);
  expect (ledger, "payout_not_in_bank 700 EUR  \n", PAYOUTS ("payout B1003 EUR 301 301 payouts-sum -"));
  paid (ledger, "d", "B1004", 601);                            /* and 700 + 601 are as much */
  expect (ledger, "ambiguous 1000 EUR  K1 2026-11-24 13.01 EUR (B1001 B1002 B1003 B1004)\n"
          "ambiguous 700 EUR  K1 2026-11-24 13.01 EUR (B1001 B1002 B1003 B1004)\n"
          "ambiguous 301 EUR  K1 2026-11-24 13.01 EUR (B1001 B1002 B1003 B1004)\n"
          "ambiguous 601 EUR  K1 2026-11-24 13.01 EUR (B1001 B1002 B1003 B1004)\n",
          PAYOUTS ("payout B1003 EUR 301 - - -"));
}

/* Two credits of one amount and payouts for one of them: who was booked first decides nothing. */
static void
test_a_sum_that_two_entries_want_is_no_ones (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  paid (ledger, "b", "B1002", 700);
  credit (ledger, "K1", "STRIPE PAYOUTS", 1700);
  credit (ledger, "K2", "STRIPE PAYOUTS", 1700)->booked_day++;
  expect (ledger, "ambiguous 1000 EUR  K1 2026-11-24 17.00 EUR (B1001 B1002) K2 2026-11-25 17.00 EUR (B1001 B1002)\n"
          "ambiguous 700 EUR  K1 2026-11-24 17.00 EUR (B1001 B1002) K2 2026-11-25 17.00 EUR (B1001 B1002)\n",
          PAYOUTS ("payout B1001 EUR 1000 - - -", "payout B1002 EUR 700 - - -"));
  paid (ledger, "c", "B1003", 300);                            /* each has one set, and both want the first payout */
  g_array_index (ledger->credits, TwCredit, 1).amount = 1300;
  expect (ledger, "ambiguous 1000 EUR  K1 2026-11-24 17.00 EUR (B1001 B1002) K2 2026-11-25 13.00 EUR (B1001 B1003)\n"
          "ambiguous 700 EUR  K1 2026-11-24 17.00 EUR (B1001 B1002)\n"
          "ambiguous 300 EUR  K2 2026-11-25 13.00 EUR (B1001 B1003)\n",
          PAYOUTS ("payout B1001 EUR 1000 - - -"));
  g_array_index (ledger->credits, TwCredit, 1).remittance = TEXT ("B1001 B1003");
  expect (ledger, "payout_not_in_bank 700 EUR  \nbank_line_unexplained 1700 EUR  STRIPE PAYOUTS\n",
          PAYOUTS ("payout B1001 EUR 1000 1000 payout-id -", "payout B1003 EUR 300 300 payout-id -"));
}

/* Among more than forty payouts no sum is looked for, and the finding's rule says so. */
static void
test_among_too_many_payouts_no_sum_counts (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Outcome) outcome = NULL;

  for (guint i = 0; i < 41; i++)
    {
      g_autofree char *name = g_strdup_printf ("B%u", 1001 + i);
      const char *kept = g_string_chunk_insert (ledger->texts, name);

      paid (ledger, kept, kept, 1 << MIN (i, 29));
    }
  credit (ledger, "K1", "STRIPE PAYOUTS", 3);
  outcome = ledger_run (ledger, NULL);
  g_assert_nonnull (strstr (outcome->exceptions->str, "bank_line_unexplained 3 EUR  STRIPE PAYOUTS\n"));
  g_assert_nonnull (strstr (outcome->all->str, "sum-among-too-many"));
}

static void
test_only_what_seems_a_services_must_be_explained (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  credit (ledger, "K1", "B1001", 1000)->counterparty = TEXT ("Acquirer Ltd.");
  credit (ledger, "K2", "RENT", -800)->counterparty = TEXT ("Landlord");
  credit (ledger, "K3", "?", 55)->counterparty = TEXT ("Acquirer Ltd.");
  expect (ledger, "bank_line_unexplained 55 EUR  ?\n", PAYOUTS ("payout B1001 EUR 1000 1000 payout-id -"));
}

static void
test_a_statement_wins_over_a_notification (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000);
  credit (ledger, "K1", "B1001", 1000)->notification = TRUE;
  credit (ledger, "K1", "B1001", 1000)->origin = (TwOrigin) { 3, 1 };
  expect (ledger, "", PAYOUTS ("EUR 1 1 1 1000 1000 0 1000 1000"));
}

static void
test_lines_of_no_sale_are_named_remainders (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  static const struct { TwSettledKind kind; const char *key; gint64 net; } others[] = {
    { TW_SETTLED_FEE, "f", -30 }, { TW_SETTLED_RESERVE, "r", -200 }, { TW_SETTLED_OTHER, "o", 7 },
    { TW_SETTLED_ADVANCE, "a", 400 }, { TW_SETTLED_CARRY_OVER, "c", -60 }, { TW_SETTLED_FX, "x", -3 },
    { TW_SETTLED_ADJUSTMENT, "j", -4 },
  };

  paid (ledger, "a", "B1001", 1000);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      TwSettled line = ledger_line (others[i].key, NULL, others[i].net);

      line.kind = others[i].kind;
      line.batch = TEXT ("B1001");
      g_array_append_val (ledger->lines, line);
    }
  row (ledger, "B1001", 1110);
  credit (ledger, "K1", "B1001", 1110);
  expect (ledger, "residual 4 EUR  adjustment\nresidual -400 EUR  advance\nresidual 60 EUR  carry_over\n"
          "residual 3 EUR  fx\nresidual 30 EUR  psp_fee_unallocated\nresidual 200 EUR  reserve\n"
          "residual -7 EUR  unknown\n", PAYOUTS ("payout B1001 EUR 1110 1110 payout-id -"));
}

/* The sum is one for each currency that it is paid out in (facts: settlement-files.md section 2). */
static void
test_a_batch_may_be_paid_out_in_two_currencies (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSettled *line;

  paid (ledger, "a", "B1001", 1000);
  row (ledger, "B1001", 1000);
  line = paid (ledger, "b", "B1001", 700);
  memcpy (line->currency, "CHF", 4);
  memcpy (line->net_currency, "CHF", 4);
  memcpy (g_array_index (ledger->sales, TwSale, 1).currency, "CHF", 4);
  line = row (ledger, "B1001", 690);
  line->key = TEXT ("B1001-CHF");
  memcpy (line->currency, "CHF", 4);
  memcpy (line->net_currency, "CHF", 4);
  credit (ledger, "K1", "B1001", 1000);
  memcpy (credit (ledger, "K2", "B1001", 690)->currency, "CHF", 4);
  expect (ledger, "batch_sum_mismatch 10 CHF  \n", PAYOUTS ("payout B1001 CHF 690 690 payout-id -",
                                                           "payout B1001 EUR 1000 1000 payout-id -"));
}

static void
test_what_was_only_sent_is_no_payout (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSettled *line = paid (ledger, "a", "B1001", 1000);

  line->submission_batch = TRUE;
  line->net = line->fee = TW_NOT_STATED;
  expect (ledger, "", PAYOUTS ("matched a payment-reference 2 1000"));
}

static void
test_a_payout_is_not_missed_before_its_third_banking_day (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  paid (ledger, "a", "B1001", 1000)->available_us = FRIDAY;
  ledger->terms.as_of_us = FRIDAY + 5 * DAY_US;                    /* Wednesday */
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 - - -"));
  ledger->terms.as_of_us++;
  expect (ledger, "payout_not_in_bank 1000 EUR  \n", PAYOUTS ("payout B1001 EUR 1000 - - -"));
  ledger->terms.without_bank = TRUE;
  expect (ledger, "", PAYOUTS ("payout B1001 EUR 1000 - - -"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define STORY(name, function) g_test_add_func ("/reconcile/banked/" name, function)
  STORY ("an-id-in-the-text-finds-the-entry", test_an_id_in_the_text_finds_the_entry);
  STORY ("an-id-is-a-word-and-not-a-part-of-one", test_an_id_is_a_word_and_not_a_part_of_one);
  STORY ("an-id-far-away-needs-the-amount", test_an_id_far_away_needs_the_amount);
  STORY ("a-payouts-row-must-be-the-sum", test_a_payouts_row_must_be_the_sum);
  STORY ("a-batch-without-a-row-is-open-where-others-have-one",
         test_a_batch_without_a_row_is_open_where_others_have_one);
  STORY ("what-the-bank-lacks-is-named", test_what_the_bank_lacks_is_named);
  STORY ("what-the-bank-charged-is-named", test_what_the_bank_charged_is_named);
  STORY ("a-conversion-is-compared-in-the-payouts-currency", test_a_conversion_is_compared_in_the_payouts_currency);
  STORY ("a-rate-alone-converts-back", test_a_rate_alone_converts_back);
  STORY ("what-came-finds-it-by-amount-and-days", test_what_came_finds_it_by_amount_and_days);
  STORY ("without-a-rate-currencies-do-not-compare", test_without_a_rate_currencies_do_not_compare);
  STORY ("amount-and-days-find-it-if-both-are-alone", test_amount_and_days_find_it_if_both_are_alone);
  STORY ("one-credit-may-name-several-payouts", test_one_credit_may_name_several_payouts);
  STORY ("a-sum-counts-if-it-is-the-only-one", test_a_sum_counts_if_it_is_the_only_one);
  STORY ("a-sum-that-two-entries-want-is-no-ones", test_a_sum_that_two_entries_want_is_no_ones);
  STORY ("among-too-many-payouts-no-sum-counts", test_among_too_many_payouts_no_sum_counts);
  STORY ("only-what-seems-a-services-must-be-explained", test_only_what_seems_a_services_must_be_explained);
  STORY ("a-statement-wins-over-a-notification", test_a_statement_wins_over_a_notification);
  STORY ("lines-of-no-sale-are-named-remainders", test_lines_of_no_sale_are_named_remainders);
  STORY ("a-batch-may-be-paid-out-in-two-currencies", test_a_batch_may_be_paid_out_in_two_currencies);
  STORY ("what-was-only-sent-is-no-payout", test_what_was_only_sent_is_no_payout);
  STORY ("a-payout-is-not-missed-before-its-third-banking-day",
         test_a_payout_is_not_missed_before_its_third_banking_day);
  return g_test_run ();
}
