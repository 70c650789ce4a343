/* SPDX-License-Identifier: Apache-2.0 */
/* How values spread, by counting: quantiles to the width of a bin, in little memory whatever their number. A quantile
 * is the least multiple of the width below which, or in whose bin, so many of the values are (nearest rank). The sum is
 * exact. This folder's own.
 */
#pragma once

#include <glib.h>

#define TW_SPREAD_BINS 10080      /* of minutes: a week; what is beyond is in the last one */

typedef struct { guint32 width; guint64 n; gint64 sum; guint top; guint32 counts[TW_SPREAD_BINS]; } TwSpread;

void    tw_spread_init     (TwSpread *self, guint32 width);
/* Keeps the width; costs as much as was used. */
void    tw_spread_clear    (TwSpread *self);
/* Of the same width. */
void    tw_spread_merge    (TwSpread *self, const TwSpread *more);
/* The lower edge of the bin; G_MININT64: there are no values. share: 0 < share <= 1. */
gint64  tw_spread_quantile (const TwSpread *self, double share);
/* Of those from <= value < to; both are multiples of the width. */
guint64 tw_spread_between  (const TwSpread *self, gint64 from, gint64 to);

static inline void
tw_spread_add (TwSpread *self, guint32 value)
{
  guint bin = MIN (value / self->width, TW_SPREAD_BINS - 1);

  self->n++;
  self->sum += value;
  self->counts[bin]++;
  self->top = MAX (self->top, bin + 1);
}
