/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/evse-private.h"

#include <string.h>

#define ENERGY_STEP_MS 250       /* section 1.6 */
#define FINE_STEP_MS   10
#define STEPS_MAX      2000000   /* of one advance: after a jump of years, time simply goes on */
#define RELAY_WAIT_MS  3000
#define STUCK_MS       500
#define PILOT_A        1
#define PILOT_B        2
#define PILOT_C        3

gboolean
tw_evse_is_booting (TwEvse *self)
{
  return self->now_ms < self->boot_until_ms;
}

guint8
tw_evse_state (TwEvse *self)
{
  if (tw_evse_is_booting (self))
    return 0x00;
  if (self->mode == TW_EVSE_SLEEPS)
    return 0xfe;
  if (self->mode == TW_EVSE_DISABLED)
    return 0xff;

  return self->fault ? self->fault : self->car_pilot;
}

guint8
tw_evse_pilot (TwEvse *self)
{
  return self->mode == TW_EVSE_DISABLED ? 0x00 : self->car_pilot;
}

guint
tw_evse_vflags (TwEvse *self)
{
  return (self->fault == TW_EVSE_STUCK_RELAY || self->fault == 0x09 ? 0x0002 : 0)
         | (self->limit_reached ? 0x0004 : 0)
         | (self->limit_quarters ? 0x0010 : 0)
         | (self->no_ground_seen ? 0x0020 : 0)
         | (self->relay_closed ? 0x0040 : 0)
         | (self->gfi_seen ? 0x0080 : 0)
         | (self->sees_car ? 0x0100 : 0)
         | (self->session_ended ? 0x0200 : 0)
         | (self->was_connected ? 0x0400 : 0)
         | (self->limit_kwh ? 0x2000 : 0);
}

static gboolean
offers_power (TwEvse *self)
{
  return self->mode == TW_EVSE_RUNS && self->fault == 0 && !tw_evse_is_booting (self);
}

static gboolean
car_wants (TwEvse *self)
{
  return self->plugged && !self->paused && self->battery_ws != 0 && self->draw_ma > 0;
}

guint
tw_evse_current_ma (TwEvse *self)
{
  guint most = self->stubborn && !offers_power (self) ? self->draw_ma : self->amps * 1000u;

  if (!self->relay_closed || self->car_pilot != PILOT_C || !car_wants (self))
    return 0;

  return MIN (self->draw_ma, most);
}

void
tw_evse_tell (TwEvse     *self,
              const char *body)
{
  char frame[160];
  guint8 check = 0;

  for (const char *c = body; *c; c++)
    check ^= (guint8) *c;
  if (self->firmware->checked)
    g_snprintf (frame, sizeof frame, "%s^%02X\r", body, check);
  else
    g_snprintf (frame, sizeof frame, "%s\r", body);

  self->say (frame, body[1] == 'O' || body[1] == 'N', self->user_data);
}

/* Combinations of a car that is just coming or leaving are not told (section 1.4). */
static void
tell_changes (TwEvse *self)
{
  const guint told_bits = 0x0002 | 0x0008 | 0x0010 | 0x0100 | 0x2000;
  guint8 state = tw_evse_state (self), pilot = tw_evse_pilot (self);
  guint vflags = tw_evse_vflags (self);
  char body[64];

  if (tw_evse_is_booting (self))
    return;
  if (state == self->told_state && pilot == self->told_pilot && self->amps == self->told_amps
      && (vflags & told_bits) == (self->told_vflags & told_bits))
    return;
  if ((state == PILOT_A && (vflags & 0x0100)) || ((state == PILOT_B || state == PILOT_C) && !(vflags & 0x0100)))
    return;

  if (self->firmware->tells_state)
    g_snprintf (body, sizeof body, "$AT %02x %02x %u %04x", state, pilot,
                self->firmware->tells_maximum ? self->options.max_current_a : self->amps, vflags);
  else
    g_snprintf (body, sizeof body, "$ST %02x", state);
  if (self->firmware->tells_state || state != self->told_state)
    tw_evse_tell (self, body);

  self->told_state = state;
  self->told_pilot = pilot;
  self->told_amps = self->amps;
  self->told_vflags = vflags;
}

/* Section 1.6: the session begins with the plug and goes into the total with its end. While disabled, the pilot is at
 * -12 V and nobody sees a car come or go. */
