/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/visit.h"

#include <string.h>

#include "app/base/log.h"
#include "app/bench/spoil.h"
#include "app/bench/visit-wire.h"

#define CONTENT_TYPE "application/hal+json;charset=utf-8"

/* One request on its way through: door, body, fault, act, answer. */
struct _TwVisit
{
  TwAcquirer *self;
  TwAsk      *ask;
  TwExchange *exchange;
  TwFault     fault;
  TwWish     *wish;           /* may hold a card number: freed as soon as it was acted on */
  TwAnswer    answer;         /* body NULL: not acted yet */
  char       *code;           /* the merchant's, of the wish; NULL */
  gboolean    wants_mle;
  guint       timer;
};

typedef struct _TwVisit Visit;

void
tw_visit_free (gpointer data)
{
  Visit *visit = data;

  g_clear_handle_id (&visit->timer, g_source_remove);
  tw_ask_free (visit->ask);
  tw_wish_free (visit->wish);
  g_clear_pointer (&visit->answer.body, g_bytes_unref);
  g_free (visit->code);
  g_free (visit);
}

static void
end_visit (Visit *visit)
{
  g_ptr_array_remove_fast (visit->self->visits, visit);   /* frees it */
}

/* {"encryptedResponse":"<JWE>"} */
static GBytes *
seal (TwAcquirer *self,
      GBytes     *plaintext)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  const TwCertificates *c = self->certificates;
  g_autofree char *jwe = tw_mle_seal (c->response_public, c->response_key_id, plaintext,
                                      tw_acquirer_now_us (self) / G_USEC_PER_SEC, self->answer_alg, self->answer_enc);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "encryptedResponse", jwe);

  return tw_json_out_finish (out);
}

static void
tell (Visit      *visit,
      guint       http,
      const char *how)
{
  tw_visit_wire_answered (visit->self->happenings, visit->ask, visit->code, http, how);
}

static void
deliver (Visit      *visit,
         TwDelivery  delivery)
{
  static const char PAGE[] = "<html><body>Please sign in to the network.</body></html>";
  static const char *const HOW[] = { NULL, "sent two times", "cut off in the middle" };
  TwFaultKind fault = visit->fault.kind;
  g_autoptr (GBytes) body = NULL;

  if (visit->wants_mle && !visit->answer.clear)
    body = seal (visit->self, visit->answer.body);
  else
    body = g_bytes_ref (visit->answer.body);

  if (fault == TW_FAULT_WRONG_TYPE)
    {
      g_autoptr (GBytes) page = g_bytes_new_static (PAGE, sizeof PAGE - 1);

      tell (visit, 200, "an HTML page");
      tw_exchange_answer (visit->exchange, 200, page, "text/html", delivery);
    }
  else
    {
      g_autoptr (GBytes) spoilt = tw_spoil (fault, body);

      tell (visit, visit->answer.http, HOW[delivery] != NULL ? HOW[delivery] : spoilt != body ? "spoilt" : NULL);
      tw_exchange_answer (visit->exchange, visit->answer.http, spoilt, CONTENT_TYPE, delivery);
    }
  end_visit (visit);
}

static void
deliver_instead (Visit    *visit,
                 TwAnswer  answer)
{
  g_clear_pointer (&visit->answer.body, g_bytes_unref);
  visit->answer = answer;
  deliver (visit, TW_DELIVER_WHOLE);
}

static void
note (Visit      *visit,
      guint       http,
      const char *status,
      const char *reason,
      const char *why)
{
  const TwVerdict verdict = { .http = http, .status = status, .reason = reason, .note = why };

  tw_payments_note (visit->self->payments, visit->ask->act, visit->wish, &verdict);
}

static void after_acting (Visit *visit);
static void act (Visit *visit);

static gboolean
on_timer (gpointer user_data)
{
  Visit *visit = user_data;

  visit->timer = 0;
  if (visit->answer.body == NULL)
    act (visit);
  else
    deliver (visit, TW_DELIVER_WHOLE);

  return G_SOURCE_REMOVE;
}

guint
tw_acquirer_go_on (TwAcquirer *self)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new ();

  for (guint i = 0; i < self->visits->len; i++)
    if (((Visit *) self->visits->pdata[i])->fault.kind == TW_FAULT_HOLD)
      g_ptr_array_add (held, self->visits->pdata[i]);
  for (guint i = 0; i < held->len; i++)
    on_timer (held->pdata[i]);

  return held->len;
}

