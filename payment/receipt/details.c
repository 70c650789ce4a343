/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a line one that can be checked: figures for a pocket calculator, a time for a watch, and a reason. */
#include "payment/receipt/figures.h"
#include "payment/receipt/writer.h"

#include "app/base/offer-words.h"
#include "app/base/tariff-terms.h"
#include "app/base/words.h"

const char *
tw_writer_item_name (const TwWriter      *self,
                     const TwReceiptItem *item)
{
  switch (item->kind)
    {
    case TW_ITEM_FLAT:
      return tw_writer_word (self, item->reservation ? TW_WORD_RESERVATION_FEE : TW_WORD_FLAT);
    case TW_ITEM_ENERGY:
      return tw_writer_word (self, TW_WORD_ENERGY);
    case TW_ITEM_TIME:
      return tw_writer_word (self, item->reservation ? TW_WORD_RESERVATION : TW_WORD_TIME);
    case TW_ITEM_PARKING_TIME:
      return tw_writer_word (self, TW_WORD_PARKING_TIME);
    case TW_ITEM_ADJUSTMENT:
      return tw_writer_word (self, item->amount_minor < 0 ? TW_WORD_MAXIMUM : TW_WORD_MINIMUM);
    case TW_ITEM_REDUCTION:
      return tw_writer_word (self, TW_WORD_REDUCTION);
    case TW_ITEM_ROUNDING:
      return tw_writer_word (self, TW_WORD_ROUNDING);
    }
  g_assert_not_reached ();
}

/* So much of what the item is about, in the unit that its price is for. */
static char *
quantity_of (const TwWriter      *self,
             const TwReceiptItem *item,
             gint64               quantity,
             const char          *per)
{
  g_autofree char *kwh = tw_receipt_kwh (quantity);

  return tw_writer_localize (self, item->kind == TW_ITEM_ENERGY ? g_strconcat (kwh, " kWh", NULL)
                                                                : tw_receipt_duration (quantity, per));
}

char *
tw_writer_item_product (const TwWriter      *self,
                        const TwReceiptItem *item)
{
  const char *currency = self->receipt->currency, *per = "kWh";
  g_autofree char *quantity = NULL, *price = NULL;

  if (item->unit_price == NULL || item->kind == TW_ITEM_FLAT)
    return NULL;
  price = item->kind == TW_ITEM_ENERGY ? tw_receipt_price (item->unit_price, currency)
                                       : tw_receipt_time_price (item->unit_price, currency, &per);
  quantity = quantity_of (self, item, item->quantity, per);
  tw_writer_localize (self, price);

  return g_strdup_printf ("%s x %s %s/%s", quantity, price, currency, per);
}

/* Whether the ends of the session and of the item are the same in this format of their local time. */
static gboolean
is_same (const TwWriter      *self,
         const TwReceiptItem *item,
         const char          *format)
{
  const TwReceipt *receipt = self->receipt;
  const gint64 instants[] = { receipt->begin_wall_us, receipt->end_wall_us, item->end_ms * 1000 };
  g_autofree char *first = tw_receipt_local_time (item->start_ms * 1000, receipt->time_zone, format);

  for (guint i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      g_autofree char *other = tw_receipt_local_time (instants[i], receipt->time_zone, format);

      if (instants[i] > 0 && g_strcmp0 (first, other) != 0)
        return FALSE;
    }

  return TRUE;
}

/* "22:00:05 - 23:10:00"; with the day where a night is in between, with the zone where the clocks were changed. */
static char *
period_of (const TwWriter      *self,
           const TwReceiptItem *item)
{
  const char *zone = self->receipt->time_zone;
  /* xgettext:no-c-format */
  const char *day_and_time = tw_word_in (self->language, "day and time", "%m-%d %H:%M:%S");
  const char *short_format = is_same (self, item, "%F") ? "%H:%M:%S" : day_and_time;
  g_autofree char *format = g_strconcat (short_format, is_same (self, item, "%z") ? "" : " %Z", NULL);
  g_autofree char *from = tw_receipt_local_time (item->start_ms * 1000, zone, format);
  g_autofree char *to = tw_receipt_local_time (item->end_ms * 1000, zone, format);
  g_autofree char *parts = NULL;

  if (item->start_ms <= 0 || from == NULL || to == NULL)
    return NULL;
  if (item->start_ms == item->end_ms)
    return g_steal_pointer (&from);
  if (item->n_periods > 1)
    parts = g_strdup_printf (tw_word_in (self->language, "receipt", ", in %u parts"), item->n_periods);

  return g_strdup_printf ("%s - %s%s", from, to, parts ? parts : "");
}

