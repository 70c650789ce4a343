/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody sets the clock, the board starts again, the power comes and goes: what is billed and what falls due follows
 * the time that passed, never the time that a clock shows. */
#include "tests/lib/story.h"

#define HOUR_US  (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define YEARS_US (3652 * 24 * HOUR_US)    /* ten */

/* 0.50 EUR a kWh, 6.00 EUR an hour while it charges, 3.00 EUR an hour while it only stands. */
static const char timed[] =
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T2\",\"currency\":\"EUR\",\"tax_included\":\"YES\","
  "\"elements\":[{\"price_components\":["
  "{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19.0,\"step_size\":1},"
  "{\"type\":\"TIME\",\"price\":6.00,\"vat\":19.0,\"step_size\":60},"
  "{\"type\":\"PARKING_TIME\",\"price\":3.00,\"vat\":19.0,\"step_size\":60}]}],"
  "\"last_updated\":\"2026-01-01T00:00:00Z\"}";

static const gint64 steps[] = { HOUR_US, -HOUR_US, YEARS_US, -YEARS_US };

/* 2 kWh and a time that is billed as ten minutes, the last of them begun and not full: 1.00 EUR each. */
#define TEN_MINUTES_MS (10 * 60 * 1000 - 20 * 1000)
#define PRICE_OF_IT    200

static void
test_step_while_asking (StoryMeans means)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (Story) story = story_new_priced (means, timed);
      g_autofree char *session = NULL;

      tw_station_choose (story->station, 1, "en", NULL);
      tw_virtual_clock_step_wall (story->clock, steps[i]);
      story_wait (story, 30000);
      g_assert_true (tw_counter_serves (story_counter (story)));      /* the person's time is not over */
      tw_station_cancel (story->station);
      story_pay (story, 200000);
      g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);

      session = story_ask (story, 0, "1:aa", STORY_APPROVES);
      tw_virtual_clock_step_wall (story->clock, steps[i]);
      story_wait (story, 20000);
      g_assert_cmpint (story_counter (story), ==, TW_COUNTER_AUTHORIZING);
      story_answer (story);
      g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_ARMED);
      story_pay (story, 290000);
      g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_ARMED);
      story_pay (story, 20000);
      story_assert_released (story, session);
    }
}

static void
test_step_while_charging (StoryMeans means)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (Story) story = story_new_priced (means, timed);
      g_autofree char *session = story_charge (story, 0, "1:aa", 1000);

      story_wait (story, TEN_MINUTES_MS / 2);
      tw_virtual_clock_step_wall (story->clock, steps[i]);
      tw_fake_bay_energy (story->bay[0], 1000);
      story_wait (story, TEN_MINUTES_MS / 2);
      g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
      tw_station_stop (story->station, 1, "stop", NULL);
      story_pay (story, 3000);
      story_assert_paid (story, session, PRICE_OF_IT);
    }
}

/* The bank is silent; the clock jumps; it is asked again at its time, and once it answers all is over. */
static void
test_step_while_settling (StoryMeans means)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (Story) story = story_new_priced (means, timed);
      g_autofree char *session = story_charge (story, 0, "1:aa", 2000);
      guint before;

      story_wait (story, TEN_MINUTES_MS);
      story_set_mood (story, STORY_ACTS_UNHEARD);
      tw_station_stop (story->station, 1, "stop", NULL);
      story_pay (story, 5000);
      g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_SETTLING);
      before = story_ledger (story, session).requests;
      tw_virtual_clock_step_wall (story->clock, steps[i]);
      story_pay (story, 60000);
      g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
      g_assert_cmpuint (story_ledger (story, session).requests, >, before);
      /* in growing intervals, all the same */
      g_assert_cmpuint (story_ledger (story, session).requests, <, before + 10);
      story_set_mood (story, STORY_ACTS);
      story_pay (story, 70000);
      story_assert_paid (story, session, PRICE_OF_IT);
      story_assert_nothing_open (story);
    }
}

static void
test_parking_is_counted_from_idle (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, timed);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);
  g_autoptr (TwRecord) record = NULL;
  gint64 charging, parking;

  story_wait (story, TEN_MINUTES_MS);
  tw_fake_bay_full (story->bay[0]);
  story_wait (story, 30000);   /* a short pause is no pause: still the eleventh minute of charging */
  tw_virtual_clock_step_wall (story->clock, YEARS_US);
  story_wait (story, TEN_MINUTES_MS + 30000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_PAUSED);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
  record = story_record (story, session);
  charging = tw_usage_duration_ms (record->usage, TW_PHASE_CHARGING);
  parking = tw_usage_duration_ms (record->usage, TW_PHASE_PARKING);
  g_assert_cmpint (charging, >=, TEN_MINUTES_MS + 60000);
  g_assert_cmpint (charging, <=, TEN_MINUTES_MS + 70000);
  g_assert_cmpint (parking, >=, TEN_MINUTES_MS - 10000);
  g_assert_cmpint (parking, <=, TEN_MINUTES_MS + 10000);
  g_assert_cmpint (story_ledger (story, session).captured, ==, record->price_minor);
}

