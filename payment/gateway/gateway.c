/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/gateway/codec.h"
#include "payment/gateway/cybersource.h"

static const TwGateway *const gateways[] = { &tw_gateway_cybersource };

const TwGateway *
tw_gateway_find (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    if (g_strcmp0 (kind, gateways[i]->kind) == 0)
      return gateways[i];

  return NULL;
}

void
tw_gateway_request_free (TwGatewayRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->method);
  g_free (self->path);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

void
tw_gateway_answer_free (TwGatewayAnswer *self)
{
  if (self == NULL)
    return;

  g_free (self->reason);
  g_free (self->id);
  g_free (self->approval_code);
  g_free (self->network_id);
  g_free (self->reconciliation_id);
  g_free (self);
}

TwGatewayRequest *
tw_gateway_request (const TwGateway    *self,
                    const TwGatewayAsk *ask,
                    TwGatewayHow        how,
                    GError            **error)
{
  return self->request (ask, how, error);
}

GBytes *
tw_gateway_add_card_fields (const TwGateway    *self,
                            GBytes             *body,
                            const TwCardFields *fields,
                            TwMoney             expected,
                            GError            **error)
{
  return self->add_card_fields (body, fields, expected, error);
}

GBytes *
tw_gateway_wrap (const TwGateway *self,
                 const char      *jwe)
{
  return self->wrap (jwe);
}

char *
tw_gateway_unwrap (const TwGateway *self,
                   GBytes          *answer)
{
  return self->unwrap (answer);
}

TwGatewayAnswer *
tw_gateway_read (const TwGateway    *self,
                 const TwGatewayAsk *ask,
                 TwGatewayHow        how,
                 guint               status,
                 GBytes             *body)
{
  return self->read (ask, how, status, body);
}
