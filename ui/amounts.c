/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/amounts.h"

#include "payment/money/money.h"
#include "ui/format.h"

static gboolean
is_known (const char *currency)
{
  return currency != NULL && tw_currency_digits (currency) >= 0;
}

char *
tw_amount (gint64      minor,
           const char *currency,
           const char *language)
{
  return is_known (currency) ? tw_format_money (minor, currency, language)
                             : g_strdup ("–");   /* how many digits are cents nobody knows */
}

char *
tw_amount_of_price (const char *kind,
                    const char *decimal,
                    const char *currency,
                    const char *language)
{
  gboolean by_hour = g_strcmp0 (kind, "time") == 0 || g_strcmp0 (kind, "parking-time") == 0;

  if (decimal == NULL || !is_known (currency))
    return g_strdup_printf ("%s %s", decimal ? decimal : "", currency ? currency : "");
  if (g_strcmp0 (kind, "energy") == 0 && g_str_equal (currency, "GBP"))
    return tw_format_pence (decimal, language);   /* The Public Charge Point Regulations 2023, regulation 11 */
  return by_hour ? tw_format_price_per_minute (decimal, currency, language)
                 : tw_format_price (decimal, currency, language);
}
