/* SPDX-License-Identifier: Apache-2.0 */
/* What the other three witnesses say, one row each, as values: the payment service's line, the bank's credit, the
 * meter's energy, and a terminal's totals. Readers make them, the reconciliation takes them; neither knows the other.
 * Texts are borrowed for the time of a call. Units as in sale.h. Pure. Any thread.
 */
#pragma once

#include <string.h>

#include "payment/reconcile/sale.h"

typedef enum
{
  TW_SETTLED_SALE, TW_SETTLED_REFUND, TW_SETTLED_REFUND_REVERSED, TW_SETTLED_CHARGEBACK,
  TW_SETTLED_CHARGEBACK_REVERSED, TW_SETTLED_FEE, TW_SETTLED_ADJUSTMENT, TW_SETTLED_RESERVE, TW_SETTLED_PAYOUT,
  TW_SETTLED_BULK, TW_SETTLED_OTHER, TW_SETTLED_ADVANCE, TW_SETTLED_CARRY_OVER, TW_SETTLED_FX, TW_N_SETTLED_KINDS
} TwSettledKind;

/* A line of a settlement file. Seen from the operator: money in is positive, a fee is a cost and positive,
 * net = gross - fee. A payout's net is what leaves for the bank: negative, so that a whole batch adds up to zero. */
typedef struct
{
  TwOrigin   origin;
  TwSettledKind kind;
  TwChars    source;            /* "adyen", "stripe", "cybersource", "zvt", or the mapping's name */
  TwChars    account;           /* merchant account: natural keys and payouts are its own */
  TwChars    key;               /* natural key but for the occurrence: equal twice in one file is two lines */
  TwChars    payment_ref, psp_ref, change_ref, related_ref;   /* change: of capture, refund or chargeback itself */
  TwChars    settlement_ref, terminal, trace, slip, approval, tail, method, raw_kind;
  TwChars    batch;             /* payout or batch; with the account */
  TwChars    bank_trace;        /* what the bank will call the payout */
  char       currency[4];       /* of gross */
  char       net_currency[4];   /* of fee and net; the payout's */
  gint64     gross, fee, net;   /* TW_NOT_STATED: not known, which is not 0 */
  gint64     dispute_fee;
  gint64     occurred_us, available_us;
  gint32     day;               /* terminal totals and pass 3: the day as the file states it; G_MININT32: none */
  gboolean   submission_batch;  /* batch is a group of what was sent, not of what was paid */
} TwSettled;

/* A booked entry of an account; credits positive. original: what came, before it was converted; its currency is "" if
 * nothing was, and the amount 0 if the bank tells the rate alone. charges: the bank's own, which lowered the amount. */
typedef struct
{
  TwOrigin  origin;
  TwChars   account, statement, key;         /* key: natural, with account, amount and date; but for the occurrence */
  TwChars   end_to_end, bank_trace, remittance, joined;   /* remittance's parts joined with, and without a blank */
  TwChars   counterparty;
  char      currency[4];
  gint64    amount;
  char      original_currency[4];
  gint64    original;
  gint64    rate_e10;                        /* 10^10 times what one of a unit is in the other; 0: not stated */
  gboolean  rate_of_credit;                  /* the unit is of currency, else of original_currency */
  gint64    charges;
  gint32    booked_day, value_day;           /* days since 1970; G_MININT32: not stated */
  gboolean  reversal, notification;          /* camt.054: a statement's entry with the same key wins */
} TwCredit;

/* Of an entry's key the second part, which is the bank's own reference, or its text if it has none: what people are
 * shown. A key without parts is its own reference. Borrowed from key. */
static inline TwChars
tw_credit_reference (TwChars key)
{
  const char *from = key.n > 0 ? memchr (key.text, '\x1f', key.n) : NULL;
  const char *end = from != NULL ? memchr (from + 1, '\x1f', key.n - (gsize) (from + 1 - key.text)) : NULL;

  if (from == NULL)
    return key;
  return (TwChars) { from + 1, (guint32) ((end != NULL ? end : key.text + key.n) - (from + 1)) };
}

typedef enum { TW_METER_CONTROLLER, TW_METER_SIGNED, TW_METER_CDR } TwMeterKind;

typedef struct
{
  TwOrigin    origin;
  TwMeterKind kind;
  TwChars     session, evse, meter;          /* session empty: matched by EVSE and time */
  gint64      energy_wh, begin_us, end_us;
  gboolean    good;                          /* signed: valid or valid_lenient */
  TwChars     verdict;                       /* signed: "valid", "untrusted_key", ...; CDR: "contract", or none */
  TwChars     findings;                      /* signed: names of ocmf.md sections 4 and 5, with blanks between them */
  TwChars     digest;                        /* of the signed record, also one that a CDR carries: for reuse */
  guint64     page;                          /* signed: T pagination of the end; 0: none */
  guint64     first_page;                    /* signed: of the begin, if that is another record; 0: it is not */
} TwEnergy;

/* A terminal's end of day. */
typedef struct
{
  TwOrigin origin;
  TwChars  terminal, brand;                  /* brand empty: all */
  char     currency[4];
  gint64   total_minor, count;               /* count TW_NOT_STATED: not known, or saturated */
  gint32   day;
  gint64   from_us, until_us;                /* TW_NOT_STATED: the local day */
  gint32   first_slip, last_slip;            /* -1: not stated */
} TwTotal;
