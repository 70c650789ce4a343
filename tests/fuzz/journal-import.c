/* SPDX-License-Identifier: Apache-2.0 */
/* needs: journal_dep */
/* An export is read: each line is a value or the whole is refused; a value written out and read again is the same; the
 * chain can be followed without looking outside what came.
 */
#include "payment/journal/chain.h"
#include "payment/journal/export-file.h"
#include "payment/journal/naming.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
on_named (const char *hash,
          gboolean    surely,
          gpointer    user_data)
{
  g_assert (strlen (hash) == 64);

  return TRUE;
}

static void
check_entry (const TwEntry *entry,
             TwChain       *chain)
{
  g_autoptr (GBytes) text = tw_line_of_entry (entry);
  g_auto (TwLine) again = { NULL };
  g_autofree char *reason = tw_chain_follow (chain, entry);
  gsize n;
  const char *bytes = g_bytes_get_data (text, &n);

  g_assert (tw_line_parse (bytes, n - 1, &again, NULL));
  g_assert (again.entry != NULL);
  g_assert (again.entry->seq == entry->seq);
  g_assert (again.entry->at.wall_us == entry->at.wall_us && again.entry->at.boot_us == entry->at.boot_us);
  g_assert (memcmp (again.entry->at.boot_id, entry->at.boot_id, 16) == 0);
  g_assert (!again.entry->at.synced == !entry->at.synced);
  g_assert (g_strcmp0 (again.entry->session, entry->session) == 0);
  g_assert (g_str_equal (again.entry->kind, entry->kind));
  g_assert (g_bytes_equal (again.entry->payload, entry->payload));
  g_assert (memcmp (again.entry->hash, entry->hash, 32) == 0);

  tw_naming_each (g_bytes_get_data (entry->payload, NULL), g_bytes_get_size (entry->payload), on_named, NULL);
}

static void
check_blob (const char *hash,
            GBytes     *blob)
{
  g_autoptr (GBytes) text = tw_line_of_blob (hash, blob);
  g_auto (TwLine) again = { NULL };
  gsize n;
  const char *bytes = g_bytes_get_data (text, &n);

  g_assert (tw_line_parse (bytes, n - 1, &again, NULL));
  g_assert (g_str_equal (again.blob_hash, hash));
  g_assert (g_bytes_equal (again.blob, blob));
}

static gboolean
on_line (const TwLine *line,
         guint64       offset,
         gpointer      user_data)
{
  if (line->entry != NULL)
    check_entry (line->entry, user_data);
  else
    check_blob (line->blob_hash, line->blob);

  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GInputStream) in = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GError) error = NULL;
  TwChain chain = { 0 };
  gboolean ok = tw_export_read (in, on_line, &chain, &error);

  g_assert (ok == (error == NULL));

  return 0;
}
