/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/figures.h"

#include "payment/money/fraction.h"

#include <string.h>

#define PRICE_DIGITS 6

static gboolean
parse_price (const char *text,
             TwFraction *price)
{
  TwDecimal decimal;

  if (!tw_decimal_parse (text, TW_DECIMAL_MAX_SCALE, &decimal, NULL))
    return FALSE;
  *price = tw_fraction_from_decimal (decimal);

  return TRUE;
}

/* How many units of quantity make what the price is for. */
static gint64
units_of (TwItemKind kind)
{
  switch (kind)
    {
    case TW_ITEM_ENERGY:
      return 1000 * 1000;
    case TW_ITEM_TIME:
    case TW_ITEM_PARKING_TIME:
      return 3600 * 1000;
    case TW_ITEM_FLAT:
    case TW_ITEM_ADJUSTMENT:
    case TW_ITEM_REDUCTION:
    case TW_ITEM_ROUNDING:
      return 1;
    }
  g_assert_not_reached ();
}

gboolean
tw_receipt_product (const TwReceiptItem *item,
                    const char          *currency,
                    gint64              *amount_minor)
{
  TwFraction price, product;
  gint64 per_unit = 1;

  if (!parse_price (item->unit_price, &price))
    return FALSE;
  for (int i = 0; i < tw_currency_digits (currency); i++)
    per_unit *= 10;
  product = tw_fraction_multiply (tw_fraction (item->quantity, units_of (item->kind)), price);

  return tw_fraction_round_half_up (tw_fraction_multiply (product, tw_fraction (per_unit, 1)), amount_minor);
}

char *
tw_receipt_thousands (gint64 thousandths)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%03" G_GINT64_FORMAT, thousandths / 1000, thousandths % 1000);
}

char *
tw_receipt_kwh (gint64 mwh)
{
  char *text = g_strdup_printf ("%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT, mwh / 1000000, mwh % 1000000);
  gsize len = strlen (text);

  for (guint i = 0; i < 3 && text[len - 1] == '0'; i++)
    text[--len] = '\0';

  return text;
}

char *
tw_receipt_duration (gint64      ms,
                     const char *per)
{
  gint64 s = ms / 1000;
  g_autofree char *rest = ms % 1000 != 0 ? g_strdup_printf (".%03d", (int) (ms % 1000)) : g_strdup ("");

  if (per[0] == 'm')
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d%s min", s / 60, (int) (s % 60), rest);

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d%s h", s / 3600, (int) (s / 60 % 60), (int) (s % 60), rest);
}

char *
tw_receipt_price (const char *price,
                  const char *currency)
{
  TwFraction fraction;

  if (!parse_price (price, &fraction))
    return g_strdup (price);

  return tw_fraction_to_text (fraction, tw_currency_digits (currency), TW_DECIMAL_MAX_SCALE, NULL);
}

char *
tw_receipt_percent (const char *percent)
{
  TwFraction fraction;

  if (!parse_price (percent, &fraction))
    return g_strdup (percent);

  return tw_fraction_to_text (fraction, 0, TW_DECIMAL_MAX_SCALE, NULL);
}

char *
tw_receipt_time_price (const char  *per_hour,
                       const char  *currency,
                       const char **per)
{
  g_autofree char *per_minute = NULL;
  TwFraction price;
  gboolean cut = TRUE;

  if (parse_price (per_hour, &price))
    per_minute = tw_fraction_to_text (tw_fraction_divide (price, tw_fraction (60, 1)), tw_currency_digits (currency),
                                      PRICE_DIGITS, &cut);
  *per = cut ? "h" : "min";

  return cut ? tw_receipt_price (per_hour, currency) : g_steal_pointer (&per_minute);
}

char *
tw_receipt_local_time (gint64      wall_us,
                       const char *time_zone,
                       const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (time_zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = zone && utc ? g_date_time_to_timezone (utc, zone) : NULL;

  return local ? g_date_time_format (local, format) : NULL;
}
