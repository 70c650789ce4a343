/* SPDX-License-Identifier: Apache-2.0 */
/* The station's stories with fakes around it, each with every means of payment. The witness is the bank behind it. */
#include "app/base/error.h"
#include "tests/lib/story.h"

/* Seconds of a whole session. */
#define PLUGS 70
#define STOPS 90

static void
test_happy_path (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 10000);
  g_autoptr (TwRecord) record = NULL;

  g_assert_true (tw_station_stop (story->station, 1, "stop", NULL));
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  story_pay (story, 3000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  story_assert_paid (story, session, 500);
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, session);
  story_restart (story);
  g_assert_cmpstr (tw_station_bay (story->station, 0).last_session, ==, session);
  record = story_record (story, session);
  g_assert_cmpuint (record->receipt_number, ==, 1);
  g_assert_cmpstr (record->end_reason, ==, "stop");
  g_assert_cmpint (tw_usage_energy_wh (record->usage), ==, 10000);
}

static void
test_nothing_happens_before_it_is_durable (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_name (story, 0, "1:aa");

  g_assert_false (story_has_asked (story, session));
  tw_memory_journal_settle (story->disk);
  g_assert_true (story_has_asked (story, session));
  story_answer (story);
  tw_memory_journal_settle (story->disk);
  tw_fake_bay_plug (story->bay[0]);
  story_settle (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  tw_memory_journal_settle (story->disk);
  g_assert_true (tw_fake_bay_is_on (story->bay[0]));

  tw_station_stop (story->station, 1, "stop", NULL);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));   /* off does not wait */
  story_pay (story, 2000);
  g_assert_cmpuint (story_ledger (story, session).requests, ==, 0);
  tw_memory_journal_hold (story->disk, FALSE);
  tw_memory_journal_settle (story->disk);
  story_pay (story, 3000);
  story_assert_released (story, session);   /* no energy: nothing due */
}

static void
test_ends_while_an_entry_is_on_its_way (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  tw_memory_journal_hold (story->disk, TRUE);
  tw_station_choose (story->station, 1, "en", NULL);
  tw_station_close (story->station);
  g_assert_cmpuint (tw_memory_journal_waiting (story->disk), ==, 1);
  story_restart (story);   /* the journal answers when the station is gone */
  g_assert_cmpuint (tw_memory_journal_waiting (story->disk), ==, 0);
  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
}

static void
test_declined_leaves_nothing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_DECLINES);
  g_autoptr (TwRecord) record = NULL;

  story_answer (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_OUTCOME);
  g_assert_cmpstr (tw_station_counter (story->station).outcome, ==, "declined");
  g_assert_null (tw_station_counter (story->station).qr);
  story_pay (story, 10000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  g_assert_cmpuint (story_ledger (story, session).requests, ==, 0);
  record = story_record (story, session);
  g_assert_cmpstr (tw_record_money (record), ==, "no-hold");
}

static void
test_never_plugged_in_is_released (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 0, "1:aa");

  story_pay (story, 299000);
  g_assert_true (story_ledger (story, session).is_open);
  story_pay (story, 5000);
  story_assert_released (story, session);
}

static void
test_silence_gives_no_energy_and_no_orphan (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_HOLDS_UNHEARD);

  story_answer (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  g_assert_cmpuint (story_n_open (story), ==, means == STORY_CARD ? 1 : 0);   /* the service acts before it answers */
  story_pay (story, 2000);
  story_assert_released (story, session);
}

static void
test_late_approval_is_released (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_APPROVES_LATE);
  g_autoptr (TwRecord) record = NULL;

  story_answer (story);
  g_assert_cmpuint (story_n_open (story), ==, 1);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  story_pay (story, 20000);
  g_assert_cmpuint (story_ledger (story, session).captures, ==, 0);
  g_assert_cmpuint (story_ledger (story, session).releases, >=, 1);
  story_assert_nothing_open (story);
  record = story_record (story, session);
  g_assert_true (tw_record_closed (record));
}

