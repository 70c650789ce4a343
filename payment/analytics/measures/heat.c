/* SPDX-License-Identifier: Apache-2.0 */
/* When in the week: facts, analytics.md section 4. The denominator is elapsed time, so the hour that spring leaves out
 * is empty and not 0, and the one that autumn has twice counts twice.
 */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/period.h"

#include <string.h>

#define WEEK_HOURS 168
#define MOST_SITES 12

/* Of the sites of one zone in one hour of the week. elapsed_s: of one site. */
typedef struct { gint64 elapsed_s, occupied_s, charging_s, energy_mwh, all_busy_s, n_started; } Hour;
typedef struct { const char *zone; guint32 site; guint n_sites; Hour hours[WEEK_HOURS]; } Zone;

#define HEAT_COLUMNS \
  { "weekday", TW_COLUMN_WEEKDAY, NULL, "0 is Monday; local to each site" }, \
  { "hour", TW_COLUMN_HOUR, NULL, "of the day, local to each site" }, \
  { "elapsed_s", TW_COLUMN_SECONDS, "s", "time of the window that falls into the hour, times sites" }

static const TwColumn HEAT_MAP_COLUMNS[] = {
  HEAT_COLUMNS,
  { "occupied_s", TW_COLUMN_SECONDS, "s", "time of all sessions, cut at each local hour" },
  { "occupied_ports", TW_COLUMN_NUMBER, "ports", "mean: occupied_s / elapsed time of a site, summed over time zones" },
  { "charging_ports", TW_COLUMN_NUMBER, "ports", "mean: the same, of charging time" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "energy, spread evenly over each charging time" },
  { "power_kw", TW_COLUMN_NUMBER, "kW", "mean: energy / elapsed time of a site, summed over time zones" },
  { "all_taken", TW_COLUMN_SHARE, "1", "time in which all working ports of a site were taken / elapsed_s" },
};

static const TwFigureKind HEAT_MAP = {
  "heat_map", "patterns", "When connectors are occupied",
  "Mean number of occupied connectors in each hour of the week. A session counts in each hour that it lasts, with its "
  "part within the window.",
  TW_PICTURE_HEAT, "hour", "weekday", "occupied_ports", NULL, NULL, HEAT_MAP_COLUMNS, G_N_ELEMENTS (HEAT_MAP_COLUMNS),
};

static const TwColumn ARRIVALS_COLUMNS[] = {
  HEAT_COLUMNS,
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began in the hour" },
  { "sessions_per_hour", TW_COLUMN_NUMBER, "sessions per hour",
    "sessions / elapsed time of a site, summed over time zones" },
};

static const TwFigureKind ARRIVALS = {
  "arrivals", "patterns", "When cars arrive",
  "Mean number of sessions that begin in each hour of the week. Only the instant of the plug-in counts.",
  TW_PICTURE_HEAT, "hour", "weekday", "sessions_per_hour", NULL, NULL, ARRIVALS_COLUMNS,
  G_N_ELEMENTS (ARRIVALS_COLUMNS),
};

