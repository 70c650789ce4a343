/* SPDX-License-Identifier: Apache-2.0 */
/* What an accumulator sees of a part. */
#include "payment/analytics/analysis-private.h"

void
tw_part_begin_accumulating (TwPart *self)
{
  const TwAccumulator *accumulator = &self->analysis->accumulator;

  if (accumulator->class_)
    self->accumulated = accumulator->class_->begin (accumulator->self, &self->analysis->budget);
}

void
tw_part_end_accumulating (TwPart *self)
{
  if (self->accumulated)
    self->analysis->accumulator.class_->free (self->accumulated);
  self->accumulated = NULL;
}

void
tw_part_accumulate (TwPart             *self,
                    const TwSessionRow *row,
                    const TwShortRow   *short_row)
{
  TwZone *zone;
  TwTakenRow taken;

  if (self->accumulated == NULL)
    return;
  zone = tw_names_zone_of (&self->names, short_row->port);
  taken = (TwTakenRow) { row, short_row->port, short_row->tariff, zone->zone, tw_zone_hour (zone, short_row->start_s),
                         short_row->day };
  self->analysis->accumulator.class_->take (self->accumulated, &taken);
}

void
tw_part_merge_accumulated (TwPart        *self,
                           const TwRanks *ranks)
{
  const TwAccumulator *accumulator = &self->analysis->accumulator;

  if (self->accumulated == NULL)
    return;
  accumulator->class_->merge (accumulator->self, self->accumulated, ranks);
  tw_part_end_accumulating (self);
}
