/* SPDX-License-Identifier: Apache-2.0 */
/* Which verb mends which class, and with how much: facts, reconciliation.md section 6, last column. */
#include "payment/reconcile/proposal.h"

typedef struct { TwClass class_; gint64 stake, expected, found; const char *operation; gint64 amount; } Row;

static const Row ROWS[] = {
  { TW_CLASS_AMOUNT_OVER, -200, 1000, 1200, "refund", 200 },
  { TW_CLASS_DUPLICATE_SETTLEMENT, -1000, TW_NOT_STATED, 1000, "refund", 1000 },
  { TW_CLASS_DUPLICATE_CAPTURE, -1000, 1000, 2000, "refund", 1000 },
  { TW_CLASS_OVER_CAPTURED, -1, 999, 1000, "refund", 1 },
  { TW_CLASS_CAPTURED_NOT_DELIVERED, -1000, 0, 1000, "refund", 1000 },
  { TW_CLASS_TARIFF_MISMATCH, 30, 970, 1000, "refund", 30 },
  { TW_CLASS_TARIFF_MISMATCH, -30, 1030, 1000, NULL, 0 },      /* charged too little: written off */
  { TW_CLASS_PRICE_DISPLAY_MISMATCH, 30, 970, 1000, "refund", 30 },
  { TW_CLASS_PRICE_DISPLAY_MISMATCH, -30, 1030, 1000, NULL, 0 },
  { TW_CLASS_ENERGY_MISMATCH, 25, 2000, 1500, "refund", 25 },  /* Wh: the meter has less than was billed */
  { TW_CLASS_ENERGY_MISMATCH, 25, 2000, 2500, NULL, 0 },
  { TW_CLASS_ENERGY_MISMATCH, 25, 2000, TW_NOT_STATED, NULL, 0 },
  { TW_CLASS_AUTH_NEVER_RELEASED, 5000, TW_NOT_STATED, TW_NOT_STATED, "release", 5000 },
  { TW_CLASS_DELIVERED_NOT_CAPTURED, 1000, 1000, 0, "capture", 1000 },
  { TW_CLASS_OUTCOME_UNKNOWN, 1000, TW_NOT_STATED, TW_NOT_STATED, "inquire", 0 },
  { TW_CLASS_MISSING_IN_SETTLEMENT, 1000, 1000, TW_NOT_STATED, "inquire", 0 },
  { TW_CLASS_REFUND_UNMATCHED, 1000, 1000, 0, "inquire", 0 },
  { TW_CLASS_HOLD_EXPIRED, 1000, TW_NOT_STATED, TW_NOT_STATED, "inquire", 0 },
  { TW_CLASS_AMOUNT_OVER, 0, TW_NOT_STATED, TW_NOT_STATED, NULL, 0 },
};

static void
test_each_class_has_its_verb (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++)
    {
      const Row *row = &ROWS[i];
      TwProposal proposal = tw_propose (row->class_, row->stake, row->expected, row->found);

      g_assert_cmpstr (proposal.operation, ==, row->operation);
      g_assert_cmpint (proposal.amount_minor, ==, row->amount);
      g_assert_nonnull (proposal.why);
    }
}

static gboolean
is_in_the_table (TwClass class_)
{
  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++)
    if (ROWS[i].class_ == class_)
      return TRUE;
  return FALSE;
}

/* Whatever the stake: nothing else ever moves money. */
static void
test_no_other_class_moves_money (void)
{
  for (TwClass class_ = 0; class_ < TW_N_CLASSES; class_++)
    for (gint64 stake = -1000; stake <= 1000; stake += 1000)
      {
        TwProposal proposal = tw_propose (class_, stake, 1000, 500);

        g_assert_nonnull (proposal.why);
        g_assert_true (is_in_the_table (class_) || proposal.operation == NULL);
        g_assert_true (proposal.operation != NULL || proposal.amount_minor == 0);
        g_assert_cmpint (proposal.amount_minor, >=, 0);
      }
}

