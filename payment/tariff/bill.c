/* SPDX-License-Identifier: Apache-2.0 */
/* A pricing, rounded: once for net, once for gross, half up. Lines get what is left of the totals. */
#include "payment/tariff/bill-inside.h"

#include "app/base/error.h"

#define EXACT_DIGITS 12

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

/* A short multiplication where it fits: the general one looks for common divisors. */
static TwFraction
to_minor (const TwTariff *tariff,
          TwFraction      amount)
{
  gint64 per_unit = tw_tariff_minor_units (tariff);

  if (amount.over < (TwWide) 1 << 110 && amount.over >= 0)
    return (TwFraction) { amount.over * per_unit, amount.under };

  return tw_fraction_multiply (amount, tw_fraction (per_unit, 1));
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

/* --- lines --- */

static void
add_component_line (TwBill          *self,
                    const TwPricer  *pricer,
                    const TwPricing *pricing,
                    guint            index)
{
  const TwComponent *component = tw_tariff_component (self->tariff, index);
  const TwTally *tally = &pricer->tallies[index];
  gboolean timed = component->kind == TW_LINE_TIME || component->kind == TW_LINE_PARKING_TIME;
  gint64 quantity = tw_pricer_quantity (pricer, pricing, index), step = tw_pricer_step (pricer, pricing, index);

  if (quantity <= 0)
    return;
  self->lines[self->n_lines++] = (TwLine) {
    .kind = component->kind,
    .duration_ms = timed ? quantity : 0,
    .quantity = component->kind == TW_LINE_FLAT ? quantity : quantity / 1000,
    .unit_price = component->price,
    .gross_price = component->gross_price,
    .net_price = self->tariff->tax_form == TW_TAX_UNSAID || self->tariff->tax_form == TW_TAX_NO,
    .tax_percent = component->tax_percent,
    .tax_unknown = component->tax_unknown,
    .exact_quantity = quantity,
    .step_added = step,
    .step_size = component->step_size,
    .start_ms = tally->start_ms,
    .end_ms = tally->end_ms,
    .n_periods = tally->n_periods,
    .element = component->element,
    .component = component->index,
    .reservation = component->reservation,
    .flags = tally->flags | (step > 0 ? TW_FLAG_STEP : 0),
    .reason = g_array_index (self->tariff->elements, TwElement, component->element).restrictions.text,
  };
}

/* In the order of the kinds, reservation last; within a kind in the order of first use. */
static void
list_components (TwBill          *self,
                 const TwPricer  *pricer,
                 const TwPricing *pricing)
{
  for (guint part = 0; part < 2 * TW_N_DIMENSIONS; part++)
    for (guint i = 0; i < pricer->n_touched; i++)
      {
        const TwComponent *component = tw_tariff_component (self->tariff, pricer->touched[i]);

        if (component->kind == part % TW_N_DIMENSIONS && component->reservation == (part >= TW_N_DIMENSIONS))
          add_component_line (self, pricer, pricing, pricer->touched[i]);
      }
}

static const TwComponent *
component_of (const TwBill *self,
              const TwLine *line)
{
  const TwElement *element = &g_array_index (self->tariff->elements, TwElement, line->element);

  return tw_tariff_component (self->tariff, element->component[line->kind]);
}

typedef struct { TwFraction rest; gint64 whole; gboolean raised; } TwShare;

/* Largest remainder: every part gets its whole minor units, and the parts with the largest rests get one more until
 * they add up. Equal rests: the earlier line. share_lines() says why n are enough. */
static gboolean
share (gint64   total,
       TwShare *shares,
       guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      if (!tw_fraction_floor (shares[i].rest, &shares[i].whole))
        return FALSE;
      shares[i].rest.over -= shares[i].whole * shares[i].rest.under;
      total -= shares[i].whole;
    }
  for (; total > 0; total--)
    {
      guint best = n;

      for (guint i = 0; i < n; i++)
        if (!shares[i].raised && (best == n || tw_fraction_compare (shares[i].rest, shares[best].rest) > 0))
          best = i;
      g_assert (best < n);
      shares[best].raised = TRUE;
      shares[best].whole++;
    }
  g_assert (total == 0);

  return TRUE;
}

