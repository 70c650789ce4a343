/* SPDX-License-Identifier: Apache-2.0 */
/* Block bootstrap: how far a figure would move had other days, or weeks, been drawn (facts/analytics.md, sections 8.2
 * and 9). Circular blocks of consecutive units, so that what hangs together in time stays together.
 *
 * The 95 % interval is the percentile interval with its levels widened as Hesterberg does for small samples (What
 * Teachers Should Know About the Bootstrap, 2015, section 5.3): plain percentiles of few blocks are too narrow.
 */
#pragma once

#include "payment/analytics/models/models.h"

#define TW_BOOTSTRAP_DRAWS 1000
#define TW_BOOTSTRAP_BLOCKS 4 /* fewer tell nothing about their spread */

typedef struct
{
  guint64 seed;  /* stored with the result: the same seed repeats it */
  guint n_draws; /* 100 … 100000; 1000 is the house's */
  guint block;   /* units in a block: 7 days, or 1 week */
} TwBootstrap;

/* drawn: indices into the first group of units, then into the second…, as many as each has. Sets all values; FALSE if
 * the figure does not exist for such units. */
typedef gboolean (*TwStatistic) (gpointer data, const guint32 *drawn, double *values);

/* The figures of the units as they are, and their intervals. Groups (before, after) are drawn each for itself. A draw
 * without a figure is left out; more than one in twenty of them, and there is no interval: TW_REFUSAL_NO_SOLUTION. */
TwRefusal tw_bootstrap (const TwBootstrap *self,
                        const guint32     *sizes,
                        guint              n_sizes,
                        TwStatistic        statistic,
                        gpointer           data,
                        guint              n_values,
                        TwEstimate        *estimates);
