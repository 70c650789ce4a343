/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/encoding.h"

#include <string.h>

/* 0..15, with 16 added for a letter in lower and 32 for one in upper case; 64: no digit. */
static guint
hex_value (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return 16 + c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return 32 + c - 'A' + 10;

  return 64;
}

guint8 *
tw_ocmf_hex (const char *text,
             gsize       len,
             gsize      *n)
{
  g_autofree guint8 *bytes = NULL;
  guint seen = 0;

  if (len == 0 || len % 2 != 0)
    return NULL;

  bytes = g_malloc (len / 2);
  for (gsize i = 0; i < len / 2; i++)
    {
      guint high = hex_value (text[2 * i]), low = hex_value (text[2 * i + 1]);

      seen |= high | low;
      bytes[i] = (high & 15) << 4 | (low & 15);
    }
  if (seen & 64 || (seen & 48) == 48)
    return NULL;

  *n = len / 2;
  return g_steal_pointer (&bytes);
}

static gboolean
is_base64 (const char *text,
           gsize       len)
{
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/' && text[i] != '=')
      return FALSE;

  return len > 0 && len % 4 == 0;
}

guint8 *
tw_ocmf_base64 (const char *text,
                gsize       len,
                gsize      *n)
{
  g_autofree char *copy = NULL;
  g_autofree char *again = NULL;
  g_autofree guint8 *bytes = NULL;

  if (!is_base64 (text, len))
    return NULL;

  copy = g_strndup (text, len);
  bytes = g_base64_decode (copy, n);
  again = *n > 0 ? g_base64_encode (bytes, *n) : NULL;

  return g_strcmp0 (copy, again) == 0 ? g_steal_pointer (&bytes) : NULL;
}

char *
tw_ocmf_squeeze (const char *text,
                 gsize       len,
                 gsize      *n)
{
  char *copy = g_malloc (len + 1);

  *n = 0;
  for (gsize i = 0; i < len; i++)
    if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
      copy[(*n)++] = text[i];
  copy[*n] = '\0';

  return copy;
}
