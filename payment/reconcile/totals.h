/* SPDX-License-Identifier: Apache-2.0 */
/* The sums by currency, and the law that they obey. Each worker counts on its own; the sums are added up at the end. */
#pragma once

#include "payment/reconcile/judge.h"

/* moved: of the sizes of all amounts, so that no sum of some of them can overflow if this one does not. */
typedef struct
{
  TwCurrencyTotals totals;
  guint64          moved;
  gint64           bank_listed;
} TwTally;

/* Small: there are 180 currencies, and a file's are two or three. */
typedef struct { GArray *tallies; guint64 n_claimed, n_left, n_plain; } TwTallies;

void     tw_tallies_init (TwTallies *self);
void     tw_tallies_clear (TwTallies *self);
TwTally *tw_tallies_at (TwTallies *self, const char *currency);

/* BAD_DATA: more money than there is. */
gboolean tw_tallies_add_line (TwTallies *self, const TwSettled *line, GError **error);
gboolean tw_tallies_add_sale (TwTallies *self, const TwSale *sale, const TwVerdict *verdict, GError **error);
void     tw_tallies_add_finding (TwTallies *self, const TwFinding *finding);
gboolean tw_tallies_merge (TwTallies *self, const TwTallies *other, GError **error);
void     tw_tallies_sort (TwTallies *self);
/* captured = settled + listed, refunded likewise, and each line in one state. BAD_STATE: they are not. */
gboolean tw_tallies_conserve (const TwTallies *self, GError **error);
