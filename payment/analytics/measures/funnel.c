/* SPDX-License-Identifier: Apache-2.0 */
/* From a touch of the screen to a receipt: where visits end, and why. Facts: analytics.md section 6. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/period.h"
#include "payment/analytics/measures/success.h"

static const char *const STAGES[TW_N_STAGES] = {
  [TW_STAGE_SEEN] = "screen touched", [TW_STAGE_OFFER] = "offer opened", [TW_STAGE_CHOSEN] = "connector chosen",
  [TW_STAGE_TAP] = "card or phone presented", [TW_STAGE_APPROVED] = "approved", [TW_STAGE_PLUGGED] = "plugged in",
  [TW_STAGE_ENERGY] = "energy flowed", [TW_STAGE_ENDED_WELL] = "ended normally", [TW_STAGE_CAPTURED] = "captured",
  [TW_STAGE_RECEIPT] = "receipt fetched",
};

static const TwColumn FUNNEL_COLUMNS[] = {
  { "stage", TW_COLUMN_TEXT, NULL, "in the order in which a visit passes them" },
  { "visits", TW_COLUMN_COUNT, "visits", "that came at least so far" },
  { "of_before", TW_COLUMN_SHARE, "1", "visits / visits at the stage before" },
  { "of_all", TW_COLUMN_SHARE, "1", "visits / visits at the first stage" },
};

static const TwFigureKind FUNNEL = {
  "funnel", "money", "From touch to receipt", "A visit is a stretch of use of the screen that ends after 120 seconds "
  "without a touch, or with a session.", TW_PICTURE_FUNNEL, "stage", NULL, "visits", NULL, NULL, FUNNEL_COLUMNS,
  G_N_ELEMENTS (FUNNEL_COLUMNS),
};

static const TwColumn DROP_COLUMNS[] = {
  { "stage", TW_COLUMN_TEXT, NULL, "the last one that the visit reached" },
  { "reason", TW_COLUMN_TEXT, NULL, "as the station wrote it down; unknown: it did not" },
  { "visits", TW_COLUMN_COUNT, "visits", "that ended there for that reason" },
  { "share", TW_COLUMN_SHARE, "1", "of all visits that did not get energy" },
};

static const TwFigureKind DROPS = {
  "drop_reasons", "money", "Why visits end without energy", "Visits without energy by the last stage they reached.",
  TW_PICTURE_BARS, "reason", NULL, "visits", NULL, NULL, DROP_COLUMNS, G_N_ELEMENTS (DROP_COLUMNS),
};

static const TwColumn DECLINE_COLUMNS[] = {
  { "reason", TW_COLUMN_TEXT, NULL, "of a card or phone that was presented and not approved" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "declines", TW_COLUMN_COUNT, "visits", "that ended so" },
  { "cumulative", TW_COLUMN_SHARE, "1", "of all declines, up to this row" },
  { "asked_minor", TW_COLUMN_MINOR, "minor units", "sum of the holds asked for" },
};

static const TwFigureKind DECLINES = {
  "declines", "money", "Why cards are declined", "From the most frequent reason to the least.", TW_PICTURE_BARS,
  "reason", NULL, "declines", NULL, NULL, DECLINE_COLUMNS, G_N_ELEMENTS (DECLINE_COLUMNS),
};

static const TwColumn SUCCESS_COLUMNS[] = {
  { "station", TW_COLUMN_TEXT, NULL, "site; all: all of them" },
  { "taps", TW_COLUMN_COUNT, "visits", "with a card or phone presented; tries of one card at the site that are not 10 "
                                       "minutes apart are one visit" },
  { "tries", TW_COLUMN_COUNT, "tries", "of those visits" },
  { "approved", TW_COLUMN_COUNT, "visits", "of those, approved" },
  { "charged", TW_COLUMN_COUNT, "visits", "of those, that got 0.1 kWh or more and did not end with a fault" },
  { "success", TW_COLUMN_SHARE, "1", "charged / taps" },
  { "first_try", TW_COLUMN_SHARE, "1", "visits whose first try was charged / taps" },
  { "paid_no_start", TW_COLUMN_SHARE, "1", "approved without energy / approved" },
  { "turned_away", TW_COLUMN_COUNT, "visits", "that touched the screen while all was taken, and came to nothing" },
};

static const TwFigureKind SUCCESS = {
  "success", "money", "Do people get what they came for?", "The rate of successful charges: what uptime does not tell.",
  TW_PICTURE_BARS, "station", NULL, "success", NULL, NULL, SUCCESS_COLUMNS, G_N_ELEMENTS (SUCCESS_COLUMNS),
};

/* A journal from before visits were written down begins with the offer: what came later was there before, too. */
static guint32
with_stages_before (guint32 stages)
{
  guint32 all = stages;

  for (int stage = TW_STAGE_APPROVED; stage > TW_STAGE_SEEN; stage--)
    if (all >> stage & 1)
      all |= 1u << (stage - 1);
  return all;
}

