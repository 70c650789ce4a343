/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "payment/analytics/models/quantile.h"
#include "payment/analytics/models/survival.h"

static int
by_time (gconstpointer a, gconstpointer b)
{
  return tw_ascending (&((const TwLasting *) a)->time, &((const TwLasting *) b)->time);
}

static TwRefusal
look_at (const TwLasting *lastings, gsize n)
{
  if (n == 0)
    return TW_REFUSAL_EMPTY;
  for (gsize i = 0; i < n; i++)
    if (!isfinite (lastings[i].time) || lastings[i].time < 0)
      return TW_REFUSAL_BAD_INPUT;
  return TW_REFUSAL_NONE;
}

/* hazard: Greenwood's sum up to here. */
static TwEstimate
share_of (double share, double hazard, double high_before)
{
  TwEstimate self = { share, 0, high_before };
  double spread;

  if (share <= 0)
    return self;
  spread = exp (TW_NORMAL_975 * sqrt (hazard) / -log (share));
  self.low = pow (share, spread);
  self.high = pow (share, 1 / spread);
  return self;
}

static void
add_steps (TwSurvival *self, const TwLasting *sorted)
{
  double share = 1, hazard = 0, high = 1;
  gsize next;

  for (gsize i = 0; i < self->n; i = next)
    {
      gsize n_at_risk = self->n - i, n_ended = 0;

      for (next = i; next < self->n && sorted[next].time <= sorted[i].time; next++)
        n_ended += sorted[next].ended ? 1 : 0;
      self->n_censored += next - i - n_ended;
      if (n_ended == 0)
        continue;
      share = n_ended == n_at_risk ? 0 : share * (1 - (double) n_ended / (double) n_at_risk);
      if (share > 0)
        hazard += (double) n_ended / ((double) n_at_risk * (double) (n_at_risk - n_ended));
      self->steps[self->n_steps] = (TwSurvivalStep) { sorted[i].time, n_at_risk, n_ended,
                                                      share_of (share, hazard, high) };
      high = self->steps[self->n_steps++].share.high;
    }
}

TwSurvival *
tw_survival_new (const TwLasting *lastings, gsize n)
{
  TwSurvival *self = g_new0 (TwSurvival, 1);
  g_autofree TwLasting *sorted = NULL;

  self->refusal = look_at (lastings, n);
  if (self->refusal != TW_REFUSAL_NONE)
    return self;
  sorted = g_memdup2 (lastings, n * sizeof *lastings);
  qsort (sorted, n, sizeof *sorted, by_time);
  self->n = n;
  self->last = sorted[n - 1].time;
  self->steps = g_new (TwSurvivalStep, n);
  add_steps (self, sorted);
  self->steps = g_renew (TwSurvivalStep, self->steps, MAX (self->n_steps, 1));
  for (gsize i = 0; i < self->n_steps && !self->has_median; i++)
    if (self->steps[i].share.value <= 0.5)
      {
        self->has_median = TRUE;
        self->median = self->steps[i].time;
      }
  return self;
}

void
tw_survival_free (TwSurvival *self)
{
  g_free (self->steps);
  g_free (self);
}

double
tw_survival_at (const TwSurvival *self, double time)
{
  gsize low = 0, high = self->n_steps;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->steps[middle].time <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low == 0 ? (self->refusal == TW_REFUSAL_NONE ? 1 : 0) : self->steps[low - 1].share.value;
}
