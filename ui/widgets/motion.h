/* SPDX-License-Identifier: Apache-2.0 */
/* The two drawings that move: where the reader is, and that we wait for somebody. They step twice a second while they
 * are seen, stand still where animations are switched off, and say the same then. Main thread only.
 */
#pragma once

#include "ui/view.h"

#include <gtk/gtk.h>

GtkWidget *tw_reader_picture_new (void);
void       tw_reader_picture_set (GtkWidget *picture, TwReaderPlace place);
GtkWidget *tw_waiting_dots_new (void);
