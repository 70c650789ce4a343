/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal's end of day against the sales that the journal has for it (facts: settlement-files.md section 5). Few. */
#pragma once

#include "payment/reconcile/totals.h"

/* rows: of TwTotal with own copies. Sums are each worker's own array beside them. */
typedef struct { GArray *rows; GStringChunk *texts; GHashTable *by_terminal; } TwTerminals;

void   tw_terminals_init (TwTerminals *self);
void   tw_terminals_clear (TwTerminals *self);
void   tw_terminals_add (TwTerminals *self, const TwTotal *total);
/* Sorted, copies dropped; after the last add. */
void   tw_terminals_close (TwTerminals *self);
void   tw_terminals_count (const TwTerminals *self, const TwSale *sale, gint64 captured, GArray *sums);
void   tw_terminals_judge (const TwTerminals *self, const gint64 *sums, TwVerdict *verdict);
