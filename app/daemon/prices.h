/* SPDX-License-Identifier: Apache-2.0 */
/* What a tariff asks of who begins now, and what follows, as the bus says it. Pure. */
#pragma once

#include "app/bus/bus.h"
#include "payment/tariff/tariff.h"

typedef struct
{
  GArray    *now, *later;    /* of TwBusPrice */
  GPtrArray *texts;          /* that they point to, beside the tariff's own */
} TwPrices;

/* At power_w, what the connector can give. tariff NULL: nothing. It outlives them. */
TwPrices   *tw_prices_new (const TwTariff *tariff, gint64 wall_ms, gint64 power_w);
void        tw_prices_free (TwPrices *self);
const char *tw_prices_kind_name (TwLineKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPrices, tw_prices_free)