/* Gross and tax are shared, and net is their difference: a line without tax so never gets a cent of it. Both totals
 * lie between the sum of the floors and that sum plus the number of rests. For gross that is plain. For tax: the
 * two roundings move it by less than one from the exact sum, and it is whole. */
static gboolean
share_lines (TwBill *self,
             gint64  net,
             gint64  gross)
{
  guint n = self->n_lines;
  g_autofree TwShare *shares = g_new0 (TwShare, 2 * n + 1);   /* never NULL */

  for (guint i = 0; i < n; i++)
    {
      TwFraction exact_gross, exact_tax;

      if (!tw_component_shares (self->tariff, component_of (self, &self->lines[i]), self->lines[i].exact_quantity,
                                &exact_gross, &exact_tax))
        return FALSE;
      shares[i].rest = to_minor (self->tariff, exact_gross);
      shares[n + i].rest = to_minor (self->tariff, exact_tax);
    }
  if (!share (gross, shares, n) || !share (gross - net, shares + n, n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      self->lines[i].gross_minor = shares[i].whole;
      self->lines[i].net_minor = shares[i].whole - shares[n + i].whole;
    }

  return TRUE;
}

/* The components' lines add up to what would be due without limits, and one more holds the difference. */
static gboolean
add_lines (TwBill          *self,
           const TwPricer  *pricer,
           const TwPricing *pricing)
{
  gint64 net, gross;

  if (!round_sides (self->tariff, &pricing->unlimited, &net, &gross))
    return FALSE;
  self->unlimited_net = tw_money (net, self->tariff->currency);
  self->unlimited_gross = tw_money (gross, self->tariff->currency);
  list_components (self, pricer, pricing);
  if (!share_lines (self, net, gross))
    return FALSE;
  if (net != self->net.minor || gross != self->gross.minor)
    self->lines[self->n_lines++] = (TwLine) {
      .kind = TW_LINE_ADJUSTMENT,
      .quantity = 1,
      .exact_quantity = 1,
      .net_minor = self->net.minor - net,
      .gross_minor = self->gross.minor - gross,
      .start_ms = pricer->wall_ms,
      .end_ms = pricer->wall_ms,
    };

  return TRUE;
}

static gboolean
set_totals (TwBill          *self,
            const TwPricing *pricing)
{
  gint64 net, gross;

  if (!round_sides (self->tariff, &pricing->total, &net, &gross))
    return FALSE;
  self->net = tw_money (net, self->tariff->currency);
  self->gross = tw_money (gross, self->tariff->currency);
  self->exact = pricing->total;
  self->net_known = pricing->net_known;
  self->gross_known = pricing->gross_known;

  return TRUE;
}

TwBill *
tw_pricer_bill (const TwPricer  *self,
                GError         **error)
{
  const TwHow how = { .with_steps = TRUE, .with_minimum = TRUE };
  guint n = self->n_touched + 1, most = self->reduction_bp > 0 ? 2 * n : n;
  g_autoptr (TwBill) bill = g_malloc0 (sizeof *bill + most * sizeof (TwLine));
  TwPricing pricing;

  bill->tariff = tw_tariff_ref (self->tariff);
  bill->grace_ms = self->grace_ms;
  if (tw_pricer_evaluate (self, how, &pricing) && set_totals (bill, &pricing) && add_lines (bill, self, &pricing))
    {
      bill->unreduced_gross = bill->gross;
      if (self->reduction_bp > 0)
        tw_bill_reduce (bill, self->reduction_bp);
      return g_steal_pointer (&bill);
    }
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
               "tariff %s: %" G_GINT64_FORMAT " mWh in %" G_GINT64_FORMAT " ms are too much to be priced: the readings "
               "cannot be right", self->tariff->id, self->energy_mwh, self->elapsed_ms);

  return NULL;
}

