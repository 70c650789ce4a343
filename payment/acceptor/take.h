/* SPDX-License-Identifier: Apache-2.0 */
/* The values that pass between the station and whatever gets money: what is offered, what is known of a card, what is
 * told on the way, how it ends. Part of acceptor.h, which is what others include.
 */
#pragma once

#include "payment/money/money.h"

/* What was asked; only "unknown" leaves a question. */
typedef enum { TW_OUTCOME_DONE, TW_OUTCOME_REFUSED, TW_OUTCOME_UNKNOWN } TwOutcome;

typedef struct
{
  const char *session;       /* our reference: unique, printable, at most 40 characters */
  const char *key;           /* idempotency key of the authorization: session-authorize-n */
  TwMoney     hold;
  const char *connector;     /* what is named on the screen, for the offer's text */
} TwOffer;

/* What is known of a payment card; nothing in it is sensitive. Strings are owned by the struct. */
typedef struct
{
  char    *kind;             /* "emv", "uid", "stripe", "qr"; "unaccepted": for paying, but not here; no more known */
  char    *masked;           /* "************1111": the last four only; NULL when there is none */
  char    *brand;            /* "visa" ... ; NULL */
  char    *label;            /* application label, printable ASCII; NULL */
  char    *aid;              /* hex; NULL */
  char    *fingerprint;      /* "epoch:hex"; NULL */
  char    *fingerprint_old;  /* of the epoch before, while both are valid; NULL */
  gboolean test_mode;
} TwCard;
void    tw_card_free (TwCard *self);
TwCard *tw_card_copy (const TwCard *self);

/* How a take ends. Reasons are codes for the kiosk to put into words: "declined", "other-card", "not-accepted",
 * "not-known-here", "see-phone", "timeout", "cancelled", "reader-lost", "gateway-unreachable". */
typedef enum
{
  TW_TAKE_APPROVED,
  TW_TAKE_DECLINED,     /* asked, answered: no hold exists */
  TW_TAKE_FAILED,       /* never asked: no hold can exist */
  TW_TAKE_UNKNOWN,      /* asked, not answered: only inquire or release may follow */
} TwTakeEnd;

typedef struct
{
  TwTakeEnd     end;
  const char   *reason;      /* NULL when approved */
  gint64        held_minor;  /* approved only */
  GBytes       *reference;   /* approved, unknown: supersedes the one reported before */
  const TwCard *card;        /* NULL: no card was read */
  const char   *approval_code;   /* for the receipt; NULL */
} TwTakeResult;

typedef struct
{
  /* What the person should do now: "present-card", "hold-still", "see-phone", "one-card-only", "try-again",
   * "other-card", "removed", "authorizing", "scan-qr" (qr is its text). */
  void (*progress)  (const char *prompt, const char *qr, gpointer user_data);
  /* Must be journalled. The acceptor takes no further step until tw_acceptor_proceed(). digest: hex SHA-256 of the
   * request that will be sent. */
  void (*reference) (GBytes *reference, const TwCard *card, const char *digest, gpointer user_data);
  /* Exactly once, and last. */
  void (*ended)     (const TwTakeResult *result, gpointer user_data);
} TwTakeEvents;

/* detail: a code or text for the operator, may be NULL; reference: what must be journalled with it, may be NULL. */
typedef void (*TwOperationDone) (TwOutcome outcome, const char *detail, GBytes *reference, gpointer user_data);
/* card NULL: nothing was read (deadline, cancelled, reader lost). */
typedef void (*TwIdentified) (const TwCard *card, gpointer user_data);

typedef enum
{
  TW_OPERATION_AUTHORIZE, TW_OPERATION_CAPTURE, TW_OPERATION_RELEASE, TW_OPERATION_REFUND, TW_OPERATION_RAISE
} TwOperation;
const char *tw_operation_name (TwOperation operation);    /* "authorize", "capture", "release", ... */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCard, tw_card_free)
