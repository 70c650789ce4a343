/* SPDX-License-Identifier: Apache-2.0 */
/* What came in, what leaked away and what was left: facts, analytics.md section 3. Amounts that were booked are exact;
 * what is divided or estimated is a mean, and says so. Currencies never meet. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/period.h"

/* Sums of day cells of one currency. */
typedef struct
{
  char   currency[4];
  gint64 n_paid, n_captured, n_fee, billed_wh;
  gint64 priced, tax, captured, refunded, fee, chargeback, unpaid, reconciled;
  gint64 open_s;
} Sums;

static void
add_cell (Sums            *sums,
          const TwDayCell *cell)
{
  sums->n_paid += cell->n_paid;
  sums->n_captured += cell->n_captured;
  sums->n_fee += cell->n_fee;
  sums->billed_wh += cell->billed_energy_wh;
  sums->priced += cell->priced_minor;
  sums->tax += cell->tax_minor;
  sums->captured += cell->captured_minor;
  sums->refunded += cell->refunded_minor;
  sums->fee += cell->fee_minor;
  sums->chargeback += cell->chargeback_minor;
  sums->unpaid += cell->unpaid_minor;
  sums->reconciled += cell->reconciled_minor;
}

static Sums *
sums_of (GArray     *all,
         const char *currency)
{
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (g_array_index (all, Sums, i).currency, currency))
      return &g_array_index (all, Sums, i);
  g_array_set_size (all, all->len + 1);
  g_strlcpy (g_array_index (all, Sums, all->len - 1).currency, currency, 4);
  return &g_array_index (all, Sums, all->len - 1);
}

static int
by_currency (gconstpointer a,
             gconstpointer b)
{
  return strcmp (((const Sums *) a)->currency, ((const Sums *) b)->currency);
}

static GArray *
sums_of_cells (const TwDayCell *cells,
               gsize            n,
               const TwPeriod  *period)
{
  GArray *all = g_array_new (FALSE, TRUE, sizeof (Sums));

  for (gsize i = 0; i < n; i++)
    if (*cells[i].currency != '\0' && tw_period_has (period, cells[i].day))
      add_cell (sums_of (all, cells[i].currency), &cells[i]);
  g_array_sort (all, by_currency);
  return all;
}

static GArray *
sums_of_period (const TwAnalysis *analysis,
                const TwPeriod   *period)
{
  gsize n;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);

  return sums_of_cells (cells, n, period);
}

static gint64
gross_of (const Sums *sums)
{
  return sums->captured - sums->refunded - sums->chargeback;
}

/* The tax of a price is of all of it; of what was paid, the same share. */
static double
tax_of (const Sums *sums)
{
  return sums->priced == 0 ? 0 : (double) sums->tax * (double) gross_of (sums) / (double) sums->priced;
}

static double
open_hours (const TwAnalysis *analysis,
            const TwPeriod   *period,
            gint64            port)
{
  guint n_ports;
  gint64 seconds = 0;
  gboolean estimated;

  tw_analysis_ports (analysis, &n_ports);
  for (guint32 p = 0; p < n_ports; p++)
    if (port < 0 || p == port)
      seconds += tw_analysis_open_between_s (analysis, p, period->from, period->to, &estimated);
  return (double) seconds / 3600;
}

