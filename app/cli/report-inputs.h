/* SPDX-License-Identifier: Apache-2.0 */
/* Where a report's sessions come from, as the command line names it, and the reading of it into an analysis: as many
 * threads as there are processors, with a bar on the terminal. */
#pragma once

#include "app/cli/verb.h"
#include "payment/analytics/analysis.h"
#include "payment/analytics/sources/sources.h"

typedef enum { TW_FEED_SESSIONS, TW_FEED_PORTS, TW_FEED_EVENTS, TW_FEED_JOURNAL, TW_FEED_STORE } TwFeedRole;

/* kept: what is before it need not be read, and was so many rows; offset 0: read all. */
typedef struct { TwFeedRole role; char *path; TwFeedPlace kept; guint64 n_rows, n_refused; } TwFeed;

typedef struct
{
  GArray     *all;          /* of TwFeed */
  const char *mapping;      /* of the sessions; NULL: our own columns */
  const char *time_zone;    /* NULL: rows must state theirs */
} TwFeeds;

void       tw_feeds_add (TwFeeds *self, TwFeedRole role, const char *path);
/* Of the option that names such files: "--sessions". */
TwFeedRole tw_feed_role_of (const char *option);
gboolean   tw_feeds_have_sessions (const TwFeeds *self);
/* Ports first, because what is open is theirs to say. notices: of char *, what the files have to say of themselves. */
gboolean   tw_feeds_read (const TwFeeds *self, TwAnalysis *analysis, gboolean with_bar, GPtrArray *notices,
                          GError **error);
/* Only of this file of sessions, and up to there; the feed is moved on. BAD_DATA: it cannot be read in pieces. */
gboolean   tw_feeds_read_until (const TwFeeds *self, TwFeed *feed, TwFeedPlace until, TwAnalysis *analysis,
                                gboolean with_bar, GError **error);
/* Paths of the sessions' files; NULL-terminated; free with g_free(). */
const char **tw_feeds_paths (const TwFeeds *self);
void       tw_feeds_clear (TwFeeds *self);