static TwAnswer
answer_wish (TwAcquirer   *self,
             const TwWish *wish)
{
  gint64 now_us = tw_acquirer_now_us (self);
  gboolean looks_up = wish->act == TW_ACT_READ || wish->act == TW_ACT_SEARCH || wish->act == TW_ACT_SEARCH_AGAIN;
  TwVerdict verdict = { .http = 400, .status = "INVALID_REQUEST", .reason = wish->reason,
                        .message = "One or more fields in the request contains invalid data." };

  if (looks_up && wish->details->len == 0)
    {
      TwAnswer answer = tw_lookups_answer (self->lookups, wish, now_us);

      verdict = (TwVerdict){ .http = answer.http, .status = answer.http < 300 ? "FOUND" : "NOT_FOUND" };
      tw_payments_note (self->payments, wish->act, wish, &verdict);
      return answer;
    }
  if (looks_up)
    tw_payments_note (self->payments, wish->act, wish, &verdict);
  else
    verdict = tw_payments_act (self->payments, wish, now_us);

  return tw_answer_to (wish, &verdict, now_us);
}

static void
act (Visit *visit)
{
  TwAcquirer *self = visit->self;

  self->acted[visit->ask->act]++;
  visit->answer = answer_wish (self, visit->wish);
  if (visit->fault.kind == TW_FAULT_DUPLICATE)
    {
      g_clear_pointer (&visit->answer.body, g_bytes_unref);
      visit->answer = answer_wish (self, visit->wish);
    }
  g_clear_pointer (&visit->wish, tw_wish_free);
  after_acting (visit);
}

static void
after_acting (Visit *visit)
{
  TwFault fault = visit->fault;

  switch (fault.after ? fault.kind : TW_FAULT_NONE)
    {
    case TW_FAULT_DELAY:
      visit->timer = g_timeout_add ((guint) fault.ms, on_timer, visit);
      return;
    case TW_FAULT_HOLD:
      return;
    case TW_FAULT_SILENT:
      tell (visit, 0, "no answer, ever");
      tw_exchange_silence (visit->exchange);
      end_visit (visit);
      return;
    case TW_FAULT_DROP:
      tell (visit, 0, "connection ended without an answer");
      tw_exchange_drop (visit->exchange);
      end_visit (visit);
      return;
    case TW_FAULT_FAIL:
      deliver_instead (visit, tw_answer_failure (fault.reason, tw_acquirer_now_us (visit->self)));
      return;
    case TW_FAULT_CUT:
      deliver (visit, TW_DELIVER_CUT);
      return;
    case TW_FAULT_TWICE:
      deliver (visit, TW_DELIVER_TWICE);
      return;
    case TW_FAULT_NONE:
    case TW_FAULT_UNAUTHORIZED:
    case TW_FAULT_TOO_MANY:
    case TW_FAULT_REFUSE:
    case TW_FAULT_TRUNCATE:
    case TW_FAULT_DEEP:
    case TW_FAULT_TOO_DEEP:
    case TW_FAULT_TWICE_NAMED:
    case TW_FAULT_WRONG_TYPE:
    case TW_FAULT_DUPLICATE:
    case TW_N_FAULTS:
      break;
    }

  deliver (visit, TW_DELIVER_WHOLE);
}

static void
refuse_by_order (Visit *visit)
{
  const TwVerdict verdict = { .http = 400, .status = "INVALID_REQUEST", .reason = visit->fault.reason,
                              .message = "Refused by order." };

  note (visit, 400, "INVALID_REQUEST", visit->fault.reason, "refused-by-order");
  deliver_instead (visit, tw_answer_to (visit->wish, &verdict, tw_acquirer_now_us (visit->self)));
}

static void
before_acting (Visit *visit)
{
  TwFault fault = visit->fault;

  switch (fault.after ? TW_FAULT_NONE : fault.kind)
    {
    case TW_FAULT_DELAY:
      visit->timer = g_timeout_add ((guint) fault.ms, on_timer, visit);
      visit->fault.kind = TW_FAULT_NONE;
      return;
    case TW_FAULT_HOLD:
      return;
    case TW_FAULT_SILENT:
      note (visit, 0, "SILENT", NULL, "not-acted-on");
      tell (visit, 0, "no answer, ever");
      tw_exchange_silence (visit->exchange);
      end_visit (visit);
      return;
    case TW_FAULT_DROP:
      note (visit, 0, "DROPPED", NULL, "not-acted-on");
      tell (visit, 0, "connection ended without an answer");
      tw_exchange_drop (visit->exchange);
      end_visit (visit);
      return;
    case TW_FAULT_FAIL:
      note (visit, 502, "SERVER_ERROR", fault.reason, "not-acted-on");
      deliver_instead (visit, tw_answer_failure (fault.reason, tw_acquirer_now_us (visit->self)));
      return;
    case TW_FAULT_TOO_MANY:
      note (visit, 429, "REFUSED", NULL, "not-acted-on");
      deliver_instead (visit, tw_answer_at_the_door (429, "Too many requests"));
      return;
    case TW_FAULT_REFUSE:
      refuse_by_order (visit);
      return;
    case TW_FAULT_NONE:
    case TW_FAULT_UNAUTHORIZED:
    case TW_FAULT_TRUNCATE:
    case TW_FAULT_DEEP:
    case TW_FAULT_TOO_DEEP:
    case TW_FAULT_TWICE_NAMED:
    case TW_FAULT_CUT:
    case TW_FAULT_WRONG_TYPE:
    case TW_FAULT_TWICE:
    case TW_FAULT_DUPLICATE:
    case TW_N_FAULTS:
      break;
    }

  act (visit);
}

