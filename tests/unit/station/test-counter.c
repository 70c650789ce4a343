/* SPDX-License-Identifier: Apache-2.0 */
/* What a person at the counter may do in between, and what the counter does without one. */
#include "tests/lib/story.h"

static void
assert_outcome (Story      *story,
                const char *outcome)
{
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_OUTCOME);
  g_assert_cmpstr (tw_station_counter (story->station).outcome, ==, outcome);
}

static gboolean
can_choose (Story      *story,
            guint       connector,
            const char *why_not)
{
  g_autoptr (GError) error = NULL;
  gboolean chosen = tw_station_choose (story->station, connector, NULL, &error);

  g_assert_true (chosen == (error == NULL));
  if (!chosen)
    g_assert_cmpstr (error->message, ==, why_not);
  return chosen;
}

/* The request is out; then the person goes. Nobody may pay for that, whatever the bank says later. */
static void
test_cancelled_is_never_paid (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_APPROVES);
  g_autoptr (TwRecord) record = NULL;

  story_wait (story, 3000);
  tw_station_cancel (story->station);
  story_settle (story);
  assert_outcome (story, "cancelled");
  g_assert_null (tw_station_counter (story->station).qr);
  if (means == STORY_CARD)
    tw_teller_approve (story->teller);   /* it was too late to stop that */
  story_pay (story, 400000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  g_assert_cmpuint (story_ledger (story, session).captures, ==, 0);
  story_assert_nothing_open (story);
  record = story_record (story, session);
  g_assert_true (tw_record_closed (record));
  g_assert_cmpint (record->place, ==, TW_PLACE_OVER);
}

static void
test_approved_after_the_cancel_is_released (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_APPROVES_LATE);

  story_wait (story, 30000);
  tw_station_cancel (story->station);
  story_wait (story, 5000);
  assert_outcome (story, "cancelled");
  if (means == STORY_CARD)
    tw_teller_approve (story->teller);
  else
    story_wait (story, 200000);
  g_assert_cmpuint (story_n_open (story), ==, 1);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);   /* nobody is armed whom nobody waits for */
  story_pay (story, 20000);
  g_assert_cmpuint (story_ledger (story, session).captures, ==, 0);
  g_assert_cmpuint (story_ledger (story, session).releases, >=, 1);
  story_assert_nothing_open (story);
}

/* The means has named its request, and the name is still being written. */
static void
test_cancelled_before_it_is_durable_is_never_asked (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_name (story, 0, "1:aa");
  g_autoptr (TwRecord) record = NULL;

  tw_station_cancel (story->station);
  for (guint i = 0; i < 10; i++)
    {
      tw_memory_journal_settle (story->disk);
      story_settle (story);
    }
  g_assert_false (story_has_asked (story, session));
  tw_memory_journal_hold (story->disk, FALSE);
  story_pay (story, 400000);
  g_assert_false (story_has_asked (story, session));
  g_assert_cmpuint (story_ledger (story, session).captures, ==, 0);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_assert_nothing_open (story);
  record = story_record (story, session);
  g_assert_true (tw_record_closed (record));
}

static void
test_after_a_cancel_the_next_is_served (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = story_ask (story, 0, "1:aa", STORY_DECLINES), *second = NULL;

  tw_station_cancel (story->station);
  if (means == STORY_CARD)
    tw_teller_decline (story->teller);
  story_pay (story, 1000);
  second = story_charge (story, 0, "1:bb", 2000);
  g_assert_cmpstr (first, !=, second);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
  story_assert_paid (story, second, 100);
  g_assert_cmpuint (story_ledger (story, first).captures, ==, 0);
  story_assert_nothing_open (story);
}

static void
test_cancel_before_the_card_leaves_nothing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;
  g_autoptr (TwRecord) record = NULL;

  tw_station_choose (story->station, 1, "en", NULL);
  story_settle (story);
  session = story_session (story, -1);
  tw_station_cancel (story->station);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_pay (story, 60000);
  g_assert_cmpuint (story_ledger (story, session).requests, ==, 0);
  record = story_record (story, session);
  g_assert_cmpstr (tw_record_money (record), ==, "no-hold");
}

/* The card comes in the moment in which the person changes their mind: it must not pay for the other connector. */
static void
test_another_connector_while_asking (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (TwRecord) record = NULL;

  tw_station_choose (story->station, 1, "en", NULL);
  story_settle (story);
  first = story_session (story, -1);
  g_assert_true (can_choose (story, 2, NULL));
  tw_teller_tap (story->teller, "1:aa");
  story_settle (story);
  second = story_session (story, -1);
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_ASKING);
  g_assert_cmpuint (tw_station_counter (story->station).connector, ==, 2);
  g_assert_false (story_has_asked (story, second));

  tw_teller_tap (story->teller, "1:aa");
  story_settle (story);
  tw_teller_approve (story->teller);
  story_settle (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  g_assert_cmpint (story_bay (story, 1), ==, TW_BAY_ARMED);
  g_assert_cmpuint (story_n_open (story), ==, 1);
  g_assert_true (story_ledger (story, second).is_open);
  record = story_record (story, first);
  g_assert_cmpstr (tw_record_money (record), ==, "no-hold");
  g_assert_true (tw_record_closed (record));
}

