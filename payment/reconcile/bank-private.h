/* SPDX-License-Identifier: Apache-2.0 */
/* What the bank's files share while they match. */
#pragma once

#include "payment/reconcile/bank.h"

/* Words of all texts, folded to upper case, to entries: GPtrArray of TwEntry. */
GHashTable *tw_bank_words (const TwBank *self);
/* The entries in whose texts id is a word; NULL: none. */
GPtrArray  *tw_bank_find_word (GHashTable *words, TwChars id);

/* From one banking day before to seven after the payout. */
gboolean    tw_bank_in_window (const TwJudge *judge, const TwPaid *paid, const TwEntry *entry);
void        tw_bank_match_ids (TwBank *self, const TwPayouts *payouts);
void        tw_bank_match_amounts (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwVerdict *verdict);
void        tw_bank_match_sums (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwVerdict *verdict);
/* Of a payment service, as it seems: its name or account, or whoever sent what is known to be a payout. */
gboolean    tw_bank_seems_ours (const TwBank *self, GHashTable *names, const TwEntry *entry);
GHashTable *tw_bank_names (const TwBank *self, const TwPayouts *payouts);

static inline gboolean
tw_paid_waits (const TwPaid *paid)
{
  return paid->is_paid && paid->amount != 0 && paid->rule == NULL && !paid->ambiguous;
}

void        tw_entry_take (TwEntry *self, TwPaid *paid, const char *rule);
