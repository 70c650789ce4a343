/* SPDX-License-Identifier: Apache-2.0 */
/* What a tariff asks of who begins now, and what follows, as the bus says it. Pure. */
#pragma once

#include "app/bus/bus.h"
#include "payment/tariff/in-force.h"

typedef struct
{
  GArray    *now, *later;    /* of TwBusPrice */
  GPtrArray *texts;          /* that they point to, beside the tariff's own */
} TwPrices;

/* What a running session pays now. */
TwPrices   *tw_prices_new_running (const TwTariff *tariff, const TwPriceInForce *prices, guint n_prices);
/* "14:35" where the tariff is; NULL: 0, or more than a day away. It lives as long as prices. */
const char *tw_prices_time_of_day (TwPrices *self, const TwTariff *tariff, gint64 wall_ms, gint64 now_ms);
/* At power_w, what the connector can give. tariff NULL: nothing. It outlives them. */
TwPrices   *tw_prices_new (const TwTariff *tariff, gint64 wall_ms, gint64 power_w);
void        tw_prices_free (TwPrices *self);
const char *tw_prices_kind_name (TwLineKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPrices, tw_prices_free)
