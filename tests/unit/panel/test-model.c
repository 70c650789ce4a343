/* SPDX-License-Identifier: Apache-2.0 */
/* The panel's model: three streams become one, sums are added up from the ledger's lines, and where ledger and journal
 * tell different stories about money it is said. Lines and entries are written here by hand, as app/bench/README.md and
 * payment/journal/README.md describe them; the seconds are the test's own.
 */
#include <string.h>

#include "app/bench/panel/accounts.h"
#include "app/bench/panel/card-groups.h"
#include "app/bench/panel/chronicle.h"
#include "app/bench/panel/entry-words.h"

#define S G_USEC_PER_SEC
#define LATER (1000 * S)

typedef struct
{
  TwChronicle *chronicle;
  TwAccounts  *accounts;
  guint64      n, seq;
} Street;

static void
street_init (Street *street)
{
  *street = (Street) { .chronicle = tw_chronicle_new (), .accounts = tw_accounts_new () };
}

static void
street_clear (Street *street)
{
  g_object_unref (street->chronicle);
  tw_accounts_free (street->accounts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Street, street_clear)

/* more: further members. */
static void
line (Street     *street,
      gint64      second,
      const char *kind,
      const char *text,
      const char *more)
{
  g_autofree char *json = g_strdup_printf ("{\"n\":%d,\"time\":\"x\",\"time_us\":%" G_GINT64_FORMAT ",\"kind\":\"%s\","
                                           "\"text\":\"%s\"%s%s}", (int) ++street->n, second * S, kind, text,
                                           more != NULL ? "," : "", more != NULL ? more : "");
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) parsed = tw_json_parse (json, strlen (json), &TW_JSON_SMALL, &error);

  g_assert_no_error (error);
  tw_accounts_add_line (street->accounts, parsed);
  tw_chronicle_add (street->chronicle, tw_row_from_line (parsed, json));
}

static void
ledger (Street     *street,
        gint64      second,
        const char *session,
        const char *move,
        const char *amount)
{
  g_autofree char *more = g_strdup_printf ("\"session\":\"%s\",\"line\":{\"code\":\"%s\",\"move\":\"%s\","
                                           "\"amount\":\"%s\",\"currency\":\"EUR\",\"http\":201,\"reason\":null}",
                                           session, session, move, amount);

  line (street, second, "ledger", move, more);
}

static void
entry (Street     *street,
       gint64      second,
       const char *session,
       const char *kind,
       const char *payload)
{
  TwInstant at = { .wall_us = second * S, .boot_us = second * S, .synced = TRUE };
  g_autoptr (TwEntry) made = tw_entry_new (at, session, kind, g_bytes_new (payload, strlen (payload)));

  made->seq = ++street->seq;
  tw_accounts_add_entry (street->accounts, made);
  tw_chronicle_add_entry (street->chronicle, made);
}

static void
offered (Street     *street,
         gint64      second,
         const char *session,
         int         connector)
{
  g_autofree char *payload = g_strdup_printf ("{\"connector\":%d,\"evse_id\":\"DE*TWT*E1*%d\",\"tariff\":\"%064d\","
                                              "\"seller\":\"%064d\",\"currency\":\"EUR\",\"hold_minor\":5000,"
                                              "\"language\":\"en\",\"test_mode\":true}", connector, connector, 1, 2);

  entry (street, second, session, "offered", payload);
}

static void
step (Street     *street,
      gint64      second,
      const char *session,
      const char *machine,
      const char *from,
      const char *to,
      const char *place)
{
  g_autofree char *payload = g_strdup_printf ("{\"event\":\"x\",\"from\":\"%s\",\"to\":\"%s\",\"place\":\"%s\","
                                              "\"connector\":1}", from, to, place);

  entry (street, second, session, machine, payload);
}

/* Up to the hold: offered at 10 s, asked at 11 s, approved at 12 s by both. */
static void
hold (Street     *street,
      const char *session)
{
  offered (street, 10, session, 1);
  step (street, 10, session, "counter", "welcome", "offer", "counter");
  entry (street, 11, session, "referenced",
         "{\"operation\":\"authorize\",\"key\":\"k-authorize-1\",\"reference\":\"{}\"}");
  step (street, 11, session, "counter", "asking", "authorizing", "counter");
  ledger (street, 12, session, "hold", "50.00");
  entry (street, 12, session, "approved", "{\"end\":\"approved\",\"held_minor\":5000,\"approval_code\":\"1\","
                                          "\"reference\":\"{}\"}");
  step (street, 12, session, "counter", "authorizing", "outcome", "bay");
}

