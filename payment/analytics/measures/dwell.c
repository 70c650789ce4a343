/* SPDX-License-Identifier: Apache-2.0 */
/* How long cars stay, and what they take: facts, analytics.md section 5. Of whole sessions that ended in the window;
 * for the time they stand there full, those that still do are censored, not dropped.
 */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/groups.h"
#include "payment/analytics/measures/idle-survival.h"
#include "payment/analytics/measures/period.h"
#include "payment/analytics/measures/spread.h"

#define MINUTE_S 60
#define ENERGY_WH 100
#define POWER_W 500

/* Occupied, charging and idle seconds, to the minute; energy to 0.1 kWh; mean power to 0.5 kW. */
typedef struct { TwSpread occupied, charging, idle, energy, power; guint64 n_ended; } Spreads;

static const guint EDGES_MIN[] = { 0, 10, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440 };
static const guint EDGES_KWH[] = { 0, 1, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 250 };
static const guint EDGES_KW[] = { 0, 2, 4, 8, 12, 23, 50, 75, 100, 150, 200, 250, 350 };

static const TwColumn DWELL_COLUMNS[] = {
  { "from_min", TW_COLUMN_COUNT, "min", "at least" },
  { "to_min", TW_COLUMN_COUNT, "min", "less than; empty: no limit" },
  { "occupied", TW_COLUMN_COUNT, "sessions", "that were plugged in for so long" },
  { "charging", TW_COLUMN_COUNT, "sessions", "that charged for so long; of those whose charging time is known" },
  { "idle", TW_COLUMN_COUNT, "sessions", "that stood there full for so long; of the same" },
};

static const TwFigureKind DWELL = {
  "dwell", "patterns", "How long cars stay",
  "Sessions that ended in the window, by how long they were plugged in, charged, and stood there after charging.",
  TW_PICTURE_BARS, "from_min", NULL, "occupied", NULL, NULL, DWELL_COLUMNS, G_N_ELEMENTS (DWELL_COLUMNS),
};

static const TwColumn SUMMARY_COLUMNS[] = {
  TW_GROUP_COLUMNS,
  { "sessions", TW_COLUMN_COUNT, "sessions", "that ended in the window" },
  { "occupied_median_s", TW_COLUMN_SECONDS, "s", "half were plugged in for so many whole minutes, or less" },
  { "occupied_p90_s", TW_COLUMN_SECONDS, "s", "90 % were plugged in for so many whole minutes, or less" },
  { "occupied_p95_s", TW_COLUMN_SECONDS, "s", "95 % were plugged in for so many whole minutes, or less" },
  { "charging_median_s", TW_COLUMN_SECONDS, "s", "the same of charging time, where it is known" },
  { "charging_p90_s", TW_COLUMN_SECONDS, "s", "the same of charging time, where it is known" },
  { "charging_p95_s", TW_COLUMN_SECONDS, "s", "the same of charging time, where it is known" },
  { "idle_median_s", TW_COLUMN_SECONDS, "s", "the same of time after charging, where it is known" },
  { "idle_p90_s", TW_COLUMN_SECONDS, "s", "the same of time after charging, where it is known" },
  { "idle_p95_s", TW_COLUMN_SECONDS, "s", "the same of time after charging, where it is known" },
  { "energy_mean_wh", TW_COLUMN_NUMBER, "Wh", "whole energy / sessions with energy above 0" },
  { "energy_median_wh", TW_COLUMN_WH, "Wh", "half took so many tenths of a kWh, or less; of sessions with energy" },
  { "power_median_w", TW_COLUMN_COUNT, "W", "half had so many half kW, or less, as energy / charging time" },
};

static const TwFigureKind SUMMARY = {
  "dwell_summary", "patterns", "Stay, energy and power, in short",
  "Quantiles by nearest rank of whole sessions that ended in the window.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, SUMMARY_COLUMNS, G_N_ELEMENTS (SUMMARY_COLUMNS),
};

static const TwColumn ENERGY_COLUMNS[] = {
  { "from_kwh", TW_COLUMN_COUNT, "kWh", "at least" },
  { "to_kwh", TW_COLUMN_COUNT, "kWh", "less than; empty: no limit" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "with energy above 0 that took so much" },
};

