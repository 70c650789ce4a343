/* SPDX-License-Identifier: Apache-2.0 */
/* How much of their time ports are used: facts, analytics.md section 2. Shares are of sums, never means of shares. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/groups.h"
#include "payment/analytics/measures/period.h"

#define HOUR_S 3600.0

/* Of a group in a period. rated_*: of ports whose rating is known. */
typedef struct
{
  gint64 occupied_s, charging_s, idle_s, energy_mwh, rated_energy_mwh, n_started;
} Used;

/* Of the ports of a group in a period, of whatever tariff. rated_ws: rated power times open time. */
typedef struct { gint64 open_s, working_s; double rated_ws; guint n_ports, n_unused, n_estimated; } Open;

static const TwColumn COLUMNS[] = {
  TW_GROUP_COLUMNS,
  { "ports", TW_COLUMN_COUNT, "ports", "that were open in the window" },
  { "unused_ports", TW_COLUMN_COUNT, "ports", "open in the window, and no session in it" },
  { "open_s", TW_COLUMN_SECONDS, "s", "sum over ports of elapsed time in which each was commissioned and open" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began in the window" },
  { "occupied_s", TW_COLUMN_SECONDS, "s", "sum of sessions' time from plug-in to plug-out, clipped to the window" },
  { "charging_s", TW_COLUMN_SECONDS, "s", "the part of it in which energy flowed" },
  { "idle_s", TW_COLUMN_SECONDS, "s", "occupied - charging, of sessions whose charging time is known" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "energy, spread evenly over each charging time, clipped to the window" },
  { "occupied_utilisation", TW_COLUMN_SHARE, "1", "occupied_s / open_s" },
  { "charging_utilisation", TW_COLUMN_SHARE, "1", "charging_s / open_s" },
  { "idle_share", TW_COLUMN_SHARE, "1", "idle_s / (idle_s + charging_s)" },
  { "capacity_factor", TW_COLUMN_SHARE, "1", "energy / (rated power * open time), of ports with a known rating" },
  { "sessions_per_port_day", TW_COLUMN_NUMBER, "sessions per day", "sessions / (open_s / 86400)" },
  { "availability", TW_COLUMN_SHARE, "1", "open time in which no event says out of order / open_s; empty: no events" },
  { "charging_utilisation_available", TW_COLUMN_SHARE, "1", "charging_s / (availability * open_s)" },
  { "sessions_before", TW_COLUMN_COUNT, "sessions", "sessions of as many days before the window" },
  { "occupied_utilisation_before", TW_COLUMN_SHARE, "1", "occupied_utilisation of as many days before the window" },
  { "energy_wh_before", TW_COLUMN_WH, "Wh", "energy_wh of as many days before the window" },
  { "sessions_year_before", TW_COLUMN_COUNT, "sessions", "sessions of the same days a year before" },
  { "occupied_utilisation_year_before", TW_COLUMN_SHARE, "1", "occupied_utilisation of the same days a year before" },
  { "energy_wh_year_before", TW_COLUMN_WH, "Wh", "energy_wh of the same days a year before" },
};

static const TwFigureKind UTILISATION = {
  "utilisation", "patterns", "How much connectors are used",
  "Time in which a car was plugged in, in which it charged, and in which it stood there full, against the time in "
  "which the connectors were open. Of sessions that overlap on a connector, time counts once.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

static const TwColumn TIME_COLUMNS[] = {
  { "place", TW_COLUMN_TEXT, NULL, "site, station, connector, tariff, as far as the report is broken down by them" },
  { "use", TW_COLUMN_TEXT, NULL, "charging; idle: plugged in, and no energy flows any more; occupied: sessions whose "
                                 "charging time is not known; free: open, and nobody there" },
  { "seconds", TW_COLUMN_SECONDS, "s", "time of the window" },
  { "share", TW_COLUMN_SHARE, "1", "seconds / open time of its connectors" },
};

static const TwFigureKind TIME = {
  "port_time", "patterns", "What connectors do all day",
  "How the time in which connectors were open went: charging, standing there full, occupied without word of the "
  "charging, and free.",
  TW_PICTURE_STACK, "place", "use", "share", NULL, NULL, TIME_COLUMNS, G_N_ELEMENTS (TIME_COLUMNS),
};

static gint64
wh (gint64 mwh)
{
  return (mwh + 500) / 1000;
}

static void
use (Used            *used,
     const TwDayCell *cell,
     gboolean         is_rated)
{
  used->occupied_s += cell->occupied_s;
  used->charging_s += cell->charging_s;
  used->idle_s += cell->idle_s;
  used->energy_mwh += cell->energy_mwh;
  used->rated_energy_mwh += is_rated ? cell->energy_mwh : 0;
  used->n_started += cell->n_started;
}

/* used: by period and group; is_used: of each port in the window. */
static void
add_cells (const TwGroups *groups,
           const TwPeriod *periods,
           guint           n_periods,
           Used           *used,
           gboolean       *is_used)
{
  gsize n;
  guint n_ports;
  const TwDayCell *cells = tw_analysis_days (groups->analysis, &n);
  const TwPort *ports = tw_analysis_ports (groups->analysis, &n_ports);

  for (gsize i = 0; i < n; i++)
    {
      guint group = tw_groups_of (groups, cells[i].port, cells[i].tariff);

      for (guint p = 0; p < n_periods; p++)
        if (tw_period_has (&periods[p], cells[i].day))
          use (&used[p * groups->n + group], &cells[i], ports[cells[i].port].rated_power_w > 0);
      if (tw_period_has (&periods[0], cells[i].day))
        is_used[cells[i].port] |= cells[i].occupied_s > 0 || cells[i].n_started > 0;
    }
}

static Open
open_of (const TwGroups *groups,
         guint           group,
         const TwPeriod *period,
         const gboolean *is_used)
{
  guint n_ports;
  const TwPort *ports = tw_analysis_ports (groups->analysis, &n_ports);
  Open open = { 0 };

  for (guint port = groups->first_port[group]; port < groups->first_port[group + 1]; port++)
    {
      gboolean estimated;
      gint64 open_s = tw_analysis_open_between_s (groups->analysis, port, period->from, period->to, &estimated);

      open.open_s += open_s;
      open.working_s += tw_analysis_working_between_s (groups->analysis, port, period->from, period->to);
      open.n_ports += open_s > 0;
      open.n_unused += open_s > 0 && !is_used[port];
      open.n_estimated += estimated;
      open.rated_ws += ports[port].rated_power_w > 0 ? (double) ports[port].rated_power_w * (double) open_s : 0;
    }
  return open;
}

/* Without events nobody knows. */
static TwCell
if_events (const TwGroups *groups,
           double          numerator,
           gint64          denominator)
{
  gsize n;

  tw_analysis_events (groups->analysis, &n);
  return n > 0 ? tw_cell_ratio (numerator, denominator) : tw_cell_none ();
}

static void
add_row (TwFigure       *figure,
         const TwGroups *groups,
         guint           group,
         const Open     *open,
         const Used     *used)
{
  TwCell cells[TW_N_GROUP_COLUMNS];

  tw_groups_cells (groups, group, cells);
  tw_figure_add (figure, (TwCell[]) {
    cells[0], cells[1], cells[2], cells[3], tw_cell_int (open->n_ports), tw_cell_int (open->n_unused),
    tw_cell_int (open->open_s), tw_cell_int (used->n_started), tw_cell_int (used->occupied_s),
    tw_cell_int (used->charging_s), tw_cell_int (used->idle_s), tw_cell_int (wh (used->energy_mwh)),
    tw_cell_ratio (used->occupied_s, open->open_s), tw_cell_ratio (used->charging_s, open->open_s),
    tw_cell_ratio (used->idle_s, used->idle_s + used->charging_s),
    tw_cell_ratio (used->rated_energy_mwh / 1000.0 * HOUR_S, open->rated_ws),
    tw_cell_ratio (used->n_started * 24 * HOUR_S, open->open_s),
    if_events (groups, open->working_s, open->open_s), if_events (groups, used->charging_s, open->working_s),
    open[1].open_s > 0 ? tw_cell_int (used[groups->n].n_started) : tw_cell_none (),
    tw_cell_ratio (used[groups->n].occupied_s, open[1].open_s),
    open[1].open_s > 0 ? tw_cell_int (wh (used[groups->n].energy_mwh)) : tw_cell_none (),
    open[2].open_s > 0 ? tw_cell_int (used[2 * groups->n].n_started) : tw_cell_none (),
    tw_cell_ratio (used[2 * groups->n].occupied_s, open[2].open_s),
    open[2].open_s > 0 ? tw_cell_int (wh (used[2 * groups->n].energy_mwh)) : tw_cell_none () });
}

/* Not known is where it is not broken down. */
static char *
place_name (const TwCell *cells)
{
  GString *name = g_string_new (NULL);

  for (guint i = 0; i < TW_N_GROUP_COLUMNS; i++)
    if (cells[i].known && *cells[i].as.text != '\0')
      g_string_append_printf (name, "%s%s", name->len > 0 ? " / " : "", cells[i].as.text);
  return g_string_free (name, FALSE);
}

/* Connectors of all tariffs are free together: by tariff nobody can say of which. */
static void
add_time (TwFigure       *figure,
          const TwGroups *groups,
          guint           group,
          const Open     *open,
          const Used     *used)
{
  const struct { const char *use; gint64 seconds; gboolean told; } parts[] = {
    { "charging", used->charging_s, TRUE }, { "idle", used->idle_s, TRUE },
    { "occupied", used->occupied_s - used->charging_s - used->idle_s, TRUE },
    { "free", MAX (0, open->open_s - used->occupied_s), groups->n_tariffs == 1 },
  };
  TwCell cells[TW_N_GROUP_COLUMNS];
  g_autofree char *place = NULL;

  tw_groups_cells (groups, group, cells);
  place = place_name (cells);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].told)
      tw_figure_add (figure, (TwCell[]) { tw_cell_text (place), tw_cell_text (parts[i].use),
                                          tw_cell_int (parts[i].seconds),
                                          tw_cell_ratio (parts[i].seconds, open->open_s) });
}