static void
look_for_car (TwEvse *self)
{
  if (self->mode == TW_EVSE_DISABLED || tw_evse_is_booting (self) || self->sees_car == self->plugged)
    return;

  self->sees_car = self->plugged;
  if (self->plugged)
    {
      self->session_ws = 0;
      self->elapsed_ms = 0;
      self->session_ended = FALSE;
      self->was_connected = TRUE;
      return;
    }

  self->total_wh += self->session_ws / 3600;
  self->session_ended = TRUE;
  self->limit_kwh = self->limit_quarters = 0;
  if (self->limit_reached)
    self->mode = TW_EVSE_RUNS;
  self->limit_reached = FALSE;
}

static void
count_fault (TwEvse *self,
             guint8  code)
{
  self->gfi = MIN (self->gfi + (code == 0x06), 255u);
  self->no_ground = MIN (self->no_ground + (code == 0x07), 255u);
  self->stuck = MIN (self->stuck + (code == TW_EVSE_STUCK_RELAY), 255u);
  self->gfi_seen |= code == 0x06;
  self->no_ground_seen |= code == 0x07;
}

void
tw_evse_raise_fault (TwEvse *self,
                     guint8  code)
{
  if (self->fault == code)
    return;

  self->fault = code;
  count_fault (self, code);
}

static void
move_relay (TwEvse *self)
{
  gboolean asked = offers_power (self) && self->car_pilot == PILOT_C && self->sees_car;
  gboolean may_wait = self->mode == TW_EVSE_SLEEPS && self->car_pilot == PILOT_C && tw_evse_current_ma (self) > 1000
                      && self->now_ms - self->sleep_since_ms < RELAY_WAIT_MS && self->fault == 0;

  if (asked)
    self->relay_closed = TRUE;
  else if (self->relay_closed && self->cause == TW_EVSE_STUCK_RELAY)
    {
      if (self->mode != TW_EVSE_SLEEPS || self->now_ms - self->sleep_since_ms >= STUCK_MS)
        tw_evse_raise_fault (self, TW_EVSE_STUCK_RELAY);
    }
  else if (!may_wait)
    self->relay_closed = FALSE;
}

static void
mind_limits (TwEvse *self)
{
  gboolean energy = self->limit_kwh && self->session_ws >= self->limit_kwh * G_GINT64_CONSTANT (3600000);
  gboolean time = self->limit_quarters && self->elapsed_ms >= self->limit_quarters * G_GINT64_CONSTANT (900000);

  if (!energy && !time)
    return;

  self->limit_kwh = self->limit_quarters = 0;
  tw_evse_sleep (self);
  self->limit_reached = TRUE;
}

/* Section 1.5: it lowers the offer and never switches off. */
static void
mind_heart (TwEvse *self)
{
  if (self->heart_s == 0 || self->heart_trigger == 2 || self->now_ms - self->pulse_ms <= self->heart_s * 1000)
    return;

  self->heart_trigger = 2;
  self->amps = MIN (self->amps, MAX (self->heart_a, 6));
}

void
tw_evse_settle (TwEvse *self)
{
  if (!self->plugged)
    self->car_pilot = PILOT_A;
  if (self->plugged && self->car_pilot == PILOT_A)
    self->car_pilot = PILOT_B;

  look_for_car (self);
  if (!tw_evse_is_booting (self))
    {
      mind_limits (self);
      mind_heart (self);
    }
  move_relay (self);
  tell_changes (self);
}

static guint8
wanted_pilot (TwEvse *self)
{
  if (!self->plugged)
    return PILOT_A;
  if (self->stubborn && self->car_pilot == PILOT_C && car_wants (self))
    return PILOT_C;

  return car_wants (self) && offers_power (self) ? PILOT_C : PILOT_B;
}

static void
move_car (TwEvse *self)
{
  guint8 wanted = wanted_pilot (self);

  if (wanted == self->car_pilot)
    self->car_since_ms = -1;
  else if (self->car_since_ms < 0)
    self->car_since_ms = self->now_ms;
  else if (self->now_ms - self->car_since_ms >= self->options.reaction_ms)
    {
      self->car_pilot = wanted;
      self->car_since_ms = -1;
    }
}

/* Truncated to whole Ws in each step, as the firmware does. */
static void
count_energy (TwEvse *self)
{
  gint64 mw = (gint64) tw_evse_current_ma (self) * self->options.voltage_v * self->options.phases;
  gint64 ws = mw * ENERGY_STEP_MS / 1000 / 1000;

  if (self->now_ms < self->energy_due_ms)
    return;

  self->energy_due_ms = self->now_ms + ENERGY_STEP_MS;
  if (!self->relay_closed)
    return;
  if (tw_evse_state (self) == PILOT_C)
    self->elapsed_ms += ENERGY_STEP_MS;
  self->session_ws = MIN (self->session_ws + ws, G_MAXUINT32);
  if (self->battery_ws > 0)
    self->battery_ws = MAX (0, self->battery_ws - ws);
}

