/* SPDX-License-Identifier: Apache-2.0 */
/* How drivers would have answered another tariff, where their answers to past prices tell (prices.c): an estimate. What
 * is asked of the same sessions, hour of the week by hour of the week, is multiplied by (ratio of prices) ^ elasticity.
 */
#include "payment/analytics/measures/what-if-sums.h"

#include <math.h>

#define FAR 1.25                /* a price so much higher or lower is seldom within what was learnt from */
#define MOST_TOLD 9e18          /* minor units; an int64 has no more */
#define STEPS 80                /* of the search for the least: 1.5 ^ -80 of the interval */

static const TwColumn COLUMNS[] = {
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "elasticity", TW_COLUMN_NUMBER, "1", "of energy, from the figure elasticity" },
  { "elasticity_low", TW_COLUMN_NUMBER, "1", "95 % interval" },
  { "elasticity_high", TW_COLUMN_NUMBER, "1", "95 % interval" },
  { "price_ratio", TW_COLUMN_NUMBER, "1", "what the tariff asks of all sessions / what they were asked" },
  { "base_minor", TW_COLUMN_MONEY_MEAN, "minor units", "what the tariff asks of the same sessions: without reaction" },
  { "amount_minor", TW_COLUMN_MONEY_MEAN, "minor units",
    "estimate: sum over hours of the week of after * (after / asked) ^ elasticity" },
  { "low_minor", TW_COLUMN_MONEY_MEAN, "minor units", "the least for an elasticity within its interval" },
  { "high_minor", TW_COLUMN_MONEY_MEAN, "minor units", "the most for one" },
  { "change_minor", TW_COLUMN_MONEY_MEAN, "minor units", "amount - what was asked" },
  { "change_low_minor", TW_COLUMN_MONEY_MEAN, "minor units", "low - what was asked" },
  { "change_high_minor", TW_COLUMN_MONEY_MEAN, "minor units", "high - what was asked" },
  { "energy_kwh", TW_COLUMN_NUMBER, "kWh", "estimate: sum of energy * (after / asked) ^ elasticity" },
  { "energy_low_kwh", TW_COLUMN_NUMBER, "kWh", "the least for an elasticity within its interval" },
  { "energy_high_kwh", TW_COLUMN_NUMBER, "kWh", "the most for one" },
};

static const TwFigureKind REACTION = {
  "what_if_reaction", "decisions", "What it would have brought if drivers answer the price",
  "An estimate on top of the same sessions: demand in each hour of the week goes with its price as it did in the past. "
  "The interval is that of the elasticity alone; it does not know of drivers who move from one hour to another, or of "
  "prices that were never tried. The picture shows the interval of the change.",
  TW_PICTURE_WATERFALL, "what_if", NULL, NULL, "change_low_minor", "change_high_minor", COLUMNS,
  G_N_ELEMENTS (COLUMNS),
};

typedef struct { const TwWhatIfHour *hours; gboolean energy; } Question;

/* For an elasticity; hours in which nothing was asked, before or after, have no ratio and stay what they are. */
static double
answer (const Question *question,
        double          elasticity)
{
  double sum = 0;

  for (guint i = 0; i < TW_WEEK_HOURS; i++)
    {
      const TwWhatIfHour *hour = &question->hours[i];
      double amount = question->energy ? (double) hour->energy_wh / 1000 : (double) hour->after_minor;
      double ratio = hour->asked_minor > 0 && hour->after_minor > 0
                     ? (double) hour->after_minor / (double) hour->asked_minor : 1;

      sum += amount * pow (ratio, elasticity);
    }
  return sum;
}

/* A sum of exponentials is convex: the most is at an end, the least may lie between. */
static double
least (const Question *question,
       double          low,
       double          high)
{
  for (guint i = 0; i < STEPS; i++)
    {
      double a = low + (high - low) / 3, b = high - (high - low) / 3;

      if (answer (question, a) < answer (question, b))
        high = b;
      else
        low = a;
    }
  return answer (question, (low + high) / 2);
}

static double
most (const Question *question,
      double          low,
      double          high)
{
  return MAX (answer (question, low), answer (question, high));
}

/* Of energy, in this currency; -1: it was not found. */
static int
row_of (const TwFigure *elasticity,
        const char     *currency)
{
  const TwFigureKind *kind = tw_figure_kind (elasticity);
  int demand = tw_figure_kind_column (kind, "demand"), money = tw_figure_kind_column (kind, "currency");

  for (guint row = 0; row < tw_figure_n_rows (elasticity); row++)
    if (g_str_equal (tw_figure_cell (elasticity, row, (guint) demand).as.text, "energy")
        && g_str_equal (tw_figure_cell (elasticity, row, (guint) money).as.text, currency))
      return (int) row;
  return -1;
}

