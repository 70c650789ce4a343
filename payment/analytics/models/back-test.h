/* SPDX-License-Identifier: Apache-2.0 */
/* Rolling origin: model and baseline tried in the past. The room's own. */
#pragma once

#include "payment/analytics/models/forecast.h"

/* Fills horizon for horizon->days. The series begins with a known step. */
void tw_back_test (const TwSeries *series, TwHorizon *horizon);
/* The baseline of step at, from the first n steps; FALSE if none of its season is known. */
gboolean tw_naive (const TwSeries *series, gsize n, gsize at, double *value);
