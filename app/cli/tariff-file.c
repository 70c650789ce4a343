/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/tariff-file.h"

#include "app/base/error.h"
#include "app/base/small-file.h"

#include <string.h>

GTimeZone *
tw_zone_choose (const TwVerb *verb,
                const char   *name)
{
  GTimeZone *zone = g_time_zone_new_identifier (name ? name : "UTC");

  if (zone == NULL)
    tw_verb_complain (verb, "\"%.64s\" is no time zone: expected an IANA name such as Europe/Berlin", name);

  return zone;
}

gboolean
tw_time_choose (const TwVerb *verb,
                const char   *option,
                const char   *text,
                GTimeZone    *zone,
                gint64       *wall_ms)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *padded = NULL;

  *wall_ms = g_get_real_time () / 1000;
  if (text == NULL)
    return TRUE;
  time = g_date_time_new_from_iso8601 (text, zone);
  if (time == NULL)   /* people leave the seconds out, or all of the time of day, which GLib does not forgive */
    {
      padded = g_strconcat (text, strchr (text, 'T') != NULL ? ":00" : "T00:00:00", NULL);
      time = g_date_time_new_from_iso8601 (padded, zone);
    }
  if (time == NULL)
    {
      tw_verb_complain (verb, "%s \"%.40s\": expected a time such as 2026-11-22T21:30 (local) or "
                        "2026-11-22T20:30:00Z", option, text);
      return FALSE;
    }
  *wall_ms = g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000;

  return TRUE;
}

GBytes *
tw_input_read (const TwVerb *verb,
               const char   *path,
               gsize         max_bytes)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = tw_small_file_read (path, max_bytes, &error);

  if (bytes == NULL)
    tw_verb_complain (verb, "%s: %s%s", path, error->code == TW_ERROR_BAD_DATA ? "$: " : "", error->message);

  return bytes;
}

TwTariff *
tw_tariff_file_read (const TwVerb *verb,
                     const char   *path,
                     GTimeZone    *zone,
                     TwTariffUse   use)
{
  g_autoptr (GBytes) bytes = tw_input_read (verb, path, TW_TARIFF_MAX_BYTES);
  g_autoptr (GError) error = NULL;
  TwTariff *tariff = bytes ? tw_tariff_parse_in (bytes, zone, use, &error) : NULL;

  if (error != NULL)
    tw_verb_complain (verb, "%s: %s", path, error->message);

  return tariff;
}

TwCdr *
tw_cdr_file_read (const TwVerb *verb,
                  const char   *path)
{
  g_autoptr (GBytes) bytes = tw_input_read (verb, path, TW_CDR_MAX_BYTES);
  g_autoptr (GError) error = NULL;
  TwCdr *cdr = bytes ? tw_cdr_parse (bytes, &error) : NULL;

  if (error != NULL)
    tw_verb_complain (verb, "%s: %s", path, error->message);

  return cdr;
}
