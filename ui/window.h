/* SPDX-License-Identifier: Apache-2.0 */
/* The kiosk's window: shows a view. Killed and started anew it shows the same, because all that it knows is in the view
 * (but for "explain this amount", which one presses again). Knows no bus. Main thread only.
 */
#pragma once

#include "ui/context.h"
#include "ui/view.h"

#include <gtk/gtk.h>

typedef struct _TwWindow TwWindow;

/* deeds and user_data outlive it. Not shown yet: fill in a view, then gtk_window_present(). */
TwWindow   *tw_window_new (int width, int height, const TwDeeds *deeds, gpointer user_data);
void        tw_window_free (TwWindow *self);
/* Strings of the view live until the next call, or the window's end. */
void        tw_window_update (TwWindow *self, const TwView *view);
GtkWindow  *tw_window_gtk (TwWindow *self);
/* The name of what is on the screen: of the view's screen, or "explain". */
const char *tw_window_screen (TwWindow *self);
/* Percent; below 100 a text from outside was too long for the designed size. */
guint       tw_window_fit (TwWindow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWindow, tw_window_free)
