/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's multi interface turned by GLib's main loop: libcurl says which sockets to watch and when to come back, the
 * loop calls curl_multi_socket_action(), and what has ended is collected. done() is never called from inside libcurl.
 */
#include "payment/http/transfer.h"

#include "app/base/error.h"
#include "app/base/log.h"
#include "app/base/whole.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>

#define MAX_CA_BYTES (1024 * 1024)
#define MAX_KEPT_CONNECTIONS 4L
#define WARM_MS 10000

struct _TwHttp
{
  guint               n_refs;       /* the owner's, and one while events are handled */
  CURLM              *multi;        /* NULL: freed by the owner */
  GMainContext       *context;
  TwTransferSettings  settings;
  GHashTable         *watches;      /* socket -> GSource */
  GSource            *timer;
  GList              *transfers;
};

static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
global_init (void)
{
  static gsize once;

  if (!g_once_init_enter (&once))
    return;

  if (curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK)
    g_error ("libcurl does not start");
  /* A connection that the other end has closed is an error to handle, not a reason to die. */
  signal (SIGPIPE, SIG_IGN);
  g_once_init_leave (&once, 1);
}

static void
unref (TwHttp *self)
{
  if (--self->n_refs > 0)
    return;

  g_hash_table_unref (self->watches);
  g_main_context_unref (self->context);
  curl_slist_free_all (self->settings.connect_to);
  g_clear_pointer (&self->settings.ca, g_bytes_unref);
  g_free (self);
}

static void
drop (TwTransfer *transfer)
{
  TwHttp *self = transfer->http;

  self->transfers = g_list_remove (self->transfers, transfer);
  curl_multi_remove_handle (self->multi, transfer->easy);
  tw_transfer_free (transfer);
}

static void
finish (TwTransfer *transfer,
        CURLcode    result)
{
  TwHttp *self = transfer->http;

  self->transfers = g_list_remove (self->transfers, transfer);
  curl_multi_remove_handle (self->multi, transfer->easy);
  if (!g_cancellable_is_cancelled (transfer->cancellable))
    tw_transfer_deliver (transfer, result);
  tw_transfer_free (transfer);
}

/* A callback may send more, or free self. */
static void
collect (TwHttp *self)
{
  CURLMsg *message;
  int left;

  while (self->multi != NULL && (message = curl_multi_info_read (self->multi, &left)) != NULL)
    {
      TwTransfer *transfer = NULL;

      if (message->msg != CURLMSG_DONE)
        continue;

      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **) &transfer);
      finish (transfer, message->data.result);
    }
}

static void
turn (TwHttp        *self,
      curl_socket_t  socket,
      int            events)
{
  int running;

  self->n_refs++;
  curl_multi_socket_action (self->multi, socket, events, &running);
  collect (self);
  unref (self);
}

static gboolean
on_socket_ready (gint         fd,
                 GIOCondition condition,
                 gpointer     user_data)
{
  int events = (condition & G_IO_IN ? CURL_CSELECT_IN : 0) | (condition & G_IO_OUT ? CURL_CSELECT_OUT : 0)
               | (condition & (G_IO_ERR | G_IO_HUP) ? CURL_CSELECT_ERR : 0);

  turn (user_data, fd, events);
  return G_SOURCE_CONTINUE;       /* if libcurl has no more interest, the source has been destroyed */
}

static gboolean
on_timer_due (gpointer user_data)
{
  TwHttp *self = user_data;

  g_clear_pointer (&self->timer, destroy_source);
  turn (self, CURL_SOCKET_TIMEOUT, 0);
  return G_SOURCE_REMOVE;
}

static int
on_watch_wanted (CURL          *easy,
                 curl_socket_t  socket,
                 int            what,
                 void          *user_data,
                 void          *socket_data)
{
  TwHttp *self = user_data;
  GIOCondition condition = (what & CURL_POLL_IN ? G_IO_IN : 0) | (what & CURL_POLL_OUT ? G_IO_OUT : 0);
  GSource *source;

  g_hash_table_remove (self->watches, GINT_TO_POINTER (socket));
  if (what == CURL_POLL_REMOVE)
    return 0;

  source = g_unix_fd_source_new (socket, condition);
  g_source_set_callback (source, G_SOURCE_FUNC (on_socket_ready), self, NULL);
  g_source_attach (source, self->context);
  g_hash_table_insert (self->watches, GINT_TO_POINTER (socket), source);

  return 0;
}