/* While a request is out the screen stays with it; after a cancel the old end is nobody's. */
static void
test_another_connector_while_authorizing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = story_ask (story, 0, "1:aa", STORY_DECLINES), *second = NULL;

  g_assert_false (can_choose (story, 2, "busy"));
  tw_station_cancel (story->station);
  g_assert_true (can_choose (story, 2, NULL));
  if (means == STORY_CARD)
    tw_teller_decline (story->teller);   /* the old take's end, while the next offer is on the screen */
  story_pay (story, 1000);
  second = story_session (story, -1);
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpint (story_counter (story), ==, means == STORY_CARD ? TW_COUNTER_ASKING : TW_COUNTER_AUTHORIZING);
  g_assert_cmpuint (tw_station_counter (story->station).connector, ==, 2);
  g_assert_cmpuint (story_n_open (story), ==, 0);
}

static void
test_one_at_a_time (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 0, "1:aa");

  g_assert_false (can_choose (story, 1, "connector-armed"));
  g_assert_false (can_choose (story, 3, "no-such-connector"));
  g_assert_true (can_choose (story, 2, NULL));
  g_assert_true (story_ledger (story, session).is_open);
}

static void
test_nobody_stays_forever (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  gint64 person_ms = means == STORY_CARD ? story->config.asking_ms : QR_CONFIRM_MS;

  if (means == STORY_QR)
    qr_service_script (story->qr, QR_SILENT, 1000);
  tw_station_choose (story->station, 1, "en", NULL);
  story_settle (story);
  story_pay (story, person_ms - 1000);
  g_assert_true (tw_counter_serves (story_counter (story)));
  story_pay (story, 20000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_assert_nothing_open (story);
}

static void
test_closed_without_means_after_the_grace (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  const char *why = means == STORY_CARD ? "reader-starting" : "gateway-unreachable";

  story_set_ready (story, FALSE);
  story_wait (story, 4000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_set_ready (story, TRUE);      /* a reader that starts again is back before anyone notices */
  story_wait (story, 10000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);

  story_set_ready (story, FALSE);
  story_wait (story, 4000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_wait (story, 2000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_cmpstr (tw_station_counter (story->station).closed_why, ==, why);
  g_assert_false (can_choose (story, 1, why));

  story_set_ready (story, TRUE);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_null (tw_station_counter (story->station).closed_why);
  g_assert_true (can_choose (story, 1, NULL));
}

/* Who has paid charges on and is settled, whatever the means does. */
static void
test_closed_is_for_new_customers_only (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  story_set_ready (story, FALSE);
  story_wait (story, 10000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  g_assert_true (tw_fake_bay_is_on (story->bay[0]));
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
  story_assert_paid (story, session, 100);
}

static void
test_a_request_that_is_out_is_answered_before_closing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_APPROVES);

  story_set_ready (story, FALSE);
  story_wait (story, 10000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_AUTHORIZING);
  story_answer (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_ARMED);
  g_assert_true (story_ledger (story, session).is_open);
}

static void
test_language_is_the_sessions_own (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (TwRecord) german = NULL, english = NULL;

  g_assert_cmpstr (tw_station_counter (story->station).language, ==, "en");
  g_assert_true (tw_station_choose (story->station, 1, "de", NULL));
  first = story_session (story, -1);
  g_assert_cmpstr (tw_station_counter (story->station).language, ==, "de");
  g_assert_true (tw_station_set_language (story->station, 0, "en", NULL));
  g_assert_cmpstr (tw_station_counter (story->station).language, ==, "en");
  g_assert_true (tw_station_set_language (story->station, 0, "de", NULL));
  g_assert_true (tw_station_set_language (story->station, 0, "de", NULL));
  g_assert_true (can_choose (story, 2, NULL));
  second = story_session (story, -1);
  g_assert_true (tw_station_set_language (story->station, 0, "en", NULL));
  story_settle (story);
  german = story_record (story, first);
  english = story_record (story, second);
  g_assert_cmpstr (german->language, ==, "de");
  g_assert_cmpstr (english->language, ==, "en");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add ("cancelled-is-never-paid", test_cancelled_is_never_paid);
  story_add ("approved-after-the-cancel-is-released", test_approved_after_the_cancel_is_released);
  story_add ("cancelled-before-it-is-durable-is-never-asked", test_cancelled_before_it_is_durable_is_never_asked);
  story_add ("after-a-cancel-the-next-is-served", test_after_a_cancel_the_next_is_served);
  story_add_card ("cancel-before-the-card-leaves-nothing", test_cancel_before_the_card_leaves_nothing);
  story_add_card ("another-connector-while-asking", test_another_connector_while_asking);
  story_add ("another-connector-while-authorizing", test_another_connector_while_authorizing);
  story_add ("one-at-a-time", test_one_at_a_time);
  story_add ("nobody-stays-forever", test_nobody_stays_forever);
  story_add ("closed-without-means-after-the-grace", test_closed_without_means_after_the_grace);
  story_add ("closed-is-for-new-customers-only", test_closed_is_for_new_customers_only);
  story_add ("a-request-that-is-out-is-answered-before-closing", test_a_request_that_is_out_is_answered_before_closing);
  story_add ("language-is-the-session's-own", test_language_is_the_sessions_own);
  return g_test_run ();
}
