/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/stand.h"

#include "app/base/error.h"
#include "app/bench/controller-wire.h"
#include "app/bench/stand-options.h"
#include "hw/virtual/rapi.h"

#include <string.h>

#define CAR_HELP        "N plug | unplug | draw MA | battery WH | pause | resume | stubborn | obedient"
#define CONTROLLER_HELP "N fault NAME | clear | reboot | firmware NAME | button | energy WH | cable pull | " \
                        "cable back | misbehave HOW [COUNT]"

/* What a hand did to a bay, which the twin does not tell. */
typedef struct
{
  guint    draw_ma;
  gboolean paused, stubborn, unplugged;   /* unplugged: the controller's own cable */
  char    *fault;
} Hand;

struct _TwCarPark
{
  TwVirtualRapi   *bays[8];
  Hand             hands[8];
  TwControllerWire wires[8];
  guint            n;
};

static Hand *
hand_at (TwCarPark     *self,
         TwVirtualRapi *bay)
{
  guint i = 0;

  while (self->bays[i] != bay)
    i++;
  return &self->hands[i];
}


static TwVirtualRapi *
find_bay (TwCarPark         *self,
          const char *const *words,
          GError           **error)
{
  gint64 number;

  return tw_stand_number (words, 0, 1, self->n, &number, error) ? self->bays[number - 1] : NULL;
}

static gboolean
control_car (gpointer           device,
             const char *const *words,
             const TwJson      *options,
             TwJsonOut         *out,
             GError           **error)
{
  TwVirtualRapi *bay = find_bay (device, words, error);
  guint n = g_strv_length ((char **) words);
  const char *verb = n > 1 ? words[1] : "";
  gint64 number;

  if (bay == NULL)
    return FALSE;
  if (n == 3 && g_str_equal (verb, "draw"))
    {
      if (!tw_stand_number (words, 2, 0, 80000, &number, error))
        return FALSE;
      tw_virtual_rapi_set_draw (bay, (guint) number);
      hand_at (device, bay)->draw_ma = (guint) number;
      return TRUE;
    }
  if (n == 3 && g_str_equal (verb, "battery"))
    {
      if (!tw_stand_number (words, 2, -1, 1000000, &number, error))
        return FALSE;
      tw_virtual_rapi_set_battery (bay, number);
      return TRUE;
    }
  if (n != 2)
    return tw_stand_usage ("car", CAR_HELP, error);
  if (g_str_equal (verb, "plug"))
    tw_virtual_rapi_plug (bay);
  else if (g_str_equal (verb, "unplug"))
    tw_virtual_rapi_unplug (bay);
  else if (g_str_equal (verb, "pause") || g_str_equal (verb, "resume"))
    tw_virtual_rapi_set_paused (bay, hand_at (device, bay)->paused = g_str_equal (verb, "pause"));
  else if (g_str_equal (verb, "stubborn") || g_str_equal (verb, "obedient"))
    tw_virtual_rapi_set_stubborn (bay, hand_at (device, bay)->stubborn = g_str_equal (verb, "stubborn"));
  else
    return tw_stand_usage ("car", CAR_HELP, error);
  return TRUE;
}

static gboolean
set_fault (TwCarPark     *self,
           TwVirtualRapi *bay,
           const char    *fault)
{
  Hand *hand = hand_at (self, bay);

  if (!tw_virtual_rapi_fault (bay, fault))
    return FALSE;
  g_free (hand->fault);
  hand->fault = g_strdup (fault);
  return TRUE;
}

static gboolean
plug_back (TwCarPark     *self,
           TwVirtualRapi *bay,
           GError       **error)
{
  if (!tw_virtual_rapi_return (bay, error))
    return FALSE;
  hand_at (self, bay)->unplugged = FALSE;
  return TRUE;
}

static gboolean
control_wire (TwCarPark         *self,
              TwVirtualRapi     *bay,
              const char *const *words,
              guint              n,
              GError           **error)
{
  gint64 number = 0;

  if (n == 3 && g_str_equal (words[1], "cable") && g_str_equal (words[2], "pull"))
    {
      tw_virtual_rapi_hang_up (bay);
      hand_at (self, bay)->unplugged = TRUE;
    }
  else if (n == 3 && g_str_equal (words[1], "cable") && g_str_equal (words[2], "back"))
    return plug_back (self, bay, error);
  else if (n >= 3 && g_str_equal (words[1], "misbehave"))
    {
      if (n == 4 && !tw_stand_number (words, 3, 0, 100000, &number, error))
        return FALSE;
      if (!tw_virtual_rapi_misbehave (bay, words[2], (guint) number))
        return tw_stand_usage ("misbehave", "none, silent, garbage, noise, dribble, glued, bad-check, late, "
                               "wrong-sequence", error);
    }
  else
    return tw_stand_usage ("controller", CONTROLLER_HELP, error);
  return TRUE;
}

