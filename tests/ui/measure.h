/* SPDX-License-Identifier: Apache-2.0 */
/* What a ruler and a light meter say of a window: walks the widgets that are drawn, looks at their pixels, and says
 * what a driver could not read, hit, tell apart or hear. Knows GTK, and nothing of the kiosk. Main thread only.
 *
 *   size       the window became larger than the glass
 *   outside    a widget reaches over its parent's or the window's edge
 *   cut        a text is ellipsized, larger than its place, or broken inside a word
 *   overlap    two texts, pictures or targets lie on each other
 *   target     something to touch is smaller than a finger
 *   contrast   a text is less than 4.5:1, a picture less than 3:1 against what is behind it (WCAG 1.4.3, 1.4.11)
 *   nameless   something that takes the focus has no accessible name
 *   scroll     a part can only be seen by scrolling
 *   shrunk     a text is drawn smaller than it was set
 */
#pragma once

#include <gtk/gtk.h>

typedef struct
{
  int      width, height;     /* of the glass, pixels */
  double   px_per_mm;
  double   touch_mm;          /* the smallest edge of a target */
  gboolean may_scroll;        /* up and down */
  gboolean may_shrink;        /* or end in an ellipsis */
} TwTerms;

/* Lets the window draw itself until it is still, and gives what it drew. */
GdkTexture *tw_measure_picture (GtkWidget *window);
/* Of char *: "rule: where: what"; empty if all is well. */
GPtrArray  *tw_measure (GtkWidget *window, GdkTexture *picture, const TwTerms *terms);
/* Of char *: every text that is drawn, in the order of the tree. */
GPtrArray  *tw_measure_texts (GtkWidget *window);
/* The first widget of that name that is drawn, at or below widget; NULL: none. */
GtkWidget  *tw_measure_find (GtkWidget *widget, const char *name);
