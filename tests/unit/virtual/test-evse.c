/* SPDX-License-Identifier: Apache-2.0 */
/* The controller twin against the facts page "Power-controller wires" section 1, so that the driver's tests have a
 * witness of their own. 16 A at 230 V are 3680 W: exactly 920 Ws in each quarter of a second. */
#include <string.h>

#include "hw/virtual/evse.h"

typedef struct
{
  TwEvse  *evse;
  GString *answers;   /* since the last question */
  GString *unasked;
  gint64   now_ms;
} Bench;

static void
on_say (const char *frame,
        gboolean    answer,
        gpointer    user_data)
{
  Bench *bench = user_data;
  GString *to = answer ? bench->answers : bench->unasked;

  g_assert_true (g_str_has_suffix (frame, "\r"));
  g_string_append (to, frame);
  g_string_truncate (to, to->len - 1);
}

static Bench *
bench_with (TwEvseOptions options)
{
  Bench *bench = g_new0 (Bench, 1);

  options.phases = options.phases ? options.phases : 1;
  options.voltage_v = options.voltage_v ? options.voltage_v : 230;
  options.max_current_a = 32;
  bench->answers = g_string_new (NULL);
  bench->unasked = g_string_new (NULL);
  bench->evse = tw_evse_new (&options, on_say, bench);
  g_assert_nonnull (bench->evse);
  return bench;
}

static Bench *
bench_new (const char *firmware)
{
  return bench_with ((TwEvseOptions) { .firmware = firmware });
}

