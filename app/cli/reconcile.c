/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/reconcile-choice.h"
#include "app/cli/reconcile-store.h"

#include "app/base/error.h"
#include "payment/reconcile/evidence/set.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define MOST_BYTES_TWICE (64 << 20)   /* of files that are read once more, for the page's witnesses */

static struct
{
  TwReconcileChoice choice;
  TwInputRole role;              /* of the words that follow */
  gboolean   role_given;
  char      *store, *output;
  gboolean   json, without_matched;
} options = { .choice = TW_RECONCILE_CHOICE_INIT };

static gboolean
on_role (const char  *name,
         const char  *value,
         gpointer     user_data,
         GError     **error)
{
  options.role = tw_input_role_of (name);
  options.role_given = TRUE;

  return tw_inputs_add (&options.choice.inputs, options.role, value, error);
}

/* More files of the option before: --journal A B C, as a shell's pattern makes them. */
static gboolean
on_word (const char  *name,
         const char  *value,
         gpointer     user_data,
         GError     **error)
{
  if (!options.role_given)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s: what is it? expected --journal, --psp, --bank or --meter before it", value);
      return FALSE;
    }

  return tw_inputs_add (&options.choice.inputs, options.role, value, error);
}

#define ROLE(name, description, argument) \
  { name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_role, description, argument }

static const GOptionEntry OPTIONS[] = {
  ROLE ("journal", "a journal, its directory, an export of it, or its sales; each may be given often", "PATH"),
  ROLE ("psp", "adyen, stripe, cybersource, zvt, csv, or without FORMAT: whatever it turns out to be",
        "[FORMAT:]PATH"),
  ROLE ("bank", "camt.053, camt.054, bank-csv", "[FORMAT:]PATH"),
  ROLE ("meter", "ocmf (signed records), meter-csv (a log), cdr (OCPI)", "[FORMAT:]PATH"),
  TW_RECONCILE_CHOICE_OPTIONS (options.choice),
  { "store", 0, 0, G_OPTION_ARG_STRING, &options.store,
    "load the files into a store, compare all that was ever loaded, and keep the case list: sqlite:PATH, or "
    "postgresql://[USER@]HOST/DATABASE", "URL" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output,
    "a directory for the page (report.html) and the tables", "DIR" },
  { "without-matched", 0, 0, G_OPTION_ARG_NONE, &options.without_matched,
    "leave out the table of what matched, which is by far the largest", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print all of it for programs", NULL },
  { G_OPTION_REMAINING, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) on_word, "", "" },
  { NULL }
};

static const char TEXT[] =
  "Compares four witnesses: what the stations' journals say, what the meters say, what the payment service settled,\n"
  "and what the bank received. Tells which sales hold in all of them, and lists what does not: how much money is at\n"
  "stake, who says what, and what to do. The books are closed when captured = settled + listed, to the cent and per\n"
  "currency, and nothing is listed. Files may come in any order, and often; nothing is counted twice.\n"
  "\n"
  "  tapwatt reconcile --journal /var/lib/tapwatt --psp adyen:settlement.csv --bank camt.053:statement.xml\n"
  "  tapwatt reconcile --journal station-*.jsonl --psp nov-*.csv --bank nov.xml --as-of 2026-12-01 --output nov\n"
  "  tapwatt reconcile --journal /var/lib/tapwatt --meter records.ocmf --registry keys.txt --psp nov.csv\n"
  "  tapwatt reconcile --journal sales.csv --psp csv:lines.csv --mapping acquirer.conf --tolerance 0.02,0.1% --json\n"
  "  tapwatt reconcile --store sqlite:books.db --journal /var/lib/tapwatt --psp nov-*.csv --bank nov.xml\n"
  "\n"
  "With --store URL the files are kept: loaded once, whole or not at all, and compared with all that was loaded\n"
  "before. What is found then lives on as a case (tapwatt cases list); one that was resolved is no exception any\n"
  "more, and what was matched by hand (tapwatt cases match) goes by the rule \"manual\".\n"
  "\n"
  "Nobody is asked whose file is not given: without a bank file the books are closed as far as journals and payment\n"
  "service go, which is what the report then says (--json: compared), and to the cent only with all three.\n"
  "\n"
  "Exit status: 0 closed, no exception, as far as the files go; 1 exceptions; 2 an input cannot be used, and where;\n"
  "3 the store or a file is out of reach, or another run is at work on the store.\n";

