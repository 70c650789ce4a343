/* SPDX-License-Identifier: Apache-2.0 */
/* When all was taken: the time in which some port of the site worked, less the time in which any that worked was free
 * (facts, analytics.md section 2). A list less a list takes one walk over both, so a site takes one walk over its rows.
 */
#include "payment/analytics/cut.h"

static GArray *
occupied (const TwShortRow *rows,
          gsize             n)
{
  GArray *list = tw_stretches_new ();

  for (gsize i = 0; i < n; i++)
    tw_stretches_append (list, rows[i].start_s, (gint64) rows[i].start_s + rows[i].occupied_s);
  return list;
}

static void
add_hours (TwCut           *cut,
           const TwStretch *taken)
{
  TwZone *zone = tw_cut_zone (cut);

  for (gint64 at = taken->from, next; at < taken->until; at = next)
    {
      const TwSpan *span = tw_zone_span (zone, at);
      gint32 hour = tw_floor_div (at + span->offset, HOUR_S);

      next = MIN (MIN (taken->until, span->until), ((gint64) hour + 1) * HOUR_S - span->offset);
      tw_cut_hour (cut, hour)->all_busy_s += next - at;
    }
}

void
tw_sweep_site (TwCut             *cut,
               const TwSweepPort *ports,
               guint              n)
{
  GArray *taken = tw_stretches_new ();

  for (guint i = 0; i < n; i++)
    {
      GArray *more = tw_stretches_unite (taken, ports[i].working);

      g_array_unref (taken);
      taken = more;
    }
  for (guint i = 0; i < n && taken->len > 0; i++)
    {
      g_autoptr (GArray) busy = occupied (ports[i].rows, ports[i].n);
      g_autoptr (GArray) idle = tw_stretches_subtract (ports[i].working, busy);
      GArray *less = tw_stretches_subtract (taken, idle);

      g_array_unref (taken);
      taken = less;
    }
  for (guint i = 0; i < taken->len; i++)
    add_hours (cut, tw_stretches_at (taken, i));
  g_array_unref (taken);
}

void
tw_sweep_all (const TwAnalysis *self,
              TwCut            *cut,
              guint32           first_port,
              guint32           end_port,
              const gsize      *starts)
{
  g_autofree TwSweepPort *ports = g_new (TwSweepPort, end_port - first_port);

  for (guint32 port = first_port; port < end_port; port++)
    ports[port - first_port] = (TwSweepPort) { tw_table_at (&self->sums.rows, starts[port]),
                                               starts[port + 1] - starts[port], self->openings[port].working };
  tw_sweep_site (cut, ports, end_port - first_port);
}
