/* SPDX-License-Identifier: Apache-2.0 */
/* The bank's entries, and which payouts they are (facts: reconciliation.md section 4): by the bank's trace, by a
 * payout's id that stands in the text as a word of its own, by amount and days where both sides have only one, or by a
 * sum of at most four payouts that is the only one. All entries stay in memory; too many are refused.
 */
#pragma once

#include "payment/reconcile/manual.h"

typedef struct
{
  TwCredit    credit;                /* own copies */
  GPtrArray  *paid;                  /* of TwPaid; NULL: not matched */
  const char *rule;
  const TwManual *manual;            /* that it was taken by; NULL: by none */
  gboolean    dropped, ambiguous;    /* dropped: another file's copy */
  gboolean    crowded;               /* too many payouts around it for a sum of some to prove anything */
} TwEntry;

typedef struct { GPtrArray *entries; GStringChunk *texts; gsize n_bytes; guint64 moved; } TwBank;

void     tw_bank_init (TwBank *self);
void     tw_bank_clear (TwBank *self);
/* BAD_DATA: more entries than memory_bytes hold. */
gboolean tw_bank_add (TwBank *self, const TwCredit *credit, gsize memory_bytes, GError **error);
/* Drops copies, sorts, matches, and tells what is wrong. */
void     tw_bank_match (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, const TwManuals *manuals,
                        TwTallies *tallies, TwVerdict *verdict);
