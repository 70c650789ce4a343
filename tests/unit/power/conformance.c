/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/power/conformance.h"

#include <string.h>

#include "app/base/error.h"

#define GUARD_S 20   /* far more than any case needs: a driver that hangs fails instead of blocking the build */

typedef enum
{
  WIRE_GOOD, WIRE_GLUED, WIRE_CORRUPT, WIRE_SOME_CORRUPT, WIRE_SILENT, WIRE_GARBAGE, WIRE_ONLY_GARBAGE,
} Wire;

typedef struct
{
  const ConformanceDriver *driver;
  TwScriptedPort          *port;
  TwClock                 *clock;
  ConformanceBox           box;
  Wire                     wire;
  guint                    answers;
  guint32                  noise;
  gpointer                 device;
  TwPower                 *power;
  TwMeter                 *meter;
  guint                    changes;
  gboolean                 read_done;
  TwReading                reading;
  GError                  *read_error;
} Rig;

/* xorshift: the same noise in every run. */
static guint8
next_noise (Rig *self)
{
  self->noise ^= self->noise << 13;
  self->noise ^= self->noise >> 17;
  self->noise ^= self->noise << 5;
  return (guint8) self->noise;
}

static void
add_noise (Rig        *self,
           GByteArray *answer)
{
  for (int i = 0; i < 200; i++)
    {
      guint8 byte = next_noise (self);

      g_byte_array_append (answer, &byte, 1);
    }
}

static void
spoil (Rig        *self,
       GByteArray *answer)
{
  g_autofree guint8 *good = g_memdup2 (answer->data, answer->len);
  gsize n = answer->len;
  const char *unasked = self->driver->unasked ? self->driver->unasked () : "";
  gsize from = self->driver->corrupt_from;

  switch (self->wire)
    {
    case WIRE_GOOD:
      break;
    case WIRE_GLUED:
      g_byte_array_set_size (answer, 0);
      g_byte_array_append (answer, (const guint8 *) unasked, (guint) strlen (unasked));
      g_byte_array_append (answer, good, (guint) n);
      g_byte_array_append (answer, (const guint8 *) unasked, (guint) strlen (unasked));
      break;
    case WIRE_SOME_CORRUPT:
      if (self->answers % 7 != 0)
        break;
      G_GNUC_FALLTHROUGH;
    case WIRE_CORRUPT:
      answer->data[from + self->answers % (n - from)] ^= (guint8) (1 << self->answers % 3);
      break;
    case WIRE_SILENT:
      g_byte_array_set_size (answer, 0);
      break;
    case WIRE_GARBAGE:
      g_byte_array_set_size (answer, 0);
      add_noise (self, answer);
      g_byte_array_append (answer, good, (guint) n);
      add_noise (self, answer);
      break;
    case WIRE_ONLY_GARBAGE:
      g_byte_array_set_size (answer, 0);
      add_noise (self, answer);
      break;
    }
}

static gsize
on_bytes (const guint8 *heard,
          gsize         n,
          GByteArray   *answer,
          gpointer      user_data)
{
  Rig *self = user_data;
  gsize consumed = self->driver->answer (heard, n, answer, &self->box);

  if (answer->len > 0)
    {
      self->answers++;
      spoil (self, answer);
    }
  return consumed;
}

static void
on_changed (gpointer user_data)
{
  Rig *self = user_data;

  self->changes++;
}

static Rig *
rig_new (const ConformanceDriver *driver,
         Wire                     wire)
{
  Rig *self = g_new0 (Rig, 1);

  self->driver = driver;
  self->noise = 2463534242;
  self->wire = wire;
  self->box = (ConformanceBox) { .session_ws = 7200, .total_wh = 4000 };
  self->clock = tw_clock_new_system (TRUE);
  self->port = tw_scripted_port_new ();
  tw_scripted_port_answer_with (self->port, on_bytes, self);
  self->device = driver->open (tw_scripted_port_path (self->port), self->clock, &self->power, &self->meter);
  tw_power_watch (self->power, on_changed, self);

  return self;
}

static void
rig_free (Rig *self)
{
  tw_power_free (self->power);
  tw_meter_free (self->meter);
  self->driver->close (self->device);
  tw_scripted_port_free (self->port);
  tw_clock_free (self->clock);
  g_clear_error (&self->read_error);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

static gint64
now_us (Rig *self)
{
  return tw_clock_now (self->clock).boot_us;
}

/* A heart beat, so that waiting ends although nothing happens. */
static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition) (Rig *self);

