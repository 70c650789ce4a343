/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "payment/reconcile/hash.h"

/* Odd numbers with as many ones as zeros, from the digits of pi and e. */
#define PI_64 G_GUINT64_CONSTANT (0x243f6a8885a308d3)
#define E_64 G_GUINT64_CONSTANT (0xb7e151628aed2a6b)

/* Both halves of a 128-bit product: each bit of the result depends on all bits of both. */
static inline guint64
stir (guint64 a, guint64 b)
{
  unsigned __int128 product = (unsigned __int128) (a ^ PI_64) * (b ^ E_64);

  return (guint64) product ^ (guint64) (product >> 64);
}

guint64
tw_hash_more (guint64 hash, TwChars text)
{
  const char *at = text.text;
  guint32 left = text.n;
  guint64 word;

  for (; left >= 8; left -= 8, at += 8)
    {
      memcpy (&word, at, 8);
      hash = stir (hash, word);
    }
  word = 0;
  if (left > 0)
    memcpy (&word, at, left);
  return stir (stir (hash, word), text.n + 1);   /* its length, so that "a" "b" is not "ab" "" */
}

guint64
tw_hash_text (TwRoom room, TwChars text)
{
  return tw_hash_more (((guint64) room + 1) * E_64, text);
}

guint64
tw_hash_number (guint64 hash, gint64 number)
{
  return stir (stir (hash, (guint64) number), PI_64);
}
