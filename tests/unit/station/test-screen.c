/* SPDX-License-Identifier: Apache-2.0 */
/* What the station says for screens: languages, receipts at their connectors, and money before it is spent. */
#include "app/base/error.h"
#include "tests/lib/story.h"

static const char *
language_at (Story *story,
             int    where)
{
  return where < 0 ? tw_station_counter (story->station).language : tw_station_bay (story->station, where).language;
}

static gboolean
set_language (Story      *story,
              guint       connector,
              const char *language)
{
  return tw_station_set_language (story->station, connector, language, NULL);
}

static gboolean
shows_receipt (Story *story,
               guint  i)
{
  return tw_station_bay (story->station, i).receipt_until_boot_us > 0;
}

/* A session that was paid and has left connector i. */
static char *
visit (Story *story,
       guint  i)
{
  char *session = story_charge (story, i, "1:aa", 10000);

  g_assert_true (tw_station_stop (story->station, i + 1, "stop", NULL));
  story_pay (story, 3000);
  g_assert_cmpint (story_bay (story, i), ==, TW_BAY_FREE);
  return session;
}

static void
assert_language_in_books (Story      *story,
                          const char *session,
                          const char *language)
{
  g_autoptr (TwRecord) record = story_record (story, session);

  g_assert_cmpstr (record->language, ==, language);
}

static void
test_two_bays_speak_two_languages (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = story_charge (story, 0, "1:aa", 0);
  g_autofree char *second = NULL;

  second = story_charge (story, 1, "1:bb", 0);
  g_assert_true (set_language (story, 2, "de"));
  story_settle (story);
  g_assert_cmpstr (language_at (story, 0), ==, "en");
  g_assert_cmpstr (language_at (story, 1), ==, "de");
  assert_language_in_books (story, first, "en");
  assert_language_in_books (story, second, "de");
  story_restart (story);
  g_assert_cmpstr (language_at (story, 0), ==, "en");
  g_assert_cmpstr (language_at (story, 1), ==, "de");
}

static void
test_the_outcome_is_its_sessions (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 0, "1:aa");

  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_OUTCOME);
  g_assert_true (set_language (story, 0, "de"));
  g_assert_cmpstr (language_at (story, 0), ==, "de");
  story_pay (story, 9000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_cmpstr (language_at (story, -1), ==, "en");
  g_assert_cmpstr (language_at (story, 0), ==, "de");
  assert_language_in_books (story, session, "de");
}

static void
test_a_chosen_language_waits_for_its_person (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  g_assert_true (set_language (story, 0, "de"));
  story_pay (story, 50000);
  g_assert_cmpstr (language_at (story, -1), ==, "de");
  g_assert_true (set_language (story, 0, "de"));   /* still there */
  story_pay (story, 50000);
  g_assert_cmpstr (language_at (story, -1), ==, "de");
  story_pay (story, 11000);
  g_assert_cmpstr (language_at (story, -1), ==, "en");

  g_assert_true (set_language (story, 0, "de"));
  g_assert_true (tw_station_choose (story->station, 1, "", NULL));
  story_pay (story, 40000);
  g_assert_cmpstr (language_at (story, -1), ==, "de");
  tw_station_cancel (story->station);
  story_pay (story, means == STORY_CARD ? 1000 : 60000);   /* a request that is out is not taken back */
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_cmpstr (language_at (story, -1), ==, "en");
}

static void
test_who_cannot_choose_changes_nothing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_name (story, 0, "1:aa");

  g_assert_false (tw_station_choose (story->station, 2, "de", NULL));
  g_assert_cmpstr (language_at (story, -1), ==, "en");
  tw_memory_journal_hold (story->disk, FALSE);
  story_settle (story);
  assert_language_in_books (story, session, "en");
}

static void
test_nobody_is_spoken_to_at_a_free_bay (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autoptr (GError) error = NULL;

  g_assert_null (language_at (story, 0));
  g_assert_false (tw_station_set_language (story->station, 1, "de", &error));
  g_assert_cmpstr (error->message, ==, "no-such-session");
  g_assert_false (set_language (story, 3, "de"));
  g_assert_false (set_language (story, 1, "fr"));
  tw_station_dismiss (story->station, 1);
  tw_station_dismiss (story->station, 3);
}

