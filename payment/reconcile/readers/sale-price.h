/* SPDX-License-Identifier: Apache-2.0 */
/* What a sale's readings cost by the tariff that it was sold by, and whose day it was. Tariffs are read once and kept
 * while they come up again. One thread. This folder's own.
 */
#pragma once

#include "payment/journal/journal.h"
#include "payment/reconcile/readers/sale-fold.h"

typedef struct _TwSalePrices TwSalePrices;

/* journal: borrowed, outlives it. */
TwSalePrices *tw_sale_prices_new (TwJournal *journal);
void          tw_sale_prices_free (TwSalePrices *self);
/* Fills in station, prices, energy's part, tariff_free and day of what tw_sale_fold_tell() told. BAD_DATA: the journal
 * does not hold a tariff or the seller's data, they cannot be read, or are not those that were named. station: borrowed
 * from self until the next call. */
gboolean      tw_sale_prices_tell (TwSalePrices *self, const TwSaleFold *fold, TwSale *sale, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSalePrices, tw_sale_prices_free)
