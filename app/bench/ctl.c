/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/ctl.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/un.h>

#include "app/base/error.h"

#define LONGEST_LINE (64 * 1024)

struct _TwCtl
{
  char           *path;
  GSocketService *service;
  TwCtlFunc       func;
  TwCtlWatchFunc  watch;
  gpointer        user_data;
  GCancellable   *ended;
};

/* One connection. */
typedef struct
{
  TwCtl             *self;     /* not to be touched once ended is cancelled */
  GCancellable      *ended;
  GSocketConnection *connection;
  GString           *pending;  /* bytes of a line that has not ended yet */
  char               chunk[4096];
} Talk;

static void read_more (Talk *talk);

static void
talk_free (Talk *talk)
{
  g_object_unref (talk->connection);
  g_object_unref (talk->ended);
  g_string_free (talk->pending, TRUE);
  g_free (talk);
}

/* NULL-terminated; the strings are the request's. */
static GPtrArray *
read_words (const TwJson *request,
            GError      **error)
{
  const TwJson *array = tw_json_member (request, "words");
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (guint i = 0; i < tw_json_length (array); i++)
    {
      const char *word = tw_json_string (tw_json_element (array, i));

      if (word == NULL)
        {
          g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "words must be strings");
          return NULL;
        }
      g_ptr_array_add (words, (gpointer) word);
    }
  g_ptr_array_add (words, NULL);

  return g_steal_pointer (&words);
}

static gboolean
run (Talk         *talk,
     const TwJson *request,
     TwJsonOut    *out,
     gboolean     *taken,
     GError      **error)
{
  TwCtl *self = talk->self;
  const char *command = tw_json_get_string (request, "cmd", error);
  g_autoptr (GPtrArray) words = command != NULL ? read_words (request, error) : NULL;
  const char *const *list = words != NULL ? (const char *const *) words->pdata : NULL;

  if (list == NULL)
    return FALSE;
  if (self->watch == NULL || strcmp (command, "watch") != 0)
    return self->func (command, list, request, out, self->user_data, error);

  *taken = self->watch (talk->connection, list, request, self->user_data, error);
  return *taken;
}

/* NULL: the connection is somebody else's from now on, who answers himself. */
static GBytes *
answer_line (Talk       *talk,
             const char *line,
             gsize       n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) request = tw_json_parse (line, n, &TW_JSON_SMALL, &error);
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  gboolean taken = FALSE;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_bool (out, "ok", TRUE);
  if (request != NULL && run (talk, request, out, &taken, &error))
    return taken ? NULL : tw_json_out_finish (out);

  g_clear_pointer (&out, tw_json_out_free);
  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  tw_json_out_bool (out, "ok", FALSE);
  tw_json_out_string (out, "error", error != NULL ? error->message : "failed");

  return tw_json_out_finish (out);
}

/* FALSE: the connection is of no more use. */
static gboolean
answer_lines (Talk *talk)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (talk->connection));

  for (char *end = memchr (talk->pending->str, '\n', talk->pending->len); end != NULL;
       end = memchr (talk->pending->str, '\n', talk->pending->len))
    {
      gsize n = end - talk->pending->str, sent;
      g_autoptr (GBytes) answer = answer_line (talk, talk->pending->str, n);

      if (answer == NULL)
        return FALSE;
      g_string_erase (talk->pending, 0, n + 1);
      /* Whoever orders the street about waits for the answer, so that writing it does not wait long. */
      if (!g_output_stream_write_all (stream, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), &sent, NULL,
                                      NULL)
          || !g_output_stream_write_all (stream, "\n", 1, &sent, NULL, NULL))
        return FALSE;
      if (g_cancellable_is_cancelled (talk->ended))
        return FALSE;
    }

  return talk->pending->len <= LONGEST_LINE;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Talk *talk = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n > 0 && !g_cancellable_is_cancelled (talk->ended))
    {
      g_string_append_len (talk->pending, talk->chunk, n);
      if (answer_lines (talk))
        {
          read_more (talk);
          return;
        }
    }
  talk_free (talk);
}

static void
read_more (Talk *talk)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (talk->connection));

  g_input_stream_read_async (stream, talk->chunk, sizeof talk->chunk, G_PRIORITY_DEFAULT, talk->ended, on_read, talk);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  TwCtl *self = user_data;
  Talk *talk = g_new0 (Talk, 1);

  talk->self = self;
  talk->ended = g_object_ref (self->ended);
  talk->connection = g_object_ref (connection);
  talk->pending = g_string_new (NULL);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), 0);
  read_more (talk);

  return TRUE;
}

