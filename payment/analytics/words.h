/* SPDX-License-Identifier: Apache-2.0 */
/* Texts kept once, numbered from 0 in the order in which they came. The last one asked for is remembered: rows come in
 * runs. One thread.
 */
#pragma once

#include "payment/analytics/budget.h"
#include "payment/analytics/session-row.h"

typedef struct { const char *text; guint32 n; } TwWord;   /* NUL-terminated besides */

typedef struct
{
  TwWord       *words;
  guint32      *index;
  guint32       n, room, mask, last;
  guint64       seed;
  GStringChunk *texts;
  TwBudget     *budget;
} TwWords;

void    tw_words_init  (TwWords *self, guint64 seed, TwBudget *budget);
void    tw_words_clear (TwWords *self);
/* May hold any byte. */
guint32 tw_words_take  (TwWords *self, const char *text, gsize n);
