/* SPDX-License-Identifier: Apache-2.0 */
/* Says how much will be charged, and leads to where that can be chosen; not there where nothing can. Main thread only.
 */
#pragma once

#include "ui/context.h"
#include "ui/view.h"

#include <gtk/gtk.h>

GtkWidget *tw_goal_button_new (const TwContext *context);
void       tw_goal_button_set (GtkWidget *button, const TwView *view);
