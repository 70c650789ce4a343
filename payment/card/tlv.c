/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/tlv.h"

#include <string.h>

#define TAG_BYTES_MOST 3

void
tw_tlv_reader_init (TwTlvReader  *self,
                    const guint8 *bytes,
                    gsize         n)
{
  self->at = bytes;
  self->left = n;
}

gsize
tw_tlv_read_tag (const guint8 *bytes,
                 gsize         n,
                 guint32      *tag)
{
  if (n == 0 || bytes[0] == 0x00)
    return 0;

  *tag = bytes[0];
  if ((bytes[0] & 0x1f) != 0x1f)
    return 1;

  for (gsize i = 1; i < MIN (n, TAG_BYTES_MOST); i++)
    {
      *tag = *tag << 8 | bytes[i];
      if ((bytes[i] & 0x80) == 0)
        return i + 1;
    }
  return 0;
}

/* Length of the length; 0: malformed. Padded lengths (81 05) are legal BER, and there are cards that use them. */
static gsize
read_length (const guint8 *bytes,
             gsize         n,
             gsize        *len)
{
  gsize more;

  if (n == 0)
    return 0;

  *len = bytes[0];
  if (bytes[0] < 0x80)
    return 1;

  more = bytes[0] & 0x7f;
  if (more == 0 || more > 2 || n < 1 + more)    /* 80: indefinite, not in EMV (annex B2) */
    return 0;

  *len = more == 1 ? bytes[1] : (gsize) bytes[1] << 8 | bytes[2];
  return 1 + more;
}

TwTlvResult
tw_tlv_next (TwTlvReader *self,
             TwTlv       *tlv)
{
  gsize tag_len, length_len;

  while (self->left > 0 && self->at[0] == 0x00)
    {
      self->at++;
      self->left--;
    }
  if (self->left == 0)
    return TW_TLV_NONE;

  tag_len = tw_tlv_read_tag (self->at, self->left, &tlv->tag);
  if (tag_len == 0)
    return TW_TLV_MALFORMED;

  length_len = read_length (self->at + tag_len, self->left - tag_len, &tlv->len);
  if (length_len == 0 || tlv->len > self->left - tag_len - length_len)
    return TW_TLV_MALFORMED;

  tlv->value = self->at + tag_len + length_len;
  self->left -= tag_len + length_len + tlv->len;
  self->at = tlv->value + tlv->len;
  return TW_TLV_ONE;
}

gboolean
tw_tlv_is_constructed (guint32 tag)
{
  while (tag > 0xff)
    tag >>= 8;
  return (tag & 0x20) != 0;
}

TwTlvResult
tw_tlv_find (const guint8 *bytes,
             gsize         n,
             guint32       tag,
             TwTlv        *found)
{
  TwTlvReader reader;
  TwTlvResult result;
  TwTlv tlv;
  gboolean seen = FALSE;

  tw_tlv_reader_init (&reader, bytes, n);
  while ((result = tw_tlv_next (&reader, &tlv)) == TW_TLV_ONE)
    {
      if (tlv.tag != tag)
        continue;
      if (seen)
        return TW_TLV_MALFORMED;
      seen = TRUE;
      *found = tlv;
    }

  if (result == TW_TLV_MALFORMED)
    return TW_TLV_MALFORMED;
  return seen ? TW_TLV_ONE : TW_TLV_NONE;
}

gboolean
tw_tlv_whole (const guint8 *bytes,
              gsize         n,
              guint32       tag,
              TwTlv        *found)
{
  TwTlvReader reader;

  tw_tlv_reader_init (&reader, bytes, n);
  return n > 0 && bytes[0] != 0x00 && tw_tlv_next (&reader, found) == TW_TLV_ONE && found->tag == tag &&
         reader.left == 0;
}

static gsize
write_tag (guint8  out[4],
           guint32 tag)
{
  gsize n = 0;

  for (int shift = 24; shift >= 0; shift -= 8)
    if (n > 0 || (tag >> shift & 0xff) != 0)
      out[n++] = tag >> shift & 0xff;
  return n;
}

gboolean
tw_tlv_write (TwTlvWriter  *self,
              guint32       tag,
              const guint8 *value,
              gsize         len)
{
  guint8 head[4 + 3];
  gsize n = write_tag (head, tag);

  g_return_val_if_fail (len <= 0xffff, FALSE);

  if (len >= 0x100)
    {
      head[n++] = 0x82;
      head[n++] = len >> 8;
    }
  else if (len >= 0x80)
    head[n++] = 0x81;
  head[n++] = len & 0xff;

  if (self->size - self->used < n + len)
    return FALSE;

  memcpy (self->bytes + self->used, head, n);
  if (len > 0)
    memcpy (self->bytes + self->used + n, value, len);
  self->used += n + len;
  return TRUE;
}
