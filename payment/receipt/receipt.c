/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/receipt.h"

#include "payment/money/fraction.h"
#include "payment/receipt/figures.h"

#include <string.h>

static void
clear_item (gpointer item)
{
  g_free (((TwReceiptItem *) item)->unit_price);
  g_free (((TwReceiptItem *) item)->reason);
}

static void
clear_tax (gpointer tax)
{
  g_free (((TwReceiptTax *) tax)->percent);
}

TwReceipt *
tw_receipt_new (const char *currency)
{
  TwReceipt *self = g_new0 (TwReceipt, 1);

  g_assert (tw_currency_digits (currency) >= 0);
  memcpy (self->currency, currency, sizeof self->currency);
  self->meter_begin_wh = self->meter_end_wh = -1;
  self->net_known = TRUE;
  self->items = g_array_new (FALSE, TRUE, sizeof (TwReceiptItem));
  g_array_set_clear_func (self->items, clear_item);
  self->taxes = g_array_new (FALSE, TRUE, sizeof (TwReceiptTax));
  g_array_set_clear_func (self->taxes, clear_tax);
  self->findings = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
tw_receipt_free (TwReceipt *self)
{
  if (self == NULL)
    return;

  char *const strings[] = {
    self->seller_name, self->seller_address, self->seller_vat_id, self->helpline, self->station_id, self->station_name,
    self->station_address, self->evse_id, self->connector, self->time_zone, self->number, self->session, self->reason,
    self->current_type, self->tariff_id, self->tariff_hash, self->brand, self->masked, self->aid, self->approval_code,
    self->reference,
  };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_array_unref (self->items);
  g_array_unref (self->taxes);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

void
tw_receipt_add_finding (TwReceipt  *self,
                        const char *code)
{
  g_ptr_array_add (self->findings, g_strdup (code));
}

/* The row of a rate, made if it is not there: 20 and 20.0 are one. */
static guint
find_tax (TwReceipt  *self,
          const char *percent)
{
  g_autofree char *plain = percent ? tw_receipt_percent (percent) : NULL;
  TwReceiptTax added = { .percent = NULL };

  for (guint i = 0; i < self->taxes->len; i++)
    if (g_strcmp0 (g_array_index (self->taxes, TwReceiptTax, i).percent, plain) == 0)
      return i;
  added.percent = g_steal_pointer (&plain);
  g_array_append_val (self->taxes, added);

  return self->taxes->len - 1;
}

/* Whether the tax in an amount is that of the rate, to the minor unit. */
static gboolean
is_taxed_at (const TwReceiptTax *tax,
             gint64              net_minor,
             gint64              gross_minor)
{
  TwFraction over, difference;
  TwDecimal percent = { 0, 0 };

  if (tax->percent && !tw_decimal_parse (tax->percent, TW_DECIMAL_MAX_SCALE, &percent, NULL))
    return FALSE;
  over = tw_fraction_divide (tw_fraction_from_decimal (percent), tw_fraction (100, 1));
  difference = tw_fraction_subtract (tw_fraction_multiply (tw_fraction (net_minor, 1), over),
                                     tw_fraction (gross_minor - net_minor, 1));

  return tw_fraction_compare (difference, tw_fraction (-2, 1)) > 0
      && tw_fraction_compare (difference, tw_fraction (2, 1)) < 0;
}

/* What a limit takes away or adds belongs to the rate of the session if there is one and the limit keeps to it, else to
 * none. */
static guint
find_adjustment_tax (TwReceipt    *self,
                     const TwLine *line)
{
  const TwReceiptTax adjustment = { .adjustment = TRUE };
  const TwReceiptTax *only = self->taxes->len == 1 ? &g_array_index (self->taxes, TwReceiptTax, 0) : NULL;

  if (only && (!self->net_known || is_taxed_at (only, only->net_minor + line->net_minor,
                                                only->gross_minor + line->gross_minor)))
    return 0;
  g_array_append_val (self->taxes, adjustment);

  return self->taxes->len - 1;
}

/* That of what is reduced: the row of its rate, or of what a limit changes; with one row it is that one. */
static guint
find_reduction_tax (TwReceipt    *self,
                    const TwLine *line)
{
  guint i = 0;

  if (!line->of_limit)
    return self->taxes->len == 1 ? 0 : find_tax (self, line->tax_percent);
  while (i + 1 < self->taxes->len && !g_array_index (self->taxes, TwReceiptTax, i).adjustment)
    i++;
  return i;
}

/* Returns the item's amount, rounded on its own. */
static gint64
add_item (TwReceipt    *self,
          const TwLine *line)
{
  gboolean used = line->kind < TW_LINE_ADJUSTMENT;
  TwReceiptItem item = {
    .kind = (TwItemKind) line->kind,
    .quantity = line->exact_quantity,
    .unit_price = g_strdup (line->gross_price),
    .start_ms = used ? line->start_ms : 0,
    .end_ms = used ? line->end_ms : 0,
    .n_periods = line->n_periods,
    .step_added = line->step_added,
    .step_size = line->step_size,
    .element = line->element,
    .component = line->component,
    .reservation = line->reservation,
    .flags = line->flags,
    .reason = g_strdup (line->reason),
  };
  TwReceiptTax *tax;

  item.tax = line->kind == TW_LINE_ADJUSTMENT ? find_adjustment_tax (self, line)
             : line->kind == TW_LINE_REDUCTION ? find_reduction_tax (self, line) : find_tax (self, line->tax_percent);
  tax = &g_array_index (self->taxes, TwReceiptTax, item.tax);
  tax->net_minor += line->net_minor;
  tax->gross_minor += line->gross_minor;
  /* The bill's shares add up to its total, but one may be a cent off its own product. On paper the product must be
   * right, and the cent gets an item of its own. */
  if (item.unit_price == NULL || !tw_receipt_product (&item, self->currency, &item.amount_minor))
    item.amount_minor = line->gross_minor;
  g_array_append_val (self->items, item);

  return item.amount_minor;
}

/* Puts what the items lack into the adjustment, which is a difference anyway, or into an item for it. */
static void
settle_rest (TwReceipt *self,
             gint64     rest)
{
  const TwReceiptItem rounding = { .kind = TW_ITEM_ROUNDING, .quantity = 1, .tax = G_MAXUINT, .amount_minor = rest };
  TwReceiptItem *last;

  if (rest == 0)
    return;
  last = &g_array_index (self->items, TwReceiptItem, self->items->len - 1);
  if (last->kind == TW_ITEM_ADJUSTMENT)
    last->amount_minor += rest;
  else
    g_array_append_val (self->items, rounding);
}

void
tw_receipt_set_bill (TwReceipt    *self,
                     const TwBill *bill)
{
  gint64 sum = 0;
  guint i = 0;

  g_assert (strcmp (tw_bill_gross (bill).currency, self->currency) == 0);
  g_array_set_size (self->items, 0);
  g_array_set_size (self->taxes, 0);
  self->net_known = tw_bill_net_known (bill);
  self->grace_ms = tw_bill_grace_ms (bill);
  self->net_minor = tw_bill_net (bill).minor;
  self->gross_minor = tw_bill_gross (bill).minor;
  self->unreduced_minor = tw_bill_unreduced_gross (bill).minor;
  self->discount_bp = tw_bill_reduction_bp (bill);
  for (; i < tw_bill_n_lines (bill) && tw_bill_line (bill, i)->kind != TW_LINE_REDUCTION; i++)
    sum += add_item (self, tw_bill_line (bill, i));
  settle_rest (self, self->unreduced_minor - sum);
  for (; i < tw_bill_n_lines (bill); i++)
    add_item (self, tw_bill_line (bill, i));
}
