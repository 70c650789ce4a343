/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/session-columns.h"

#include "app/base/error.h"
#include "payment/analytics/session-row.h"

const TwSessionColumnName TW_SESSION_COLUMNS[TW_N_SESSION_COLUMNS] = {
  [TW_AT_SESSION] = { "session_id", TRUE },
  [TW_AT_SITE] = { "site_id", TRUE },
  [TW_AT_EVSE] = { "evse_id", TRUE },
  [TW_AT_CONNECTOR] = { "connector_id" },
  [TW_AT_PLUG_IN] = { "plug_in", TRUE },
  [TW_AT_PLUG_OUT] = { "plug_out" },
  [TW_AT_ZONE] = { "time_zone", TRUE },
  [TW_AT_CHARGE_START] = { "charge_start" },
  [TW_AT_CHARGE_END] = { "charge_end" },
  [TW_AT_CHARGING_S] = { "charging_s" },
  [TW_AT_OCCUPIED_S] = { "occupied_s" },
  [TW_AT_ENERGY] = { "energy_kwh", TRUE },
  [TW_AT_MAX_POWER] = { "max_power_kw" },
  [TW_AT_RATED_POWER] = { "rated_power_kw" },
  [TW_AT_KIND] = { "evse_kind" },
  [TW_AT_MEANS] = { "start_means" },
  [TW_AT_ENDING] = { "end_reason" },
  [TW_AT_CUSTOMER] = { "customer_token" },
  [TW_AT_EPOCH] = { "token_epoch" },
  [TW_AT_CURRENCY] = { "currency" },
  [TW_AT_PRICE] = { "price_total" },
  [TW_AT_TAX] = { "tax_total" },
  [TW_AT_CAPTURED] = { "captured" },
  [TW_AT_REFUNDED] = { "refunded" },
  [TW_AT_FEE] = { "psp_fee" },
  [TW_AT_CHARGEBACK] = { "chargeback" },
  [TW_AT_MONEY_STATE] = { "money_state" },
  [TW_AT_TARIFF] = { "tariff_id" },
  [TW_AT_METER_BEGIN] = { "meter_begin" },
  [TW_AT_METER_END] = { "meter_end" },
  [TW_AT_HELD] = { "held" },
  [TW_AT_HELD_FROM] = { "held_from" },
  [TW_AT_HELD_UNTIL] = { "held_until" },
  [TW_AT_TAP] = { "tap_at" },
  [TW_AT_ANSWERED] = { "answered_at" },
  [TW_AT_TIME_BASIS] = { "time_basis" },
  [TW_AT_QUALITY] = { "quality" },
};

const char *const TW_MEANS_NAMES[TW_N_MEANS + 1] = {
  "unknown", "card", "phone_qr", "rfid", "app", "pnc", "free", NULL
};
const char *const TW_ENDING_NAMES[TW_N_ENDINGS + 1] = {
  "unknown", "driver", "car_full", "limit", "fault", "power_loss", "remote", NULL
};
const char *const TW_MONEY_STATE_NAMES[TW_N_MONEY_STATES + 1] = {
  "unknown", "priced", "captured", "settled", "banked", NULL
};

gboolean
tw_session_columns_find (const TwHeader  *header,
                         const char      *path,
                         gboolean         zone_told,
                         int             *at,
                         GError         **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    {
      at[i] = tw_header_find_column (header, (const char *[]) { TW_SESSION_COLUMNS[i].name, NULL });
      if (at[i] < 0 && TW_SESSION_COLUMNS[i].required && (i != TW_AT_ZONE || !zone_told))
        g_string_append_printf (missing, "%s%s", missing->len ? ", " : "", TW_SESSION_COLUMNS[i].name);
    }
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: columns that a file of sessions must have are missing: %s. If "
               "they have other names, write a mapping file", path, missing->str);
  return FALSE;
}
