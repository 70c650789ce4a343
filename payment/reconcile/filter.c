/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/filter.h"

void
tw_filter_init (TwFilter *self, gsize bytes)
{
  gsize size = 4096;

  while (size * 2 <= bytes)
    size *= 2;
  self->words = g_malloc0 (size);
  self->mask = size * 8 - 1;
  self->rooms = 0;
}

void
tw_filter_clear (TwFilter *self)
{
  g_clear_pointer (&self->words, g_free);
}

void
tw_filter_add (TwFilter *self, TwRoom room, guint64 hash)
{
  guint32 room_bit = 1u << room;
  guint32 bit = tw_filter_bit (self, hash);

  __atomic_fetch_or (&self->words[bit / 64], G_GUINT64_CONSTANT (1) << (bit % 64), __ATOMIC_RELAXED);
  if ((__atomic_load_n (&self->rooms, __ATOMIC_RELAXED) & room_bit) == 0)
    __atomic_fetch_or (&self->rooms, room_bit, __ATOMIC_RELAXED);
}
