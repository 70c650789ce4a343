/* SPDX-License-Identifier: Apache-2.0 */
/* needs: acquirer_dep */
/* Any body to any service of the sandbox acquirer: understood or refused, acted on, and answered with JSON. The book's
 * own assertions (never more out than held) are part of the property.
 */
#include <stdint.h>
#include <string.h>

#include "app/bench/answers.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (TwIssuer) issuer = NULL;
  g_autoptr (TwLedger) ledger = NULL;
  g_autoptr (TwPayments) payments = NULL;
  g_autoptr (TwJson) json = NULL;
  g_autoptr (TwJson) answer_json = NULL;
  TwAsk ask = { .id = NULL };
  TwAnswer answer;

  if (size < 2)
    return 0;

  issuer = tw_issuer_new ();
  ledger = tw_ledger_new (NULL, NULL);
  payments = tw_payments_new (issuer, ledger);
  json = tw_json_parse ((const char *) data + 1, size - 1, &TW_JSON_SMALL, NULL);
  ask.act = data[0] % TW_N_ACTS;
  for (guint i = 0; i < 2; i++)   /* the second time it is a repetition */
    {
      g_autoptr (TwWish) wish = tw_wish_parse (&ask, json, (data[0] & 0x80) == 0, NULL);
      TwVerdict verdict = tw_payments_act (payments, wish, G_GINT64_CONSTANT (1795000000000000));

      answer = tw_answer_to (wish, &verdict, G_GINT64_CONSTANT (1795000000000000));
      answer_json = tw_json_parse (g_bytes_get_data (answer.body, NULL), g_bytes_get_size (answer.body), &TW_JSON_LARGE,
                                   NULL);
      g_assert_nonnull (answer_json);
      g_clear_pointer (&answer_json, tw_json_free);
      g_bytes_unref (answer.body);
    }

  return 0;
}
