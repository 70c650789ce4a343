/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/application.h"

#include "app/base/clock.h"
#include "app/base/error.h"
#include "app/base/log.h"
#include "app/bus/watch.h"
#include "ui/window.h"

#define WINDOW_WIDTH  1280
#define WINDOW_HEIGHT 800
#define NOTICE_MS     6000     /* how long a refusal is on the screen */
#define FORGET_S      90       /* then the next driver finds the text size and colours of the configuration */
#define TELL_US       (5 * G_USEC_PER_SEC)   /* how often the station hears that somebody is here */
#define LOOK_S        60       /* how often the hour of the day is looked at */
#define DAY_FROM      6
#define DAY_UNTIL     20

typedef enum { THEME_AUTO, THEME_LIGHT, THEME_DARK } Theme;

struct _TwApplication
{
  const TwConfig *config;
  TwBusWatch     *watch;
  TwWindow       *window;
  TwClock        *clock;
  GMainLoop      *loop;
  GTimeZone      *zone;
  int             width, height;
  gint64          started_us, told_us;   /* told_us: that somebody touched the screen */
  Theme           theme;
  gboolean        large_text;
  char           *notice, *language;   /* of the counter, as long as it can be asked; NULL: not yet */
  gboolean        test_mode;
  guint           tick, notice_timer, forget_timer, look_timer;
};

static void refresh (TwApplication *self);

static Theme
theme_of (const TwConfig *config)
{
  return g_str_equal (config->kiosk_theme, "dark") ? THEME_DARK
    : g_str_equal (config->kiosk_theme, "light") ? THEME_LIGHT : THEME_AUTO;
}

static TwReaderPlace
place_of (const TwConfig *config)
{
  static const char *const places[] = { [TW_READER_BELOW] = "below", [TW_READER_ABOVE] = "above",
                                        [TW_READER_LEFT] = "left", [TW_READER_RIGHT] = "right" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (places[i], config->kiosk_reader))
      return i;

  return TW_READER_BELOW;
}

static gboolean
is_dark (TwApplication *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now (self->zone);
  int hour = g_date_time_get_hour (now);

  return self->theme == THEME_DARK || (self->theme == THEME_AUTO && (hour < DAY_FROM || hour >= DAY_UNTIL));
}

static TwView
look (TwApplication *self)
{
  TwView view = {
    .present = tw_bus_watch_present (self->watch), .now_boot_us = tw_clock_now (self->clock).boot_us,
    .form = tw_form (self->width, self->height, self->config->kiosk_diagonal_tenths, self->large_text),
    .dark = is_dark (self), .auto_accept = self->config->auto_accept, .reader = place_of (self->config),
    .language = self->config->language, .helpline = self->config->helpline, .notice = self->notice,
  };

  if (!view.present)
    {
      view.language = self->language ? self->language : self->config->language;
      view.station.test_mode = self->test_mode;
      return view;
    }
  view.station = tw_bus_watch_station (self->watch);
  view.counter = tw_bus_watch_counter (self->watch);
  self->test_mode = view.station.test_mode;
  if (view.counter.language != NULL && g_strcmp0 (self->language, view.counter.language) != 0)
    {
      g_free (self->language);
      self->language = g_strdup (view.counter.language);
    }
  view.n_connectors = MIN (view.station.n_connectors, TW_MAX_CONNECTORS);
  for (guint i = 0; i < view.n_connectors; i++)
    view.connectors[i] = tw_bus_watch_connector (self->watch, i);
  return view;
}

