/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/draft.h"

#include "app/base/error.h"
#include "payment/journal/journal.h"

#include <string.h>

#define LONGEST_TEXT 128   /* bytes of a session's or a kind's name */

static gboolean
is_text (const char *text)
{
  return text == NULL || (strlen (text) <= LONGEST_TEXT && g_utf8_validate (text, -1, NULL));
}

static gboolean
check_entry (const TwEntry  *entry,
             GError        **error)
{
  gsize n;
  const char *payload = g_bytes_get_data (entry->payload, &n);

  if (n <= TW_JOURNAL_MAX_PAYLOAD && entry->seq == 0 && *entry->kind != '\0' && is_text (entry->kind) &&
      is_text (entry->session) && (n == 0 || g_utf8_validate_len (payload, n, NULL)))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
               "journal: entry \"%s\" is not a new one, not UTF-8, or larger than %d bytes",
               entry->kind, TW_JOURNAL_MAX_PAYLOAD);

  return FALSE;
}

gboolean
tw_draft_check (GPtrArray  *entries,
                GPtrArray  *blobs,
                GError    **error)
{
  if (entries->len == 0)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "journal: a commit without an entry");
      return FALSE;
    }

  for (guint i = 0; i < entries->len; i++)
    if (!check_entry (g_ptr_array_index (entries, i), error))
      return FALSE;

  for (guint i = 0; blobs != NULL && i < blobs->len; i++)
    if (g_bytes_get_size (g_ptr_array_index (blobs, i)) > TW_JOURNAL_MAX_BLOB)
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "journal: a blob larger than %d bytes", TW_JOURNAL_MAX_BLOB);
        return FALSE;
      }

  return TRUE;
}

void
tw_draft_reset (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      TwEntry *entry = g_ptr_array_index (entries, i);

      entry->seq = 0;
      memset (entry->hash, 0, sizeof entry->hash);
    }
}
