/* SPDX-License-Identifier: Apache-2.0 */
#include "app/daemon/prices.h"

#include "payment/tariff/price-board.h"

#define LOOK_MS ((gint64) 24 * 3600 * 1000)   /* within a day a time of the day says when */

const char *
tw_prices_kind_name (TwLineKind kind)
{
  switch (kind)
    {
    case TW_LINE_FLAT:
      return "flat";
    case TW_LINE_ENERGY:
      return "energy";
    case TW_LINE_TIME:
      return "time";
    case TW_LINE_PARKING_TIME:
      return "parking-time";
    case TW_LINE_ADJUSTMENT:
      return "adjustment";
    case TW_LINE_REDUCTION:
      return "reduction";
    }
  g_assert_not_reached ();
}

static const char *
time_of_day (TwPrices       *self,
             const TwTariff *tariff,
             gint64          wall_ms)
{
  g_autoptr (GDateTime) utc = wall_ms != 0 ? g_date_time_new_from_unix_utc (wall_ms / 1000) : NULL;
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, tw_tariff_zone (tariff)) : NULL;

  if (local == NULL)
    return NULL;
  g_ptr_array_add (self->texts, g_date_time_format (local, "%H:%M"));
  return self->texts->pdata[self->texts->len - 1];
}

static TwBusPrice
price_of (const TwPriceTag *tag)
{
  return (TwBusPrice) {
    .kind = tw_prices_kind_name (tag->kind), .price = tag->price, .gross_price = tag->gross_price,
    .tax_percent = tag->tax_percent, .step = tag->step_size,
  };
}

static TwBusPrice
conditional_price (const TwPostedCondition *condition)
{
  TwBusPrice price = price_of (&condition->tag);

  /* 0 means that there is no bound. */
  price.min_wh = MAX (condition->min_mwh, 0) / 1000;
  price.max_wh = MAX (condition->max_mwh, 0) / 1000;
  price.min_ms = MAX (condition->min_ms, 0);
  price.max_ms = MAX (condition->max_ms, 0);
  price.min_w = MAX (condition->min_mw, 0) / 1000;
  price.max_w = MAX (condition->max_mw, 0) / 1000;
  price.min_ma = MAX (condition->min_ma, 0);
  price.max_ma = MAX (condition->max_ma, 0);
  return price;
}

static void
add_price (TwPrices           *self,
           const TwTariff     *tariff,
           const TwPostedPrice *offer)
{
  TwBusPrice price = conditional_price (&offer->when);

  price.kind = tw_prices_kind_name (offer->kind);
  if (offer->now && offer->free)
    price.price = price.gross_price = "0";   /* of now a price is always said */
  price.now = offer->now;
  price.rest = offer->rest;
  price.loose = offer->loose;
  price.unknown = offer->unknown_power || offer->unknown_current;
  price.until = time_of_day (self, tariff, offer->until_ms);
  price.until_wall_us = offer->until_ms * 1000;
  if (!offer->now)
    {
      price.from = time_of_day (self, tariff, offer->from_ms);
      price.from_wall_us = offer->from_ms * 1000;
    }
  g_array_append_val (offer->now ? self->now : self->later, price);
}

static TwPrices *
new_empty (void)
{
  TwPrices *self = g_new0 (TwPrices, 1);

  self->now = g_array_new (FALSE, TRUE, sizeof (TwBusPrice));
  self->later = g_array_new (FALSE, TRUE, sizeof (TwBusPrice));
  self->texts = g_ptr_array_new_with_free_func (g_free);
  return self;
}

TwPrices *
tw_prices_new (const TwTariff *tariff,
               gint64          wall_ms,
               gint64          power_w)
{
  TwPrices *self = new_empty ();
  g_autoptr (TwPriceBoard) offer = tariff ? tw_price_board_new (tariff, wall_ms, LOOK_MS, power_w) : NULL;

  /* Not its conditions: nothing can be reserved at a screen. */
  for (guint i = 0; offer != NULL && i < offer->prices->len; i++)
    add_price (self, tariff, &g_array_index (offer->prices, TwPostedPrice, i));
  return self;
}

/* Bounds that say when it ends are those of the prices, not of the elements: behind the end of one the next may cost
 * the same. */
TwPrices *
tw_prices_new_running (const TwTariff       *tariff,
                       const TwPriceInForce *prices,
                       guint                 n_prices)
{
  TwPrices *self = new_empty ();

  for (guint i = 0; i < n_prices; i++)
    {
      TwBusPrice price = conditional_price (&prices[i].why);

      price.now = TRUE;
      price.until = time_of_day (self, tariff, prices[i].until_ms);
      price.until_wall_us = prices[i].until_ms * 1000;
      price.max_wh = (prices[i].until_mwh + 999) / 1000;
      price.max_ms = 0;
      g_array_append_val (self->now, price);
    }
  return self;
}

const char *
tw_prices_time_of_day (TwPrices       *self,
                       const TwTariff *tariff,
                       gint64          wall_ms,
                       gint64          now_ms)
{
  return wall_ms == 0 || wall_ms - now_ms > LOOK_MS ? NULL : time_of_day (self, tariff, wall_ms);
}

void
tw_prices_free (TwPrices *self)
{
  g_array_unref (self->now);
  g_array_unref (self->later);
  g_ptr_array_unref (self->texts);
  g_free (self);
}
