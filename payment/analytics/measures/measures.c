/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/measures.h"

/* In the order of the report; what to do comes last, because it looks at the others. */
static const TwMeasure ALL[] = {
  tw_measure_overview, tw_measure_utilisation, tw_measure_heat, tw_measure_dwell, tw_measure_trend,
  tw_measure_money, tw_measure_holds, tw_measure_funnel, tw_measure_customers, tw_measure_segments,
  tw_measure_offers, tw_measure_congestion, tw_measure_prices, tw_measure_forecast, tw_measure_quality,
  tw_measure_alerts,
};

void
tw_measure_all (const TwAnalysis *analysis,
                GPtrArray        *figures)
{
  for (guint i = 0; i < G_N_ELEMENTS (ALL); i++)
    ALL[i] (analysis, figures);
}
