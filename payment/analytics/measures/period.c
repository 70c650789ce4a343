/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/period.h"

#include "payment/analytics/measures/calendar.h"

static gint32
first_day_of_data (const TwAnalysis *analysis)
{
  gsize n;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);
  gint32 first = G_MAXINT32;

  for (gsize i = 0; i < n; i++)
    first = MIN (first, cells[i].day);
  return first;
}

guint
tw_periods (const TwAnalysis *analysis,
            TwPeriod         *periods)
{
  gint32 from = tw_analysis_first_day (analysis), to = tw_analysis_end_day (analysis);
  gint32 data = first_day_of_data (analysis);
  guint n = 0;

  periods[n++] = (TwPeriod) { "window", from, to };
  if ((gint64) from - (to - from) >= data)
    periods[n++] = (TwPeriod) { "before", from - (to - from), from };
  if (tw_day_year_before (from) >= data && tw_day_year_before (from) < from)
    periods[n++] = (TwPeriod) { "year_before", tw_day_year_before (from), tw_day_year_before (to) };
  return n;
}
