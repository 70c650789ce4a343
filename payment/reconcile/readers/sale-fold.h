/* SPDX-License-Identifier: Apache-2.0 */
/* One session's journal entries as a sale: TwRecord folds what the station itself needs, and this what only the books
 * ask for: each request with its own answer, whose reference it was, and what the bill was made with. Pure. One thread
 * at a time. This folder's own.
 */
#pragma once

#include "payment/journal/record.h"
#include "payment/reconcile/sale.h"

/* What became of one request; a repeated one is the same. */
typedef struct
{
  gint64   n, amount_minor;
  char     operation[12];        /* "capture", "release", "refund" */
  enum { TW_ASKED_OPEN, TW_ASKED_DONE, TW_ASKED_REFUSED } state;
  gint64   answered_us;
} TwAsked;

typedef struct
{
  TwRecord *record;
  GArray   *asked;               /* of TwAsked */
  char     *payment_ref, *psp_ref, *capture_ref, *settlement_ref, *refund_ref, *terminal, *trace, *slip;
  char     *billed_tariff;       /* NULL: not billed */
  gint64    billed_wh;
  gint64    life_hours;          /* of the hold; 0: not told */
} TwSaleFold;

TwSaleFold *tw_sale_fold_new (const char *session);
void        tw_sale_fold_free (TwSaleFold *self);
/* BAD_DATA: an entry that this version does not understand, with its number. */
gboolean    tw_sale_fold_apply (TwSaleFold *self, const TwEntry *entry, GError **error);
/* Whether it has anything for the books: money was asked for, energy flowed, or the station noted a finding. */
gboolean    tw_sale_fold_counts (const TwSaleFold *self);
/* All but origin, station, the prices and the day. Texts are borrowed from self. */
void        tw_sale_fold_tell (const TwSaleFold *self, TwSale *sale);

TwChars     tw_chars (const char *text);   /* trimmed; NULL: not stated */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSaleFold, tw_sale_fold_free)
