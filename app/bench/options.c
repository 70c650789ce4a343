/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/options.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/whole.h"

const char *
tw_options_text (const TwJson *options,
                 const char   *name)
{
  const TwJson *value = tw_json_member (options, name);

  if (value == NULL)
    return NULL;
  if (tw_json_type (value) == TW_JSON_BOOL)
    return tw_json_is_true (value) ? "true" : "false";

  return tw_json_string (value) != NULL ? tw_json_string (value) : tw_json_number_text (value);
}

gboolean
tw_options_refuse (GError    **error,
                   const char *format,
                   ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, message);

  return FALSE;
}

gboolean
tw_options_number (const TwJson *options,
                   const char   *name,
                   gint64        least,
                   gint64        most,
                   gint64        otherwise,
                   gint64       *value,
                   GError      **error)
{
  const char *text = tw_options_text (options, name);

  *value = otherwise;
  if (text == NULL)
    return TRUE;
  if (tw_whole_parse (text, least, most, value))
    return TRUE;

  return tw_options_refuse (error, "%s=%s: accepted is a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            name, text, least, most);
}

gboolean
tw_options_only (const TwJson *options,
                 const char   *names,
                 GError      **error)
{
  g_auto (GStrv) all = g_strsplit (names, " ", -1);

  for (guint i = 0; i < tw_json_length (options); i++)
    {
      const char *name = tw_json_member_name (options, i);

      if (strcmp (name, "cmd") == 0 || strcmp (name, "words") == 0 || g_strv_contains ((const char *const *) all, name))
        continue;
      return tw_options_refuse (error, "%s=: not an option here; accepted: %s", name, *names != '\0' ? names : "none");
    }

  return TRUE;
}
