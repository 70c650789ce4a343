/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/tariff/case.h"

#include <string.h>

TwTariff *
case_parse (const char  *text,
            GError     **error)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return tw_tariff_parse (bytes, error);
}

TwTariff *
case_tariff (const char *currency,
             const char *members,
             const char *components)
{
  g_autofree char *text = g_strdup_printf ("{'id':'T','currency':'%s',%s'elements':[{'price_components':[%s]}]}",
                                           currency, members, components);
  g_autoptr (GError) error = NULL;
  TwTariff *tariff = case_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (tariff);

  return tariff;
}

TwUsage *
case_usage (gint64 energy_wh,
            gint64 charging_ms,
            gint64 parking_ms)
{
  TwUsage *usage = tw_usage_new ();

  tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, 0, charging_ms, energy_wh });
  if (parking_ms > 0)
    tw_usage_add (usage, (TwSlice) { TW_PHASE_PARKING, 0, parking_ms, 0 });

  return usage;
}

TwBill *
case_bill (const TwTariff *tariff,
           gint64          energy_wh,
           gint64          charging_ms,
           gint64          parking_ms)
{
  g_autoptr (TwUsage) usage = case_usage (energy_wh, charging_ms, parking_ms);
  g_autoptr (GError) error = NULL;
  TwBill *bill = tw_tariff_price (tariff, usage, &error);

  g_assert_no_error (error);
  g_assert_nonnull (bill);

  return bill;
}
