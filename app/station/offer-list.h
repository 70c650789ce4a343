/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's side of offers to people who come back (payment/offer). Part of station.h. Main thread only.
 */
#pragma once

#include "payment/offer/offer.h"

typedef struct _TwStation TwStation;

/* error NULL: it is durable. */
typedef void (*TwOffersDone) (const GError *error, gpointer user_data);

typedef struct
{
  GBytes *offers;               /* the file's bytes */
  gint64  valid_from_us;        /* wall time; not later than now: from now on */
  gint64  valid_until_us;       /* the first instant at which it is not granted any more */
} TwOffersOrder;

/* One file is in force at a time, the one that was activated last of those that are valid; what was granted before
 * stays. TRUE: done is called later. FALSE: BAD_DATA: the file or its time cannot be used, and why. BAD_STATE: the
 * journal takes nothing now. */
gboolean tw_station_activate_offers (TwStation *self, const TwOffersOrder *order, TwOffersDone done,
                                     gpointer user_data, GError **error);
/* All of them, those to come, too. Fails as above. */
gboolean tw_station_withdraw_offers (TwStation *self, TwOffersDone done, gpointer user_data, GError **error);

typedef struct
{
  const TwOfferRule *rule;
  const char        *hash;      /* of its file */
  gboolean           in_force;  /* FALSE: to come */
  gint64             valid_from_us, valid_until_us;
} TwOfferView;

/* In force first, then to come. Returns how many; g_free() views. */
guint    tw_station_offers (TwStation *self, TwOfferView **views);
