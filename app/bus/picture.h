/* SPDX-License-Identifier: Apache-2.0 */
/* What the other end said, as the plain values of bus.h: one picture, all of a moment, that nobody changes. Believes
 * nothing: a value of a wrong type, or larger than any station has, is empty. Not for other folders.
 */
#pragma once

#include "app/base/config.h"
#include "app/bus/bus.h"

enum { TW_PICTURE_MOST_PRICES = 64, TW_PICTURE_MOST_CLAIMS = 10000, TW_PICTURE_MOST_TARIFFS = 1000,
       TW_PICTURE_MOST_GOALS = 9, TW_PICTURE_MOST_OFFERS = 64,
       TW_PICTURE_MOST_TEXT = 4096 };

typedef struct
{
  GStringChunk  *texts;         /* that all of these are in */
  TwBusStation   station;
  TwBusCounter   counter;
  TwBusConnector connectors[TW_MAX_CONNECTORS];
  GArray        *prices[TW_MAX_CONNECTORS], *later_prices[TW_MAX_CONNECTORS];   /* of TwBusPrice */
  GArray        *current_prices[TW_MAX_CONNECTORS];
  GArray        *tariffs;       /* of TwBusTariff */
  GArray        *offers;        /* of TwBusOffer */
  GArray        *claims;        /* of TwBusClaim */
  GArray        *goals;         /* of TwBusGoal */
} TwPicture;

/* An object's properties as they were last said: name -> GVariant. */
GHashTable *tw_properties_new (void);
/* changes: a{sv}, as GetAll and PropertiesChanged have it; others change nothing. */
void        tw_properties_merge (GHashTable *self, GVariant *changes);
/* The paths in Connectors, TW_MAX_CONNECTORS at most. */
char      **tw_properties_connectors (GHashTable *station);

/* station NULL: nobody is there, and all is empty. connectors: n_connectors of them, TW_MAX_CONNECTORS at most. */
TwPicture  *tw_picture_new (GHashTable *station, GHashTable *const *connectors, guint n_connectors);
void        tw_picture_free (TwPicture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPicture, tw_picture_free)
