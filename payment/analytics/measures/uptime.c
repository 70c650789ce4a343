/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the time connectors could be used, by the rules that ask for it, beside whether people got energy: facts,
 * analytics.md section 6. All are measured over the same instants, of the report's time zone. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/reliability.h"
#include "payment/analytics/measures/success.h"

#define DAY_S 86400

#define TWELVE_MONTHS "over the twelve months up to the end of the window, or of what is told if that is earlier"

static const TwColumn UPTIME_COLUMNS[] = {
  { "station", TW_COLUMN_TEXT, NULL, "site; all: all of them" },
  { "ports", TW_COLUMN_COUNT, "EVSEs", "whose states are told in the twelve months; the other columns are of these" },
  { "untold", TW_COLUMN_COUNT, "EVSEs", "of which nobody tells" },
  { "failing", TW_COLUMN_COUNT, "EVSEs", "of those told, at 97 % or less by NEVI's formula" },
  { "outage_s", TW_COLUMN_SECONDS, "s", "blocked, unknown, inoperative or out of order, sum of all EVSEs" },
  { "excluded_s", TW_COLUMN_SECONDS, "s", "of it, excluded with a reason, or outside of opening hours" },
  { "nevi", TW_COLUMN_SHARE, "1", "23 CFR 680.116 (b): (525600 n - (outage - excluded)) / (525600 n), minutes of n "
                                  "EVSEs; also in a leap year" },
  { "coverage", TW_COLUMN_SHARE, "1", "told time / the twelve months; below 1 the formula takes the rest for up" },
  { "verdict", TW_COLUMN_TEXT, NULL, "pass: above 97 %; not covered: not all of twelve months is told" },
  { "observed", TW_COLUMN_SHARE, "1", "(told - (outage - excluded)) / told" },
  { "payment_path", TW_COLUMN_SHARE, "1", "time in which somebody new could pay / time of which that is told; journals "
                                          "do" },
  { "taps", TW_COLUMN_COUNT, "visits", "with a card or phone presented, of the same days" },
  { "success", TW_COLUMN_SHARE, "1", "visits that got energy and ended well / taps" },
  { "first_try", TW_COLUMN_SHARE, "1", "the same at the first try / taps" },
};

static const TwFigureKind UPTIME = {
  "uptime", "decisions", "Uptime, and whether people got energy",
  "NEVI's formula " TWELVE_MONTHS ", from states that events and journals tell. A connector that is up may still fail "
  "people: so the rate of successful charges stands beside it.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, UPTIME_COLUMNS, G_N_ELEMENTS (UPTIME_COLUMNS),
};

static const TwColumn PORT_COLUMNS[] = {
  { "site", TW_COLUMN_TEXT, NULL, "its name" },
  { "station", TW_COLUMN_TEXT, NULL, "its EVSE" },
  { "from", TW_COLUMN_INSTANT, NULL, "of the twelve months" },
  { "to", TW_COLUMN_INSTANT, NULL, "of the twelve months" },
  { "told_s", TW_COLUMN_SECONDS, "s", "of which somebody tells the state" },
  { "outage_s", TW_COLUMN_SECONDS, "s", "blocked, unknown, inoperative or out of order" },
  { "excluded_s", TW_COLUMN_SECONDS, "s", "of it, excluded with a reason, or outside of opening hours" },
  { "nevi", TW_COLUMN_SHARE, "1", "(525600 - (outage - excluded)) / 525600 minutes; also in a leap year" },
  { "coverage", TW_COLUMN_SHARE, "1", "told / the twelve months" },
  { "verdict", TW_COLUMN_TEXT, NULL, "pass: above 97 %; not covered: not all of twelve months is told" },
  { "observed", TW_COLUMN_SHARE, "1", "(told - (outage - excluded)) / told" },
};

static const TwFigureKind PORTS = {
  "uptime_ports", "decisions", "Outages of each connector",
  "NEVI's formula for each EVSE, " TWELVE_MONTHS ".", TW_PICTURE_BARS, "station", NULL, "outage_s", NULL, NULL,
  PORT_COLUMNS, G_N_ELEMENTS (PORT_COLUMNS),
};

static void
add_site (TwFigure       *figure,
          const TwMonths *months,
          guint32         site,
          gpointer       *evses,
          guint           n)
{
  g_auto (TwTold) told = tw_told_of (evses, n, months->from, months->until);
  TwUptimeNevi nevi = tw_told_nevi (&told, months->from, months->until);
  TwSuccess success = tw_success_of (months->analysis, site, months->from_day, months->to_day);
  const char *name = site == TW_ALL_SITES ? "all" : tw_analysis_site (months->analysis, site);
  gboolean known = nevi.refusal == TW_REFUSAL_NONE;

  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (name), tw_cell_int (told.ports->len), tw_cell_int (told.n_untold), tw_cell_int (told.n_failing),
    known ? tw_cell_int (nevi.outage_s) : tw_cell_none (), known ? tw_cell_int (nevi.excluded_s) : tw_cell_none (),
    tw_percent_cell (known, nevi.percent), known ? tw_cell_number (nevi.coverage) : tw_cell_none (),
    tw_cell_text (known && told.n_untold == 0 ? tw_uptime_verdict_name (nevi.verdict) : "not covered"),
    tw_cell_ratio (tw_nevi_good_s (&nevi), nevi.observed_s), tw_cell_ratio (told.paid_s, told.payment_s),
    tw_cell_int (success.taps), tw_cell_ratio (success.charged, success.taps),
    tw_cell_ratio (success.first, success.taps) });
}

