/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/instant.h"

#include "app/base/error.h"

#include <string.h>

#define DAY_S (24 * 3600)

enum { N_DAYS = 512 };                 /* a power of two */

/* A day of a wall on which the clocks are not changed. */
typedef struct { gint32 day, offset_s; gboolean known; } Day;

/* GTimeZone searches its table at every question; files have days. */
struct _TwZone { char *name; GTimeZone *zone; Day days[N_DAYS]; };

struct _TwZones
{
  GPtrArray *zones;
  TwZone *fallback, *last;
};

/* Abbreviations are nobody's standard, and some mean two zones: only those that can mean one here. Payment services
 * write CET the whole year. */
static const struct { const char *abbreviation, *zone; } abbreviations[] = {
  { "Z", "UTC" }, { "GMT", "UTC" }, { "UTC", "UTC" }, { "WET", "Europe/Lisbon" }, { "WEST", "+01:00" },
  { "CET", "Europe/Berlin" }, { "CEST", "+02:00" }, { "MEZ", "Europe/Berlin" }, { "MESZ", "+02:00" },
  { "MET", "Europe/Berlin" }, { "MEST", "+02:00" }, { "EET", "Europe/Helsinki" }, { "EEST", "+03:00" },
};

static void
zone_free (gpointer data)
{
  TwZone *self = data;

  g_time_zone_unref (self->zone);
  g_free (self->name);
  g_free (self);
}

/* Names become paths of the zone database. */
static gboolean
is_harmless (const char *name)
{
  const gsize n = strlen (name);

  return n > 0 && n < 64 && *name != '/'
      && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_+-/:") == n;
}

static GTimeZone *
load (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (abbreviations); i++)
    if (strcmp (name, abbreviations[i].abbreviation) == 0)
      return g_time_zone_new_identifier (abbreviations[i].zone);

  return is_harmless (name) ? g_time_zone_new_identifier (name) : NULL;
}

static TwZone *
find (TwZones *self,
      TwChars  name)
{
  g_autofree char *copy = NULL;
  GTimeZone *loaded;
  TwZone *zone;

  for (guint i = 0; i < self->zones->len; i++)
    {
      zone = self->zones->pdata[i];
      if (strlen (zone->name) == name.n && memcmp (zone->name, name.text, name.n) == 0)
        return zone;
    }
  copy = g_strndup (name.text, name.n);
  loaded = self->zones->len < 600 ? load (copy) : NULL;
  if (loaded == NULL)
    return NULL;
  zone = g_new0 (TwZone, 1);
  zone->name = g_steal_pointer (&copy);
  zone->zone = loaded;
  g_ptr_array_add (self->zones, zone);

  return zone;
}

TwZones *
tw_zones_new (const char  *fallback,
              GError     **error)
{
  g_autoptr (TwZones) self = g_new0 (TwZones, 1);

  self->zones = g_ptr_array_new_with_free_func (zone_free);
  if (fallback)
    self->fallback = find (self, (TwChars) { fallback, strlen (fallback) });
  if (fallback && self->fallback == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "time zone \"%s\" is not known: expected an IANA name such as "
                   "Europe/Berlin", fallback);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
tw_zones_free (TwZones *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->zones);
  g_free (self);
}

TwZone *
tw_zones_find (TwZones *self,
               TwChars  name)
{
  TwZone *zone = self->last;

  if (name.n == 0)
    return self->fallback;
  if (zone && strlen (zone->name) == name.n && memcmp (zone->name, name.text, name.n) == 0)
    return zone;
  zone = find (self, name);
  if (zone)
    self->last = zone;

  return zone ? zone : self->fallback;
}

/* On a day on which the clocks are changed. What the clock never showed becomes the first time after it. */
static gint64
odd_day_to_us (TwZone *self,
               gint64  local_s)
{
  const int interval = g_time_zone_adjust_time (self->zone, G_TIME_TYPE_STANDARD, &local_s);

  return (local_s - g_time_zone_get_offset (self->zone, interval)) * G_USEC_PER_SEC;
}

gint64
tw_zone_to_us (TwZone *self,
               gint64  local_s)
{
  const gint32 day = local_s >= 0 ? local_s / DAY_S : -((-local_s + DAY_S - 1) / DAY_S);
  Day *known = &self->days[day & (N_DAYS - 1)];

  if (!known->known || known->day != day)
    {
      const gint64 begin = (gint64) day * DAY_S;
      const int first = g_time_zone_find_interval (self->zone, G_TIME_TYPE_STANDARD, begin);

      if (first < 0 || first != g_time_zone_find_interval (self->zone, G_TIME_TYPE_STANDARD, begin + DAY_S - 1))
        return odd_day_to_us (self, local_s);
      *known = (Day) { day, g_time_zone_get_offset (self->zone, first), TRUE };
    }

  return (local_s - known->offset_s) * G_USEC_PER_SEC;
}

