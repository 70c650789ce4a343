/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/log.h"
#include "app/reader/link-inside.h"

#define LOST_AFTER_STARTS 3                     /* in a row without a "ready": then it is lost rather than starting */
#define DEADLINE_MOST_MS  (3600 * 1000)

static gboolean
is_ready (gpointer     link,
          const char **why_not)
{
  TwReaderLink *self = link;

  if (self->about != NULL)
    return TRUE;

  if (why_not != NULL)
    *why_not = self->failed_starts >= LOST_AFTER_STARTS ? "reader-lost" : "reader-starting";
  return FALSE;
}

static void
listen (gpointer                link,
        const TwCardLinkEvents *events,
        gpointer                user_data)
{
  TwReaderLink *self = link;

  self->events = events != NULL ? *events : (TwCardLinkEvents) { 0 };
  self->user_data = user_data;
}

static gboolean
on_refusing (gpointer user_data)
{
  TwReaderLink *self = user_data;
  g_autoptr(GArray) refused = g_steal_pointer (&self->refused);

  self->refusing = 0;
  self->refused = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < refused->len; i++)
    tw_reader_link_say_failed (self, g_array_index (refused, guint64, i), "reader-lost", TRUE);
  return G_SOURCE_REMOVE;
}

void
tw_reader_link_forget_refused (TwReaderLink *self)
{
  g_clear_handle_id (&self->refusing, g_source_remove);
}

/* FALSE: it will be failed from the main loop, never from inside the call. */
static gboolean
begin (TwReaderLink *self,
       guint64       request,
       gboolean      authorizing)
{
  g_return_val_if_fail (self->request == 0 && request != 0, FALSE);

  if (self->about == NULL || self->trouble != 0)
    {
      g_array_append_val (self->refused, request);
      if (self->refusing == 0)
        self->refusing = g_idle_add (on_refusing, self);
      return FALSE;
    }

  self->request = request;
  self->authorizing = authorizing;
  return TRUE;
}

static void
identify (gpointer link,
          guint64  request,
          gint64   deadline_ms)
{
  const TwMessage message = { .kind = TW_MESSAGE_IDENTIFY, .request = request,
                              .deadline_ms = CLAMP (deadline_ms, 1, DEADLINE_MOST_MS) };

  if (begin (link, request, FALSE))
    tw_reader_link_send (link, &message);
}

/* Date and time as the card and the driver's receipt know them: local. */
static void
local_time (TwReaderLink *self,
            char        **date,
            char        **time)
{
  gint64 wall_s = tw_clock_now (self->clock).wall_us / G_USEC_PER_SEC;
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (self->config->time_zone);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (wall_s);
  g_autoptr(GDateTime) local = utc != NULL && zone != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  *date = local != NULL ? g_date_time_format (local, "%y%m%d") : g_strdup ("000101");
  *time = local != NULL ? g_date_time_format (local, "%H%M%S") : g_strdup ("000000");
}

static void
authorize (gpointer             link,
           const TwSealRequest *request)
{
  TwReaderLink *self = link;
  const TwConfig *config = self->config;
  g_autofree char *body = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  g_autofree char *date = NULL, *time = NULL;
  TwMessage message = {
    .kind = TW_MESSAGE_AUTHORIZE, .request = request->request, .body = body,
    .key_id = self->key_id != NULL ? self->key_id : (char *) "none",
    .deadline_ms = CLAMP (request->deadline_ms, 1, DEADLINE_MOST_MS), .amount_minor = request->amount.minor,
    .currency = (char *) request->amount.currency, .country = config->country, .transaction_type = 0,
    .terminal = { .type = config->terminal_type, .id = config->terminal_id, .name = config->merchant_name,
                  .category = config->merchant_category, .cvm_limit_minor = config->cvm_limit_minor,
                  .contactless_limit_minor = config->contactless_limit_minor },
  };

  local_time (self, &date, &time);
  message.terminal.date = date;
  message.terminal.time = time;
  if (begin (self, request->request, TRUE))
    tw_reader_link_send (self, &message);
}

static void
cancel (gpointer link,
        guint64  request)
{
  TwReaderLink *self = link;
  const TwMessage message = { .kind = TW_MESSAGE_CANCEL, .request = request };

  if (self->request == request && self->process != NULL)
    tw_reader_link_send (self, &message);
}

const TwCardLinkFuncs tw_reader_link_funcs = { is_ready, listen, identify, authorize, cancel };
