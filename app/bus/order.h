/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator orders over the bus, and what he hears of it. Part of bus.h. Values. */
#pragma once

#include <glib.h>

/* valid_from: ISO 8601, "": now. */
typedef struct { guint connector; const char *tariff, *valid_from; gboolean force; } TwBusActivation;
typedef void (*TwBusDone) (const GError *error, gpointer call);

/* state: "in-force", "coming", "missing". source: "activated", "configured". Times are wall time, µs; 0: none. */
typedef struct
{
  guint       connector;
  const char *state, *source, *id, *hash, *currency;
  gint64      valid_from_us, valid_until_us, activated_us;
  gboolean    forced;
} TwBusTariff;

/* What the station's journal has of a session's money: as the XML's SessionMoney. */
typedef struct
{
  const char *money, *currency;
  gint64      held_minor, price_minor, captured_minor, refunded_minor;
} TwBusMoney;

/* Money for a case of the books, and what came of it: as the XML's Repair. */
typedef struct { const char *session, *operation, *currency, *case_, *by; gint64 amount_minor; } TwBusRepair;
typedef struct { const char *outcome, *operation, *key, *detail; gint64 amount_minor; gboolean before; } TwBusRepaired;
typedef void (*TwBusRepairDone) (const TwBusRepaired *repaired, const GError *error, gpointer call);
