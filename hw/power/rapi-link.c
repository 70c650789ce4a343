/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-link.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/log.h"
#include "hw/port/port.h"

#define TRIES 3

typedef struct
{
  char           command[TW_RAPI_COMMAND_MAX];
  TwRapiAskFlags flags;
  TwRapiFits     fits;
  TwRapiAnswered done;
  guint          tries;
  gboolean       last_try;
} Ask;

struct _TwRapiLink
{
  int               refs;          /* its owner's, and one for each callback that is running */
  gboolean          freed;
  char             *path;
  TwRapiLinkOptions options;
  TwRapiLinkEvents  events;
  gpointer          user_data;
  TwPort           *port;
  TwPortLine            line;
  GQueue            asks;          /* of Ask; the head is in flight if waiting */
  gboolean          waiting;
  gboolean          syncing;       /* what is in flight is not the head, but the $GV before it */
  gboolean          unsure;        /* an answer may still come that nobody waits for */
  gboolean          use_sequence;
  guint8            sequence;      /* the last that was used */
  guint8            sent_sequence; /* of what is in flight; 0: without */
  guint             answer_timer;
  guint             open_timer;
  gboolean          told_why;      /* logged once why it does not open */
};

static void send_next (TwRapiLink *self);

static void
unref (TwRapiLink *self)
{
  if (--self->refs > 0)
    return;

  g_free (self->path);
  g_free (self);
}

static void
stop_timer (TwRapiLink *self,
            guint      *timer)
{
  if (*timer != 0)
    tw_clock_cancel (self->options.clock, *timer);
  *timer = 0;
}

static void
stop_waiting (TwRapiLink *self)
{
  stop_timer (self, &self->answer_timer);
  self->waiting = FALSE;
  self->syncing = FALSE;
}

void
tw_rapi_link_forget (TwRapiLink *self)
{
  self->unsure = self->unsure || self->waiting;
  stop_waiting (self);
  g_queue_clear_full (&self->asks, g_free);
}

/* Out of the way first: the callback may ask, forget or free. */
static void
finish_head (TwRapiLink          *self,
             const TwRapiMessage *answer)
{
  g_autofree Ask *ask = g_queue_pop_head (&self->asks);

  stop_waiting (self);
  self->refs++;
  ask->done (answer, self->user_data);
  send_next (self);
  unref (self);
}

static gboolean
on_no_answer (gpointer user_data)
{
  TwRapiLink *self = user_data;
  Ask *ask = g_queue_peek_head (&self->asks);

  self->answer_timer = 0;
  stop_waiting (self);
  self->unsure = TRUE;
  if (ask->last_try || ++ask->tries >= TRIES)
    finish_head (self, NULL);
  else
    send_next (self);

  return G_SOURCE_REMOVE;
}

static guint8
next_sequence (TwRapiLink *self)
{
  self->sequence = self->sequence == 0xff ? 1 : self->sequence + 1;
  return self->sequence;
}

static void
send_next (TwRapiLink *self)
{
  Ask *ask = g_queue_peek_head (&self->asks);
  char bytes[TW_RAPI_COMMAND_MAX + 1];

  if (self->freed || self->waiting || self->port == NULL || ask == NULL)
    return;

  self->sent_sequence = self->use_sequence || (ask->flags & TW_RAPI_ASK_PROBE) ? next_sequence (self) : 0;
  self->syncing = self->unsure && self->sent_sequence == 0 && !(ask->flags & TW_RAPI_ASK_FIRST)
                  && strcmp (ask->command, "GV") != 0;
  if (!tw_rapi_compose (self->syncing ? "GV" : ask->command, self->sent_sequence, bytes))
    g_return_if_reached ();

  stop_timer (self, &self->answer_timer);
  self->waiting = TRUE;
  self->answer_timer = tw_clock_after (self->options.clock, self->options.answer_ms, on_no_answer, self);
  /* A full or lost port is a question without an answer. */
  tw_port_write (self->port, (const guint8 *) bytes, strlen (bytes), NULL);
}

static gboolean
is_for_head (TwRapiLink          *self,
             const Ask           *ask,
             const TwRapiMessage *message)
{
  if (!message->checked && !(ask->flags & TW_RAPI_ASK_UNCHECKED))
    return FALSE;
  if (ask->flags & TW_RAPI_ASK_PROBE)
    return message->sequence == 0 || message->sequence == self->sent_sequence;

  return message->sequence == self->sent_sequence;
}

static void
on_answer (TwRapiLink          *self,
           const TwRapiMessage *message)
{
  Ask *ask = g_queue_peek_head (&self->asks);
  guint major, minor;

  if (!self->waiting || !is_for_head (self, ask, message))
    return;
  if (self->syncing)
    {
      if (message->kind != TW_RAPI_OK || !tw_rapi_parse_version (message, &major, &minor))
        return;
      self->unsure = FALSE;
      stop_waiting (self);
      send_next (self);
      return;
    }
  if (message->kind == TW_RAPI_OK && !ask->fits (message))
    return;

  finish_head (self, message);
}

static void
on_line (TwRapiLink *self)
{
  TwRapiMessage message;

  if (!tw_rapi_parse (self->line.text, &message))
    return;

  switch (message.kind)
    {
    case TW_RAPI_OK:
    case TW_RAPI_NK:
      on_answer (self, &message);
      break;
    case TW_RAPI_STATE:
    case TW_RAPI_BOOT:
      if (message.checked)
        self->events.told (&message, self->user_data);
      break;
    case TW_RAPI_OTHER:
      break;
    }
}

