/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/whole.h"

gboolean
tw_whole_parse_unsigned (const char *text,
                         guint       base,
                         guint64     least,
                         guint64     most,
                         guint64    *value)
{
  guint64 whole = 0;

  g_return_val_if_fail (base >= 2 && base <= 16, FALSE);

  if (text == NULL || *text == '\0')
    return FALSE;

  for (; *text != '\0'; text++)
    {
      int digit = g_ascii_xdigit_value (*text);

      if (digit < 0 || digit >= (int) base || !g_uint64_checked_mul (&whole, whole, base)
          || !g_uint64_checked_add (&whole, whole, digit))
        return FALSE;
    }

  if (whole < least || whole > most)
    return FALSE;
  if (value != NULL)
    *value = whole;

  return TRUE;
}

gboolean
tw_whole_parse (const char *text,
                gint64      least,
                gint64      most,
                gint64     *value)
{
  gboolean is_negative = text != NULL && *text == '-';
  guint64 size, largest = is_negative ? (guint64) G_MAXINT64 + 1 : G_MAXINT64;
  gint64 whole;

  if (!tw_whole_parse_unsigned (is_negative ? text + 1 : text, 10, 0, largest, &size))
    return FALSE;

  whole = size > G_MAXINT64 ? G_MININT64 : is_negative ? -(gint64) size : (gint64) size;
  if (whole < least || whole > most)
    return FALSE;
  if (value != NULL)
    *value = whole;

  return TRUE;
}
