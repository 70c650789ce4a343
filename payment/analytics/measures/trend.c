/* SPDX-License-Identifier: Apache-2.0 */
/* Day by day and month by month. Days of all sites are put together by their local dates. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/period.h"

typedef struct { gint64 n_started, n_ended, occupied_s, charging_s, idle_s, energy_mwh; } Sum;

static const TwColumn DAY_COLUMNS[] = {
  { "day", TW_COLUMN_DAY, NULL, "local to each site" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began on the day" },
  { "ended", TW_COLUMN_COUNT, "sessions", "that ended on the day" },
  { "occupied_s", TW_COLUMN_SECONDS, "s", "occupied time of all connectors that falls into the day" },
  { "charging_s", TW_COLUMN_SECONDS, "s", "the part of it in which energy flowed" },
  { "idle_s", TW_COLUMN_SECONDS, "s", "occupied - charging, of sessions whose charging time is known" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "energy that falls into the day, spread evenly over each charging time" },
};

static const TwFigureKind DAYS = {
  "trend_days", "patterns", "Day by day", "Sessions, energy and occupied time of each local day of the window.",
  TW_PICTURE_LINE, "day", NULL, "energy_wh", NULL, NULL, DAY_COLUMNS, G_N_ELEMENTS (DAY_COLUMNS),
};

static const TwColumn MONTH_COLUMNS[] = {
  { "month", TW_COLUMN_MONTH, NULL, "local to each site" },
  { "days", TW_COLUMN_COUNT, "days", "of the month that are in the window" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began in these days" },
  { "occupied_s", TW_COLUMN_SECONDS, "s", "occupied time that falls into these days" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "energy that falls into these days" },
  { "sessions_per_day", TW_COLUMN_NUMBER, "sessions per day", "sessions / days" },
  { "sessions_year_before", TW_COLUMN_COUNT, "sessions", "of the same days a year before; empty: there are no data" },
  { "energy_wh_year_before", TW_COLUMN_WH, "Wh", "of the same days a year before; empty: there are no data" },
};

static const TwFigureKind MONTHS = {
  "trend_months", "patterns", "Month by month",
  "Sessions, energy and occupied time of each month, as far as it is in the window, and the same days a year before.",
  TW_PICTURE_BARS, "month", NULL, "energy_wh", NULL, NULL, MONTH_COLUMNS, G_N_ELEMENTS (MONTH_COLUMNS),
};

/* By day, from the first day of all cells. */
static Sum *
sums_by_day (const TwAnalysis *analysis,
             gint32           *first,
             gint32           *end)
{
  gsize n;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);
  Sum *sums;

  *first = G_MAXINT32;
  *end = G_MININT32;
  for (gsize i = 0; i < n; i++)
    {
      *first = MIN (*first, cells[i].day);
      *end = MAX (*end, cells[i].day + 1);
    }
  sums = g_new0 (Sum, n > 0 ? *end - *first : 1);
  for (gsize i = 0; i < n; i++)
    {
      Sum *sum = &sums[cells[i].day - *first];

      sum->n_started += cells[i].n_started;
      sum->n_ended += cells[i].n_ended;
      sum->occupied_s += cells[i].occupied_s;
      sum->charging_s += cells[i].charging_s;
      sum->idle_s += cells[i].idle_s;
      sum->energy_mwh += cells[i].energy_mwh;
    }
  return sums;
}

static Sum
sum_between (const Sum *sums,
             gint32     first,
             gint32     end,
             gint32     from,
             gint32     to)
{
  Sum all = { 0 };

  for (gint32 day = MAX (from, first); day < MIN (to, end); day++)
    {
      const Sum *sum = &sums[day - first];

      all.n_started += sum->n_started;
      all.occupied_s += sum->occupied_s;
      all.energy_mwh += sum->energy_mwh;
    }
  return all;
}

static gint64
wh (gint64 mwh)
{
  return (mwh + 500) / 1000;
}

static void
add_days (TwFigure       *figure,
          const TwPeriod *window,
          const Sum      *sums,
          gint32          first)
{
  for (gint32 day = window->from; day < window->to; day++)
    {
      const Sum *sum = &sums[day - first];

      tw_figure_add (figure, (TwCell[]) {
        tw_cell_int (day), tw_cell_int (sum->n_started), tw_cell_int (sum->n_ended), tw_cell_int (sum->occupied_s),
        tw_cell_int (sum->charging_s), tw_cell_int (sum->idle_s), tw_cell_int (wh (sum->energy_mwh)) });
    }
}

static void
add_months (TwFigure       *figure,
            const TwPeriod *window,
            const Sum      *sums,
            gint32          first,
            gint32          end)
{
  for (gint32 from = window->from, to; from < window->to; from = to)
    {
      gint64 month = tw_month_of_day (from);
      Sum sum, before;
      gboolean compares = tw_day_year_before (from) >= first;

      to = MIN (window->to, tw_month_first_day (month + 1));
      sum = sum_between (sums, first, end, from, to);
      before = sum_between (sums, first, end, tw_day_year_before (from), tw_day_year_before (to));
      tw_figure_add (figure, (TwCell[]) {
        tw_cell_int (month), tw_cell_int (to - from), tw_cell_int (sum.n_started), tw_cell_int (sum.occupied_s),
        tw_cell_int (wh (sum.energy_mwh)), tw_cell_ratio (sum.n_started, to - from),
        compares ? tw_cell_int (before.n_started) : tw_cell_none (),
        compares ? tw_cell_int (wh (before.energy_mwh)) : tw_cell_none () });
    }
}

void
tw_measure_trend (const TwAnalysis *analysis,
                  GPtrArray        *figures)
{
  TwFigure *days = tw_figure_new (&DAYS), *months = tw_figure_new (&MONTHS);
  TwPeriod periods[TW_N_PERIODS];
  gint32 first, end;
  g_autofree Sum *sums = sums_by_day (analysis, &first, &end);
  gint64 n_started;

  tw_periods (analysis, periods);
  periods[0].from = MAX (periods[0].from, first);
  periods[0].to = MIN (periods[0].to, end);
  add_days (days, &periods[0], sums, first);
  add_months (months, &periods[0], sums, first, end);
  n_started = sum_between (sums, first, end, periods[0].from, periods[0].to).n_started;
  tw_figure_about (days, n_started, NULL);
  tw_figure_about (months, n_started, NULL);
  g_ptr_array_add (figures, days);
  g_ptr_array_add (figures, months);
}
