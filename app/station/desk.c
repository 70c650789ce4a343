/* SPDX-License-Identifier: Apache-2.0 */
/* The counter's shell: turns fingers, plugs, taps and levels into events, and carries out what the table says. */
#include "app/station/core.h"
#include "app/station/goal.h"

static gboolean on_deadline (gpointer user_data);

/* Where the means leaves the person something to do after the request (scan, confirm), the answer may take that long,
 * too. */
static gint64
deadline_ms (TwStation     *self,
             TwCounterState state)
{
  const TwConfig *config = self->config;

  switch (state)
    {
    case TW_COUNTER_OFFER:
      return config->offer_ms;
    case TW_COUNTER_ASKING:
      return config->asking_ms;
    case TW_COUNTER_AUTHORIZING:
      return tw_acceptor_capabilities (self->acceptor).confirm_ms + config->authorizing_ms;
    case TW_COUNTER_OUTCOME:
      return config->outcome_ms;
    case TW_COUNTER_WELCOME:
    case TW_COUNTER_CLOSED:
      return 0;
    }
  g_assert_not_reached ();
}

static void
arm_deadline (TwStation *self,
              gint64     ms)
{
  if (self->counter_deadline != 0)
    tw_clock_cancel (self->clock, self->counter_deadline);
  self->counter_deadline = ms > 0 ? tw_clock_after (self->clock, ms, on_deadline, self) : 0;
  self->counter_deadline_us = ms > 0 ? tw_station_boot_us (self) + ms * 1000 : 0;
}

static gboolean
on_deadline (gpointer user_data)
{
  TwStation *self = user_data;

  self->counter_deadline = 0;
  self->counter_deadline_us = 0;
  if (self->counter == TW_COUNTER_WELCOME || self->counter == TW_COUNTER_CLOSED)
    tw_desk_prompt (self, NULL, NULL);   /* a banner has been read */
  else
    tw_desk_event (self, TW_COUNTER_TIMEOUT, "timeout");
  return G_SOURCE_REMOVE;
}

void
tw_desk_prompt (TwStation  *self,
                const char *prompt,
                const char *qr)
{
  g_free (self->prompt);
  g_free (self->qr);
  self->prompt = g_strdup (prompt);
  self->qr = g_strdup (qr);
  tw_station_announce (self);
}

/* A word on the welcome screen that goes away by itself. */
static void
show_banner (TwStation  *self,
             const char *code)
{
  tw_desk_prompt (self, code, NULL);
  arm_deadline (self, self->config->outcome_ms);
}

static void
then_offered (TwStation  *self,
              const char *id,
              guint       index)
{
  if (self->customer != NULL && g_str_equal (self->customer->record->session, id))
    self->offered = TRUE;
}

static void
then_take (TwStation  *self,
           const char *id,
           guint       index)
{
  if (self->counter == TW_COUNTER_ASKING && g_str_equal (self->customer->record->session, id))
    tw_taking_begin (self);
}

static void
then_cancel_take (TwStation  *self,
                  const char *id,
                  guint       index)
{
  if (g_strcmp0 (self->taking, id) == 0)
    tw_taking_cancel (self);
}

/* The deadline may have passed while the reference was being written: then nothing is asked any more. */
static void
then_proceed (TwStation  *self,
              const char *id,
              guint       index)
{
  if (g_strcmp0 (self->taking, id) != 0)
    return;
  if (self->counter == TW_COUNTER_AUTHORIZING && g_str_equal (self->customer->record->session, id))
    tw_acceptor_proceed (self->acceptor);
  else
    tw_taking_cancel (self);
}

static void
enter (TwStation     *self,
       TwCounterState state,
       const char    *reason)
{
  self->counter = state;
  g_clear_pointer (&self->prompt, g_free);
  g_clear_pointer (&self->qr, g_free);
  g_clear_pointer (&self->outcome, g_free);
  g_clear_pointer (&self->shown_session, g_free);
  if (state == TW_COUNTER_WELCOME || state == TW_COUNTER_CLOSED)
    tw_language_idle (self);
  else
    tw_language_busy (self);
  if (state == TW_COUNTER_OUTCOME)
    self->outcome = g_strdup (reason ? reason : "no-answer");
  arm_deadline (self, deadline_ms (self, state));
}

static void
add_effects (TwStation  *self,
             TwStep      step,
             const char *id,
             TwBatch    *batch)
{
  if (step.effects & TW_EFFECT_CANCEL_TAKE)
    tw_batch_then (batch, then_cancel_take, id, 0);
  if (step.effects & TW_EFFECT_TAKE)
    tw_batch_then (batch, then_take, id, 0);
  if (step.effects & TW_EFFECT_PROCEED)
    tw_batch_then (batch, then_proceed, id, 0);
  if (step.effects & TW_EFFECT_RELEASE)
    tw_till_intend (tw_session_find (self, id), TW_WISH_RELEASE, batch);
}

