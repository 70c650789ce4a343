/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/model.h"

TwUsage *
tw_usage_new (void)
{
  return g_new0 (TwUsage, 1);
}

TwUsage *
tw_usage_copy (const TwUsage *self)
{
  return g_memdup2 (self, sizeof *self);
}

void
tw_usage_free (TwUsage *self)
{
  g_free (self);
}

/* Saturates: what is that large is refused when it is priced. */
static void
add_to (gint64 *sum,
        gint64  more)
{
  if (more > 0 && __builtin_add_overflow (*sum, more, sum))
    *sum = G_MAXINT64;
}

void
tw_usage_add (TwUsage *self,
              TwSlice  slice)
{
  g_assert (slice.phase <= TW_PHASE_BLOCKED);

  add_to (&self->energy_wh, slice.energy_wh);
  add_to (&self->duration_ms[slice.phase], slice.duration_ms);
  if (slice.duration_ms > 0 && slice.phase != TW_PHASE_BLOCKED)
    self->last_time_phase = slice.phase;
}

gint64
tw_usage_energy_wh (const TwUsage *self)
{
  return self->energy_wh;
}

gint64
tw_usage_duration_ms (const TwUsage *self,
                      TwPhase        phase)
{
  g_assert (phase <= TW_PHASE_BLOCKED);

  return self->duration_ms[phase];
}