static char *
terms_of (const TwWriter      *self,
          const TwReceiptItem *item)
{
  g_autofree char *terms = item->reason ? tw_tariff_terms_say (item->reason, self->language) : NULL;

  return terms ? g_strdup_printf (tw_word_in (self->language, "receipt", "Price: %s"), terms) : NULL;
}

/* A started second or Wh is no step that anybody notices. */
static char *
step_of (const TwWriter      *self,
         const TwReceiptItem *item)
{
  const char *per = "kWh";
  g_autofree char *price = NULL, *added = NULL, *step = NULL;

  if (item->step_added <= 0 || item->step_size <= 1)
    return NULL;
  price = item->kind == TW_ITEM_ENERGY ? NULL : tw_receipt_time_price (item->unit_price, self->receipt->currency, &per);
  added = quantity_of (self, item, item->step_added, per);
  step = quantity_of (self, item, item->step_size * 1000, per);

  /* Translators: what billing in steps added to a quantity, and the step: 0.050 kWh, 0.100 kWh. */
  return g_strdup_printf (tw_word_in (self->language, "receipt", "incl. %s, billed in steps of %s"), added, step);
}

/* "28.00 EUR instead of 31.99 EUR" */
static char *
limit_of (const TwWriter      *self,
          const TwReceiptItem *item)
{
  const TwReceipt *receipt = self->receipt;
  g_autofree char *limit = tw_writer_amount (self, receipt->unreduced_minor);
  g_autofree char *before = tw_writer_amount (self, receipt->unreduced_minor - item->amount_minor);

  /* Translators: 1 and 3 are amounts, 2 and 4 the currency. */
  return g_strdup_printf (tw_word_in (self->language, "receipt", "%s %s instead of %s %s"), limit, receipt->currency,
                          before, receipt->currency);
}

/* "Your third charge this month", "10% of 12.34 EUR": said once, at the first of them. */
static void
say_offer (const TwWriter      *self,
           const TwReceiptItem *item,
           GPtrArray           *details)
{
  const TwReceipt *receipt = self->receipt;
  const TwOfferCondition *condition = &receipt->granted_for;
  g_autofree char *percent = tw_offer_say_percent (receipt->discount_bp, self->language);
  g_autofree char *before = tw_writer_amount (self, receipt->unreduced_minor);

  for (guint i = 0; &g_array_index (receipt->items, TwReceiptItem, i) != item; i++)
    if (g_array_index (receipt->items, TwReceiptItem, i).kind == TW_ITEM_REDUCTION)
      return;
  if (condition->charges_in_month != 0 || condition->days_since_last != 0)
    g_ptr_array_add (details, tw_offer_say_granted (condition->charges_in_month, condition->days_since_last,
                                                    self->language));
  /* Translators: a percentage, an amount, its currency. */
  g_ptr_array_add (details, g_strdup_printf (tw_word_in (self->language, "receipt", "%s of %s %s"), percent, before,
                                             receipt->currency));
}

/* Takes sentence; NULL is none. */
static void
append (GPtrArray *details,
        char      *sentence)
{
  if (sentence != NULL)
    g_ptr_array_add (details, sentence);
}

char **
tw_writer_item_details (const TwWriter      *self,
                        const TwReceiptItem *item)
{
  GPtrArray *details = g_ptr_array_new ();

  append (details, tw_writer_item_product (self, item));
  append (details, period_of (self, item));
  append (details, terms_of (self, item));
  append (details, step_of (self, item));
  for (guint i = 0; i < TW_N_LINE_FLAGS; i++)
    if (item->flags >> i & 1)
      append (details, g_strdup (tw_receipt_word_for_flag (1 << i, self->language)));
  if (item->kind == TW_ITEM_ADJUSTMENT)
    append (details, limit_of (self, item));
  if (item->kind == TW_ITEM_REDUCTION)
    say_offer (self, item, details);
  if (item->kind == TW_ITEM_ROUNDING)
    append (details, g_strdup (tw_writer_word (self, TW_WORD_ROUNDED_ONCE)));
  g_ptr_array_add (details, NULL);

  return (char **) g_ptr_array_free (details, FALSE);
}