static void
ask_capture (Street     *street,
             gint64      second,
             const char *session)
{
  step (street, second, session, "bay", "charging", "finishing", "bay");
  entry (street, second, session, "bill", "{\"tariff\":\"t\",\"energy_wh\":100,\"charging_ms\":1000,\"parking_ms\":0,"
         "\"exact_gross\":\"12.3\",\"net_minor\":1034,\"price_minor\":1230,\"capture_minor\":1230}");
  entry (street, second, session, "request", "{\"n\":2,\"operation\":\"capture\",\"key\":\"k-capture-2\","
                                             "\"amount_minor\":1230}");
}

static void
answer (Street     *street,
        gint64      second,
        const char *session)
{
  entry (street, second, session, "answer", "{\"n\":2,\"key\":\"k-capture-2\",\"outcome\":\"done\"}");
  step (street, second, session, "bay", "settling", "free", "over");
}

static void
assert_accord (Street     *street,
               const char *session,
               gint64      now_us,
               TwAccord    accord,
               const char *words)
{
  const TwAccount *account = tw_accounts_find (street->accounts, session);
  g_autofree char *said = NULL;

  g_assert_nonnull (account);
  g_assert_cmpint (tw_account_judge (account, now_us, &said), ==, accord);
  if (strstr (said, words) == NULL)
    g_error ("\"%s\" is not in \"%s\"", words, said);
}

static void
sums_are_added_up_from_the_lines (void)
{
  g_auto (Street) street;
  const TwAccount *account;

  street_init (&street);
  hold (&street, "A");
  ask_capture (&street, 20, "A");
  ledger (&street, 21, "A", "capture", "12.30");
  ledger (&street, 21, "A", "release", "37.70");
  ledger (&street, 22, "A", "none", "50.00");
  answer (&street, 21, "A");
  account = tw_accounts_find (street.accounts, "A");
  g_assert_cmpint (account->held, ==, 5000);
  g_assert_cmpint (account->captured, ==, 1230);
  g_assert_cmpint (account->released, ==, 3770);
  g_assert_cmpint (tw_account_open (account), ==, 0);
  assert_accord (&street, "A", LATER, TW_ACCORD_AGREE, "Captured");
  ledger (&street, 23, "A", "uncapture", "12.30");
  g_assert_cmpint (tw_account_open (account), ==, 1230);
}

static void
both_say_the_same (void)
{
  g_auto (Street) street;

  street_init (&street);
  hold (&street, "A");
  assert_accord (&street, "A", LATER, TW_ACCORD_AGREE, "Held");
  ask_capture (&street, 20, "A");
  assert_accord (&street, "A", LATER, TW_ACCORD_WAITING, "capture was asked for");
  ledger (&street, 21, "A", "capture", "12.30");    /* the answer is lost on its way: nobody lies */
  ledger (&street, 21, "A", "release", "37.70");
  assert_accord (&street, "A", LATER, TW_ACCORD_WAITING, "capture was asked for");
  answer (&street, 40, "A");
  assert_accord (&street, "A", LATER, TW_ACCORD_AGREE, "Captured");
}

static void
a_young_difference_is_on_its_way (void)
{
  g_auto (Street) street;

  street_init (&street);
  ledger (&street, 12, "A", "hold", "50.00");
  assert_accord (&street, "A", 12 * S + TW_ACCOUNT_GRACE_US - 1, TW_ACCORD_WAITING, "on its way");
  assert_accord (&street, "A", 12 * S + TW_ACCOUNT_GRACE_US, TW_ACCORD_DISAGREE, "the journal does not know");
}

