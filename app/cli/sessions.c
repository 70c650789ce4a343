/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/error.h"
#include "app/cli/journal-file.h"
#include "app/cli/sessions-totals.h"
#include "app/cli/sheet.h"
#include "app/cli/session-times.h"

#include <string.h>

static struct
{
  TwJournalChoice choice;
  char           *since;
  int             limit;
  gboolean        json;
} options;

static const GOptionEntry OPTIONS[] = {
  TW_JOURNAL_CHOICE_OPTIONS (options.choice),
  { "since", 0, 0, G_OPTION_ARG_STRING, &options.since, "only those that began on this day or later, local time",
    "YYYY-MM-DD" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "only the last N of them", "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {test_mode, broken, sessions, totals}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Lists the sessions of a journal, one a line, and what became of their money. Needs no running station, and changes\n"
  "nothing. Without --journal and --config it is the journal of " TW_DEFAULT_CONFIG ".\n"
  "\n"
  "  tapwatt sessions\n"
  "  tapwatt sessions --journal /var/lib/tapwatt --since 2026-11-01\n"
  "  tapwatt sessions --config /etc/tapwatt/tapwatt.conf --limit 20\n"
  "  tapwatt sessions --json | jq '.sessions[] | select (.stands_out)'\n"
  "\n"
  "MONEY says what became of the hold:\n"
  "  asked, held                       it is being asked for; it is there, and the session goes on\n"
  "  captured, released, no-hold       the end of it: paid; given back; there never was one\n"
  "  capture-pending, release-pending  asked for, and not yet answered for good\n"
  "  refused                           the payment service said no: a finding says what to do\n"
  "A line that begins with ! wants to be looked at, and what follows it tells why. Sessions marked TEST moved no real\n"
  "money; they have a total of their own.\n"
  "\n"
  "Exit status: 0 nothing to look at; 1 a line with !, or a chain that is broken; 2 not a journal, or wrong\n"
  "arguments; 3 it could not be read.\n";

static const char *const TITLES[] = {
  " ", "SESSION", "RECEIPT", "BEGIN", ">NO", "STATE", ">KWH", ">PRICE", ">CAPTURED", ">HELD", "", "MONEY", "", NULL
};

static gboolean
check_options (const TwVerb *self)
{
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *text = options.since != NULL ? g_strconcat (options.since, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  if (text != NULL)
    day = g_date_time_new_from_iso8601 (text, utc);
  if (text != NULL && (day == NULL || strlen (options.since) != strlen ("YYYY-MM-DD")))
    tw_verb_complain (self, "--since %s: a day is expected, as in 2026-11-22", options.since);
  else if (options.limit < 0)
    tw_verb_complain (self, "--limit %d: a number above 0 is expected", options.limit);
  else
    return TRUE;

  return FALSE;
}

/* The last ones that began on the day or later; in the order in which they began. */
static GPtrArray *
select_records (const TwRecords *records,
                TwSessionTimes         *zones)
{
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < records->all->len; i++)
    {
      TwRecord *record = g_ptr_array_index (records->all, i);
      g_autofree char *begin = tw_session_times_begin (zones, record);

      if (options.since == NULL || strncmp (begin, options.since, strlen ("YYYY-MM-DD")) >= 0)
        g_ptr_array_add (chosen, record);
    }
  if (options.limit > 0 && chosen->len > (guint) options.limit)
    g_ptr_array_remove_range (chosen, 0, chosen->len - (guint) options.limit);

  return chosen;
}

static char *
decimal (const TwRecord *record,
         gint64          minor,
         gboolean        known)
{
  return known && tw_currency_digits (record->hold.currency) >= 0
    ? tw_money_to_decimal (tw_money (minor, record->hold.currency)) : g_strdup ("-");
}

/* What a person had done later. */
static void
add_repair (TwSheet        *table,
            const TwRecord *record,
            const TwRepair *repair)
{
  g_autofree char *amount = decimal (record, repair->amount_minor, TRUE);

  tw_sheet_note (table, "    %s, %s %s, for case %.10s by %s: %s", repair->operation, amount, record->hold.currency,
                 repair->case_, repair->by != NULL ? repair->by : "-",
                 repair->state == TW_REQUEST_DONE ? "done" : repair->state == TW_REQUEST_REFUSED ? "refused"
                 : "no definite answer yet; the station asks until it has one");
}

static void
add_notes (TwSheet        *table,
           const TwRecord *record)
{
  for (guint i = 0; i < record->findings->len; i++)
    {
      const TwFinding *finding = g_ptr_array_index (record->findings, i);
      g_autofree char *amount = decimal (record, finding->amount_minor, finding->amount_minor != 0);

      tw_sheet_note (table, "!   %s%s%s%s%s: %s", finding->class_, finding->amount_minor != 0 ? ", " : "",
                     finding->amount_minor != 0 ? amount : "", finding->amount_minor != 0 ? " " : "",
                     finding->amount_minor != 0 ? record->hold.currency : "", finding->text);
    }
  for (guint i = 0; i < tw_repairs_n (record->repairs); i++)
    add_repair (table, record, tw_repairs_nth (record->repairs, i));
  if (record->place == TW_PLACE_OVER && !tw_claim_closed (record->claim))
    tw_sheet_note (table, "!   unfinished: %s %s; the station asks until it has an answer%s%s",
                   record->request_key != NULL ? record->request_key : "the authorization",
                   record->request_outcome != NULL ? "has no definite answer" : "has no answer yet",
                   record->request_detail != NULL ? ", last: " : "",
                   record->request_detail != NULL ? record->request_detail : "");
}

static void
add_row (TwSheet        *table,
         TwSessionTimes        *zones,
         const TwRecord *record)
{
  g_autofree char *begin = tw_session_times_begin (zones, record);
  g_autofree char *state = tw_records_state (record);
  g_autofree char *number = record->receipt_number != 0
    ? g_strdup_printf ("%06" G_GUINT64_FORMAT, record->receipt_number) : g_strdup ("-");
  g_autofree char *connector = g_strdup_printf ("%u", record->connector);
  g_autofree char *kwh = tw_totals_kwh (record->n_marks > 0 ? tw_usage_energy_wh (record->usage) : -1);
  g_autofree char *price = decimal (record, record->price_minor, record->billed);
  g_autofree char *captured = decimal (record, tw_records_captured_minor (record),
                                       tw_records_captured_minor (record) > 0);
  g_autofree char *held = decimal (record, record->held_minor, record->held_minor > 0);
  const char *const cells[] = {
    tw_records_stands_out (record) ? "!" : " ", record->session, number, begin, connector, state, kwh, price, captured,
    held, record->hold.currency, tw_record_money (record), record->test_mode ? "TEST" : "", NULL
  };

  tw_sheet_add (table, cells);
  add_notes (table, record);
}

static void
add_totals (TwSheet         *table,
            const GPtrArray *totals)
{
  if (totals->len > 0)
    tw_sheet_note (table, "%s", "");
  for (guint i = 0; i < totals->len; i++)
    {
      const TwTotal *total = g_ptr_array_index (totals, i);
      g_autofree char *title = g_strdup_printf ("TOTAL of %u", total->n_sessions);
      g_autofree char *kwh = tw_totals_kwh (total->energy_wh);
      g_autofree char *price = tw_money_to_decimal (total->price);
      g_autofree char *captured = tw_money_to_decimal (total->captured);
      g_autofree char *unfinished = g_strdup_printf ("%u to look at", total->n_standing_out);
      const char *const cells[] = {
        " ", title, "", "", "", "", kwh, price, captured, "", total->price.currency,
        total->n_standing_out > 0 ? unfinished : "", total->test_mode ? "TEST" : "", NULL
      };

      tw_sheet_add (table, cells);
    }
}

static gboolean
print_text (const TwVerb    *self,
            const TwRecords *records,
            TwSessionTimes         *zones,
            const GPtrArray *chosen,
            const GPtrArray *totals)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (TwSheet) table = tw_sheet_new (TITLES);

  if (tw_totals_have_test (totals))
    g_string_append (text, "TEST MODE: what is marked TEST moved no real money.\n\n");
  if (records->part)
    g_string_append (text, "Part of a journal: nothing vouches for it.\n\n");
  for (guint i = 0; i < chosen->len; i++)
    add_row (table, zones, g_ptr_array_index (chosen, i));
  add_totals (table, totals);
  if (chosen->len > 0)
    tw_sheet_append_to (table, text);
  else
    g_string_append (text, "no sessions\n");
  if (records->broken_seq != 0)
    g_string_append_printf (text, "\n! BROKEN: %s. What comes after that is not shown, because it cannot be trusted:\n"
                            "! keep the file as it is, and see tapwatt journal verify --help\n", records->reason);

  return tw_verb_print (self, text->str);
}

static void
write_record (TwJsonOut      *out,
              TwSessionTimes        *zones,
              const TwRecord *record)
{
  g_autofree char *begin = tw_session_times_begin_iso8601 (zones, record);
  g_autofree char *state = tw_records_state (record);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "session", record->session);
  tw_json_out_int64 (out, "receipt", (gint64) record->receipt_number);
  tw_json_out_string (out, "begin", begin);
  tw_json_out_int64 (out, "connector", record->connector);
  tw_json_out_string (out, "evse_id", record->evse_id);
  tw_json_out_string (out, "state", state);
  tw_json_out_bool (out, "over", record->place == TW_PLACE_OVER);
  tw_json_out_int64 (out, "energy_wh", tw_usage_energy_wh (record->usage));
  tw_json_out_string (out, "currency", record->hold.currency);
  tw_json_out_bool (out, "billed", record->billed);
  tw_json_out_int64 (out, "price_minor", record->price_minor);
  tw_json_out_int64 (out, "captured_minor", tw_records_captured_minor (record));
  tw_json_out_int64 (out, "refunded_minor", tw_repairs_refunded_minor (record->repairs, FALSE));
  tw_json_out_int64 (out, "held_minor", record->held_minor);
  tw_json_out_string (out, "goal", tw_goal_kind_name (record->goal.kind));
  tw_json_out_int64 (out, "goal_value", tw_goal_value (&record->goal));
  tw_json_out_string (out, "money", tw_record_money (record));
  tw_json_out_bool (out, "closed", tw_record_closed (record));
  tw_json_out_bool (out, "stands_out", tw_records_stands_out (record));
  tw_json_out_bool (out, "test_mode", record->test_mode);
  tw_json_out_begin_array (out, "findings");
  for (guint i = 0; i < record->findings->len; i++)
    {
      const TwFinding *finding = g_ptr_array_index (record->findings, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "class", finding->class_);
      tw_json_out_int64 (out, "amount_minor", finding->amount_minor);
      tw_json_out_string (out, "text", finding->text);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
  tw_json_out_end (out);
}

static gboolean
print_json (const TwVerb    *self,
            const TwRecords *records,
            TwSessionTimes         *zones,
            const GPtrArray *chosen,
            const GPtrArray *totals)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_bool (out, "test_mode", tw_totals_have_test (totals));
  tw_json_out_bool (out, "part", records->part);
  tw_json_out_string (out, "broken", records->broken_seq != 0 ? records->reason : NULL);
  tw_json_out_begin_array (out, "sessions");
  for (guint i = 0; i < chosen->len; i++)
    write_record (out, zones, g_ptr_array_index (chosen, i));
  tw_json_out_end (out);
  tw_totals_write (totals, out);

  return tw_verb_print_json (self, out);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autofree char *path = NULL;
  g_autoptr (TwJournal) journal = NULL;
  g_autoptr (TwRecords) records = NULL;
  g_autoptr (TwSessionTimes) zones = NULL;
  g_autoptr (GPtrArray) chosen = NULL, totals = NULL;
  g_autoptr (GError) error = NULL;
  gboolean printed, found;
  TwExit exit;

  if (!check_options (self))
    return TW_EXIT_USAGE;
  journal = tw_journal_file_choose (self, &options.choice, &path, &exit);
  if (journal == NULL)
    return exit;

  records = tw_records_read (journal, path, NULL, &error);
  zones = tw_session_times_new (journal);
  chosen = records != NULL ? select_records (records, zones) : NULL;
  totals = chosen != NULL ? tw_totals_of (chosen, &error) : NULL;
  if (totals == NULL)
    {
      g_prefix_error (&error, "%s: ", path);
      return tw_verb_complain_of (self, error);
    }

  printed = options.json ? print_json (self, records, zones, chosen, totals)
                         : print_text (self, records, zones, chosen, totals);
  if (!printed)
    return TW_EXIT_UNKNOWN;
  found = records->broken_seq != 0;
  for (guint i = 0; i < chosen->len; i++)
    found |= tw_records_stands_out (g_ptr_array_index (chosen, i));

  return found ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_SESSIONS = {
  .name = "sessions",
  .arguments = "",
  .summary = "who charged, and what became of the money",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 0,
  .n_max = 0,
  .run = run,
};
