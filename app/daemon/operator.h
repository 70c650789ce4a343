/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's verbs of the bus, at the station: prices and repairs. */
#pragma once

#include "app/bus/bus.h"
#include "app/station/station.h"

/* As TwBusVerbs' of the same name. */
gboolean tw_operator_activate (TwStation *station, const TwBusActivation *activation, TwBusDone done, gpointer call,
                               GError **error);
gboolean tw_operator_offers   (TwStation *station, const TwBusOffersOrder *order, TwBusDone done, gpointer call,
                               GError **error);
gboolean tw_operator_money    (TwStation *station, const char *session, TwBusMoney *money, GError **error);
gboolean tw_operator_repair   (TwStation *station, const TwBusRepair *order, TwBusRepairDone done, gpointer call,
                               GError **error);
