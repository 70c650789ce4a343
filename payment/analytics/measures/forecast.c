/* SPDX-License-Identifier: Apache-2.0 */
/* What the next four weeks bring, and how wrong such forecasts were: facts, analytics.md section 10. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/period.h"
#include "payment/analytics/measures/refusal.h"
#include "payment/analytics/models/forecast.h"

#define FEWEST_A_DAY 10

#define COLUMNS(of, unit) { \
  { "day", TW_COLUMN_DAY, NULL, "local day" }, \
  { "of", TW_COLUMN_TEXT, NULL, of }, \
  { "value", TW_COLUMN_NUMBER, unit, "damped Holt-Winters with the week as season, where it was better than the " \
                                     "baseline on the past; else the baseline" }, \
  { "low", TW_COLUMN_NUMBER, unit, "nine of ten such forecasts were exceeded by this; empty: not tested" }, \
  { "high", TW_COLUMN_NUMBER, unit, "nine of ten were not" }, \
  { "baseline", TW_COLUMN_NUMBER, unit, "the same weekday of the last week" } }

static const TwColumn SESSION_COLUMNS[] = COLUMNS ("sessions that begin", "sessions");
static const TwColumn ENERGY_COLUMNS[] = COLUMNS ("energy on that day", "kWh");

static const TwFigureKind FORECAST = {
  "forecast", "decisions", "The next four weeks", "Sessions that will begin; with what such forecasts missed before.",
  TW_PICTURE_BAND, "day", NULL, "value", "low", "high", SESSION_COLUMNS, G_N_ELEMENTS (SESSION_COLUMNS),
};

static const TwFigureKind FORECAST_ENERGY = {
  "forecast_energy", "decisions", "Energy in the next four weeks",
  "Energy that will be delivered, with what such forecasts missed in the past.",
  TW_PICTURE_BAND, "day", NULL, "value", "low", "high", ENERGY_COLUMNS, G_N_ELEMENTS (ENERGY_COLUMNS),
};

static const TwColumn TEST_COLUMNS[] = {
  { "of", TW_COLUMN_TEXT, NULL, "sessions or energy" },
  { "days_ahead", TW_COLUMN_COUNT, "days", "how far ahead it was forecast" },
  { "origins", TW_COLUMN_COUNT, "forecasts", "made in the past, each knowing only what was before it" },
  { "mae", TW_COLUMN_NUMBER, "sessions or kWh", "mean absolute error of the model" },
  { "baseline_mae", TW_COLUMN_NUMBER, "sessions or kWh", "mean absolute error of the baseline" },
  { "mase", TW_COLUMN_NUMBER, "1", "mae / baseline_mae; below 1 the model is used" },
  { "used", TW_COLUMN_TEXT, NULL, "model or baseline" },
};

static const TwFigureKind TESTS = {
  "forecast_test", "decisions", "How good the forecast is", "Tried on the past: what it would have said, what came.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, TEST_COLUMNS, G_N_ELEMENTS (TEST_COLUMNS),
};

/* A value for each day of the window; the last one is left out if the data ends in it. */
static guint
series_of (const TwAnalysis *analysis,
           gboolean          energy,
           double          **values)
{
  TwPeriod periods[TW_N_PERIODS];
  gsize n;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);
  guint n_days;

  tw_periods (analysis, periods);
  n_days = (guint) MAX (0, periods[0].to - periods[0].from);
  *values = g_new0 (double, MAX (n_days, 1));
  for (gsize i = 0; i < n; i++)
    if (tw_period_has (&periods[0], cells[i].day))
      (*values)[cells[i].day - periods[0].from] += energy ? (double) cells[i].energy_mwh / 1e6
                                                    : (double) cells[i].n_started;
  return n_days > 0 ? n_days - 1 : 0;
}

/* A fleet of ten sessions a day has a day without any once in sixty years: it was closed, or its data are missing. */
static guint8 *
known_of (const double *sessions,
          guint         n,
          guint        *n_gaps)
{
  guint8 *known = g_malloc (MAX (n, 1));
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += sessions[i];
  *n_gaps = 0;
  for (guint i = 0; i < n; i++)
    {
      known[i] = sessions[i] > 0 || sum < (double) n * FEWEST_A_DAY;
      *n_gaps += !known[i];
    }
  return known;
}

static void
add_tests (TwFigure         *tests,
           const TwForecast *forecast,
           const char       *name)
{
  for (guint i = 0; i < TW_FORECAST_HORIZONS; i++)
    {
      const TwHorizon *horizon = &forecast->horizons[i];

      if (horizon->refusal != TW_REFUSAL_NONE)
        {
          tw_figure_note (tests, "%s, %u days ahead: %s", name, horizon->days, tw_refusal_words (horizon->refusal));
          continue;
        }
      tw_figure_add (tests, (TwCell[]) {
        tw_cell_text (name), tw_cell_int (horizon->days), tw_cell_int (horizon->n_origins),
        tw_cell_number (horizon->mae), tw_cell_number (horizon->naive_mae),
        horizon->mase == G_MAXDOUBLE ? tw_cell_none () : tw_cell_number (horizon->mase),
        tw_cell_text (horizon->uses_model ? "model" : "baseline") });
    }
}

static void
add_forecast (const TwAnalysis   *analysis,
              const TwFigureKind *kind,
              const char         *name,
              const TwSeries     *series,
              guint               n_gaps,
              TwFigure           *tests,
              GPtrArray          *figures)
{
  g_autoptr (TwForecast) forecast = tw_forecast_new (series, TW_FORECAST_DAYS);
  TwFigure *figure = tw_figure_new (kind);
  gint32 first = tw_analysis_end_day (analysis) - 1;

  if (forecast->refusal != TW_REFUSAL_NONE)
    tw_figure_note (figure, "%s", tw_refusal_words (forecast->refusal));
  if (n_gaps > 0)
    tw_figure_note (figure, "%u day%s without any session %s taken for gaps, not for zeros.", n_gaps,
                    n_gaps == 1 ? "" : "s", n_gaps == 1 ? "is" : "are");
  for (gsize i = 0; i < forecast->n_steps; i++)
    {
      const TwForecastStep *step = &forecast->steps[i];

      tw_figure_add (figure, (TwCell[]) {
        tw_cell_int (first + (gint32) i), tw_cell_text (name), tw_cell_number (step->value),
        step->has_interval ? tw_cell_number (step->low) : tw_cell_none (),
        step->has_interval ? tw_cell_number (step->high) : tw_cell_none (), tw_cell_number (step->naive) });
    }
  if (forecast->refusal == TW_REFUSAL_NONE)
    add_tests (tests, forecast, name);
  tw_figure_about (figure, series->n, NULL);
  g_ptr_array_add (figures, figure);
}

void
tw_measure_forecast (const TwAnalysis *analysis,
                     GPtrArray        *figures)
{
  TwFigure *tests = tw_figure_new (&TESTS);
  g_autofree double *sessions = NULL, *energy = NULL;
  guint n = series_of (analysis, FALSE, &sessions), n_gaps;
  g_autofree guint8 *known = known_of (sessions, n, &n_gaps);
  TwSeries series = { sessions, known, n, 7, 1 };

  add_forecast (analysis, &FORECAST, "sessions", &series, n_gaps, tests, figures);
  series.n = series_of (analysis, TRUE, &energy);
  series.values = energy;
  add_forecast (analysis, &FORECAST_ENERGY, "energy", &series, n_gaps, tests, figures);
  g_ptr_array_add (figures, tests);
}
