/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/stream.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "app/bench/ctl.h"

#define RETRY_MS 700

typedef struct
{
  char      *words;
  TwAnswered answered;
  gpointer   user_data;
} Order;

/* One connection, for the stream or for one order. It outlives what asked for it until its operation ends. */
typedef struct
{
  TwStream          *self;        /* NULL: nobody wants it any more */
  Order             *order;       /* NULL: the stream */
  GBytes            *request;
  GSocketConnection *connection;
  GDataInputStream  *in;
  GCancellable      *ended;
} Talk;

struct _TwStream
{
  char         *path;
  TwStreamFuncs funcs;
  gpointer      user_data;
  gboolean      all, greeted, was_lost;
  gint64        street;
  guint64       last_n;
  guint         retry;
  Talk         *watching;      /* NULL: not now */
  GQueue        orders;        /* of Order; the head is being given */
  Talk         *ordering;
};

static void begin_watching (TwStream *self);
static void begin_order (TwStream *self);
static void read_line (Talk *talk);

static void
order_free (Order *order)
{
  g_free (order->words);
  g_free (order);
}

static void
talk_free (Talk *talk)
{
  g_clear_object (&talk->in);
  if (talk->connection != NULL)
    g_io_stream_close (G_IO_STREAM (talk->connection), NULL, NULL);
  g_clear_object (&talk->connection);
  g_object_unref (talk->ended);
  g_bytes_unref (talk->request);
  g_clear_pointer (&talk->order, order_free);
  g_free (talk);
}

static void
forget (Talk **talk)
{
  if (*talk == NULL)
    return;
  (*talk)->self = NULL;
  g_cancellable_cancel ((*talk)->ended);
  *talk = NULL;
}

static gboolean
on_retry (gpointer user_data)
{
  TwStream *self = user_data;

  self->retry = 0;
  begin_watching (self);

  return G_SOURCE_REMOVE;
}

static void
end_order (TwStream     *self,
           Order        *order,
           const TwJson *answer,
           const char   *why)
{
  self->ordering = NULL;
  if (order->answered != NULL)
    order->answered (order->words, answer, why, order->user_data);
  begin_order (self);
}

/* The connection is over, before its time. */
static void
fail (Talk       *talk,
      const char *why)
{
  TwStream *self = talk->self;

  if (self == NULL)
    {
      talk_free (talk);
      return;
    }
  if (talk->order != NULL)
    end_order (self, talk->order, NULL, why);
  else
    {
      self->watching = NULL;
      if (!self->was_lost)
        self->funcs.lost (why, self->user_data);
      self->was_lost = TRUE;
      if (self->retry == 0)
        self->retry = g_timeout_add (RETRY_MS, on_retry, self);
    }
  talk_free (talk);
}

/* {"ok":true,"street":N}: the same number as before is the same street, whose lines go on where they were. */
static void
greet (TwStream     *self,
       const TwJson *json)
{
  gint64 street = 0;
  gboolean fresh;

  tw_json_get_int64 (json, "street", &street, NULL);
  fresh = street != self->street;
  self->greeted = TRUE;
  self->was_lost = FALSE;
  self->street = street;
  if (fresh)
    self->last_n = 0;
  self->funcs.found (fresh, self->user_data);
}

static void
take_line (TwStream     *self,
           const TwJson *json,
           const char   *text)
{
  gint64 n = 0;

  if (!self->greeted)
    {
      greet (self, json);
      return;
    }
  if (tw_json_get_int64 (json, "n", &n, NULL) && n > 0)
    self->last_n = (guint64) n;
  self->funcs.line (json, text, self->user_data);
}

