/* SPDX-License-Identifier: Apache-2.0 */
/* What will be due, before it is: for screens. The station's own. */
#pragma once

#include "app/station/core.h"

/* A car that takes what the connector can give, from now on: as much energy or time as was chosen, else what is usual.
 * tariff NULL: no example; goal NULL: none was chosen. */
TwExample   tw_outlook_example (const TwBay *bay, const TwTariff *tariff, const TwGoal *goal);
/* What the session at the bay pays at this moment. */
TwPricesNow tw_outlook_now (const TwBay *bay);
/* How the price of the session at the bay changes next. */
TwNextPrice tw_outlook_next (const TwBay *bay);
/* What standing with a full car will cost it, while it does not yet. */
TwNextPrice tw_outlook_idle (const TwBay *bay);
