/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/acceptor/bench.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

#define SEALED "{\"encryptedRequest\":\"made.by.the.card.reader\"}"

/* --- the reader --- */

static gboolean
reader_ready (gpointer     link,
              const char **why_not)
{
  Reader *self = link;

  if (why_not != NULL)
    *why_not = "reader-starting";
  return self->ready;
}

static void
reader_listen (gpointer                link,
               const TwCardLinkEvents *events,
               gpointer                user_data)
{
  Reader *self = link;

  self->events = events;
  self->user_data = user_data;
  self->n_listen++;
}

static void
reader_identify (gpointer link,
                 guint64  request,
                 gint64   deadline_ms)
{
  Reader *self = link;

  g_assert_cmpuint (request, >, self->request);
  self->request = request;
  self->deadline_ms = deadline_ms;
  self->n_identify++;
}

static void
reader_authorize (gpointer             link,
                  const TwSealRequest *request)
{
  Reader *self = link;

  g_assert_cmpuint (request->request, >, self->request);
  self->request = request->request;
  self->amount = request->amount;
  self->deadline_ms = request->deadline_ms;
  g_free (self->body);
  self->body = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  self->n_authorize++;
}

static void
reader_cancel (gpointer link,
               guint64  request)
{
  Reader *self = link;

  g_assert_cmpuint (request, ==, self->request);
  self->n_cancel++;
}

static const TwCardLinkFuncs reader_funcs = {
  .ready = reader_ready,
  .listen = reader_listen,
  .identify = reader_identify,
  .authorize = reader_authorize,
  .cancel = reader_cancel,
};

/* --- the payment service --- */

