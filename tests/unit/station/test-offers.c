/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes back gets it cheaper, by what the journal knows of the card and by the station's own clock. A story begins
 * on 2026-11-22 at 10:15:30 UTC, in Berlin; a kWh is 0.50 EUR.
 */
#include "app/base/error.h"
#include "tests/lib/story.h"

#include <string.h>

#define RULES(RULES) "{\"version\":1,\"rules\":[" RULES "]}"
#define THIRD "{\"id\":\"third\",\"condition\":{\"charges_in_month\":3},\"discount_percent\":10}"
#define FIRST "{\"id\":\"first\",\"condition\":{\"charges_in_month\":1},\"discount_percent\":10}"
#define BACK "{\"id\":\"back\",\"condition\":{\"days_since_last\":30},\"discount_percent\":20}"
#define GIFT "{\"id\":\"gift\",\"condition\":{\"charges_in_month\":1},\"discount_percent\":100}"
#define UNCHOSEN "{\"id\":\"open\",\"condition\":{\"charges_in_month\":2},\"discount_percent\":null}"

/* date -d 2026-11-22T10:15:30Z +%s */
#define BEGIN_US (G_GINT64_CONSTANT (1795342530) * G_USEC_PER_SEC)
#define DAYS_US(N) ((gint64) (N) * 24 * 3600 * G_USEC_PER_SEC)
#define FOR_EVER (BEGIN_US + DAYS_US (3650))

typedef struct { guint n; gboolean failed; } Told;

static void
on_done (const GError *error,
         gpointer      user_data)
{
  Told *told = user_data;

  told->n++;
  told->failed = error != NULL;
}

static void
must_activate (Story      *story,
               const char *text,
               gint64      from_us,
               gint64      until_us)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  TwOffersOrder order = { bytes, from_us, until_us };
  g_autoptr (GError) error = NULL;
  Told told = { 0 };

  tw_station_activate_offers (story->station, &order, on_done, &told, &error);
  g_assert_no_error (error);
  story_settle (story);
  g_assert_cmpuint (told.n, ==, 1);
  g_assert_false (told.failed);
}

/* 10 kWh, paid; the car leaves. */
static void
pay (Story      *story,
     const char *who,
     gint64      expected)
{
  g_autofree char *session = story_charge (story, 0, who, 10000);

  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, expected);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  story_assert_paid (story, session, expected);
  tw_fake_bay_unplug (story->bay[0]);
  story_pay (story, 2000);
}

/* The clock on the wall goes on by so many days; timers need not run that long for it. */
static void
pass_days (Story *story,
           double days)
{
  tw_virtual_clock_step_wall (story->clock, (gint64) (days * DAYS_US (1)));
  story_pay (story, 2000);
}

static void
test_the_third_is_cheaper (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, RULES (THIRD), 0, FOR_EVER);
  pay (story, "1:aa", 500);
  story_restart (story);
  pay (story, "1:bb", 500);
  pay (story, "1:aa", 500);
  story_restart (story);
  pay (story, "1:aa", 450);
  pay (story, "1:aa", 500);
  pay (story, "1:bb", 500);
  pay (story, "1:bb", 450);
}

/* 30 November 23:30 in Berlin is the old month, half an hour later it is the new one; in UTC it is not yet. */
static void
test_a_month_is_a_local_one (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, RULES (THIRD), 0, FOR_EVER);
  pay (story, "1:aa", 500);
  pay (story, "1:aa", 500);
  pass_days (story, 8 + 12.0 / 24);                    /* 22:16 UTC, 23:16 there: still November */
  pay (story, "1:bb", 500);
  pay (story, "1:aa", 450);
}

static void
test_the_next_month_begins_at_zero (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, RULES (THIRD), 0, FOR_EVER);
  pay (story, "1:aa", 500);
  pay (story, "1:aa", 500);
  pass_days (story, 8 + 13.0 / 24);                    /* 23:16 UTC on 30 November, 0:16 on 1 December there */
  story_restart (story);
  pay (story, "1:aa", 500);
  pay (story, "1:aa", 500);
  story_restart (story);
  pay (story, "1:aa", 450);
}

