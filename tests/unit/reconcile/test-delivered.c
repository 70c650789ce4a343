/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal alone, its meters and its terminals tell, a story each; what is expected is worked out by hand from
 * facts/reconciliation.md section 6 and facts/ocmf.md sections 4 and 5.
 */
#include <string.h>

#include "tests/unit/reconcile/ledger.h"

/* A sale that is settled, so that only what is done to it shows. */
static TwSale *
sold (Ledger *ledger, const char *session)
{
  TwSale sale = ledger_sale (session, session);
  TwSettled line = ledger_line (session, session, 1000);

  sale.origin.line = ledger->sales->len + 1;
  g_array_append_val (ledger->sales, sale);
  g_array_append_val (ledger->lines, line);
  return &g_array_index (ledger->sales, TwSale, ledger->sales->len - 1);
}

/* One of which nothing was captured. */
static TwSale *
unpaid (Ledger *ledger, const char *session, TwSaleState state)
{
  TwSale sale = ledger_sale (session, session);

  sale.state = state;
  sale.captured_minor = TW_NOT_STATED;
  sale.captured_us = TW_NOT_STATED;
  g_array_append_val (ledger->sales, sale);
  return &g_array_index (ledger->sales, TwSale, ledger->sales->len - 1);
}

static TwEnergy *
metered (Ledger *ledger, TwMeterKind kind, const char *session, gint64 energy_wh)
{
  TwEnergy energy = {
    .origin = { 5, ledger->energies->len + 1 }, .kind = kind, .session = chars (session), .evse = TEXT ("E1"),
    .meter = TEXT ("M1"), .energy_wh = energy_wh, .begin_us = FRIDAY + DAY_US / 2 - 3000000000,
    .end_us = FRIDAY + DAY_US / 2 - 1000000000, .good = TRUE, .verdict = TEXT ("valid"), .digest = chars (session),
  };

  g_array_append_val (ledger->energies, energy);
  return &g_array_index (ledger->energies, TwEnergy, ledger->energies->len - 1);
}

static void
expect (const Ledger *ledger, const char *exceptions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) outcome = ledger_run (ledger, &error);
  g_autoptr (Outcome) again = ledger_run_shuffled (ledger, 5, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (outcome->exceptions->str, ==, exceptions);
  g_assert_cmpstr (outcome->all->str, ==, again->all->str);
}

static void
test_a_second_capture_is_one_too_many (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a")->second_capture_minor = 1000;
  expect (ledger, "amount_under 1000 EUR a \nduplicate_capture -1000 EUR a \n");
}

static void
test_captures_stay_within_price_and_hold (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sale = sold (ledger, "a");

  sale->price_minor = sale->repriced_minor = 900;
  expect (ledger, "over_captured -100 EUR a \n");
  sale->price_minor = sale->repriced_minor = 1000;
  sale->held_minor = 800;
  expect (ledger, "over_captured -200 EUR a \n");
  sale->price_minor = sale->repriced_minor = 1400;
  sale->held_minor = 1000;
  expect (ledger, "under_captured 400 EUR a \n");
}

static void
test_money_is_for_energy_or_a_fee (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sale = sold (ledger, "a");

  sale->energy_wh = 0;
  expect (ledger, "");                            /* priced again: the tariff asks for 1000 without energy */
  sale->repriced_minor = TW_NOT_STATED;
  expect (ledger, "captured_not_delivered -1000 EUR a \n");
  sale->energy_part_minor = 600;
  expect (ledger, "");
}

static void
test_energy_is_for_money (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sale = unpaid (ledger, "a", TW_SALE_RELEASED);

  expect (ledger, "delivered_not_captured 1000 EUR a \n");
  sale->tariff_free = TRUE;
  expect (ledger, "");
  sale->tariff_free = FALSE;
  sale->state = TW_SALE_OPEN;
  expect (ledger, "");
  sale->state = TW_SALE_REFUSED;
  sale->hold_until_us = FRIDAY + DAY_US;
  expect (ledger, "delivered_not_captured 1000 EUR a \nhold_expired 1000 EUR a \n");
}

