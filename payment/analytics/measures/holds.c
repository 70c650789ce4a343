/* SPDX-License-Identifier: Apache-2.0 */
/* Drivers' money that is held: how much, how long, and how soon it comes back. Facts: analytics.md sections 3 and 6. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/period.h"

static const TwColumn COLUMNS[] = {
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "holds", TW_COLUMN_COUNT, "holds", "that were approved in the window" },
  { "held_minor", TW_COLUMN_MINOR, "minor units", "sum of them" },
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "sum of what was taken of them" },
  { "excess_hours", TW_COLUMN_MONEY_MEAN, "minor units * h", "sum of (held - captured) * hours held: money that nobody "
                                                             "could use" },
  { "open", TW_COLUMN_COUNT, "holds", "neither captured nor released at the end of the data" },
  { "open_minor", TW_COLUMN_MINOR, "minor units", "sum of those" },
  { "oldest_s", TW_COLUMN_SECONDS, "s", "age of the oldest of those" },
  { "answer_p50_s", TW_COLUMN_NUMBER, "s", "from tap to result of what was approved, median" },
  { "answer_p95_s", TW_COLUMN_NUMBER, "s", "95 of 100 are faster" },
  { "answer_p99_s", TW_COLUMN_NUMBER, "s", "99 of 100 are faster" },
  { "release_p50_s", TW_COLUMN_NUMBER, "s", "from the end of a sale that took nothing to its release, median" },
  { "release_p95_s", TW_COLUMN_NUMBER, "s", "95 of 100 are faster" },
};

static const TwFigureKind HOLDS = {
  "holds", "money", "Money on hold", "Holds of the window: their size, what became of them, and how long they lasted.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

static const TwColumn AGE_COLUMNS[] = {
  { "age", TW_COLUMN_TEXT, NULL, "since its approval" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "holds", TW_COLUMN_COUNT, "holds", "that are open at the end of the data" },
  { "held_minor", TW_COLUMN_MINOR, "minor units", "sum of them" },
};

static const TwFigureKind AGES = {
  "hold_age", "money", "Holds that are still open", "By age at the end of the data. What is older than a day is on the "
  "books' list of exceptions, too.", TW_PICTURE_BARS, "age", NULL, "held_minor", NULL, NULL, AGE_COLUMNS,
  G_N_ELEMENTS (AGE_COLUMNS),
};

static const struct { const char *name; gint64 hours; } BINS[] = {
  { "up to 1 h", 1 }, { "1 to 6 h", 6 }, { "6 to 24 h", 24 }, { "1 to 3 days", 72 }, { "3 to 7 days", 168 },
  { "over 7 days", G_MAXINT64 },
};

typedef struct
{
  char    currency[4];
  gint64  n, held, captured, n_open, open, oldest_s;
  double  excess;
  GArray *answers, *releases;       /* of gint64 us */
  gint64  n_age[G_N_ELEMENTS (BINS)], age[G_N_ELEMENTS (BINS)];
} Sums;

static void
sums_clear (gpointer data)
{
  Sums *self = data;

  g_array_unref (self->answers);
  g_array_unref (self->releases);
}

static Sums *
sums_of (GArray     *all,
         const char *currency)
{
  Sums fresh = { 0 };

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (g_array_index (all, Sums, i).currency, currency))
      return &g_array_index (all, Sums, i);
  g_strlcpy (fresh.currency, currency, sizeof fresh.currency);
  fresh.answers = g_array_new (FALSE, FALSE, sizeof (gint64));
  fresh.releases = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (all, fresh);
  return &g_array_index (all, Sums, all->len - 1);
}

/* Of one that says not since when, from the beginning of its day on. */
static gint64
begin_of (const TwHoldRow *hold)
{
  return hold->held_from != TW_UNKNOWN ? hold->held_from : (gint64) hold->day * 86400 * G_USEC_PER_SEC;
}

static gboolean
is_open (const TwHoldRow *hold)
{
  return hold->held_minor != TW_UNKNOWN && hold->held_until == TW_UNKNOWN;
}

