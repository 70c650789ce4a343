/* SPDX-License-Identifier: Apache-2.0 */
/* Our own icons: strokes on a grid of 24, in the colour of the text beside them, sharp at any size. They need neither
 * an icon theme nor an SVG reader, and are never the only thing that says something. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

typedef enum
{
  TW_ICON_NONE, TW_ICON_PLUG, TW_ICON_CARD, TW_ICON_CHECK, TW_ICON_WARNING, TW_ICON_CROSS, TW_ICON_CLOCK, TW_ICON_BOLT,
  TW_ICON_PHONE, TW_ICON_LANGUAGE, TW_ICON_LARGER, TW_ICON_SMALLER, TW_ICON_SUN, TW_ICON_MOON, TW_ICON_INFO,
  TW_ICON_CAR, TW_ICON_STOP, TW_ICON_PAUSE, TW_ICON_RECEIPT, TW_ICON_BACK, TW_ICON_LINK, TW_ICON_DEVICE,
} TwIcon;
#define TW_N_ICONS (TW_ICON_DEVICE + 1)

/* Its size is CSS: -gtk-icon-size. Not there while it is TW_ICON_NONE. */
GtkWidget *tw_icon_new (TwIcon icon, const char *classes);
void       tw_icon_set (GtkWidget *widget, TwIcon icon);
