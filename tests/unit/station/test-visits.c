/* SPDX-License-Identifier: Apache-2.0 */
/* Who came to the screen and how far it went, and whose receipt was seen: facts for the funnel, few and of nobody. */
#include "app/base/json.h"
#include "tests/lib/story.h"

#include <string.h>

#define IDLE_MS 120000

typedef struct { const char *kind; guint n; char *last; guint64 last_seq; } Found;

static gboolean
find (const TwEntry *entry,
      gpointer       user_data)
{
  Found *found = user_data;

  if (!g_str_equal (entry->kind, found->kind))
    return TRUE;
  found->n++;
  found->last_seq = entry->seq;
  g_free (found->last);
  found->last = g_strndup (g_bytes_get_data (entry->payload, NULL), g_bytes_get_size (entry->payload));
  return TRUE;
}

/* How many there are of a kind; the last one must say what is expected, in JSON without braces; NULL: whatever. */
static void
assert_told (Story      *story,
             const char *kind,
             guint       n,
             const char *expected)
{
  Found found = { .kind = kind };
  g_autofree char *last = NULL;
  g_autofree char *whole = g_strdup_printf ("{%s}", expected ? expected : "");

  g_assert_true (tw_journal_each (story->journal, NULL, find, &found, NULL));
  last = found.last;
  g_assert_cmpuint (found.n, ==, n);
  if (expected != NULL)
    g_assert_cmpstr (last, ==, whole);
}

static Story *
begin (StoryMeans means)
{
  Story *story = story_new (means);

  story->config.visit_ms = IDLE_MS;
  return story;
}

static void
test_looks_only (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);

  tw_station_touched (story->station);
  story_wait (story, 60000);
  tw_station_touched (story->station);
  story_wait (story, IDLE_MS - 1000);
  assert_told (story, "visit", 0, NULL);
  story_wait (story, 2000);
  assert_told (story, "visit", 1, "\"by\":\"touch\",\"lasted_ms\":60000,\"reached\":\"seen\",\"offers\":0,\"free\":2,"
               "\"all_busy\":false,\"end\":\"idle\"");
  story_wait (story, 10 * IDLE_MS);
  assert_told (story, "visit", 1, NULL);
}

static void
test_child_plays (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  guint64 before = tw_journal_last_seq (story->journal, NULL);

  for (guint i = 0; i < 600; i++)
    {
      tw_station_touched (story->station);
      story_wait (story, 6000);
    }
  story_wait (story, IDLE_MS);
  assert_told (story, "visit", 1, NULL);
  g_assert_cmpuint (tw_journal_last_seq (story->journal, NULL), ==, before + 1);
}

static void
test_goes_away (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);

  g_assert_true (tw_station_choose (story->station, 1, NULL, NULL));
  story_settle (story);
  g_assert_true (tw_station_choose (story->station, 2, NULL, NULL));
  story_settle (story);
  tw_station_cancel (story->station);
  story_wait (story, IDLE_MS + 1000);
  assert_told (story, "visit", 1, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"asked\",\"offers\":2,\"free\":2,"
               "\"all_busy\":false,\"end\":\"idle\"");
}

static void
test_declined (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_DECLINES);

  story_answer (story);
  story_wait (story, 2 * IDLE_MS);
  assert_told (story, "visit", 1, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"tapped\",\"offers\":1,\"free\":2,"
               "\"all_busy\":false,\"end\":\"idle\"");
}

/* Whoever has paid and looks on is nobody new; whoever comes for his car later is, and it is his own session. */
static void
test_pays (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 1000);

  assert_told (story, "visit", 1, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"approved\",\"offers\":1,\"free\":2,"
               "\"all_busy\":false,\"end\":\"session\"");
  tw_station_touched (story->station);
  story_wait (story, 2 * IDLE_MS);
  assert_told (story, "visit", 1, NULL);

  g_assert_true (tw_station_stop (story->station, 1, "stop", NULL));
  story_pay (story, 2 * IDLE_MS);
  assert_told (story, "visit", 2, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"seen\",\"offers\":0,\"free\":1,"
               "\"all_busy\":false,\"own\":true,\"end\":\"idle\"");
}

/* Its receipt so far is what "explain this amount" asks for. */
static void
test_explains (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 1000);

  story_wait (story, 2 * IDLE_MS);
  tw_station_touched (story->station);
  tw_station_receipt_fetched (story->station, session);
  story_wait (story, 2 * IDLE_MS);
  assert_told (story, "visit", 2, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"seen\",\"offers\":0,\"free\":1,"
               "\"all_busy\":false,\"own\":true,\"end\":\"idle\"");
  assert_told (story, "receipt-fetched", 0, NULL);
}

static void
test_pays_twice (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *first = story_arm (story, 0, "1:aa");
  g_autofree char *second = NULL;

  story_wait (story, 10000);
  second = story_arm (story, 1, "1:bb");
  assert_told (story, "visit", 2, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"approved\",\"offers\":1,\"free\":1,"
               "\"all_busy\":false,\"end\":\"session\"");
}

static guint
commits_of_an_approval (StoryMeans means,
                        gint64     visit_ms)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = NULL;

  story->config.visit_ms = visit_ms;
  session = story_ask (story, 0, "1:aa", STORY_APPROVES);
  story_cut_at (story, 1000, FALSE);   /* only counts */
  story_answer (story);
  assert_told (story, "visit", visit_ms > 0, NULL);
  g_assert_cmpuint (story->commits, >, 0);
  return story->commits;
}

/* It is in the commit that hands the session over: lost with it, or kept with it. */
static void
test_is_no_commit_of_its_own (StoryMeans means)
{
  g_assert_cmpuint (commits_of_an_approval (means, IDLE_MS), ==, commits_of_an_approval (means, 0));
}