static void
each_disagreement_is_said_in_words (void)
{
  g_auto (Street) street;

  street_init (&street);
  hold (&street, "other-hold");
  ledger (&street, 13, "other-hold", "hold", "10.00");
  assert_accord (&street, "other-hold", LATER, TW_ACCORD_DISAGREE, "50.00 held, the ledger 60.00");

  offered (&street, 10, "no-hold", 1);
  ledger (&street, 12, "no-hold", "hold", "50.00");
  assert_accord (&street, "no-hold", LATER, TW_ACCORD_DISAGREE, "no hold, in the ledger 50.00 is open");

  hold (&street, "secret");
  ledger (&street, 13, "secret", "capture", "5.00");
  assert_accord (&street, "secret", LATER, TW_ACCORD_DISAGREE, "0.00 captured, the ledger 5.00");

  hold (&street, "less");
  ask_capture (&street, 20, "less");
  ledger (&street, 21, "less", "capture", "12.00");
  ledger (&street, 21, "less", "release", "38.00");
  answer (&street, 22, "less");
  assert_accord (&street, "less", LATER, TW_ACCORD_DISAGREE, "12.30 captured, the ledger 12.00");

  hold (&street, "twice");
  ask_capture (&street, 20, "twice");
  ledger (&street, 21, "twice", "capture", "12.30");
  ledger (&street, 21, "twice", "capture", "12.30");
  assert_accord (&street, "twice", LATER, TW_ACCORD_DISAGREE, "2 captures");

  hold (&street, "left");
  ask_capture (&street, 20, "left");
  ledger (&street, 21, "left", "capture", "12.30");
  answer (&street, 22, "left");
  assert_accord (&street, "left", LATER, TW_ACCORD_DISAGREE, "37.70 is still held");

  hold (&street, "expired");
  ledger (&street, 30, "expired", "expire", "50.00");
  assert_accord (&street, "expired", LATER, TW_ACCORD_DISAGREE, "ran out");

  offered (&street, 10, "odd", 1);
  entry (&street, 11, "odd", "something-new", "{}");
  assert_accord (&street, "odd", LATER, TW_ACCORD_DISAGREE, "cannot be understood");
}

static void
another_street_begins_with_nothing (void)
{
  g_auto (Street) street;

  street_init (&street);
  hold (&street, "A");
  ledger (&street, 12, "B", "hold", "50.00");
  tw_accounts_clear_ledger (street.accounts);
  g_assert_cmpuint (tw_accounts_count (street.accounts), ==, 1);
  g_assert_cmpint (tw_accounts_find (street.accounts, "A")->held, ==, 0);
  tw_accounts_clear_journal (street.accounts);
  g_assert_cmpuint (tw_accounts_count (street.accounts), ==, 0);
}

static char *
texts (Street *street)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (street->chronicle)); i++)
    {
      g_autoptr (TwRow) row = g_list_model_get_item (G_LIST_MODEL (street->chronicle), i);

      g_string_append_printf (all, "%s:%s ", row->text, row->session != NULL ? row->session : "-");
    }

  return g_string_free (all, FALSE);
}

/* The streams come at their own pace; the time decides. At the same moment: hand, wire, journal, ledger. */
static void
three_streams_become_one (void)
{
  g_auto (Street) street;
  g_autofree char *seen = NULL;

  street_init (&street);
  line (&street, 3, "wire", "three", "\"wire\":\"acquirer\",\"from\":\"station\",\"session\":\"A\"");
  ledger (&street, 2, "A", "hold", "1.00");
  line (&street, 2, "wire", "two", "\"wire\":\"acquirer\",\"from\":\"street\"");
  entry (&street, 2, NULL, "station-started", "{\"version\":\"1\"}");
  line (&street, 2, "hand", "do it", NULL);
  line (&street, 1, "state", "is not shown", NULL);
  seen = texts (&street);
  g_assert_cmpstr (seen, ==, "do it:- two:- station started, version 1:- hold:A three:A ");
}

static void
a_wire_belongs_to_whose_turn_it_is (void)
{
  g_auto (Street) street;
  g_autofree char *seen = NULL;
  static const char READER[] = "\"wire\":\"reader\",\"from\":\"station\"";
  static const char FIRST[] = "\"wire\":\"controller\",\"connector\":1,\"from\":\"street\"";
  static const char SECOND[] = "\"wire\":\"controller\",\"connector\":2,\"from\":\"street\"";

  street_init (&street);
  line (&street, 9, "wire", "before", READER);
  line (&street, 11, "wire", "tap", READER);     /* is there before the journal tells of the offer */
  offered (&street, 10, "A", 1);
  line (&street, 12, "wire", "mine", FIRST);
  line (&street, 12, "wire", "nobody's", SECOND);
  line (&street, 12, "hand", "car 1 plug", NULL);
  line (&street, 15, "wire", "late", READER);
  line (&street, 30, "wire", "after", FIRST);
  step (&street, 14, "A", "counter", "authorizing", "outcome", "bay");
  step (&street, 20, "A", "bay", "settling", "free", "over");
  tw_chronicle_forget (street.chronicle, 1u << TW_LANE_LEDGER);
  seen = texts (&street);
  g_assert_cmpstr (seen, ==, "before:- offered at connector 1: a tap holds 50.00:A tap:A car 1 plug:A mine:A "
                   "nobody's:- counter 1: x, authorizing → outcome:A late:- bay 1: x, settling → free, session over:A "
                   "after:- ");
}

