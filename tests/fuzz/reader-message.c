/* SPDX-License-Identifier: Apache-2.0 */
/* needs: reader_message_dep */
/* A message or an error; and what was taken is said again in the same bytes as often as one likes. */
#include <stddef.h>
#include <stdint.h>

#include "app/reader/message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (const char   *text,
       gsize         len,
       TwMessageFrom from)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TwMessage) message = tw_message_decode (text, len, from, &error);
  g_autoptr(TwMessage) second = NULL;
  g_autoptr(GBytes) said = NULL, again = NULL;

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;

  said = tw_message_encode (message, NULL);
  if (said == NULL)
    return;      /* taken as it was written, but longer than a packet once it is escaped our way */

  second = tw_message_decode (g_bytes_get_data (said, NULL), g_bytes_get_size (said), from, NULL);
  g_assert_nonnull (second);
  again = tw_message_encode (second, NULL);
  g_assert_true (g_bytes_equal (said, again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  check ((const char *) data, size, TW_MESSAGE_FROM_DAEMON);
  check ((const char *) data, size, TW_MESSAGE_FROM_READER);
  return 0;
}
