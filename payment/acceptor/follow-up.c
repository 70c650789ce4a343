/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/acceptor/follow-up.h"

#include "app/base/log.h"

#include <string.h>

struct _TwFollowUps
{
  TwLine     *line;
  TwClock    *clock;
  guint       late_ms;
  GHashTable *lost;       /* transaction id -> boot time in µs (gint64 *) at which we knew */
  GHashTable *fresh;      /* transaction ids of holds that cannot have been captured yet */
  GList      *running;
};

typedef struct
{
  TwFollowUps     *owner;
  TwGatewayCall    call;
  TwHold          *hold;         /* NULL: the reference cannot be read */
  char            *key;
  gint64           amount_minor;
  TwOutcome        outcome;      /* with its detail, given from the loop when nothing can be asked */
  const char      *detail;
  guint            timer;
  TwOperationDone  done;
  gpointer         user_data;
} FollowUp;

static void
follow_up_free (FollowUp *self)
{
  self->owner->running = g_list_remove (self->owner->running, self);
  if (self->timer != 0)
    tw_clock_cancel (self->owner->clock, self->timer);
  tw_hold_free (self->hold);
  g_free (self->key);
  g_free (self);
}

TwFollowUps *
tw_follow_ups_new (TwLine  *line,
                   TwClock *clock,
                   guint    late_ms)
{
  TwFollowUps *self = g_new0 (TwFollowUps, 1);

  self->line = line;
  self->clock = clock;
  self->late_ms = late_ms;
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
tw_follow_ups_lost (TwFollowUps *self,
                    const char  *transaction_id)
{
  gint64 now_us = tw_clock_now (self->clock).boot_us;

  if (!g_hash_table_contains (self->lost, transaction_id))
    g_hash_table_insert (self->lost, g_strdup (transaction_id), g_memdup2 (&now_us, sizeof now_us));
}

void
tw_follow_ups_fresh (TwFollowUps *self,
                     const char  *transaction_id)
{
  g_hash_table_add (self->fresh, g_strdup (transaction_id));
}

static void
finish (FollowUp   *follow_up,
        TwOutcome   outcome,
        const char *detail,
        GBytes     *reference)
{
  TwOperationDone done = follow_up->done;
  gpointer user_data = follow_up->user_data;
  g_autofree char *text = g_strdup (detail);

  follow_up_free (follow_up);
  done (outcome, text, reference, user_data);      /* may free the acceptor */
}

void
tw_follow_ups_free (TwFollowUps *self)
{
  while (self->running != NULL)
    finish (self->running->data, TW_OUTCOME_UNKNOWN, "closed", NULL);
  g_hash_table_unref (self->lost);
  g_hash_table_unref (self->fresh);
  g_free (self);
}

static gboolean
on_impossible (gpointer user_data)
{
  FollowUp *follow_up = user_data;

  follow_up->timer = 0;
  finish (follow_up, follow_up->outcome, follow_up->detail, NULL);
  return G_SOURCE_REMOVE;
}

static void
finish_done (FollowUp              *follow_up,
             const TwGatewayAnswer *answer)
{
  g_autoptr(GBytes) reference = NULL;

  if (follow_up->call == TW_GATEWAY_CAPTURE && answer->id != NULL)
    {
      g_free (follow_up->hold->capture_id);
      follow_up->hold->capture_id = g_strdup (answer->id);
      g_free (follow_up->hold->reconciliation_id);
      follow_up->hold->reconciliation_id = g_strdup (answer->reconciliation_id);
      reference = tw_hold_to_reference (follow_up->hold);
    }
  if (follow_up->call == TW_GATEWAY_REFUND && answer->id != NULL)
    {
      tw_hold_add_refund (follow_up->hold, answer->id);
      reference = tw_hold_to_reference (follow_up->hold);
    }
  g_hash_table_remove (follow_up->owner->lost, follow_up->hold->transaction_id);
  finish (follow_up, TW_OUTCOME_DONE, answer->reason, reference);
}

/* Nothing to reverse: the authorization was never received, or not yet. */
static void
finish_nothing (FollowUp              *follow_up,
                const TwGatewayAnswer *answer)
{
  TwFollowUps *self = follow_up->owner;
  const gint64 *since_us;

  tw_follow_ups_lost (self, follow_up->hold->transaction_id);
  since_us = g_hash_table_lookup (self->lost, follow_up->hold->transaction_id);
  if (tw_clock_now (self->clock).boot_us - *since_us >= (gint64) self->late_ms * 1000)
    finish_done (follow_up, answer);
  else
    finish (follow_up, TW_OUTCOME_UNKNOWN, "nothing-to-reverse-yet", NULL);
}

static void
on_found (const TwGatewayAnswer *answer,
          gpointer               user_data)
{
  FollowUp *follow_up = user_data;

  if (answer->end == TW_GATEWAY_DONE)
    finish_done (follow_up, answer);
  else if (answer->end == TW_GATEWAY_REFUSED)
    finish (follow_up, TW_OUTCOME_REFUSED, answer->reason, NULL);
  else
    finish (follow_up, TW_OUTCOME_UNKNOWN, answer->reason, NULL);
}

static void
search (FollowUp       *follow_up,
        TwLineAnswered  answered)
{
  tw_line_send (follow_up->owner->line, follow_up->call, TW_GATEWAY_SEARCH, follow_up->hold, follow_up->key,
                follow_up->amount_minor, NULL, answered, follow_up);
}

static void
on_acted (const TwGatewayAnswer *answer,
          gpointer               user_data)
{
  FollowUp *follow_up = user_data;

  switch (answer->end)
    {
    case TW_GATEWAY_DONE:
      finish_done (follow_up, answer);
      return;
    case TW_GATEWAY_NOTHING:
      finish_nothing (follow_up, answer);
      return;
    case TW_GATEWAY_REFUSED:
      finish (follow_up, TW_OUTCOME_REFUSED, answer->reason, NULL);
      return;
    case TW_GATEWAY_DUPLICATE:
      search (follow_up, on_found);
      return;
    case TW_GATEWAY_RETRY:
    case TW_GATEWAY_UNKNOWN:
    case TW_GATEWAY_APPROVED:
    case TW_GATEWAY_UNWANTED:
    case TW_GATEWAY_DECLINED:
      break;
    }
  finish (follow_up, TW_OUTCOME_UNKNOWN, answer->reason, NULL);
}

static void
act (FollowUp *follow_up)
{
  tw_line_send (follow_up->owner->line, follow_up->call, TW_GATEWAY_DO, follow_up->hold, follow_up->key,
                follow_up->amount_minor, NULL, on_acted, follow_up);
}

/* A capture or refund that may have been sent before is looked for first: not every service sees that two are the
 * same. */
static void
on_searched_before (const TwGatewayAnswer *answer,
                    gpointer               user_data)
{
  if (answer->end == TW_GATEWAY_UNKNOWN && g_strcmp0 (answer->reason, "not-found-yet") == 0)
    act (user_data);
  else
    on_found (answer, user_data);
}

static FollowUp *
follow_up_new (TwFollowUps     *self,
               GBytes          *reference,
               const char      *key,
               gint64           amount_minor,
               TwOperationDone  done,
               gpointer         user_data)
{
  FollowUp *follow_up = g_new0 (FollowUp, 1);
  g_autoptr(GError) error = NULL;

  *follow_up = (FollowUp) { .owner = self, .key = g_strdup (key), .amount_minor = amount_minor, .done = done,
                            .user_data = user_data };
  self->running = g_list_prepend (self->running, follow_up);
  follow_up->hold = tw_hold_from_reference (reference, &error);
  if (follow_up->hold == NULL)
    tw_log_info ("operation %s: reference: %s", key, error->message);

  return follow_up;
}

static void
finish_later (FollowUp   *follow_up,
              TwOutcome   outcome,
              const char *detail)
{
  follow_up->outcome = outcome;
  follow_up->detail = detail;
  follow_up->timer = tw_clock_after (follow_up->owner->clock, 0, on_impossible, follow_up);
}

/* Not now: an operator can mend it. NULL: nothing stands in the way. */
static const char *
why_not_now (const FollowUp *follow_up)
{
  const char *why_not = NULL;

  if (!tw_line_ready (follow_up->owner->line, &why_not) && strcmp (why_not, "gateway-not-configured") == 0)
    return why_not;
  if (g_strcmp0 (follow_up->hold->gateway, tw_line_gateway_kind (follow_up->owner->line)) != 0)
    return "another-gateway";

  return NULL;
}

static const char *
why_never (const FollowUp *follow_up,
           TwOperation     operation)
{
  if (follow_up->hold == NULL)
    return "bad-reference";
  if (operation == TW_OPERATION_AUTHORIZE || operation == TW_OPERATION_RAISE)
    return "not-supported";
  if (operation == TW_OPERATION_CAPTURE && follow_up->hold->id == NULL)
    return "no-hold";
  if (operation == TW_OPERATION_REFUND && follow_up->hold->capture_id == NULL)
    return "no-capture";

  return NULL;
}

static TwGatewayCall
call_of (TwOperation operation)
{
  switch (operation)
    {
    case TW_OPERATION_CAPTURE: return TW_GATEWAY_CAPTURE;
    case TW_OPERATION_REFUND:  return TW_GATEWAY_REFUND;
    case TW_OPERATION_RELEASE:
    case TW_OPERATION_AUTHORIZE:
    case TW_OPERATION_RAISE:   break;
    }
  return TW_GATEWAY_REVERSE;
}

void
tw_follow_ups_operate (TwFollowUps     *self,
                       TwOperation      operation,
                       GBytes          *reference,
                       const char      *key,
                       gint64           amount_minor,
                       TwOperationDone  done,
                       gpointer         user_data)
{
  FollowUp *follow_up = follow_up_new (self, reference, key, amount_minor, done, user_data);
  const char *never = why_never (follow_up, operation);
  const char *not_now = never != NULL ? NULL : why_not_now (follow_up);
  gboolean fresh;

  if (never != NULL || not_now != NULL)
    {
      finish_later (follow_up, never != NULL ? TW_OUTCOME_REFUSED : TW_OUTCOME_UNKNOWN,
                    never != NULL ? never : not_now);
      return;
    }

  follow_up->call = call_of (operation);
  fresh = g_hash_table_remove (self->fresh, follow_up->hold->transaction_id);
  if (operation == TW_OPERATION_REFUND || (operation == TW_OPERATION_CAPTURE && !fresh))
    search (follow_up, on_searched_before);
  else
    act (follow_up);
}

/* Keys are session-operation-n. */
static TwGatewayCall
call_of_key (const char *key)
{
  if (g_strrstr (key, "-capture-") != NULL)
    return TW_GATEWAY_CAPTURE;
  if (g_strrstr (key, "-release-") != NULL)
    return TW_GATEWAY_REVERSE;
  if (g_strrstr (key, "-refund-") != NULL)
    return TW_GATEWAY_REFUND;

  return TW_GATEWAY_AUTHORIZE;
}

void
tw_follow_ups_inquire (TwFollowUps     *self,
                       GBytes          *reference,
                       const char      *key,
                       TwOperationDone  done,
                       gpointer         user_data)
{
  FollowUp *follow_up = follow_up_new (self, reference, key, 0, done, user_data);
  const char *why_not = follow_up->hold == NULL ? "bad-reference" : why_not_now (follow_up);
  gboolean by_id;

  if (why_not != NULL)
    {
      finish_later (follow_up, TW_OUTCOME_UNKNOWN, why_not);
      return;
    }

  follow_up->call = call_of_key (key);
  by_id = follow_up->call == TW_GATEWAY_AUTHORIZE && follow_up->hold->id != NULL;
  tw_line_send (self->line, follow_up->call, by_id ? TW_GATEWAY_LOOK_UP : TW_GATEWAY_SEARCH, follow_up->hold, key, 0,
                NULL, on_found, follow_up);
}
