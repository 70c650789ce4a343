/* SPDX-License-Identifier: Apache-2.0 */
/* What the bank's files share while they match. */
#pragma once

#include "payment/reconcile/bank.h"

/* Words of all texts, folded to upper case, to entries: GPtrArray of TwEntry. */
GHashTable *tw_bank_words (const TwBank *self);
/* The entries in whose texts id is a word; NULL: none. */
GPtrArray  *tw_bank_find_word (GHashTable *words, TwChars id);

/* What an entry is as a payout: before it was converted, if the bank says so. */
static inline const char *
tw_entry_currency (const TwEntry *self)
{
  return self->credit.original != 0 && self->credit.original_currency[0] != '\0' ? self->credit.original_currency
                                                                                 : self->credit.currency;
}

static inline gint64
tw_entry_amount (const TwEntry *self)
{
  return tw_entry_currency (self) == self->credit.currency ? self->credit.amount : self->credit.original;
}

/* From one banking day before to seven after the payout. */
gboolean    tw_bank_in_window (const TwJudge *judge, const TwPaid *paid, const TwEntry *entry);
/* The entry that names this payout; several that do: the one of its amount, else none. */
TwEntry    *tw_bank_named_by (const TwPaid *paid, TwChars id, GPtrArray *entries, gboolean converted);
void        tw_bank_match_manual (TwBank *self, const TwPayouts *payouts, const TwManuals *manuals,
                                  TwVerdict *verdict);
void        tw_bank_match_ids (TwBank *self, const TwPayouts *payouts);
void        tw_bank_match_amounts (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwVerdict *verdict);
/* The only set of two to four payouts that is an entry's amount, if no other entry wants one of them; else all of them
 * are ambiguous. */
void        tw_bank_match_sums (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwVerdict *verdict);
/* Of a payment service, as it seems: its name or account, or whoever sent what is known to be a payout. */
gboolean    tw_bank_seems_ours (const TwBank *self, GHashTable *names, const TwEntry *entry);
GHashTable *tw_bank_names (const TwBank *self, const TwPayouts *payouts);

static inline gboolean
tw_paid_waits (const TwPaid *paid)
{
  return paid->is_paid && paid->amount != 0 && paid->rule == NULL && !paid->ambiguous;
}

/* The bank says what came before it converted it, or by which rate. */
static inline gboolean
tw_entry_is_converted (const TwEntry *self)
{
  return self->credit.original_currency[0] != '\0' && (self->credit.original != 0 || self->credit.rate_e10 != 0);
}

/* Converted amounts beyond what any amount may be are no more than that. */
#define TW_MOST_CONVERTED G_GINT64_CONSTANT (1000000000000000)

/* names: the candidates. */
void        tw_paid_tell_ambiguous (const TwPaid *paid, const char *rule, const GString *names, TwVerdict *verdict);
/* After what is there, with a blank between. */
void        tw_bank_append_name (GString *names, TwChars name);
/* "R2 2026-03-05 30.00 EUR": the bank's own reference, day and amount. */
void        tw_bank_append_entry (GString *names, const TwEntry *entry);
void        tw_entry_take (TwEntry *self, TwPaid *paid, const char *rule);

/* What an entry lacks is told once, on the last of its payouts. */
void        tw_entry_judge (const TwEntry *self, const TwJudge *judge, TwTallies *tallies, TwVerdict *verdict);
void        tw_entry_judge_stray (const TwEntry *self, TwVerdict *verdict);
void        tw_paid_judge_waiting (const TwPaid *self, const TwJudge *judge, TwTallies *tallies, TwVerdict *verdict);
