/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/figures.h"
#include "payment/receipt/writer.h"

const char *
tw_writer_item_name (const TwWriter      *self,
                     const TwReceiptItem *item)
{
  switch (item->kind)
    {
    case TW_ITEM_FLAT:
      return tw_writer_word (self, TW_WORD_FLAT);
    case TW_ITEM_ENERGY:
      return tw_writer_word (self, TW_WORD_ENERGY);
    case TW_ITEM_TIME:
      return tw_writer_word (self, TW_WORD_TIME);
    case TW_ITEM_PARKING_TIME:
      return tw_writer_word (self, TW_WORD_PARKING_TIME);
    case TW_ITEM_ADJUSTMENT:
      return tw_writer_word (self, item->amount_minor < 0 ? TW_WORD_MAXIMUM : TW_WORD_MINIMUM);
    case TW_ITEM_ROUNDING:
      return tw_writer_word (self, TW_WORD_ROUNDING);
    }
  g_assert_not_reached ();
}

/* "20.450 kWh x 0.49 EUR/kWh"; NULL where there is no unit. */
static char *
item_detail (const TwWriter      *self,
             const TwReceiptItem *item)
{
  const char *currency = self->receipt->currency, *per = "kWh";
  g_autofree char *figures = tw_receipt_thousands (item->quantity);
  g_autofree char *quantity = NULL;
  g_autofree char *price = NULL;

  if (item->unit_price == NULL || item->kind == TW_ITEM_FLAT)
    return NULL;
  if (item->kind == TW_ITEM_ENERGY)
    {
      quantity = g_strconcat (figures, " kWh", NULL);
      price = tw_receipt_price (item->unit_price, currency);
    }
  else
    {
      price = tw_receipt_time_price (item->unit_price, currency, &per);
      quantity = tw_receipt_duration (item->quantity, per);
    }
  tw_writer_localize (self, quantity);
  tw_writer_localize (self, price);

  return g_strdup_printf ("%s x %s %s/%s", quantity, price, currency, per);
}

/* Letters tell the rates apart, and are left out where there is nothing to tell apart. */
static char *
tax_letter (const TwWriter *self,
            guint           tax)
{
  guint n = self->receipt->taxes->len;

  return n > 1 && tax < n ? g_strdup_printf ("%c", 'A' + (int) tax) : NULL;
}

static void
write_item (TwWriter            *self,
            const TwReceiptItem *item)
{
  g_autofree char *letter = tax_letter (self, item->tax);
  const char *word = tw_writer_item_name (self, item);
  g_autofree char *name = letter ? g_strdup_printf ("%s (%s)", word, letter) : g_strdup (word);
  g_autofree char *detail = item_detail (self, item);
  g_autofree char *value = tw_writer_amount (self, item->amount_minor);

  tw_page_pair (&self->page, name, value);
  if (detail)
    tw_page_paragraph (&self->page, 2, detail);
}

static void
append_column (GString    *row,
               const char *text,
               guint       columns)
{
  for (guint width = tw_page_width (text); width < columns; width++)
    g_string_append_c (row, ' ');
  g_string_append (row, text);
}

/* The first column to the left, three to the right. */
static void
write_row (TwWriter   *self,
           const char *name,
           const char *net,
           const char *tax,
           const char *gross)
{
  g_autoptr (GString) row = g_string_new (name);
  guint width = tw_page_width (name);

  append_column (row, net, width < 22 ? 22 - width : 0);
  append_column (row, tax, 10);
  append_column (row, gross, 10);
  g_string_append_c (row, '\n');
  g_string_append (self->page.text, row->str);
}

static void
write_tax (TwWriter *self,
           guint     i)
{
  const TwReceiptTax *tax = &g_array_index (self->receipt->taxes, TwReceiptTax, i);
  g_autofree char *letter = tax_letter (self, i);
  g_autofree char *percent = tax->percent ? tw_writer_localize (self, tw_receipt_percent (tax->percent)) : NULL;
  g_autofree char *rate = percent ? g_strconcat (percent, " %", NULL)
                                  : g_strdup (tw_writer_word (self, tax->adjustment ? TW_WORD_LIMIT : TW_WORD_NO_TAX));
  g_autofree char *name = letter ? g_strdup_printf ("%s %s", letter, rate) : g_strdup (rate);
  g_autofree char *net = tw_writer_amount (self, tax->net_minor);
  g_autofree char *part = tw_writer_amount (self, tax->gross_minor - tax->net_minor);
  g_autofree char *gross = tw_writer_amount (self, tax->gross_minor);

  write_row (self, name, net, part, gross);
}

static void
write_taxes (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;
  g_autofree char *net = tw_writer_amount (self, receipt->net_minor);
  g_autofree char *tax = tw_writer_amount (self, receipt->gross_minor - receipt->net_minor);
  g_autofree char *gross = tw_writer_amount (self, receipt->gross_minor);

  if (!receipt->net_known)
    {
      tw_writer_paragraph (self, TW_WORD_TAX_UNKNOWN);
      return;
    }
  write_row (self, "", tw_writer_word (self, TW_WORD_NET), tw_writer_word (self, TW_WORD_TAX),
             tw_writer_word (self, TW_WORD_GROSS));
  for (guint i = 0; i < receipt->taxes->len; i++)
    write_tax (self, i);
  if (receipt->taxes->len > 1)
    write_row (self, tw_writer_word (self, TW_WORD_TOTAL), net, tax, gross);
}

void
tw_writer_price (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;

  for (guint i = 0; i < receipt->items->len; i++)
    write_item (self, &g_array_index (receipt->items, TwReceiptItem, i));
  if (receipt->items->len == 0)
    {
      tw_writer_paragraph (self, TW_WORD_NOTHING_DUE);
      return;
    }
  tw_page_rule (&self->page, '=');
  tw_writer_pair_amount (self, TW_WORD_TOTAL, receipt->gross_minor);
  tw_page_rule (&self->page, '=');
  write_taxes (self);
}
