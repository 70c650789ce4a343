/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of patterns against sums made straight from the rows, and against the models' own survival. */
#include "payment/analytics/measures/measures.h"
#include "payment/analytics/measures/spread.h"
#include "payment/analytics/models/survival.h"
#include "tests/unit/analytics/made-rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define S G_USEC_PER_SEC
#define DAY 86400
#define MONDAY G_GINT64_CONSTANT (1719792000)        /* 2024-07-01T00:00Z */

static TwFigure *
figure_of (const TwAnalysis *analysis,
           TwMeasure         measure,
           const char       *name)
{
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
  TwFigure *found = NULL;

  measure (analysis, figures);
  for (guint i = 0; i < figures->len; i++)
    if (strcmp (tw_figure_kind (figures->pdata[i])->name, name) == 0)
      found = g_ptr_array_steal_index (figures, i--);
  g_assert_nonnull (found);
  return found;
}

static TwCell
cell (const TwFigure *figure,
      guint           row,
      const char     *column)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  for (guint i = 0; i < kind->n_columns; i++)
    if (strcmp (kind->columns[i].name, column) == 0)
      return tw_figure_cell (figure, row, i);
  g_assert_not_reached ();
}

static gint64
total (const TwFigure *figure,
       const char     *column)
{
  gint64 sum = 0;

  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    sum += cell (figure, row, column).as.integer;
  return sum;
}

static void
assert_near (TwCell value,
             double expected)
{
  g_assert_true (value.known);
  g_assert_cmpfloat_with_epsilon (value.as.number, expected, 1e-12);
}

/* Two stations for two days; one is used for 6 of the 48 hours between its first and its last session. */
static Made *
two_stations (void)
{
  Made *made = made_new ();

  made_add (made, "S", "UTC", "A", MONDAY, MONDAY + 3 * 3600, 0, 2 * 3600, 20000)->rated_power_w = 22000;
  made_add (made, "S", "UTC", "A", MONDAY + 45 * 3600, MONDAY + 48 * 3600, 0, 3600, 10000)->rated_power_w = 22000;
  made_add (made, "S", "UTC", "B", MONDAY + 3600, MONDAY + 2 * 3600, -1, -1, 5000);
  return made;
}

static void
test_utilisation (void)
{
  g_autoptr (Made) made = two_stations ();
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (TwFigure) figure = figure_of (analysis, tw_measure_utilisation, "utilisation");

  g_assert_cmpuint (tw_figure_n_rows (figure), ==, 2);
  g_assert_cmpstr (cell (figure, 0, "station").as.text, ==, "A");
  g_assert_false (cell (figure, 0, "connector").known);
  g_assert_cmpint (cell (figure, 0, "open_s").as.integer, ==, 48 * 3600);
  g_assert_cmpint (cell (figure, 0, "sessions").as.integer, ==, 2);
  g_assert_cmpint (cell (figure, 0, "energy_wh").as.integer, ==, 30000);
  assert_near (cell (figure, 0, "occupied_utilisation"), 6 / 48.0);
  assert_near (cell (figure, 0, "charging_utilisation"), 3 / 48.0);
  assert_near (cell (figure, 0, "idle_share"), 0.5);
  assert_near (cell (figure, 0, "capacity_factor"), 30 / (22.0 * 48));
  assert_near (cell (figure, 0, "sessions_per_port_day"), 1);
  assert_near (cell (figure, 1, "occupied_utilisation"), 1);
  g_assert_false (cell (figure, 1, "idle_share").known);
  g_assert_false (cell (figure, 1, "capacity_factor").known);
  g_assert_false (cell (figure, 0, "sessions_before").known);
  g_assert_cmpuint (tw_figure_n_notes (figure), ==, 1);
}

static void
add_port (TwAnalysis *analysis,
          const char *evse,
          gint64      commissioned_s)
{
  TwRowIntake part = tw_analysis_part (analysis, "ports.csv");
  TwPortRow row = { .site = { "S", 1 }, .evse = { evse, 1 }, .rated_power_w = 11000,
                    .commissioned = commissioned_s * S, .decommissioned = TW_UNKNOWN };

  g_assert_true (part.class_->port (part.self, &row, NULL));
}

