/* SPDX-License-Identifier: Apache-2.0 */
/* What followed where the price changed, against places that kept theirs: facts, analytics.md section 8.2. Further
 * figures of prices.c. This folder's own.
 */
#pragma once

#include "payment/analytics/figure.h"
#include "payment/analytics/measures/asked-price.h"

/* Of what goes into them; a currency after the other. */
typedef struct { TwFigure *changes, *weeks; guint n_cases; } TwPriceChangeFigures;

TwPriceChangeFigures tw_price_changes_begin (void);
void tw_price_changes_add (TwPriceChangeFigures *self, const TwAnalysis *analysis, const char *currency,
                           const TwAskedPrices *prices);
void tw_price_changes_end (TwPriceChangeFigures *self, GPtrArray *figures);
