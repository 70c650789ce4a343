/* SPDX-License-Identifier: Apache-2.0 */
/* A means of payment of the QR kind, scripted: an order, a code on the screen, minutes of waiting, an end that may come
 * late. It passes the same stories as the card acceptor, so that the seam is proven. All of it runs on the clock that
 * is passed in. The service with its ledger outlives the acceptors that speak to it, as a bank outlives a restart; the
 * ledger is the witness of what happened to the money. One thread.
 */
#pragma once

#include "app/base/clock.h"
#include "payment/acceptor/acceptor.h"

typedef struct _QrService QrService;

typedef enum
{
  QR_APPROVE,           /* paid in time; cancelled before that: not paid any more */
  QR_APPROVE_ANYWAY,    /* paid, even if cancelled or past the deadline meanwhile: the late approval */
  QR_DECLINE,
  QR_SILENT,            /* never paid, and the service does not say so: unknown at the deadline */
  QR_SILENT_PAID,       /* paid, and the service does not say so: unknown at the deadline, and a hold */
} QrEnd;

typedef struct
{
  char    *session, *order;
  gint64   held_minor;            /* 0: nobody paid */
  gint64   captured_minor;
  guint    n_captures, n_releases;      /* that had an effect */
  guint    n_requests;            /* operations that came */
  gboolean placed;                /* proceeded with: from then on it can be paid */
  gboolean open;                  /* held, and neither captured nor released */
} QrHold;

/* What a person has from the code on the screen to the payment; the acceptor says so in its capabilities. */
#define QR_CONFIRM_MS 180000

QrService    *qr_service_new (TwClock *clock);
void          qr_service_free (QrService *self);      /* after its acceptors */

/* As many as are wanted, one after the other or at once. */
TwAcceptor   *qr_service_acceptor (QrService *self);

/* The next takes end like this, so long after they have been proceeded with. At first: QR_APPROVE, 60 s. */
void          qr_service_script (QrService *self, QrEnd end, gint64 after_ms);
void          qr_service_set_ready (QrService *self, gboolean ready);      /* watchers are told */

/* The next n operations of this kind are acted on, or not even received; either way the answer is lost: UNKNOWN. */
void          qr_service_drop_answers (QrService *self, TwOperation operation, guint n);
void          qr_service_drop_requests (QrService *self, TwOperation operation, guint n);
/* The next n of this kind are refused without effect. */
void          qr_service_refuse (QrService *self, TwOperation operation, guint n);
/* What is asked has its effect at once, but as long as this is TRUE nobody hears of it. */
void          qr_service_hold_answers (QrService *self, gboolean hold);

/* One for each order, in order. */
guint         qr_service_n_holds (QrService *self);
const QrHold *qr_service_hold (QrService *self, guint i);
guint         qr_service_n_open (QrService *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrService, qr_service_free)
