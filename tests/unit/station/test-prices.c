/* SPDX-License-Identifier: Apache-2.0 */
/* Prices that change: with the clock on the wall, with what has flowed, and when charging is over. It is Sunday,
 * 11:15:30 in Berlin, when a story begins. Expected amounts are worked out in the comments, by hand.
 */
#include "payment/journal/locked.h"
#include "tests/lib/story.h"

#define TARIFF(ELEMENTS, MORE) \
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T3\",\"currency\":\"EUR\",\"tax_included\":\"YES\"," \
  "\"elements\":[" ELEMENTS "]," MORE "\"last_updated\":\"2026-01-01T00:00:00Z\"}"
#define ENERGY(PRICE, RESTRICTIONS) \
  "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":" PRICE ",\"vat\":19.0,\"step_size\":1}]" RESTRICTIONS "}"

/* 0.50 until noon, 0.20 after. */
static const char noon[] = TARIFF (ENERGY ("0.50", ",\"restrictions\":{\"end_time\":\"12:00\"}") ","
                                   ENERGY ("0.20", ""), "");

static const char by_energy[] = TARIFF (ENERGY ("0.50", ",\"restrictions\":{\"max_kwh\":2}") ","
                                        ENERGY ("0.30", ""), "");

/* 20 EUR for each begun hour of parking. */
static const char begun_hour[] = TARIFF (
  "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19.0,\"step_size\":1},"
  "{\"type\":\"PARKING_TIME\",\"price\":20.00,\"vat\":19.0,\"step_size\":3600}]}", "");

static const char dear_after_noon[] = TARIFF (ENERGY ("0.50", ",\"restrictions\":{\"end_time\":\"12:00\"}") ","
                                              ENERGY ("90.00", ""), "");

static const char capped[] = TARIFF (ENERGY ("0.50", ""),
                                     "\"max_price\":{\"before_taxes\":1.26,\"after_taxes\":1.50},");

static const char by_power[] = TARIFF (ENERGY ("1.00", ",\"restrictions\":{\"min_power\":11}") ","
                                       ENERGY ("0.40", ""), "");

/* 11:59:59.9 in Berlin, if the story is where it began. */
static void
wait_until_noon (Story *story)
{
  gint64 noon_us = G_GINT64_CONSTANT (1795345200) * G_USEC_PER_SEC;   /* date -d 2026-11-22T11:00Z +%s */
  gint64 now_us = tw_clock_now (tw_virtual_clock_clock (story->clock)).wall_us;

  g_assert_cmpint (now_us, <, noon_us);
  story_wait (story, (noon_us - now_us) / 1000 - 100);
}

typedef struct { const char *why; guint n; TwInstant at; gint64 register_wh; } Reading;

static gboolean
on_reading (const TwEntry *entry,
            gpointer       user_data)
{
  Reading *found = user_data;
  g_autofree char *text = g_strndup (g_bytes_get_data (entry->payload, NULL), g_bytes_get_size (entry->payload));
  g_autofree char *why = g_strdup_printf ("\"why\":\"%s\"", found->why);

  if (!g_str_equal (entry->kind, "reading") || strstr (text, why) == NULL)
    return TRUE;
  found->n++;
  found->at = entry->at;
  return TRUE;
}

static Reading
readings (Story      *story,
          const char *session,
          const char *why)
{
  Reading found = { .why = why };

  g_assert_true (tw_journal_each (story->journal, session, on_reading, &found, NULL));
  return found;
}

/* The same entries, folded and priced by who only has the journal. */
static gint64
price_again (Story      *story,
             const char *session)
{
  g_autoptr (TwRecord) record = story_record (story, session);
  g_autoptr (TwTariff) tariff = tw_locked_tariff (story->journal, record, NULL);
  g_autoptr (TwBill) bill = tw_tariff_price (tariff, record->usage, NULL);

  g_assert_cmpint (tw_bill_gross (bill).minor, ==, record->price_minor);
  return record->price_minor;
}

static void
stop (Story *story)
{
  g_assert_true (tw_station_stop (story->station, 1, "stop", NULL));
  story_pay (story, 5000);
}