static void
note_visit (TwStation *self,
            TwStep     step,
            TwBatch   *batch)
{
  if (step.next == TW_COUNTER_ASKING)
    tw_visit_reach (self, TW_VISIT_ASKED);
  if (step.next == TW_COUNTER_AUTHORIZING)
    tw_visit_reach (self, TW_VISIT_TAPPED);
  if ((step.effects & TW_EFFECT_HAND_OVER) == 0)
    return;
  tw_visit_reach (self, TW_VISIT_APPROVED);
  tw_visit_end (self, batch);
}

void
tw_desk_add (TwStation     *self,
             TwCounterEvent event,
             const char    *reason,
             TwBatch       *batch)
{
  TwStep step = tw_counter_step (self->counter, event);
  TwSession *session = self->customer;
  const char *id = session ? session->record->session : NULL;
  const char *place = step.effects & TW_EFFECT_HAND_OVER ? "bay" : tw_counter_serves (step.next) ? "counter" : "over";

  if (step.verdict == TW_NEVER)
    g_critical ("counter: %s in %s cannot happen", tw_counter_event_name (event),
                tw_counter_state_name (self->counter));
  if (step.verdict == TW_NEVER || step.verdict == TW_IGNORE)
    return;

  tw_batch_add (batch, id, "counter",
                tw_payload_step (tw_counter_event_name (event), tw_counter_state_name (self->counter),
                                 tw_counter_state_name (step.next), place, session ? session->record->connector : 0,
                                   reason));
  if (step.effects & TW_EFFECT_HAND_OVER)
    tw_dock_hand (&self->bays[self->target], session, batch);
  add_effects (self, step, id, batch);
  note_visit (self, step, batch);
  if (step.verdict == TW_STAY)
    return;
  if (!tw_counter_serves (step.next))
    self->customer = NULL;
  enter (self, step.next, reason);
  if (step.next == TW_COUNTER_OUTCOME && session != NULL)
    {
      self->shown_session = g_strdup (session->record->session);
      self->shown_connector = session->record->connector;
    }
}

void
tw_desk_event (TwStation     *self,
               TwCounterEvent event,
               const char    *reason)
{
  TwBatch *batch = tw_batch_new (self);

  tw_desk_add (self, event, reason, batch);
  tw_batch_submit (batch);
  tw_desk_look (self);
}

static TwSession *
new_customer (TwStation          *self,
              TwBay              *bay,
              const TwGoalOption *wish,
              TwBatch            *batch)
{
  const TwConnectorConfig *config = bay->parts.config;
  g_autofree char *id = tw_session_name (self);
  TwRecord *record = tw_record_new (id);
  TwAcceptorCapabilities can = tw_acceptor_capabilities (self->acceptor);
  TwSession *session;

  record->connector = config->number;
  record->evse_id = g_strdup (config->evse_id);
  record->tariff_hash = g_strdup (tw_tariff_hash (bay->tariff));
  record->seller_hash = g_strdup (self->seller_hash);
  record->time_zone = g_strdup (self->config->time_zone);
  record->language = g_strdup (self->language);
  record->idle_grace_ms = self->config->idle_grace_ms;
  record->goal = wish->goal;
  record->hold = tw_money (wish->hold_minor, tw_tariff_currency (bay->tariff));
  record->test_mode = can.test_mode;
  session = tw_session_new (self, record);
  tw_batch_add_blob (batch, tw_tariff_bytes (bay->tariff));
  tw_batch_add_blob (batch, self->seller);
  tw_batch_add (batch, id, "offered", tw_payload_offered (record));
  return session;
}

/* A connector that can be sold, at a counter that can sell. */
static gboolean
may_offer (TwStation   *self,
           const TwBay *bay,
           GError     **error)
{
  TwStep step = tw_counter_step (self->counter, TW_COUNTER_CHOSEN);

  if (step.verdict != TW_GO)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s",
                   self->counter != TW_COUNTER_CLOSED ? "busy" : self->closed_why ? self->closed_why : "closed");
      return FALSE;
    }
  if (bay->state != TW_BAY_FREE)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "connector-%s", tw_bay_state_name (bay->state));
      return FALSE;
    }
  if (bay->tariff == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "no-tariff");
      return FALSE;
    }
  return TRUE;
}

