/* SPDX-License-Identifier: Apache-2.0 */
/* The operator puts tariffs in force: at once, later, at one connector, with a broken file, and with the power going in
 * between. Whoever has been shown a price pays that price. A story begins on 2026-11-22 at 10:15:30 UTC.
 */
#include "app/base/error.h"
#include "payment/journal/locked.h"
#include "tests/lib/story.h"

#include <string.h>

#define PRICED(PRICE, CURRENCY, MORE) \
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T-" PRICE "\",\"currency\":\"" CURRENCY "\"," MORE \
  "\"tax_included\":\"YES\",\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":" PRICE \
  ",\"vat\":19.0,\"step_size\":1}]}],\"last_updated\":\"2026-01-01T00:00:00Z\"}"

/* date -d 2026-11-22T10:15:30Z +%s */
#define BEGIN_US (G_GINT64_CONSTANT (1795342530) * G_USEC_PER_SEC)
#define MINUTES_US(N) ((gint64) (N) * 60 * G_USEC_PER_SEC)

typedef struct { guint n; gboolean failed; } Told;

static void
on_activated (const GError *error,
              gpointer      user_data)
{
  Told *told = user_data;

  told->n++;
  told->failed = error != NULL;
}

static gboolean
activate (Story      *story,
          const char *tariff,
          guint       connector,
          gint64      valid_from_us,
          Told       *told,
          GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (tariff, strlen (tariff));
  TwActivationOrder order = { connector, bytes, valid_from_us, FALSE };

  return tw_station_activate (story->station, &order, on_activated, told, error);
}

static void
must_activate (Story      *story,
               const char *tariff,
               guint       connector,
               gint64      valid_from_us)
{
  g_autoptr (GError) error = NULL;
  Told told = { 0 };

  activate (story, tariff, connector, valid_from_us, &told, &error);
  g_assert_no_error (error);
  story_settle (story);
  g_assert_cmpuint (told.n, ==, 1);
  g_assert_false (told.failed);
}

/* The first price of connector i, as written; "": none. */
static const char *
price_at (Story *story,
          guint  i)
{
  const TwTariff *tariff = tw_station_bay (story->station, i).tariff;

  return tariff ? tw_tariff_tag (tariff, 0)->price : "";
}

static void
test_it_is_in_force_at_once (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = NULL;

  must_activate (story, PRICED ("0.30", "EUR", ""), 0, 0);
  for (guint round = 0; round < 2; round++)
    {
      g_assert_cmpstr (price_at (story, 0), ==, "0.30");
      g_assert_cmpstr (price_at (story, 1), ==, "0.30");
      story_restart (story);
    }
  session = story_charge (story, 0, "1:aa", 10000);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  story_assert_paid (story, session, 300);
}

static void
test_one_connector_only (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, PRICED ("0.30", "EUR", ""), 2, 0);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");
  g_assert_cmpstr (price_at (story, 1), ==, "0.30");
  must_activate (story, PRICED ("0.40", "EUR", ""), 0, 0);   /* the latest wins */
  g_assert_cmpstr (price_at (story, 1), ==, "0.40");
}

