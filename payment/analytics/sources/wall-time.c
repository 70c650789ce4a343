/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/wall-time.h"

#include "payment/reconcile/readers/when.h"

#include <string.h>

enum { MAX_PARTS = 40 };

typedef enum { YEAR, SHORT_YEAR, MONTH, MONTH_NAME, DAY, HOUR, MINUTE, SECOND, HALF, WEEKDAY, ZONE, LITERAL } Kind;

/* The longer ones first: they begin alike. */
static const struct { const char *letters; Kind kind; } parts[] = {
  { "YYYY", YEAR }, { "YY", SHORT_YEAR }, { "MMM", MONTH_NAME }, { "MM", MONTH }, { "M", MONTH }, { "DD", DAY },
  { "D", DAY }, { "hh", HOUR }, { "h", HOUR }, { "mm", MINUTE }, { "ss", SECOND }, { "AP", HALF }, { "WWW", WEEKDAY },
  { "ZZZ", ZONE },
};

typedef struct { Kind kind; char literal; } Part;

struct _TwWallTimes { Part parts[MAX_PARTS]; guint n; gboolean repair_century; };

static guint
take_part (const char *pattern,
           Part       *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_has_prefix (pattern, parts[i].letters))
      {
        part->kind = parts[i].kind;
        return strlen (parts[i].letters);
      }
  *part = (Part) { LITERAL, *pattern };
  return 1;
}

TwWallTimes *
tw_wall_times_new (const char  *pattern,
                   gboolean     repair_century,
                   const char **why)
{
  g_autoptr (TwWallTimes) self = g_new0 (TwWallTimes, 1);
  guint seen = 0;

  self->repair_century = repair_century;
  while (*pattern != '\0' && self->n < MAX_PARTS)
    {
      Part *part = &self->parts[self->n++];

      pattern += take_part (pattern, part);
      *why = "a part that stands twice";
      if (part->kind != LITERAL && (seen & 1u << part->kind))
        return NULL;
      seen |= part->kind != LITERAL ? 1u << part->kind : 0;
    }
  *why = "longer than a time is";
  if (*pattern != '\0')
    return NULL;
  *why = "without year, month, day, hour (hh) and minute (mm)";
  if (!(seen & (1u << YEAR | 1u << SHORT_YEAR)) || !(seen & (1u << MONTH | 1u << MONTH_NAME)) || !(seen & 1u << DAY)
      || !(seen & 1u << HOUR) || !(seen & 1u << MINUTE))
    return NULL;
  return g_steal_pointer (&self);
}

void
tw_wall_times_free (TwWallTimes *self)
{
  g_free (self);
}

static gboolean
take_number (const char **p,
             const char  *end,
             guint        most,
             guint       *value)
{
  guint n = 0;

  for (*value = 0; *p < end && n < most && g_ascii_isdigit (**p); n++)
    *value = *value * 10 + (guint) (*(*p)++ - '0');
  return n > 0;
}

static TwChars
take_word (const char **p,
           const char  *end)
{
  const char *begin = *p;

  while (*p < end && g_ascii_isalpha (**p))
    ++*p;
  return (TwChars) { begin, (guint32) (*p - begin) };
}

static gboolean
take_month_name (const char **p,
                 const char  *end,
                 guint       *month)
{
  static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
  TwChars word = take_word (p, end);

  for (guint i = 0; i < 12 && word.n >= 3; i++)
    if (g_ascii_strncasecmp (word.text, names + 3 * i, 3) == 0)
      {
        *month = i + 1;
        return TRUE;
      }
  return FALSE;
}

/* half: 0 none, 1 AM, 2 PM. */
typedef struct { guint year, month, day, hour, minute, second, half; } Clock;

