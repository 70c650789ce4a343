/* SPDX-License-Identifier: Apache-2.0 */
/* The driver against the controller twin over a real pty, both in this process's main loop. What the twin says about itself
 * is the witness; it shares no code with the driver. */
#include <string.h>

#include "app/base/error.h"
#include "hw/power/rapi.h"
#include "hw/virtual/rapi.h"

#define GUARD_S 20
#define POLL_MS 25

typedef struct
{
  TwClock       *clock;
  TwVirtualRapi *twin;
  TwRapi        *rapi;
  TwPower       *power;
  TwMeter       *meter;
  GString       *said;       /* by the station, a line each */
  guint          changes;
  gboolean       read_done;
  TwReading      reading;
  GError        *read_error;
} Rig;

static void
on_line (gboolean    from_station,
         const char *line,
         gpointer    user_data)
{
  Rig *self = user_data;

  if (from_station)
    g_string_append_printf (self->said, "%s\n", line);
}

static void
on_changed (gpointer user_data)
{
  Rig *self = user_data;

  self->changes++;
}

static void
open_driver (Rig *self)
{
  const TwRapiOptions options = {
    .clock = self->clock, .phases = 3, .voltage_v = 300, .max_current_a = 80, .label = "1",
    .times = {
      .answer_ms = 200, .poll_ms = POLL_MS, .health_ms = 100, .lost_ms = 600, .reopen_ms = 20, .pulse_ms = 50, .read_ms = 550,
      .open_ms = 300, .assume_open_ms = 300,
    },
  };
  g_autoptr (GError) error = NULL;

  self->rapi = tw_rapi_open (tw_virtual_rapi_path (self->twin), &options, &error);
  g_assert_no_error (error);
  self->power = tw_rapi_power (self->rapi);
  self->meter = tw_rapi_meter (self->rapi);
  tw_power_watch (self->power, on_changed, self);
}

static void
close_driver (Rig *self)
{
  g_clear_pointer (&self->power, tw_power_free);
  g_clear_pointer (&self->rapi, tw_rapi_close);
  g_clear_pointer (&self->meter, tw_meter_free);
}

static Rig *
rig_with (TwVirtualRapiOptions options)
{
  Rig *self = g_new0 (Rig, 1);
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
  open_driver (self);

  return self;
}

static Rig *
rig_new (const char *firmware)
{
  return rig_with ((TwVirtualRapiOptions) { .evse = { .firmware = firmware, .total_wh = 5000 } });
}

