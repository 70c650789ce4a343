/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to a payment service and what its answers mean. Pure: no I/O, no clock, no keys. Any thread. */
#pragma once

#include "payment/gateway/card-fields.h"
#include "payment/money/money.h"

typedef struct _TwGateway TwGateway;
const TwGateway *tw_gateway_find (const char *kind);        /* "cybersource"; NULL: we do not know it */

typedef struct
{
  const char *terminal_id, *serial_number;      /* NULL: not sent, as the two below */
  const char *solution_id;      /* issued by the service */
  const char *comments;         /* the scenario's text of the EV guide; captures repeat it */
} TwGatewayTerminal;

typedef struct
{
  const char *code;             /* session reference: 1..50 of A-Z a-z 0-9 . _ - */
  const char *transaction_id;   /* the authorization's key: 1..64 of the same */
  const char *id;               /* theirs; NULL: no answer came */
  const char *capture_id;       /* theirs; NULL: not captured, or not told */
  const char *const *refund_ids;   /* theirs, of refunds that are done: none of them is looked for; may be NULL */
  TwMoney     amount;           /* asked for; once approved: authorized */
} TwGatewayHold;

/* REVERSE without the service's id of the hold is a timeout reversal, by our transaction id of the authorization. */
typedef enum { TW_GATEWAY_AUTHORIZE, TW_GATEWAY_CAPTURE, TW_GATEWAY_REVERSE, TW_GATEWAY_REFUND } TwGatewayCall;
typedef struct
{
  TwGatewayCall     call;
  TwGatewayTerminal terminal;
  TwGatewayHold     hold;
  const char       *transaction_id;   /* of a capture, a refund, or a reversal by id; else not used */
  TwMoney           amount;           /* of a capture or refund (0 if a search does not know it); else not used */
} TwGatewayAsk;                       /* strings are borrowed */
/* Do it, or ask what became of it: among all of the session's transactions, or at the hold's id. */
typedef enum { TW_GATEWAY_DO, TW_GATEWAY_SEARCH, TW_GATEWAY_LOOK_UP } TwGatewayHow;
typedef struct { char *method, *path; GBytes *body; } TwGatewayRequest;     /* body: before encryption; NULL for GET */
void tw_gateway_request_free (TwGatewayRequest *self);

/* The same ask always gives the same bytes. An authorization has no card fields yet. BAD_DATA: what the service would
 * not take, or a capture above the hold. */
TwGatewayRequest *tw_gateway_request (const TwGateway *self, const TwGatewayAsk *ask, TwGatewayHow how, GError **error);

/* For the reader: the whole authorization, a tw_secret_new(). BAD_STATE: the body, or the card's own tags 9F02 and
 * 5F2A, do not say exactly the amount that was asked for. BAD_DATA: not an authorization, card data missing, malformed
 * or longer than the service takes (nothing is cut off). REFUSED: a brand that the service does not take. */
GBytes *tw_gateway_add_card_fields (const TwGateway *self, GBytes *body, const TwCardFields *fields, TwMoney expected,
                                    GError **error);
GBytes *tw_gateway_wrap   (const TwGateway *self, const char *jwe);       /* what is posted */
char   *tw_gateway_unwrap (const TwGateway *self, GBytes *answer);        /* its JWE; NULL: it came in clear text */

typedef enum
{
  TW_GATEWAY_APPROVED,    /* authorize: the hold exists as asked */
  TW_GATEWAY_UNWANTED,    /* authorize: a hold exists that must be reversed; show "declined" */
  TW_GATEWAY_DECLINED,    /* authorize: no hold; reason is a kiosk code of acceptor.h */
  TW_GATEWAY_DONE,
  TW_GATEWAY_NOTHING,     /* reverse: there is nothing to reverse, so far */
  TW_GATEWAY_REFUSED,     /* definite: the same request will not succeed */
  TW_GATEWAY_DUPLICATE,   /* our transaction id was seen before, or the state is ambiguous: search */
  TW_GATEWAY_RETRY,       /* provably without effect: the same request may succeed later */
  TW_GATEWAY_UNKNOWN,     /* cannot tell what happened */
} TwGatewayEnd;
typedef struct
{
  TwGatewayEnd end;
  char   *reason;                               /* a code; NULL when all is well */
  char   *id, *approval_code, *network_id;      /* may be NULL; id: there when approved or unwanted */
  char   *reconciliation_id;                    /* what settlement files call the transaction; may be NULL */
  TwMoney amount;                               /* approved, unwanted: authorized */
} TwGatewayAnswer;
void tw_gateway_answer_free (TwGatewayAnswer *self);

/* Never NULL: what cannot be understood is UNKNOWN. status is HTTP's, body is decrypted; NULL: there is none. SEARCH
 * and LOOK_UP give DONE, REFUSED, UNKNOWN, or RETRY when they were not answered; an empty search proves nothing. */
TwGatewayAnswer *tw_gateway_read (const TwGateway *self, const TwGatewayAsk *ask, TwGatewayHow how, guint status,
                                  GBytes *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwGatewayRequest, tw_gateway_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwGatewayAnswer, tw_gateway_answer_free)
