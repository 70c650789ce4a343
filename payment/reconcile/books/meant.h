/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/books: which row a person means. A case keeps no natural keys, but its identity is made
 * of them: of the rows that have its references it is the one whose identity comes out the same. */
#pragma once

#include "payment/reconcile/books/shelf.h"
#include "payment/reconcile/exception.h"

typedef enum { TW_MEANT_SALE, TW_MEANT_LINE, TW_MEANT_ENTRY, TW_MEANT_PAYOUT, TW_N_MEANT } TwMeantKind;

/* first, second: station and session; account and key; account and batch. currency: of entry and payout;
 * original: of an entry, what came before the bank converted it, or "". */
typedef struct { TwMeantKind kind; char *first, *second, *currency, *original; } TwMeant;

void tw_meant_clear (TwMeant *self);

/* Of a case, as it was read; all of it owned. */
typedef struct
{
  char   *id, *state, *currency, *session, *station, *payment_ref, *psp_ref, *batch, *bank_reference, *detail;
  TwClass class_;
  gint64  stake_minor;
} TwMeantCase;

void     tw_meant_case_clear (TwMeantCase *self);
/* BAD_DATA: there is none. */
gboolean tw_meant_case_read (TwBooks *self, const char *id, TwMeantCase *case_, GError **error);
/* The row that the case is about. BAD_DATA: about none, or about several. */
gboolean tw_meant_by_case (TwBooks *self, const TwMeantCase *case_, TwMeant *meant, GError **error);
/* The row of that kind that has this reference, or that a case with this id is about. */
gboolean tw_meant_by_name (TwBooks *self, TwMeantKind kind, const char *name, TwMeant *meant, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwMeant, tw_meant_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwMeantCase, tw_meant_case_clear)
