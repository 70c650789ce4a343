/* SPDX-License-Identifier: Apache-2.0 */
/* Where 64 bytes of a CSV hold what matters, as bits, the first byte in the lowest one. Pure. This folder's own. */
#pragma once

#include <glib.h>
#include <string.h>

typedef struct
{
  guint64 delimiter, feed, quote;
  guint64 look;                      /* above ASCII, or NUL: somebody must look at that row */
} TwMarks;

#ifdef __SSE2__
#include <emmintrin.h>

/* SSE2 is part of every x86-64. */
static inline TwMarks
tw_marks (const char *bytes,
          char        delimiter)
{
  const __m128i delimiters = _mm_set1_epi8 (delimiter);
  const __m128i feeds = _mm_set1_epi8 ('\n');
  const __m128i quotes = _mm_set1_epi8 ('"');
  guint64 delimiter_bits = 0, feed_bits = 0, quote_bits = 0, look_bits = 0;

  for (int i = 0; i < 4; i++)
    {
      const __m128i v = _mm_loadu_si128 ((const __m128i *) (bytes + 16 * i));
      const __m128i look = _mm_or_si128 (v, _mm_cmpeq_epi8 (v, _mm_setzero_si128 ()));

      delimiter_bits |= (guint64) (guint) _mm_movemask_epi8 (_mm_cmpeq_epi8 (v, delimiters)) << (16 * i);
      feed_bits |= (guint64) (guint) _mm_movemask_epi8 (_mm_cmpeq_epi8 (v, feeds)) << (16 * i);
      quote_bits |= (guint64) (guint) _mm_movemask_epi8 (_mm_cmpeq_epi8 (v, quotes)) << (16 * i);
      look_bits |= (guint64) (guint) _mm_movemask_epi8 (look) << (16 * i);
    }

  return (TwMarks) { delimiter_bits, feed_bits, quote_bits, look_bits };
}

#else

#define TW_EACH_BYTE G_GUINT64_CONSTANT (0x0101010101010101)

/* The lowest bit of each byte, as eight bits. */
static inline guint64
tw_gather (guint64 bits)
{
  return (bits * G_GUINT64_CONSTANT (0x0102040810204080)) >> 56;
}

/* The lowest bit of each byte that is zero. No carry runs from one byte into the next. */
static inline guint64
tw_zero_bytes (guint64 word)
{
  const guint64 low = TW_EACH_BYTE * 0x7f;

  return ~(((word & low) + low) | word | low) >> 7;
}

static inline TwMarks
tw_marks (const char *bytes,
          char        delimiter)
{
  TwMarks marks = { 0 };

  for (int i = 0; i < 8; i++)
    {
      guint64 word;

      memcpy (&word, bytes + 8 * i, 8);
      word = GUINT64_FROM_LE (word);
      marks.delimiter |= tw_gather (tw_zero_bytes (word ^ (TW_EACH_BYTE * (guint8) delimiter))) << (8 * i);
      marks.feed |= tw_gather (tw_zero_bytes (word ^ (TW_EACH_BYTE * '\n'))) << (8 * i);
      marks.quote |= tw_gather (tw_zero_bytes (word ^ (TW_EACH_BYTE * '"'))) << (8 * i);
      marks.look |= tw_gather (tw_zero_bytes (word) | ((word >> 7) & TW_EACH_BYTE)) << (8 * i);
    }

  return marks;
}
#endif
