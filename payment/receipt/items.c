/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/figures.h"
#include "payment/receipt/writer.h"

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
  g_autofree char *value = tw_writer_amount (self, item->amount_minor);
  g_auto (GStrv) details = tw_writer_item_details (self, item);

  tw_page_pair (&self->page, name, value);
  for (guint i = 0; details[i] != NULL; i++)
    tw_page_paragraph (&self->page, 2, details[i]);
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
  if (receipt->grace_ms > 0)
    {
      g_autofree char *time = tw_receipt_duration (receipt->grace_ms, "min");

      tw_writer_localize (self, time);
      tw_page_pair (&self->page, tw_writer_word (self, TW_WORD_GRACE), time);
    }
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
