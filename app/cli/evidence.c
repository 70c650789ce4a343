/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/evidence-folder.h"
#include "app/cli/reconcile-choice.h"

#include <unistd.h>

static struct
{
  TwReconcileChoice choice;
  char             *output;
} options = { .choice = TW_RECONCILE_CHOICE_INIT };

static gboolean
on_role (const char  *name,
         const char  *value,
         gpointer     user_data,
         GError     **error)
{
  return tw_inputs_add (&options.choice.inputs, tw_input_role_of (name), value, error);
}

#define ROLE(name, description, argument) \
  { name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_role, description, argument }

static const GOptionEntry OPTIONS[] = {
  ROLE ("journal", "as of tapwatt reconcile; each may be given often", "PATH"),
  ROLE ("psp", "the same", "[FORMAT:]PATH"),
  ROLE ("bank", "the same", "[FORMAT:]PATH"),
  ROLE ("meter", "the same", "[FORMAT:]PATH"),
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "a new directory", "DIR" },
  TW_RECONCILE_CHOICE_OPTIONS (options.choice),
  { NULL }
};

static const char TEXT[] =
  "Gathers in a new directory what all witnesses say of one session, for who disputes it and for who decides:\n"
  "index.html (print it to PDF), rows.jsonl (each row that belongs to it, with file and line), receipt.txt, price.txt\n"
  "(the readings priced once more), tariff.json (as it was locked), signed.ocmf (as the meter signed it) and\n"
  "journal.jsonl (what was written down when). The books are made of all files first, by the same options, so that\n"
  "what is said of the session is what tapwatt reconcile says. What no witness tells is shown as missing.\n"
  "\n"
  "  tapwatt evidence BENCH-1-000007-4be2a1 --journal /var/lib/tapwatt --psp nov.csv --bank nov.xml --output dispute\n"
  "\n"
  "Exit status: 0 written; 1 written, and the books list the session; 2 an input cannot be used, DIR exists, or\n"
  "nobody knows the session; 3 a file is out of reach or DIR cannot be written.\n";

/* Into the directory; unknown: nobody knows the session. */
static gboolean
collect (const TwReconcileTerms  *terms,
         const char              *session,
         gboolean                *unknown,
         gboolean                *listed,
         GError                 **error)
{
  g_autofree TwReportFile *files = NULL;
  TwReportHead head = { .as_of_us = terms->as_of_us, .time_zone = terms->time_zone };
  g_autoptr (TwReconciliation) books = tw_reconciliation_new (terms, error);
  g_autoptr (TwEvidence) evidence = tw_evidence_new (session, &head);
  TwIntake intake = tw_evidence_intake (evidence);

  if (books == NULL
      || !tw_inputs_read (&options.choice.inputs, tw_reconcile_intake_of, books, isatty (STDERR_FILENO), error))
    return FALSE;
  files = tw_reconcile_choice_files (&options.choice);
  head.files = files;
  head.n_files = options.choice.inputs.all->len;
  if (!tw_reconciliation_run (books, &TW_EVIDENCE, evidence, error)
      || !tw_inputs_read_again (&options.choice.inputs, &intake, error))
    return FALSE;
  *unknown = tw_evidence_is_empty (evidence);
  *listed = tw_evidence_is_listed (evidence);

  return *unknown || tw_evidence_folder_write (evidence, &head, session, options.output, error);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GError) error = NULL;
  g_auto (TwInputs) inputs = { options.choice.inputs.all };
  gboolean unknown, listed;
  TwReconcileTerms terms;
  gboolean nowhere = options.output == NULL || *options.output == '\0';

  if (options.choice.inputs.all == NULL || nowhere)
    {
      tw_verb_complain (self, "%s (tapwatt evidence --help tells more)",
                        nowhere ? "where to? --output DIR" : "from what? --journal PATH --psp PATH ...");
      return TW_EXIT_USAGE;
    }
  if (g_file_test (options.output, G_FILE_TEST_EXISTS))
    {
      tw_verb_complain (self, "%s: is there already; evidence is not overwritten", options.output);
      return TW_EXIT_USAGE;
    }
  if (!tw_reconcile_choice_terms (&options.choice, self, &terms))
    return TW_EXIT_USAGE;
  if (!tw_reconcile_choice_prepare (&options.choice, &error)
      || !collect (&terms, arguments[0], &unknown, &listed, &error))
    return tw_verb_complain_of (self, error);
  if (unknown)
    {
      tw_verb_complain (self, "no witness knows a session \"%s\"", arguments[0]);
      return TW_EXIT_USAGE;
    }

  return listed ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_EVIDENCE = {
  "evidence", "SESSION", "all that is known of a session, for a dispute", TEXT, OPTIONS, 1, 1, run,
};
