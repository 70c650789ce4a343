/* SPDX-License-Identifier: Apache-2.0 */
/* Customers, visits, holds and events: what is kept of them, against the rows. */
#include "payment/analytics/measures/measures.h"
#include "tests/unit/analytics/made-rows.h"

#include <string.h>

#define S G_USEC_PER_SEC
#define DAY 86400
#define EPOCH_JULIAN 719163

static gint32
month_of (gint32 day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, day + EPOCH_JULIAN);
  return (g_date_get_year (&date) - 1970) * 12 + g_date_get_month (&date) - 1;
}

static const TwCustomer *
find (const TwAnalysis *analysis,
      guint64           customer)
{
  gsize n;
  const TwCustomer *customers = tw_analysis_customers (analysis, &n);

  for (gsize i = 0; i < n; i++)
    if (customers[i].customer == customer)
      return &customers[i];
  return NULL;
}

/* 20 customers over six years in any order: each by going through all rows. */
static void
test_customers (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);
  g_autoptr (TwAnalysis) analysis = NULL;
  TwAnalysisTerms terms;

  for (guint i = 0; i < 600; i++)
    {
      gint64 start = (17897 + g_rand_int_range (rand, 0, 2200)) * (gint64) DAY + 40000;
      TwSessionRow *row = made_add (made, "S", "UTC", "E", start, start + 600, -1, -1, 1000);

      row->customer = 1 + i % 20;
      memcpy (row->currency, i % 20 < 3 && i % 7 == 0 ? "CHF" : "EUR", 4);
      row->captured_minor = g_rand_int_range (rand, 0, 1000);
    }
  tw_analysis_terms_init (&terms);
  terms.from_day = 18500;
  terms.to_day = 19900;
  analysis = made_analysis (made, &terms, 3, FALSE);
  for (guint64 customer = 1; customer <= 20; customer++)
    {
      const TwCustomer *found = find (analysis, customer);
      TwCustomer expected = { .customer = customer, .first_day = G_MAXINT32, .last_day = G_MININT32 };

      for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < made->rows->len; i++)
          {
            const TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);
            gint32 day = row->plug_in / S / DAY, month;

            if (row->customer != customer || day >= terms.to_day)
              continue;
            expected.first_day = MIN (expected.first_day, day);
            expected.last_day = MAX (expected.last_day, day);
            month = month_of (day) - month_of (expected.first_day);
            if (pass == 0)
              continue;
            expected.months |= month < 64 ? (guint64) 1 << month : 0;
            expected.n++;
            expected.n_within += day >= terms.from_day;
            expected.captured_minor += strcmp (row->currency, "EUR") == 0 ? row->captured_minor : 0;
          }
      g_assert_cmpint (found->first_day, ==, expected.first_day);
      g_assert_cmpint (found->last_day, ==, expected.last_day);
      g_assert_cmpuint (found->n, ==, expected.n);
      g_assert_cmpuint (found->n_within, ==, expected.n_within);
      g_assert_cmphex (found->months, ==, expected.months);
      g_assert_cmpstr (found->currency, ==, "EUR");
      g_assert_cmpint (found->captured_minor, ==, expected.captured_minor);
    }
}

static void
add_visit (const TwRowIntake *part,
           gint64             at_s,
           guint64            customer,
           guint32            stages,
           const char        *reason)
{
  TwVisitRow row = { .site = { "S", 1 }, .at = at_s * S, .stages = stages, .customer = customer,
                     .drop_reason = { reason, strlen (reason) }, .amount_minor = 500, .currency = "EUR" };

  g_assert_true (part->class_->visit (part->self, &row, NULL));
}