/* The release was too early, or the payment service answered it with "nothing there": it is asked for once more. */
static void
test_approval_after_its_release_is_released_again (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_ask (story, 0, "1:aa", STORY_APPROVES_LATE);
  g_autoptr (TwRecord) record = NULL;

  story_pay (story, 40000);
  g_assert_cmpuint (story_ledger (story, session).releases, ==, 1);
  tw_teller_approve (story->teller);
  story_pay (story, 3000);
  g_assert_cmpuint (story_ledger (story, session).releases, ==, 2);
  story_assert_nothing_open (story);
  record = story_record (story, session);
  g_assert_true (tw_record_closed (record));
}

static void
test_restart_neither_plugs_nor_keeps_a_language (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  story_kill (story);
  tw_fake_bay_plug (story->bay[0]);
  story_start (story);
  story_wait (story, 3000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);   /* a car that stands there did not come */

  g_assert_true (tw_station_choose (story->station, 1, "de", NULL));
  story_settle (story);
  g_assert_cmpstr (tw_station_counter (story->station).language, ==, "de");
  tw_station_cancel (story->station);
  story_settle (story);
  g_assert_cmpstr (tw_station_counter (story->station).language, ==, "en");
}

static void
test_outcome_names_its_session (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 1, "1:aa");
  TwCounterView view = tw_station_counter (story->station);

  g_assert_cmpint (view.state, ==, TW_COUNTER_OUTCOME);
  g_assert_cmpstr (view.session, ==, session);
  g_assert_cmpuint (view.connector, ==, 2);
  story_wait (story, 10000);
  g_assert_null (tw_station_counter (story->station).session);
}

static void
test_two_bays_at_once (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *first = story_charge (story, 0, "1:aa", 4000);
  g_autofree char *second = story_charge (story, 1, "1:bb", 6000);

  g_assert_true (tw_fake_bay_is_on (story->bay[0]) && tw_fake_bay_is_on (story->bay[1]));
  tw_station_stop (story->station, 1, "stop", NULL);
  tw_station_stop (story->station, 2, "stop", NULL);
  story_wait (story, 1000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_SETTLING);
  g_assert_cmpint (story_bay (story, 1), ==, TW_BAY_SETTLING);
  story_pay (story, 3000);
  story_assert_paid (story, first, 200);
  story_assert_paid (story, second, 300);
}

static void
test_same_card_stops_and_never_holds_twice (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  tw_station_choose (story->station, 2, "en", NULL);
  story_settle (story);
  tw_teller_tap (story->teller, "1:aa");   /* the same card asks for the other connector */
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_OUTCOME);
  g_assert_cmpstr (tw_station_counter (story->station).outcome, ==, "card-in-use");
  story_pay (story, 10000);
  g_assert_true (tw_teller_is_identifying (story->teller));
  tw_teller_tap (story->teller, "1:aa");   /* and now without an offer: stop */
  story_pay (story, 3000);
  story_assert_paid (story, session, 100);
}

static void
test_tap_without_an_offer_takes_no_money (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  tw_fake_bay_plug (story->bay[1]);
  story_settle (story);
  tw_station_cancel (story->station);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_true (tw_teller_is_identifying (story->teller));
  tw_teller_tap (story->teller, "1:aa");
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_ASKING);   /* the second tap would */
  g_assert_cmpuint (tw_station_counter (story->station).connector, ==, 2);
  g_assert_cmpuint (story_n_open (story), ==, 0);
}

static void
test_bank_cards_off_sells_nothing_and_says_why (StoryMeans means)
{
  static const struct { const char *kind, *prompt; } TAPS[] = {
    { "uid", "not-known-here" }, { "unaccepted", "not-accepted" }, { "emv", "closed" },
  };
  g_autoptr (Story) story = story_new (means);
  g_autoptr (GError) error = NULL;

  tw_teller_switch_off (story->teller);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);   /* at once: waiting does not mend it */
  g_assert_cmpstr (tw_station_counter (story->station).closed_why, ==, "bank-cards-off");
  g_assert_false (tw_station_choose (story->station, 1, "en", &error));
  g_assert_cmpstr (error->message, ==, "bank-cards-off");
  for (guint i = 0; i < G_N_ELEMENTS (TAPS); i++)
    {
      g_assert_true (tw_teller_is_identifying (story->teller));
      tw_teller_set_kind (story->teller, TAPS[i].kind);
      tw_teller_tap (story->teller, NULL);
      story_settle (story);
      g_assert_cmpstr (tw_station_counter (story->station).prompt, ==, TAPS[i].prompt);
    }
  tw_fake_bay_plug (story->bay[0]);
  story_wait (story, 10000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
}

