/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes back, without knowing who: facts, analytics.md section 7. A customer is the keyed fingerprint of a card
 * within one epoch of its key; no number here is of fewer than k of them, and none of them leaves. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/group-size.h"

#define MOST_COHORTS 24

static const TwColumn RETURNING_COLUMNS[] = {
  { "month", TW_COLUMN_MONTH, NULL, "calendar month, local" },
  { "kind", TW_COLUMN_TEXT, NULL, "new: the card's first charge in its key's epoch; returning: it was here before" },
  { "customers", TW_COLUMN_COUNT, "customers", "distinct cards; empty: fewer than k, or it would tell of so few" },
};

static const TwFigureKind RETURNING = {
  "customers", "people", "New and returning customers",
  "How many cards charged for the first time in a month, and how many came back. Cards are told apart by a keyed "
  "fingerprint whose key is destroyed after 13 months; nobody can be followed beyond that.",
  TW_PICTURE_STACK, "month", "kind", "customers", NULL, NULL, RETURNING_COLUMNS, G_N_ELEMENTS (RETURNING_COLUMNS),
};

static const TwColumn COHORT_COLUMNS[] = {
  { "cohort", TW_COLUMN_MONTH, NULL, "month of the first charge" },
  { "months_later", TW_COLUMN_COUNT, "months", "calendar months since" },
  { "size", TW_COLUMN_COUNT, "customers", "of the cohort" },
  { "active", TW_COLUMN_COUNT, "customers", "of the cohort, that charged in that month; empty: fewer than k" },
  { "retention", TW_COLUMN_SHARE, "1", "active / size" },
};

static const TwFigureKind COHORTS = {
  "cohorts", "people", "How many come back",
  "Of the customers whose first charge was in a month, the share that charges so many months later. Months that are "
  "not over yet are left out.",
  TW_PICTURE_COHORT, "months_later", "cohort", "retention", NULL, NULL, COHORT_COLUMNS, G_N_ELEMENTS (COHORT_COLUMNS),
};

static const TwColumn FREQUENCY_COLUMNS[] = {
  { "charges", TW_COLUMN_TEXT, NULL, "how often a customer charged" },
  { "customers", TW_COLUMN_COUNT, "customers", "distinct cards" },
  { "share", TW_COLUMN_SHARE, "1", "of all customers" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "of these customers" },
};

static const TwFigureKind FREQUENCY = {
  "frequency", "people", "How often people charge",
  "Customers by the number of their charges. Groups that are too small are joined with their neighbours.",
  TW_PICTURE_BARS, "charges", NULL, "customers", NULL, NULL, FREQUENCY_COLUMNS, G_N_ELEMENTS (FREQUENCY_COLUMNS),
};

static const TwColumn LAPSE_COLUMNS[] = {
  { "last_charge", TW_COLUMN_TEXT, NULL, "days since a customer's last charge, at the end of the window" },
  { "customers", TW_COLUMN_COUNT, "customers", "distinct cards" },
  { "share", TW_COLUMN_SHARE, "1", "of all customers" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "of these customers" },
};

static const TwFigureKind LAPSE = {
  "lapse", "people", "How long people have been away",
  "Customers by the days since their last charge. Groups that are too small are joined with their neighbours.",
  TW_PICTURE_BARS, "last_charge", NULL, "customers", NULL, NULL, LAPSE_COLUMNS, G_N_ELEMENTS (LAPSE_COLUMNS),
};

typedef struct
{
  const TwCustomer *customers;
  gsize             n;
  guint             k;
  gint32            end_day;
  gint64            first_month, n_months;
} People;

static People
people_of (const TwAnalysis *analysis)
{
  People self = { .k = tw_analysis_terms (analysis)->k, .end_day = tw_analysis_end_day (analysis) };
  gint64 last = tw_month_of_day (self.end_day - 1);

  self.customers = tw_analysis_customers (analysis, &self.n);
  self.first_month = last;
  for (gsize i = 0; i < self.n; i++)
    self.first_month = MIN (self.first_month, tw_month_of_day (self.customers[i].first_day));
  self.n_months = last - self.first_month + 1;
  return self;
}

static gboolean
is_active (const TwCustomer *customer,
           gint64            month)
{
  gint64 later = month - tw_month_of_day (customer->first_day);

  return later >= 0 && later < 64 && (customer->months >> later & 1) != 0;
}

