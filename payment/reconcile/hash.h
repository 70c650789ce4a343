/* SPDX-License-Identifier: Apache-2.0 */
/* Spreading rows over partitions. Not for secrets. The same on every machine of one byte order; never stored. Pure. */
#pragma once

#include <string.h>

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

/* A row's texts are short and many: a call for each would cost more than what it copies. One past the last byte. */
static inline guint8 *
tw_chars_copy (guint8 *to, TwChars from)
{
  const char *text = from.text;
  guint32 n = from.n;

  if (n > 16)
    memcpy (to, text, n);
  else if (n >= 8)
    {
      guint64 first, last;     /* they may overlap */

      memcpy (&first, text, 8);
      memcpy (&last, text + n - 8, 8);
      memcpy (to, &first, 8);
      memcpy (to + n - 8, &last, 8);
    }
  else if (n >= 4)
    {
      guint32 first, last;

      memcpy (&first, text, 4);
      memcpy (&last, text + n - 4, 4);
      memcpy (to, &first, 4);
      memcpy (to + n - 4, &last, 4);
    }
  else if (n > 0)
    {
      to[0] = (guint8) text[0];
      to[n / 2] = (guint8) text[n / 2];
      to[n - 1] = (guint8) text[n - 1];
    }
  return to + n;
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
