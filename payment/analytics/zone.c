/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/zone.h"

#include "payment/analytics/stretches.h"

/* Spans end here at the latest, so that what is found depends on nothing that was asked before: over a year. */
#define CHUNK ((gint64) 1 << 25)
/* No clock is further from UTC. */
#define FAR (26 * 3600)

static int
interval_at (TwZone *self,
             gint64  second)
{
  return g_time_zone_find_interval (self->zone, G_TIME_TYPE_UNIVERSAL, second);
}

/* The instant between inside and outside at which the interval ends, seen from inside. */
static gint64
edge (TwZone *self,
      gint64  inside,
      gint64  outside)
{
  int interval = interval_at (self, inside);

  while (ABS (outside - inside) > 1)
    {
      gint64 middle = inside + (outside - inside) / 2;

      if (interval_at (self, middle) == interval)
        inside = middle;
      else
        outside = middle;
    }
  return MAX (inside, outside);
}

static TwSpan
span_around (TwZone *self,
             gint64  second)
{
  gint64 first = tw_floor_div (second, CHUNK) * CHUNK, last = first + CHUNK - 1;
  int interval = interval_at (self, second);

  return (TwSpan) { interval_at (self, first) == interval ? first : edge (self, second, first),
                    interval_at (self, last) == interval ? last + 1 : edge (self, second, last),
                    interval >= 0 ? g_time_zone_get_offset (self->zone, interval) : 0 };
}

TwZone *
tw_zone_new (const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier (name);
  TwZone *self;
  TwSpan span;

  if (zone == NULL)
    return NULL;
  self = g_new0 (TwZone, 1);
  self->name = g_strdup (name);
  self->zone = zone;
  self->spans = g_array_new (FALSE, FALSE, sizeof (TwSpan));
  span = span_around (self, 0);
  g_array_append_val (self->spans, span);
  return self;
}

void
tw_zone_free (TwZone *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_time_zone_unref (self->zone);
  g_array_unref (self->spans);
  g_free (self);
}

const TwSpan *
tw_zone_find (TwZone *self,
              gint64  second)
{
  guint low = 0, high = self->spans->len;
  TwSpan span;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->spans, TwSpan, middle).until <= second)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == self->spans->len || g_array_index (self->spans, TwSpan, low).from > second)
    {
      span = span_around (self, second);
      g_array_insert_val (self->spans, low, span);
    }
  self->last = low;
  return &g_array_index (self->spans, TwSpan, low);
}

/* Where the span that begins at this instant, or has begun, shows such times; moves on to its end. */
static TwStretch
step (TwZone *self,
      gint64  local_from,
      gint64  local_until,
      gint64 *at,
      gint64  end)
{
  const TwSpan *span = tw_zone_span (self, *at);
  TwStretch found = { MAX (*at, local_from - span->offset), 0 };

  *at = MIN (end, span->until);
  found.until = MIN (*at, local_until - span->offset);
  return found;
}

void
tw_zone_stretches (TwZone *self,
                   gint64  local_from,
                   gint64  local_until,
                   gint64  from,
                   gint64  until,
                   GArray *list)
{
  gint64 at = MAX (from, local_from - FAR), end = MIN (until, local_until + FAR);

  while (at < end)
    {
      TwStretch found = step (self, local_from, local_until, &at, end);

      if (found.from < found.until)
        g_array_append_val (list, found);
    }
}

gint64
tw_zone_elapsed (TwZone *self,
                 gint64  local_from,
                 gint64  local_until,
                 gint64  from,
                 gint64  until)
{
  gint64 at = MAX (from, local_from - FAR), end = MIN (until, local_until + FAR), sum = 0;

  while (at < end)
    {
      TwStretch found = step (self, local_from, local_until, &at, end);

      sum += MAX (0, found.until - found.from);
    }
  return sum;
}
