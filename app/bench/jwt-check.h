/* SPDX-License-Identifier: Apache-2.0 */
/* Who is asking: JWT version 2 with a shared secret (cybersource-ev.md section 6a). Knows nothing of payment/seal. */
#pragma once

#include "app/bench/ask.h"

typedef struct _TwJwtCheck TwJwtCheck;

/* secret: decoded. hosts: names (without port) that are ours, NULL-terminated. */
TwJwtCheck *tw_jwt_check_new (const char *key_id, GBytes *secret, const char *merchant_id, const char *response_key_id,
                              const char *const *hosts);
void        tw_jwt_check_free (TwJwtCheck *self);

/* TRUE: this is the merchant, and these are the bytes that were meant; *wants_mle says whether the answer is to be
 * encrypted. FALSE: *why is a static text for the bench's log; the client only learns that it failed. A jti is used up
 * by the first request that passes. now_s: UTC. */
gboolean    tw_jwt_check (TwJwtCheck *self, const TwAsk *ask, gint64 now_s, gboolean *wants_mle, const char **why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwJwtCheck, tw_jwt_check_free)
