/* SPDX-License-Identifier: Apache-2.0 */
/* Which component prices what: for each dimension the first element in order whose restrictions all hold. */
#include "payment/tariff/running.h"

int
tw_cuts_rank (const TwCuts *self,
              gint64        value)
{
  guint rank = 0;

  while (rank < self->n && self->cuts[rank] <= value)
    rank++;

  return rank;
}

gboolean
tw_restrictions_hold_locally (const TwRestrictions *r,
                              const TwLocal        *now)
{
  gboolean in_window = r->start_s < r->end_s ? now->second >= r->start_s && now->second < r->end_s
                                             : now->second >= r->start_s || now->second < r->end_s;

  return in_window && now->day >= r->start_day && now->day < r->end_day && (r->weekdays >> now->weekday & 1);
}

/* What is not known matches nothing: no surcharge on unknown facts (decision 16). */
gboolean
tw_restrictions_hold (const TwRestrictions  *r,
                      const TwPlaceInTariff *place)
{
  for (guint axis = 0; axis < TW_N_AXES; axis++)
    if (r->has_axis[axis] && (place->low[axis] < 0 || place->low[axis] < r->min_rank[axis]
                              || place->high[axis] >= r->max_rank[axis]))
      return FALSE;

  return !r->is_local || tw_restrictions_hold_locally (r, &place->local);
}

static void
choose_for (const TwTariff        *self,
            const TwPlaceInTariff *place,
            TwPurpose              purpose,
            int                    chosen[TW_N_DIMENSIONS])
{
  for (guint i = 0; i < self->elements->len; i++)
    {
      const TwElement *element = &g_array_index (self->elements, TwElement, i);

      if (element->restrictions.purpose != purpose || !tw_restrictions_hold (&element->restrictions, place))
        continue;
      for (guint kind = 0; kind < TW_N_DIMENSIONS; kind++)
        if (chosen[kind] < 0)
          chosen[kind] = element->component[kind];
    }
}

/* An expired reservation looks at the elements for expired ones first, per dimension (3.5, decision 23). */
void
tw_tariff_choose (const TwTariff        *self,
                  const TwPlaceInTariff *place,
                  int                    chosen[TW_N_DIMENSIONS])
{
  for (guint kind = 0; kind < TW_N_DIMENSIONS; kind++)
    chosen[kind] = -1;
  choose_for (self, place, place->purpose, chosen);
  if (place->purpose == TW_FOR_EXPIRY)
    choose_for (self, place, TW_FOR_RESERVATION, chosen);
}

guint
tw_phase_dimensions (TwPhase  phase,
                     gboolean energy_flows)
{
  const guint flat = 1u << TW_LINE_FLAT, energy = 1u << TW_LINE_ENERGY;

  switch (phase)
    {
    case TW_PHASE_CHARGING:
      return flat | energy | 1u << TW_LINE_TIME;
    case TW_PHASE_PARKING:
      return flat | 1u << TW_LINE_PARKING_TIME | (energy_flows ? energy : 0);
    case TW_PHASE_BLOCKED:
      return energy_flows ? flat | energy : 0;
    case TW_PHASE_GRACE:
      return flat | (energy_flows ? energy : 0);
    case TW_PHASE_RESERVATION:
    case TW_PHASE_RESERVATION_EXPIRED:
      return flat | 1u << TW_LINE_TIME;
    }
  g_assert_not_reached ();
}

TwPurpose
tw_phase_purpose (TwPhase phase)
{
  if (phase == TW_PHASE_RESERVATION)
    return TW_FOR_RESERVATION;

  return phase == TW_PHASE_RESERVATION_EXPIRED ? TW_FOR_EXPIRY : TW_FOR_SESSION;
}
