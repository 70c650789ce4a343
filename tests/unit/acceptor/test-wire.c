/* SPDX-License-Identifier: Apache-2.0 */
/* The whole path over real HTTPS, against service.py, which shares nothing with us; its ledger is the witness. The
 * reader is played here with the functions that the real one uses.
 */
#include "payment/acceptor/card.h"

#include "app/base/bytes.h"
#include "app/base/json.h"

#include <glib/gstdio.h>
#include <string.h>

#define SECRET "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define TAGS "9F260811223344556677889F100706010A03A000009F360200019F37040A0B0C0D8202200095050000000000" \
             "9A032611229C01009F02060000000045009F03060000000000005F2A0209789F1A0202769F3303E0F8C88407A0000000031010"

typedef struct
{
  char             *dir;
  GSubprocess      *service;       /* NULL: Python lacks the cryptography package */
  TwHttp           *http;
  TwClock          *clock;
  TwSealKey        *service_key, *response_key;
  GBytes           *secret;
  TwAcceptor       *acceptor;
  const TwCardLinkEvents *link;
  gpointer          link_data;
  GBytes           *reference;
  TwTakeEnd         end;
  gboolean          ended;
  gboolean          answered;
  TwOutcome         outcome;
} Fixture;

/* --- the reader --- */

static gboolean
link_ready (gpointer     link,
            const char **why_not)
{
  return TRUE;
}

static void
link_listen (gpointer                link,
             const TwCardLinkEvents *events,
             gpointer                user_data)
{
  Fixture *self = link;

  self->link = events;
  self->link_data = user_data;
}

static void
link_identify (gpointer link,
               guint64  request,
               gint64   deadline_ms)
{
}

static void
link_cancel (gpointer link,
             guint64  request)
{
}

typedef struct { Fixture *fixture; guint64 request; GBytes *sealed; } Sealed;

static gboolean
on_sealed (gpointer user_data)
{
  Sealed *sealed = user_data;
  g_autofree char *digest = tw_sha256_hex (sealed->sealed);
  const TwCard card = { .kind = "emv", .masked = "************0119", .brand = "visa" };

  sealed->fixture->link->sealed (sealed->request, &(TwSealed) { &card, sealed->sealed, digest, "none" },
                                 sealed->fixture->link_data);
  g_bytes_unref (sealed->sealed);
  g_free (sealed);
  return G_SOURCE_REMOVE;
}

static void
link_authorize (gpointer             link,
                const TwSealRequest *request)
{
  Fixture *self = link;
  const TwGateway *gateway = tw_gateway_find ("cybersource");
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) tags = tw_hex_decode (TAGS, NULL);
  const TwCardFields fields = {
    .entry_mode = TW_ENTRY_CONTACTLESS, .brand = "visa", .track2 = "4761739001010119=2612201",
    .emv_tags = g_bytes_get_data (tags, NULL), .emv_tags_len = g_bytes_get_size (tags), .card_sequence = -1,
  };
  g_autoptr(GBytes) whole = tw_gateway_add_card_fields (gateway, request->body, &fields, request->amount, &error);
  g_autofree char *jwe = NULL;
  Sealed *sealed = g_new0 (Sealed, 1);

  g_assert_no_error (error);
  jwe = tw_jwe_encrypt (self->service_key, whole, g_get_real_time () / G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  *sealed = (Sealed) { self, request->request, tw_gateway_wrap (gateway, jwe) };
  g_idle_add (on_sealed, sealed);
}

static const TwCardLinkFuncs link_funcs = {
  .ready = link_ready, .listen = link_listen, .identify = link_identify, .authorize = link_authorize,
  .cancel = link_cancel,
};

/* --- the station --- */

static void
on_progress (const char *prompt,
             const char *qr,
             gpointer    user_data)
{
}

static void
keep (Fixture *self,
      GBytes  *reference)
{
  if (reference == NULL)
    return;

  g_clear_pointer (&self->reference, g_bytes_unref);
  self->reference = g_bytes_ref (reference);
}

static void
on_reference (GBytes       *reference,
              const TwCard *card,
              const char   *digest,
              gpointer      user_data)
{
  Fixture *self = user_data;

  keep (self, reference);
  tw_acceptor_proceed (self->acceptor);
}

static void
on_ended (const TwTakeResult *result,
          gpointer            user_data)
{
  Fixture *self = user_data;

  self->ended = TRUE;
  self->end = result->end;
  keep (self, result->reference);
}

static void
on_done (TwOutcome   outcome,
         const char *detail,
         GBytes     *reference,
         gpointer    user_data)
{
  Fixture *self = user_data;

  self->answered = TRUE;
  self->outcome = outcome;
}

