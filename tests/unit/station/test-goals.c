/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver chooses: an amount, an energy, a time. What is held for it, where charging ends, and that neither is
 * ever passed. The connectors give 22.08 kW, so that 49.07 Wh flow in the 8 s that stopping may take.
 */
#include "tests/lib/story.h"

#define TARIFF(COMPONENTS, MORE) \
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T4\",\"currency\":\"EUR\",\"tax_included\":\"YES\"," \
  "\"elements\":[{\"price_components\":[" COMPONENTS "]}]," MORE "\"last_updated\":\"2026-01-01T00:00:00Z\"}"

/* 0.10 EUR for each begun minute. */
static const char by_minute[] = TARIFF ("{\"type\":\"TIME\",\"price\":6.00,\"vat\":19.0,\"step_size\":60}", "");
/* 1.00 EUR to begin with, and 0.50 a kWh. */
static const char with_fee[] = TARIFF ("{\"type\":\"FLAT\",\"price\":1.00,\"vat\":19.0,\"step_size\":1},"
                                       "{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19.0,\"step_size\":1}", "");
static const char by_power[] =
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T6\",\"currency\":\"EUR\",\"tax_included\":\"YES\","
  "\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":1.00,\"vat\":19.0,\"step_size\":1}],"
  "\"restrictions\":{\"min_power\":11}},{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.20,\"vat\":19.0,"
  "\"step_size\":1}]}],\"last_updated\":\"2026-01-01T00:00:00Z\"}";
static const char nothing[] = TARIFF ("{\"type\":\"ENERGY\",\"price\":0,\"vat\":19.0,\"step_size\":1}", "");

static const TwGoal five_kwh = { .kind = TW_GOAL_ENERGY, .energy_wh = 5000 };
static const TwGoal ten_euros = { .kind = TW_GOAL_AMOUNT, .amount_minor = 1000 };
static const TwGoal ten_minutes = { .kind = TW_GOAL_TIME, .duration_ms = 600000 };

static void
assert_ended (Story      *story,
              const char *session,
              const char *reason,
              gint64      hold,
              gint64      paid)
{
  g_autoptr (TwRecord) record = story_record (story, session);

  story_assert_paid (story, session, paid);
  g_assert_cmpstr (record->end_reason, ==, reason);
  g_assert_cmpint (record->hold.minor, ==, hold);
  g_assert_cmpint (record->held_minor, ==, hold);
  g_assert_cmpuint (record->findings->len, ==, 0);
}

/* 5000 Wh and 8 s more are 5050 Wh, rounded up: 2.525, that is 2.53. */
static void
test_an_energy_is_sold_and_no_more (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  story->goal = &five_kwh;
  session = story_charge (story, 0, "1:aa", 4999);
  story_wait (story, 5000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  tw_fake_bay_energy (story->bay[0], 1);
  story_wait (story, 1000);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  story_pay (story, 3000);
  assert_ended (story, session, "goal-energy", 253, 250);
}

/* At 19.90 kWh 8 s more would be 9.975: it goes on. At 19.96 they would be 10.005. */
static void
test_an_amount_is_never_passed (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  story->goal = &ten_euros;
  session = story_charge (story, 0, "1:aa", 19900);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  tw_fake_bay_energy (story->bay[0], 60);
  story_wait (story, 1000);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  story_pay (story, 3000);
  assert_ended (story, session, "goal-amount", 1000, 998);
}

/* Ten begun minutes, and not an eleventh; it is held all the same. */
static void
test_a_time_is_billed_and_no_begun_minute_more (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, by_minute);
  g_autofree char *session = NULL;
  g_autoptr (TwRecord) record = NULL;

  story->goal = &ten_minutes;
  session = story_charge (story, 0, "1:aa", 100);
  story_wait (story, 590000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  story_pay (story, 12000);
  assert_ended (story, session, "goal-time", 110, 100);
  record = story_record (story, session);
  g_assert_cmpint (tw_usage_duration_ms (record->usage, TW_PHASE_CHARGING), >=, 597000);
}

/* 0.20 a kWh, and 1.00 from 11 kW on. In each minute power rises from 1.8 kW to 21.6 kW while the last reading in the
 * journal is some time ago: what flowed since then turns out to be dear when the next one comes. */
static void
charge_unevenly (StoryMeans means,
                 gint64     hold)
{
  g_autoptr (Story) story = story_new_priced (means, by_power);
  const TwGoal goal = { .kind = TW_GOAL_AMOUNT, .amount_minor = hold };
  g_autofree char *session = NULL;
  g_autoptr (TwRecord) record = NULL;

  story->goal = &goal;
  session = story_charge (story, 0, "1:aa", 1);
  tw_fake_bay_stick (story->bay[0], TRUE);
  for (guint second = 0; second < 2000 && story_bay (story, 0) == TW_BAY_CHARGING; second++)
    {
      tw_fake_bay_energy (story->bay[0], second % 60 < 30 ? second % 2 : 6);
      story_wait (story, 1000);
    }
  tw_fake_bay_energy (story->bay[0], 40);   /* until it is off */
  tw_fake_bay_stick (story->bay[0], FALSE);
  story_pay (story, 9000);
  record = story_record (story, session);
  g_assert_cmpstr (record->end_reason, ==, "goal-amount");
  g_assert_cmpint (record->price_minor, <=, hold);
  g_assert_cmpuint (record->findings->len, ==, 0);
}

static void
test_what_a_reading_says_late_is_held_too (StoryMeans means)
{
  for (gint64 hold = 20; hold < 50; hold += 3)
    charge_unevenly (means, hold);
}

/* A car that takes a break does not use the minutes up. */
static void
test_only_charging_time_counts (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, by_minute);
  g_autofree char *session = NULL;

  story->goal = &ten_minutes;
  session = story_charge (story, 0, "1:aa", 100);
  story_wait (story, 300000);
  tw_fake_bay_full (story->bay[0]);
  story_wait (story, 900000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_PAUSED);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
}

