/* SPDX-License-Identifier: Apache-2.0 */
/* The bench panel: a window on a running street, with everything that a hand could do to it, and what really happens.
 * It decides nothing and keeps nothing: orders go to the street, and what is shown comes from its stream and from the
 * station's journal. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct
{
  const char *dir;         /* the street's */
  const char *journal;     /* folder of the station's journal */
  guint       connectors;
  int         width, height;
} TwPanelOptions;

/* The window lives until it is closed; what belongs to it goes with it. */
GtkWindow *tw_panel_new (GtkApplication *app, const TwPanelOptions *options);

/* A sheet with all that there is to know. */
void       tw_panel_help (GtkWindow *parent);