static void
test_card_stops_while_no_money_can_be_taken (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  story_wait (story, 10000);
  tw_teller_switch_off (story->teller);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_true (tw_teller_is_identifying (story->teller));
  tw_teller_tap (story->teller, "1:aa");
  story_pay (story, 3000);
  story_assert_paid (story, session, 100);
}

static void
test_lost_capture_answer_captures_once (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  story_set_mood (story, STORY_ACTS_UNHEARD);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 30000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);   /* the next driver need not wait */
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 1);
  story_set_mood (story, STORY_ACTS);
  story_pay (story, 120000);
  story_assert_paid (story, session, 100);
  g_assert_cmpuint (story_ledger (story, session).requests, >, 1);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);
}

static void
test_refused_capture_is_a_named_item (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);
  g_autoptr (TwRecord) record = NULL;

  story_set_mood (story, STORY_REFUSES_CAPTURES);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  record = story_record (story, session);
  g_assert_cmpuint (record->findings->len, ==, 1);
  g_assert_cmpstr (((TwFinding *) record->findings->pdata[0])->class_, ==, "capture-refused");
  g_assert_true (tw_record_closed (record));
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
}

static void
test_cost_never_passes_the_hold (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 0);

  for (guint i = 0; i < 200 && story_bay (story, 0) == TW_BAY_CHARGING; i++)
    {
      tw_fake_bay_energy (story->bay[0], 1000);   /* 22 kW gives 49 Wh in the time it takes to stop */
      story_wait (story, 1000);
    }
  g_assert_cmpint (tw_fake_bay_register_wh (story->bay[0]), ==, 1000000 + 100000);
  story_pay (story, 3000);
  story_assert_paid (story, session, STORY_HOLD);
}

static void
test_journal_that_fails_stops_energy (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  tw_memory_journal_fail (story->disk, 1);
  tw_fake_bay_energy (story->bay[0], 300);
  story_wait (story, 1000);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_false (tw_station_choose (story->station, 2, "en", NULL));
  tw_memory_journal_set_roomy (story->disk, TRUE);
  story_pay (story, 5000);
  story_assert_paid (story, session, 115);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
}

static void
test_opens_when_there_is_room_again (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  tw_memory_journal_set_roomy (story->disk, FALSE);
  tw_station_choose (story->station, 1, "en", NULL);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_cmpstr (tw_station_counter (story->station).closed_why, ==, "storage-full");
  story_wait (story, 20000);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  tw_memory_journal_set_roomy (story->disk, TRUE);
  story_wait (story, 6000);   /* and nothing else happens */
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
}

static void
test_lost_controller_ends_at_the_last_reading (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  tw_fake_bay_cable (story->bay[0], FALSE);
  story_settle (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FINISHING);
  story_pay (story, 62000);
  story_assert_paid (story, session, 100);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FAULT);
}

static void
test_unplugging_finishes (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 3000);

  tw_fake_bay_unplug (story->bay[0]);
  story_pay (story, 3000);
  story_assert_paid (story, session, 150);
}

static void
test_restart_goes_on_with_the_same_car (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  story_restart (story);
  g_assert_true (tw_fake_bay_is_on (story->bay[0]));   /* never interrupted */
  tw_fake_bay_energy (story->bay[0], 2000);
  story_wait (story, 2000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 3000);
  story_assert_paid (story, session, 200);
}

static void
test_restart_waits_for_a_controller (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 0, "1:aa");

  story_kill (story);
  tw_fake_bay_cable (story->bay[0], FALSE);
  story_start (story);
  story_wait (story, 2000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_ARMED);
  tw_fake_bay_cable (story->bay[0], TRUE);
  tw_fake_bay_plug (story->bay[0]);
  story_settle (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);

  story_kill (story);
  tw_fake_bay_cable (story->bay[0], FALSE);
  story_start (story);
  story_pay (story, 125000);   /* it is waited for, and then for the last reading, but not for ever */
  story_assert_released (story, session);
}