static gboolean
on_tick (gpointer user_data)
{
  TwApplication *self = user_data;

  self->tick = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

static void
refresh (TwApplication *self)
{
  TwView view = look (self);
  gint64 next_us = tw_view_next_tick_us (&view);

  tw_window_update (self->window, &view);
  if (self->tick != 0)
    tw_clock_cancel (self->clock, self->tick);
  self->tick = next_us == 0 ? 0 : tw_clock_after (self->clock, (next_us - view.now_boot_us + 999) / 1000,
                                                  on_tick, self);
}

static void
on_changed (gpointer user_data)
{
  refresh (user_data);
}

/* --- what a finger wishes --- */

static gboolean
on_notice_read (gpointer user_data)
{
  TwApplication *self = user_data;

  self->notice_timer = 0;
  g_clear_pointer (&self->notice, g_free);
  refresh (self);
  return G_SOURCE_REMOVE;
}

/* What was done shows by itself; what was refused is said. */
static void
on_told (const GError *error,
         gpointer      user_data)
{
  TwApplication *self = user_data;

  if (error == NULL)
    return;
  tw_log_info ("kiosk: the station refused: %s", error->message);
  g_free (self->notice);
  self->notice = g_strdup (g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED) ? error->message : "no-answer");
  g_clear_handle_id (&self->notice_timer, g_source_remove);
  self->notice_timer = g_timeout_add (NOTICE_MS, on_notice_read, self);
  refresh (self);
}

/* Somebody stands here and has other wishes than the configuration; when nobody does, they go. */
static gboolean
on_forget (gpointer user_data)
{
  TwApplication *self = user_data;
  TwView view = look (self);

  if (tw_view_is_busy (&view))
    return G_SOURCE_CONTINUE;
  self->forget_timer = 0;
  self->large_text = self->config->kiosk_large_text;
  self->theme = theme_of (self->config);
  refresh (self);
  return G_SOURCE_REMOVE;
}

static void
touched (TwApplication *self)
{
  g_clear_handle_id (&self->forget_timer, g_source_remove);
  self->forget_timer = g_timeout_add_seconds (FORGET_S, on_forget, self);
}

static void
choose (guint       connector,
        const char *language,
        gpointer    user_data)
{
  TwApplication *self = user_data;

  touched (self);
  tw_bus_watch_choose (self->watch, connector, language, on_told, self);
}

static void
accept (gpointer user_data)
{
  TwApplication *self = user_data;

  touched (self);
  tw_bus_watch_accept (self->watch, on_told, self);
}

static void
set_goal (const char *kind,
          gint64      value,
          gpointer    user_data)
{
  TwApplication *self = user_data;

  touched (self);
  tw_bus_watch_set_goal (self->watch, kind, value, on_told, self);
}

static void
cancel (gpointer user_data)
{
  TwApplication *self = user_data;

  touched (self);
  tw_bus_watch_cancel (self->watch, on_told, self);
}

static void
stop (guint    connector,
      gpointer user_data)
{
  TwApplication *self = user_data;

  touched (self);
  tw_bus_watch_stop (self->watch, connector, on_told, self);
}

static void
dismiss (guint    connector,
         gpointer user_data)
{
  TwApplication *self = user_data;

  touched (self);
  tw_bus_watch_dismiss (self->watch, connector, on_told, self);
}

static void
set_language (guint       connector,
              const char *language,
              gpointer    user_data)
{
  TwApplication *self = user_data;

  touched (self);
  if (tw_bus_watch_present (self->watch))
    {
      tw_bus_watch_set_language (self->watch, connector, language, on_told, self);
      return;
    }
  g_free (self->language);   /* nobody to tell: the words change all the same */
  self->language = g_strdup (language);
  refresh (self);
}

typedef struct { TwReceiptCame came; gpointer came_data; } Errand;

static void
on_receipt (const char   *receipt,
            const GError *error,
            gpointer      user_data)
{
  Errand *errand = user_data;

  if (error != NULL)
    tw_log_info ("kiosk: no receipt: %s", error->message);
  errand->came (receipt, errand->came_data);
  g_free (errand);
}

static void
receipt (const char    *session,
         const char    *format,
         const char    *language,
         TwReceiptCame  came,
         gpointer       came_data,
         gpointer       user_data)
{
  TwApplication *self = user_data;
  Errand *errand = g_new0 (Errand, 1);

  errand->came = came;
  errand->came_data = came_data;
  tw_bus_watch_receipt (self->watch, session, format, language, on_receipt, errand);
}

static void
switch_text (gpointer user_data)
{
  TwApplication *self = user_data;

  touched (self);
  self->large_text = !self->large_text;
  refresh (self);
}

static void
switch_theme (gpointer user_data)
{
  TwApplication *self = user_data;

  touched (self);
  self->theme = is_dark (self) ? THEME_LIGHT : THEME_DARK;
  refresh (self);
}

