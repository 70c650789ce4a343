/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's side of prices: putting a tariff in force, and what is in force and to come. Part of station.h. Main
 * thread only.
 */
#pragma once

#include "payment/tariff/tariff.h"

typedef struct _TwStation TwStation;

/* error NULL: it is durable, and in force as soon as it is due. */
typedef void (*TwActivated) (const GError *error, gpointer user_data);

typedef struct
{
  guint       connector;      /* 0: all */
  GBytes     *tariff;         /* the file's bytes */
  gint64      valid_from_us;  /* wall time; not later than now: from now on */
  gboolean    force;          /* although it breaks the configured profile */
} TwActivationOrder;

/* Sessions and offers keep theirs. TRUE: done is called later. FALSE, and the old one stays in force: BAD_DATA: the
 * tariff cannot be sold here (the JSON path is in the message), or no such connector. REFUSED: it breaks the configured
 * profile. BAD_STATE: the journal takes nothing now. */
gboolean tw_station_activate (TwStation *self, const TwActivationOrder *order, TwActivated done, gpointer user_data,
                              GError **error);

typedef enum { TW_TARIFF_IN_FORCE, TW_TARIFF_COMING, TW_TARIFF_MISSING } TwTariffState;

typedef struct
{
  TwTariffState   state;
  guint           connector;
  const TwTariff *tariff;        /* NULL: none is in force */
  gboolean        activated;     /* FALSE: the configured file */
  gint64          valid_from_us, activated_us;   /* 0: the configured file */
  gboolean        forced;
} TwTariffView;

/* Connector by connector, what is in force first. Returns how many; g_free() views. */
guint    tw_station_tariffs (TwStation *self, TwTariffView **views);
