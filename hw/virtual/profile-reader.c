/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/profile-reader.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/whole.h"
#include "hw/virtual/ber.h"

#include <string.h>

gboolean
tw_profile_blame (TwProfileReader *reader,
                  const char      *key,
                  const char      *why)
{
  g_set_error (reader->error, TW_ERROR, TW_ERROR_BAD_DATA, "card %s: [%s] %s: %s", reader->name, reader->group, key,
               why);
  return FALSE;
}

char *
tw_profile_text (TwProfileReader *reader,
                 const char      *key)
{
  g_autofree char *text = g_key_file_get_string (reader->file, reader->group, key, NULL);

  return text ? g_strdup (g_strstrip (text)) : NULL;
}

gboolean
tw_profile_hex (TwProfileReader *reader,
                const char      *key,
                gsize            min,
                gsize            max,
                GBytes         **value)
{
  g_autofree char *text = tw_profile_text (reader, key);
  g_autoptr (GBytes) bytes = NULL;

  if (text == NULL)
    return TRUE;
  bytes = tw_hex_decode (text, NULL);
  if (bytes == NULL)
    return tw_profile_blame (reader, key, "is not hex digits");
  if (g_bytes_get_size (bytes) < min || g_bytes_get_size (bytes) > max)
    return tw_profile_blame (reader, key, "has the wrong length");

  g_clear_pointer (value, g_bytes_unref);
  *value = g_steal_pointer (&bytes);
  return TRUE;
}

gboolean
tw_profile_number (TwProfileReader *reader,
                   const char      *key,
                   guint            max,
                   guint           *value)
{
  g_autofree char *text = tw_profile_text (reader, key);
  guint64 number;

  if (text == NULL)
    return TRUE;
  if (!tw_whole_parse_unsigned (text, 10, 0, max, &number))
    return tw_profile_blame (reader, key, "is not a number in range");
  *value = number;
  return TRUE;
}

gboolean
tw_profile_digits (TwProfileReader *reader,
                   const char      *key,
                   gsize            min,
                   gsize            max,
                   char           **value)
{
  g_autofree char *text = tw_profile_text (reader, key);

  if (text == NULL)
    return TRUE;
  if (strspn (text, "0123456789") != strlen (text) || strlen (text) < min || strlen (text) > max)
    return tw_profile_blame (reader, key, "is not digits, or not as many as it should be");

  g_free (*value);
  *value = g_steal_pointer (&text);
  return TRUE;
}

gboolean
tw_profile_tags (TwProfileReader *reader,
                 const char      *key,
                 GArray          *tags)
{
  g_autofree char *text = tw_profile_text (reader, key);
  g_auto (GStrv) words = text ? g_strsplit (text, " ", -1) : NULL;

  for (guint i = 0; words && words[i]; i++)
    {
      guint32 tag;

      if (words[i][0] == '\0')
        continue;
      if (!tw_ber_read_tag (words[i], &tag))
        return tw_profile_blame (reader, key, "is not a list of tags like 57 5F34 9F26");
      g_array_append_val (tags, tag);
    }
  return TRUE;
}

gboolean
tw_profile_status_words (TwProfileReader *reader,
                         const char      *key,
                         GArray          *words)
{
  g_autofree char *text = tw_profile_text (reader, key);
  g_auto (GStrv) parts = text ? g_strsplit (text, " ", -1) : NULL;

  for (guint i = 0; parts && parts[i]; i++)
    {
      guint64 number;
      guint16 sw;

      if (parts[i][0] == '\0')
        continue;
      if (strlen (parts[i]) != 4 || !tw_whole_parse_unsigned (parts[i], 16, 0, 0xFFFF, &number))
        return tw_profile_blame (reader, key, "is not a list of status words like 6986 9000");
      sw = number;
      g_array_append_val (words, sw);
    }
  return TRUE;
}

gboolean
tw_profile_only (TwProfileReader   *reader,
                 const char *const *known)
{
  g_auto (GStrv) keys = g_key_file_get_keys (reader->file, reader->group, NULL, NULL);

  for (guint i = 0; keys && keys[i]; i++)
    if (!g_strv_contains (known, keys[i]))
      return tw_profile_blame (reader, keys[i], "is not a known key");
  return TRUE;
}
