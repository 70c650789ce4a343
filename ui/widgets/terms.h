/* SPDX-License-Identifier: Apache-2.0 */
/* What is agreed with a tap: the price, an example, and what is held on the card, why, and when it goes. On the screen
 * from the offer until the answer. Main thread only.
 */
#pragma once

#include "ui/view.h"

#include <gtk/gtk.h>

GtkWidget *tw_terms_new (void);
void       tw_terms_set (GtkWidget *terms, const TwView *view);
