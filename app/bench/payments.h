/* SPDX-License-Identifier: Apache-2.0 */
/* What the acquirer knows of money: every payment's state, every transaction under its id, and which transactionId was
 * used for what. Each change is one line or more in the ledger. Main thread only; no I/O.
 */
#pragma once

#include "app/bench/issuer.h"
#include "app/bench/ledger.h"

typedef struct
{
  char    *id;                     /* of its authorization */
  char    *code, *currency, *card_type, *last4, *card_hash;   /* the last two NULL without a track */
  gint64   authorized, captured, reversed, refunded, expired;  /* minor units */
  gboolean declined, contact, sale;
} TwPayment;

typedef enum
{
  TW_RECORD_AUTHORIZATION,
  TW_RECORD_INCREMENT,             /* has the authorization's id */
  TW_RECORD_CAPTURE,
  TW_RECORD_REVERSAL,
  TW_RECORD_VOID,
  TW_RECORD_REFUND,
} TwRecordKind;

typedef struct TwRecord_
{
  TwRecordKind kind;
  char        *id, *transaction_id, *code;
  TwPayment   *payment;            /* owned by the book */
  gint64       asked_minor, amount_minor, refunded_minor;   /* the last of a capture */
  struct TwRecord_ *of;            /* what a refund gives back; NULL */
  gint64       at_us;              /* wall */
  const char  *status, *reason;    /* static or interned */
  const char  *response_code;
  char        *approval_code;
  gboolean     voided, settled;
} TwRecord;

/* What came out of it; the answer is made from this. Borrows from wish and book. */
typedef struct
{
  guint       http;
  const char *status, *reason, *message;   /* reason, message NULL when well */
  TwRecord   *record;              /* made or found; NULL */
  gint64      amount_minor;        /* that this request moved */
  const char *note;
} TwVerdict;

typedef struct _TwPayments TwPayments;

/* Both stay the caller's. */
TwPayments *tw_payments_new (TwIssuer *issuer, TwLedger *ledger);
void        tw_payments_free (TwPayments *self);

/* Acts on everything but reading and searching. now_us: wall. */
TwVerdict   tw_payments_act (TwPayments *self, const TwWish *wish, gint64 now_us);

/* Puts what was never acted on into the ledger: refused at the door, failed by order. */
void        tw_payments_note (TwPayments *self, TwAct act, const TwWish *wish, const TwVerdict *verdict);

/* By id, the authorization rather than its increments; NULL: unknown. */
TwRecord   *tw_payments_find (TwPayments *self, const char *id);
/* All records in the order of their coming. */
GPtrArray  *tw_payments_records (TwPayments *self);
gint64      tw_payment_open (const TwPayment *payment);

/* The hold of these payments runs out; code NULL: all. Returns how many. */
guint       tw_payments_expire (TwPayments *self, const char *code);
/* The daily batch leaves: captures and refunds so far can no longer be voided. Writes the array "settled". */
void        tw_payments_settle (TwPayments *self, TwJsonOut *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPayments, tw_payments_free)
