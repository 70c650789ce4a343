/* SPDX-License-Identifier: Apache-2.0 */
/* All connectors: side by side, or stacked in portrait; as rows where there are more than two. Main thread only.
 */
#pragma once

#include "ui/panels/bay.h"

typedef struct _TwBays TwBays;

/* running_only: those without a session are left out. Freed with its root. */
TwBays    *tw_bays_new (const TwContext *context, gboolean running_only);
GtkWidget *tw_bays_root (TwBays *self);
void       tw_bays_update (TwBays *self, const TwView *view);
GtkWidget *tw_bays_main (TwBays *self);
gboolean   tw_bays_escape (TwBays *self);