/* What goes into the directory of --output. */
static TwOutlet *(*const FILED[]) (const char *directory, const TwReportHead *head, GError **error) = {
  tw_outlet_new_csv, tw_outlet_new_lines, tw_outlet_new_page,
};

static gboolean
read_again (const TwIntake  *intake,
            GError         **error)
{
  return tw_inputs_read_again (&options.choice.inputs, intake, error);
}

/* Of a fleet's year nobody wants to wait twice: tapwatt evidence tells of one session. */
static gboolean
is_small (void)
{
  guint64 bytes = 0;
  GStatBuf file;

  for (guint i = 0; i < options.choice.inputs.all->len; i++)
    {
      const TwInput *input = g_ptr_array_index (options.choice.inputs.all, i);

      if (g_stat (input->path, &file) == 0)
        bytes += (guint64) file.st_size;
    }

  return bytes <= MOST_BYTES_TWICE;
}

/* Where the report is until store and files have what they are to keep: what is printed is so. NULL: stdout itself, if
 * there are none. */
static gboolean
open_draft (FILE   **draft,
            GError **error)
{
  *draft = options.store != NULL || options.output != NULL ? tmpfile () : NULL;
  if (*draft != NULL || (options.store == NULL && options.output == NULL))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "a temporary file: %s", g_strerror (errno));

  return FALSE;
}

