/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/price-changes.h"

#include "payment/analytics/measures/price-stretches.h"
#include "payment/analytics/measures/refusal.h"
#include "payment/analytics/models/before-after.h"

#include <math.h>

#define LEAST_DAYS 28           /* on either side */
#define MOST_DAYS 182           /* further away, other things have changed as well */
#define MOST_CASES 12
#define CONGESTED 0.05          /* share of the time; beyond it connectors limit demand, and not the price */
#define SEED 1
#define BLOCK_DAYS 7

static const TwColumn CHANGE_COLUMNS[] = {
  { "change", TW_COLUMN_DAY, NULL, "the first day on which all of them asked the new price" },
  { "treated", TW_COLUMN_TEXT, NULL, "sites whose price changed until then, within three days and by the same ratio" },
  { "treated_sites", TW_COLUMN_COUNT, "sites", "of those" },
  { "control_sites", TW_COLUMN_COUNT, "sites", "that kept their price all the time" },
  { "days_before", TW_COLUMN_COUNT, "days", "compared; whole weeks in which no price changed" },
  { "days_after", TW_COLUMN_COUNT, "days", "compared" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "of the prices, ISO 4217" },
  { "price_before_minor", TW_COLUMN_MONEY_MEAN, "minor units per kWh", "asked before, mean of the treated sites" },
  { "price_after_minor", TW_COLUMN_MONEY_MEAN, "minor units per kWh", "asked after" },
  { "demand", TW_COLUMN_TEXT, NULL, "energy: of sessions by the day they began on; starts: sessions" },
  { "effect", TW_COLUMN_NUMBER, "1", "(ln T1 - ln T0) - (ln C1 - ln C0); T, C: mean daily demand of treated and "
                                     "control sites, 0 before and 1 after" },
  { "elasticity", TW_COLUMN_NUMBER, "1", "effect / ln (price after / price before)" },
  { "low", TW_COLUMN_NUMBER, "1", "95 % interval of the elasticity, 1000 draws of blocks of 7 days" },
  { "high", TW_COLUMN_NUMBER, "1", "95 % interval of the elasticity" },
  { "trend", TW_COLUMN_NUMBER, "1 per week", "slope of ln (T / C) over the weeks before the change" },
  { "trends_differ", TW_COLUMN_TEXT, NULL, "yes: the 95 % interval of the trend is without 0, so do not believe the "
                                           "estimate; unknown: a week before had no sale" },
  { "seed", TW_COLUMN_COUNT, NULL, "of the draws: the same one gives the same interval" },
};

static const TwFigureKind CHANGES = {
  "price_changes", "decisions", "What followed a change of price",
  "An estimate under parallel trends: where a price changed and elsewhere it stayed, the others tell what would have "
  "happened anyway. Sites whose connectors were all taken for more than 5 % of the time are left out.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, CHANGE_COLUMNS, G_N_ELEMENTS (CHANGE_COLUMNS),
};

static const TwColumn WEEK_COLUMNS[] = {
  { "week", TW_COLUMN_COUNT, "weeks", "counted from the change; 0 is the first one after it" },
  { "case", TW_COLUMN_TEXT, NULL, "day of the change, and the treated sites" },
  { "ratio", TW_COLUMN_NUMBER, "1", "sessions of treated sites / of control sites, over the same before the change" },
};

static const TwFigureKind WEEKS = {
  "price_change_weeks", "decisions", "Did they go alike before?",
  "Sessions of the sites whose price changed against those of the others, by week: before the change the line should "
  "be level, or the comparison means nothing.",
  TW_PICTURE_LINE, "week", "case", "ratio", NULL, NULL, WEEK_COLUMNS, G_N_ELEMENTS (WEEK_COLUMNS),
};

/* A comparison: daily sums of both groups, the days before and those after. */
typedef struct
{
  const TwPriceChange *change;
  guint                before, after;
  GArray              *treated, *control;       /* of guint32: sites */
  TwDayPair           *starts, *energy;         /* of before + after days */
  char                *name;
} Case;

