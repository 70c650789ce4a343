/* SPDX-License-Identifier: Apache-2.0 */
/* The counter's shell: desk.c, its levels in service.c, and its talk with the acceptor in taking.c. */
#pragma once

#include "app/station/core.h"

void       tw_desk_look (TwStation *self);        /* levels: may we sell, may a tap identify, may the take begin */
void       tw_desk_plugged (TwStation *self, TwBay *bay);
void       tw_desk_identified (TwStation *self, const TwCard *card);
/* language: checked; NULL or empty: as it is. */
gboolean   tw_desk_choose (TwStation *self, guint index, const char *language, GError **error);
/* Another offer of the same connector. */
gboolean   tw_desk_set_goal (TwStation *self, const TwGoal *goal, GError **error);
void       tw_desk_add (TwStation *self, TwCounterEvent event, const char *reason, TwBatch *batch);
void       tw_desk_event (TwStation *self, TwCounterEvent event, const char *reason);
void       tw_desk_prompt (TwStation *self, const char *prompt, const char *qr);

void       tw_taking_begin (TwStation *self);
void       tw_taking_identify (TwStation *self);
void       tw_taking_cancel (TwStation *self);
