/* SPDX-License-Identifier: Apache-2.0 */
/* Facts page "Power-controller wires" sections 1.6 (how the firmware counts) and 5 (what is plausible). One phase,
 * 230 V, 32 A: most 1 x 253 V x 36.2 A = 9158 W, 2.5 Wh a second. */
#include <string.h>

#include "app/base/error.h"
#include "hw/power/rapi-meter.h"

static const TwRapiCircuit circuit = { .phases = 1, .voltage_v = 230, .max_current_a = 32 };

typedef struct
{
  TwRapiMeter *meter;
  TwRapiSample next;
} Bench;

static Bench
bench_new (void)
{
  return (Bench) {
    .meter = tw_rapi_meter_new (&circuit),
    .next = {
      .total_wh = 1000, .car_known = TRUE, .ma = 0, .mv = 230000, .at = { .boot_us = 1000000000, .boot_id = { 7 } },
    },
  };
}

static void
after_ms (Bench *self,
          gint64 ms)
{
  self->next.at.boot_us += ms * 1000;
  self->next.at.wall_us += ms * 1000;
}

static TwReading
believed (Bench *self)
{
  g_autoptr (GError) error = NULL;
  gboolean taken = tw_rapi_meter_take (self->meter, &self->next, &error);

  g_assert_no_error (error);
  g_assert_true (taken);
  return tw_rapi_meter_reading (self->meter);
}

static void
assert_register (Bench *self,
                 gint64 register_wh,
                 guint  epoch)
{
  TwReading reading = believed (self);

  g_assert_cmpint (reading.register_wh, ==, register_wh);
  g_assert_cmpint (reading.epoch, ==, epoch);
  g_assert_cmpint (reading.session_ws, ==, self->next.session_ws);
  g_assert_cmpint (reading.plugged_s, ==, self->next.elapsed_s);
  g_assert_cmpint (reading.current_ma, ==, self->next.ma * (gint32) circuit.phases);
}

