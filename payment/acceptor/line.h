/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/acceptor: a signed and sealed question to the payment service, and its answer opened and read. */
#pragma once

#include "payment/acceptor/card.h"
#include "payment/acceptor/hold.h"

typedef struct _TwLine TwLine;

TwLine          *tw_line_new (TwHttp *http, TwClock *clock, const TwCardAcceptorOptions *options);
void             tw_line_free (TwLine *self);           /* what was asked is dropped */

const char      *tw_line_gateway_kind (const TwLine *self);
const char      *tw_line_comments (const TwLine *self);
guint            tw_line_hold_life_hours (const TwLine *self);
gboolean         tw_line_ready (const TwLine *self, const char **why_not);

/* An authorization will be sent soon: the connection for it is made now. */
void             tw_line_warm (TwLine *self);

/* An authorization without card fields, for the reader. */
GBytes          *tw_line_authorization (const TwLine *self, const TwHold *hold, GError **error);

/* answer: never NULL, borrowed. */
typedef void (*TwLineAnswered) (const TwGatewayAnswer *answer, gpointer user_data);

/* Later, exactly once, unless self is freed: the answer. If none came it is RETRY (provably never sent) or UNKNOWN.
 * sealed: what is posted, if the reader made it; else the request is sealed here. hold, key: copied. */
void             tw_line_send (TwLine *self, TwGatewayCall call, TwGatewayHow how, const TwHold *hold, const char *key,
                               gint64 amount_minor, GBytes *sealed, TwLineAnswered answered, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwLine, tw_line_free)
