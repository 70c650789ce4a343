/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/journal-file.h"

#include "app/base/config.h"
#include "app/base/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static char *
database_at (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_build_filename (path, "journal.db", NULL) : g_strdup (path);
}

TwJournal *
tw_journal_file_open (const TwVerb *verb,
                      const char   *path,
                      TwExit       *exit)
{
  g_autofree char *file = database_at (path);
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

/* Whoever did not say where to look is told what can be said. */
static char *
configured_journal (const TwVerb *verb,
                    const char   *config_path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwConfig) config = tw_config_load (config_path != NULL ? config_path : TW_DEFAULT_CONFIG, &error);

  if (config != NULL)
    return g_strdup (config->journal_dir);

  if (config_path == NULL && g_error_matches (error, TW_ERROR, TW_ERROR_GONE))
    tw_verb_complain (verb, "%s: say which journal with --journal PATH, or which station with --config FILE",
                      error->message);
  else
    tw_verb_complain (verb, "%s", error->message);

  return NULL;
}

TwJournal *
tw_journal_file_choose (const TwVerb          *verb,
                        const TwJournalChoice *choice,
                        char                 **path,
                        TwExit                *exit)
{
  g_autofree char *place = NULL;

  *path = NULL;
  *exit = TW_EXIT_USAGE;
  if (choice->journal != NULL && choice->config != NULL)
    {
      tw_verb_complain (verb, "--journal and --config both say which journal: give one of them");
      return NULL;
    }

  place = choice->journal != NULL ? g_strdup (choice->journal) : configured_journal (verb, choice->config);
  if (place == NULL)
    return NULL;
  *path = database_at (place);

  return tw_journal_file_open (verb, place, exit);
}
