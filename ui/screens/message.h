/* SPDX-License-Identifier: Apache-2.0 */
/* A large icon, what happened, what to do now: the middle of every screen that is mostly a message. Main thread only.
 */
#pragma once

#include "ui/widgets/icon.h"

typedef struct { GtkWidget *root, *icon, *headline, *advice, *extra; } TwMessage;

/* An alert to those who hear the screen. */
TwMessage tw_message_new (TwIcon icon, const char *icon_class);
