/* SPDX-License-Identifier: Apache-2.0 */
/* Month by month of each group. Cells come by port, tariff, currency and day, so those of a month come together, and
 * what is kept is of one group at a time. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/groups.h"
#include "payment/analytics/measures/period.h"

#include <string.h>

/* from, to: the days of the month. */
typedef struct
{
  guint32 tariff;
  gint32  from, to;
  char    currency[4];
  gint64  n_started, energy_mwh, occupied_s, captured, gross;
} Month;

static const TwColumn COLUMNS[] = {
  TW_GROUP_COLUMNS,
  { "month", TW_COLUMN_MONTH, NULL, "local to each site; the part of it that is in the window" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "of the sessions, ISO 4217; empty: of those that state none" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began in the month" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "energy, spread evenly over each charging time, that falls into the month" },
  { "occupied_s", TW_COLUMN_SECONDS, "s", "occupied time that falls into the month" },
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "sum of captures of sessions that ended in the month" },
  { "gross_minor", TW_COLUMN_MINOR, "minor units", "captured - refunded - chargebacks, of the same" },
};

static const TwFigureKind STATION_MONTHS = {
  "station_months", "patterns", "Month by month, by station",
  "Sessions, energy, occupied time and revenue of each station in each month. Of what the report is broken down by.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

static int
by_month (gconstpointer a,
          gconstpointer b)
{
  const Month *one = a, *other = b;

  if (one->tariff != other->tariff)
    return one->tariff < other->tariff ? -1 : 1;
  return one->from != other->from ? (one->from < other->from ? -1 : 1) : strcmp (one->currency, other->currency);
}

static void
add (Month       *sum,
     const Month *more)
{
  sum->n_started += more->n_started;
  sum->energy_mwh += more->energy_mwh;
  sum->occupied_s += more->occupied_s;
  sum->captured += more->captured;
  sum->gross += more->gross;
}

static void
add_cell (GArray          *months,
          const TwDayCell *cell,
          guint32          tariff)
{
  Month one = { .tariff = tariff, .n_started = cell->n_started, .energy_mwh = cell->energy_mwh,
                .occupied_s = cell->occupied_s, .captured = cell->captured_minor,
                .gross = cell->captured_minor - cell->refunded_minor - cell->chargeback_minor };
  Month *last = months->len > 0 ? &g_array_index (months, Month, months->len - 1) : NULL;

  if (last != NULL && last->tariff == tariff && cell->day >= last->from && cell->day < last->to
      && strcmp (last->currency, cell->currency) == 0)
    {
      add (last, &one);
      return;
    }
  one.from = tw_month_first_day (tw_month_of_day (cell->day));
  one.to = tw_month_first_day (tw_month_of_day (cell->day) + 1);
  memcpy (one.currency, cell->currency, sizeof one.currency);
  g_array_append_val (months, one);
}

/* Those of several ports become one. */
static void
unite (GArray *months)
{
  guint n = 0;

  g_array_sort (months, by_month);
  for (guint i = 0; i < months->len; i++)
    {
      Month *month = &g_array_index (months, Month, i);

      if (n > 0 && by_month (&g_array_index (months, Month, n - 1), month) == 0)
        add (&g_array_index (months, Month, n - 1), month);
      else
        g_array_index (months, Month, n++) = *month;
    }
  g_array_set_size (months, n);
}

static void
add_rows (TwFigure       *figure,
          const TwGroups *groups,
          guint           group,
          const GArray   *months)
{
  for (guint i = 0; i < months->len; i++)
    {
      const Month *month = &g_array_index (months, Month, i);
      gboolean paid = *month->currency != '\0';
      TwCell cells[TW_N_GROUP_COLUMNS];

      tw_groups_cells (groups, group * groups->n_tariffs + month->tariff, cells);
      tw_figure_add (figure, (TwCell[]) {
        cells[0], cells[1], cells[2], cells[3], tw_cell_int (tw_month_of_day (month->from)),
        tw_cell_text (paid ? month->currency : NULL), tw_cell_int (month->n_started),
        tw_cell_int ((month->energy_mwh + 500) / 1000), tw_cell_int (month->occupied_s),
        paid ? tw_cell_int (month->captured) : tw_cell_none (), paid ? tw_cell_int (month->gross) : tw_cell_none () });
    }
}

void
tw_measure_months (const TwAnalysis *analysis,
                   GPtrArray        *figures)
{
  g_autoptr (TwGroups) groups = tw_groups_new (analysis);
  g_autoptr (GArray) months = g_array_new (FALSE, FALSE, sizeof (Month));
  TwFigure *figure = tw_figure_new (&STATION_MONTHS);
  TwPeriod periods[TW_N_PERIODS];
  guint64 n_started = 0;
  gsize n, at = 0;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);

  tw_periods (analysis, periods);
  for (guint group = 0; group < groups->n_groups; group++)
    {
      g_array_set_size (months, 0);
      for (; at < n && cells[at].port < groups->first_port[group + 1]; at++)
        if (tw_period_has (&periods[0], cells[at].day))
          {
            add_cell (months, &cells[at], groups->n_tariffs > 1 ? cells[at].tariff : 0);
            n_started += cells[at].n_started;
          }
      unite (months);
      add_rows (figure, groups, group, months);
    }
  tw_figure_about (figure, n_started, "captured");
  g_ptr_array_add (figures, figure);
}
