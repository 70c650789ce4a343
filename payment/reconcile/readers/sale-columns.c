/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sale-columns.h"

#define AT(member) G_STRUCT_OFFSET (TwSale, member)
#define TEXT(member)   { #member, TW_CELL_TEXT, AT (member) }
#define FLAG(member)   { #member, TW_CELL_FLAG, AT (member) }
#define NUMBER(member) { #member, TW_CELL_NUMBER, AT (member) }

const TwSaleColumn TW_SALE_COLUMNS[TW_N_SALE_COLUMNS] = {
  TEXT (session), TEXT (station), TEXT (evse), TEXT (terminal), TEXT (payment_ref), TEXT (psp_ref), TEXT (capture_ref),
  TEXT (settlement_ref), TEXT (refund_ref), TEXT (trace), TEXT (slip), TEXT (approval), TEXT (tail), TEXT (brand),
  TEXT (tariff_shown), TEXT (tariff_priced), TEXT (unknown_operation),
  { "receipt_number", TW_CELL_COUNT, AT (receipt_number) },
  { "currency", TW_CELL_CURRENCY, AT (currency) },
  { "state", TW_CELL_STATE, AT (state) },
  FLAG (billed), FLAG (tariff_free), FLAG (test_mode),
  NUMBER (price_minor), NUMBER (repriced_minor), NUMBER (shown_minor), NUMBER (held_minor), NUMBER (captured_minor),
  NUMBER (second_capture_minor), NUMBER (refunded_minor), NUMBER (unknown_minor), NUMBER (advised_minor),
  NUMBER (energy_wh), NUMBER (energy_price_minor), NUMBER (energy_part_minor),
  { "started", TW_CELL_WHEN, AT (started_us) },
  { "ended", TW_CELL_WHEN, AT (ended_us) },
  { "captured", TW_CELL_WHEN, AT (captured_us) },
  { "refunded", TW_CELL_WHEN, AT (refunded_us) },
  { "hold_until", TW_CELL_WHEN, AT (hold_until_us) },
  { "day", TW_CELL_DAY, AT (day) },
};

const char *const TW_SALE_STATES[TW_N_SALE_STATES] = {
  "no-hold", "held", "released", "captured", "refused", "unknown", "open"
};
