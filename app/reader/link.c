/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/link.h"

#include <glib-unix.h>

#include "app/base/error.h"
#include "app/base/log.h"
#include "app/reader/channel.h"
#include "app/reader/link-inside.h"

#define SILENCE_MS      6000
#define START_MS        20000
#define FIRST_PAUSE_MS  250
#define MOST_PAUSE_MS   30000
#define WELL_US         (60 * G_USEC_PER_SEC)

#define MESSAGES_A_SECOND 200      /* a reader says a few; more is a flood that would cost us the main loop */

static void start (TwReaderLink *self);

gint64
tw_reader_link_now_us (TwReaderLink *self)
{
  return tw_clock_now (self->clock).boot_us;
}

static void
clear_timer (TwReaderLink *self)
{
  if (self->timer != 0)
    tw_clock_cancel (self->clock, self->timer);
  self->timer = 0;
}

void
tw_reader_link_say_changed (TwReaderLink *self)
{
  if (self->events.changed != NULL)
    self->events.changed (self->user_data);
}

void
tw_reader_link_say_failed (TwReaderLink *self,
                           guint64       request,
                           const char   *code,
                           gboolean      retry)
{
  if (self->events.failed != NULL)
    self->events.failed (request, code, retry, self->user_data);
}

guint64
tw_reader_link_finish_request (TwReaderLink *self)
{
  guint64 request = self->request;

  self->request = 0;
  self->last_request = request;
  return request;
}

static gboolean
on_pause_over (gpointer user_data)
{
  TwReaderLink *self = user_data;

  self->timer = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

static void
count_restart (TwReaderLink *self)
{
  if (self->about == NULL)
    self->failed_starts++;
  else if (tw_reader_link_now_us (self) - self->ready_us >= WELL_US)
    {
      self->restarts = 0;
      self->pause_ms = 0;
    }
  self->restarts++;
  self->pause_ms = CLAMP (self->pause_ms * 2, self->first_pause_ms, self->most_pause_ms);
}

/* Ends the reader, and starts it again later. Never from inside a call of our user's. */
static void
lose (TwReaderLink *self,
      const char   *why)
{
  gboolean was_ready = self->about != NULL;
  g_autoptr(TwMessage) card = g_steal_pointer (&self->card);

  tw_log_warning ("card reader: %s; starting it again", why);
  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->trouble, g_source_remove);
  clear_timer (self);
  g_clear_pointer (&self->process, tw_reader_process_kill);
  count_restart (self);
  g_clear_pointer (&self->about, tw_message_free);
  self->timer = tw_clock_after (self->clock, self->pause_ms, on_pause_over, self);

  if (self->request != 0)
    tw_reader_link_say_failed (self, tw_reader_link_finish_request (self), "reader-lost", TRUE);
  if (was_ready)
    tw_reader_link_say_changed (self);
}

static gboolean
on_trouble (gpointer user_data)
{
  TwReaderLink *self = user_data;

  self->trouble = 0;
  lose (self, "does not take what it is sent");
  return G_SOURCE_REMOVE;
}

void
tw_reader_link_send (TwReaderLink    *self,
                     const TwMessage *message)
{
  g_autoptr(GError) error = NULL;

  if (tw_channel_send (tw_reader_process_fd (self->process), message, &error))
    return;

  tw_log_warning ("card reader: %s", error->message);
  if (self->trouble == 0)
    self->trouble = g_idle_add (on_trouble, self);
}

static gboolean
on_silence (gpointer user_data)
{
  TwReaderLink *self = user_data;
  gint64 limit_ms = self->about != NULL ? self->silence_ms : self->start_ms;
  gint64 left_ms = limit_ms - (tw_reader_link_now_us (self) - self->heard_us) / 1000;

  self->timer = 0;
  if (left_ms > 0)
    tw_reader_link_watch_silence (self, left_ms);
  else
    lose (self, self->about != NULL ? "is silent" : "does not become ready");
  return G_SOURCE_REMOVE;
}

void
tw_reader_link_watch_silence (TwReaderLink *self,
                              gint64        ms)
{
  clear_timer (self);
  self->timer = tw_clock_after (self->clock, ms, on_silence, self);
}

static gboolean
is_flood (TwReaderLink *self)
{
  gint64 now = tw_reader_link_now_us (self);

  if (now - self->window_us >= G_USEC_PER_SEC)
    {
      self->window_us = now;
      self->heard_in_window = 0;
    }
  return ++self->heard_in_window > MESSAGES_A_SECOND;
}

