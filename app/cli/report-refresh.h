/* SPDX-License-Identifier: Apache-2.0 */
/* A report that reads only what is new: what files of sessions have told is kept in a file of its own, and each file's
 * place in it. What does not fit any more is said, and all is read again; what is told is the same either way. */
#pragma once

#include "app/cli/report-inputs.h"

/* An analysis that is closed. Journals, the books, and lists of connectors and of their states are read whole each
 * time. accumulator: class_ NULL: there is none; one is shown all rows, so nothing is kept then. state: its file, which
 * is made if there is none; NULL: read all, keep nothing. notices: of char *. */
TwAnalysis *tw_refresh (TwFeeds *feeds, const TwAnalysisTerms *terms, TwAccumulator accumulator, const char *state,
                        gboolean with_bar, GPtrArray *notices, GError **error);
