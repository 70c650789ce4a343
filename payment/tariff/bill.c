/* SPDX-License-Identifier: Apache-2.0 */
/* A pricing, rounded: once for net, once for gross, half up. Lines get what is left of the totals. */
#include "payment/tariff/model.h"

#include "app/base/error.h"

#define MAX_LINES (TW_LINE_ADJUSTMENT + 1)
#define EXACT_DIGITS 12

struct _TwBill
{
  TwTariff *tariff;   /* owns the texts that lines point to */
  TwMoney   net, gross;
  char     *exact_net, *exact_gross;
  gboolean  exact_is_cut;
  gboolean  net_known;
  TwLine    lines[MAX_LINES];
  guint     n_lines;
};

void
tw_bill_free (TwBill *self)
{
  if (self == NULL)
    return;

  tw_tariff_unref (self->tariff);
  g_free (self->exact_net);
  g_free (self->exact_gross);
  g_free (self);
}

static TwFraction
to_minor (const TwTariff *tariff,
          TwFraction      amount)
{
  gint64 per_unit = 1;

  for (int i = 0; i < tariff->digits; i++)
    per_unit *= 10;

  return tw_fraction_multiply (amount, tw_fraction (per_unit, 1));
}

static void
add_component_line (TwBill          *self,
                    TwLineKind       kind,
                    const TwPricing *pricing)
{
  const TwComponent *component = &self->tariff->components[kind];
  gboolean timed = kind == TW_LINE_TIME || kind == TW_LINE_PARKING_TIME;

  self->lines[self->n_lines++] = (TwLine) {
    .kind = kind,
    .duration_ms = timed ? pricing->quantity[kind] : 0,
    .quantity = timed ? pricing->quantity[kind] / 1000 : pricing->quantity[kind],
    .unit_price = component->price,
    .gross_price = component->gross_price,
    .net_price = self->tariff->tax_form == TW_TAX_UNSAID || self->tariff->tax_form == TW_TAX_NO,
    .tax_percent = component->tax_percent,
    .tax_unknown = component->tax_unknown,
  };
  self->net_known = self->net_known && !component->tax_unknown;
}

/* Largest remainder: every part gets its whole minor units, and the parts with the largest rests get one more until
 * they add up. Equal rests: the earlier line. add_component_lines() says why n are enough. */
static gboolean
share (gint64            total,
       const TwFraction *exact,
       guint             n,
       gint64           *parts)
{
  gboolean raised[MAX_LINES] = { FALSE };
  TwFraction rests[MAX_LINES];

  for (guint i = 0; i < n; i++)
    {
      if (!tw_fraction_floor (exact[i], &parts[i]))
        return FALSE;
      rests[i] = tw_fraction_subtract (exact[i], tw_fraction (parts[i], 1));
      total -= parts[i];
    }
  for (; total > 0; total--)
    {
      guint best = n;

      for (guint i = 0; i < n; i++)
        if (!raised[i] && (best == n || tw_fraction_compare (rests[i], rests[best]) > 0))
          best = i;
      g_assert (best < n);
      raised[best] = TRUE;
      parts[best]++;
    }
  g_assert (total == 0);

  return TRUE;
}

static gboolean
round_sides (const TwTariff *tariff,
             const TwSides  *sides,
             gint64         *net,
             gint64         *gross)
{
  return tw_fraction_round_half_up (to_minor (tariff, sides->net), net)
      && tw_fraction_round_half_up (to_minor (tariff, sides->gross), gross);
}

/* Gross and tax are shared, and net is their difference: a line without tax so never gets a cent of it. Both totals
 * lie between the sum of the floors and that sum plus the number of rests. For gross that is plain. For tax: the
 * two roundings move it by less than one from the exact sum, and it is whole. */
