/* SPDX-License-Identifier: Apache-2.0 */
/* Against a real TLS server (peer.py) with certificates made by the openssl command for this run. */
#include "payment/http/http.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  GSubprocess *process;
  guint        port, mute_port, rubbish_port;
} Peer;

typedef struct
{
  gboolean  done;
  guint     n_done;
  guint     status;
  GBytes   *body;
  GError   *error;
} Answer;

static char *dir;
static Peer good, expired;

static void
run (const char *command)
{
  g_auto(GStrv) argv = NULL;
  g_autoptr(GError) error = NULL;
  int status = -1;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  g_spawn_sync (dir, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
make_certificates (void)
{
#define NEW_KEY "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
  run ("openssl req -x509 " NEW_KEY "-keyout ca.key -out ca.pem -days 2 -subj /CN=Authority");
  run ("openssl req -x509 " NEW_KEY "-keyout other.key -out other.pem -days 2 -subj /CN=Stranger");
  run ("openssl req -new " NEW_KEY "-keyout peer.key -out peer.csr -subj /CN=pay.test -addext "
       "subjectAltName=DNS:pay.test");
  run ("openssl x509 -req -in peer.csr -CA ca.pem -CAkey ca.key -days 1 -copy_extensions copy -out good.pem");
  run ("openssl x509 -req -in peer.csr -CA ca.pem -CAkey ca.key -days -1 -copy_extensions copy -out expired.pem");
}

static Peer
start_peer (const char *certificate)
{
  Peer self = { 0 };
  g_autofree char *certificate_path = g_build_filename (dir, certificate, NULL);
  g_autofree char *key_path = g_build_filename (dir, "peer.key", NULL);
  g_autoptr(GDataInputStream) lines = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;
  g_auto(GStrv) ports = NULL;

  self.process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                   "/usr/bin/python3", PEER, certificate_path, key_path, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self.process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  ports = g_strsplit (line, " ", 3);
  self.port = (guint) atoi (ports[0]);
  self.mute_port = (guint) atoi (ports[1]);
  self.rubbish_port = (guint) atoi (ports[2]);

  return self;
}

static void
stop_peer (Peer *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_clear_object (&self->process);
}

static void
remove_dir (void)
{
  g_autoptr(GDir) list = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  g_free (dir);
}

static TwHttp *
http_to (guint       port,
         const char *ca_name)
{
  g_autofree char *ca_file = ca_name == NULL ? NULL : g_build_filename (dir, ca_name, NULL);
  g_autofree char *connect_to = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr(GError) error = NULL;
  TwHttp *http = tw_http_new (&(TwHttpOptions) { .ca_file = ca_file, .connect_to = connect_to }, &error);

  g_assert_no_error (error);
  return http;
}

static void
answer_clear (Answer *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_error (&self->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
on_done (guint         status,
         GBytes       *body,
         const GError *error,
         gpointer      user_data)
{
  Answer *self = user_data;

  self->done = TRUE;
  self->n_done++;
  self->status = status;
  self->body = body == NULL ? NULL : g_bytes_ref (body);
  self->error = error == NULL ? NULL : g_error_copy (error);
  g_assert_true ((status == 0) == (error != NULL));
}

static void
send_it (TwHttp       *http,
         const char   *method,
         const char   *url,
         const char   *body,
         guint         deadline_ms,
         GCancellable *cancellable,
         Answer       *answer)
{
  static const char *const headers[] = { "Authorization: Bearer a.b.c", "Content-Type: application/json;charset=utf-8",
                                         NULL };
  g_autoptr(GBytes) bytes = body == NULL ? NULL : g_bytes_new (body, strlen (body));
  const TwHttpRequest request = { .method = method, .url = url, .headers = headers, .body = bytes,
                                  .deadline_ms = deadline_ms };

  tw_http_send (http, &request, cancellable, on_done, answer);
  g_assert_false (answer->done);
}

static void
wait_for (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static Answer
ask (TwHttp     *http,
     const char *method,
     const char *url,
     const char *body,
     guint       deadline_ms)
{
  Answer answer = { 0 };

  send_it (http, method, url, body, deadline_ms, NULL, &answer);
  wait_for (&answer);

  return answer;
}

static TwJson *
json_of (const Answer *answer)
{
  g_autoptr(GError) error = NULL;
  TwJson *json;

  g_assert_no_error (answer->error);
  json = tw_json_parse (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), &TW_JSON_LARGE, &error);
  g_assert_no_error (error);
  return json;
}

static void
assert_failed (Answer  *answer,
               TwError  code)
{
  g_assert_cmpuint (answer->status, ==, 0);
  g_assert_true (g_error_matches (answer->error, TW_ERROR, (int) code));
}

#define FAR 20000    /* a deadline that is not meant to come */
#define NEAR 150     /* one that is */

static void
test_a_request_arrives_as_it_was_sent (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) answer = ask (http, "POST", "https://pay.test/echo?x=1", "{\"a\":1}", FAR);
  g_autoptr(TwJson) json = json_of (&answer);
  const TwJson *headers = tw_json_member (json, "headers");

  g_assert_cmpuint (answer.status, ==, 200);
  g_assert_cmpstr (tw_json_string (tw_json_member (json, "method")), ==, "POST");
  g_assert_cmpstr (tw_json_string (tw_json_member (json, "path")), ==, "/echo?x=1");
  g_assert_cmpstr (tw_json_string (tw_json_member (json, "body")), ==, "{\"a\":1}");
  g_assert_cmpstr (tw_json_string (tw_json_member (headers, "host")), ==, "pay.test");
  g_assert_cmpstr (tw_json_string (tw_json_member (headers, "authorization")), ==, "Bearer a.b.c");
  g_assert_cmpstr (tw_json_string (tw_json_member (headers, "content-type")), ==, "application/json;charset=utf-8");
  g_assert_cmpstr (tw_json_string (tw_json_member (headers, "content-length")), ==, "7");
}

static void
test_get_and_patch_are_what_they_say (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) get = ask (http, "GET", "https://pay.test/echo", NULL, FAR);
  g_auto(Answer) patch = ask (http, "PATCH", "https://pay.test/echo", "{}", FAR);
  g_autoptr(TwJson) got = json_of (&get);
  g_autoptr(TwJson) patched = json_of (&patch);

  g_assert_cmpstr (tw_json_string (tw_json_member (got, "method")), ==, "GET");
  g_assert_cmpstr (tw_json_string (tw_json_member (got, "body")), ==, "");
  g_assert_cmpstr (tw_json_string (tw_json_member (patched, "method")), ==, "PATCH");
  g_assert_cmpstr (tw_json_string (tw_json_member (patched, "body")), ==, "{}");
}

static void
test_every_status_is_an_answer_and_redirects_are_not_followed (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) redirect = ask (http, "GET", "https://pay.test/status/302", NULL, FAR);
  g_auto(Answer) unavailable = ask (http, "POST", "https://pay.test/status/502", "{}", FAR);

  g_assert_cmpuint (redirect.status, ==, 302);
  g_assert_cmpuint (unavailable.status, ==, 502);
}

static void
test_a_connection_is_kept (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) first = ask (http, "POST", "https://pay.test/echo", "{}", FAR);
  g_auto(Answer) second = ask (http, "POST", "https://pay.test/echo", "{}", FAR);
  g_autoptr(TwJson) one = json_of (&first);
  g_autoptr(TwJson) two = json_of (&second);

  g_assert_cmpstr (tw_json_number_text (tw_json_member (one, "connection")), ==,
                   tw_json_number_text (tw_json_member (two, "connection")));
}