static gboolean
take_half (const char **p,
           const char  *end,
           guint       *half)
{
  TwChars word = take_word (p, end);

  if (word.n != 2 || g_ascii_toupper (word.text[1]) != 'M')
    return FALSE;
  *half = g_ascii_toupper (word.text[0]) == 'A' ? 1 : g_ascii_toupper (word.text[0]) == 'P' ? 2 : 0;
  return *half != 0;
}

static gboolean
read_part (Part         part,
           const char **p,
           const char  *end,
           Clock       *clock,
           TwWallTime  *time)
{
  switch (part.kind)
    {
    case YEAR:
      return take_number (p, end, 4, &clock->year);
    case SHORT_YEAR:
      if (!take_number (p, end, 2, &clock->year))
        return FALSE;
      clock->year += 2000;
      return TRUE;
    case MONTH:
      return take_number (p, end, 2, &clock->month);
    case MONTH_NAME:
      return take_month_name (p, end, &clock->month);
    case DAY:
      return take_number (p, end, 2, &clock->day);
    case HOUR:
      return take_number (p, end, 2, &clock->hour);
    case MINUTE:
      return take_number (p, end, 2, &clock->minute);
    case SECOND:
      return take_number (p, end, 2, &clock->second);
    case HALF:
      return take_half (p, end, &clock->half);
    case WEEKDAY:
      return take_word (p, end).n > 0;
    case ZONE:
      time->zone.text = *p;
      while (*p < end && **p != ' ')
        ++*p;
      time->zone.n = (guint32) (*p - time->zone.text);
      return time->zone.n > 0;
    case LITERAL:
      return *p < end && *(*p)++ == part.literal;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
conclude (Clock      *clock,
          TwWallTime *time)
{
  char text[16];
  gint32 day;

  if (clock->half != 0 && (clock->hour < 1 || clock->hour > 12))
    return FALSE;
  if (clock->half != 0)
    clock->hour = clock->hour % 12 + (clock->half == 2 ? 12 : 0);
  if (clock->hour > 23 || clock->minute > 59 || clock->second > 60 || clock->month > 99 || clock->day > 99)
    return FALSE;
  g_snprintf (text, sizeof text, "%04u-%02u-%02u", clock->year, clock->month, clock->day);
  if (!tw_when_read_day ((TwChars) { text, 10 }, &day))
    return FALSE;
  time->local_s = (gint64) day * 24 * 3600 + clock->hour * 3600 + clock->minute * 60 + clock->second;
  return TRUE;
}

gboolean
tw_wall_times_read (const TwWallTimes *self,
                    TwChars            cell,
                    TwWallTime        *time)
{
  const char *p = cell.text, *end = p + cell.n;
  Clock clock = { 0 };

  *time = (TwWallTime) { 0 };
  for (guint i = 0; i < self->n; i++)
    if (!read_part (self->parts[i], &p, end, &clock, time))
      return FALSE;
  if (p != end)
    return FALSE;
  time->century_repaired = self->repair_century && clock.year < 100;
  clock.year += time->century_repaired ? 2000 : 0;
  return conclude (&clock, time);
}

gboolean
tw_wall_offset (TwChars  text,
                gint64  *offset_s)
{
  const char *p = text.text + 1, *end = text.text + text.n;
  guint hours, minutes = 0;

  *offset_s = 0;
  if ((text.n == 1 && *text.text == 'Z') || (text.n == 3 && (memcmp (text.text, "GMT", 3) == 0
                                                             || memcmp (text.text, "UTC", 3) == 0)))
    return TRUE;
  if (text.n < 3 || (*text.text != '+' && *text.text != '-') || !take_number (&p, end, 2, &hours))
    return FALSE;
  if (p < end && *p == ':')
    p++;
  if (p < end && !take_number (&p, end, 2, &minutes))
    return FALSE;
  if (p != end || hours > 14 || minutes > 59)
    return FALSE;
  *offset_s = (gint64) (hours * 3600 + minutes * 60) * (*text.text == '-' ? -1 : 1);
  return TRUE;
}
