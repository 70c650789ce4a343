/* SPDX-License-Identifier: Apache-2.0 */
/* Records and readings that name a session of which no journal knows: energy that nobody sold, if it was given away
 * where and when the journals look.
 */
#pragma once

#include "payment/reconcile/run.h"

/* On its way to the sales of its EVSE: may it be told as unsold if it is none of theirs? */
typedef enum { TW_READING_TOLD, TW_READING_FORWARDED, TW_READING_SILENT } TwReadingNumber;

/* Sales of no money of this world are in the rooms of meters alone, so that their energy is nobody's loss. */
#define TW_TEST_SALE G_MAXUINT32               /* as its number */
gboolean tw_unclaimed_add_test_sale (TwHand *worker, const TwSale *sale, GError **error);

/* rows: of TwRow, energies of one partition by session. What nobody signed may still be a sale's of its EVSE; what was
 * signed for another sale is not. Of all that tell of a session one is told, whatever the order of the files. */
gboolean tw_unclaimed_send (TwHand *worker, GPtrArray *rows, GError **error);