static void
test_days_away_are_counted (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, RULES (BACK), 0, FOR_EVER);
  pay (story, "1:aa", 500);                            /* never here before: it is not back */
  pass_days (story, 29);
  pay (story, "1:bb", 500);
  pass_days (story, 1);
  pay (story, "1:aa", 400);
  pay (story, "1:aa", 500);
}

/* A new epoch's fingerprints know nothing of the old ones, and nothing without a card knows anything. */
static void
test_a_new_epoch_begins_at_zero (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, RULES (THIRD), 0, FOR_EVER);
  pay (story, "1:aa", 500);
  pay (story, "1:aa", 500);
  pay (story, "2:cc", 500);
  pay (story, "2:cc", 500);
  pay (story, "2:cc", 450);
}

static void
test_a_phone_has_none (StoryMeans means)
{
  g_autoptr (Story) story = story_new (STORY_QR);

  must_activate (story, RULES (FIRST), 0, FOR_EVER);
  for (guint i = 0; i < 4; i++)
    pay (story, NULL, 500);
}

/* What did not become a charge is none: declined, or no energy. */
static void
test_only_charges_count (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  char *session;

  must_activate (story, RULES (THIRD), 0, FOR_EVER);
  pay (story, "1:aa", 500);
  pay (story, "1:aa", 500);
  session = story_ask (story, 0, "1:aa", STORY_DECLINES);
  story_answer (story);
  story_pay (story, 20000);
  g_free (session);
  session = story_arm (story, 0, "1:aa");
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  story_assert_released (story, session);
  g_free (session);
  pay (story, "1:aa", 450);
}

static void
test_they_end_and_are_withdrawn (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree TwOfferView *views = NULL;
  Told told = { 0 };

  must_activate (story, RULES (FIRST), BEGIN_US + DAYS_US (1), BEGIN_US + DAYS_US (2));
  g_assert_cmpuint (tw_station_offers (story->station, &views), ==, 1);
  g_assert_false (views[0].in_force);
  pay (story, "1:aa", 500);
  pass_days (story, 1);
  story_restart (story);
  pay (story, "1:bb", 450);
  pass_days (story, 1);
  pay (story, "1:cc", 500);
  must_activate (story, RULES (FIRST), 0, FOR_EVER);
  pay (story, "1:dd", 450);
  g_assert_true (tw_station_withdraw_offers (story->station, on_done, &told, NULL));
  story_settle (story);
  g_assert_cmpuint (told.n, ==, 1);
  pay (story, "1:ee", 500);
  story_restart (story);
  pay (story, "1:ff", 500);
}

/* What was granted stays, over a restart and a withdrawal, whatever the session does. */
static void
test_what_was_granted_stays (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;
  g_autoptr (TwRecord) record = NULL;
  Told told = { 0 };

  must_activate (story, RULES (FIRST), 0, FOR_EVER);
  session = story_charge (story, 0, "1:aa", 10000);
  g_assert_true (tw_station_withdraw_offers (story->station, on_done, &told, NULL));
  story_settle (story);
  story_restart (story);
  story_pay (story, 3000);
  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, 450);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  story_assert_paid (story, session, 450);
  record = story_record (story, session);
  g_assert_cmpstr (record->granted.id, ==, "first");
  g_assert_cmpuint (record->granted.discount_bp, ==, 1000);
}

