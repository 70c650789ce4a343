/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of whole sessions, told to the tally by their durable entries; the bank's ledger is the witness. */
#include "app/metrics/tally.h"
#include "tests/lib/story.h"

#include <string.h>

static gboolean
tell (const TwEntry *entry,
      gpointer       user_data)
{
  tw_tally_add (user_data, entry);
  return TRUE;
}

static TwTally *
tally_of (Story *story)
{
  TwTally *tally = tw_tally_new ("EUR");

  g_assert_true (tw_journal_each (story->journal, NULL, tell, tally, NULL));
  return tally;
}

static guint64
counted (const TwCounts *counts,
         const char     *name)
{
  for (guint i = 0; counts->names[i] != NULL; i++)
    if (g_str_equal (counts->names[i], name))
      return counts->counts[i];
  g_assert_not_reached ();
}

static guint64
all (const TwCounts *counts)
{
  guint64 sum = 0;

  for (guint i = 0; counts->names[i] != NULL; i++)
    sum += counts->counts[i];
  return sum;
}

static void
test_paid (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 3000);
  g_autoptr (TwTally) tally = NULL;
  const TwTurnover *turnover;

  g_assert_true (tw_station_stop (story->station, 1, "stop", NULL));
  story_pay (story, 60000);
  story_assert_paid (story, session, 150);

  tally = tally_of (story);
  turnover = &g_array_index (tally->turnover, TwTurnover, 0);
  g_assert_cmpuint (tally->turnover->len, ==, 1);
  g_assert_cmpint (turnover->held, ==, STORY_HOLD);
  g_assert_cmpint (turnover->captured, ==, story_ledger (story, session).captured);
  g_assert_cmpint (turnover->billed, ==, 150);
  g_assert_cmpint (turnover->released, ==, 0);
  g_assert_cmpuint (tally->energy_wh, ==, 3000);
  g_assert_cmpuint (tally->offers, ==, 1);
  g_assert_cmpuint (tally->begun, ==, 1);
  g_assert_cmpuint (counted (&tally->ended, "stop"), ==, 1);
  g_assert_cmpuint (all (&tally->ended), ==, 1);
  g_assert_cmpuint (all (&tally->abandoned), ==, 0);
  g_assert_cmpuint (counted (&tally->requests[0], "approved"), ==, 1);
  g_assert_cmpuint (counted (&tally->requests[1], "done"), ==, 1);
  g_assert_cmpint (tally->gateway, ==, 1);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 0);
}

static void
test_declined (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_DECLINES);
  g_autoptr (TwTally) tally = NULL;

  story_answer (story);
  story_wait (story, 60000);
  story_assert_nothing_open (story);
  tally = tally_of (story);
  g_assert_cmpuint (counted (&tally->requests[0], "declined"), ==, 1);
  g_assert_cmpuint (all (&tally->requests[0]), ==, 1);
  g_assert_cmpuint (all (&tally->declines), ==, 1);
  g_assert_cmpuint (counted (&tally->abandoned, "declined"), ==, 1);
  g_assert_cmpuint (tally->begun, ==, 0);
  g_assert_cmpint (g_array_index (tally->turnover, TwTurnover, 0).held, ==, 0);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 0);
}

static void
test_not_plugged_in (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 1, "1:aa");
  g_autoptr (TwTally) tally = NULL;

  story_pay (story, story->config.armed_ms + 60000);
  story_assert_released (story, session);
  tally = tally_of (story);
  g_assert_cmpuint (counted (&tally->ended, "not-connected"), ==, 1);
  g_assert_cmpint (g_array_index (tally->turnover, TwTurnover, 0).released, ==, STORY_HOLD);
  g_assert_cmpuint (counted (&tally->requests[2], "done"), ==, 1);
}

