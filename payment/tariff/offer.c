/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/offer.h"

#include "payment/tariff/running.h"

/* Regulation (EU) 2023/1804 art. 5(4): per kWh, per minute, per session, other. */
static const TwLineKind order[] = { TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_FLAT };

static gboolean
is_same (const TwTariff     *tariff,
         const TwOfferPrice *before,
         int                 chosen)
{
  const TwComponent *component;

  if (chosen < 0 || before->free)
    return (chosen < 0 || tw_tariff_component (tariff, chosen)->price_micro == 0) && before->free;
  component = tw_tariff_component (tariff, chosen);

  return g_strcmp0 (before->tag.price, component->price) == 0
      && g_strcmp0 (before->tag.tax_percent, component->tax_percent) == 0
      && before->tag.step_size == component->step_size;
}

static void
add_price (GArray         *prices,
           const TwTariff *tariff,
           TwLineKind      kind,
           int             chosen,
           gint64          from_ms,
           gboolean        now)
{
  TwOfferPrice price = { .kind = kind, .now = now, .from_ms = from_ms };

  price.free = chosen < 0 || tw_tariff_component (tariff, chosen)->price_micro == 0;
  if (!price.free)
    tw_tariff_write_tag (tw_tariff_component (tariff, chosen), &price.tag);
  g_array_append_val (prices, price);
}

static void
add_kind (TwOffer        *self,
          const TwTariff *tariff,
          TwLineKind      kind,
          gint64          wall_ms,
          gint64          look_ms,
          gint64          power_w)
{
  TwPlaceInTariff place = { .purpose = TW_FOR_SESSION };
  gint16 power = power_w > 0 ? tw_cuts_rank (&tariff->cuts[TW_AXIS_POWER], power_w * 1000) : -1;
  g_autoptr (GArray) prices = g_array_new (FALSE, FALSE, sizeof (TwOfferPrice));
  TwOffset offset = { 0 };

  place.low[TW_AXIS_POWER] = place.high[TW_AXIS_POWER] = power;
  place.low[TW_AXIS_CURRENT] = place.high[TW_AXIS_CURRENT] = -1;
  for (gint64 at = wall_ms; at < wall_ms + look_ms || at == wall_ms; at = tw_local_next_cut (tariff, &offset, at))
    {
      TwOfferPrice *last = prices->len > 0 ? &g_array_index (prices, TwOfferPrice, prices->len - 1) : NULL;
      int chosen[TW_N_DIMENSIONS];

      place.local = tw_local_at (tariff, &offset, at);
      tw_tariff_choose (tariff, &place, chosen);
      if (last != NULL && is_same (tariff, last, chosen[kind]))
        continue;
      if (last != NULL)
        last->until_ms = at;
      add_price (prices, tariff, kind, chosen[kind], at, last == NULL);
    }
  /* A kind that is free all the time is not worth a word. */
  if (prices->len > 1 || !g_array_index (prices, TwOfferPrice, 0).free)
    g_array_append_vals (self->prices, prices->data, prices->len);
}

static void
add_conditions (TwOffer        *self,
                const TwTariff *tariff,
                TwLineKind      kind)
{
  for (guint i = 0; i < tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (tariff, i);
      const TwRestrictions *r = &g_array_index (tariff->elements, TwElement, component->element).restrictions;
      TwOfferCondition condition = tw_component_condition (tariff, component);
      gboolean conditional = r->purpose != TW_FOR_SESSION;

      for (guint axis = 0; axis < TW_N_AXES; axis++)
        conditional |= r->has_axis[axis];
      if (component->kind != kind || !conditional)
        continue;
      g_array_append_val (self->conditions, condition);
    }
}

TwOffer *
tw_offer_new (const TwTariff *tariff,
              gint64          wall_ms,
              gint64          look_ms,
              gint64          power_w)
{
  TwOffer *self = g_new0 (TwOffer, 1);

  self->prices = g_array_new (FALSE, FALSE, sizeof (TwOfferPrice));
  self->conditions = g_array_new (FALSE, FALSE, sizeof (TwOfferCondition));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      add_kind (self, tariff, order[i], wall_ms, look_ms, power_w);
      add_conditions (self, tariff, order[i]);
    }

  return self;
}

void
tw_offer_free (TwOffer *self)
{
  g_array_unref (self->prices);
  g_array_unref (self->conditions);
  g_free (self);
}

gint64
tw_offer_example_minor (const TwTariff *tariff,
                        gint64          wall_ms,
                        gint64          energy_wh,
                        gint64          duration_ms)
{
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 power_mw = duration_ms > 0 ? (gint64) ((__int128) energy_wh * 1000 * 3600 * 1000 / duration_ms) : 0;
  gint64 minor;
  const TwSpan span = {
    .phase = TW_PHASE_CHARGING, .start_ms = wall_ms, .duration_ms = duration_ms, .energy_mwh = energy_wh * 1000,
    .has_power = duration_ms > 0, .min_power_mw = power_mw, .max_power_mw = power_mw,
  };

  tw_pricer_feed (pricer, &span);

  return tw_pricer_cost_minor (pricer, NULL, &minor) ? minor : -1;
}