static void
test_the_price_is_the_tariffs_and_the_shown_one (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sale = sold (ledger, "a");

  sale->repriced_minor = 970;
  expect (ledger, "tariff_mismatch 30 EUR a \n");
  sale->repriced_minor = 1000;
  sale->tariff_shown = TEXT ("other");
  sale->shown_minor = 950;
  expect (ledger, "price_display_mismatch 50 EUR a t\n");
}

static void
test_a_hold_ends (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Outcome) outcome = NULL;
  TwSale *sale = unpaid (ledger, "a", TW_SALE_HELD);

  sale->energy_wh = sale->price_minor = sale->repriced_minor = TW_NOT_STATED;
  expect (ledger, "auth_never_released 5000 EUR a \n");
  outcome = ledger_run (ledger, NULL);
  g_assert_true (g_str_has_prefix (strchr (outcome->all->str, '\n') + 1, "auth_never_released 4 "));
  outcome_free (g_steal_pointer (&outcome));
  ledger->terms.as_of_us = FRIDAY + DAY_US;
  outcome = ledger_run (ledger, NULL);
  g_assert_true (g_str_has_prefix (strchr (outcome->all->str, '\n') + 1, "auth_never_released 3 "));
}

static void
test_an_advice_says_what_was_captured (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a")->advised_minor = 940;
  expect (ledger, "advice_mismatch 60 EUR a \n");
}

static void
test_a_capture_comes_within_the_holds_life (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *sale = sold (ledger, "a");

  sale->hold_until_us = sale->captured_us;
  expect (ledger, "");
  sale->hold_until_us--;
  expect (ledger, "hold_expired 1000 EUR a \n");
}

static void
test_the_signed_record_rules_to_the_watt_hour (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a");
  metered (ledger, TW_METER_SIGNED, "a", 20000);
  expect (ledger, "");
  g_array_index (ledger->energies, TwEnergy, 0).energy_wh = 19000;
  expect (ledger, "energy_mismatch 50 EUR a \n");
  metered (ledger, TW_METER_SIGNED, "a", 19000);                      /* the same record in another file */
  expect (ledger, "energy_mismatch 50 EUR a \n");
}

static void
test_a_controller_may_differ_by_a_hundredth (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a");
  metered (ledger, TW_METER_CONTROLLER, "a", 20200);
  expect (ledger, "");
  g_array_index (ledger->energies, TwEnergy, 0).energy_wh = 20201;
  expect (ledger, "energy_mismatch 10 EUR a \n");
  g_array_index (ledger->sales, TwSale, 0).energy_wh = 20050;          /* a hundredth is 200.5 Wh, and not 201 */
  g_array_index (ledger->energies, TwEnergy, 0).energy_wh = 20251;
  expect (ledger, "energy_mismatch 10 EUR a \n");
}

static void
test_a_record_without_session_is_found_by_its_time (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *next;

  sold (ledger, "a");
  next = sold (ledger, "b");
  next->started_us += DAY_US;
  next->ended_us += DAY_US;
  metered (ledger, TW_METER_SIGNED, NULL, 19000)->digest = TEXT ("d1");
  expect (ledger, "energy_mismatch 50 EUR a \n");
  g_array_index (ledger->energies, TwEnergy, 0).begin_us += DAY_US / 2;
  g_array_index (ledger->energies, TwEnergy, 0).end_us += DAY_US / 2;
  expect (ledger, "delivered_not_captured 950 EUR  \n");              /* 19 kWh between the two, at 0.50 */
  metered (ledger, TW_METER_CONTROLLER, NULL, 19010);                 /* another witness, and the first one again */
  metered (ledger, TW_METER_SIGNED, NULL, 19000)->digest = TEXT ("d1");
  for (guint i = 1; i < 3; i++)
    {
      g_array_index (ledger->energies, TwEnergy, i).begin_us += DAY_US / 2;
      g_array_index (ledger->energies, TwEnergy, i).end_us += DAY_US / 2;
    }
  expect (ledger, "delivered_not_captured 950 EUR  \n");
  g_array_set_size (ledger->energies, 1);
  g_array_index (ledger->energies, TwEnergy, 0).begin_us += 2 * DAY_US;
  g_array_index (ledger->energies, TwEnergy, 0).end_us += 2 * DAY_US;
  expect (ledger, "");                                                /* after all that the journal knows of */
}

