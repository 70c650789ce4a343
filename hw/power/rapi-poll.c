/* SPDX-License-Identifier: Apache-2.0 */
/* A round: the state, the counters and the current, and the state again. Only a round whose two states agree about car
 * and relay makes a sample: in between, a plug-in may have ended and moved its energy from one counter to the other.
 */
#include "hw/power/rapi-private.h"

#include "app/base/log.h"

static void start_round (TwRapi *self);

static gboolean
on_poll_due (gpointer user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  self->poll_timer = 0;
  if (self->phase == TW_RAPI_READY)
    start_round (self);
  else
    tw_rapi_identify (self);
  return G_SOURCE_REMOVE;
}

static void
stop_timer (TwRapi *self)
{
  if (self->poll_timer != 0)
    tw_clock_cancel (self->clock, self->poll_timer);
  self->poll_timer = 0;
}

void
tw_rapi_poll_stop (TwRapi *self)
{
  stop_timer (self);
  self->in_round = FALSE;
  self->again = FALSE;
}

void
tw_rapi_poll_later (TwRapi *self,
                    guint   ms)
{
  stop_timer (self);
  self->poll_timer = tw_clock_after (self->clock, ms, on_poll_due, self);
}

void
tw_rapi_poll_now (TwRapi *self)
{
  if (self->in_round)
    self->again = TRUE;
  else
    start_round (self);
}

gboolean
tw_rapi_fits_numbers (const TwRapiMessage *answer)
{
  gint64 value;
  guint hex;

  for (guint i = 0; i < answer->n; i++)
    if (!tw_rapi_decimal (answer, i, G_MININT32, G_MAXUINT32, &value) && !tw_rapi_hex (answer, i, 0xffff, &hex))
      return FALSE;

  return answer->n > 0;
}

gboolean
tw_rapi_fits_nothing (const TwRapiMessage *answer)
{
  return answer->n == 0;
}

static gboolean
fits_state (const TwRapiMessage *answer)
{
  TwRapiState state;

  return tw_rapi_parse_state (answer, &state);
}

static gboolean
fits_energy (const TwRapiMessage *answer)
{
  gint64 session_ws, total_wh;

  return tw_rapi_parse_energy (answer, &session_ws, &total_wh);
}

static gboolean
fits_current (const TwRapiMessage *answer)
{
  gint32 ma, mv;

  return tw_rapi_parse_current (answer, &ma, &mv);
}

/* FALSE: we do not know more than before. */
static gboolean
learn (TwRapi              *self,
       const TwRapiMessage *answer)
{
  if (answer == NULL || answer->kind != TW_RAPI_OK || !tw_rapi_parse_state (answer, &self->state))
    return FALSE;

  self->have_state = TRUE;
  if (tw_rapi_level_relay_closed (&self->state))
    self->closed_us = tw_rapi_now_us (self);
  tw_rapi_heard_state (self);
  tw_rapi_update_status (self);
  /* The watcher may have let go of us; a driver without a port has nothing to drive. */
  if (self->phase != TW_RAPI_READY)
    return FALSE;

  tw_rapi_drive (self);
  return TRUE;
}

static void
on_fault_counters (const TwRapiMessage *answer,
                   gpointer             user_data)
{
  TwRapi *self = user_data;
  guint gfi, no_ground, stuck;

  if (answer == NULL || answer->kind != TW_RAPI_OK || !tw_rapi_hex (answer, 0, 255, &gfi)
      || !tw_rapi_hex (answer, 1, 255, &no_ground) || !tw_rapi_hex (answer, 2, 255, &stuck))
    return;
  if (self->gfi >= 0 && (gfi != self->gfi || no_ground != self->no_ground || stuck != self->stuck))
    tw_log_warning ("connector %s: the controller's fault counters rose: GFCI %d to %u, no ground %d to %u, "
                    "stuck relay %d to %u", self->label, (int) self->gfi, gfi, (int) self->no_ground, no_ground,
                    (int) self->stuck, stuck);

  self->gfi = gfi;
  self->no_ground = no_ground;
  self->stuck = stuck;
}

static void
on_temperatures (const TwRapiMessage *answer,
                 gpointer             user_data)
{
  TwRapi *self = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (self->temperature_dc); i++)
    if (answer == NULL || answer->kind != TW_RAPI_OK
        || !tw_rapi_decimal (answer, i, -2560, 2300, &self->temperature_dc[i]))
      self->temperature_dc[i] = -2560;
}

/* The limit in force: somebody at the menu, or a restart that we missed, may have changed it. */
static void
on_settings (const TwRapiMessage *answer,
             gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);
  gint64 amps;

  if (answer == NULL || answer->kind != TW_RAPI_OK || !tw_rapi_decimal (answer, 0, 0, 255, &amps))
    return;
  if (self->want != TW_RAPI_WANT_ON || self->set_amps == 0 || amps == self->offered_a)
    return;

  tw_log_warning ("connector %s: the controller offers %d A instead of %d A: setting it again", self->label, (int) amps,
                  (int) self->offered_a);
  self->set_amps = 0;
  tw_rapi_drive (self);
}