/* The card is asked for what the choice needs, and the offer before it holds nothing. */
static void
test_another_goal_is_another_offer (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (TwRecord) old = NULL;
  TwCounterView view;

  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
  story_settle (story);
  before = story_session (story, -1);
  view = tw_station_counter (story->station);
  g_assert_cmpint (view.state, ==, TW_COUNTER_ASKING);
  g_assert_cmpint (view.goal.kind, ==, TW_GOAL_FULL);
  g_assert_cmpint (view.hold.minor, ==, STORY_HOLD);
  g_assert_true (tw_station_set_goal (story->station, &ten_euros, NULL));
  g_assert_true (tw_station_set_goal (story->station, &five_kwh, NULL));
  story_settle (story);

  after = story_session (story, -1);
  g_assert_cmpstr (after, !=, before);
  view = tw_station_counter (story->station);
  g_assert_cmpint (view.state, ==, TW_COUNTER_ASKING);
  g_assert_cmpint (view.goal.kind, ==, TW_GOAL_ENERGY);
  g_assert_cmpint (view.goal.energy_wh, ==, 5000);
  g_assert_cmpint (view.hold.minor, ==, 253);
  g_assert_cmpint (tw_station_bay (story->station, 0).example.energy_wh, ==, 5000);
  g_assert_cmpint (tw_station_bay (story->station, 0).example.price_minor, ==, 250);
  old = story_record (story, before);
  g_assert_true (tw_record_closed (old));
  g_assert_cmpstr (old->end_reason, ==, "other-goal");
  g_assert_cmpstr (tw_record_money (old), ==, "no-hold");
  tw_teller_tap (story->teller, "1:aa");
  story_settle (story);
  g_assert_true (story_has_asked (story, after));
  g_assert_false (tw_station_set_goal (story->station, &ten_euros, NULL));   /* the card is being asked */
  story_answer (story);
  g_assert_cmpint (tw_station_bay (story->station, 0).record->held_minor, ==, 253);
}

static void
assert_refused (Story      *story,
                TwGoal      goal,
                const char *code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = story_session (story, -1);
  g_autofree char *after = NULL;

  g_assert_false (tw_station_set_goal (story->station, &goal, &error));
  g_assert_cmpstr (error->message, ==, code);
  story_settle (story);
  after = story_session (story, -1);
  g_assert_cmpstr (after, ==, before);
}

