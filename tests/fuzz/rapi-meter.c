/* SPDX-License-Identifier: Apache-2.0 */
/* needs: power_dep */
/* Whatever counters come, in whatever order: the register that is believed never goes down, within an epoch or across,
 * and never grows faster than the circuit allows; of what is not believed it is said why. 12 bytes make a sample. */
#include "app/base/error.h"
#include "hw/power/rapi-meter.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define SAMPLE 12

/* Steps from the last sample rather than absolute values, or nothing would ever be believed. */
static void
next_sample (TwRapiSample  *sample,
             const uint8_t *data)
{
  gint64 ms = data[1] * 20;

  sample->at.boot_us += ms * 1000;
  sample->at.wall_us += ms * 1000;
  sample->car_known = (data[0] & 7) != 0;
  sample->car = data[0] & 8;
  sample->relay_closed = data[0] & 16;
  if (data[0] & 32)
    sample->session_ws = data[2] * 100;
  else
    sample->session_ws += (gint64) data[2] * data[3] - (data[0] & 64 ? 3000 : 0);
  sample->total_wh += data[0] & 128 ? sample->session_ws / 3600 : (data[4] == 255 ? data[5] - 100 : 0);
  sample->elapsed_s = data[6] & 1 ? data[7] : sample->elapsed_s + data[6] / 16;
  sample->ma = data[8] == 255 ? -1 : data[8] * 130;
  sample->mv = data[9] & 1 ? -1 : 230000;
  sample->session_ws = CLAMP (sample->session_ws, 0, G_MAXUINT32);
  sample->total_wh = CLAMP (sample->total_wh, 0, G_MAXUINT32);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const TwRapiCircuit circuit = { .phases = 1, .voltage_v = 230, .max_current_a = 32 };
  g_autoptr (TwRapiMeter) meter = tw_rapi_meter_new (&circuit);
  TwRapiSample sample = { .total_wh = 100000 };
  TwReading last = { 0 };
  gboolean have = FALSE;

  for (size_t i = 0; i + SAMPLE <= size; i += SAMPLE)
    {
      g_autoptr (GError) error = NULL;
      TwReading now;

      next_sample (&sample, data + i);
      if (data[i + 10] == 7)
        tw_rapi_meter_booted (meter);
      if (!tw_rapi_meter_take (meter, &sample, &error))
        {
          g_assert (error != NULL && error->domain == TW_ERROR);
          continue;
        }

      now = tw_rapi_meter_reading (meter);
      g_assert (error == NULL && !(now.final && sample.relay_closed));
      g_assert (now.session_ws == sample.session_ws && now.plugged_s == sample.elapsed_s);
      if (have)
        {
          gint64 ms = tw_instant_elapsed_us (&last.at, &now.at) / 1000;

          g_assert (now.register_wh >= last.register_wh && now.epoch >= last.epoch);
          /* 9158 W and two countings of 250 ms, two steps; a new beginning after disbelief may be anything. */
          g_assert (now.epoch != last.epoch || now.register_wh - last.register_wh <= 9159 * (ms + 500) / 3600000 + 2);
        }
      last = now;
      have = TRUE;
    }

  return 0;
}
