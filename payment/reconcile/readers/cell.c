/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/cell.h"

#include "payment/money/money.h"

#include <string.h>

static const char not_a_number[] = "not a decimal number";
static const char too_large[] = "too large";
static const char exponent[] = "written with an exponent, as a spreadsheet does, which loses digits: take the file as "
                               "it was downloaded";

/* Appends a digit to a number that is not positive, because G_MININT64 has no positive twin. */
static gboolean
append (gint64 *units,
        int     digit)
{
  return !__builtin_mul_overflow (*units, (gint64) 10, units)
      && !__builtin_sub_overflow (*units, (gint64) digit, units);
}

static const char *
explain (const char *p,
         const char *end)
{
  return p < end && (*p == 'e' || *p == 'E') ? exponent : not_a_number;
}

/* The digits before the point. Groups have three digits each but for the first. */
static const char *
take_whole (const char  *p,
            const char  *end,
            char         group,
            gint64      *units,
            const char **why)
{
  const char *begin = p, *group_begin = NULL;

  for (; p < end; p++)
    {
      if (group != 0 && *p == group)
        {
          const gsize n = p - (group_begin ? group_begin : begin);

          if (group_begin ? n != 3 : n < 1 || n > 3)
            return NULL;
          group_begin = p + 1;
        }
      else if (!g_ascii_isdigit (*p))
        break;
      else if (!append (units, *p - '0'))
        {
          *why = too_large;
          return NULL;
        }
    }
  if (group_begin && p - group_begin != 3)
    return NULL;

  return p > begin ? p : NULL;
}

/* What nearly all amounts are: "12.30", with just the currency's decimals, and too short to be too large. */
static gboolean
take_plain (TwChars  cell,
            int      digits,
            char     point,
            gint64  *units)
{
  const int whole = (int) cell.n - digits - 1;
  gint64 value = 0;

  if (digits < 1 || whole < 1 || cell.n > 17 || cell.text[whole] != point)
    return FALSE;
  for (int i = 0; i < (int) cell.n; i++)
    {
      const guint digit = (guint8) cell.text[i] - '0';

      if (i == whole)
        continue;
      if (digit > 9)
        return FALSE;
      value = value * 10 + digit;
    }
  *units = value;

  return TRUE;
}

gboolean
tw_cell_amount (TwChars      cell,
                int          digits,
                char         point,
                char         group,
                gint64      *units,
                const char **why)
{
  const char *end = cell.text + cell.n;
  const gboolean negative = cell.n > 0 && *cell.text == '-';
  const char *p = cell.text + negative, *decimals;
  gint64 value = 0;

  if (take_plain (cell, digits, point, units))
    return TRUE;
  *why = not_a_number;
  p = take_whole (p, end, group, &value, why);
  if (p == NULL)
    return FALSE;
  if (p < end && *p == point)
    {
      for (decimals = ++p; p < end && g_ascii_isdigit (*p); p++)
        {
          if (digits == 0 && *p != '0')
            *why = "more decimals than the currency has";
          if (digits == 0 && *p != '0')
            return FALSE;
          if (digits > 0 && !append (&value, *p - '0'))
            *why = too_large;
          if (*why == too_large)
            return FALSE;
          digits -= digits > 0;
        }
      if (p == decimals)
        return FALSE;
    }
  if (p < end)
    *why = explain (p, end);
  if (p < end)
    return FALSE;
  *why = too_large;
  for (; digits > 0; digits--)
    if (!append (&value, 0))
      return FALSE;
  if (!negative && value == G_MININT64)
    return FALSE;
  *units = negative ? value : -value;

  return *units != TW_NOT_STATED;
}

gboolean
tw_cell_integer (TwChars      cell,
                 gint64      *value,
                 const char **why)
{
  const char *end = cell.text + cell.n;
  const gboolean negative = cell.n > 0 && *cell.text == '-';
  const char *p = cell.text + negative;

  *why = memchr (cell.text, 'E', cell.n) || memchr (cell.text, 'e', cell.n) ? exponent : "not a whole number";
  if (p == end)
    return FALSE;
  *value = 0;
  for (; p < end && g_ascii_isdigit (*p); p++)
    if (!append (value, *p - '0'))
      *why = too_large;
  if (p < end || *value == G_MININT64 || *why == too_large)
    return FALSE;
  if (!negative)
    *value = -*value;

  return TRUE;
}

int
tw_cell_digits (const char *currency)
{
  static _Thread_local struct { guint32 letters; int digits; } last;
  guint32 letters;

  if (!currency[0] || !currency[1] || !currency[2] || currency[3])
    return -1;
  memcpy (&letters, currency, 4);
  if (letters != last.letters)
    {
      last.digits = tw_currency_digits (currency);
      last.letters = letters;
    }

  return last.digits;
}

gboolean
tw_cell_is (TwChars     cell,
            const char *text)
{
  return strlen (text) == cell.n && g_ascii_strncasecmp (cell.text, text, cell.n) == 0;
}

gboolean
tw_cell_equal (TwChars a,
                TwChars b)
{
  return a.n == b.n && memcmp (a.text, b.text, a.n) == 0;
}
