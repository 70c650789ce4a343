/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/cli/journal-file.h"
#include "payment/reconcile/readers/sales-journal.h"

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <unistd.h>

static struct
{
  char    *session;
  char    *output;
  gboolean sales;
} options;

static const GOptionEntry OPTIONS[] = {
  { "session", 0, 0, G_OPTION_ARG_STRING, &options.session,
    "only this session's entries, and the blobs that they name", "ID" },
  { "sales", 0, 0, G_OPTION_ARG_NONE, &options.sales,
    "its sales instead, as CSV: one line for each, as the reconciliation takes them", NULL },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output,
    "a new file, for its owner only; without it: stdout", "FILE" },
  { NULL }
};

static const char TEXT[] =
  "Writes the journal as JSON Lines: one entry or one blob a line, with the exact bytes that were hashed. PATH is a\n"
  "journal.db, the directory that it is in, or another export. The station may be running; nothing is changed.\n"
  "\n"
  "An export of all can be verified like the journal itself. An export of one session cannot, because its chain lies\n"
  "between the sessions', but it is enough to compute its price and print its receipt again.\n"
  "\n"
  "  tapwatt journal export /var/lib/tapwatt --output journal.jsonl\n"
  "  tapwatt journal export /var/lib/tapwatt --session 20261122-000147 | jq .kind\n"
  "  tapwatt journal export /var/lib/tapwatt --sales --output sales.csv\n"
  "\n"
  "With --sales: the chain is followed, each sale is priced again from its readings, and what became of its money is\n"
  "told in 41 columns, which payment/reconcile/readers/README.md names. Amounts are minor units.\n"
  "\n"
  "Exit status: 0 written; 2 not a journal, no such session, or FILE exists; 3 it could not be read or written.\n";

static gboolean
on_first_entry (const TwEntry *entry,
                gpointer       user_data)
{
  *(gboolean *) user_data = TRUE;

  return FALSE;
}

static GOutputStream *
open_output (const TwVerb *self)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  GFileOutputStream *out;

  if (options.output == NULL)
    return g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  file = g_file_new_for_path (options.output);
  out = g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, &error);
  if (out == NULL)
    tw_verb_complain (self, "%s", error->message);

  return G_OUTPUT_STREAM (out);
}

static gboolean
write_all (TwJournal      *journal,
           GOutputStream  *out,
           GError        **error)
{
  return options.sales ? tw_sales_write_csv (journal, out, error)
                       : tw_journal_export (journal, options.session, out, error);
}

static TwExit
write_to (const TwVerb  *self,
          TwJournal     *journal,
          GOutputStream *out)
{
  g_autoptr (GError) error = NULL;
  TwExit exit;

  if (write_all (journal, out, &error) && g_output_stream_close (out, NULL, &error))
    return TW_EXIT_WELL;

  if (options.output == NULL && tw_verb_has_lost_reader ())
    return TW_EXIT_UNKNOWN;
  exit = tw_verb_complain_of (self, error);
  if (options.output != NULL)
    g_unlink (options.output);

  return exit;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwJournal) journal = NULL;
  g_autoptr (GOutputStream) out = NULL;
  g_autoptr (GError) error = NULL;
  gboolean found = options.session == NULL;
  TwExit exit;

  if (options.sales && !found)
    {
      tw_verb_complain (self, "--sales and --session: a session's entries cannot be verified, and so make no books");
      return TW_EXIT_USAGE;
    }

  journal = tw_journal_file_open (self, arguments[0], &exit);
  if (journal == NULL)
    return exit;

  if (!found && !tw_journal_each (journal, options.session, on_first_entry, &found, &error))
    return tw_verb_complain_of (self, error);
  if (!found)
    {
      tw_verb_complain (self, "%s: no entry of session \"%s\"", arguments[0], options.session);
      return TW_EXIT_USAGE;
    }

  out = open_output (self);
  if (out == NULL)
    return TW_EXIT_USAGE;

  return write_to (self, journal, out);
}

const TwVerb TW_VERB_JOURNAL_EXPORT = {
  .name = "journal export",
  .arguments = "PATH",
  .summary = "all of it, or one session, as JSON Lines; or its sales as CSV",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