static void
test_listed_ports (void)
{
  g_autoptr (Made) made = two_stations ();
  g_autoptr (TwAnalysis) analysis = NULL;
  g_autoptr (TwFigure) figure = NULL;
  TwEventRow out_of_order = { .evse = { "A", 1 }, .at = (MONDAY + 42 * 3600) * S, .state = TW_PORT_OUT_OF_ORDER };
  TwAnalysisTerms terms;
  TwRowIntake part;

  tw_analysis_terms_init (&terms);
  terms.time_zone = "Asia/Kolkata";           /* of the list, which states none: the sessions' zone is the site's */
  analysis = tw_analysis_new (&terms, NULL);
  part = tw_analysis_part (analysis, "made.csv");
  for (guint i = 0; i < made->rows->len; i++)
    part.class_->session (part.self, &g_array_index (made->rows, TwSessionRow, i), NULL);
  add_port (analysis, "A", MONDAY - DAY);
  add_port (analysis, "B", MONDAY + DAY);
  add_port (analysis, "C", MONDAY + DAY);
  part.class_->event (part.self, &out_of_order, NULL);
  g_assert_true (tw_analysis_close (analysis, NULL));
  figure = figure_of (analysis, tw_measure_utilisation, "utilisation");
  g_assert_cmpuint (tw_figure_n_rows (figure), ==, 3);
  g_assert_cmpuint (tw_figure_n_notes (figure), ==, 0);
  assert_near (cell (figure, 0, "occupied_utilisation"), 6 / 48.0);
  assert_near (cell (figure, 0, "capacity_factor"), 30 / (11.0 * 48));
  assert_near (cell (figure, 0, "availability"), 42 / 48.0);
  assert_near (cell (figure, 0, "charging_utilisation_available"), 3 / 42.0);
  assert_near (cell (figure, 1, "availability"), 1);
  g_assert_cmpint (cell (figure, 1, "open_s").as.integer, ==, DAY);
  g_assert_cmpint (cell (figure, 2, "open_s").as.integer, ==, DAY);
  g_assert_cmpint (cell (figure, 2, "unused_ports").as.integer, ==, 1);
}

static void
test_groups (void)
{
  g_autoptr (Made) made = made_fleet (11, MONDAY, 400);
  gint64 occupied = -1, sessions = -1;
  TwAnalysisTerms terms;

  for (guint by = 0; by < 16; by++)
    {
      g_autoptr (TwAnalysis) analysis = NULL;
      g_autoptr (TwFigure) figure = NULL, summary = NULL;

      tw_analysis_terms_init (&terms);
      terms.by_site = by & 1;
      terms.by_station = by & 2;
      terms.by_connector = by & 4;
      terms.by_tariff = by & 8;
      analysis = made_analysis (made, &terms, 1, FALSE);
      figure = figure_of (analysis, tw_measure_utilisation, "utilisation");
      summary = figure_of (analysis, tw_measure_dwell, "dwell_summary");
      occupied = by == 0 ? total (figure, "occupied_s") : occupied;
      sessions = by == 0 ? total (summary, "sessions") : sessions;
      g_assert_cmpint (total (figure, "occupied_s"), ==, occupied);
      g_assert_cmpint (total (summary, "sessions"), ==, sessions);
      g_assert_cmpint (tw_figure_n_rows (figure), ==, (by & 7 ? by & 4 ? 16 : by & 2 ? 8 : 4 : by & 8 ? 1 : 8)
                                                      * (by & 8 ? 3 : 1));
    }
}

/* A week of one session each day, from 8:00 for two hours; it is compared with the week before, of one hour each. */
static void
test_comparison (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  g_autoptr (TwFigure) figure = NULL, months = NULL;
  TwAnalysisTerms terms;

  for (gint64 day = -7; day < 7; day++)
    made_add (made, "S", "UTC", "A", MONDAY + day * DAY + 8 * 3600,
              MONDAY + day * DAY + 8 * 3600 + (day < 0 ? 3600 : 7200), -1, -1, 1000);
  made_add (made, "S", "UTC", "A", MONDAY - 366 * DAY, MONDAY - 366 * DAY + 60, -1, -1, 1000);
  tw_analysis_terms_init (&terms);
  terms.from_day = MONDAY / DAY;
  analysis = made_analysis (made, &terms, 1, FALSE);
  figure = figure_of (analysis, tw_measure_utilisation, "utilisation");
  g_assert_cmpint (cell (figure, 0, "sessions").as.integer, ==, 7);
  g_assert_cmpint (cell (figure, 0, "sessions_before").as.integer, ==, 7);
  g_assert_cmpint (cell (figure, 0, "sessions_year_before").as.integer, ==, 1);
  assert_near (cell (figure, 0, "occupied_utilisation_before"), 1 / 24.0);
  assert_near (cell (figure, 0, "occupied_utilisation_year_before"), 60 / (7.0 * DAY));
  months = figure_of (analysis, tw_measure_trend, "trend_months");
  g_assert_cmpuint (tw_figure_n_rows (months), ==, 1);
  g_assert_cmpint (cell (months, 0, "days").as.integer, ==, 7);
  g_assert_cmpint (cell (months, 0, "sessions_year_before").as.integer, ==, 1);
}

