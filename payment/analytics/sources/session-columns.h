/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of the sessions CSV (README.md), in the order in which they are written: who reads and who writes go by
 * this table. This folder's own.
 */
#pragma once

#include "payment/reconcile/readers/header.h"

typedef enum
{
  TW_AT_SESSION, TW_AT_SITE, TW_AT_EVSE, TW_AT_CONNECTOR, TW_AT_PLUG_IN, TW_AT_PLUG_OUT, TW_AT_ZONE,
  TW_AT_CHARGE_START, TW_AT_CHARGE_END, TW_AT_CHARGING_S, TW_AT_OCCUPIED_S, TW_AT_ENERGY, TW_AT_MAX_POWER,
  TW_AT_RATED_POWER, TW_AT_KIND, TW_AT_MEANS, TW_AT_ENDING, TW_AT_CUSTOMER, TW_AT_EPOCH, TW_AT_CURRENCY, TW_AT_PRICE,
  TW_AT_TAX, TW_AT_CAPTURED, TW_AT_REFUNDED, TW_AT_FEE, TW_AT_CHARGEBACK, TW_AT_MONEY_STATE, TW_AT_TARIFF,
  TW_AT_METER_BEGIN, TW_AT_METER_END, TW_AT_HELD, TW_AT_HELD_FROM, TW_AT_HELD_UNTIL, TW_AT_TAP, TW_AT_ANSWERED,
  TW_AT_TIME_BASIS, TW_AT_QUALITY, TW_N_SESSION_COLUMNS
} TwSessionColumn;

typedef struct { const char *name; gboolean required; } TwSessionColumnName;

extern const TwSessionColumnName TW_SESSION_COLUMNS[TW_N_SESSION_COLUMNS];

/* at: where each is, -1: not there. BAD_DATA: all that are missing, at once; the zone may be if it was told. */
gboolean tw_session_columns_find (const TwHeader *header, const char *path, gboolean zone_told, int *at,
                                  GError **error);

/* What a cell may say, by the values of TwMeans, TwEnding and TwMoneyState; the first is what nobody knows. */
extern const char *const TW_MEANS_NAMES[];
extern const char *const TW_ENDING_NAMES[];
extern const char *const TW_MONEY_STATE_NAMES[];
