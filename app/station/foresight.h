/* SPDX-License-Identifier: Apache-2.0 */
/* What something costs before it is due, and what a running session pays now, as screens say it. Part of station.h.
 */
#pragma once

#include "payment/tariff/in-force.h"

/* So much energy in so much time costs so much; all 0: there is no example. */
typedef struct { gint64 energy_wh, duration_ms, price_minor; } TwExample;

/* What something costs from when on: boot time (and the same as wall time), energy of the session, or a full car.
 * free: nothing any more. */
typedef struct
{
  gboolean   known, free;
  TwPriceTag tag;
  gint64     at_boot_us, at_wall_us, at_wh;
  gboolean   after_charging;
  gint64     grace_ms;         /* of a full car: it costs nothing for so long */
} TwNextPrice;

/* In the order that the law asks for; none before energy may flow. */
typedef struct { guint n; TwPriceInForce prices[4]; } TwPricesNow;
