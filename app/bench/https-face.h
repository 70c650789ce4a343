/* SPDX-License-Identifier: Apache-2.0 */
/* The acquirer's face to the world: an HTTPS server on 127.0.0.1, and every way in which an answer can fail to arrive.
 * Knows nothing of payments. The only file of the acquirer that knows libsoup. Main thread only.
 */
#pragma once

#include <gio/gio.h>

#include "app/bench/ask.h"

typedef struct _TwHttpsFace TwHttpsFace;
typedef struct _TwExchange TwExchange;     /* one request that waits for its answer */

/* ask is the receiver's. The exchange must be ended with exactly one of the calls below, now or later. */
typedef void (*TwAsked) (TwAsk *ask, TwExchange *exchange, gpointer user_data);

/* port 0: any. tls_file: certificate and key, PEM. GONE: cannot listen; BAD_DATA: the certificate. */
TwHttpsFace *tw_https_face_new (guint port, const char *tls_file, TwAsked asked, gpointer user_data, GError **error);
/* Ends every connection. Exchanges that are still open end silently; their calls stay allowed. */
void         tw_https_face_free (TwHttpsFace *self);
guint        tw_https_face_port (TwHttpsFace *self);

/* When a request was here whole, and when the last byte of its answer had been written (0: not, or not by libsoup);
 * g_get_monotonic_time(). */
typedef struct
{
  TwAct    act;
  gint64   arrived_us, answered_us;
  gboolean fresh;        /* the first one on its connection */
} TwVisitTime;

/* The latest ones, the oldest first. */
const TwVisitTime *tw_https_face_times (TwHttpsFace *self, guint *n);

typedef enum
{
  TW_DELIVER_WHOLE,
  TW_DELIVER_TWICE,      /* the same bytes again on the same connection, then its end */
  TW_DELIVER_CUT,        /* half of the announced body, then the end */
} TwDelivery;

void tw_exchange_answer (TwExchange *exchange, guint http, GBytes *body, const char *content_type, TwDelivery delivery);
void tw_exchange_drop (TwExchange *exchange);       /* ends the connection */
void tw_exchange_silence (TwExchange *exchange);    /* never answers; the connection stays until the client gives up */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwHttpsFace, tw_https_face_free)
