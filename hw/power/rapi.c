/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-private.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/log.h"

/* Below this the ammeter's noise begins, and no car charges. */
#define FLOWING_MA 500
/* Above this a contactor that is not told to be closed is closed (the firmware opens below 1 A without waiting). */
#define CLOSED_MA 1000

static const TwRapiTimes usual = {
  .answer_ms = 1000, .poll_ms = 1000, .health_ms = 30000, .lost_ms = 5000, .reopen_ms = 1000, .pulse_ms = 5000,
  .read_ms = 4500, .open_ms = 5000, .assume_open_ms = 3500,
};

static void
fill_in (guint *ms,
         guint  usual_ms)
{
  if (*ms == 0)
    *ms = usual_ms;
}

static void
fill_in_times (TwRapiTimes *times)
{
  fill_in (&times->answer_ms, usual.answer_ms);
  fill_in (&times->poll_ms, usual.poll_ms);
  fill_in (&times->health_ms, usual.health_ms);
  fill_in (&times->lost_ms, usual.lost_ms);
  fill_in (&times->reopen_ms, usual.reopen_ms);
  fill_in (&times->pulse_ms, usual.pulse_ms);
  fill_in (&times->read_ms, usual.read_ms);
  fill_in (&times->open_ms, usual.open_ms);
  fill_in (&times->assume_open_ms, usual.assume_open_ms);
}

gint64
tw_rapi_now_us (TwRapi *self)
{
  return tw_clock_now (self->clock).boot_us;
}

TwRapi *
tw_rapi_ref (TwRapi *self)
{
  self->refs++;
  return self;
}

static void
stop_lost_timer (TwRapi *self)
{
  if (self->lost_timer != 0)
    tw_clock_cancel (self->clock, self->lost_timer);
  self->lost_timer = 0;
}

void
tw_rapi_unref (TwRapi *self)
{
  if (--self->refs > 0)
    return;

  tw_rapi_poll_stop (self);
  stop_lost_timer (self);
  tw_rapi_link_free (self->link);
  tw_rapi_meter_free (self->meter);
  g_free (self->label);
  g_free (self);
}

void
tw_rapi_close (TwRapi *self)
{
  if (self != NULL)
    tw_rapi_unref (self);
}

gboolean
tw_rapi_relay_closed (TwRapi *self)
{
  gint64 since_us = tw_rapi_now_us (self) - self->closed_us;

  if (!self->have_state || self->state.vflags >= 0)
    return self->have_state && tw_rapi_level_relay_closed (&self->state);
  if (tw_rapi_level_relay_closed (&self->state) || self->ma >= CLOSED_MA)
    return TRUE;

  return self->closed_us >= 0 && since_us < (gint64) self->options.times.assume_open_ms * 1000;
}

static gboolean
is_stuck (TwRapi *self)
{
  gint64 now_us = tw_rapi_now_us (self);
  gboolean off = self->want == TW_RAPI_WANT_OFF || self->tripped;

  if (!off || self->state.state != TW_RAPI_STATE_SLEEPING || !tw_rapi_relay_closed (self))
    {
      self->off_since_us = -1;
      return FALSE;
    }
  if (self->off_since_us < 0)
    self->off_since_us = now_us;

  return now_us - self->off_since_us >= (gint64) self->options.times.open_ms * 1000;
}

static const char *
find_fault (TwRapi *self,
            guint  *code)
{
  const char *name = tw_rapi_fault_name (self->state.state);

  if (self->phase == TW_RAPI_REFUSED)
    {
      *code = TW_RAPI_FAULT_OLD_FIRMWARE;
      return "old-firmware";
    }
  if (self->tripped == TW_RAPI_FAULT_LIMIT)
    {
      *code = self->tripped;
      return "limit-refused";
    }
  if (name == NULL && is_stuck (self))
    {
      *code = TW_RAPI_STATE_STUCK;
      return "stuck-relay";
    }
  /* What made us put it to sleep, which overwrote the code. */
  if (name == NULL && self->tripped)
    {
      *code = self->tripped;
      return tw_rapi_fault_name ((guint8) self->tripped);
    }

  *code = name ? self->state.state : 0;
  return name;
}

