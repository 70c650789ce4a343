/* SPDX-License-Identifier: Apache-2.0 */
/* A figure's rows as a chart has them: labels along one axis, a few series, a value where both meet. The same as
 * assets/report/figures.js makes of the page's table. This folder's own. One thread.
 */
#pragma once

#include "payment/analytics/pages/pages.h"

/* Rows from <= row < to of a figure, of one currency; "": of all. */
typedef struct { const TwFigure *figure; const char *currency, *time_zone; guint from, to; } TwChartRows;

/* values: of double, by label and then series; NAN: nothing is known. series: one "" if the figure has none. */
typedef struct { GPtrArray *labels, *series; GArray *values; } TwChartSets;

gboolean    tw_chart_has_row (const TwChartRows *self, guint row);
/* A number as it is drawn: money in major units, kWh, hours, per cent. NAN: not known. */
double      tw_chart_value (const TwChartRows *self, guint row, const char *column);
/* What is written on the axis: "kWh", "EUR", "%"; "": nothing. Borrowed. */
const char *tw_chart_unit (const TwChartRows *self, const char *column);
/* Of more than most series the smallest ones go together; 0: all are kept. */
TwChartSets tw_chart_sets (const TwChartRows *self, guint most);
/* Is anything known? */
gboolean    tw_chart_sets_tell (const TwChartSets *self);
void        tw_chart_sets_clear (TwChartSets *self);
/* In order of appearance; also of a column that the figure has not: none. Of char *, owned. */
GPtrArray  *tw_chart_names (const TwChartRows *self, const char *column);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwChartSets, tw_chart_sets_clear)