/* Always in the order of window, before, year before; a period that is not compared has no days. */
static void
put_in_place (const TwAnalysis *analysis,
              TwPeriod         *places)
{
  TwPeriod periods[TW_N_PERIODS];
  guint n = tw_periods (analysis, periods);

  places[0] = periods[0];
  places[1] = places[2] = (TwPeriod) { "none", 0, 0 };
  for (guint i = 1; i < n; i++)
    places[g_str_equal (periods[i].name, "before") ? 1 : 2] = periods[i];
}

void
tw_measure_utilisation (const TwAnalysis *analysis,
                        GPtrArray        *figures)
{
  g_autoptr (TwGroups) groups = tw_groups_new (analysis);
  g_autofree Used *used = g_new0 (Used, MAX (1, groups->n) * TW_N_PERIODS);
  g_autofree gboolean *is_used = g_new0 (gboolean, MAX (1, groups->n_ports));
  TwFigure *figure = tw_figure_new (&UTILISATION), *times = tw_figure_new (&TIME);
  TwPeriod periods[TW_N_PERIODS];
  gint64 n_started = 0;
  guint n_estimated = 0;

  put_in_place (analysis, periods);
  add_cells (groups, periods, TW_N_PERIODS, used, is_used);
  for (guint group = 0; group < groups->n; group++)
    {
      Open open[TW_N_PERIODS];

      for (guint p = 0; p < TW_N_PERIODS; p++)
        open[p] = open_of (groups, group / groups->n_tariffs, &periods[p], is_used);
      n_estimated += group % groups->n_tariffs == 0 ? open[0].n_estimated : 0;
      n_started += used[group].n_started;
      if (used[group].occupied_s > 0 || used[group].n_started > 0 || (groups->n_tariffs == 1 && open[0].open_s > 0))
        {
          add_row (figure, groups, group, open, &used[group]);
          add_time (times, groups, group, open, &used[group]);
        }
    }
  if (n_estimated > 0)
    tw_figure_note (figure, "%u of %u connectors are in no list of ports: they count as open from their first to their "
                    "last session, which makes utilisation look higher than it is.", n_estimated, groups->n_ports);
  tw_figure_about (figure, n_started, NULL);
  tw_figure_about (times, n_started, NULL);
  g_ptr_array_add (figures, figure);
  g_ptr_array_add (figures, times);
}