/* How many milliseconds are billed of an hour in which the station was away. */
static gint64
billed_of_the_gap (StoryMeans means,
                   gboolean   reboots,
                   gboolean   synced)
{
  g_autoptr (Story) story = story_new_priced (means, timed);
  g_autofree char *session = story_charge (story, 0, "1:aa", 1000);
  g_autoptr (TwRecord) before = NULL, after = NULL;

  story_wait (story, 61000);   /* a periodic reading is in the journal */
  before = story_record (story, session);
  story_kill (story);
  tw_virtual_clock_set_synced (story->clock, synced);
  if (reboots)
    tw_virtual_clock_reboot (story->clock, 3600 * 1000);
  else
    tw_virtual_clock_advance (story->clock, 3600 * 1000);
  tw_fake_bay_energy (story->bay[0], 1000);   /* the car went on */
  story_start (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  g_assert_true (tw_fake_bay_is_on (story->bay[0]));
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
  after = story_record (story, session);
  g_assert_cmpint (tw_usage_energy_wh (after->usage), ==, 2000);   /* energy was metered, whatever the clock */
  g_assert_true (tw_record_closed (after));
  g_assert_cmpint (story_ledger (story, session).captured, ==, after->price_minor);
  return tw_usage_duration_ms (after->usage, TW_PHASE_CHARGING) - tw_usage_duration_ms (before->usage,
                                                                                        TW_PHASE_CHARGING);
}

static void
test_no_time_is_billed_without_a_clock_that_knows (StoryMeans means)
{
  gint64 restarted = billed_of_the_gap (means, FALSE, FALSE), rebooted = billed_of_the_gap (means, TRUE, TRUE);

  g_assert_cmpint (restarted, >=, 3600 * 1000);          /* one boot: its own time is enough */
  g_assert_cmpint (restarted, <, 3610 * 1000);
  g_assert_cmpint (rebooted, >=, 3600 * 1000 - 10000);   /* two boots, both times the wall clock was right */
  g_assert_cmpint (rebooted, <, 3610 * 1000);
  g_assert_cmpint (billed_of_the_gap (means, TRUE, FALSE), <, 10 * 1000);
}

/* A deadline goes on where it was. */
static void
test_armed_does_not_begin_anew (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 0, "1:aa");

  story_wait (story, 200000);
  story_restart (story);
  story_pay (story, 60000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_ARMED);
  story_restart (story);
  story_pay (story, 50000);
  story_assert_released (story, session);
}

static void
test_two_restarts_while_authorizing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_APPROVES);

  if (means == STORY_CARD)
    tw_teller_approve_unheard (story->teller);   /* the bank holds; the station dies of it */
  story_restart (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_wait (story, 500);
  story_restart (story);       /* the release is asked for, and not answered */
  story_wait (story, 120000);
  story_restart (story);
  story_pay (story, 10000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  g_assert_cmpuint (story_ledger (story, session).captures, ==, 0);
  if (means == STORY_CARD)
    story_assert_released (story, session);
  story_assert_nothing_open (story);
}

static void
test_two_restarts_while_charging (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  for (guint i = 0; i < 2; i++)
    {
      story_restart (story);
      g_assert_true (tw_fake_bay_is_on (story->bay[0]));
      tw_fake_bay_energy (story->bay[0], 1000);
    }
  story_wait (story, 2000);
  story_restart (story);       /* and again before anything can have been read */
  story_restart (story);
  story_wait (story, 2000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
  story_assert_paid (story, session, 200);
}

static void
test_two_restarts_while_settling (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);
  g_autoptr (TwRecord) record = NULL;

  story_set_mood (story, STORY_ACTS_UNHEARD);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 2000);
  for (guint i = 0; i < 2; i++)
    {
      story_restart (story);
      story_pay (story, 2000);
    }
  story_set_mood (story, STORY_ACTS);
  story_pay (story, 120000);
  story_assert_paid (story, session, 100);
  record = story_record (story, session);
  g_assert_cmpuint (record->receipt_number, ==, 1);
  g_assert_cmpuint (record->n_requests, ==, 2);   /* authorize, capture: asked often, with one key */
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add ("clock-steps-while-asking", test_step_while_asking);
  story_add ("clock-steps-while-charging", test_step_while_charging);
  story_add ("clock-steps-while-settling", test_step_while_settling);
  story_add ("parking-is-counted-from-idle", test_parking_is_counted_from_idle);
  story_add ("no-time-is-billed-without-a-clock-that-knows", test_no_time_is_billed_without_a_clock_that_knows);
  story_add ("armed-does-not-begin-anew", test_armed_does_not_begin_anew);
  story_add ("two-restarts-while-authorizing", test_two_restarts_while_authorizing);
  story_add ("two-restarts-while-charging", test_two_restarts_while_charging);
  story_add ("two-restarts-while-settling", test_two_restarts_while_settling);
  return g_test_run ();
}
