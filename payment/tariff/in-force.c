/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/in-force.h"

#include "payment/tariff/running.h"

/* The order that the law asks for: Regulation (EU) 2023/1804 art. 5(4). */
static const TwLineKind order[] = { TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_FLAT };

TwPostedCondition
tw_component_condition (const TwTariff    *tariff,
                        const TwComponent *component)
{
  const TwRestrictions *r = &g_array_index (tariff->elements, TwElement, component->element).restrictions;
  TwPostedCondition condition = {
    .min_mwh = r->min[TW_AXIS_ENERGY], .max_mwh = r->max[TW_AXIS_ENERGY],
    .min_ms = r->min[TW_AXIS_DURATION], .max_ms = r->max[TW_AXIS_DURATION],
    .min_ma = r->min[TW_AXIS_CURRENT], .max_ma = r->max[TW_AXIS_CURRENT],
    .min_mw = r->min[TW_AXIS_POWER], .max_mw = r->max[TW_AXIS_POWER],
    .reservation = r->purpose == TW_FOR_RESERVATION, .expired = r->purpose == TW_FOR_EXPIRY,
  };

  tw_tariff_write_tag (component, &condition.tag);
  return condition;
}

static void
foresee (const TwPricer *pricer,
         TwPhase         phase,
         TwPriceInForce *price)
{
  TwPriceChange change;

  if (!tw_pricer_next_change_of (pricer, phase, 1u << price->why.tag.kind, &change))
    return;
  price->until_ms = change.at_time ? change.wall_ms : 0;
  price->until_mwh = change.at_energy ? change.energy_mwh : 0;
}

guint
tw_pricer_list_in_force (TwPricer       *pricer,
                         TwPhase         phase,
                         TwPriceInForce  prices[4])
{
  const TwTariff *tariff = pricer->tariff;
  guint dimensions = tw_phase_dimensions (phase, phase == TW_PHASE_CHARGING), n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      gboolean once = order[i] == TW_LINE_FLAT;
      int chosen = once ? pricer->flat : tw_pricer_in_force_component (pricer, phase, order[i]);

      if (chosen < 0 || tw_tariff_component (tariff, chosen)->price_micro == 0
          || (!once && !(dimensions >> order[i] & 1)))
        continue;
      prices[n] = (TwPriceInForce) { .why = tw_component_condition (tariff, tw_tariff_component (tariff, chosen)) };
      if (!once)
        foresee (pricer, phase, &prices[n]);
      n++;
    }

  return n;
}
