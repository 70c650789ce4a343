/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/when.h"

#include <string.h>

#define DAY_S (24 * 3600)

/* The Gregorian calendar with years that begin in March, so that a leap day is a year's last: 400 of them have 146097
 * days, and 719468 lie between 1 March of year 0 and 1970. */
static gint64
day_of_date (gint64 year,
             guint  month,
             guint  day)
{
  gint64 from_march = month > 2 ? month - 3 : month + 9;
  gint64 y = month > 2 ? year : year - 1;
  gint64 era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

static void
date_of_day (gint64  days,
             gint64 *year,
             guint  *month,
             guint  *day)
{
  gint64 z = days + 719468;
  gint64 era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
  gint64 y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  gint64 of_year = of_era - (365 * y + y / 4 - y / 100), from_march = (5 * of_year + 2) / 153;

  *day = (guint) (of_year - (153 * from_march + 2) / 5 + 1);
  *month = (guint) (from_march < 10 ? from_march + 3 : from_march - 9);
  *year = y + era * 400 + (*month <= 2);
}

static char *
put_two (char *at,
         guint value)
{
  at[0] = (char) ('0' + value / 10);
  at[1] = (char) ('0' + value % 10);

  return at + 2;
}

static char *
put_date (char   *at,
          gint64  days)
{
  guint month, day;
  gint64 year;

  date_of_day (days, &year, &month, &day);
  if (year < 1 || year > 9999)
    at += g_snprintf (at, TW_WHEN_SIZE / 2, "%+" G_GINT64_FORMAT, year);
  else
    at = put_two (put_two (at, (guint) year / 100), (guint) year % 100);
  *at++ = '-';
  at = put_two (at, month);
  *at++ = '-';

  return put_two (at, day);
}

gsize
tw_when_write_day (gint32  day,
                   char   *text)
{
  return (gsize) (put_date (text, day) - text);
}

gsize
tw_when_write (gint64  us,
               char   *text)
{
  gint64 seconds = us / G_USEC_PER_SEC - (us % G_USEC_PER_SEC < 0);
  guint fraction = (guint) (us - seconds * G_USEC_PER_SEC);
  gint64 days = seconds / DAY_S - (seconds % DAY_S < 0);
  guint of_day = (guint) (seconds - days * DAY_S);
  char *at = put_date (text, days);

  *at++ = 'T';
  at = put_two (at, of_day / 3600);
  *at++ = ':';
  at = put_two (at, of_day / 60 % 60);
  *at++ = ':';
  at = put_two (at, of_day % 60);
  if (fraction != 0)
    {
      *at++ = '.';
      at = put_two (put_two (put_two (at, fraction / 10000), fraction / 100 % 100), fraction % 100);
    }
  *at++ = 'Z';

  return (gsize) (at - text);
}

/* n digits; FALSE: one of them is none. */
static inline gboolean
take (const char *text,
      guint       n,
      guint      *value)
{
  guint result = 0;

  for (guint i = 0; i < n; i++)
    {
      guint digit = (guint) (guchar) text[i] - '0';

      if (digit > 9)
        return FALSE;
      result = result * 10 + digit;
    }
  *value = result;

  return TRUE;
}

static gboolean
count_days (const char *text,
            gint64     *days)
{
  static const guint8 LENGTHS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  guint year, month, day;
  gboolean leap;

  if (!take (text, 4, &year) || text[4] != '-' || !take (text + 5, 2, &month) || text[7] != '-'
      || !take (text + 8, 2, &day) || year < 1 || month < 1 || month > 12 || day < 1)
    return FALSE;
  leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > LENGTHS[month - 1] + (guint) (month == 2 && leap))
    return FALSE;
  *days = day_of_date (year, month, day);

  return TRUE;
}

/* A file has few dates, and each of them often: those of a month are at hand. */
static gboolean
read_date (const char *text,
           gint64     *days)
{
  static _Thread_local struct { char text[10]; gint32 days; } known[64];
  const guint at = ((guint) (guchar) text[8] * 10 + (guint) (guchar) text[9]) % G_N_ELEMENTS (known);

  if (text[4] != '-' || memcmp (known[at].text, text, sizeof known[at].text) != 0)
    {
      if (!count_days (text, days))
        return FALSE;
      memcpy (known[at].text, text, sizeof known[at].text);
      known[at].days = (gint32) *days;
    }
  *days = known[at].days;

  return TRUE;
}

gboolean
tw_when_read_day (TwChars  text,
                  gint32  *day)
{
  gint64 days;

  if (text.n != strlen ("2026-11-22") || !read_date (text.text, &days))
    return FALSE;
  *day = (gint32) days;

  return TRUE;
}

gboolean
tw_when_read (TwChars  text,
              gint64  *us)
{
  guint hours, minutes, seconds, fraction = 0;
  gint64 days;

  if ((text.n != strlen ("2026-11-22T20:05:00Z") && text.n != strlen ("2026-11-22T20:05:00.000001Z"))
      || text.text[text.n - 1] != 'Z' || !read_date (text.text, &days) || text.text[10] != 'T'
      || !take (text.text + 11, 2, &hours) || text.text[13] != ':' || !take (text.text + 14, 2, &minutes)
      || text.text[16] != ':' || !take (text.text + 17, 2, &seconds) || hours > 23 || minutes > 59 || seconds > 59)
    return FALSE;
  if (text.n > strlen ("2026-11-22T20:05:00Z") && (text.text[19] != '.' || !take (text.text + 20, 6, &fraction)))
    return FALSE;
  *us = ((days * 24 + hours) * 3600 + minutes * 60 + seconds) * G_USEC_PER_SEC + fraction;

  return TRUE;
}
