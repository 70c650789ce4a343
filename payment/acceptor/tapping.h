/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/acceptor: the one thing that goes on at the reader: a take or an identification, from the reader's
 * first hint to the end that is told once.
 */
#pragma once

#include "payment/acceptor/follow-up.h"
#include "payment/acceptor/line.h"

typedef struct _TwTapping TwTapping;

/* Listens to the link until it is freed. changed: the link's. */
TwTapping *tw_tapping_new (TwCardLink link, TwClock *clock, TwLine *line, TwFollowUps *follow_ups, GSourceFunc changed,
                           gpointer user_data);
void       tw_tapping_free (TwTapping *self);     /* before the line and the follow-ups */

void       tw_tapping_take (TwTapping *self, const TwOffer *offer, gint64 deadline_ms, const TwTakeEvents *events,
                            gpointer user_data);
void       tw_tapping_proceed (TwTapping *self);
void       tw_tapping_cancel (TwTapping *self);
void       tw_tapping_identify (TwTapping *self, gint64 deadline_ms, TwIdentified identified, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTapping, tw_tapping_free)