static void
rig_free (Rig *self)
{
  close_driver (self);
  tw_virtual_rapi_free (self->twin);
  tw_clock_free (self->clock);
  g_string_free (self->said, TRUE);
  g_clear_error (&self->read_error);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

static gint64
now_us (Rig *self)
{
  return tw_clock_now (self->clock).boot_us;
}

typedef gboolean (*Condition) (Rig *self);

/* The twin's clock ticks, so that an iteration never blocks for long. */
static void
wait_for (Rig        *self,
          Condition   condition,
          const char *what)
{
  gint64 end_us = now_us (self) + GUARD_S * G_USEC_PER_SEC;

  while (!condition (self))
    {
      g_autofree char *twin = NULL;

      if (now_us (self) > end_us)
        {
          twin = tw_virtual_rapi_status_json (self->twin);
          g_error ("waited in vain: %s; twin: %s; station said:\n%s", what, twin, self->said->str);
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

#define WAIT_FOR(rig, condition) wait_for (rig, condition, #condition)

static void
pass_ms (Rig   *self,
         guint  ms)
{
  gint64 end_us = now_us (self) + ms * 1000;

  while (now_us (self) < end_us)
    g_main_context_iteration (NULL, TRUE);
}

static TwPowerStatus
status_of (Rig *self)
{
  return tw_power_status (self->power);
}

static gboolean
is_present (Rig *self)
{
  return status_of (self).present;
}

static gboolean
is_absent (Rig *self)
{
  return !status_of (self).present;
}

static gboolean
has_no_car (Rig *self)
{
  return is_present (self) && status_of (self).car == TW_CAR_NONE;
}

static gboolean
has_car (Rig *self)
{
  return is_present (self) && (status_of (self).car == TW_CAR_CONNECTED || status_of (self).car == TW_CAR_DRAWING);
}

static gboolean
draws (Rig *self)
{
  return is_present (self) && status_of (self).car == TW_CAR_DRAWING;
}

static gboolean
is_open (Rig *self)
{
  return !status_of (self).contactor_closed;
}

static gboolean
has_fault (Rig *self)
{
  return status_of (self).fault != 0;
}

static gboolean
has_no_fault (Rig *self)
{
  return status_of (self).fault == 0;
}

static gboolean
twin_sleeps (Rig *self)
{
  return tw_virtual_rapi_status (self->twin).state == 0xfe;
}

static gboolean
twin_draws (Rig *self)
{
  return tw_virtual_rapi_status (self->twin).current_ma > 0;
}

static gboolean
twin_offers_16 (Rig *self)
{
  return tw_virtual_rapi_status (self->twin).amps == 16;
}

static gboolean
twin_offers_10 (Rig *self)
{
  return tw_virtual_rapi_status (self->twin).amps == 10;
}

static gboolean
twin_counted_some (Rig *self)
{
  return tw_virtual_rapi_status (self->twin).session_ws >= 3 * 3600;
}

static gboolean
read_is_done (Rig *self)
{
  return self->read_done;
}

static void
on_read (const TwReading *reading,
         const GError    *error,
         gpointer         user_data)
{
  Rig *self = user_data;

  self->read_done = TRUE;
  g_clear_error (&self->read_error);
  if (reading)
    self->reading = *reading;
  else
    self->read_error = g_error_copy (error);
}

static void
try_to_read (Rig *self)
{
  self->read_done = FALSE;
  tw_meter_read (self->meter, on_read, self);
  WAIT_FOR (self, read_is_done);
}

static TwReading
read_meter (Rig *self)
{
  try_to_read (self);
  g_assert_no_error (self->read_error);
  return self->reading;
}

static TwReading
read_final (Rig *self)
{
  while (!read_meter (self).final)
    continue;

  return self->reading;
}

static void
charge_some (Rig *self)
{
  tw_virtual_rapi_plug (self->twin);
  WAIT_FOR (self, has_car);
  tw_power_want (self->power, TRUE, 80000);
  WAIT_FOR (self, draws);
  WAIT_FOR (self, twin_counted_some);
}

static void
whole_charge (gconstpointer firmware)
{
  g_autoptr (Rig) rig = rig_with ((TwVirtualRapiOptions) {
    .evse = { .firmware = firmware, .total_wh = 5000, .boots_asleep = TRUE },
  });
  TwReading begin, end, after;
  TwEvseStatus twin;

  WAIT_FOR (rig, has_no_car);
  begin = read_meter (rig);
  g_assert_cmpint (begin.register_wh, ==, 5000);

  charge_some (rig);
  g_assert_cmpint (status_of (rig).current_ma, ==, 80000);
  g_assert_true (status_of (rig).contactor_closed);
  g_assert_cmpuint (status_of (rig).fault, ==, 0);

  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
  WAIT_FOR (rig, is_open);
  end = read_final (rig);
  twin = tw_virtual_rapi_status (rig->twin);
  g_assert_false (twin.relay_closed);
  g_assert_cmpint (end.session_ws, ==, twin.session_ws);
  g_assert_cmpint (end.plugged_s, ==, twin.elapsed_s);
  g_assert_cmpint (end.register_wh, ==, 5000 + twin.session_ws / 3600);
  g_assert_cmpint (end.epoch, ==, begin.epoch);

  tw_virtual_rapi_unplug (rig->twin);
  WAIT_FOR (rig, has_no_car);
  after = read_meter (rig);
  g_assert_cmpint (after.register_wh, ==, end.register_wh);
  g_assert_cmpint (after.epoch, ==, end.epoch);
}

static void
only_reads_at_first (void)
{
  g_autoptr (Rig) rig = rig_with ((TwVirtualRapiOptions) { .evse = { .firmware = "8.2", .heartbeat = TRUE } });
  g_auto (GStrv) lines = NULL;

  tw_virtual_rapi_plug (rig->twin);
  WAIT_FOR (rig, draws);   /* it was on, and stays on */
  read_meter (rig);
  pass_ms (rig, 200);
  g_assert_true (twin_draws (rig));

  lines = g_strsplit (rig->said->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 20);
  for (char **line = lines; **line; line++)
    g_assert_true (g_str_has_prefix (*line, "$G"));

  /* The first wish is followed from any state. */
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
}

/* Not more than what was on its way already may go before it. */
static void
off_is_sent_at_once (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  g_auto (GStrv) lines = NULL;

  charge_some (rig);
  g_string_truncate (rig->said, 0);
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
  lines = g_strsplit (rig->said->str, "\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "$FS") || g_str_has_prefix (lines[1], "$FS"));

  /* On and off again before anything could be answered: off it is. */
  tw_power_want (rig->power, TRUE, 80000);
  tw_power_want (rig->power, FALSE, 0);
  pass_ms (rig, 300);
  g_assert_true (twin_sleeps (rig));
  g_assert_false (twin_draws (rig));
}

static void
old_firmware (void)
{
  g_autoptr (Rig) rig = rig_new ("3.9");

  WAIT_FOR (rig, has_fault);
  g_assert_false (is_present (rig));
  g_assert_cmpuint (status_of (rig).fault, ==, TW_RAPI_FAULT_OLD_FIRMWARE);
  g_assert_cmpstr (status_of (rig).fault_name, ==, "old-firmware");
  tw_power_want (rig->power, TRUE, 16000);
  pass_ms (rig, 300);
  g_assert_null (strstr (rig->said->str, "$FE"));
  try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_GONE);

  /* Updated, it serves. */
  tw_virtual_rapi_set_firmware (rig->twin, "8.2");
  WAIT_FOR (rig, is_present);
  g_assert_cmpuint (status_of (rig).fault, ==, 0);
}

static void
limit_follows (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");

  charge_some (rig);
  tw_power_want (rig->power, TRUE, 16999);
  WAIT_FOR (rig, twin_offers_16);
  g_assert_true (twin_draws (rig));
  tw_power_want (rig->power, TRUE, 10000);
  WAIT_FOR (rig, twin_offers_10);
  g_assert_cmpuint (tw_virtual_rapi_status (rig->twin).current_ma, ==, 10000);

  /* Less than 6 A cannot be offered. */
  tw_power_want (rig->power, TRUE, 5999);
  WAIT_FOR (rig, twin_sleeps);
}

static void
clamped_limit_is_no_fault (void)
{
  g_autoptr (Rig) rig = rig_with ((TwVirtualRapiOptions) { .evse = { .max_current_a = 10 } });

  charge_some (rig);
  g_assert_cmpuint (tw_virtual_rapi_status (rig->twin).amps, ==, 10);
  pass_ms (rig, 250);   /* two health rounds: what was clamped is not taken for somebody's change */
  g_assert_cmpuint (status_of (rig).fault, ==, 0);
  g_assert_null (strstr (strstr (rig->said->str, "$SC") + 1, "$SC"));
}

static void
restart_while_off (gconstpointer firmware)
{
  g_autoptr (Rig) rig = rig_new (firmware);

  tw_virtual_rapi_plug (rig->twin);
  WAIT_FOR (rig, is_present);
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
  for (int i = 0; i < 2; i++)
    {
      /* It comes up enabled, and the car would charge free. */
      tw_virtual_rapi_reboot (rig->twin);
      g_assert_false (twin_sleeps (rig));
      WAIT_FOR (rig, twin_sleeps);
      WAIT_FOR (rig, is_present);
    }
  g_assert_cmpint (tw_virtual_rapi_status (rig->twin).session_ws, <, 20 * 3600);
}

static void
restart_while_on (gconstpointer firmware)
{
  g_autoptr (Rig) rig = rig_new (firmware);
  TwReading before, after;

  charge_some (rig);
  tw_power_want (rig->power, TRUE, 16000);
  WAIT_FOR (rig, twin_offers_16);
  before = read_meter (rig);

  /* It comes up with its stored 80 A: ours is set again. */
  tw_virtual_rapi_reboot (rig->twin);
  WAIT_FOR (rig, twin_offers_16);
  WAIT_FOR (rig, twin_draws);
  WAIT_FOR (rig, draws);
  after = read_meter (rig);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.session_ws, <, before.session_ws);
  g_assert_cmpint (after.epoch, ==, before.epoch + 1);
}

static void
button (void)
{
  g_autoptr (Rig) rig = rig_new ("6.1");

  charge_some (rig);
  tw_virtual_rapi_press_button (rig->twin);
  g_assert_true (twin_sleeps (rig));
  WAIT_FOR (rig, twin_draws);

  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
  tw_virtual_rapi_press_button (rig->twin);
  g_assert_false (twin_sleeps (rig));
  WAIT_FOR (rig, twin_sleeps);
}

/* The twin's seconds pass 400 times faster: it misses each pulse. Without a car, so there is no energy to disbelieve. */
static void
missed_heartbeat (void)
{
  g_autoptr (Rig) rig = rig_with ((TwVirtualRapiOptions) { .evse = { .heartbeat = TRUE, .boots_asleep = TRUE }, .speed = 400 });

  WAIT_FOR (rig, is_present);
  tw_power_want (rig->power, TRUE, 16000);
  WAIT_FOR (rig, twin_offers_16);
  while (strstr (rig->said->str, "$SY 165") == NULL)
    WAIT_FOR (rig, is_present), pass_ms (rig, 10);
  g_assert_nonnull (strstr (rig->said->str, "$SY 20 6"));
  while (strstr (strstr (rig->said->str, "$SY 165"), "$SC 16 V") == NULL)
    WAIT_FOR (rig, is_present), pass_ms (rig, 10);
}

static void
heartbeat_is_stored_once (void)
{
  g_autoptr (Rig) rig = rig_with ((TwVirtualRapiOptions) { .evse = { .heartbeat = TRUE, .boots_asleep = TRUE } });
  g_autofree char *about = NULL;

  WAIT_FOR (rig, is_present);
  tw_power_want (rig->power, FALSE, 0);
  while (strstr (rig->said->str, "$SY :") == NULL)
    WAIT_FOR (rig, is_present), pass_ms (rig, 10);
  g_string_truncate (rig->said, 0);

  /* A restart asks, finds it stored, and does not write the EEPROM again. */
  tw_virtual_rapi_reboot (rig->twin);
  while (strstr (rig->said->str, "$SY :") == NULL)
    pass_ms (rig, 10);
  g_assert_nonnull (strstr (rig->said->str, "$GY"));
  g_assert_null (strstr (rig->said->str, "$SY 20"));
  about = tw_rapi_describe (rig->rapi);
  g_assert_nonnull (strstr (about, "firmware 8.2.1, sequence ids yes, heartbeat on"));
}

static void
faults (void)
{
  static const struct { const char *cause, *name; guint code; } cases[] = {
    { "gfci", "gfci", 6 }, { "no-ground", "no-ground", 7 }, { "diode", "diode-check", 5 },
    { "ventilation", "ventilation-required", 4 }, { "gfci-self-test", "gfci-self-test", 9 },
    { "over-temperature", "over-temperature", 10 }, { "over-current", "over-current", 11 }, { "relay-closure", "relay-closure", 14 },
  };
  g_autoptr (Rig) rig = rig_new ("8.2");

  charge_some (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (tw_virtual_rapi_fault (rig->twin, cases[i].cause));
      WAIT_FOR (rig, has_fault);
      g_assert_cmpstr (status_of (rig).fault_name, ==, cases[i].name);
      g_assert_cmpuint (status_of (rig).fault, ==, cases[i].code);
      g_assert_false (status_of (rig).contactor_closed);
      tw_virtual_rapi_fault (rig->twin, NULL);
      WAIT_FOR (rig, has_no_fault);
      WAIT_FOR (rig, draws);
    }

  /* While off, the code is not overwritten, and what comes back enabled is put to sleep. */
  tw_virtual_rapi_fault (rig->twin, "gfci");
  WAIT_FOR (rig, has_fault);
  tw_power_want (rig->power, FALSE, 0);
  pass_ms (rig, 200);
  g_assert_cmpstr (status_of (rig).fault_name, ==, "gfci");
  tw_virtual_rapi_fault (rig->twin, NULL);
  WAIT_FOR (rig, twin_sleeps);
  WAIT_FOR (rig, has_no_fault);
}

static void
stuck_relay (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");

  charge_some (rig);
  tw_virtual_rapi_fault (rig->twin, "stuck-relay");
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
  g_assert_false (has_fault (rig));
  WAIT_FOR (rig, has_fault);
  g_assert_cmpstr (status_of (rig).fault_name, ==, "stuck-relay");
  g_assert_true (status_of (rig).contactor_closed);
  g_assert_false (read_meter (rig).final);
  tw_virtual_rapi_fault (rig->twin, NULL);
  WAIT_FOR (rig, has_no_fault);
}

static void
pulled_cable (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  TwReading before, after;
  gint64 since_us;

  charge_some (rig);
  before = read_meter (rig);
  rig->changes = 0;
  since_us = now_us (rig);
  tw_virtual_rapi_hang_up (rig->twin);
  WAIT_FOR (rig, is_absent);
  g_assert_cmpint (now_us (rig) - since_us, <, G_USEC_PER_SEC);
  g_assert_cmpuint (rig->changes, ==, 1);
  try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_GONE);
  g_assert_nonnull (strstr (rig->read_error->message, "does not answer"));

  /* The car charges on meanwhile; what was wanted meanwhile is done first. */
  tw_power_want (rig->power, FALSE, 0);
  g_assert_true (twin_draws (rig));
  g_assert_true (tw_virtual_rapi_return (rig->twin, NULL));
  WAIT_FOR (rig, twin_sleeps);
  WAIT_FOR (rig, is_present);
  after = read_final (rig);
  g_assert_cmpint (after.epoch, ==, before.epoch);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.session_ws, ==, tw_virtual_rapi_status (rig->twin).session_ws);
}

static void
misbehaviour (gconstpointer how)
{
  g_autoptr (Rig) rig = rig_new ("8.2");

  WAIT_FOR (rig, is_present);
  g_assert_true (tw_virtual_rapi_misbehave (rig->twin, how, 3));
  charge_some (rig);
  g_assert_true (tw_virtual_rapi_misbehave (rig->twin, how, 3));
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, twin_sleeps);
  WAIT_FOR (rig, is_open);
  g_assert_cmpint (read_final (rig).session_ws, ==, tw_virtual_rapi_status (rig->twin).session_ws);
  g_assert_cmpuint (status_of (rig).fault, ==, 0);
}

