/* SPDX-License-Identifier: Apache-2.0 */
/* "Get me money", whatever the means: a card at our reader and a payment service, a bank terminal, a phone with a
 * QR code. The station sees no difference. Main thread only; every answer comes from the main loop, never from
 * inside the call.
 */
#pragma once

#include "payment/money/money.h"

typedef struct _TwAcceptor TwAcceptor;

typedef struct
{
  gboolean can_raise;
  gboolean can_capture_less;   /* the rest is released by the other side, or by us */
  gboolean can_refund;
  gboolean can_identify;       /* tells one card from another without taking money */
  gboolean works_offline;
  gboolean test_mode;          /* no real money: marked in journal, receipt and CLI */
  guint    hold_life_hours;
} TwAcceptorCapabilities;

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
  char    *kind;             /* "emv", "uid", "stripe", "qr" */
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

typedef enum { TW_OPERATION_AUTHORIZE, TW_OPERATION_CAPTURE, TW_OPERATION_RELEASE, TW_OPERATION_REFUND, TW_OPERATION_RAISE } TwOperation;
const char *tw_operation_name (TwOperation operation);    /* "authorize", "capture", "release", ... */

typedef struct
{
  TwAcceptorCapabilities (*capabilities) (gpointer self);
  gboolean (*ready)    (gpointer self, const char **why_not);
  void (*take)     (gpointer self, const TwOffer *offer, gint64 deadline_ms, const TwTakeEvents *events, gpointer user_data);
  void (*proceed)  (gpointer self);
  void (*cancel)   (gpointer self);
  void (*identify) (gpointer self, gint64 deadline_ms, TwIdentified done, gpointer user_data);
  void (*operate)  (gpointer self, TwOperation operation, GBytes *reference, const char *key, gint64 amount_minor,
                    TwOperationDone done, gpointer user_data);
  void (*inquire)  (gpointer self, GBytes *reference, const char *key, TwOperationDone done, gpointer user_data);
  void (*watch)    (gpointer self, GSourceFunc changed, gpointer user_data);
  void (*free)     (gpointer self);
} TwAcceptorFuncs;

TwAcceptor *tw_acceptor_new (const TwAcceptorFuncs *funcs, gpointer self);
void        tw_acceptor_free (TwAcceptor *self);

TwAcceptorCapabilities tw_acceptor_capabilities (TwAcceptor *self);
/* FALSE: cannot take money now; *why_not is a code ("reader-starting", "gateway-not-configured", ...). */
gboolean    tw_acceptor_ready (TwAcceptor *self, const char **why_not);
/* changed: called whenever ready may have changed. One watcher. */
void        tw_acceptor_watch (TwAcceptor *self, GSourceFunc changed, gpointer user_data);

/* One take or identify at a time. deadline_ms: for the person; the answer's own deadline is the acceptor's. */
void        tw_acceptor_take (TwAcceptor *self, const TwOffer *offer, gint64 deadline_ms, const TwTakeEvents *events, gpointer user_data);
/* The reference is durable: go on. */
void        tw_acceptor_proceed (TwAcceptor *self);
/* Asks the running take or identify to end early. It still ends through its callback, perhaps approved: the race is real. */
void        tw_acceptor_cancel (TwAcceptor *self);
/* Reads a card without taking money. done exactly once. */
void        tw_acceptor_identify (TwAcceptor *self, gint64 deadline_ms, TwIdentified done, gpointer user_data);

/* These need only a journalled reference and a committed key, so that they work after a restart and from another
 * process. Repeating one with its own key and amount is always safe; two of different sessions may run at once.
 * release also takes the reference of an unknown take: it undoes whatever that may have done, and DONE then means
 * "no hold exists". capture of 0 is not asked for: release instead. */
void        tw_acceptor_capture (TwAcceptor *self, GBytes *reference, const char *key, gint64 amount_minor, TwOperationDone done, gpointer user_data);
void        tw_acceptor_release (TwAcceptor *self, GBytes *reference, const char *key, TwOperationDone done, gpointer user_data);
void        tw_acceptor_refund (TwAcceptor *self, GBytes *reference, const char *key, gint64 amount_minor, TwOperationDone done, gpointer user_data);
void        tw_acceptor_raise (TwAcceptor *self, GBytes *reference, const char *key, gint64 to_minor, TwOperationDone done, gpointer user_data);
/* What became of the operation with this key: DONE it happened, REFUSED it did not and will not, UNKNOWN cannot tell. */
void        tw_acceptor_inquire (TwAcceptor *self, GBytes *reference, const char *key, TwOperationDone done, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAcceptor, tw_acceptor_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCard, tw_card_free)
