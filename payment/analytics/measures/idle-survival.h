/* SPDX-License-Identifier: Apache-2.0 */
/* How many cars are still plugged in so long after charging ended: what an idle fee is argued from. Kaplan and Meier's
 * estimate over whole minutes, by counting, so that memory does not grow with the number of sessions. This folder's
 * own.
 */
#pragma once

#include "payment/analytics/figure.h"
#include "payment/analytics/measures/period.h"

TwFigure *tw_idle_survival (const TwAnalysis *analysis, const TwPeriod *window);
