/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an offer would be for, as counts: recency, frequency and money in fifths (facts, analytics.md section 7). The
 * bands cross, so that no segment is told apart from a row of another figure by a few people. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/group-size.h"

#include <stdlib.h>

static const TwColumn COLUMNS[] = {
  { "segment", TW_COLUMN_TEXT, NULL, "the first of its name that a customer fits" },
  { "scores", TW_COLUMN_TEXT, NULL, "R: how lately, F: how often, M: how much money; fifths of all customers, 5 is "
    "best, and equal ones share the lower fifth" },
  { "customers", TW_COLUMN_COUNT, "customers", "distinct cards; empty: fewer than k, or it would tell of so few" },
  { "share", TW_COLUMN_SHARE, "1", "of all customers" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "of these customers" },
};

static const TwFigureKind KIND = {
  "segments", "people", "Kinds of customers",
  "Customers by how lately they came, how often and for how much money, each against all others. For deciding whom an "
  "offer should reach; there is no list of them.",
  TW_PICTURE_BARS, "segment", NULL, "customers", NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

typedef struct { guint8 recency, frequency, money; } Least;

/* In this order; the last one takes whoever is left. */
static const struct { const char *name, *scores; Least least; guint8 most_recency; } SEGMENTS[] = {
  { "champions", "R 4-5, F 4-5, M 4-5", { 4, 4, 4 }, 5 },
  { "regulars", "R 3-5, F 4-5", { 3, 4, 1 }, 5 },
  { "regulars who stay away", "R 1-2, F 4-5", { 1, 4, 1 }, 2 },
  { "few but large charges", "R 3-5, M 5", { 3, 1, 5 }, 5 },
  { "coming back", "R 3-5, F 2-3", { 3, 2, 1 }, 5 },
  { "here lately", "R 4-5", { 4, 1, 1 }, 5 },
  { "fading", "R 2-3", { 2, 1, 1 }, 3 },
  { "gone", "all others", { 1, 1, 1 }, 5 },
};

#define N_SEGMENTS G_N_ELEMENTS (SEGMENTS)

/* What the values at the fifths' edges are: a value's score is how many of them it is at or above, and one more. */
typedef struct { gint64 edges[4]; } Fifths;

static int
by_value (gconstpointer a,
          gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

/* Scores are by rank among those below: all who have the same value are in the fifth of the first of them. */
static Fifths
fifths_of (gint64 *values,
           gsize   n)
{
  Fifths fifths;

  if (n > 0)
    qsort (values, n, sizeof *values, by_value);
  for (guint i = 0; i < 4; i++)
    {
      gsize at = ((i + 1) * n + 4) / 5;

      /* The first value that has at least so many below it. */
      while (at < n && at > 0 && values[at] == values[at - 1])
        at++;
      fifths.edges[i] = at < n ? values[at] : G_MAXINT64;
    }
  return fifths;
}

static guint8
score (const Fifths *fifths,
       gint64        value)
{
  guint8 score = 1;

  for (guint i = 0; i < 4; i++)
    score += value >= fifths->edges[i];
  return score;
}

typedef struct
{
  Fifths recency, frequency;
  GHashTable *money;              /* currency -> Fifths: amounts of two are never compared */
} Scale;

static const char *
currency_of (const TwCustomer *customer)
{
  return customer->currency;
}

static Scale
scale_of (const TwCustomer *customers,
          gsize             n)
{
  g_autofree gint64 *values = g_new (gint64, MAX (1, n));
  Scale scale = { .money = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free) };

  for (gsize i = 0; i < n; i++)
    values[i] = customers[i].last_day;
  scale.recency = fifths_of (values, n);
  for (gsize i = 0; i < n; i++)
    values[i] = customers[i].n;
  scale.frequency = fifths_of (values, n);
  for (gsize i = 0; i < n; i++)
    {
      const char *currency = currency_of (&customers[i]);
      Fifths fifths;
      gsize m = 0;

      if (g_hash_table_contains (scale.money, currency))
        continue;
      for (gsize j = i; j < n; j++)
        if (g_str_equal (currency_of (&customers[j]), currency))
          values[m++] = customers[j].captured_minor;
      fifths = fifths_of (values, m);
      g_hash_table_insert (scale.money, g_strdup (currency), g_memdup2 (&fifths, sizeof fifths));
    }
  return scale;
}

static guint
segment_of (const TwCustomer *customer,
            const Scale      *scale)
{
  const Fifths *money = g_hash_table_lookup (scale->money, currency_of (customer));
  guint8 r = score (&scale->recency, customer->last_day), f = score (&scale->frequency, customer->n);
  guint8 m = score (money, customer->captured_minor);
  guint i = 0;

  while (i + 1 < N_SEGMENTS && (r < SEGMENTS[i].least.recency || r > SEGMENTS[i].most_recency
                                || f < SEGMENTS[i].least.frequency || m < SEGMENTS[i].least.money))
    i++;
  return i;
}

void
tw_measure_segments (const TwAnalysis *analysis,
                     GPtrArray        *figures)
{
  guint k = tw_analysis_terms (analysis)->k;
  TwFigure *figure = tw_figure_new (&KIND);
  guint64 n[N_SEGMENTS] = { 0 }, sessions[N_SEGMENTS] = { 0 };
  gboolean hidden[N_SEGMENTS];
  gsize n_customers;
  const TwCustomer *customers = tw_analysis_customers (analysis, &n_customers);
  Scale scale;

  g_ptr_array_add (figures, figure);
  if (n_customers < k)
    {
      tw_figure_note (figure, "Fewer than %u customers are known: nothing is told of them.", k);
      return;
    }
  scale = scale_of (customers, n_customers);
  for (gsize i = 0; i < n_customers; i++)
    {
      guint segment = segment_of (&customers[i], &scale);

      n[segment]++;
      sessions[segment] += customers[i].n;
    }
  g_hash_table_unref (scale.money);
  tw_group_hide (n, hidden, N_SEGMENTS, k);
  tw_figure_about (figure, n_customers, NULL);
  for (guint i = 0; i < N_SEGMENTS; i++)
    tw_figure_add (figure, (TwCell[]) {
      tw_cell_text (SEGMENTS[i].name), tw_cell_text (SEGMENTS[i].scores),
      hidden[i] ? tw_cell_none () : tw_cell_int ((gint64) n[i]),
      hidden[i] ? tw_cell_none () : tw_cell_ratio ((double) n[i], (double) n_customers),
      hidden[i] ? tw_cell_none () : tw_cell_int ((gint64) sessions[i]) });
}
