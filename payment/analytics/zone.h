/* SPDX-License-Identifier: Apache-2.0 */
/* Local time of a place, fast: the stretches of time with one offset are looked for once and kept. Seconds since 1970;
 * a local second is what a clock on the wall would call it. One thread for one zone.
 */
#pragma once

#include <glib.h>

/* [from, until) in UTC has this offset; it may have it beyond. */
typedef struct { gint64 from, until; gint32 offset; } TwSpan;

typedef struct { char *name; GTimeZone *zone; GArray *spans; guint last; } TwZone;

/* NULL: there is no such zone. */
TwZone       *tw_zone_new  (const char *name);
void          tw_zone_free (TwZone *self);
const TwSpan *tw_zone_find (TwZone *self, gint64 second);
/* Adds, as TwStretch and in no order, when in [from, until) the local time is in [local_from, local_until). */
void          tw_zone_stretches (TwZone *self, gint64 local_from, gint64 local_until, gint64 from, gint64 until,
                                 GArray *list);
/* Elapsed seconds of [from, until) in UTC in which the local time is in [local_from, local_until). */
gint64        tw_zone_elapsed (TwZone *self, gint64 local_from, gint64 local_until, gint64 from, gint64 until);

static inline gint64
tw_floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

static inline const TwSpan *
tw_zone_span (TwZone *self, gint64 second)
{
  const TwSpan *span = &g_array_index (self->spans, TwSpan, self->last);

  return second >= span->from && second < span->until ? span : tw_zone_find (self, second);
}

/* Local days and hours since 1970. */
static inline gint32
tw_zone_day (TwZone *self, gint64 second)
{
  return tw_floor_div (second + tw_zone_span (self, second)->offset, 86400);
}

static inline gint32
tw_zone_hour (TwZone *self, gint64 second)
{
  return tw_floor_div (second + tw_zone_span (self, second)->offset, 3600);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwZone, tw_zone_free)