/* Sales on Friday and on Saturday at noon, the latter half a Euro for a kWh more dear; each with page 7 and 9. */
static void
two_days (Ledger *ledger)
{
  TwSale *next;

  sold (ledger, "a");
  next = sold (ledger, "b");
  next->started_us += DAY_US;
  next->ended_us += DAY_US;
  next->energy_price_minor = 100;
  metered (ledger, TW_METER_SIGNED, "a", 20000)->page = 7;
  metered (ledger, TW_METER_SIGNED, "b", 20000)->page = 9;
  g_array_index (ledger->energies, TwEnergy, 1).begin_us += DAY_US;
  g_array_index (ledger->energies, TwEnergy, 1).end_us += DAY_US;
}

static TwEnergy *
half_a_day_later (TwEnergy *energy)
{
  energy->begin_us += DAY_US / 2;
  energy->end_us += DAY_US / 2;
  return energy;
}

static void
test_a_signed_record_of_nobody_is_told_between_sales_of_its_meter (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwEnergy *nobodys;

  two_days (ledger);
  expect (ledger, "pagination_gap 1000 EUR b M1\n");
  nobodys = half_a_day_later (metered (ledger, TW_METER_SIGNED, "x", 4000));
  nobodys->page = 8;                                                   /* 4 kWh at 0.50; and no number is missing */
  nobodys->evse = (TwChars) { 0 };
  expect (ledger, "delivered_not_captured 200 EUR x M1\n");
  metered (ledger, TW_METER_SIGNED, "x", 4000)->page = 8;              /* the same from another file */
  half_a_day_later (&g_array_index (ledger->energies, TwEnergy, 3));
  expect (ledger, "delivered_not_captured 200 EUR x M1\n");
  g_array_set_size (ledger->energies, 3);
  nobodys = &g_array_index (ledger->energies, TwEnergy, 2);
  nobodys->energy_wh = 0;
  expect (ledger, "");
  nobodys->energy_wh = 4000;
  nobodys->begin_us += DAY_US;                                         /* after all that the journal knows of */
  nobodys->end_us += DAY_US;
  nobodys->page = 10;
  expect (ledger, "pagination_gap 1000 EUR b M1\n");
}

/* A log and a CDR may call a session what they like; its time and place decide. */
static void
test_a_reading_of_an_unknown_name_is_its_times (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwEnergy *log;

  two_days (ledger);
  g_array_index (ledger->energies, TwEnergy, 1).page = 8;
  metered (ledger, TW_METER_CDR, "cpms-1", 21000)->digest = (TwChars) { 0 };
  log = metered (ledger, TW_METER_CONTROLLER, "cpms-1", 20000);
  log->digest = (TwChars) { 0 };
  expect (ledger, "energy_mismatch 50 EUR a \n");
  for (guint i = 2; i < 4; i++)
    half_a_day_later (&g_array_index (ledger->energies, TwEnergy, i));
  expect (ledger, "delivered_not_captured 1000 EUR cpms-1 \n");        /* once, by the log: 20 kWh at 0.50 */
  half_a_day_later (metered (ledger, TW_METER_SIGNED, "cpms-1", 3000));
  expect (ledger, "delivered_not_captured 150 EUR cpms-1 M1\n");       /* what is signed goes before */
  g_array_set_size (ledger->energies, 3);
  g_array_index (ledger->energies, TwEnergy, 2).verdict = TEXT ("contract");
  expect (ledger, "");
}

static void
test_energy_of_no_place_is_told_in_the_journals_time (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwEnergy *log;

  two_days (ledger);
  g_array_index (ledger->energies, TwEnergy, 1).page = 8;
  log = half_a_day_later (metered (ledger, TW_METER_CONTROLLER, "x", 5000));
  log->evse = log->digest = (TwChars) { 0 };
  expect (ledger, "delivered_not_captured 0  x \n");
  log->begin_us += DAY_US;
  log->end_us += DAY_US;
  expect (ledger, "");
}

