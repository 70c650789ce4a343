/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities, then amounts, then limits: sections 3.4 to 3.6 of our reading of mod_tariffs, in their order. All amounts
 * are whole numbers over one denominator, 18 x 10^12: a price has 6 decimals, a kWh has 10^6 mWh, an hour 3.6 x 10^6
 * ms. Only "net from gross" divides, once for each tax rate.
 */
#include "payment/tariff/running.h"

#define DENOMINATOR ((TwWide) 18 * 1000 * 1000 * 1000 * 1000)
/* So that a factor of tax, 21 bits, still fits what a TwFraction may have, 120 bits. */
#define LARGEST ((TwWide) 1 << 97)

static const gint64 scale[TW_N_DIMENSIONS] = {
  [TW_LINE_FLAT]         = (gint64) 18 * 1000 * 1000,
  [TW_LINE_ENERGY]       = 18,
  [TW_LINE_TIME]         = 5,
  [TW_LINE_PARKING_TIME] = 5,
};

gboolean
tw_round_up (gint64 *quantity,
             gint64  step)
{
  gint64 rest = step > 0 ? *quantity % step : 0;

  return rest == 0 || !__builtin_add_overflow (*quantity, step - rest, quantity);
}

gint64
tw_tariff_minor_units (const TwTariff *self)
{
  gint64 per_unit = 1;

  for (int i = 0; i < self->digits; i++)
    per_unit *= 10;

  return per_unit;
}

static gint64
rest_of_step (const TwPricer *self,
              int             component,
              gint64          quantity,
              gint64          base)
{
  gint64 rounded = quantity;

  if (component < 0 || !tw_round_up (&rounded, tw_tariff_component (self->tariff, component)->step_size * base))
    return 0;

  return rounded - quantity;
}

/* Once a session for energy, for the kind of time that came last, and for a reservation (3.4). */
static void
find_steps (const TwPricer *self,
            TwPricing      *pricing)
{
  if (self->last_time >= 0)
    pricing->step_time = rest_of_step (self, self->last_time,
                                       self->priced_ms[tw_tariff_component (self->tariff, self->last_time)->kind],
                                       1000);
  pricing->step_energy = rest_of_step (self, self->last_energy, self->energy_mwh, 1000);
  pricing->step_reservation = rest_of_step (self, self->last_reservation, self->reservation_ms, 1000);
}

gint64
tw_pricer_step (const TwPricer  *self,
                const TwPricing *pricing,
                guint            component)
{
  int c = (int) component;

  if (c == self->last_reservation)
    return pricing->step_reservation;
  if (c == self->last_time)
    return pricing->step_time;

  return c == self->last_energy ? pricing->step_energy : 0;
}

/* Energy since the last change is not shared out yet; what was given away beyond the register is taken back. */
gint64
tw_pricer_quantity (const TwPricer  *self,
                    const TwPricing *pricing,
                    guint            component)
{
  gint64 quantity = self->tallies[component].quantity, open_mwh = self->energy_mwh - self->shared_mwh;

  if (!pricing->counts && !tw_tariff_component (self->tariff, component)->reservation)
    return 0;
  if ((int) component == (open_mwh >= 0 ? self->run : self->last_sharer))
    quantity += open_mwh;

  return quantity + tw_pricer_step (self, pricing, component);
}

static guint
bits (guint64 value)
{
  return value == 0 ? 0 : 64 - __builtin_clzll (value);
}

/* In the side that the tariff gives, over DENOMINATOR. */
static gboolean
amount_of (const TwComponent *component,
           gint64             quantity,
           TwWide            *amount)
{
  if (bits (component->price_micro) + bits (quantity) + bits (scale[component->kind]) > 97)
    return FALSE;
  *amount = (TwWide) component->price_micro * quantity * scale[component->kind];

  return TRUE;
}

TwFraction
tw_tariff_tax_factor (const TwTariff    *self,
                      const TwComponent *component)
{
  return (TwFraction) { self->factors[component->rate], TW_MICRO };
}

TwFraction
tw_tariff_highest_tax_factor (const TwTariff *self)
{
  gint64 highest = TW_MICRO;

  for (guint i = 0; i < self->n_rates; i++)
    highest = MAX (highest, self->factors[i]);

  return (TwFraction) { highest, TW_MICRO };
}

/* given: by tax rate. Fractions made here are not in lowest terms: that would cost more than all the rest. */
static TwSides
sides_of (const TwTariff *self,
          const TwWide   *given)
{
  TwWide sum = 0, taxed = 0;
  TwFraction net = { 0, 1 };
  gboolean inclusive = self->tax_form == TW_TAX_YES, first = TRUE;

  for (guint i = 0; i < self->n_rates; i++)
    {
      TwFraction part = { given[i] * TW_MICRO, DENOMINATOR * self->factors[i] };

      if (given[i] == 0)
        continue;
      sum += given[i];
      taxed += given[i] * self->factors[i];
      if (inclusive)
        net = first ? part : tw_fraction_add (net, part);
      first = FALSE;
    }
  if (inclusive)
    return (TwSides) { .net = net, .gross = { sum, DENOMINATOR } };

  return (TwSides) { .net = { sum, DENOMINATOR }, .gross = { taxed, DENOMINATOR * TW_MICRO } };
}

