/* SPDX-License-Identifier: Apache-2.0 */
/* What the bus says as lists, for operators and screens: money on its way, tariffs, offers. */
#pragma once

#include "app/bus/bus.h"
#include "app/station/station.h"

void       tw_lists_publish (TwBus *bus, TwStation *station);
TwBusGrant tw_lists_grant   (const TwOfferRule *rule);