static void
test_a_receipt_stays_for_a_while (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;
  gint64 left_us;

  g_assert_false (shows_receipt (story, 0));
  session = visit (story, 0);
  g_assert_true (shows_receipt (story, 0));
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, session);
  left_us = tw_station_bay (story->station, 0).receipt_until_boot_us
            - tw_clock_now (tw_virtual_clock_clock (story->clock)).boot_us;
  g_assert_cmpint (left_us, >, 50 * G_USEC_PER_SEC);
  g_assert_cmpint (left_us, <=, 60 * G_USEC_PER_SEC);
  story_pay (story, left_us / 1000 + 1);
  g_assert_false (shows_receipt (story, 0));
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, session);
}

static void
test_a_receipt_is_put_away (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = visit (story, 0), *second = NULL;

  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, first);
  tw_station_dismiss (story->station, 2);
  g_assert_true (shows_receipt (story, 0));
  tw_station_dismiss (story->station, 1);
  g_assert_false (shows_receipt (story, 0));
  g_assert_null (language_at (story, 0));

  tw_fake_bay_unplug (story->bay[0]);
  story_pay (story, 10000);
  second = visit (story, 0);
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, second);
  g_assert_true (shows_receipt (story, 0));
  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
  g_assert_false (shows_receipt (story, 0));
  story_restart (story);   /* and is not brought back by one */
  g_assert_false (shows_receipt (story, 0));
}

static void
test_a_receipt_survives_a_restart (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = visit (story, 0);

  g_assert_true (set_language (story, 1, "de"));
  story_settle (story);
  story_kill (story);
  tw_virtual_clock_advance (story->clock, 20000);
  story_start (story);
  g_assert_true (shows_receipt (story, 0));
  g_assert_cmpstr (language_at (story, 0), ==, "de");
  assert_language_in_books (story, session, "de");
  story_kill (story);
  tw_virtual_clock_advance (story->clock, 41000);
  story_start (story);
  g_assert_false (shows_receipt (story, 0));
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, session);
}

/* Nobody can tell how long ago it was, if the clock was not right: then nobody is there any more. */
static void
test_a_reboot_shows_a_receipt_only_by_the_clock (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = visit (story, 0);

  story_kill (story);
  tw_virtual_clock_reboot (story->clock, 20000);
  story_start (story);
  g_assert_true (shows_receipt (story, 0));
  story_kill (story);
  tw_virtual_clock_set_synced (story->clock, FALSE);
  tw_virtual_clock_reboot (story->clock, 1000);
  story_start (story);
  g_assert_false (shows_receipt (story, 0));
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, session);
}

static void
test_what_was_never_at_the_connector_leaves_no_receipt (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_DECLINES);

  story_answer (story);
  story_pay (story, 9000);
  assert_language_in_books (story, session, "en");   /* it is a session, */
  g_assert_false (shows_receipt (story, 0));         /* but nothing was sold */
  story_restart (story);
  g_assert_false (shows_receipt (story, 0));
  g_assert_null (tw_station_bay (story->station, 0).last_session);
}

static const char with_parking[] =
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T2\",\"currency\":\"EUR\",\"tax_included\":\"YES\","
  "\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19.0,\"step_size\":1},"
  "{\"type\":\"PARKING_TIME\",\"price\":6.00,\"vat\":19.0,\"step_size\":60}]}],"
  "\"last_updated\":\"2026-01-01T00:00:00Z\"}";

