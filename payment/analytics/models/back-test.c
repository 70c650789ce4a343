/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "payment/analytics/models/back-test.h"
#include "payment/analytics/models/holt-winters.h"
#include "payment/analytics/models/quantile.h"

#define MOST_ORIGINS 60u
#define LEAST_PERIODS 4u

/* One step that was forecast, and is known by now. */
typedef struct { guint origin; double value, model, naive; } Try;

typedef double (*Method) (const Try *try_);

static double
by_model (const Try *try_)
{
  return try_->model;
}

static double
by_baseline (const Try *try_)
{
  return try_->naive;
}

gboolean
tw_naive (const TwSeries *series, gsize n, gsize at, double *value)
{
  while (at >= n && at >= series->period)
    at -= series->period;
  for (; at >= n || (series->known != NULL && series->known[at] == 0); at -= series->period)
    if (at < series->period)
      return FALSE;
  *value = MAX (series->values[at], 0);
  return TRUE;
}

/* The hours of the last day of the horizon. FALSE if none of them is known. */
static gboolean
try_origin (const TwSeries *series, gsize origin, guint days, guint number, GArray *tries)
{
  g_autoptr (TwHoltWinters) model = tw_holt_winters_new (series, origin);
  guint before = tries->len;

  for (guint i = 0; i < series->steps_per_day; i++)
    {
      guint ahead = (days - 1) * series->steps_per_day + i + 1;
      gsize at = origin + ahead - 1;
      Try try_ = { number };

      if ((series->known != NULL && series->known[at] == 0) || !tw_naive (series, origin, at, &try_.naive))
        continue;
      try_.value = series->values[at];
      try_.model = MAX (tw_holt_winters_ahead (model, series, ahead), 0);
      g_array_append_val (tries, try_);
    }
  return tries->len > before;
}

/* Whole days apart, the last as late as can be checked. */
static guint
try_origins (const TwSeries *series, guint days, GArray *tries)
{
  gsize reach = (gsize) days * series->steps_per_day, first = (gsize) LEAST_PERIODS * series->period, apart;
  guint n = 0;

  if (series->n < first + reach)
    return 0;
  apart = (series->n - reach - first) / series->steps_per_day / (MOST_ORIGINS - 1);
  apart = MAX (apart, 1) * series->steps_per_day;
  for (gsize i = 0; i < MOST_ORIGINS && first + i * apart + reach <= series->n; i++)
    n += try_origin (series, series->n - reach - i * apart, days, n, tries);
  return n;
}

static double
mean_error (const GArray *tries, Method method)
{
  double sum = 0;

  for (guint i = 0; i < tries->len; i++)
    sum += fabs (g_array_index (tries, Try, i).value - method (&g_array_index (tries, Try, i)));
  return sum / tries->len;
}

/* Ascending, of all origins but one; G_MAXUINT: of all. */
static guint
missed (const GArray *tries, Method method, guint but, double *errors)
{
  guint n = 0;

  for (guint i = 0; i < tries->len; i++)
    {
      const Try *try_ = &g_array_index (tries, Try, i);

      if (try_->origin != but)
        errors[n++] = try_->value - method (try_);
    }
  qsort (errors, n, sizeof *errors, tw_ascending);
  return n;
}

static double
pinball (const GArray *tries, Method method, double share)
{
  g_autofree double *errors = g_new (double, tries->len);
  guint origin = G_MAXUINT, n = 0;
  double sum = 0;

  for (guint i = 0; i < tries->len; i++)
    {
      const Try *try_ = &g_array_index (tries, Try, i);
      double quantile, distance;

      if (try_->origin != origin)
        n = missed (tries, method, origin = try_->origin, errors);
      quantile = MAX (method (try_) + tw_quantile (errors, n, share), 0);
      distance = try_->value - quantile;
      sum += distance >= 0 ? share * distance : (share - 1) * distance;
    }
  return sum / tries->len;
}

void
tw_back_test (const TwSeries *series, TwHorizon *horizon)
{
  g_autoptr (GArray) tries = g_array_new (FALSE, FALSE, sizeof (Try));
  g_autofree double *errors = NULL;
  Method method;
  guint n;

  horizon->n_origins = try_origins (series, horizon->days, tries);
  if (horizon->n_origins < TW_FORECAST_ORIGINS)
    {
      horizon->refusal = TW_REFUSAL_FEW_ORIGINS;
      return;
    }
  horizon->mae = mean_error (tries, by_model);
  horizon->naive_mae = mean_error (tries, by_baseline);
  horizon->mase = horizon->naive_mae > 0 ? MIN (horizon->mae / horizon->naive_mae, G_MAXDOUBLE) : G_MAXDOUBLE;
  horizon->uses_model = horizon->mase < 1;
  horizon->pinball_10 = pinball (tries, by_model, 0.1);
  horizon->pinball_90 = pinball (tries, by_model, 0.9);
  horizon->naive_pinball_10 = pinball (tries, by_baseline, 0.1);
  horizon->naive_pinball_90 = pinball (tries, by_baseline, 0.9);
  method = horizon->uses_model ? by_model : by_baseline;
  errors = g_new (double, tries->len);
  n = missed (tries, method, G_MAXUINT, errors);
  horizon->low = tw_quantile (errors, n, 0.1);
  horizon->high = tw_quantile (errors, n, 0.9);
}
