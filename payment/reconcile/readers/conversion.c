/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/conversion.h"

#include "payment/money/money.h"
#include "payment/reconcile/readers/cell.h"

enum { RATE_DIGITS = 10 };

static gint64
power_of_ten (int n)
{
  gint64 power = 1;

  for (; n > 0; n--)
    power *= 10;

  return power;
}

gboolean
tw_conversion_check (const TwTable  *table,
                     int             rate_column,
                     TwSettled      *line,
                     GError        **error)
{
  const TwChars cell = tw_table_cell (table, rate_column);
  const gint64 gross_unit = power_of_ten (tw_currency_digits (line->currency));
  const gint64 net_unit = power_of_ten (tw_currency_digits (line->net_currency));
  const __int128 one_minor = (__int128) gross_unit * power_of_ten (RATE_DIGITS);
  __int128 expected, found;
  const char *why;
  gint64 rate;

  if (cell.n == 0 || line->fee == TW_NOT_STATED)
    return TRUE;
  if (!tw_cell_amount (cell, RATE_DIGITS, '.', 0, &rate, &why) || rate <= 0 || rate > power_of_ten (RATE_DIGITS + 6))
    return tw_table_refuse (table, rate_column, error, "not an exchange rate below a million with at most %d decimals",
                            RATE_DIGITS);
  /* |gross| < 10^19, rate <= 10^16 and a unit <= 10^3: below 2^127, which is above 10^38. */
  expected = (__int128) line->gross * rate * net_unit;
  found = ((__int128) line->net + line->fee) * one_minor;
  if (expected - found > one_minor || found - expected > one_minor)
    return tw_table_refuse (table, rate_column, error, "gross by the rate is not net and fees");

  return TRUE;
}
