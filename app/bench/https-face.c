/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/https-face.h"

#include <libsoup/soup.h>
#include <string.h>

#include "app/base/error.h"

#define MOST_BODY (256 * 1024)
#define MOST_TIMES 64

struct _TwHttpsFace
{
  SoupServer *server;
  guint       port;
  TwAsked     asked;
  gpointer    user_data;
  GHashTable *exchanges;     /* those that libsoup still has */
  GArray     *times;         /* of TwVisitTime */
};

struct _TwExchange
{
  TwHttpsFace       *face;       /* NULL: the face is gone */
  SoupServerMessage *message;    /* NULL: the client has left */
  gulong             finished, wrote;
  gboolean           ended;      /* by one of our calls */
  TwVisitTime        time;
};

static void
exchange_free_if_done (TwExchange *exchange)
{
  if (exchange->message == NULL && exchange->ended)
    g_free (exchange);
}

static void
keep_time (TwHttpsFace       *self,
           const TwVisitTime *time)
{
  if (self->times->len == MOST_TIMES)
    g_array_remove_index (self->times, 0);
  g_array_append_val (self->times, *time);
}

/* libsoup is done with it: answered, or the client has left. */
static void
forget_message (TwExchange *exchange)
{
  if (exchange->message != NULL)
    {
      g_signal_handler_disconnect (exchange->message, exchange->finished);
      g_signal_handler_disconnect (exchange->message, exchange->wrote);
    }
  g_clear_object (&exchange->message);
  if (exchange->face != NULL)
    g_hash_table_remove (exchange->face->exchanges, exchange);
  exchange->face = NULL;
  exchange_free_if_done (exchange);
}

static void
on_finished (SoupServerMessage *message,
             gpointer           user_data)
{
  TwExchange *exchange = user_data;

  keep_time (exchange->face, &exchange->time);
  forget_message (exchange);
}

static void
on_wrote (SoupServerMessage *message,
          gpointer           user_data)
{
  TwExchange *exchange = user_data;

  exchange->time.answered_us = g_get_monotonic_time ();
}

static gboolean
is_first (GSocket *socket)
{
  static const char ASKED[] = "tapwatt-asked";
  gboolean before = socket != NULL && g_object_get_data (G_OBJECT (socket), ASKED) != NULL;

  if (socket != NULL)
    g_object_set_data (G_OBJECT (socket), ASKED, GINT_TO_POINTER (1));
  return !before;
}

static TwAsk *
ask_from (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  TwAsk *ask = g_new0 (TwAsk, 1);

  ask->method = g_strdup (soup_server_message_get_method (message));
  ask->path = g_uri_get_query (uri) != NULL ? g_strdup_printf ("%s?%s", g_uri_get_path (uri), g_uri_get_query (uri))
                                            : g_strdup (g_uri_get_path (uri));
  ask->host = g_strdup (soup_message_headers_get_one (headers, "Host"));
  ask->authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  ask->content_type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  ask->http_signature = soup_message_headers_get_one (headers, "Signature") != NULL;
  ask->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  tw_ask_route (ask);

  return ask;
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  TwHttpsFace *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  TwExchange *exchange;
  TwAsk *ask;

  if (soup_server_message_get_request_body (message)->length > MOST_BODY)
    {
      soup_server_message_set_status (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, NULL);
      return;
    }

  exchange = g_new0 (TwExchange, 1);
  exchange->face = self;
  exchange->message = g_object_ref (message);
  exchange->finished = g_signal_connect (message, "finished", G_CALLBACK (on_finished), exchange);
  exchange->wrote = g_signal_connect (message, "wrote-body", G_CALLBACK (on_wrote), exchange);
  g_hash_table_add (self->exchanges, exchange);
  exchange->time.fresh = is_first (soup_server_message_get_socket (message));
  soup_server_message_pause (message);

  ask = ask_from (message);
  exchange->time.act = ask->act;
  exchange->time.arrived_us = now_us;
  self->asked (ask, exchange, self->user_data);
}