/* The fee and 8 s of energy: 1.00 and 0.025. */
static void
test_what_cannot_be_held_is_refused (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, with_fee);

  assert_refused (story, ten_euros, "no-offer");
  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
  story_settle (story);
  g_assert_cmpint (tw_station_counter (story->station).least_minor, ==, 103);
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_AMOUNT, .amount_minor = 102 }, "goal-too-small");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_AMOUNT, .amount_minor = STORY_HOLD + 1 }, "goal-too-large");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_AMOUNT, .amount_minor = G_MAXINT64 }, "goal-too-large");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_ENERGY, .energy_wh = 99 }, "goal-too-small");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_ENERGY, .energy_wh = 98000 }, "goal-too-large");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_ENERGY, .energy_wh = G_MAXINT64 }, "goal-too-large");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_TIME, .duration_ms = 59999 }, "goal-too-small");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_TIME, .duration_ms = G_MAXINT64 }, "goal-too-large");
  g_assert_true (tw_station_set_goal (story->station, &(TwGoal) { .kind = TW_GOAL_AMOUNT, .amount_minor = 103 },
                                      NULL));
  story_settle (story);
  g_assert_cmpint (tw_station_counter (story->station).hold.minor, ==, 103);
}

/* Where nothing costs anything, the values must be kept in bounds by themselves. */
static void
test_huge_goals_are_refused_where_all_is_free (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, nothing);

  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
  story_settle (story);
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_ENERGY, .energy_wh = 1000001 }, "goal-too-large");
  assert_refused (story, (TwGoal) { .kind = TW_GOAL_TIME, .duration_ms = 43200001 }, "goal-too-large");
  g_assert_true (tw_station_set_goal (story->station, &five_kwh, NULL));
  story_settle (story);
  g_assert_cmpint (tw_station_counter (story->station).hold.minor, ==, 1);
}

/* What is proposed can be had, for what it says. 1 EUR and what 22.08 kW take: 97.9 kWh are 50 EUR. */
static void
test_each_proposal_can_be_had (StoryMeans means)
{
  static const gint64 values[] = { 1000, 2000, 5000, 15000, 40000, 80000, 45 * 60000, 90 * 60000, 240 * 60000 };
  g_autoptr (Story) story = story_new_priced (means, with_fee);
  TwGoalOption options[TW_MOST_GOAL_OPTIONS];
  TwCounterView view;

  g_assert_cmpuint (tw_station_counter (story->station).n_goal_options, ==, 0);
  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
  story_settle (story);
  view = tw_station_counter (story->station);
  g_assert_cmpuint (view.n_goal_options, ==, TW_MOST_GOAL_OPTIONS);
  memcpy (options, view.goal_options, sizeof options);
  for (guint i = 0; i < TW_MOST_GOAL_OPTIONS; i++)
    {
      g_assert_cmpint (options[i].goal.kind, ==, i / 3);
      g_assert_cmpint (tw_goal_value (&options[i].goal), ==, values[i]);
      g_assert_cmpint (options[i].hold_minor, <=, STORY_HOLD);
      g_assert_true (tw_station_set_goal (story->station, &options[i].goal, NULL));
      story_settle (story);
      g_assert_cmpint (tw_station_counter (story->station).hold.minor, ==, options[i].hold_minor);
    }
}

