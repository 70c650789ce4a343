/* SPDX-License-Identifier: Apache-2.0 */
/* TariffRestrictions of OCPI (mod_tariffs): read, not yet ranked. An unknown one is refused: to ignore it would
 * misprice (decision 24).
 */
#include "payment/tariff/reader.h"

#include <string.h>

#define DAY_S (24 * 3600)
#define MAX_DECIMALS 6

static const char *const axis_names[TW_N_AXES][2] = {
  [TW_AXIS_ENERGY]   = { "min_kwh", "max_kwh" },
  [TW_AXIS_DURATION] = { "min_duration", "max_duration" },
  [TW_AXIS_CURRENT]  = { "min_current", "max_current" },
  [TW_AXIS_POWER]    = { "min_power", "max_power" },
};

/* Decimal places from the unit in the file to ours: kWh to mWh, s to ms, A to mA, kW to mW. */
static const guint axis_scale[TW_N_AXES] = { 6, 3, 3, 6 };

static const char *const weekday_names[] = {
  "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY",
};

static const char *const known[] = {
  "start_time", "end_time", "start_date", "end_date", "min_kwh", "max_kwh", "min_current", "max_current", "min_power",
  "max_power", "min_duration", "max_duration", "day_of_week", "reservation", NULL
};

/* "HH:MM" of a 24-hour clock. -1: it is not. */
static gint32
second_of_day (const char *text)
{
  if (strlen (text) != 5 || text[2] != ':' || !g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1])
      || !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return -1;
  if ((text[0] - '0') * 10 + text[1] - '0' > 23 || text[3] > '5')
    return -1;

  return ((text[0] - '0') * 10 + text[1] - '0') * 3600 + ((text[3] - '0') * 10 + text[4] - '0') * 60;
}

