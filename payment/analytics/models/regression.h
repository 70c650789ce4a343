/* SPDX-License-Identifier: Apache-2.0 */
/* How demand goes with price, from hours of many sites (facts/analytics.md, section 8.1). An association, not a cause.
 *
 *   Poisson: E q = exp (b ln p + flags + site + weekday-hour + month), by Newton's method; hours with q = 0 count.
 *            q needs no Poisson distribution: the standard errors do not lean on it.
 *   log-log: ln q = the same, by least squares, over hours with q > 0
 *
 * Prices must be what drivers were asked for, such as a tariff's: an amount / energy of the same hour holds q in its
 * divisor, and finds an elasticity where there is none. Prices within 1 % of each other count as one.
 *
 * b is the elasticity: 1 % more price goes with b % more demand. Fixed effects are solved for exactly. Standard errors
 * are clustered by site-day: V = H^-1 (sum over clusters of s s') H^-1 with the factor G / (G - 1) (N - 1) / (N - K) of
 * G clusters, N rows and K coefficients, and the 95 % interval takes Student's t of G - 1.
 */
#pragma once

#include "payment/analytics/models/models.h"

#define TW_DEMAND_FLAGS 8u
#define TW_DEMAND_CLUSTERS 30u
#define TW_DEMAND_LEVELS 4096u /* sites and months together */
#define TW_DEMAND_WEEK_HOURS 168u

typedef enum { TW_REGRESSION_POISSON, TW_REGRESSION_LOG_LOG } TwRegressionModel;

/* A row is one site in one local hour; rows in any order. */
typedef struct
{
  gsize n;
  const double *quantity;  /* kWh or starts, 0 or more */
  const double *price;     /* per kWh or per session, any currency, 0 or more; at 0 there is no ln p: left out */
  const guint32 *site;     /* 0 … n_sites - 1 */
  const guint32 *day;      /* any number of the local day */
  const guint8 *week_hour; /* 0 … 167 */
  const guint16 *month;    /* 0 … n_months - 1; of the year or of all time, as the caller wants the season */
  guint n_sites, n_months;
  const guint8 *excluded;  /* NULL, or not 0 where the connectors were limiting (congestion above 5 %) */
  const double *flags;     /* NULL, or n rows of n_flags: weather, holiday */
  guint n_flags;           /* at most TW_DEMAND_FLAGS */
} TwDemand;

typedef struct { TwEstimate estimate; double error; } TwCoefficient; /* error: standard error */

typedef struct
{
  TwRefusal refusal;
  TwCoefficient elasticity;
  TwCoefficient flags[TW_DEMAND_FLAGS]; /* change of ln q for each */
  gsize n;          /* rows used */
  gsize n_clusters;
  gsize n_excluded; /* left out: limited by the connectors */
  gsize n_free;     /* left out: no price */
  gsize n_empty;    /* left out: no demand there at all (Poisson), or in that hour (log-log) */
  guint n_rounds;   /* of Newton's method */
} TwRegression;

TwRegression tw_regression (const TwDemand *demand, TwRegressionModel model);
