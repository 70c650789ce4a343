/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/fake-bay.h"

#include "app/base/error.h"

typedef struct
{
  TwMeterDone done;
  gpointer    user_data;
} Ask;

struct _TwFakeBay
{
  TwClock       *clock;
  TwPowerStatus  status;
  gboolean       on, asked, full, blind, sticks;
  gint64         total_wh, session_wh, sum_ma;
  guint64        epoch;
  TwPowerChanged changed;
  gpointer       changed_data;
  GQueue         asks;
};

TwFakeBay *
tw_fake_bay_new (TwClock *clock)
{
  TwFakeBay *self = g_new0 (TwFakeBay, 1);

  self->clock = clock;
  self->status = (TwPowerStatus) { .present = TRUE, .car = TW_CAR_NONE };
  self->total_wh = 1000000;
  self->sum_ma = 48000;
  g_queue_init (&self->asks);
  return self;
}

void
tw_fake_bay_free (TwFakeBay *self)
{
  g_queue_clear_full (&self->asks, g_free);
  g_free (self);
}

static void
tell (TwFakeBay *self)
{
  if (self->status.car != TW_CAR_NONE)
    self->status.car = self->on && !self->full && self->status.fault == 0 ? TW_CAR_DRAWING : TW_CAR_CONNECTED;
  self->status.contactor_closed = self->status.car == TW_CAR_DRAWING || (self->status.contactor_closed && self->sticks);
  if (self->changed != NULL)
    self->changed (self->changed_data);
}

static void
want (gpointer data,
      gboolean on,
      guint    limit_ma)
{
  TwFakeBay *self = data;

  self->asked = TRUE;
  self->on = on;
  if (!on)
    self->status.contactor_closed = self->status.contactor_closed && self->sticks;
  if (self->status.car != TW_CAR_NONE)
    self->status.car = on && !self->full ? TW_CAR_DRAWING : TW_CAR_CONNECTED;
}

static TwPowerStatus
status (gpointer data)
{
  TwFakeBay *self = data;

  self->status.current_ma = self->status.car == TW_CAR_DRAWING ? 16000 : 0;
  return self->status;
}

static void
watch (gpointer       data,
       TwPowerChanged changed,
       gpointer       user_data)
{
  TwFakeBay *self = data;

  self->changed = changed;
  self->changed_data = user_data;
}

static void
power_free (gpointer data)
{
  TwFakeBay *self = data;

  self->changed = NULL;
  self->asked = FALSE;   /* as a new driver: what was on stays on */
}

static void
meter_read (gpointer    data,
            TwMeterDone done,
            gpointer    user_data)
{
  TwFakeBay *self = data;
  Ask *ask = g_new0 (Ask, 1);

  *ask = (Ask) { done, user_data };
  g_queue_push_tail (&self->asks, ask);
}

static void
meter_free (gpointer data)
{
  TwFakeBay *self = data;

  g_queue_clear_full (&self->asks, g_free);
}

TwPower *
tw_fake_bay_power (TwFakeBay *self)
{
  static const TwPowerFuncs funcs = { want, status, watch, power_free };

  return tw_power_new (&funcs, self);
}

TwMeter *
tw_fake_bay_meter (TwFakeBay *self)
{
  static const TwMeterFuncs funcs = { meter_read, meter_free };

  return tw_meter_new (&funcs, self);
}

gboolean
tw_fake_bay_answer (TwFakeBay *self)
{
  gboolean any = FALSE;
  guint n = g_queue_get_length (&self->asks);

  for (guint i = 0; i < n && !g_queue_is_empty (&self->asks); i++)
    {
      g_autofree Ask *ask = g_queue_pop_head (&self->asks);
      TwReading reading = {
        .register_wh = self->total_wh + (self->status.car == TW_CAR_NONE ? 0 : self->session_wh),
        .session_ws = self->session_wh * 3600, .plugged_s = self->session_wh / 3,
        .current_ma = (gint32) (self->status.car == TW_CAR_DRAWING || self->sum_ma < 0 ? self->sum_ma : 0),
        .epoch = self->epoch, .at = tw_clock_now (self->clock), .final = !self->status.contactor_closed,
      };
      g_autoptr (GError) error = NULL;

      any = TRUE;
      if (!self->status.present)
        g_set_error (&error, TW_ERROR, TW_ERROR_GONE, "the cable is pulled");
      else if (self->blind)
        g_set_error (&error, TW_ERROR, TW_ERROR_BAD_DATA, "its counters make no sense");
      ask->done (error ? NULL : &reading, error, ask->user_data);
    }
  return any;
}

void
tw_fake_bay_plug (TwFakeBay *self)
{
  self->status.car = TW_CAR_CONNECTED;
  self->session_wh = 0;
  self->full = FALSE;
  tell (self);
}

void
tw_fake_bay_unplug (TwFakeBay *self)
{
  self->total_wh += self->session_wh;
  self->status.car = TW_CAR_NONE;
  tell (self);
}

void
tw_fake_bay_full (TwFakeBay *self)
{
  self->full = TRUE;
  tell (self);
}

void
tw_fake_bay_hungry (TwFakeBay *self)
{
  self->full = FALSE;
  tell (self);
}

void
tw_fake_bay_current (TwFakeBay *self,
                     gint64     sum_ma)
{
  self->sum_ma = sum_ma;
}

void
tw_fake_bay_energy (TwFakeBay *self,
                    gint64     wh)
{
  g_assert_true (self->status.car == TW_CAR_DRAWING || self->status.contactor_closed);
  self->session_wh += wh;
}

void
tw_fake_bay_fault (TwFakeBay  *self,
                   guint       code,
                   const char *name)
{
  self->status.fault = code;
  g_strlcpy (self->status.fault_name, name, sizeof self->status.fault_name);
  tell (self);
}

void
tw_fake_bay_stick (TwFakeBay *self,
                   gboolean   sticks)
{
  self->sticks = sticks;
  tell (self);
}

void
tw_fake_bay_cable (TwFakeBay *self,
                   gboolean   there)
{
  self->status.present = there;
  tell (self);
}

void
tw_fake_bay_reboot (TwFakeBay *self)
{
  self->total_wh += self->session_wh;   /* the driver remembers it for us */
  self->session_wh = 0;
  self->epoch++;
}

void
tw_fake_bay_blind (TwFakeBay *self,
                   gboolean   blind)
{
  self->blind = blind;
}

gboolean
tw_fake_bay_is_on (TwFakeBay *self)
{
  return self->on;
}

gboolean
tw_fake_bay_was_asked (TwFakeBay *self)
{
  return self->asked;
}

gint64
tw_fake_bay_register_wh (TwFakeBay *self)
{
  return self->total_wh + (self->status.car == TW_CAR_NONE ? 0 : self->session_wh);
}

gboolean
tw_fake_bay_draws (TwFakeBay *self)
{
  return self->status.car == TW_CAR_DRAWING;
}
