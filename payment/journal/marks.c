/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/marks.h"

/* What a register of whole Wh says about power: nothing between two readings that are close to each other, where what
 * was known before stays, and nothing of what lies further apart (decision 16: 60 s, and what a poll may be late). */
enum { POWER_FROM_MS = 5000, KNOWN_TO_MS = 65000 };

static gint64
mean_power_w (const TwRecord *self,
              gint64          duration_ms,
              gint64          energy_wh)
{
  if (duration_ms < POWER_FROM_MS)
    return self->power_w;
  return duration_ms > KNOWN_TO_MS || energy_wh < 0 || energy_wh > G_MAXINT32 ? -1
         : energy_wh * 3600 * 1000 / duration_ms;
}

static TwSlice
slice_between (const TwRecord *self,
               const TwMark   *from,
               const TwMark   *to)
{
  TwSlice slice = {
    .phase = from->phase,
    .start_wall_us = from->at.wall_us,
    .duration_ms = tw_instant_elapsed_us (&from->at, &to->at) / 1000,
  };

  if (__builtin_sub_overflow (to->register_wh, from->register_wh, &slice.energy_wh))
    slice.energy_wh = 0;
  slice.power_w = mean_power_w (self, slice.duration_ms, slice.energy_wh);
  slice.has_power = slice.power_w >= 0;
  slice.has_current = from->current_ma >= 0 && slice.duration_ms <= KNOWN_TO_MS;
  slice.current_ma = from->current_ma;   /* when it changes in a way that matters, there is another mark */
  return slice;
}

void
tw_record_add_mark (TwRecord     *self,
                    const TwMark *mark)
{
  TwSlice slice = slice_between (self, self->n_marks > 0 ? &self->last : mark, mark);

  if (mark->phase == TW_PHASE_GRACE && (self->n_marks == 0 || self->last.phase != TW_PHASE_GRACE))
    self->grace_since = mark->at;
  if (self->n_marks++ == 0)
    self->begin = *mark;
  self->drawn |= mark->phase == TW_PHASE_CHARGING;
  self->power_w = slice.power_w;
  self->last = *mark;
  tw_usage_add (self->usage, slice);   /* the first one only says what time it is */
}

TwUsage *
tw_record_usage_until (const TwRecord *self,
                       const TwMark   *mark)
{
  TwUsage *usage = tw_usage_copy (self->usage);

  if (self->n_marks > 0)
    tw_usage_add (usage, slice_between (self, &self->last, mark));
  return usage;
}

TwPending
tw_record_pending (const TwRecord *self,
                   const TwMark   *mark)
{
  TwSlice slice;

  if (self->n_marks == 0)
    return (TwPending) { 0 };
  slice = slice_between (self, &self->last, mark);
  return (TwPending) { slice.duration_ms, CLAMP (slice.energy_wh, 0, G_MAXINT64 / 1000) * 1000 };
}