/* Tries within ten minutes of each other are one visit, also over midnight; those of nobody known are not joined. */
static void
test_visits (void)
{
  g_autoptr (TwAnalysis) analysis = NULL;
  const gint64 midnight = 20000 * (gint64) DAY;
  const TwVisitCell *visits;
  TwAnalysisTerms terms;
  TwRowIntake parts[2];
  gsize n;

  tw_analysis_terms_init (&terms);
  analysis = tw_analysis_new (&terms, NULL);
  parts[0] = tw_analysis_part (analysis, "a");
  parts[1] = tw_analysis_part (analysis, "b");
  add_visit (&parts[0], midnight + 300, 7, 1 | 64, "");
  add_visit (&parts[1], midnight - 100, 7, 1 | 8, "declined");
  add_visit (&parts[0], midnight + 901, 7, 1 | 2, "timeout");
  add_visit (&parts[0], midnight + 100, 0, 1, "timeout");
  add_visit (&parts[1], midnight + 110, 0, 1, "timeout");
  g_assert_true (tw_analysis_close (analysis, NULL));
  visits = tw_analysis_visits (analysis, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (tw_analysis_reason (analysis, visits[0].reason), ==, "");
  g_assert_cmpint (visits[0].day, ==, 19999);
  g_assert_cmphex (visits[0].stages, ==, 1 | 8 | 64);
  g_assert_cmphex (visits[0].first_stages, ==, 1 | 8);
  g_assert_cmpint (visits[0].n, ==, 1);
  g_assert_cmpstr (tw_analysis_reason (analysis, visits[1].reason), ==, "timeout");
  g_assert_cmpint (visits[0].n_tries, ==, 2);
  g_assert_cmpint (visits[1].n + visits[2].n, ==, 3);
  g_assert_cmpint (visits[1].n_tries + visits[2].n_tries, ==, 3);
  g_assert_cmpint (visits[1].amount_minor + visits[2].amount_minor, ==, 1500);
}

#define TAPPED (1 << TW_STAGE_SEEN | 1 << TW_STAGE_TAP)
#define APPROVED (TAPPED | 1 << TW_STAGE_APPROVED)
#define CHARGED (APPROVED | 1 << TW_STAGE_ENERGY | 1 << TW_STAGE_ENDED_WELL)

static TwCell
success (const GPtrArray *figures,
         const char      *column)
{
  for (guint i = 0; i < figures->len; i++)
    if (g_str_equal (tw_figure_kind (g_ptr_array_index (figures, i))->name, "success"))
      return tw_figure_cell (g_ptr_array_index (figures, i), 0,
                             (guint) tw_figure_kind_column (tw_figure_kind (g_ptr_array_index (figures, i)), column));
  g_assert_not_reached ();
}

/* One charges at once, one at the third try, one never, and one again a quarter of an hour later: four visits of cards,
 * and one that only looked. */
static void
test_first_try (void)
{
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  const gint64 noon = 20000 * (gint64) DAY + DAY / 2;
  TwSessionRow *row = made_add (made, "S", "UTC", "A", noon, noon + 60, -1, -1, 1000);
  TwAnalysisTerms terms;
  TwRowIntake part;

  tw_analysis_terms_init (&terms);
  analysis = tw_analysis_new (&terms, NULL);
  part = tw_analysis_part (analysis, "a");
  g_assert_true (part.class_->session (part.self, row, NULL));
  add_visit (&part, noon, 1, CHARGED, "");
  add_visit (&part, noon, 2, TAPPED, "declined");
  add_visit (&part, noon + 590, 2, APPROVED, "not-connected");
  add_visit (&part, noon + 1180, 2, CHARGED, "");
  add_visit (&part, noon, 3, APPROVED | 1 << TW_STAGE_ENERGY, "faulted");
  add_visit (&part, noon + 15 * 60, 1, TAPPED, "declined");
  add_visit (&part, noon, 0, 1 << TW_STAGE_SEEN, "timeout");
  g_assert_true (tw_analysis_close (analysis, NULL));
  tw_measure_funnel (analysis, figures);
  g_assert_cmpint (success (figures, "taps").as.integer, ==, 4);
  g_assert_cmpint (success (figures, "tries").as.integer, ==, 6);
  g_assert_cmpint (success (figures, "approved").as.integer, ==, 3);
  g_assert_cmpint (success (figures, "charged").as.integer, ==, 2);
  g_assert_cmpfloat (success (figures, "success").as.number, ==, 0.5);
  g_assert_cmpfloat (success (figures, "first_try").as.number, ==, 0.25);
  g_assert_cmpfloat (success (figures, "paid_no_start").as.number, ==, 0);
}

static void
test_holds (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  const gint64 start = 20000 * (gint64) DAY;
  TwSessionRow *row = made_add (made, "S", "UTC", "E", start, start + 600, -1, -1, 0);
  const TwHoldRow *holds;
  gsize n;

  row->held_minor = 5000;
  row->tap_at = (start - 5) * S;
  row->answered_at = (start - 3) * S;
  row->held_from = (start - 3) * S;
  row->held_until = (start + 660) * S;
  row = made_add (made, "S", "UTC", "E", start + DAY, start + DAY + 600, -1, -1, 1000);
  row->held_minor = 6000;
  row->captured_minor = 300;
  row->held_from = (start + DAY) * S;
  made_add (made, "S", "UTC", "E", start + 2 * DAY, start + 2 * DAY + 600, -1, -1, 1000);
  analysis = made_analysis (made, NULL, 1, TRUE);
  holds = tw_analysis_holds (analysis, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (holds[0].day, ==, 19999);
  g_assert_cmpint (holds[0].answer_us, ==, 2 * S);
  g_assert_cmpint (holds[0].release_us, ==, 60 * S);
  g_assert_cmpint (holds[1].held_minor, ==, 6000);
  g_assert_cmpint (holds[1].held_until, ==, TW_UNKNOWN);
  g_assert_cmpint (holds[1].release_us, ==, TW_UNKNOWN);
  g_assert_cmpint (holds[1].answer_us, ==, TW_UNKNOWN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people/customers-are-what-their-rows-say", test_customers);
  g_test_add_func ("/people/tries-within-ten-minutes-are-one-visit", test_visits);
  g_test_add_func ("/people/the-first-try-is-told-apart", test_first_try);
  g_test_add_func ("/people/holds-know-how-long-they-took", test_holds);
  return g_test_run ();
}
