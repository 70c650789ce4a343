/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/reliability.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/success.h"

static const TwColumn MONTH_COLUMNS[] = {
  { "month", TW_COLUMN_MONTH, NULL, "within the twelve months" },
  { "rate", TW_COLUMN_TEXT, NULL, "uptime: in seconds; payment path: in seconds; successful charges: in visits" },
  { "share", TW_COLUMN_SHARE, "1", "good / all" },
  { "good", TW_COLUMN_COUNT, "s or visits", "up or excluded; one could pay; got energy and ended well" },
  { "all", TW_COLUMN_COUNT, "s or visits", "told of; with a card or phone presented" },
};

static const TwFigureKind MONTHS = {
  "reliability", "decisions", "Up, and useful",
  "By month: share of the told time in which connectors were up, share in which one could pay, and share of visits "
  "with a card or phone that got energy and ended well.",
  TW_PICTURE_LINE, "month", "rate", "share", NULL, NULL, MONTH_COLUMNS, G_N_ELEMENTS (MONTH_COLUMNS),
};

static void
add_rate (TwFigure   *figure,
          gint64      month,
          const char *rate,
          gint64      good,
          gint64      all)
{
  if (all > 0)
    tw_figure_add (figure, (TwCell[]) { tw_cell_int (month), tw_cell_text (rate), tw_cell_ratio (good, all),
                                        tw_cell_int (good), tw_cell_int (all) });
}

static void
add_month (TwFigure        *figure,
           const TwMonths  *months,
           const GPtrArray *evses,
           gint64           month)
{
  gint32 first = MAX (months->from_day, tw_month_first_day (month));
  gint32 end = MIN (months->to_day, tw_month_first_day (month + 1));
  gint64 from = MAX (months->from, tw_months_begin_of_day (months, first));
  gint64 until = MIN (months->until, tw_months_begin_of_day (months, end));
  TwSuccess success = tw_success_of (months->analysis, TW_ALL_SITES, first, end);

  if (until > from)
    {
      g_auto (TwTold) told = tw_told_of (evses->pdata, evses->len, from, until);
      TwUptimeNevi nevi = tw_told_nevi (&told, from, until);

      add_rate (figure, month, "uptime", tw_nevi_good_s (&nevi), nevi.observed_s);
      add_rate (figure, month, "payment path", told.paid_s, told.payment_s);
    }
  add_rate (figure, month, "successful charges", success.charged, success.taps);
}

void
tw_reliability_add (const TwMonths  *months,
                    const GPtrArray *evses,
                    GPtrArray       *figures)
{
  TwFigure *figure = tw_figure_new (&MONTHS);

  tw_figure_about (figure, evses->len, NULL);
  for (gint64 month = tw_month_of_day (months->from_day); month <= tw_month_of_day (months->to_day - 1); month++)
    add_month (figure, months, evses, month);
  g_ptr_array_add (figures, figure);
}
