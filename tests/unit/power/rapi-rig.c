/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/power/rapi-rig.h"

#define GUARD_S 20
#define POLL_MS 25

static void
on_line (gboolean    from_station,
         const char *line,
         gpointer    user_data)
{
  RapiRig *self = user_data;

  if (from_station)
    g_string_append_printf (self->said, "%s\n", line);
}

static void
on_changed (gpointer user_data)
{
  RapiRig *self = user_data;

  self->changes++;
}

void
rapi_rig_open_driver (RapiRig *self)
{
  const TwRapiOptions options = {
    .clock = self->clock, .phases = 3, .voltage_v = 300, .max_current_a = 80, .label = "1",
    .times = {
      .answer_ms = 200, .poll_ms = POLL_MS, .health_ms = 100, .lost_ms = 600, .reopen_ms = 20, .pulse_ms = 50,
      .read_ms = 550, .open_ms = 300, .assume_open_ms = 300,
    },
  };
  g_autoptr (GError) error = NULL;

  self->rapi = tw_rapi_open (tw_virtual_rapi_path (self->twin), &options, &error);
  g_assert_no_error (error);
  self->power = tw_rapi_power (self->rapi);
  self->meter = tw_rapi_meter (self->rapi);
  tw_power_watch (self->power, on_changed, self);
}

void
rapi_rig_close_driver (RapiRig *self)
{
  g_clear_pointer (&self->power, tw_power_free);
  g_clear_pointer (&self->rapi, tw_rapi_close);
  g_clear_pointer (&self->meter, tw_meter_free);
}

RapiRig *
rapi_rig_with (TwVirtualRapiOptions options)
{
  RapiRig *self = g_new0 (RapiRig, 1);
  g_autoptr (GError) error = NULL;

  self->clock = tw_clock_new_system (TRUE);
  options.clock = self->clock;
  options.evse.phases = 3;
  options.evse.voltage_v = 300;
  options.evse.max_current_a = options.evse.max_current_a ? options.evse.max_current_a : 80;
  options.evse.reaction_ms = 30;
  options.evse.boot_ms = 100;
  self->said = g_string_new (NULL);
  self->twin = tw_virtual_rapi_new (&options, &error);
  g_assert_no_error (error);
  tw_virtual_rapi_set_draw (self->twin, 80000);
  tw_virtual_rapi_trace (self->twin, on_line, self);
  rapi_rig_open_driver (self);

  return self;
}

RapiRig *
rapi_rig_new (const char *firmware)
{
  return rapi_rig_with ((TwVirtualRapiOptions) { .evse = { .firmware = firmware, .total_wh = 5000 } });
}

void
rapi_rig_free (RapiRig *self)
{
  rapi_rig_close_driver (self);
  tw_virtual_rapi_free (self->twin);
  tw_clock_free (self->clock);
  g_string_free (self->said, TRUE);
  g_clear_error (&self->read_error);
  g_free (self);
}

gint64
rapi_rig_now_us (RapiRig *self)
{
  return tw_clock_now (self->clock).boot_us;
}

