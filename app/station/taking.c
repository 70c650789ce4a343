/* SPDX-License-Identifier: Apache-2.0 */
/* The counter's talk with the acceptor. One take or identification at a time; a take may outlive its session, and what
 * it then brings belongs to nobody and is given back. */
#include "app/station/bonus.h"
#include "app/station/core.h"

#define IDENTIFY_MS 30000

static gboolean
is_customers (TwStation *self)
{
  return self->customer != NULL && g_strcmp0 (self->taking, self->customer->record->session) == 0;
}

static void
on_progress (const char *prompt,
             const char *qr,
             gpointer    user_data)
{
  TwStation *self = ((TwLeash *) user_data)->station;

  if (self != NULL && is_customers (self))
    tw_desk_prompt (self, prompt, qr);
}

static void
on_reference (GBytes       *reference,
              const TwCard *card,
              const char   *digest,
              gpointer      user_data)
{
  TwStation *self = ((TwLeash *) user_data)->station;
  g_autofree char *key = NULL;
  TwBatch *batch;

  if (self == NULL)
    return;
  if (!is_customers (self) || tw_session_of_card (self, card) != NULL)
    {
      /* One card, one hold. Nothing was asked yet, so nothing has to be undone. */
      self->refusal = is_customers (self) ? "card-in-use" : NULL;
      tw_acceptor_cancel (self->acceptor);
      return;
    }

  key = g_strdup_printf ("%s-authorize-1", self->taking);
  batch = tw_batch_new (self);
  tw_batch_add (batch, self->taking, "referenced", tw_payload_referenced (reference, card, key, digest));
  tw_bonus_grant (self, self->taking, card, batch);
  tw_desk_add (self, TW_COUNTER_REFERENCED, NULL, batch);
  tw_batch_submit (batch);
}

static TwCounterEvent
event_of (TwStation          *self,
          const TwTakeResult *result)
{
  switch (result->end)
    {
    case TW_TAKE_APPROVED:
      return TW_COUNTER_APPROVED;
    case TW_TAKE_DECLINED:
      /* Without a reference nothing was asked, whoever it was that said no. */
      return self->counter == TW_COUNTER_ASKING ? TW_COUNTER_FAILED : TW_COUNTER_DECLINED;
    case TW_TAKE_FAILED:
      return TW_COUNTER_FAILED;
    case TW_TAKE_UNKNOWN:
      return TW_COUNTER_UNKNOWN;
    }
  g_assert_not_reached ();
}

static void
take_ended (TwStation          *self,
            const TwTakeResult *result)
{
  gboolean current = is_customers (self);
  TwSession *session = tw_session_find (self, self->taking);
  g_autofree char *id = g_steal_pointer (&self->taking);
  TwBatch *batch = tw_batch_new (self);
  const char *reason = self->refusal ? self->refusal : result->reason;

  self->refusal = NULL;
  tw_batch_add (batch, id, result->end == TW_TAKE_APPROVED ? "approved" : "not-approved",
                tw_payload_take_end (result, !current));
  if (current)
    tw_desk_add (self, event_of (self, result), result->end == TW_TAKE_APPROVED ? "approved" : reason, batch);
  else if (result->end == TW_TAKE_APPROVED)
    tw_log_session (G_LOG_LEVEL_WARNING, id, "session %s: approved after it was over; the hold is released", id);
  tw_batch_submit (batch);
  if (!current && session != NULL)
    tw_till_look (session);
  tw_till_forget_closed (self);
  tw_desk_look (self);
}

static void
on_ended (const TwTakeResult *result,
          gpointer            user_data)
{
  TwLeash *leash = user_data;

  if (leash->station != NULL)
    take_ended (leash->station, result);
  g_rc_box_release (leash);
}

void
tw_taking_begin (TwStation *self)
{
  static const TwTakeEvents events = { on_progress, on_reference, on_ended };
  TwRecord *record = self->customer->record;
  g_autofree char *key = g_strdup_printf ("%s-authorize-1", record->session);
  TwOffer offer = {
    .session = record->session, .key = key, .hold = record->hold,
    .connector = self->bays[self->target].parts.config->label,
  };

  g_free (self->taking);
  self->taking = g_strdup (record->session);
  self->cancelling = FALSE;
  self->refusal = NULL;
  tw_acceptor_take (self->acceptor, &offer, self->config->asking_ms, &events, g_rc_box_acquire (self->leash));
}

static void
on_identified (const TwCard *card,
               gpointer      user_data)
{
  TwLeash *leash = user_data;
  TwStation *self = leash->station;

  if (self != NULL)
    {
      self->identifying = FALSE;
      if (card != NULL && !self->cancelling)
        tw_desk_identified (self, card);
      self->cancelling = FALSE;
      tw_desk_look (self);
    }
  g_rc_box_release (leash);
}

void
tw_taking_identify (TwStation *self)
{
  self->identifying = TRUE;
  self->cancelling = FALSE;
  tw_acceptor_identify (self->acceptor, IDENTIFY_MS, on_identified, g_rc_box_acquire (self->leash));
}

void
tw_taking_cancel (TwStation *self)
{
  if (self->cancelling || (!self->identifying && self->taking == NULL))
    return;
  self->cancelling = TRUE;
  tw_acceptor_cancel (self->acceptor);
}