static void
test_restart_gives_up_a_bay_without_controller (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_arm (story, 0, "1:aa");

  story_kill (story);
  tw_fake_bay_cable (story->bay[0], FALSE);
  story_start (story);
  story_pay (story, 8000);
  story_assert_released (story, session);
}

static void
test_restart_does_not_bill_another_car (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);
  g_autoptr (TwRecord) record = NULL;

  story_kill (story);
  tw_fake_bay_energy (story->bay[0], 500);
  tw_fake_bay_unplug (story->bay[0]);
  tw_fake_bay_plug (story->bay[0]);
  tw_fake_bay_energy (story->bay[0], 9000);
  story_start (story);
  story_pay (story, 3000);
  story_assert_paid (story, session, 100);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  record = story_record (story, session);
  g_assert_cmpuint (record->findings->len, ==, 1);
}

static void
test_restart_bills_a_car_that_left_meanwhile (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  story_kill (story);
  tw_fake_bay_energy (story->bay[0], 500);
  tw_fake_bay_unplug (story->bay[0]);
  story_start (story);
  story_pay (story, 3000);
  story_assert_paid (story, session, 125);   /* the counter still shows that it was the same car */
}

static void
test_restart_bills_up_to_the_hold (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);
  g_autoptr (TwRecord) record = NULL;

  story_kill (story);
  tw_fake_bay_energy (story->bay[0], 120000);
  story_start (story);
  story_pay (story, 3000);
  story_assert_paid (story, session, STORY_HOLD);
  record = story_record (story, session);
  g_assert_cmpint (record->price_minor, ==, 6100);
  g_assert_cmpstr (((TwFinding *) record->findings->pdata[0])->class_, ==, "over-hold");
}

static void
take_a_step (Story *story,
             guint  i)
{
  if (story->means == STORY_CARD && tw_teller_is_taking (story->teller) && tw_teller_may_proceed (story->teller))
    tw_teller_approve (story->teller);
  else if (story->means == STORY_CARD && tw_teller_is_taking (story->teller)
           && story_counter (story) == TW_COUNTER_ASKING)
    tw_teller_tap (story->teller, "1:aa");
  else if (i == PLUGS)
    tw_fake_bay_plug (story->bay[0]);
  else if (i > PLUGS && i < STOPS && tw_fake_bay_draws (story->bay[0]))
    tw_fake_bay_energy (story->bay[0], 300);
  else if (i == STOPS)
    tw_station_stop (story->station, 1, "stop", NULL);
}

/* One whole session, told by what is true at each moment; a code is paid after a minute. */
static void
whole_session (Story *story)
{
  tw_station_choose (story->station, 1, "en", NULL);
  for (guint i = 0; i < STOPS + 20 && !story->cut; i++)
    {
      story_settle (story);
      take_a_step (story, i);
      story_pay (story, 1000);
    }
}

/* The power is cut while the nth commit of a whole session waits. Afterwards the car may have charged on. FALSE: there
 * are not that many. */
static gboolean
survives_cut (StoryMeans means,
              guint      nth,
              gboolean   kept)
{
  g_autoptr (Story) story = story_new (means);
  gboolean happened;

  story_cut_at (story, nth, kept);
  whole_session (story);
  happened = story->cut;
  if (tw_fake_bay_draws (story->bay[0]))
    tw_fake_bay_energy (story->bay[0], 100);
  story_restart (story);
  story_pay (story, 320000);   /* whoever was armed and never plugged in is let go */
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 100000);
  story_assert_nothing_open (story);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FREE);
  return happened;
}

static void
test_power_cut_at_every_commit (StoryMeans means)
{
  for (gboolean kept = FALSE; kept <= TRUE; kept++)
    {
      guint n = 1;

      while (survives_cut (means, n, kept))
        n++;
      g_test_message ("%u kill points, that commit %s", n - 1, kept ? "kept" : "lost");
      g_assert_cmpuint (n, >, 10);
    }
}