static void
bench_free (Bench *bench)
{
  tw_evse_free (bench->evse);
  g_string_free (bench->answers, TRUE);
  g_string_free (bench->unasked, TRUE);
  g_free (bench);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

static void
say_bytes (Bench      *bench,
           const char *bytes)
{
  g_string_truncate (bench->answers, 0);
  for (const char *c = bytes; *c; c++)
    tw_evse_hear (bench->evse, (guint8) *c);
}

/* The answer without its check, which must be right; "" for none. */
static const char *
ask (Bench      *bench,
     const char *command)
{
  g_autofree char *line = NULL;
  guint8 check = '$';
  char *caret;

  for (const char *c = command; *c; c++)
    check ^= (guint8) *c;
  line = g_strdup_printf ("$%s^%02X\r", command, check);
  say_bytes (bench, line);
  caret = strrchr (bench->answers->str, '^');
  if (caret == NULL)
    return bench->answers->str;

  check = 0;
  for (const char *c = bench->answers->str; c < caret; c++)
    check ^= (guint8) *c;
  g_assert_cmpuint (g_ascii_strtoull (caret + 1, NULL, 16), ==, check);
  *caret = '\0';
  return bench->answers->str;
}

static void
pass_ms (Bench  *bench,
         gint64  ms)
{
  bench->now_ms += ms;
  tw_evse_advance (bench->evse, bench->now_ms);
}

#define ASSERT_ANSWER(bench, command, answer) g_assert_cmpstr (ask (bench, command), ==, answer)

/* Plugged and charging at 16 A; what was counted so far is set aside. */
static void
begin_charging (Bench *bench)
{
  ASSERT_ANSWER (bench, "SC 16 V", "$OK 16");
  tw_evse_plug (bench->evse);
  pass_ms (bench, 1000);
  g_assert_true (tw_evse_status (bench->evse).relay_closed);
}

static void
state_of_each_firmware (void)
{
  g_autoptr (Bench) v4 = bench_new ("4.8"), v5 = bench_new ("5.2"), v8 = bench_new ("8.2"), v3 = bench_new ("3.9");

  ASSERT_ANSWER (v4, "GS", "$OK 1 0");
  ASSERT_ANSWER (v4, "FS", "$OK");
  ASSERT_ANSWER (v4, "GS", "$OK 254 0");
  ASSERT_ANSWER (v5, "GS", "$OK 01 0 01");
  ASSERT_ANSWER (v8, "GS", "$OK 01 0 01 0000");
  tw_evse_plug (v8->evse);
  ASSERT_ANSWER (v8, "FS", "$OK");
  ASSERT_ANSWER (v8, "GS", "$OK fe 0 02 0500");
  say_bytes (v3, "$GS\r");
  g_assert_cmpstr (v3->answers->str, ==, "$OK 1 0");   /* without a check */
  ASSERT_ANSWER (v4, "GV", "$OK 4.8.0 3.0.1");
  ASSERT_ANSWER (v8, "GV", "$OK 8.2.1 5.2.1");
}

static void
frames_by_the_book (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  say_bytes (bench, "$GV^35\r");          /* facts 1.1 */
  g_assert_cmpstr (bench->answers->str, ==, "$OK 8.2.1 5.2.1^2D");   /* Python, XOR over the text */
  say_bytes (bench, "$GS*BE\r");          /* the additive check of old */
  g_assert_true (g_str_has_prefix (bench->answers->str, "$OK "));
  say_bytes (bench, "$GV^36\r");
  g_assert_cmpstr (bench->answers->str, ==, "$NK^21");
  say_bytes (bench, "noise $GS $GV^35\r");
  g_assert_cmpstr (bench->answers->str, ==, "$OK 8.2.1 5.2.1^2D");
  say_bytes (bench, "GV^35\r");
  g_assert_cmpstr (bench->answers->str, ==, "");
  /* 31 bytes before the CR are heard, 32 are dropped without an answer. */
  say_bytes (bench, "$GV 4567890123456789012345678901\r");
  g_assert_cmpstr (bench->answers->str, ==, "");
  say_bytes (bench, "$GV 456789012345678901234567890\r");
  g_assert_true (g_str_has_prefix (bench->answers->str, "$OK "));
  say_bytes (bench, "$GV 1 2 3 4 5 6 7 8 9 0\r");
  g_assert_cmpstr (bench->answers->str, ==, "$NK^21");
  say_bytes (bench, "$ZZ\r");
  g_assert_cmpstr (bench->answers->str, ==, "$NK^21");
}

static void
sequence_comes_back (void)
{
  g_autoptr (Bench) with = bench_new ("8.2"), without = bench_new ("5.2");

  ASSERT_ANSWER (with, "GU :0a", "$OK 0 0 :0A");
  ASSERT_ANSWER (with, "ZZ :FF", "$NK :FF");
  ASSERT_ANSWER (without, "GU :0a", "$OK 0 0");
}

static void
energy_by_the_book (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");
  TwEvseStatus before;

  begin_charging (bench);
  before = tw_evse_status (bench->evse);
  pass_ms (bench, 60000);
  g_assert_cmpint (tw_evse_status (bench->evse).session_ws - before.session_ws, ==, 60 * 3680);
  g_assert_cmpint (tw_evse_status (bench->evse).elapsed_s - before.elapsed_s, ==, 60);
  g_assert_cmpint (tw_evse_status (bench->evse).total_wh, ==, 0);

  /* Into the total with the unplug, whole Wh only; the session counter keeps its value until the next plug. */
  before = tw_evse_status (bench->evse);
  tw_evse_unplug (bench->evse);
  g_assert_false (tw_evse_status (bench->evse).relay_closed);
  g_assert_cmpint (tw_evse_status (bench->evse).total_wh, ==, before.session_ws / 3600);
  g_assert_cmpint (tw_evse_status (bench->evse).session_ws, ==, before.session_ws);
  tw_evse_plug (bench->evse);
  g_assert_cmpint (tw_evse_status (bench->evse).session_ws, ==, 0);
  g_assert_cmpint (tw_evse_status (bench->evse).elapsed_s, ==, 0);
}

static void
energy_is_truncated (void)
{
  /* 3 x 231 V x 16 A = 11088 W = 2772 Ws a step; 10 A at 231 V one phase = 577.5, told 577. */
  g_autoptr (Bench) three = bench_with ((TwEvseOptions) { .phases = 3, .voltage_v = 231 });
  g_autoptr (Bench) one = bench_with ((TwEvseOptions) { .voltage_v = 231 });
  gint64 before;

  begin_charging (three);
  before = tw_evse_status (three->evse).session_ws;
  pass_ms (three, 1000);
  g_assert_cmpint (tw_evse_status (three->evse).session_ws - before, ==, 4 * 2772);

  tw_evse_set_draw (one->evse, 10000);
  begin_charging (one);
  before = tw_evse_status (one->evse).session_ws;
  pass_ms (one, 1000);
  g_assert_cmpint (tw_evse_status (one->evse).session_ws - before, ==, 4 * 577);
}

static void
restart_loses_the_session (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  begin_charging (bench);
  pass_ms (bench, 60000);
  ASSERT_ANSWER (bench, "FS", "$OK");
  g_string_truncate (bench->unasked, 0);
  tw_evse_reboot (bench->evse);
  ASSERT_ANSWER (bench, "GV", "");          /* deaf */
  pass_ms (bench, 1600);
  /* It comes up enabled, with what is stored, and tells so. */
  g_assert_true (g_str_has_prefix (bench->unasked->str, "$AB 00 8.2.1^"));
  g_assert_nonnull (strstr (bench->unasked->str, "$AT 02 02 32 0500"));
  g_assert_cmpint (tw_evse_status (bench->evse).session_ws, ==, 0);
  g_assert_cmpint (tw_evse_status (bench->evse).total_wh, ==, 0);
  pass_ms (bench, 1000);
  ASSERT_ANSWER (bench, "G0", "$OK 1");
  g_assert_true (tw_evse_status (bench->evse).relay_closed);
}

static void
sleep_lets_the_car_stop (void)
{
  g_autoptr (Bench) polite = bench_new ("8.2"), stubborn = bench_new ("8.2");

  begin_charging (polite);
  ASSERT_ANSWER (polite, "FS", "$OK");
  g_assert_true (tw_evse_status (polite->evse).relay_closed);
  pass_ms (polite, 600);
  g_assert_false (tw_evse_status (polite->evse).relay_closed);
  ASSERT_ANSWER (polite, "GG", "$OK 0 230000");

  begin_charging (stubborn);
  tw_evse_set_stubborn (stubborn->evse, TRUE);
  ASSERT_ANSWER (stubborn, "FS", "$OK");
  pass_ms (stubborn, 2900);
  g_assert_true (tw_evse_status (stubborn->evse).relay_closed);
  pass_ms (stubborn, 200);
  g_assert_false (tw_evse_status (stubborn->evse).relay_closed);

  /* It stays asleep across plug changes. */
  tw_evse_unplug (polite->evse);
  tw_evse_plug (polite->evse);
  pass_ms (polite, 5000);
  g_assert_cmpuint (tw_evse_status (polite->evse).state, ==, 0xfe);
  ASSERT_ANSWER (polite, "FE", "$OK");
  pass_ms (polite, 1000);
  g_assert_cmpuint (tw_evse_status (polite->evse).state, ==, 0x03);
}

static void
limits_of_current (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  ASSERT_ANSWER (bench, "SC 16 V", "$OK 16");
  ASSERT_ANSWER (bench, "SC 5 V", "$NK 6");
  ASSERT_ANSWER (bench, "SC 33 V", "$NK 32");
  ASSERT_ANSWER (bench, "SC 262 V", "$OK 6");   /* cut to 8 bits */
  ASSERT_ANSWER (bench, "GC", "$OK 6 32 6 32");
  ASSERT_ANSWER (bench, "SC 10 M", "$NK");
}

static void
energy_limit_wakes_by_itself (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  ASSERT_ANSWER (bench, "SH 1", "$NK");          /* no car */
  begin_charging (bench);
  ASSERT_ANSWER (bench, "SH 1", "$OK");
  ASSERT_ANSWER (bench, "GH", "$OK 1");
  pass_ms (bench, 3600 * 1000);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0xfe);
  g_assert_true (tw_evse_status (bench->evse).vflags & 0x0004);
  g_assert_cmpint (tw_evse_status (bench->evse).session_ws / 3600, ==, 1000);
  ASSERT_ANSWER (bench, "GH", "$OK 0");
  tw_evse_unplug (bench->evse);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x01);   /* the next car charges free */
}

