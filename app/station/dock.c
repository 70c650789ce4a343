/* SPDX-License-Identifier: Apache-2.0 */
/* The bays' shell: what the controller says becomes events, and the level of power follows from state and journal. */
#include "app/station/core.h"

#define POLL_MS 1000
/* A controller needs a moment to answer for the first time after we start. */
#define FIRST_ANSWER_MS 6000
/* What a controller says sooner after a command may be the answer to a question from before it: a poll and its wait. */
#define NEWS_AFTER_MS 1500

static gint64
deadline_ms (const TwConfig *config,
             TwBayState      state)
{
  switch (state)
    {
    case TW_BAY_ARMED:
      return config->armed_ms;
    case TW_BAY_CHARGING:
      return config->charging_ms;
    case TW_BAY_PAUSED:
      return config->paused_ms;
    case TW_BAY_FINISHING:
      return config->finishing_ms;
    case TW_BAY_SETTLING:
      return config->settling_ms;
    case TW_BAY_FREE:
    case TW_BAY_FAULT:
      return 0;
    }
  g_assert_not_reached ();
}

static gboolean
on_deadline (gpointer user_data)
{
  TwBay *self = user_data;

  self->deadline = 0;
  self->deadline_boot_us = 0;
  tw_dock_event (self, TW_BAY_TIMEOUT, self->state == TW_BAY_ARMED ? "not-connected" : "timeout");
  if (self->state == TW_BAY_FINISHING)   /* no final reading came, and the bill by the last one was not possible yet */
    tw_dock_arm_deadline (self, 0);
  return G_SOURCE_REMOVE;
}

/* already_us: how long the state has lasted, for one that was taken up again after a restart. */
void
tw_dock_arm_deadline (TwBay *self,
                      gint64 already_us)
{
  TwStation *station = self->station;
  gint64 ms = deadline_ms (station->config, self->state);

  if (self->deadline != 0)
    tw_clock_cancel (station->clock, self->deadline);
  self->deadline = 0;
  self->deadline_boot_us = 0;
  if (ms == 0)
    return;
  ms = MAX (0, ms - already_us / 1000);
  self->deadline = tw_clock_after (station->clock, ms, on_deadline, self);
  self->deadline_boot_us = tw_station_boot_us (station) + ms * 1000;
}

void
tw_dock_power (TwBay *self)
{
  gboolean allowed = tw_bay_allows_power (self->state);
  gboolean on = allowed && self->durable && !self->station->stuck && !self->station->closing;

  /* After a restart the controller is left as it is until it is known whose energy flows. */
  if (allowed && !self->verified && !self->station->closing)
    return;
  tw_power_want (self->parts.power, on, self->parts.config->max_current_a * 1000);
}

static void
then_energy (TwStation  *self,
             const char *id,
             guint       index)
{
  TwBay *bay = &self->bays[index];

  if (bay->session != NULL && g_str_equal (bay->session->record->session, id))
    bay->durable = TRUE;
}

static void
then_bill (TwStation  *self,
           const char *id,
           guint       index)
{
  TwBay *bay = &self->bays[index];

  if (bay->state == TW_BAY_FINISHING)
    tw_gauge_bill (bay);
}

static void
empty (TwBay *self)
{
  if (self->session != NULL)
    tw_parting_begin (self, self->session->record);
  tw_gauge_forget (self);
  self->session = NULL;
  self->durable = FALSE;
  self->verified = TRUE;
  self->frozen = FALSE;
  self->fresh = FALSE;
  self->idle_since_us = 0;
}

