/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot that was found well, and the analysis that resumes it. This folder's own. */
#pragma once

#include "payment/analytics/analysis-private.h"
#include "payment/analytics/kept.h"

struct _TwSnapshot
{
  TwKeptFile        file;
  char             *terms;
  TwSnapshotSource *sources;
  guint             n_sources;
  GStringChunk     *paths;
};

/* From numbers of the snapshot to ranks of the analysis, and of ports back: TW_NO_NAME: it does not know it. */
struct _TwResumed
{
  TwSnapshot *snapshot;
  guint32    *sites, *ports, *tariffs, *currencies;
  guint32    *kept_port;
  gboolean    same;               /* numbers are ranks still */
};

#define TW_KEPT_AT(snapshot, type, what) ((const type *) (snapshot)->file.at[what])

static inline TwText
tw_snapshot_text (const TwSnapshot *self, TwKeptText text)
{
  return (TwText) { TW_KEPT_AT (self, char, TW_KEPT_TEXTS) + text.at, text.n };
}

/* What is in the file can be reckoned with: no number leads out of it, and sums fit. */
gboolean tw_snapshot_is_sound (const TwSnapshot *self);
/* Of the clocks of a place, as they are known here. */
guint64  tw_zone_rules (const char *name);

/* Of resume.c: names are taken before those of the parts, sums after. */
void     tw_resumed_names (TwAnalysis *self);
gboolean tw_resumed_sums  (TwAnalysis *self, const guint32 *sites, const guint32 *ports, const guint32 *tariffs,
                           const guint32 *currencies, GError **error);
void     tw_resumed_free  (TwResumed *self);
