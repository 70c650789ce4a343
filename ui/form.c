/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/form.h"

#include <math.h>

#define SMALL_BELOW_MM 110

TwForm
tw_form (int      width,
         int      height,
         guint    diagonal_tenths,
         gboolean large_text)
{
  int long_edge = MAX (width, height), short_edge = MIN (width, height);
  guint tenths = diagonal_tenths != 0 ? diagonal_tenths : long_edge >= 1000 ? 101 : 70;
  double dpi = sqrt ((double) width * width + (double) height * height) * 10 / tenths;

  return (TwForm) {
    .width = width, .height = height,
    .dpi = (guint) ceil (dpi),       /* up: a target is never smaller than it says */
    .portrait = height > width,
    .small = short_edge * 25.4 < SMALL_BELOW_MM * dpi,
    .large_text = large_text,
  };
}

gboolean
tw_form_equal (const TwForm *a,
               const TwForm *b)
{
  return a->width == b->width && a->height == b->height && a->dpi == b->dpi && a->large_text == b->large_text;
}
