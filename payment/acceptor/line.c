/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/acceptor/line.h"

#include "app/base/error.h"
#include "app/base/log.h"

#include <string.h>

struct _TwLine
{
  TwHttp                *http;
  TwClock               *clock;
  const TwGateway       *gateway;     /* NULL: not one that we know */
  TwCardAcceptorOptions  options;     /* strings and the secret are ours */
  GCancellable          *all;
  GList                 *questions;
};

typedef struct
{
  TwLine           *line;
  TwGatewayCall     call;
  TwGatewayHow      how;
  TwHold           *hold;
  char             *key;
  gint64            amount_minor;
  TwGatewayAnswer  *answer;      /* made up here, to be given from the loop */
  guint             timer;
  TwLineAnswered    answered;
  gpointer          user_data;
} Question;

static void
question_free (Question *self)
{
  self->line->questions = g_list_remove (self->line->questions, self);
  if (self->timer != 0)
    tw_clock_cancel (self->line->clock, self->timer);
  tw_gateway_answer_free (self->answer);
  tw_hold_free (self->hold);
  g_free (self->key);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
copy_options (TwCardAcceptorOptions       *to,
              const TwCardAcceptorOptions *from)
{
  *to = *from;
  to->gateway_kind = g_strdup (from->gateway_kind);
  to->host = g_strdup (from->host);
  to->merchant_id = g_strdup (from->merchant_id);
  to->key_id = g_strdup (from->key_id);
  to->secret = from->secret == NULL ? NULL : g_bytes_ref (from->secret);
  to->response_key_id = g_strdup (from->response_key_id);
  to->terminal.terminal_id = g_strdup (from->terminal.terminal_id);
  to->terminal.serial_number = g_strdup (from->terminal.serial_number);
  to->terminal.solution_id = g_strdup (from->terminal.solution_id);
  to->terminal.comments = g_strdup (from->terminal.comments);
}

static void
clear_options (TwCardAcceptorOptions *options)
{
  g_free ((char *) options->gateway_kind);
  g_free ((char *) options->host);
  g_free ((char *) options->merchant_id);
  g_free ((char *) options->key_id);
  g_clear_pointer (&options->secret, g_bytes_unref);
  g_free ((char *) options->response_key_id);
  g_free ((char *) options->terminal.terminal_id);
  g_free ((char *) options->terminal.serial_number);
  g_free ((char *) options->terminal.solution_id);
  g_free ((char *) options->terminal.comments);
}

TwLine *
tw_line_new (TwHttp                      *http,
             TwClock                     *clock,
             const TwCardAcceptorOptions *options)
{
  TwLine *self = g_new0 (TwLine, 1);

  self->http = http;
  self->clock = clock;
  self->gateway = tw_gateway_find (options->gateway_kind);
  self->all = g_cancellable_new ();
  copy_options (&self->options, options);

  return self;
}

void
tw_line_free (TwLine *self)
{
  g_cancellable_cancel (self->all);
  while (self->questions != NULL)
    question_free (self->questions->data);
  clear_options (&self->options);
  g_object_unref (self->all);
  g_free (self);
}

const char *
tw_line_gateway_kind (const TwLine *self)
{
  return self->options.gateway_kind;
}

const char *
tw_line_comments (const TwLine *self)
{
  return self->options.terminal.comments;
}

guint
tw_line_hold_life_hours (const TwLine *self)
{
  return self->options.hold_life_hours;
}

static gint64
now_s (const TwLine *self)
{
  return tw_clock_now (self->clock).wall_us / G_USEC_PER_SEC;
}

gboolean
tw_line_ready (const TwLine  *self,
               const char   **why_not)
{
  const TwCardAcceptorOptions *o = &self->options;

  if (self->gateway == NULL || o->host == NULL || o->merchant_id == NULL || o->key_id == NULL || o->secret == NULL
      || o->service_key == NULL || (o->response_key == NULL) != (o->response_key_id == NULL))
    {
      *why_not = "gateway-not-configured";
      return FALSE;
    }

  if (tw_seal_key_expiry_s (o->service_key) <= now_s (self))
    {
      *why_not = "gateway-certificate-expired";
      return FALSE;
    }

  return TRUE;
}

static TwGatewayAsk
ask_for (const TwLine  *self,
         TwGatewayCall  call,
         const TwHold  *hold,
         const char    *key,
         gint64         amount_minor)
{
  TwGatewayAsk ask = {
    .call = call,
    .terminal = self->options.terminal,
    .hold = { .code = hold->code, .transaction_id = hold->transaction_id, .id = hold->id,
              .capture_id = hold->capture_id, .refund_ids = (const char *const *) hold->refund_ids,
              .amount = hold->amount },
    .transaction_id = key,
    .amount = tw_money (amount_minor, hold->amount.currency),
  };

  ask.terminal.comments = hold->comments;
  return ask;
}

GBytes *
tw_line_authorization (const TwLine  *self,
                       const TwHold  *hold,
                       GError       **error)
{
  TwGatewayAsk ask = ask_for (self, TW_GATEWAY_AUTHORIZE, hold, NULL, 0);
  g_autoptr(TwGatewayRequest) request = tw_gateway_request (self->gateway, &ask, TW_GATEWAY_DO, error);

  return request == NULL ? NULL : g_steal_pointer (&request->body);
}

static TwGatewayAnswer *
made_up (TwGatewayEnd  end,
         const char   *reason)
{
  TwGatewayAnswer *answer = g_new0 (TwGatewayAnswer, 1);

  answer->end = end;
  answer->reason = g_strdup (reason);

  return answer;
}

static void
log_question (const Question *question,
              const char     *text)
{
  static const char *const names[] = { "authorization", "capture", "reversal", "refund" };

  tw_log_session (G_LOG_LEVEL_INFO, question->hold->code, "session %s: %s%s: %s", question->hold->code,
                  question->how == TW_GATEWAY_DO ? "" : "search for the ", names[question->call], text);
}

/* NULL: it cannot be opened. */
static GBytes *
open_answer (const TwLine  *self,
             GBytes        *body,
             GError       **error)
{
  g_autofree char *jwe = tw_gateway_unwrap (self->gateway, body);

  if (jwe == NULL)
    return g_bytes_ref (body);

  if (self->options.response_key != NULL)
    return tw_jwe_decrypt (self->options.response_key, jwe, error);

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the answer is encrypted, and no response key is configured");
  return NULL;
}

static TwGatewayAnswer *
understand (const Question *question,
            guint           status,
            GBytes         *body)
{
  const TwLine *self = question->line;
  TwGatewayAsk ask = ask_for (self, question->call, question->hold, question->key, question->amount_minor);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) opened = open_answer (self, body, &error);
  g_autoptr(TwGatewayAnswer) answer = NULL;
  g_autofree char *text = NULL;

  if (opened == NULL)
    {
      log_question (question, error->message);
      return made_up (TW_GATEWAY_UNKNOWN, "unreadable-answer");
    }

  answer = tw_gateway_read (self->gateway, &ask, question->how, status, opened);
  text = g_strdup_printf ("answered %u, %s", status, answer->reason == NULL ? "done" : answer->reason);
  log_question (question, text);

  return g_steal_pointer (&answer);
}

