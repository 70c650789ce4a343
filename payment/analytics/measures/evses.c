/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/evses.h"

#include <string.h>

static void
evse_free (gpointer data)
{
  TwEvse *self = data;

  g_array_unref (self->times);
  g_array_unref (self->spans);
  g_clear_pointer (&self->open, g_array_unref);
  g_free (self);
}

static TwUpState
up_state_of (TwPortState state)
{
  switch (state)
    {
    case TW_PORT_AVAILABLE:
      return TW_UP_AVAILABLE;
    case TW_PORT_CHARGING:
      return TW_UP_CHARGING;
    case TW_PORT_RESERVED:
      return TW_UP_RESERVED;
    case TW_PORT_BLOCKED:
      return TW_UP_BLOCKED;
    case TW_PORT_INOPERATIVE:
      return TW_UP_INOPERATIVE;
    case TW_PORT_OUT_OF_ORDER:
      return TW_UP_OUT_OF_ORDER;
    case TW_PORT_UNKNOWN:
    case TW_N_PORT_STATES:
    default:
      return TW_UP_UNKNOWN;
    }
}

/* As long as one of its connectors was there. */
static TwStretch
there_of (const TwAnalysis *analysis,
          guint             first,
          guint             end)
{
  TwStretch there = tw_analysis_there (analysis, first);

  for (guint port = first + 1; port < end; port++)
    {
      TwStretch more = tw_analysis_there (analysis, port);

      there = (TwStretch) { MIN (there.from, more.from), MAX (there.until, more.until) };
    }
  return there;
}

static void
add_span (GArray    *spans,
          gint64     from,
          gint64     until,
          TwUpState  state,
          gboolean   excluded)
{
  TwUpSpan span = { { from, until }, state, excluded };

  if (until > from)
    g_array_append_val (spans, span);
}

static void
add_times (TwEvse    *self,
           GArray    *times,
           TwStretch  there)
{
  for (guint i = 0; i < times->len; i++)
    {
      TwPortTime time = *tw_port_times_at (times, i);

      time.from = MAX (time.from, there.from);
      time.until = MIN (time.until, there.until);
      add_span (self->spans, time.from, time.until, up_state_of (time.state), time.excluded);
      if (time.until > time.from)
        g_array_append_val (self->times, time);
    }
}

/* Those of its connectors; NULL: one of them is always open. */
static GArray *
open_of (const TwAnalysis *analysis,
         guint             first,
         guint             end,
         gint64            from,
         gint64            until)
{
  g_autoptr (GArray) all = tw_stretches_new ();
  GArray *open;

  for (guint port = first; port < end; port++)
    {
      g_autoptr (GArray) more = tw_analysis_hours_within (analysis, port, from, until);
      GArray *both;

      if (more == NULL)
        return NULL;
      both = tw_stretches_unite (all, more);
      g_array_unref (all);
      all = both;
    }
  open = g_array_new (FALSE, FALSE, sizeof (TwSpan));
  for (guint i = 0; i < all->len; i++)
    {
      TwSpan span = { tw_stretches_at (all, i)->from, tw_stretches_at (all, i)->until };

      g_array_append_val (open, span);
    }
  return open;
}

static TwEvse *
evse_of (const TwAnalysis *analysis,
         const TwPort     *ports,
         guint             first,
         guint             end,
         TwStretch         there,
         TwStretch         range)
{
  TwEvse *self = g_new0 (TwEvse, 1);
  g_autoptr (GArray) times = tw_analysis_states (analysis, first);

  self->site = ports[first].site;
  self->name = ports[first].evse;
  self->rated_power_w = TW_UNKNOWN;
  for (guint port = first; port < end; port++)
    self->rated_power_w = MAX (self->rated_power_w, ports[port].rated_power_w);
  self->times = g_array_new (FALSE, FALSE, sizeof (TwPortTime));
  self->spans = g_array_new (FALSE, FALSE, sizeof (TwUpSpan));
  self->open = open_of (analysis, first, end, range.from, range.until);
  add_span (self->spans, range.from, MIN (range.until, there.from), TW_UP_ABSENT, FALSE);
  add_times (self, times, there);
  add_span (self->spans, MAX (range.from, there.until), range.until, TW_UP_ABSENT, FALSE);
  return self;
}

GPtrArray *
tw_evses_new (const TwAnalysis *analysis,
              gint64            from,
              gint64            until)
{
  GPtrArray *evses = g_ptr_array_new_with_free_func (evse_free);
  guint n;
  const TwPort *ports = tw_analysis_ports (analysis, &n);

  for (guint first = 0, end; first < n; first = end)
    {
      TwStretch there;

      for (end = first + 1; end < n && ports[end].site == ports[first].site
                            && strcmp (ports[end].evse, ports[first].evse) == 0; )
        end++;
      there = there_of (analysis, first, end);
      if (there.from < until && there.until > from)
        g_ptr_array_add (evses, evse_of (analysis, ports, first, end, there, (TwStretch) { from, until }));
    }
  return evses;
}

TwUptimePayment
tw_evse_payment (const TwEvse *self,
                 gint64        from,
                 gint64        until)
{
  g_autoptr (GArray) told = g_array_new (FALSE, FALSE, sizeof (TwSpan));
  g_autoptr (GArray) able = g_array_new (FALSE, FALSE, sizeof (TwSpan));

  for (guint i = 0; i < self->times->len; i++)
    {
      const TwPortTime *time = tw_port_times_at (self->times, i);
      TwSpan span = { MAX (from, time->from), MIN (until, time->until) };

      if (span.end_s <= span.start_s || (time->payment != TW_PAYMENT_OPEN && time->payment != TW_PAYMENT_CLOSED))
        continue;
      g_array_append_val (told, span);
      if (time->payment == TW_PAYMENT_OPEN)
        g_array_append_val (able, span);
    }
  return tw_uptime_payment ((const TwSpan *[]) { (const TwSpan *) (gconstpointer) able->data }, (gsize[]) { able->len },
                            1, (const TwSpan *) (gconstpointer) told->data, told->len);
}
