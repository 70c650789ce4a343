/* SPDX-License-Identifier: Apache-2.0 */
/* What drivers were asked for a kWh at a site on a day. An amount divided by its energy is that only if nothing but
 * energy was paid for: a fee for starting makes small charges dear, and a demand that is set against such a price seems
 * to fall with it, though nobody looked at one. So amounts are believed where those of a day agree with each other;
 * else a tariff's name stands for its price, which is what was paid for a kWh under it at all times. One thread.
 */
#pragma once

#include "payment/analytics/analysis.h"

typedef enum
{
  TW_ASKED_BY_AMOUNT,   /* of nearly all days the sessions paid the same for a kWh: each day has its price */
  TW_ASKED_BY_TARIFF,   /* they did not, but all name their tariff: each tariff has its price */
  TW_ASKED_UNKNOWN,
} TwAskedBy;

typedef struct _TwAskedPrices TwAskedPrices;

TwAskedPrices *tw_asked_prices_new (const TwAnalysis *analysis, const char *currency);
void           tw_asked_prices_free (TwAskedPrices *self);
TwAskedBy      tw_asked_prices_by (const TwAskedPrices *self);
/* Minor units; below 0: nobody paid on that day, or did not agree with the others. */
double         tw_asked_price (const TwAskedPrices *self, guint32 site, gint32 day);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAskedPrices, tw_asked_prices_free)
