/* SPDX-License-Identifier: Apache-2.0 */
/* Tariffs and usage in few words, for these tests. */
#pragma once

#include "payment/tariff/tariff.h"

/* Takes single quotes for double ones. NULL and error: refused. */
TwTariff *case_parse (const char *text, GError **error);
/* Must be accepted. members: what comes before the elements, "" or "'max_price': {...},". */
TwTariff *case_tariff (const char *currency, const char *members, const char *components);
/* Charging with all of the energy, then parking; phases of 0 ms are left out. */
TwUsage  *case_usage (gint64 energy_wh, gint64 charging_ms, gint64 parking_ms);
TwBill   *case_bill (const TwTariff *tariff, gint64 energy_wh, gint64 charging_ms, gint64 parking_ms);