static void
on_line (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Talk *talk = user_data;
  g_autoptr (GError) error = NULL;
  const TwJsonLimits limits = { 64 * 1024 * 1024, 32, 5000000 };
  g_autofree char *text = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  g_autoptr (TwJson) json = text != NULL ? tw_json_parse (text, strlen (text), &limits, &error) : NULL;
  TwStream *self = talk->self;

  if (self == NULL || json == NULL)
    {
      fail (talk, error != NULL ? error->message : "the street closed the connection");
      return;
    }
  if (talk->order == NULL)
    {
      take_line (self, json, text);
      if (talk->self != NULL)
        read_line (talk);
      else
        talk_free (talk);
      return;
    }

  if (tw_json_is_true (tw_json_member (json, "ok")))
    end_order (self, talk->order, json, NULL);
  else
    end_order (self, talk->order, NULL, tw_json_string (tw_json_member (json, "error")));
  talk_free (talk);
}

static void
read_line (Talk *talk)
{
  g_data_input_stream_read_line_async (talk->in, G_PRIORITY_DEFAULT, talk->ended, on_line, talk);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Talk *talk = user_data;
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error) && talk->self != NULL)
    read_line (talk);
  else
    fail (talk, error != NULL ? error->message : "");
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Talk *talk = user_data;
  g_autoptr (GError) error = NULL;
  GOutputStream *out;
  gsize n;
  const char *bytes = g_bytes_get_data (talk->request, &n);

  talk->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (talk->connection == NULL || talk->self == NULL)
    {
      fail (talk, "no street is there");
      return;
    }
  talk->in = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (talk->connection)));
  out = g_io_stream_get_output_stream (G_IO_STREAM (talk->connection));
  g_output_stream_write_all_async (out, bytes, n, G_PRIORITY_DEFAULT, talk->ended, on_sent, talk);
}

/* words: of the request; an end of line is added. */
static Talk *
begin_talk (TwStream   *self,
            const char *words,
            Order      *order)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  g_auto (GStrv) list = g_strsplit (words, " ", -1);
  g_autoptr (GBytes) request = tw_ctl_request ((const char *const *) list);
  g_autoptr (GByteArray) line = g_byte_array_new ();
  Talk *talk = g_new0 (Talk, 1);

  g_byte_array_append (line, g_bytes_get_data (request, NULL), (guint) g_bytes_get_size (request));
  g_byte_array_append (line, (const guint8 *) "\n", 1);
  talk->self = self;
  talk->order = order;
  talk->ended = g_cancellable_new ();
  talk->request = g_byte_array_free_to_bytes (g_steal_pointer (&line));
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), talk->ended, on_connected, talk);

  return talk;
}

static void
begin_watching (TwStream *self)
{
  g_autofree char *words = g_strdup_printf ("watch%s since=%" G_GUINT64_FORMAT, self->all ? " all" : "", self->last_n);

  self->greeted = FALSE;
  self->watching = begin_talk (self, words, NULL);
}

static void
begin_order (TwStream *self)
{
  Order *order = self->ordering == NULL ? g_queue_pop_head (&self->orders) : NULL;

  if (order != NULL)
    self->ordering = begin_talk (self, order->words, order);
}

TwStream *
tw_stream_new (const char          *socket,
               const TwStreamFuncs *funcs,
               gpointer             user_data)
{
  TwStream *self = g_new0 (TwStream, 1);

  self->path = g_strdup (socket);
  self->funcs = *funcs;
  self->user_data = user_data;
  g_queue_init (&self->orders);
  begin_watching (self);

  return self;
}

void
tw_stream_free (TwStream *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->retry, g_source_remove);
  forget (&self->watching);
  forget (&self->ordering);
  g_queue_clear_full (&self->orders, (GDestroyNotify) order_free);
  g_free (self->path);
  g_free (self);
}

void
tw_stream_set_all (TwStream *self,
                   gboolean  all)
{
  if (self->all == all)
    return;
  self->all = all;
  self->street = 0;
  self->last_n = 0;
  g_clear_handle_id (&self->retry, g_source_remove);
  forget (&self->watching);
  begin_watching (self);
}

void
tw_stream_order (TwStream   *self,
                 const char *words,
                 TwAnswered  answered,
                 gpointer    user_data)
{
  Order *order = g_new0 (Order, 1);

  order->words = g_strdup (words);
  order->answered = answered;
  order->user_data = user_data;
  g_queue_push_tail (&self->orders, order);
  begin_order (self);
}
