/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's real times, on a clock that the test moves: answers need none of it, so that only deadlines do. */
#include <string.h>

#include "app/base/error.h"
#include "hw/power/rapi.h"
#include "hw/virtual/rapi.h"
#include "tests/lib/virtual-clock.h"

typedef struct
{
  TwVirtualClock *clock;
  TwVirtualRapi  *twin;
  TwRapi         *rapi;
  TwPower        *power;
  TwMeter        *meter;
  guint           open;     /* questions without an answer yet */
  guint           states;   /* how often the station asked for the state */
  guint           counters; /* and for the fault counters */
  GError         *read_error;
} Bench;

static void
on_line (gboolean    from_station,
         const char *line,
         gpointer    user_data)
{
  Bench *bench = user_data;

  if (from_station)
    bench->open++;
  else if (bench->open > 0)
    bench->open--;
  bench->states += from_station && g_str_has_prefix (line, "$GS") ? 1 : 0;
  bench->counters += from_station && g_str_has_prefix (line, "$GF") ? 1 : 0;
}

static void
on_read (const TwReading *reading,
         const GError    *error,
         gpointer         user_data)
{
  Bench *bench = user_data;

  g_assert_null (bench->read_error);
  g_assert_nonnull (error);
  bench->read_error = g_error_copy (error);
}

static Bench *
bench_new (void)
{
  Bench *bench = g_new0 (Bench, 1);
  g_autoptr (GError) error = NULL;
  TwVirtualRapiOptions twin = { .evse = { .phases = 1, .voltage_v = 230, .max_current_a = 16, .boots_asleep = TRUE } };
  TwRapiOptions options = { .phases = 1, .voltage_v = 230, .max_current_a = 16, .label = "1" };

  bench->clock = tw_virtual_clock_new ();
  twin.clock = options.clock = tw_virtual_clock_clock (bench->clock);
  bench->twin = tw_virtual_rapi_new (&twin, &error);
  g_assert_no_error (error);
  tw_virtual_rapi_trace (bench->twin, on_line, bench);
  bench->rapi = tw_rapi_open (tw_virtual_rapi_path (bench->twin), &options, &error);
  g_assert_no_error (error);
  bench->power = tw_rapi_power (bench->rapi);
  bench->meter = tw_rapi_meter (bench->rapi);

  tw_virtual_clock_advance (bench->clock, 0);
  while (!tw_power_status (bench->power).present)
    g_main_context_iteration (NULL, TRUE);
  return bench;
}

static void
bench_free (Bench *bench)
{
  tw_power_free (bench->power);
  tw_meter_free (bench->meter);
  tw_rapi_close (bench->rapi);
  tw_virtual_rapi_free (bench->twin);
  tw_virtual_clock_free (bench->clock);
  g_clear_error (&bench->read_error);
  g_free (bench);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

/* What is on its way arrives; a straggler only finds the clock a little further on. */
static void
settle (Bench *bench)
{
  do
    for (int i = 0; i < 5; i++)
      g_main_context_iteration (NULL, FALSE);
  while (bench->open > 0);
}

/* Time goes on for so long in small steps, so that answers take next to none of it. */
static void
pass_ms (Bench *bench,
         guint  ms)
{
  for (guint passed = 0; passed < ms; passed += 20)
    {
      tw_virtual_clock_advance (bench->clock, 20);
      settle (bench);
    }
}

static void
lost_after_five_seconds (void)
{
  g_autoptr (Bench) bench = bench_new ();

  settle (bench);
  tw_virtual_rapi_misbehave (bench->twin, "silent", 0);
  tw_virtual_clock_advance (bench->clock, 4900);
  g_assert_true (tw_power_status (bench->power).present);
  tw_virtual_clock_advance (bench->clock, 100);
  g_assert_false (tw_power_status (bench->power).present);

  /* It keeps asking, and finds it again. */
  tw_virtual_clock_advance (bench->clock, 60000);
  tw_virtual_rapi_misbehave (bench->twin, "none", 0);
  while (!tw_power_status (bench->power).present)
    {
      tw_virtual_clock_advance (bench->clock, 100);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
reading_takes_at_most_five_seconds (void)
{
  g_autoptr (Bench) bench = bench_new ();

  settle (bench);
  tw_virtual_rapi_misbehave (bench->twin, "silent", 0);
  tw_meter_read (bench->meter, on_read, bench);
  tw_virtual_clock_advance (bench->clock, 4499);
  g_assert_null (bench->read_error);
  tw_virtual_clock_advance (bench->clock, 1);
  g_assert_error (bench->read_error, TW_ERROR, TW_ERROR_TIMEOUT);
}

static void
asked_each_second (void)
{
  g_autoptr (Bench) bench = bench_new ();

  pass_ms (bench, 500);
  bench->states = 0;
  bench->counters = 0;
  /* Twice a round, before and after the counters. */
  pass_ms (bench, 28000);
  g_assert_cmpuint (bench->states, >=, 2 * 24);
  g_assert_cmpuint (bench->states, <=, 2 * 29);
  g_assert_cmpuint (bench->counters, ==, 0);
  pass_ms (bench, 4000);
  g_assert_cmpuint (bench->counters, ==, 1);
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (on_log, NULL, NULL);
  g_test_add_func ("/power/rapi/silent-controller-is-lost-after-five-seconds", lost_after_five_seconds);
  g_test_add_func ("/power/rapi/reading-takes-at-most-five-seconds", reading_takes_at_most_five_seconds);
  g_test_add_func ("/power/rapi/state-is-asked-each-second-and-health-each-half-minute", asked_each_second);
  return g_test_run ();
}
