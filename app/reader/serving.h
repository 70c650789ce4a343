/* SPDX-License-Identifier: Apache-2.0 */
/* The state between requests, and the one place where a serving reader looks at its socket. app/reader's own header. */
#pragma once

#include "app/reader/message.h"
#include "app/reader/service.h"

typedef struct
{
  const TwService *service;
  gboolean         in_field;            /* the card of the last request has not left yet */
  gint64           last_request;
  gint64           alive_us;            /* boot time of the last sign of life */
} TwServing;

gint64     tw_serving_now_us (TwServing *self);                           /* boot time */
gboolean   tw_serving_send (TwServing *self, const TwMessage *message, GError **error);

/* Says "alive" when that is due, waits up to ms for something to be said, and hands it out; NULL without error:
 * nothing. */
TwMessage *tw_serving_listen (TwServing *self, guint ms, GError **error);

/* The card of the last request has left, if it has: tells so, and switches the field off. */
gboolean   tw_serving_watch_removal (TwServing *self, GError **error);

/* One identify or authorize from its first hint to its answer. FALSE: the process should end. */
gboolean   tw_serving_request (TwServing *self, const TwMessage *request, GError **error);
