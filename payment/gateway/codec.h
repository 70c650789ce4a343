/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/gateway: what one payment service has to provide; gateway.h says what each function does. */
#pragma once

#include "payment/gateway/gateway.h"

struct _TwGateway
{
  const char         *kind;
  TwGatewayRequest *(*request)         (const TwGatewayAsk *ask, TwGatewayHow how, GError **error);
  TwGatewayAnswer  *(*read)            (const TwGatewayAsk *ask, TwGatewayHow how, guint status, GBytes *body);
  GBytes           *(*add_card_fields) (GBytes *body, const TwCardFields *fields, TwMoney expected, GError **error);
  GBytes           *(*wrap)            (const char *jwe);
  char             *(*unwrap)          (GBytes *answer);
};