static TwTakeEnd
take (Fixture *self)
{
  static const TwTakeEvents events = { on_progress, on_reference, on_ended };
  const TwOffer offer = { .session = "s-17", .key = "s-17-authorize-1", .hold = tw_money (4500, "EUR") };

  self->ended = FALSE;
  tw_acceptor_take (self->acceptor, &offer, 10000, &events, self);
  while (!self->ended)
    g_main_context_iteration (NULL, TRUE);

  return self->end;
}

static TwOutcome
answer (Fixture *self)
{
  while (!self->answered)
    g_main_context_iteration (NULL, TRUE);
  self->answered = FALSE;

  return self->outcome;
}

static TwOutcome
capture (Fixture *self)
{
  tw_acceptor_capture (self->acceptor, self->reference, "s-17-capture-1", 1234, on_done, self);
  return answer (self);
}

static TwOutcome
release (Fixture *self)
{
  tw_acceptor_release (self->acceptor, self->reference, "s-17-release-1", on_done, self);
  return answer (self);
}

/* --- the service --- */

typedef struct { gboolean done; char *text; } Reply;

static void
on_reply (guint         status,
          GBytes       *body,
          const GError *error,
          gpointer      user_data)
{
  Reply *reply = user_data;

  g_assert_no_error (error);
  g_assert_cmpuint (status, ==, 200);
  reply->done = TRUE;
  reply->text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static char *
control (Fixture    *self,
         const char *method,
         const char *path)
{
  g_autofree char *url = g_strconcat ("https://pay.test", path, NULL);
  g_autoptr(GBytes) body = g_str_equal (method, "POST") ? g_bytes_new_static ("{}", 2) : NULL;
  Reply reply = { 0 };

  tw_http_send (self->http, &(TwHttpRequest) { method, url, NULL, body, 20000 }, NULL, on_reply, &reply);
  while (!reply.done)
    g_main_context_iteration (NULL, TRUE);

  return reply.text;
}

static void
drop_next (Fixture *self)
{
  g_autofree char *text = control (self, "POST", "/drop");
}

static void
assert_ledger (Fixture    *self,
               const char *expected)
{
  g_autofree char *text = control (self, "GET", "/ledger");

  g_assert_cmpstr (text, ==, expected);
}

#define LEDGER(captured, reversed) \
  "[{\"held\": \"45.00\", \"captured\": [" captured "], \"reversed\": " reversed ", \"code\": \"s-17\"}]"

static void
run (const char *dir,
     const char *command)
{
  g_auto(GStrv) argv = NULL;
  int status = -1;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  g_assert_true (g_spawn_sync (dir, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                               | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static GBytes *
load (const char *name)
{
  g_autofree char *path = g_build_filename (TEST_DATA, "seal", name, NULL);
  char *text = NULL;
  gsize len = 0;

  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  return g_bytes_new_take (text, len);
}

/* The port; 0 if Python cannot. */
static guint
start_service (Fixture *self)
{
  g_autofree char *certificate = g_build_filename (self->dir, "server.pem", NULL);
  g_autofree char *key = g_build_filename (self->dir, "server.key", NULL);
  g_autofree char *private = g_build_filename (TEST_DATA, "seal", "private.pem", NULL);
  g_autofree char *response = g_build_filename (TEST_DATA, "seal", "certificate.pem", NULL);
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  self->service = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                                    "/usr/bin/python3", SERVICE, certificate, key, SECRET, private, response, NULL);
  g_assert_nonnull (self->service);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->service));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  return line == NULL ? 0 : (guint) atoi (line);
}

static void
make_acceptor (Fixture *self)
{
  const TwCardAcceptorOptions options = {
    .gateway_kind = "cybersource", .host = "pay.test", .merchant_id = "m1", .key_id = "k1", .secret = self->secret,
    .service_key = self->service_key, .response_key = self->response_key, .response_key_id = "r1",
    .terminal = { .terminal_id = "TW000001" }, .authorize_ms = 20000, .follow_up_ms = 20000, .test_mode = TRUE,
  };

  g_clear_pointer (&self->acceptor, tw_acceptor_free);
  self->acceptor = tw_card_acceptor_new ((TwCardLink) { &link_funcs, self }, self->http, self->clock, &options);
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr(GBytes) certificate = load ("certificate.pem");
  g_autoptr(GBytes) private = load ("private.pem");
  g_autofree char *ca = NULL;
  g_autofree char *connect_to = NULL;
  guint port;

  self->dir = g_dir_make_tmp ("tapwatt-wire-XXXXXX", NULL);
  run (self->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key "
       "-out server.pem -days 2 -subj /CN=pay.test -addext subjectAltName=DNS:pay.test");
  port = start_service (self);
  if (port == 0)
    return;

  ca = g_build_filename (self->dir, "server.pem", NULL);
  connect_to = g_strdup_printf ("127.0.0.1:%u", port);
  self->http = tw_http_new (&(TwHttpOptions) { .ca_file = ca, .connect_to = connect_to }, NULL);
  self->clock = tw_clock_new_system (TRUE);
  self->secret = tw_hex_decode (SECRET, NULL);
  self->service_key = tw_seal_key_from_certificate (certificate, g_get_real_time () / G_USEC_PER_SEC, NULL);
  self->response_key = tw_seal_key_from_private (private, NULL);
  make_acceptor (self);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  static const char *const names[] = { "server.key", "server.pem" };

  g_clear_pointer (&self->acceptor, tw_acceptor_free);
  g_clear_pointer (&self->http, tw_http_free);
  g_clear_pointer (&self->clock, tw_clock_free);
  g_clear_pointer (&self->service_key, tw_seal_key_free);
  g_clear_pointer (&self->response_key, tw_seal_key_free);
  g_clear_pointer (&self->secret, g_bytes_unref);
  g_clear_pointer (&self->reference, g_bytes_unref);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->service), NULL, NULL);
  g_assert_true (g_subprocess_wait (self->service, NULL, NULL));
  g_clear_object (&self->service);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->dir, names[i], NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->dir), ==, 0);
  g_free (self->dir);
}

