/* SPDX-License-Identifier: Apache-2.0 */
/* A person's word (facts: reconciliation.md section 9). LINE: this settlement line is this sale's. ENTRY: this entry of
 * the bank is this payout. WRITE_OFF: what this finding says is lost. Rows are named by their natural keys. The rule of
 * what is paired so is "manual"; amounts are compared as ever, and what the rows themselves say to the contrary is
 * manual_contradicted, with the case in its detail. Values; pure; any thread.
 */
#pragma once

#include "payment/reconcile/exception.h"

typedef enum { TW_MANUAL_LINE, TW_MANUAL_ENTRY, TW_MANUAL_WRITE_OFF } TwManualKind;

typedef struct
{
  TwManualKind kind;
  TwChars      case_id;                  /* TwException.id of what it was said of */
  TwClass      class_;                   /* and its class */
  TwChars      station, session;         /* the sale; of a payout's write-off session is empty */
  TwChars      account, key;             /* the line or the entry */
  TwChars      payout_account, batch;
  char         currency[4];              /* of the payout, of what is written off */
  gint64       amount_minor;             /* written off */
} TwManual;
