/* SPDX-License-Identifier: Apache-2.0 */
/* What a phone shows that looks at the QR code on the screen: plain lines, few enough for a code that can be read from
 * an arm's length.
 */
#include "app/base/error.h"
#include "app/base/words.h"
#include "payment/receipt/figures.h"
#include "payment/receipt/writer.h"

#include <string.h>

/* What goes first if it is too much. All lines of a rank stay or go together: half a list of items would be wrong. */
typedef enum { ALWAYS, TAX, TIME, ENERGY, EVSE, REASON, ITEMS, PRODUCTS, N_RANKS } Rank;

typedef struct { Rank rank; char *text; } Line;
typedef struct { const TwWriter *writer; GArray *lines; } Compact;

static void
clear_line (gpointer line)
{
  g_free (((Line *) line)->text);
}

/* So many bytes of what others said, in one line; "..." at the end of more. */
static char *
cut (const char *text,
     gsize       max)
{
  g_autofree char *clean = tw_page_clean (text ? text : "");
  gsize end = max - strlen ("...");

  if (strlen (clean) <= max)
    return g_steal_pointer (&clean);
  while (((guchar) clean[end] & 0xc0) == 0x80)   /* not inside a character */
    end--;
  clean[end] = '\0';

  return g_strconcat (clean, "...", NULL);
}

/* Takes text. */
static void
add (Compact *self,
     Rank     rank,
     char    *text)
{
  const Line line = { rank, text };

  g_array_append_val (self->lines, line);
}

static void
add_named (Compact    *self,
           Rank        rank,
           TwWord      name,
           const char *text,
           gsize       max)
{
  g_autofree char *value = cut (text, max);

  if (value[0] != '\0')
    add (self, rank, g_strdup_printf ("%s %s", tw_writer_word (self->writer, name), value));
}

static void
add_amount (Compact *self,
            TwWord   name,
            gint64   minor)
{
  g_autofree char *amount = tw_writer_amount (self->writer, minor);

  add (self, ALWAYS, g_strdup_printf ("%s %s %s", tw_writer_word (self->writer, name), amount,
                                      self->writer->receipt->currency));
}

static void
add_title (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;
  TwPaymentStatus status = receipt->status;
  gboolean pays = status == TW_PAYMENT_CAPTURED || status == TW_PAYMENT_PENDING;

  if (receipt->test_mode)
    add (self, ALWAYS, g_strdup (tw_writer_word (self->writer, TW_WORD_TEST_MODE)));
  add (self, ALWAYS, cut (receipt->seller_name, 40));
  add_named (self, ALWAYS, TW_WORD_VAT_ID, receipt->seller_vat_id, 20);
  if (pays && receipt->number)
    add_named (self, ALWAYS, TW_WORD_RECEIPT, receipt->number, 24);
  else
    add (self, ALWAYS, g_strdup (tw_writer_word (self->writer, pays ? TW_WORD_RECEIPT : TW_WORD_RECORD)));
  add_named (self, ALWAYS, TW_WORD_SESSION, receipt->session, 28);
}

/* The date once where both ends have the same. */
static void
add_time (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;
  const char *zone = receipt->time_zone, *language = self->writer->language;
  /* xgettext:no-c-format */
  const char *full = tw_word_in (language, "date and time", "%Y-%m-%d %H:%M");
  g_autofree char *first_day = tw_receipt_local_time (receipt->begin_wall_us, zone, "%F");
  g_autofree char *last_day = tw_receipt_local_time (receipt->end_wall_us, zone, "%F");
  gboolean one_day = g_strcmp0 (first_day, last_day) == 0;
  const char *rest = one_day ? tw_word_in (language, "time of day", "%H:%M") : full;
  g_autofree char *begin = tw_receipt_local_time (receipt->begin_wall_us, zone, full);
  g_autofree char *end = tw_receipt_local_time (receipt->end_wall_us, zone, rest);
  g_autofree char *name = tw_receipt_local_time (receipt->end_wall_us, zone, "%Z");

  if (begin && end && name)
    add (self, TIME, g_strdup_printf (one_day ? "%s-%s %s" : "%s - %s %s", begin, end, name));
}

static void
add_delivery (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;
  g_autofree char *energy = tw_writer_localize (self->writer, tw_receipt_thousands (receipt->energy_wh));

  add (self, EVSE, cut (receipt->evse_id, 40));
  if (receipt->begin_wall_us <= 0)
    {
      add (self, TIME, g_strdup (tw_writer_word (self->writer, TW_WORD_NOT_STARTED)));
      return;
    }
  add_time (self);
  add (self, ENERGY, g_strconcat (energy, " kWh", NULL));
}

