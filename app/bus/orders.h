/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's methods: their answers come later, and their errors are sentences. Not for other folders. */
#pragma once

#include "app/bus/bus.h"

void tw_order_activate (const TwBusVerbs *verbs, gpointer user_data, GVariant *parameters,
                        GDBusMethodInvocation *invocation);
void tw_order_offers   (const TwBusVerbs *verbs, gpointer user_data, GVariant *parameters,
                        GDBusMethodInvocation *invocation);
void tw_order_money    (const TwBusVerbs *verbs, gpointer user_data, GVariant *parameters,
                        GDBusMethodInvocation *invocation);
void tw_order_repair   (const TwBusVerbs *verbs, gpointer user_data, GVariant *parameters,
                        GDBusMethodInvocation *invocation);
