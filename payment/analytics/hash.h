/* SPDX-License-Identifier: Apache-2.0 */
/* Spreading keys over tables. Not for secrets, never stored, and nothing depends on it but speed. Pure. */
#pragma once

#include <glib.h>
#include <string.h>

static inline guint64
tw_mix (guint64 a, guint64 b)
{
  unsigned __int128 product = (unsigned __int128) (a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xc2b2ae3d27d4eb4fu);

  return (guint64) product ^ (guint64) (product >> 64);
}

static inline guint64
tw_hash_bytes (guint64 seed, const void *bytes, gsize n)
{
  const guint8 *at = bytes;
  guint64 word, hash = tw_mix (seed, n);

  for (; n >= 8; n -= 8, at += 8)
    {
      memcpy (&word, at, 8);
      hash = tw_mix (hash, word);
    }
  if (n == 0)
    return hash;
  word = 0;
  memcpy (&word, at, n);
  return tw_mix (hash, word);
}
