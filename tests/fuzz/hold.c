/* SPDX-License-Identifier: Apache-2.0 */
/* needs: acceptor_dep */
/* A reference out of the journal: a hold or an error, and a hold is written and read as the same one. */
#include "payment/acceptor/hold.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size), written = NULL, again = NULL;
  g_autoptr (TwHold) hold = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  hold = tw_hold_from_reference (bytes, &error);
  g_assert_true ((hold == NULL) == (error != NULL));
  if (hold == NULL)
    return 0;

  g_assert_cmpint (hold->amount.minor, >, 0);
  g_assert_nonnull (hold->gateway);
  g_assert_nonnull (hold->code);
  g_assert_nonnull (hold->transaction_id);
  written = tw_hold_to_reference (hold);
  second = tw_hold_from_reference (written, NULL);
  g_assert_nonnull (second);
  again = tw_hold_to_reference (second);
  g_assert_true (g_bytes_equal (written, again));
  return 0;
}
