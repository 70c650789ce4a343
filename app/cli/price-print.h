/* SPDX-License-Identifier: Apache-2.0 */
/* A bill for programs and for people. */
#pragma once

#include "payment/tariff/pricer.h"

#include "app/base/json.h"

/* What was priced, and where. */
typedef struct
{
  const TwTariff *tariff;
  const TwBill   *bill;
  const char     *time_zone, *cdr_id;   /* cdr_id NULL: no record */
  gint64          energy_mwh, session_ms, parking_ms, reservation_ms;
  const GArray   *pieces;               /* of TwPiece; NULL: not asked for */
  gboolean        is_timeless;          /* energy was made up, and no time for it */
  gboolean        is_without_energy;    /* it was stated, and is none: decision 20 */
} TwPriced;

void tw_priced_write (const TwPriced *self, TwJsonOut *out);      /* the members of one object */
void tw_priced_describe (const TwPriced *self, gboolean explain, GString *text);

/* "20.45" of 20450000 with 6 decimals; zeros at the end are left out. Free with g_free(). */
char *tw_scaled_text (gint64 value, guint decimals);
/* "2026-01-15T19:40:00+01:00" in the tariff's zone. Free with g_free(). */
char *tw_priced_time (const TwTariff *tariff, gint64 ms, const char *format);
/* "min_price" or "max_price": what made the line. */
const char *tw_adjustment_reason (const TwLine *line);
const char *tw_line_kind_name (TwLineKind kind);                  /* as in OCPI: "PARKING_TIME" */
