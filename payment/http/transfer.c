/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/http/transfer.h"

#include "app/base/error.h"
#include "app/base/log.h"

#include <string.h>

#define MAX_HEADER_BYTES (64 * 1024)

/* libcurl calls this when the connection stands, new or kept, TLS included, and nothing of the request has been
 * written: whatever fails before it has provably not been sent. */
static int
on_before_request (void *data,
                   char *remote_ip,
                   char *local_ip,
                   int   remote_port,
                   int   local_port)
{
  TwTransfer *self = data;

  self->begun = TRUE;
  return CURL_PREREQFUNC_OK;
}

static size_t
on_read (char   *buffer,
         size_t  size,
         size_t  n,
         void   *data)
{
  TwTransfer *self = data;
  gsize len;
  const char *bytes = g_bytes_get_data (self->body, &len);
  gsize part = MIN (size * n, len - self->body_sent);

  memcpy (buffer, bytes + self->body_sent, part);
  self->body_sent += part;

  return part;
}

/* libcurl repeats a request by itself when a kept connection breaks before the answer, and winds its body back for
 * that. The other end may have acted on the first one: a repetition is for the caller to decide. */
static int
on_seek (void       *data,
         curl_off_t  offset,
         int         origin)
{
  return CURL_SEEKFUNC_FAIL;
}

static size_t
on_header (char   *bytes,
           size_t  size,
           size_t  n,
           void   *data)
{
  TwTransfer *self = data;

  self->header_bytes += size * n;
  self->too_large |= self->header_bytes > MAX_HEADER_BYTES;

  return self->too_large ? 0 : size * n;
}

static size_t
on_write (char   *bytes,
          size_t  size,
          size_t  n,
          void   *data)
{
  TwTransfer *self = data;

  self->too_large |= self->answer->len + size * n > TW_HTTP_MAX_ANSWER;
  if (self->too_large)
    return 0;

  g_byte_array_append (self->answer, (const guint8 *) bytes, (guint) (size * n));
  return size * n;
}

