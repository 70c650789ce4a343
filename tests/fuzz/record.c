/* SPDX-License-Identifier: Apache-2.0 */
/* needs: record_dep */
/* A session's entries, one a line, "kind payload": each is applied or refused with a reason, and what they add up to
 * can be asked. */
#include "payment/journal/record.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
apply (TwRecord   *record,
       const char *line,
       guint64     n)
{
  const char *space = strchr (line, ' ');
  const char *payload = space ? space + 1 : "";
  g_autofree char *kind = g_strndup (line, space ? (gsize) (space - line) : strlen (line));
  const gint64 us = (gint64) n * G_USEC_PER_SEC;
  const TwInstant at = { .wall_us = us, .boot_us = us, .synced = TRUE };
  g_autoptr (TwEntry) entry = tw_entry_new (at, "fuzz-000001-000000", kind, g_bytes_new (payload, strlen (payload)));
  g_autoptr (GError) error = NULL;
  gboolean applied;

  entry->seq = n;
  applied = tw_record_apply (record, entry, &error);
  g_assert_true (applied == (error == NULL));
  return applied;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 64);
  g_autoptr (TwRecord) record = tw_record_new ("fuzz-000001-000000");
  g_autoptr (TwUsage) usage = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    if (!apply (record, lines[i], i + 1))
      return 0;

  usage = tw_record_usage_until (record, &record->last);
  g_assert_nonnull (tw_record_money (record));
  g_assert_cmpint (tw_repairs_refunded_minor (record->repairs, FALSE), >=, 0);
  g_assert_cmpint (tw_repairs_refunded_minor (record->repairs, TRUE), >=,
                   tw_repairs_refunded_minor (record->repairs, FALSE));
  g_assert_true (!tw_record_closed (record) || record->place == TW_PLACE_OVER);
  return 0;
}
