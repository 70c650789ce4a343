/* SPDX-License-Identifier: Apache-2.0 */
/* How often all connectors of a site are taken, what that costs, and what one more would bring: facts, analytics.md
 * section 9. Measured: from the sessions. Modelled: Erlang B by hour of the week; who finds all taken drives on. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/measures/period.h"
#include "payment/analytics/measures/refusal.h"
#include "payment/analytics/models/capacity.h"
#include "payment/analytics/models/erlang.h"

#define SEED 20261122u
#define WEEK_HOURS 168u
#define MOST_THREADS 8u

static const TwColumn COLUMNS[] = {
  { "site", TW_COLUMN_TEXT, NULL, "its name" },
  { "connectors", TW_COLUMN_COUNT, "connectors", "of the site" },
  { "all_taken", TW_COLUMN_SHARE, "1", "measured: time in which all of them were occupied / elapsed time" },
  { "all_taken_model", TW_COLUMN_SHARE, "1", "Erlang B of each hour of the week, mean over time" },
  { "turned_away", TW_COLUMN_NUMBER, "sessions", "model: arrivals that found all taken, in whole weeks of the window" },
  { "turned_away_low", TW_COLUMN_NUMBER, "sessions", "95 % interval, by drawing weeks" },
  { "turned_away_high", TW_COLUMN_NUMBER, "sessions", "95 % interval, by drawing weeks" },
  { "one_more", TW_COLUMN_NUMBER, "sessions", "model: what a further connector would have gained" },
  { "one_more_low", TW_COLUMN_NUMBER, "sessions", "95 % interval, by drawing weeks" },
  { "one_more_high", TW_COLUMN_NUMBER, "sessions", "95 % interval, by drawing weeks" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "lost_minor", TW_COLUMN_MONEY_MEAN, "minor units", "turned_away * mean capture of the site: a model's estimate" },
  { "one_more_minor", TW_COLUMN_MONEY_MEAN, "minor units", "one_more * mean capture of the site" },
  { "weeks", TW_COLUMN_COUNT, "weeks", "whole weeks that it was learnt from" },
};

static const TwFigureKind CONGESTION = {
  "congestion", "decisions", "When all connectors are taken, and what one more brings",
  "Arrivals are taken to be independent of each other. Where the model and what was measured differ by more than half, "
  "the model is poor there, and a note says so.", TW_PICTURE_BARS, "site", NULL, "one_more", NULL, NULL, COLUMNS,
  G_N_ELEMENTS (COLUMNS),
};

typedef struct
{
  guint32     site;
  guint       n_ports, n_weeks;
  gint32      from;               /* a Monday */
  TwHourLoad *loads;              /* by week and hour of the week */
  gint64      busy_s, elapsed_s, captured, n_captured;
  TwCapacityClass classes[WEEK_HOURS];
  TwCapacity  found;
} Site;

static guint
ports_of (const TwAnalysis *analysis,
          guint32           site)
{
  guint n, n_ports = 0;
  const TwPort *ports = tw_analysis_ports (analysis, &n);

  for (guint i = 0; i < n; i++)
    n_ports += ports[i].site == site;
  return n_ports;
}

static void
elapse (Site             *self,
        const TwAnalysis *analysis)
{
  for (guint week = 0; week < self->n_weeks; week++)
    for (guint hour = 0; hour < WEEK_HOURS; hour++)
      {
        gint32 at = (self->from + (gint32) week * 7) * 24 + (gint32) hour;
        gint64 seconds = tw_analysis_hour_s (analysis, self->site, at);

        self->loads[week * WEEK_HOURS + hour].hours = (double) seconds / 3600;
        self->elapsed_s += seconds;
      }
}

static void
load (Site             *self,
      const TwHourCell *cells,
      gsize             n)
{
  gint32 first = self->from * 24, last = first + (gint32) (self->n_weeks * WEEK_HOURS);

  for (gsize i = 0; i < n; i++)
    if (cells[i].hour >= first && cells[i].hour < last)
      {
        TwHourLoad *at = &self->loads[cells[i].hour - first];

        at->starts += (double) cells[i].n_started;
        at->occupied_h += (double) cells[i].occupied_s / 3600;
        self->busy_s += cells[i].all_busy_s;
        self->captured += cells[i].started_captured_minor;
        self->n_captured += cells[i].n_started_captured;
      }
}

/* The share of time in which the model has all connectors taken. */
static double
modelled_share (const TwCapacityClass *classes)
{
  double hours = 0, blocked = 0;

  for (guint i = 0; i < WEEK_HOURS; i++)
    {
      hours += classes[i].hours;
      blocked += classes[i].hours * classes[i].blocked;
    }
  return hours > 0 ? blocked / hours : 0;
}