static void
test_money_before_it_is_spent (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, with_parking);
  TwBayView view = tw_station_bay (story->station, 0);
  g_autofree char *session = NULL;

  /* 32 A x 3 x 230 V = 22080 W: 20 kWh take 3261 s, which is 55 min; 20 x 0.50 EUR. */
  g_assert_cmpint (view.offer_hold_minor, ==, STORY_HOLD);
  g_assert_cmpint (view.example.energy_wh, ==, 20000);
  g_assert_cmpint (view.example.duration_ms, ==, 55 * 60 * 1000);
  g_assert_cmpint (view.example.price_minor, ==, 1000);
  g_assert_false (view.next.known);
  g_assert_cmpint (view.power_w, ==, 0);

  session = story_charge (story, 0, "1:aa", 100);
  view = tw_station_bay (story->station, 0);
  g_assert_true (view.next.known);
  g_assert_cmpstr (view.idle.tag.gross_price, ==, "6.00");
  g_assert_cmpint (view.idle.at_boot_us, ==, 0);
  g_assert_cmpint (view.next.tag.kind, ==, TW_LINE_PARKING_TIME);
  g_assert_true (view.next.after_charging);
  g_assert_cmpint (view.power.car, ==, TW_CAR_DRAWING);
  g_assert_cmpint (view.power_w, ==, 11040);   /* 16 A x 3 x 230 V */
  tw_fake_bay_full (story->bay[0]);
  story_settle (story);
  g_assert_cmpint (tw_station_bay (story->station, 0).power_w, ==, 0);
  story_wait (story, 2000);
  view = tw_station_bay (story->station, 0);   /* the fee begins a minute after it stopped */
  g_assert_cmpint (view.idle.at_boot_us - tw_clock_now (tw_virtual_clock_clock (story->clock)).boot_us, >, 56000000);
  g_assert_cmpint (view.idle.at_boot_us - tw_clock_now (tw_virtual_clock_clock (story->clock)).boot_us, <, 60000000);
  story_pay (story, 60000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_PAUSED);
  g_assert_false (tw_station_bay (story->station, 0).next.known);
  g_assert_false (tw_station_bay (story->station, 0).idle.known);   /* it is due now */
}

static void
test_whoever_leaves_sees_the_contactor_open (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 100);

  tw_fake_bay_stick (story->bay[0], TRUE);
  tw_station_close (story->station);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  g_assert_cmpstr (tw_station_bay (story->station, 0).record->session, ==, session);   /* goes on with the next start */
  story_wait (story, 3000);
  g_assert_false (tw_station_is_dark (story->station));
  tw_fake_bay_stick (story->bay[0], FALSE);
  g_assert_true (tw_station_is_dark (story->station));
}

/* "Open" at once is what it said before it heard of us. */
static void
test_old_news_of_a_contactor_is_none (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 100);

  tw_station_close (story->station);
  g_assert_cmpstr (tw_station_bay (story->station, 0).record->session, ==, session);
  g_assert_false (tw_station_bay (story->station, 0).power.contactor_closed);
  g_assert_false (tw_station_is_dark (story->station));
  story_wait (story, 2000);
  g_assert_true (tw_station_is_dark (story->station));
}

static void
test_an_idle_station_leaves_at_once (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  story_wait (story, 10000);
  tw_fake_bay_cable (story->bay[1], FALSE);   /* nobody to wait for */
  tw_station_close (story->station);
  g_assert_true (tw_station_is_dark (story->station));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  story_add ("two-bays-speak-two-languages", test_two_bays_speak_two_languages);
  story_add ("the-outcome-is-its-sessions", test_the_outcome_is_its_sessions);
  story_add ("a-chosen-language-waits-for-its-person", test_a_chosen_language_waits_for_its_person);
  story_add ("who-cannot-choose-changes-nothing", test_who_cannot_choose_changes_nothing);
  story_add ("nobody-is-spoken-to-at-a-free-bay", test_nobody_is_spoken_to_at_a_free_bay);
  story_add ("a-receipt-stays-for-a-while", test_a_receipt_stays_for_a_while);
  story_add ("a-receipt-is-put-away", test_a_receipt_is_put_away);
  story_add ("a-receipt-survives-a-restart", test_a_receipt_survives_a_restart);
  story_add ("a-reboot-shows-a-receipt-only-by-the-clock", test_a_reboot_shows_a_receipt_only_by_the_clock);
  story_add ("what-was-never-at-the-connector-leaves-no-receipt",
             test_what_was_never_at_the_connector_leaves_no_receipt);
  story_add_card ("whoever-leaves-sees-the-contactor-open", test_whoever_leaves_sees_the_contactor_open);
  story_add_card ("old-news-of-a-contactor-is-none", test_old_news_of_a_contactor_is_none);
  story_add_card ("an-idle-station-leaves-at-once", test_an_idle_station_leaves_at_once);
  story_add ("money-before-it-is-spent", test_money_before_it_is_spent);
  return g_test_run ();
}