static void
case_clear (Case *self)
{
  g_clear_pointer (&self->treated, g_array_unref);
  g_clear_pointer (&self->control, g_array_unref);
  g_free (self->starts);
  g_free (self->energy);
  g_free (self->name);
}

/* The cells of a site from an hour on. */
static gsize
first_cell (const TwHourCell *cells,
            gsize             n,
            guint32           site,
            gint32            hour)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (cells[middle].site < site || (cells[middle].site == site && cells[middle].hour < hour))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_congested (const TwAnalysis *analysis,
              guint32           site,
              gint32            from,
              gint32            to)
{
  gint64 busy_s = 0;
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);

  for (gsize i = first_cell (cells, n, site, from * 24); i < n && cells[i].site == site && cells[i].hour < to * 24; i++)
    busy_s += cells[i].all_busy_s;
  return (double) busy_s > CONGESTED * 86400.0 * (to - from);
}

/* Without those that are congested. */
static GArray *
free_of (const TwAnalysis *analysis,
         const GArray     *sites,
         gint32            from,
         gint32            to)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < sites->len; i++)
    if (!is_congested (analysis, g_array_index (sites, guint32, i), from, to))
      g_array_append_val (found, g_array_index (sites, guint32, i));
  return found;
}

static gint32
first_day (const Case *self)
{
  return self->change->last_old - (gint32) self->before;
}

static gint32
end_day (const Case *self)
{
  return self->change->first_new + (gint32) self->after;
}

/* Of a day among those that are compared; -1: it is between the first change and the last one. */
static gint32
place_of (const Case *self,
          gint32      day)
{
  if (day < self->change->last_old)
    return day - first_day (self);
  return day < self->change->first_new ? -1 : day - self->change->first_new + (gint32) self->before;
}

static void
add_demand (const TwAnalysis *analysis,
            const Case       *self,
            const GArray     *sites,
            gsize             member)
{
  gint32 from = first_day (self), to = end_day (self);
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);

  for (guint s = 0; s < sites->len; s++)
    {
      guint32 site = g_array_index (sites, guint32, s);

      for (gsize i = first_cell (cells, n, site, from * 24); i < n && cells[i].site == site && cells[i].hour < to * 24;
           i++)
        {
          gint32 day = place_of (self, cells[i].hour / 24);

          if (day < 0)
            continue;
          G_STRUCT_MEMBER (double, &self->starts[day], member) += (double) cells[i].n_started;
          G_STRUCT_MEMBER (double, &self->energy[day], member) += (double) cells[i].started_energy_wh / 1000;
        }
    }
}

/* "2026-03-02, Berlin" */
static char *
name_of (const TwAnalysis *analysis,
         const Case       *self,
         gboolean          with_day)
{
  GString *name = g_string_new (NULL);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (self->change->first_new + 719163));
  if (with_day)
    g_string_append_printf (name, "%04d-%02d-%02d, ", g_date_get_year (&date), (int) g_date_get_month (&date),
                            (int) g_date_get_day (&date));
  if (self->treated->len > 3)
    g_string_append_printf (name, "%u sites", self->treated->len);
  for (guint i = 0; self->treated->len <= 3 && i < self->treated->len; i++)
    g_string_append_printf (name, "%s%s", i > 0 ? " and " : "",
                            tw_analysis_site (analysis, g_array_index (self->treated, guint32, i)));
  return g_string_free (name, FALSE);
}

/* As long as both sides kept their prices, and somebody is there to be compared with; at least four weeks. FALSE: there
 * is nobody. */
