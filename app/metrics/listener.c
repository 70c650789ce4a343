/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics/listener.h"

#include "app/base/error.h"
#include "app/base/log.h"

#include <errno.h>
#include <gio/gio.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

/* Two collectors with room for a person with curl. */
enum { MOST_CONNECTIONS = 8, BACKLOG = 16 };
#define MEMORY_BYTES ((size_t) 16 * 1024)
#define DEADLINE_US (10 * G_USEC_PER_SEC)
/* How often slow connections are looked for, while there are any. */
#define LOOK_US (G_USEC_PER_SEC / 2)

typedef struct { int fd; gint64 since_us; } Caller;

struct _TwListener
{
  struct MHD_Daemon *daemon;
  GSource           *source;
  TwPageFunc         page;
  gpointer           user_data;
  Caller             callers[MOST_CONNECTIONS];   /* fd -1: a free place */
};

typedef struct { GSource source; TwListener *listener; } ListenerSource;

/* ---- what is answered -------------------------------------------------------------------------------------------- */

static struct MHD_Response *
plain (const char *text)
{
  struct MHD_Response *response = MHD_create_response_from_buffer (strlen (text), (void *) text,
                                                                   MHD_RESPMEM_PERSISTENT);

  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
  return response;
}

/* OpenMetrics for who asks for it, as Prometheus does since 2.5; the older text for everybody else. */
static TwDialect
dialect_of (struct MHD_Connection *connection)
{
  const char *accept = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);

  return accept != NULL && strstr (accept, "application/openmetrics-text") != NULL ? TW_DIALECT_OPEN_METRICS
                                                                                    : TW_DIALECT_PROMETHEUS;
}

static struct MHD_Response *
page (TwListener            *self,
      struct MHD_Connection *connection)
{
  TwDialect dialect = dialect_of (connection);
  g_autoptr (GBytes) text = self->page (dialect, self->user_data);
  struct MHD_Response *response = MHD_create_response_from_buffer (g_bytes_get_size (text),
                                                                   (void *) g_bytes_get_data (text, NULL),
                                                                   MHD_RESPMEM_MUST_COPY);

  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, tw_dialect_content_type (dialect));
  return response;
}