static gboolean
is_missing (Fixture *self)
{
  if (self->acceptor != NULL)
    return FALSE;

  g_test_skip ("python3-cryptography is not installed");
  return TRUE;
}

static void
test_a_tap_is_held_and_captured (Fixture      *self,
                                 gconstpointer data)
{
  if (is_missing (self))
    return;

  g_assert_cmpint (take (self), ==, TW_TAKE_APPROVED);
  assert_ledger (self, LEDGER ("", "0"));
  g_assert_cmpint (capture (self), ==, TW_OUTCOME_DONE);
  assert_ledger (self, LEDGER ("\"12.34\"", "0"));
}

static void
test_a_dropped_answer_captures_once (Fixture      *self,
                                     gconstpointer data)
{
  if (is_missing (self))
    return;

  g_assert_cmpint (take (self), ==, TW_TAKE_APPROVED);
  drop_next (self);
  g_assert_cmpint (capture (self), ==, TW_OUTCOME_UNKNOWN);
  g_assert_cmpint (capture (self), ==, TW_OUTCOME_DONE);
  make_acceptor (self);
  g_assert_cmpint (capture (self), ==, TW_OUTCOME_DONE);
  assert_ledger (self, LEDGER ("\"12.34\"", "0"));
}

static void
test_an_unanswered_authorization_is_reversed_after_a_restart (Fixture      *self,
                                                              gconstpointer data)
{
  if (is_missing (self))
    return;

  drop_next (self);
  g_assert_cmpint (take (self), ==, TW_TAKE_UNKNOWN);
  assert_ledger (self, LEDGER ("", "0"));
  make_acceptor (self);
  drop_next (self);
  g_assert_cmpint (release (self), ==, TW_OUTCOME_UNKNOWN);
  g_assert_cmpint (release (self), ==, TW_OUTCOME_DONE);
  assert_ledger (self, LEDGER ("", "1"));
}

static void
test_a_hold_is_released_once (Fixture      *self,
                              gconstpointer data)
{
  if (is_missing (self))
    return;

  g_assert_cmpint (take (self), ==, TW_TAKE_APPROVED);
  drop_next (self);
  g_assert_cmpint (release (self), ==, TW_OUTCOME_UNKNOWN);
  g_assert_cmpint (release (self), ==, TW_OUTCOME_DONE);
  g_assert_cmpint (capture (self), ==, TW_OUTCOME_REFUSED);
  assert_ledger (self, LEDGER ("", "1"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/card/wire/a-tap-is-held-and-captured", Fixture, NULL, set_up, test_a_tap_is_held_and_captured,
              tear_down);
  g_test_add ("/card/wire/a-dropped-answer-captures-once", Fixture, NULL, set_up, test_a_dropped_answer_captures_once,
              tear_down);
  g_test_add ("/card/wire/an-unanswered-authorization-is-reversed-after-a-restart", Fixture, NULL, set_up,
              test_an_unanswered_authorization_is_reversed_after_a_restart, tear_down);
  g_test_add ("/card/wire/a-hold-is-released-once", Fixture, NULL, set_up, test_a_hold_is_released_once, tear_down);

  return g_test_run ();
}