static TwPowerStatus
make_status (TwRapi *self)
{
  TwPowerStatus status = self->status;
  const char *fault = find_fault (self, &status.fault);

  status.present = self->phase == TW_RAPI_READY && self->have_state;
  memset (status.fault_name, 0, sizeof status.fault_name);
  if (fault)
    g_strlcpy (status.fault_name, fault, sizeof status.fault_name);
  if (!status.present)
    return status;

  status.car = tw_rapi_level_car (&self->state, self->presence);
  status.contactor_closed = tw_rapi_relay_closed (self);
  status.current_ma = self->ma;
  status.plugged_s = self->state.elapsed_s;
  if (status.car == TW_CAR_DRAWING && self->ma >= 0 && self->ma < FLOWING_MA)
    status.car = TW_CAR_CONNECTED;
  return status;
}

static gboolean
is_same (const TwPowerStatus *a,
         const TwPowerStatus *b)
{
  return a->present == b->present && a->car == b->car && a->contactor_closed == b->contactor_closed
         && a->current_ma == b->current_ma && a->fault == b->fault && a->plugged_s == b->plugged_s
         && strcmp (a->fault_name, b->fault_name) == 0;
}

void
tw_rapi_update_status (TwRapi *self)
{
  TwPowerStatus status = make_status (self);

  if (is_same (&status, &self->status))
    return;
  if (status.fault != self->status.fault && status.fault != 0)
    tw_log_warning ("connector %s: the power controller reports %s (code %02x)", self->label, status.fault_name,
                    status.fault);

  self->status = status;
  if (self->changed)
    self->changed (self->changed_data);
}

void
tw_rapi_lost (TwRapi     *self,
              const char *why)
{
  g_autoptr (GError) error = g_error_new (TW_ERROR, TW_ERROR_GONE, "connector %s: the power controller is lost: %s",
                                          self->label, why);

  if (self->phase == TW_RAPI_READY)
    tw_log_warning ("%s; energy is billed up to the last good reading", error->message);

  tw_rapi_poll_stop (self);
  stop_lost_timer (self);
  tw_rapi_link_forget (self->link);
  self->phase = TW_RAPI_SILENT;
  self->have_state = FALSE;
  tw_rapi_drive_forgot (self);
  tw_rapi_update_status (self);
  tw_rapi_read_fail (self, error);
}

static gboolean
on_lost_due (gpointer user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);
  g_autofree char *why = g_strdup_printf ("no valid answer for %u ms", self->options.times.lost_ms);

  self->lost_timer = 0;
  tw_rapi_lost (self, why);
  tw_rapi_identify (self);
  return G_SOURCE_REMOVE;
}

void
tw_rapi_heard_state (TwRapi *self)
{
  stop_lost_timer (self);
  self->lost_timer = tw_clock_after (self->clock, self->options.times.lost_ms, on_lost_due, self);
}

static void
on_opened (gpointer user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  tw_rapi_identify (self);
}

static void
on_closed (const GError *error,
           gpointer      user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  tw_rapi_lost (self, error->message);
}

static void
on_boot (TwRapi              *self,
         const TwRapiMessage *message)
{
  tw_log_warning ("connector %s: the power controller has restarted (self-test %s, firmware %s)", self->label,
                  message->n > 0 ? message->token[0] : "?", message->n > 1 ? message->token[1] : "?");

  tw_rapi_meter_booted (self->meter);
  self->spoiled = TRUE;
  tw_rapi_link_interrupt (self->link);
  tw_rapi_drive_forgot (self);
  if (self->phase != TW_RAPI_READY)
    return;

  /* Most builds start enabled, and a car charges free (section 1.7). */
  if (self->want == TW_RAPI_WANT_OFF || self->tripped)
    tw_rapi_drive_off_now (self);
  tw_rapi_poll_now (self);
}

static void
on_told (const TwRapiMessage *message,
         gpointer             user_data)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (user_data);

  if (message->kind == TW_RAPI_BOOT)
    on_boot (self, message);
  else if (self->phase == TW_RAPI_READY)
    tw_rapi_poll_now (self);
}

