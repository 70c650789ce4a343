/* SPDX-License-Identifier: Apache-2.0 */
/* The structured properties, from the plain values of bus.h to what goes over the wire. The way back is picture.h. All
 * return floating references. Not for other folders.
 */
#pragma once

#include "app/bus/bus.h"

GVariant *tw_value_text    (const char *text);                 /* NULL: empty */
GVariant *tw_value_counter (const TwBusCounter *counter);
GVariant *tw_value_prices  (const TwBusPrice *prices, guint n_prices);
GVariant *tw_value_tariffs (const TwBusTariff *tariffs, guint n_tariffs);
GVariant *tw_value_grant   (const TwBusGrant *grant);            /* empty: none */
GVariant *tw_value_offers  (const TwBusOffer *offers, guint n_offers);
GVariant *tw_value_next    (const TwBusNextPrice *next);
GVariant *tw_value_goal    (const TwBusGoal *goal);
GVariant *tw_value_example (const TwBusConnector *connector);
GVariant *tw_value_claims  (const TwBusClaim *claims, guint n_claims);
GVariant *tw_value_paths   (guint n_connectors);
