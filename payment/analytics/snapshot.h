/* SPDX-License-Identifier: Apache-2.0 */
/* What a report keeps for the next one: the sums of all that its files of sessions have told, in a file of its own. An
 * analysis that resumes it is told only what is new, and gives the same as one that was told everything, to the byte.
 * A snapshot is made in one piece or not at all, is read where it lies, and is refused as a whole if a byte of it is
 * wrong. README.md says what is in it. One thread.
 */
#pragma once

#include "payment/analytics/analysis.h"

#define TW_SNAPSHOT_DIGEST 16

/* A file that was read up to the beginning of a row, which is that line. */
typedef struct
{
  const char *path;
  guint64     offset, line;
  guint64     n_rows, n_refused;              /* that were read */
  guint8      digest[TW_SNAPSHOT_DIGEST];     /* of the bytes before: tw_feed_digest() */
} TwSnapshotSource;

typedef struct _TwSnapshot TwSnapshot;

/* Checks each byte. GONE: there is none. BAD_DATA: it is damaged, or of another version. REFUSED: it is another thing,
 * which must not be written over. */
TwSnapshot  *tw_snapshot_open  (const char *path, GError **error);
void         tw_snapshot_free  (TwSnapshot *self);
/* As they were given to tw_analysis_keep(). Borrowed. */
const char             *tw_snapshot_terms   (const TwSnapshot *self);
const TwSnapshotSource *tw_snapshot_sources (const TwSnapshot *self, guint *n);

/* Before any part: rows to come are added to those of the snapshot, which outlives it. sources: of all that will be
 * read and of those of the snapshot, in the order in which they count. BAD_DATA: it does not fit, and why; then the
 * analysis can only be freed. */
gboolean     tw_analysis_resume (TwAnalysis *self, TwSnapshot *snapshot, const char *const *sources, GError **error);
/* Instead of tw_analysis_close(): what the rows until now amount to becomes the file, or nothing changes. terms: what
 * must be the same for who resumes it. After it the analysis can only be freed. All parts were of files of sessions,
 * not of ports, events or visits. RETRY: another run is at it. GONE: cannot be written. */
gboolean     tw_analysis_keep   (TwAnalysis *self, const char *path, const char *terms,
                                 const TwSnapshotSource *sources, guint n_sources, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSnapshot, tw_snapshot_free)
