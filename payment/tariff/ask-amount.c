/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about how much: amounts that look like a slip, and a hold that does not reach. */
#include "payment/tariff/ask.h"

#include "payment/money/money.h"

/* An amount of micro units against limits in thousandths of a euro, whatever the currency: its order of magnitude. */
static gint64
limit_micro (const TwAsk *ask)
{
  return ask->rule->limit * 100 * tw_currency_tenths_per_euro (ask->tariff->currency);
}

gboolean
tw_ask_is_cheap (const TwAsk *ask,
                 gint64       micro)
{
  return micro > 0 && micro < limit_micro (ask);
}

gboolean
tw_ask_is_dear (const TwAsk *ask,
                gint64       micro)
{
  return micro > limit_micro (ask);
}

static TwFraction
minimum_gross (const TwTariff *tariff)
{
  const TwLimit *low = &tariff->minimum;

  if (low->has_gross)
    return low->at.gross;
  if (low->has_net)
    return tw_fraction_multiply (low->at.net, tw_tariff_highest_tax_factor (tariff));

  return tw_fraction (0, 1);
}

/* So much of the dearest component of the kind that a session can meet. */
static TwFraction
dearest (const TwAsk *ask,
         TwLineKind   kind,
         gint64       quantity)
{
  TwFraction most = tw_fraction (0, 1);

  for (guint i = 0; i < ask->tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (ask->tariff, i);
      TwFraction gross, tax;

      if (component->kind == kind && !component->reservation && (ask->survey->reached[i] || !ask->survey->complete)
          && tw_component_shares (ask->tariff, component, quantity, &gross, &tax)
          && tw_fraction_compare (gross, most) > 0)
        most = gross;
    }

  return most;
}

/* The fees, the minimum and 5 kWh, the time that these take at 5 kW included, all of it at its dearest. */
void
tw_ask_hold (const TwAsk *ask)
{
  gint64 given = ask->tariff->preauthorize_minor;
  gint64 hold = given > 0 ? given : ask->site->hold_minor;
  TwFraction needed = minimum_gross (ask->tariff);

  needed = tw_fraction_add (needed, dearest (ask, TW_LINE_FLAT, 1));
  needed = tw_fraction_add (needed, dearest (ask, TW_LINE_ENERGY, 5000000));
  needed = tw_fraction_add (needed, dearest (ask, TW_LINE_TIME, 3600000));
  if (hold > 0 && tw_fraction_fits (needed)
      && tw_fraction_compare (tw_fraction (hold, tw_tariff_minor_units (ask->tariff)), needed) < 0)
    tw_ask_complain (ask, g_strdup (given > 0 ? "$.preauthorize_amount" : "[connector] hold_minor"), NULL);
}

void
tw_ask_minimum (const TwAsk *ask)
{
  TwFraction least = minimum_gross (ask->tariff);
  gint64 micro;

  if (tw_fraction_round_half_up (tw_fraction_multiply (least, tw_fraction (TW_MICRO, 1)), &micro)
      && tw_ask_is_dear (ask, micro))
    tw_ask_complain (ask, g_strdup ("$.min_price"), NULL);
}
