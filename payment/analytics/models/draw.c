/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/models/draw.h"

guint64
tw_draw_next (TwDraw *self)
{
  guint64 z = self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* The upper half of a product; what would make low numbers likelier is drawn again (Lemire 2019). */
guint32
tw_draw_below (TwDraw *self, guint32 n)
{
  guint32 unfair = (0u - n) % n;
  guint64 product;

  do
    product = (guint64) (guint32) (tw_draw_next (self) >> 32) * n;
  while ((guint32) product < unfair);
  return (guint32) (product >> 32);
}

double
tw_draw_unit (TwDraw *self)
{
  return ((double) (tw_draw_next (self) >> 12) + 0.5) * 0x1p-52;
}
