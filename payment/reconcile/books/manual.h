/* SPDX-License-Identifier: Apache-2.0 */
/* What a person says of a case (facts: reconciliation.md section 9): which rows belong together, or that the money is
 * lost. Who, when, why, and what was before and after are only ever added to; a word is taken back by another. The next
 * run goes by it, and holds the rows against it. Errors as in cases.h.
 */
#pragma once

#include "payment/reconcile/books/cases.h"
#include "payment/reconcile/reconcile.h"

/* reason: a code of the house's own, of lower-case letters, digits, - and _, at most 32. note: any words; may be "". */
typedef struct { const char *who, *reason, *note; gint64 now_us; } TwManualWord;

/* The open case's row and those that to (NULL at the end) names are one: a settlement line and its sale; a sale and
 * its lines; a bank's entry and its payouts; a payout and its entry. A name is a reference of the row, a session or a
 * case's id, and must be of one row only. The case is closed. BAD_DATA: not such a case, or not one such row. */
gboolean tw_manual_match (TwBooks *self, const char *id, const char *const *to, const TwManualWord *word,
                          GError **error);
/* What the open case says is lost; it is resolved. Only what is ours to lose: a stake above 0 of a sale or a payout. */
gboolean tw_manual_write_off (TwBooks *self, const char *id, const TwManualWord *word, GError **error);
/* The last word on the case, or on the case that a manual_contradicted is about; it is open again. */
gboolean tw_manual_undo (TwBooks *self, const char *id, const TwManualWord *word, GError **error);

typedef gboolean (*TwManualFunc) (gpointer self, const TwManual *manual, GError **error);

/* Every word that was not taken back, for a run. */
gboolean tw_manual_each (TwBooks *self, TwManualFunc func, gpointer func_self, GError **error);

/* A row of a word: what is "match", "write_off", "undo" (of the word act); before and after: the case's state. Borrowed
 * for the time of a call. */
typedef struct
{
  gint64  act, undoes, at_us, amount_minor;
  TwChars what, who, reason, note, before, after, station, session, account, key, payout_account, batch;
} TwManualAct;

typedef gboolean (*TwManualActFunc) (gpointer self, const TwManualAct *act, GError **error);

/* All that was ever said of the case, in order. */
gboolean tw_manual_show (TwBooks *self, const char *id, TwManualActFunc func, gpointer func_self, GError **error);
