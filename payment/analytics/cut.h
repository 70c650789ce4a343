/* SPDX-License-Identifier: Apache-2.0 */
/* From rows to the cells of days and hours: see cut.c. Sites one after the other, and the connectors of each. A cut is
 * for one thread; several may work on different sites.
 */
#pragma once

#include "payment/analytics/analysis-private.h"

typedef struct _TwCut TwCut;

TwCut      *tw_cut_new        (const TwAnalysis *analysis, TwBudget *budget);
void        tw_cut_free       (TwCut *self);
void        tw_cut_begin_site (TwCut *self, guint32 site, guint8 currency);
/* Of the site that was begun: rows by start, and what is known of its days. */
void        tw_cut_port       (TwCut *self, const TwShortRow *rows, gsize n, const TwMoneyCell *money, gsize n_money);
TwZone     *tw_cut_zone       (const TwCut *self);
TwHourCell *tw_cut_hour       (TwCut *self, gint32 hour);
void        tw_cut_end_site   (TwCut *self);
/* Moves its cells behind those of the analysis, and adds the days of its data and its overlaps. FALSE: a sum went over
 * its bits. */
gboolean    tw_cut_deliver    (TwCut *self, TwAnalysis *analysis);

/* What it has come to; the cells stay its own. */
typedef struct
{
  const TwTable *days, *hours;
  gint32         first_day, end_day;
  guint64        n_overlaps;
  gboolean       too_many;
} TwCutSums;

TwCutSums   tw_cut_sums       (const TwCut *self);

/* A port's rows by start, and when it worked: of TwStretch. */
typedef struct { const TwShortRow *rows; gsize n; const GArray *working; } TwSweepPort;

/* Adds to the hours of the site that was begun when all of its ports that worked were taken: sweep.c. */
void        tw_sweep_site     (TwCut *cut, const TwSweepPort *ports, guint n);
/* The same, of ports of the analysis and of all of their rows. */
void        tw_sweep_all      (const TwAnalysis *self, TwCut *cut, guint32 first_port, guint32 end_port,
                               const gsize *starts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCut, tw_cut_free)