static void
finish_boot (TwEvse *self)
{
  g_autofree char *body = g_strdup_printf ("$AB 00 %s", self->firmware->version);

  self->boot_until_ms = 0;
  self->pulse_ms = self->now_ms;
  if (self->firmware->tells_boot)
    tw_evse_tell (self, body);
}

static void
step (TwEvse *self)
{
  if (self->boot_until_ms != 0 && !tw_evse_is_booting (self))
    finish_boot (self);

  move_car (self);
  count_energy (self);
  tw_evse_settle (self);
}

/* Until something may happen by itself. */
static gint64
next_step_ms (TwEvse *self)
{
  if (self->car_since_ms >= 0 || self->boot_until_ms != 0 || (self->relay_closed && !offers_power (self)))
    return FINE_STEP_MS;

  return CLAMP (self->energy_due_ms - self->now_ms, 1, ENERGY_STEP_MS);
}

void
tw_evse_advance (TwEvse *self,
                 gint64  now_ms)
{
  for (guint i = 0; self->now_ms < now_ms && i < STEPS_MAX; i++)
    {
      self->now_ms = MIN (now_ms, self->now_ms + next_step_ms (self));
      step (self);
    }

  self->now_ms = MAX (self->now_ms, now_ms);
}

void
tw_evse_reboot (TwEvse *self)
{
  self->boot_until_ms = self->now_ms + self->options.boot_ms;
  self->mode = self->options.boots_asleep ? TW_EVSE_SLEEPS : TW_EVSE_RUNS;
  self->fault = self->cause == TW_EVSE_STUCK_RELAY ? 0 : self->cause;
  self->amps = self->stored_amps;
  self->sees_car = FALSE;
  self->session_ws = self->elapsed_ms = 0;
  self->relay_closed = self->relay_closed && self->cause == TW_EVSE_STUCK_RELAY;
  self->limit_kwh = self->limit_quarters = 0;
  self->limit_reached = self->session_ended = self->was_connected = FALSE;
  self->gfi_seen = self->no_ground_seen = FALSE;
  self->echo = self->button_off = FALSE;
  self->heart_trigger = 0;
  self->told_state = 0xaa;   /* nothing: the first state is told in any case */
  self->listening = FALSE;
  self->car_since_ms = -1;
}

TwEvse *
tw_evse_new (const TwEvseOptions *options,
             TwEvseSay            say,
             gpointer             user_data)
{
  const TwEvseFirmware *firmware = tw_evse_find_firmware (options->firmware ? options->firmware : "8.2");
  TwEvse *self;

  if (firmware == NULL)
    return NULL;

  self = g_new0 (TwEvse, 1);
  self->options = *options;
  self->options.firmware = NULL;
  self->options.phases = options->phases == 3 ? 3 : 1;
  self->options.voltage_v = CLAMP (options->voltage_v, 100, 300);
  self->options.max_current_a = CLAMP (options->max_current_a, 6, 80);
  self->options.reaction_ms = options->reaction_ms ? options->reaction_ms : 500;
  self->options.boot_ms = options->boot_ms ? options->boot_ms : 1500;
  self->firmware = firmware;
  self->say = say;
  self->user_data = user_data;
  self->total_wh = CLAMP (options->total_wh, 0, G_MAXUINT32);
  self->stored_amps = (guint8) self->options.max_current_a;
  self->car_pilot = PILOT_A;
  self->draw_ma = 32000;
  self->battery_ws = -1;
  tw_evse_reboot (self);
  self->boot_until_ms = 0;
  self->now_ms = 0;
  self->told_state = tw_evse_state (self);
  self->told_pilot = tw_evse_pilot (self);
  self->told_amps = self->amps;

  return self;
}

void
tw_evse_free (TwEvse *self)
{
  g_free (self);
}

void
tw_evse_enable (TwEvse *self)
{
  /* Re-tests: a fault that is still there is raised again (section 1.7). */
  self->mode = TW_EVSE_RUNS;
  self->limit_reached = FALSE;
  self->fault = 0;
  if (self->cause != 0 && self->cause != TW_EVSE_STUCK_RELAY)
    tw_evse_raise_fault (self, self->cause);
}

void
tw_evse_sleep (TwEvse *self)
{
  if (self->mode != TW_EVSE_SLEEPS)
    self->sleep_since_ms = self->now_ms;
  self->mode = TW_EVSE_SLEEPS;
  self->limit_reached = FALSE;
  self->fault = 0;
}

void
tw_evse_disable (TwEvse *self)
{
  self->mode = TW_EVSE_DISABLED;
  self->fault = 0;
}
