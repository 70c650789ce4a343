/* SPDX-License-Identifier: Apache-2.0 */
/* Repairs act on sessions whose machines and claim are done, by the same rules: validated against the journal alone,
 * journalled with a key before anything is sent, asked by the till until the answer is definite. */
#include "app/station/core.h"

#include <string.h>

#define MAX_CASE 64
#define MAX_BY 128
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* Somebody who waits for the answer of a session's nth request. */
typedef struct { char *session; guint n; TwRepaired done; gpointer user_data; } Waiter;

/* An inquiry that is out. */
typedef struct { char *key; TwRepaired done; gpointer user_data; } Inquiry;

static const char *
outcome_of (const TwRepair *repair)
{
  return repair->state == TW_REQUEST_DONE ? "done" : repair->state == TW_REQUEST_REFUSED ? "refused" : "unknown";
}

static void
tell (const TwRepair *repair,
      gboolean        before,
      TwRepaired      done,
      gpointer        user_data)
{
  const TwRepairResult result = { .outcome = outcome_of (repair), .operation = repair->operation, .key = repair->key,
                                  .detail = repair->detail, .amount_minor = repair->amount_minor, .before = before };

  done (&result, NULL, user_data);
}

static void
waiter_free (Waiter *waiter)
{
  g_free (waiter->session);
  g_free (waiter);
}

static void
wait_for (TwStation  *self,
          const char *session,
          guint       n,
          TwRepaired  done,
          gpointer    user_data)
{
  Waiter *waiter = g_new (Waiter, 1);

  *waiter = (Waiter) { g_strdup (session), n, done, user_data };
  g_queue_push_tail (&self->waiters, waiter);
}

static const TwRepair *
nth_request (const TwRecord *record,
             guint           n)
{
  for (guint i = 0; i < tw_repairs_n (record->repairs); i++)
    if (tw_repairs_nth (record->repairs, i)->n == n)
      return tw_repairs_nth (record->repairs, i);
  return NULL;
}

void
tw_repair_told (TwStation  *self,
                const char *session,
                guint       n)
{
  TwSession *owner = tw_session_find (self, session);
  const TwRepair *repair = owner != NULL ? nth_request (owner->record, n) : NULL;

  for (GList *at = self->waiters.head, *next; repair != NULL && at != NULL; at = next)
    {
      Waiter *waiter = at->data;

      next = at->next;
      if (waiter->n != n || !g_str_equal (waiter->session, session))
        continue;
      g_queue_delete_link (&self->waiters, at);
      tell (repair, FALSE, waiter->done, waiter->user_data);
      waiter_free (waiter);
    }
}

void
tw_repair_clear (TwStation *self)
{
  g_autoptr (GError) error = NULL;
  Waiter *waiter;

  g_set_error (&error, TW_ERROR, TW_ERROR_BAD_STATE, "the station is being stopped, and the answer is not known: it "
               "asks on when it is back; ask again then");
  while ((waiter = g_queue_pop_head (&self->waiters)) != NULL)
    {
      waiter->done (NULL, error, waiter->user_data);
      waiter_free (waiter);
    }
}

static gboolean
is_name (const char *text,
         gsize       most)
{
  gsize len = strlen (text);

  return len > 0 && len <= most
         && strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == len;
}

static gboolean
is_operation (const char *name)
{
  static const char *const names[] = { "refund", "release", "capture", "inquire", NULL };

  return g_strv_contains (names, name);
}

static gboolean
check_order (const TwRepairOrder *order,
             GError             **error)
{
  if (!is_operation (order->operation))
    return tw_bad_data (error, "operation \"%.32s\": expected refund, release, capture or inquire",
                        order->operation);
  if (!is_name (order->case_, MAX_CASE))
    return tw_bad_data (error, "a case is named by up to %d letters, digits and dashes", MAX_CASE);
  if (*order->by == '\0' || strlen (order->by) > MAX_BY || !g_utf8_validate (order->by, -1, NULL))
    return tw_bad_data (error, "somebody must have confirmed it: a name of up to %d bytes", MAX_BY);
  return TRUE;
}

static gboolean
may_act (TwStation *self,
         GError   **error)
{
  if (self->stuck || self->closing || !tw_journal_roomy (self->journal))
    return tw_refuse (error, TW_ERROR_BAD_STATE, "the station cannot write its journal now (%s): nothing was done; try "
                      "again later", self->closing ? "it is being stopped" : "see tapwatt doctor");
  if (self->acceptor == NULL)
    return tw_refuse (error, TW_ERROR_BAD_STATE, "no means of payment is configured: nothing was done");
  return TRUE;
}

