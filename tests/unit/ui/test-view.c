/* SPDX-License-Identifier: Apache-2.0 */
/* Which screen, which panel, in which language, and when the next second begins: KIOSK's pure part. */
#include "ui/view.h"

#define S G_USEC_PER_SEC

static const struct { const char *state, *screen; gboolean busy; } counters[] = {
  { "welcome", "home" }, { "offer", "offer", TRUE }, { "asking", "present", TRUE },
  { "authorizing", "authorizing", TRUE }, { "outcome", "outcome", TRUE }, { "closed", "closed" },
  { "", "lost" }, { NULL, "lost" }, { "of another version", "lost" },
};

static void
each_state_of_the_counter_has_a_screen (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    {
      TwView view = { .present = TRUE, .counter = { .state = counters[i].state } };

      g_assert_cmpstr (tw_screen_name (tw_view_screen (&view)), ==, counters[i].screen);
      g_assert_cmpint (tw_view_is_busy (&view), ==, counters[i].busy);
    }
}

static void
without_a_station_the_screen_is_lost (void)
{
  TwView view = { .counter = { .state = "welcome" } };

  g_assert_cmpstr (tw_screen_name (tw_view_screen (&view)), ==, "lost");
}

static const struct { const char *state, *panel; gboolean runs; } bays[] = {
  { "free", "free" }, { "armed", "plug-in", TRUE }, { "charging", "charging", TRUE }, { "paused", "paused", TRUE },
  { "finishing", "finishing", TRUE }, { "settling", "finishing", TRUE }, { "fault", "fault" },
  { "", "fault" }, { NULL, "fault" }, { "of another version", "fault" },
};

static void
each_state_of_a_bay_has_a_panel (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bays); i++)
    {
      TwView view = { .present = TRUE, .n_connectors = 1, .connectors = { { .state = bays[i].state } } };

      g_assert_cmpstr (tw_panel_name (tw_view_panel (&view, 0)), ==, bays[i].panel);
      g_assert_cmpint (tw_view_runs (&view, 0), ==, bays[i].runs);
    }
}

static void
nothing_is_offered_where_no_price_is_in_force (void)
{
  TwView view = { .present = TRUE, .n_connectors = 1, .counter = { .state = "welcome" },
                  .connectors = { { .state = "free", .closed_why = "no-tariff" } } };

  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_FAULT);
  view.connectors[0].state = "charging";
  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_CHARGING);
}

static void
a_receipt_is_shown_until_its_time_is_over (void)
{
  TwView view = { .present = TRUE, .n_connectors = 1, .now_boot_us = 99 * S,
                  .connectors = { { .state = "free", .last_session = "A-1", .receipt_until_boot_us = 100 * S } } };

  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_RECEIPT);
  view.connectors[0].state = "fault";
  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_RECEIPT);
  view.connectors[0].state = "charging";
  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_CHARGING);
  view.connectors[0].state = "free";
  view.now_boot_us = 100 * S;
  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_FREE);
  view.now_boot_us = 99 * S;
  view.connectors[0].last_session = "";
  g_assert_cmpint (tw_view_panel (&view, 0), ==, TW_PANEL_FREE);
}

static void
two_bays_speak_two_languages (void)
{
  TwView view = { .present = TRUE, .n_connectors = 2, .language = "en", .counter = { .language = "de" },
                  .connectors = { { .language = "en" }, { .language = "" } } };

  g_assert_cmpstr (tw_view_language (&view), ==, "de");
  g_assert_cmpstr (tw_view_bay_language (&view, 0), ==, "en");
  g_assert_cmpstr (tw_view_bay_language (&view, 1), ==, "de");
  view.counter.language = NULL;
  g_assert_cmpstr (tw_view_bay_language (&view, 1), ==, "en");
  view.language = NULL;
  g_assert_cmpstr (tw_view_language (&view), ==, "en");
}

static void
a_countdown_is_rounded_up_and_ends_at_zero (void)
{
  TwView view = { .now_boot_us = 10 * S + 1 };

  g_assert_cmpint (tw_view_seconds_left (&view, 55 * S), ==, 45);
  g_assert_cmpint (tw_view_seconds_left (&view, 10 * S + 2), ==, 1);
  g_assert_cmpint (tw_view_seconds_left (&view, 10 * S + 1), ==, 0);
  g_assert_cmpint (tw_view_seconds_left (&view, 3 * S), ==, 0);
  g_assert_cmpint (tw_view_seconds_left (&view, 0), ==, 0);
}

