/* SPDX-License-Identifier: Apache-2.0 */
/* A booked entry of a bank's statement while it is being read: its leaves arrive one at a time. One thread. This
 * folder's own.
 */
#pragma once

#include "payment/reconcile/readers/conversion-told.h"
#include "payment/reconcile/readers/reading.h"

typedef struct
{
  guint64  number;                       /* of the file, from 1 */
  GString *amount, *status, *reference, *own_reference;   /* of the bank; and NtryRef */
  GString *end_to_end, *trace, *transaction_reference;
  GString *remittance, *joined, *additional, *debtor, *creditor;
  char     currency[4];
  gboolean has_currency, is_credit, has_direction, reversal;
  gint32   booked_day, value_day;
  guint64  n_details;                    /* TxDtls */
  guint64  n_batches;                    /* Btch, and of the one: what it tells */
  gint64   batch_count;
  GString *batch_total;
  gint64   details_total;                /* signed as the entry; of the TxDtls that tell an amount in its currency */
  guint64  n_detail_amounts;
  gint64   detail_amount;                /* of the TxDtls that is being read */
  gboolean detail_same_currency, detail_is_credit;
  TwTold   told, detail_told;            /* of the entry; of the TxDtls that is being read */
  TwConversionTold details_told;
} TwEntryText;

void     tw_entry_text_init (TwEntryText *self);
void     tw_entry_text_clear (TwEntryText *self);
void     tw_entry_text_begin (TwEntryText *self, guint64 number);
/* path: below Ntry, "/Amt". FALSE: what is wrong, to be freed. */
gboolean tw_entry_text_leaf (TwEntryText *self, const char *path, TwChars text, char **what);
void     tw_entry_text_begin_element (TwEntryText *self, const char *path);
gboolean tw_entry_text_end_element (TwEntryText *self, const char *path, char **what);
/* Status BOOK; all others are still to come, or never will. */
gboolean tw_entry_text_is_booked (const TwEntryText *self);
/* Of a whole entry: amount, texts and days; they live until the next one. */
gboolean tw_entry_text_credit (const TwEntryText *self, TwCredit *credit, char **what);
/* An amount of the entry's currency, such as its account's balances. */
gboolean tw_amount_parse (TwChars text, const char *currency, gint64 *minor, char **what);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwEntryText, tw_entry_text_clear)