static TwGatewayAnswer *
not_answered (const Question *question,
              const GError   *error)
{
  gboolean never_sent = g_error_matches (error, TW_ERROR, TW_ERROR_RETRY);

  log_question (question, error->message);
  return made_up (never_sent ? TW_GATEWAY_RETRY : TW_GATEWAY_UNKNOWN, "gateway-unreachable");
}

static void
on_answer (guint         status,
           GBytes       *body,
           const GError *error,
           gpointer      user_data)
{
  Question *question = user_data;
  TwLineAnswered answered = question->answered;
  gpointer answered_data = question->user_data;
  g_autoptr(TwGatewayAnswer) answer = error != NULL ? not_answered (question, error)
                                                    : understand (question, status, body);

  question_free (question);
  answered (answer, answered_data);     /* may free the line */
}

static gboolean
on_made_up (gpointer user_data)
{
  Question *question = user_data;
  TwLineAnswered answered = question->answered;
  gpointer answered_data = question->user_data;
  g_autoptr(TwGatewayAnswer) answer = g_steal_pointer (&question->answer);

  question->timer = 0;
  question_free (question);
  answered (answer, answered_data);

  return G_SOURCE_REMOVE;
}

static char *
authorization_header (const TwLine           *self,
                      const TwGatewayRequest *request,
                      GBytes                 *body)
{
  g_autofree char *jti = g_uuid_string_random ();
  const TwJwtRequest jwt_request = {
    .key_id = self->options.key_id, .secret = self->options.secret, .merchant_id = self->options.merchant_id,
    .host = self->options.host, .method = request->method, .path = request->path, .body = body,
    .response_kid = self->options.response_key_id, .now_s = now_s (self), .jti = jti,
  };
  g_autofree char *jwt = tw_jwt_for_request (&jwt_request);

  return g_strconcat ("Authorization: Bearer ", jwt, NULL);
}