static void
test_another_name_is_refused_before_anything_is_sent (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) answer = ask (http, "POST", "https://other.test/echo-name", "{}", FAR);
  g_auto(Answer) count = ask (http, "GET", "https://pay.test/count", NULL, FAR);
  g_autoptr(TwJson) counts = json_of (&count);

  assert_failed (&answer, TW_ERROR_RETRY);
  g_assert_nonnull (strstr (answer.error->message, "other.test"));
  g_assert_null (tw_json_member (counts, "/echo-name"));
  g_assert_nonnull (tw_json_member (counts, "/count"));
}

static void
test_strange_authorities_are_refused (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "other.pem");
  g_autoptr(TwHttp) by_system = http_to (good.port, NULL);
  g_auto(Answer) answer = ask (http, "POST", "https://pay.test/echo", "{}", FAR);
  g_auto(Answer) system_answer = ask (by_system, "POST", "https://pay.test/echo", "{}", FAR);

  assert_failed (&answer, TW_ERROR_RETRY);
  assert_failed (&system_answer, TW_ERROR_RETRY);
}

static void
test_an_expired_certificate_is_refused (void)
{
  g_autoptr(TwHttp) http = http_to (expired.port, "ca.pem");
  g_auto(Answer) answer = ask (http, "POST", "https://pay.test/echo", "{}", FAR);

  assert_failed (&answer, TW_ERROR_RETRY);
}

