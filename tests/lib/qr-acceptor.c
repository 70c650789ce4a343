/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/qr-inside.h"

#include "app/base/bytes.h"
#include "app/base/json.h"

#define ANSWER_MS 20

typedef enum { IDLE, WAITING, SHOWING } State;

/* One acceptor. */
typedef struct
{
  QrService    *service;
  State         state;
  QrOrder      *order;
  TwTakeEvents  events;
  gpointer      user_data;
  GBytes       *reference;
  guint         deadline, ending;
  const char   *why;
  TwTakeEnd     end;
  GList        *answers;
  GSourceFunc   changed;        /* NULL: nobody watches */
  gpointer      changed_data;
} Front;

typedef struct
{
  Front           *front;
  TwOutcome        outcome;
  const char      *detail;
  TwOperationDone  done;         /* or */
  TwIdentified     identified;
  gpointer         user_data;
  guint            timer;
} Answer;

static void
stop (Front *self,
      guint *timer)
{
  qr_service_stop (self->service, timer);
}

static guint
after (Front       *self,
       gint64       delay_ms,
       GSourceFunc  func,
       gpointer     user_data)
{
  return tw_clock_after (qr_service_clock (self->service), delay_ms, func, user_data);
}

/* --- takes --- */

static void
forget_take (Front *self)
{
  stop (self, &self->deadline);
  stop (self, &self->ending);
  self->state = IDLE;
  if (self->order != NULL)
    self->order->front = NULL;
  self->order = NULL;
  g_clear_pointer (&self->reference, g_bytes_unref);
}

static void
end_take (Front      *self,
          TwTakeEnd   end,
          const char *reason)
{
  const TwTakeEvents events = self->events;
  gpointer user_data = self->user_data;
  gboolean referenced = end == TW_TAKE_APPROVED || end == TW_TAKE_UNKNOWN;
  g_autoptr(GBytes) reference = referenced ? g_bytes_ref (self->reference) : NULL;
  TwCard card = { .kind = "qr" };
  const TwTakeResult result = {
    .end = end, .reason = reason, .held_minor = end == TW_TAKE_APPROVED ? self->order->hold.held_minor : 0,
    .reference = reference, .card = end == TW_TAKE_APPROVED ? &card : NULL,
  };

  forget_take (self);
  events.ended (&result, user_data);
}

static gboolean
on_ending (gpointer user_data)
{
  Front *self = user_data;

  self->ending = 0;
  end_take (self, self->end, self->why);
  return G_SOURCE_REMOVE;
}

static void
end_later (Front      *self,
           TwTakeEnd   end,
           const char *why)
{
  if (self->ending != 0)
    return;

  self->end = end;
  self->why = why;
  self->ending = after (self, 0, on_ending, self);
}

static void
on_decided (gpointer front,
            gboolean paid)
{
  Front *self = front;

  end_take (self, paid ? TW_TAKE_APPROVED : TW_TAKE_DECLINED, paid ? NULL : "declined");
}

/* Nobody wants it any more. Whether the service takes that back, or the answer is still to come, is in the script. */
static void
call_off (Front      *self,
          const char *why)
{
  QrEnd end = self->order->end;

  self->order->called_off = TRUE;
  if (end == QR_APPROVE || end == QR_DECLINE)
    end_later (self, TW_TAKE_DECLINED, why);
  else if (end != QR_APPROVE_ANYWAY)
    end_later (self, TW_TAKE_UNKNOWN, why);
}

static gboolean
on_deadline (gpointer user_data)
{
  Front *self = user_data;

  self->deadline = 0;
  stop (self, &self->ending);
  call_off (self, "timeout");
  return G_SOURCE_REMOVE;
}

static gboolean
on_reference_due (gpointer user_data)
{
  Front *self = user_data;
  g_autofree char *digest = tw_sha256_hex (self->reference);

  self->ending = 0;
  self->events.reference (self->reference, NULL, digest, self->user_data);
  return G_SOURCE_REMOVE;
}

static GBytes *
reference_of (const QrOrder *order)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "order", order->hold.order);
  tw_json_out_int64 (out, "amount_minor", order->amount_minor);

  return tw_json_out_finish (out);
}

static void
take (gpointer            user_data,
      const TwOffer      *offer,
      gint64              deadline_ms,
      const TwTakeEvents *events,
      gpointer            events_data)
{
  Front *self = user_data;

  g_return_if_fail (self->state == IDLE);

  self->state = WAITING;
  self->events = *events;
  self->user_data = events_data;
  if (!qr_service_ready (self->service))
    {
      end_later (self, TW_TAKE_FAILED, "gateway-unreachable");
      return;
    }

  self->order = qr_service_order (self->service, offer);
  self->order->decided = on_decided;
  self->order->front = self;
  self->reference = reference_of (self->order);
  self->ending = after (self, 0, on_reference_due, self);
}

