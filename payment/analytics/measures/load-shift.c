/* SPDX-License-Identifier: Apache-2.0 */
/* How much of each hour's load could have waited: a car that stands there full for an hour after it charged could have
 * charged an hour later, and nobody would have noticed.
 */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/period.h"
#include "payment/analytics/zone.h"

#define DAY_HOURS 24

static const TwColumn COLUMNS[] = {
  { "hour", TW_COLUMN_HOUR, NULL, "of the day, local to the site" },
  { "load", TW_COLUMN_TEXT, NULL, "could wait, had to be then: together all energy of the hour" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "of sessions that ended in the window, spread evenly over each charging time; "
    "could wait: mean power * the lower of charging time in the hour and time full outside of the hour" },
  { "share", TW_COLUMN_SHARE, "1", "energy_wh / energy of the hour" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that charged in the hour; could wait: at least a part of it" },
};

static const TwFigureKind LOAD_SHIFT = {
  "load_shift", "decisions", "Load that could have waited",
  "Energy by the hour in which it was delivered, and how much of it would have fit into the time in which its car "
  "still stood there full, at its own mean power, outside of that hour. Each hour by itself: what leaves one hour "
  "fills another.",
  TW_PICTURE_STACK, "hour", "load", "energy_wh", NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

typedef struct { gint64 all_mwh, movable_mwh, n_all, n_movable; } Hour;

/* [from, until) is what is left of a local hour, without a change of clocks. */
static gint64
end_of_hour (TwZone *zone,
             gint64  second,
             gint64 *begin)
{
  const TwSpan *span = tw_zone_span (zone, second);
  gint64 hour = tw_floor_div (second + span->offset, 3600);

  *begin = MAX (hour * 3600 - span->offset, span->from);
  return MIN ((hour + 1) * 3600 - span->offset, span->until);
}

static gint64
common (gint64 from,
        gint64 until,
        gint64 begin,
        gint64 end)
{
  return MAX (0, MIN (until, end) - MAX (from, begin));
}

static void
add_session (Hour             *hours,
             TwZone           *zone,
             const TwShortRow *row)
{
  gint64 charged = (gint64) row->start_s + row->charge_after_s, full = charged + row->charging_s;
  gint64 left = (gint64) row->start_s + row->occupied_s, power = (gint64) row->energy_wh * 1000;

  for (gint64 at = charged, next; at < full; at = next)
    {
      gint64 begin, end = end_of_hour (zone, at, &begin), seconds, spare;
      Hour *hour = &hours[(tw_zone_hour (zone, at) % DAY_HOURS + DAY_HOURS) % DAY_HOURS];

      next = MIN (end, full);
      seconds = next - at;
      spare = MAX (0, left - full) - common (full, left, begin, end);
      hour->all_mwh += power * seconds / row->charging_s;
      hour->movable_mwh += power * MIN (seconds, spare) / row->charging_s;
      hour->n_all++;
      hour->n_movable += spare > 0;
    }
}

static gboolean
tells (const TwShortRow *row)
{
  return !row->open && row->energy_wh != G_MAXUINT32 && row->energy_wh > 0 && row->charging_s != G_MAXUINT32
         && row->charging_s > 0;
}

/* Returns how many sessions told when they charged. */
static guint64
add_up (const TwAnalysis *analysis,
        const TwPeriod   *window,
        Hour             *hours,
        guint64          *n_silent)
{
  guint n_ports;
  gsize n;
  const TwPort *ports = tw_analysis_ports (analysis, &n_ports);
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);
  g_autoptr (GPtrArray) zones = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_zone_free);
  guint64 n_told = 0;

  for (guint i = 0; i < tw_analysis_n_sites (analysis); i++)
    g_ptr_array_add (zones, tw_zone_new (tw_analysis_site_zone (analysis, i)));
  for (gsize i = 0; i < n; i++)
    {
      TwZone *zone = zones->pdata[ports[rows[i].port].site];

      if (!tw_period_has (window, rows[i].day) || rows[i].open)
        continue;
      if (zone != NULL && tells (&rows[i]))
        {
          add_session (hours, zone, &rows[i]);
          n_told++;
        }
      else
        *n_silent += rows[i].energy_wh != 0;
    }
  return n_told;
}

static void
add_row (TwFigure   *figure,
         guint       hour,
         const char *load,
         gint64      mwh,
         gint64      all_mwh,
         gint64      n)
{
  tw_figure_add (figure, (TwCell[]) {
    tw_cell_int (hour), tw_cell_text (load), tw_cell_int ((mwh + 500) / 1000),
    tw_cell_ratio ((double) mwh, (double) all_mwh), tw_cell_int (n) });
}

void
tw_measure_load_shift (const TwAnalysis *analysis,
                       GPtrArray        *figures)
{
  TwFigure *figure = tw_figure_new (&LOAD_SHIFT);
  TwPeriod periods[TW_N_PERIODS];
  Hour hours[DAY_HOURS] = { 0 };
  guint64 n, n_silent = 0;

  tw_periods (analysis, periods);
  n = add_up (analysis, &periods[0], hours, &n_silent);
  for (guint i = 0; i < DAY_HOURS && n > 0; i++)
    {
      const Hour *hour = &hours[i];

      add_row (figure, i, "had to be then", hour->all_mwh - hour->movable_mwh, hour->all_mwh, hour->n_all);
      add_row (figure, i, "could wait", hour->movable_mwh, hour->all_mwh, hour->n_movable);
    }
  if (n == 0)
    tw_figure_note (figure, "No session tells when its car charged and for how long it stood there full.");
  else if (n_silent > 0)
    tw_figure_note (figure, "%" G_GUINT64_FORMAT " sessions with energy do not tell when they charged, and are left "
                    "out.", n_silent);
  tw_figure_about (figure, n, NULL);
  g_ptr_array_add (figures, figure);
}
