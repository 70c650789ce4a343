/* SPDX-License-Identifier: Apache-2.0 */
/* A row of the view as widgets: time, then its text in the column of its lane, then whose session it was. */
#pragma once

#include <gtk/gtk.h>

#include "app/bench/panel/row.h"

GtkListItemFactory *tw_row_widget_factory (void);
/* The headings above, with the same widths. */
GtkWidget          *tw_row_widget_heads (void);
