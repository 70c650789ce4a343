/* SPDX-License-Identifier: Apache-2.0 */
/* Whether people got what they came for: facts, analytics.md section 6. Of visits, which are tries of one card at one
 * site until it stays away for ten minutes. This folder's own.
 */
#pragma once

#include "payment/analytics/analysis.h"

#define TW_ALL_SITES G_MAXUINT32

/* taps: visits with a card or phone presented, and their tries; of those, approved; of those, charged: got energy (of
 * journals: 0.1 kWh), and it ended well; first: at the first try; unstarted: got none. turned_away: of all visits,
 * those that found all taken, and came to nothing. */
typedef struct { gint64 taps, tries, approved, charged, first, unstarted, turned_away; } TwSuccess;

void      tw_success_add (TwSuccess *self, const TwVisitCell *cell);
/* Of visits on from <= day < to, of a site, or of TW_ALL_SITES. */
TwSuccess tw_success_of (const TwAnalysis *analysis, guint32 site, gint32 from, gint32 to);

static inline gboolean
tw_stages_have (guint32 stages, TwStage stage)
{
  return (stages >> stage & 1) != 0;
}

static inline gboolean
tw_visit_has (const TwVisitCell *cell, TwStage stage)
{
  return tw_stages_have (cell->stages, stage);
}
