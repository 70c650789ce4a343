/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/line.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

static const TwJsonLimits LIMITS = { .max_bytes = TW_LINE_MAX, .max_depth = 2, .max_values = 16 };

static const char *const ENTRY_MEMBERS[] = {
  "seq", "wall_us", "boot_us", "boot_id", "synced", "session", "kind", "payload", "hash", NULL
};
static const char *const BLOB_MEMBERS[] = { "blob", "bytes", NULL };

static GBytes *
end_line (TwJsonOut *out)
{
  g_autoptr (GBytes) text = tw_json_out_finish (out);
  GByteArray *line = g_byte_array_sized_new (g_bytes_get_size (text) + 1);

  g_byte_array_append (line, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_byte_array_append (line, (const guint8 *) "\n", 1);

  return g_byte_array_free_to_bytes (line);
}

GBytes *
tw_line_of_entry (const TwEntry *entry)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autofree char *boot_id = tw_hex_encode (entry->at.boot_id, sizeof entry->at.boot_id);
  g_autofree char *hash = tw_hex_encode (entry->hash, sizeof entry->hash);
  gsize n;
  const char *bytes = g_bytes_get_data (entry->payload, &n);
  g_autofree char *payload = g_strndup (n > 0 ? bytes : "", n);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "seq", entry->seq);
  tw_json_out_int64 (out, "wall_us", entry->at.wall_us);
  tw_json_out_int64 (out, "boot_us", entry->at.boot_us);
  tw_json_out_string (out, "boot_id", boot_id);
  tw_json_out_bool (out, "synced", entry->at.synced);
  tw_json_out_string (out, "session", entry->session);
  tw_json_out_string (out, "kind", entry->kind);
  tw_json_out_string (out, "payload", payload);
  tw_json_out_string (out, "hash", hash);

  return end_line (out);
}

GBytes *
tw_line_of_blob (const char *hash,
                 GBytes     *bytes)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);
  g_autofree char *text = g_base64_encode (data, n);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "blob", hash);
  tw_json_out_string (out, "bytes", text);

  return end_line (out);
}

static gboolean
get_hex (const TwJson  *json,
         const char    *name,
         guint8        *bytes,
         gsize          n_bytes,
         GError       **error)
{
  const char *text = tw_json_get_string (json, name, error);
  g_autoptr (GBytes) decoded = NULL;

  if (text == NULL)
    return FALSE;
  decoded = tw_hex_decode (text, error);
  if (decoded == NULL)
    return FALSE;

  if (g_bytes_get_size (decoded) != n_bytes)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s must be %" G_GSIZE_FORMAT " hex digits", name, 2 * n_bytes);
      return FALSE;
    }

  memcpy (bytes, g_bytes_get_data (decoded, NULL), n_bytes);

  return TRUE;
}

static gboolean
get_instant (const TwJson  *json,
             TwInstant     *at,
             GError       **error)
{
  const TwJson *synced = tw_json_get (json, "synced", TW_JSON_BOOL, error);

  if (synced == NULL)
    return FALSE;

  at->synced = tw_json_is_true (synced);

  return tw_json_get_int64 (json, "wall_us", &at->wall_us, error) &&
         tw_json_get_int64 (json, "boot_us", &at->boot_us, error) &&
         get_hex (json, "boot_id", at->boot_id, sizeof at->boot_id, error);
}

static gboolean
get_session (const TwJson  *json,
             const char   **session,
             GError       **error)
{
  const TwJson *member = tw_json_member (json, "session");

  *session = NULL;
  if (member != NULL && tw_json_type (member) == TW_JSON_NULL)
    return TRUE;

  *session = tw_json_get_string (json, "session", error);

  return *session != NULL;
}

static TwEntry *
parse_entry (const TwJson  *json,
             GError       **error)
{
  g_autoptr (TwEntry) entry = NULL;
  TwInstant at = { 0 };
  const char *session, *kind, *payload;
  gint64 seq;

  if (!tw_json_only (json, ENTRY_MEMBERS, error) || !tw_json_get_int64 (json, "seq", &seq, error) ||
      !get_instant (json, &at, error) || !get_session (json, &session, error))
    return NULL;

  kind = tw_json_get_string (json, "kind", error);
  if (kind == NULL)
    return NULL;
  payload = tw_json_get_string (json, "payload", error);
  if (payload == NULL)
    return NULL;

  if (seq < 1)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "seq must be positive");
      return NULL;
    }

  entry = tw_entry_new (at, session, kind, g_bytes_new (payload, strlen (payload)));
  entry->seq = seq;
  if (!get_hex (json, "hash", entry->hash, sizeof entry->hash, error))
    return NULL;

  return g_steal_pointer (&entry);
}

/* GLib's decoder skips over what is no base64, so that one blob would have many texts: only the one text is taken. */
static GBytes *
decode_strictly (const char  *text,
                 GError     **error)
{
  gsize n = 0;
  g_autofree guchar *data = g_base64_decode (text, &n);
  g_autofree char *again = g_base64_encode (data, n);

  if (g_str_equal (again, text))
    return g_bytes_new (data, n);

  g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "bytes must be base64");

  return NULL;
}

static gboolean
parse_blob (const TwJson  *json,
            TwLine        *line,
            GError       **error)
{
  const char *bytes;
  guint8 hash[32];

  if (!tw_json_only (json, BLOB_MEMBERS, error) || !get_hex (json, "blob", hash, sizeof hash, error))
    return FALSE;
  bytes = tw_json_get_string (json, "bytes", error);
  if (bytes == NULL)
    return FALSE;

  line->blob = decode_strictly (bytes, error);
  line->blob_hash = tw_hex_encode (hash, sizeof hash);

  return line->blob != NULL;
}

gboolean
tw_line_parse (const char  *text,
               gsize        len,
               TwLine      *line,
               GError     **error)
{
  g_autoptr (TwJson) json = tw_json_parse (text, len, &LIMITS, error);

  *line = (TwLine) { NULL };
  if (json == NULL)
    return FALSE;

  if (tw_json_member (json, "blob") == NULL)
    {
      line->entry = parse_entry (json, error);
      return line->entry != NULL;
    }

  if (parse_blob (json, line, error))
    return TRUE;

  tw_line_clear (line);

  return FALSE;
}

void
tw_line_clear (TwLine *line)
{
  g_clear_pointer (&line->entry, tw_entry_free);
  g_clear_pointer (&line->blob_hash, g_free);
  g_clear_pointer (&line->blob, g_bytes_unref);
}