static void
test_it_waits_for_its_time (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree TwTariffView *views = NULL;

  must_activate (story, PRICED ("0.20", "EUR", ""), 0, BEGIN_US + MINUTES_US (30));
  must_activate (story, PRICED ("0.30", "EUR", ""), 0, BEGIN_US + MINUTES_US (10));
  must_activate (story, PRICED ("0.40", "EUR", ""), 0, 0);   /* later, but in force sooner */
  g_assert_cmpuint (tw_station_tariffs (story->station, &views), ==, 6);
  g_assert_cmpint (views[0].state, ==, TW_TARIFF_IN_FORCE);
  g_assert_cmpint (views[1].state, ==, TW_TARIFF_COMING);
  g_assert_cmpint (views[1].valid_from_us, ==, BEGIN_US + MINUTES_US (10));
  g_assert_cmpint (views[2].valid_from_us, ==, BEGIN_US + MINUTES_US (30));
  g_assert_cmpuint (views[3].connector, ==, 2);
  g_assert_cmpstr (price_at (story, 0), ==, "0.40");
  story_wait (story, 9 * 60 * 1000 + 50000);
  g_assert_cmpstr (price_at (story, 0), ==, "0.40");
  story_wait (story, 11000);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
  story_restart (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
  story_kill (story);
  tw_virtual_clock_advance (story->clock, 20 * 60 * 1000);
  story_start (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.20");
}

static void
test_who_was_shown_a_price_pays_it (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *charging = story_charge (story, 0, "1:aa", 10000);
  g_autofree char *offered = NULL;

  story_pay (story, 10000);
  offered = story_ask (story, 1, "1:bb", STORY_APPROVES);
  must_activate (story, PRICED ("0.30", "EUR", ""), 0, 0);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");
  g_assert_cmpstr (price_at (story, 1), ==, "0.50");   /* on the screen, at the reader */
  story_answer (story);
  story_restart (story);
  g_assert_cmpstr (price_at (story, 1), ==, "0.50");
  story_wait (story, 2000);
  tw_fake_bay_plug (story->bay[1]);
  story_wait (story, 3000);
  tw_fake_bay_energy (story->bay[1], 20000);
  story_wait (story, 2000);
  tw_station_stop (story->station, 1, "stop", NULL);
  tw_station_stop (story->station, 2, "stop", NULL);
  story_pay (story, 5000);
  story_assert_paid (story, charging, 500);
  story_assert_paid (story, offered, 1000);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
}

static void
test_a_broken_one_changes_nothing (StoryMeans means)
{
  static const struct { const char *tariff, *says; guint connector; } refused[] = {
    { "{", "$", 0 },
    { PRICED ("-0.30", "EUR", ""), "$.elements[0].price_components[0].price", 0 },
    { PRICED ("0.30", "GBP", ""), "$.currency is GBP", 0 },
    { PRICED ("0.30", "EUR", "\"end_date_time\":\"2026-11-22T10:00:00Z\","), "$.end_date_time", 0 },
    { PRICED ("0.30", "EUR", "\"type\":\"PROFILE_GREEN\","), "$.type", 0 },
    { PRICED ("0.30", "EUR", ""), "no connector 3", 3 },
  };
  g_autoptr (Story) story = story_new (means);

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      Told told = { 0 };

      g_assert_false (activate (story, refused[i].tariff, refused[i].connector, 0, &told, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, refused[i].says));
      story_settle (story);
      g_assert_cmpuint (told.n, ==, 0);
      g_assert_cmpstr (price_at (story, 0), ==, "0.50");
    }
  story_restart (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  char **text = user_data;

  if (!g_str_equal (entry->kind, "tariff-activated"))
    return TRUE;
  g_free (*text);
  *text = g_strndup (g_bytes_get_data (entry->payload, NULL), g_bytes_get_size (entry->payload));
  return TRUE;
}

/* AFIR art. 5(4): at 50 kW and more a price per minute of charging is no ad-hoc price. */
static void
test_the_configured_rules_are_kept_or_broken_on_purpose (StoryMeans means)
{
  static const char per_minute[] =
    "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T9\",\"currency\":\"EUR\",\"tax_included\":\"YES\","
    "\"elements\":[{\"price_components\":[{\"type\":\"TIME\",\"price\":6.00,\"vat\":19.0,\"step_size\":60}]}],"
    "\"last_updated\":\"2026-01-01T00:00:00Z\"}";
  g_autoptr (Story) story = story_new (means);
  g_autoptr (GBytes) bytes = g_bytes_new_static (per_minute, strlen (per_minute));
  TwActivationOrder order = { 0, bytes, 0, FALSE };
  g_autofree char *entry = NULL;
  g_autoptr (GError) error = NULL;
  Told told = { 0 };

  story->config.tariff_profile = (char *) "afir-50kw-and-up";
  g_assert_false (tw_station_activate (story->station, &order, on_activated, &told, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "A50-1"));
  story_settle (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");
  tw_journal_each (story->journal, NULL, on_entry, &entry, NULL);
  g_assert_null (entry);

  order.force = TRUE;
  g_assert_true (tw_station_activate (story->station, &order, on_activated, &told, NULL));
  story_settle (story);
  g_assert_cmpstr (price_at (story, 0), ==, "6.00");
  tw_journal_each (story->journal, NULL, on_entry, &entry, NULL);
  g_assert_nonnull (strstr (entry, "\"forced\":true"));
  g_assert_nonnull (strstr (entry, "A50-1"));
  story_restart (story);
  g_assert_cmpstr (price_at (story, 0), ==, "6.00");
}

/* What is not durable was never in force. */
static void
test_the_power_goes_while_it_is_written (StoryMeans means)
{
  for (guint kept = 0; kept < 2; kept++)
    {
      g_autoptr (Story) story = story_new (means);
      Told told = { 0 };

      tw_memory_journal_hold (story->disk, TRUE);
      g_assert_true (activate (story, PRICED ("0.30", "EUR", ""), 0, 0, &told, NULL));
      story_settle (story);
      g_assert_cmpstr (price_at (story, 0), ==, "0.50");
      g_assert_cmpuint (told.n, ==, 0);
      tw_memory_journal_crash (story->disk, kept);
      story_restart (story);
      g_assert_cmpuint (told.n, ==, 1);
      g_assert_true (told.failed);   /* nobody said that it was */
      g_assert_cmpstr (price_at (story, 0), ==, kept ? "0.30" : "0.50");
    }
}

static void
test_one_that_has_ended_gives_way (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means, PRICED ("0.50", "EUR",
                                                             "\"end_date_time\":\"2026-11-22T10:40:00Z\","));
  g_autoptr (GError) error = NULL;

  must_activate (story, PRICED ("0.30", "EUR", "\"end_date_time\":\"2026-11-22T10:20:00Z\","), 0, 0);
  must_activate (story, PRICED ("0.70", "EUR", "\"start_date_time\":\"2026-11-22T11:00:00Z\","), 1, 0);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
  story_wait (story, 5 * 60 * 1000);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");
  g_assert_null (tw_station_bay (story->station, 0).closed_why);

  story_wait (story, 20 * 60 * 1000);
  g_assert_cmpstr (price_at (story, 0), ==, "");
  g_assert_cmpstr (tw_station_bay (story->station, 0).closed_why, ==, "no-tariff");
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);
  g_assert_cmpstr (tw_station_counter (story->station).closed_why, ==, "no-tariff");
  story_restart (story);
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_CLOSED);

  story_wait (story, 20 * 60 * 1000);   /* connector 1 has one again */
  g_assert_cmpstr (price_at (story, 0), ==, "0.70");
  g_assert_cmpint (story_counter (story), ==, TW_COUNTER_WELCOME);
  g_assert_false (tw_station_choose (story->station, 2, "en", &error));
  g_assert_cmpstr (error->message, ==, "no-tariff");
  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
}