TwRapi *
tw_rapi_open (const char          *path,
              const TwRapiOptions *options,
              GError             **error)
{
  static const TwRapiLinkEvents events = { on_opened, on_closed, on_told };
  const TwRapiCircuit circuit = { options->phases, options->voltage_v, options->max_current_a };
  g_autoptr (TwRapi) self = g_new0 (TwRapi, 1);
  TwRapiLinkOptions link_options;

  self->refs = 1;
  self->label = g_strdup (options->label ? options->label : "");
  self->options = *options;
  self->options.label = NULL;
  fill_in_times (&self->options.times);
  self->clock = options->clock;
  self->meter = tw_rapi_meter_new (&circuit);
  self->presence = self->ma = self->mv = -1;
  self->gfi = self->no_ground = self->stuck = -1;
  self->closed_us = self->off_since_us = -1;
  self->status = (TwPowerStatus) { .car = TW_CAR_UNKNOWN, .current_ma = -1, .plugged_s = -1 };
  g_queue_init (&self->reads);

  link_options = (TwRapiLinkOptions) {
    .clock = options->clock, .speed = options->speed ? options->speed : 115200,
    .answer_ms = self->options.times.answer_ms, .reopen_ms = self->options.times.reopen_ms,
  };
  self->link = tw_rapi_link_new (path, &link_options, &events, self, error);
  if (self->link == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

static void
power_want (gpointer data,
            gboolean on,
            guint    limit_ma)
{
  g_autoptr (TwRapi) self = tw_rapi_ref (data);
  guint amps = on ? tw_rapi_level_amps (limit_ma, self->options.max_current_a) : 0;
  TwRapiWant want = amps > 0 ? TW_RAPI_WANT_ON : TW_RAPI_WANT_OFF;

  if (want == self->want && amps == self->amps)
    return;
  if (on && amps == 0)
    tw_log_warning ("connector %s: %u mA is below the 6 A that IEC 61851-1 allows to offer: staying off",
                    self->label, limit_ma);

  if (want != self->want)
    self->tripped = self->limit_refusals = 0;
  self->want = want;
  self->amps = amps;
  if (self->phase != TW_RAPI_READY)
    return;

  if (want == TW_RAPI_WANT_OFF)
    tw_rapi_drive_off_now (self);
  else
    tw_rapi_drive (self);
}

static TwPowerStatus
power_status (gpointer data)
{
  TwRapi *self = data;

  return self->status;
}

static void
power_watch (gpointer       data,
             TwPowerChanged changed,
             gpointer       user_data)
{
  TwRapi *self = data;

  self->changed = changed;
  self->changed_data = user_data;
}

static void
power_free (gpointer data)
{
  TwRapi *self = data;

  self->changed = NULL;
  tw_rapi_unref (self);
}

static void
meter_read (gpointer    data,
            TwMeterDone done,
            gpointer    user_data)
{
  tw_rapi_read (data, done, user_data);
}

static void
meter_free (gpointer data)
{
  TwRapi *self = data;
  g_autoptr (GError) error = g_error_new (TW_ERROR, TW_ERROR_GONE, "connector %s: the meter is closed", self->label);

  tw_rapi_read_fail (self, error);
  tw_rapi_unref (self);
}

TwPower *
tw_rapi_power (TwRapi *self)
{
  static const TwPowerFuncs funcs = { power_want, power_status, power_watch, power_free };

  return tw_power_new (&funcs, tw_rapi_ref (self));
}

TwMeter *
tw_rapi_meter (TwRapi *self)
{
  static const TwMeterFuncs funcs = { meter_read, meter_free };

  return tw_meter_new (&funcs, tw_rapi_ref (self));
}

char *
tw_rapi_describe (TwRapi *self)
{
  static const char *const hearts[] = { "not asked yet", "not asked yet", "not available", "on" };
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->firmware[0] == '\0')
    return g_strdup ("OpenEVSE: no answer yet");

  g_string_printf (text, "OpenEVSE firmware %s, sequence ids %s, heartbeat %s", self->firmware,
                   self->sequence ? "yes" : "no", hearts[self->heart]);
  if (self->gfi >= 0)
    g_string_append_printf (text, ", faults so far: %d GFCI, %d no ground, %d stuck relay", (int) self->gfi,
                            (int) self->no_ground, (int) self->stuck);
  for (gsize i = 0; i < G_N_ELEMENTS (self->temperature_dc); i++)
    if (self->gfi >= 0 && self->temperature_dc[i] > -2560)
      g_string_append_printf (text, ", %d degC", (int) self->temperature_dc[i] / 10);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