static gboolean
control_controller (gpointer           device,
                    const char *const *words,
                    const TwJson      *options,
                    TwJsonOut         *out,
                    GError           **error)
{
  TwVirtualRapi *bay = find_bay (device, words, error);
  guint n = g_strv_length ((char **) words);
  gint64 number;

  if (bay == NULL)
    return FALSE;
  if (n == 3 && g_str_equal (words[1], "fault"))
    return set_fault (device, bay, words[2])
           || tw_stand_usage ("fault", "ventilation, diode, gfci, no-ground, stuck-relay, gfci-self-test, "
                              "over-temperature, over-current, relay-closure", error);
  if (n == 3 && g_str_equal (words[1], "firmware"))
    return tw_virtual_rapi_set_firmware (bay, words[2])
           || tw_stand_usage ("firmware", "3.9, 4.4, 4.8, 5.2, 6.1, 7.1, 8.2, D9", error);
  if (n == 3 && g_str_equal (words[1], "energy"))
    {
      if (!tw_stand_number (words, 2, 0, 10000000, &number, error))
        return FALSE;
      tw_virtual_rapi_add_energy (bay, number);
      return TRUE;
    }
  if (n == 2 && g_str_equal (words[1], "clear"))
    return set_fault (device, bay, NULL);
  if (n == 2 && g_str_equal (words[1], "reboot"))
    {
      tw_virtual_rapi_reboot (bay);
      return TRUE;
    }
  if (n == 2 && g_str_equal (words[1], "button"))
    {
      tw_virtual_rapi_press_button (bay);
      return TRUE;
    }
  return control_wire (device, bay, words, n, error);
}

static void
describe_controllers (gpointer   device,
                      TwJsonOut *out)
{
  TwCarPark *self = device;

  for (guint i = 0; i < self->n; i++)
    {
      g_autofree char *text = tw_virtual_rapi_status_json (self->bays[i]);
      g_autoptr (TwJson) json = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, NULL);
      char key[8];

      g_snprintf (key, sizeof key, "%u", i + 1);
      if (json != NULL)
        tw_json_out_copy (out, key, json);
    }
}

static void
write_bay (TwCarPark *self,
           guint      i,
           TwJsonOut *out)
{
  TwEvseStatus status = tw_virtual_rapi_status (self->bays[i]);
  const Hand *hand = &self->hands[i];
  g_autofree char *text = tw_virtual_rapi_status_json (self->bays[i]);
  g_autoptr (TwJson) json = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, NULL);

  tw_json_out_bool (out, "plugged", status.plugged);
  tw_json_out_bool (out, "relay", status.relay_closed);
  tw_json_out_bool (out, "booting", status.booting);
  tw_json_out_string (out, "state", tw_json_string (tw_json_member (json, "state")));
  tw_json_out_string (out, "misbehaves", tw_json_string (tw_json_member (json, "misbehaves")));
  tw_json_out_int64 (out, "offered_a", status.amps);
  tw_json_out_int64 (out, "current_ma", status.current_ma);
  tw_json_out_int64 (out, "delivered_wh", status.session_ws / 3600);
  tw_json_out_bool (out, "full", status.battery_wh == 0);
  tw_json_out_int64 (out, "draw_ma", hand->draw_ma);
  tw_json_out_bool (out, "paused", hand->paused);
  tw_json_out_bool (out, "stubborn", hand->stubborn);
  tw_json_out_bool (out, "cable", !hand->unplugged);
  tw_json_out_string (out, "fault", hand->fault);
}

static void
state_of_controllers (gpointer   device,
                      TwJsonOut *out)
{
  TwCarPark *self = device;

  for (guint i = 0; i < self->n; i++)
    {
      char key[8];

      g_snprintf (key, sizeof key, "%u", i + 1);
      tw_json_out_begin_object (out, key);
      write_bay (self, i, out);
      tw_json_out_end (out);
    }
}

static gboolean
mend_bays (gpointer device,
           GError **error)
{
  TwCarPark *self = device;
  gboolean well = TRUE;

  for (guint i = 0; i < self->n; i++)
    {
      TwVirtualRapi *bay = self->bays[i];

      set_fault (self, bay, NULL);
      tw_virtual_rapi_misbehave (bay, "none", 0);
      tw_virtual_rapi_set_stubborn (bay, self->hands[i].stubborn = FALSE);
      well = plug_back (self, bay, well ? error : NULL) && well;
    }
  return well;
}

static void
park_free (gpointer device)
{
  TwCarPark *self = device;

  for (guint i = 0; i < self->n; i++)
    {
      tw_virtual_rapi_free (self->bays[i]);
      g_free (self->hands[i].fault);
    }
  g_free (self);
}

TwCarPark *
tw_car_park_new (TwDevices         *devices,
                 const char *const *links,
                 TwHappenings      *happenings,
                 GError           **error)
{
  static const TwDeviceFuncs controller = {
    CONTROLLER_HELP, control_controller, describe_controllers, park_free, state_of_controllers, mend_bays,
  };
  static const TwDeviceFuncs car = { CAR_HELP, control_car, NULL, NULL };
  TwCarPark *self = g_new0 (TwCarPark, 1);

  for (guint i = 0; links[i] != NULL && i < G_N_ELEMENTS (self->bays); i++)
    {
      TwVirtualRapiOptions options = {
        .evse = { .phases = TW_PARK_PHASES, .voltage_v = TW_PARK_VOLTAGE_V, .max_current_a = TW_PARK_CURRENT_A,
                  .heartbeat = TRUE, .total_wh = 1234000 },
        .link = links[i],
      };

      self->bays[i] = tw_virtual_rapi_new (&options, error);
      if (self->bays[i] == NULL)
        {
          park_free (self);
          return NULL;
        }
      self->wires[i] = (TwControllerWire) { .happenings = happenings, .connector = i + 1 };
      tw_virtual_rapi_trace (self->bays[i], tw_controller_wire_line, &self->wires[i]);
      self->hands[i].draw_ma = TW_PARK_CURRENT_A * 1000;
      tw_virtual_rapi_set_draw (self->bays[i], TW_PARK_CURRENT_A * 1000);
      tw_virtual_rapi_set_battery (self->bays[i], -1);
      self->n++;
    }
  tw_devices_add (devices, "controller", &controller, self);
  tw_devices_add (devices, "car", &car, self);
  return self;
}