/* 4 kWh before noon, local time: 2.00; 5 after it: 1.00. In UTC all nine would have been before. */
static void
test_the_clock_on_the_wall_decides (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, noon);
  g_autofree char *session = story_charge (story, 0, "1:aa", 4000);
  TwPricesNow force;
  TwNextPrice next;
  TwInstant now;
  Reading price;

  force = tw_station_bay (story->station, 0).now;
  g_assert_cmpuint (force.n, ==, 1);
  g_assert_cmpstr (force.prices[0].why.tag.gross_price, ==, "0.50");
  g_assert_cmpint (force.prices[0].until_ms, ==, G_GINT64_CONSTANT (1795345200000));
  next = tw_station_bay (story->station, 0).next;
  g_assert_true (next.known);
  g_assert_cmpint (next.at_wall_us, ==, G_GINT64_CONSTANT (1795345200000000));
  g_assert_false (next.free);
  g_assert_cmpstr (next.tag.gross_price, ==, "0.20");
  g_assert_cmpint (next.at_wh, ==, 0);
  now = tw_clock_now (tw_virtual_clock_clock (story->clock));
  g_assert_cmpint (now.wall_us + next.at_boot_us - now.boot_us, ==, G_GINT64_CONSTANT (1795345200000000));
  wait_until_noon (story);
  g_assert_cmpuint (readings (story, session, "price").n, ==, 0);
  story_wait (story, 100);
  price = readings (story, session, "price");
  g_assert_cmpuint (price.n, ==, 1);
  g_assert_cmpint (price.at.wall_us / 1000, ==, G_GINT64_CONSTANT (1795345200000));   /* not a second later */
  force = tw_station_bay (story->station, 0).now;
  g_assert_cmpstr (force.prices[0].why.tag.gross_price, ==, "0.20");
  g_assert_cmpint (force.prices[0].until_ms, ==, G_GINT64_CONSTANT (1795388400000));   /* midnight in Berlin */
  tw_fake_bay_energy (story->bay[0], 5000);
  story_wait (story, 3000);
  g_assert_cmpuint (readings (story, session, "price").n, ==, 1);
  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, 300);
  stop (story);
  story_assert_paid (story, session, 300);
  g_assert_cmpint (price_again (story, session), ==, 300);
}

static void
test_a_restart_prices_the_same (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, noon);
  g_autofree char *session = story_charge (story, 0, "1:aa", 4000);

  wait_until_noon (story);
  story_restart (story);
  story_wait (story, 2000);
  tw_fake_bay_energy (story->bay[0], 1000);
  story_wait (story, 1000);
  story_restart (story);
  tw_fake_bay_energy (story->bay[0], 4000);
  story_wait (story, 1000);
  stop (story);
  story_assert_paid (story, session, 300);
  g_assert_cmpint (price_again (story, session), ==, 300);
}

/* Moved to another zone, the station still owes what was shown: 12:00 is noon of where it was sold. */
static void
test_the_zone_is_locked_with_the_price (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, noon);
  g_autofree char *session = story_charge (story, 0, "1:aa", 4000);
  g_autoptr (TwRecord) record = story_record (story, session);

  g_assert_cmpstr (record->time_zone, ==, "Europe/Berlin");
  wait_until_noon (story);
  story_wait (story, 100);
  story->config.time_zone = (char *) "America/New_York";
  story_restart (story);
  story_wait (story, 2000);
  tw_fake_bay_energy (story->bay[0], 5000);
  story_wait (story, 1000);
  stop (story);
  story_assert_paid (story, session, 300);
}

/* 2 kWh at 0.50, 3 at 0.30: 1.90. */
static void
test_a_price_that_changes_with_energy (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, by_energy);
  g_autofree char *session = story_charge (story, 0, "1:aa", 1900);

  g_assert_cmpuint (readings (story, session, "price").n, ==, 0);
  g_assert_cmpint (tw_station_bay (story->station, 0).next.at_wh, ==, 2000);
  g_assert_cmpint (tw_station_bay (story->station, 0).now.prices[0].until_mwh, ==, 2000000);
  g_assert_cmpstr (tw_station_bay (story->station, 0).next.tag.gross_price, ==, "0.30");
  tw_fake_bay_energy (story->bay[0], 150);
  story_wait (story, 1000);
  g_assert_cmpuint (readings (story, session, "price").n, ==, 1);
  g_assert_cmpstr (tw_station_bay (story->station, 0).now.prices[0].why.tag.gross_price, ==, "0.30");
  tw_fake_bay_energy (story->bay[0], 2950);
  story_wait (story, 1000);
  g_assert_cmpuint (readings (story, session, "price").n, ==, 1);
  stop (story);
  g_assert_cmpuint (tw_station_bay (story->station, 0).now.n, ==, 0);
  story_assert_paid (story, session, 190);
  g_assert_cmpint (price_again (story, session), ==, 190);
}

/* 64 kWh are 32.00 of a hold of 50.00; a begun hour more would be 52.00. It does not begin. */
static void
test_no_phase_begins_that_the_hold_cannot_pay (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, begun_hour);
  g_autofree char *session = story_charge (story, 0, "1:aa", 64000);
  g_autoptr (TwRecord) record = NULL;

  tw_fake_bay_full (story->bay[0]);
  story_pay (story, 130000);
  story_assert_paid (story, session, 3200);
  record = story_record (story, session);
  g_assert_cmpstr (record->end_reason, ==, "limit");
  g_assert_cmpint (tw_usage_duration_ms (record->usage, TW_PHASE_PARKING), ==, 0);
  g_assert_cmpuint (record->findings->len, ==, 0);
}