static const TwFigureKind ENERGY = {
  "energy", "patterns", "How much cars take", "Sessions with energy that ended in the window, by their whole energy.",
  TW_PICTURE_BARS, "from_kwh", NULL, "sessions", NULL, NULL, ENERGY_COLUMNS, G_N_ELEMENTS (ENERGY_COLUMNS),
};

static const TwColumn POWER_COLUMNS[] = {
  { "from_kw", TW_COLUMN_COUNT, "kW", "at least" },
  { "to_kw", TW_COLUMN_COUNT, "kW", "less than; empty: no limit" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "with energy above 0 that charged at energy / charging time" },
};

static const TwFigureKind POWER = {
  "power", "patterns", "How fast cars charge", "Sessions that ended in the window, by their mean power while charging.",
  TW_PICTURE_BARS, "from_kw", NULL, "sessions", NULL, NULL, POWER_COLUMNS, G_N_ELEMENTS (POWER_COLUMNS),
};

static Spreads *
spreads_new (void)
{
  Spreads *self = g_new0 (Spreads, 1);

  tw_spread_init (&self->occupied, MINUTE_S);
  tw_spread_init (&self->charging, MINUTE_S);
  tw_spread_init (&self->idle, MINUTE_S);
  tw_spread_init (&self->energy, ENERGY_WH);
  tw_spread_init (&self->power, POWER_W);
  return self;
}

static void
spreads_clear (Spreads *self)
{
  tw_spread_clear (&self->occupied);
  tw_spread_clear (&self->charging);
  tw_spread_clear (&self->idle);
  tw_spread_clear (&self->energy);
  tw_spread_clear (&self->power);
  self->n_ended = 0;
}

static void
spreads_merge (Spreads       *self,
               const Spreads *more)
{
  tw_spread_merge (&self->occupied, &more->occupied);
  tw_spread_merge (&self->charging, &more->charging);
  tw_spread_merge (&self->idle, &more->idle);
  tw_spread_merge (&self->energy, &more->energy);
  tw_spread_merge (&self->power, &more->power);
  self->n_ended += more->n_ended;
}

static void
add_row (Spreads          *self,
         const TwShortRow *row)
{
  gboolean has_energy = row->energy_wh != G_MAXUINT32 && row->energy_wh > 0;

  self->n_ended++;
  tw_spread_add (&self->occupied, row->occupied_s);
  if (has_energy)
    tw_spread_add (&self->energy, row->energy_wh);
  if (row->charging_s == G_MAXUINT32)
    return;
  tw_spread_add (&self->charging, row->charging_s);
  tw_spread_add (&self->idle, tw_short_row_idle_s (row));
  if (has_energy && row->charging_s > 0)
    tw_spread_add (&self->power, MIN ((guint64) row->energy_wh * 3600 / row->charging_s, G_MAXUINT32));
}

static TwCell
quantile (const TwSpread *spread,
          double          share)
{
  return spread->n > 0 ? tw_cell_int (tw_spread_quantile (spread, share)) : tw_cell_none ();
}

static void
add_summary (TwFigure       *figure,
             const TwGroups *groups,
             guint           group,
             const Spreads  *of)
{
  TwCell cells[TW_N_GROUP_COLUMNS];

  tw_groups_cells (groups, group, cells);
  tw_figure_add (figure, (TwCell[]) {
    cells[0], cells[1], cells[2], cells[3], tw_cell_int (of->n_ended),
    quantile (&of->occupied, 0.5), quantile (&of->occupied, 0.9), quantile (&of->occupied, 0.95),
    quantile (&of->charging, 0.5), quantile (&of->charging, 0.9), quantile (&of->charging, 0.95),
    quantile (&of->idle, 0.5), quantile (&of->idle, 0.9), quantile (&of->idle, 0.95),
    tw_cell_ratio (of->energy.sum, of->energy.n), quantile (&of->energy, 0.5), quantile (&of->power, 0.5) });
}

static TwCell
upper_edge (const guint *edges,
            guint        n,
            guint        i)
{
  return i + 1 < n ? tw_cell_int (edges[i + 1]) : tw_cell_none ();
}

static gint64
count (const TwSpread *spread,
       const guint    *edges,
       guint           n,
       guint           i,
       guint           unit)
{
  gint64 to = i + 1 < n ? (gint64) edges[i + 1] * unit : (gint64) TW_SPREAD_BINS * spread->width;

  return (gint64) tw_spread_between (spread, (gint64) edges[i] * unit, to);
}