#define MONEY_COLUMNS \
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" }, \
  { "paid_sessions", TW_COLUMN_COUNT, "sessions", "sessions that ended in the period with a capture above 0" }, \
  { "priced_minor", TW_COLUMN_MINOR, "minor units", "sum of prices" }, \
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "sum of captures" }, \
  { "refunded_minor", TW_COLUMN_MINOR, "minor units", "sum of refunds" }, \
  { "chargeback_minor", TW_COLUMN_MINOR, "minor units", "sum of chargebacks" }, \
  { "gross_minor", TW_COLUMN_MINOR, "minor units", "captured - refunded - chargebacks" }, \
  { "tax_minor", TW_COLUMN_MONEY_MEAN, "minor units", "tax of prices * gross / priced" }, \
  { "net_minor", TW_COLUMN_MONEY_MEAN, "minor units", "gross - tax" }, \
  { "fee_minor", TW_COLUMN_MINOR, "minor units", "payment fees that are known; empty: none is" }, \
  { "after_fees_minor", TW_COLUMN_MONEY_MEAN, "minor units", "net - fees; empty: no fee is known" }, \
  { "net_per_kwh_minor", TW_COLUMN_MONEY_MEAN, "minor units per kWh", "net / energy of the paid sessions" }, \
  { "gross_per_session_minor", TW_COLUMN_MONEY_MEAN, "minor units", "gross / paid sessions" }, \
  { "net_per_connector_hour_minor", TW_COLUMN_MONEY_MEAN, "minor units per h", "net / open hours of the connectors" }, \
  { "unpaid_minor", TW_COLUMN_MINOR, "minor units", "sum of price - capture, where the capture was less" }, \
  { "leakage", TW_COLUMN_SHARE, "1", "unpaid / priced" }, \
  { "reconciled", TW_COLUMN_SHARE, "1", "captures that settlement or bank confirmed / captures" }

static const TwColumn PERIOD_COLUMNS[] = {
  { "period", TW_COLUMN_TEXT, NULL, "window; before: as many days before it; year_before: a year before" },
  MONEY_COLUMNS
};

static const TwFigureKind MONEY = {
  "money", "money", "Revenue", "What sessions that ended in the period brought, beside the period before and the year "
  "before.", TW_PICTURE_TILES, NULL, NULL, NULL, NULL, NULL, PERIOD_COLUMNS, G_N_ELEMENTS (PERIOD_COLUMNS),
};

static const TwColumn STATION_COLUMNS[] = {
  { "station", TW_COLUMN_TEXT, NULL, "EVSE and connector" },
  MONEY_COLUMNS
};

static const TwFigureKind BY_STATION = {
  "money_by_station", "money", "Revenue by connector", "The same, for each connector.", TW_PICTURE_BARS, "station",
  NULL,   "gross_minor", NULL, NULL, STATION_COLUMNS, G_N_ELEMENTS (STATION_COLUMNS),
};

static void
add_row (TwFigure   *figure,
         const char *name,
         const Sums *sums,
         double      hours)
{
  gint64 gross = gross_of (sums);
  double tax = tax_of (sums), net = (double) gross - tax;

  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (name), tw_cell_text (sums->currency), tw_cell_int (sums->n_paid), tw_cell_int (sums->priced),
    tw_cell_int (sums->captured), tw_cell_int (sums->refunded), tw_cell_int (sums->chargeback), tw_cell_int (gross),
    tw_cell_number (tax), tw_cell_number (net), sums->n_fee > 0 ? tw_cell_int (sums->fee) : tw_cell_none (),
    sums->n_fee > 0 ? tw_cell_number (net - (double) sums->fee) : tw_cell_none (),
    tw_cell_ratio (net, (double) sums->billed_wh / 1000), tw_cell_ratio ((double) gross, (double) sums->n_paid),
    tw_cell_ratio (net, hours), tw_cell_int (sums->unpaid),
    tw_cell_ratio ((double) sums->unpaid, (double) sums->priced),
    tw_cell_ratio ((double) sums->reconciled, (double) sums->captured) });
}

/* Not known is not nothing. */
static void
note_unknown (TwFigure   *figure,
              const Sums *sums)
{
  if (sums->priced > 0 && sums->tax == 0)
    tw_figure_note (figure, "%s: no session tells of tax, so net is gross.", sums->currency);
  if (sums->n_fee > 0 && sums->n_fee < sums->n_captured)
    tw_figure_note (figure, "%s: fees are known of %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " captured sessions: "
                    "what is left after fees is told too high.", sums->currency, sums->n_fee, sums->n_captured);
}

