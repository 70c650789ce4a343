/* SPDX-License-Identifier: Apache-2.0 */
/* What is not as it should be, by the closed table of classes (facts: reconciliation.md section 6): what money is at
 * stake, who says what, and what to do. Values; pure; any thread.
 */
#pragma once

#include "payment/reconcile/witness.h"

typedef enum
{
  TW_CLASS_MATCHED_WITHIN_TOLERANCE, TW_CLASS_EXPECTED, TW_CLASS_MISSING_IN_SETTLEMENT, TW_CLASS_MISSING_IN_JOURNAL,
  TW_CLASS_AMOUNT_OVER, TW_CLASS_AMOUNT_UNDER, TW_CLASS_DUPLICATE_SETTLEMENT, TW_CLASS_DUPLICATE_CAPTURE,
  TW_CLASS_OVER_CAPTURED, TW_CLASS_UNDER_CAPTURED, TW_CLASS_CAPTURED_NOT_DELIVERED, TW_CLASS_DELIVERED_NOT_CAPTURED,
  TW_CLASS_ENERGY_MISMATCH, TW_CLASS_SIGNATURE_INVALID, TW_CLASS_PAGINATION_GAP, TW_CLASS_RECORD_REUSED,
  TW_CLASS_TARIFF_MISMATCH, TW_CLASS_PRICE_DISPLAY_MISMATCH, TW_CLASS_AUTH_NEVER_RELEASED, TW_CLASS_OUTCOME_UNKNOWN,
  TW_CLASS_REFUND_UNMATCHED, TW_CLASS_CHARGEBACK, TW_CLASS_CURRENCY_MISMATCH, TW_CLASS_FEE_DEVIATION,
  TW_CLASS_BATCH_SUM_MISMATCH, TW_CLASS_PAYOUT_NOT_IN_BANK, TW_CLASS_BANK_AMOUNT_DIFF, TW_CLASS_BANK_LINE_UNEXPLAINED,
  TW_CLASS_TERMINAL_TOTAL_MISMATCH, TW_CLASS_ADVICE_MISMATCH, TW_CLASS_CUTOFF_SHIFT, TW_CLASS_AMBIGUOUS,
  TW_CLASS_RESIDUAL, TW_CLASS_HOLD_EXPIRED, TW_CLASS_RECEIPT_GAP, TW_CLASS_MANUAL_CONTRADICTED, TW_CLASS_METER_IDENTITY,
  TW_CLASS_IDENTIFICATION_CHANGED, TW_CLASS_TARIFF_TEXT_MISMATCH, TW_CLASS_METER_STRUCTURE, TW_CLASS_METER_RESET,
  TW_CLASS_UNCLASSIFIED, TW_N_CLASSES
} TwClass;

/* Written out by name, so that a finding's sentence can be made in any language: "expected", "found", ... */
typedef struct
{
  TwClass     class_;
  guint       severity;           /* 4 act today, 3 this week, 2 month end, 1 informative */
  gint64      stake_minor;        /* + we may lose it, - we owe it */
  char        currency[4];        /* "": no money */
  char        id[33];             /* stable over runs: hash of class and members, hex */
  TwChars     session, station, evse;
  TwChars     payment_ref, psp_ref, batch, bank_reference;
  TwChars     detail;             /* of the class: residual's name, meter's verdict, candidates' references, ... */
  const char *rule;               /* the pass or check that says so: "payment-reference", "within-hold" */
  gint64      expected, found;    /* minor units, or Wh for energy; TW_NOT_STATED */
  gint64      since_us;           /* when the sale, line or entry happened: its age */
  gint64      due_us;             /* EXPECTED: until when; TW_NOT_STATED */
  TwOrigin    sale, other;        /* line 0: none */
  gboolean    resolved;           /* by a person, of whom the reconciliation does not know: it only informs */
  TwChars     resolved_by, resolved_why;
} TwException;

const char *tw_class_name (TwClass class_);                 /* "missing_in_settlement" */
gboolean    tw_class_parse (const char *name, TwClass *class_);
guint       tw_class_severity (TwClass class_);             /* the usual one */
const char *tw_class_suggested (TwClass class_);            /* "inquire_then_capture": a code, worded by who shows it */
/* First 32 hex digits of SHA-256 over the class and its members' natural references. */
void        tw_exception_identify (TwException *exception, const TwChars *members, guint n);
/* Where another finding has the same identity, and other references: made of it and of all references. */
void        tw_exception_identify_by_references (TwException *exception);
/* Where these are the same, too: the number n of those that nothing tells apart, from 2. */
void        tw_exception_identify_as (TwException *exception, const char *id, guint n);
/* Whether the finding, by its plain identity, may be told as this one. */
gboolean    tw_exception_may_be (const TwException *exception, TwChars id);
