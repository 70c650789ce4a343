/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/books: a file's rows, put aside, among those that are there. In the transaction that
 * nobody else writes in. */
#pragma once

#include "payment/reconcile/books/shelf.h"

/* From new_TABLE. id: of the import. n_new grows by the rows that are new, or better than what was there. */
gboolean tw_merge_file (TwBooks *self, TwRowKind kind, gint64 id, gint64 seen_us, guint64 *n_new, GError **error);
/* What that import told; rows that others told too are then theirs. */
gboolean tw_merge_take_back (TwBooks *self, gint64 id, GError **error);
