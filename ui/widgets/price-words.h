/* SPDX-License-Identifier: Apache-2.0 */
/* A connector's prices in words, in the order that AFIR 5(4) asks for: per kWh, per minute, per session, other. What is
 * returned is freed with g_free(). Main thread only.
 */
#pragma once

#include "app/bus/bus.h"

/* Something here can cost money, be it later. */
gboolean          tw_prices_cost (const TwBusConnector *bay);
/* What who begins now pays for the i-th kind; NULL: no more. The first may cost nothing, if other things do. */
const TwBusPrice *tw_prices_now (const TwBusConnector *bay, guint i);
/* Others that a session can come to. */
guint             tw_prices_n_later (const TwBusConnector *bay);

/* "€0.49", and what it is for: "per kWh" */
char       *tw_price_amount (const TwBusConnector *bay, const TwBusPrice *price, const char *language);
const char *tw_price_per (const TwBusPrice *price, const char *language);
/* "Billed per started 5 kWh"; NULL: nobody would notice. */
char       *tw_price_step (const TwBusPrice *price, const char *language);
/* "After charging: €0.10 per minute" */
char       *tw_price_line (const TwBusConnector *bay, const TwBusPrice *price, gboolean with_step,
                           const char *language);
/* The i-th: "From 22:00 until 06:00, from 20 kWh: €0.39 per kWh" */
char       *tw_prices_later_line (const TwBusConnector *bay, guint i, gboolean with_step, const char *language);
/* What the running session pays now, with the reason: "0.59 € per kWh from 20 kWh on", "... until 22:00"; NULL:
 * nothing. next_is_said: an end that is the beginning of the next price is not. */
char       *tw_prices_running (const TwBusConnector *bay, gboolean next_is_said, const char *language);
/* "At least €1.00 per session"; NULL: no such limit. */
char       *tw_prices_limit (const TwBusConnector *bay, gboolean lowest, const char *language);
/* One rate for all, or only that tax is in it; NULL: the tariff names none. */
char       *tw_prices_tax (const TwBusConnector *bay, const char *language);
