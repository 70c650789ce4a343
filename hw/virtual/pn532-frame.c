/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-frame.h"

#include <string.h>

#define IN_DATA_EXCHANGE 0x40

const guint8 TW_PN532_ACK[6] = { 0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00 };
const guint8 TW_PN532_NACK[6] = { 0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00 };
const guint8 TW_PN532_ERROR[8] = { 0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F, 0x81, 0x00 };

static guint8
sum (const guint8 *bytes,
     gsize         n)
{
  guint8 total = 0;

  for (gsize i = 0; i < n; i++)
    total += bytes[i];
  return total;
}

/* Where the start code 00 FF begins; n when there is none. */
static gsize
find_start (const guint8 *bytes,
            gsize         n)
{
  for (gsize i = 0; i + 1 < n; i++)
    if (bytes[i] == 0x00 && bytes[i + 1] == 0xFF)
      return i;
  return n;
}

/* at: where TFI stands; len: TFI and payload. Returns the end of the frame, or 0 when it is not all there. */
static gsize
parse_body (const guint8 *bytes,
            gsize         n,
            gsize         at,
            gsize         len,
            TwPn532Frame *frame)
{
  if (n < at + len + 1)
    return 0;

  if ((guint8) (sum (bytes + at, len) + bytes[at + len]) != 0)
    {
      frame->kind = TW_PN532_FRAME_BAD_DATA;
      return at + len + 1;
    }

  frame->kind = TW_PN532_FRAME_DATA;
  frame->tfi = bytes[at];
  frame->payload_len = len - 1;
  memcpy (frame->payload, bytes + at + 1, len - 1);
  return at + len + 1;
}

/* start: where 00 FF stands. Returns the end of what was understood, or start when more must come first. */
static gsize
parse_at (const guint8 *bytes,
          gsize         n,
          gsize         start,
          TwPn532Frame *frame)
{
  gsize at = start + 4, len, end;
  guint8 check;

  if (n < at)
    return start;

  if (bytes[start + 2] == 0x00 && bytes[start + 3] == 0xFF)
    {
      frame->kind = TW_PN532_FRAME_ACK;
      return at;
    }
  if (bytes[start + 2] == 0xFF && bytes[start + 3] == 0x00)
    {
      frame->kind = TW_PN532_FRAME_NACK;
      return at;
    }

  len = bytes[start + 2];
  check = bytes[start + 2] + bytes[start + 3];
  if (bytes[start + 2] == 0xFF && bytes[start + 3] == 0xFF)
    {
      at += 3;
      if (n < at)
        return start;
      len = (gsize) bytes[start + 4] << 8 | bytes[start + 5];
      check = sum (bytes + start + 4, 3);
    }

  if (check != 0 || len == 0 || len > TW_PN532_PAYLOAD_MAX + 1)
    {
      frame->kind = TW_PN532_FRAME_BAD_LENGTH;
      return start + 2;
    }

  end = parse_body (bytes, n, at, len, frame);
  return end ? end : start;
}

gsize
tw_pn532_frame_parse (const guint8 *bytes,
                      gsize         n,
                      TwPn532Frame *frame)
{
  gsize start = find_start (bytes, n);

  memset (frame, 0, sizeof *frame);
  if (start == n) /* a 00 at the end may be the first half of a start code */
    return n > 0 && bytes[n - 1] == 0x00 ? n - 1 : n;

  return parse_at (bytes, n, start, frame);
}

gsize
tw_pn532_frame_build (guint8        tfi,
                      const guint8 *payload,
                      gsize         payload_len,
                      TwPn532Form   form,
                      guint8        out[TW_PN532_FRAME_MAX])
{
  gsize len = payload_len + 1, at = 0;

  g_return_val_if_fail (payload_len >= 1 && payload_len <= TW_PN532_PAYLOAD_MAX, 0);

  out[at++] = 0x00;
  out[at++] = 0x00;
  out[at++] = 0xFF;
  if (form == TW_PN532_FORM_EXTENDED || len > 0xFF)
    {
      out[at++] = 0xFF;
      out[at++] = 0xFF;
      out[at++] = len >> 8;
      out[at++] = len & 0xFF;
      out[at] = -sum (out + at - 2, 2);
      at++;
    }
  else
    {
      out[at++] = len;
      out[at++] = -len;
    }
  out[at++] = tfi;
  memcpy (out + at, payload, payload_len);
  at += payload_len;
  out[at] = -(tfi + sum (payload, payload_len));
  at++;
  out[at++] = 0x00;

  return at;
}

void
tw_pn532_frame_redact (guint8 *frame,
                       gsize   n)
{
  gsize at = n > 4 && frame[3] == 0xFF && frame[4] == 0xFF ? 8 : 5;
  gsize keep = at + 3; /* TFI, code, target number or status */

  if (n >= keep + 2 && (frame[at + 1] & ~1) == IN_DATA_EXCHANGE)
    memset (frame + keep, 0, n - 1 - keep);
}
