/* SPDX-License-Identifier: Apache-2.0 */
/* A thing to press: words, an icon if it helps, at least 12 mm of glass. Main thread only.
 */
#pragma once

#include "ui/widgets/icon.h"

/* classes: action (the one thing to do here), quiet, danger, tool. icon: TW_ICON_NONE: words only. */
GtkWidget *tw_button_new (const char *name, const char *classes, TwIcon icon, GCallback on_clicked,
                          gpointer user_data);
/* Also its accessible name. */
void       tw_button_set_words (GtkWidget *button, const char *words);
/* Where the words that are seen are too short to be heard alone. */
void       tw_button_set_name (GtkWidget *button, const char *accessible_name);
void       tw_button_set_icon (GtkWidget *button, TwIcon icon);
