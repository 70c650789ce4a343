/* SPDX-License-Identifier: Apache-2.0 */
/* A button that asks once more, in its own place, and forgets the question when nobody answers. Main thread only.
 */
#pragma once

#include "ui/context.h"

#include <gtk/gtk.h>

/* The buttons are stop-N, stop-confirm-N and stop-keep-N. */
/* beside: gives way while the question is asked; NULL: nothing. */
GtkWidget *tw_stop_new (const TwContext *context, guint connector, GtkWidget *beside);
/* cancels: nothing has begun yet. */
void       tw_stop_set_words (GtkWidget *stop, const char *language, gboolean cancels);
/* The question is withdrawn. TRUE: it was there. */
gboolean   tw_stop_withdraw (GtkWidget *stop);