static void
wait_for (Rig        *self,
          Condition   condition,
          const char *what)
{
  gint64 end_us = now_us (self) + GUARD_S * G_USEC_PER_SEC;
  guint tick = g_timeout_add (5, on_tick, NULL);

  while (!condition (self))
    {
      if (now_us (self) > end_us)
        g_error ("%s: waited in vain: %s", self->driver->name, what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

#define WAIT_FOR(rig, condition) wait_for (rig, condition, #condition)

static void
pass_ms (Rig   *self,
         guint  ms)
{
  gint64 end_us = now_us (self) + ms * 1000;
  guint tick = g_timeout_add (5, on_tick, NULL);

  while (now_us (self) < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static gboolean
is_present (Rig *self)
{
  return tw_power_status (self->power).present;
}

static gboolean
is_absent (Rig *self)
{
  return !tw_power_status (self->power).present;
}

static gboolean
box_is_on (Rig *self)
{
  return self->box.on;
}

static gboolean
box_is_off (Rig *self)
{
  return !self->box.on;
}

static gboolean
car_draws (Rig *self)
{
  return tw_power_status (self->power).car == TW_CAR_DRAWING;
}

static gboolean
contactor_is_open (Rig *self)
{
  return !tw_power_status (self->power).contactor_closed;
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

  g_assert_false (self->read_done);
  g_assert_true ((reading == NULL) != (error == NULL));
  self->read_done = TRUE;
  if (reading)
    self->reading = *reading;
  else
    self->read_error = g_error_copy (error);
}

static void
read_meter (Rig *self)
{
  self->read_done = FALSE;
  g_clear_error (&self->read_error);
  tw_meter_read (self->meter, on_read, self);
  g_assert_false (self->read_done);
  WAIT_FOR (self, read_is_done);
}

static void
assert_reads_right (Rig *self)
{
  do
    read_meter (self);
  while (self->read_error && self->read_error->code == TW_ERROR_TIMEOUT);

  g_assert_no_error (self->read_error);
  g_assert_cmpint (self->reading.register_wh, ==, 4002);
  g_assert_cmpint (self->reading.session_ws, ==, 7200);
}

static void
assert_reads_nothing (Rig *self)
{
  read_meter (self);
  g_assert_nonnull (self->read_error);
  g_assert_true (self->read_error->domain == TW_ERROR);
  g_assert_true (self->read_error->code == TW_ERROR_GONE || self->read_error->code == TW_ERROR_TIMEOUT);
}

/* The whole job: found, read, on at the limit, off. */
static void
assert_works (Rig *self)
{
  WAIT_FOR (self, is_present);
  g_assert_cmpuint (self->box.switched_on, ==, 0);
  assert_reads_right (self);

  tw_power_want (self->power, TRUE, 16000);
  WAIT_FOR (self, box_is_on);
  g_assert_cmpuint (self->box.offered_a, ==, 16);
  WAIT_FOR (self, car_draws);
  tw_power_want (self->power, FALSE, 0);
  WAIT_FOR (self, box_is_off);
  WAIT_FOR (self, contactor_is_open);
  g_assert_cmpuint (self->changes, >, 0);
}

static void
whole (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);

  assert_works (rig);
}

static void
dribbled (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);

  tw_scripted_port_set_chunk (rig->port, 1);
  assert_works (rig);
}

static void
glued (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GLUED);

  assert_works (rig);
}

static void
garbage (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GARBAGE), deaf = rig_new (driver, WIRE_ONLY_GARBAGE);

  assert_works (rig);
  pass_ms (deaf, CONFORMANCE_LOST_MS);
  g_assert_true (is_absent (deaf));
  assert_reads_nothing (deaf);
}

static void
corrupt (gconstpointer driver)
{
  g_autoptr (Rig) some = rig_new (driver, WIRE_SOME_CORRUPT), all = rig_new (driver, WIRE_CORRUPT);

  assert_works (some);
  pass_ms (all, CONFORMANCE_LOST_MS);
  g_assert_true (is_absent (all));
  assert_reads_nothing (all);
  g_assert_cmpuint (all->answers, >, 0);

  all->wire = WIRE_GOOD;
  assert_works (all);
}

static void
silent (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);
  gint64 since_us;

  WAIT_FOR (rig, is_present);
  tw_power_want (rig->power, TRUE, 16000);
  WAIT_FOR (rig, car_draws);

  rig->wire = WIRE_SILENT;
  rig->changes = 0;
  since_us = now_us (rig);
  WAIT_FOR (rig, is_absent);
  g_assert_cmpint (now_us (rig) - since_us, <, (CONFORMANCE_LOST_MS + 1000) * 1000);
  g_assert_cmpuint (rig->changes, >, 0);
  assert_reads_nothing (rig);

  /* What is wanted meanwhile is done as soon as it answers. */
  tw_power_want (rig->power, FALSE, 0);
  rig->box.on = TRUE;
  rig->wire = WIRE_GOOD;
  WAIT_FOR (rig, box_is_off);
  WAIT_FOR (rig, is_present);
  assert_reads_right (rig);
}

