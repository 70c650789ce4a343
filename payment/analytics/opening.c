/* SPDX-License-Identifier: Apache-2.0 */
/* When a port was open: what shares of time are of. */
#include "payment/analytics/analysis-private.h"

/* Instants between which the port stood there. */
static TwPortSpan
span_of (const TwAnalysis *self,
         guint32           port,
         gboolean         *estimated)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);
  TwPortSpan span = { G_MININT64, self->as_of_s };

  *estimated = !place->listed;
  if (!place->listed)
    return self->spans[port];
  if (place->commissioned != TW_UNKNOWN)
    span.from_s = tw_floor_div (place->commissioned, SECOND_US);
  if (place->decommissioned != TW_UNKNOWN)
    span.until_s = MIN (span.until_s, tw_floor_div (place->decommissioned, SECOND_US));
  return span;
}

gint64
tw_analysis_open_between_s (const TwAnalysis *self,
                            guint32           port,
                            gint32            from,
                            gint32            to,
                            gboolean         *estimated)
{
  TwZone *zone = tw_analysis_zone_of (self, g_array_index (self->places, TwPlace, port).site);
  TwPortSpan span = span_of (self, port, estimated);

  return tw_zone_elapsed (zone, (gint64) from * DAY_S, (gint64) to * DAY_S, span.from_s, span.until_s);
}

gint64
tw_analysis_open_s (const TwAnalysis *self,
                    guint32           port,
                    gint32            day,
                    gboolean         *estimated)
{
  return tw_analysis_open_between_s (self, port, day, day + 1, estimated);
}

gint64
tw_analysis_hour_s (const TwAnalysis *self,
                    guint32           site,
                    gint32            hour)
{
  return tw_zone_elapsed (tw_analysis_zone_of (self, site), (gint64) hour * HOUR_S, ((gint64) hour + 1) * HOUR_S,
                          G_MININT64, G_MAXINT64);
}