static void
assert_refused (Bench      *self,
                TwError     code,
                const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (tw_rapi_meter_take (self->meter, &self->next, &error));
  g_assert_error (error, TW_ERROR, (int) code);
  if (strstr (error->message, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

static void
plug (Bench *self)
{
  self->next.car = TRUE;
  self->next.session_ws = 0;
  self->next.elapsed_s = 0;
}

static void
unplug (Bench *self)
{
  self->next.car = FALSE;
  self->next.relay_closed = FALSE;
  self->next.ma = 0;
  self->next.total_wh += self->next.session_ws / 3600;
}

/* 16 A x 230 V = 3680 W, told the way the firmware does, in steps of s. */
static void
charge (Bench *self,
        gint64 s)
{
  self->next.relay_closed = TRUE;
  self->next.ma = 16000;
  self->next.session_ws += 3680 * s;
  self->next.elapsed_s += s;
  after_ms (self, s * 1000);
}

static void
register_over_plug_ins (void)
{
  Bench bench = bench_new ();

  assert_register (&bench, 1000, 1);
  after_ms (&bench, 1000);
  plug (&bench);
  assert_register (&bench, 1000, 1);
  for (int i = 0; i < 60; i++)
    {
      charge (&bench, 1);
      assert_register (&bench, 1000 + 3680 * (i + 1) / 3600, 1);
    }
  /* 220800 Ws are 61.33 Wh: the third is lost when the controller adds them to its total. */
  after_ms (&bench, 1000);
  unplug (&bench);
  assert_register (&bench, 1061, 1);
  after_ms (&bench, 1000);
  plug (&bench);
  assert_register (&bench, 1061, 1);
  charge (&bench, 4);
  assert_register (&bench, 1065, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
plug_flag_and_counters_may_lag (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  assert_register (&bench, 1000, 1);
  charge (&bench, 100);
  assert_register (&bench, 1102, 1);
  /* The car is gone, the total has not heard of it yet. */
  bench.next.car = FALSE;
  bench.next.relay_closed = FALSE;
  after_ms (&bench, 100);
  assert_register (&bench, 1102, 1);
  bench.next.total_wh += 102;
  after_ms (&bench, 100);
  assert_register (&bench, 1102, 1);
  /* The next car is there, the session counter still shows the last one's. */
  bench.next.car = TRUE;
  after_ms (&bench, 100);
  assert_register (&bench, 1102, 1);
  bench.next.session_ws = 0;
  after_ms (&bench, 100);
  assert_register (&bench, 1102, 1);
  charge (&bench, 10);
  assert_register (&bench, 1112, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
replug_between_two_looks (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  assert_register (&bench, 1000, 1);
  charge (&bench, 100);
  assert_register (&bench, 1102, 1);
  /* 10 s more, out, in again, 5 s: all between two looks. */
  charge (&bench, 10);
  unplug (&bench);
  plug (&bench);
  charge (&bench, 5);
  after_ms (&bench, 2000);
  assert_register (&bench, 1112 + 5, 1);
  /* Two cars came and went while nobody looked. */
  unplug (&bench);
  plug (&bench);
  charge (&bench, 200);
  unplug (&bench);
  plug (&bench);
  charge (&bench, 20);
  unplug (&bench);
  assert_register (&bench, 1117 + 204 + 20, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
start_in_the_middle (void)
{
  Bench plugged = bench_new (), left = bench_new (), unknown = bench_new ();

  /* A new process: what runs counts on top, what is over is inside already. */
  plug (&plugged);
  charge (&plugged, 3600);
  assert_register (&plugged, 1000 + 3680, 1);

  left.next.session_ws = 3680 * 3600;
  left.next.total_wh = 5000;
  assert_register (&left, 5000, 1);

  unknown.next.session_ws = 3680;
  unknown.next.car_known = FALSE;
  assert_refused (&unknown, TW_ERROR_RETRY, "does not tell yet");
  unknown.next.car_known = TRUE;
  assert_register (&unknown, 1000, 1);
  /* Once known, the counters themselves tell. */
  unknown.next.car_known = FALSE;
  after_ms (&unknown, 1000);
  assert_register (&unknown, 1000, 1);

  tw_rapi_meter_free (plugged.meter);
  tw_rapi_meter_free (left.meter);
  tw_rapi_meter_free (unknown.meter);
}

static void
restart_loses_nothing (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  assert_register (&bench, 1000, 1);
  charge (&bench, 100);
  assert_register (&bench, 1102, 1);

  /* Told: $AB. */
  tw_rapi_meter_booted (bench.meter);
  plug (&bench);
  after_ms (&bench, 3000);
  assert_register (&bench, 1102, 2);
  charge (&bench, 100);
  assert_register (&bench, 1204, 2);

  /* Not told, but the counters and the seconds of charging say so. */
  plug (&bench);
  charge (&bench, 10);
  assert_register (&bench, 1204 + 10, 3);

  /* Restart after the car has left: its energy is in the total, not lost. */
  unplug (&bench);
  tw_rapi_meter_booted (bench.meter);
  bench.next.session_ws = 0;
  bench.next.elapsed_s = 0;
  after_ms (&bench, 3000);
  assert_register (&bench, 1214, 4);
  after_ms (&bench, 1000);
  plug (&bench);
  assert_register (&bench, 1214, 4);
  tw_rapi_meter_free (bench.meter);
}

static void
going_back_is_refused (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  charge (&bench, 100);
  assert_register (&bench, 1102, 1);
  bench.next.session_ws -= 7200;
  after_ms (&bench, 1000);
  assert_refused (&bench, TW_ERROR_BAD_DATA, "session counter went back");
  bench.next.session_ws += 7200;
  bench.next.total_wh -= 1;
  assert_refused (&bench, TW_ERROR_BAD_DATA, "total went back");
  /* A glitch is forgotten when the counters are what they were. */
  bench.next.total_wh += 1;
  assert_register (&bench, 1102, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
rollover (void)
{
  Bench bench = bench_new ();
  gint64 range = G_GINT64_CONSTANT (1) << 32;

  bench.next.total_wh = range - 50;
  plug (&bench);
  assert_register (&bench, range - 50, 1);
  charge (&bench, 100);
  assert_register (&bench, range + 52, 1);
  unplug (&bench);
  bench.next.total_wh -= range;
  after_ms (&bench, 1000);
  assert_register (&bench, range + 52, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
too_fast_is_refused (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  charge (&bench, 10);
  assert_register (&bench, 1010, 1);
  /* In 1 s, and two countings, at most 3.8 Wh and two steps. */
  bench.next.session_ws += 5 * 3600;
  bench.next.elapsed_s++;
  after_ms (&bench, 1000);
  assert_register (&bench, 1015, 1);
  bench.next.session_ws += 6 * 3600;
  bench.next.elapsed_s++;
  after_ms (&bench, 1000);
  assert_refused (&bench, TW_ERROR_BAD_DATA, "grew by 6 Wh in 1000 ms, at most 5 Wh");
  tw_rapi_meter_free (bench.meter);
}

/* Rule 9 must not launder a jump: three refusals in a row stay, until the car has left. */
static void
disbelief_lasts (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  charge (&bench, 10);
  assert_register (&bench, 1010, 1);
  bench.next.session_ws += 100 * 3600;
  for (int i = 0; i < 3; i++)
    {
      after_ms (&bench, 1000);
      assert_refused (&bench, TW_ERROR_BAD_DATA, "grew by 10");
    }
  after_ms (&bench, 3600 * 1000);
  bench.next.elapsed_s += 3600;
  assert_refused (&bench, TW_ERROR_BAD_DATA, "grew by 10");

  /* The register goes on from what was believed or what is told, whichever is more. */
  unplug (&bench);
  after_ms (&bench, 1000);
  assert_register (&bench, 1110, 2);
  tw_rapi_meter_free (bench.meter);
}

static void
gap_is_measured_whole (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  charge (&bench, 10);
  assert_register (&bench, 1010, 1);
  charge (&bench, 300);
  assert_register (&bench, 1316, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
swapped_counters (void)
{
  Bench start = bench_new (), running = bench_new ();

  /* At the start: 1000 s worth of Ws in a session of 5 s. */
  plug (&start);
  start.next.relay_closed = TRUE;
  start.next.elapsed_s = 5;
  start.next.session_ws = 9200 * 100;
  assert_refused (&start, TW_ERROR_BAD_DATA, "swapped");

  /* While running: "total" grows by Ws. */
  plug (&running);
  running.next.relay_closed = TRUE;
  assert_register (&running, 1000, 1);
  running.next.total_wh += 3680;
  after_ms (&running, 1000);
  assert_refused (&running, TW_ERROR_BAD_DATA, "grew by 3680 Wh in 1000 ms");

  tw_rapi_meter_free (start.meter);
  tw_rapi_meter_free (running.meter);
}

/* tenths: of what the ammeter says, told by the counter. FALSE: refused within the first kWh. */
static gboolean
survives_a_kwh (gint64 numerator,
                gint64 denominator)
{
  Bench bench = bench_new ();
  gint64 ws = 0;
  gboolean fine = TRUE;

  plug (&bench);
  bench.next.relay_closed = TRUE;
  bench.next.ma = 16000;
  believed (&bench);
  for (int s = 0; s < 1000 && fine; s++)
    {
      g_autoptr (GError) error = NULL;

      ws += 3680;
      charge (&bench, 1);
      bench.next.session_ws = ws * numerator / denominator;
      fine = tw_rapi_meter_take (bench.meter, &bench.next, &error);
      if (!fine)
        {
          g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
          g_assert_nonnull (strstr (error->message, "ammeter"));
          assert_refused (&bench, TW_ERROR_BAD_DATA, "ammeter");
        }
    }
  tw_rapi_meter_free (bench.meter);
  return fine;
}

static void
power_must_match (void)
{
  g_assert_true (survives_a_kwh (1, 1));
  g_assert_true (survives_a_kwh (85, 100));
  g_assert_true (survives_a_kwh (115, 100));
  g_assert_false (survives_a_kwh (75, 100));
  g_assert_false (survives_a_kwh (125, 100));
  g_assert_false (survives_a_kwh (1, 3600));   /* Wh where Ws belong */
  g_assert_false (survives_a_kwh (1, 3));      /* a one-phase build on three phases */
}

static void
open_contactor (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  assert_register (&bench, 1000, 1);
  for (int i = 0; i < 12; i++)
    {
      after_ms (&bench, 1000);
      assert_register (&bench, 1000, 1);
    }
  bench.next.session_ws += 3600;
  after_ms (&bench, 1000);
  assert_register (&bench, 1001, 1);   /* one step may still be on its way */
  bench.next.session_ws += 3600;
  after_ms (&bench, 1000);
  assert_refused (&bench, TW_ERROR_BAD_DATA, "contactor is open");
  tw_rapi_meter_free (bench.meter);
}

static void
closed_between_two_looks (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  assert_register (&bench, 1000, 1);
  after_ms (&bench, 60000);
  assert_register (&bench, 1000, 1);
  after_ms (&bench, 60000);
  assert_register (&bench, 1000, 1);
  /* The line was dead for a while, the car charged a minute of it: the seconds tell. */
  charge (&bench, 60);
  bench.next.relay_closed = FALSE;
  assert_register (&bench, 1061, 1);
  tw_rapi_meter_free (bench.meter);
}

static void
final_reading (void)
{
  Bench bench = bench_new ();

  plug (&bench);
  charge (&bench, 10);
  g_assert_false (believed (&bench).final);
  bench.next.relay_closed = FALSE;
  bench.next.session_ws += 500;
  after_ms (&bench, 1000);
  g_assert_false (believed (&bench).final);
  /* Twice is not enough within one counting step of the firmware. */
  after_ms (&bench, 100);
  g_assert_false (believed (&bench).final);
  after_ms (&bench, 100);
  g_assert_false (believed (&bench).final);
  after_ms (&bench, 100);
  g_assert_true (believed (&bench).final);
  after_ms (&bench, 10);
  g_assert_true (believed (&bench).final);
  charge (&bench, 1);
  g_assert_false (believed (&bench).final);
  tw_rapi_meter_free (bench.meter);
}

static void
no_ammeter (void)
{
  Bench bench = bench_new ();

  bench.next.ma = -1;
  assert_refused (&bench, TW_ERROR_BAD_DATA, "no ammeter");
  tw_rapi_meter_free (bench.meter);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/power/meter/register-goes-on-over-plug-ins", register_over_plug_ins);
  g_test_add_func ("/power/meter/plug-and-counters-may-lag", plug_flag_and_counters_may_lag);
  g_test_add_func ("/power/meter/replug-between-two-looks-is-counted-once", replug_between_two_looks);
  g_test_add_func ("/power/meter/new-process-starts-in-the-middle", start_in_the_middle);
  g_test_add_func ("/power/meter/restart-loses-nothing-that-was-seen", restart_loses_nothing);
  g_test_add_func ("/power/meter/going-back-is-refused", going_back_is_refused);
  g_test_add_func ("/power/meter/total-may-roll-over", rollover);
  g_test_add_func ("/power/meter/more-than-can-flow-is-refused", too_fast_is_refused);
  g_test_add_func ("/power/meter/disbelief-lasts-until-the-car-has-left", disbelief_lasts);
  g_test_add_func ("/power/meter/gap-is-measured-whole", gap_is_measured_whole);
  g_test_add_func ("/power/meter/swapped-counters-are-refused", swapped_counters);
  g_test_add_func ("/power/meter/ammeter-and-counter-must-match", power_must_match);
  g_test_add_func ("/power/meter/open-contactor-lets-nothing-through", open_contactor);
  g_test_add_func ("/power/meter/contactor-may-have-closed-between-two-looks", closed_between_two_looks);
  g_test_add_func ("/power/meter/final-is-open-and-twice-unchanged", final_reading);
  g_test_add_func ("/power/meter/without-an-ammeter-nothing-is-sold", no_ammeter);
  return g_test_run ();
}
