/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/evidence-folder.h"
#include "app/cli/reconcile-inputs.h"
#include "app/cli/tariff-file.h"

#include <unistd.h>

static struct
{
  TwInputs inputs;
  char    *as_of, *output, *time_zone, *mapping, *bank_mapping, *reference_key, *registry, *meter_key;
} options;

static gboolean
on_role (const char  *name,
         const char  *value,
         gpointer     user_data,
         GError     **error)
{
  for (TwInputRole role = TW_INPUT_JOURNAL; role <= TW_INPUT_METER; role++)
    if (g_str_equal (name + 2, tw_input_role_name (role)))
      tw_inputs_add (&options.inputs, role, value);

  return TRUE;
}

#define ROLE(name, description, argument) \
  { name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_role, description, argument }

static const GOptionEntry OPTIONS[] = {
  ROLE ("journal", "as of tapwatt reconcile; each may be given often", "PATH"),
  ROLE ("psp", "the same", "[FORMAT:]PATH"),
  ROLE ("bank", "the same", "[FORMAT:]PATH"),
  ROLE ("meter", "the same", "[FORMAT:]PATH"),
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "a new directory", "DIR" },
  { "registry", 0, 0, G_OPTION_ARG_FILENAME, &options.registry,
    "which key signs for which meter, lines of SERIAL KEY", "FILE" },
  { "meter-key", 0, 0, G_OPTION_ARG_FILENAME, &options.meter_key, "one key for all signed records", "FILE" },
  { "as-of", 0, 0, G_OPTION_ARG_STRING, &options.as_of, "what is overdue is measured from here; without it now",
    "TIME" },
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &options.time_zone,
    "of the site, and of files that state none; without it this computer's", "ZONE" },
  { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &options.mapping, "which column means what, for --psp csv:PATH",
    "FILE" },
  { "bank-mapping", 0, 0, G_OPTION_ARG_FILENAME, &options.bank_mapping, "the same for --bank bank-csv:PATH", "FILE" },
  { "reference-key", 0, 0, G_OPTION_ARG_STRING, &options.reference_key,
    "Stripe: the key of the metadata that holds our reference (session)", "KEY" },
  { NULL }
};

static const char TEXT[] =
  "Gathers in a new directory what all witnesses say of one session, for who disputes it and for who decides:\n"
  "index.html (print it to PDF), rows.jsonl (each row that belongs to it, with file and line), receipt.txt, price.txt\n"
  "(the readings priced once more), tariff.json (as it was locked), signed.ocmf (as the meter signed it) and\n"
  "journal.jsonl (what was written down when). The books are made of all files first, so that what is said of the\n"
  "session is what tapwatt reconcile says. What no witness tells is shown as missing.\n"
  "\n"
  "  tapwatt evidence BENCH-1-000007-4be2a1 --journal /var/lib/tapwatt --psp nov.csv --bank nov.xml --output dispute\n"
  "\n"
  "Exit status: 0 written; 1 written, and the books list the session; 2 an input cannot be used, DIR exists, or\n"
  "nobody knows the session; 3 a file is out of reach or DIR cannot be written.\n";

static gboolean
set_up (const TwVerb     *self,
        TwReconcileTerms *terms)
{
  g_autoptr (GTimeZone) zone = options.time_zone != NULL ? tw_zone_choose (self, options.time_zone)
                                                         : g_time_zone_new_local ();
  gint64 as_of_ms;

  if (zone == NULL || !tw_time_choose (self, "--as-of", options.as_of, zone, &as_of_ms))
    return FALSE;
  tw_reconcile_terms_init (terms);
  terms->as_of_us = as_of_ms * 1000;
  terms->time_zone = g_intern_string (g_time_zone_get_identifier (zone));
  for (guint i = 0; i < options.inputs.all->len; i++)
    {
      TwInput *input = g_ptr_array_index (options.inputs.all, i);

      input->profile = (TwProfile) {
        .mapping = input->role == TW_INPUT_BANK ? options.bank_mapping : options.mapping,
        .time_zone = options.time_zone, .reference_key = options.reference_key, .registry = options.registry,
        .key = options.meter_key,
      };
    }

  return TRUE;
}

static TwIntake
intake_of (gpointer user_data)
{
  return tw_reconciliation_intake (user_data);
}

/* Into the directory; unknown: nobody knows the session. */
static gboolean
collect (const TwReconcileTerms  *terms,
         const char              *session,
         gboolean                *unknown,
         gboolean                *listed,
         GError                 **error)
{
  guint n = options.inputs.all->len;
  g_autofree TwReportFile *files = g_new0 (TwReportFile, n);
  const TwReportHead head = { .as_of_us = terms->as_of_us, .time_zone = terms->time_zone, .files = files,
                              .n_files = n };
  g_autoptr (TwReconciliation) books = tw_reconciliation_new (terms, error);
  g_autoptr (TwEvidence) evidence = tw_evidence_new (session, &head);
  TwIntake intake = tw_evidence_intake (evidence);

  if (books == NULL || !tw_inputs_read (&options.inputs, intake_of, books, isatty (STDERR_FILENO), error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const TwInput *input = g_ptr_array_index (options.inputs.all, i);

      files[i] = (TwReportFile) { tw_input_role_name (input->role), input->path, input->import };
    }
  if (!tw_reconciliation_run (books, &TW_EVIDENCE, evidence, error)
      || !tw_inputs_read_again (&options.inputs, &intake, error))
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
  g_auto (TwInputs) inputs = { options.inputs.all };
  gboolean unknown, listed;
  TwReconcileTerms terms;

  if (options.inputs.all == NULL || options.output == NULL)
    {
      tw_verb_complain (self, "%s (tapwatt evidence --help tells more)",
                        options.output == NULL ? "where to? --output DIR" : "from what? --journal PATH --psp PATH ...");
      return TW_EXIT_USAGE;
    }
  if (g_file_test (options.output, G_FILE_TEST_EXISTS))
    {
      tw_verb_complain (self, "%s: is there already; evidence is not overwritten", options.output);
      return TW_EXIT_USAGE;
    }
  if (!set_up (self, &terms))
    return TW_EXIT_USAGE;
  if (!collect (&terms, arguments[0], &unknown, &listed, &error))
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