static void
test_a_restart_keeps_the_goal (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  story->goal = &five_kwh;
  session = story_charge (story, 0, "1:aa", 3000);
  story_restart (story);
  story_wait (story, 3000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  g_assert_cmpint (tw_station_bay (story->station, 0).record->goal.energy_wh, ==, 5000);
  tw_fake_bay_energy (story->bay[0], 2000);
  story_pay (story, 5000);
  assert_ended (story, session, "goal-energy", 253, 250);
}

/* What flowed while the station was down is billed up to the hold, and not a second more is given. */
static void
test_a_goal_that_was_passed_meanwhile_ends_it_at_once (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  story->goal = &five_kwh;
  session = story_charge (story, 0, "1:aa", 3000);
  story_kill (story);
  tw_fake_bay_energy (story->bay[0], 2030);
  story_start (story);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  story_pay (story, 5000);
  assert_ended (story, session, "goal-energy", 253, 252);   /* 2.515 */
}

/* A meter that says nothing close to the goal: what may have flowed by now is what counts. */
static void
test_blindness_close_to_the_goal_ends_it (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  story->goal = &five_kwh;
  session = story_charge (story, 0, "1:aa", 4990);
  story_wait (story, 1000);
  tw_fake_bay_blind (story->bay[0], TRUE);
  story_wait (story, 3000);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  tw_fake_bay_blind (story->bay[0], FALSE);
  story_pay (story, 5000);
  assert_ended (story, session, "goal-energy", 253, 250);   /* 2.495 */
}

/* --- whatever the tariff, the car and the moment --- */

#define N_STORIES 150
#define MOST_W    22080

static int
below (int n)
{
  return g_test_rand_int_range (0, n);
}

static void
append_component (GString    *text,
                  const char *type,
                  int         most_minor,
                  int         n_steps)
{
  static const int steps[] = { 1, 1, 60, 300, 900 };

  g_string_append_printf (text, "%s{\"type\":\"%s\",\"price\":%d.%02d,\"vat\":19.0,\"step_size\":%d}",
                          text->str[text->len - 1] == '[' ? "" : ",", type, below (most_minor) / 100, below (100),
                          steps[below (n_steps)]);
}

/* The story begins at 11:15 on a Sunday in Berlin. */
static char *
random_tariff (void)
{
  static const char *const restrictions[] = {
    "", "", ",\"restrictions\":{\"max_kwh\":3}", ",\"restrictions\":{\"end_time\":\"11:20\"}",
    ",\"restrictions\":{\"min_power\":11}", ",\"restrictions\":{\"max_duration\":240}",
  };
  GString *text = g_string_new ("{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T5\",\"currency\":\"EUR\","
                                "\"tax_included\":\"YES\",\"elements\":[");

  for (int i = 0, n = 1 + below (2); i < n; i++)
    {
      g_string_append (text, i > 0 ? ",{\"price_components\":[" : "{\"price_components\":[");
      append_component (text, "ENERGY", 100, 5);
      if (below (2))
        append_component (text, "TIME", 1200, 5);
      if (below (3) == 0)
        append_component (text, "FLAT", 200, 1);
      if (below (3) == 0)
        append_component (text, "PARKING_TIME", 1200, 5);
      g_string_append_printf (text, "]%s}", restrictions[below (G_N_ELEMENTS (restrictions))]);
    }
  g_string_append (text, "],");
  if (below (4) == 0)
    g_string_append_printf (text, "\"min_price\":{\"before_taxes\":0.84,\"after_taxes\":%d.00},", 1 + below (3));
  if (below (4) == 0)
    g_string_append_printf (text, "\"max_price\":{\"before_taxes\":3.37,\"after_taxes\":%d.00},", 4 + below (3));
  g_string_append (text, "\"last_updated\":\"2026-01-01T00:00:00Z\"}");
  return g_string_free (text, FALSE);
}

static TwGoal
random_goal (void)
{
  switch (below (3))
    {
    case 0:
      return (TwGoal) { .kind = TW_GOAL_AMOUNT, .amount_minor = 20 + below (600) };
    case 1:
      return (TwGoal) { .kind = TW_GOAL_ENERGY, .energy_wh = 100 + below (6000) };
    default:
      return (TwGoal) { .kind = TW_GOAL_TIME, .duration_ms = 60000 + below (900) * 1000 };
    }
}

/* Power comes and goes; some seconds the meter says nothing, and the car may stop to draw for good. */
static void
drive (Story *story)
{
  gint64 power_w = below (MOST_W + 1), watt_s = 0;
  guint left_on = 1 + (guint) below (6);   /* s that energy flows on after it was switched off */

  for (guint second = 0; second < 1500 && left_on > 0 && story_bay (story, 0) != TW_BAY_SETTLING; second++)
    {
      if (below (40) == 0)
        power_w = below (MOST_W + 1);
      if (below (200) == 0)
        tw_fake_bay_blind (story->bay[0], TRUE);
      else if (below (4) == 0)
        tw_fake_bay_blind (story->bay[0], FALSE);
      if (!tw_fake_bay_is_on (story->bay[0]) && --left_on == 0)
        break;
      watt_s += power_w;
      if (watt_s >= 3600)
        tw_fake_bay_energy (story->bay[0], watt_s / 3600);
      watt_s %= 3600;
      story_wait (story, 1000);
    }
  tw_fake_bay_blind (story->bay[0], FALSE);
  tw_fake_bay_stick (story->bay[0], FALSE);
  if (tw_fake_bay_is_on (story->bay[0]))
    tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 20000);
}