/* The JSON of the body, decrypted if it is {"encryptedRequest":...}; NULL: *why. */
static TwJson *
open_body (TwAcquirer  *self,
           GBytes      *body,
           gboolean    *encrypted,
           const char **why)
{
  gsize n;
  const char *text = g_bytes_get_data (body, &n);
  g_autoptr (TwJson) json = tw_json_parse (text, n, &TW_JSON_SMALL, NULL);
  g_autoptr (GBytes) plaintext = NULL;
  const char *jwe = tw_json_string (tw_json_member (json, "encryptedRequest"));
  TwJson *inner;

  *encrypted = FALSE;
  *why = "the body is not JSON";
  if (json == NULL)
    return NULL;
  if (tw_json_member (json, "encryptedRequest") == NULL)
    return g_steal_pointer (&json);

  *why = "encryptedRequest must be a string, and stand alone";
  if (jwe == NULL || tw_json_length (json) != 1)
    return NULL;
  plaintext = tw_mle_open (self->certificates->mle_private, self->certificates->mle_kid, jwe,
                           tw_acquirer_now_us (self) / G_USEC_PER_SEC, why);
  if (plaintext == NULL)
    return NULL;

  *encrypted = TRUE;
  *why = "the decrypted body is not JSON";
  text = g_bytes_get_data (plaintext, &n);
  inner = tw_json_parse (text, n, &TW_JSON_SMALL, NULL);

  return inner;
}

static TwWish *
understand (TwAcquirer  *self,
            const TwAsk *ask)
{
  g_autoptr (TwJson) json = NULL;
  gboolean encrypted = FALSE;
  const char *why = NULL;

  if (strcmp (ask->method, "GET") != 0)
    json = open_body (self, ask->body, &encrypted, &why);

  return tw_wish_parse (ask, json, encrypted, why);
}

/* Somebody makes a connection before there is anything to ask. It is no request to the service, and in no book. */
static void
answer_knock (TwAsk      *ask,
              TwExchange *exchange)
{
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  tw_exchange_answer (exchange, 404, nothing, CONTENT_TYPE, TW_DELIVER_WHOLE);
  tw_ask_free (ask);
}

void
tw_visit_begin (TwAsk      *ask,
                TwExchange *exchange,
                gpointer    user_data)
{
  TwAcquirer *self = user_data;
  Visit *visit;
  const char *why = NULL;

  if (strcmp (ask->method, "HEAD") == 0)
    {
      answer_knock (ask, exchange);
      return;
    }

  visit = g_new0 (Visit, 1);
  visit->self = self;
  visit->ask = ask;
  visit->exchange = exchange;
  g_ptr_array_add (self->visits, visit);
  self->came[ask->act]++;
  visit->fault = tw_faults_take (self->faults, ask->act);

  if (visit->fault.kind == TW_FAULT_UNAUTHORIZED)
    why = "refused-by-order";
  else
    tw_jwt_check (self->door, ask, tw_acquirer_now_us (self) / G_USEC_PER_SEC, &visit->wants_mle, &why);
  if (why != NULL)
    {
      tw_log_info ("acquirer: %s %s: not let in: %s", ask->method, ask->path, why);
      tw_visit_wire_asked (self->happenings, ask, NULL);
      note (visit, 401, "REFUSED", NULL, why);
      deliver_instead (visit, tw_answer_at_the_door (401, "Authentication Failed"));
      return;
    }
  if (ask->act == TW_ACT_UNKNOWN)
    {
      tw_visit_wire_asked (self->happenings, ask, NULL);
      note (visit, 404, "REFUSED", NULL, "no-such-endpoint");
      deliver_instead (visit, tw_answer_at_the_door (404, "Resource not found"));
      return;
    }
  if (strcmp (ask->method, "GET") != 0
      && (ask->content_type == NULL || !g_str_has_prefix (ask->content_type, "application/json")))
    {
      tw_visit_wire_asked (self->happenings, ask, NULL);
      note (visit, 415, "REFUSED", NULL, "content-type");
      deliver_instead (visit, tw_answer_at_the_door (415, "Content-Type must be application/json;charset=utf-8"));
      return;
    }

  visit->wish = understand (self, ask);
  visit->code = g_strdup (visit->wish->code);
  tw_visit_wire_asked (self->happenings, ask, visit->wish);
  before_acting (visit);
}

void
tw_visit_abandon (gpointer data)
{
  Visit *visit = data;

  tw_exchange_silence (visit->exchange);
}
