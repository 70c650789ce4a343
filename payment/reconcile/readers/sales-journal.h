/* SPDX-License-Identifier: Apache-2.0 */
/* A station's journal as sales, and sales as the CSV that "tapwatt journal export --sales" writes. Memory grows with
 * the sessions that were open at one time, not with the journal; an export costs some 20 bytes a session besides.
 * This folder's own, and app/cli's.
 */
#pragma once

#include "payment/journal/journal.h"
#include "payment/reconcile/intake.h"

#include <gio/gio.h>

/* Each session that has anything for the books is one row, handed over with its last entry; what is open at the end
 * comes then. import: its digest is the head of the chain, so that a journal and its export are the same. BAD_DATA: the
 * chain is broken, it is only a part, or an entry, a tariff or the seller's data are not understood. */
gboolean tw_sales_of_journal (TwJournal *journal, guint32 index, const TwIntake *intake, TwImport *import,
                              GError **error);

/* The header and one line for each sale; README.md says what is in it. */
gboolean tw_sales_write_csv (TwJournal *journal, GOutputStream *out, GError **error);
void     tw_sale_csv_header (GString *text);
void     tw_sale_csv_line (GString *text, const TwSale *sale);
