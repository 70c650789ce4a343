/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that are asked for by name, and those of months against figures that were made in another way. */
#include "payment/analytics/measures/measures.h"
#include "tests/unit/analytics/made-rows.h"

#include <string.h>

#define JULY G_GINT64_CONSTANT (1719792000)          /* 2024-07-01T00:00Z */
#define JULY_MONTH (54 * 12 + 6)

static GPtrArray *
figures_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
}

static const char *
name_of (const GPtrArray *figures,
         guint            i)
{
  return tw_figure_kind (figures->pdata[i])->name;
}

static TwCell
cell (const TwFigure *figure,
      guint           row,
      const char     *column)
{
  int i = tw_figure_kind_column (tw_figure_kind (figure), column);

  g_assert_cmpint (i, >=, 0);
  return tw_figure_cell (figure, row, i);
}

static void
assert_same (const TwFigure *a,
             const TwFigure *b)
{
  const TwFigureKind *kind = tw_figure_kind (a);

  g_assert_cmpuint (tw_figure_n_rows (a), ==, tw_figure_n_rows (b));
  for (guint row = 0; row < tw_figure_n_rows (a); row++)
    for (guint column = 0; column < kind->n_columns; column++)
      {
        TwCell one = tw_figure_cell (a, row, column), other = tw_figure_cell (b, row, column);

        g_assert_cmpint (one.known, ==, other.known);
        if (one.known && (kind->columns[column].kind == TW_COLUMN_TEXT
                          || kind->columns[column].kind == TW_COLUMN_CURRENCY))
          g_assert_cmpstr (one.as.text, ==, other.as.text);
        else if (one.known)
          g_assert_cmpint (one.as.integer, ==, other.as.integer);
      }
}

static void
test_names (void)
{
  g_autoptr (Made) made = made_fleet (7, JULY, 3000);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (GPtrArray) all = figures_new ();
  g_autofree char *names = tw_measure_names ();

  tw_measure_all (analysis, all);
  g_assert_cmpuint (all->len, >, 20);
  for (guint i = 0; i < all->len; i++)
    {
      const char *const name[] = { name_of (all, i), NULL };
      g_autoptr (GPtrArray) one = figures_new ();

      g_test_message ("%s", *name);
      g_assert_true (tw_measure_knows (*name));
      g_assert_nonnull (strstr (names, *name));
      tw_measure_some (analysis, name, one);
      g_assert_cmpuint (one->len, ==, 1);
      g_assert_cmpstr (name_of (one, 0), ==, *name);
      assert_same (one->pdata[0], all->pdata[i]);
    }
  g_assert_false (tw_measure_knows (""));
  g_assert_false (tw_measure_knows (" "));
  g_assert_false (tw_measure_knows ("heat_map arrivals"));
  g_assert_false (tw_measure_knows ("heat"));
}

static void
test_some (void)
{
  const char *const names[] = { "trend_months", "arrivals", "arrivals", NULL };
  g_autoptr (Made) made = made_fleet (7, JULY, 300);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  g_autoptr (GPtrArray) some = figures_new ();

  tw_measure_some (analysis, names, some);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_cmpstr (name_of (some, 0), ==, "arrivals");
  g_assert_cmpstr (name_of (some, 1), ==, "trend_months");
}

/* The only figure of this question. */
static TwFigure *
months_of (const TwAnalysis *analysis)
{
  g_autoptr (GPtrArray) figures = figures_new ();

  tw_measure_months (analysis, figures);
  g_assert_cmpuint (figures->len, ==, 1);
  return g_ptr_array_steal_index (figures, 0);
}

static void
assert_month (const TwFigure *figure,
              guint           row,
              const char     *station,
              gint64          month,
              const char     *currency,
              const gint64   *expected)
{
  static const char *const columns[] = { "sessions", "energy_wh", "occupied_s", "captured_minor", "gross_minor" };

  g_assert_cmpstr (cell (figure, row, "station").as.text, ==, station);
  g_assert_cmpint (cell (figure, row, "month").as.integer, ==, month);
  g_assert_cmpstr (cell (figure, row, "currency").known ? cell (figure, row, "currency").as.text : "", ==, currency);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (i < 3 || *currency != '\0')
      g_assert_cmpint (cell (figure, row, columns[i]).as.integer, ==, expected[i]);
    else
      g_assert_false (cell (figure, row, columns[i]).known);
}

/* Of the session at A that is cut by the month's end, an hour of four is in July and three are in August, and so is its
 * money: it ended there. The clock of the site is UTC. */
