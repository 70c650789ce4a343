/* SPDX-License-Identifier: Apache-2.0 */
/* Sums over sessions: one for each currency, and test money apart from real money. */
#pragma once

#include "app/base/json.h"
#include "app/cli/records.h"

typedef struct
{
  gboolean test_mode;
  guint    n_sessions, n_standing_out;
  gint64   energy_wh;
  TwMoney  price, captured;
} TwTotal;

/* records: of TwRecord. Of TwTotal. BAD_DATA: a sum that no number can hold. */
GPtrArray *tw_totals_of (const GPtrArray *records, GError **error);
gboolean   tw_totals_have_test (const GPtrArray *totals);
/* A member "totals". */
void       tw_totals_write (const GPtrArray *totals, TwJsonOut *out);

/* "1.234"; "-" below 0. */
char      *tw_totals_kwh (gint64 wh);
