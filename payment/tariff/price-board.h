/* SPDX-License-Identifier: Apache-2.0 */
/* What a price screen has to say about a tariff: values, in the order that the law asks for, and no sentences. Pure.
 */
#pragma once

#include "payment/tariff/in-force.h"

/* A price and when it holds: all that is given must. when: of the session itself; its tag is the price. */
typedef struct
{
  TwLineKind kind;
  gboolean   now;            /* who begins now pays it, at full power */
  gboolean   free;           /* nothing is due for the kind, and when.tag says nothing */
  gboolean   rest;           /* holds wherever none of the kind's others does; bounds say nothing */
  gboolean   loose;          /* may hold within these bounds, and so may others: there are too many to tell */
  gboolean   unknown_power, unknown_current;   /* holds while nobody knows it */
  gint64     from_ms, until_ms;   /* UTC; 0: since before, as far as the offer looks */
  TwPostedCondition when;
} TwPostedPrice;

typedef struct
{
  /* Of TwPostedPrice: per kWh, per hour, parking, per session. Within a kind first what holds now, then by time. Every
   * price that a session can come to is here, and none else. A kind that never costs anything is left out, but energy
   * that is free although something else is not. */
  GArray *prices;
  GArray *conditions;        /* of TwPostedCondition: what a reservation costs, in the same order */
} TwPriceBoard;

/* For who begins from wall_ms on, within look_ms; at power_w, 0: not known. */
TwPriceBoard *tw_price_board_new (const TwTariff *tariff, gint64 wall_ms, gint64 look_ms, gint64 power_w);
void     tw_price_board_free (TwPriceBoard *self);
/* Something in it costs money. */
gboolean tw_price_board_costs (const TwPriceBoard *self);

/* What a session of even power costs that begins at wall_ms: the example on the screen. -1: too large. */
gint64   tw_price_board_example_minor (const TwTariff *tariff, gint64 wall_ms, gint64 energy_wh, gint64 duration_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPriceBoard, tw_price_board_free)
