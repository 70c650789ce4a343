/* SPDX-License-Identifier: Apache-2.0 */
/* What other tariffs would have brought: each session of the window is priced under each of them as its row comes, and
 * added up. An estimate of nothing: the same sessions, another price. How drivers would have answered is a figure of
 * its own, where the data tells (prices.c).
 *
 *   tw_what_if_new, _add, ... -> tw_analysis_accumulate -> rows -> tw_analysis_close -> tw_measure_what_if
 *
 * One thread but for the sums, which are the parts'.
 */
#pragma once

#include "payment/analytics/accumulator.h"
#include "payment/analytics/analysis.h"
#include "payment/analytics/figure.h"

#define TW_MOST_WHAT_IFS 8

typedef struct _TwWhatIf TwWhatIf;

/* Of the terms the window is copied. */
TwWhatIf     *tw_what_if_new  (const TwAnalysisTerms *terms);
void          tw_what_if_free (TwWhatIf *self);
/* A tariff as OCPI, as one that a station sells by. name: what figures call it; of a second one of that name they add a
 * number. BAD_DATA: it cannot be used, with its JSON path; or there are TW_MOST_WHAT_IFS already. */
gboolean      tw_what_if_add  (TwWhatIf *self, const char *name, GBytes *file, GError **error);
guint         tw_what_if_n    (const TwWhatIf *self);
/* Borrows self. */
TwAccumulator tw_what_if_accumulator (TwWhatIf *self);
/* Is there a figure of this name? */
gboolean      tw_what_if_knows (const char *figure);
/* After the close. names: NULL-terminated; if some are of these figures, only those, else all of them. The elasticity
 * is looked for among the figures that are there. */
void          tw_measure_what_if (const TwAnalysis *analysis, TwWhatIf *self, const char *const *names,
                                  GPtrArray *figures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWhatIf, tw_what_if_free)