/* The Sunday in Berlin that has no hour 2, and a session from 1:30 to 3:30 on the wall, which is one hour. */
static void
test_heat (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  g_autoptr (TwFigure) heat = NULL, arrivals = NULL;
  TwAnalysisTerms terms;
  guint at = 6 * 24;

  made_add (made, "S", "Europe/Berlin", "A", 1711845000, 1711848600, -1, -1, 1000);   /* 2024-03-31, one hour long */
  tw_analysis_terms_init (&terms);
  terms.from_day = 19813;
  terms.to_day = 19814;
  analysis = made_analysis (made, &terms, 1, FALSE);
  heat = figure_of (analysis, tw_measure_heat, "heat_map");
  arrivals = figure_of (analysis, tw_measure_heat, "arrivals");
  g_assert_cmpuint (tw_figure_n_rows (heat), ==, 168);
  g_assert_cmpint (cell (heat, at + 1, "occupied_s").as.integer, ==, 1800);
  g_assert_cmpint (cell (heat, at + 2, "elapsed_s").as.integer, ==, 0);
  g_assert_false (cell (heat, at + 2, "occupied_ports").known);
  g_assert_cmpint (cell (heat, at + 3, "occupied_s").as.integer, ==, 1800);
  assert_near (cell (heat, at + 3, "occupied_ports"), 0.5);
  assert_near (cell (arrivals, at + 1, "sessions_per_hour"), 1);
  assert_near (cell (arrivals, at + 3, "sessions_per_hour"), 0);
  g_assert_false (cell (heat, 0, "occupied_ports").known);
}

/* Sums of figures are sums of rows. */
static void
test_totals (void)
{
  g_autoptr (Made) made = made_fleet (21, MONDAY, 500);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (TwFigure) heat = figure_of (analysis, tw_measure_heat, "heat_map");
  g_autoptr (TwFigure) arrivals = figure_of (analysis, tw_measure_heat, "arrivals");
  g_autoptr (TwFigure) days = figure_of (analysis, tw_measure_trend, "trend_days");
  g_autoptr (TwFigure) utilisation = figure_of (analysis, tw_measure_utilisation, "utilisation");
  gint64 energy_wh = 0, n_ended = 0;

  for (guint i = 0; i < made->rows->len; i++)
    {
      const TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);

      energy_wh += MAX (0, row->energy_wh);
      n_ended += row->plug_out != TW_UNKNOWN;
    }
  g_assert_cmpint (total (arrivals, "sessions"), ==, 500);
  g_assert_cmpint (total (days, "sessions"), ==, 500);
  g_assert_cmpint (total (days, "ended"), ==, n_ended);
  g_assert_cmpint (total (utilisation, "sessions"), ==, 500);
  g_assert_cmpint (total (heat, "occupied_s"), ==, total (days, "occupied_s"));
  g_assert_cmpint (ABS (total (days, "energy_wh") - energy_wh), <=, tw_figure_n_rows (days));
  g_assert_cmpint (ABS (total (heat, "energy_wh") - energy_wh), <=, 168);
}

static int
by_value (gconstpointer a,
          gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* Durations sorted, and the one at the rank taken. */
static void
test_quantiles (void)
{
  g_autoptr (Made) made = made_fleet (31, MONDAY, 999);
  g_autoptr (TwAnalysis) analysis = NULL;
  g_autoptr (TwFigure) summary = NULL, dwell = NULL;
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (gint64));
  TwAnalysisTerms terms;
  gint64 of_half_an_hour = 0;

  tw_analysis_terms_init (&terms);
  terms.by_tariff = TRUE;
  for (guint i = 0; i < made->rows->len; i++)
    {
      TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);
      gint64 length;

      row->tariff.n = 0;
      if (row->plug_out == TW_UNKNOWN)
        continue;
      length = (row->plug_out - row->plug_in) / S;
      g_array_append_val (seconds, length);
      of_half_an_hour += length >= 1800 && length < 2700;
    }
  analysis = made_analysis (made, &terms, 2, FALSE);
  summary = figure_of (analysis, tw_measure_dwell, "dwell_summary");
  dwell = figure_of (analysis, tw_measure_dwell, "dwell");
  qsort (seconds->data, seconds->len, sizeof (gint64), by_value);
  g_assert_cmpuint (tw_figure_n_rows (summary), ==, 1);
  g_assert_cmpint (cell (summary, 0, "occupied_median_s").as.integer, ==,
                   g_array_index (seconds, gint64, (seconds->len + 1) / 2 - 1) / 60 * 60);
  g_assert_cmpint (cell (summary, 0, "occupied_p95_s").as.integer, ==,
                   g_array_index (seconds, gint64, (guint) ceil (0.95 * seconds->len) - 1) / 60 * 60);
  g_assert_cmpint (cell (dwell, 3, "from_min").as.integer, ==, 30);
  g_assert_cmpint (cell (dwell, 3, "occupied").as.integer, ==, of_half_an_hour);
  g_assert_cmpint (total (dwell, "occupied"), ==, seconds->len);
}

