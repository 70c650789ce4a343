/* SPDX-License-Identifier: Apache-2.0 */
/* What all sales of a station or of an EVSE say together: receipt numbers without a gap, and what a sale is on average.
 * Numbers are bits of blocks: consecutive ones cost nothing worth counting, scattered ones beyond the memory that was
 * allowed are refused.
 */
#pragma once

#include "payment/reconcile/judge.h"

typedef struct { GHashTable *stations, *evses; GStringChunk *texts; gsize n_bytes; gpointer last; } TwStations;

void     tw_stations_init (TwStations *self);
void     tw_stations_clear (TwStations *self);
/* BAD_DATA: numbers that are none of receipts. */
gboolean tw_stations_add (TwStations *self, const TwSale *sale, gsize memory_bytes, GError **error);
gboolean tw_stations_merge (TwStations *self, const TwStations *other, gsize memory_bytes, GError **error);
/* Of what was billed in this currency, half up; 0: nothing was. */
gint64   tw_stations_mean_of_evse (const TwStations *self, TwChars evse, const char *currency);
void     tw_stations_judge (const TwStations *self, TwVerdict *verdict);
