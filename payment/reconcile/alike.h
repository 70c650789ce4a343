/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of one identity, wherever they stand in the order of what is told: rows of a file that have one natural key,
 * and references of their own. Outside of memory but for the few that there are. One thread; notes are each worker's.
 */
#pragma once

#include "payment/reconcile/exception.h"
#include "payment/reconcile/sorter.h"

typedef struct
{
  GByteArray *ids;                 /* those of several places, 16 bytes each, sorted */
  char        last_id[33];
  guint       n_last;
} TwAlikes;

/* place: a hash of what comes before the identity in the order of what is told: alikes of one place are neighbours. */
gboolean tw_alike_note (TwSorter *notes, const char *id, guint64 place, GError **error);
/* After all findings. BAD_DATA: more than the memory can hold. */
gboolean tw_alikes_init (TwAlikes *self, TwSorter **notes, guint n, gsize memory_bytes, GError **error);
void     tw_alikes_clear (TwAlikes *self);
/* In the order of what is told: the identity is this finding's alone afterwards, and hangs on no order of the input. */
void     tw_alikes_tell_apart (TwAlikes *self, TwException *exception);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwAlikes, tw_alikes_clear)
