/* SPDX-License-Identifier: Apache-2.0 */
/* What a price screen has to say about a tariff: values, in the order that the law asks for, and no sentences. Pure.
 */
#pragma once

#include "payment/tariff/in-force.h"

/* Who begins at from_ms pays this, until until_ms. */
typedef struct
{
  TwLineKind kind;
  gboolean   now;            /* FALSE: a later one */
  gboolean   free;           /* nothing is due for the kind, and tag says nothing */
  TwPriceTag tag;
  gint64     from_ms, until_ms;   /* UTC; until_ms 0: as far as the offer looks */
} TwOfferPrice;

typedef struct
{
  GArray *prices;            /* of TwOfferPrice: per kWh, per hour, parking, per session; within a kind by time */
  GArray *conditions;        /* of TwOfferCondition, in the same order */
} TwOffer;

/* From wall_ms on, for look_ms; at power_w, 0: not known. */
TwOffer *tw_offer_new (const TwTariff *tariff, gint64 wall_ms, gint64 look_ms, gint64 power_w);
void     tw_offer_free (TwOffer *self);

/* What a session of even power costs that begins at wall_ms: the example on the screen. -1: too large. */
gint64   tw_offer_example_minor (const TwTariff *tariff, gint64 wall_ms, gint64 energy_wh, gint64 duration_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOffer, tw_offer_free)