/* The twin's clock ticks, so that an iteration never blocks for long. */
void
rapi_rig_wait_for (RapiRig         *self,
                   RapiRigCondition condition,
                   const char      *what)
{
  gint64 end_us = rapi_rig_now_us (self) + GUARD_S * G_USEC_PER_SEC;

  while (!condition (self))
    {
      g_autofree char *twin = NULL;

      if (rapi_rig_now_us (self) > end_us)
        {
          twin = tw_virtual_rapi_status_json (self->twin);
          g_error ("waited in vain: %s; twin: %s; station said:\n%s", what, twin, self->said->str);
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

void
rapi_rig_pass_ms (RapiRig *self,
                  guint    ms)
{
  gint64 end_us = rapi_rig_now_us (self) + ms * 1000;

  while (rapi_rig_now_us (self) < end_us)
    g_main_context_iteration (NULL, TRUE);
}

TwPowerStatus
rapi_rig_status_of (RapiRig *self)
{
  return tw_power_status (self->power);
}

gboolean
rapi_rig_is_present (RapiRig *self)
{
  return rapi_rig_status_of (self).present;
}

gboolean
rapi_rig_is_absent (RapiRig *self)
{
  return !rapi_rig_status_of (self).present;
}

gboolean
rapi_rig_has_no_car (RapiRig *self)
{
  return rapi_rig_is_present (self) && rapi_rig_status_of (self).car == TW_CAR_NONE;
}

gboolean
rapi_rig_has_car (RapiRig *self)
{
  TwPowerStatus status = rapi_rig_status_of (self);

  return status.present && (status.car == TW_CAR_CONNECTED || status.car == TW_CAR_DRAWING);
}

gboolean
rapi_rig_draws (RapiRig *self)
{
  return rapi_rig_is_present (self) && rapi_rig_status_of (self).car == TW_CAR_DRAWING;
}

gboolean
rapi_rig_is_open (RapiRig *self)
{
  return !rapi_rig_status_of (self).contactor_closed;
}

gboolean
rapi_rig_has_fault (RapiRig *self)
{
  return rapi_rig_status_of (self).fault != 0;
}

gboolean
rapi_rig_has_no_fault (RapiRig *self)
{
  return rapi_rig_status_of (self).fault == 0;
}

gboolean
rapi_rig_twin_sleeps (RapiRig *self)
{
  return tw_virtual_rapi_status (self->twin).state == 0xfe;
}

gboolean
rapi_rig_twin_draws (RapiRig *self)
{
  return tw_virtual_rapi_status (self->twin).current_ma > 0;
}

gboolean
rapi_rig_twin_offers_16 (RapiRig *self)
{
  return tw_virtual_rapi_status (self->twin).amps == 16;
}

gboolean
rapi_rig_twin_offers_10 (RapiRig *self)
{
  return tw_virtual_rapi_status (self->twin).amps == 10;
}

gboolean
rapi_rig_twin_counted_some (RapiRig *self)
{
  return tw_virtual_rapi_status (self->twin).session_ws >= 3 * 3600;
}

static gboolean
read_is_done (RapiRig *self)
{
  return self->read_done;
}

void
rapi_rig_on_read (const TwReading *reading,
                  const GError    *error,
                  gpointer         user_data)
{
  RapiRig *self = user_data;

  self->read_done = TRUE;
  g_clear_error (&self->read_error);
  if (reading)
    self->reading = *reading;
  else
    self->read_error = g_error_copy (error);
}

void
rapi_rig_try_to_read (RapiRig *self)
{
  self->read_done = FALSE;
  tw_meter_read (self->meter, rapi_rig_on_read, self);
  WAIT_FOR (self, read_is_done);
}

TwReading
rapi_rig_read_meter (RapiRig *self)
{
  rapi_rig_try_to_read (self);
  g_assert_no_error (self->read_error);
  return self->reading;
}

TwReading
rapi_rig_read_final (RapiRig *self)
{
  while (!rapi_rig_read_meter (self).final)
    continue;

  return self->reading;
}

void
rapi_rig_charge_some (RapiRig *self)
{
  tw_virtual_rapi_plug (self->twin);
  WAIT_FOR (self, rapi_rig_has_car);
  tw_power_want (self->power, TRUE, 80000);
  WAIT_FOR (self, rapi_rig_draws);
  WAIT_FOR (self, rapi_rig_twin_counted_some);
}

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  return level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? g_log_writer_default (level, fields, n_fields, user_data)
                                                            : G_LOG_WRITER_HANDLED;
}

void
rapi_rig_init (int    *argc,
               char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (on_log, NULL, NULL);
}

void
rapi_rig_add_each (const char        *path,
                   const char *const *values,
                   GTestDataFunc      func)
{
  for (; *values; values++)
    {
      g_auto (GStrv) parts = g_strsplit (path, "%", 2);
      g_autofree char *whole = g_strconcat (parts[0], *values, parts[1], NULL);

      g_test_add_data_func (whole, *values, func);
    }
}
