/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-private.h"

#include "app/base/log.h"

/* Facts section 1.5: 10 to 60 s; a missed pulse lowers the offer to at least 6 A and never switches off. */
#define HEART_S  20
#define HEART_A  6
#define REFUSALS 3

static void
trip (TwRapi *self,
      guint   code)
{
  self->tripped = code;
  tw_rapi_update_status (self);
  tw_rapi_drive (self);
}

static gboolean
fits_amps (const TwRapiMessage *answer)
{
  gint64 amps;

  return answer->n == 1 && tw_rapi_decimal (answer, 0, 0, 255, &amps);
}

/* $OK n, or $NK n when it clamped: the number counts in both (section 1.3). */
static void
on_limit (const TwRapiMessage *answer,
          gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);
  gboolean told = answer && tw_rapi_decimal (answer, 0, 0, 255, &self->offered_a);

  self->commanding = FALSE;
  self->set_amps = 0;
  if (answer == NULL || self->want != TW_RAPI_WANT_ON)
    return;

  if (told && self->offered_a >= 6 && self->offered_a <= self->asked_amps)
    {
      self->set_amps = self->asked_amps;
      self->limit_refusals = 0;
      tw_rapi_drive (self);
      return;
    }
  if (!told && ++self->limit_refusals < REFUSALS)
    return;

  tw_log_warning ("connector %s: the power controller does not accept a limit of %u A: not switching on", self->label,
                  self->asked_amps);
  trip (self, TW_RAPI_FAULT_LIMIT);
}

static void
on_obeyed (const TwRapiMessage *answer,
           gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  /* Whatever it answered: the state tells. */
  self->commanding = FALSE;
  tw_rapi_poll_now (self);
}

static void
on_enabled (const TwRapiMessage *answer,
            gpointer             user_data)
{
  on_obeyed (answer, user_data);
}

static void
command (TwRapi  *self,
         TwRapiDo what)
{
  g_autofree char *limit = g_strdup_printf ("SC %u V", self->amps);

  self->commanding = TRUE;
  self->did = what;
  self->did_us = tw_rapi_now_us (self);
  switch (what)
    {
    case TW_RAPI_DO_LIMIT:
      self->asked_amps = self->amps;
      tw_rapi_link_ask (self->link, limit, TW_RAPI_ASK_FIRST, fits_amps, on_limit);
      break;
    case TW_RAPI_DO_ENABLE:
      tw_rapi_link_ask (self->link, "FE", TW_RAPI_ASK_FIRST, tw_rapi_fits_nothing, on_enabled);
      break;
    case TW_RAPI_DO_SLEEP:
      tw_rapi_link_ask (self->link, "FS", TW_RAPI_ASK_FIRST, tw_rapi_fits_nothing, on_obeyed);
      break;
    case TW_RAPI_DO_NOTHING:
      self->commanding = FALSE;
      break;
    }
}

void
tw_rapi_drive (TwRapi *self)
{
  TwRapiWant want = self->tripped ? TW_RAPI_WANT_OFF : self->want;
  gint64 since_us = tw_rapi_now_us (self) - self->did_us;
  TwRapiDo next;

  if (self->phase != TW_RAPI_READY || !self->have_state || self->commanding)
    return;

  next = tw_rapi_level_next (want, self->amps, self->set_amps, &self->state);
  if (next == TW_RAPI_DO_NOTHING)
    {
      self->did = TW_RAPI_DO_NOTHING;
      return;
    }
  /* Said already and not followed yet: once a round is enough. */
  if (next == self->did && since_us < (gint64) self->options.times.poll_ms * 1000)
    return;

  /* A fault that needs sleep is not answered with "on" again by itself: the code is lost with the sleep. */
  if (want == TW_RAPI_WANT_ON && next == TW_RAPI_DO_SLEEP)
    self->tripped = self->state.state;
  command (self, next);
}