/* What a take ends with after its session is over is an entry of that session like any other. */
static void
test_restart_after_a_cancelled_take (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  tw_station_choose (story->station, 1, "en", NULL);
  story_settle (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_ASKING);
  tw_station_cancel (story->station);
  story_settle (story);
  if (tw_teller_is_taking (story->teller))
    tw_teller_fail (story->teller, "cancelled");
  story_settle (story);
  story_restart (story);
  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
}

/* The hold comes when its release was answered already, and then the power goes. */
static void
test_restart_after_a_very_late_approval (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  tw_station_choose (story->station, 1, "en", NULL);
  story_settle (story);
  session = story_session (story, -1);
  tw_teller_tap (story->teller, "1:aa");
  story_settle (story);
  story_pay (story, 40000);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);
  tw_teller_approve (story->teller);
  story_settle (story);
  story_restart (story);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 1);
  story_pay (story, 10000);
  g_assert_cmpuint (tw_teller_n_open (story->teller), ==, 0);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);
}

/* An entry has room for 256 KiB, its reader for 16: what is between could be written and never be read. */
static void
test_no_language_of_the_callers_making (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autoptr (GError) error = NULL;
  g_autofree char *vast = g_strnfill (20000, 'x');

  g_assert_false (tw_station_choose (story->station, 1, vast, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_false (tw_station_set_language (story->station, 0, "fr", NULL));
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  story_restart (story);
  g_assert_true (tw_station_choose (story->station, 1, "de", NULL));
  g_assert_cmpstr (tw_station_counter (story->station).language, ==, "de");
}

/* A controller that is there and charges, and whose meter tells nothing that can be believed. */
static void
test_energy_that_nobody_measures_is_not_given (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  tw_fake_bay_blind (story->bay[0], TRUE);
  story_wait (story, 5000);
  g_assert_true (tw_fake_bay_is_on (story->bay[0]));   /* once is never */
  tw_fake_bay_blind (story->bay[0], FALSE);
  story_wait (story, 2000);
  tw_fake_bay_blind (story->bay[0], TRUE);
  story_wait (story, 12000);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  story_pay (story, 65000);
  story_assert_paid (story, session, 100);
}

static void
test_blind_never_passes_the_hold (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  /* 100 kWh is the hold; 22 kW are 6 Wh a second */
  g_autofree char *session = story_charge (story, 0, "1:aa", 99920);

  g_assert_true (tw_fake_bay_is_on (story->bay[0]));
  tw_fake_bay_blind (story->bay[0], TRUE);
  for (guint i = 0; i < 20 && tw_fake_bay_draws (story->bay[0]); i++)
    {
      tw_fake_bay_energy (story->bay[0], 6);
      story_wait (story, 1000);
    }
  /* it takes its time to stop */
  g_assert_cmpint (tw_fake_bay_register_wh (story->bay[0]), <=, 1000000 + 100000 - 6 * 6);
  tw_fake_bay_blind (story->bay[0], FALSE);
  story_pay (story, 3000);
  g_assert_cmpuint (tw_teller_ledger (story->teller, session).captures, ==, 1);
}

/* What was read before the restart is trusted, whether it was journalled yet or not. */
static void
test_restart_of_the_controller_ends_at_the_last_reading (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  tw_fake_bay_energy (story->bay[0], 200);   /* less than what makes an entry */
  story_wait (story, 2000);
  tw_fake_bay_reboot (story->bay[0]);
  tw_fake_bay_energy (story->bay[0], 600);
  story_wait (story, 2000);
  g_assert_false (tw_fake_bay_is_on (story->bay[0]));
  story_pay (story, 3000);
  story_assert_paid (story, session, 110);
}

/* Down for longer than a final reading is waited for; the controller needs a moment to answer. */
static void
test_restart_waits_for_the_final_reading (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  tw_fake_bay_energy (story->bay[0], 200);
  tw_fake_bay_cable (story->bay[0], FALSE);
  story_settle (story);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_FINISHING);
  story_kill (story);
  tw_virtual_clock_advance (story->clock, 120000);
  story_start (story);
  story_wait (story, 3000);
  tw_fake_bay_cable (story->bay[0], TRUE);
  story_pay (story, 5000);
  story_assert_paid (story, session, 110);
}

static void
test_without_acceptor_a_plug_sells_nothing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  story_kill (story);
  tw_fake_bay_plug (story->bay[0]);
  story->without_acceptor = TRUE;
  story_start (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_cmpstr (tw_station_counter (story->station).closed_why, ==, "no-acceptor");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* warnings are for the operator, and expected here */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add ("happy-path-captures-the-price", test_happy_path);
  story_add ("nothing-happens-before-it-is-durable", test_nothing_happens_before_it_is_durable);
  story_add ("ends-while-an-entry-is-on-its-way", test_ends_while_an_entry_is_on_its_way);
  story_add ("declined-leaves-nothing", test_declined_leaves_nothing);
  story_add ("never-plugged-in-is-released", test_never_plugged_in_is_released);
  story_add ("silence-gives-no-energy-and-no-orphan", test_silence_gives_no_energy_and_no_orphan);
  story_add ("late-approval-is-released", test_late_approval_is_released);
  story_add_card ("approval-after-its-release-is-released-again", test_approval_after_its_release_is_released_again);
  story_add_card ("restart-neither-plugs-nor-keeps-a-language", test_restart_neither_plugs_nor_keeps_a_language);
  story_add ("outcome-names-its-session", test_outcome_names_its_session);
  story_add ("two-bays-at-once", test_two_bays_at_once);
  story_add_card ("same-card-stops-and-never-holds-twice", test_same_card_stops_and_never_holds_twice);
  story_add_card ("tap-without-an-offer-takes-no-money", test_tap_without_an_offer_takes_no_money);
  story_add_card ("bank-cards-off-sells-nothing-and-says-why", test_bank_cards_off_sells_nothing_and_says_why);
  story_add_card ("card-stops-while-no-money-can-be-taken", test_card_stops_while_no_money_can_be_taken);
  story_add ("lost-capture-answer-captures-once", test_lost_capture_answer_captures_once);
  story_add ("refused-capture-is-a-named-item", test_refused_capture_is_a_named_item);
  story_add ("cost-never-passes-the-hold", test_cost_never_passes_the_hold);
  story_add ("journal-that-fails-stops-energy", test_journal_that_fails_stops_energy);
  story_add ("opens-when-there-is-room-again", test_opens_when_there_is_room_again);
  story_add ("lost-controller-ends-at-the-last-reading", test_lost_controller_ends_at_the_last_reading);
  story_add ("unplugging-finishes", test_unplugging_finishes);
  story_add ("restart-goes-on-with-the-same-car", test_restart_goes_on_with_the_same_car);
  story_add ("restart-waits-for-a-controller", test_restart_waits_for_a_controller);
  story_add ("restart-gives-up-a-bay-without-controller", test_restart_gives_up_a_bay_without_controller);
  story_add ("restart-does-not-bill-another-car", test_restart_does_not_bill_another_car);
  story_add ("restart-bills-a-car-that-left-meanwhile", test_restart_bills_a_car_that_left_meanwhile);
  story_add ("restart-bills-up-to-the-hold", test_restart_bills_up_to_the_hold);
  story_add_card ("restart-after-a-cancelled-take",
                  test_restart_after_a_cancelled_take);
  story_add_card ("restart-after-a-very-late-approval",
                  test_restart_after_a_very_late_approval);
  story_add_card ("no-language-of-the-callers-making",
                  test_no_language_of_the_callers_making);
  story_add_card ("energy-that-nobody-measures-is-not-given",
                  test_energy_that_nobody_measures_is_not_given);
  story_add_card ("blind-never-passes-the-hold",
                  test_blind_never_passes_the_hold);
  story_add_card ("restart-of-the-controller-ends-at-the-last-reading",
                  test_restart_of_the_controller_ends_at_the_last_reading);
  story_add_card ("restart-waits-for-the-final-reading",
                  test_restart_waits_for_the_final_reading);
  story_add_card ("without-acceptor-a-plug-sells-nothing",
                  test_without_acceptor_a_plug_sells_nothing);
  story_add ("power-cut-at-every-commit-leaves-nothing-open", test_power_cut_at_every_commit);
  return g_test_run ();
}