static void
test_months (void)
{
  gint64 august = JULY + 31 * 86400;
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  g_autoptr (TwFigure) figure = NULL;
  TwSessionRow *row;

  row = made_add (made, "S", "UTC", "A", august - 3600, august + 3 * 3600, 0, 4 * 3600, 20000);
  memcpy (row->currency, "EUR", 4);
  row->captured_minor = 900;
  row->refunded_minor = 100;
  row = made_add (made, "S", "UTC", "A", JULY, JULY + 3600, 0, 3600, 5000);
  memcpy (row->currency, "EUR", 4);
  row->captured_minor = 300;
  row = made_add (made, "S", "UTC", "A", JULY + 7200, JULY + 2 * 7200, 0, 3600, 1000);
  row->currency[0] = '\0';
  row = made_add (made, "S", "UTC", "B", august + 60, august + 120, 0, 60, 600);
  row->currency[0] = '\0';
  analysis = made_analysis (made, NULL, 1, FALSE);
  figure = months_of (analysis);
  g_assert_cmpuint (tw_figure_n_rows (figure), ==, 4);
  g_assert_cmpuint (tw_figure_n (figure), ==, 4);
  assert_month (figure, 0, "A", JULY_MONTH, "", (gint64[]) { 1, 1000, 7200, 0, 0 });
  assert_month (figure, 1, "A", JULY_MONTH, "EUR", (gint64[]) { 2, 10000, 7200, 300, 300 });
  assert_month (figure, 2, "A", JULY_MONTH + 1, "EUR", (gint64[]) { 0, 15000, 10800, 900, 800 });
  assert_month (figure, 3, "B", JULY_MONTH + 1, "", (gint64[]) { 1, 600, 60, 0, 0 });
}

/* However it is broken down, months add up to what the trend of all says. */
static void
test_months_add_up (void)
{
  g_autoptr (Made) made = made_fleet (11, JULY, 4000);

  for (guint form = 0; form < 8; form++)
    {
      TwAnalysisTerms terms;
      g_autoptr (TwAnalysis) analysis = NULL;
      g_autoptr (TwFigure) months = NULL;
      g_autoptr (GPtrArray) trend = figures_new ();
      gint64 n[2] = { 0 }, occupied_s[2] = { 0 };

      tw_analysis_terms_init (&terms);
      terms.by_site = form & 1;
      terms.by_connector = form & 2;
      terms.by_tariff = form & 4;
      analysis = made_analysis (made, &terms, 2, FALSE);
      months = months_of (analysis);
      tw_measure_trend (analysis, trend);
      for (guint row = 0; row < tw_figure_n_rows (months); row++)
        {
          n[0] += cell (months, row, "sessions").as.integer;
          occupied_s[0] += cell (months, row, "occupied_s").as.integer;
        }
      for (guint row = 0; row < tw_figure_n_rows (trend->pdata[1]); row++)
        {
          n[1] += cell (trend->pdata[1], row, "sessions").as.integer;
          occupied_s[1] += cell (trend->pdata[1], row, "occupied_s").as.integer;
        }
      g_assert_cmpint (n[0], ==, n[1]);
      g_assert_cmpint (n[0], >, 3000);
      g_assert_cmpint (occupied_s[0], ==, occupied_s[1]);
    }
}

static TwSessionRow *
held_row (Made  *made,
          gint64 minor,
          gint64 from,
          gint64 until)
{
  TwSessionRow *row = made_add (made, "S", "UTC", "A", JULY + 7200, JULY + 10800, 0, 3600, 1000);

  memcpy (row->currency, "EUR", 4);
  row->tap_at = (JULY + 7100) * G_USEC_PER_SEC;
  row->answered_at = (JULY + 7103) * G_USEC_PER_SEC;
  row->held_minor = minor;
  row->held_from = from == TW_UNKNOWN ? from : from * G_USEC_PER_SEC;
  row->held_until = until == TW_UNKNOWN ? until : until * G_USEC_PER_SEC;
  return row;
}

/* An answer without a hold is no hold; one that says not since when is as old as its day. */
static void
test_holds (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (GPtrArray) figures = figures_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  TwAnalysisTerms terms;

  held_row (made, TW_UNKNOWN, TW_UNKNOWN, TW_UNKNOWN);
  held_row (made, 5000, JULY + 7200, JULY + 10800);
  held_row (made, 3000, TW_UNKNOWN, TW_UNKNOWN);
  tw_analysis_terms_init (&terms);
  terms.as_of_us = (JULY + 86400) * G_USEC_PER_SEC;
  analysis = made_analysis (made, &terms, 1, FALSE);
  tw_measure_holds (analysis, figures);
  g_assert_cmpuint (tw_figure_n (figures->pdata[0]), ==, 2);
  g_assert_cmpuint (tw_figure_n_rows (figures->pdata[0]), ==, 1);
  g_assert_cmpint (cell (figures->pdata[0], 0, "holds").as.integer, ==, 2);
  g_assert_cmpint (cell (figures->pdata[0], 0, "held_minor").as.integer, ==, 8000);
  g_assert_cmpint (cell (figures->pdata[0], 0, "open").as.integer, ==, 1);
  g_assert_cmpint (cell (figures->pdata[0], 0, "open_minor").as.integer, ==, 3000);
  g_assert_cmpint (cell (figures->pdata[0], 0, "oldest_s").as.integer, ==, 86400);
  g_assert_cmpfloat (cell (figures->pdata[0], 0, "excess_hours").as.number, ==, 5000 + 24 * 3000);
  g_assert_cmpfloat (cell (figures->pdata[0], 0, "answer_p95_s").as.number, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/figures/each-can-be-asked-for-alone", test_names);
  g_test_add_func ("/figures/some-come-in-the-order-of-the-report", test_some);
  g_test_add_func ("/figures/months-are-of-what-falls-into-them", test_months);
  g_test_add_func ("/figures/an-answer-without-a-hold-is-no-hold", test_holds);
  g_test_add_func ("/figures/months-add-up-however-they-are-made", test_months_add_up);
  return g_test_run ();
}
