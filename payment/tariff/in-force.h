/* SPDX-License-Identifier: Apache-2.0 */
/* What a running session pays at this moment, and why: values for a screen, and no sentences. Pure.
 */
#pragma once

#include "payment/tariff/pricer.h"

/* A price that depends on the session itself. Bounds that the tariff does not give are -1. */
typedef struct
{
  TwPriceTag tag;
  gint64     min_mwh, max_mwh, min_ms, max_ms, min_ma, max_ma, min_mw, max_mw;
  gboolean   reservation, expired;
} TwPostedCondition;

/* until: when another price of the kind takes over, if all goes on as it does; 0: not foreseen. why: what its element
 * asks of the session, and not the clock's part. */
typedef struct
{
  TwPostedCondition why;
  gint64     until_ms, until_mwh;   /* UTC; register of the session */
} TwPriceInForce;

/* Per kWh, per hour, parking, per session: at most one of each, and none that is free. A fee per session is in force
 * once it is due. prices: of 4; returns how many. Strings belong to the tariff. */
guint    tw_pricer_list_in_force (TwPricer *pricer, TwPhase phase, TwPriceInForce prices[4]);
