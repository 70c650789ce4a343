/* SPDX-License-Identifier: Apache-2.0 */
/* Expected values: facts/reconciliation.md section 6. */
#include "payment/reconcile/exception.h"

static void
test_every_class_has_a_name_that_reads_back (void)
{
  for (guint i = 0; i < TW_N_CLASSES; i++)
    {
      TwClass back;

      g_assert_nonnull (tw_class_name ((TwClass) i));
      g_assert_nonnull (tw_class_suggested ((TwClass) i));
      g_assert_true (tw_class_parse (tw_class_name ((TwClass) i), &back));
      g_assert_cmpuint (back, ==, i);
      g_assert_cmpuint (tw_class_severity ((TwClass) i), >=, 1);
      g_assert_cmpuint (tw_class_severity ((TwClass) i), <=, 4);
    }
}

static void
test_the_table_is_closed (void)
{
  TwClass class_;

  g_assert_false (tw_class_parse ("matched", &class_));
  g_assert_false (tw_class_parse ("", &class_));
  g_assert_false (tw_class_parse ("Expected", &class_));
}

static void
test_severities_are_those_of_the_table (void)
{
  static const struct { TwClass class_; guint severity; } expected[] = {
    { TW_CLASS_EXPECTED, 1 }, { TW_CLASS_MISSING_IN_SETTLEMENT, 4 }, { TW_CLASS_AMOUNT_OVER, 4 },
    { TW_CLASS_AMOUNT_UNDER, 3 }, { TW_CLASS_FEE_DEVIATION, 2 }, { TW_CLASS_BANK_LINE_UNEXPLAINED, 2 },
    { TW_CLASS_CUTOFF_SHIFT, 1 }, { TW_CLASS_AMBIGUOUS, 2 }, { TW_CLASS_RECEIPT_GAP, 3 },
    { TW_CLASS_METER_RESET, 3 }, { TW_CLASS_UNCLASSIFIED, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (tw_class_severity (expected[i].class_), ==, expected[i].severity);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile/classes/every-class-has-a-name-that-reads-back",
                   test_every_class_has_a_name_that_reads_back);
  g_test_add_func ("/reconcile/classes/the-table-is-closed", test_the_table_is_closed);
  g_test_add_func ("/reconcile/classes/severities-are-those-of-the-table", test_severities_are_those_of_the_table);
  return g_test_run ();
}
