/* SPDX-License-Identifier: Apache-2.0 */
/* Local time (decision 13): what the clock on the wall says at an instant, and when it next says something that a
 * tariff asks about. In the spring gap a window begins at the first instant after it; in the doubled hour of autumn it
 * applies twice. Both follow from asking the clock, and from looking again whenever its offset changes.
 */
#include "payment/tariff/running.h"

#define DAY_S (24 * 3600)
#define LOOK_AHEAD_S (26 * 3600)

static gint64
floor_divide (gint64 a,
              gint64 b)
{
  return a / b - (a % b < 0);
}

static int
interval_at (const TwTariff *tariff,
             gint64          second)
{
  return g_time_zone_find_interval (tariff->zone, G_TIME_TYPE_UNIVERSAL, second);
}

/* GTimeZone tells which interval an instant is in, but not where the interval ends: that is looked for, to the second,
 * within a little more than a day. */
static void
look_up (const TwTariff *tariff,
         TwOffset       *offset,
         gint64          second)
{
  int interval = interval_at (tariff, second);
  gint64 inside = second, outside = second + LOOK_AHEAD_S;

  offset->offset_s = g_time_zone_get_offset (tariff->zone, interval);
  offset->from_s = second;
  offset->until_s = outside;
  if (interval_at (tariff, outside) == interval)
    return;
  while (outside - inside > 1)
    {
      gint64 middle = inside + (outside - inside) / 2;

      if (interval_at (tariff, middle) == interval)
        inside = middle;
      else
        outside = middle;
    }
  offset->until_s = outside;
}

static void
update (const TwTariff *tariff,
        TwOffset       *offset,
        gint64          second)
{
  if (second < offset->from_s || second >= offset->until_s)
    look_up (tariff, offset, second);
}

TwLocal
tw_local_at (const TwTariff *tariff,
             TwOffset       *offset,
             gint64          wall_ms)
{
  gint64 second = floor_divide (wall_ms, 1000), local, day;

  update (tariff, offset, second);
  local = second + offset->offset_s;
  day = floor_divide (local, DAY_S);

  return (TwLocal) {
    .day = day,
    .second = (gint32) (local - day * DAY_S),
    .weekday = (guint) (((day + 3) % 7 + 7) % 7),   /* 1970-01-01 was a Thursday */
  };
}

static gint32
next_of_day (const TwTariff *tariff,
             gint32          second)
{
  for (guint i = 0; i < tariff->n_day_cuts; i++)
    if (tariff->day_cuts[i] > second)
      return tariff->day_cuts[i];

  return DAY_S;
}

gint64
tw_local_next_cut (const TwTariff *tariff,
                   TwOffset       *offset,
                   gint64          wall_ms)
{
  TwLocal now;
  gint64 second;

  if (tariff->n_day_cuts == 0)
    return TW_NEVER;

  now = tw_local_at (tariff, offset, wall_ms);
  second = floor_divide (wall_ms, 1000) + next_of_day (tariff, now.second) - now.second;

  return MIN (second, offset->until_s) * 1000;
}

gint64
tw_tariff_next_cut_ms (const TwTariff *self,
                       gint64          wall_ms)
{
  TwOffset offset = { 0 };

  return tw_local_next_cut (self, &offset, wall_ms);
}