/* Asks nothing of the analysis, whose clocks are for one thread. */
static gpointer
solve (gpointer data)
{
  Site *self = data;
  const TwCapacityCase given = { .loads = self->loads, .n_weeks = self->n_weeks, .n_classes = WEEK_HOURS,
                                 .ports = self->n_ports };
  const TwBootstrap boot = { SEED, TW_BOOTSTRAP_DRAWS, 1 };

  self->found = tw_capacity (&given, &boot, self->classes);
  return NULL;
}

/* Each in a thread of its own, the last one in ours. */
static void
solve_all (Site  *sites,
           guint  n)
{
  GThread *threads[MOST_THREADS];

  for (guint i = 0; i + 1 < n; i++)
    threads[i] = g_thread_new ("capacity", solve, &sites[i]);
  solve (&sites[n - 1]);
  for (guint i = 0; i + 1 < n; i++)
    g_thread_join (threads[i]);
}

static void
add_row (TwFigure         *figure,
         const TwAnalysis *analysis,
         const Site       *self)
{
  const TwCapacity found = self->found;
  const char *name = tw_analysis_site (analysis, self->site);
  double measured = self->elapsed_s > 0 ? (double) self->busy_s / (double) self->elapsed_s : 0;
  double modelled = modelled_share (self->classes);
  double mean = self->n_captured > 0 ? (double) self->captured / (double) self->n_captured : 0;
  gboolean paid = self->n_captured > 0;

  if (found.refusal != TW_REFUSAL_NONE)
    {
      tw_figure_note (figure, "%s: %s", name, tw_refusal_words (found.refusal));
      return;
    }
  if (tw_erlang_misfit (modelled, measured) > TW_ERLANG_POOR && MAX (modelled, measured) > 0.01)
    tw_figure_note (figure, "%s: the model is poor here; look at what was measured.", name);
  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (name), tw_cell_int (self->n_ports), tw_cell_number (measured), tw_cell_number (modelled),
    tw_cell_number (found.lost.value), tw_cell_number (found.lost.low), tw_cell_number (found.lost.high),
    tw_cell_number (found.gained.value), tw_cell_number (found.gained.low), tw_cell_number (found.gained.high),
    tw_cell_text (tw_analysis_site_currency (analysis, self->site)),
    paid ? tw_cell_number (found.lost.value * mean) : tw_cell_none (),
    paid ? tw_cell_number (found.gained.value * mean) : tw_cell_none (), tw_cell_int (self->n_weeks) });
}

/* As many sites as there are threads at a time: a site's loads of a year are a quarter of a megabyte. */
static void
add_rows (TwFigure         *figure,
          const TwAnalysis *analysis,
          Site             *sites,
          guint             n)
{
  if (n > 0)
    solve_all (sites, n);
  for (guint i = 0; i < n; i++)
    {
      add_row (figure, analysis, &sites[i]);
      g_free (sites[i].loads);
    }
}

/* Whole weeks from Monday to Sunday. */
static guint
whole_weeks (const TwPeriod *window,
             gint32         *from)
{
  *from = window->from + (7 - tw_weekday_of_day (window->from)) % 7;
  return *from < window->to ? (guint) (window->to - *from) / 7 : 0;
}

/* Of the cells that begin with its own. */
static Site
site_of (const TwAnalysis *analysis,
         const TwHourCell *cells,
         gsize             n,
         gint32            monday,
         guint             n_weeks)
{
  Site site = { .site = cells->site, .n_ports = ports_of (analysis, cells->site), .n_weeks = n_weeks, .from = monday,
                .loads = g_new0 (TwHourLoad, (gsize) n_weeks * WEEK_HOURS) };

  elapse (&site, analysis);
  load (&site, cells, n);
  return site;
}

void
tw_measure_congestion (const TwAnalysis *analysis,
                       GPtrArray        *figures)
{
  const guint most = CLAMP (g_get_num_processors (), 1, MOST_THREADS);
  TwFigure *figure = tw_figure_new (&CONGESTION);
  TwPeriod periods[TW_N_PERIODS];
  g_autofree Site *sites = g_new (Site, most);
  gsize n;
  const TwHourCell *cells = tw_analysis_hours (analysis, &n);
  gint32 monday;
  guint n_weeks, n_sites = 0;

  tw_periods (analysis, periods);
  n_weeks = whole_weeks (&periods[0], &monday);
  for (gsize from = 0, to; from < n && n_weeks > 0; from = to)
    {
      for (to = from; to < n && cells[to].site == cells[from].site; )
        to++;
      if (ports_of (analysis, cells[from].site) > 0)
        sites[n_sites++] = site_of (analysis, &cells[from], to - from, monday, n_weeks);
      if (n_sites < most && to < n)
        continue;
      add_rows (figure, analysis, sites, n_sites);
      n_sites = 0;
    }
  if (n_weeks == 0)
    tw_figure_note (figure, "The window has no whole week.");
  g_ptr_array_add (figures, figure);
}