static void
ask_health (TwRapi *self)
{
  gint64 now_us = tw_rapi_now_us (self);

  if (now_us < self->health_due_us)
    return;

  self->health_due_us = now_us + (gint64) self->options.times.health_ms * 1000;
  tw_rapi_link_ask (self->link, "GF", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_fault_counters);
  tw_rapi_link_ask (self->link, "GP", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_temperatures);
  tw_rapi_link_ask (self->link, "GE", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_settings);
}

static TwRapiSample
make_sample (TwRapi *self)
{
  TwCar car = tw_rapi_level_car (&self->state, self->presence);

  return (TwRapiSample) {
    .session_ws = self->session_ws,
    .total_wh = self->total_wh,
    .elapsed_s = self->state.elapsed_s,
    .car_known = car != TW_CAR_UNKNOWN,
    .car = car == TW_CAR_CONNECTED || car == TW_CAR_DRAWING,
    .relay_closed = tw_rapi_relay_closed (self),
    .ma = self->ma,
    .mv = self->mv,
    .at = self->energy_at,
  };
}

static const char *
why_no_sample (TwRapi  *self,
               gboolean heard_after)
{
  TwCar before = tw_rapi_level_car (&self->before, self->presence);
  TwCar after = tw_rapi_level_car (&self->state, self->presence);

  if (self->spoiled)
    return "it restarted during the reading";
  if (!self->have_energy)
    return "it does not tell its energy counters";
  if (!self->have_current)
    return "it does not tell the current";
  if (!heard_after)
    return "it does not tell its state";
  if ((before == TW_CAR_NONE) != (after == TW_CAR_NONE) || (before == TW_CAR_UNKNOWN) != (after == TW_CAR_UNKNOWN))
    return "the car came or left during the reading";
  if (tw_rapi_level_relay_closed (&self->before) != tw_rapi_level_relay_closed (&self->state))
    return "the contactor moved during the reading";

  return NULL;
}

static void
end_round (TwRapi  *self,
           gboolean heard_after)
{
  const char *why_not = why_no_sample (self, heard_after);
  TwRapiSample sample = make_sample (self);

  /* What is asked from a callback waits for the next round. */
  if (tw_rapi_read_round (self, why_not ? NULL : &sample, why_not))
    self->again = TRUE;
  if (self->phase != TW_RAPI_READY)
    return;

  self->in_round = FALSE;
  tw_rapi_beat (self);
  ask_health (self);
  if (self->again)
    start_round (self);
  else
    tw_rapi_poll_later (self, self->options.times.poll_ms);
}

static void
on_state_after (const TwRapiMessage *answer,
                gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);
  gboolean heard = learn (self, answer);

  if (self->phase == TW_RAPI_READY)
    end_round (self, heard);
}

static void
on_current (const TwRapiMessage *answer,
            gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  self->have_current = answer && answer->kind == TW_RAPI_OK && tw_rapi_parse_current (answer, &self->ma, &self->mv);
  if (!self->have_current)
    self->ma = self->mv = -1;
}

static void
on_energy (const TwRapiMessage *answer,
           gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  self->have_energy = answer && answer->kind == TW_RAPI_OK
                      && tw_rapi_parse_energy (answer, &self->session_ws, &self->total_wh);
  self->energy_at = tw_clock_now (self->clock);
}

static void
on_presence (const TwRapiMessage *answer,
             gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);
  gint64 presence;

  if (answer && answer->kind == TW_RAPI_OK && tw_rapi_decimal (answer, 0, 0, 2, &presence))
    self->presence = presence == 2 ? -1 : (gint) presence;
  else
    self->presence = -1;
}

/* Only where the state tells nothing about the car. */
static gboolean
needs_presence (TwRapi *self)
{
  return tw_rapi_level_car (&self->state, -1) == TW_CAR_UNKNOWN && self->state.state != TW_RAPI_STATE_DISABLED;
}

static void
on_state_before (const TwRapiMessage *answer,
                 gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  if (!learn (self, answer))
    {
      if (self->phase == TW_RAPI_READY)
        end_round (self, FALSE);
      return;
    }

  self->before = self->state;
  if (needs_presence (self))
    tw_rapi_link_ask (self->link, "G0", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_presence);
  tw_rapi_link_ask (self->link, "GU", TW_RAPI_ASK_PLAIN, fits_energy, on_energy);
  tw_rapi_link_ask (self->link, "GG", TW_RAPI_ASK_PLAIN, fits_current, on_current);
  tw_rapi_link_ask (self->link, "GS", TW_RAPI_ASK_PLAIN, fits_state, on_state_after);
}

static void
start_round (TwRapi *self)
{
  stop_timer (self);
  self->in_round = TRUE;
  self->again = FALSE;
  self->spoiled = FALSE;
  self->have_energy = FALSE;
  self->have_current = FALSE;
  self->round++;
  tw_rapi_link_ask (self->link, "GS", TW_RAPI_ASK_PLAIN, fits_state, on_state_before);
}