/* One message a turn of the main loop, so that a talkative reader does not hold it up. */
static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  TwReaderLink *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TwMessage) message = tw_channel_receive (fd, TW_MESSAGE_FROM_READER, &error);

  if (error != NULL)
    {
      /* The decoder's own words may quote what was sent, and that must not get into the log from there. */
      lose (self, g_error_matches (error, TW_ERROR, TW_ERROR_GONE) ? "is gone"
                                                                   : "says something that is not on the list");
      return G_SOURCE_REMOVE;
    }
  if (message == NULL)
    return G_SOURCE_CONTINUE;

  self->heard_us = tw_reader_link_now_us (self);
  if (is_flood (self))
    {
      lose (self, "talks without end");
      return G_SOURCE_REMOVE;
    }
  if (!tw_reader_link_take (self, &message))
    {
      lose (self, "says something out of turn");
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
greet (TwReaderLink *self)
{
  char *keys[] = { self->key_id, NULL };
  const char *gateway = self->config->gateway_kind != NULL ? self->config->gateway_kind : TW_MESSAGE_NO_GATEWAY;
  const TwMessage hello = { .kind = TW_MESSAGE_HELLO, .device = self->config->reader_device,
                            .gateway = (char *) gateway, .key_ids = keys };

  tw_reader_link_send (self, &hello);
}

static void
start (TwReaderLink *self)
{
  g_autoptr(GError) error = NULL;

  self->process = self->argv != NULL ? tw_reader_process_spawn ((const char *const *) self->argv, &error)
                                     : tw_reader_process_connect (self->socket_path, &error);
  if (self->process == NULL)
    {
      lose (self, error->message);
      return;
    }

  self->heard_us = self->window_us = tw_reader_link_now_us (self);
  self->heard_in_window = 0;
  self->watch = g_unix_fd_add (tw_reader_process_fd (self->process), G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
  tw_reader_link_watch_silence (self, self->start_ms);
  greet (self);
}

static gboolean
check (const TwReaderLinkOptions *options,
       GError                   **error)
{
  gboolean program = options->argv != NULL && options->argv[0] != NULL;

  if (options->clock != NULL && options->config != NULL && options->config->reader_device != NULL &&
      program != (options->socket_path != NULL))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card reader: needs [reader] device, and either a program to "
               "start or a socket");
  return FALSE;
}

static gint64
or_default (gint64 value,
            gint64 otherwise)
{
  return value > 0 ? value : otherwise;
}

TwReaderLink *
tw_reader_link_new (const TwReaderLinkOptions *options,
                    GError                   **error)
{
  TwReaderLink *self;

  if (!check (options, error))
    return NULL;

  self = g_new0 (TwReaderLink, 1);
  self->config = options->config;
  self->clock = options->clock;
  self->argv = g_strdupv ((char **) options->argv);
  self->socket_path = g_strdup (options->socket_path);
  self->key_id = g_strdup (options->key_id);
  self->silence_ms = or_default (options->silence_ms, SILENCE_MS);
  self->start_ms = or_default (options->start_ms, START_MS);
  self->first_pause_ms = or_default (options->first_pause_ms, FIRST_PAUSE_MS);
  self->most_pause_ms = MAX (or_default (options->most_pause_ms, MOST_PAUSE_MS), self->first_pause_ms);
  self->refused = g_array_new (FALSE, FALSE, sizeof (guint64));
  start (self);
  return self;
}

void
tw_reader_link_free (TwReaderLink *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->trouble, g_source_remove);
  clear_timer (self);
  tw_reader_link_forget_refused (self);
  g_clear_pointer (&self->process, tw_reader_process_end);
  g_clear_pointer (&self->about, tw_message_free);
  g_clear_pointer (&self->card, tw_message_free);
  g_array_unref (self->refused);
  g_strfreev (self->argv);
  g_free (self->socket_path);
  g_free (self->key_id);
  g_free (self);
}

TwCardLink
tw_reader_link_card_link (TwReaderLink *self)
{
  return (TwCardLink) { &tw_reader_link_funcs, self };
}

guint
tw_reader_link_restarts (TwReaderLink *self)
{
  return self->restarts;
}

const char *
tw_reader_link_device (TwReaderLink *self)
{
  return self->about != NULL ? self->about->device : NULL;
}

gboolean
tw_reader_link_has (TwReaderLink *self,
                    const char   *capability)
{
  return self->about != NULL && g_strv_contains ((const char *const *) self->about->capabilities, capability);
}