static TwFigure *
dwell_of (const Spreads *all)
{
  TwFigure *figure = tw_figure_new (&DWELL);
  guint n = G_N_ELEMENTS (EDGES_MIN);

  for (guint i = 0; i < n; i++)
    tw_figure_add (figure, (TwCell[]) {
      tw_cell_int (EDGES_MIN[i]), upper_edge (EDGES_MIN, n, i),
      tw_cell_int (count (&all->occupied, EDGES_MIN, n, i, MINUTE_S)),
      tw_cell_int (count (&all->charging, EDGES_MIN, n, i, MINUTE_S)),
      tw_cell_int (count (&all->idle, EDGES_MIN, n, i, MINUTE_S)) });
  if (all->charging.n < all->n_ended)
    tw_figure_note (figure, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " sessions do not say how long they charged.",
                    all->n_ended - all->charging.n, all->n_ended);
  tw_figure_about (figure, all->n_ended, NULL);
  return figure;
}

static TwFigure *
histogram_of (const TwFigureKind *kind,
              const TwSpread     *spread,
              const guint        *edges,
              guint               n,
              guint               unit)
{
  TwFigure *figure = tw_figure_new (kind);

  for (guint i = 0; i < n; i++)
    tw_figure_add (figure, (TwCell[]) { tw_cell_int (edges[i]), upper_edge (edges, n, i),
                                        tw_cell_int (count (spread, edges, n, i, unit)) });
  tw_figure_about (figure, spread->n, NULL);
  return figure;
}

static gboolean
ended_within (const TwShortRow *row,
              const TwPeriod   *window)
{
  return !row->open && tw_period_has (window, row->day);
}

/* The rows of a group, of one tariff after the other if it matters. */
static void
summarise (TwFigure         *figure,
           const TwGroups   *groups,
           guint             group,
           const TwShortRow *rows,
           gsize             n,
           const TwPeriod   *window,
           Spreads          *of,
           Spreads          *all)
{
  g_autofree gboolean *has = g_new0 (gboolean, groups->n_tariffs);

  for (gsize i = 0; i < n; i++)
    has[tw_groups_of (groups, rows[i].port, rows[i].tariff) % groups->n_tariffs] |= ended_within (&rows[i], window);
  for (guint tariff = 0; tariff < groups->n_tariffs; tariff++)
    {
      guint which = group * groups->n_tariffs + tariff;

      if (!has[tariff])
        continue;
      for (gsize i = 0; i < n; i++)
        if (ended_within (&rows[i], window) && tw_groups_of (groups, rows[i].port, rows[i].tariff) == which)
          add_row (of, &rows[i]);
      add_summary (figure, groups, which, of);
      spreads_merge (all, of);
      spreads_clear (of);
    }
}

/* Rows of one group of ports stand together. */
static TwFigure *
summary_of (const TwAnalysis *analysis,
            const TwPeriod   *window,
            Spreads          *all)
{
  g_autoptr (TwGroups) groups = tw_groups_new (analysis);
  g_autofree Spreads *of = spreads_new ();
  TwFigure *figure = tw_figure_new (&SUMMARY);
  gsize n, from = 0, to;
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);

  for (guint group = 0; group < groups->n_groups; group++, from = to)
    {
      for (to = from; to < n && groups->of_port[rows[to].port] == group; )
        to++;
      if (to > from)
        summarise (figure, groups, group, rows + from, to - from, window, of, all);
    }
  tw_figure_about (figure, all->n_ended, NULL);
  return figure;
}

void
tw_measure_dwell (const TwAnalysis *analysis,
                  GPtrArray        *figures)
{
  g_autofree Spreads *all = spreads_new ();
  TwPeriod periods[TW_N_PERIODS];
  TwFigure *summary;

  tw_periods (analysis, periods);
  summary = summary_of (analysis, &periods[0], all);
  g_ptr_array_add (figures, dwell_of (all));
  g_ptr_array_add (figures, summary);
  g_ptr_array_add (figures, tw_idle_survival (analysis, &periods[0]));
  g_ptr_array_add (figures, histogram_of (&ENERGY, &all->energy, EDGES_KWH, G_N_ELEMENTS (EDGES_KWH), 1000));
  g_ptr_array_add (figures, histogram_of (&POWER, &all->power, EDGES_KW, G_N_ELEMENTS (EDGES_KW), 1000));
}