gboolean
tw_dock_add (TwBay      *self,
             TwBayEvent  event,
             const char *reason,
             TwBatch    *batch)
{
  TwStep step = tw_bay_step (self->state, event);
  gboolean before = tw_bay_allows_power (self->state), after = tw_bay_allows_power (step.next);
  const char *id = self->session ? self->session->record->session : NULL;

  if (step.verdict == TW_NEVER)
    g_critical ("connector %u: %s in %s cannot happen", self->parts.config->number, tw_bay_event_name (event),
                tw_bay_state_name (self->state));
  if (step.verdict == TW_NEVER || step.verdict == TW_IGNORE)
    return FALSE;

  tw_batch_add (batch, id, "bay",
                tw_payload_step (tw_bay_event_name (event), tw_bay_state_name (self->state),
                                 tw_bay_state_name (step.next),
                                 tw_bay_serves (step.next) ? "bay" : "over", self->parts.config->number, reason));
  if (!before && after)
    {
      self->durable = FALSE;
      tw_batch_then (batch, then_energy, id, self->index);
    }
  if (step.effects & TW_EFFECT_CAPTURE)
    tw_till_intend (self->session, TW_WISH_CAPTURE, batch);
  if (step.effects & TW_EFFECT_RELEASE)
    tw_till_intend (self->session, TW_WISH_RELEASE, batch);
  if (step.effects & TW_EFFECT_LAST_READING)
    tw_batch_then (batch, then_bill, id, self->index);
  if (step.verdict == TW_STAY)
    return TRUE;

  self->state = step.next;
  if (!tw_bay_serves (step.next))
    empty (self);
  tw_dock_arm_deadline (self, 0);
  tw_dock_power (self);
  return TRUE;
}

void
tw_dock_event (TwBay      *self,
               TwBayEvent  event,
               const char *reason)
{
  TwBatch *batch = tw_batch_new (self->station);
  gboolean stepped = tw_dock_add (self, event, reason, batch);

  tw_batch_submit (batch);
  if (!stepped)
    return;
  tw_dock_look (self);
  tw_desk_look (self->station);
}

void
tw_dock_hand (TwBay     *self,
              TwSession *session,
              TwBatch   *batch)
{
  self->session = session;
  self->verified = TRUE;
  self->frozen = FALSE;
  self->fresh = FALSE;
  self->idle_since_us = 0;
  tw_dock_add (self, TW_BAY_HANDED, self->state == TW_BAY_FAULT ? "faulted" : NULL, batch);
}

gint64
tw_dock_most_power_w (const TwBay *self)
{
  const TwConnectorConfig *config = self->parts.config;

  return (gint64) config->max_current_a * config->phases * config->voltage_v;
}

/* Of a controller that has not answered since we started, nothing is known yet. */
static gboolean
may_still_answer (TwBay *self)
{
  return tw_station_boot_us (self->station) - self->station->started_us < (gint64) FIRST_ANSWER_MS * 1000;
}

/* Off waits in line behind the question that is out; whoever leaves at once may take it along. One that does not answer
 * cannot be asked. */
gboolean
tw_dock_is_dark (TwBay *self)
{
  TwPowerStatus status = tw_power_status (self->parts.power);
  gint64 since_us = tw_station_boot_us (self->station) - self->station->closed_us;
  gboolean may_flow = tw_bay_allows_power (self->state) || self->state == TW_BAY_FINISHING;

  if (!status.present)
    return !may_still_answer (self);
  return !status.contactor_closed && (!may_flow || since_us >= (gint64) NEWS_AFTER_MS * 1000);
}

static gboolean
is_connected (TwCar car)
{
  return car == TW_CAR_CONNECTED || car == TW_CAR_DRAWING;
}

