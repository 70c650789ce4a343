/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts on the screen: asked for once per session and language, kept while they are looked at. Main thread only.
 */
#pragma once

#include "app/base/json.h"

typedef struct _TwReceipts TwReceipts;

/* text NULL: there is none to be had. */
typedef void (*TwReceiptCame) (const char *text, gpointer came_data);
typedef void (*TwReceiptAsk) (const char *session, const char *format, const char *language, TwReceiptCame came,
                              gpointer came_data, gpointer user_data);

typedef struct
{
  char     *session, *language;
  char     *qr;             /* what stands in the code; NULL: not there (yet) */
  TwJson   *json;           /* payment/receipt/README.md; NULL: not there (yet) */
  gboolean  failed;         /* asked for, and not to be had */
  gboolean  checked;        /* the code was asked for once more after the payment was settled */
} TwPaper;

/* changed: something that was asked for came. */
TwReceipts    *tw_receipts_new (TwReceiptAsk ask, gpointer user_data, void (*changed) (gpointer data), gpointer data);
void           tw_receipts_free (TwReceipts *self);
/* Lives until the next tw_receipts_keep(). Asks if nobody has, and again until it is there and its payment settled. */
const TwPaper *tw_receipts_get (TwReceipts *self, const char *session, const char *language);
/* Asks again: what became of the payment may have changed. */
void           tw_receipts_renew (TwReceipts *self, const char *session);
/* Those of other sessions are forgotten. sessions: may hold NULL and "". */
void           tw_receipts_keep (TwReceipts *self, const char *const *sessions, guint n_sessions);