static gboolean
add_component_lines (TwBill          *self,
                     const TwPricing *pricing,
                     gint64           net,
                     gint64           gross)
{
  TwFraction exact_gross[MAX_LINES], exact_tax[MAX_LINES];
  gint64 gross_parts[MAX_LINES], tax_parts[MAX_LINES];

  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    {
      const TwSides *amount = &pricing->amount[i];

      if (pricing->quantity[i] == 0)
        continue;
      exact_gross[self->n_lines] = to_minor (self->tariff, amount->gross);
      exact_tax[self->n_lines] = to_minor (self->tariff, tw_fraction_subtract (amount->gross, amount->net));
      add_component_line (self, i, pricing);
    }
  if (!share (gross, exact_gross, self->n_lines, gross_parts)
      || !share (gross - net, exact_tax, self->n_lines, tax_parts))
    return FALSE;
  for (guint i = 0; i < self->n_lines; i++)
    {
      self->lines[i].gross_minor = gross_parts[i];
      self->lines[i].net_minor = gross_parts[i] - tax_parts[i];
    }

  return TRUE;
}

/* The components' lines add up to what would be due without limits, and one more holds the difference. */
static gboolean
add_lines (TwBill          *self,
           const TwPricing *pricing)
{
  gint64 net, gross;

  if (!round_sides (self->tariff, &pricing->unlimited, &net, &gross)
      || !add_component_lines (self, pricing, net, gross))
    return FALSE;
  if (net != self->net.minor || gross != self->gross.minor)
    self->lines[self->n_lines++] = (TwLine) {
      .kind = TW_LINE_ADJUSTMENT,
      .quantity = 1,
      .net_minor = self->net.minor - net,
      .gross_minor = self->gross.minor - gross,
    };

  return TRUE;
}

static gboolean
set_totals (TwBill          *self,
            const TwPricing *pricing)
{
  gboolean net_cut, gross_cut;
  gint64 net, gross;

  if (!round_sides (self->tariff, &pricing->total, &net, &gross))
    return FALSE;
  self->net = tw_money (net, self->tariff->currency);
  self->gross = tw_money (gross, self->tariff->currency);
  self->exact_net = tw_fraction_to_text (pricing->total.net, self->tariff->digits, EXACT_DIGITS, &net_cut);
  self->exact_gross = tw_fraction_to_text (pricing->total.gross, self->tariff->digits, EXACT_DIGITS, &gross_cut);
  self->exact_is_cut = net_cut || gross_cut;

  return TRUE;
}

TwBill *
tw_tariff_price (const TwTariff  *self,
                 const TwUsage   *usage,
                 GError         **error)
{
  g_autoptr (TwBill) bill = g_new0 (TwBill, 1);
  TwPricing pricing;

  bill->tariff = tw_tariff_ref ((TwTariff *) self);
  bill->net_known = TRUE;
  if (tw_tariff_evaluate (self, usage, &pricing) && set_totals (bill, &pricing) && add_lines (bill, &pricing))
    return g_steal_pointer (&bill);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
               "tariff %s: %" G_GINT64_FORMAT " Wh, %" G_GINT64_FORMAT " ms charging, %" G_GINT64_FORMAT " ms parking "
               "are too much to be priced: the readings cannot be right", self->id, usage->energy_wh,
               usage->duration_ms[TW_PHASE_CHARGING], usage->duration_ms[TW_PHASE_PARKING]);

  return NULL;
}

TwMoney
tw_bill_net (const TwBill *self)
{
  return self->net;
}

TwMoney
tw_bill_gross (const TwBill *self)
{
  return self->gross;
}

gboolean
tw_bill_net_known (const TwBill *self)
{
  return self->net_known;
}

const char *
tw_bill_exact_net (const TwBill *self)
{
  return self->exact_net;
}

const char *
tw_bill_exact_gross (const TwBill *self)
{
  return self->exact_gross;
}

gboolean
tw_bill_exact_is_cut (const TwBill *self)
{
  return self->exact_is_cut;
}

guint
tw_bill_n_lines (const TwBill *self)
{
  return self->n_lines;
}

const TwLine *
tw_bill_line (const TwBill *self,
              guint         i)
{
  g_assert (i < self->n_lines);

  return &self->lines[i];
}