static gboolean
read_time (const TwJson  *json,
           const char    *name,
           gint32        *second,
           GError       **error)
{
  const TwJson *text;

  *second = -1;
  if (!tw_tariff_optional (json, name, TW_JSON_STRING, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  *second = second_of_day (tw_json_string (text));

  return *second >= 0
      || tw_tariff_refuse (text, error, "\"%.40s\" is no time of day: expected one from 00:00 to 23:59",
                           tw_json_string (text));
}

/* Decision 11: equal is the whole day, one alone goes to midnight, and 00:00 as an end is the end of the day. */
static gboolean
read_window (const TwJson    *json,
             TwRestrictions  *self,
             GError         **error)
{
  gint32 start, end;

  if (!read_time (json, "start_time", &start, error) || !read_time (json, "end_time", &end, error))
    return FALSE;
  self->start_s = MAX (start, 0);
  self->end_s = end <= 0 ? DAY_S : end;
  self->equal_times = start == end && start >= 0;
  if (start == end)
    {
      self->start_s = 0;
      self->end_s = DAY_S;
    }
  self->is_local |= self->start_s != 0 || self->end_s != DAY_S;

  return TRUE;
}

/* Type string(10) "YYYY-MM-DD". */
static gboolean
parse_date (const char *text,
            GDate      *date)
{
  const gsize len = strlen (text);
  guint year, month, day;

  for (gsize i = 0; i < len; i++)
    if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  if (len != 10)
    return FALSE;
  year = (guint) g_ascii_strtoull (text, NULL, 10);
  month = (guint) g_ascii_strtoull (text + 5, NULL, 10);
  day = (guint) g_ascii_strtoull (text + 8, NULL, 10);
  if (!g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  g_date_set_dmy (date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);

  return TRUE;
}

static gboolean
read_date (const TwJson  *json,
           const char    *name,
           gint64        *day,
           GError       **error)
{
  const TwJson *text;
  GDate date;

  if (!tw_tariff_optional (json, name, TW_JSON_STRING, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (!parse_date (tw_json_string (text), &date))
    return tw_tariff_refuse (text, error, "\"%.40s\" is no date: expected one such as 2026-12-24",
                             tw_json_string (text));
  *day = (gint64) g_date_get_julian (&date) - 719163;   /* GDate counts from 0001-01-01, which is 1 */

  return TRUE;
}

static gboolean
read_weekday (const TwJson    *json,
              TwRestrictions  *self,
              GError         **error)
{
  const char *name = tw_json_string (json);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (weekday_names); i++)
    if (g_str_equal (name, weekday_names[i]))
      {
        self->weekdays |= 1u << i;
        return TRUE;
      }

  return tw_tariff_refuse (json, error, "expected MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY or SUNDAY");
}

static gboolean
read_weekdays (const TwJson    *json,
               TwRestrictions  *self,
               GError         **error)
{
  const TwJson *days;

  if (!tw_tariff_optional (json, "day_of_week", TW_JSON_ARRAY, &days, error))
    return FALSE;
  self->weekdays = days != NULL && tw_json_length (days) > 0 ? 0 : 0x7f;   /* an empty list restricts nothing */
  for (guint i = 0; i < tw_json_length (days); i++)
    if (!read_weekday (tw_json_element (days, i), self, error))
      return FALSE;
  self->is_local |= self->weekdays != 0x7f;

  return TRUE;
}

static gboolean
read_bound (const TwJson  *json,
            TwAxis         axis,
            const char    *name,
            gint64        *bound,
            GError       **error)
{
  const TwJson *number;
  TwDecimal decimal;

  *bound = -1;
  if (!tw_tariff_optional (json, name, TW_JSON_NUMBER, &number, error))
    return FALSE;
  if (number == NULL)
    return TRUE;
  if (!tw_tariff_read_decimal (number, axis == TW_AXIS_DURATION ? 0 : MIN (axis_scale[axis], MAX_DECIMALS), &decimal,
                               error))
    return FALSE;
  *bound = decimal.units;
  for (guint i = decimal.scale; i < axis_scale[axis]; i++)
    if (__builtin_mul_overflow (*bound, (gint64) 10, bound))
      return tw_tariff_refuse (number, error, "is too large");

  return TRUE;
}

static gboolean
read_reservation (const TwJson    *json,
                  TwRestrictions  *self,
                  GError         **error)
{
  const TwJson *word;

  if (!tw_tariff_optional (json, "reservation", TW_JSON_STRING, &word, error))
    return FALSE;
  if (word == NULL)
    return TRUE;
  if (g_str_equal (tw_json_string (word), "RESERVATION"))
    self->purpose = TW_FOR_RESERVATION;
  else if (g_str_equal (tw_json_string (word), "RESERVATION_EXPIRES"))
    self->purpose = TW_FOR_EXPIRY;
  else
    return tw_tariff_refuse (word, error, "\"%.40s\": accepted are RESERVATION, RESERVATION_EXPIRES",
                             tw_json_string (word));

  return TRUE;
}

static void
append_value (GString      *text,
              const TwJson *value)
{
  if (tw_json_string (value) != NULL)
    g_string_append_printf (text, " %s", tw_json_string (value));
  else if (tw_json_number_text (value) != NULL)
    g_string_append_printf (text, " %s", tw_json_number_text (value));
  for (guint i = 0; tw_json_type (value) == TW_JSON_ARRAY && i < tw_json_length (value); i++)
    append_value (text, tw_json_element (value, i));
}

/* Everything has been checked: names and words are known ones. */
static char *
describe (const TwJson *json)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < tw_json_length (json); i++)
    {
      if (tw_json_type (tw_json_element (json, i)) == TW_JSON_NULL)
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", tw_json_member_name (json, i));
      append_value (text, tw_json_element (json, i));
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

gboolean
tw_tariff_read_restrictions (const TwJson    *element,
                             TwRestrictions  *self,
                             GError         **error)
{
  const TwJson *json;

  self->start_day = G_MININT64;
  self->end_day = G_MAXINT64;
  if (!tw_tariff_optional (element, "restrictions", TW_JSON_OBJECT, &json, error))
    return FALSE;
  for (guint i = 0; i < tw_json_length (json); i++)
    if (!g_strv_contains (known, tw_json_member_name (json, i)))
      return tw_tariff_refuse (tw_json_element (json, i), error, "is not a restriction of OCPI 2.2.1 or 2.3.0");
  if (!read_window (json, self, error)
      || !read_date (json, "start_date", &self->start_day, error)
      || !read_date (json, "end_date", &self->end_day, error)
      || !read_weekdays (json, self, error)
      || !read_reservation (json, self, error))
    return FALSE;
  self->is_local |= self->start_day != G_MININT64 || self->end_day != G_MAXINT64;
  for (guint axis = 0; axis < TW_N_AXES; axis++)
    if (!read_bound (json, axis, axis_names[axis][0], &self->min[axis], error)
        || !read_bound (json, axis, axis_names[axis][1], &self->max[axis], error))
      return FALSE;
  self->text = describe (json);

  return TRUE;
}
