/* SPDX-License-Identifier: Apache-2.0 */
/* The glass: how large it is in pixels and in millimetres, and what follows from that for the layout. Pure.
 */
#pragma once

#include <glib.h>

typedef struct
{
  int      width, height;     /* pixels */
  guint    dpi;               /* of the glass, not of any setting: a CSS mm is a mm */
  gboolean portrait;          /* what stands side by side otherwise is stacked */
  gboolean small;             /* the short edge is below 110 mm, as on 7 inches */
  gboolean large_text;
} TwForm;

/* diagonal_tenths: of the glass, tenths of an inch; 0: guess 10.1 inches from 1000 pixels of width on, else 7. */
TwForm   tw_form (int width, int height, guint diagonal_tenths, gboolean large_text);
gboolean tw_form_equal (const TwForm *a, const TwForm *b);