/* 40 kWh are 20.00, and the begun hour 20.00. */
static void
test_a_phase_that_the_hold_can_pay_begins (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, begun_hour);
  g_autofree char *session = story_charge (story, 0, "1:aa", 40000);

  tw_fake_bay_full (story->bay[0]);
  story_pay (story, 130000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_PAUSED);
  stop (story);
  story_assert_paid (story, session, 4000);
}

/* At 22 kW 8 s are 50 Wh, 4.42 EUR after noon: it must not run into that with 46.00 of 50.00 spent. */
static void
test_it_stops_before_a_price_that_the_hold_cannot_pay (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, dear_after_noon);
  g_autofree char *session = story_charge (story, 0, "1:aa", 92000);
  g_autoptr (TwRecord) record = NULL;

  wait_until_noon (story);
  g_assert_cmpint (story_bay (story, 0), !=, TW_BAY_CHARGING);
  story_pay (story, 3000);
  story_assert_paid (story, session, 4600);
  record = story_record (story, session);
  g_assert_cmpint (record->last.at.wall_us, <, G_GINT64_CONSTANT (1795345200000000));
}

static void
test_a_maximum_is_kept (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, capped);
  g_autofree char *session = story_charge (story, 0, "1:aa", 2000);

  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, 100);
  tw_fake_bay_energy (story->bay[0], 200000);   /* 100 EUR of energy, and the hold is 50 */
  story_wait (story, 2000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  stop (story);
  story_assert_paid (story, session, 150);
}

/* A minute at 6 kW, a minute at 22.02: 100 Wh at 0.40 and 367 at 1.00 are 0.407. */
static void
test_power_is_the_mean_between_readings (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, by_power);
  g_autofree char *session = story_charge (story, 0, "1:aa", 0);
  g_autoptr (TwRecord) record = NULL;

  story->config.reading_wh = 100000;   /* only the minute */
  for (guint second = 0; readings (story, session, "periodic").n < 1; second++)
    {
      if (second % 3 == 0)
        tw_fake_bay_energy (story->bay[0], 5);
      story_wait (story, 1000);
    }
  for (guint second = 0; readings (story, session, "periodic").n < 2; second++)
    {
      tw_fake_bay_energy (story->bay[0], second % 2 == 0 ? 6 : 7);
      story_wait (story, 1000);
    }
  stop (story);
  record = story_record (story, session);
  g_assert_cmpint (record->price_minor, ==, price_again (story, session));
  g_assert_cmpint (record->price_minor, >=, 40);
  g_assert_cmpint (record->price_minor, <=, 44);
}

static const char by_current[] = TARIFF (ENERGY ("1.00", ",\"restrictions\":{\"min_current\":32}") ","
                                         ENERGY ("0.40", ",\"restrictions\":{\"max_current\":32}") ","
                                         ENERGY ("9.00", ""), "");

/* 100 Wh at 20 A in all, then 100 Wh at 48 A; each change is in the journal. 0.04 and 0.10. */
static void
test_current_counts_from_the_reading_that_tells_it (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, by_current);
  g_autofree char *session = NULL;
  g_autoptr (TwRecord) record = NULL;

  tw_fake_bay_current (story->bay[0], 20000);
  session = story_charge (story, 0, "1:aa", 0);
  story_wait (story, 8000);
  for (guint i = 0; i < 100; i++)
    {
      tw_fake_bay_energy (story->bay[0], 1);
      story_wait (story, 1000);
    }
  tw_fake_bay_current (story->bay[0], 48000);
  story_wait (story, 8000);
  g_assert_cmpuint (readings (story, session, "price").n, >=, 1);
  for (guint i = 0; i < 100; i++)
    {
      tw_fake_bay_energy (story->bay[0], 1);
      story_wait (story, 1000);
    }
  stop (story);
  record = story_record (story, session);
  g_assert_cmpint (record->price_minor, ==, price_again (story, session));
  g_assert_cmpint (record->price_minor, ==, 14);
}

/* A meter that has no ammeter: neither 32 A nor less. 100 Wh at 9.00. */
static void
test_unknown_current_is_neither (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, by_current);
  g_autofree char *session = NULL;

  tw_fake_bay_current (story->bay[0], -1);
  session = story_charge (story, 0, "1:aa", 100);
  stop (story);
  story_assert_paid (story, session, 90);
}

static const char parking[] = TARIFF (
  "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19.0,\"step_size\":1},"
  "{\"type\":\"PARKING_TIME\",\"price\":6.00,\"vat\":19.0,\"step_size\":60}]}", "");

