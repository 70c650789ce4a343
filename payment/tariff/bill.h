/* SPDX-License-Identifier: Apache-2.0 */
/* What a session costs, line by line, rounded once. Comes with payment/tariff/tariff.h. Any thread, read-only.
 */
#pragma once

#include "payment/money/money.h"

typedef enum { TW_LINE_FLAT, TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_ADJUSTMENT } TwLineKind;

typedef struct
{
  TwLineKind  kind;
  gint64      quantity;        /* billed, after the step: Wh, or whole seconds; FLAT, ADJUSTMENT: 1 */
  const char *unit_price;      /* per kWh, hour, session, as in the tariff; NULL: ADJUSTMENT; owned by the bill */
  gboolean    net_price;
  const char *tax_percent;     /* NULL: no tax applies, or tax_unknown, or ADJUSTMENT */
  gint64      net_minor, gross_minor;   /* add up to the totals (largest remainder, of gross and of tax) */
  gint64      duration_ms;     /* TIME, PARKING_TIME: billed, exactly */
  const char *gross_price;     /* as unit_price, with tax, exactly */
  gboolean    tax_unknown;     /* tax_included YES without a rate: net is not known, net_minor means nothing */
} TwLine;

typedef struct _TwBill TwBill;
TwMoney       tw_bill_net (const TwBill *self);
TwMoney       tw_bill_gross (const TwBill *self);
gboolean      tw_bill_net_known (const TwBill *self);      /* FALSE: some line's tax_unknown; show no net, no tax */
const char   *tw_bill_exact_net (const TwBill *self);
const char   *tw_bill_exact_gross (const TwBill *self);   /* decimal text before rounding, at most 12 decimals */
gboolean      tw_bill_exact_is_cut (const TwBill *self);   /* one of both has more than 12 */
guint         tw_bill_n_lines (const TwBill *self);
const TwLine *tw_bill_line (const TwBill *self, guint i);
void          tw_bill_free (TwBill *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBill, tw_bill_free)