static int
on_timer_wanted (CURLM *multi,
                 long   timeout_ms,
                 void  *user_data)
{
  TwHttp *self = user_data;

  g_clear_pointer (&self->timer, destroy_source);
  if (timeout_ms < 0)
    return 0;

  self->timer = g_timeout_source_new ((guint) timeout_ms);
  g_source_set_callback (self->timer, on_timer_due, self, NULL);
  g_source_attach (self->timer, self->context);

  return 0;
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  drop (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
load_ca (TwHttp      *self,
         const char  *path,
         GError     **error)
{
  g_autoptr(GError) local = NULL;
  char *text = NULL;
  gsize len = 0;

  if (path == NULL)
    return TRUE;

  if (!g_file_get_contents (path, &text, &len, &local))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "certificate authorities: %s", local->message);
      return FALSE;
    }

  self->settings.ca = g_bytes_new_take (text, len);
  if (len <= MAX_CA_BYTES && g_strstr_len (text, (gssize) len, "-----BEGIN CERTIFICATE-----") != NULL)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "certificate authorities: %s has no certificate in PEM form", path);
  return FALSE;
}

static gboolean
set_connect_to (TwHttp      *self,
                const char  *connect_to,
                GError     **error)
{
  g_autofree char *rule = NULL;
  const char *colon;

  if (connect_to == NULL)
    return TRUE;

  colon = strrchr (connect_to, ':');
  if (colon == NULL || colon == connect_to || !tw_whole_parse_unsigned (colon + 1, 10, 1, 65535, NULL))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "connect to \"%s\": host:port is expected", connect_to);
      return FALSE;
    }

  rule = g_strconcat ("::", connect_to, NULL);       /* for every host and port of a URL */
  self->settings.connect_to = curl_slist_append (NULL, rule);
  return TRUE;
}

TwHttp *
tw_http_new (const TwHttpOptions *options,
             GError             **error)
{
  g_autoptr(TwHttp) self = g_new0 (TwHttp, 1);

  global_init ();
  self->n_refs = 1;
  self->context = g_main_context_ref_thread_default ();
  self->watches = g_hash_table_new_full (NULL, NULL, NULL, destroy_source);
  self->settings.connect_ms = options->connect_ms == 0 ? 5000 : options->connect_ms;
  self->multi = curl_multi_init ();
  if (self->multi == NULL)
    g_error ("no memory for requests");

  curl_multi_setopt (self->multi, CURLMOPT_SOCKETFUNCTION, on_watch_wanted);
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETDATA, self);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERDATA, self);
  curl_multi_setopt (self->multi, CURLMOPT_MAXCONNECTS, MAX_KEPT_CONNECTIONS);

  if (!load_ca (self, options->ca_file, error) || !set_connect_to (self, options->connect_to, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_http_free (TwHttp *self)
{
  if (self == NULL)
    return;

  while (self->transfers != NULL)
    drop (self->transfers->data);
  curl_multi_cleanup (self->multi);
  self->multi = NULL;
  g_hash_table_remove_all (self->watches);
  g_clear_pointer (&self->timer, destroy_source);
  unref (self);
}

void
tw_http_send (TwHttp              *self,
              const TwHttpRequest *request,
              GCancellable        *cancellable,
              TwHttpDone           done,
              gpointer             user_data)
{
  TwTransfer *transfer;

  if (g_cancellable_is_cancelled (cancellable))
    return;

  transfer = tw_transfer_new (&self->settings, request);
  transfer->http = self;
  transfer->done = done;
  transfer->user_data = user_data;
  if (cancellable != NULL)
    {
      transfer->cancellable = g_object_ref (cancellable);
      transfer->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (transfer->cancelled, G_SOURCE_FUNC (on_cancelled), transfer, NULL);
      g_source_attach (transfer->cancelled, self->context);
    }

  self->transfers = g_list_prepend (self->transfers, transfer);
  curl_multi_add_handle (self->multi,
                         transfer->easy);       /* asks for a timer at once: the rest comes from the loop */
}

static void
on_warm (guint         status,
         GBytes       *body,
         const GError *error,
         gpointer      user_data)
{
  if (error != NULL)
    tw_log_debug ("no connection ahead of time: %s", error->message);
}

void
tw_http_warm (TwHttp     *self,
              const char *url)
{
  tw_http_send (self, &(TwHttpRequest) { .method = "HEAD", .url = url, .deadline_ms = WARM_MS }, NULL, on_warm, NULL);
}