static void
the_oldest_rows_go_first (void)
{
  g_auto (Street) street;
  g_autoptr (TwRow) first = NULL;

  street_init (&street);
  for (guint i = 0; i <= TW_CHRONICLE_MOST; i++)
    line (&street, i, "hand", "x", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (street.chronicle)), <=, TW_CHRONICLE_MOST);
  first = g_list_model_get_item (G_LIST_MODEL (street.chronicle), 0);
  g_assert_cmpint (first->time_us, ==, (gint64) TW_CHRONICLE_MOST / 10 * S);
}

static void
trouble_is_marked (void)
{
  static const struct { const char *kind, *text, *more; gboolean bad; } CASES[] = {
    { "wire", "authorize: HTTP 201", "\"wire\":\"acquirer\",\"from\":\"street\",\"http\":201", FALSE },
    { "wire", "authorize: HTTP 502", "\"wire\":\"acquirer\",\"from\":\"street\",\"http\":502", TRUE },
    { "wire", "capture: connection ended without an answer",
      "\"wire\":\"acquirer\",\"from\":\"street\",\"http\":0", TRUE },
    { "wire", "(no answer to $GS)", "\"wire\":\"controller\",\"connector\":1,\"from\":\"street\"", TRUE },
    { "wire", "$OK 1", "\"wire\":\"controller\",\"connector\":1,\"from\":\"street\"", FALSE },
    { "hand", "refused: a number from 1 to 2 is expected", NULL, TRUE },
    { "hand", "car 1 plug", NULL, FALSE },
    { "ledger", "authorize", "\"line\":{\"http\":201,\"reason\":\"INSUFFICIENT_FUND\"}", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_auto (Street) street;
      g_autoptr (TwRow) row = NULL;

      street_init (&street);
      line (&street, 1, CASES[i].kind, CASES[i].text, CASES[i].more);
      row = g_list_model_get_item (G_LIST_MODEL (street.chronicle), 0);
      g_assert_cmpint (row->bad, ==, CASES[i].bad);
    }
}

static void
every_card_has_its_group (void)
{
  g_autoptr (GDir) dir = g_dir_open (TW_CARDS, 0, NULL);
  const char *file;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = g_str_has_suffix (file, ".card") ? g_strndup (file, strlen (file) - 5) : NULL;

      if (name == NULL)
        continue;
      if (tw_card_group (name) == TW_GROUP_OTHER)
        g_error ("%s is in no group of card-groups.c", name);
      n++;
    }
  g_assert_cmpuint (n, >, 30);
  g_assert_cmpint (tw_card_group ("nobody's"), ==, TW_GROUP_OTHER);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/sums-are-added-up-from-the-lines", sums_are_added_up_from_the_lines);
  g_test_add_func ("/panel/both-say-the-same", both_say_the_same);
  g_test_add_func ("/panel/a-young-difference-is-on-its-way", a_young_difference_is_on_its_way);
  g_test_add_func ("/panel/each-disagreement-is-said-in-words", each_disagreement_is_said_in_words);
  g_test_add_func ("/panel/another-street-begins-with-nothing", another_street_begins_with_nothing);
  g_test_add_func ("/panel/three-streams-become-one", three_streams_become_one);
  g_test_add_func ("/panel/a-wire-belongs-to-whose-turn-it-is", a_wire_belongs_to_whose_turn_it_is);
  g_test_add_func ("/panel/the-oldest-rows-go-first", the_oldest_rows_go_first);
  g_test_add_func ("/panel/trouble-is-marked", trouble_is_marked);
  g_test_add_func ("/panel/every-card-has-its-group", every_card_has_its_group);

  return g_test_run ();
}
