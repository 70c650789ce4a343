/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/money/decimal.h"

#include "app/base/error.h"

#include <string.h>

/* An exponent beyond this is refused unread: no price needs it, and it bounds the loops below. */
#define MAX_EXPONENT 64

/* What a JSON number is made of: a window on its digits, and where the point stands. */
typedef struct
{
  gboolean    negative;
  const char *whole;
  gsize       n_whole;
  const char *fraction;
  gsize       n_fraction;
  int         exponent;
} Number;

static gsize
count_digits (const char *text)
{
  return strspn (text, "0123456789");
}

static const char *
scan_exponent (const char *p,
               int        *exponent)
{
  gboolean negative;
  gsize n;

  p++;
  negative = *p == '-';
  if (*p == '-' || *p == '+')
    p++;
  n = count_digits (p);
  if (n == 0)
    return NULL;
  for (gsize i = 0; i < n; i++)
    *exponent = MIN (*exponent * 10 + (p[i] - '0'), MAX_EXPONENT + 1);
  if (negative)
    *exponent = -*exponent;

  return p + n;
}

/* RFC 8259 section 6: number = [ minus ] int [ frac ] [ exp ]; an int has no leading zero. */
static gboolean
scan_number (const char *text,
             Number     *number)
{
  const char *p = text;

  number->negative = *p == '-';
  p += number->negative;
  number->whole = p;
  number->n_whole = count_digits (p);
  if (number->n_whole == 0 || (number->n_whole > 1 && *p == '0'))
    return FALSE;
  p += number->n_whole;
  if (*p == '.')
    {
      number->fraction = p + 1;
      number->n_fraction = count_digits (p + 1);
      if (number->n_fraction == 0)
        return FALSE;
      p += 1 + number->n_fraction;
    }
  if (*p == 'e' || *p == 'E')
    p = scan_exponent (p, &number->exponent);

  return p != NULL && *p == '\0';
}

/* Gathers the digits as a negative number, because G_MININT64 has no positive twin. */
static gboolean
gather (const char *digits,
        gsize       n,
        gint64     *units)
{
  for (gsize i = 0; i < n; i++)
    if (__builtin_mul_overflow (*units, (gint64) 10, units)
        || __builtin_sub_overflow (*units, (gint64) (digits[i] - '0'), units))
      return FALSE;

  return TRUE;
}

/* Moves the point by the exponent and drops zeros until the scale fits. */
static gboolean
fit_scale (gint64 *units,
           gint64  scale,
           guint   max_scale,
           guint  *fitted)
{
  if (*units == 0)
    scale = CLAMP (scale, 0, max_scale);
  for (; scale < 0; scale++)
    if (__builtin_mul_overflow (*units, (gint64) 10, units))
      return FALSE;
  for (; scale > max_scale && *units % 10 == 0; scale--)
    *units /= 10;
  if (scale > max_scale)
    return FALSE;
  *fitted = scale;

  return TRUE;
}

static gboolean
refuse (const char  *text,
        const char  *why,
        guint        max_scale,
        GError     **error)
{
  g_autofree char *harmless = g_strescape (text, NULL);

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%.40s %s: expected a number with at most %u decimals",
               harmless, why, max_scale);
  return FALSE;
}

gboolean
tw_decimal_parse (const char  *text,
                  guint        max_scale,
                  TwDecimal   *decimal,
                  GError     **error)
{
  Number number = { .fraction = "" };
  gint64 units = 0;

  g_assert (max_scale <= TW_DECIMAL_MAX_SCALE);
  if (!scan_number (text, &number))
    return refuse (text, "is not a number", max_scale, error);
  /* Zeros behind everything else say nothing: without them "0.250000000000000000000" still fits. */
  while (number.n_fraction > max_scale && number.fraction[number.n_fraction - 1] == '0')
    number.n_fraction--;
  if (ABS (number.exponent) > MAX_EXPONENT || number.n_fraction > MAX_EXPONENT)
    return refuse (text, "has too many digits", max_scale, error);
  if (!gather (number.whole, number.n_whole, &units) || !gather (number.fraction, number.n_fraction, &units))
    return refuse (text, "has too many digits", max_scale, error);
  if (!fit_scale (&units, (gint64) number.n_fraction - number.exponent, max_scale, &decimal->scale))
    return refuse (text, "has too many digits", max_scale, error);
  if (!number.negative && units == G_MININT64)
    return refuse (text, "has too many digits", max_scale, error);
  decimal->units = number.negative ? units : -units;

  return TRUE;
}

/* 23 digits, 77 bits: times a factor and ten more they still fit 127. Digits beyond are worth less than anybody can
 * measure, but they are noticed. */
#define MAX_GATHERED 23

typedef struct { __int128 digits; int n, scale; gboolean dropped; } Gathered;

static void
gather_some (Gathered   *gathered,
             const char *digits,
             gsize       n,
             gboolean    fraction)
{
  for (gsize i = 0; i < n; i++)
    {
      if (gathered->n == MAX_GATHERED)
        {
          gathered->dropped |= digits[i] != '0';
          gathered->scale -= !fraction;
          continue;
        }
      gathered->digits = gathered->digits * 10 + (digits[i] - '0');
      gathered->n += gathered->digits != 0;
      gathered->scale += fraction;
    }
}

gboolean
tw_decimal_parse_multiple (const char  *text,
                           gint64       factor,
                           gint64      *value,
                           gboolean    *rounded,
                           GError     **error)
{
  Number number = { .fraction = "" };
  Gathered gathered = { 0 };
  __int128 over, under = 1;

  g_assert (factor >= 1 && factor <= 1 << 23);
  if (!scan_number (text, &number))
    return refuse (text, "is not a number", TW_DECIMAL_MAX_SCALE, error);
  gather_some (&gathered, number.whole, number.n_whole, FALSE);
  gather_some (&gathered, number.fraction, number.n_fraction, TRUE);
  over = gathered.digits * factor;
  if (ABS (number.exponent) > MAX_EXPONENT || number.n_fraction > G_MAXINT16 || number.n_whole > G_MAXINT16)
    return refuse (text, "has too many digits", TW_DECIMAL_MAX_SCALE, error);
  for (int scale = gathered.scale - number.exponent; scale != 0 && over != 0; scale += scale < 0 ? 1 : -1)
    {
      if (scale < 0 && over > (__int128) 1 << 120)
        return refuse (text, "is too large", TW_DECIMAL_MAX_SCALE, error);
      if (scale < 0)
        over *= 10;
      else if (under < (__int128) 1 << 122)
        under *= 10;
    }
  *rounded = gathered.dropped || over % under != 0;
  over = over / under + (over % under >= under - over % under);
  if (over > G_MAXINT64)
    return refuse (text, "is too large", TW_DECIMAL_MAX_SCALE, error);
  *value = number.negative ? -(gint64) over : (gint64) over;

  return TRUE;
}

char *
tw_decimal_to_text (TwDecimal self)
{
  guint64 magnitude = self.units < 0 ? -(guint64) self.units : (guint64) self.units;
  const char *sign = self.units < 0 ? "-" : "";
  guint64 unit = 1;

  g_assert (self.scale <= TW_DECIMAL_MAX_SCALE);
  for (guint i = 0; i < self.scale; i++)
    unit *= 10;
  if (self.scale == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, magnitude);

  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT,
                          sign, magnitude / unit, (int) self.scale, magnitude % unit);
}