static int
last_stage (guint32 stages)
{
  int last = TW_STAGE_SEEN;

  for (int stage = 0; stage < TW_N_STAGES; stage++)
    if (stages >> stage & 1)
      last = stage;
  return last;
}

static void
add_funnel (const TwVisitCell *cells,
            gsize              n,
            GPtrArray         *figures)
{
  TwFigure *figure = tw_figure_new (&FUNNEL);
  gint64 visits[TW_N_STAGES] = { 0 };

  for (gsize i = 0; i < n; i++)
    for (int stage = 0; stage < TW_N_STAGES; stage++)
      if (with_stages_before (cells[i].stages) >> stage & 1)
        visits[stage] += cells[i].n;
  for (int stage = 0; stage < TW_N_STAGES; stage++)
    tw_figure_add (figure, (TwCell[]) {
      tw_cell_text (STAGES[stage]), tw_cell_int (visits[stage]),
      stage == 0 ? tw_cell_none () : tw_cell_ratio ((double) visits[stage], (double) visits[stage - 1]),
      tw_cell_ratio ((double) visits[stage], (double) visits[0]) });
  tw_figure_about (figure, (guint64) visits[0], NULL);
  g_ptr_array_add (figures, figure);
}

typedef struct { int stage; guint32 reason; char currency[4]; gint64 n, amount; } Drop;

static int
most_first (gconstpointer a,
            gconstpointer b)
{
  const Drop *left = a, *right = b;

  if (left->n != right->n)
    return left->n > right->n ? -1 : 1;
  if (left->stage != right->stage)
    return left->stage < right->stage ? -1 : 1;
  return left->reason < right->reason ? -1 : left->reason > right->reason;
}

static void
count_drop (GArray            *drops,
            const TwVisitCell *cell,
            int                stage,
            gboolean           by_money)
{
  Drop fresh = { stage, cell->reason, "", cell->n, MAX (cell->amount_minor, 0) };

  if (by_money)
    g_strlcpy (fresh.currency, cell->currency, sizeof fresh.currency);
  for (guint i = 0; i < drops->len; i++)
    {
      Drop *drop = &g_array_index (drops, Drop, i);

      if (drop->stage != stage || drop->reason != cell->reason || !g_str_equal (drop->currency, fresh.currency))
        continue;
      drop->n += fresh.n;
      drop->amount += fresh.amount;
      return;
    }
  g_array_append_val (drops, fresh);
}

static const char *
reason_name (const TwAnalysis *analysis,
             guint32           reason)
{
  const char *name = tw_analysis_reason (analysis, reason);

  return name == NULL || *name == '\0' ? "unknown" : name;
}

static void
add_drops (const TwAnalysis  *analysis,
           const TwVisitCell *cells,
           gsize              n,
           GPtrArray         *figures)
{
  g_autoptr (GArray) drops = g_array_new (FALSE, FALSE, sizeof (Drop));
  TwFigure *figure = tw_figure_new (&DROPS);
  gint64 all = 0;

  for (gsize i = 0; i < n; i++)
    if (!tw_visit_has (&cells[i], TW_STAGE_ENERGY))
      {
        count_drop (drops, &cells[i], last_stage (cells[i].stages), FALSE);
        all += cells[i].n;
      }
  g_array_sort (drops, most_first);
  for (guint i = 0; i < drops->len; i++)
    {
      const Drop *drop = &g_array_index (drops, Drop, i);

      tw_figure_add (figure, (TwCell[]) { tw_cell_text (STAGES[drop->stage]),
                                          tw_cell_text (reason_name (analysis, drop->reason)), tw_cell_int (drop->n),
                                          tw_cell_ratio ((double) drop->n, (double) all) });
    }
  tw_figure_about (figure, (guint64) all, NULL);
  g_ptr_array_add (figures, figure);
}