static void
touched_anywhere (gpointer user_data)
{
  TwApplication *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (self->told_us != 0 && now_us - self->told_us < TELL_US)
    return;
  self->told_us = now_us;
  tw_bus_watch_touched (self->watch, NULL, NULL);   /* the driver is not to hear of it */
}

static void
resized (int      width,
         int      height,
         gpointer user_data)
{
  TwApplication *self = user_data;

  self->width = width;
  self->height = height;
  refresh (self);
}

static const TwDeeds deeds = {
  .choose = choose, .accept = accept, .cancel = cancel, .stop = stop, .dismiss = dismiss,
  .set_goal = set_goal, .set_language = set_language, .receipt = receipt,
  .switch_text = switch_text, .switch_theme = switch_theme, .touched = touched_anywhere,
  .resized = resized,
};

/* --- life --- */

static gboolean
on_look (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_first_frame (GdkFrameClock *frames,
                TwApplication *self)
{
  g_signal_handlers_disconnect_by_func (frames, on_first_frame, self);
  tw_log_debug ("kiosk: first frame after %" G_GINT64_FORMAT " ms",
                (g_get_monotonic_time () - self->started_us) / 1000);
}

static gboolean
on_close (TwApplication *self)
{
  g_main_loop_quit (self->loop);
  return TRUE;
}

static void
set_size (TwApplication              *self,
          const TwApplicationOptions *options)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default ());
  g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, 0);
  GdkRectangle all = { .width = WINDOW_WIDTH, .height = WINDOW_HEIGHT };

  if (self->config->kiosk_fullscreen && monitor != NULL)
    gdk_monitor_get_geometry (monitor, &all);
  self->width = options->width > 0 ? options->width : all.width;
  self->height = options->height > 0 ? options->height : all.height;
}

TwApplication *
tw_application_new (const TwConfig             *config,
                    const TwApplicationOptions *options)
{
  TwApplication *self = g_new0 (TwApplication, 1);

  self->config = config;
  self->started_us = options->started_us;
  self->test_mode = config->bank_cards_test;
  self->theme = theme_of (config);
  self->large_text = config->kiosk_large_text;
  self->zone = g_time_zone_new_identifier (config->time_zone);
  if (self->zone == NULL)
    self->zone = g_time_zone_new_utc ();
  self->clock = tw_clock_new_system (FALSE);
  self->loop = g_main_loop_new (NULL, FALSE);
  set_size (self, options);
  self->watch = tw_bus_watch_new (options->bus, on_changed, self);
  self->window = tw_window_new (self->width, self->height, &deeds, self);
  gtk_window_set_decorated (tw_window_gtk (self->window), options->frame);
  if (config->kiosk_fullscreen && options->width <= 0)
    gtk_window_fullscreen (tw_window_gtk (self->window));
  g_signal_connect_swapped (tw_window_gtk (self->window), "close-request", G_CALLBACK (on_close), self);
  self->look_timer = g_timeout_add_seconds (LOOK_S, on_look, self);
  return self;
}

void
tw_application_run (TwApplication *self)
{
  GtkWindow *window = tw_window_gtk (self->window);

  refresh (self);
  gtk_widget_realize (GTK_WIDGET (window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint", G_CALLBACK (on_first_frame), self);
  gtk_window_present (window);
  g_main_loop_run (self->loop);
}

void
tw_application_quit (TwApplication *self)
{
  g_main_loop_quit (self->loop);
}

void
tw_application_free (TwApplication *self)
{
  g_clear_handle_id (&self->notice_timer, g_source_remove);
  g_clear_handle_id (&self->forget_timer, g_source_remove);
  g_clear_handle_id (&self->look_timer, g_source_remove);
  if (self->tick != 0)
    tw_clock_cancel (self->clock, self->tick);
  tw_bus_watch_free (self->watch);
  tw_window_free (self->window);
  tw_clock_free (self->clock);
  g_time_zone_unref (self->zone);
  g_main_loop_unref (self->loop);
  g_free (self->notice);
  g_free (self->language);
  g_free (self);
}
