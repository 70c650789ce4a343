/* SPDX-License-Identifier: Apache-2.0 */
/* The driver when the controller, its wire or its cable is not well. */
#include "tests/unit/power/rapi-rig.h"

static void
old_firmware (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("3.9");

  WAIT_FOR (rig, rapi_rig_has_fault);
  g_assert_false (rapi_rig_is_present (rig));
  g_assert_cmpuint (rapi_rig_status_of (rig).fault, ==, TW_RAPI_FAULT_OLD_FIRMWARE);
  g_assert_cmpstr (rapi_rig_status_of (rig).fault_name, ==, "old-firmware");
  tw_power_want (rig->power, TRUE, 16000);
  rapi_rig_pass_ms (rig, 300);
  g_assert_null (strstr (rig->said->str, "$FE"));
  rapi_rig_try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_GONE);

  /* Updated, it serves. */
  tw_virtual_rapi_set_firmware (rig->twin, "8.2");
  WAIT_FOR (rig, rapi_rig_is_present);
  g_assert_cmpuint (rapi_rig_status_of (rig).fault, ==, 0);
}

static void
restart_while_off (gconstpointer firmware)
{
  g_autoptr (RapiRig) rig = rapi_rig_new (firmware);

  tw_virtual_rapi_plug (rig->twin);
  WAIT_FOR (rig, rapi_rig_is_present);
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  for (int i = 0; i < 2; i++)
    {
      /* It comes up enabled, and the car would charge free. */
      tw_virtual_rapi_reboot (rig->twin);
      g_assert_false (rapi_rig_twin_sleeps (rig));
      WAIT_FOR (rig, rapi_rig_twin_sleeps);
      WAIT_FOR (rig, rapi_rig_is_present);
    }
  g_assert_cmpint (tw_virtual_rapi_status (rig->twin).session_ws, <, 20 * 3600);
}

static void
restart_while_on (gconstpointer firmware)
{
  g_autoptr (RapiRig) rig = rapi_rig_new (firmware);
  TwReading before, after;

  rapi_rig_charge_some (rig);
  tw_power_want (rig->power, TRUE, 16000);
  WAIT_FOR (rig, rapi_rig_twin_offers_16);
  before = rapi_rig_read_meter (rig);

  /* It comes up with its stored 80 A: ours is set again. */
  tw_virtual_rapi_reboot (rig->twin);
  WAIT_FOR (rig, rapi_rig_twin_offers_16);
  WAIT_FOR (rig, rapi_rig_twin_draws);
  WAIT_FOR (rig, rapi_rig_draws);
  after = rapi_rig_read_meter (rig);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.epoch, ==, before.epoch + 1);
}

static void
button (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("6.1");

  rapi_rig_charge_some (rig);
  tw_virtual_rapi_press_button (rig->twin);
  g_assert_true (rapi_rig_twin_sleeps (rig));
  WAIT_FOR (rig, rapi_rig_twin_draws);

  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  tw_virtual_rapi_press_button (rig->twin);
  g_assert_false (rapi_rig_twin_sleeps (rig));
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
}

/* The twin's seconds pass 400 times faster: it misses each pulse. There is no car, so no energy to disbelieve. */
static void
missed_heartbeat (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_with ((TwVirtualRapiOptions) {
    .evse = { .heartbeat = TRUE, .boots_asleep = TRUE }, .speed = 400,
  });

  WAIT_FOR (rig, rapi_rig_is_present);
  tw_power_want (rig->power, TRUE, 16000);
  WAIT_FOR (rig, rapi_rig_twin_offers_16);
  while (strstr (rig->said->str, "$SY 165") == NULL)
    WAIT_FOR (rig, rapi_rig_is_present), rapi_rig_pass_ms (rig, 10);
  g_assert_nonnull (strstr (rig->said->str, "$SY 20 6"));
  while (strstr (strstr (rig->said->str, "$SY 165"), "$SC 16 V") == NULL)
    WAIT_FOR (rig, rapi_rig_is_present), rapi_rig_pass_ms (rig, 10);
}

static void
heartbeat_is_stored_once (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_with ((TwVirtualRapiOptions) {
    .evse = { .heartbeat = TRUE, .boots_asleep = TRUE },
  });
  g_autofree char *about = NULL;

  WAIT_FOR (rig, rapi_rig_is_present);
  tw_power_want (rig->power, FALSE, 0);
  while (strstr (rig->said->str, "$SY :") == NULL)
    WAIT_FOR (rig, rapi_rig_is_present), rapi_rig_pass_ms (rig, 10);
  g_string_truncate (rig->said, 0);

  /* A restart asks, finds it stored, and does not write the EEPROM again. */
  tw_virtual_rapi_reboot (rig->twin);
  while (strstr (rig->said->str, "$SY :") == NULL)
    rapi_rig_pass_ms (rig, 10);
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
    { "over-temperature", "over-temperature", 10 }, { "over-current", "over-current", 11 },
    { "relay-closure", "relay-closure", 14 },
  };
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");

  rapi_rig_charge_some (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (tw_virtual_rapi_fault (rig->twin, cases[i].cause));
      WAIT_FOR (rig, rapi_rig_has_fault);
      g_assert_cmpstr (rapi_rig_status_of (rig).fault_name, ==, cases[i].name);
      g_assert_cmpuint (rapi_rig_status_of (rig).fault, ==, cases[i].code);
      g_assert_false (rapi_rig_status_of (rig).contactor_closed);
      tw_virtual_rapi_fault (rig->twin, NULL);
      WAIT_FOR (rig, rapi_rig_has_no_fault);
      WAIT_FOR (rig, rapi_rig_draws);
    }

  /* While off, the code is not overwritten, and what comes back enabled is put to sleep. */
  tw_virtual_rapi_fault (rig->twin, "gfci");
  WAIT_FOR (rig, rapi_rig_has_fault);
  tw_power_want (rig->power, FALSE, 0);
  rapi_rig_pass_ms (rig, 200);
  g_assert_cmpstr (rapi_rig_status_of (rig).fault_name, ==, "gfci");
  tw_virtual_rapi_fault (rig->twin, NULL);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  WAIT_FOR (rig, rapi_rig_has_no_fault);
}

