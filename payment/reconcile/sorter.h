/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting what does not fit: runs in the scratch, merged. Keys are bytes, the smallest first; equal keys come in no
 * order, so a key ends with what tells rows apart. A sorter is one thread's; several are merged by one.
 */
#pragma once

#include "payment/reconcile/scratch.h"

typedef struct _TwSorter TwSorter;

/* row: its number is the length of the key, with which the body begins. FALSE: stop. */
typedef gboolean (*TwSortedFunc) (gpointer user_data, const TwRow *row, GError **error);

TwSorter *tw_sorter_new (TwScratch *scratch, gsize memory_bytes);
void      tw_sorter_free (TwSorter *self);
/* Room for a body of at most so many bytes, the key first. */
guint8   *tw_sorter_reserve (TwSorter *self, gsize bytes, GError **error);
void      tw_sorter_commit (TwSorter *self, gsize n_key, gsize n_body);     /* n_body: with its key */
gboolean  tw_sorters_merge (TwSorter **sorters, guint n, TwSortedFunc func, gpointer user_data, GError **error);

/* Parts of a key, so that bytes sort as values do. */
guint8   *tw_key_text (guint8 *to, const char *text, gsize n);              /* n + 1 bytes; NUL sorts as 1 */
guint8   *tw_key_number (guint8 *to, gint64 number);                        /* 8 bytes */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSorter, tw_sorter_free)
