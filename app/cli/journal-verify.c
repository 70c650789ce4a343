/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/cli/journal-file.h"

#include <string.h>

static struct
{
  char    *head;
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "head", 0, 0, G_OPTION_ARG_STRING, &options.head, "a head that was noted earlier: it must still be in the chain",
    "HASH" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {good, entries, head, broken_seq, reason}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Walks the whole journal: every entry must follow the one before it, every hash and every blob must fit. PATH is a\n"
  "journal.db, the directory that it is in, or an export. The station may be running; nothing is changed.\n"
  "\n"
  "A tail that was cut off looks like a shorter journal that is good. So note the head that is printed somewhere\n"
  "outside the station, and give it the next time.\n"
  "\n"
  "  tapwatt journal verify /var/lib/tapwatt\n"
  "  tapwatt journal verify journal.jsonl --head 3f2a...\n"
  "\n"
  "Exit status: 0 good; 1 broken; 2 not a journal, or of a newer tapwatt; 3 it could not be read.\n";

static gboolean
is_hash (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdefABCDEF") == 64;
}

static gboolean
print_json (const TwVerb    *self,
            const TwVerdict *verdict)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_bool (out, "good", verdict->broken_seq == 0);
  tw_json_out_int64 (out, "entries", verdict->entries);
  tw_json_out_string (out, "head", verdict->head);
  if (verdict->broken_seq == 0)
    tw_json_out_string (out, "broken_seq", NULL);
  else
    tw_json_out_int64 (out, "broken_seq", verdict->broken_seq);
  tw_json_out_string (out, "reason", verdict->reason);

  return tw_verb_print_json (self, out);
}

static gboolean
print_text (const TwVerb    *self,
            const char      *path,
            const TwVerdict *verdict)
{
  g_autofree char *text = verdict->broken_seq == 0
    ? g_strdup_printf ("%s: good\nentries %" G_GUINT64_FORMAT "\nhead    %s\n", path, verdict->entries, verdict->head)
    : g_strdup_printf ("%s: BROKEN: %s\ngood    %" G_GUINT64_FORMAT " entries\nhead    %s\n"
                       "What comes after cannot be trusted. Keep this file as it is, and compare it with an export\n"
                       "or a backup from before.\n", path, verdict->reason, verdict->entries, verdict->head);

  return tw_verb_print (self, text);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  TwVerdict verdict = { 0 };
  TwExit exit;
  gboolean printed;

  if (options.head != NULL && !is_hash (options.head))
    {
      tw_verb_complain (self, "--head %s: a head is 64 hex digits", options.head);
      return TW_EXIT_USAGE;
    }

  journal = tw_journal_file_open (self, arguments[0], &exit);
  if (journal == NULL)
    return exit;

  if (!tw_journal_verify (journal, options.head, &verdict, &error))
    {
      tw_verb_complain (self, "%s: %s", arguments[0], error->message);
      return TW_EXIT_UNKNOWN;
    }

  printed = options.json ? print_json (self, &verdict) : print_text (self, arguments[0], &verdict);
  g_free (verdict.reason);
  if (!printed)
    return TW_EXIT_UNKNOWN;

  return verdict.broken_seq == 0 ? TW_EXIT_WELL : TW_EXIT_FOUND;
}

const TwVerb TW_VERB_JOURNAL_VERIFY = {
  .name = "journal verify",
  .arguments = "PATH",
  .summary = "is every entry as it was written?",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
