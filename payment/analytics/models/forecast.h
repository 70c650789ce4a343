/* SPDX-License-Identifier: Apache-2.0 */
/* What the next days bring, and how wrong such forecasts were (facts/analytics.md, section 10).
 *
 * Baseline: the same hour, or day, of the last week that is known. Model: Holt-Winters (holt-winters.h).
 * Both are tried from up to 60 origins in the past, each knowing only what was before it; the model is used for a
 * horizon only if it was better. Its interval is of what it missed there: 80 %, from the 10 % and 90 % quantiles.
 *
 *   MASE = mean |error| of the model / mean |error| of the baseline, same origins and days
 *   pinball of a quantile q at share p: p (y - q) where y >= q, else (1 - p) (q - y); an origin's q is of the others
 */
#pragma once

#include "payment/analytics/models/models.h"

#define TW_FORECAST_DAYS 28u
#define TW_FORECAST_HORIZONS 3u /* 1, 7 and 28 days ahead: the errors are those of all hours of that day */
#define TW_FORECAST_ORIGINS 8u  /* the fewest */

/* Sessions, kWh or revenue, a step after the other without a step left out. |values| up to 1e15. */
typedef struct
{
  const double *values;
  const guint8 *known;  /* NULL: all. 0: a gap (no data, an outage, not yet open), and not a 0 */
  gsize n;              /* up to 1000000 */
  guint period;         /* 7 of days, 168 of hours: at least 2 */
  guint steps_per_day;  /* 1 or 24; divides period */
} TwSeries;

typedef struct
{
  guint days;
  TwRefusal refusal;        /* FEW_ORIGINS: not tested, so the baseline without interval */
  guint n_origins;
  double mae, naive_mae;
  double mase;              /* G_MAXDOUBLE if the baseline never erred */
  double pinball_10, pinball_90, naive_pinball_10, naive_pinball_90;
  gboolean uses_model;      /* FALSE: the baseline is as good, or not tested */
  double low, high;         /* quantiles of what the one in use missed: y - forecast */
} TwHorizon;

/* A day takes method and interval of the first horizon that reaches it. Nothing is below 0. */
typedef struct
{
  double value, low, high;
  double naive;            /* the baseline, always shown */
  gboolean of_model, has_interval;
} TwForecastStep;

typedef struct
{
  TwRefusal refusal;
  TwHorizon horizons[TW_FORECAST_HORIZONS];
  TwForecastStep *steps;
  gsize n_steps;
} TwForecast;

/* n_days: 1 … 28 after the series' end. */
TwForecast *tw_forecast_new (const TwSeries *series, guint n_days);
void tw_forecast_free (TwForecast *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwForecast, tw_forecast_free)
