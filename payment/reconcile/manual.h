/* SPDX-License-Identifier: Apache-2.0 */
/* What a person has said belongs together, or is lost: the first pass, and what contradicts it. It costs nothing where
 * nobody has said anything.
 */
#pragma once

#include "payment/reconcile/home.h"
#include "payment/reconcile/payouts.h"

#define TW_RULE_MANUAL "manual"

typedef struct
{
  GPtrArray    *all;               /* of TwManual, own copies */
  GStringChunk *texts;
  GHashTable   *by_row;            /* account and key -> GPtrArray of those of LINE and ENTRY */
  GHashTable   *by_sale;           /* station and session -> GPtrArray of those of LINE and WRITE_OFF */
  GPtrArray    *held;              /* under the engine's lock: lines that somebody has a word for */
  GHashTable   *wanted;            /* hash of a reference of such a line -> GPtrArray of who asks */
  TwBits        said;              /* sales that somebody has a word for */
} TwManuals;

void tw_manuals_init (TwManuals *self);
void tw_manuals_clear (TwManuals *self);
void tw_manuals_add (TwManuals *self, const TwManual *manual);
/* The sale of this number is not only to be counted. */
static inline gboolean
tw_manuals_said (const TwManuals *self, guint32 number)
{
  return self->said.words != NULL && tw_bits_get (&self->said, number);
}

/* Of these two texts; NULL: none. */
const GPtrArray *tw_manuals_find (GHashTable *table, TwChars first, TwChars second);

/* Before the first pass: lines that somebody has a word for are taken out. After it: they go to their sales. */
gboolean tw_stage_hold (TwReconciliation *self, GError **error);
gboolean tw_stage_claim_held (TwReconciliation *self, GError **error);

/* manual_contradicted: row, if one word is about several; rule, the one that says otherwise; other: who it says it is.
 * Its rows are the caller's. */
TwFinding *tw_manual_contradict (const TwManual *manual, TwChars row, const char *currency, gint64 stake_minor,
                                 const char *rule, TwChars other, TwVerdict *verdict);
/* What is still lost of what was written off, by the sale's other findings: the whole amount, less, or 0. */
gint64 tw_written_off_left (const TwManual *manual, const TwSale *sale, const TwVerdict *verdict);
/* After the sale's other findings. */
void tw_manuals_judge_sale (const TwManuals *self, const TwDossier *dossier, TwVerdict *verdict);
/* After the payouts have found their entries. */
void tw_manuals_judge_payouts (const TwManuals *self, const TwPayouts *payouts, TwVerdict *verdict);