static void
unplug_while_charging (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  TwReading before, after;

  charge_some (rig);
  before = read_meter (rig);
  tw_virtual_rapi_unplug (rig->twin);
  WAIT_FOR (rig, has_no_car);
  after = read_final (rig);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.register_wh, ==, tw_virtual_rapi_status (rig->twin).total_wh);
}

static void
broken_counter (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  gint64 before;

  charge_some (rig);
  before = read_meter (rig).register_wh;
  tw_virtual_rapi_add_energy (rig->twin, 10000);
  try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (rig->read_error->message, "not believed: the energy register grew by"));
  try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_BAD_DATA);

  /* The next car is a new beginning, with a mark that tells so. */
  tw_power_want (rig->power, FALSE, 0);
  tw_virtual_rapi_unplug (rig->twin);
  WAIT_FOR (rig, has_no_car);
  g_assert_cmpint (read_meter (rig).register_wh, >=, before);
  g_assert_cmpint (rig->reading.epoch, ==, 2);
}

static void
new_process (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  TwReading before, after;

  charge_some (rig);
  before = read_meter (rig);
  close_driver (rig);
  g_assert_true (twin_draws (rig));

  open_driver (rig);
  WAIT_FOR (rig, draws);
  after = read_meter (rig);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.session_ws, >=, before.session_ws);
  g_assert_cmpint (ABS ((after.session_ws - before.session_ws) / 3600 - (after.register_wh - before.register_wh)), <=, 1);
}