static void
look_while_charging (TwBay               *self,
                     const TwPowerStatus *status)
{
  TwStation *station = self->station;
  gint64 now = tw_station_boot_us (station);

  if (!self->verified)
    {
      gint64 waited = now - station->started_us;

      /* Also one that is there and tells no energy that can be believed. */
      if (waited > station->config->finishing_ms * 1000)
        tw_dock_event (self, TW_BAY_LOST, "lost");
      else if (status->present)
        tw_gauge_read (self);
      return;
    }
  if (!status->present)
    tw_dock_event (self, TW_BAY_LOST, "lost");
  else if (status->fault != 0)
    tw_dock_event (self, TW_BAY_FAULTED, "faulted");
  else if (status->car == TW_CAR_NONE)
    tw_dock_event (self, TW_BAY_UNPLUGGED, "unplugged");
  else if (status->car == TW_CAR_DRAWING)
    {
      self->idle_since_us = 0;
      if (self->state == TW_BAY_PAUSED)
        tw_dock_event (self, TW_BAY_DRAWING, NULL);
    }
  else if (self->idle_since_us == 0)
    self->idle_since_us = now;
  else if (self->state == TW_BAY_CHARGING && now - self->idle_since_us >= station->config->idle_ms * 1000)
    tw_dock_event (self, TW_BAY_IDLE, NULL);
}

static void
look_while_unsold (TwBay               *self,
                   const TwPowerStatus *status)
{
  gboolean connected = status->present && is_connected (status->car);
  gboolean plugged = connected && !self->was_connected && self->seen;   /* that we start is no plug */

  self->was_connected = connected;
  self->seen |= status->present;
  if (!status->present && may_still_answer (self))
    return;
  if (self->state == TW_BAY_FAULT)
    {
      if (status->present && status->fault == 0)
        tw_dock_event (self, TW_BAY_CLEARED, NULL);
    }
  else if (!status->present)
    tw_dock_event (self, TW_BAY_LOST, "lost");
  else if (status->fault != 0)
    tw_dock_event (self, TW_BAY_FAULTED, "faulted");
  else if (plugged)
    tw_desk_plugged (self->station, self);
}

void
tw_dock_look (TwBay *self)
{
  TwPowerStatus status = tw_power_status (self->parts.power);

  switch (self->state)
    {
    case TW_BAY_FREE:
    case TW_BAY_FAULT:
      look_while_unsold (self, &status);
      break;
    case TW_BAY_ARMED:
      if (!status.present && !may_still_answer (self))
        tw_dock_event (self, TW_BAY_LOST, "lost");
      else if (status.present && status.fault != 0)
        tw_dock_event (self, TW_BAY_FAULTED, "faulted");
      else if (status.present && is_connected (status.car))
        tw_gauge_read (self);
      break;
    case TW_BAY_CHARGING:
    case TW_BAY_PAUSED:
      look_while_charging (self, &status);
      break;
    case TW_BAY_FINISHING:
      if (!self->frozen)
        tw_gauge_read (self);
      else if (!status.contactor_closed || !status.present)
        tw_gauge_bill (self);
      break;
    case TW_BAY_SETTLING:
      self->was_connected = status.present && is_connected (status.car);
      break;
    }
}

static void
on_power_changed (gpointer user_data)
{
  TwBay *self = user_data;

  tw_dock_look (self);
  tw_station_announce (self->station);
}

static gboolean
on_poll (gpointer user_data)
{
  TwBay *self = user_data;

  self->poll = tw_clock_after (self->station->clock, POLL_MS, on_poll, self);
  if (self->index == 0)
    tw_tariffs_watch_clock (self->station);
  if (self->verified && tw_bay_allows_power (self->state))
    tw_gauge_read (self);
  tw_dock_look (self);
  return G_SOURCE_REMOVE;
}

void
tw_dock_start (TwBay *self)
{
  tw_power_watch (self->parts.power, on_power_changed, self);
  self->poll = tw_clock_after (self->station->clock, POLL_MS, on_poll, self);
  tw_dock_power (self);
  tw_dock_look (self);
}

void
tw_dock_stop (TwBay *self)
{
  if (self->poll != 0)
    tw_clock_cancel (self->station->clock, self->poll);
  if (self->deadline != 0)
    tw_clock_cancel (self->station->clock, self->deadline);
  self->poll = self->deadline = 0;
  tw_gauge_forget (self);
}