static guint32
site_of (const GPtrArray *evses,
         guint            i)
{
  return ((const TwEvse *) g_ptr_array_index (evses, i))->site;
}

static void
add_sites (TwFigure        *figure,
           const TwMonths  *months,
           const GPtrArray *evses)
{
  add_site (figure, months, TW_ALL_SITES, evses->pdata, evses->len);
  for (guint first = 0, end; first < evses->len; first = end)
    {
      for (end = first + 1; end < evses->len && site_of (evses, end) == site_of (evses, first); )
        end++;
      add_site (figure, months, site_of (evses, first), evses->pdata + first, end - first);
    }
}

static void
add_evse (TwFigure       *figure,
          const TwMonths *months,
          const TwEvse   *evse)
{
  TwUpPort port = tw_evse_port (evse);
  TwUptimeNevi nevi = tw_uptime_nevi (&port, 1, months->from, months->until);
  gboolean known = nevi.refusal == TW_REFUSAL_NONE && nevi.observed_s > 0;

  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (tw_analysis_site (months->analysis, evse->site)), tw_cell_text (evse->name),
    tw_cell_int (months->from * G_USEC_PER_SEC), tw_cell_int (months->until * G_USEC_PER_SEC),
    tw_cell_int (nevi.observed_s), known ? tw_cell_int (nevi.outage_s) : tw_cell_none (),
    known ? tw_cell_int (nevi.excluded_s) : tw_cell_none (), tw_percent_cell (known, nevi.percent),
    tw_cell_number (nevi.coverage),
    tw_cell_text (tw_uptime_verdict_name (known ? nevi.verdict : TW_UPTIME_NOT_COVERED)),
    tw_cell_ratio (tw_nevi_good_s (&nevi), nevi.observed_s) });
}

/* What was dead from the first day on has no session; without a list nobody misses it. */
static guint
n_strays (const TwAnalysis *analysis,
          const GPtrArray  *evses)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n;
  const TwEventRow *events = tw_analysis_events (analysis, &n);
  guint n_strays = 0;

  for (guint i = 0; i < evses->len; i++)
    g_hash_table_add (known, (gpointer) ((const TwEvse *) g_ptr_array_index (evses, i))->name);
  for (gsize i = 0; i < n; i++)
    n_strays += g_hash_table_add (known, (gpointer) events[i].evse.text);
  return n_strays;
}

static void
note_what_to_keep_in_mind (TwFigure        *figure,
                           const TwMonths  *months,
                           const GPtrArray *evses)
{
  guint strays = n_strays (months->analysis, evses);

  if (strays > 0)
    tw_figure_note (figure, "States are told of %u EVSEs without a session that are in no list of ports: they are in "
                    "none of these numbers. --ports lists them.", strays);
  if (months->until - months->from == 366 * DAY_S)
    tw_figure_note (figure, "These twelve months have 366 days; the formula keeps its 525600 minutes.");
}

static TwFigure *
refused (void)
{
  TwFigure *figure = tw_figure_new (&UPTIME);

  tw_figure_note (figure, "No source tells of the connectors' states: --events does, and so do journals. Sessions "
                  "alone do not say when nobody could charge.");
  return figure;
}

void
tw_measure_uptime (const TwAnalysis *analysis,
                   GPtrArray        *figures)
{
  g_auto (TwMonths) months = tw_months_of (analysis);
  g_autoptr (GPtrArray) evses = NULL;
  TwFigure *uptime, *ports;
  gsize n_events;

  tw_analysis_events (analysis, &n_events);
  if (n_events == 0)
    {
      g_ptr_array_add (figures, refused ());
      return;
    }
  evses = tw_evses_new (analysis, months.from, months.until);
  uptime = tw_figure_new (&UPTIME);
  ports = tw_figure_new (&PORTS);
  tw_figure_about (uptime, evses->len, NULL);
  tw_figure_about (ports, evses->len, NULL);
  add_sites (uptime, &months, evses);
  for (guint i = 0; i < evses->len; i++)
    add_evse (ports, &months, g_ptr_array_index (evses, i));
  note_what_to_keep_in_mind (uptime, &months, evses);
  g_ptr_array_add (figures, uptime);
  tw_reliability_add (&months, evses, figures);
  g_ptr_array_add (figures, ports);
  tw_uptime_uk_add (&months, evses->len, figures);
}
