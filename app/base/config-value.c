/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/config-private.h"

#include "app/base/whole.h"

#include <string.h>

static gboolean
matches (const char *pattern,
         const char *value)
{
  g_autofree char *whole = g_strdup_printf ("\\A(?:%s)\\z", pattern);

  return g_regex_match_simple (whole, value, G_REGEX_DOLLAR_ENDONLY, 0);
}

char *
tw_config_key_accepted (const TwConfigKey *self)
{
  if (self->kind == TW_CONFIG_SECONDS)
    return g_strdup_printf ("accepted are seconds from %g to %g, with at most three decimals",
                            (double) self->least / 1000, (double) self->most / 1000);
  if (self->kind == TW_CONFIG_TENTHS)
    return g_strdup_printf ("accepted are numbers from %" G_GINT64_FORMAT ".%d to %" G_GINT64_FORMAT ".%d, with at "
                            "most one decimal", self->least / 10, (int) (self->least % 10), self->most / 10,
                            (int) (self->most % 10));
  if (self->accepted == NULL)
    return g_strdup_printf ("accepted are whole numbers from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            self->least, self->most);

  return g_strdup_printf ("accepted %s %s", matches ("[^ ,]+(, [^ ,]+)+", self->accepted) ? "are" : "is",
                          self->accepted);
}

/* The place of the word in "a, b, c"; -1: none. */
int
tw_config_choice_index (const char *choices,
                        const char *value)
{
  g_auto (GStrv) words = g_strsplit (choices, ", ", -1);

  for (int i = 0; words[i]; i++)
    if (g_str_equal (words[i], value))
      return i;

  return -1;
}

static gboolean
parse_whole (const TwConfigKey *key,
             const char        *value,
             gint64            *whole)
{
  if (key->accepted && tw_config_choice_index (key->accepted, value) < 0)
    return FALSE;

  return matches ("-?[0-9]{1,18}", value)
         && tw_whole_parse (value, key->least, key->most, whole);
}

/* "1.5" -> 1500, exactly. */
static gboolean
parse_seconds (const TwConfigKey *key,
               const char        *value,
               gint64            *ms)
{
  const char *point = strchr (value, '.');
  gint64 worth = 100;

  if (!matches ("[0-9]{1,9}(\\.[0-9]{1,3})?", value))
    return FALSE;

  *ms = g_ascii_strtoll (value, NULL, 10) * 1000;
  for (const char *digit = point ? point + 1 : ""; *digit != '\0'; digit++, worth /= 10)
    *ms += g_ascii_digit_value (*digit) * worth;

  return *ms >= key->least && *ms <= key->most;
}

/* "10.1" -> 101. */
static gboolean
parse_tenths (const TwConfigKey *key,
              const char        *value,
              guint             *tenths)
{
  const char *point = strchr (value, '.');

  if (!matches ("[0-9]{1,6}(\\.[0-9])?", value))
    return FALSE;

  *tenths = (guint) g_ascii_strtoull (value, NULL, 10) * 10 + (point ? (guint) g_ascii_digit_value (point[1]) : 0);
  return *tenths >= key->least && *tenths <= key->most;
}

static gboolean
is_zone (const char *value)
{
  g_autoptr (GTimeZone) zone = NULL;

  if (!matches ("[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", value))
    return FALSE;

  zone = g_time_zone_new_identifier (value);
  return zone != NULL;
}

static gboolean
store_text (gpointer    field,
            const char *value)
{
  *(char **) field = g_strdup (value);
  return TRUE;
}

gboolean
tw_config_key_store (const TwConfigKey *self,
                     const char        *value,
                     const char        *dir,
                     gpointer           record)
{
  gpointer field = (guint8 *) record + self->offset;
  g_autofree char *path = NULL;
  gint64 whole;

  switch (self->kind)
    {
    case TW_CONFIG_TEXT:
      return matches (self->pattern, value) && store_text (field, value);
    case TW_CONFIG_PATH:
      path = g_canonicalize_filename (value, dir);
      return matches ("[^[:cntrl:]]{1,1000}", value) && store_text (field, path);
    case TW_CONFIG_CHOICE:
      return tw_config_choice_index (self->accepted, value) >= 0 && store_text (field, value);
    case TW_CONFIG_ZONE:
      return is_zone (value) && store_text (field, value);
    case TW_CONFIG_SWITCH:
      *(gboolean *) field = tw_config_choice_index (self->accepted, value) == 1;
      return tw_config_choice_index (self->accepted, value) >= 0;
    case TW_CONFIG_COUNT:
      if (!parse_whole (self, value, &whole))
        return FALSE;
      *(guint *) field = whole;
      return TRUE;
    case TW_CONFIG_AMOUNT:
      return parse_whole (self, value, field);
    case TW_CONFIG_SECONDS:
      return parse_seconds (self, value, field);
    case TW_CONFIG_TENTHS:
      return parse_tenths (self, value, field);
    }
  g_assert_not_reached ();
}

void
tw_config_key_clear (const TwConfigKey *self,
                     gpointer           record)
{
  switch (self->kind)
    {
    case TW_CONFIG_TEXT:
    case TW_CONFIG_PATH:
    case TW_CONFIG_CHOICE:
    case TW_CONFIG_ZONE:
      g_free (*(char **) ((guint8 *) record + self->offset));
      break;
    case TW_CONFIG_SWITCH:
    case TW_CONFIG_COUNT:
    case TW_CONFIG_AMOUNT:
    case TW_CONFIG_SECONDS:
    case TW_CONFIG_TENTHS:
      break;
    }
}