/* n digits at p, or -1. */
static int
digits (const char *p,
        const char *end,
        int         n)
{
  int value = 0;

  if (end - p < n)
    return -1;
  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (p[i]))
        return -1;
      value = value * 10 + (p[i] - '0');
    }

  return value;
}

/* Days since 1970 of the proleptic Gregorian calendar; years begin in March, so that the odd day is the last. */
gboolean
tw_day_from_parts (gint64  year,
                   gint64  month,
                   gint64  day,
                   gint32 *days)
{
  gint64 shifted = (month + 9) % 12, era_year;

  if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1
      || day > g_date_get_days_in_month (month, year))
    return FALSE;
  era_year = year - (month <= 2);
  *days = 365 * era_year + era_year / 4 - era_year / 100 + era_year / 400 + (153 * shifted + 2) / 5 + day - 1 - 719468;

  return TRUE;
}

/* The date that the text begins with; the rest of it, or NULL. A file has few dates, and each of them often: those of a
 * month are at hand. */
static const char *
take_day (TwChars  text,
          gint32  *day)
{
  static _Thread_local struct { char text[10]; gint32 day; } known[64];
  const char *p = text.text, *end = p + text.n;
  guint at;

  if (text.n < 10 || p[4] != '-' || p[7] != '-')
    return NULL;
  at = ((guint) (guchar) p[8] * 10 + (guint) (guchar) p[9]) % G_N_ELEMENTS (known);
  if (memcmp (known[at].text, p, sizeof known[at].text) != 0)
    {
      if (!tw_day_from_parts (digits (p, end, 4), digits (p + 5, end, 2), digits (p + 8, end, 2), day))
        return NULL;
      memcpy (known[at].text, p, sizeof known[at].text);
      known[at].day = *day;
    }
  *day = known[at].day;

  return p + 10;
}

gboolean
tw_day_parse (TwChars  text,
              gint32  *day)
{
  return take_day (text, day) == text.text + text.n;
}

/* Z, +HH:MM, +HHMM or +HH up to the end. */
static gboolean
parse_offset (const char *p,
              const char *end,
              int        *offset_s)
{
  const int hours = end - p >= 3 ? digits (p + 1, end, 2) : -1;
  const char *rest = end - p > 3 && p[3] == ':' ? p + 4 : p + 3;
  const int minutes = rest >= end ? 0 : end - rest == 2 ? digits (rest, end, 2) : -1;

  if (end - p == 1 && *p == 'Z')
    {
      *offset_s = 0;
      return TRUE;
    }
  if ((*p != '+' && *p != '-') || hours < 0 || hours > 18 || minutes < 0 || minutes > 59
      || (rest == p + 4 && rest == end))
    return FALSE;
  *offset_s = (hours * 3600 + minutes * 60) * (*p == '-' ? -1 : 1);

  return TRUE;
}

const char *
tw_instant_fraction (const char *p,
                     const char *end,
                     gint64     *us)
{
  gint64 unit = G_USEC_PER_SEC / 10;

  *us = 0;
  if (p == end || *p != '.' || p + 1 == end || !g_ascii_isdigit (p[1]))
    return p;
  for (p++; p < end && g_ascii_isdigit (*p); p++, unit /= 10)
    *us += (*p - '0') * unit;

  return p;
}

gboolean
tw_instant_parse (TwChars  text,
                  TwZone  *zone,
                  gint64  *us)
{
  const char *end = text.text + text.n, *p;
  int hour, minute, second, offset_s;
  gint64 local_s, fraction;
  gint32 day;

  p = take_day (text, &day);
  if (p == NULL || p == end || (*p != ' ' && *p != 'T'))
    return FALSE;
  hour = digits (p + 1, end, 2);
  minute = end - p > 5 && p[3] == ':' ? digits (p + 4, end, 2) : -1;
  second = end - p > 8 && p[6] == ':' ? digits (p + 7, end, 2) : -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return FALSE;
  p = tw_instant_fraction (p + 9, end, &fraction);
  local_s = (gint64) day * DAY_S + hour * 3600 + minute * 60 + second;
  if (p < end && !parse_offset (p, end, &offset_s))
    return FALSE;
  if (p == end && zone == NULL)
    return FALSE;
  *us = (p < end ? (local_s - offset_s) * G_USEC_PER_SEC : tw_zone_to_us (zone, local_s)) + fraction;

  return TRUE;
}