/* Active customers by cohort and month, n_months * n_months; the cohort of month i begins at i * n_months. */
static guint64 *
activity (const People *people)
{
  guint64 *active = g_new0 (guint64, people->n_months * people->n_months);

  for (gsize i = 0; i < people->n; i++)
    {
      gint64 cohort = tw_month_of_day (people->customers[i].first_day) - people->first_month;

      for (gint64 month = cohort; month < people->n_months; month++)
        if (is_active (&people->customers[i], people->first_month + month))
          active[cohort * people->n_months + month]++;
    }
  return active;
}

/* How many are new in each month may be told? All of them together are told as n. */
static gboolean *
hidden_new (const People  *people,
            const guint64 *active)
{
  g_autofree guint64 *numbers = g_new0 (guint64, people->n_months);
  gboolean *hidden = g_new0 (gboolean, people->n_months);

  for (gint64 month = 0; month < people->n_months; month++)
    numbers[month] = active[month * people->n_months + month];
  tw_group_hide (numbers, hidden, (guint) people->n_months, people->k);
  return hidden;
}

static void
add_returning (const People   *people,
               const guint64  *active,
               const gboolean *new_is_hidden,
               GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&RETURNING);

  tw_figure_about (figure, people->n, NULL);
  for (gint64 month = 0; month < people->n_months; month++)
    {
      guint64 numbers[2] = { active[month * people->n_months + month], 0 };

      for (gint64 cohort = 0; cohort < month; cohort++)
        numbers[1] += active[cohort * people->n_months + month];
      for (guint i = 0; i < 2; i++)
        tw_figure_add (figure, (TwCell[]) { tw_cell_int (people->first_month + month),
                                            tw_cell_text (i == 0 ? "new" : "returning"),
                                            i == 0 && new_is_hidden[month] ? tw_cell_none ()
                                            : tw_group_cell (numbers[i], people->k) });
    }
  g_ptr_array_add (figures, figure);
}

/* Which cohorts may be told in a month: what all returning ones are together is told elsewhere. */
static void
hide_month (const People  *people,
            const guint64 *active,
            gint64         month,
            gboolean      *hidden)
{
  g_autofree guint64 *numbers = g_new0 (guint64, month + 1);
  g_autofree gboolean *flags = g_new0 (gboolean, month + 1);

  for (gint64 cohort = 0; cohort < month; cohort++)
    numbers[cohort] = active[cohort * people->n_months + month];
  tw_group_hide (numbers, flags, (guint) month, people->k);
  for (gint64 cohort = 0; cohort < month; cohort++)
    hidden[cohort * people->n_months + month] = flags[cohort];
  hidden[month * people->n_months + month] = tw_group_is_small (active[month * people->n_months + month], people->k);
}

static void
add_cohorts (const People   *people,
             const guint64  *active,
             const gboolean *new_is_hidden,
             GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&COHORTS);
  gint64 n = people->n_months;
  gint64 whole = tw_day_is_month_begin (people->end_day) ? n : n - 1;
  g_autofree gboolean *hidden = g_new0 (gboolean, n * n);

  tw_figure_about (figure, people->n, NULL);
  for (gint64 month = 0; month < n; month++)
    hide_month (people, active, month, hidden);
  for (gint64 cohort = MAX (0, whole - MOST_COHORTS); cohort < whole; cohort++)
    {
      guint64 size = active[cohort * n + cohort];

      if (size < people->k || new_is_hidden[cohort])
        continue;
      for (gint64 month = cohort; month < whole; month++)
        {
          guint64 number = active[cohort * n + month];
          gboolean told = !hidden[cohort * n + month];

          tw_figure_add (figure, (TwCell[]) {
            tw_cell_int (people->first_month + cohort), tw_cell_int (month - cohort), tw_cell_int ((gint64) size),
            told ? tw_cell_int ((gint64) number) : tw_cell_none (),
            told ? tw_cell_ratio ((double) number, (double) size) : tw_cell_none () });
        }
    }
  if (tw_figure_n_rows (figure) == 0)
    tw_figure_note (figure, "No month has at least %u new customers and is over.", people->k);
  g_ptr_array_add (figures, figure);
}

typedef struct { gint64 from, to; } Bin;      /* from <= value < to */

static gint64
charges_of (const People     *people,
            const TwCustomer *customer)
{
  (void) people;
  return customer->n;
}