/* The hold is for the whole price: who pays less gets more for it, and never more than it. */
static void
test_the_hold_lasts_longer (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;
  StoryLedger ledger;

  must_activate (story, RULES (FIRST), 0, FOR_EVER);
  session = story_charge (story, 0, "1:aa", 102000);   /* 51.00 EUR, 45.90 with the offer; 50.00 are held */
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  tw_fake_bay_energy (story->bay[0], 9090);
  story_pay (story, 10000);
  g_assert_cmpint (story_bay (story, 0), !=, TW_BAY_CHARGING);
  story_pay (story, 5000);
  ledger = story_ledger (story, session);
  g_assert_cmpint (ledger.captured, >, 4590);
  g_assert_cmpint (ledger.captured, <=, 5000);
}

/* Nothing is due then, and the hold goes back. */
static void
test_all_of_it_is_nothing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  must_activate (story, RULES (GIFT), 0, FOR_EVER);
  session = story_charge (story, 0, "1:aa", 10000);
  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, 0);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  story_assert_released (story, session);
}

static void
test_what_cannot_be_granted_is_refused (StoryMeans means)
{
  static const struct { const char *text; gint64 from_us, until_us; const char *told; } CASES[] = {
    { "{", 0, FOR_EVER, "" },
    { RULES (UNCHOSEN), 0, FOR_EVER, "rule open has no discount" },
    { RULES (FIRST), 0, BEGIN_US - 1, "over before they begin" },
    { RULES (FIRST), FOR_EVER, FOR_EVER, "over before they begin" },
  };
  g_autoptr (Story) story = story_new (means);

  must_activate (story, RULES (FIRST), 0, FOR_EVER);
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (CASES[i].text, strlen (CASES[i].text));
      TwOffersOrder order = { bytes, CASES[i].from_us, CASES[i].until_us };
      g_autoptr (GError) error = NULL;

      g_assert_false (tw_station_activate_offers (story->station, &order, on_done, NULL, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, CASES[i].told));
    }
  pay (story, "1:aa", 450);
}

/* The power goes at each commit of the tap: either all of it is there, or nothing. */
static void
test_a_crash_grants_whole_or_nothing (StoryMeans means)
{
  for (guint nth = 1; nth <= 6; nth++)
    for (guint kept = 0; kept < 2; kept++)
      {
        g_autoptr (Story) story = story_new (means);
        g_autofree char *session = NULL;
        g_autoptr (TwRecord) record = NULL;

        must_activate (story, RULES (FIRST), 0, FOR_EVER);
        session = story_ask (story, 0, "1:aa", STORY_HOLDS_UNHEARD);
        story_cut_at (story, nth, kept);
        story_answer (story);
        story_wait (story, 5000);
        story_restart (story);
        story_pay (story, 200000);
        record = story_record (story, session);
        g_assert_cmpuint (record->granted.discount_bp, ==, 1000);   /* it was asked for, so it was written */
        story_assert_nothing_open (story);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  story_add_card ("offers/the-third-charge-is-cheaper", test_the_third_is_cheaper);
  story_add_card ("offers/a-month-is-a-local-one", test_a_month_is_a_local_one);
  story_add_card ("offers/the-next-month-begins-at-zero", test_the_next_month_begins_at_zero);
  story_add_card ("offers/days-away-are-counted", test_days_away_are_counted);
  story_add_card ("offers/a-new-epoch-begins-at-zero", test_a_new_epoch_begins_at_zero);
  story_add_card ("offers/a-phone-has-none", test_a_phone_has_none);
  story_add_card ("offers/only-charges-count", test_only_charges_count);
  story_add_card ("offers/they-end-and-are-withdrawn", test_they_end_and_are_withdrawn);
  story_add_card ("offers/what-was-granted-stays", test_what_was_granted_stays);
  story_add_card ("offers/the-hold-lasts-longer", test_the_hold_lasts_longer);
  story_add_card ("offers/all-of-it-is-nothing", test_all_of_it_is_nothing);
  story_add_card ("offers/what-cannot-be-granted-is-refused", test_what_cannot_be_granted_is_refused);
  story_add_card ("offers/a-crash-grants-whole-or-nothing", test_a_crash_grants_whole_or_nothing);
  return g_test_run ();
}
