/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/idle-survival.h"

#include <math.h>

#define MINUTES 10080             /* a week; what is longer counts as so long */
#define NORMAL_975 1.959963984540054

static const guint MINUTES_TOLD[] = { 0, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440 };

static const TwColumn COLUMNS[] = {
  { "after_min", TW_COLUMN_COUNT, "min", "minutes since charging ended" },
  { "at_risk", TW_COLUMN_COUNT, "sessions", "that were seen to be still plugged in then" },
  { "share", TW_COLUMN_SHARE, "1",
    "product over minutes before it of 1 - unplugged in the minute / still plugged in at its begin (Kaplan-Meier)" },
  { "low", TW_COLUMN_SHARE, "1", "95 % interval: Greenwood's variance, by log (-log share)" },
  { "high", TW_COLUMN_SHARE, "1", "95 % interval: Greenwood's variance, by log (-log share)" },
};

static const TwFigureKind IDLE_SURVIVAL = {
  "idle_survival", "patterns", "How long full cars stay",
  "Share of cars that are still plugged in so many minutes after they stopped charging. Cars that are there still are "
  "counted as long as they were seen. Sessions that do not say when charging ended are left out.",
  TW_PICTURE_BAND, "after_min", NULL, "share", "low", "high", COLUMNS, G_N_ELEMENTS (COLUMNS),
};

typedef struct { guint64 n, n_open, n_unknown; guint32 left[MINUTES], open[MINUTES]; } Counts;

static Counts *
count (const TwAnalysis *analysis,
       const TwPeriod   *window)
{
  Counts *counts = g_new0 (Counts, 1);
  gsize n;
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);

  for (gsize i = 0; i < n; i++)
    {
      guint32 idle_s = tw_short_row_idle_s (&rows[i]);

      if (!tw_period_has (window, rows[i].day) || (rows[i].open && idle_s == 0))
        continue;
      counts->n_unknown += idle_s == G_MAXUINT32;
      if (idle_s == G_MAXUINT32)
        continue;
      (rows[i].open ? counts->open : counts->left)[MIN (idle_s / 60, MINUTES - 1)]++;
      counts->n++;
      counts->n_open += rows[i].open;
    }
  return counts;
}

static void
add_row (TwFigure *figure,
         guint     minute,
         guint64   at_risk,
         double    share,
         double    variance)
{
  gboolean has_interval = share > 0 && share < 1;
  double power = has_interval ? exp (NORMAL_975 * sqrt (variance) / -log (share)) : 1;

  tw_figure_add (figure, (TwCell[]) {
    tw_cell_int (minute), tw_cell_int (at_risk), tw_cell_number (share),
    has_interval ? tw_cell_number (pow (share, power)) : tw_cell_none (),
    has_interval ? tw_cell_number (pow (share, 1 / power)) : tw_cell_none () });
}

TwFigure *
tw_idle_survival (const TwAnalysis *analysis,
                  const TwPeriod   *window)
{
  TwFigure *figure = tw_figure_new (&IDLE_SURVIVAL);
  g_autofree Counts *counts = count (analysis, window);
  guint64 at_risk = counts->n;
  double share = 1, variance = 0;
  guint told = 0;

  for (guint minute = 0; minute < MINUTES && at_risk > 0 && told < G_N_ELEMENTS (MINUTES_TOLD); minute++)
    {
      guint64 left = counts->left[minute];

      if (minute == MINUTES_TOLD[told])
        {
          add_row (figure, minute, at_risk, share, variance);
          told++;
        }
      share *= 1 - (double) left / at_risk;
      variance += at_risk > left ? (double) left / ((double) at_risk * (at_risk - left)) : 0;
      at_risk -= left + counts->open[minute];
    }
  if (counts->n == 0)
    tw_figure_note (figure, "No session of the window says when charging ended.");
  if (counts->n_open > 0)
    tw_figure_note (figure, "%" G_GUINT64_FORMAT " cars were still plugged in.", counts->n_open);
  if (counts->n_unknown > 0)
    tw_figure_note (figure, "%" G_GUINT64_FORMAT " sessions do not say when charging ended.", counts->n_unknown);
  tw_figure_about (figure, counts->n, NULL);
  return figure;
}
