/* SPDX-License-Identifier: Apache-2.0 */
/* A question that needs more of each session than the cells keep. It is shown every row that is used, and adds up what
 * it wants to know, in memory that does not grow with the rows. Each part of the analysis has sums of its own, which
 * only the part's thread touches; they become one at the close, when names have their ranks. Rows come in any order.
 */
#pragma once

#include "payment/analytics/budget.h"
#include "payment/analytics/session-row.h"

typedef struct
{
  const TwSessionRow *row;       /* as the gate let it through */
  guint32    port, tariff;       /* the part's numbers */
  GTimeZone *zone;               /* of the site; the same pointer for the same site */
  gint32     start_hour;         /* local: days since 1970 * 24 + hour of the day */
  gint32     end_day;            /* local, on which it ended; of an open one: unknown, 0 */
} TwTakenRow;

/* From a part's numbers to those of the analysis. */
typedef struct { const guint32 *ports, *tariffs; } TwRanks;

typedef struct
{
  gpointer (*begin) (gpointer self, TwBudget *budget);                    /* sums of one part */
  void     (*take)  (gpointer sums, const TwTakenRow *row);
  void     (*merge) (gpointer self, gpointer sums, const TwRanks *ranks);
  void     (*free)  (gpointer sums);
} TwAccumulatorClass;

typedef struct { const TwAccumulatorClass *class_; gpointer self; } TwAccumulator;
