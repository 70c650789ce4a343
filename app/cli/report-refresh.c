/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/report-refresh.h"

#include "app/base/error.h"
#include "payment/analytics/snapshot.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* What is new is read each time until it is so large a share of what is kept; then it is kept, too. */
#define SHARE 32

typedef struct
{
  TwFeeds               *feeds;
  const TwAnalysisTerms *terms;
  TwAccumulator          accumulator;
  const char            *state;
  char                  *key;         /* see key_of() */
  const char           **paths;
  gboolean               with_bar;
  GPtrArray             *notices;
} Refresh;

static TwFeed *
feed_at (const Refresh *self,
         guint          i)
{
  return &g_array_index (self->feeds->all, TwFeed, i);
}

/* What a snapshot depends on besides its files: lines of a name, a tabulator and a value. */
static char *
key_of (const TwFeeds         *feeds,
        const TwAnalysisTerms *terms)
{
  g_autofree char *mapping = NULL, *digest = NULL;
  gsize n = 0;

  if (feeds->mapping && g_file_get_contents (feeds->mapping, &mapping, &n, NULL))
    digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) mapping, n);
  return g_strdup_printf ("version of tapwatt\t%s\n--time-zone\t%s %s\n--from\t%d\n--to\t%d\n--as-of\t%"
                          G_GINT64_FORMAT "\n--map\t%s\n", TW_VERSION, terms->time_zone,
                          feeds->time_zone ? "told" : "of the machine", terms->from_day, terms->to_day,
                          terms->as_of_us, digest ? digest : "none");
}

static void
notice (const Refresh *self,
        const char    *format,
        ...) G_GNUC_PRINTF (2, 3);

static void
notice (const Refresh *self,
        const char    *format,
        ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (self->notices, g_strdup_printf ("%s: all is read again", what));
}

/* The name of the first line that differs. */
static char *
difference (const char *was,
            const char *is)
{
  g_auto (GStrv) one = g_strsplit (was, "\n", -1), other = g_strsplit (is, "\n", -1);

  for (guint i = 0; one[i] && other[i]; i++)
    if (!g_str_equal (one[i], other[i]))
      return g_strndup (other[i], strcspn (other[i], "\t"));
  return g_strdup ("version of tapwatt");
}

static TwFeed *
feed_named (const Refresh *self,
            const char    *path,
            guint         *at)
{
  for (guint i = 0; i < self->feeds->all->len; i++)
    if (feed_at (self, i)->role == TW_FEED_SESSIONS && g_str_equal (feed_at (self, i)->path, path))
      {
        *at = i;
        return feed_at (self, i);
      }
  return NULL;
}

static guint64
size_of (const char *path)
{
  struct stat there;

  return stat (path, &there) == 0 && S_ISREG (there.st_mode) ? (guint64) there.st_size : 0;
}

/* NULL: the file is as it was, up to where it was read. */
static char *
change_of (const TwSnapshotSource *source)
{
  guint8 digest[TW_SNAPSHOT_DIGEST];

  if (size_of (source->path) < source->offset)
    return g_strdup_printf ("%s is shorter than it was", source->path);
  if (!tw_feed_digest (source->path, source->offset, digest, NULL)
      || memcmp (digest, source->digest, sizeof digest) != 0)
    return g_strdup_printf ("%s has changed before the place up to which it was read", source->path);
  return NULL;
}

/* NULL: the snapshot's files are there, and begin as they did; the feeds go on from there. */
static char *
place_feeds (const Refresh    *self,
             const TwSnapshot *snapshot)
{
  gboolean many = self->feeds->all->len > TW_QUALITY_SOURCES;
  guint n, before = 0;
  const TwSnapshotSource *sources = tw_snapshot_sources (snapshot, &n);

  for (guint i = 0; i < n; i++)
    {
      guint at = 0;
      TwFeed *feed = feed_named (self, sources[i].path, &at);
      char *change = feed ? change_of (&sources[i]) : g_strdup_printf ("%s was read before, and is not now",
                                                                      sources[i].path);

      if (change)
        return change;
      if ((i > 0 && at <= before) || (many && at != i))
        return g_strdup ("the files come in another order than before");
      if (many && i + 1 < n && size_of (sources[i].path) > sources[i].offset)
        return g_strdup_printf ("of more than %d files one has grown that is not the last one", TW_QUALITY_SOURCES);
      before = at;
      feed->kept = (TwFeedPlace) { sources[i].offset, sources[i].line };
      feed->n_rows = sources[i].n_rows;
      feed->n_refused = sources[i].n_refused;
    }
  return NULL;
}

