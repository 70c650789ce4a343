/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of request means for the money: decides, and says what to book; books nothing itself. Only payments.c
 * includes this.
 */
#pragma once

#include "app/bench/payments.h"

typedef struct
{
  TwVerdict  verdict;
  TwPayment *payment;          /* whose money moves, or would have; NULL: none */
  TwMove     move;
  gint64     release_minor;    /* what goes back besides, by itself; 0: nothing */
} TwOutcome;

/* The record of a transactionId: used, refused (the request failed), reversed before it came, or never seen. */
typedef enum { TW_ID_UNSEEN, TW_ID_USED, TW_ID_FAILED, TW_ID_DOOMED } TwIdState;

struct _TwPayments
{
  TwIssuer   *issuer;
  TwLedger   *ledger;
  GPtrArray  *payments;        /* of TwPayment */
  GPtrArray  *records;         /* of TwRecord */
  GHashTable *by_id;           /* id -> TwRecord */
  GHashTable *by_transaction;  /* transactionId -> TwRecord */
  GHashTable *failed;          /* transactionId -> amount in minor units (gint64) of a refused request */
  GHashTable *doomed;          /* transactionIds whose undoing came first */
  guint64     last_id;
};

TwOutcome tw_payments_decide (TwPayments *self, const TwWish *wish, gint64 now_us);

/* A record of this kind for the request, in the book; id NULL: a new one. */
TwRecord *tw_payments_add_record (TwPayments *self, TwRecordKind kind, const TwWish *wish, TwPayment *payment,
                                  const char *id, gint64 now_us);
TwPayment *tw_payments_add_payment (TwPayments *self, const TwWish *wish);
