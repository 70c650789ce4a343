/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the scripted QR means of payment: the wire between an acceptor (qr-acceptor.c) and the service
 * (qr-service.c).
 */
#pragma once

#include "tests/lib/qr-acceptor.h"

/* As the service sees it. */
typedef struct
{
  QrHold     hold;
  gint64     amount_minor;
  QrService *service;
  QrEnd      end;
  gboolean   called_off;    /* only QR_APPROVE_ANYWAY pays it now */
  guint      timer;
  void     (*decided) (gpointer front, gboolean paid);
  gpointer   front;         /* who is told; NULL: nobody any more */
} QrOrder;

TwClock  *qr_service_clock (QrService *self);
gboolean  qr_service_ready (QrService *self);
gboolean  qr_service_holds_answers (QrService *self);
void      qr_service_add_front (QrService *self, gpointer front, void (*changed) (gpointer front));
void      qr_service_remove_front (QrService *self, gpointer front);
void      qr_service_stop (QrService *self, guint *timer);

QrOrder  *qr_service_order (QrService *self, const TwOffer *offer);
void      qr_service_place (QrService *self, QrOrder *order);         /* from now on it may be paid */
QrOrder  *qr_service_find (QrService *self, const char *name);        /* NULL: no such order */

/* Acts, unless the script says that the request is lost. FALSE: the answer is lost. */
gboolean  qr_service_operate (QrService *self, TwOperation operation, QrOrder *order, const char *key,
                              gint64 amount_minor, TwOutcome *outcome);
gboolean  qr_service_has_acted (QrService *self, const char *key);
