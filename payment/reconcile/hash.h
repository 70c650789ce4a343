/* SPDX-License-Identifier: Apache-2.0 */
/* Spreading rows over partitions. Not for secrets. The same on every machine of one byte order; never stored. Pure. */
#pragma once

#include "payment/reconcile/sale.h"

/* Keys of different kinds never meet: each has a room of its own. */
typedef enum
{
  TW_ROOM_PAYMENT, TW_ROOM_PSP, TW_ROOM_SETTLEMENT, TW_ROOM_TERMINAL, TW_ROOM_APPROVAL, TW_ROOM_AMOUNT,
  TW_ROOM_SESSION, TW_ROOM_EVSE, TW_ROOM_NATURAL, TW_ROOM_NATURAL_AGAIN, TW_ROOM_PAYOUT, TW_N_ROOMS
} TwRoom;

guint64 tw_hash_text (TwRoom room, TwChars text);
guint64 tw_hash_more (guint64 hash, TwChars text);
guint64 tw_hash_number (guint64 hash, gint64 number);

static inline gboolean
tw_chars_equal (TwChars a, TwChars b)
{
  return a.n == b.n && (a.n == 0 || __builtin_memcmp (a.text, b.text, a.n) == 0);
}

/* Three letters and a NUL each. */
static inline gboolean
tw_same_currency (const char *a, const char *b)
{
  return __builtin_memcmp (a, b, 4) == 0;
}

static inline int
tw_chars_compare (TwChars a, TwChars b)
{
  int order = a.n > 0 && b.n > 0 ? __builtin_memcmp (a.text, b.text, MIN (a.n, b.n)) : 0;

  return order != 0 ? order : a.n < b.n ? -1 : a.n > b.n;
}
