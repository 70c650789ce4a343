/* SPDX-License-Identifier: Apache-2.0 */
/* Two currencies and the rate between them. Pure. This folder's own. */
#pragma once

#include "payment/reconcile/readers/table.h"

/* gross x rate = net + fee within one minor unit of the net's currency. A fee that is not stated is worked out only if
 * there is no rounding in it, and stays unknown otherwise; without a rate nothing can be checked. */
gboolean tw_conversion_check (const TwTable *table, int rate_column, TwSettled *line, GError **error);