/* NULL: too long for a Unix socket. */
static GSocketAddress *
address_of (const char *path,
            GError    **error)
{
  if (strlen (path) < sizeof ((struct sockaddr_un *) 0)->sun_path)
    return g_unix_socket_address_new (path);

  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: longer than a socket's name may be (%zu): choose a shorter --dir",
               path, sizeof ((struct sockaddr_un *) 0)->sun_path - 1);
  return NULL;
}

static GSocketConnection *
connect_to (const char *path,
            guint       timeout_s,
            GError    **error)
{
  g_autoptr (GSocketAddress) address = address_of (path, error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) cause = NULL;
  GSocketConnection *connection;

  if (address == NULL)
    return NULL;
  g_socket_client_set_timeout (client, timeout_s);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &cause);
  if (connection == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "no bench listens at %s: %s", path, cause->message);

  return connection;
}

TwCtl *
tw_ctl_new (const char *path,
            TwCtlFunc   func,
            gpointer    user_data,
            GError    **error)
{
  g_autoptr (GSocketConnection) other = connect_to (path, 2, NULL);
  g_autoptr (GSocketAddress) address = address_of (path, error);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GError) cause = NULL;
  TwCtl *self;

  if (address == NULL)
    return NULL;
  if (other != NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "another bench listens at %s", path);
      return NULL;
    }
  g_unlink (path);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &cause))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: %s", path, cause->message);
      return NULL;
    }
  g_chmod (path, 0600);

  self = g_new0 (TwCtl, 1);
  self->path = g_strdup (path);
  self->func = func;
  self->user_data = user_data;
  self->ended = g_cancellable_new ();
  self->service = g_steal_pointer (&service);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);

  return self;
}

void
tw_ctl_on_watch (TwCtl         *self,
                 TwCtlWatchFunc func)
{
  self->watch = func;
}

void
tw_ctl_free (TwCtl *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->ended);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  g_clear_object (&self->ended);
  g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}

/* A word with '=' is an option where there are options; elsewhere it is a word like "dribble=20". */
static gboolean
has_options (const char *command)
{
  static const char *const COMMANDS[] = { "acquirer", "ledger", "watch", NULL };

  return g_strv_contains (COMMANDS, command);
}

GBytes *
tw_ctl_request (const char *const *words)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  gboolean options = words[0] != NULL && has_options (words[0]);

  if (words[0] == NULL)
    return NULL;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "cmd", words[0]);
  tw_json_out_begin_array (out, "words");
  for (guint i = 1; words[i] != NULL; i++)
    if (!options || strchr (words[i], '=') == NULL)
      tw_json_out_string (out, NULL, words[i]);
  tw_json_out_end (out);
  for (guint i = 1; words[i] != NULL; i++)
    {
      const char *equals = options ? strchr (words[i], '=') : NULL;
      g_autofree char *name = equals != NULL ? g_strndup (words[i], equals - words[i]) : NULL;

      if (equals != NULL)
        tw_json_out_string (out, name, equals + 1);
    }

  return tw_json_out_finish (out);
}

/* Sends the request; then every whole line is func's. GONE: nobody listens; TIMEOUT: it went before func had enough. */
static gboolean
talk_to (const char   *path,
         GBytes       *request,
         guint         timeout_s,
         TwCtlLineFunc func,
         gpointer      user_data,
         GError      **error)
{
  g_autoptr (GSocketConnection) connection = connect_to (path, timeout_s, error);
  g_autoptr (GDataInputStream) in = NULL;
  g_autoptr (GError) cause = NULL;
  GOutputStream *out;
  gsize sent;

  if (connection == NULL)
    return FALSE;

  in = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  if (g_output_stream_write_all (out, g_bytes_get_data (request, NULL), g_bytes_get_size (request), &sent, NULL, &cause)
      && g_output_stream_write_all (out, "\n", 1, &sent, NULL, &cause))
    while (TRUE)
      {
        g_autofree char *line = g_data_input_stream_read_line (in, NULL, NULL, &cause);

        if (line == NULL)
          break;
        if (!func (line, user_data))
          return TRUE;
      }

  g_set_error (error, TW_ERROR, TW_ERROR_TIMEOUT, "the bench at %s does not answer: %s", path,
               cause != NULL ? cause->message : "it closed the connection");
  return FALSE;
}

static gboolean
keep_line (const char *line,
           gpointer    user_data)
{
  *(char **) user_data = g_strdup (line);

  return FALSE;
}

char *
tw_ctl_ask (const char *path,
            GBytes     *request,
            guint       timeout_s,
            GError    **error)
{
  char *answer = NULL;

  return talk_to (path, request, timeout_s, keep_line, &answer, error) ? answer : NULL;
}

gboolean
tw_ctl_follow (const char   *path,
               GBytes       *request,
               TwCtlLineFunc func,
               gpointer      user_data,
               GError      **error)
{
  return talk_to (path, request, 0, func, user_data, error);
}