static void
reads_overlap (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  Rig one = { 0 }, two = { 0 };

  WAIT_FOR (rig, is_present);
  tw_meter_read (rig->meter, on_read, &one);
  tw_meter_read (rig->meter, on_read, &two);
  g_assert_false (one.read_done || two.read_done);
  WAIT_FOR (rig, is_present);
  while (!one.read_done || !two.read_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (one.read_error);
  g_assert_no_error (two.read_error);
}

static void
second_driver (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");
  g_autoptr (GError) error = NULL;
  const TwRapiOptions options = { .clock = rig->clock, .phases = 1, .voltage_v = 230, .max_current_a = 16 };

  g_assert_null (tw_rapi_open (tw_virtual_rapi_path (rig->twin), &options, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_STATE);
  g_clear_error (&error);
  g_assert_null (tw_rapi_open ("/dev/null", &options, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

/* A watcher that lets go of everything. */
static void
on_changed_free (gpointer user_data)
{
  Rig *self = user_data;

  if (self->power)
    close_driver (self);
}

static void
watcher_may_free (void)
{
  g_autoptr (Rig) rig = rig_new ("8.2");

  tw_power_watch (rig->power, on_changed_free, rig);
  while (rig->power != NULL)
    g_main_context_iteration (NULL, TRUE);

  open_driver (rig);
  WAIT_FOR (rig, is_present);
  tw_power_watch (rig->power, on_changed_free, rig);
  tw_virtual_rapi_hang_up (rig->twin);
  while (rig->power != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Lost controllers and faults are worth a warning; here they are what is asked for. */
static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  return level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? g_log_writer_default (level, fields, n_fields, user_data)
                                                            : G_LOG_WRITER_HANDLED;
}

static void
add_each (const char        *format,
          const char *const *values,
          GTestDataFunc      func)
{
  for (; *values; values++)
    {
      g_auto (GStrv) parts = g_strsplit (format, "%", 2);
      g_autofree char *path = g_strconcat (parts[0], *values, parts[1], NULL);

      g_test_add_data_func (path, *values, func);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const all[] = { "4.4", "4.8", "5.2", "6.1", "7.1", "8.2", "D9", NULL };
  static const char *const some[] = { "4.8", "5.2", "8.2", NULL };
  static const char *const told[] = { "6.1", "8.2", NULL };
  static const char *const ways[] = { "silent", "garbage", "noise", "dribble", "glued", "bad-check", "wrong-sequence", NULL };

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (on_log, NULL, NULL);

  add_each ("/power/rapi/firmware-%-charges-a-car", all, whole_charge);
  add_each ("/power/rapi/restart-of-%-while-off-stays-off", some, restart_while_off);
  add_each ("/power/rapi/restart-of-%-while-on-loses-no-energy", told, restart_while_on);
  add_each ("/power/rapi/wire-is-%-for-a-while", ways, misbehaviour);
  g_test_add_func ("/power/rapi/before-the-first-wish-it-only-reads", only_reads_at_first);
  g_test_add_func ("/power/rapi/off-is-sent-at-once", off_is_sent_at_once);
  g_test_add_func ("/power/rapi/old-firmware-is-refused-by-name", old_firmware);
  g_test_add_func ("/power/rapi/limit-follows-the-wish", limit_follows);
  g_test_add_func ("/power/rapi/clamped-limit-is-no-fault", clamped_limit_is_no_fault);
  g_test_add_func ("/power/rapi/button-does-not-win", button);
  g_test_add_func ("/power/rapi/missed-heartbeat-is-acknowledged-and-the-limit-restored", missed_heartbeat);
  g_test_add_func ("/power/rapi/heartbeat-is-stored-once", heartbeat_is_stored_once);
  g_test_add_func ("/power/rapi/faults-have-names", faults);
  g_test_add_func ("/power/rapi/relay-that-does-not-open-is-a-fault", stuck_relay);
  g_test_add_func ("/power/rapi/pulled-cable-ends-presence-and-returns", pulled_cable);
  g_test_add_func ("/power/rapi/unplugging-keeps-the-register", unplug_while_charging);
  g_test_add_func ("/power/rapi/broken-counter-is-not-believed", broken_counter);
  g_test_add_func ("/power/rapi/new-process-goes-on", new_process);
  g_test_add_func ("/power/rapi/readings-may-overlap", reads_overlap);
  g_test_add_func ("/power/rapi/second-user-and-no-tty-are-refused", second_driver);
  g_test_add_func ("/power/rapi/watcher-may-free-the-driver", watcher_may_free);
  return g_test_run ();
}
