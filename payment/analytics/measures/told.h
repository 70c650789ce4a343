/* SPDX-License-Identifier: Apache-2.0 */
/* The time that uptime is told of: twelve months, and who is told of in them. All EVSEs are measured over the same
 * instants, of the report's time zone. This folder's own.
 */
#pragma once

#include "payment/analytics/figure.h"
#include "payment/analytics/measures/evses.h"

/* [from, until): the twelve months until the end of the window, or of the states if that is earlier. Whole days,
 * because clocks of two years need not agree at the same day of the year. from_day <= day < to_day: the same, for
 * visits. */
typedef struct
{
  const TwAnalysis *analysis;
  GTimeZone        *zone;
  gint64            from, until;
  gint32            from_day, to_day;
} TwMonths;

/* Clear with g_auto. */
TwMonths     tw_months_of (const TwAnalysis *analysis);
void         tw_months_clear (TwMonths *self);
gint64       tw_months_begin_of_day (const TwMonths *self, gint32 day);

/* Those of some EVSEs of which something is told in a time; ports: of TwUpPort, borrowed from them. payment_s: seconds
 * of which is told whether one could pay; paid_s: of those, in which one could. */
typedef struct { GArray *ports; guint n_untold, n_failing; gint64 paid_s, payment_s; } TwTold;

/* evses: n of TwEvse. Clear with g_auto. */
TwTold       tw_told_of (gpointer *evses, guint n, gint64 from, gint64 until);
void         tw_told_clear (TwTold *self);
TwUptimeNevi tw_told_nevi (const TwTold *self, gint64 from, gint64 until);
const char  *tw_uptime_verdict_name (TwUptimeVerdict verdict);

/* Excluded outages are as good as up. */
static inline gint64
tw_nevi_good_s (const TwUptimeNevi *nevi)
{
  return nevi->observed_s - nevi->outage_s + nevi->excluded_s;
}

/* Of a percentage. */
static inline TwCell
tw_percent_cell (gboolean known, double percent)
{
  return known ? tw_cell_number (percent / 100) : tw_cell_none ();
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwMonths, tw_months_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwTold, tw_told_clear)
