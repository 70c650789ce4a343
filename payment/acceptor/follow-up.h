/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/acceptor: capture, release, refund and inquiry of a hold, from its reference alone. */
#pragma once

#include "payment/acceptor/line.h"

typedef struct _TwFollowUps TwFollowUps;

TwFollowUps *tw_follow_ups_new (TwLine *line, TwClock *clock, guint late_ms);
void         tw_follow_ups_free (TwFollowUps *self);      /* what is under way is dropped; before the line */

void         tw_follow_ups_operate (TwFollowUps *self, TwOperation operation, GBytes *reference, const char *key,
                                    gint64 amount_minor, TwOperationDone done, gpointer user_data);
void         tw_follow_ups_inquire (TwFollowUps *self, GBytes *reference, const char *key, TwOperationDone done,
                                    gpointer user_data);

/* What this process itself saw of an authorization: that nobody answered it, from now on; or that it was approved, so
 * that no capture can have been tried before. */
void         tw_follow_ups_lost (TwFollowUps *self, const char *transaction_id);
void         tw_follow_ups_fresh (TwFollowUps *self, const char *transaction_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFollowUps, tw_follow_ups_free)