/* Connector 1 was sold before the file was broken, connector 2 never was. */
static void
test_a_broken_file_leaves_the_old_one_in_force (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  g_assert_true (tw_station_choose (story->station, 1, "en", NULL));
  story_settle (story);
  g_assert_null (tw_station_bay (story->station, 0).tariff_refused);

  story->tariff_refused = TRUE;
  story_restart (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");
  g_assert_null (tw_station_bay (story->station, 0).closed_why);
  g_assert_nonnull (strstr (tw_station_bay (story->station, 0).tariff_refused, "$.elements"));
  g_assert_cmpstr (price_at (story, 1), ==, "");
  g_assert_cmpstr (tw_station_bay (story->station, 1).closed_why, ==, "no-tariff");
  story_restart (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.50");

  must_activate (story, PRICED ("0.30", "EUR", ""), 0, 0);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
  g_assert_cmpstr (price_at (story, 1), ==, "0.30");
  story->tariff_refused = FALSE;
  story_restart (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
  g_assert_null (tw_station_bay (story->station, 1).tariff_refused);
}

/* A board whose clock begins in the past does not sell at the prices of the past. */
static void
test_a_clock_that_was_not_set_brings_nothing_back (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);

  must_activate (story, PRICED ("0.30", "EUR", ""), 0, BEGIN_US + MINUTES_US (10));
  story_wait (story, 11 * 60 * 1000);
  must_activate (story, PRICED ("0.90", "EUR", ""), 2, 0);
  story_kill (story);
  tw_virtual_clock_set_synced (story->clock, FALSE);
  tw_virtual_clock_step_wall (story->clock, -MINUTES_US (60 * 24 * 365));
  tw_virtual_clock_reboot (story->clock, 1000);
  story_start (story);
  g_assert_cmpstr (price_at (story, 0), ==, "0.30");
  g_assert_cmpstr (price_at (story, 1), ==, "0.90");
}

typedef struct { Story *story; guint n; gint64 last_us; } Looks;

static gboolean
on_look (gpointer user_data)
{
  Looks *looks = user_data;

  looks->n++;
  looks->last_us = tw_clock_now (tw_virtual_clock_clock (looks->story->clock)).wall_us;
  return G_SOURCE_REMOVE;
}

/* Nobody is here. Where it is 5:30:17 later than in London, 15:46 is at 10:15:43 UTC: not at a full minute, at which
 * there would be a look anyway. Then somebody sets the clock back by an hour: nobody has to wait for the minute. */
static void
test_a_price_changes_on_a_station_at_rest (StoryMeans means)
{
  g_autoptr (Story) story = story_new_priced (means,
    "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T\",\"currency\":\"EUR\",\"tax_included\":\"YES\","
    "\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.5,\"vat\":19,\"step_size\":1}],"
    "\"restrictions\":{\"end_time\":\"15:46\"}},"
    "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.2,\"vat\":19,\"step_size\":1}]}],"
    "\"last_updated\":\"2026-01-01T00:00:00Z\"}");
  Looks looks = { story };

  story->config.time_zone = (char *) "+053017";
  story_restart (story);
  story_settle (story);
  tw_station_watch (story->station, on_look, &looks);
  story_wait (story, 12900);
  g_assert_cmpuint (looks.n, ==, 0);
  story_wait (story, 1000);
  g_assert_cmpuint (looks.n, ==, 1);
  g_assert_cmpint (looks.last_us, >=, BEGIN_US + 13 * G_USEC_PER_SEC);
  g_assert_cmpint (looks.last_us, <=, BEGIN_US + 14 * G_USEC_PER_SEC);

  tw_virtual_clock_step_wall (story->clock, -MINUTES_US (60));
  story_wait (story, 2000);
  g_assert_cmpuint (looks.n, ==, 2);
  story_wait (story, 10000);
  g_assert_cmpuint (looks.n, ==, 2);
  tw_station_watch (story->station, NULL, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add_card ("it-is-in-force-at-once", test_it_is_in_force_at_once);
  story_add_card ("one-connector-only", test_one_connector_only);
  story_add_card ("it-waits-for-its-time", test_it_waits_for_its_time);
  story_add ("who-was-shown-a-price-pays-it", test_who_was_shown_a_price_pays_it);
  story_add_card ("a-broken-one-changes-nothing", test_a_broken_one_changes_nothing);
  story_add_card ("the-power-goes-while-it-is-written", test_the_power_goes_while_it_is_written);
  story_add_card ("the-configured-rules-are-kept-or-broken-on-purpose",
                  test_the_configured_rules_are_kept_or_broken_on_purpose);
  story_add_card ("one-that-has-ended-gives-way", test_one_that_has_ended_gives_way);
  story_add_card ("a-broken-file-leaves-the-old-one-in-force", test_a_broken_file_leaves_the_old_one_in_force);
  story_add_card ("a-clock-that-was-not-set-brings-nothing-back", test_a_clock_that_was_not_set_brings_nothing_back);
  story_add_card ("a-price-changes-on-a-station-at-rest", test_a_price_changes_on_a_station_at_rest);
  return g_test_run ();
}
