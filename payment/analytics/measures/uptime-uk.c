/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/reliability.h"

#include "payment/analytics/measures/calendar.h"

#define UK_LEAST_W 50000

static const TwColumn UK_COLUMNS[] = {
  { "year", TW_COLUMN_TEXT, NULL, "calendar year, of the report's time zone" },
  { "points", TW_COLUMN_COUNT, "EVSEs", "rated 50 kW or more, there in the year, and told of" },
  { "untold", TW_COLUMN_COUNT, "EVSEs", "rated 50 kW or more of which nobody tells" },
  { "unrated", TW_COLUMN_COUNT, "EVSEs", "whose rating nobody tells: they are not in it" },
  { "open_s", TW_COLUMN_SECONDS, "s", "opening hours of the points in the year, while they were there" },
  { "uptime", TW_COLUMN_SHARE, "1", "told opening hours without inoperative and out of order / told opening hours; "
                                    "unknown and blocked count as reliable" },
  { "strict", TW_COLUMN_SHARE, "1", "(available + charging + reserved) / (those + inoperative + out of order)" },
  { "coverage", TW_COLUMN_SHARE, "1", "told opening hours / opening hours of the year" },
  { "verdict", TW_COLUMN_TEXT, NULL, "pass: 99 % or more of the year; not covered: the year is not over, or not told "
                                     "as a whole" },
};

static const TwFigureKind UK = {
  "uptime_uk", "decisions", "Uptime by the UK's rule",
  "The Public Charge Point Regulations 2023: average of a network's points of 50 kW or more over a calendar year, in "
  "opening hours. Beside it the same without unknown and blocked, which nobody could measure.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, UK_COLUMNS, G_N_ELEMENTS (UK_COLUMNS),
};

static int
year_of_day (gint32 day)
{
  return (int) (1970 + tw_month_of_day (day) / 12);
}

static gint64
begin_of_year (const TwMonths *months,
               int             year)
{
  return tw_months_begin_of_day (months, tw_month_first_day ((gint64) (year - 1970) * 12));
}

static void
add_year (TwFigure       *figure,
          const TwMonths *months,
          int             year)
{
  gint64 from = begin_of_year (months, year), until = begin_of_year (months, year + 1);
  g_autoptr (GPtrArray) evses = tw_evses_new (months->analysis, from, until), strong = g_ptr_array_new ();
  g_auto (TwTold) told = { 0 };
  g_autofree char *name = g_strdup_printf ("%d", year);
  TwUptimeUk uk;
  gint64 n_unrated = 0;
  gboolean known;

  for (guint i = 0; i < evses->len; i++)
    {
      TwEvse *evse = g_ptr_array_index (evses, i);

      n_unrated += evse->rated_power_w <= 0;
      if (evse->rated_power_w >= UK_LEAST_W)
        g_ptr_array_add (strong, evse);
    }
  told = tw_told_of (strong->pdata, strong->len, from, until);
  uk = tw_uptime_uk ((const TwUpPort *) (gconstpointer) told.ports->data, told.ports->len, from, until);
  known = uk.refusal == TW_REFUSAL_NONE;
  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (name), tw_cell_int (told.ports->len), tw_cell_int (told.n_untold), tw_cell_int (n_unrated),
    known ? tw_cell_int (uk.open_s) : tw_cell_none (), tw_percent_cell (known, uk.percent),
    tw_percent_cell (known && uk.strict_known, uk.strict_percent),
    known ? tw_cell_number (uk.coverage) : tw_cell_none (),
    tw_cell_text (tw_uptime_verdict_name (known && told.n_untold == 0 ? uk.verdict : TW_UPTIME_NOT_COVERED)) });
}

void
tw_uptime_uk_add (const TwMonths *months,
                  guint           n_evses,
                  GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&UK);
  gint32 last = months->to_day - 1, first = MIN (tw_analysis_first_day (months->analysis), last);

  tw_figure_about (figure, n_evses, NULL);
  for (int year = year_of_day (first); year <= year_of_day (last); year++)
    add_year (figure, months, year);
  g_ptr_array_add (figures, figure);
}
