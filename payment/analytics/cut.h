/* SPDX-License-Identifier: Apache-2.0 */
/* From rows to the cells of days and hours: see cut.c. Sites one after the other, and the connectors of each. One
 * thread.
 */
#pragma once

#include "payment/analytics/analysis-private.h"

typedef struct _TwCut TwCut;

TwCut      *tw_cut_new        (TwAnalysis *analysis);
void        tw_cut_free       (TwCut *self);
void        tw_cut_begin_site (TwCut *self, guint32 site, guint8 currency);
/* Of the site that was begun: by start. */
void        tw_cut_port       (TwCut *self, const TwShortRow *rows, gsize n);
TwHourCell *tw_cut_hour       (TwCut *self, gint32 hour);
/* Its hours are added to those of the analysis. */
void        tw_cut_end_site   (TwCut *self);
/* FALSE: a sum went over its bits. The days of the data: first > end if there are none. */
gboolean    tw_cut_result     (const TwCut *self, gint32 *first_day, gint32 *end_day, guint64 *n_overlaps);

/* Adds to the hours of the site that was begun when all of its ports that worked were taken: sweep.c. */
void        tw_sweep_site     (TwAnalysis *self, TwCut *cut, guint32 first_port, guint32 end_port,
                               const gsize *starts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCut, tw_cut_free)
