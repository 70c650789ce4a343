/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/quantity.h"

#include <string.h>

enum { MAX_EXPONENT = 9999 };

/* Reads what comes after "e"; out of all bounds is as good as far out of ours. */
static int
parse_exponent (const char *text)
{
  gboolean is_negative = *text == '-';
  int exponent = 0;

  if (*text == '-' || *text == '+')
    text++;
  for (; g_ascii_isdigit (*text); text++)
    exponent = MIN (10 * exponent + (*text - '0'), MAX_EXPONENT);

  return is_negative ? -exponent : exponent;
}

/* Digits without point and without zeros in front, at most max of them; *point: how many are before the point. The
 * rest of the text is returned. NULL: too many. */
static const char *
parse_mantissa (const char *text,
                char       *digits,
                guint      *n,
                int        *point,
                guint      *decimals)
{
  gboolean after_point = FALSE;

  *n = *decimals = 0;
  *point = 0;
  for (; g_ascii_isdigit (*text) || *text == '.'; text++)
    {
      if (*text == '.')
        {
          after_point = TRUE;
          continue;
        }

      *decimals += after_point;
      if (*n == 0 && *text == '0')
        {
          *point -= after_point;
          continue;
        }
      if (*n == TW_OCMF_MAX_DIGITS)
        return NULL;
      digits[(*n)++] = *text - '0';
      *point += !after_point;
    }

  return text;
}

gboolean
tw_ocmf_quantity_parse (const char     *text,
                        TwOcmfQuantity *quantity)
{
  char digits[TW_OCMF_MAX_DIGITS];
  guint n, written;
  int point, decimals, exponent;

  *quantity = (TwOcmfQuantity) { .is_negative = *text == '-' };
  text = parse_mantissa (text + quantity->is_negative, digits, &n, &point, &written);
  if (text == NULL || written > MAX_EXPONENT)
    return FALSE;

  exponent = *text == 'e' || *text == 'E' ? parse_exponent (text + 1) : 0;
  decimals = MAX ((int) written - exponent, 0);
  point += exponent;
  if (n == 0 ? quantity->is_negative || decimals >= TW_OCMF_MAX_DIGITS
             : MAX (point, 1) + decimals > TW_OCMF_MAX_DIGITS)
    return FALSE;

  quantity->decimals = decimals;
  if (n > 0)
    memcpy (quantity->digits + TW_OCMF_WHOLE - point, digits, n);

  return TRUE;
}

void
tw_ocmf_quantity_kilo (TwOcmfQuantity *self)
{
  memmove (self->digits, self->digits + TW_OCMF_MAX_KILO, TW_OCMF_PLACES - TW_OCMF_MAX_KILO);
  memset (self->digits + TW_OCMF_PLACES - TW_OCMF_MAX_KILO, 0, TW_OCMF_MAX_KILO);
  self->decimals = self->decimals > TW_OCMF_MAX_KILO ? self->decimals - TW_OCMF_MAX_KILO : 0;
}

int
tw_ocmf_quantity_compare (const TwOcmfQuantity *a,
                          const TwOcmfQuantity *b)
{
  int order;

  if (a->is_negative != b->is_negative)
    return a->is_negative ? -1 : 1;

  order = memcmp (a->digits, b->digits, TW_OCMF_PLACES);
  order = (order > 0) - (order < 0);

  return a->is_negative ? -order : order;
}

void
tw_ocmf_quantity_subtract (const TwOcmfQuantity *a,
                           const TwOcmfQuantity *b,
                           TwOcmfQuantity       *difference)
{
  int borrow = 0;

  *difference = (TwOcmfQuantity) { .decimals = MAX (a->decimals, b->decimals) };
  for (int i = TW_OCMF_PLACES - 1; i >= 0; i--)
    {
      int digit = a->digits[i] - b->digits[i] - borrow;

      borrow = digit < 0;
      difference->digits[i] = digit + 10 * borrow;
    }
}

char *
tw_ocmf_quantity_to_text (const TwOcmfQuantity *self)
{
  GString *text = g_string_new (self->is_negative ? "-" : NULL);
  int first = 0, last = TW_OCMF_PLACES - 1;

  while (first < TW_OCMF_WHOLE - 1 && self->digits[first] == 0)
    first++;
  while (last >= TW_OCMF_WHOLE && self->digits[last] == 0)
    last--;
  for (int i = first; i <= last; i++)
    {
      if (i == TW_OCMF_WHOLE)
        g_string_append_c (text, '.');
      g_string_append_c (text, '0' + self->digits[i]);
    }

  return g_string_free (text, FALSE);
}
