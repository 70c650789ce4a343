/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/rapi.h"

#include "app/base/error.h"
#include "app/base/json.h"
#include "hw/virtual/rapi-wire.h"

#define TICK_MS 20

struct _TwVirtualRapi
{
  TwEvse     *evse;
  TwRapiWire *wire;
  TwClock    *clock;
  TwClock    *own_clock;
  guint       tick;
  gint64      start_us;
  guint       speed;
};

static gint64
now_ms (TwVirtualRapi *self)
{
  return (tw_clock_now (self->clock).boot_us - self->start_us) / 1000;
}

static void
on_say (const char *frame,
        gboolean    answer,
        gpointer    user_data)
{
  TwVirtualRapi *self = user_data;

  tw_rapi_wire_send (self->wire, frame, now_ms (self));
}

static void
catch_up (TwVirtualRapi *self)
{
  tw_evse_advance (self->evse, now_ms (self) * self->speed);
}

static void
on_bytes (const guint8 *bytes,
          gsize         n,
          gpointer      user_data)
{
  TwVirtualRapi *self = user_data;

  catch_up (self);
  for (gsize i = 0; i < n; i++)
    {
      tw_rapi_wire_heard (self->wire, bytes[i]);
      tw_evse_hear (self->evse, bytes[i]);
    }
}

static gboolean
on_tick (gpointer user_data)
{
  TwVirtualRapi *self = user_data;

  self->tick = tw_clock_after (self->clock, TICK_MS, on_tick, self);
  catch_up (self);
  tw_rapi_wire_advance (self->wire, now_ms (self));
  return G_SOURCE_REMOVE;
}

TwVirtualRapi *
tw_virtual_rapi_new (const TwVirtualRapiOptions *options,
                     GError                    **error)
{
  g_autoptr (TwVirtualRapi) self = g_new0 (TwVirtualRapi, 1);

  self->speed = options->speed ? options->speed : 1;
  if (options->clock == NULL)
    self->own_clock = tw_clock_new_system (TRUE);
  self->clock = options->clock ? options->clock : self->own_clock;

  self->evse = tw_evse_new (&options->evse, on_say, self);
  if (self->evse == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "no virtual controller has the firmware \"%s\": accepted are 3.9, 4.4, 4.8, 5.2, 6.1, 7.1, 8.2, D9",
                   options->evse.firmware);
      return NULL;
    }
  self->wire = tw_rapi_wire_new (options->link, on_bytes, self, error);
  if (self->wire == NULL)
    return NULL;

  self->start_us = tw_clock_now (self->clock).boot_us;
  self->tick = tw_clock_after (self->clock, TICK_MS, on_tick, self);
  return g_steal_pointer (&self);
}

void
tw_virtual_rapi_free (TwVirtualRapi *self)
{
  if (self == NULL)
    return;

  if (self->tick != 0)
    tw_clock_cancel (self->clock, self->tick);
  tw_rapi_wire_free (self->wire);
  tw_evse_free (self->evse);
  tw_clock_free (self->own_clock);
  g_free (self);
}

const char *
tw_virtual_rapi_path (TwVirtualRapi *self)
{
  return tw_pty_path (tw_rapi_wire_pty (self->wire));
}

void
tw_virtual_rapi_trace (TwVirtualRapi     *self,
                       TwVirtualRapiTrace trace,
                       gpointer           user_data)
{
  tw_rapi_wire_trace (self->wire, trace, user_data);
}

void
tw_virtual_rapi_plug (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_plug (self->evse);
}

void
tw_virtual_rapi_unplug (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_unplug (self->evse);
}

void
tw_virtual_rapi_set_draw (TwVirtualRapi *self,
                          guint          draw_ma)
{
  catch_up (self);
  tw_evse_set_draw (self->evse, draw_ma);
}

void
tw_virtual_rapi_set_battery (TwVirtualRapi *self,
                             gint64         left_wh)
{
  catch_up (self);
  tw_evse_set_battery (self->evse, left_wh);
}

void
tw_virtual_rapi_set_paused (TwVirtualRapi *self,
                            gboolean       paused)
{
  catch_up (self);
  tw_evse_set_paused (self->evse, paused);
}

void
tw_virtual_rapi_set_stubborn (TwVirtualRapi *self,
                              gboolean       stubborn)
{
  catch_up (self);
  tw_evse_set_stubborn (self->evse, stubborn);
}

gboolean
tw_virtual_rapi_fault (TwVirtualRapi *self,
                       const char    *name)
{
  catch_up (self);
  return tw_evse_fault (self->evse, name);
}

gboolean
tw_virtual_rapi_set_firmware (TwVirtualRapi *self,
                              const char    *name)
{
  catch_up (self);
  return tw_evse_set_firmware (self->evse, name);
}

void
tw_virtual_rapi_reboot (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_reboot (self->evse);
}

void
tw_virtual_rapi_press_button (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_press_button (self->evse);
}

void
tw_virtual_rapi_add_energy (TwVirtualRapi *self,
                            gint64         wh)
{
  catch_up (self);
  tw_evse_add_energy (self->evse, wh);
}

void
tw_virtual_rapi_hang_up (TwVirtualRapi *self)
{
  catch_up (self);
  tw_rapi_wire_hang_up (self->wire);
}

gboolean
tw_virtual_rapi_return (TwVirtualRapi *self,
                        GError       **error)
{
  catch_up (self);
  return tw_pty_return (tw_rapi_wire_pty (self->wire), error);
}

gboolean
tw_virtual_rapi_misbehave (TwVirtualRapi *self,
                           const char    *how,
                           guint          count)
{
  return tw_rapi_wire_misbehave (self->wire, how, count);
}

TwEvseStatus
tw_virtual_rapi_status (TwVirtualRapi *self)
{
  catch_up (self);
  return tw_evse_status (self->evse);
}

static void
put_hex (TwJsonOut  *out,
         const char *key,
         guint       value,
         int         digits)
{
  char text[9];

  g_snprintf (text, sizeof text, "%0*x", digits, value);
  tw_json_out_string (out, key, text);
}

char *
tw_virtual_rapi_status_json (TwVirtualRapi *self)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  TwEvseStatus status = tw_virtual_rapi_status (self);
  g_autoptr (GBytes) text = NULL;
  gsize n;
  const char *bytes;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "firmware", status.firmware);
  put_hex (out, "state", status.state, 2);
  put_hex (out, "pilot", status.pilot, 2);
  put_hex (out, "vflags", status.vflags, 4);
  tw_json_out_bool (out, "booting", status.booting);
  tw_json_out_bool (out, "relay", status.relay_closed);
  tw_json_out_bool (out, "plugged", status.plugged);
  tw_json_out_int64 (out, "offered_a", status.amps);
  tw_json_out_int64 (out, "current_ma", status.current_ma);
  tw_json_out_int64 (out, "session_ws", status.session_ws);
  tw_json_out_int64 (out, "total_wh", status.total_wh);
  tw_json_out_int64 (out, "elapsed_s", status.elapsed_s);
  tw_json_out_int64 (out, "battery_wh", status.battery_wh);
  tw_json_out_string (out, "misbehaves", tw_rapi_wire_how (self->wire));
  tw_json_out_end (out);

  text = tw_json_out_finish (out);
  bytes = g_bytes_get_data (text, &n);
  return g_strndup (bytes, n);
}
