/* SPDX-License-Identifier: Apache-2.0 */
/* What all sales of a station or of an EVSE say together: receipt numbers without a gap, and what a sale is on average.
 * Numbers are bits of blocks: consecutive ones cost nothing worth counting, scattered ones beyond the memory that was
 * allowed are refused.
 */
#pragma once

#include "payment/reconcile/judge.h"

typedef struct { GHashTable *stations, *evses; GStringChunk *texts; gsize n_bytes; } TwStations;

void     tw_stations_init (TwStations *self);
void     tw_stations_clear (TwStations *self);
/* Where a sale is counted; evse NULL: it names none. */
typedef struct { struct _TwPlaceSums *station, *evse; } TwSpot;

/* What makes sales ones of the same spot, as texts. */
#define TW_SPOT_TEXTS 3
void     tw_spot_name (const TwSale *sale, TwChars texts[TW_SPOT_TEXTS]);
TwSpot   tw_stations_spot (TwStations *self, const TwChars texts[TW_SPOT_TEXTS]);
/* BAD_DATA: numbers that are none of receipts. price_minor TW_NOT_STATED: nothing was billed. */
gboolean tw_stations_count (TwStations *self, TwSpot spot, gint64 price_minor, guint64 receipt_number,
                            gsize memory_bytes, GError **error);
gboolean tw_stations_add (TwStations *self, const TwSale *sale, gsize memory_bytes, GError **error);
/* A receipt of no money, which may come again from another file. */
gboolean tw_stations_see (TwStations *self, const TwSale *sale, gsize memory_bytes, GError **error);
gboolean tw_stations_merge (TwStations *self, const TwStations *other, gsize memory_bytes, GError **error);
/* Of what was billed in this currency, half up; 0: nothing was. */
gint64   tw_stations_mean_of_evse (const TwStations *self, TwChars evse, const char *currency);
void     tw_stations_judge (const TwStations *self, TwVerdict *verdict);
