/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys sign for which meter or gateway: lines of "SERIAL KEY [DATE [CHANNEL]]", or a JSON object. */
#include "payment/ocmf/ocmf.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

enum { MAX_KEYS = 8, MAX_BYTES = 16 * 1024 * 1024 };

static const TwJsonLimits LIMITS = { MAX_BYTES, 4, 1000000 };

struct _TwOcmfRegistry
{
  GHashTable *keys;   /* serial -> GPtrArray of TwOcmfKey */
};

static void
keys_unref (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
key_free (gpointer data)
{
  tw_ocmf_key_free (data);
}

/* A registered key must be one: a registry with a hole would say "no key" where it should say "another key". */
static gboolean
add (TwOcmfRegistry  *self,
     const char      *serial,
     const char      *text,
     GError         **error)
{
  g_autoptr (TwOcmfKey) key = tw_ocmf_key_new (text, strlen (text));
  GPtrArray *keys = g_hash_table_lookup (self->keys, serial);
  const char *reason;
  TwOcmfVerdict problem = tw_ocmf_key_problem (key, &reason);

  /* A key that this system cannot use is still a key. */
  if (problem != TW_OCMF_VALID && problem != TW_OCMF_UNSUPPORTED)
    {
      g_autofree char *shown = tw_text_printable (serial, 64);

      return tw_bad_data (error, "serial number %s: %s", shown, reason);
    }

  if (keys == NULL)
    {
      keys = g_ptr_array_new_with_free_func (key_free);
      g_hash_table_insert (self->keys, g_strdup (serial), keys);
    }
  if (keys->len == MAX_KEYS)
    return tw_bad_data (error, "more than %d keys for one serial number", MAX_KEYS);

  g_ptr_array_add (keys, g_steal_pointer (&key));
  return TRUE;
}

/* Takes a word off *line; in double quotes it may have blanks. NULL: there is none. */
static char *
take_word (const char **line)
{
  const char *begin = *line + strspn (*line, " \t\r,;");
  gboolean quoted = *begin == '"';
  gsize n;

  begin += quoted;
  n = strcspn (begin, quoted ? "\"" : " \t\r,;");
  *line = begin + n + (quoted && begin[n] == '"');

  return n > 0 ? g_strndup (begin, n) : NULL;
}

static gboolean
parse_line (TwOcmfRegistry  *self,
            const char      *line,
            GError         **error)
{
  g_autofree char *serial = take_word (&line);
  g_autofree char *key = take_word (&line);

  if (serial == NULL || *serial == '#')
    return TRUE;
  if (key == NULL)
    return tw_bad_data (error, "a serial number and a key are expected");

  return add (self, serial, key, error);
}

static gboolean
parse_lines (TwOcmfRegistry  *self,
             const char      *text,
             GError         **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!parse_line (self, lines[i], error))
      {
        g_prefix_error (error, "line %u: ", i + 1);
        return FALSE;
      }

  return TRUE;
}

/* "KEY", {"key": "KEY", ...}, or an array of these. */
static gboolean
parse_member (TwOcmfRegistry  *self,
              const char      *serial,
              const TwJson    *value,
              GError         **error)
{
  const char *key = tw_json_string (value);

  if (tw_json_type (value) == TW_JSON_ARRAY)
    {
      for (guint i = 0; i < tw_json_length (value); i++)
        if (!parse_member (self, serial, tw_json_element (value, i), error))
          return FALSE;
      return TRUE;
    }

  if (key == NULL)
    key = tw_json_get_string (value, "key", error);

  return key != NULL && add (self, serial, key, error);
}

static gboolean
parse_json (TwOcmfRegistry  *self,
            const char      *text,
            gsize            len,
            GError         **error)
{
  g_autoptr (TwJson) root = tw_json_parse (text, len, &LIMITS, error);

  for (guint i = 0; i < tw_json_length (root); i++)
    if (!parse_member (self, tw_json_member_name (root, i), tw_json_element (root, i), error))
      return FALSE;

  return root != NULL;
}

TwOcmfRegistry *
tw_ocmf_registry_parse (const char  *text,
                        gsize        len,
                        GError     **error)
{
  g_autoptr (TwOcmfRegistry) self = g_new0 (TwOcmfRegistry, 1);
  g_autofree char *copy = NULL;
  const char *begin;
  gboolean good;

  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, keys_unref);
  if (len > MAX_BYTES || !g_utf8_validate_len (text, len, NULL))
    {
      tw_bad_data (error, len > MAX_BYTES ? "more than %d bytes" : "not UTF-8 text, or more than %d bytes", MAX_BYTES);
      return NULL;
    }

  copy = g_strndup (text, len);
  begin = copy + (g_str_has_prefix (copy, "\xef\xbb\xbf") ? 3 : 0);
  good = begin[strspn (begin, " \t\r\n")] == '{' ? parse_json (self, begin, strlen (begin), error)
                                                 : parse_lines (self, begin, error);

  return good ? g_steal_pointer (&self) : NULL;
}

void
tw_ocmf_registry_free (TwOcmfRegistry *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->keys);
  g_free (self);
}

const GPtrArray *
tw_ocmf_registry_keys (const TwOcmfRegistry *self,
                       const char           *serial)
{
  return g_hash_table_lookup (self->keys, serial);
}
