/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/ber.h"

#include "app/base/whole.h"

#include <string.h>

static gsize
encode_tag (guint32 tag,
            guint8  out[4])
{
  gsize n = 0;

  for (int shift = 24; shift >= 0; shift -= 8)
    if (n > 0 || shift == 0 || (tag >> shift & 0xFF) != 0)
      out[n++] = tag >> shift & 0xFF;
  return n;
}

static gsize
encode_length (gsize  len,
               guint8 out[3])
{
  if (len < 0x80)
    {
      out[0] = len;
      return 1;
    }
  if (len <= 0xFF)
    {
      out[0] = 0x81;
      out[1] = len;
      return 2;
    }
  out[0] = 0x82;
  out[1] = len >> 8;
  out[2] = len & 0xFF;
  return 3;
}

void
tw_ber_put_tag (GByteArray *out,
                guint32     tag)
{
  guint8 bytes[4];

  g_byte_array_append (out, bytes, encode_tag (tag, bytes));
}

void
tw_ber_put_length (GByteArray *out,
                   gsize       len)
{
  guint8 bytes[3];

  g_byte_array_append (out, bytes, encode_length (len, bytes));
}

void
tw_ber_put (GByteArray   *out,
            guint32       tag,
            const guint8 *value,
            gsize         len)
{
  tw_ber_put_tag (out, tag);
  tw_ber_put_length (out, len);
  if (len > 0)
    g_byte_array_append (out, value, len);
}

void
tw_ber_wrap (GByteArray *out,
             guint32     tag)
{
  guint8 bytes[4];

  g_byte_array_prepend (out, bytes, encode_length (out->len, bytes));
  g_byte_array_prepend (out, bytes, encode_tag (tag, bytes));
}

/* ISO/IEC 8825-1: low five bits all set means that more bytes follow, each but the last with its high bit set. */
static gboolean
is_well_formed (const guint8 *bytes,
                gsize         n)
{
  if ((bytes[0] & 0x1F) != 0x1F)
    return n == 1 && bytes[0] != 0;
  for (gsize i = 1; i < n; i++)
    if (((bytes[i] & 0x80) != 0) != (i + 1 < n))
      return FALSE;
  return n > 1;
}

gboolean
tw_ber_read_tag (const char *text,
                 guint32    *tag)
{
  guint64 number;
  gsize digits = strlen (text);
  guint8 bytes[4];

  if (digits < 2 || digits > 6 || digits % 2 != 0 || !tw_whole_parse_unsigned (text, 16, 1, 0xFFFFFF, &number))
    return FALSE;
  *tag = number;
  return encode_tag (*tag, bytes) == digits / 2 && is_well_formed (bytes, digits / 2);
}