static gboolean
print_draft (FILE    *draft,
             GError **error)
{
  char buffer[65536];
  gboolean well = TRUE;
  gsize n;

  rewind (draft);
  while (well && (n = fread (buffer, 1, sizeof buffer, draft)) > 0)
    well = fwrite (buffer, 1, n, stdout) == n;
  if (well && !ferror (draft) && fflush (stdout) == 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the report: %s", g_strerror (errno));

  return FALSE;
}

/* The forms that the command line asks for. evidence NULL: the files are not at hand to be read once more. */
static gboolean
open_outlets (const TwReportHead  *head,
              FILE                *draft,
              TwEvidenceSet       *evidence,
              TwReport            *report,
              GError             **error)
{
  report->outlets = g_new0 (TwOutlet *, 2 + G_N_ELEMENTS (FILED));
  report->outlets[0] = options.json
    ? tw_outlet_new_json (draft != NULL ? draft : stdout, head, error)
    : tw_outlet_new_text (draft != NULL ? draft : stdout, head, isatty (STDOUT_FILENO));
  if (report->outlets[0] == NULL)
    return FALSE;
  report->n_outlets = 1;
  if (options.output == NULL)
    return TRUE;

  if (g_mkdir_with_parents (options.output, 0750) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", options.output, g_strerror (errno));
      return FALSE;
    }
  if (evidence != NULL)
    report->outlets[report->n_outlets++] = tw_evidence_set_outlet (evidence);   /* before the page */
  for (guint i = 0; i < G_N_ELEMENTS (FILED); i++)
    {
      TwOutlet *outlet = FILED[i] (options.output, head, error);

      if (outlet == NULL)
        return FALSE;
      report->outlets[report->n_outlets++] = outlet;
    }

  return TRUE;
}

static gboolean
close_outlets (TwReport  *report,
               FILE      *draft,
               gboolean   well,
               GError   **error)
{
  for (guint i = 0; i < report->n_outlets; i++)
    {
      well = well && tw_outlet_close (report->outlets[i], error);
      tw_outlet_free (report->outlets[i]);
    }
  g_free (report->outlets);
  well = well && (draft == NULL || print_draft (draft, error));
  if (draft != NULL)
    fclose (draft);

  return well;
}

/* What is loaded stays, whatever becomes of the comparison. */
static gboolean
reconcile_stored (TwReconcileTerms  *terms,
                  TwReport          *report,
                  GError           **error)
{
  g_autoptr (TwReconcileStore) store = tw_reconcile_store_open (options.store, error);
  g_autoptr (TwReconciliation) books = NULL;
  TwReportHead head = { .as_of_us = terms->as_of_us, .time_zone = terms->time_zone,
                        .without_matched = options.without_matched };
  FILE *draft = NULL;
  TwIntake intake;
  gboolean well;

  if (store == NULL || !tw_reconcile_store_load (store, &options.choice.inputs, isatty (STDERR_FILENO), error)
      || !tw_reconcile_store_terms (store, terms, error))
    return FALSE;
  books = tw_reconciliation_new (terms, error);
  if (books == NULL)
    return FALSE;
  intake = tw_reconciliation_intake (books);
  if (!tw_reconcile_store_replay (store, &intake, isatty (STDERR_FILENO), error))
    return FALSE;

  head.files = (const TwReportFile *) (const void *) store->files->data;
  head.n_files = store->files->len;
  well = open_draft (&draft, error) && open_outlets (&head, draft, NULL, report, error)
    && tw_reconcile_store_run (store, books, report, error);

  return close_outlets (report, draft, well, error);
}

static gboolean
reconcile (TwReconcileTerms  *terms,
           TwReport          *report,
           GError           **error)
{
  g_autofree const char **names = tw_inputs_paths (&options.choice.inputs, terms);
  g_autoptr (TwReconciliation) books = tw_reconciliation_new (terms, error);
  g_autofree TwReportFile *files = NULL;
  TwReportHead head = { .as_of_us = terms->as_of_us, .time_zone = terms->time_zone,
                        .without_matched = options.without_matched };
  g_autoptr (TwEvidenceSet) evidence = tw_evidence_set_new (&head, read_again);
  FILE *draft = NULL;
  gboolean well;

  if (books == NULL)
    return FALSE;
  tw_inputs_offer_again (&options.choice.inputs, books);
  if (!tw_inputs_read (&options.choice.inputs, tw_reconcile_intake_of, books, isatty (STDERR_FILENO), error))
    return FALSE;

  files = tw_reconcile_choice_files (&options.choice);
  head.files = files;
  head.n_files = options.choice.inputs.all->len;
  if (is_small ())
    head.witnesses = tw_evidence_set_witnesses (evidence);
  well = open_draft (&draft, error) && open_outlets (&head, draft, evidence, report, error)
    && tw_reconciliation_run (books, &TW_REPORT, report, error);

  return close_outlets (report, draft, well, error);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GError) error = NULL;
  g_auto (TwInputs) inputs = { NULL };
  TwReconcileTerms terms;
  TwReport report = { 0 };

  if (options.choice.inputs.all == NULL && options.store == NULL)
    {
      tw_verb_complain (self, "of what? --journal PATH --psp PATH --bank PATH (tapwatt reconcile --help tells more)");
      return TW_EXIT_USAGE;
    }
  inputs = options.choice.inputs;
  if (options.output != NULL && *options.output == '\0')
    {
      tw_verb_complain (self, "--output \"\": expected a directory's name");
      return TW_EXIT_USAGE;
    }
  if (!tw_reconcile_choice_terms (&options.choice, self, &terms))
    return TW_EXIT_USAGE;
  terms.without_matched = !options.json && (options.output == NULL || options.without_matched);
  if (!tw_reconcile_choice_prepare (&options.choice, &error)
      || !(options.store != NULL ? reconcile_stored : reconcile) (&terms, &report, &error))
    return tw_verb_complain_of (self, error);

  return report.count.n_exceptions > 0 ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_RECONCILE = {
  "reconcile", "",
  "do journal, meter, payment service and bank agree?", TEXT, OPTIONS, 0, 0, run,
};