/* What was answered may have held nothing. */
static void
add_hold (Sums            *sums,
          const TwHoldRow *hold,
          gint64           as_of)
{
  gboolean open = is_open (hold);
  gint64 until = open ? as_of : hold->held_until, seconds;
  guint bin = 0;

  if (hold->answer_us != TW_UNKNOWN)
    g_array_append_val (sums->answers, hold->answer_us);
  if (hold->release_us != TW_UNKNOWN)
    g_array_append_val (sums->releases, hold->release_us);
  if (hold->held_minor == TW_UNKNOWN)
    return;
  seconds = MAX (0, (until - begin_of (hold)) / G_USEC_PER_SEC);

  sums->n++;
  sums->held += hold->held_minor;
  sums->captured += MAX (hold->captured_minor, 0);
  sums->excess += (double) (hold->held_minor - MAX (hold->captured_minor, 0)) * (double) seconds / 3600;
  if (!open)
    return;
  sums->n_open++;
  sums->open += hold->held_minor;
  sums->oldest_s = MAX (sums->oldest_s, seconds);
  while (bin < G_N_ELEMENTS (BINS) - 1 && seconds > BINS[bin].hours * 3600)
    bin++;
  sums->n_age[bin]++;
  sums->age[bin] += hold->held_minor;
}

static int
by_value (gconstpointer a,
          gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* The smallest value that at least that many of a hundred do not exceed; the array is sorted. */
static TwCell
percentile_s (const GArray *values,
              guint         percent)
{
  gsize rank = ((gsize) values->len * percent + 99) / 100;

  if (values->len == 0)
    return tw_cell_none ();
  return tw_cell_number ((double) g_array_index (values, gint64, MAX (rank, 1) - 1) / G_USEC_PER_SEC);
}

static void
add_rows (const GArray *all,
          TwFigure     *holds,
          TwFigure     *ages)
{
  for (guint i = 0; i < all->len; i++)
    {
      const Sums *sums = &g_array_index (all, Sums, i);

      g_array_sort (sums->answers, by_value);
      g_array_sort (sums->releases, by_value);
      tw_figure_add (holds, (TwCell[]) {
        tw_cell_text (sums->currency), tw_cell_int (sums->n), tw_cell_int (sums->held), tw_cell_int (sums->captured),
        tw_cell_number (sums->excess), tw_cell_int (sums->n_open), tw_cell_int (sums->open),
        sums->n_open > 0 ? tw_cell_int (sums->oldest_s) : tw_cell_none (), percentile_s (sums->answers, 50),
        percentile_s (sums->answers, 95), percentile_s (sums->answers, 99), percentile_s (sums->releases, 50),
        percentile_s (sums->releases, 95) });
      for (guint bin = 0; sums->n_open > 0 && bin < G_N_ELEMENTS (BINS); bin++)
        tw_figure_add (ages, (TwCell[]) { tw_cell_text (BINS[bin].name), tw_cell_text (sums->currency),
                                          tw_cell_int (sums->n_age[bin]), tw_cell_int (sums->age[bin]) });
    }
}

void
tw_measure_holds (const TwAnalysis *analysis,
                  GPtrArray        *figures)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Sums));
  TwFigure *holds = tw_figure_new (&HOLDS), *ages = tw_figure_new (&AGES);
  TwPeriod periods[TW_N_PERIODS];
  gsize n;
  const TwHoldRow *rows = tw_analysis_holds (analysis, &n);
  guint64 n_held = 0, n_open = 0;

  g_array_set_clear_func (all, sums_clear);
  tw_periods (analysis, periods);
  /* An open hold is somebody's money, whenever it was made. */
  for (gsize i = 0; i < n; i++)
    if (tw_period_has (&periods[0], rows[i].day) || is_open (&rows[i]))
      {
        add_hold (sums_of (all, rows[i].currency), &rows[i], tw_analysis_as_of (analysis));
        n_held += rows[i].held_minor != TW_UNKNOWN;
        n_open += is_open (&rows[i]);
      }
  add_rows (all, holds, ages);
  tw_figure_about (holds, n_held, "held");
  tw_figure_about (ages, n_open, "held");
  if (n_held == 0)
    tw_figure_note (holds, "This data does not tell of holds.");
  else if (n_open == 0)
    tw_figure_note (ages, "No hold is open.");
  g_ptr_array_add (figures, holds);
  g_ptr_array_add (figures, ages);
}