static void
forget_places (const Refresh *self)
{
  for (guint i = 0; i < self->feeds->all->len; i++)
    {
      feed_at (self, i)->kept = (TwFeedPlace) { 0, 0 };
      feed_at (self, i)->n_rows = feed_at (self, i)->n_refused = 0;
    }
}

/* FALSE: the file is none of ours. *fits NULL: there is none, or it does not fit, and a notice says why. */
static gboolean
open_state (const Refresh  *self,
            TwSnapshot    **fits,
            GError        **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (TwSnapshot) snapshot = tw_snapshot_open (self->state, &cause);
  g_autofree char *why = NULL;

  if (g_error_matches (cause, TW_ERROR, TW_ERROR_REFUSED))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "--refresh %s: the file is there, and is no report's state: "
                   "it is left as it is; name another one", self->state);
      return FALSE;
    }
  if (snapshot == NULL)
    {
      if (!g_error_matches (cause, TW_ERROR, TW_ERROR_GONE))
        notice (self, "%s", cause->message);
      return TRUE;
    }
  if (!g_str_equal (tw_snapshot_terms (snapshot), self->key))
    {
      g_autofree char *what = difference (tw_snapshot_terms (snapshot), self->key);

      why = g_strdup_printf ("it was made with another %s", what);
    }
  else
    why = place_feeds (self, snapshot);
  if (why == NULL)
    {
      *fits = g_steal_pointer (&snapshot);
      return TRUE;
    }
  notice (self, "%s does not fit: %s", self->state, why);
  forget_places (self);
  return TRUE;
}

static gboolean
is_much_new (const Refresh *self)
{
  guint64 kept = 0, new = 0;

  for (guint i = 0; i < self->feeds->all->len; i++)
    if (feed_at (self, i)->role == TW_FEED_SESSIONS)
      {
        guint64 size = size_of (feed_at (self, i)->path);

        kept += feed_at (self, i)->kept.offset;
        new += size - MIN (size, feed_at (self, i)->kept.offset);
      }
  return new > kept / SHARE;
}

/* Rows of this file that are whole go into the analysis, and its place among the sources. The digest is of what was
 * there before it is read: if it changes meanwhile, it does not fit the next time. */
static gboolean
keep_feed (const Refresh *self,
           TwFeed        *feed,
           TwAnalysis    *analysis,
           GArray        *sources,
           GError       **error)
{
  TwSnapshotSource source = { .path = feed->path };
  TwFeedPlace until;

  if (!tw_feed_last_place (feed->path, feed->kept, &until, error)
      || !tw_feed_digest (feed->path, until.offset, source.digest, error))
    return FALSE;
  if (until.offset == 0)
    return TRUE;
  if (until.offset > feed->kept.offset
      && !tw_feeds_read_until (self->feeds, feed, until, analysis, self->with_bar, error))
    return FALSE;
  source.offset = until.offset;
  source.line = until.line;
  source.n_rows = feed->n_rows;
  source.n_refused = feed->n_refused;
  g_array_append_val (sources, source);
  return TRUE;
}