/* why: what ends the offer before it. */
static void
offer (TwStation          *self,
       TwBay              *bay,
       const TwGoalOption *wish,
       const char         *why)
{
  TwStep step = tw_counter_step (self->counter, TW_COUNTER_CHOSEN);
  TwSession *before = self->customer;
  const char *from = tw_counter_state_name (self->counter), *to = tw_counter_state_name (step.next);
  guint number = bay->parts.config->number;
  TwBatch *batch;

  tw_parting_end (bay);
  tw_visit_reach (self, TW_VISIT_OFFERED);
  batch = tw_batch_new (self);
  if (before != NULL)
    {
      tw_batch_add (batch, before->record->session, "counter",
                    tw_payload_step ("chosen", from, "welcome", "over", before->record->connector, why));
      add_effects (self, step, before->record->session, batch);
    }
  self->customer = new_customer (self, bay, wish, batch);
  self->target = bay->index;
  self->goal_least_minor = tw_goal_least_minor (bay);
  self->n_goal_options = tw_goal_options (bay, self->goal_options);
  self->offered = FALSE;
  tw_batch_add (batch, self->customer->record->session, "counter",
                tw_payload_step ("chosen", from, to, "counter", number, NULL));
  tw_batch_then (batch, then_offered, self->customer->record->session, bay->index);
  enter (self, step.next, NULL);
  tw_batch_submit (batch);
  tw_desk_look (self);
}

gboolean
tw_desk_choose (TwStation  *self,
                guint       index,
                const char *language,
                GError    **error)
{
  TwBay *bay = &self->bays[index];
  TwGoalOption full = { { .kind = TW_GOAL_FULL }, tw_station_offer_hold_minor (bay) };

  if (!may_offer (self, bay, error))
    return FALSE;
  if (language != NULL && *language != '\0')
    tw_language_use (self, language);
  offer (self, bay, &full, "other-connector");
  return TRUE;
}

/* The hold is what a card is asked for, so another goal is another offer: the reader may be waiting for the old one. */
gboolean
tw_desk_set_goal (TwStation    *self,
                  const TwGoal *goal,
                  GError      **error)
{
  TwBay *bay = &self->bays[self->target];
  TwGoalOption wish = { *goal };

  if (self->counter != TW_COUNTER_OFFER && self->counter != TW_COUNTER_ASKING)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "no-offer");
      return FALSE;
    }
  if (!may_offer (self, bay, error) || !tw_goal_hold_minor (bay, goal, &wish.hold_minor, error))
    return FALSE;
  offer (self, bay, &wish, "other-goal");
  return TRUE;
}

void
tw_desk_plugged (TwStation *self,
                 TwBay     *bay)
{
  tw_visit_sign (self, "plug");
  if (self->counter == TW_COUNTER_WELCOME || self->counter == TW_COUNTER_OUTCOME)
    tw_desk_choose (self, bay->index, NULL, NULL);
}

/* The one connector that a person without a finger on the screen can mean: the only plugged one, else the only free
 * one. */
static TwBay *
meant_bay (TwStation *self)
{
  TwBay *plugged = NULL, *free_bay = NULL;
  guint n_plugged = 0, n_free = 0;

  for (guint i = 0; i < self->n_bays; i++)
    {
      TwBay *bay = &self->bays[i];
      TwCar car = tw_power_status (bay->parts.power).car;

      if (bay->state != TW_BAY_FREE || bay->tariff == NULL)
        continue;
      free_bay = bay;
      n_free++;
      if (car != TW_CAR_CONNECTED && car != TW_CAR_DRAWING)
        continue;
      plugged = bay;
      n_plugged++;
    }
  return n_plugged == 1 ? plugged : n_free == 1 ? free_bay : NULL;
}

/* A tap without an offer on the screen: it takes no money. It finds the card's own session, or opens the offer. */
void
tw_desk_identified (TwStation    *self,
                    const TwCard *card)
{
  TwSession *own = tw_session_of_card (self, card);
  TwBay *bay = meant_bay (self);

  tw_visit_sign (self, "card");
  if (own != NULL)
    {
      tw_station_stop (self, own->record->connector, "card", NULL);
      show_banner (self, "stopped-by-card");
    }
  else if (g_strcmp0 (card->kind, "unaccepted") == 0)
    show_banner (self, "not-accepted");
  else if (g_strcmp0 (card->kind, "emv") != 0)
    show_banner (self, "not-known-here");
  else if (self->counter != TW_COUNTER_WELCOME)
    show_banner (self, "closed");
  else if (bay == NULL)
    show_banner (self, "choose-connector");
  else
    tw_desk_choose (self, bay->index, NULL, NULL);
}
