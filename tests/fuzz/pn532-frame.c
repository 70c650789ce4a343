/* SPDX-License-Identifier: Apache-2.0 */
/* needs: virtual_dep */
/* The frame codec: whatever comes, each call takes something or asks for more, and what was understood, written again,
 * is understood as the same. */
#include "hw/virtual/pn532-frame.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_round_trip (const TwPn532Frame *frame)
{
  guint8 bytes[TW_PN532_FRAME_MAX];
  TwPn532Frame again;

  if (frame->payload_len == 0)
    return;
  for (TwPn532Form form = TW_PN532_FORM_SHORTEST; form <= TW_PN532_FORM_EXTENDED; form++)
    {
      gsize n = tw_pn532_frame_build (frame->tfi, frame->payload, frame->payload_len, form, bytes);

      g_assert (n <= sizeof bytes && tw_pn532_frame_parse (bytes, n, &again) == n - 1);
      g_assert (again.kind == TW_PN532_FRAME_DATA && again.tfi == frame->tfi);
      g_assert (again.payload_len == frame->payload_len);
      g_assert (memcmp (again.payload, frame->payload, frame->payload_len) == 0);
      tw_pn532_frame_redact (bytes, n);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  tw_pn532_frame_redact (copy, size);

  for (;;)
    {
      TwPn532Frame frame;
      gsize done = tw_pn532_frame_parse (data, size, &frame);

      g_assert (done <= size && frame.payload_len <= TW_PN532_PAYLOAD_MAX);
      if (frame.kind == TW_PN532_FRAME_NONE)
        break;
      g_assert (done > 0);
      if (frame.kind == TW_PN532_FRAME_DATA)
        check_round_trip (&frame);
      data += done;
      size -= done;
    }
  return 0;
}