/* What an offer takes off goes by tax rate, and so by lines. */
static gboolean
tell_reduced (const TwPricer *self,
              TwTotals       *totals)
{
  g_autoptr (TwBill) bill = tw_pricer_bill (self, NULL);

  if (bill == NULL)
    return FALSE;
  *totals = (TwTotals) { bill->net.minor, bill->gross.minor, bill->net_known, bill->gross_known };
  return TRUE;
}

gboolean
tw_pricer_totals (const TwPricer *self,
                  TwTotals       *totals)
{
  const TwHow how = { .with_steps = TRUE, .with_minimum = TRUE };
  TwPricing pricing;

  if (self->reduction_bp > 0)
    return tell_reduced (self, totals);
  if (!tw_pricer_evaluate (self, how, &pricing)
      || !round_sides (self->tariff, &pricing.total, &totals->net_minor, &totals->gross_minor))
    return FALSE;
  totals->net_known = pricing.net_known;
  totals->gross_known = pricing.gross_known;

  return TRUE;
}

/* --- what others ask --- */

gint64
tw_bill_grace_ms (const TwBill *self)
{
  return self->grace_ms;
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

TwMoney
tw_bill_unlimited_net (const TwBill *self)
{
  return self->unlimited_net;
}

TwMoney
tw_bill_unlimited_gross (const TwBill *self)
{
  return self->unlimited_gross;
}

guint
tw_bill_reduction_bp (const TwBill *self)
{
  return self->reduction_bp;
}

TwMoney
tw_bill_unreduced_gross (const TwBill *self)
{
  return self->unreduced_gross;
}

gboolean
tw_bill_net_known (const TwBill *self)
{
  return self->net_known;
}

gboolean
tw_bill_gross_known (const TwBill *self)
{
  return self->gross_known;
}

/* A bill is read by any thread: the first text that is finished stays. */
static const char *
text_of (const TwBill  *self,
         TwFraction     amount,
         char         **place)
{
  if (g_atomic_pointer_get (place) == NULL)
    {
      char *text = tw_fraction_to_text (amount, self->tariff->digits, EXACT_DIGITS, NULL);

      if (!g_atomic_pointer_compare_and_exchange (place, NULL, text))
        g_free (text);
    }

  return g_atomic_pointer_get (place);
}

const char *
tw_bill_exact_net (const TwBill *self)
{
  return text_of (self, self->exact.net, (char **) &self->exact_net);
}

const char *
tw_bill_exact_gross (const TwBill *self)
{
  return text_of (self, self->exact.gross, (char **) &self->exact_gross);
}

static gboolean
is_cut (const TwBill *self,
        TwFraction    amount)
{
  gboolean cut = FALSE;
  g_autofree char *text = tw_fraction_to_text (amount, self->tariff->digits, EXACT_DIGITS, &cut);

  return cut;
}

gboolean
tw_bill_exact_is_cut (const TwBill *self)
{
  return is_cut (self, self->exact.net) || is_cut (self, self->exact.gross);
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

char *
tw_bill_line_exact (const TwBill *self,
                    guint         i,
                    gboolean      gross)
{
  const TwLine *line = tw_bill_line (self, i);
  TwFraction exact_gross, exact_tax;
  gboolean given = line->net_price != gross;

  if (line->kind >= TW_LINE_ADJUSTMENT || (line->tax_unknown && !given))
    return NULL;
  if (!tw_component_shares (self->tariff, component_of (self, line), line->exact_quantity, &exact_gross, &exact_tax))
    return NULL;

  return tw_fraction_to_text (gross ? exact_gross : tw_fraction_subtract (exact_gross, exact_tax),
                              self->tariff->digits, EXACT_DIGITS, NULL);
}

const char *
tw_line_flag_name (guint i)
{
  const char *const names[TW_N_LINE_FLAGS] = {
    "interpolated", "unknown_current", "unknown_power", "volume_mismatch", "volume_rounded", "step",
  };

  return i < TW_N_LINE_FLAGS ? names[i] : NULL;
}