static void
test_no_tls_no_request (void)
{
  g_autoptr(TwHttp) rubbish = http_to (good.rubbish_port, "ca.pem");
  g_autoptr(TwHttp) mute = http_to (good.mute_port, "ca.pem");
  g_auto(Answer) rubbish_answer = ask (rubbish, "POST", "https://pay.test/echo", "{}", FAR);
  g_auto(Answer) mute_answer = ask (mute, "POST", "https://pay.test/echo", "{}", NEAR);

  assert_failed (&rubbish_answer, TW_ERROR_RETRY);
  assert_failed (&mute_answer, TW_ERROR_RETRY);
}

static void
test_clear_text_is_not_spoken (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) plain = ask (http, "POST", "http://pay.test/echo", "{}", FAR);
  g_auto(Answer) file = ask (http, "GET", "file:///etc/passwd", NULL, FAR);
  g_auto(Answer) none = ask (http, "GET", "", NULL, FAR);

  assert_failed (&plain, TW_ERROR_RETRY);
  assert_failed (&file, TW_ERROR_RETRY);
  assert_failed (&none, TW_ERROR_RETRY);
}

static void
test_nobody_there_means_never_sent (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint free_port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autoptr(TwHttp) http = NULL;

  g_socket_listener_close (listener);
  http = http_to (free_port, "ca.pem");
  {
    g_auto(Answer) answer = ask (http, "POST", "https://pay.test/echo", "{}", FAR);

    assert_failed (&answer, TW_ERROR_RETRY);
  }
}

static void
test_silence_is_a_timeout_with_unknown_end (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) warm = ask (http, "GET", "https://pay.test/echo", NULL, FAR);
  g_auto(Answer) answer = ask (http, "POST", "https://pay.test/silent", "{}", NEAR);

  assert_failed (&answer, TW_ERROR_TIMEOUT);
}

/* The peer notes the connection when its answer to HEAD has gone; another client waits for the note, and asks on for as
 * long as a busy machine may let the first one's thread wait to read that answer. */
static void
test_a_connection_is_made_ahead_of_time (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_autoptr(TwHttp) other = http_to (good.port, "ca.pem");
  g_autofree char *warmed = NULL;

  tw_http_warm (http, "https://pay.test/warm");
  for (guint more = 50; warmed == NULL || more-- > 0;)
    {
      g_auto(Answer) noted = ask (other, "GET", "https://pay.test/count", NULL, FAR);
      g_autoptr(TwJson) counts = json_of (&noted);

      g_free (warmed);
      warmed = g_strdup (tw_json_number_text (tw_json_member (counts, "connection of /warm")));
    }

  for (guint i = 0; i < 2; i++)
    {
      g_auto(Answer) answer = ask (http, "POST", "https://pay.test/echo", "{}", FAR);
      g_autoptr(TwJson) json = json_of (&answer);

      g_assert_cmpstr (tw_json_number_text (tw_json_member (json, "connection")), ==, warmed);
    }
  tw_http_warm (http, "https://pay.test/warm");     /* and freed in flight */
}

/* Nobody is told of it, and nothing is left of it. */
static void
test_a_connection_that_cannot_be_made_ahead_of_time_is_made_later (void)
{
  g_autoptr(TwHttp) http = http_to (good.rubbish_port, "ca.pem");
  g_auto(Answer) answer = { 0 };

  tw_http_warm (http, "https://pay.test/warm");
  send_it (http, "GET", "https://pay.test/echo", NULL, FAR, NULL, &answer);
  wait_for (&answer);
  assert_failed (&answer, TW_ERROR_RETRY);
}

/* Read whole, then hung up: on a new connection and on a kept one, where libcurl would ask again by itself. */
static void
test_a_dropped_request_is_not_repeated (void)
{
  g_autoptr(TwHttp) fresh = http_to (good.port, "ca.pem");
  g_autoptr(TwHttp) kept = http_to (good.port, "ca.pem");
  g_auto(Answer) first = ask (fresh, "POST", "https://pay.test/drop/fresh", "{\"a\":1}", FAR);
  g_auto(Answer) warm = ask (kept, "GET", "https://pay.test/echo", NULL, FAR);
  g_auto(Answer) second = ask (kept, "POST", "https://pay.test/drop/kept", "{\"a\":1}", FAR);
  g_auto(Answer) count = ask (fresh, "GET", "https://pay.test/count", NULL, FAR);
  g_autoptr(TwJson) counts = json_of (&count);

  assert_failed (&first, TW_ERROR_GONE);
  assert_failed (&second, TW_ERROR_GONE);
  g_assert_cmpstr (tw_json_number_text (tw_json_member (counts, "/drop/fresh")), ==, "1");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (counts, "/drop/kept")), ==, "1");
}

