/* SPDX-License-Identifier: Apache-2.0 */
/* needs: virtual_dep */
/* Hostile commands, cars and faults in any order of time: the twin answers in whole, checked frames, keeps its counters
 * in 32 bits, and draws only through a closed relay. The first byte chooses the firmware. */
#include "hw/virtual/evse.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean old;

static void
on_say (const char *frame,
        gboolean    answer,
        gpointer    user_data)
{
  gsize n = strlen (frame);
  guint8 check = 0;
  const char *caret = strrchr (frame, '^');

  /* The echo is a byte. */
  if (n == 1 && !answer)
    return;

  g_assert (n >= 4 && n < 160 && frame[0] == '$' && frame[n - 1] == '\r');
  g_assert (!answer || strncmp (frame, "$OK", 3) == 0 || strncmp (frame, "$NK", 3) == 0);
  if (old)
    return;

  g_assert (caret != NULL && caret == frame + n - 4);
  for (const char *c = frame; c < caret; c++)
    check ^= (guint8) *c;
  g_assert (g_ascii_strtoull (caret + 1, NULL, 16) == check);
}

static void
act (TwEvse  *evse,
     uint8_t  what)
{
  static const char *const faults[] = { "gfci", "no-ground", "stuck-relay", "ventilation", NULL };

  switch (what % 12)
    {
    case 0: tw_evse_plug (evse); break;
    case 1: tw_evse_unplug (evse); break;
    case 2: tw_evse_set_draw (evse, what * 400u); break;
    case 3: tw_evse_set_battery (evse, (gint64) what - 12); break;
    case 4: tw_evse_set_paused (evse, what & 16); break;
    case 5: tw_evse_set_stubborn (evse, what & 16); break;
    case 6: tw_evse_fault (evse, faults[what / 12 % 5]); break;
    case 7: tw_evse_reboot (evse); break;
    case 8: tw_evse_press_button (evse); break;
    case 9: tw_evse_add_energy (evse, (gint64) what * 100000 - 9000000); break;
    default: break;
    }
}

static void
check (TwEvse *evse)
{
  TwEvseStatus status = tw_evse_status (evse);

  g_assert (status.session_ws >= 0 && status.session_ws <= G_MAXUINT32);
  g_assert (status.total_wh >= 0 && status.elapsed_s >= 0 && status.battery_wh >= -1);
  g_assert (status.amps >= 6 && status.amps <= 32);
  g_assert (status.current_ma == 0 || (status.relay_closed && status.plugged));
  g_assert (((status.vflags & 0x0040) != 0) == status.relay_closed);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char *const firmwares[] = { "3.9", "4.4", "4.8", "5.2", "6.1", "7.1", "8.2", "D9" };
  const char *firmware = firmwares[size > 0 ? data[0] % G_N_ELEMENTS (firmwares) : 0];
  TwEvseOptions options = {
    .firmware = firmware, .phases = 3, .voltage_v = 230, .max_current_a = 32, .heartbeat = TRUE,
  };
  g_autoptr (TwEvse) evse = tw_evse_new (&options, on_say, NULL);
  gint64 now_ms = 0;

  g_assert (evse != NULL);
  old = strcmp (firmware, "3.9") == 0;
  for (size_t i = 1; i < size; i++)
    {
      if (data[i] == 0xfe && i + 1 < size)
        tw_evse_advance (evse, now_ms += data[++i] * 50);
      else if (data[i] == 0xff && i + 1 < size)
        act (evse, data[++i]);
      else
        tw_evse_hear (evse, data[i]);
      check (evse);
    }

  return 0;
}
