/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/money/money.h"

#include "app/base/error.h"

#include <string.h>

TwMoney
tw_money (gint64      minor,
          const char *currency)
{
  TwMoney self = { .minor = minor };

  g_assert (currency != NULL && strlen (currency) == 3);
  memcpy (self.currency, currency, 4);

  return self;
}

gboolean
tw_money_add (TwMoney   a,
              TwMoney   b,
              TwMoney  *sum,
              GError  **error)
{
  gint64 minor;

  if (strcmp (a.currency, b.currency) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "cannot add %s to %s: two currencies", b.currency, a.currency);
      return FALSE;
    }
  if (__builtin_add_overflow (a.minor, b.minor, &minor))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "%" G_GINT64_FORMAT " + %" G_GINT64_FORMAT " minor units of %s is more than money can hold",
                   a.minor, b.minor, a.currency);
      return FALSE;
    }
  *sum = tw_money (minor, a.currency);

  return TRUE;
}

gint64
tw_money_share_minor (gint64 minor,
                      guint  share_bp)
{
  g_assert (minor >= 0 && share_bp <= 10000);

  return (gint64) (((__int128) minor * share_bp + 5000) / 10000);
}

TwMoney
tw_money_min (TwMoney a,
              TwMoney b)
{
  g_assert (strcmp (a.currency, b.currency) == 0);

  return a.minor <= b.minor ? a : b;
}

char *
tw_money_to_decimal (TwMoney self)
{
  int digits = tw_currency_digits (self.currency);
  guint64 magnitude = self.minor < 0 ? -(guint64) self.minor : (guint64) self.minor;
  const char *sign = self.minor < 0 ? "-" : "";
  guint64 unit = 1;

  g_assert (digits >= 0);
  for (int i = 0; i < digits; i++)
    unit *= 10;
  if (digits == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, magnitude);

  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT,
                          sign, magnitude / unit, digits, magnitude % unit);
}

char *
tw_money_to_text (TwMoney self)
{
  g_autofree char *decimal = tw_money_to_decimal (self);

  return g_strconcat (decimal, " ", self.currency, NULL);
}

/* Appends one digit to a negative number, because G_MININT64 has no positive twin. */
static gboolean
append_digit (gint64 *minor,
              int     digit)
{
  return !__builtin_mul_overflow (*minor, (gint64) 10, minor)
      && !__builtin_sub_overflow (*minor, (gint64) digit, minor);
}

/* The digits of TEXT as a negative number of minor units; FALSE: not such a number, or too large. */
static gboolean
parse_digits (const char *text,
              int         digits,
              gint64     *minor)
{
  const char *p = text;
  int missing = digits;

  if (!g_ascii_isdigit (*p))
    return FALSE;
  for (; g_ascii_isdigit (*p); p++)
    if (!append_digit (minor, *p - '0'))
      return FALSE;
  if (*p == '.')
    {
      p++;
      if (!g_ascii_isdigit (*p))
        return FALSE;
      for (; g_ascii_isdigit (*p) && missing > 0; p++, missing--)
        if (!append_digit (minor, *p - '0'))
          return FALSE;
    }
  if (*p != '\0')
    return FALSE;
  for (; missing > 0; missing--)
    if (!append_digit (minor, 0))
      return FALSE;

  return TRUE;
}

gboolean
tw_money_parse (const char  *decimal,
                const char  *currency,
                TwMoney     *money,
                GError     **error)
{
  int digits = tw_currency_digits (currency);
  gboolean negative = decimal != NULL && decimal[0] == '-';
  gint64 minor = 0;

  if (digits < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "currency \"%s\" is not known: expected ISO 4217 letters such as EUR", currency ? currency : "");
      return FALSE;
    }
  if (decimal == NULL || !parse_digits (decimal + negative, digits, &minor) || (!negative && minor == G_MININT64))
    {
      g_autofree char *harmless = g_strescape (decimal ? decimal : "", NULL);

      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "\"%.40s\" is not an amount of %s: expected digits with at most %d behind a decimal point",
                   harmless, currency, digits);
      return FALSE;
    }
  *money = tw_money (negative ? minor : -minor, currency);

  return TRUE;
}
