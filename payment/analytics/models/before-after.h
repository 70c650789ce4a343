/* SPDX-License-Identifier: Apache-2.0 */
/* A price was changed in some hours or at some sites and kept in others: difference in differences (facts/analytics.md,
 * section 8.2). An estimate under parallel trends: the control tells what would have happened anyway.
 *
 *   effect = (ln T1 - ln T0) - (ln C1 - ln C0)    T, C: mean daily quantity of treated and control; 0 before, 1 after
 *   elasticity = effect / ln (p1 / p0)
 *
 * The logarithm is of the mean and not the mean of logarithms, so that a day without sales is a day. The intervals come
 * from drawing blocks of days before and after, treated and control of a day together.
 */
#pragma once

#include "payment/analytics/models/bootstrap.h"

/* A local day; days in order, those before the change first. */
typedef struct { double treated, control; } TwDayPair;

typedef struct
{
  const TwDayPair *before, *after;
  guint32 n_before, n_after;     /* FEW_DAYS: less than 4 blocks on either side */
  double price_before, price_after;
} TwBeforeAfterCase;

typedef struct
{
  TwRefusal refusal;             /* FEW_PRICES: they are the same. NO_SOLUTION: a side sold nothing. */
  TwEstimate effect;             /* change of ln quantity */
  TwEstimate elasticity;
  gboolean trend_known;          /* 4 full weeks before, each with sales on both sides */
  TwEstimate trend;              /* slope of ln (T / C) a week before the change */
  gboolean trends_differ;        /* 0 lies outside of it: warn */
} TwBeforeAfter;

/* boot->block in days: 7 keeps weekdays together. */
TwBeforeAfter tw_before_after (const TwBeforeAfterCase *self, const TwBootstrap *boot);

/* For the plot: ln (T / C) of full weeks, counted from the change: the last before it is [n_weeks - 1], the first after
 * it [0]. FALSE in known: nothing sold on a side. Both have n_days / 7 places. */
void tw_before_after_weeks (const TwDayPair *days, guint32 n_days, gboolean are_before, double *ratios,
                            gboolean *known);
