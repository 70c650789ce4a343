/* SPDX-License-Identifier: Apache-2.0 */
/* A large icon, what happened, what to do now: the middle of every screen that is mostly a message. Main thread only.
 */
#pragma once

#include "ui/codes.h"

/* words: headline, advice, extra, and what else belongs to them, one below the other. */
typedef struct { GtkWidget *root, *icon, *words, *headline, *advice, *extra; } TwMessage;

/* An alert to those who hear the screen. below: after the words; NULL: nothing. */
TwMessage tw_message_new (TwIcon icon, TwTone tone, GtkWidget *below);
/* stacked: the icon above the words, not beside them. */
void      tw_message_turn (TwMessage *self, gboolean stacked);
void      tw_message_set (TwMessage *self, const TwCode *code, const char *language);