static const TwColumn SITE_COLUMNS[] = {
  { "site", TW_COLUMN_TEXT, NULL, "its name; the one with the most occupied time first" },
  { "weekday", TW_COLUMN_WEEKDAY, NULL, "0 is Monday; local to the site" },
  { "hour", TW_COLUMN_HOUR, NULL, "of the day, local to the site" },
  { "elapsed_s", TW_COLUMN_SECONDS, "s", "time of the window that falls into the hour" },
  { "occupied_s", TW_COLUMN_SECONDS, "s", "time of its sessions, cut at each local hour" },
  { "occupied_ports", TW_COLUMN_NUMBER, "ports", "mean: occupied_s / elapsed_s" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began in the hour" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "energy, spread evenly over each charging time" },
  { "all_taken", TW_COLUMN_SHARE, "1", "time in which all of its working ports were taken / elapsed_s" },
};

static const TwFigureKind SITES = {
  "heat_map_by_site", "patterns", "When connectors of each site are occupied",
  "Mean number of occupied connectors in each hour of the week, of each site by its own clock.",
  TW_PICTURE_HEAT, "hour", "weekday", "occupied_ports", NULL, NULL, SITE_COLUMNS, G_N_ELEMENTS (SITE_COLUMNS), "site",
};

static Zone *
zone_of (GPtrArray  *zones,
         const char *name)
{
  Zone *zone;

  for (guint i = 0; i < zones->len; i++)
    if (strcmp (((Zone *) zones->pdata[i])->zone, name) == 0)
      return zones->pdata[i];
  zone = g_new0 (Zone, 1);
  zone->zone = name;
  g_ptr_array_add (zones, zone);
  return zone;
}

static int
hour_of_week (gint32 hour)
{
  gint32 day = hour >= 0 ? hour / 24 : (hour - 23) / 24;

  return tw_weekday_of_day (day) * 24 + (hour - day * 24);
}

static void
elapse (const TwAnalysis *analysis,
        const TwPeriod   *window,
        Zone             *zone)
{
  for (gint32 day = window->from; day < window->to; day++)
    for (gint32 hour = 0; hour < 24; hour++)
      zone->hours[tw_weekday_of_day (day) * 24 + hour].elapsed_s += tw_analysis_hour_s (analysis, zone->site,
                                                                                       day * 24 + hour);
}

static void
add_cell (Hour             *hour,
          const TwHourCell *cell)
{
  hour->occupied_s += cell->occupied_s;
  hour->charging_s += cell->charging_s;
  hour->energy_mwh += cell->energy_mwh;
  hour->all_busy_s += cell->all_busy_s;
  hour->n_started += cell->n_started;
}

/* Zones of the sites, each with its hours. */
static GPtrArray *
add_up (const TwAnalysis *analysis,
        const TwPeriod   *window)
{
  GPtrArray *zones = g_ptr_array_new_with_free_func (g_free);
  guint n_sites = tw_analysis_n_sites (analysis);
  g_autofree Zone **of_site = g_new (Zone *, MAX (1, n_sites));
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);

  for (guint32 site = 0; site < n_sites; site++)
    {
      of_site[site] = zone_of (zones, tw_analysis_site_zone (analysis, site));
      of_site[site]->site = site;
      of_site[site]->n_sites++;
    }
  for (guint i = 0; i < zones->len; i++)
    elapse (analysis, window, zones->pdata[i]);
  for (gsize i = 0; i < n; i++)
    if (cells[i].hour >= (gint64) window->from * 24 && cells[i].hour < (gint64) window->to * 24)
      add_cell (&of_site[cells[i].site]->hours[hour_of_week (cells[i].hour)], &cells[i]);
  return zones;
}

typedef struct { Hour sums; double occupied, charging, power_kw, started; } Mean;

/* Of sites with different clocks, what is there at the same hour of each. */
static Mean
mean_of (const GPtrArray *zones,
         guint            at)
{
  Mean mean = { 0 };

  for (guint i = 0; i < zones->len; i++)
    {
      const Zone *zone = zones->pdata[i];
      const Hour *hour = &zone->hours[at];

      mean.sums.elapsed_s += hour->elapsed_s * zone->n_sites;
      mean.sums.occupied_s += hour->occupied_s;
      mean.sums.energy_mwh += hour->energy_mwh;
      mean.sums.all_busy_s += hour->all_busy_s;
      mean.sums.n_started += hour->n_started;
      if (hour->elapsed_s == 0)
        continue;
      mean.occupied += (double) hour->occupied_s / hour->elapsed_s;
      mean.charging += (double) hour->charging_s / hour->elapsed_s;
      mean.power_kw += hour->energy_mwh / 1e6 * 3600 / hour->elapsed_s;
      mean.started += hour->n_started * 3600.0 / hour->elapsed_s;
    }
  return mean;
}

static TwCell
if_any (const Mean *mean,
        double      value)
{
  return mean->sums.elapsed_s > 0 ? tw_cell_number (value) : tw_cell_none ();
}

/* Cells of a site within the window: first <= i < end of all. */
typedef struct { guint32 site; gsize first, end; gint64 occupied_s; } Place;

static int
most_occupied_first (gconstpointer a,
                     gconstpointer b)
{
  const Place *one = a, *other = b;

  if (one->occupied_s != other->occupied_s)
    return one->occupied_s > other->occupied_s ? -1 : 1;
  return one->site < other->site ? -1 : 1;
}

static GArray *
places_of (const TwAnalysis *analysis,
           const TwPeriod   *window)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);

  for (gsize i = 0; i < n; i++)
    {
      Place *last = places->len > 0 ? &g_array_index (places, Place, places->len - 1) : NULL;

      if (cells[i].hour < (gint64) window->from * 24 || cells[i].hour >= (gint64) window->to * 24)
        continue;
      if (last == NULL || last->site != cells[i].site)
        {
          Place fresh = { cells[i].site, i, i, 0 };

          g_array_append_val (places, fresh);
          last = &g_array_index (places, Place, places->len - 1);
        }
      last->end = i + 1;
      last->occupied_s += cells[i].occupied_s;
    }
  g_array_sort (places, most_occupied_first);
  return places;
}

