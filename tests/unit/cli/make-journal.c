/* SPDX-License-Identifier: Apache-2.0 */
/* A journal for tests of the program: make-journal DIR STATION RESERVE_KIB [--stay]
 *
 * Six entries, two sessions, a blob. With --stay it prints "ready" and stays a running station until stdin ends,
 * without having folded the log into the database.
 */
#include "tests/unit/journal/fixture.h"

#include <stdio.h>
#include <string.h>

/* SHA-256 of "abc" (FIPS 180-2, B.1). */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const struct { const char *session, *payload; gboolean with_blob; } STORY[] = {
  { NULL, "{\"schema\":1}", FALSE },
  { "S1", "{\"tariff\":\"" ABC "\"}", TRUE },
  { "S2", "{\"tariff\":\"" ABC "\"}", FALSE },
  { "S1", "{\"text\":\"Z\303\274rich \\\"quoted\\\"\"}", FALSE },
  { "S2", "{\"energy_wh\":1250}", FALSE },
  { NULL, "{}", FALSE },
};

int
main (int    argc,
      char **argv)
{
  g_autoptr (GBytes) blob = g_bytes_new_static ("abc", 3);
  g_autoptr (GError) error = NULL;
  TwJournalOptions options = { 0 };
  TwJournal *journal;

  if (argc < 4)
    return 2;
  options.station_id = argv[2];
  options.reserve_kib = g_ascii_strtoull (argv[3], NULL, 10);
  journal = tw_journal_open (argv[1], &options, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (STORY); i++)
    {
      g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);

      g_ptr_array_add (entries, fixture_entry (i + 1, STORY[i].session, STORY[i].payload));
      fixture_commit (journal, entries, STORY[i].with_blob ? blob : NULL, &error);
      g_assert_no_error (error);
    }

  if (argc > 4 && g_str_equal (argv[4], "--stay"))
    {
      printf ("ready\n");
      fflush (stdout);
      while (getchar () != EOF)
        ;
    }
  tw_journal_free (journal);

  return 0;
}
