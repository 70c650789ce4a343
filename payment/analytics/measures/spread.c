/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/spread.h"

#include <math.h>
#include <string.h>

void
tw_spread_init (TwSpread *self,
                guint32   width)
{
  memset (self, 0, sizeof *self);
  self->width = width;
}

void
tw_spread_clear (TwSpread *self)
{
  memset (self->counts, 0, self->top * sizeof *self->counts);
  self->n = self->sum = self->top = 0;
}

void
tw_spread_merge (TwSpread       *self,
                 const TwSpread *more)
{
  for (guint i = 0; i < more->top; i++)
    self->counts[i] += more->counts[i];
  self->n += more->n;
  self->sum += more->sum;
  self->top = MAX (self->top, more->top);
}

gint64
tw_spread_quantile (const TwSpread *self,
                    double          share)
{
  guint64 rank = MAX (1, (guint64) ceil (share * (double) self->n)), before = 0;

  for (guint i = 0; i < self->top; i++)
    {
      before += self->counts[i];
      if (before >= rank)
        return (gint64) i * self->width;
    }
  return G_MININT64;
}

guint64
tw_spread_between (const TwSpread *self,
                   gint64          from,
                   gint64          to)
{
  guint64 n = 0;

  for (gint64 i = from / self->width; i < MIN (to / self->width, (gint64) self->top); i++)
    n += self->counts[i];
  return n;
}