static void
add_place (TwFigure         *figure,
           const TwAnalysis *analysis,
           const Place      *place,
           const Zone       *zone)
{
  Hour hours[WEEK_HOURS] = { { 0 } };
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);

  for (gsize i = place->first; i < place->end; i++)
    add_cell (&hours[hour_of_week (cells[i].hour)], &cells[i]);
  for (guint at = 0; at < WEEK_HOURS; at++)
    {
      double elapsed_s = (double) zone->hours[at].elapsed_s;

      tw_figure_add (figure, (TwCell[]) {
        tw_cell_text (tw_analysis_site (analysis, place->site)), tw_cell_int (at / 24), tw_cell_int (at % 24),
        tw_cell_int (zone->hours[at].elapsed_s), tw_cell_int (hours[at].occupied_s),
        tw_cell_ratio ((double) hours[at].occupied_s, elapsed_s), tw_cell_int (hours[at].n_started),
        tw_cell_int ((hours[at].energy_mwh + 500) / 1000), tw_cell_ratio ((double) hours[at].all_busy_s, elapsed_s) });
    }
}

/* The busiest ones; all of them if the report is asked for by site. One site alone is what the whole is. */
static void
add_places (const TwAnalysis *analysis,
            const TwPeriod   *window,
            GPtrArray        *zones,
            GPtrArray        *figures)
{
  const TwAnalysisTerms *terms = tw_analysis_terms (analysis);
  g_autoptr (GArray) places = places_of (analysis, window);
  gboolean all = terms->by_site;
  guint n = all ? places->len : MIN (places->len, MOST_SITES);
  TwFigure *figure = tw_figure_new (&SITES);

  for (guint i = 0; i < n && places->len > 1; i++)
    {
      const Place *place = &g_array_index (places, Place, i);

      add_place (figure, analysis, place, zone_of (zones, tw_analysis_site_zone (analysis, place->site)));
    }
  tw_figure_about (figure, n, NULL);
  if (places->len <= 1)
    tw_figure_note (figure, "There is one site: the whole is its own.");
  else if (n < places->len)
    tw_figure_note (figure, "The %u busiest of %u sites; --by site tells of all.", n, places->len);
  g_ptr_array_add (figures, figure);
}

void
tw_measure_heat (const TwAnalysis *analysis,
                 GPtrArray        *figures)
{
  TwFigure *heat_map = tw_figure_new (&HEAT_MAP), *arrivals = tw_figure_new (&ARRIVALS);
  g_autoptr (GPtrArray) zones = NULL;
  TwPeriod periods[TW_N_PERIODS];
  gint64 n_started = 0;

  tw_periods (analysis, periods);
  zones = add_up (analysis, &periods[0]);
  for (guint at = 0; at < WEEK_HOURS && zones->len > 0; at++)
    {
      Mean mean = mean_of (zones, at);
      TwCell weekday = tw_cell_int (at / 24), hour = tw_cell_int (at % 24), elapsed = tw_cell_int (mean.sums.elapsed_s);

      n_started += mean.sums.n_started;
      tw_figure_add (heat_map, (TwCell[]) {
        weekday, hour, elapsed, tw_cell_int (mean.sums.occupied_s), if_any (&mean, mean.occupied),
        if_any (&mean, mean.charging), tw_cell_int ((mean.sums.energy_mwh + 500) / 1000), if_any (&mean, mean.power_kw),
        tw_cell_ratio (mean.sums.all_busy_s, mean.sums.elapsed_s) });
      tw_figure_add (arrivals, (TwCell[]) {
        weekday, hour, elapsed, tw_cell_int (mean.sums.n_started), if_any (&mean, mean.started) });
    }
  if (zones->len > 1)
    tw_figure_note (heat_map, "The sites are in %u time zones: hours are those of each site.", zones->len);
  tw_figure_about (heat_map, n_started, NULL);
  tw_figure_about (arrivals, n_started, NULL);
  g_ptr_array_add (figures, heat_map);
  g_ptr_array_add (figures, arrivals);
  add_places (analysis, &periods[0], zones, figures);
}
