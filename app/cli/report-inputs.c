/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/report-inputs.h"

#include "app/base/error.h"
#include "app/cli/bar.h"

#define MOST_THREADS 8

static const char *const OPTIONS[] = {
  [TW_FEED_SESSIONS] = "--sessions", [TW_FEED_PORTS] = "--ports", [TW_FEED_EVENTS] = "--events",
  [TW_FEED_JOURNAL] = "--journal", [TW_FEED_STORE] = "--store",
};

/* How far reading has come: told from the readers' threads. */
static struct { GMutex mutex; gboolean shown; guint drawn_e4; const char *path; } watch;

void
tw_feeds_add (TwFeeds    *self,
              TwFeedRole  role,
              const char *path)
{
  TwFeed feed = { .role = role, .path = g_strdup (path) };

  if (self->all == NULL)
    self->all = g_array_new (FALSE, FALSE, sizeof (TwFeed));
  g_array_append_val (self->all, feed);
}

TwFeedRole
tw_feed_role_of (const char *option)
{
  for (guint role = 0; role < G_N_ELEMENTS (OPTIONS); role++)
    if (g_str_equal (option, OPTIONS[role]))
      return role;
  return TW_FEED_SESSIONS;
}

gboolean
tw_feeds_have_sessions (const TwFeeds *self)
{
  for (guint i = 0; self->all != NULL && i < self->all->len; i++)
    {
      TwFeedRole role = g_array_index (self->all, TwFeed, i).role;

      if (role == TW_FEED_SESSIONS || role == TW_FEED_JOURNAL || role == TW_FEED_STORE)
        return TRUE;
    }
  return FALSE;
}

const char **
tw_feeds_paths (const TwFeeds *self)
{
  const char **paths = g_new0 (const char *, self->all->len + 1);

  for (guint i = 0; i < self->all->len; i++)
    paths[i] = g_array_index (self->all, TwFeed, i).path;
  return paths;
}

void
tw_feeds_clear (TwFeeds *self)
{
  for (guint i = 0; self->all != NULL && i < self->all->len; i++)
    g_free (g_array_index (self->all, TwFeed, i).path);
  g_clear_pointer (&self->all, g_array_unref);
}

static gboolean
on_progress (gpointer self,
             guint64  done,
             guint64  size)
{
  guint done_e4 = size == 0 ? 0 : (guint) ((double) done * 10000 / (double) size);

  g_mutex_lock (&watch.mutex);
  if (watch.shown && done_e4 / 100 != watch.drawn_e4 / 100)
    {
      g_autofree char *name = g_path_get_basename (watch.path);
      g_autofree char *told = g_strdup_printf ("%.39s", name);

      tw_bar_draw (done_e4, told);
      watch.drawn_e4 = done_e4;
    }
  g_mutex_unlock (&watch.mutex);
  return TRUE;
}

/* Parts of the analysis for as many threads as there are processors, with our eyes on the progress. */
static gboolean
read_sessions (const TwFeeds  *self,
               const TwFeed   *feed,
               TwFeedPlace     until,
               TwAnalysis     *analysis,
               TwFeedReport   *report,
               GError        **error)
{
  const TwFeedTerms terms = { .mapping = self->mapping, .time_zone = self->time_zone, .from = feed->kept,
                              .until = until };
  guint n = CLAMP (g_get_num_processors (), 1, MOST_THREADS);
  TwRowIntakeClass classes[MOST_THREADS];
  TwRowIntake intakes[MOST_THREADS];

  for (guint i = 0; i < n; i++)
    {
      intakes[i] = tw_analysis_part (analysis, feed->path);
      classes[i] = *intakes[i].class_;
      classes[i].progress = on_progress;
      intakes[i].class_ = &classes[i];
    }
  report->n_rows = feed->n_rows;
  report->n_refused = feed->n_refused;
  if (!tw_feed_sessions (feed->path, &terms, intakes, n, report, error))
    return FALSE;
  if (!report->windows || (feed->kept.offset == 0 && until.offset == 0))
    return TRUE;
  /* Which bytes are of which characters is found from the begin on. */
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is not UTF-8", feed->path);
  return FALSE;
}

gboolean
tw_feeds_read_until (const TwFeeds  *self,
                     TwFeed         *feed,
                     TwFeedPlace     until,
                     TwAnalysis     *analysis,
                     gboolean        with_bar,
                     GError        **error)
{
  g_auto (TwFeedReport) report;
  gboolean well;

  tw_feed_report_init (&report);
  watch.shown = with_bar;
  watch.path = feed->path;
  watch.drawn_e4 = G_MAXUINT;
  well = read_sessions (self, feed, until, analysis, &report, error);
  if (with_bar)
    tw_bar_clear ();
  feed->kept = until;
  feed->n_rows = report.n_rows;
  feed->n_refused = report.n_refused;
  return well;
}

static gboolean
read_other (const TwFeeds  *self,
            const TwFeed   *feed,
            TwAnalysis     *analysis,
            TwFeedReport   *report,
            GError        **error)
{
  const TwFeedTerms terms = { .time_zone = self->time_zone };
  TwRowIntake intake = tw_analysis_part (analysis, feed->path);
  TwRowIntakeClass class_ = *intake.class_;

  class_.progress = on_progress;
  intake.class_ = &class_;
  return feed->role == TW_FEED_PORTS ? tw_feed_ports (feed->path, &intake, report, error)
         : feed->role == TW_FEED_EVENTS ? tw_feed_events (feed->path, &intake, report, error)
         : feed->role == TW_FEED_STORE ? tw_feed_books (feed->path, &terms, &intake, report, error)
         : tw_feed_journal (feed->path, &terms, &intake, report, error);
}

static gboolean
read_feed (const TwFeeds  *self,
           const TwFeed   *feed,
           TwAnalysis     *analysis,
           GPtrArray      *notices,
           GError        **error)
{
  g_auto (TwFeedReport) report;
  gboolean well;

  tw_feed_report_init (&report);
  watch.path = feed->path;
  watch.drawn_e4 = G_MAXUINT;
  well = feed->role == TW_FEED_SESSIONS ? read_sessions (self, feed, (TwFeedPlace) { 0, 0 }, analysis, &report, error)
         : read_other (self, feed, analysis, &report, error);
  for (guint i = 0; i < report.notices->len; i++)
    g_ptr_array_add (notices, g_strdup_printf ("%s: %s", feed->path, (char *) g_ptr_array_index (report.notices, i)));
  return well;
}

gboolean
tw_feeds_read (const TwFeeds  *self,
               TwAnalysis     *analysis,
               gboolean        with_bar,
               GPtrArray      *notices,
               GError        **error)
{
  gboolean well = TRUE;

  watch.shown = with_bar;
  for (guint i = 0; well && i < self->all->len; i++)
    well = read_feed (self, &g_array_index (self->all, TwFeed, i), analysis, notices, error);
  if (with_bar)
    tw_bar_clear ();
  return well;
}
