/* SPDX-License-Identifier: Apache-2.0 */
/* "Get me money", whatever the means: a card at our reader and a payment service, a bank terminal, a phone with a
 * QR code. The station sees no difference. Main thread only; every answer comes from the main loop, never from
 * inside the call.
 */
#pragma once

#include "payment/acceptor/take.h"

typedef struct _TwAcceptor TwAcceptor;

typedef struct
{
  gboolean can_raise;
  gboolean can_capture_less;   /* the rest is released by the other side, or by us */
  gboolean can_refund;
  gboolean can_identify;       /* now: tells one card from another without taking money, ready to take it or not */
  gboolean works_offline;
  gboolean test_mode;          /* no real money: marked in journal, receipt and CLI */
  guint    hold_life_hours;
  gint64   confirm_ms;         /* how long the person has after proceed: scan a code, confirm on a phone; 0: has done
                                * all before, as with a card */
} TwAcceptorCapabilities;

typedef struct
{
  TwAcceptorCapabilities (*capabilities) (gpointer self);
  gboolean (*ready)    (gpointer self, const char **why_not);
  void (*take)     (gpointer self, const TwOffer *offer, gint64 deadline_ms, const TwTakeEvents *events,
                    gpointer user_data);
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
/* Whoever still waits for an answer hears from inside this call that it is unknown. */
void        tw_acceptor_free (TwAcceptor *self);

TwAcceptorCapabilities tw_acceptor_capabilities (TwAcceptor *self);
/* FALSE: cannot take money now; *why_not is a code ("reader-starting", "gateway-not-configured", ...). */
gboolean    tw_acceptor_ready (TwAcceptor *self, const char **why_not);
/* changed: called whenever ready may have changed. One watcher. */
void        tw_acceptor_watch (TwAcceptor *self, GSourceFunc changed, gpointer user_data);

/* One take or identify at a time. deadline_ms: for the person, until the reference; from proceed on the person has
 * confirm_ms. The answer's own deadline is the acceptor's. */
void        tw_acceptor_take (TwAcceptor *self, const TwOffer *offer, gint64 deadline_ms, const TwTakeEvents *events,
                              gpointer user_data);
/* The reference is durable: go on. */
void        tw_acceptor_proceed (TwAcceptor *self);
/* Asks the running take or identify to end early. It still ends through its callback, perhaps approved: the race is
 * real. */
void        tw_acceptor_cancel (TwAcceptor *self);
/* Reads a card without taking money. done exactly once. */
void        tw_acceptor_identify (TwAcceptor *self, gint64 deadline_ms, TwIdentified done, gpointer user_data);

/* These need only a journalled reference and a committed key, so that they work after a restart and from another
 * process. Repeating one with its own key and amount is always safe; two of different sessions may run at once.
 * release also takes the reference of an unknown take: it undoes whatever that may have done, and DONE then means
 * "no hold exists". capture of 0 is not asked for: release instead. */
void        tw_acceptor_capture (TwAcceptor *self, GBytes *reference, const char *key, gint64 amount_minor,
                                 TwOperationDone done, gpointer user_data);
void        tw_acceptor_release (TwAcceptor *self, GBytes *reference, const char *key, TwOperationDone done,
                                 gpointer user_data);
void        tw_acceptor_refund (TwAcceptor *self, GBytes *reference, const char *key, gint64 amount_minor,
                                TwOperationDone done, gpointer user_data);
void        tw_acceptor_raise (TwAcceptor *self, GBytes *reference, const char *key, gint64 to_minor,
                               TwOperationDone done, gpointer user_data);
/* What became of the operation with this key: DONE it happened, REFUSED it did not and will not, UNKNOWN it cannot be
 * told. */
void        tw_acceptor_inquire (TwAcceptor *self, GBytes *reference, const char *key, TwOperationDone done,
                                 gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAcceptor, tw_acceptor_free)
