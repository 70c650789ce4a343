/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/happenings.h"

#include <string.h>

#include "app/base/bytes.h"

/* Lines are some 300 bytes: two to three MiB at most. Routine is kept apart, or it would push out all that matters. */
#define MOST_EVENTS  6144
#define MOST_ROUTINE 2048

typedef struct
{
  guint64  n;
  gboolean routine;
  GBytes  *line;
} Event;

typedef struct
{
  guint      id;
  TwHappened func;
  gpointer   user_data;
} Follower;

struct _TwHappenings
{
  GQueue   events, routine;   /* of Event, the oldest first */
  GArray  *followers;         /* of Follower */
  guint    last_id;
  guint64  last_n;
  gint64   street;
  char    *state;             /* the last one told */
  GBytes  *state_line;        /* NULL: none yet */
};

static void
event_free (gpointer data)
{
  Event *event = data;

  g_bytes_unref (event->line);
  g_free (event);
}

TwHappenings *
tw_happenings_new (void)
{
  TwHappenings *self = g_new0 (TwHappenings, 1);

  g_queue_init (&self->events);
  g_queue_init (&self->routine);
  self->followers = g_array_new (FALSE, FALSE, sizeof (Follower));
  self->street = g_get_real_time ();

  return self;
}

void
tw_happenings_free (TwHappenings *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->events, event_free);
  g_queue_clear_full (&self->routine, event_free);
  g_array_unref (self->followers);
  g_clear_pointer (&self->state_line, g_bytes_unref);
  g_free (self->state);
  g_free (self);
}

static TwJsonOut *
begin_line (guint64     n,
            const char *kind)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree char *second = g_date_time_format (when, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *time = g_strdup_printf ("%s.%03dZ", second, (int) (now_us / 1000 % 1000));
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "n", (gint64) n);
  tw_json_out_string (out, "time", time);
  tw_json_out_int64 (out, "time_us", now_us);
  tw_json_out_string (out, "kind", kind);

  return out;
}

static void
tell (TwHappenings *self,
      GBytes       *line,
      guint64       n,
      gboolean      routine)
{
  for (guint i = 0; i < self->followers->len; i++)
    {
      const Follower *follower = &g_array_index (self->followers, Follower, i);

      follower->func (line, n, routine, follower->user_data);
    }
}

TwJsonOut *
tw_happenings_begin (TwHappenings *self,
                     const char   *kind,
                     const char   *text)
{
  TwJsonOut *out;

  if (self == NULL)
    return NULL;
  out = begin_line (++self->last_n, kind);
  tw_json_out_string (out, "text", text);

  return out;
}

void
tw_happenings_end (TwHappenings *self,
                   TwJsonOut    *out,
                   gboolean      routine)
{
  GQueue *queue;
  Event *event;

  if (self == NULL || out == NULL)
    return;
  if (routine)
    tw_json_out_bool (out, "routine", TRUE);

  event = g_new0 (Event, 1);
  event->n = self->last_n;
  event->routine = routine;
  event->line = tw_json_out_finish (out);
  tw_json_out_free (out);

  queue = routine ? &self->routine : &self->events;
  g_queue_push_tail (queue, event);
  if (g_queue_get_length (queue) > (routine ? MOST_ROUTINE : MOST_EVENTS))
    event_free (g_queue_pop_head (queue));
  tell (self, event->line, event->n, routine);
}

void
tw_happenings_state (TwHappenings *self,
                     const char   *state)
{
  g_autoptr (TwJson) json = NULL;
  g_autoptr (TwJsonOut) out = NULL;

  if (self == NULL || g_strcmp0 (self->state, state) == 0)
    return;
  json = tw_json_parse (state, strlen (state), &TW_JSON_LARGE, NULL);
  if (json == NULL)
    return;

  g_free (self->state);
  self->state = g_strdup (state);
  out = begin_line (0, "state");
  tw_json_out_copy (out, "state", json);
  g_clear_pointer (&self->state_line, g_bytes_unref);
  self->state_line = tw_json_out_finish (out);
  tell (self, self->state_line, 0, FALSE);
}

/* Both queues are in order already. */
static void
replay (TwHappenings *self,
        guint64       since,
        TwHappened    func,
        gpointer      user_data)
{
  const GList *a = self->events.head, *b = self->routine.head;

  while (a != NULL || b != NULL)
    {
      gboolean first = b == NULL || (a != NULL && ((Event *) a->data)->n < ((Event *) b->data)->n);
      const Event *event = first ? a->data : b->data;

      if (first)
        a = a->next;
      else
        b = b->next;
      if (event->n > since)
        func (event->line, event->n, event->routine, user_data);
    }
  if (self->state_line != NULL)
    func (self->state_line, 0, FALSE, user_data);
}

guint
tw_happenings_follow (TwHappenings *self,
                      guint64       since,
                      TwHappened    func,
                      gpointer      user_data)
{
  Follower follower = { .func = func, .user_data = user_data };

  if (self == NULL)
    return 0;
  replay (self, since, func, user_data);
  follower.id = ++self->last_id;
  g_array_append_val (self->followers, follower);

  return follower.id;
}

void
tw_happenings_unfollow (TwHappenings *self,
                        guint         id)
{
  for (guint i = 0; self != NULL && i < self->followers->len; i++)
    if (g_array_index (self->followers, Follower, i).id == id)
      {
        g_array_remove_index (self->followers, i);
        return;
      }
}

gboolean
tw_happenings_followed (TwHappenings *self)
{
  return self != NULL && self->followers->len > 0;
}

gint64
tw_happenings_street (TwHappenings *self)
{
  return self != NULL ? self->street : 0;
}

/* The Luhn formula. */
static gboolean
can_be_card (const char *digits,
             gsize       n)
{
  guint sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint digit = (guint) (digits[n - 1 - i] - '0');

      sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
    }

  return n >= 12 && n <= 19 && sum % 10 == 0;
}

char *
tw_happenings_mask (const char *text)
{
  char *masked = tw_text_printable (text, 240);

  for (char *c = masked; *c != '\0';)
    {
      gsize n = strspn (c, "0123456789");

      if (can_be_card (c, n))
        memset (c, '*', n - 4);
      c += MAX (n, 1);
    }

  return masked;
}