static void
add_taxes (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;
  const char *tax_word = tw_writer_word (self->writer, TW_WORD_TAX);

  for (guint i = 0; receipt->net_known && i < receipt->taxes->len; i++)
    {
      const TwReceiptTax *tax = &g_array_index (receipt->taxes, TwReceiptTax, i);
      TwWord other = tax->adjustment ? TW_WORD_LIMIT : TW_WORD_NO_TAX;
      g_autofree char *percent = tax->percent ? tw_writer_localize (self->writer, tw_receipt_percent (tax->percent))
                                              : NULL;
      g_autofree char *rate = percent ? g_strconcat (percent, " %", NULL)
                                      : g_strdup (tw_writer_word (self->writer, other));
      g_autofree char *amount = tw_writer_amount (self->writer, tax->gross_minor - tax->net_minor);

      add (self, TAX, g_strdup_printf ("%s %s: %s", tax_word, rate, amount));
    }
}

static void
add_price (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;

  for (guint i = 0; i < receipt->items->len; i++)
    {
      const TwReceiptItem *item = &g_array_index (receipt->items, TwReceiptItem, i);
      g_autofree char *amount = tw_writer_amount (self->writer, item->amount_minor);
      g_autofree char *product = tw_writer_item_product (self->writer, item);

      add (self, ITEMS, g_strdup_printf ("%s %s", tw_writer_item_name (self->writer, item), amount));
      if (product != NULL)
        add (self, PRODUCTS, g_strconcat ("  ", product, NULL));
    }
  if (receipt->items->len == 0)
    return;
  add_amount (self, TW_WORD_TOTAL, receipt->gross_minor);
  add_taxes (self);
}

static void
add_status (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;

  switch (receipt->status)
    {
    case TW_PAYMENT_NONE:
      add (self, ALWAYS, g_strdup (tw_writer_word (self->writer, TW_WORD_STATUS_NONE)));
      break;
    case TW_PAYMENT_UNKNOWN:
      add_amount (self, TW_WORD_HOLD_ASKED, receipt->hold_minor);
      break;
    case TW_PAYMENT_PENDING:
      add_amount (self, TW_WORD_TO_CHARGE, receipt->captured_minor);
      break;
    case TW_PAYMENT_CAPTURED:
      add_amount (self, TW_WORD_CHARGED, receipt->captured_minor);
      if (receipt->refunded_minor > 0)
        add_amount (self, TW_WORD_REFUNDED, receipt->refunded_minor);
      break;
    case TW_PAYMENT_RELEASED:
      add (self, ALWAYS, g_strdup (tw_writer_word (self->writer, TW_WORD_STATUS_RELEASED)));
      break;
    case TW_PAYMENT_FAILED:
      add_amount (self, TW_WORD_NOT_CHARGED, receipt->gross_minor);
      break;
    }
}

static void
add_payment (Compact *self)
{
  const TwReceipt *receipt = self->writer->receipt;
  g_autofree char *brand = cut (tw_receipt_word_for_brand (receipt->brand ? receipt->brand : ""), 20);

  add_status (self);
  if (receipt->masked)
    add (self, ALWAYS, g_strdup_printf ("%s ****%s", brand, receipt->masked + strlen (receipt->masked) - 4));
  if (receipt->status != TW_PAYMENT_CAPTURED && receipt->status != TW_PAYMENT_PENDING)
    add (self, REASON, cut (tw_receipt_word_for_code (receipt->reason, self->writer->language), 120));
}

static char *
join (const Compact *self,
      Rank           highest)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);

      if (line->rank <= highest)
        g_string_append_printf (text, "%s\n", line->text);
    }

  return g_string_free (text, FALSE);
}

char *
tw_receipt_to_qr (const TwReceipt  *self,
                  const char       *language,
                  GError          **error)
{
  const TwWriter writer = { .receipt = self, .language = language };
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  Compact compact = { .writer = &writer, .lines = lines };

  if (!tw_receipt_check (self, error))
    return NULL;
  g_array_set_clear_func (lines, clear_line);
  add_title (&compact);
  add_delivery (&compact);
  add_price (&compact);
  add_payment (&compact);
  for (Rank highest = N_RANKS; highest-- > ALWAYS;)
    {
      g_autofree char *text = join (&compact, highest);

      if (strlen (text) <= TW_RECEIPT_QR_BYTES)
        return g_steal_pointer (&text);
    }
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the receipt of %s does not go into %d bytes, not even without what "
               "can be left out", self->session, TW_RECEIPT_QR_BYTES);

  return NULL;
}