typedef struct { TwClass class_; gint64 stake; TwSaleMoney money; gint64 amount; } Limited;

/* Worked out by hand: who paid 1000 of a price of 1200 because the hold was 1000, and should have paid 1100, has paid
 * nothing too much; who should have paid 950 has paid 50 too much. Who paid 1000, should have paid 970 and got 30 back
 * for one finding gets nothing for the next that says the same, and 5 for one that says 965; of a second capture of
 * 1000 that was given back nothing is counted against it. */
static void
test_the_journal_limits_it (void)
{
  static const Limited limited[] = {
    { TW_CLASS_TARIFF_MISMATCH, 100, { 1000, 1200, 1000, 0 }, 0 },
    { TW_CLASS_TARIFF_MISMATCH, 250, { 1000, 1200, 1000, 0 }, 50 },
    { TW_CLASS_TARIFF_MISMATCH, 250, { 2000, 1200, 1200, 0 }, 250 },
    { TW_CLASS_ENERGY_MISMATCH, 250, { 1000, 1200, 1000, 0 }, 50 },
    { TW_CLASS_TARIFF_MISMATCH, 30, { 1000, 1000, 1000, 0 }, 30 },
    { TW_CLASS_PRICE_DISPLAY_MISMATCH, 30, { 1000, 1000, 1000, 30 }, 0 },
    { TW_CLASS_ENERGY_MISMATCH, 35, { 1000, 1000, 1000, 30 }, 5 },
    { TW_CLASS_ENERGY_MISMATCH, 30, { 1000, 1000, 1000, 10 }, 20 },
    { TW_CLASS_TARIFF_MISMATCH, 30, { 1000, 1000, 2000, 1000 }, 30 },
    { TW_CLASS_TARIFF_MISMATCH, 1000, { 1000, 1000, 1000, 30 }, 970 },
    { TW_CLASS_OVER_CAPTURED, -200, { 1000, 1000, 1200, 0 }, 200 },
    { TW_CLASS_OVER_CAPTURED, -200, { 1000, 1000, 1200, 200 }, 0 },
    { TW_CLASS_OVER_CAPTURED, -200, { 1000, 1000, 1200, 150 }, 50 },
    { TW_CLASS_AMOUNT_OVER, -250, { 1000, 1200, 1000, 0 }, 250 },
    { TW_CLASS_AMOUNT_OVER, -250, { 1000, 1000, 1000, 900 }, 100 },
    { TW_CLASS_AMOUNT_OVER, -250, { 1000, 1000, 1000, 1000 }, 0 },
    { TW_CLASS_CAPTURED_NOT_DELIVERED, -1000, { 1000, 0, 0, 0 }, 0 },
    { TW_CLASS_DELIVERED_NOT_CAPTURED, 1200, { 1000, 1200, 0, 0 }, 1000 },
    { TW_CLASS_DELIVERED_NOT_CAPTURED, 1200, { 0, 1200, 0, 0 }, 0 },
    { TW_CLASS_AUTH_NEVER_RELEASED, 1000, { 1000, 0, 0, 0 }, 1000 },
    { TW_CLASS_OUTCOME_UNKNOWN, 1000, { 0, 0, 0, 0 }, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limited); i++)
    {
      const Limited *row = &limited[i];
      TwProposal proposal = tw_propose (row->class_, row->stake, 2000, 1500);

      proposal = tw_propose_within (proposal, row->class_, &row->money);
      g_assert_cmpint (proposal.amount_minor, ==, row->amount);
      g_assert_true ((proposal.operation == NULL) == (row->amount == 0 && row->class_ != TW_CLASS_OUTCOME_UNKNOWN));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proposal/each-class-has-its-verb", test_each_class_has_its_verb);
  g_test_add_func ("/proposal/no-other-class-moves-money", test_no_other_class_moves_money);
  g_test_add_func ("/proposal/the-journal-limits-it", test_the_journal_limits_it);
  return g_test_run ();
}
