/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/journal.h"

#include "app/base/error.h"
#include "payment/journal/line.h"
#include "payment/journal/naming.h"

typedef struct
{
  TwJournal     *journal;
  GOutputStream *out;
  GHashTable    *written;   /* hashes of blobs */
  GError        *error;
} Export;

static gboolean
write_line (Export *export,
            GBytes *line)
{
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all (export->out, g_bytes_get_data (line, NULL), g_bytes_get_size (line), NULL, NULL,
                                 &error))
    return TRUE;

  g_set_error (&export->error, TW_ERROR, TW_ERROR_RETRY, "export: %s", error->message);

  return FALSE;
}

static gboolean
write_blob (Export     *export,
            const char *hash,
            GBytes     *bytes)
{
  g_autoptr (GBytes) line = tw_line_of_blob (hash, bytes);

  g_hash_table_add (export->written, g_strdup (hash));

  return write_line (export, line);
}

static gboolean
on_named (const char *hash,
          gboolean    surely,
          gpointer    user_data)
{
  Export *export = user_data;
  g_autoptr (GBytes) bytes = NULL;

  if (g_hash_table_contains (export->written, hash))
    return TRUE;

  bytes = tw_journal_blob (export->journal, hash);

  return bytes == NULL || write_blob (export, hash, bytes);
}

/* After the last entry: blobs that none of them names. */
static gboolean
on_blob (const char *hash,
         GBytes     *bytes,
         gpointer    user_data)
{
  Export *export = user_data;

  return g_hash_table_contains (export->written, hash) || write_blob (export, hash, bytes);
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Export *export = user_data;
  gsize n;
  const char *payload = g_bytes_get_data (entry->payload, &n);
  g_autoptr (GBytes) line = NULL;

  if (n > 0 && !g_utf8_validate_len (payload, n, NULL))
    {
      g_set_error (&export->error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "entry %" G_GUINT64_FORMAT " is not text: no tapwatt wrote it", entry->seq);
      return FALSE;
    }

  tw_naming_each (payload, n, on_named, export);
  if (export->error != NULL)
    return FALSE;

  line = tw_line_of_entry (entry);

  return write_line (export, line);
}

gboolean
tw_journal_export (TwJournal      *self,
                   const char     *session,
                   GOutputStream  *out,
                   GError        **error)
{
  g_autoptr (GHashTable) written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Export export = { .journal = self, .out = out, .written = written };
  gboolean read = tw_journal_each (self, session, on_entry, &export, error);

  if (read && export.error == NULL && session == NULL)
    read = tw_journal_each_blob (self, on_blob, &export, error);

  if (!read || export.error == NULL)
    return read;

  g_propagate_error (error, export.error);

  return FALSE;
}