/* The same curve as the one that is made from each single duration. */
static void
test_survival (void)
{
  g_autoptr (Made) made = made_fleet (41, MONDAY, 800);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (TwFigure) figure = figure_of (analysis, tw_measure_dwell, "idle_survival");
  g_autoptr (GArray) lastings = g_array_new (FALSE, FALSE, sizeof (TwLasting));
  g_autoptr (TwSurvival) survival = NULL;
  gsize n;
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);

  for (gsize i = 0; i < n; i++)
    {
      TwLasting one = { (rows[i].occupied_s - rows[i].charging_s) / 60, !rows[i].open };

      if (rows[i].charging_s != G_MAXUINT32 && (!rows[i].open || rows[i].occupied_s > rows[i].charging_s))
        g_array_append_val (lastings, one);
    }
  survival = tw_survival_new ((const TwLasting *) lastings->data, lastings->len);
  g_assert_cmpuint (survival->n_censored, >, 10);
  g_assert_cmpuint (tw_figure_n_rows (figure), >, 10);
  for (guint row = 1; row < tw_figure_n_rows (figure); row++)
    {
      double after = cell (figure, row, "after_min").as.integer;

      g_assert_cmpfloat_with_epsilon (cell (figure, row, "share").as.number, tw_survival_at (survival, after - 0.5),
                                      1e-9);
      for (gsize i = 0; i < survival->n_steps; i++)
        if (survival->steps[i].time < after && (i + 1 == survival->n_steps || survival->steps[i + 1].time >= after))
          g_assert_cmpfloat_with_epsilon (cell (figure, row, "low").as.number, survival->steps[i].share.low, 1e-9);
    }
}

/* Revenue of each day, added up from the short rows, whose captures do not come from cells. */
static void
test_revenue_by_day (void)
{
  g_autoptr (Made) made = made_fleet (51, MONDAY, 500);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 2, FALSE);
  g_autoptr (TwFigure) figure = figure_of (analysis, tw_measure_money, "revenue_trend");
  g_autoptr (GHashTable) sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize n;
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);
  gint64 last_day = 0;

  for (gsize i = 0; i < n; i++)
    if (!rows[i].open && rows[i].captured_minor != G_MININT32)
      {
        char *key = g_strdup_printf ("%s %u", tw_analysis_currency (analysis, rows[i].currency), rows[i].day);
        gint64 before = GPOINTER_TO_SIZE (g_hash_table_lookup (sums, key));

        g_hash_table_insert (sums, key, GSIZE_TO_POINTER (before + rows[i].captured_minor));
      }
  for (guint row = 0; row < tw_figure_n_rows (figure); row += 2)
    {
      gint64 day = cell (figure, row, "day").as.integer;
      g_autofree char *key = g_strdup_printf ("%s %d", cell (figure, row, "currency").as.text, (gint) day);

      g_assert_cmpint (cell (figure, row, "captured_minor").as.integer
                       + cell (figure, row + 1, "captured_minor").as.integer, ==,
                       GPOINTER_TO_SIZE (g_hash_table_lookup (sums, key)));
      g_hash_table_remove (sums, key);
      g_assert_true (day > last_day || strcmp (cell (figure, row, "currency").as.text, "EUR") == 0);
      last_day = day;
    }
  g_assert_cmpuint (g_hash_table_size (sums), ==, 0);
}

static void
test_nothing (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);

  tw_measure_utilisation (analysis, figures);
  tw_measure_heat (analysis, figures);
  tw_measure_dwell (analysis, figures);
  tw_measure_trend (analysis, figures);
  tw_measure_money (analysis, figures);
  for (guint i = 0; i < figures->len; i++)
    g_assert_cmpuint (tw_figure_n (figures->pdata[i]), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/patterns/utilisation-is-of-open-time", test_utilisation);
  g_test_add_func ("/patterns/a-list-of-ports-says-what-was-open", test_listed_ports);
  g_test_add_func ("/patterns/groups-add-up-however-they-are-made", test_groups);
  g_test_add_func ("/patterns/periods-are-compared", test_comparison);
  g_test_add_func ("/patterns/the-missing-hour-is-empty", test_heat);
  g_test_add_func ("/patterns/sums-are-sums-of-rows", test_totals);
  g_test_add_func ("/patterns/quantiles-are-of-sorted-rows", test_quantiles);
  g_test_add_func ("/patterns/open-sessions-are-censored", test_survival);
  g_test_add_func ("/patterns/revenue-of-a-day-is-its-rows", test_revenue_by_day);
  g_test_add_func ("/patterns/nothing-has-figures-too", test_nothing);
  return g_test_run ();
}
