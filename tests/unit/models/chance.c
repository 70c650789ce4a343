/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "tests/unit/models/chance.h"

double
draw_exponential (TwDraw *draw, double mean)
{
  return -mean * log (tw_draw_unit (draw));
}

double
draw_normal (TwDraw *draw)
{
  return sqrt (-2 * log (tw_draw_unit (draw))) * cos (2 * G_PI * tw_draw_unit (draw));
}

guint
draw_poisson (TwDraw *draw, double mean)
{
  double left = tw_draw_unit (draw), least = exp (-mean);
  guint n = 0;

  for (; left > least; n++)
    left *= tw_draw_unit (draw);
  return n;
}

static double
slack (guint n, double share)
{
  return 4 * sqrt (share * (1 - share) / n);
}

void
assert_share (const char *what, guint hits, guint n, double share)
{
  g_test_message ("%s: %.3f of %u, meant %.3f", what, (double) hits / n, n, share);
  g_assert_cmpfloat_with_epsilon ((double) hits / n, share, slack (n, share));
}

void
assert_share_or_more (const char *what, guint hits, guint n, double at_least)
{
  g_test_message ("%s: %.3f of %u, at least %.3f", what, (double) hits / n, n, at_least);
  g_assert_cmpfloat ((double) hits / n, >, at_least - slack (n, at_least));
}
