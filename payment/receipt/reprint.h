/* SPDX-License-Identifier: Apache-2.0 */
/* The receipt of a session from its journal entries alone: on the station right after the stop, and years later from a
 * backup, the same paper. Re-prices the journalled readings by the journalled tariff. Blocks (reads the journal).
 */
#pragma once

#include "payment/journal/journal.h"
#include "payment/journal/record.h"
#include "payment/receipt/receipt.h"

/* REFUSED: no such session. BAD_DATA: its entries cannot be read, its tariff is missing, or re-pricing gives another
 * price than the one that was billed. */
TwReceipt *tw_receipt_reprint (TwJournal *journal, const char *session, GError **error);
/* What it would say if a session that still runs ended at this mark; reason "running", and nothing is captured yet.
 * usage: of the record, up to the mark. */
TwReceipt *tw_receipt_so_far (TwJournal *journal, const TwRecord *record, TwUsage *usage, const TwMark *mark,
                              GError **error);