static void
test_half_an_answer_is_none (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) truncated = ask (http, "POST", "https://pay.test/truncated", "{}", FAR);
  g_auto(Answer) rubbish = ask (http, "POST", "https://pay.test/rubbish", "{}", FAR);

  assert_failed (&truncated, TW_ERROR_GONE);
  assert_failed (&rubbish, TW_ERROR_GONE);
}

static void
test_answers_are_bounded (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_autofree char *most_url = g_strdup_printf ("https://pay.test/exactly/%d", TW_HTTP_MAX_ANSWER);
  g_autofree char *over_url = g_strdup_printf ("https://pay.test/exactly/%d", TW_HTTP_MAX_ANSWER + 1);
  g_auto(Answer) most = ask (http, "GET", most_url, NULL, FAR);
  g_auto(Answer) over = ask (http, "GET", over_url, NULL, FAR);
  g_auto(Answer) giant = ask (http, "POST", "https://pay.test/giant", "{}", FAR);
  g_auto(Answer) headers = ask (http, "POST", "https://pay.test/headers", "{}", FAR);

  g_assert_cmpuint (most.status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (most.body), ==, TW_HTTP_MAX_ANSWER);
  assert_failed (&over, TW_ERROR_BAD_DATA);
  assert_failed (&giant, TW_ERROR_BAD_DATA);
  assert_failed (&headers, TW_ERROR_BAD_DATA);
}

/* The first is answered only after the third has been: they do not wait for each other. */
static void
test_requests_run_side_by_side (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) held = { 0 };
  g_auto(Answer) second = { 0 };
  g_auto(Answer) release = { 0 };

  send_it (http, "POST", "https://pay.test/hold", "{}", FAR, NULL, &held);
  send_it (http, "POST", "https://pay.test/echo", "{}", FAR, NULL, &second);
  wait_for (&second);
  g_assert_false (held.done);
  send_it (http, "GET", "https://pay.test/release", NULL, FAR, NULL, &release);
  wait_for (&held);
  wait_for (&release);
  g_assert_cmpuint (held.status, ==, 200);
}

static void
test_cancelled_requests_are_not_heard_of_again (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Answer) silent = { 0 };
  g_auto(Answer) too_late = { 0 };
  g_auto(Answer) marker = { 0 };

  send_it (http, "POST", "https://pay.test/silent", "{}", FAR, cancellable, &silent);
  send_it (http, "POST", "https://pay.test/echo", "{}", FAR, NULL, &marker);
  wait_for (&marker);
  g_cancellable_cancel (cancellable);
  g_assert_false (silent.done);
  send_it (http, "POST", "https://pay.test/echo", "{}", FAR, cancellable, &too_late);

  answer_clear (&marker);
  marker = ask (http, "GET", "https://pay.test/echo", NULL, FAR);
  g_assert_false (silent.done);
  g_assert_false (too_late.done);
}

static void
test_freed_in_flight_nothing_is_called (void)
{
  TwHttp *http = http_to (good.port, "ca.pem");
  g_autoptr(TwHttp) other = http_to (good.port, "ca.pem");
  g_auto(Answer) silent = { 0 };
  g_auto(Answer) unborn = { 0 };
  g_auto(Answer) warm = ask (http, "GET", "https://pay.test/echo", NULL, FAR);
  g_auto(Answer) marker = { 0 };

  send_it (http, "POST", "https://pay.test/silent", "{}", FAR, NULL, &silent);
  marker = ask (other, "GET", "https://pay.test/echo", NULL, FAR);
  send_it (http, "POST", "https://pay.test/echo", "{}", FAR, NULL, &unborn);
  tw_http_free (http);
  answer_clear (&marker);
  marker = ask (other, "GET", "https://pay.test/echo", NULL, FAR);
  g_assert_false (silent.done);
  g_assert_false (unborn.done);
}

typedef struct { TwHttp *http; gboolean done; } FreeInside;

static void
on_done_free (guint         status,
              GBytes       *body,
              const GError *error,
              gpointer      user_data)
{
  FreeInside *self = user_data;

  self->done = TRUE;
  g_clear_pointer (&self->http, tw_http_free);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (body), >, 0);
}

