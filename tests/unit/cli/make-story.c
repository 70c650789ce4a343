/* SPDX-License-Identifier: Apache-2.0 */
/* A journal of scripted entries, written by the real journal: make-story DIR STATION
 *
 * stdin is JSON Lines: {"session","kind","wall_us","boot_us","payload"} is one commit, with the blob that came before
 * it as {"blob"}; session is null for the station's own; payload and blob are texts.
 */
#include "tests/unit/journal/fixture.h"

#include "app/base/json.h"

#include <stdio.h>
#include <string.h>

static gint64
int_of (const TwJson *line,
        const char   *name)
{
  g_autoptr (GError) error = NULL;
  gint64 value = 0;

  tw_json_get_int64 (line, name, &value, &error);
  g_assert_no_error (error);

  return value;
}

static TwEntry *
entry_of (const TwJson *line)
{
  const char *payload = tw_json_string (tw_json_member (line, "payload"));
  TwInstant at = { .wall_us = int_of (line, "wall_us"), .boot_us = int_of (line, "boot_us"), .synced = TRUE };

  return tw_entry_new (at, tw_json_string (tw_json_member (line, "session")),
                       tw_json_string (tw_json_member (line, "kind")), g_bytes_new (payload, strlen (payload)));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) blob = NULL;
  const TwJournalOptions options = { .station_id = argc > 2 ? argv[2] : "", .reserve_kib = 64 };
  TwJournal *journal = argc > 2 ? tw_journal_open (argv[1], &options, &error) : NULL;
  char text[16 * 1024];

  g_assert_no_error (error);
  while (journal != NULL && fgets (text, sizeof text, stdin) != NULL)
    {
      g_autoptr (TwJson) line = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, &error);
      const char *blob_text = tw_json_string (tw_json_member (line, "blob"));
      g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);

      g_assert_no_error (error);
      if (blob_text != NULL)
        {
          g_assert_null (blob);
          blob = g_bytes_new (blob_text, strlen (blob_text));
          continue;
        }
      g_ptr_array_add (entries, entry_of (line));
      fixture_commit (journal, entries, blob, &error);
      g_assert_no_error (error);
      g_clear_pointer (&blob, g_bytes_unref);
    }
  tw_journal_free (journal);

  return journal != NULL ? 0 : 2;
}
