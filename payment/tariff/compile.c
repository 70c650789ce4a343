/* SPDX-License-Identifier: Apache-2.0 */
/* Restrictions as read -> ranks and cuts: everything that can be known before the first reading. */
#include "payment/tariff/running.h"

#include <stdlib.h>
#include <string.h>

static int
compare_gint64 (const void *a,
                const void *b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static guint
sort_and_unite (gint64 *values,
                guint   n)
{
  guint kept = 0;

  qsort (values, n, sizeof values[0], compare_gint64);
  for (guint i = 0; i < n; i++)
    if (kept == 0 || values[i] != values[kept - 1])
      values[kept++] = values[i];

  return kept;
}

static void
add_cut (TwCuts *self,
         gint64  value)
{
  if (value > 0)   /* nothing is below 0, so that a bound of 0 is no event */
    self->cuts[self->n++] = value;
}

static void
collect_axis (TwTariff *self,
              TwAxis    axis)
{
  TwCuts *cuts = &self->cuts[axis];

  cuts->cuts = g_new (gint64, 2 * self->elements->len);
  for (guint i = 0; i < self->elements->len; i++)
    {
      const TwRestrictions *r = &g_array_index (self->elements, TwElement, i).restrictions;

      add_cut (cuts, r->min[axis]);
      add_cut (cuts, r->max[axis]);
    }
  cuts->n = sort_and_unite (cuts->cuts, cuts->n);
}

static void
rank_axis (TwTariff *self,
           TwAxis    axis)
{
  for (guint i = 0; i < self->elements->len; i++)
    {
      TwRestrictions *r = &g_array_index (self->elements, TwElement, i).restrictions;

      r->has_axis[axis] = r->min[axis] >= 0 || r->max[axis] >= 0;
      r->min_rank[axis] = r->min[axis] > 0 ? tw_cuts_rank (&self->cuts[axis], r->min[axis]) : 0;
      r->max_rank[axis] = r->max[axis] < 0 ? G_MAXINT16
                                           : r->max[axis] == 0 ? 0 : tw_cuts_rank (&self->cuts[axis], r->max[axis]);
    }
}

/* Midnight is always among them: weekdays and dates change there. */
static void
collect_day_cuts (TwTariff *self)
{
  g_autofree gint64 *seconds = g_new (gint64, 2 * self->elements->len + 1);
  guint n = 1;

  seconds[0] = 0;
  for (guint i = 0; i < self->elements->len; i++)
    {
      const TwRestrictions *r = &g_array_index (self->elements, TwElement, i).restrictions;

      if (!r->is_local)
        continue;
      self->n_day_cuts = 1;
      seconds[n++] = r->start_s;
      seconds[n++] = r->end_s % (24 * 3600);
    }
  if (self->n_day_cuts == 0)
    return;

  self->n_day_cuts = sort_and_unite (seconds, n);
  self->day_cuts = g_new (gint32, self->n_day_cuts);
  for (guint i = 0; i < self->n_day_cuts; i++)
    self->day_cuts[i] = (gint32) seconds[i];
}

void
tw_tariff_compile (TwTariff *self)
{
  for (guint axis = 0; axis < TW_N_AXES; axis++)
    {
      collect_axis (self, axis);
      rank_axis (self, axis);
    }
  collect_day_cuts (self);
}
