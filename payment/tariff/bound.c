/* SPDX-License-Identifier: Apache-2.0 */
/* How much it can become: what the hold is sized by, and what stops the charge before the hold is used up. */
#include "payment/tariff/model.h"

static gint64
round_gross (const TwTariff *self,
             TwFraction      gross)
{
  gint64 per_unit = 1, minor;

  for (int i = 0; i < self->digits; i++)
    per_unit *= 10;
  if (!tw_fraction_round_half_up (tw_fraction_multiply (gross, tw_fraction (per_unit, 1)), &minor))
    return G_MAXINT64;

  return minor;
}

/* Rounded up: n Wh of a real flow can move a register of whole Wh by that much and no more. */
static gint64
most_energy_wh (gint64 ms,
                gint64 power_w)
{
  TwWide watt_ms = (TwWide) MAX (ms, 0) * MAX (power_w, 0);
  TwWide wh = (watt_ms + 3600 * 1000 - 1) / (3600 * 1000);

  return wh > G_MAXINT64 ? G_MAXINT64 : (gint64) wh;
}

static gboolean
has_one_tax_factor (const TwTariff *self)
{
  TwFraction highest = tw_tariff_highest_tax_factor (self);

  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    if (self->components[i].present && tw_fraction_compare (self->components[i].tax_factor, highest) != 0)
      return FALSE;

  return TRUE;
}

/* A limit that is given before taxes only takes its tax from the mix of the session (decision 9), and the mix changes
 * on the way: gross is then no longer monotone, and the highest rate is what bounds it. */
static TwFraction
bound_of_limits (const TwTariff  *self,
                 const TwPricing *later)
{
  TwFraction highest = tw_tariff_highest_tax_factor (self), bound = later->total.gross, at_limit;
  const TwLimit *low = &self->minimum, *high = &self->maximum;

  if (low->has_net && !low->has_gross)
    {
      at_limit = tw_fraction_multiply (low->at.net, highest);
      bound = tw_fraction_compare (at_limit, bound) > 0 ? at_limit : bound;
    }
  if (high->has_net && !high->has_gross && tw_fraction_compare (later->unlimited.net, high->at.net) > 0)
    {
      at_limit = tw_fraction_multiply (high->at.net, highest);
      bound = tw_fraction_compare (at_limit, bound) > 0 ? at_limit : bound;
    }
  if (high->has_gross && tw_fraction_compare (high->at.gross, bound) < 0)
    bound = high->at.gross;

  return bound;
}

gint64
tw_tariff_bound_minor (const TwTariff *self,
                       const TwUsage  *usage,
                       TwPhase         phase,
                       gint64          ms,
                       gint64          power_w)
{
  TwSlice slice = { .phase = phase, .duration_ms = ms, .energy_wh = most_energy_wh (ms, power_w) };
  TwUsage later_usage = *usage;
  TwPricing now, later;
  gint64 now_minor;

  if (!tw_tariff_evaluate (self, usage, &now))
    return G_MAXINT64;
  now_minor = round_gross (self, now.total.gross);
  if (ms <= 0)
    return now_minor;

  tw_usage_add (&later_usage, slice);
  if (!tw_tariff_evaluate (self, &later_usage, &later))
    return G_MAXINT64;
  if (later_usage.energy_wh > 0 && !has_one_tax_factor (self))
    later.total.gross = bound_of_limits (self, &later);

  /* Not always the later one: parking that begins takes back the step rounding of the charging before it. */
  return MAX (now_minor, round_gross (self, later.total.gross));
}
