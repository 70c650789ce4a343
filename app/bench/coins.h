/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts as the payment service's API writes them: decimal text and a currency's letters. The bench reads them with
 * code of its own, so that a misreading in payment/money cannot hide behind the same misreading here. Any thread.
 */
#pragma once

#include <glib.h>

/* Digits behind the point (ISO 4217); -1: a currency that this bench does not take. */
int      tw_coin_digits (const char *currency);
/* The numeric code, 978 for EUR; 0: not taken. */
guint    tw_coin_number (const char *currency);
/* "45.00" -> 4500. FALSE: a sign, spaces, an exponent, more digits than the currency has, above 10^12 minor units. */
gboolean tw_coin_parse (const char *text, const char *currency, gint64 *minor);
/* 4500 -> "45.00". Free with g_free(). */
char    *tw_coin_text (gint64 minor, const char *currency);
