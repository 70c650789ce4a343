/* SPDX-License-Identifier: Apache-2.0 */
/* A number with what it is above it. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

/* class: how large the number is, "figure", "price", "hero". */
GtkWidget *tw_figure_new (const char *class);
/* Takes the number. NULL or "": neither is there. */
void       tw_figure_take (GtkWidget *figure, const char *what, char *number);