static void
add_declines (const TwAnalysis  *analysis,
              const TwVisitCell *cells,
              gsize              n,
              GPtrArray         *figures)
{
  g_autoptr (GArray) drops = g_array_new (FALSE, FALSE, sizeof (Drop));
  TwFigure *figure = tw_figure_new (&DECLINES);
  gint64 all = 0, so_far = 0;

  for (gsize i = 0; i < n; i++)
    if (tw_visit_has (&cells[i], TW_STAGE_TAP) && !tw_visit_has (&cells[i], TW_STAGE_APPROVED))
      {
        count_drop (drops, &cells[i], TW_STAGE_TAP, TRUE);
        all += cells[i].n;
      }
  g_array_sort (drops, most_first);
  for (guint i = 0; i < drops->len; i++)
    {
      const Drop *drop = &g_array_index (drops, Drop, i);

      so_far += drop->n;
      tw_figure_add (figure, (TwCell[]) { tw_cell_text (reason_name (analysis, drop->reason)),
                                          tw_cell_text (drop->currency), tw_cell_int (drop->n),
                                          tw_cell_ratio ((double) so_far, (double) all), tw_cell_int (drop->amount) });
    }
  tw_figure_about (figure, (guint64) all, NULL);
  if (all == 0)
    tw_figure_note (figure, "Nothing was declined.");
  g_ptr_array_add (figures, figure);
}

static gint64
add_success (TwFigure          *figure,
             const char        *name,
             const TwVisitCell *cells,
             gsize              n)
{
  TwSuccess sum = { 0 };

  for (gsize i = 0; i < n; i++)
    tw_success_add (&sum, &cells[i]);
  tw_figure_add (figure, (TwCell[]) { tw_cell_text (name), tw_cell_int (sum.taps), tw_cell_int (sum.tries),
                                      tw_cell_int (sum.approved), tw_cell_int (sum.charged),
                                      tw_cell_ratio ((double) sum.charged, (double) sum.taps),
                                      tw_cell_ratio ((double) sum.first, (double) sum.taps),
                                      tw_cell_ratio ((double) sum.unstarted, (double) sum.approved),
                                      tw_cell_int (sum.turned_away) });
  return sum.taps;
}

/* Those of the window; free with g_free(). */
static TwVisitCell *
visits_of_window (const TwAnalysis *analysis,
                  gsize            *n)
{
  TwPeriod periods[TW_N_PERIODS];
  gsize n_all;
  const TwVisitCell *all = tw_analysis_visits (analysis, &n_all);
  TwVisitCell *kept = g_new (TwVisitCell, MAX (n_all, 1));

  tw_periods (analysis, periods);
  *n = 0;
  for (gsize i = 0; i < n_all; i++)
    if (tw_period_has (&periods[0], all[i].day))
      kept[(*n)++] = all[i];
  return kept;
}

void
tw_measure_funnel (const TwAnalysis *analysis,
                   GPtrArray        *figures)
{
  gsize n;
  g_autofree TwVisitCell *cells = visits_of_window (analysis, &n);
  TwFigure *success;

  if (n == 0)
    {
      TwFigure *figure = tw_figure_new (&FUNNEL);

      tw_figure_note (figure, "This data does not tell of visits to the screen; journals do.");
      g_ptr_array_add (figures, figure);
      return;
    }
  add_funnel (cells, n, figures);
  add_drops (analysis, cells, n, figures);
  add_declines (analysis, cells, n, figures);
  success = tw_figure_new (&SUCCESS);
  tw_figure_about (success, (guint64) add_success (success, "all", cells, n), NULL);
  for (gsize from = 0, to; from < n && cells[n - 1].site != cells[0].site; from = to)     /* sorted by site */
    {
      for (to = from; to < n && cells[to].site == cells[from].site; )
        to++;
      add_success (success, tw_analysis_site (analysis, cells[from].site), &cells[from], to - from);
    }
  g_ptr_array_add (figures, success);
}