static void
post (Question               *question,
      const TwGatewayRequest *request,
      GBytes                 *body)
{
  TwLine *self = question->line;
  const TwCardAcceptorOptions *o = &self->options;
  g_autofree char *url = g_strconcat ("https://", o->host, request->path, NULL);
  g_autofree char *authorization = authorization_header (self, request, body);
  const char *const headers[] = {
    authorization, "Accept: application/hal+json;charset=utf-8",
    body == NULL ? NULL : "Content-Type: application/json;charset=utf-8", NULL
  };
  const TwHttpRequest http_request = {
    .method = request->method, .url = url, .headers = headers, .body = body,
    .deadline_ms = question->call == TW_GATEWAY_AUTHORIZE && question->how == TW_GATEWAY_DO ? o->authorize_ms
                                                                                             : o->follow_up_ms,
  };

  if (o->send != NULL)
    o->send (o->send_data, &http_request, self->all, on_answer, question);
  else
    tw_http_send (self->http, &http_request, self->all, on_answer, question);
}

void
tw_line_warm (TwLine *self)
{
  g_autofree char *url = g_strconcat ("https://", self->options.host, "/", NULL);

  if (self->options.send == NULL)
    tw_http_warm (self->http, url);
}

/* What is posted: the reader's, or ours sealed here; NULL: a GET, or an error. */
static GBytes *
sealed_body (const TwLine           *self,
             const TwGatewayRequest *request,
             GBytes                 *sealed,
             GError                **error)
{
  g_autofree char *jwe = NULL;

  if (sealed != NULL)
    return g_bytes_ref (sealed);
  if (request->body == NULL)
    return NULL;

  jwe = tw_jwe_encrypt (self->options.service_key, request->body, now_s (self), error);
  return jwe == NULL ? NULL : tw_gateway_wrap (self->gateway, jwe);
}

/* Nothing was sent. With these arguments it never will be; or it could not be sealed just now. */
static void
answer_impossible (Question     *question,
                   gboolean      never,
                   const GError *error)
{
  TwGatewayEnd unsent = never ? TW_GATEWAY_REFUSED : TW_GATEWAY_RETRY;

  log_question (question, error->message);
  question->answer = made_up (question->how == TW_GATEWAY_DO ? unsent : TW_GATEWAY_UNKNOWN,
                              never ? "bad-request" : "not-sealed");
  question->timer = tw_clock_after (question->line->clock, 0, on_made_up, question);
}

void
tw_line_send (TwLine         *self,
              TwGatewayCall   call,
              TwGatewayHow    how,
              const TwHold   *hold,
              const char     *key,
              gint64          amount_minor,
              GBytes         *sealed,
              TwLineAnswered  answered,
              gpointer        user_data)
{
  Question *question = g_new0 (Question, 1);
  TwGatewayAsk ask = ask_for (self, call, hold, key, amount_minor);
  g_autoptr(GError) error = NULL;
  g_autoptr(TwGatewayRequest) request = tw_gateway_request (self->gateway, &ask, how, &error);
  g_autoptr(GBytes) body = request == NULL ? NULL : sealed_body (self, request, sealed, &error);

  *question = (Question) { .line = self, .call = call, .how = how, .hold = tw_hold_copy (hold), .key = g_strdup (key),
                           .amount_minor = amount_minor, .answered = answered, .user_data = user_data };
  self->questions = g_list_prepend (self->questions, question);
  if (error != NULL)
    answer_impossible (question, request == NULL, error);
  else
    post (question, request, body);
}
