/* SPDX-License-Identifier: Apache-2.0 */
/* The driver when all is well. */
#include "tests/unit/power/rapi-rig.h"

static void
whole_charge (gconstpointer firmware)
{
  g_autoptr (RapiRig) rig = rapi_rig_with ((TwVirtualRapiOptions) {
    .evse = { .firmware = firmware, .total_wh = 5000, .boots_asleep = TRUE },
  });
  TwReading begin, end, after;
  TwEvseStatus twin;

  WAIT_FOR (rig, rapi_rig_has_no_car);
  begin = rapi_rig_read_meter (rig);
  g_assert_cmpint (begin.register_wh, ==, 5000);

  rapi_rig_charge_some (rig);
  g_assert_cmpint (rapi_rig_status_of (rig).current_ma, ==, 80000);
  g_assert_true (rapi_rig_status_of (rig).contactor_closed);
  g_assert_cmpuint (rapi_rig_status_of (rig).fault, ==, 0);

  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  WAIT_FOR (rig, rapi_rig_is_open);
  end = rapi_rig_read_final (rig);
  twin = tw_virtual_rapi_status (rig->twin);
  g_assert_false (twin.relay_closed);
  g_assert_cmpint (end.session_ws, ==, twin.session_ws);
  g_assert_cmpint (end.plugged_s, ==, twin.elapsed_s);
  g_assert_cmpint (end.register_wh, ==, 5000 + twin.session_ws / 3600);
  g_assert_cmpint (end.epoch, ==, begin.epoch);

  tw_virtual_rapi_unplug (rig->twin);
  WAIT_FOR (rig, rapi_rig_has_no_car);
  after = rapi_rig_read_meter (rig);
  g_assert_cmpint (after.register_wh, ==, end.register_wh);
  g_assert_cmpint (after.epoch, ==, end.epoch);
}

static void
only_reads_at_first (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_with ((TwVirtualRapiOptions) { .evse = { .firmware = "8.2", .heartbeat = TRUE } });
  g_auto (GStrv) lines = NULL;

  tw_virtual_rapi_plug (rig->twin);
  WAIT_FOR (rig, rapi_rig_draws);   /* it was on, and stays on */
  rapi_rig_read_meter (rig);
  rapi_rig_pass_ms (rig, 200);
  g_assert_true (rapi_rig_twin_draws (rig));

  lines = g_strsplit (rig->said->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 20);
  for (char **line = lines; **line; line++)
    g_assert_true (g_str_has_prefix (*line, "$G"));

  /* The first wish is followed from any state. */
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
}

/* Not more than what was on its way already may go before it. */
static void
off_is_sent_at_once (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
  g_auto (GStrv) lines = NULL;

  rapi_rig_charge_some (rig);
  g_string_truncate (rig->said, 0);
  tw_power_want (rig->power, FALSE, 0);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
  lines = g_strsplit (rig->said->str, "\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "$FS") || g_str_has_prefix (lines[1], "$FS"));

  /* On and off again before anything could be answered: off it is. */
  tw_power_want (rig->power, TRUE, 80000);
  tw_power_want (rig->power, FALSE, 0);
  rapi_rig_pass_ms (rig, 300);
  g_assert_true (rapi_rig_twin_sleeps (rig));
  g_assert_false (rapi_rig_twin_draws (rig));
}

static void
limit_follows (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");

  rapi_rig_charge_some (rig);
  tw_power_want (rig->power, TRUE, 16999);
  WAIT_FOR (rig, rapi_rig_twin_offers_16);
  g_assert_true (rapi_rig_twin_draws (rig));
  tw_power_want (rig->power, TRUE, 10000);
  WAIT_FOR (rig, rapi_rig_twin_offers_10);
  g_assert_cmpuint (tw_virtual_rapi_status (rig->twin).current_ma, ==, 10000);

  /* Less than 6 A cannot be offered. */
  tw_power_want (rig->power, TRUE, 5999);
  WAIT_FOR (rig, rapi_rig_twin_sleeps);
}

static void
clamped_limit_is_no_fault (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_with ((TwVirtualRapiOptions) { .evse = { .max_current_a = 10 } });

  rapi_rig_charge_some (rig);
  g_assert_cmpuint (tw_virtual_rapi_status (rig->twin).amps, ==, 10);
  rapi_rig_pass_ms (rig, 250);   /* two health rounds: what was clamped is not taken for somebody's change */
  g_assert_cmpuint (rapi_rig_status_of (rig).fault, ==, 0);
  g_assert_null (strstr (strstr (rig->said->str, "$SC") + 1, "$SC"));
}

static void
unplug_while_charging (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
  TwReading before, after;

  rapi_rig_charge_some (rig);
  before = rapi_rig_read_meter (rig);
  tw_virtual_rapi_unplug (rig->twin);
  WAIT_FOR (rig, rapi_rig_has_no_car);
  after = rapi_rig_read_final (rig);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.register_wh, ==, tw_virtual_rapi_status (rig->twin).total_wh);
}

