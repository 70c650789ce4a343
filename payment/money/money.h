/* SPDX-License-Identifier: Apache-2.0 */
/* Money: an exact number of minor units of one currency. No float touches it; overflow is an error, never a
 * wrap. Values go by value. Any thread.
 */
#pragma once

#include <glib.h>

typedef struct { gint64 minor; char currency[4]; } TwMoney;   /* currency: ISO 4217 letters, NUL-terminated */

/* Digits behind the decimal point (ISO 4217): 0 JPY, 2 EUR, 3 KWD; -1 for a currency that we do not know. */
int      tw_currency_digits (const char *currency);
/* The numeric code, 978 for EUR; 0 for a currency that we do not know. */
guint    tw_currency_number (const char *currency);
/* Tenths of a unit that a euro buys, roughly, to tell a slip from a price; 0 for a currency that we do not know. */
gint64   tw_currency_tenths_per_euro (const char *currency);

TwMoney  tw_money (gint64 minor, const char *currency);
gboolean tw_money_add (TwMoney a, TwMoney b, TwMoney *sum, GError **error);   /* BAD_DATA: overflow, two currencies */
/* share_bp hundredths of a percent of it, half up; minor >= 0, share_bp at most 10000. */
gint64   tw_money_share_minor (gint64 minor, guint share_bp);
TwMoney  tw_money_min (TwMoney a, TwMoney b);                                  /* same currency, asserted */
char    *tw_money_to_decimal (TwMoney self);                                   /* "12.30": for wires and JSON */
char    *tw_money_to_text (TwMoney self);                                      /* "12.30 EUR": for people and logs */
/* Exactly the currency's digits or fewer behind the point, optional minus; nothing else. */
gboolean tw_money_parse (const char *decimal, const char *currency, TwMoney *money, GError **error);
