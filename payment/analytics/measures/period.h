/* SPDX-License-Identifier: Apache-2.0 */
/* The window and what it is compared with: as many days before it, and the same days of the year before. A period that
 * the data does not cover whole is not compared. This folder's own.
 */
#pragma once

#include "payment/analytics/analysis.h"

typedef struct { const char *name; gint32 from, to; } TwPeriod;      /* from <= day < to */

#define TW_N_PERIODS 3

/* "window", "before", "year_before"; how many there are. */
guint    tw_periods (const TwAnalysis *analysis, TwPeriod *periods);

static inline gboolean
tw_period_has (const TwPeriod *self, gint32 day)
{
  return day >= self->from && day < self->to;
}
