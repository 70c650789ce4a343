/* SPDX-License-Identifier: Apache-2.0 */
/* How new rows come among those of a snapshot: weave.c has the picture. This folder's own. */
#pragma once

#include "payment/analytics/cut.h"
#include "payment/analytics/snapshot-private.h"
#include "payment/analytics/splice.h"

/* Sites for one thread. news: of each port, among the new rows. */
typedef struct
{
  TwAnalysis    *analysis;
  const TwTable *news;
  const gsize   *news_starts, *money_starts, *starts;
  TwCut         *before, *after;
  GArray        *old;               /* of TwShortRow: of the port at hand, what is cut again */
  guint32        first_site, end_site;
  TwSplice       days, hours;
  gpointer       days_at, hours_at; /* where they go */
  gboolean       well;
} TwWeave;

/* Its rows in the snapshot, by start, and their number. */
const TwShortRow *tw_weave_kept_rows (const TwAnalysis *analysis, guint32 port, gsize *n);
/* Puts the site's rows together, and what its cells lose and gain into before and after. */
void              tw_weave_site      (const TwWeave *self, guint32 site);