static void
test_unheard (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_HOLDS_UNHEARD);
  g_autoptr (TwTally) tally = NULL;

  story_answer (story);
  story_settle (story);
  tally = tally_of (story);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 1);   /* its money is not settled */
  story_pay (story, 600000);
  story_assert_released (story, session);
  g_clear_pointer (&tally, tw_tally_free);
  tally = tally_of (story);
  g_assert_cmpuint (counted (&tally->requests[2], "done"), ==, 1);
  g_assert_cmpuint (counted (&tally->abandoned, "not-taken") + counted (&tally->abandoned, "timeout"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 0);
}

static void
test_nobody_pays (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autoptr (TwTally) tally = NULL;

  g_assert_true (tw_station_choose (story->station, 1, NULL, NULL));
  story_settle (story);
  g_assert_true (tw_station_choose (story->station, 2, NULL, NULL));
  story_settle (story);
  tw_station_cancel (story->station);
  story_wait (story, 200000);
  tally = tally_of (story);
  g_assert_cmpuint (tally->offers, ==, 2);
  g_assert_cmpuint (counted (&tally->abandoned, "other-connector"), ==, 1);
  g_assert_cmpuint (counted (&tally->abandoned, "cancelled"), ==, 1);
  g_assert_cmpuint (all (&tally->requests[0]), ==, 0);
  g_assert_cmpint (tally->gateway, ==, -1);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 0);
}

static void
add (TwTally    *tally,
     const char *session,
     const char *kind,
     const char *payload)
{
  TwInstant at = { .wall_us = 1000000, .boot_us = 1000000, .synced = TRUE };
  g_autoptr (TwEntry) entry = tw_entry_new (at, session, kind, g_bytes_new (payload, strlen (payload)));

  tw_tally_add (tally, entry);
}

/* What it was told before the start only. */
static void
test_known (void)
{
  g_autoptr (TwTally) tally = tw_tally_new ("EUR");
  g_autoptr (TwRecord) record = tw_record_new ("s-1");

  record->hold = tw_money (5000, "DKK");
  record->claim = tw_claim_requested (tw_claim_wish (tw_claim_approved ((TwClaim) { 0 }), TW_WISH_CAPTURE));
  record->place = TW_PLACE_OVER;
  record->request_operation = g_strdup ("capture");
  record->request_amount_minor = 1234;
  tw_tally_know (tally, record);
  add (tally, "s-1", "answer", "{\"n\":2,\"key\":\"s-1-capture-2\",\"outcome\":\"done\"}");
  g_assert_cmpuint (tally->turnover->len, ==, 2);
  g_assert_cmpstr (g_array_index (tally->turnover, TwTurnover, 1).currency, ==, "DKK");
  g_assert_cmpint (g_array_index (tally->turnover, TwTurnover, 1).captured, ==, 1234);
  g_assert_cmpint (g_array_index (tally->turnover, TwTurnover, 0).captured, ==, 0);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 0);
}

/* Labels are from closed lists, whatever the journal of another version says. */
static void
test_strange (void)
{
  g_autoptr (TwTally) tally = tw_tally_new ("EUR");

  add (tally, "s-1", "offered", "{\"currency\":\"EUR\"}");
  add (tally, "s-1", "not-approved", "{\"end\":\"exploded\",\"reason\":\"4111111111111111\"}");
  add (tally, "s-1", "finding", "{\"class\":\"new-class\"}");
  add (tally, "s-1", "no-such-kind", "{}");
  add (tally, "s-2", "approved", "not json");
  add (tally, "s-2", "answer", "[]");
  add (tally, NULL, "tariff-activated", "{}");
  g_assert_cmpuint (counted (&tally->declines, "other"), ==, 1);
  g_assert_cmpuint (counted (&tally->findings, "other"), ==, 1);
  g_assert_cmpuint (all (&tally->requests[0]), ==, 0);
  g_assert_cmpuint (tally->tariffs, ==, 1);
}

