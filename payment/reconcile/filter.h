/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys somebody waits for: says yes too often, never no too often. Set from many threads. */
#pragma once

#include "payment/reconcile/hash.h"

/* rooms: one bit for each that has any. */
typedef struct { guint64 *words; guint64 mask; guint32 rooms; } TwFilter;

void     tw_filter_init (TwFilter *self, gsize bytes);
void     tw_filter_clear (TwFilter *self);
void     tw_filter_add (TwFilter *self, TwRoom room, guint64 hash);

/* The leading bits choose partitions and the low ones a table's slot: all are good, any will do. */
static inline guint32
tw_filter_bit (const TwFilter *self, guint64 hash)
{
  return (guint32) (hash >> 20) & (guint32) self->mask;
}

static inline gboolean
tw_filter_has_bit (const TwFilter *self, guint32 bit)
{
  return (self->words[bit / 64] >> (bit % 64)) & 1;
}

static inline gboolean
tw_filter_has (const TwFilter *self, guint64 hash)
{
  return tw_filter_has_bit (self, tw_filter_bit (self, hash));
}
