/* SPDX-License-Identifier: Apache-2.0 */
/* The glass cannot grow. Gives its child all of it; should a text from outside need more than there is, the whole
 * picture becomes smaller instead of being cut off. The designed screens fit as they are, which tests hold.
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#define TW_TYPE_FIT (tw_fit_get_type ())
G_DECLARE_FINAL_TYPE (TwFit, tw_fit, TW, FIT, GtkWidget)

/* resized: another size than before, from the main loop. Takes the child. */
GtkWidget *tw_fit_new (GtkWidget *child, void (*resized) (int width, int height, gpointer user_data),
                       gpointer user_data);
/* Percent; 100: as designed. */
guint      tw_fit_percent (TwFit *self);