/* Who tries a station out in test mode draws energy, and nobody owes for it. */
static void
test_energy_of_a_test_sale_is_explained (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *test;

  two_days (ledger);
  half_a_day_later (metered (ledger, TW_METER_SIGNED, "t", 4000))->page = 8;
  half_a_day_later (metered (ledger, TW_METER_CONTROLLER, "ctrl-1", 4000))->digest = (TwChars) { 0 };
  expect (ledger, "delivered_not_captured 200 EUR ctrl-1 \ndelivered_not_captured 200 EUR t M1\n");
  for (guint i = 0; i < 2; i++)                                        /* from two files */
    {
      test = sold (ledger, "t");
      g_array_remove_index (ledger->lines, 2);
      test->test_mode = TRUE;
      test->started_us += DAY_US / 2;
      test->ended_us += DAY_US / 2;
    }
  expect (ledger, "");
}

static void
test_a_record_that_could_be_two_sales_is_ambiguous (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a");
  sold (ledger, "b");
  metered (ledger, TW_METER_SIGNED, NULL, 20000)->digest = TEXT ("d1");
  expect (ledger, "ambiguous 1000 EUR  a b\n");
  g_array_index (ledger->sales, TwSale, 1).evse = TEXT ("E2");
  expect (ledger, "");
  g_array_index (ledger->sales, TwSale, 1).session = TEXT ("a");       /* another station's, of the same name */
  g_array_index (ledger->sales, TwSale, 1).station = TEXT ("S2");
  g_array_index (ledger->energies, TwEnergy, 0).session = TEXT ("a");
  expect (ledger, "");
  g_array_index (ledger->energies, TwEnergy, 0).evse = TEXT ("E3");
  expect (ledger, "ambiguous 1000 EUR  a a\n");
}

static void
test_signatures_are_valid_where_they_must_be (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwEnergy *energy;

  sold (ledger, "a");
  ledger->terms.meter_required = TRUE;
  expect (ledger, "signature_invalid 1000 EUR a missing\n");
  energy = metered (ledger, TW_METER_SIGNED, "a", 19000);
  energy->good = FALSE;
  energy->verdict = TEXT ("untrusted_key");
  expect (ledger, "signature_invalid 1000 EUR a untrusted_key\n");
}

static void
test_a_record_that_cannot_be_read_is_told_once (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a");
  for (guint i = 0; i < 3; i++)
    {
      TwEnergy *energy = metered (ledger, TW_METER_SIGNED, NULL, TW_NOT_STATED);

      energy->good = FALSE;
      energy->verdict = TEXT ("malformed");
      energy->evse = energy->meter = (TwChars) { 0 };
      energy->begin_us = energy->end_us = TW_NOT_STATED;
      energy->digest = i < 2 ? TEXT ("d1") : TEXT ("d2");
    }
  expect (ledger, "signature_invalid 0   malformed\nsignature_invalid 0   malformed\n");
  g_array_index (ledger->energies, TwEnergy, 2).digest = TEXT ("d1");
  expect (ledger, "signature_invalid 0   malformed\n");
}

static void
test_transparency_findings_keep_their_names (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  sold (ledger, "a");
  metered (ledger, TW_METER_SIGNED, "a", 20000)->findings =
    TEXT ("meter_identity identification_changed tariff_text_mismatch structure meter_reset_or_replay "
          "cable_loss_changed new_one");
  expect (ledger, "meter_identity 1000 EUR a meter_identity\n"
          "identification_changed 1000 EUR a identification_changed\n"
          "tariff_text_mismatch 1000 EUR a tariff_text_mismatch\n"
          "meter_structure 1000 EUR a structure\n"
          "meter_reset 1000 EUR a meter_reset_or_replay\n"
          "unclassified 1000 EUR a new_one\n");
}

