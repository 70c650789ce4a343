/* SPDX-License-Identifier: Apache-2.0 */
/* Further figures of uptime.c: by month beside the rate of successful charges, and by the UK's rule. evses: of TwEvse
 * over the twelve months. This folder's own.
 */
#pragma once

#include "payment/analytics/measures/told.h"

void tw_reliability_add (const TwMonths *months, const GPtrArray *evses, GPtrArray *figures);
void tw_uptime_uk_add   (const TwMonths *months, guint n_evses, GPtrArray *figures);
