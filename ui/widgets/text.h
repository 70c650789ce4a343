/* SPDX-License-Identifier: Apache-2.0 */
/* Labels, rows and columns, which all of the screens consist of. Sizes, weights and distances are CSS classes
 * (assets/style/kiosk.css), so that large text and another glass need no other widgets. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

/* classes: separated by spaces. Wraps, begins at the left. */
GtkWidget *tw_text_new (const char *classes);
/* For what comes from outside: breaks also within a word. */
GtkWidget *tw_text_new_foreign (const char *classes);
/* What stands on the pedestal at a connector; longer than any configuration allows is cut. */
GtkWidget *tw_badge_new (void);
/* TRUE: it is a long one. */
gboolean   tw_badge_set (GtkWidget *badge, const char *label);
/* Nothing is drawn again if it says that already; nothing is there while the text is NULL or "". */
void       tw_text_set (GtkWidget *text, const char *words);
void       tw_text_take (GtkWidget *text, char *words);              /* frees words */
/* The unit behind the number ("kWh") is small; a label made for numbers (class "figure") does not wrap. */
void       tw_text_set_figure (GtkWidget *text, const char *figure);

GtkWidget *tw_row_new (const char *classes, GtkWidget *first, ...) G_GNUC_NULL_TERMINATED;
GtkWidget *tw_column_new (const char *classes, GtkWidget *first, ...) G_GNUC_NULL_TERMINATED;
/* A group with a name for those who hear the screen. */
GtkWidget *tw_group_new (GtkOrientation orientation, const char *classes);
/* Of the stack's pages this one. The others are taken away, not only covered: GTK 4.8 does not tell assistive
 * technology which page is on top. */
void       tw_stack_show (GtkWidget *stack, GtkWidget *page);
void       tw_name_set (GtkWidget *widget, const char *accessible_name);
void       tw_classes_add (GtkWidget *widget, const char *classes);
void       tw_class_set (GtkWidget *widget, const char *one_class, gboolean on);
