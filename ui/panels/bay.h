/* SPDX-License-Identifier: Apache-2.0 */
/* One connector on the start screen: its label, its state, and the panel that belongs to it. Main thread only.
 */
#pragma once

#include "ui/panels/panel.h"

typedef struct _TwBayPanel TwBayPanel;

/* Freed with its root. connector: its number. in_row: one line of it, where there are more than two. */
TwBayPanel *tw_bay_new (const TwContext *context, guint connector, gboolean in_row);
GtkWidget  *tw_bay_root (TwBayPanel *self);
void        tw_bay_update (TwBayPanel *self, const TwView *view, guint i);
/* NULL: nothing here that may be pressed without harm. */
GtkWidget  *tw_bay_main (TwBayPanel *self);
/* TRUE: something was taken back. */
gboolean    tw_bay_escape (TwBayPanel *self);