static void
posted_free (gpointer data)
{
  Posted *self = data;

  g_free (self->method);
  g_free (self->url);
  g_free (self->authorization);
  g_free (self->plain);
  g_clear_pointer (&self->posted, g_bytes_unref);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static char *
open_request (Bench  *self,
              GBytes *posted)
{
  g_autoptr(TwJson) json = tw_json_parse (g_bytes_get_data (posted, NULL), g_bytes_get_size (posted), &TW_JSON_LARGE,
                                          NULL);
  const char *jwe = tw_json_string (tw_json_member (json, "encryptedRequest"));
  g_autoptr(GBytes) plain = jwe == NULL ? NULL : tw_jwe_decrypt (self->service_private, jwe, NULL);

  return plain == NULL ? NULL : g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
}

static void
service_send (gpointer             data,
              const TwHttpRequest *request,
              GCancellable        *cancellable,
              TwHttpDone           done,
              gpointer             user_data)
{
  Bench *self = data;
  Posted *posted = g_new0 (Posted, 1);

  posted->method = g_strdup (request->method);
  posted->url = g_strdup (request->url);
  posted->authorization = g_strdup (request->headers[0]);
  posted->posted = request->body == NULL ? NULL : g_bytes_ref (request->body);
  posted->plain = request->body == NULL ? NULL : open_request (self, request->body);
  posted->deadline_ms = request->deadline_ms;
  posted->cancellable = cancellable == NULL ? NULL : g_object_ref (cancellable);
  posted->done = done;
  posted->user_data = user_data;
  g_ptr_array_add (self->posts, posted);
  self->n_posts++;
}

Posted *
bench_posted (Bench *self)
{
  g_assert_cmpuint (self->posts->len, >, 0);
  return self->posts->pdata[0];
}

static void
answer_at (Bench      *self,
           guint       at,
           guint       status,
           const char *body,
           int         code)
{
  Posted *posted = g_ptr_array_steal_index (self->posts, at);
  g_autoptr(GBytes) bytes = body == NULL ? NULL : g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = status != 0 ? NULL : g_error_new_literal (TW_ERROR, code, "scripted");

  if (!g_cancellable_is_cancelled (posted->cancellable))
    posted->done (status, bytes, error, posted->user_data);
  posted_free (posted);
}

void
bench_answer (Bench      *self,
              guint       status,
              const char *body)
{
  answer_at (self, 0, status, body, 0);
}

void
bench_answer_newest (Bench      *self,
                     guint       status,
                     const char *body)
{
  answer_at (self, self->posts->len - 1, status, body, 0);
}

void
bench_fail (Bench *self,
            int    code)
{
  answer_at (self, 0, 0, NULL, code);
}

/* --- the station --- */

static void
on_progress (const char *prompt,
             const char *qr,
             gpointer    user_data)
{
  Bench *self = user_data;

  g_string_append_printf (self->taken.prompts, "%s;", prompt);
}

static void
keep (GBytes **to,
      GBytes  *from)
{
  if (from == NULL)
    return;

  g_clear_pointer (to, g_bytes_unref);
  *to = g_bytes_ref (from);
}

static void
on_reference (GBytes       *reference,
              const TwCard *card,
              const char   *digest,
              gpointer      user_data)
{
  Bench *self = user_data;

  self->taken.n_references++;
  keep (&self->taken.reference, reference);
  g_free (self->taken.digest);
  self->taken.digest = g_strdup (digest);
}

static void
on_ended (const TwTakeResult *result,
          gpointer            user_data)
{
  Bench *self = user_data;
  Taken *taken = &self->taken;

  taken->n_ended++;
  taken->end = result->end;
  taken->held_minor = result->held_minor;
  keep (&taken->reference, result->reference);
  g_free (taken->reason);
  g_free (taken->approval_code);
  g_free (taken->masked);
  taken->reason = g_strdup (result->reason);
  taken->approval_code = g_strdup (result->approval_code);
  taken->masked = result->card == NULL ? NULL : g_strdup (result->card->masked);
  if (taken->take_again)
    {
      taken->take_again = FALSE;
      bench_take (self);
    }
}

static void
on_identified (const TwCard *card,
               gpointer      user_data)
{
  Bench *self = user_data;

  self->n_identified++;
  g_free (self->identified);
  self->identified = card == NULL ? NULL : g_strdup (card->masked != NULL ? card->masked : card->kind);
}

static gboolean
on_changed (gpointer user_data)
{
  Bench *self = user_data;

  self->n_changed++;
  return G_SOURCE_REMOVE;
}

void
bench_on_done (TwOutcome   outcome,
               const char *detail,
               GBytes     *reference,
               gpointer    user_data)
{
  Done *self = user_data;

  self->n_done++;
  self->outcome = outcome;
  g_free (self->detail);
  self->detail = g_strdup (detail);
  keep (&self->reference, reference);
}

void
done_clear (Done *self)
{
  g_free (self->detail);
  g_clear_pointer (&self->reference, g_bytes_unref);
}

void
bench_take (Bench *self)
{
  static const TwTakeEvents events = { .progress = on_progress, .reference = on_reference, .ended = on_ended };
  const TwOffer offer = { .session = "s-17", .key = "s-17-authorize-1", .hold = tw_money (4500, "EUR"),
                          .connector = "1" };

  tw_acceptor_take (self->acceptor, &offer, 45000, &events, self);
}

void
bench_identify (Bench *self)
{
  tw_acceptor_identify (self->acceptor, 30000, on_identified, self);
}

void
bench_seal (Bench      *self,
            const char *digest)
{
  const TwCard card = { .kind = "emv", .masked = "************0119", .brand = "visa" };
  g_autoptr(GBytes) sealed = g_bytes_new_static (SEALED, strlen (SEALED));
  g_autofree char *right = tw_sha256_hex (sealed);
  const TwSealed event = { .card = &card, .sealed = sealed, .digest = digest != NULL ? digest : right, .cvm = "none" };

  self->reader.events->sealed (self->reader.request, &event, self->reader.user_data);
}

void
bench_take_to_post (Bench *self)
{
  bench_take (self);
  bench_seal (self, NULL);
  tw_acceptor_proceed (self->acceptor);
}

void
bench_take_approved (Bench *self)
{
  bench_take_to_post (self);
  bench_answer (self, 201, "{\"id\":\"7700000000000000000001\",\"status\":\"AUTHORIZED\","
                "\"processorInformation\":{\"approvalCode\":\"831000\"},"
                "\"orderInformation\":{\"amountDetails\":{\"authorizedAmount\":\"45.00\",\"currency\":\"EUR\"}}}");
  g_assert_cmpint (self->taken.end, ==, TW_TAKE_APPROVED);
}

void
bench_loop (Bench *self)
{
  tw_virtual_clock_advance (self->clock, 0);
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

void
bench_restart (Bench *self)
{
  g_clear_pointer (&self->acceptor, tw_acceptor_free);
  g_ptr_array_set_size (self->posts, 0);
  self->reader.request = 0;
  self->acceptor = tw_card_acceptor_new ((TwCardLink) { &reader_funcs, &self->reader }, NULL,
                                         tw_virtual_clock_clock (self->clock), &self->options);
  tw_acceptor_watch (self->acceptor, on_changed, self);
}

Bench *
bench_new (void)
{
  Bench *self = g_new0 (Bench, 1);
  g_autoptr(GBytes) certificate = load ("certificate.pem");
  g_autoptr(GBytes) private = load ("private.pem");
  g_autoptr(GBytes) other = load ("other-private.pem");

  self->clock = tw_virtual_clock_new ();
  self->service_key = tw_seal_key_from_certificate (certificate, 0, NULL);
  self->service_private = tw_seal_key_from_private (private, NULL);
  self->response_private = tw_seal_key_from_private (other, NULL);
  self->secret = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
  self->posts = g_ptr_array_new_with_free_func (posted_free);
  self->taken.prompts = g_string_new (NULL);
  self->reader.ready = TRUE;
  self->options = (TwCardAcceptorOptions) {
    .gateway_kind = "cybersource", .host = "apitest.cybersource.com", .merchant_id = "m1", .key_id = "k1",
    .secret = self->secret, .service_key = self->service_key, .response_key = self->service_private,
    .response_key_id = "r1", .terminal = { .terminal_id = "TW000001", .comments = "EV" }, .authorize_ms = 30000,
    .follow_up_ms = 60000, .late_ms = 120000, .hold_life_hours = 24, .test_mode = TRUE,
    .send = service_send, .send_data = self,
  };
  bench_restart (self);

  return self;
}

void
bench_free (Bench *self)
{
  guint n_listen = self->reader.n_listen;

  tw_acceptor_free (self->acceptor);
  g_assert_cmpuint (self->reader.n_listen, ==, n_listen + 1);
  g_assert_null (self->reader.events);
  g_assert_cmpuint (tw_virtual_clock_pending (self->clock), ==, 0);
  g_ptr_array_unref (self->posts);
  g_free (self->reader.body);
  g_free (self->taken.reason);
  g_free (self->taken.approval_code);
  g_free (self->taken.masked);
  g_free (self->taken.digest);
  g_clear_pointer (&self->taken.reference, g_bytes_unref);
  g_string_free (self->taken.prompts, TRUE);
  g_free (self->identified);
  tw_seal_key_free (self->service_key);
  tw_seal_key_free (self->service_private);
  tw_seal_key_free (self->response_private);
  g_bytes_unref (self->secret);
  tw_virtual_clock_free (self->clock);
  g_free (self);
}
