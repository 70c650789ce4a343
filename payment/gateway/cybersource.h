/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/gateway: Cybersource REST, Card Present Connect, Electric Vehicle Charging, on Visa Platform
 * Connect. Requests are in cybersource.c, what the reader adds in -card.c and -emv.c, answers in -answer.c and
 * -search.c.
 */
#pragma once

#include "app/base/json.h"
#include "payment/gateway/codec.h"

#define TW_CYBERSOURCE_MAX_ID 40

extern const TwGateway tw_gateway_cybersource;

GBytes          *tw_cybersource_add_card_fields (GBytes *body, const TwCardFields *fields, TwMoney expected,
                                                 GError **error);
char            *tw_cybersource_unwrap (GBytes *answer);
TwGatewayAnswer *tw_cybersource_read (const TwGatewayAsk *ask, guint status, GBytes *body);
TwGatewayAnswer *tw_cybersource_read_search (const TwGatewayAsk *ask, guint status, GBytes *body);
TwGatewayAnswer *tw_cybersource_read_look_up (const TwGatewayAsk *ask, guint status, GBytes *body);

/* What stands in the request for this call. */
const char      *tw_cybersource_transaction_id (const TwGatewayAsk *ask);
TwMoney          tw_cybersource_amount (const TwGatewayAsk *ask);

/* 1..most characters of A-Z a-z 0-9 . _ -: what may stand in a path or a search without being quoted. */
gboolean         tw_cybersource_is_token (const char *text, gsize most);

/* DE55 as the service takes it, in hex: the brand's mandatory tags first, then what fits. BAD_DATA: not TLV, a
 * sensitive or doubled tag, a mandatory one missing, too long. */
char            *tw_cybersource_emv_tags (const TwCardFields *fields, GError **error);
/* The value of one tag in the card's TLV; NULL: absent, or not TLV. */
const guint8    *tw_cybersource_emv_find (const TwCardFields *fields, guint tag, gsize *len);

/* For the readers of answers. */
TwGatewayAnswer *tw_cybersource_answer (TwGatewayEnd end, const char *reason);
TwGatewayAnswer *tw_cybersource_read_status (guint status);                         /* what it alone says */
TwJson          *tw_cybersource_parse (GBytes *body);                               /* an object, or NULL */
const TwJson    *tw_cybersource_at (const TwJson *root, const char *first, const char *second);