/* A reading that is under way when the line goes dead is answered all the same. */
static void
silent_while_reading (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);

  WAIT_FOR (rig, is_present);
  assert_reads_right (rig);
  rig->wire = WIRE_SILENT;
  assert_reads_nothing (rig);
}

static void
unplugged (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);

  WAIT_FOR (rig, is_present);
  tw_power_want (rig->power, FALSE, 0);
  assert_reads_right (rig);

  tw_scripted_port_hang_up (rig->port);
  WAIT_FOR (rig, is_absent);
  assert_reads_nothing (rig);
  g_assert_error (rig->read_error, TW_ERROR, TW_ERROR_GONE);

  /* It comes back enabled, at the same path. */
  rig->driver->restart (&rig->box);
  tw_scripted_port_come_back (rig->port);
  WAIT_FOR (rig, box_is_off);
  WAIT_FOR (rig, is_present);
  assert_reads_right (rig);
}

static void
late (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);

  WAIT_FOR (rig, is_present);
  assert_reads_right (rig);

  /* Each answer comes when the next question is out already: it may be no answer to that one. */
  tw_scripted_port_set_delay_ms (rig->port, CONFORMANCE_ANSWER_MS * 5 / 4);
  for (int i = 0; i < 2; i++)
    {
      read_meter (rig);
      if (rig->read_error == NULL)
        g_assert_cmpint (rig->reading.register_wh, ==, 4002);
      else
        g_assert_cmpint (rig->read_error->code, !=, TW_ERROR_BAD_DATA);
      g_assert_cmpuint (tw_power_status (rig->power).fault, ==, 0);
    }

  tw_scripted_port_set_delay_ms (rig->port, 0);
  WAIT_FOR (rig, is_present);
  assert_works (rig);
}

/* Open, ask, and leave at once, in every order: nothing is left behind (the sanitizers look). */
static void
left_at_once (gconstpointer driver)
{
  g_autoptr (Rig) rig = rig_new (driver, WIRE_GOOD);
  g_autoptr (Rig) other = rig_new (driver, WIRE_GOOD);

  tw_meter_read (rig->meter, on_read, rig);
  WAIT_FOR (other, is_present);
  tw_power_want (other->power, TRUE, 16000);
  tw_meter_read (other->meter, on_read, other);
  g_clear_pointer (&other->power, tw_power_free);
  g_clear_pointer (&other->meter, tw_meter_free);
  g_assert_true (other->read_done);
  g_assert_error (other->read_error, TW_ERROR, TW_ERROR_GONE);
}

void
conformance_add (const ConformanceDriver *driver)
{
  static const struct { const char *name; GTestDataFunc func; } cases[] = {
    { "whole-answers-are-understood", whole },
    { "dribbled-answers-are-understood", dribbled },
    { "glued-answers-are-understood", glued },
    { "garbage-is-told-from-answers", garbage },
    { "corrupt-answers-are-not-believed", corrupt },
    { "silence-is-noticed-and-its-end", silent },
    { "reading-ends-in-silence-too", silent_while_reading },
    { "pulled-cable-is-noticed-and-its-return", unplugged },
    { "late-answers-answer-no-other-question", late },
    { "device-may-be-left-at-any-time", left_at_once },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/power/%s/%s", driver->name, cases[i].name);

      g_test_add_data_func (path, driver, cases[i].func);
    }
}