static void
test_a_record_is_one_sales (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwSale *small;

  sold (ledger, "a");
  small = sold (ledger, "b");
  small->price_minor = small->repriced_minor = 990;
  metered (ledger, TW_METER_SIGNED, "a", 20000);
  metered (ledger, TW_METER_SIGNED, "b", 20000)->digest = TEXT ("a");
  expect (ledger, "over_captured -10 EUR b \nrecord_reused 990 EUR b a\n");
  metered (ledger, TW_METER_CDR, "b", 20000)->digest = TEXT ("a");     /* a second witness of the same */
  metered (ledger, TW_METER_CDR, "a", 20000);
  expect (ledger, "over_captured -10 EUR b \nrecord_reused 990 EUR b a\n");
}

static void
test_a_meters_numbers_follow (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  for (guint i = 0; i < 3; i++)
    {
      const char *session = ((const char *[]) { "a", "b", "c" })[i];

      sold (ledger, session);
      metered (ledger, TW_METER_SIGNED, session, 20000)->page = 7 + i;
    }
  expect (ledger, "");
  g_array_index (ledger->energies, TwEnergy, 2).page = 12;
  expect (ledger, "pagination_gap 3000 EUR c M1\n");
  g_array_index (ledger->energies, TwEnergy, 2).first_page = 9;
  expect (ledger, "");
  g_array_index (ledger->energies, TwEnergy, 2).first_page = 0;
  g_array_index (ledger->energies, TwEnergy, 2).page = 8;
  expect (ledger, "pagination_gap 1000 EUR c M1\n");
  g_array_index (ledger->energies, TwEnergy, 2).page = 1;               /* later, and lower: it began anew */
  g_array_index (ledger->energies, TwEnergy, 2).end_us++;
  expect (ledger, "meter_reset 1000 EUR c M1\n");
  g_array_index (ledger->energies, TwEnergy, 2).findings = TEXT ("meter_reset_or_replay");
  expect (ledger, "meter_reset 1000 EUR c meter_reset_or_replay\n");
}

