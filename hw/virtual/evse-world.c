/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to the controller twin from outside: a car, a fault, a finger, another firmware. */
#include "hw/virtual/evse-private.h"

#include <string.h>

static const TwEvseFirmware firmwares[] = {
  { "3.9", "3.9.2", "1.0.6", 2, 2, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "4.4", "4.4.0", "2.0.3", 2, 2, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "4.8", "4.8.0", "3.0.1", 2, 2, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "5.2", "5.2.0", "4.0.1", 3, 3, TRUE, FALSE, TRUE, FALSE, FALSE, FALSE },
  { "6.1", "6.1.0", "5.0.0", 4, 3, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE },
  { "7.1", "7.1.3.EU", "5.1.1", 4, 4, TRUE, TRUE, TRUE, TRUE, FALSE, TRUE },
  { "8.2", "8.2.1", "5.2.1", 4, 4, TRUE, TRUE, TRUE, TRUE, FALSE, TRUE },
  { "D9", "D9.0.0", "6.0.0", 4, 4, TRUE, TRUE, TRUE, TRUE, FALSE, TRUE },
};

const TwEvseFirmware *
tw_evse_find_firmware (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (firmwares); i++)
    if (strcmp (firmwares[i].name, name) == 0)
      return &firmwares[i];

  return NULL;
}

void
tw_evse_plug (TwEvse *self)
{
  self->plugged = TRUE;
  tw_evse_settle (self);
}

void
tw_evse_unplug (TwEvse *self)
{
  self->plugged = FALSE;
  self->car_since_ms = -1;
  tw_evse_settle (self);
}

void
tw_evse_set_draw (TwEvse *self,
                  guint   draw_ma)
{
  self->draw_ma = MIN (draw_ma, 100000);
}

void
tw_evse_set_battery (TwEvse *self,
                     gint64  left_wh)
{
  self->battery_ws = left_wh < 0 ? -1 : MIN (left_wh, 1000000) * 3600;
}

void
tw_evse_set_paused (TwEvse  *self,
                    gboolean paused)
{
  self->paused = paused;
}

void
tw_evse_set_stubborn (TwEvse  *self,
                      gboolean stubborn)
{
  self->stubborn = stubborn;
}

gboolean
tw_evse_fault (TwEvse     *self,
               const char *name)
{
  static const struct { const char *name; guint8 code; } faults[] = {
    { "ventilation", 0x04 }, { "diode", 0x05 }, { "gfci", 0x06 }, { "no-ground", 0x07 },
    { "stuck-relay", TW_EVSE_STUCK_RELAY },
    { "gfci-self-test", 0x09 }, { "over-temperature", 0x0a }, { "over-current", 0x0b }, { "relay-closure", 0x0e },
  };

  if (name == NULL)
    {
      self->cause = self->fault = 0;
      tw_evse_settle (self);
      return TRUE;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (strcmp (faults[i].name, name) == 0)
      {
        self->cause = faults[i].code;
        if (self->cause != TW_EVSE_STUCK_RELAY && self->mode == TW_EVSE_RUNS)
          tw_evse_raise_fault (self, self->cause);
        tw_evse_settle (self);
        return TRUE;
      }

  return FALSE;
}

gboolean
tw_evse_set_firmware (TwEvse     *self,
                      const char *firmware)
{
  const TwEvseFirmware *found = tw_evse_find_firmware (firmware);

  if (found == NULL)
    return FALSE;

  self->firmware = found;
  tw_evse_reboot (self);
  return TRUE;
}

void
tw_evse_press_button (TwEvse *self)
{
  if (self->button_off || tw_evse_is_booting (self))
    return;
  if (self->mode == TW_EVSE_RUNS)
    tw_evse_sleep (self);
  else
    tw_evse_enable (self);
  tw_evse_settle (self);
}

void
tw_evse_add_energy (TwEvse *self,
                    gint64  wh)
{
  self->session_ws = CLAMP (self->session_ws + CLAMP (wh, -10000000, 10000000) * 3600, 0, G_MAXUINT32);
}

TwEvseStatus
tw_evse_status (TwEvse *self)
{
  return (TwEvseStatus) {
    .firmware = self->firmware->version,
    .state = tw_evse_state (self),
    .pilot = tw_evse_pilot (self),
    .vflags = tw_evse_vflags (self),
    .booting = tw_evse_is_booting (self),
    .relay_closed = self->relay_closed,
    .plugged = self->plugged,
    .amps = self->amps,
    .current_ma = tw_evse_current_ma (self),
    .session_ws = self->session_ws,
    .total_wh = self->total_wh,
    .elapsed_s = self->elapsed_ms / 1000,
    .battery_wh = self->battery_ws < 0 ? -1 : self->battery_ws / 3600,
  };
}
