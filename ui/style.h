/* SPDX-License-Identifier: Apache-2.0 */
/* The looks: assets/style in the display, in the colours of day or night, with millimetres that are millimetres.
 * Takes the place of GTK's own theme, so that nothing here depends on which one is installed. Main thread only.
 */
#pragma once

#include "ui/form.h"

#include <gtk/gtk.h>

typedef struct _TwStyle TwStyle;

TwStyle *tw_style_new (GdkDisplay *display);
void     tw_style_free (TwStyle *self);
/* Does nothing if nothing changed. window: gets the classes small or roomy, portrait, large, dark. */
void     tw_style_set (TwStyle *self, GtkWidget *window, const TwForm *form, gboolean dark);
