/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/back-test.h"
#include "payment/analytics/models/holt-winters.h"

#define LEAST_PERIODS 4u
#define MOST_STEPS 1000000u
#define MOST_VALUE 1e15

static const guint horizon_days[TW_FORECAST_HORIZONS] = { 1, 7, 28 };

static gboolean
is_known (const TwSeries *series, gsize i)
{
  return series->known == NULL || series->known[i] != 0;
}

static TwRefusal
look_at (const TwSeries *series, guint n_days)
{
  if (n_days == 0 || n_days > TW_FORECAST_DAYS || series->period < 2 || series->steps_per_day == 0 ||
      series->period % series->steps_per_day != 0)
    return TW_REFUSAL_BAD_INPUT;
  if (series->n > MOST_STEPS || series->period > MOST_STEPS)
    return TW_REFUSAL_TOO_LARGE;
  for (gsize i = 0; i < series->n; i++)
    if (is_known (series, i) && !(fabs (series->values[i]) <= MOST_VALUE))
      return TW_REFUSAL_BAD_INPUT;
  return TW_REFUSAL_NONE;
}

/* Before a site was open there is nothing to learn; the periods are counted from there to what is known last. */
static TwSeries
without_beginning (const TwSeries *series)
{
  TwSeries rest = *series;
  gsize first = 0;

  while (first < series->n && !is_known (series, first))
    first++;
  if (first == 0)
    return rest;
  rest.n -= first;
  rest.values += first;
  rest.known += first;
  return rest;
}

static TwRefusal
look_at_seasons (const TwSeries *series)
{
  g_autofree guint8 *seen = NULL;
  gsize n = series->n;

  while (n > 0 && !is_known (series, n - 1))
    n--;
  if (n == 0)
    return TW_REFUSAL_EMPTY;
  if (n < (gsize) LEAST_PERIODS * series->period)
    return TW_REFUSAL_FEW_PERIODS;
  seen = g_new0 (guint8, series->period);
  for (gsize i = 0; i < n; i++)
    if (is_known (series, i) && seen[i % series->period] < 2)
      seen[i % series->period]++;
  for (guint i = 0; i < series->period; i++)
    if (seen[i] < 2)
      return TW_REFUSAL_FEW_PERIODS;
  return TW_REFUSAL_NONE;
}

static const TwHorizon *
horizon_of (const TwForecast *self, guint day)
{
  for (guint i = 0; i < TW_FORECAST_HORIZONS; i++)
    if (day <= horizon_days[i])
      return &self->horizons[i];
  return &self->horizons[TW_FORECAST_HORIZONS - 1];
}

static void
look_ahead (TwForecast *self, const TwSeries *series)
{
  g_autoptr (TwHoltWinters) model = tw_holt_winters_new (series, series->n);

  for (guint i = 0; i < self->n_steps; i++)
    {
      const TwHorizon *horizon = horizon_of (self, i / series->steps_per_day + 1);
      TwForecastStep *step = &self->steps[i];

      tw_naive (series, series->n, series->n + i, &step->naive);
      step->of_model = horizon->uses_model;
      step->value = step->of_model ? MAX (tw_holt_winters_ahead (model, series, i + 1), 0) : step->naive;
      step->has_interval = horizon->refusal == TW_REFUSAL_NONE;
      step->low = step->has_interval ? MAX (step->value + horizon->low, 0) : 0;
      step->high = step->has_interval ? MAX (step->value + horizon->high, 0) : 0;
    }
}

TwForecast *
tw_forecast_new (const TwSeries *series, guint n_days)
{
  TwForecast *self = g_new0 (TwForecast, 1);
  TwSeries rest;

  self->refusal = look_at (series, n_days);
  if (self->refusal != TW_REFUSAL_NONE)
    return self;
  rest = without_beginning (series);
  self->refusal = look_at_seasons (&rest);
  if (self->refusal != TW_REFUSAL_NONE)
    return self;
  for (guint i = 0; i < TW_FORECAST_HORIZONS; i++)
    {
      self->horizons[i].days = horizon_days[i];
      tw_back_test (&rest, &self->horizons[i]);
    }
  self->n_steps = (gsize) n_days * series->steps_per_day;
  self->steps = g_new0 (TwForecastStep, self->n_steps);
  look_ahead (self, &rest);
  return self;
}

void
tw_forecast_free (TwForecast *self)
{
  g_free (self->steps);
  g_free (self);
}
