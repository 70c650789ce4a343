/* SPDX-License-Identifier: Apache-2.0 */
/* Settlement lines by what they were paid out with: account, batch and currency. Counted by each worker, then added up
 * and put in order. Their number is small beside that of lines; all of them stay in memory, and too many are refused.
 */
#pragma once

#include "payment/reconcile/totals.h"

typedef struct
{
  TwChars    account, batch, source, bank_trace;       /* own copies */
  char       currency[4];
  guint64    n_lines, n_unknown;       /* without payout rows; of which the net is not known */
  gint64     gross, fee, net;          /* without payout rows */
  gint64     net_of[TW_N_SETTLED_KINDS];               /* without payout rows, by kind */
  gboolean   has_row, submission, is_paid;             /* a payout row; is_paid: by row, or implied */
  gint64     amount;                   /* is_paid: what left for the bank */
  gint64     paid_us, last_us;         /* of the row; of the lines. TW_NOT_STATED */
  TwOrigin   origin;                   /* of the row, else of the first line */

  /* What the bank says. */
  gint64     banked;                   /* TW_NOT_STATED: nothing */
  gint64     residual;
  char       bank_currency[4];         /* of the entry, if that is another; on the last payout of an entry */
  gint64     credited, rate_e10;       /* in it; the rate as in TwCredit */
  gboolean   rate_of_credit;
  gboolean   ambiguous;                /* several entries could be it */
  const char *rule, *residual_name;
  TwChars    bank_reference;
  TwOrigin   bank;
} TwPaid;

typedef struct { GHashTable *table; GStringChunk *texts; GPtrArray *paid; gsize n_bytes; TwPaid *last; } TwPayouts;

void      tw_payouts_init (TwPayouts *self);
void      tw_payouts_clear (TwPayouts *self);
/* What makes lines ones of the same payout, as texts; and back again, as much of a line as tw_payouts_at() asks for. */
#define TW_PAYOUT_TEXTS 6
void      tw_payout_name (const TwSettled *line, TwChars texts[TW_PAYOUT_TEXTS]);
void      tw_payout_line (const TwChars texts[TW_PAYOUT_TEXTS], TwSettled *line);
/* The line's, which is not counted yet. BAD_DATA: more batches than memory_bytes hold. */
TwPaid   *tw_payouts_at (TwPayouts *self, const TwSettled *line, gsize memory_bytes, GError **error);
void      tw_paid_add (TwPaid *self, const TwSettled *line);
gboolean  tw_payouts_merge (TwPayouts *self, const TwPayouts *other, gsize memory_bytes, GError **error);
/* Sorted, and told what is paid out. */
void      tw_payouts_close (TwPayouts *self);
TwPaid   *tw_payouts_find (const TwPayouts *self, const TwSettled *line);
TwPaid   *tw_payouts_named (const TwPayouts *self, TwChars account, TwChars batch, const char *currency);

/* Sums that do not add up and remainders by name; totals of what is paid out and what is still with the service. */
void      tw_payouts_judge (const TwPayouts *self, TwTallies *tallies, TwVerdict *verdict);
void      tw_paid_identify (const TwPaid *self, TwException *exception, TwChars more);
