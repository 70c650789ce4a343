/* SPDX-License-Identifier: Apache-2.0 */
/* Sales and settlement lines of one partition by our payment reference, in short: the first pass, in memory. Done
 * twice, once to see what is left over and once to judge, for it is faster done again than written down.
 */
#pragma once

#include "payment/reconcile/whole.h"

#define TW_HOME_NONE G_MAXUINT32

typedef struct { const TwRow *row; guint32 next_alike, n_alike, first_claim; } TwHomeSale;   /* alike: same reference */
typedef struct { const TwRow *row; guint32 next_claim, sale; } TwHomeLine;   /* sale: that claims it, or of a group */

typedef struct
{
  TwHomeSale *sales;
  TwHomeLine *lines;
  guint32    *table;
  gsize       n_sales, n_lines, table_size, room_sales, room_lines;
} TwHome;

/* One bit a row, by its number; set from many threads. */
typedef struct { guint64 *words; gsize n_words; } TwBits;

void     tw_bits_init (TwBits *self, guint64 n);
void     tw_bits_clear (TwBits *self);
void     tw_bits_set (TwBits *self, guint64 i);
gboolean tw_bits_get (const TwBits *self, guint64 i);

/* Sales in dropped_sales are not there, and those of which there is a better version are put there. FALSE: the
 * disk. */
gboolean tw_home_join (TwHome *self, const TwLoad *sales, const TwLoad *lines, TwWholes *wholes, TwBits *dropped_sales,
                       const TwBits *dropped_lines, GError **error);
void     tw_home_clear (TwHome *self);
