/* SPDX-License-Identifier: Apache-2.0 */
/* The closed table (facts: reconciliation.md section 6), in its order; row 1 is a match and row 38 is five. */
#include <string.h>

#include "payment/reconcile/exception.h"

typedef struct { const char *name; guint severity; const char *suggested; } Row;

static const Row rows[TW_N_CLASSES] = {
  [TW_CLASS_MATCHED_WITHIN_TOLERANCE] = { "matched_within_tolerance", 1, "book_residual" },
  [TW_CLASS_EXPECTED]                 = { "expected", 1, "wait" },
  [TW_CLASS_MISSING_IN_SETTLEMENT]    = { "missing_in_settlement", 4, "inquire_then_capture" },
  [TW_CLASS_MISSING_IN_JOURNAL]       = { "missing_in_journal", 4, "search_log_then_refund" },
  [TW_CLASS_AMOUNT_OVER]              = { "amount_over", 4, "refund_difference" },
  [TW_CLASS_AMOUNT_UNDER]             = { "amount_under", 3, "capture_rest_or_write_off" },
  [TW_CLASS_DUPLICATE_SETTLEMENT]     = { "duplicate_settlement", 4, "claim_and_refund" },
  [TW_CLASS_DUPLICATE_CAPTURE]        = { "duplicate_capture", 4, "refund_second" },
  [TW_CLASS_OVER_CAPTURED]            = { "over_captured", 4, "refund_difference" },
  [TW_CLASS_UNDER_CAPTURED]           = { "under_captured", 3, "fix_margin_and_write_off" },
  [TW_CLASS_CAPTURED_NOT_DELIVERED]   = { "captured_not_delivered", 4, "refund_in_full" },
  [TW_CLASS_DELIVERED_NOT_CAPTURED]   = { "delivered_not_captured", 4, "capture_or_write_off" },
  [TW_CLASS_ENERGY_MISMATCH]          = { "energy_mismatch", 3, "bill_signed_value" },
  [TW_CLASS_SIGNATURE_INVALID]        = { "signature_invalid", 4, "check_key" },
  [TW_CLASS_PAGINATION_GAP]           = { "pagination_gap", 3, "search_controller_log" },
  [TW_CLASS_RECORD_REUSED]            = { "record_reused", 4, "refund_and_lock_evse" },
  [TW_CLASS_TARIFF_MISMATCH]          = { "tariff_mismatch", 3, "refund_difference" },
  [TW_CLASS_PRICE_DISPLAY_MISMATCH]   = { "price_display_mismatch", 4, "refund_to_lower_price" },
  [TW_CLASS_AUTH_NEVER_RELEASED]      = { "auth_never_released", 3, "release" },
  [TW_CLASS_OUTCOME_UNKNOWN]          = { "outcome_unknown", 4, "inquire" },
  [TW_CLASS_REFUND_UNMATCHED]         = { "refund_unmatched", 3, "inquire" },
  [TW_CLASS_CHARGEBACK]               = { "chargeback", 4, "dispute" },
  [TW_CLASS_CURRENCY_MISMATCH]        = { "currency_mismatch", 3, "check_terminal" },
  [TW_CLASS_FEE_DEVIATION]            = { "fee_deviation", 2, "claim_fees" },
  [TW_CLASS_BATCH_SUM_MISMATCH]       = { "batch_sum_mismatch", 3, "import_again" },
  [TW_CLASS_PAYOUT_NOT_IN_BANK]       = { "payout_not_in_bank", 4, "ask_bank" },
  [TW_CLASS_BANK_AMOUNT_DIFF]         = { "bank_amount_diff", 3, "name_residual" },
  [TW_CLASS_BANK_LINE_UNEXPLAINED]    = { "bank_line_unexplained", 2, "assign_or_mark_foreign" },
  [TW_CLASS_TERMINAL_TOTAL_MISMATCH]  = { "terminal_total_mismatch", 3, "list_by_receipt_number" },
  [TW_CLASS_ADVICE_MISMATCH]          = { "advice_mismatch", 2, "send_advice_again" },
  [TW_CLASS_CUTOFF_SHIFT]             = { "cutoff_shift", 1, "none" },
  [TW_CLASS_AMBIGUOUS]                = { "ambiguous", 2, "match_by_hand" },
  [TW_CLASS_RESIDUAL]                 = { "residual", 1, "review" },
  [TW_CLASS_HOLD_EXPIRED]             = { "hold_expired", 4, "inquire_then_write_off" },
  [TW_CLASS_RECEIPT_GAP]              = { "receipt_gap", 3, "search_journal" },
  [TW_CLASS_MANUAL_CONTRADICTED]      = { "manual_contradicted", 3, "reopen" },
  [TW_CLASS_METER_IDENTITY]           = { "meter_identity", 3, "ask_meter" },
  [TW_CLASS_IDENTIFICATION_CHANGED]   = { "identification_changed", 3, "ask_meter" },
  [TW_CLASS_TARIFF_TEXT_MISMATCH]     = { "tariff_text_mismatch", 3, "ask_meter" },
  [TW_CLASS_METER_STRUCTURE]          = { "meter_structure", 3, "ask_meter" },
  [TW_CLASS_METER_RESET]              = { "meter_reset", 3, "ask_meter" },
  [TW_CLASS_UNCLASSIFIED]             = { "unclassified", 4, "report_bug" },
};

const char *
tw_class_name (TwClass class_)
{
  g_return_val_if_fail ((guint) class_ < TW_N_CLASSES, NULL);

  return rows[class_].name;
}

gboolean
tw_class_parse (const char *name, TwClass *class_)
{
  for (guint i = 0; i < TW_N_CLASSES; i++)
    if (strcmp (rows[i].name, name) == 0)
      {
        *class_ = (TwClass) i;
        return TRUE;
      }
  return FALSE;
}

guint
tw_class_severity (TwClass class_)
{
  g_return_val_if_fail ((guint) class_ < TW_N_CLASSES, 4);

  return rows[class_].severity;
}

const char *
tw_class_suggested (TwClass class_)
{
  g_return_val_if_fail ((guint) class_ < TW_N_CLASSES, NULL);

  return rows[class_].suggested;
}
