/* SPDX-License-Identifier: Apache-2.0 */
/* When a port was open, and when it worked: what shares of time are of. */
#include "payment/analytics/analysis-private.h"

#include "payment/analytics/opening-hours.h"
#include "payment/analytics/states.h"

/* Instants between which the port stood there. */
static TwStretch
span_of (const TwAnalysis *self,
         guint32           port,
         gboolean         *estimated)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);
  TwStretch span = { MIN (self->sums.first_s, self->as_of_s), self->as_of_s };

  *estimated = !place->listed;
  if (!place->listed)
    return self->spans[port];
  if (place->commissioned != TW_UNKNOWN)
    span.from = tw_floor_div (place->commissioned, SECOND_US);
  if (place->decommissioned != TW_UNKNOWN)
    span.until = MIN (span.until, tw_floor_div (place->decommissioned, SECOND_US));
  return span;
}

/* When the port's EVSE was out of order. */
static GArray *
outages_of (const TwAnalysis *self,
            guint32           port)
{
  g_autoptr (GArray) times = tw_analysis_states (self, port);
  GArray *list = tw_stretches_new ();

  for (guint i = 0; i < times->len; i++)
    if (tw_port_time_is_outage (tw_port_times_at (times, i)))
      tw_stretches_append (list, tw_port_times_at (times, i)->from, tw_port_times_at (times, i)->until);
  return list;
}

static void
open_port (const TwAnalysis *self,
           guint32           port,
           TwOpening        *opening)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);
  g_autoptr (TwOpeningHours) hours = place->hours ? tw_opening_hours_parse (place->hours, NULL) : NULL;
  g_autoptr (GArray) outages = outages_of (self, port);
  gboolean estimated;
  TwStretch span = span_of (self, port, &estimated);

  if (hours)
    opening->open = tw_opening_hours_stretches (hours, tw_analysis_zone_of (self, place->site), span.from, span.until);
  else
    {
      opening->open = tw_stretches_new ();
      tw_stretches_append (opening->open, span.from, span.until);
    }
  opening->working = tw_stretches_subtract (opening->open, outages);
}

/* After rows were sorted: see TwAnalysis.spans. */
void
tw_analysis_open_ports (TwAnalysis *self)
{
  self->openings = g_new0 (TwOpening, MAX (1, self->places->len));
  for (guint32 port = 0; port < self->places->len; port++)
    open_port (self, port, &self->openings[port]);
}

void
tw_analysis_close_ports (TwAnalysis *self)
{
  for (guint32 port = 0; self->openings && port < self->places->len; port++)
    {
      g_array_unref (self->openings[port].open);
      g_array_unref (self->openings[port].working);
    }
  g_clear_pointer (&self->openings, g_free);
}

/* Of local days; no clock is a day away from UTC by more than two hours. */
static gint64
elapsed (TwZone       *zone,
         const GArray *list,
         gint32        from,
         gint32        to)
{
  gint64 sum = 0, begin = (gint64) from * DAY_S - 26 * HOUR_S, end = (gint64) to * DAY_S + 26 * HOUR_S;
  guint low = 0, high = list->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (tw_stretches_at (list, middle)->until <= begin)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < list->len && tw_stretches_at (list, low)->from < end; low++)
    sum += tw_zone_elapsed (zone, (gint64) from * DAY_S, (gint64) to * DAY_S, tw_stretches_at (list, low)->from,
                            tw_stretches_at (list, low)->until);
  return sum;
}

gint64
tw_analysis_open_between_s (const TwAnalysis *self,
                            guint32           port,
                            gint32            from,
                            gint32            to,
                            gboolean         *estimated)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);

  *estimated = !place->listed;
  return elapsed (tw_analysis_zone_of (self, place->site), self->openings[port].open, from, to);
}

gint64
tw_analysis_working_between_s (const TwAnalysis *self,
                               guint32           port,
                               gint32            from,
                               gint32            to)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);

  return elapsed (tw_analysis_zone_of (self, place->site), self->openings[port].working, from, to);
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
