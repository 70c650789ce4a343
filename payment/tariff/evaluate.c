/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities, then amounts, then limits: sections 3.2 to 3.6 of our reading of mod_tariffs, in their order. */
#include "payment/tariff/model.h"

/* How many base units (Wh, ms, sessions) make the unit that a price is for. */
static const gint64 base_units[TW_N_DIMENSIONS] = {
  [TW_LINE_FLAT]         = 1,
  [TW_LINE_ENERGY]       = 1000,
  [TW_LINE_TIME]         = 3600 * 1000,
  [TW_LINE_PARKING_TIME] = 3600 * 1000,
};

/* Up to a multiple of step; 0 leaves it as it is. */
static gboolean
round_up (gint64 *quantity,
          gint64  step)
{
  gint64 rest = step > 0 ? *quantity % step : 0;

  return rest == 0 || !__builtin_add_overflow (*quantity, step - rest, quantity);
}

/* The kind of time whose period came last among those that cost something per time (decision 2). A period in
 * which no time component is active does not count; one that is free of charge does. FLAT stands for none. */
static TwLineKind
last_time_kind (const gint64 quantity[TW_N_DIMENSIONS],
                TwPhase      last)
{
  TwLineKind first = last == TW_PHASE_PARKING ? TW_LINE_PARKING_TIME : TW_LINE_TIME;
  TwLineKind second = last == TW_PHASE_PARKING ? TW_LINE_TIME : TW_LINE_PARKING_TIME;

  if (quantity[first] > 0)
    return first;

  return quantity[second] > 0 ? second : TW_LINE_FLAT;
}

/* The step is taken once per session: for energy, and for the last kind of time. */
static gboolean
measure (const TwTariff *self,
         const TwUsage  *usage,
         gint64          quantity[TW_N_DIMENSIONS])
{
  const gint64 used[TW_N_DIMENSIONS] = {
    [TW_LINE_FLAT]         = 1,
    [TW_LINE_ENERGY]       = usage->energy_wh,
    [TW_LINE_TIME]         = usage->duration_ms[TW_PHASE_CHARGING],
    [TW_LINE_PARKING_TIME] = usage->duration_ms[TW_PHASE_PARKING],
  };
  TwLineKind last;

  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    quantity[i] = self->components[i].present && usage->energy_wh > 0 ? used[i] : 0;
  last = last_time_kind (quantity, usage->last_time_phase);

  return round_up (&quantity[TW_LINE_ENERGY], self->components[TW_LINE_ENERGY].step_size)
      && (last == TW_LINE_FLAT || round_up (&quantity[last], self->components[last].step_size * 1000));
}

TwFraction
tw_tariff_highest_tax_factor (const TwTariff *self)
{
  TwFraction highest = tw_fraction (1, 1);

  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    if (self->components[i].present && tw_fraction_compare (self->components[i].tax_factor, highest) > 0)
      highest = self->components[i].tax_factor;

  return highest;
}

/* Gross for one unit of net where only one side of a limit is given (decision 9). */
static TwFraction
tax_ratio (const TwTariff *self,
           const TwSides  *unlimited)
{
  const TwComponent *energy = &self->components[TW_LINE_ENERGY];

  if (unlimited->net.over != 0)
    return tw_fraction_divide (unlimited->gross, unlimited->net);

  return energy->present ? energy->tax_factor : tw_tariff_highest_tax_factor (self);
}

static gboolean
is_beyond (gboolean   given,
           TwFraction amount,
           TwFraction limit,
           int        beyond)
{
  return given && tw_fraction_compare (amount, limit) == beyond;
}

/* beyond: -1 raises to a minimum, 1 lowers to a maximum. */
static TwSides
apply_limit (const TwTariff *self,
             const TwLimit  *limit,
             int             beyond,
             const TwSides  *unlimited,
             TwSides         total)
{
  gboolean net_beyond = is_beyond (limit->has_net, total.net, limit->at.net, beyond);
  gboolean gross_beyond = is_beyond (limit->has_gross, total.gross, limit->at.gross, beyond);

  if (net_beyond)
    total.net = limit->at.net;
  if (gross_beyond)
    total.gross = limit->at.gross;
  if (net_beyond && !limit->has_gross)
    total.gross = tw_fraction_multiply (total.net, tax_ratio (self, unlimited));
  if (gross_beyond && !limit->has_net)
    total.net = tw_fraction_divide (total.gross, tax_ratio (self, unlimited));

  return total;
}

static gboolean
sides_fit (const TwSides *sides)
{
  return tw_fraction_fits (sides->net) && tw_fraction_fits (sides->gross);
}

gboolean
tw_tariff_evaluate (const TwTariff *self,
                    const TwUsage  *usage,
                    TwPricing      *pricing)
{
  const TwSides nothing = { tw_fraction (0, 1), tw_fraction (0, 1) };
  TwSides sum = nothing;

  if (!measure (self, usage, pricing->quantity))
    return FALSE;
  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    {
      TwFraction units = tw_fraction (pricing->quantity[i], base_units[i]);

      pricing->amount[i] = nothing;
      if (pricing->quantity[i] == 0)
        continue;
      pricing->amount[i].net = tw_fraction_multiply (self->components[i].unit.net, units);
      pricing->amount[i].gross = tw_fraction_multiply (self->components[i].unit.gross, units);
      sum.net = tw_fraction_add (sum.net, pricing->amount[i].net);
      sum.gross = tw_fraction_add (sum.gross, pricing->amount[i].gross);
    }
  pricing->unlimited = pricing->total = sum;
  if (!sides_fit (&sum))
    return FALSE;
  if (usage->energy_wh == 0)   /* decision 20: no flat fee and no min_price either */
    return TRUE;

  pricing->total = apply_limit (self, &self->minimum, -1, &sum, pricing->total);
  if (!sides_fit (&pricing->total))
    return FALSE;
  pricing->total = apply_limit (self, &self->maximum, 1, &sum, pricing->total);

  return sides_fit (&pricing->total);
}