static gboolean
compare (const TwAnalysis    *analysis,
         const GArray        *stretches,
         const TwPriceChange *change,
         Case                *self)
{
  guint before = MIN (tw_price_change_before (change), MOST_DAYS);
  guint after = MIN (tw_price_change_after (change), MOST_DAYS);

  for (guint most = MAX (before, after); most >= LEAST_DAYS; most -= 7)
    {
      gint32 from = change->last_old - (gint32) MIN (before, most);
      gint32 to = change->first_new + (gint32) MIN (after, most);
      g_autoptr (GArray) keepers = tw_price_keepers_new (stretches, from, to);

      g_clear_pointer (&self->control, g_array_unref);
      self->control = free_of (analysis, keepers, from, to);
      if (self->control->len == 0)
        continue;
      self->change = change;
      self->before = MIN (before, most);
      self->after = MIN (after, most);
      self->treated = free_of (analysis, change->sites, from, to);
      return self->treated->len > 0;
    }
  return FALSE;
}

static void
add_up (const TwAnalysis *analysis,
        Case             *self)
{
  self->starts = g_new0 (TwDayPair, self->before + self->after);
  self->energy = g_new0 (TwDayPair, self->before + self->after);
  self->name = name_of (analysis, self, TRUE);
  add_demand (analysis, self, self->treated, G_STRUCT_OFFSET (TwDayPair, treated));
  add_demand (analysis, self, self->control, G_STRUCT_OFFSET (TwDayPair, control));
}

static const char *
trends_differ (const TwBeforeAfter *found)
{
  return !found->trend_known ? "unknown" : found->trends_differ ? "yes" : "no";
}

static void
add_estimate (TwFigure         *figure,
              const TwAnalysis *analysis,
              const Case       *self,
              const char       *currency,
              const char       *demand,
              const TwDayPair  *days)
{
  const TwPriceChange *change = self->change;
  const TwBeforeAfterCase given = { days, days + self->before, self->before, self->after, change->price_before,
                                    change->price_after };
  TwBeforeAfter found = tw_before_after (&given, &(TwBootstrap) { SEED, TW_BOOTSTRAP_DRAWS, BLOCK_DAYS });
  g_autofree char *treated = name_of (analysis, self, FALSE);

  if (found.refusal != TW_REFUSAL_NONE)
    {
      tw_figure_note (figure, "%s, %s: %s", self->name, demand, tw_refusal_words (found.refusal));
      return;
    }
  if (found.trends_differ)
    tw_figure_note (figure, "%s, %s: the sites went different ways before the change already, so the estimate is not "
                    "to be believed.", self->name, demand);
  tw_figure_add (figure, (TwCell[]) {
    tw_cell_int (change->first_new), tw_cell_text (treated), tw_cell_int (self->treated->len),
    tw_cell_int (self->control->len), tw_cell_int (self->before), tw_cell_int (self->after), tw_cell_text (currency),
    tw_cell_number (change->price_before), tw_cell_number (change->price_after), tw_cell_text (demand),
    tw_cell_number (found.effect.value), tw_cell_number (found.elasticity.value), tw_cell_number (found.elasticity.low),
    tw_cell_number (found.elasticity.high), found.trend_known ? tw_cell_number (found.trend.value) : tw_cell_none (),
    tw_cell_text (trends_differ (&found)), tw_cell_int (SEED) });
}

/* ln of T / C over all days before. */
static double
level_before (const Case *self)
{
  TwDayPair sum = { 0, 0 };

  for (guint i = 0; i < self->before; i++)
    {
      sum.treated += self->starts[i].treated;
      sum.control += self->starts[i].control;
    }
  return log (sum.treated / sum.control);
}

static void
add_weeks (TwFigure   *figure,
           const Case *self,
           gint64      week)
{
  guint n_before = self->before / 7, n_after = self->after / 7;
  gboolean is_before = week < 0;
  guint at = is_before ? (guint) ((gint64) n_before + week) : (guint) week, n = is_before ? n_before : n_after;
  g_autofree double *ratios = g_new0 (double, MAX (n, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n, 1));

  if (week < -(gint64) n_before || week >= n_after)
    return;
  tw_before_after_weeks (is_before ? self->starts : self->starts + self->before, is_before ? self->before : self->after,
                         is_before, ratios, known);
  tw_figure_add (figure, (TwCell[]) { tw_cell_int (week), tw_cell_text (self->name),
                                      known[at] ? tw_cell_number (exp (ratios[at] - level_before (self)))
                                                : tw_cell_none () });
}

