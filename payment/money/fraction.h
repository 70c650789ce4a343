/* SPDX-License-Identifier: Apache-2.0 */
/* Exact fractions, in lowest terms, for everything between a price in a file and the one rounding at the end.
 *
 * Overflow is a value: whatever would need more than 120 bits above or below the line becomes "too large", every
 * sum and product with it is too large again, and the caller asks once, at the end. By value; any thread.
 */
#pragma once

#include "payment/money/decimal.h"

typedef __int128 TwWide;
/* under > 0; 0 is "too large". One that is made by hand need not be in lowest terms, only within 120 bits. */
typedef struct { TwWide over, under; } TwFraction;

TwFraction tw_fraction (gint64 over, gint64 under);         /* under > 0, asserted */
TwFraction tw_fraction_from_decimal (TwDecimal decimal);
gboolean   tw_fraction_fits (TwFraction self);               /* FALSE: too large */

TwFraction tw_fraction_add (TwFraction a, TwFraction b);
TwFraction tw_fraction_subtract (TwFraction a, TwFraction b);
TwFraction tw_fraction_multiply (TwFraction a, TwFraction b);
TwFraction tw_fraction_divide (TwFraction a, TwFraction b);  /* by zero: too large */

/* -1, 0, 1. Both must fit, asserted. */
int        tw_fraction_compare (TwFraction a, TwFraction b);

/* FALSE: too large, or more than an int64. Half up is half away from zero. */
gboolean   tw_fraction_floor (TwFraction self, gint64 *whole);
gboolean   tw_fraction_round_half_up (TwFraction self, gint64 *whole);

/* Plain digits, at least min_digits and at most max_digits decimals; cut, not rounded, beyond; *cut (may be
 * NULL) says whether. NULL: too large. Free with g_free(). */
char      *tw_fraction_to_text (TwFraction self, guint min_digits, guint max_digits, gboolean *cut);