static double
number_of (const TwFigure *elasticity,
           int             row,
           const char     *column)
{
  int i = tw_figure_kind_column (tw_figure_kind (elasticity), column);

  return tw_figure_cell (elasticity, (guint) row, (guint) i).as.number;
}

static void
add_row (TwFigure       *figure,
         const TwWhatIf *self,
         guint           i,
         const TwFigure *elasticity,
         int             row)
{
  const Question money = { self->sums.of[i]->hours, FALSE }, energy = { self->sums.of[i]->hours, TRUE };
  const double b = number_of (elasticity, row, "elasticity"), low = number_of (elasticity, row, "low");
  const double high = number_of (elasticity, row, "high"), base = answer (&money, 0);
  double asked = 0, ratio;

  for (guint h = 0; h < TW_WEEK_HOURS; h++)
    asked += (double) money.hours[h].asked_minor;
  if (asked <= 0 || base <= 0)
    {
      tw_figure_note (figure, "%s: nothing was asked, or nothing would be: there is no ratio of prices to answer.",
                      self->tariffs[i].name);
      return;
    }
  ratio = base / asked;
  tw_figure_add (figure, (TwCell[]) {
    tw_what_if_name (self, i), tw_what_if_currency (self, i), tw_cell_number (b), tw_cell_number (low),
    tw_cell_number (high), tw_cell_number (ratio), tw_cell_number (base), tw_cell_number (answer (&money, b)),
    tw_cell_number (least (&money, low, high)), tw_cell_number (most (&money, low, high)),
    tw_cell_number (answer (&money, b) - asked), tw_cell_number (least (&money, low, high) - asked),
    tw_cell_number (most (&money, low, high) - asked), tw_cell_number (answer (&energy, b)),
    tw_cell_number (least (&energy, low, high)), tw_cell_number (most (&energy, low, high)) });
  if (ratio > FAR || ratio < 1 / FAR)
    tw_figure_note (figure, "%s: its price is far from the one that was asked, and likely from all that were tried: "
                    "trust the direction, and not the number.", self->tariffs[i].name);
}

static char *
about (double      minor,
       const char *currency)
{
  return tw_money_to_text (tw_money ((gint64) floor (CLAMP (minor, -MOST_TOLD, MOST_TOLD) + 0.5), currency));
}

/* Of the row that was added last, if it is this tariff's. */
static void
note_answer (TwFigure       *totals,
             const TwFigure *figure,
             const TwWhatIf *self,
             guint           i)
{
  const char *currency = tw_tariff_currency (self->tariffs[i].tariff);
  guint last = tw_figure_n_rows (figure) - 1;
  g_autofree char *amount = NULL, *low = NULL, *high = NULL;

  if (tw_figure_n_rows (figure) == 0
      || !g_str_equal (tw_figure_cell (figure, last, 0).as.text, self->tariffs[i].name))
    return;
  amount = about (number_of (figure, (int) last, "amount_minor"), currency);
  low = about (number_of (figure, (int) last, "low_minor"), currency);
  high = about (number_of (figure, (int) last, "high_minor"), currency);
  tw_figure_note (totals, "%s: if drivers answer its price as they did in the past, about %s (95 %% interval: %s to "
                  "%s), an estimate.", self->tariffs[i].name, amount, low, high);
}

void
tw_what_if_tell_reaction (const TwWhatIf *self,
                          const TwFigure *elasticity,
                          TwFigure       *totals,
                          GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&REACTION);

  for (guint i = 0; i < self->n; i++)
    {
      const char *currency = tw_tariff_currency (self->tariffs[i].tariff);
      int row = row_of (elasticity, currency);

      if (row >= 0)
        {
          add_row (figure, self, i, elasticity, row);
          note_answer (totals, figure, self, i);
          continue;
        }
      tw_figure_note (figure, "%s: how demand goes with the price is not known in %s, so only the same sessions are "
                      "told. The figure elasticity says why.", self->tariffs[i].name, currency);
      tw_figure_note (totals, "%s: how drivers would have answered its price is not known; what_if_reaction says why.",
                      self->tariffs[i].name);
    }
  for (guint i = 0; tw_figure_n_rows (figure) == 0 && i < tw_figure_n_notes (elasticity); i++)
    tw_figure_note (figure, "%s", tw_figure_nth_note (elasticity, i));
  tw_figure_about (figure, tw_figure_n (elasticity), "priced");
  g_ptr_array_add (figures, figure);
}