static void
assert_kept (const TwRecord *record,
             const char     *tariff)
{
  gint64 energy_wh = tw_usage_energy_wh (record->usage);
  gint64 charged_ms = tw_usage_duration_ms (record->usage, TW_PHASE_CHARGING);
  gint64 stopping_wh = (gint64) MOST_W * 10 / 3600 + 2;   /* a poll, 6 s, and what a reading cuts off */

  g_test_message ("%s %" G_GINT64_FORMAT ": held %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " Wh, %" G_GINT64_FORMAT
                  " ms, %" G_GINT64_FORMAT ", ended by %s: %s", tw_goal_kind_name (record->goal.kind),
                  tw_goal_value (&record->goal), record->held_minor, energy_wh, charged_ms, record->price_minor,
                  record->end_reason, tariff);
  g_assert_true (record->billed);
  g_assert_cmpint (record->price_minor, <=, record->held_minor);
  g_assert_cmpuint (record->findings->len, ==, 0);
  if (record->goal.kind == TW_GOAL_AMOUNT)
    g_assert_cmpint (record->held_minor, ==, record->goal.amount_minor);
  if (record->goal.kind == TW_GOAL_ENERGY)
    g_assert_cmpint (energy_wh, <=, record->goal.energy_wh + stopping_wh);
  if (record->goal.kind == TW_GOAL_TIME)
    g_assert_cmpint (charged_ms, <=, record->goal.duration_ms + 10000);
  /* Blindness may end it up to what can have flowed meanwhile too early. */
  if (g_str_equal (record->end_reason, "goal-energy"))
    g_assert_cmpint (energy_wh, >=, record->goal.energy_wh - MOST_W * 10 / 3600);
  if (g_str_equal (record->end_reason, "goal-time"))
    g_assert_cmpint (charged_ms, >=, record->goal.duration_ms - 3000 - 10000);
}

static void
test_no_hold_is_ever_passed (StoryMeans means)
{
  guint reached = 0;

  for (guint i = 0; i < N_STORIES; i++)
    {
      g_autofree char *tariff = random_tariff ();
      g_autoptr (Story) story = story_new_priced (means, tariff);
      TwGoal goal = random_goal ();
      g_autofree char *session = NULL;
      g_autoptr (TwRecord) record = NULL;

      g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
      story_settle (story);
      if (!tw_station_set_goal (story->station, &goal, NULL))
        continue;
      tw_station_cancel (story->station);
      story_settle (story);
      story->goal = &goal;
      session = story_arm (story, 0, "1:aa");
      tw_fake_bay_plug (story->bay[0]);
      story_settle (story);
      story_wait (story, 2000);
      if (!tw_fake_bay_is_on (story->bay[0]))
        continue;   /* it does not even begin: nothing is sold that could pass the hold */
      tw_fake_bay_stick (story->bay[0], TRUE);
      drive (story);
      record = story_record (story, session);
      assert_kept (record, tariff);
      reached += g_str_has_prefix (record->end_reason, "goal-");
    }
  g_assert_cmpuint (reached, >, N_STORIES / 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add_card ("an-energy-is-sold-and-no-more", test_an_energy_is_sold_and_no_more);
  story_add_card ("an-amount-is-never-passed", test_an_amount_is_never_passed);
  story_add_card ("a-time-is-billed-and-no-begun-minute-more", test_a_time_is_billed_and_no_begun_minute_more);
  story_add_card ("what-a-reading-says-late-is-held-too", test_what_a_reading_says_late_is_held_too);
  story_add_card ("only-charging-time-counts", test_only_charging_time_counts);
  story_add_card ("another-goal-is-another-offer", test_another_goal_is_another_offer);
  story_add_card ("what-cannot-be-held-is-refused", test_what_cannot_be_held_is_refused);
  story_add_card ("huge-goals-are-refused-where-all-is-free", test_huge_goals_are_refused_where_all_is_free);
  story_add_card ("each-proposal-can-be-had", test_each_proposal_can_be_had);
  story_add_card ("a-restart-keeps-the-goal", test_a_restart_keeps_the_goal);
  story_add_card ("a-goal-that-was-passed-meanwhile-ends-it-at-once",
                  test_a_goal_that_was_passed_meanwhile_ends_it_at_once);
  story_add_card ("blindness-close-to-the-goal-ends-it", test_blindness_close_to_the_goal_ends_it);
  story_add_card ("no-hold-is-ever-passed", test_no_hold_is_ever_passed);
  return g_test_run ();
}
