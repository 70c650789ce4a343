/* SPDX-License-Identifier: Apache-2.0 */
/* The card acceptor: a card at our reader (behind a TwCardLink) and a payment service (behind HTTPS). It sees no card
 * data: the reader seals the authorization, this signs and posts it, and follows it up. Main thread only.
 */
#pragma once

#include "app/base/clock.h"
#include "payment/acceptor/card-link.h"
#include "payment/gateway/gateway.h"
#include "payment/http/http.h"
#include "payment/seal/seal.h"

/* Where tw_http_send() would be called; for tests and simulators. */
typedef void (*TwSend) (gpointer data, const TwHttpRequest *request, GCancellable *cancellable, TwHttpDone done,
                        gpointer user_data);

typedef struct
{
  const char       *gateway_kind;       /* "cybersource" */
  const char       *host;               /* of the service, without a port */
  const char       *merchant_id, *key_id;
  GBytes           *secret;             /* shared with the service, decoded */
  const TwSealKey  *service_key;        /* its message-level encryption certificate */
  const TwSealKey  *response_key;       /* our private key; NULL: answers come in clear text (inside TLS) */
  const char       *response_key_id;    /* NULL if response_key is */
  TwGatewayTerminal terminal;
  guint             authorize_ms;       /* for the answer to an authorization: 30000 */
  guint             follow_up_ms;       /* for the answer to anything else: 60000 */
  /* An authorization that nobody answered may still be on its way. "There is nothing to reverse" is believed only this
   * long after it was sent, or after this process first asked; before, it is unknown. A token is valid for 120 s, so
   * that the service does not begin with it later: 120000. 0 believes it at once. */
  guint             late_ms;
  guint             hold_life_hours;
  gboolean          test_mode;
  gboolean          off;                /* takes no money; what was taken before is still captured and released */
  TwSend            send;               /* NULL: http is used */
  gpointer          send_data;
} TwCardAcceptorOptions;

/* Strings are copied and the secret is kept by reference; keys, http, clock and the link are borrowed and must outlive
 * the acceptor. It listens to the link until it is freed, then calls its listen() with NULL events; what is under way
 * is dropped without a callback. Not ready: "bank-cards-off", "gateway-not-configured" (an option is missing),
 * "gateway-certificate-expired", or what the link says. */
TwAcceptor *tw_card_acceptor_new (TwCardLink link, TwHttp *http, TwClock *clock, const TwCardAcceptorOptions *options);