/* Tax on its own, and not as a difference: in this form both sides of the line stay short. */
gboolean
tw_component_shares (const TwTariff    *tariff,
                     const TwComponent *component,
                     gint64             quantity,
                     TwFraction        *gross,
                     TwFraction        *tax)
{
  gint64 factor = tariff->factors[component->rate];
  gboolean inclusive = tariff->tax_form == TW_TAX_YES;
  TwWide given;

  if (!amount_of (component, quantity, &given))
    return FALSE;
  *tax = (TwFraction) { given * (factor - TW_MICRO), DENOMINATOR * (inclusive ? factor : TW_MICRO) };
  *gross = inclusive ? (TwFraction) { given, DENOMINATOR } : (TwFraction) { given * factor, DENOMINATOR * TW_MICRO };

  return TRUE;
}

static gboolean
add_up (const TwPricer *self,
        TwPricing      *pricing)
{
  TwWide given[TW_MAX_RATES] = { 0 }, amount;

  for (guint i = 0; i < self->n_touched; i++)
    {
      const TwComponent *component = tw_tariff_component (self->tariff, self->touched[i]);
      gint64 quantity = tw_pricer_quantity (self, pricing, self->touched[i]);

      if (quantity == 0)
        continue;
      if (!amount_of (component, quantity, &amount) || (given[component->rate] += amount) > LARGEST)
        return FALSE;
      if (component->tax_unknown && self->tariff->tax_form == TW_TAX_YES)
        pricing->net_known = FALSE;
      if (component->tax_unknown && self->tariff->tax_form == TW_TAX_NO)
        pricing->gross_known = FALSE;
    }
  pricing->unlimited = pricing->total = sides_of (self->tariff, given);

  return tw_fraction_fits (pricing->unlimited.net);
}

/* --- limits --- */

static TwFraction
energy_tax_factor (const TwPricer *self)
{
  const GArray *components = self->tariff->components;

  if (self->last_energy >= 0)
    return tw_tariff_tax_factor (self->tariff, tw_tariff_component (self->tariff, self->last_energy));
  for (guint i = 0; i < components->len; i++)
    if (tw_tariff_component (self->tariff, i)->kind == TW_LINE_ENERGY)
      return tw_tariff_tax_factor (self->tariff, tw_tariff_component (self->tariff, i));

  return tw_tariff_highest_tax_factor (self->tariff);
}

/* Gross for one unit of net where only one side of a limit is given (decision 9). */
static TwFraction
tax_ratio (const TwPricer *self,
           const TwSides  *unlimited)
{
  if (unlimited->net.over != 0)
    return tw_fraction_divide (unlimited->gross, unlimited->net);

  return energy_tax_factor (self);
}

static gboolean
is_beyond (gboolean   given,
           TwFraction amount,
           TwFraction limit,
           int        beyond)
{
  return given && tw_fraction_compare (amount, limit) == beyond;
}

/* beyond: -1 raises to a minimum, 1 lowers to a maximum. A side that is not known is left alone, and where the limit
 * is on that side only, nobody knows the other one either. */
static void
apply_limit (const TwPricer *self,
             const TwLimit  *limit,
             int             beyond,
             TwPricing      *pricing)
{
  TwSides *total = &pricing->total;
  gboolean has_net = limit->has_net && pricing->net_known, has_gross = limit->has_gross && pricing->gross_known;
  gboolean net_beyond = is_beyond (has_net, total->net, limit->at.net, beyond);
  gboolean gross_beyond = is_beyond (has_gross, total->gross, limit->at.gross, beyond);

  if ((limit->has_net && !limit->has_gross && !pricing->net_known)
      || (limit->has_gross && !limit->has_net && !pricing->gross_known))
    pricing->net_known = pricing->gross_known = FALSE;
  if (net_beyond)
    total->net = limit->at.net;
  if (gross_beyond)
    total->gross = limit->at.gross;
  if (net_beyond && !has_gross)
    total->gross = pricing->gross_known
      ? tw_fraction_multiply (total->net, tax_ratio (self, &pricing->unlimited)) : total->net;
  if (gross_beyond && !has_net)
    total->net = pricing->net_known
      ? tw_fraction_divide (total->gross, tax_ratio (self, &pricing->unlimited)) : total->gross;
}

static gboolean
fits (const TwSides *sides)
{
  return tw_fraction_fits (sides->net) && tw_fraction_fits (sides->gross);
}

/* A reservation that nobody used is not raised to a minimum (decision 10). */
gboolean
tw_pricer_evaluate (const TwPricer *self,
                    TwHow           how,
                    TwPricing      *pricing)
{
  *pricing = (TwPricing) { .net_known = TRUE, .gross_known = TRUE };
  pricing->counts = how.as_if_energy || self->energy_mwh > 0 || (self->without_energy && self->elapsed_ms > 0);
  if (self->too_large)
    return FALSE;
  if (how.with_steps)
    find_steps (self, pricing);
  if (!add_up (self, pricing))
    return FALSE;

  if (how.with_minimum && pricing->counts)
    apply_limit (self, &self->tariff->minimum, -1, pricing);
  if (!fits (&pricing->total))
    return FALSE;
  apply_limit (self, &self->tariff->maximum, 1, pricing);

  return fits (&pricing->total);
}
