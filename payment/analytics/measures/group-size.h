/* SPDX-License-Identifier: Apache-2.0 */
/* How many people stand behind a number, and whether that is enough to say it (analytics.md section 7). Pure. This
 * folder's own.
 */
#pragma once

#include "payment/analytics/figure.h"

/* Nobody is no group, and fewer than k are one that is not told. */
static inline gboolean
tw_group_is_small (guint64 n, guint k)
{
  return n > 0 && n < k;
}

static inline TwCell
tw_group_cell (guint64 n, guint k)
{
  return tw_group_is_small (n, k) ? tw_cell_none () : tw_cell_int ((gint64) n);
}

/* Of numbers whose sum is known: those that are too small to be told are together what the others leave; if that is too
 * small as well, the smallest of those that could be told is hidden, too. hidden: n flags, set on return. */
void tw_group_hide (const guint64 *numbers, gboolean *hidden, guint n, guint k);