static void
test_turned_away (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *first = story_charge (story, 0, "1:aa", 1000);
  g_autofree char *second = story_charge (story, 1, "1:bb", 1000);

  story_wait (story, 2 * IDLE_MS);
  tw_station_touched (story->station);
  story_wait (story, 2 * IDLE_MS);
  assert_told (story, "visit", 3, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"seen\",\"offers\":0,\"free\":0,"
               "\"all_busy\":true,\"end\":\"idle\"");
}

static void
test_closed (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);

  story_set_ready (story, FALSE);
  story_wait (story, 20000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  tw_station_touched (story->station);
  story_wait (story, 2 * IDLE_MS);
  assert_told (story, "visit", 1, "\"by\":\"touch\",\"lasted_ms\":0,\"reached\":\"seen\",\"offers\":0,\"free\":2,"
               "\"all_busy\":false,\"closed_why\":\"reader-starting\",\"end\":\"idle\"");
}

static void
test_plug_first (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);

  story_wait (story, 10000);
  tw_fake_bay_plug (story->bay[1]);
  story_wait (story, 5 * IDLE_MS);
  assert_told (story, "visit", 1, "\"by\":\"plug\",\"lasted_ms\":1000,\"reached\":\"asked\",\"offers\":1,\"free\":2,"
               "\"all_busy\":false,\"end\":\"idle\"");
}

static void
test_no_room (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  guint64 before;

  tw_memory_journal_set_roomy (story->disk, FALSE);
  story_wait (story, 20000);
  before = tw_journal_last_seq (story->journal, NULL);
  tw_station_touched (story->station);
  story_wait (story, 2 * IDLE_MS);
  g_assert_cmpuint (tw_journal_last_seq (story->journal, NULL), ==, before);
}

static void
test_off (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = NULL;

  story->config.visit_ms = 0;
  tw_station_touched (story->station);
  session = story_charge (story, 0, "1:aa", 1000);
  story_wait (story, 2 * IDLE_MS);
  assert_told (story, "visit", 0, NULL);
}

/* ---- receipts ---------------------------------------------------------------------------------------------------- */

static char *
pay_and_leave (Story *story)
{
  char *session = story_charge (story, 0, "1:aa", 1000);

  g_assert_true (tw_station_stop (story->station, 1, "stop", NULL));
  story_pay (story, 10000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  return session;
}

static void
test_receipt (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = pay_and_leave (story);
  g_autoptr (TwRecord) record = NULL;

  assert_told (story, "receipt-fetched", 0, NULL);
  for (guint i = 0; i < 5; i++)
    tw_station_receipt_fetched (story->station, session);
  story_settle (story);
  assert_told (story, "receipt-fetched", 1, "\"how\":\"shown\"");

  story_restart (story);
  tw_station_receipt_fetched (story->station, session);
  story_settle (story);
  assert_told (story, "receipt-fetched", 1, NULL);   /* the journal knew */

  tw_station_dismiss (story->station, 1);
  tw_station_dismiss (story->station, 1);
  tw_station_receipt_fetched (story->station, session);
  story_settle (story);
  assert_told (story, "receipt-fetched", 2, "\"how\":\"dismissed\"");
  record = story_record (story, session);
  g_assert_true (record->receipt_shown);
  g_assert_true (record->receipt_dismissed);
  story_assert_paid (story, session, 50);
}

static void
test_receipt_too_late (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *session = pay_and_leave (story);
  g_autoptr (TwRecord) record = NULL;

  tw_station_receipt_fetched (story->station, "somebody-else");
  story_wait (story, story->config.receipt_ms);
  tw_station_receipt_fetched (story->station, session);
  story_settle (story);
  assert_told (story, "receipt-fetched", 0, NULL);
  record = story_record (story, session);
  g_assert_false (record->receipt_shown);
}

/* The next session at the connector has a receipt of its own. */
static void
test_receipt_of_the_next (StoryMeans means)
{
  g_autoptr (Story) story = begin (means);
  g_autofree char *first = pay_and_leave (story);
  g_autofree char *second = NULL;

  tw_station_receipt_fetched (story->station, first);
  story_wait (story, 1000);
  tw_fake_bay_unplug (story->bay[0]);
  story_wait (story, 5000);
  second = pay_and_leave (story);
  tw_station_receipt_fetched (story->station, first);
  tw_station_receipt_fetched (story->station, second);
  story_settle (story);
  assert_told (story, "receipt-fetched", 2, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  story_add_card ("who-only-looks-is-a-visit", test_looks_only);
  story_add_card ("a-child-that-plays-is-one-visit", test_child_plays);
  story_add_card ("who-goes-away-is-told-how-far-it-went", test_goes_away);
  story_add ("who-is-declined-has-tapped", test_declined);
  story_add_card ("who-pays-ends-the-visit-and-comes-back-for-the-car", test_pays);
  story_add ("who-looks-at-the-own-session-is-nobody-new", test_explains);
  story_add_card ("who-pays-twice-is-two-visits", test_pays_twice);
  story_add ("a-visit-with-a-session-is-no-commit-of-its-own", test_is_no_commit_of_its_own);
  story_add ("who-finds-all-taken-is-turned-away", test_turned_away);
  story_add_card ("who-finds-it-closed-is-told-why", test_closed);
  story_add_card ("a-plug-is-a-sign", test_plug_first);
  story_add_card ("a-full-disk-has-no-room-for-visits", test_no_room);
  story_add ("visits-can-be-switched-off", test_off);
  story_add ("a-receipt-is-fetched-once", test_receipt);
  story_add ("a-receipt-that-is-not-shown-is-not-fetched", test_receipt_too_late);
  story_add ("each-session-has-its-receipt", test_receipt_of_the_next);
  return g_test_run ();
}
