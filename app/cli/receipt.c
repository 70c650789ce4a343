/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/error.h"
#include "app/cli/journal-file.h"
#include "app/cli/records.h"
#include "payment/receipt/reprint.h"

static struct
{
  TwJournalChoice choice;
  char           *language;
  gboolean        json;
} options;

static const GOptionEntry OPTIONS[] = {
  TW_JOURNAL_CHOICE_OPTIONS (options.choice),
  { "language", 0, 0, G_OPTION_ARG_STRING, &options.language, "en or de; without it: as the driver had it",
    "LANGUAGE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print the receipt as an object (payment/receipt/README.md)",
    NULL },
  { NULL }
};

static const char TEXT[] =
  "Prints the receipt of a session again, from its journal entries alone: the readings are priced once more by the\n"
  "tariff that was shown, and must give the price that was billed. A session that took no money has a record instead.\n"
  "Needs no running station, and changes nothing. SESSION is as tapwatt sessions and the receipt itself show it.\n"
  "\n"
  "  tapwatt receipt BENCH-1-000007-4be2a1\n"
  "  tapwatt receipt BENCH-1-000007-4be2a1 --journal /media/backup/journal.db --language de\n"
  "  tapwatt receipt BENCH-1-000007-4be2a1 --json | jq .total.gross\n"
  "\n"
  "Exit status: 0 printed; 2 not a journal, its chain is broken, no such session, or it cannot be priced again; 3 it\n"
  "could not be read.\n";

static gboolean
check_language (const TwVerb *self)
{
  if (options.language == NULL || g_str_equal (options.language, "en") || g_str_equal (options.language, "de"))
    return TRUE;

  tw_verb_complain (self, "--language %s: accepted are en, de", options.language);

  return FALSE;
}

static TwExit
print (const TwVerb    *self,
       const TwReceipt *receipt,
       const char      *language)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = options.json ? tw_receipt_to_json (receipt, &error) : NULL;
  g_autofree char *text = options.json ? NULL : tw_receipt_to_text (receipt, language, &error);

  if (json != NULL)
    text = g_strdup_printf ("%.*s\n", (int) g_bytes_get_size (json), (const char *) g_bytes_get_data (json, NULL));
  if (text == NULL)
    {
      g_prefix_error (&error, "session %s: ", receipt->session);
      return tw_verb_complain_of (self, error);
    }

  return tw_verb_print (self, text) ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
}

/* NULL after a complaint. */
static const TwRecord *
find (const TwVerb    *self,
      const TwRecords *records,
      const char      *path,
      const char      *session)
{
  if (records->broken_seq != 0)
    tw_verb_complain (self, "%s: the chain is broken: %s; a receipt of it could not be trusted (tapwatt journal verify "
                      "tells more)", path, records->reason);
  else if (records->all->len == 0)
    tw_verb_complain (self, "%s: no session \"%s\" (tapwatt sessions lists them)", path, session);
  else
    return g_ptr_array_index (records->all, 0);

  return NULL;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  const char *session = arguments[0];
  g_autofree char *path = NULL;
  g_autoptr (TwJournal) journal = NULL;
  g_autoptr (TwRecords) records = NULL;
  g_autoptr (TwReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;
  const TwRecord *record;
  TwExit exit;

  if (!check_language (self))
    return TW_EXIT_USAGE;
  journal = tw_journal_file_choose (self, &options.choice, &path, &exit);
  if (journal == NULL)
    return exit;

  records = tw_records_read (journal, path, session, &error);
  record = records != NULL ? find (self, records, path, session) : NULL;
  if (records != NULL && record == NULL)
    return TW_EXIT_USAGE;

  receipt = record != NULL ? tw_receipt_reprint (journal, session, &error) : NULL;
  if (receipt == NULL)
    {
      g_prefix_error (&error, "%s: ", path);
      return tw_verb_complain_of (self, error);
    }

  return print (self, receipt, options.language != NULL ? options.language
                                                        : record->language != NULL ? record->language : "en");
}

const TwVerb TW_VERB_RECEIPT = {
  .name = "receipt",
  .arguments = "SESSION",
  .summary = "what a driver got, or should have got, on paper",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
