/* SPDX-License-Identifier: Apache-2.0 */
/* The few numbers that an operator looks at first, beside the period before and the year before. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/period.h"

static const TwColumn COLUMNS[] = {
  { "period", TW_COLUMN_TEXT, NULL, "window; before: as many days before it; year_before: a year before" },
  { "from", TW_COLUMN_DAY, NULL, "first local day" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that began in it" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "delivered in it; a session's energy is spread evenly over its charging" },
  { "occupied_s", TW_COLUMN_SECONDS, "s", "time in which a car was plugged in, within the period" },
  { "utilisation", TW_COLUMN_SHARE, "1", "occupied / open time of all connectors" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "of sessions that ended in it" },
};

static const TwFigureKind OVERVIEW = {
  "overview", "overview", "The window in numbers", "Sessions, energy, use and captured money, by period and currency.",
  TW_PICTURE_TILES, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

typedef struct { gint64 n, energy_mwh, occupied_s, open_s; } Use;

static Use
use_of (const TwAnalysis *analysis,
        const TwPeriod   *period)
{
  Use use = { 0 };
  gsize n;
  guint n_ports;
  gboolean estimated;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);

  for (gsize i = 0; i < n; i++)
    if (tw_period_has (period, cells[i].day))
      {
        use.n += cells[i].n_started;
        use.energy_mwh += cells[i].energy_mwh;
        use.occupied_s += cells[i].occupied_s;
      }
  tw_analysis_ports (analysis, &n_ports);
  for (guint32 port = 0; port < n_ports; port++)
    use.open_s += tw_analysis_open_between_s (analysis, port, period->from, period->to, &estimated);
  return use;
}

/* Currencies of the period, each with its captures. */
static GHashTable *
captures_of (const TwAnalysis *analysis,
             const TwPeriod   *period)
{
  GHashTable *captures = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  gsize n;
  const TwDayCell *cells = tw_analysis_days (analysis, &n);

  for (gsize i = 0; i < n; i++)
    if (*cells[i].currency != '\0' && tw_period_has (period, cells[i].day))
      {
        gint64 *sum = g_hash_table_lookup (captures, cells[i].currency);

        if (sum == NULL)
          g_hash_table_insert (captures, (gpointer) cells[i].currency, sum = g_new0 (gint64, 1));
        *sum += cells[i].captured_minor;
      }
  return captures;
}

static void
add_row (TwFigure       *figure,
         const TwPeriod *period,
         const Use      *use,
         const char     *currency,
         const gint64   *captured)
{
  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (period->name), tw_cell_int (period->from), tw_cell_int (use->n),
    tw_cell_int (use->energy_mwh / 1000), tw_cell_int (use->occupied_s),
    tw_cell_ratio ((double) use->occupied_s, (double) use->open_s), tw_cell_text (currency),
    captured != NULL ? tw_cell_int (*captured) : tw_cell_none () });
}

void
tw_measure_overview (const TwAnalysis *analysis,
                     GPtrArray        *figures)
{
  TwPeriod periods[TW_N_PERIODS];
  guint n = tw_periods (analysis, periods);
  TwFigure *figure = tw_figure_new (&OVERVIEW);

  for (guint p = 0; p < n; p++)
    {
      Use use = use_of (analysis, &periods[p]);
      g_autoptr (GHashTable) captures = captures_of (analysis, &periods[p]);
      g_autoptr (GList) currencies = g_list_sort (g_hash_table_get_keys (captures), (GCompareFunc) strcmp);

      if (p == 0)
        tw_figure_about (figure, (guint64) use.n, "captured");
      if (currencies == NULL)
        add_row (figure, &periods[p], &use, NULL, NULL);
      for (GList *at = currencies; at != NULL; at = at->next)
        add_row (figure, &periods[p], &use, at->data, g_hash_table_lookup (captures, at->data));
    }
  if (n == 1)
    tw_figure_note (figure, "The data does not reach back far enough to compare the window with another one.");
  g_ptr_array_add (figures, figure);
}