void
tw_rapi_drive_off_now (TwRapi *self)
{
  TwRapiState asleep = { .state = TW_RAPI_STATE_SLEEPING, .vflags = -1, .pilot = -1 };
  const TwRapiState *state = self->have_state ? &self->state : &asleep;
  gboolean harmless_fault = tw_rapi_fault_name (state->state) != NULL
                            && tw_rapi_level_next (TW_RAPI_WANT_OFF, 0, 0, state) == TW_RAPI_DO_NOTHING;

  /* No "on" may follow the "off". */
  tw_rapi_link_withdraw (self->link, on_limit);
  tw_rapi_link_withdraw (self->link, on_enabled);
  if (harmless_fault)
    {
      self->commanding = FALSE;
      tw_rapi_poll_now (self);
      return;
    }

  command (self, TW_RAPI_DO_SLEEP);
}

void
tw_rapi_drive_forgot (TwRapi *self)
{
  self->set_amps = 0;
  self->commanding = FALSE;
  self->did = TW_RAPI_DO_NOTHING;
  self->off_since_us = -1;
  self->button_off = FALSE;
  self->heart = TW_RAPI_HEART_UNKNOWN;
}

/* It was reduced to the fallback current; acknowledging restores the configured maximum, not ours. */
static void
on_acknowledged (const TwRapiMessage *answer,
                 gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  self->set_amps = 0;
  tw_rapi_drive (self);
}

static void
acknowledge (TwRapi *self)
{
  tw_log_warning ("connector %s: the power controller missed our heartbeat and reduced its offer: restoring it",
                  self->label);
  tw_rapi_link_ask (self->link, "SY 165", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_acknowledged);
}

static gboolean
has_missed (const TwRapiMessage *answer)
{
  gint64 trigger;

  return answer->kind == TW_RAPI_NK || (tw_rapi_decimal (answer, 2, 0, 255, &trigger) && trigger == 2);
}

static void
on_pulse (const TwRapiMessage *answer,
          gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  if (answer && has_missed (answer))
    acknowledge (self);
}

static void
on_armed (const TwRapiMessage *answer,
          gpointer             user_data)
{
  TwRapi *self = user_data;

  if (answer == NULL)
    self->heart = TW_RAPI_HEART_UNKNOWN;
  else
    self->heart = answer->kind == TW_RAPI_OK ? TW_RAPI_HEART_BEATS : TW_RAPI_HEART_NONE;
  self->pulse_due_us = 0;
}

static void
on_heart (const TwRapiMessage *answer,
          gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);
  gint64 seconds, amps;

  if (answer == NULL || answer->kind == TW_RAPI_NK)
    {
      self->heart = answer ? TW_RAPI_HEART_NONE : TW_RAPI_HEART_UNKNOWN;
      return;
    }
  if (has_missed (answer))
    acknowledge (self);

  /* It is stored in its EEPROM, which must not be written in a loop. */
  if (tw_rapi_decimal (answer, 0, 0, 65535, &seconds) && tw_rapi_decimal (answer, 1, 0, 255, &amps)
      && seconds == HEART_S && amps == HEART_A)
    {
      self->heart = TW_RAPI_HEART_BEATS;
      self->pulse_due_us = 0;
    }
  else
    tw_rapi_link_ask (self->link, "SY " G_STRINGIFY (HEART_S) " " G_STRINGIFY (HEART_A), TW_RAPI_ASK_PLAIN,
                      tw_rapi_fits_numbers, on_armed);
}

static void
on_button (const TwRapiMessage *answer,
           gpointer             user_data)
{
}

void
tw_rapi_beat (TwRapi *self)
{
  gint64 now_us = tw_rapi_now_us (self);

  /* Until somebody wants something, we only read. */
  if (self->want == TW_RAPI_WANT_NOTHING)
    return;

  if (!self->button_off && (self->major > 6 || (self->major == 6 && self->minor >= 2)))
    tw_rapi_link_ask (self->link, "FF B 0", TW_RAPI_ASK_PLAIN, tw_rapi_fits_nothing, on_button);
  self->button_off = TRUE;

  if (self->heart == TW_RAPI_HEART_UNKNOWN)
    {
      self->heart = TW_RAPI_HEART_ASKING;
      tw_rapi_link_ask (self->link, "GY", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_heart);
    }
  else if (self->heart == TW_RAPI_HEART_BEATS && now_us >= self->pulse_due_us)
    {
      self->pulse_due_us = now_us + (gint64) self->options.times.pulse_ms * 1000;
      tw_rapi_link_ask (self->link, "SY", TW_RAPI_ASK_PLAIN, tw_rapi_fits_numbers, on_pulse);
    }
}