static void
heart (void)
{
  g_autoptr (Bench) bench = bench_with ((TwEvseOptions) { .heartbeat = TRUE });
  g_autoptr (Bench) without = bench_new ("8.2");

  ASSERT_ANSWER (without, "GY", "$NK");
  ASSERT_ANSWER (without, "SY 20 6", "$NK");

  ASSERT_ANSWER (bench, "GY", "$OK 0 0 0");
  ASSERT_ANSWER (bench, "SY 20 6", "$OK 20 6 0");
  pass_ms (bench, 15000);
  ASSERT_ANSWER (bench, "SY", "$OK 20 6 0");
  ASSERT_ANSWER (bench, "SC 16 V", "$OK 16");
  pass_ms (bench, 21000);
  ASSERT_ANSWER (bench, "SY", "$NK 20 6 2");
  ASSERT_ANSWER (bench, "GE", "$OK 6 0021");
  ASSERT_ANSWER (bench, "SY 165", "$OK 20 6 1");
  ASSERT_ANSWER (bench, "GE", "$OK 32 0021");    /* the configured maximum, not the last 16 */
  /* Stored: still armed after a restart. */
  tw_evse_reboot (bench->evse);
  pass_ms (bench, 2000);
  ASSERT_ANSWER (bench, "GY", "$OK 20 6 0");
}

static void
faults (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  g_assert_false (tw_evse_fault (bench->evse, "no-such-fault"));
  begin_charging (bench);
  g_assert_true (tw_evse_fault (bench->evse, "gfci"));
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x06);
  g_assert_false (tw_evse_status (bench->evse).relay_closed);
  ASSERT_ANSWER (bench, "GF", "$OK 1 0 0");
  /* Sleep hides it, enabling tests again. */
  ASSERT_ANSWER (bench, "FS", "$OK");
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0xfe);
  ASSERT_ANSWER (bench, "FE", "$OK");
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x06);
  ASSERT_ANSWER (bench, "GF", "$OK 2 0 0");
  tw_evse_fault (bench->evse, NULL);
  pass_ms (bench, 1000);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x03);

  /* A relay that sticks shows when it should open. */
  tw_evse_fault (bench->evse, "stuck-relay");
  pass_ms (bench, 1000);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x03);
  tw_evse_unplug (bench->evse);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x08);
  g_assert_true (tw_evse_status (bench->evse).vflags & 0x0040);
  ASSERT_ANSWER (bench, "GF", "$OK 2 0 1");
}

