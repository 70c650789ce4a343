/* SPDX-License-Identifier: Apache-2.0 */
/* Facts page "Power-controller wires" sections 1.3, 1.4 and 1.7. */
#include "hw/power/rapi-level.h"

#define NONE (-1)

static TwRapiState
make (guint8 state,
      gint   pilot,
      gint   vflags)
{
  return (TwRapiState) { .state = state, .pilot = pilot, .vflags = vflags };
}

static void
next_word (void)
{
  static const struct { TwRapiWant want; guint amps, set; guint8 state; gint vflags; TwRapiDo next; } cases[] = {
    /* until somebody wants something, we only read */
    { TW_RAPI_WANT_NOTHING, 0, 0, 0x03, 0x0140, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_NOTHING, 0, 0, 0x06, 0x0140, TW_RAPI_DO_NOTHING },
    /* off: everything but asleep is unexpected */
    { TW_RAPI_WANT_OFF, 0, 0, 0xfe, 0x0000, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_OFF, 0, 0, 0x00, 0x0000, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x01, 0x0000, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x02, 0x0100, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x03, 0x0140, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x04, 0x0100, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0xff, 0x0000, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x03, NONE, TW_RAPI_DO_SLEEP },
    /* a fault's code is worth keeping, unless its relay is closed or nobody knows what it is */
    { TW_RAPI_WANT_OFF, 0, 0, 0x06, 0x0100, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_OFF, 0, 0, 0x08, 0x0100, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_OFF, 0, 0, 0x08, 0x0140, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x06, NONE, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_OFF, 0, 0, 0x0c, 0x0000, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_OFF, 0, 0, 0x77, NONE, TW_RAPI_DO_SLEEP },
    /* on: the limit is confirmed before it is enabled */
    { TW_RAPI_WANT_ON, 16, 0, 0xfe, 0x0100, TW_RAPI_DO_LIMIT },
    { TW_RAPI_WANT_ON, 16, 10, 0xfe, 0x0100, TW_RAPI_DO_LIMIT },
    { TW_RAPI_WANT_ON, 16, 16, 0xfe, 0x0100, TW_RAPI_DO_ENABLE },
    { TW_RAPI_WANT_ON, 16, 16, 0xfe, 0x0104, TW_RAPI_DO_ENABLE },
    { TW_RAPI_WANT_ON, 16, 16, 0xff, 0x0000, TW_RAPI_DO_ENABLE },
    { TW_RAPI_WANT_ON, 16, 16, 0x00, 0x0000, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_ON, 16, 16, 0x01, 0x0000, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_ON, 16, 16, 0x02, 0x0100, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_ON, 16, 16, 0x03, 0x0140, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_ON, 10, 16, 0x03, 0x0140, TW_RAPI_DO_LIMIT },
    /* on, in a fault: the controller tries again by itself */
    { TW_RAPI_WANT_ON, 16, 0, 0x06, 0x0100, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_ON, 16, 0, 0x04, 0x0100, TW_RAPI_DO_NOTHING },
    { TW_RAPI_WANT_ON, 16, 0, 0x08, 0x0140, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_ON, 16, 0, 0x42, 0x0100, TW_RAPI_DO_SLEEP },
    /* on with nothing to offer is off */
    { TW_RAPI_WANT_ON, 0, 0, 0x03, 0x0140, TW_RAPI_DO_SLEEP },
    { TW_RAPI_WANT_ON, 0, 0, 0xfe, 0x0100, TW_RAPI_DO_NOTHING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwRapiState state = make (cases[i].state, NONE, cases[i].vflags);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (tw_rapi_level_next (cases[i].want, cases[i].amps, cases[i].set, &state), ==, cases[i].next);
    }
}

static void
never_enabled_by_wrong_state (void)
{
  /* Whatever the byte: off never says more than "sleep", nothing wanted never says anything. */
  for (guint byte = 0; byte < 256; byte++)
    for (gint vflags = -1; vflags <= 0x0140; vflags += 0x0020)
      {
        TwRapiState state = make ((guint8) byte, NONE, vflags);
        TwRapiDo off = tw_rapi_level_next (TW_RAPI_WANT_OFF, 16, 16, &state);
        TwRapiDo unset = tw_rapi_level_next (TW_RAPI_WANT_ON, 16, 0, &state);

        g_assert_true (off == TW_RAPI_DO_NOTHING || off == TW_RAPI_DO_SLEEP);
        g_assert_true (unset != TW_RAPI_DO_ENABLE);
        g_assert_cmpint (tw_rapi_level_next (TW_RAPI_WANT_NOTHING, 16, 16, &state), ==, TW_RAPI_DO_NOTHING);
        if (vflags >= 0 && (vflags & 0x0040) && byte != 0xfe)
          g_assert_cmpint (off, ==, TW_RAPI_DO_SLEEP);
      }
}

static void
car (void)
{
  static const struct { guint8 state; gint pilot, vflags, presence; TwCar car; } cases[] = {
    { 0x01, 0x01, 0x0200, NONE, TW_CAR_NONE },
    { 0x02, 0x02, 0x0100, NONE, TW_CAR_CONNECTED },
    { 0x03, 0x03, 0x0540, NONE, TW_CAR_DRAWING },
    { 0x03, 0x03, 0x0500, NONE, TW_CAR_CONNECTED },    /* the relay is not closed yet */
    { 0x04, 0x04, 0x0100, NONE, TW_CAR_CONNECTED },
    { 0xfe, 0x01, 0x0000, NONE, TW_CAR_NONE },
    { 0xfe, 0x02, 0x0100, NONE, TW_CAR_CONNECTED },
    { 0xfe, 0x03, 0x0140, NONE, TW_CAR_CONNECTED },    /* asked to stop, not yet out */
    { 0xff, 0x01, 0x0100, 1, TW_CAR_UNKNOWN },         /* at -12 V nobody sees a car */
    { 0x00, 0x00, 0x0000, NONE, TW_CAR_UNKNOWN },
    { 0x06, 0x00, 0x0100, NONE, TW_CAR_CONNECTED },
    { 0x06, 0x00, 0x0000, NONE, TW_CAR_NONE },
    /* 5.2: pilot, no flags; 4.x: neither */
    { 0xfe, 0x02, NONE, NONE, TW_CAR_CONNECTED },
    { 0xfe, 0x01, NONE, NONE, TW_CAR_NONE },
    { 0x03, 0x03, NONE, NONE, TW_CAR_DRAWING },
    { 0x03, NONE, NONE, NONE, TW_CAR_DRAWING },
    { 0x02, NONE, NONE, NONE, TW_CAR_CONNECTED },
    { 0xfe, NONE, NONE, NONE, TW_CAR_UNKNOWN },
    { 0xfe, NONE, NONE, 0, TW_CAR_NONE },
    { 0xfe, NONE, NONE, 1, TW_CAR_CONNECTED },
    { 0xfe, NONE, NONE, 2, TW_CAR_UNKNOWN },
    { 0x06, NONE, NONE, 1, TW_CAR_CONNECTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwRapiState state = make (cases[i].state, cases[i].pilot, cases[i].vflags);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (tw_rapi_level_car (&state, cases[i].presence), ==, cases[i].car);
    }
}

static void
amps (void)
{
  g_assert_cmpuint (tw_rapi_level_amps (16000, 32), ==, 16);
  g_assert_cmpuint (tw_rapi_level_amps (16999, 32), ==, 16);
  g_assert_cmpuint (tw_rapi_level_amps (6000, 32), ==, 6);
  g_assert_cmpuint (tw_rapi_level_amps (5999, 32), ==, 0);
  g_assert_cmpuint (tw_rapi_level_amps (0, 32), ==, 0);
  g_assert_cmpuint (tw_rapi_level_amps (80000, 32), ==, 32);
  g_assert_cmpuint (tw_rapi_level_amps (G_MAXUINT, 32), ==, 32);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/power/rapi/next-word-follows-from-state-and-wish", next_word);
  g_test_add_func ("/power/rapi/no-state-makes-off-switch-on", never_enabled_by_wrong_state);
  g_test_add_func ("/power/rapi/car-is-seen-while-asleep", car);
  g_test_add_func ("/power/rapi/below-six-amps-nothing-is-offered", amps);
  return g_test_run ();
}