static gint64
days_away (const People     *people,
           const TwCustomer *customer)
{
  return MAX (0, (gint64) people->end_day - 1 - customer->last_day);
}

static void
add_bin (TwFigure     *figure,
         const People *people,
         Bin           bin,
         guint64       n,
         guint64       sessions)
{
  g_autofree char *name = bin.to == G_MAXINT64 ? g_strdup_printf ("%" G_GINT64_FORMAT " or more", bin.from)
                          : bin.to == bin.from + 1 ? g_strdup_printf ("%" G_GINT64_FORMAT, bin.from)
                          : g_strdup_printf ("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, bin.from, bin.to - 1);

  tw_figure_add (figure, (TwCell[]) { tw_cell_text (name), tw_cell_int ((gint64) n),
                                      tw_cell_ratio ((double) n, (double) people->n),
                                      tw_cell_int ((gint64) sessions) });
}

/* From the last to the first: a bin that is too small goes to the one before it, and the first to what is left. */
static void
add_bins (const People       *people,
          const TwFigureKind *kind,
          const gint64       *edges,
          guint               n_edges,
          gint64            (*value_of) (const People *people, const TwCustomer *customer),
          GPtrArray          *figures)
{
  TwFigure *figure = tw_figure_new (kind);
  g_autofree guint64 *n = g_new0 (guint64, n_edges), *sessions = g_new0 (guint64, n_edges);
  g_autofree gint64 *ends = g_new0 (gint64, n_edges);
  guint at;

  tw_figure_about (figure, people->n, NULL);
  for (gsize i = 0; i < people->n; i++)
    {
      gint64 value = value_of (people, &people->customers[i]);

      for (at = n_edges - 1; at > 0 && value < edges[at]; )
        at--;
      n[at]++;
      sessions[at] += people->customers[i].n;
    }
  for (at = 0; at < n_edges; at++)
    ends[at] = at + 1 < n_edges ? edges[at + 1] : G_MAXINT64;
  for (at = n_edges - 1; at > 0; at--)
    if (tw_group_is_small (n[at], people->k))
      {
        n[at - 1] += n[at];
        sessions[at - 1] += sessions[at];
        ends[at - 1] = ends[at];
        n[at] = 0;
      }
  /* What the first one lacks, the next one that is told gives. */
  for (at = 1; at < n_edges && tw_group_is_small (n[0], people->k); at++)
    {
      n[0] += n[at];
      sessions[0] += sessions[at];
      ends[0] = ends[at];
      n[at] = 0;
    }
  for (at = 0; at < n_edges; at++)
    if (n[at] >= people->k)
      add_bin (figure, people, (Bin) { edges[at], ends[at] }, n[at], sessions[at]);
  g_ptr_array_add (figures, figure);
}

static void
note_epochs (const People *people,
             GPtrArray    *figures)
{
  gboolean several = FALSE;

  for (gsize i = 1; i < people->n; i++)
    several |= people->customers[i].epoch != people->customers[0].epoch;
  if (several)
    for (guint i = figures->len - 2; i < figures->len; i++)
      tw_figure_note (g_ptr_array_index (figures, i),
                      "The key of the fingerprints changed within this data: who charged before and after it counts as "
                      "two customers, and coming back is told too low.");
}

void
tw_measure_customers (const TwAnalysis *analysis,
                      GPtrArray        *figures)
{
  static const gint64 CHARGES[] = { 1, 2, 3, 5, 10, 20, 50 };
  static const gint64 DAYS[] = { 0, 8, 31, 61, 91, 181 };
  People people = people_of (analysis);
  g_autofree guint64 *active = NULL;
  g_autofree gboolean *hidden = NULL;

  if (people.n < people.k)
    {
      TwFigure *figure = tw_figure_new (&RETURNING);

      tw_figure_note (figure, "Fewer than %u customers are known: nothing is told of them.", people.k);
      g_ptr_array_add (figures, figure);
      return;
    }
  active = activity (&people);
  hidden = hidden_new (&people, active);
  add_returning (&people, active, hidden, figures);
  add_cohorts (&people, active, hidden, figures);
  note_epochs (&people, figures);
  add_bins (&people, &FREQUENCY, CHARGES, G_N_ELEMENTS (CHARGES), charges_of, figures);
  add_bins (&people, &LAPSE, DAYS, G_N_ELEMENTS (DAYS), days_away, figures);
}
