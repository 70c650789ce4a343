/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/before-after.h"
#include "payment/analytics/models/quantile.h"

#define WEEK 7u
#define LEAST_WEEKS 4u

static gboolean
are_numbers (const TwDayPair *days, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    if (!isfinite (days[i].treated) || !isfinite (days[i].control) || days[i].treated < 0 || days[i].control < 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_price (double price)
{
  return isfinite (price) && price > 0;
}

static TwRefusal
look_at (const TwBeforeAfterCase *self)
{
  if (self->n_before == 0 || self->n_after == 0)
    return TW_REFUSAL_EMPTY;
  if (!is_price (self->price_before) || !is_price (self->price_after) || !are_numbers (self->before, self->n_before) ||
      !are_numbers (self->after, self->n_after))
    return TW_REFUSAL_BAD_INPUT;
  return fabs (log (self->price_after) - log (self->price_before)) > 1e-9 ? TW_REFUSAL_NONE : TW_REFUSAL_FEW_PRICES;
}

/* drawn: NULL for the days as they are. FALSE if a side sold nothing. */
static gboolean
log_ratio (const TwDayPair *days, const guint32 *drawn, guint32 n, double *ratio)
{
  TwDayPair sum = { 0 };

  for (guint32 i = 0; i < n; i++)
    {
      const TwDayPair *day = &days[drawn != NULL ? drawn[i] : i];

      sum.treated += day->treated / n;
      sum.control += day->control / n;
    }
  if (sum.treated <= 0 || sum.control <= 0 || !isfinite (sum.treated) || !isfinite (sum.control))
    return FALSE;
  *ratio = log (sum.treated) - log (sum.control);
  return TRUE;
}

static gboolean
effect_of (gpointer data, const guint32 *drawn, double *values)
{
  const TwBeforeAfterCase *self = data;
  double before, after;

  if (!log_ratio (self->before, drawn, self->n_before, &before) ||
      !log_ratio (self->after, drawn + self->n_before, self->n_after, &after))
    return FALSE;
  values[0] = after - before;
  values[1] = values[0] / (log (self->price_after) - log (self->price_before));
  return TRUE;
}

void
tw_before_after_weeks (const TwDayPair *days, guint32 n_days, gboolean are_before, double *ratios, gboolean *known)
{
  guint32 first = are_before ? n_days % WEEK : 0;

  for (guint32 week = 0; week < n_days / WEEK; week++)
    {
      ratios[week] = 0;
      known[week] = log_ratio (days + first + week * WEEK, NULL, WEEK, &ratios[week]);
    }
}

/* Least squares of the weeks before over their number, with Student's t of n - 2. */
static void
look_at_trend (const TwBeforeAfterCase *self, TwBeforeAfter *found)
{
  guint32 n = self->n_before / WEEK;
  g_autofree double *ratios = g_new (double, MAX (n, 1));
  g_autofree gboolean *known = g_new (gboolean, MAX (n, 1));
  double mean = 0, middle = (n - 1.0) / 2, across = 0, along = 0, left = 0, reach;

  tw_before_after_weeks (self->before, self->n_before, TRUE, ratios, known);
  for (guint32 i = 0; i < n; i++)
    {
      if (!known[i])
        return;
      mean += ratios[i] / n;
    }
  if (n < LEAST_WEEKS)
    return;
  for (guint32 i = 0; i < n; i++)
    {
      across += (i - middle) * (i - middle);
      along += (i - middle) * (ratios[i] - mean);
    }
  for (guint32 i = 0; i < n; i++)
    {
      double residual = ratios[i] - mean - along / across * (i - middle);

      left += residual * residual;
    }
  reach = tw_student_975 (n - 2) * sqrt (left / (n - 2) / across);
  found->trend = (TwEstimate) { along / across, along / across - reach, along / across + reach };
  found->trend_known = TRUE;
  /* Rounding is no trend. */
  found->trends_differ = found->trend.low > 1e-12 || found->trend.high < -1e-12;
}

TwBeforeAfter
tw_before_after (const TwBeforeAfterCase *self, const TwBootstrap *boot)
{
  TwBeforeAfter found = { .refusal = look_at (self) };
  TwEstimate estimates[2];

  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  found.refusal = tw_bootstrap (boot, (guint32[]) { self->n_before, self->n_after }, 2, effect_of, (gpointer) self, 2,
                                estimates);
  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  found.effect = estimates[0];
  found.elasticity = estimates[1];
  look_at_trend (self, &found);
  return found;
}
