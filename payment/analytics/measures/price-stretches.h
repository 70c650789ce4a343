/* SPDX-License-Identifier: Apache-2.0 */
/* How long each site asked the same price for a kWh, and where it changed while others kept theirs: what a comparison
 * of before and after needs (facts, analytics.md section 8.2). This folder's own.
 */
#pragma once

#include "payment/analytics/measures/asked-price.h"
#include "payment/analytics/measures/period.h"

/* [from, to): local days on which the site asked this; within 2 %. */
typedef struct { guint32 site; gint32 from, to; double price; } TwPriceStretch;

/* Sites that changed alike, within three days: a price is seen only when somebody pays it. All asked the old price
 * from <= day < last_old, and the new one first_new <= day < to. prices: means of them. */
typedef struct
{
  gint32   from, last_old, first_new, to;
  double   price_before, price_after;
  GArray  *sites;               /* of guint32 */
} TwPriceChange;

/* Of TwPriceStretch, by site and day, of sites of this currency. A day without a sale keeps the price, for a week; one
 * day that says another price between days that agree is a mistake. */
GArray    *tw_price_stretches_new (const TwAnalysis *analysis, const char *currency, const TwAskedPrices *prices,
                                   TwPeriod window);
/* Of TwPriceChange, owned, by day. */
GPtrArray *tw_price_changes_new (const GArray *stretches);
/* How long they can be compared: whole weeks, in days. */
static inline guint
tw_price_change_before (const TwPriceChange *self)
{
  return (guint) (self->last_old - self->from) / 7 * 7;
}

static inline guint
tw_price_change_after (const TwPriceChange *self)
{
  return (guint) (self->to - self->first_new) / 7 * 7;
}

/* Those that kept theirs from <= day < to: of guint32. */
GArray    *tw_price_keepers_new (const GArray *stretches, gint32 from, gint32 to);
