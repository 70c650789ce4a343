/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/opening-hours.h"

#include "app/base/error.h"

#include <string.h>

#define DAY_S 86400
#define DAY_MIN 1440
#define MOST_TIMES 8              /* of a day */

typedef struct { guint n; gint16 from_min[MOST_TIMES], until_min[MOST_TIMES]; } Day;
struct _TwOpeningHours { Day days[7]; };   /* from Monday */

static const char *const DAY_NAMES[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" };

static gboolean
take (const char **at,
      const char  *what)
{
  if (!g_str_has_prefix (*at, what))
    return FALSE;
  *at += strlen (what);
  return TRUE;
}

static void
skip_spaces (const char **at)
{
  while (**at == ' ')
    (*at)++;
}

static gboolean
take_day (const char **at,
          guint       *day)
{
  for (*day = 0; *day < 7; (*day)++)
    if (take (at, DAY_NAMES[*day]))
      return TRUE;
  return FALSE;
}

/* "Mo-Fr,Su", as bits; none: all. A range may go over Sunday. */
static gboolean
take_days (const char **at,
           guint       *days)
{
  guint from, until;

  *days = 0;
  if (!take_day (at, &from))
    {
      *days = 0x7f;
      return TRUE;
    }
  for (;;)
    {
      until = from;
      if (take (at, "-") && !take_day (at, &until))
        return FALSE;
      for (; from % 7 != until; from++)
        *days |= 1u << from % 7;
      *days |= 1u << until;
      if (!take (at, ","))
        return TRUE;
      skip_spaces (at);
      if (!take_day (at, &from))
        return FALSE;
    }
}

static gboolean
take_time (const char **at,
           gint16      *minutes)
{
  const char *t = *at;

  for (guint i = 0; i < 5; i++)
    if (i == 2 ? t[i] != ':' : !g_ascii_isdigit (t[i]))
      return FALSE;
  *minutes = ((t[0] - '0') * 10 + t[1] - '0') * 60 + (t[3] - '0') * 10 + t[4] - '0';
  *at += 5;
  return t[3] < '6' && *minutes <= DAY_MIN;
}

static gboolean
take_times (const char **at,
            Day         *day)
{
  *day = (Day) { 0 };
  if (take (at, "off") || take (at, "closed"))
    return TRUE;
  for (;;)
    {
      gint16 from, until;

      if (day->n == MOST_TIMES || !take_time (at, &from) || !take (at, "-") || !take_time (at, &until))
        return FALSE;
      day->from_min[day->n] = from;
      day->until_min[day->n++] = until > from ? until : until + DAY_MIN;
      if (!take (at, ","))
        return TRUE;
      skip_spaces (at);
    }
}

static gboolean
take_rule (const char     **at,
           TwOpeningHours  *self)
{
  Day day = { 1, { 0 }, { DAY_MIN } };
  guint days = 0x7f;

  skip_spaces (at);
  if (!take (at, "24/7"))
    {
      if (!take_days (at, &days))
        return FALSE;
      skip_spaces (at);
      if (!take_times (at, &day))
        return FALSE;
    }
  skip_spaces (at);
  for (guint i = 0; i < 7; i++)
    if (days & 1u << i)
      self->days[i] = day;
  return TRUE;
}

TwOpeningHours *
tw_opening_hours_parse (const char  *text,
                        GError     **error)
{
  g_autoptr (TwOpeningHours) self = g_new0 (TwOpeningHours, 1);
  const char *at = text;

  for (;;)
    {
      if (!take_rule (&at, self) || (*at != 0 && *at != ';'))
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the opening hours \"%.80s\" cannot be read: they are "
                       "\"24/7\" or such as \"Mo-Fr 08:00-20:00; Sa,Su off\"", text);
          return NULL;
        }
      if (*at == 0)
        return g_steal_pointer (&self);
      at++;
    }
}

void
tw_opening_hours_free (TwOpeningHours *self)
{
  g_free (self);
}

GArray *
tw_opening_hours_stretches (const TwOpeningHours *self,
                            TwZone               *zone,
                            gint64                from,
                            gint64                until)
{
  GArray *list = tw_stretches_new ();

  if (from >= until)
    return list;
  for (gint32 day = tw_zone_day (zone, from) - 1; day <= tw_zone_day (zone, until); day++)
    {
      const Day *times = &self->days[((day + 3) % 7 + 7) % 7];   /* 1970-01-01 was a Thursday */

      for (guint i = 0; i < times->n; i++)
        tw_zone_stretches (zone, (gint64) day * DAY_S + times->from_min[i] * 60,
                           (gint64) day * DAY_S + times->until_min[i] * 60, from, until, list);
    }
  tw_stretches_sort (&list);
  return list;
}
