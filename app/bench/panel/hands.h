/* SPDX-License-Identifier: Apache-2.0 */
/* All that a hand can do in the street: reader and connectors, always in sight, and the pages below them. Main thread
 * only.
 */
#pragma once

#include "app/bench/panel/desk.h"

typedef struct _TwHands TwHands;

TwHands   *tw_hands_new (TwDesk *desk, guint connectors);
void       tw_hands_free (TwHands *self);
GtkWidget *tw_hands_widget (TwHands *self);
/* The street is there: asks it which cards there are. */
void       tw_hands_fill (TwHands *self);
/* state: of the whole street. */
void       tw_hands_update (TwHands *self, const TwJson *state);
