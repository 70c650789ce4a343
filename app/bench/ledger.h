/* SPDX-License-Identifier: Apache-2.0 */
/* The acquirer's own book: the witness in every test about money. Lines are only ever added, in memory and, as they
 * are added, to a JSON Lines file. Knows neither card numbers nor tracks: at most the last four digits.
 * Main thread only.
 */
#pragma once

#include "app/bench/happenings.h"

typedef struct _TwLedger TwLedger;

/* What a line did to the money of its payment. A line without effect was refused, looked something up or repeated. */
typedef enum
{
  TW_MOVE_NONE,
  TW_MOVE_HOLD,       /* authorize, increment: + authorized */
  TW_MOVE_CAPTURE,    /* + captured */
  TW_MOVE_RELEASE,    /* reversal, or what a lower capture leaves: + reversed */
  TW_MOVE_UNCAPTURE,  /* a capture was voided: - captured */
  TW_MOVE_REFUND,     /* + refunded */
  TW_MOVE_UNREFUND,   /* a refund was voided: - refunded */
  TW_MOVE_EXPIRE,     /* the hold ran out: + expired */
} TwMove;

typedef struct
{
  const char *op;               /* "authorize", "capture", "release" (automatic), "timeout-reversal" ... */
  TwMove      move;
  const char *transaction_id;   /* as the client gave it; NULL */
  const char *code;             /* clientReferenceInformation.code; NULL */
  const char *payment_id;       /* the authorization's id; NULL: none */
  const char *id;               /* what the answer was about: a capture's id ...; NULL */
  gint64      amount_minor;     /* -1: none */
  const char *currency;         /* NULL: none */
  const char *status;           /* as answered */
  const char *reason;           /* as answered; NULL */
  guint       http;
  const char *last4;            /* NULL */
  const char *note;             /* what the host alone knows: "cryptogram-wrong" ...; NULL */
} TwLedgerLine;

/* path NULL: memory only. The file is created anew. GONE: it cannot be written. */
TwLedger *tw_ledger_new (const char *path, GError **error);
void      tw_ledger_free (TwLedger *self);

/* Each further line is also a happening. borrowed; NULL: nobody looks. */
void      tw_ledger_tell (TwLedger *self, TwHappenings *happenings);

void      tw_ledger_add (TwLedger *self, const TwLedgerLine *line);
guint     tw_ledger_n_lines (TwLedger *self);

/* The array "lines", each {seq, time, op, move, transactionId, code, paymentId, id, amount, currency, status, reason,
 * http, card, note}; code NULL: all. */
void      tw_ledger_write_lines (TwLedger *self, const char *code, TwJsonOut *out);
/* The array "payments", added up from the lines alone: {code, paymentId, currency, authorized, captured, reversed,
 * refunded, expired, open, captures, reversals}; code NULL: all. */
void      tw_ledger_write_payments (TwLedger *self, const char *code, TwJsonOut *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwLedger, tw_ledger_free)
