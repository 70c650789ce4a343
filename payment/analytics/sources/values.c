/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/values.h"

#include "payment/analytics/quality.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/when.h"

#include <string.h>

#define DAY_S (24 * 3600)
/* What can be written down again. */
#define YEAR_1_US (G_GINT64_CONSTANT (-62135596800) * G_USEC_PER_SEC)
#define YEAR_10000_US (G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC)

static inline gboolean
take_two (const char *p,
          guint      *value)
{
  guint tens = (guint) (guchar) p[0] - '0', ones = (guint) (guchar) p[1] - '0';

  *value = tens * 10 + ones;
  return tens <= 9 && ones <= 9;
}

static gboolean
take_day (const char *p,
          TwLastDay  *last,
          gint64     *day)
{
  gint32 found;

  if (memcmp (p, last->text, sizeof last->text) == 0)
    {
      *day = last->day;
      return TRUE;
    }
  if (!tw_when_read_day ((TwChars) { p, sizeof last->text }, &found))
    return FALSE;
  memcpy (last->text, p, sizeof last->text);
  *day = last->day = found;
  return TRUE;
}

/* Z or +HH:MM. */
static inline gboolean
take_offset (const char *p,
             const char *end,
             gint64     *offset_s)
{
  guint hours, minutes;

  if (end - p == 1 && (*p == 'Z' || *p == 'z'))
    {
      *offset_s = 0;
      return TRUE;
    }
  if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':' || !take_two (p + 1, &hours)
      || !take_two (p + 4, &minutes) || hours > 23 || minutes > 59)
    return FALSE;
  *offset_s = hours * 3600 + minutes * 60;
  if (*p == '-')
    *offset_s = -*offset_s;
  return TRUE;
}

gboolean
tw_value_instant (TwChars    cell,
                  TwLastDay *last,
                  gint64    *us)
{
  const char *p = cell.text, *end = p + cell.n;
  guint hours, minutes, seconds;
  gint64 day, offset_s, fraction;

  if (cell.n < strlen ("2026-03-01T12:30:59Z") || (p[10] != 'T' && p[10] != ' ' && p[10] != 't') || p[13] != ':'
      || p[16] != ':' || !take_day (p, last, &day) || !take_two (p + 11, &hours) || !take_two (p + 14, &minutes)
      || !take_two (p + 17, &seconds) || hours > 23 || minutes > 59 || seconds > 60)
    return FALSE;
  p = tw_instant_fraction (p + 19, end, &fraction);
  if (!take_offset (p, end, &offset_s))
    return FALSE;
  *us = (day * DAY_S + hours * 3600 + minutes * 60 + seconds - offset_s) * G_USEC_PER_SEC + fraction;
  return *us >= YEAR_1_US && *us < YEAR_10000_US;
}

/* The digits before the point, at most 15; NULL: there are none, or too many, or groups that have not three each. */
static const char *
take_whole (const char *p,
            const char *end,
            char        group,
            gint64     *value)
{
  const char *begin = p, *group_begin = NULL;
  guint n = 0;

  for (*value = 0; p < end; p++)
    {
      guint digit = (guint) (guchar) *p - '0';

      if (group != 0 && *p == group && p > begin)
        {
          if (group_begin ? p - group_begin != 3 : p - begin > 3)
            return NULL;
          group_begin = p + 1;
          continue;
        }
      if (digit > 9)
        break;
      if (++n > 15)
        return NULL;
      *value = *value * 10 + digit;
    }
  if (group_begin && p - group_begin != 3)
    return NULL;
  return n > 0 ? p : NULL;
}