static void
disabled_is_blind (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");
  gint64 session_ws;

  begin_charging (bench);
  pass_ms (bench, 10000);
  ASSERT_ANSWER (bench, "FD", "$OK");
  g_assert_false (tw_evse_status (bench->evse).relay_closed);
  session_ws = tw_evse_status (bench->evse).session_ws;
  ASSERT_ANSWER (bench, "G0", "$OK 2");
  tw_evse_unplug (bench->evse);
  tw_evse_plug (bench->evse);
  pass_ms (bench, 1000);
  ASSERT_ANSWER (bench, "FS", "$OK");
  g_assert_cmpint (tw_evse_status (bench->evse).session_ws, ==, session_ws);   /* another car, the same session */
}

static void
battery_and_pause (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  tw_evse_set_battery (bench->evse, 10);
  begin_charging (bench);
  pass_ms (bench, 20000);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x02);
  g_assert_cmpint (tw_evse_status (bench->evse).battery_wh, ==, 0);
  tw_evse_set_battery (bench->evse, -1);
  pass_ms (bench, 1000);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x03);
  tw_evse_set_paused (bench->evse, TRUE);
  pass_ms (bench, 1000);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x02);
  g_assert_false (tw_evse_status (bench->evse).relay_closed);
}

static void
changes_are_told (void)
{
  g_autoptr (Bench) new = bench_new ("8.2"), old = bench_new ("4.8");

  tw_evse_plug (new->evse);
  g_assert_cmpstr (new->unasked->str, ==, "$AT 02 02 32 0500^35");   /* Python, XOR over the text */
  g_string_truncate (new->unasked, 0);
  pass_ms (new, 1000);
  g_assert_nonnull (strstr (new->unasked->str, "$AT 03 03 32 0540^"));
  /* A relay that opens alone is not told. */
  g_string_truncate (new->unasked, 0);
  ASSERT_ANSWER (new, "FS", "$OK");
  g_assert_nonnull (strstr (new->unasked->str, "$AT fe 03 32 0540^"));

  tw_evse_plug (old->evse);
  g_assert_cmpstr (old->unasked->str, ==, "$ST 02^01");              /* Python */
}

static void
button_can_be_turned_off (void)
{
  g_autoptr (Bench) bench = bench_new ("8.2");

  ASSERT_ANSWER (bench, "FF B 0", "$OK");
  tw_evse_press_button (bench->evse);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0x01);
  ASSERT_ANSWER (bench, "FF B 1", "$OK");
  tw_evse_press_button (bench->evse);
  g_assert_cmpuint (tw_evse_status (bench->evse).state, ==, 0xfe);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virtual/evse/state-is-told-as-each-firmware-tells-it", state_of_each_firmware);
  g_test_add_func ("/virtual/evse/frames-are-by-the-book", frames_by_the_book);
  g_test_add_func ("/virtual/evse/sequence-comes-back-where-it-is-known", sequence_comes_back);
  g_test_add_func ("/virtual/evse/energy-is-counted-by-the-book", energy_by_the_book);
  g_test_add_func ("/virtual/evse/energy-is-truncated-in-each-step", energy_is_truncated);
  g_test_add_func ("/virtual/evse/restart-loses-the-session", restart_loses_the_session);
  g_test_add_func ("/virtual/evse/sleep-lets-the-car-stop-first", sleep_lets_the_car_stop);
  g_test_add_func ("/virtual/evse/current-is-clamped", limits_of_current);
  g_test_add_func ("/virtual/evse/energy-limit-wakes-by-itself", energy_limit_wakes_by_itself);
  g_test_add_func ("/virtual/evse/missed-heartbeat-lowers-the-offer", heart);
  g_test_add_func ("/virtual/evse/faults-open-the-relay", faults);
  g_test_add_func ("/virtual/evse/disabled-sees-no-car", disabled_is_blind);
  g_test_add_func ("/virtual/evse/full-or-paused-car-stops-drawing", battery_and_pause);
  g_test_add_func ("/virtual/evse/changes-are-told-unasked", changes_are_told);
  g_test_add_func ("/virtual/evse/button-can-be-turned-off", button_can_be_turned_off);
  return g_test_run ();
}