/* The snapshot, or nothing, and all rows that have come since. */
static gboolean
write_state (const Refresh *self,
             TwSnapshot    *snapshot,
             GError       **error)
{
  g_autoptr (TwAnalysis) analysis = tw_analysis_new (self->terms, error);
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (TwSnapshotSource));

  if (analysis == NULL || (snapshot && !tw_analysis_resume (analysis, snapshot, self->paths, error)))
    return FALSE;
  for (guint i = 0; i < self->feeds->all->len; i++)
    if (feed_at (self, i)->role == TW_FEED_SESSIONS && !keep_feed (self, feed_at (self, i), analysis, sources, error))
      return FALSE;
  return tw_analysis_keep (analysis, self->state, self->key, (const TwSnapshotSource *) (void *) sources->data,
                           sources->len, error);
}

/* Takes the snapshot. NULL: what there is cannot be kept, and a notice says why. */
static TwSnapshot *
renew_state (const Refresh *self,
             TwSnapshot    *given)
{
  g_autoptr (TwSnapshot) snapshot = given;
  g_autoptr (GError) error = NULL;

  if (write_state (self, snapshot, &error))
    {
      g_autoptr (TwSnapshot) renewed = tw_snapshot_open (self->state, &error);

      if (renewed)
        return g_steal_pointer (&renewed);
    }
  forget_places (self);
  notice (self, "%s cannot be kept: %s", self->state, error->message);
  return NULL;
}

/* What it turned out not to fit is of no use to the next one, either. */
static void
give_up (const Refresh *self,
         TwSnapshot    *snapshot)
{
  if (snapshot)
    g_unlink (self->state);
}

static TwAnalysis *
analyse (const Refresh *self,
         TwSnapshot    *snapshot,
         GError       **error)
{
  g_autoptr (TwAnalysis) analysis = tw_analysis_new (self->terms, error);

  if (analysis == NULL)
    return NULL;
  if (snapshot == NULL)
    tw_analysis_accumulate (analysis, self->accumulator);
  else if (!tw_analysis_resume (analysis, snapshot, self->paths, error))
    {
      give_up (self, snapshot);
      return NULL;
    }
  if (!tw_feeds_read (self->feeds, analysis, self->with_bar, self->notices, error))
    return NULL;
  if (tw_analysis_close (analysis, error))
    return g_steal_pointer (&analysis);
  give_up (self, snapshot);
  return NULL;
}

static gboolean
is_named_twice (const Refresh *self)
{
  for (guint i = 0; self->paths[i]; i++)
    if (g_strv_contains (self->paths + i + 1, self->paths[i]))
      return TRUE;
  return FALSE;
}

/* FALSE: the state must not be touched. *made NULL: all must be read. */
static gboolean
refresh (const Refresh  *self,
         TwAnalysis    **made,
         GError        **error)
{
  g_autoptr (TwSnapshot) snapshot = NULL;
  g_autoptr (GError) cause = NULL;

  if (!open_state (self, &snapshot, error))
    return FALSE;

  if (self->accumulator.class_)
    {
      notice (self, "a what-if is shown all rows, so %s is not used", self->state);
      forget_places (self);
      return TRUE;
    }
  if (is_named_twice (self))
    {
      notice (self, "a file is named twice");
      forget_places (self);
      return TRUE;
    }
  if (snapshot == NULL || is_much_new (self))
    snapshot = renew_state (self, g_steal_pointer (&snapshot));
  if (snapshot == NULL)
    return TRUE;
  *made = analyse (self, snapshot, &cause);
  forget_places (self);
  if (*made == NULL)
    notice (self, "%s does not fit: %s", self->state, cause->message);
  return TRUE;
}

TwAnalysis *
tw_refresh (TwFeeds               *feeds,
            const TwAnalysisTerms *terms,
            TwAccumulator          accumulator,
            const char            *state,
            gboolean               with_bar,
            GPtrArray             *notices,
            GError               **error)
{
  g_autofree char *key = key_of (feeds, terms);
  g_autofree const char **paths = tw_feeds_paths (feeds);
  const Refresh self = { feeds, terms, accumulator, state, key, paths, with_bar, notices };
  TwAnalysis *analysis = NULL;

  if (state && !refresh (&self, &analysis, error))
    return NULL;
  return analysis ? analysis : analyse (&self, NULL, error);
}