static void
test_it_may_be_freed_by_its_own_answer (void)
{
  FreeInside self = { .http = http_to (good.port, "ca.pem") };
  const TwHttpRequest request = { .method = "GET", .url = "https://pay.test/echo", .deadline_ms = FAR };
  g_auto(Answer) silent = { 0 };

  send_it (self.http, "POST", "https://pay.test/silent", "{}", FAR, NULL, &silent);
  tw_http_send (self.http, &request, NULL, on_done_free, &self);
  while (!self.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (silent.done);
}

static void
test_wrong_options_are_refused (void)
{
  static const char *const bad[] = { "pay.test", ":443", "pay.test:", "pay.test:0", "pay.test:65536", "pay.test:x" };
  g_autofree char *not_pem = g_build_filename (dir, "peer.key", NULL);
  g_autoptr(GError) missing = NULL;
  g_autoptr(GError) empty = NULL;

  g_assert_null (tw_http_new (&(TwHttpOptions) { .ca_file = "/nonexistent/ca.pem" }, &missing));
  g_assert_error (missing, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_null (tw_http_new (&(TwHttpOptions) { .ca_file = not_pem }, &empty));
  g_assert_error (empty, TW_ERROR, TW_ERROR_BAD_DATA);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tw_http_new (&(TwHttpOptions) { .connect_to = bad[i] }, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

/* main() has set proxies that nobody listens at. */
static void
test_the_environment_cannot_redirect (void)
{
  g_autoptr(TwHttp) http = http_to (good.port, "ca.pem");
  g_auto(Answer) answer = ask (http, "GET", "https://pay.test/echo", NULL, FAR);

  g_assert_nonnull (g_getenv ("https_proxy"));
  g_assert_cmpuint (answer.status, ==, 200);
}

static void
add_tests (void)
{
  g_test_add_func ("/http/a-request-arrives-as-it-was-sent", test_a_request_arrives_as_it_was_sent);
  g_test_add_func ("/http/get-and-patch-are-what-they-say", test_get_and_patch_are_what_they_say);
  g_test_add_func ("/http/every-status-is-an-answer-and-redirects-are-not-followed",
                   test_every_status_is_an_answer_and_redirects_are_not_followed);
  g_test_add_func ("/http/a-connection-is-kept", test_a_connection_is_kept);
  g_test_add_func ("/http/a-connection-is-made-ahead-of-time", test_a_connection_is_made_ahead_of_time);
  g_test_add_func ("/http/a-connection-that-cannot-be-made-ahead-of-time-is-made-later",
                   test_a_connection_that_cannot_be_made_ahead_of_time_is_made_later);
  g_test_add_func ("/http/another-name-is-refused-before-anything-is-sent",
                   test_another_name_is_refused_before_anything_is_sent);
  g_test_add_func ("/http/strange-authorities-are-refused", test_strange_authorities_are_refused);
  g_test_add_func ("/http/an-expired-certificate-is-refused", test_an_expired_certificate_is_refused);
  g_test_add_func ("/http/no-tls-no-request", test_no_tls_no_request);
  g_test_add_func ("/http/clear-text-is-not-spoken", test_clear_text_is_not_spoken);
  g_test_add_func ("/http/nobody-there-means-never-sent", test_nobody_there_means_never_sent);
  g_test_add_func ("/http/silence-is-a-timeout-with-unknown-end", test_silence_is_a_timeout_with_unknown_end);
  g_test_add_func ("/http/a-dropped-request-is-not-repeated", test_a_dropped_request_is_not_repeated);
  g_test_add_func ("/http/half-an-answer-is-none", test_half_an_answer_is_none);
  g_test_add_func ("/http/answers-are-bounded", test_answers_are_bounded);
  g_test_add_func ("/http/requests-run-side-by-side", test_requests_run_side_by_side);
  g_test_add_func ("/http/cancelled-requests-are-not-heard-of-again", test_cancelled_requests_are_not_heard_of_again);
  g_test_add_func ("/http/freed-in-flight-nothing-is-called", test_freed_in_flight_nothing_is_called);
  g_test_add_func ("/http/it-may-be-freed-by-its-own-answer", test_it_may_be_freed_by_its_own_answer);
  g_test_add_func ("/http/wrong-options-are-refused", test_wrong_options_are_refused);
  g_test_add_func ("/http/the-environment-cannot-redirect", test_the_environment_cannot_redirect);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  int result;

  g_setenv ("https_proxy", "http://127.0.0.1:1", TRUE);
  g_setenv ("ALL_PROXY", "http://127.0.0.1:1", TRUE);
  g_test_init (&argc, &argv, NULL);
  dir = g_dir_make_tmp ("tapwatt-http-XXXXXX", &error);
  g_assert_no_error (error);
  make_certificates ();
  good = start_peer ("good.pem");
  expired = start_peer ("expired.pem");

  add_tests ();
  result = g_test_run ();

  stop_peer (&good);
  stop_peer (&expired);
  remove_dir ();

  return result;
}