static gboolean
check_refund (TwStation      *self,
              const TwRecord *record,
              gint64          minor,
              GError        **error)
{
  gint64 left = tw_record_captured_minor (record) - tw_repairs_refunded_minor (record->repairs, TRUE);
  g_autofree char *text = tw_money_to_text (tw_money (MAX (left, 0), record->hold.currency));

  if (tw_record_captured_minor (record) == 0)
    return tw_refuse (error, TW_ERROR_REFUSED, "by the station's journal nothing was captured of session %s: there is "
                      "nothing to refund", record->session);
  if (!tw_acceptor_capabilities (self->acceptor).can_refund)
    return tw_refuse (error, TW_ERROR_REFUSED, "what session %s was paid with cannot be refunded from here: do it at "
                      "the payment service", record->session);
  if (minor <= 0 || minor > left)
    return tw_bad_data (error, "%s can still be refunded of session %s: what was captured, less what was "
                        "refunded", text, record->session);
  return TRUE;
}

static gboolean
has_had_its_end (const TwRecord *record,
                 GError        **error)
{
  const char *money = tw_record_money (record);

  if (record->claim.hold == TW_HOLD_NONE)
    return !tw_refuse (error, TW_ERROR_REFUSED, "session %s never had a hold", record->session);
  if (g_str_equal (money, "captured") || g_str_equal (money, "released"))
    return !tw_refuse (error, TW_ERROR_REFUSED, "the hold of session %s had its end: by the station's journal it "
                       "was %s", record->session, money);
  return FALSE;
}

static gboolean
check_release (const TwRecord *record,
               gint64          minor,
               GError        **error)
{
  gint64 held = record->claim.hold == TW_HOLD_LIVE ? record->held_minor : record->hold.minor;
  g_autofree char *text = tw_money_to_text (tw_money (held, record->hold.currency));

  if (has_had_its_end (record, error))
    return FALSE;
  if (minor != held)
    return tw_bad_data (error, "a hold is released as a whole: that of session %s is %s",
                        record->session, text);
  return TRUE;
}

/* Never more than the tariff made of the energy, nor than the hold, nor after its life. */
static gboolean
check_capture (TwStation      *self,
               const TwRecord *record,
               gint64          minor,
               GError        **error)
{
  guint life_hours = tw_acceptor_capabilities (self->acceptor).hold_life_hours;
  gint64 age_us = tw_clock_now (self->clock).wall_us - record->approved_at.wall_us;
  gint64 most = MIN (record->price_minor, record->held_minor);
  g_autofree char *text = tw_money_to_text (tw_money (most, record->hold.currency));

  if (has_had_its_end (record, error))
    return FALSE;
  if (record->claim.hold != TW_HOLD_LIVE || !record->billed)
    return tw_refuse (error, TW_ERROR_REFUSED, "session %s has %s: nothing can be captured", record->session,
                      record->billed ? "no hold that was approved" : "no price");
  if (life_hours > 0 && age_us > life_hours * HOUR_US)
    return tw_refuse (error, TW_ERROR_REFUSED, "the hold of session %s ended after %u h: claim it by agreement, or "
                      "write it off", record->session, life_hours);
  if (minor <= 0 || minor > most)
    return tw_bad_data (error, "at most %s can be captured of session %s: the lower of price and hold",
                        text, record->session);
  return TRUE;
}

static gboolean
check (TwStation           *self,
       const TwRecord      *record,
       const TwRepairOrder *order,
       GError             **error)
{
  if (!tw_record_closed (record))
    return tw_refuse (error, TW_ERROR_REFUSED, "session %s is not over, or its money is still on its way: the station "
                      "sees to that itself (tapwatt status)", record->session);
  if (!g_str_equal (order->amount.currency, record->hold.currency))
    return tw_bad_data (error, "session %s was paid in %s", record->session, record->hold.currency);
  if (record->reference == NULL)
    return tw_refuse (error, TW_ERROR_REFUSED, "the journal has no reference of a payment of session %s",
                      record->session);

  if (g_str_equal (order->operation, "refund"))
    return check_refund (self, record, order->amount.minor, error);
  if (g_str_equal (order->operation, "release"))
    return check_release (record, order->amount.minor, error);
  return check_capture (self, record, order->amount.minor, error);
}

static void
then_send (TwStation  *self,
           const char *id,
           guint       index)
{
  TwSession *session = tw_session_find (self, id);

  if (session == NULL)
    return;
  session->sendable = TRUE;
  tw_till_look (session);
}