static void
stuck_relay (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");

  rapi_rig_charge_some (rig);
  tw_virtual_rapi_fault (rig->twin, "stuck-relay");
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  g_assert_false (rapi_rig_has_fault (rig));
  WAIT_FOR (rig, rapi_rig_has_fault);
  g_assert_cmpstr (rapi_rig_status_of (rig).fault_name, ==, "stuck-relay");
  g_assert_true (rapi_rig_status_of (rig).contactor_closed);
  g_assert_false (rapi_rig_read_meter (rig).final);
  tw_virtual_rapi_fault (rig->twin, NULL);
  WAIT_FOR (rig, rapi_rig_has_no_fault);
}

static void
pulled_cable (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
  TwReading before, after;
  gint64 since_us;

  rapi_rig_charge_some (rig);
  before = rapi_rig_read_meter (rig);
  rig->changes = 0;
  since_us = rapi_rig_now_us (rig);
  tw_virtual_rapi_hang_up (rig->twin);
  WAIT_FOR (rig, rapi_rig_is_absent);
  g_assert_cmpint (rapi_rig_now_us (rig) - since_us, <, G_USEC_PER_SEC);
  g_assert_cmpuint (rig->changes, ==, 1);
  rapi_rig_try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_GONE);
  g_assert_nonnull (strstr (rig->read_error->message, "does not answer"));

  /* The car charges on meanwhile; what was wanted meanwhile is done first. */
  tw_power_want (rig->power, FALSE, 0);
  g_assert_true (rapi_rig_twin_draws (rig));
  g_assert_true (tw_virtual_rapi_return (rig->twin, NULL));
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  WAIT_FOR (rig, rapi_rig_is_present);
  after = rapi_rig_read_final (rig);
  g_assert_cmpint (after.epoch, ==, before.epoch);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.session_ws, ==, tw_virtual_rapi_status (rig->twin).session_ws);
}

static void
misbehaviour (gconstpointer how)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");

  WAIT_FOR (rig, rapi_rig_is_present);
  g_assert_true (tw_virtual_rapi_misbehave (rig->twin, how, 3));
  rapi_rig_charge_some (rig);
  g_assert_true (tw_virtual_rapi_misbehave (rig->twin, how, 3));
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  WAIT_FOR (rig, rapi_rig_is_open);
  g_assert_cmpint (rapi_rig_read_final (rig).session_ws, ==, tw_virtual_rapi_status (rig->twin).session_ws);
  g_assert_cmpuint (rapi_rig_status_of (rig).fault, ==, 0);
}

static void
broken_counter (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
  gint64 before;

  rapi_rig_charge_some (rig);
  before = rapi_rig_read_meter (rig).register_wh;
  tw_virtual_rapi_add_energy (rig->twin, 10000);
  rapi_rig_try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (rig->read_error->message, "not believed: the energy register grew by"));
  rapi_rig_try_to_read (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_BAD_DATA);

  /* The next car is a new beginning, with a mark that tells so. */
  tw_power_want (rig->power, FALSE, 0);
  tw_virtual_rapi_unplug (rig->twin);
  WAIT_FOR (rig, rapi_rig_has_no_car);
  g_assert_cmpint (rapi_rig_read_meter (rig).register_wh, >=, before);
  g_assert_cmpint (rig->reading.epoch, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const some[] = { "4.8", "5.2", "8.2", NULL };
  static const char *const told[] = { "6.1", "8.2", NULL };
  static const char *const ways[] = {
    "silent", "garbage", "noise", "dribble", "glued", "bad-check", "wrong-sequence", NULL,
  };

  rapi_rig_init (&argc, &argv);
  rapi_rig_add_each ("/power/rapi/restart-of-%-while-off-stays-off", some, restart_while_off);
  rapi_rig_add_each ("/power/rapi/restart-of-%-while-on-loses-no-energy", told, restart_while_on);
  rapi_rig_add_each ("/power/rapi/wire-is-%-for-a-while", ways, misbehaviour);
  g_test_add_func ("/power/rapi/old-firmware-is-refused-by-name", old_firmware);
  g_test_add_func ("/power/rapi/button-does-not-win", button);
  g_test_add_func ("/power/rapi/missed-heartbeat-is-acknowledged-and-the-limit-restored", missed_heartbeat);
  g_test_add_func ("/power/rapi/heartbeat-is-stored-once", heartbeat_is_stored_once);
  g_test_add_func ("/power/rapi/faults-have-names", faults);
  g_test_add_func ("/power/rapi/relay-that-does-not-open-is-a-fault", stuck_relay);
  g_test_add_func ("/power/rapi/pulled-cable-ends-presence-and-returns", pulled_cable);
  g_test_add_func ("/power/rapi/broken-counter-is-not-believed", broken_counter);
  return g_test_run ();
}