static gboolean
on_show (gpointer user_data)
{
  Front *self = user_data;
  g_autofree char *url = g_strconcat ("https://pay.example/", self->order->hold.order, NULL);

  self->ending = 0;
  self->events.progress ("scan-qr", url, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
proceed (gpointer user_data)
{
  Front *self = user_data;

  if (self->state != WAITING || self->ending != 0)
    return;

  self->state = SHOWING;
  qr_service_place (self->service, self->order);
  self->deadline = after (self, QR_CONFIRM_MS, on_deadline, self);
  self->ending = after (self, 0, on_show, self);
}

static void
cancel (gpointer user_data)
{
  Front *self = user_data;

  if (self->state == IDLE)
    return;

  stop (self, &self->ending);
  if (self->state == WAITING)
    end_later (self, TW_TAKE_FAILED, "cancelled");
  else
    call_off (self, "cancelled");
}

/* --- operations --- */

static void
answer_free (Answer *self)
{
  self->front->answers = g_list_remove (self->front->answers, self);
  stop (self->front, &self->timer);
  g_free (self);
}

static gboolean
on_answer (gpointer user_data)
{
  Answer *self = user_data;
  const Answer copy = *self;

  if (qr_service_holds_answers (self->front->service))
    {
      self->timer = after (self->front, ANSWER_MS, on_answer, self);
      return G_SOURCE_REMOVE;
    }
  self->timer = 0;
  answer_free (self);
  if (copy.done != NULL)
    copy.done (copy.outcome, copy.detail, NULL, copy.user_data);
  else
    copy.identified (NULL, copy.user_data);

  return G_SOURCE_REMOVE;
}

static void
answer_later (Front  *self,
              Answer  answer)
{
  Answer *kept = g_memdup2 (&answer, sizeof answer);

  kept->front = self;
  kept->timer = after (self, ANSWER_MS, on_answer, kept);
  self->answers = g_list_prepend (self->answers, kept);
}

static QrOrder *
order_of (Front  *self,
          GBytes *reference)
{
  g_autoptr(TwJson) root = tw_json_parse (g_bytes_get_data (reference, NULL), g_bytes_get_size (reference),
                                          &TW_JSON_SMALL, NULL);

  return qr_service_find (self->service, tw_json_string (tw_json_member (root, "order")));
}

static void
operate (gpointer         user_data,
         TwOperation      operation,
         GBytes          *reference,
         const char      *key,
         gint64           amount_minor,
         TwOperationDone  done,
         gpointer         done_data)
{
  Front *self = user_data;
  Answer answer = { .outcome = TW_OUTCOME_UNKNOWN, .done = done, .user_data = done_data };

  if (!qr_service_operate (self->service, operation, order_of (self, reference), key, amount_minor, &answer.outcome))
    {
      answer.outcome = TW_OUTCOME_UNKNOWN;
      answer.detail = "no-answer";
    }
  answer_later (self, answer);
}

static void
inquire (gpointer         user_data,
         GBytes          *reference,
         const char      *key,
         TwOperationDone  done,
         gpointer         done_data)
{
  Front *self = user_data;
  TwOutcome outcome = qr_service_has_acted (self->service, key) ? TW_OUTCOME_DONE : TW_OUTCOME_UNKNOWN;

  answer_later (self, (Answer) { .outcome = outcome, .done = done, .user_data = done_data });
}

static void
identify (gpointer      user_data,
          gint64        deadline_ms,
          TwIdentified  identified,
          gpointer      identified_data)
{
  answer_later (user_data, (Answer) { .identified = identified, .user_data = identified_data });
}

/* --- the rest of the contract --- */

static TwAcceptorCapabilities
capabilities (gpointer user_data)
{
  return (TwAcceptorCapabilities) { .can_capture_less = TRUE, .test_mode = TRUE, .hold_life_hours = 24,
                                    .confirm_ms = QR_CONFIRM_MS };
}

static gboolean
ready (gpointer     user_data,
       const char **why_not)
{
  Front *self = user_data;

  if (!qr_service_ready (self->service) && why_not != NULL)
    *why_not = "gateway-unreachable";

  return qr_service_ready (self->service);
}

static void
watch (gpointer    user_data,
       GSourceFunc changed,
       gpointer    changed_data)
{
  Front *self = user_data;

  self->changed = changed;
  self->changed_data = changed_data;
}

/* What has been ordered goes on without us; whoever waits for an answer hears that there is none. */
static void
front_free (gpointer user_data)
{
  Front *self = user_data;

  self->changed = NULL;
  if (self->state != IDLE)
    end_take (self, self->state == SHOWING ? TW_TAKE_UNKNOWN : TW_TAKE_FAILED, "closed");
  while (self->answers != NULL)
    {
      Answer *answer = self->answers->data;
      const Answer copy = *answer;

      answer_free (answer);
      if (copy.done != NULL)
        copy.done (TW_OUTCOME_UNKNOWN, "closed", NULL, copy.user_data);
      else
        copy.identified (NULL, copy.user_data);
    }
  qr_service_remove_front (self->service, self);
  g_free (self);
}

static const TwAcceptorFuncs funcs = {
  .capabilities = capabilities,
  .ready = ready,
  .take = take,
  .proceed = proceed,
  .cancel = cancel,
  .identify = identify,
  .operate = operate,
  .inquire = inquire,
  .watch = watch,
  .free = front_free,
};

static void
on_service_changed (gpointer front)
{
  Front *self = front;

  if (self->changed != NULL)
    self->changed (self->changed_data);
}

TwAcceptor *
qr_service_acceptor (QrService *service)
{
  Front *self = g_new0 (Front, 1);

  self->service = service;
  qr_service_add_front (service, self, on_service_changed);

  return tw_acceptor_new (&funcs, self);
}
