/* SPDX-License-Identifier: Apache-2.0 */
/* Questions, answered as figures. Each is a pure function of the sums of an analysis: no file, no clock. One a file; a
 * question that needs more of each row than the cells have is an accumulator (accumulator.h) as well. One thread.
 */
#pragma once

#include "payment/analytics/analysis.h"
#include "payment/analytics/figure.h"

/* Adds its figures to the array (of TwFigure, owned). */
typedef void (*TwMeasure) (const TwAnalysis *analysis, GPtrArray *figures);

void tw_measure_all (const TwAnalysis *analysis, GPtrArray *figures);
/* Only these figures, and no work but what they need; in the order of the report. names: NULL-terminated. */
void tw_measure_some (const TwAnalysis *analysis, const char *const *names, GPtrArray *figures);
/* Is there a figure of this name? */
gboolean tw_measure_knows (const char *figure);
/* All names, with a space between; g_free(). */
char *tw_measure_names (void);

void tw_measure_quality     (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_overview    (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_utilisation (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_months      (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_heat        (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_dwell       (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_trend       (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_money       (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_holds       (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_funnel      (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_customers   (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_segments    (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_offers      (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_congestion  (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_prices      (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_load_shift  (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_forecast    (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_uptime      (const TwAnalysis *analysis, GPtrArray *figures);
void tw_measure_alerts      (const TwAnalysis *analysis, GPtrArray *figures);
