/* SPDX-License-Identifier: Apache-2.0 */
/* HTTPS with deadlines: libcurl's multi interface on the main loop, so nothing blocks and requests of different
 * sessions do not wait for each other. The only folder that knows libcurl. TLS 1.2 or newer, certificate and host name
 * always verified, no redirects followed, no proxy from the environment, answers bounded. Main thread only.
 */
#pragma once

#include <gio/gio.h>

#define TW_HTTP_MAX_ANSWER (256 * 1024)

typedef struct _TwHttp TwHttp;

typedef struct
{
  const char *ca_file;          /* NULL: the system's; else only these */
  const char *connect_to;       /* "host:port" to connect to instead of the URL's, names still verified; NULL */
  guint       connect_ms;       /* 5000 */
} TwHttpOptions;

TwHttp *tw_http_new (const TwHttpOptions *options, GError **error);
void    tw_http_free (TwHttp *self);     /* what is under way is dropped; its callbacks are not called */

typedef struct
{
  const char  *method;          /* "GET", "POST", "PATCH" */
  const char  *url;             /* https only */
  const char *const *headers;   /* "Name: value", NULL-terminated; may be NULL */
  GBytes      *body;            /* may be NULL */
  guint        deadline_ms;     /* for the whole request, from now */
} TwHttpRequest;

/* What an error's message says of the usual reasons for not getting through, after the URL; the library's own words
 * follow. For advice; what may be repeated is told by the error's code alone. */
#define TW_HTTP_SAYS_NO_NAME     "the host's name is not known"
#define TW_HTTP_SAYS_NOBODY      "nobody listens there"
#define TW_HTTP_SAYS_CERTIFICATE "its certificate does not verify"
#define TW_HTTP_SAYS_TLS         "no TLS connection comes about"
#define TW_HTTP_SAYS_LATE        "no connection in time"

/* status 0: no answer, and error says why: RETRY (provably never sent: could not resolve, connect, or agree on TLS),
 * TIMEOUT or GONE (may have been acted on), BAD_DATA (answer too large). */
typedef void (*TwHttpDone) (guint status, GBytes *body, const GError *error, gpointer user_data);

/* Returns at once; done later, exactly once, unless the cancellable is triggered or self is freed. */
void    tw_http_send (TwHttp *self, const TwHttpRequest *request, GCancellable *cancellable, TwHttpDone done,
                      gpointer user_data);

/* Sees to it that a connection to the host of this https URL stands when the next request wants one: asks for HEAD of
 * it, on the kept connection if there is one. Whether and what the service answers does not matter, and is not told. */
void    tw_http_warm (TwHttp *self, const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwHttp, tw_http_free)