static Story *
story_with_grace (StoryMeans means,
                  gint64     grace_ms)
{
  Story *story = story_new_priced (means, parking);

  story->config.idle_grace_ms = grace_ms;
  return story;
}

/* Full, and a minute later taken for it. */
static void
become_full (Story *story)
{
  tw_fake_bay_full (story->bay[0]);
  story_wait (story, 63000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_PAUSED);
}

/* Ten minutes are given away, and not a second more; 4 kWh are 2.00, five begun minutes of 0.10 are 0.50. The operator
 * takes the grace back meanwhile, and the power goes: what was promised holds. */
static void
test_standing_is_free_at_first (StoryMeans means)
{
  g_autoptr (Story) story = story_with_grace (means, 600000);
  g_autofree char *session = story_charge (story, 0, "1:aa", 4000);
  TwNextPrice idle = tw_station_bay (story->station, 0).idle;
  g_autoptr (TwRecord) record = NULL;
  gint64 begins_us;

  g_assert_true (idle.known && idle.after_charging);
  g_assert_cmpint (idle.grace_ms, ==, 600000);
  g_assert_cmpint (idle.at_boot_us, ==, 0);
  become_full (story);
  idle = tw_station_bay (story->station, 0).idle;
  begins_us = idle.at_wall_us;
  g_assert_cmpstr (idle.tag.gross_price, ==, "6.00");
  g_assert_cmpuint (tw_station_bay (story->station, 0).now.n, ==, 0);
  story->config.idle_grace_ms = 0;
  story_wait (story, 300000);
  story_restart (story);
  story_wait (story, 290000);
  g_assert_cmpint (ABS (tw_station_bay (story->station, 0).idle.at_wall_us - begins_us), <, 10000);
  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, 200);

  story_wait (story, 300000);
  g_assert_false (tw_station_bay (story->station, 0).idle.known);
  g_assert_cmpuint (tw_station_bay (story->station, 0).now.n, ==, 1);
  g_assert_cmpint (tw_station_bay (story->station, 0).price_minor, ==, 250);
  stop (story);
  story_assert_paid (story, session, 250);
  g_assert_cmpint (price_again (story, session), ==, 250);
  record = story_record (story, session);
  g_assert_cmpint (tw_usage_duration_ms (record->usage, TW_PHASE_GRACE), ==, 600000);
  g_assert_cmpint (record->last.at.wall_us - begins_us, >, 0);
  g_assert_cmpint (tw_usage_duration_ms (record->usage, TW_PHASE_PARKING), ==,
                   (record->last.at.wall_us - begins_us) / 1000);
}

/* Whoever leaves in time pays for energy only; and who has charged again is warned again. */
static void
test_each_standing_is_free_at_first (StoryMeans means)
{
  g_autoptr (Story) story = story_with_grace (means, 600000);
  g_autofree char *session = story_charge (story, 0, "1:aa", 4000);
  gint64 first_us;

  become_full (story);
  story_wait (story, 500000);
  first_us = tw_station_bay (story->station, 0).idle.at_wall_us;
  tw_fake_bay_hungry (story->bay[0]);
  tw_fake_bay_energy (story->bay[0], 1000);
  story_wait (story, 5000);
  g_assert_cmpint (story_bay (story, 0), ==, TW_BAY_CHARGING);
  become_full (story);
  g_assert_cmpint (tw_station_bay (story->station, 0).idle.at_wall_us, >, first_us);
  story_wait (story, 500000);
  stop (story);
  story_assert_paid (story, session, 250);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add ("the-clock-on-the-wall-decides", test_the_clock_on_the_wall_decides);
  story_add ("a-restart-prices-the-same", test_a_restart_prices_the_same);
  story_add ("the-zone-is-locked-with-the-price", test_the_zone_is_locked_with_the_price);
  story_add ("a-price-that-changes-with-energy", test_a_price_that_changes_with_energy);
  story_add ("no-phase-begins-that-the-hold-cannot-pay", test_no_phase_begins_that_the_hold_cannot_pay);
  story_add ("a-phase-that-the-hold-can-pay-begins", test_a_phase_that_the_hold_can_pay_begins);
  story_add ("it-stops-before-a-price-that-the-hold-cannot-pay", test_it_stops_before_a_price_that_the_hold_cannot_pay);
  story_add ("a-maximum-is-kept", test_a_maximum_is_kept);
  story_add ("power-is-the-mean-between-readings", test_power_is_the_mean_between_readings);
  story_add ("current-counts-from-the-reading-that-tells-it", test_current_counts_from_the_reading_that_tells_it);
  story_add ("unknown-current-is-neither", test_unknown_current_is_neither);
  story_add ("standing-is-free-at-first", test_standing_is_free_at_first);
  story_add ("each-standing-is-free-at-first", test_each_standing_is_free_at_first);
  return g_test_run ();
}
