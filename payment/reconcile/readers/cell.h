/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a cell as a value, exactly. Pure. Any thread. This folder's own. */
#pragma once

#include "payment/reconcile/sale.h"

/* An amount with DIGITS decimals as a count of them: "12.5" with two is 1250. Optional minus; more decimals only if
 * they are zeros; no exponent, no other sign. point: '.' or ','. group: what may stand between thousands, or 0. FALSE:
 * why says what is wrong, static. */
gboolean tw_cell_amount (TwChars cell, int digits, char point, char group, gint64 *units, const char **why);
/* tw_currency_digits() of three letters; files have few currencies and many amounts. */
int      tw_cell_digits (const char *currency);
gboolean tw_cell_integer (TwChars cell, gint64 *value, const char **why);
/* The same letters in either case; text is lower case and ASCII. */
gboolean tw_cell_is (TwChars cell, const char *text);
gboolean tw_cell_equal (TwChars a, TwChars b);