/* Answered when the headers are there: a body that somebody sends is never read. */
static enum MHD_Result
on_request (void                  *user_data,
            struct MHD_Connection *connection,
            const char            *url,
            const char            *method,
            const char            *version,
            const char            *upload_data,
            size_t                *upload_data_size,
            void                 **request)
{
  gboolean reads = g_str_equal (method, MHD_HTTP_METHOD_GET) || g_str_equal (method, MHD_HTTP_METHOD_HEAD);
  unsigned int status = !reads ? MHD_HTTP_METHOD_NOT_ALLOWED : g_str_equal (url, "/metrics") ? MHD_HTTP_OK
                                                                                             : MHD_HTTP_NOT_FOUND;
  struct MHD_Response *response;
  enum MHD_Result result;

  response = status == MHD_HTTP_OK ? page (user_data, connection)
             : plain (reads ? "Only /metrics is here.\n" : "Only GET and HEAD are answered.\n");
  if (!reads)
    MHD_add_response_header (response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  MHD_add_response_header (response, MHD_HTTP_HEADER_CONNECTION, "close");
  result = MHD_queue_response (connection, status, response);
  MHD_destroy_response (response);
  return result;
}

/* ---- who is connected -------------------------------------------------------------------------------------------- */

static int
fd_of (struct MHD_Connection *connection)
{
  return MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static void
on_connection (void                              *user_data,
               struct MHD_Connection             *connection,
               void                             **socket_data,
               enum MHD_ConnectionNotificationCode what)
{
  TwListener *self = user_data;
  gboolean begins = what == MHD_CONNECTION_NOTIFY_STARTED;
  int wanted = begins ? -1 : fd_of (connection);

  for (guint i = 0; i < MOST_CONNECTIONS; i++)
    if (self->callers[i].fd == wanted)
      {
        self->callers[i].fd = begins ? fd_of (connection) : -1;
        self->callers[i].since_us = g_get_monotonic_time ();
        return;
      }
}

/* libmicrohttpd's own timeout begins anew with every byte. */
static gboolean
hang_up_on_the_slow (TwListener *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean any = FALSE;

  for (guint i = 0; i < MOST_CONNECTIONS; i++)
    {
      const Caller *caller = &self->callers[i];

      any |= caller->fd >= 0;
      if (caller->fd >= 0 && now_us - caller->since_us >= DEADLINE_US)
        shutdown (caller->fd, SHUT_RDWR);
    }
  return any;
}

/* ---- the main loop ----------------------------------------------------------------------------------------------- */

static gboolean
source_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    user_data)
{
  TwListener *self = ((ListenerSource *) source)->listener;
  MHD_UNSIGNED_LONG_LONG ms = 0;
  gboolean had_callers = hang_up_on_the_slow (self);
  gint64 wait_us;

  MHD_run (self->daemon);
  /* Once more when the last one is gone: only then it listens again, if all places were taken. */
  wait_us = had_callers || hang_up_on_the_slow (self) ? LOOK_US : -1;
  if (MHD_get_timeout (self->daemon, &ms) == MHD_YES)
    wait_us = MIN (wait_us < 0 ? G_MAXINT64 : wait_us, (gint64) ms * 1000);
  g_source_set_ready_time (source, wait_us < 0 ? -1 : g_get_monotonic_time () + wait_us);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = source_dispatch };

static void
attach (TwListener *self)
{
  const union MHD_DaemonInfo *info = MHD_get_daemon_info (self->daemon, MHD_DAEMON_INFO_EPOLL_FD);

  self->source = g_source_new (&source_funcs, sizeof (ListenerSource));
  ((ListenerSource *) self->source)->listener = self;
  g_source_set_static_name (self->source, "metrics");
  g_source_set_priority (self->source, G_PRIORITY_LOW);
  g_source_add_unix_fd (self->source, info->epoll_fd, G_IO_IN);
  g_source_attach (self->source, NULL);
}

/* ---- coming and going -------------------------------------------------------------------------------------------- */

static void G_GNUC_PRINTF (2, 0)
on_log (void       *user_data,
        const char *format,
        va_list     args)
{
  g_autofree char *message = g_strdup_vprintf (format, args);

  tw_log_debug ("metrics: %s", g_strchomp (message));
}

/* The path is compared as it came. */
static size_t
leave_escaped (void                  *user_data,
               struct MHD_Connection *connection,
               char                  *text)
{
  return strlen (text);
}

/* "127.0.0.1:9464", "[::1]:9464": the configuration has checked it. */
static gboolean
native_address (const char              *text,
                struct sockaddr_storage *address)
{
  const char *colon = strrchr (text, ':');
  gsize bracket = *text == '[' ? 1 : 0;
  g_autofree char *host = g_strndup (text + bracket, (gsize) (colon - text) - 2 * bracket);
  g_autoptr (GSocketAddress) socket_address = NULL;

  socket_address = g_inet_socket_address_new_from_string (host, (guint) g_ascii_strtoull (colon + 1, NULL, 10));
  return socket_address != NULL && g_socket_address_to_native (socket_address, address, sizeof *address, NULL);
}

TwListener *
tw_listener_new (const char *address,
                 TwPageFunc  page_func,
                 gpointer    user_data,
                 GError    **error)
{
  TwListener *self = g_new0 (TwListener, 1);
  struct sockaddr_storage native = { 0 };
  unsigned int flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG;

  self->page = page_func;
  self->user_data = user_data;
  for (guint i = 0; i < MOST_CONNECTIONS; i++)
    self->callers[i].fd = -1;
  if (native_address (address, &native))
    self->daemon = MHD_start_daemon (native.ss_family == AF_INET6 ? flags | MHD_USE_IPv6 : flags, 0, NULL, NULL,
                                     on_request, self,
                                     MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
                                     MHD_OPTION_SOCK_ADDR, &native,
                                     MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned int) BACKLOG,
                                     MHD_OPTION_CONNECTION_LIMIT, (unsigned int) MOST_CONNECTIONS,
                                     MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_BYTES,
                                     MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int) (DEADLINE_US / G_USEC_PER_SEC),
                                     MHD_OPTION_STRICT_FOR_CLIENT, 1,
                                     MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
                                     MHD_OPTION_NOTIFY_CONNECTION, on_connection, self,
                                     MHD_OPTION_END);
  if (self->daemon == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "nobody can listen at %s: %s", address, g_strerror (errno));
      tw_listener_free (self);
      return NULL;
    }
  attach (self);
  return self;
}

void
tw_listener_free (TwListener *self)
{
  if (self == NULL)
    return;
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  if (self->daemon != NULL)
    MHD_stop_daemon (self->daemon);
  g_free (self);
}

guint
tw_listener_port (TwListener *self)
{
  const union MHD_DaemonInfo *info = MHD_get_daemon_info (self->daemon, MHD_DAEMON_INFO_BIND_PORT);

  return info != NULL ? info->port : 0;
}
