/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/journal-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

TwJournal *
tw_journal_file_open (const TwVerb *verb,
                      const char   *path,
                      TwExit       *exit)
{
  gboolean is_dir = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char *file = is_dir ? g_build_filename (path, "journal.db", NULL) : g_strdup (path);
  g_autoptr (GError) error = NULL;
  TwJournal *journal;

  if (g_access (file, R_OK) != 0)
    {
      tw_verb_complain (verb, "%s: %s", file, g_strerror (errno));
      *exit = TW_EXIT_USAGE;
      return NULL;
    }

  journal = tw_journal_open_readonly (file, &error);
  if (journal == NULL)
    *exit = tw_verb_complain_of (verb, error);

  return journal;
}