static void
new_process (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
  TwReading before, after;
  gint64 grown_wh;

  rapi_rig_charge_some (rig);
  before = rapi_rig_read_meter (rig);
  rapi_rig_close_driver (rig);
  g_assert_true (rapi_rig_twin_draws (rig));

  rapi_rig_open_driver (rig);
  WAIT_FOR (rig, rapi_rig_draws);
  after = rapi_rig_read_meter (rig);
  g_assert_cmpint (after.register_wh, >=, before.register_wh);
  g_assert_cmpint (after.session_ws, >=, before.session_ws);
  grown_wh = after.register_wh - before.register_wh;
  g_assert_cmpint (ABS ((after.session_ws - before.session_ws) / 3600 - grown_wh), <=, 1);
}

static void
reads_overlap (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
  RapiRig one = { 0 }, two = { 0 };

  WAIT_FOR (rig, rapi_rig_is_present);
  tw_meter_read (rig->meter, rapi_rig_on_read, &one);
  tw_meter_read (rig->meter, rapi_rig_on_read, &two);
  g_assert_false (one.read_done || two.read_done);
  WAIT_FOR (rig, rapi_rig_is_present);
  while (!one.read_done || !two.read_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (one.read_error);
  g_assert_no_error (two.read_error);
}

static void
second_driver (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");
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
  RapiRig *self = user_data;

  if (self->power)
    rapi_rig_close_driver (self);
}

static void
watcher_may_free (void)
{
  g_autoptr (RapiRig) rig = rapi_rig_new ("8.2");

  tw_power_watch (rig->power, on_changed_free, rig);
  while (rig->power != NULL)
    g_main_context_iteration (NULL, TRUE);

  rapi_rig_open_driver (rig);
  WAIT_FOR (rig, rapi_rig_is_present);
  tw_power_watch (rig->power, on_changed_free, rig);
  tw_virtual_rapi_hang_up (rig->twin);
  while (rig->power != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const all[] = { "4.4", "4.8", "5.2", "6.1", "7.1", "8.2", "D9", NULL };

  rapi_rig_init (&argc, &argv);
  rapi_rig_add_each ("/power/rapi/firmware-%-charges-a-car", all, whole_charge);
  g_test_add_func ("/power/rapi/before-the-first-wish-it-only-reads", only_reads_at_first);
  g_test_add_func ("/power/rapi/off-is-sent-at-once", off_is_sent_at_once);
  g_test_add_func ("/power/rapi/limit-follows-the-wish", limit_follows);
  g_test_add_func ("/power/rapi/clamped-limit-is-no-fault", clamped_limit_is_no_fault);
  g_test_add_func ("/power/rapi/unplugging-keeps-the-register", unplug_while_charging);
  g_test_add_func ("/power/rapi/new-process-goes-on", new_process);
  g_test_add_func ("/power/rapi/readings-may-overlap", reads_overlap);
  g_test_add_func ("/power/rapi/second-user-and-no-tty-are-refused", second_driver);
  g_test_add_func ("/power/rapi/watcher-may-free-the-driver", watcher_may_free);
  return g_test_run ();
}