/* At the tick the number shown is another one, and not a moment before. */
static void
a_tick_comes_when_the_number_changes (void)
{
  TwView view = { .present = TRUE, .counter = { .state = "asking", .deadline_boot_us = 55 * S + 300 } };

  for (view.now_boot_us = 50 * S; view.now_boot_us < 55 * S;)
    {
      gint64 shown = tw_view_seconds_left (&view, view.counter.deadline_boot_us), tick = tw_view_next_tick_us (&view);

      g_assert_cmpint (tick, >, view.now_boot_us);
      view.now_boot_us = tick - 1;
      g_assert_cmpint (tw_view_seconds_left (&view, view.counter.deadline_boot_us), ==, shown);
      view.now_boot_us = tick;
      g_assert_cmpint (tw_view_seconds_left (&view, view.counter.deadline_boot_us), ==, shown - 1);
    }
}

static void
nothing_ticks_while_nothing_counts (void)
{
  TwView view = { .present = TRUE, .n_connectors = 1, .counter = { .state = "welcome" }, .now_boot_us = 7 * S,
                  .connectors = { { .state = "charging", .deadline_boot_us = 1000 * S } } };

  g_assert_cmpint (tw_view_next_tick_us (&view), ==, 0);
  view.connectors[0].state = "armed";
  g_assert_cmpint (tw_view_next_tick_us (&view), ==, 8 * S);
  view.present = FALSE;
  g_assert_cmpint (tw_view_next_tick_us (&view), ==, 0);
}

static void
a_banner_is_a_matter_of_the_start_screen (void)
{
  TwView view = { .present = TRUE, .counter = { .state = "welcome", .prompt = "not-accepted" } };

  g_assert_cmpstr (tw_view_banner (&view), ==, "not-accepted");
  view.notice = "busy";
  g_assert_cmpstr (tw_view_banner (&view), ==, "busy");
  view.counter.state = "asking";
  g_assert_null (tw_view_banner (&view));
}

/* 1280 x 800 on 10.1 inches: sqrt (1280^2 + 800^2) = 1509.4 pixels, 149.4 dpi; 800 x 480 on 7: 133.3. */
static void
a_millimetre_is_a_millimetre (void)
{
  TwForm ten = tw_form (1280, 800, 101, FALSE), seven = tw_form (480, 800, 70, TRUE);
  TwForm guessed = tw_form (800, 480, 0, FALSE);

  g_assert_cmpuint (ten.dpi, ==, 150);
  g_assert_false (ten.small || ten.portrait || ten.large_text);
  g_assert_cmpuint (seven.dpi, ==, 134);
  g_assert_true (seven.small && seven.portrait && seven.large_text);
  g_assert_cmpuint (guessed.dpi, ==, 134);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/view/each-state-of-the-counter-has-a-screen", each_state_of_the_counter_has_a_screen);
  g_test_add_func ("/ui/view/without-a-station-the-screen-is-lost", without_a_station_the_screen_is_lost);
  g_test_add_func ("/ui/view/each-state-of-a-bay-has-a-panel", each_state_of_a_bay_has_a_panel);
  g_test_add_func ("/ui/view/nothing-is-offered-where-no-price-is-in-force",
                   nothing_is_offered_where_no_price_is_in_force);
  g_test_add_func ("/ui/view/a-receipt-is-shown-until-its-time-is-over", a_receipt_is_shown_until_its_time_is_over);
  g_test_add_func ("/ui/view/two-bays-speak-two-languages", two_bays_speak_two_languages);
  g_test_add_func ("/ui/view/a-countdown-is-rounded-up-and-ends-at-zero", a_countdown_is_rounded_up_and_ends_at_zero);
  g_test_add_func ("/ui/view/a-tick-comes-when-the-number-changes", a_tick_comes_when_the_number_changes);
  g_test_add_func ("/ui/view/nothing-ticks-while-nothing-counts", nothing_ticks_while_nothing_counts);
  g_test_add_func ("/ui/view/a-banner-is-a-matter-of-the-start-screen", a_banner_is_a_matter_of_the_start_screen);
  g_test_add_func ("/ui/view/a-millimetre-is-a-millimetre", a_millimetre_is_a_millimetre);
  return g_test_run ();
}