static void
set_trust (TwTransfer               *self,
           const TwTransferSettings *settings)
{
  struct curl_blob blob;

  curl_easy_setopt (self->easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (self->easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (self->easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (settings->ca == NULL)
    return;

  blob.data = (void *) g_bytes_get_data (settings->ca, &blob.len);
  blob.flags = CURL_BLOB_COPY;
  curl_easy_setopt (self->easy, CURLOPT_CAINFO_BLOB, &blob);
  curl_easy_setopt (self->easy, CURLOPT_CAINFO, NULL);
  curl_easy_setopt (self->easy, CURLOPT_CAPATH, NULL);
}

static void
set_route (TwTransfer               *self,
           const TwTransferSettings *settings,
           guint                     deadline_ms)
{
  curl_easy_setopt (self->easy, CURLOPT_URL, self->url);
  curl_easy_setopt (self->easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (self->easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (self->easy, CURLOPT_PROXY, "");           /* not even the environment's */
  curl_easy_setopt (self->easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt (self->easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (self->easy, CURLOPT_NOSIGNAL, 1L);
  /* A name that is not resolved in time must not hold up the main loop until the resolver's thread gives up. */
  curl_easy_setopt (self->easy, CURLOPT_QUICK_EXIT, 1L);
  /* A connection that idled longer is likely to be closed by the other end just as we write to it. */
  curl_easy_setopt (self->easy, CURLOPT_MAXAGE_CONN, 30L);
  curl_easy_setopt (self->easy, CURLOPT_CONNECTTIMEOUT_MS, (long) settings->connect_ms);
  curl_easy_setopt (self->easy, CURLOPT_TIMEOUT_MS, (long) MAX (deadline_ms, 1));
  curl_easy_setopt (self->easy, CURLOPT_CONNECT_TO, settings->connect_to);
}

static void
set_callbacks (TwTransfer *self)
{
  curl_easy_setopt (self->easy, CURLOPT_PRIVATE, self);
  curl_easy_setopt (self->easy, CURLOPT_ERRORBUFFER, self->why);
  curl_easy_setopt (self->easy, CURLOPT_PREREQFUNCTION, on_before_request);
  curl_easy_setopt (self->easy, CURLOPT_PREREQDATA, self);
  curl_easy_setopt (self->easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (self->easy, CURLOPT_HEADERDATA, self);
  curl_easy_setopt (self->easy, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt (self->easy, CURLOPT_WRITEDATA, self);
}

static void
set_body (TwTransfer *self,
          const char *method)
{
  if (self->body == NULL)
    {
      curl_easy_setopt (self->easy, CURLOPT_HTTPGET, 1L);
      curl_easy_setopt (self->easy, CURLOPT_NOBODY, strcmp (method, "HEAD") == 0 ? 1L : 0L);
    }
  else
    {
      curl_easy_setopt (self->easy, CURLOPT_POST, 1L);
      curl_easy_setopt (self->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) g_bytes_get_size (self->body));
      curl_easy_setopt (self->easy, CURLOPT_READFUNCTION, on_read);
      curl_easy_setopt (self->easy, CURLOPT_READDATA, self);
      curl_easy_setopt (self->easy, CURLOPT_SEEKFUNCTION, on_seek);
    }
  curl_easy_setopt (self->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void
set_headers (TwTransfer        *self,
             const char *const *headers)
{
  for (; headers != NULL && *headers != NULL; headers++)
    self->headers = curl_slist_append (self->headers, *headers);
  self->headers = curl_slist_append (self->headers, "Expect:");   /* bodies are small: one round trip, not two */
  curl_easy_setopt (self->easy, CURLOPT_HTTPHEADER, self->headers);
  curl_easy_setopt (self->easy, CURLOPT_USERAGENT, "Tapwatt/" TW_VERSION);
}

TwTransfer *
tw_transfer_new (const TwTransferSettings *settings,
                 const TwHttpRequest      *request)
{
  TwTransfer *self = g_new0 (TwTransfer, 1);

  self->easy = curl_easy_init ();
  if (self->easy == NULL)
    g_error ("no memory for a request");

  self->url = g_strdup (request->url);
  self->body = request->body == NULL ? NULL : g_bytes_ref (request->body);
  self->answer = g_byte_array_new ();
  set_trust (self, settings);
  set_route (self, settings, request->deadline_ms);
  set_callbacks (self);
  set_body (self, request->method);
  set_headers (self, request->headers);

  return self;
}

void
tw_transfer_free (TwTransfer *self)
{
  if (self->cancelled != NULL)
    {
      g_source_destroy (self->cancelled);
      g_source_unref (self->cancelled);
    }
  curl_easy_cleanup (self->easy);
  curl_slist_free_all (self->headers);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_byte_array_unref (self->answer);
  g_free (self->url);
  g_free (self);
}

static TwError
error_code (const TwTransfer *self,
            CURLcode          result)
{
  if (!self->begun)
    return TW_ERROR_RETRY;
  if (self->too_large)
    return TW_ERROR_BAD_DATA;

  return result == CURLE_OPERATION_TIMEDOUT ? TW_ERROR_TIMEOUT : TW_ERROR_GONE;
}

static const char *
usual_reason (const TwTransfer *self,
              CURLcode          result)
{
  static const struct { CURLcode result; const char *text; } REASONS[] = {
    { CURLE_COULDNT_RESOLVE_HOST, TW_HTTP_SAYS_NO_NAME ": " },
    { CURLE_COULDNT_CONNECT, TW_HTTP_SAYS_NOBODY ": " },
    { CURLE_PEER_FAILED_VERIFICATION, TW_HTTP_SAYS_CERTIFICATE ": " },
    { CURLE_SSL_CONNECT_ERROR, TW_HTTP_SAYS_TLS ": " },
    { CURLE_OPERATION_TIMEDOUT, TW_HTTP_SAYS_LATE ": " },
  };

  for (guint i = 0; !self->begun && i < G_N_ELEMENTS (REASONS); i++)
    if (REASONS[i].result == result)
      return REASONS[i].text;

  return "";
}

static GError *
make_error (const TwTransfer *self,
            CURLcode          result)
{
  TwError code = error_code (self, result);
  const char *reason = *self->why != '\0' ? self->why : curl_easy_strerror (result);

  return g_error_new (TW_ERROR, (int) code, "%s: %s%s (%s)", self->url, usual_reason (self, result),
                      self->too_large ? "the answer is too large" : reason,
                      code == TW_ERROR_RETRY ? "nothing was sent" : "what was sent may have been acted on");
}

static double
since_start_ms (const TwTransfer *self,
                CURLINFO          moment)
{
  curl_off_t us = 0;

  curl_easy_getinfo (self->easy, moment, &us);
  return (double) us / 1000;
}

/* Whose time it was: the name's, the line's, the handshake's or the service's. */
static void
log_times (const TwTransfer *self)
{
  long connections = 0;

  curl_easy_getinfo (self->easy, CURLINFO_NUM_CONNECTS, &connections);
  tw_log_debug ("%s: %s connection; ms since the request: connected %.1f, secured %.1f, sending %.1f, answered %.1f, "
                "ended %.1f",
                self->url, connections > 0 ? "a new" : "a kept", since_start_ms (self, CURLINFO_CONNECT_TIME_T),
                since_start_ms (self, CURLINFO_APPCONNECT_TIME_T), since_start_ms (self, CURLINFO_PRETRANSFER_TIME_T),
                since_start_ms (self, CURLINFO_STARTTRANSFER_TIME_T), since_start_ms (self, CURLINFO_TOTAL_TIME_T));
}

void
tw_transfer_deliver (TwTransfer *self,
                     CURLcode    result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = NULL;
  long status = 0;

  log_times (self);
  if (result == CURLE_OK)
    curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &status);

  if (status > 0)
    body = g_byte_array_free_to_bytes (g_steal_pointer (&self->answer));
  else
    error = make_error (self, result);

  if (self->answer == NULL)
    self->answer = g_byte_array_new ();
  self->done (status > 0 ? (guint) status : 0, body, error, self->user_data);
}
