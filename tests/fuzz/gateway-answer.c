/* SPDX-License-Identifier: Apache-2.0 */
/* needs: gateway_dep */
/* Whatever a payment service answers is one of the ends, and those that promise something keep it. The first byte
 * chooses the call and the status, the rest is the body.
 */
#include "payment/gateway/gateway.h"

#include "app/base/json.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_answer (const TwGatewayAsk    *ask,
              const TwGatewayAnswer *answer)
{
  gboolean held = answer->end == TW_GATEWAY_APPROVED || answer->end == TW_GATEWAY_UNWANTED;

  g_assert_true (answer->end <= TW_GATEWAY_UNKNOWN);
  g_assert_true (!held || (ask->call == TW_GATEWAY_AUTHORIZE && answer->id != NULL && answer->amount.minor > 0));
  g_assert_true (answer->end != TW_GATEWAY_APPROVED || answer->amount.minor == ask->hold.amount.minor);
  g_assert_true (answer->end == TW_GATEWAY_APPROVED || answer->end == TW_GATEWAY_DONE || answer->reason != NULL);
  g_assert_true (answer->end != TW_GATEWAY_NOTHING || (ask->call == TW_GATEWAY_REVERSE && ask->hold.id == NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const guint statuses[] = { 200, 201, 400, 401, 404, 429, 500, 502 };
  const TwGateway *gateway = tw_gateway_find ("cybersource");
  g_autoptr(TwGatewayAnswer) answer = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autofree char *jwe = NULL;
  TwGatewayAsk ask;
  guint how;

  if (size == 0)
    return 0;

  how = data[0] / 64 % 3;
  ask = (TwGatewayAsk) {
    .call = data[0] % 4,
    .hold = { .code = "s-17", .transaction_id = "s-17-authorize-1", .id = data[0] / 4 % 2 ? "77" : NULL,
              .amount = tw_money (4500, "EUR") },
    .transaction_id = "s-17-other-1",
    .amount = tw_money (1234, "EUR"),
  };
  body = g_bytes_new_static (data + 1, size - 1);
  jwe = tw_gateway_unwrap (gateway, body);
  answer = tw_gateway_read (gateway, &ask, how, statuses[data[0] / 8 % G_N_ELEMENTS (statuses)], body);
  check_answer (&ask, answer);

  return 0;
}