static void
test_visits (void)
{
  g_autoptr (TwTally) tally = tw_tally_new ("EUR");

  add (tally, NULL, "visit", "{\"reached\":\"tapped\",\"offers\":1,\"own\":true}");
  add (tally, NULL, "visit", "{\"reached\":\"seen\",\"offers\":0,\"all_busy\":true}");
  add (tally, NULL, "visit", "{\"reached\":\"seen\",\"offers\":0,\"all_busy\":true,\"own\":true}");
  add (tally, "s-1", "receipt-fetched", "{\"how\":\"dismissed\"}");
  g_assert_cmpuint (counted (&tally->visits, "tapped"), ==, 1);
  g_assert_cmpuint (counted (&tally->visits, "seen"), ==, 1);
  g_assert_cmpuint (counted (&tally->visits, "own"), ==, 1);
  g_assert_cmpuint (tally->turned_away, ==, 1);
  g_assert_cmpuint (counted (&tally->receipts, "dismissed"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (tally->sessions), ==, 0);
}

/* "gateway-" in an answer: nobody was reached, or nobody behind him. */
static void
test_silence (void)
{
  g_autoptr (TwTally) tally = tw_tally_new ("EUR");

  add (tally, "s-1", "answer", "{\"outcome\":\"unknown\",\"detail\":\"gateway-unreachable\"}");
  g_assert_cmpint (tally->gateway, ==, 0);
  add (tally, "s-1", "answer", "{\"outcome\":\"unknown\",\"detail\":\"not-found-yet\"}");
  g_assert_cmpint (tally->gateway, ==, 0);
  add (tally, "s-1", "answer", "{\"outcome\":\"refused\",\"detail\":\"too-late\"}");
  g_assert_cmpint (tally->gateway, ==, 1);
  add (tally, "s-1", "answer", "{\"outcome\":\"unknown\",\"detail\":\"nothing-to-reverse-yet\"}");
  g_assert_cmpint (tally->gateway, ==, 1);
  add (tally, "s-2", "not-approved", "{\"end\":\"failed\",\"reason\":\"gateway-unreachable\"}");
  g_assert_cmpint (tally->gateway, ==, 0);
}

static void
test_commits (void)
{
  g_autoptr (TwTally) tally = tw_tally_new ("EUR");
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  TwInstant at = { .wall_us = 7, .boot_us = 7 };

  g_ptr_array_add (entries, tw_entry_new (at, "s-1", "offered", g_bytes_new_static ("{}", 2)));
  tw_tally_commit (tally, entries, FALSE, 100);
  g_assert_cmpuint (tally->offers, ==, 0);
  tw_tally_commit (tally, entries, TRUE, 100);
  g_assert_cmpuint (tally->offers, ==, 1);
  g_assert_cmpuint (tally->failed_commits, ==, 1);
  g_assert_cmpuint (tally->commits, ==, 1);
  g_assert_cmpuint (tally->entries, ==, 1);
  g_assert_cmpuint (tally->commit_times.counts[0], ==, 1);
  g_assert_cmpint (tally->last_commit_us, ==, 7);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  story_add ("a-paid-session-is-counted-as-the-bank-counts-it", test_paid);
  story_add ("a-decline-is-counted", test_declined);
  story_add ("a-hold-that-nobody-used-is-released", test_not_plugged_in);
  story_add ("an-unheard-answer-stays-until-it-is-settled", test_unheard);
  story_add_card ("offers-that-nobody-took-are-counted", test_nobody_pays);
  g_test_add_func ("/metrics/tally/a-session-from-before-is-understood", test_known);
  g_test_add_func ("/metrics/tally/strange-names-become-other", test_strange);
  g_test_add_func ("/metrics/tally/visits-and-receipts-are-counted", test_visits);
  g_test_add_func ("/metrics/tally/silence-is-told-from-an-answer", test_silence);
  g_test_add_func ("/metrics/tally/what-is-not-durable-is-not-counted", test_commits);
  return g_test_run ();
}
