/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of a snapshot, less what they lose, with what they gain: of some sites, sorted as all cells are. Planned first,
 * so that their number is known, and written then. This folder's own.
 */
#pragma once

#include "payment/analytics/analysis-private.h"

typedef struct _TwCellKind TwCellKind;

/* n: of the cells that it will write. */
typedef struct
{
  const TwCellKind *kind;
  const TwResumed  *resumed;
  const guint8     *kept;
  gsize             n_kept, n;
  TwTable           edits;
} TwSplice;

extern const TwCellKind TW_DAY_CELLS, TW_HOUR_CELLS;

/* FALSE: there was less than is taken off, or is more than a cell holds. */
gboolean tw_splice_plan  (TwSplice *self, const TwAnalysis *analysis, const TwCellKind *kind, guint32 first_site,
                          guint32 end_site, const TwTable *off, const TwTable *on);
void     tw_splice_write (const TwSplice *self, gpointer cells);
void     tw_splice_clear (TwSplice *self);
