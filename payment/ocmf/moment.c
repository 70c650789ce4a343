/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/moment.h"

#include <string.h>

enum { JULIAN_1970 = 719163 };

static const char PATTERN[] = "dddd-dd-ddTdd:dd:dd,ddd+dddd s";   /* d: a digit; +: also -; s: one of SRIU */

static gboolean
fits (const char *text)
{
  if (strlen (text) != strlen (PATTERN))
    return FALSE;

  for (gsize i = 0; PATTERN[i] != '\0'; i++)
    if (PATTERN[i] == 'd' ? !g_ascii_isdigit (text[i])
        : PATTERN[i] == '+' ? text[i] != '+' && text[i] != '-'
        : PATTERN[i] == 's' ? strchr ("SRIU", text[i]) == NULL
        : text[i] != PATTERN[i])
      return FALSE;

  return TRUE;
}

static gint64
number (const char *text,
        guint       n)
{
  gint64 value = 0;

  for (guint i = 0; i < n; i++)
    value = 10 * value + (text[i] - '0');

  return value;
}

gint64
tw_ocmf_moment (const char *text,
                    char       *state)
{
  gint64 year, month, day, hour, minute, second, ms, offset_s, days;
  GDate date;

  *state = 0;
  if (text == NULL || !fits (text))
    return G_MININT64;

  year = number (text, 4);
  month = number (text + 5, 2);
  day = number (text + 8, 2);
  hour = number (text + 11, 2);
  minute = number (text + 14, 2);
  second = number (text + 17, 2);
  ms = number (text + 20, 3);
  offset_s = 3600 * number (text + 24, 2) + 60 * number (text + 26, 2);
  /* 60: a leap second */
  if (!g_date_valid_dmy (day, month, year) || hour > 23 || minute > 59 || second > 60 || offset_s > 18 * 3600)
    return G_MININT64;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  days = (gint64) g_date_get_julian (&date) - JULIAN_1970;
  *state = text[strlen (PATTERN) - 1];

  return (((days * 24 + hour) * 60 + minute) * 60 + second - (text[23] == '-' ? -offset_s : offset_s)) * 1000000
         + ms * 1000;
}