TwPriceChangeFigures
tw_price_changes_begin (void)
{
  return (TwPriceChangeFigures) { tw_figure_new (&CHANGES), tw_figure_new (&WEEKS), 0 };
}

static guint
least_days (const TwPriceChange *change)
{
  return MIN (tw_price_change_before (change), tw_price_change_after (change));
}

/* The largest first, and then as many as a reader looks at, in time. */
static void
choose (GPtrArray *changes)
{
  while (changes->len > MOST_CASES)
    {
      guint least = 0;
      guint64 of_least = G_MAXUINT64;

      for (guint i = 0; i < changes->len; i++)
        {
          const TwPriceChange *change = g_ptr_array_index (changes, i);
          guint64 weight = (guint64) change->sites->len * least_days (change);

          if (weight < of_least)
            {
              of_least = weight;
              least = i;
            }
        }
      g_ptr_array_remove_index (changes, least);
    }
}

static void
drop_short (GPtrArray *changes)
{
  for (guint i = changes->len; i > 0; i--)
    {
      const TwPriceChange *change = g_ptr_array_index (changes, i - 1);

      if (least_days (change) < LEAST_DAYS)
        g_ptr_array_remove_index (changes, i - 1);
    }
}

static void
tell (TwPriceChangeFigures *self,
      const TwAnalysis     *analysis,
      const char           *currency,
      GArray               *cases)
{
  for (guint i = 0; i < cases->len; i++)
    {
      Case *one = &g_array_index (cases, Case, i);

      add_up (analysis, one);
      add_estimate (self->changes, analysis, one, currency, "energy", one->energy);
      add_estimate (self->changes, analysis, one, currency, "starts", one->starts);
    }
  for (gint64 week = -MOST_DAYS / 7; week < MOST_DAYS / 7; week++)
    for (guint i = 0; i < cases->len; i++)
      add_weeks (self->weeks, &g_array_index (cases, Case, i), week);
}

void
tw_price_changes_add (TwPriceChangeFigures *self,
                      const TwAnalysis     *analysis,
                      const char           *currency,
                      const TwAskedPrices  *prices)
{
  TwPeriod periods[TW_N_PERIODS];
  g_autoptr (GArray) stretches = NULL, cases = g_array_new (FALSE, TRUE, sizeof (Case));
  g_autoptr (GPtrArray) changes = NULL;
  guint n_all;

  tw_periods (analysis, periods);
  stretches = tw_price_stretches_new (analysis, currency, prices, periods[0]);
  changes = tw_price_changes_new (stretches);
  n_all = changes->len;
  g_array_set_clear_func (cases, (GDestroyNotify) case_clear);
  drop_short (changes);
  choose (changes);
  for (guint i = 0; i < changes->len; i++)
    {
      Case one = { 0 };

      if (compare (analysis, stretches, g_ptr_array_index (changes, i), &one))
        g_array_append_val (cases, one);
      else
        case_clear (&one);
    }
  tell (self, analysis, currency, cases);
  self->n_cases += cases->len;
  if (n_all > 0 && cases->len == 0)
    tw_figure_note (self->changes, "%s: prices changed %u times, but never at some sites while others kept theirs for "
                    "four weeks before and after.", currency, n_all);
}

void
tw_price_changes_end (TwPriceChangeFigures *self,
                      GPtrArray            *figures)
{
  tw_figure_about (self->changes, self->n_cases, "captured");
  tw_figure_about (self->weeks, self->n_cases, NULL);
  if (self->n_cases == 0 && tw_figure_n_notes (self->changes) == 0)
    tw_figure_note (self->changes, "Not enough variation: no price changed.");
  g_ptr_array_add (figures, self->changes);
  if (self->n_cases > 0)
    g_ptr_array_add (figures, self->weeks);
  else
    tw_figure_free (self->weeks);
}