static guint64
add_periods (const TwAnalysis *analysis,
             GPtrArray        *figures)
{
  TwPeriod periods[TW_N_PERIODS];
  guint n = tw_periods (analysis, periods);
  TwFigure *figure = tw_figure_new (&MONEY);
  guint64 n_paid = 0;

  for (guint p = 0; p < n; p++)
    {
      g_autoptr (GArray) all = sums_of_period (analysis, &periods[p]);

      for (guint i = 0; i < all->len; i++)
        {
          add_row (figure, periods[p].name, &g_array_index (all, Sums, i), open_hours (analysis, &periods[p], -1));
          if (p == 0)
            note_unknown (figure, &g_array_index (all, Sums, i));
          n_paid += p == 0 ? (guint64) g_array_index (all, Sums, i).n_paid : 0;
        }
    }
  tw_figure_about (figure, n_paid, "captured");
  if (n_paid == 0)
    tw_figure_note (figure, "No session in this data was paid for.");
  g_ptr_array_add (figures, figure);
  return n_paid;
}

static void
add_stations (const TwAnalysis *analysis,
              guint64           n_paid,
              GPtrArray        *figures)
{
  TwPeriod periods[TW_N_PERIODS];
  TwFigure *figure = tw_figure_new (&BY_STATION);
  guint n_ports;
  gsize n, to;
  const TwPort *ports = tw_analysis_ports (analysis, &n_ports);
  const TwDayCell *cells = tw_analysis_days (analysis, &n);

  tw_periods (analysis, periods);
  tw_figure_about (figure, n_paid, "captured");
  for (gsize from = 0; from < n; from = to)      /* cells are sorted by port */
    {
      guint32 p = cells[from].port;
      g_autoptr (GArray) all = NULL;

      for (to = from; to < n && cells[to].port == p; )
        to++;
      all = sums_of_cells (&cells[from], to - from, &periods[0]);
      for (guint i = 0; i < all->len; i++)
        add_row (figure, ports[p].name, &g_array_index (all, Sums, i), open_hours (analysis, &periods[0], p));
    }
  g_ptr_array_add (figures, figure);
}

static const TwColumn TREND_COLUMNS[] = {
  { "day", TW_COLUMN_DAY, NULL, "local day on which sessions ended" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "state", TW_COLUMN_TEXT, NULL, "reconciled: settlement or bank confirmed it; not_yet: captured only" },
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "sum of captures" },
};

static const TwFigureKind TREND = {
  "revenue_trend", "money", "Revenue by day", "What was captured each day, and how much of it the books confirm.",
  TW_PICTURE_STACK, "day", "state", "captured_minor", NULL, NULL, TREND_COLUMNS, G_N_ELEMENTS (TREND_COLUMNS),
};

/* Days of the window, of one currency. */
typedef struct { gint64 n, captured, reconciled; } DaySum;
typedef struct { char currency[4]; DaySum *days; } CurrencyDays;

static void
currency_days_clear (gpointer data)
{
  g_free (((CurrencyDays *) data)->days);
}

static int
by_name (gconstpointer a,
         gconstpointer b)
{
  return strcmp (((const CurrencyDays *) a)->currency, ((const CurrencyDays *) b)->currency);
}

static DaySum *
days_of (GArray     *all,
         const char *currency,
         guint       n_days)
{
  CurrencyDays one;

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (g_array_index (all, CurrencyDays, i).currency, currency))
      return g_array_index (all, CurrencyDays, i).days;
  g_strlcpy (one.currency, currency, sizeof one.currency);
  one.days = g_new0 (DaySum, n_days);
  g_array_append_val (all, one);
  return one.days;
}

/* In memory that grows with the window, not with the connectors. */
static GArray *
sums_by_day (const TwAnalysis *analysis,
             const TwPeriod   *window)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (CurrencyDays));
  guint n_days = (guint) (window->to - window->from);
  gsize n;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);

  g_array_set_clear_func (all, currency_days_clear);
  for (gsize i = 0; i < n; i++)
    if (*cells[i].currency != '\0' && tw_period_has (window, cells[i].day))
      {
        DaySum *sum = &days_of (all, cells[i].currency, n_days)[cells[i].day - window->from];

        sum->n++;
        sum->captured += cells[i].captured_minor;
        sum->reconciled += cells[i].reconciled_minor;
      }
  g_array_sort (all, by_name);
  return all;
}