gboolean
tw_value_milli (TwChars  cell,
                char     point,
                char     group,
                gint64  *milli)
{
  const char *end = cell.text + cell.n, *p = cell.text;
  gboolean negative = cell.n > 0 && *p == '-';
  guint n = 0, first_cut = 0;
  gint64 value;

  if (cell.n > 0 && (*p == '-' || *p == '+'))
    p++;
  if (p < end && *p == point)           /* ".5", as some databases write it */
    value = 0;
  else
    p = take_whole (p, end, group, &value);
  if (p == NULL)
    return FALSE;
  if (p < end && *p == point)
    {
      const char *begin = ++p;

      for (; p < end && g_ascii_isdigit (*p); p++, n++)
        if (n < 3)
          value = value * 10 + (*p - '0');
        else if (n == 3)
          first_cut = *p - '0';
      if (p == begin)
        return FALSE;
    }
  if (p != end)
    return FALSE;
  for (; n < 3; n++)
    value *= 10;
  value += first_cut >= 5;
  *milli = negative ? -value : value;
  return TRUE;
}

gboolean
tw_value_seconds (TwChars  cell,
                  gint64  *s)
{
  gint64 milli;

  if (!tw_value_milli (cell, '.', 0, &milli))
    return FALSE;
  *s = milli / 1000;
  return TRUE;
}

int
tw_value_word (TwChars            cell,
               const char *const *words)
{
  for (int i = 0; words[i]; i++)
    if (strlen (words[i]) == cell.n && memcmp (words[i], cell.text, cell.n) == 0)
      return i;
  return -1;
}

guint64
tw_value_hash (TwChars text)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325) ^ text.n;

  for (guint32 i = 0; i < text.n; i++)
    {
      __uint128_t product = (__uint128_t) (hash ^ (guint8) text.text[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

      hash = (guint64) product ^ (guint64) (product >> 64);
    }
  return hash != 0 ? hash : 1;
}

gboolean
tw_value_token (TwChars  cell,
                guint64 *token)
{
  guint64 value = 0;

  for (guint32 i = 0; i < cell.n; i++)
    {
      const guint c = (guchar) cell.text[i], letter = (c | 0x20) - 'a';
      const guint digit = c - '0' <= 9 ? c - '0' : letter <= 5 ? letter + 10 : G_MAXUINT;

      if (digit == G_MAXUINT)
        return FALSE;
      if (i < 16)
        value = value << 4 | digit;
    }
  *token = cell.n <= 16 ? value : tw_value_hash (cell);
  return TRUE;
}

gboolean
tw_value_clock (TwChars  cell,
                gint64  *s)
{
  gint64 parts[3] = { 0 };
  guint n = 0, digits = 0;

  for (guint32 i = 0; i < cell.n; i++)
    {
      if (cell.text[i] == ':' && digits > 0 && n < 2)
        {
          n++;
          digits = 0;
        }
      else if (g_ascii_isdigit (cell.text[i]) && digits < (n == 0 ? 6 : 2))
        {
          parts[n] = parts[n] * 10 + (cell.text[i] - '0');
          digits++;
        }
      else
        return FALSE;
    }
  *s = parts[0] * 3600 + parts[1] * 60 + parts[2];
  return n > 0 && digits == 2 && parts[1] < 60 && parts[2] < 60;
}

TwChars
tw_value_without_sign (TwChars cell)
{
  static const char *const signs[] = { "$", "\xe2\x82\xac", "\xc2\xa3" };

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      const guint32 n = strlen (signs[i]);

      if (cell.n > n && memcmp (cell.text, signs[i], n) == 0)
        cell = (TwChars) { cell.text + n, cell.n - n };
      if (cell.n > n && memcmp (cell.text + cell.n - n, signs[i], n) == 0)
        cell.n -= n;
    }
  while (cell.n > 0 && *cell.text == ' ')
    cell = (TwChars) { cell.text + 1, cell.n - 1 };
  while (cell.n > 0 && cell.text[cell.n - 1] == ' ')
    cell.n--;
  return cell;
}

guint32
tw_value_source_flags (TwChars cell)
{
  static const TwFlag of_source[] = { TW_FLAG_ZONE_ASSUMED, TW_FLAG_CENTURY_REPAIRED };
  guint32 flags = 0;

  for (guint i = 0; cell.n > 0 && i < G_N_ELEMENTS (of_source); i++)
    if (g_strstr_len (cell.text, cell.n, tw_flag_name (of_source[i])) != NULL)
      flags |= 1u << of_source[i];
  return flags;
}
