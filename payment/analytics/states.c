/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/states.h"

#include "payment/analytics/analysis-private.h"
#include "payment/analytics/opening-hours.h"

#include <string.h>

static int
compare_word (TwText  a,
              TwWord  b)
{
  int order = memcmp (a.text, b.text, MIN (a.n, b.n));

  return order != 0 ? order : a.n < b.n ? -1 : a.n > b.n;
}

static guint
first_event_of (const TwAnalysis *self,
                TwWord            evse)
{
  guint low = 0, high = self->events->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (compare_word (g_array_index (self->events, TwEventRow, middle).evse, evse) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static int
compare (gint64 a,
         gint64 b)
{
  return a < b ? -1 : a > b;
}

/* The last one of an instant holds. */
static int
by_time (gconstpointer a,
         gconstpointer b)
{
  const TwEventRow *one = *(const TwEventRow *const *) a, *other = *(const TwEventRow *const *) b;
  int order = compare (one->at, other->at);

  if (order == 0)
    order = compare (one->excluded, other->excluded);
  if (order == 0)
    order = compare (one->state, other->state);
  if (order == 0)
    order = compare (one->until, other->until);
  if (order == 0)
    order = compare (one->payment, other->payment);
  return order != 0 ? order : strcmp (one->reason.text, other->reason.text);
}

/* Those of the port's EVSE, of const TwEventRow *, in time. A list of states need not name the site. */
static GPtrArray *
events_of (const TwAnalysis *self,
           const TwPlace    *place)
{
  TwWord site = g_array_index (self->sites, TwSite, place->site).name;
  GPtrArray *events = g_ptr_array_new ();

  for (guint i = first_event_of (self, place->evse); i < self->events->len; i++)
    {
      TwEventRow *event = &g_array_index (self->events, TwEventRow, i);

      if (compare_word (event->evse, place->evse) != 0)
        break;
      if (event->site.n == 0 || compare_word (event->site, site) == 0)
        g_ptr_array_add (events, event);
    }
  g_ptr_array_sort (events, by_time);
  return events;
}

static gint64
seconds (gint64 us)
{
  return tw_floor_div (us, SECOND_US);
}

/* What one source said of paying holds beside what another one says of the state, as long as it is said for. */
typedef struct { TwPayment payment; gint64 until; } Paying;

static TwPayment
payment_of (Paying           *paying,
            const TwEventRow *event,
            gint64            until)
{
  if (event->payment != TW_PAYMENT_SAME)
    *paying = (Paying) { event->payment, event->until != 0 ? seconds (event->until) : G_MAXINT64 };
  return until <= paying->until ? paying->payment : TW_PAYMENT_UNKNOWN;
}

GArray *
tw_analysis_states (const TwAnalysis *self,
                    guint32           port)
{
  g_autoptr (GPtrArray) events = events_of (self, &g_array_index (self->places, TwPlace, port));
  GArray *times = g_array_new (FALSE, FALSE, sizeof (TwPortTime));
  Paying paying = { TW_PAYMENT_UNKNOWN, G_MAXINT64 };

  for (guint i = 0; i < events->len; i++)
    {
      const TwEventRow *event = g_ptr_array_index (events, i);
      const TwEventRow *next = i + 1 < events->len ? g_ptr_array_index (events, i + 1) : NULL;
      TwPortTime time = { .from = seconds (event->at), .until = self->states_end_s, .state = event->state,
                          .excluded = event->excluded, .reason = event->reason.text };

      if (next != NULL)
        time.until = MIN (time.until, seconds (next->at));
      if (event->until != 0)
        time.until = MIN (time.until, seconds (event->until));
      time.payment = payment_of (&paying, event, time.until);
      if (time.until > time.from)
        g_array_append_val (times, time);
    }
  return times;
}

gint64
tw_analysis_states_end (const TwAnalysis *self)
{
  return self->states_end_s;
}

GArray *
tw_analysis_hours_within (const TwAnalysis *self,
                          guint32           port,
                          gint64            from,
                          gint64            until)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);
  g_autoptr (TwOpeningHours) hours = place->hours ? tw_opening_hours_parse (place->hours, NULL) : NULL;

  return hours ? tw_opening_hours_stretches (hours, tw_analysis_zone_of (self, place->site), from, until) : NULL;
}

TwStretch
tw_analysis_there (const TwAnalysis *self,
                   guint32           port)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, port);
  TwStretch there = { G_MININT64, G_MAXINT64 };

  if (place->commissioned != TW_UNKNOWN)
    there.from = seconds (place->commissioned);
  if (place->decommissioned != TW_UNKNOWN)
    there.until = MAX (there.from, seconds (place->decommissioned));
  return there;
}