static void
intend (TwSession           *session,
        const TwRepairOrder *order)
{
  TwBatch *batch = tw_batch_new (session->station);
  const char *id = session->record->session;
  guint n = session->record->n_requests + 1;
  g_autofree char *key = g_strdup_printf ("%s-%s-%u", id, order->operation, n);

  session->sendable = FALSE;
  session->attempts = 0;
  tw_log_session (G_LOG_LEVEL_MESSAGE, id, "session %s: %s for case %s, confirmed by %s", id, key, order->case_,
                  order->by);
  tw_batch_add (batch, id, "request", tw_payload_repair (n, order, key));
  tw_batch_then (batch, then_send, id, 0);
  tw_batch_submit (batch);
}

/* What is asked for again was asked before: its outcome is told, or waited for, and asked for at once. */
static void
repeat (TwStation      *self,
        TwSession      *session,
        const TwRepair *repair,
        TwRepaired      done,
        gpointer        user_data)
{
  if (repair->state != TW_REQUEST_OPEN || session == NULL)
    {
      tell (repair, TRUE, done, user_data);
      return;
    }
  wait_for (self, session->record->session, repair->n, done, user_data);
  if (session->timer != 0)
    {
      tw_clock_cancel (self->clock, session->timer);
      session->timer = 0;
      session->next_boot_us = 0;
    }
  tw_till_look (session);
}

static void
on_inquired (TwOutcome   outcome,
             const char *detail,
             GBytes     *reference,
             gpointer    user_data)
{
  static const char *const outcomes[] = { "done", "refused", "unknown" };
  Inquiry *inquiry = user_data;
  const TwRepairResult result = { .outcome = outcomes[outcome], .operation = "inquire", .key = inquiry->key,
                                  .detail = detail };

  inquiry->done (&result, NULL, inquiry->user_data);   /* the station may be gone, its acceptor is not */
  g_free (inquiry->key);
  g_free (inquiry);
}

/* Moves nothing, so that nothing is written: what became of the session's last request, by the other side's word. */
static gboolean
inquire (TwStation      *self,
         const TwRecord *record,
         TwRepaired      done,
         gpointer        user_data,
         GError        **error)
{
  guint n = tw_repairs_n (record->repairs);
  const char *key = n > 0 ? tw_repairs_nth (record->repairs, n - 1)->key : record->request_key;
  Inquiry *inquiry;

  if (record->reference == NULL || key == NULL)
    return tw_refuse (error, TW_ERROR_REFUSED, "the journal has no request for money of session %s", record->session);

  inquiry = g_new (Inquiry, 1);
  *inquiry = (Inquiry) { g_strdup (key), done, user_data };
  tw_acceptor_inquire (self->acceptor, record->reference, key, on_inquired, inquiry);
  return TRUE;
}

gboolean
tw_station_repair (TwStation           *self,
                   const TwRepairOrder *order,
                   TwRepaired           done,
                   gpointer             user_data,
                   GError             **error)
{
  TwSession *session = tw_session_find (self, order->session);
  g_autoptr (TwRecord) recalled = NULL;
  const TwRepair *before;
  TwRecord *record;

  if (!check_order (order, error) || !may_act (self, error))
    return FALSE;
  recalled = session == NULL ? tw_session_recall (self, order->session, error) : NULL;
  record = session != NULL ? session->record : recalled;
  if (record == NULL)
    return FALSE;
  if (g_str_equal (order->operation, "inquire"))
    return inquire (self, record, done, user_data, error);

  before = tw_repairs_of_case (record->repairs, order->case_);
  if (before != NULL && before->state != TW_REQUEST_REFUSED)
    {
      repeat (self, session, before, done, user_data);
      return TRUE;
    }
  if (!check (self, record, order, error))
    return FALSE;

  if (session == NULL)
    session = tw_session_new (self, g_steal_pointer (&recalled));
  wait_for (self, order->session, record->n_requests + 1, done, user_data);
  intend (session, order);
  return TRUE;
}

gboolean
tw_station_session_money (TwStation       *self,
                          const char      *session,
                          TwSessionMoney  *money,
                          GError         **error)
{
  TwSession *known = tw_session_find (self, session);
  g_autoptr (TwRecord) recalled = known == NULL ? tw_session_recall (self, session, error) : NULL;
  const TwRecord *record = known != NULL ? known->record : recalled;

  if (record == NULL)
    return FALSE;
  *money = (TwSessionMoney) {
    .money = tw_record_money (record), .held_minor = record->held_minor, .price_minor = record->price_minor,
    .captured_minor = tw_record_captured_minor (record),
    .refunded_minor = tw_repairs_refunded_minor (record->repairs, TRUE),
  };
  g_strlcpy (money->currency, record->hold.currency, sizeof money->currency);
  return TRUE;
}
