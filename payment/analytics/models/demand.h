/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that a regression can use: which are left out and why, and the levels that are left. The room's own. */
#pragma once

#include "payment/analytics/models/regression.h"

#define TW_DEMAND_GROUPS 3u /* site, weekday-hour, month */

typedef struct
{
  const TwDemand *demand;
  gsize n;              /* rows used */
  guint32 *rows;        /* their numbers, ascending */
  double *log_prices;   /* of each of these, less their mean */
  guint32 *clusters;    /* of each of these, 0 … n_clusters - 1 */
  gsize n_clusters;
  /* Level of each row in the design: sites first, then weekday-hours and months but for one of each, which the sites
   * stand for: TW_NO_LEVEL. */
  guint16 *levels[TW_DEMAND_GROUPS];
  guint n_levels;
  double mean_quantity;           /* > 0 */
  double means[TW_DEMAND_FLAGS];  /* of the flags */
} TwDesign;

#define TW_NO_LEVEL G_MAXUINT16

/* Counts what it leaves out in found, and sets found->refusal: then NULL. */
TwDesign *tw_design_new (const TwDemand *demand, TwRegressionModel model, TwRegression *found);
void tw_design_free (TwDesign *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwDesign, tw_design_free)

/* x[0]: ln price, x[1] …: flags, less their means; row counts from 0 to n - 1. */
void tw_design_row (const TwDesign *self, gsize row, double *x);
/* quantity / mean_quantity. */
double tw_design_quantity (const TwDesign *self, gsize row);