static void
test_receipts_are_numbered_in_a_row (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  static const guint64 numbers[] = { 4095, 4096, 4098, 4098, 4102 };
  static const char *const sessions[] = { "a", "b", "c", "d", "e" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    sold (ledger, sessions[i])->receipt_number = numbers[i];
  expect (ledger, "receipt_gap 1000 EUR  4097\nreceipt_gap 1000 EUR  4098\nreceipt_gap 3000 EUR  4099-4101\n");
  sold (ledger, "f")->receipt_number = 4097;
  g_array_index (ledger->sales, TwSale, 5).test_mode = TRUE;
  g_array_remove_index (ledger->lines, 5);
  expect (ledger, "receipt_gap 1000 EUR  4098\nreceipt_gap 3000 EUR  4099-4101\n");
  sold (ledger, "f")->receipt_number = 4097;                           /* the same from another file */
  g_array_index (ledger->sales, TwSale, 6).test_mode = TRUE;
  g_array_remove_index (ledger->lines, 5);
  expect (ledger, "receipt_gap 1000 EUR  4098\nreceipt_gap 3000 EUR  4099-4101\n");
  g_array_index (ledger->sales, TwSale, 6).receipt_number = 4095;      /* what a real one has, too */
  expect (ledger, "receipt_gap 1000 EUR  4095\nreceipt_gap 1000 EUR  4098\nreceipt_gap 3000 EUR  4099-4101\n");
}

static void
test_a_terminals_day_is_its_sales (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  TwTotal total = {
    .origin = { 4, 1 }, .terminal = TEXT ("T1"), .currency = "EUR", .total_minor = 2000, .count = TW_NOT_STATED,
    .day = 20777, .from_us = TW_NOT_STATED, .until_us = TW_NOT_STATED, .first_slip = -1, .last_slip = -1,
  };

  sold (ledger, "a")->terminal = TEXT ("T1");
  sold (ledger, "b")->terminal = TEXT ("T1");
  sold (ledger, "c")->terminal = TEXT ("T2");
  g_array_append_val (ledger->totals, total);
  expect (ledger, "");
  g_array_index (ledger->totals, TwTotal, 0).total_minor = 1000;
  expect (ledger, "terminal_total_mismatch 1000 EUR  T1\n");
  total.day = 20778;
  total.total_minor = 1000;
  g_array_append_val (ledger->totals, total);
  expect (ledger, "cutoff_shift 0 EUR  T1\ncutoff_shift 0 EUR  T1\n");
  g_array_index (ledger->totals, TwTotal, 1).total_minor = 999;
  expect (ledger, "terminal_total_mismatch -999 EUR  T1\nterminal_total_mismatch 1000 EUR  T1\n");
}

/* After 9999 comes 1 (facts: settlement-files.md section 5). */
static void
test_receipts_of_a_terminal_come_round_again (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  static const char *const slips[] = { "9998", "9999", "1", "2", "3" };
  TwTotal total = {
    .origin = { 4, 1 }, .terminal = TEXT ("T1"), .currency = "EUR", .total_minor = 3000, .count = TW_NOT_STATED,
    .day = 20777, .from_us = TW_NOT_STATED, .until_us = TW_NOT_STATED, .first_slip = 9999, .last_slip = 2,
  };

  for (guint i = 0; i < G_N_ELEMENTS (slips); i++)
    {
      TwSale *sale = sold (ledger, ((const char *[]) { "a", "b", "c", "d", "e" })[i]);

      sale->terminal = TEXT ("T1");
      sale->slip = chars (slips[i]);
    }
  g_array_append_val (ledger->totals, total);
  expect (ledger, "");
  g_array_index (ledger->totals, TwTotal, 0).last_slip = 1;
  expect (ledger, "terminal_total_mismatch -1000 EUR  T1\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define STORY(name, function) g_test_add_func ("/reconcile/delivered/" name, function)
  STORY ("a-second-capture-is-one-too-many", test_a_second_capture_is_one_too_many);
  STORY ("captures-stay-within-price-and-hold", test_captures_stay_within_price_and_hold);
  STORY ("money-is-for-energy-or-a-fee", test_money_is_for_energy_or_a_fee);
  STORY ("energy-is-for-money", test_energy_is_for_money);
  STORY ("the-price-is-the-tariffs-and-the-shown-one", test_the_price_is_the_tariffs_and_the_shown_one);
  STORY ("a-hold-ends", test_a_hold_ends);
  STORY ("an-advice-says-what-was-captured", test_an_advice_says_what_was_captured);
  STORY ("a-capture-comes-within-the-holds-life", test_a_capture_comes_within_the_holds_life);
  STORY ("the-signed-record-rules-to-the-watt-hour", test_the_signed_record_rules_to_the_watt_hour);
  STORY ("a-controller-may-differ-by-a-hundredth", test_a_controller_may_differ_by_a_hundredth);
  STORY ("a-record-without-session-is-found-by-its-time", test_a_record_without_session_is_found_by_its_time);
  STORY ("a-signed-record-of-nobody-is-told-between-sales-of-its-meter",
         test_a_signed_record_of_nobody_is_told_between_sales_of_its_meter);
  STORY ("a-reading-of-an-unknown-name-is-its-times", test_a_reading_of_an_unknown_name_is_its_times);
  STORY ("energy-of-no-place-is-told-in-the-journals-time", test_energy_of_no_place_is_told_in_the_journals_time);
  STORY ("energy-of-a-test-sale-is-explained", test_energy_of_a_test_sale_is_explained);
  STORY ("a-record-that-could-be-two-sales-is-ambiguous", test_a_record_that_could_be_two_sales_is_ambiguous);
  STORY ("signatures-are-valid-where-they-must-be", test_signatures_are_valid_where_they_must_be);
  STORY ("a-record-that-cannot-be-read-is-told-once", test_a_record_that_cannot_be_read_is_told_once);
  STORY ("transparency-findings-keep-their-names", test_transparency_findings_keep_their_names);
  STORY ("a-record-is-one-sales", test_a_record_is_one_sales);
  STORY ("a-meters-numbers-follow", test_a_meters_numbers_follow);
  STORY ("receipts-are-numbered-in-a-row", test_receipts_are_numbered_in_a_row);
  STORY ("a-terminals-day-is-its-sales", test_a_terminals_day_is_its_sales);
  STORY ("receipts-of-a-terminal-come-round-again", test_receipts_of_a_terminal_come_round_again);
  return g_test_run ();
}
