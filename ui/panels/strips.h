/* SPDX-License-Identifier: Apache-2.0 */
/* While somebody pays, the others' sessions: one slim line each, and their way to stop. Main thread only.
 */
#pragma once

#include "ui/context.h"
#include "ui/view.h"

#include <gtk/gtk.h>

typedef struct _TwStrips TwStrips;

/* Freed with its root. */
TwStrips  *tw_strips_new (const TwContext *context);
GtkWidget *tw_strips_root (TwStrips *self);
/* How many there are now. */
guint      tw_strips_update (TwStrips *self, const TwView *view);
gboolean   tw_strips_escape (TwStrips *self);
