/* SPDX-License-Identifier: Apache-2.0 */
/* Texts kept once, numbered from 0 in the order in which they came. The last one asked for is remembered: rows come in
 * runs. One thread.
 */
#pragma once

#include "payment/analytics/budget.h"
#include "payment/analytics/session-row.h"

typedef struct { const char *text; guint32 n; } TwWord;   /* NUL-terminated besides */

/* number: of the word, from 1; 0: free. tag: more of the hash, so that other words need not be looked at. */
typedef struct { guint32 number, tag; } TwWordSlot;

typedef struct
{
  TwWord       *words;
  TwWordSlot   *index;
  guint32       n, room, mask, last;
  guint64       seed;
  GStringChunk *texts;
  TwBudget     *budget;
} TwWords;

void    tw_words_init  (TwWords *self, guint64 seed, TwBudget *budget);
void    tw_words_clear (TwWords *self);
/* May hold any byte. */
guint32 tw_words_take  (TwWords *self, const char *text, gsize n);
