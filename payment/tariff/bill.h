/* SPDX-License-Identifier: Apache-2.0 */
/* What a session costs, line by line, rounded once. Comes with payment/tariff/tariff.h. Any thread, read-only.
 */
#pragma once

#include "payment/money/money.h"

typedef enum { TW_LINE_FLAT, TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_ADJUSTMENT,
               TW_LINE_REDUCTION } TwLineKind;

/* What a line was made with that is not a plain reading. */
typedef enum
{
  TW_FLAG_INTERPOLATED    = 1 << 0,   /* the meter was not read when the price changed (decision 14) */
  TW_FLAG_UNKNOWN_CURRENT = 1 << 1,   /* an element asks for it, and nobody knew it (decision 16) */
  TW_FLAG_UNKNOWN_POWER   = 1 << 2,
  TW_FLAG_VOLUME_MISMATCH = 1 << 3,   /* a record's hours were not those of its timestamps */
  TW_FLAG_VOLUME_ROUNDED  = 1 << 4,   /* a record's volume was finer than a mWh or a ms */
  TW_FLAG_STEP            = 1 << 5,   /* rounded up to step_size */
} TwLineFlags;
#define TW_N_LINE_FLAGS 6
const char *tw_line_flag_name (guint i);   /* "interpolated", ...; i < TW_N_LINE_FLAGS */

/* One component of one element; or the ADJUSTMENT that a limit makes, or, last, a REDUCTION for each tax rate: these
 * are of no element. unit_price x quantity = exact amounts; the minor units are the bill's share. */
typedef struct
{
  TwLineKind  kind;
  gint64      quantity;        /* billed, after the step: Wh, or whole seconds; FLAT, ADJUSTMENT: 1 */
  const char *unit_price;      /* per kWh, hour, session, as in the tariff; NULL: ADJUSTMENT; owned by the bill */
  gboolean    net_price;
  const char *tax_percent;     /* NULL: no tax applies, or tax_unknown, or ADJUSTMENT */
  gint64      net_minor, gross_minor;   /* add up to the totals (largest remainder, of gross and of tax) */
  gint64      duration_ms;     /* TIME, PARKING_TIME: billed, exactly */
  const char *gross_price;     /* as unit_price, with tax, exactly; NULL: not known */
  gboolean    tax_unknown;     /* the side that the tariff does not give is not known, and its minor means nothing */
  gint64      exact_quantity;  /* mWh, ms, 1, the step included */
  gint64      step_added;      /* mWh, ms: how much of exact_quantity was added by step_size */
  gint64      step_size;       /* of the component */
  gint64      start_ms, end_ms;/* UTC: first and last use */
  guint       n_periods;       /* in how many pieces in between */
  guint       element, component;   /* elements[element].price_components[component] */
  gboolean    reservation;     /* of the reservation, not of the session */
  guint       flags;           /* TwLineFlags */
  const char *reason;          /* the restrictions that held, for people; NULL: none, or ADJUSTMENT */
  gboolean    of_limit;        /* REDUCTION: of what a limit changed across rates */
} TwLine;

typedef struct _TwBill TwBill;
TwMoney       tw_bill_net (const TwBill *self);
TwMoney       tw_bill_gross (const TwBill *self);
gboolean      tw_bill_net_known (const TwBill *self);      /* FALSE: some line's tax_unknown; show no net, no tax */
gboolean      tw_bill_gross_known (const TwBill *self);    /* FALSE: only with TW_TARIFF_ANY */
const char   *tw_bill_exact_net (const TwBill *self);
const char   *tw_bill_exact_gross (const TwBill *self);   /* decimal text before rounding, at most 12 decimals */
gboolean      tw_bill_exact_is_cut (const TwBill *self);   /* one of both has more than 12 */
/* Parking that has a price and was given away. */
gint64        tw_bill_grace_ms (const TwBill *self);
/* Before min_price and max_price. */
TwMoney       tw_bill_unlimited_net (const TwBill *self);
TwMoney       tw_bill_unlimited_gross (const TwBill *self);
/* What was granted: hundredths of a percent off the gross total, limits included; and that total before it. */
guint         tw_bill_reduction_bp (const TwBill *self);
TwMoney       tw_bill_unreduced_gross (const TwBill *self);
guint         tw_bill_n_lines (const TwBill *self);
const TwLine *tw_bill_line (const TwBill *self, guint i);
/* A line's amounts before rounding, at most 12 decimals; NULL: not known, or ADJUSTMENT. Free with g_free(). */
char         *tw_bill_line_exact (const TwBill *self, guint i, gboolean gross);
void          tw_bill_free (TwBill *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBill, tw_bill_free)