static void
on_received (const guint8 *bytes,
             gsize         n,
             gpointer      user_data)
{
  TwRapiLink *self = user_data;

  self->refs++;
  for (gsize i = 0; i < n && !self->freed && self->port != NULL; i++)
    if (tw_port_line_push (&self->line, bytes[i]))
      on_line (self);
  unref (self);
}

static gboolean on_open_due (gpointer user_data);

static void
close_port (TwRapiLink *self)
{
  tw_rapi_link_forget (self);
  g_clear_pointer (&self->port, tw_port_close);
}

static void
on_lost (const GError *error,
         gpointer      user_data)
{
  TwRapiLink *self = user_data;

  self->refs++;
  close_port (self);
  self->open_timer = tw_clock_after (self->options.clock, self->options.reopen_ms, on_open_due, self);
  self->events.closed (error, self->user_data);
  unref (self);
}

static gboolean
open_port (TwRapiLink *self,
           GError    **error)
{
  static const TwPortEvents events = { on_received, on_lost };

  self->port = tw_port_open (self->path, self->options.speed, &events, self, error);
  if (self->port == NULL)
    return FALSE;

  tw_port_line_reset (&self->line);
  self->use_sequence = FALSE;
  self->unsure = FALSE;
  self->told_why = FALSE;
  return TRUE;
}

static gboolean
on_open_due (gpointer user_data)
{
  TwRapiLink *self = user_data;
  g_autoptr (GError) error = NULL;

  self->open_timer = 0;
  if (self->port == NULL && !open_port (self, &error))
    {
      if (!self->told_why)
        tw_log_warning ("power controller: %s; trying again every %u ms", error->message, self->options.reopen_ms);
      self->told_why = TRUE;
      self->open_timer = tw_clock_after (self->options.clock, self->options.reopen_ms, on_open_due, self);
      return G_SOURCE_REMOVE;
    }

  self->refs++;
  self->events.opened (self->user_data);
  unref (self);
  return G_SOURCE_REMOVE;
}

TwRapiLink *
tw_rapi_link_new (const char              *path,
                  const TwRapiLinkOptions *options,
                  const TwRapiLinkEvents  *events,
                  gpointer                 user_data,
                  GError                 **error)
{
  g_autoptr (TwRapiLink) self = g_new0 (TwRapiLink, 1);
  g_autoptr (GError) why = NULL;

  self->refs = 1;
  self->path = g_strdup (path);
  self->options = *options;
  self->events = *events;
  self->user_data = user_data;
  g_queue_init (&self->asks);

  if (!open_port (self, &why) && !g_error_matches (why, TW_ERROR, TW_ERROR_GONE))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return NULL;
    }
  if (why)
    tw_log_warning ("power controller: %s; trying again every %u ms", why->message, options->reopen_ms);
  self->told_why = why != NULL;
  self->open_timer = tw_clock_after (options->clock, why ? options->reopen_ms : 0, on_open_due, self);

  return g_steal_pointer (&self);
}

void
tw_rapi_link_free (TwRapiLink *self)
{
  if (self == NULL)
    return;

  self->freed = TRUE;
  stop_timer (self, &self->open_timer);
  close_port (self);
  unref (self);
}

void
tw_rapi_link_use_sequence (TwRapiLink *self,
                           gboolean    use)
{
  self->use_sequence = use;
}

void
tw_rapi_link_ask (TwRapiLink    *self,
                  const char    *command,
                  TwRapiAskFlags flags,
                  TwRapiFits     fits,
                  TwRapiAnswered done)
{
  Ask *ask = g_new0 (Ask, 1), *head = g_queue_peek_head (&self->asks);

  g_strlcpy (ask->command, command, sizeof ask->command);
  ask->flags = flags;
  ask->fits = fits;
  ask->done = done;

  if (!(flags & TW_RAPI_ASK_FIRST))
    g_queue_push_tail (&self->asks, ask);
  else if (self->waiting && !self->syncing)
    {
      head->last_try = TRUE;
      g_queue_push_nth (&self->asks, ask, 1);
    }
  else
    {
      stop_waiting (self);
      g_queue_push_head (&self->asks, ask);
    }

  send_next (self);
}

void
tw_rapi_link_withdraw (TwRapiLink    *self,
                       TwRapiAnswered done)
{
  Ask *head = g_queue_peek_head (&self->asks);
  gboolean sent = self->waiting && !self->syncing;

  if (sent && head->done == done)
    head->last_try = TRUE;

  for (GList *link = self->asks.head, *next; link; link = next)
    {
      Ask *ask = link->data;

      next = link->next;
      if (ask->done != done || (sent && ask == head))
        continue;
      if (ask == head)
        stop_waiting (self);
      g_free (ask);
      g_queue_delete_link (&self->asks, link);
    }
  send_next (self);
}

static gboolean
on_resume (gpointer user_data)
{
  TwRapiLink *self = user_data;

  self->answer_timer = 0;
  send_next (self);
  return G_SOURCE_REMOVE;
}

void
tw_rapi_link_interrupt (TwRapiLink *self)
{
  if (!self->waiting)
    return;

  stop_waiting (self);
  self->unsure = TRUE;
  self->answer_timer = tw_clock_after (self->options.clock, 0, on_resume, self);
}