static void
add_trend (const TwAnalysis *analysis,
           guint64           n_paid,
           GPtrArray        *figures)
{
  g_autoptr (GArray) all = NULL;
  TwPeriod periods[TW_N_PERIODS];
  TwFigure *figure = tw_figure_new (&TREND);

  tw_periods (analysis, periods);
  tw_figure_about (figure, n_paid, "captured");
  all = sums_by_day (analysis, &periods[0]);
  for (guint i = 0; i < all->len; i++)
    for (gint32 day = periods[0].from; day < periods[0].to; day++)
      {
        const CurrencyDays *of = &g_array_index (all, CurrencyDays, i);
        const DaySum *sum = &of->days[day - periods[0].from];

        if (sum->n == 0)
          continue;
        tw_figure_add (figure, (TwCell[]) { tw_cell_int (day), tw_cell_text (of->currency),
                                            tw_cell_text ("reconciled"), tw_cell_int (sum->reconciled) });
        tw_figure_add (figure, (TwCell[]) { tw_cell_int (day), tw_cell_text (of->currency),
                                            tw_cell_text ("not_yet"),
                                            tw_cell_int (sum->captured - sum->reconciled) });
      }
  g_ptr_array_add (figures, figure);
}

static const TwColumn STEP_COLUMNS[] = {
  { "step", TW_COLUMN_TEXT, NULL, "from prices to what is left" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "from_minor", TW_COLUMN_MONEY_MEAN, "minor units", "where the step begins" },
  { "to_minor", TW_COLUMN_MONEY_MEAN, "minor units", "where it ends" },
  { "change_minor", TW_COLUMN_MONEY_MEAN, "minor units", "to - from" },
};

static const TwFigureKind STEPS = {
  "waterfall", "money", "From prices to what is left",
  "What sessions of the window should have brought, and what is taken off it on the way.", TW_PICTURE_WATERFALL,
  "step", NULL, NULL, "from_minor", "to_minor", STEP_COLUMNS, G_N_ELEMENTS (STEP_COLUMNS),
};

static double
add_step (TwFigure   *figure,
          const Sums *sums,
          const char *name,
          double      from,
          double      to)
{
  tw_figure_add (figure, (TwCell[]) { tw_cell_text (name), tw_cell_text (sums->currency), tw_cell_number (from),
                                      tw_cell_number (to), tw_cell_number (to - from) });
  return to;
}

static void
add_waterfall (const TwAnalysis *analysis,
               guint64           n_paid,
               GPtrArray        *figures)
{
  TwPeriod periods[TW_N_PERIODS];
  TwFigure *figure = tw_figure_new (&STEPS);
  g_autoptr (GArray) all = NULL;

  tw_periods (analysis, periods);
  tw_figure_about (figure, n_paid, "captured");
  all = sums_of_period (analysis, &periods[0]);
  for (guint i = 0; i < all->len; i++)
    {
      const Sums *sums = &g_array_index (all, Sums, i);
      double level = add_step (figure, sums, "priced", 0, (double) sums->priced);

      level = add_step (figure, sums, "not captured", level, (double) sums->captured);
      add_step (figure, sums, "captured", 0, level);
      level = add_step (figure, sums, "refunds", level, level - (double) sums->refunded);
      level = add_step (figure, sums, "chargebacks", level, level - (double) sums->chargeback);
      level = add_step (figure, sums, "tax", level, level - tax_of (sums));
      if (sums->n_fee > 0)
        level = add_step (figure, sums, "payment fees", level, level - (double) sums->fee);
      add_step (figure, sums, sums->n_fee > 0 ? "left after fees" : "left before fees", 0, level);
    }
  g_ptr_array_add (figures, figure);
}

void
tw_measure_money (const TwAnalysis *analysis,
                  GPtrArray        *figures)
{
  guint64 n_paid = add_periods (analysis, figures);

  if (n_paid == 0)
    return;
  add_trend (analysis, n_paid, figures);
  add_waterfall (analysis, n_paid, figures);
  add_stations (analysis, n_paid, figures);
}