static GTlsCertificate *
load_certificate (const char *tls_file,
                  GError    **error)
{
  g_autoptr (GError) cause = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (tls_file, &cause);

  if (certificate == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                 "acquirer: certificate %s: %s (is the package glib-networking installed?)", tls_file, cause->message);

  return certificate;
}

TwHttpsFace *
tw_https_face_new (guint       port,
                   const char *tls_file,
                   TwAsked     asked,
                   gpointer    user_data,
                   GError    **error)
{
  g_autoptr (TwHttpsFace) self = g_new0 (TwHttpsFace, 1);
  g_autoptr (GTlsCertificate) certificate = load_certificate (tls_file, error);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GSocketAddress) bound = NULL;
  GSList *listeners;

  self->asked = asked;
  self->user_data = user_data;
  self->exchanges = g_hash_table_new (NULL, NULL);
  self->times = g_array_new (FALSE, FALSE, sizeof (TwVisitTime));
  if (certificate == NULL)
    return NULL;

  self->server = soup_server_new ("tls-certificate", certificate, "server-header", "tapwatt-bench", NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  if (!soup_server_listen (self->server, address, SOUP_SERVER_LISTEN_HTTPS, &cause))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "acquirer: cannot listen on 127.0.0.1:%u: %s", port, cause->message);
      return NULL;
    }
  listeners = soup_server_get_listeners (self->server);
  bound = g_socket_get_local_address (listeners->data, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_slist_free (listeners);

  return g_steal_pointer (&self);
}

void
tw_https_face_free (TwHttpsFace *self)
{
  GHashTableIter iter;
  gpointer key;

  if (self == NULL)
    return;

  g_hash_table_iter_init (&iter, self->exchanges);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_hash_table_iter_remove (&iter);
      forget_message (key);
    }
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_hash_table_unref (self->exchanges);
  g_array_unref (self->times);
  g_free (self);
}

guint
tw_https_face_port (TwHttpsFace *self)
{
  return self->port;
}

const TwVisitTime *
tw_https_face_times (TwHttpsFace *self,
                     guint       *n)
{
  *n = self->times->len;
  return (const TwVisitTime *) self->times->data;
}

static void
end (TwExchange *exchange)
{
  exchange->ended = TRUE;
  exchange_free_if_done (exchange);
}

/* Bytes that no HTTP library would send: takes the connection away from libsoup. */
static void
answer_by_hand (TwExchange *exchange,
                guint       http,
                GBytes     *body,
                const char *content_type,
                TwDelivery  delivery)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (exchange->message);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  gsize n, sent;
  const char *text = g_bytes_get_data (body, &n);
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %u Answered\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                                           http, content_type, n);
  g_autoptr (GString) bytes = g_string_new (head);

  g_string_append_len (bytes, text, delivery == TW_DELIVER_CUT ? n / 2 : n);
  if (delivery == TW_DELIVER_TWICE)
    {
      g_string_append (bytes, head);
      g_string_append_len (bytes, text, n);
    }
  /* A few kilobytes into a socket of our own machine: does not block. */
  g_output_stream_write_all (out, bytes->str, bytes->len, &sent, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

void
tw_exchange_answer (TwExchange *exchange,
                    guint       http,
                    GBytes     *body,
                    const char *content_type,
                    TwDelivery  delivery)
{
  SoupServerMessage *message = exchange->message;

  if (message == NULL)
    {
      end (exchange);
      return;
    }
  if (delivery != TW_DELIVER_WHOLE)
    {
      answer_by_hand (exchange, http, body, content_type, delivery);
      end (exchange);
      return;
    }

  exchange->ended = TRUE;
  soup_server_message_set_status (message, http, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type", content_type);
  if (g_bytes_get_size (body) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

void
tw_exchange_drop (TwExchange *exchange)
{
  if (exchange->message != NULL)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (exchange->message);

      g_io_stream_close (stream, NULL, NULL);
    }
  end (exchange);
}

void
tw_exchange_silence (TwExchange *exchange)
{
  end (exchange);
}
