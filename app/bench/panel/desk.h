/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of the panel have in common: orders that go to the street, refusals that come back, and widgets that
 * are all made in one way. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/bench/panel/stream.h"

typedef struct _TwDesk TwDesk;

/* refused: an order was, in the street's words. */
TwDesk *tw_desk_new (TwStream *stream, void (*refused) (const char *order, const char *why, gpointer user_data),
                     gpointer user_data);
void    tw_desk_free (TwDesk *self);

void    tw_desk_order (TwDesk *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A question; answer NULL: refused. */
void    tw_desk_ask (TwDesk *self, const char *order, TwAnswered answered, gpointer user_data);

/* A button that gives this order, and says so in its tooltip. */
GtkWidget *tw_desk_button (TwDesk *self, const char *label, const char *tip, const char *order);
/* FALSE: cannot be used now; reason tells why, as the tooltip and the accessible description. */
void       tw_widget_allow (GtkWidget *widget, gboolean allowed, const char *reason);

/* Small parts that every page is made of. name: accessible. */
GtkWidget *tw_heading (const char *text);
GtkWidget *tw_title (const char *text, const char *below);
GtkWidget *tw_note (const char *text);
GtkWidget *tw_line (GtkWidget *first, ...) G_GNUC_NULL_TERMINATED;      /* side by side */
GtkWidget *tw_choice (const char *name, const char *tip, const char *const *labels);
GtkWidget *tw_number (const char *name, const char *tip, double least, double most, double step, double value,
                      guint digits);
GtkWidget *tw_page (GtkWidget **box);                                    /* scrolls; box is what to fill */
void       tw_widget_name (GtkWidget *widget, const char *name, const char *tip);

/* Shorthands for what the street's state says; absent is FALSE, 0 or "". */
gboolean    tw_state_is (const TwJson *state, const char *name);
gint64      tw_state_number (const TwJson *state, const char *name);
const char *tw_state_text (const TwJson *state, const char *name);
