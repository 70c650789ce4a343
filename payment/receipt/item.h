/* SPDX-License-Identifier: Apache-2.0 */
/* What is paid for, line by line, and the tax in it. Comes with payment/receipt/receipt.h. By value; strings belong to
 * the receipt.
 */
#pragma once

#include "payment/tariff/tariff.h"

/* As TwLineKind, and ROUNDING: what the rounded lines lack to the rounded total. REDUCTION: what an offer takes off. */
typedef enum
{
  TW_ITEM_FLAT, TW_ITEM_ENERGY, TW_ITEM_TIME, TW_ITEM_PARKING_TIME, TW_ITEM_ADJUSTMENT, TW_ITEM_REDUCTION,
  TW_ITEM_ROUNDING
} TwItemKind;

/* amount_minor = quantity x unit_price, half up, wherever there is a unit price (HB44 3.40). From start_ms on, as they
 * are those of a TwLine; ADJUSTMENT, REDUCTION and ROUNDING have none of them. */
typedef struct
{
  TwItemKind kind;
  gint64     quantity;       /* mWh; ms; 1; the step included */
  char      *unit_price;     /* with tax, per kWh, hour, session; NULL: ADJUSTMENT, REDUCTION, ROUNDING */
  guint      tax;            /* which of taxes; G_MAXUINT: none of them */
  gint64     amount_minor;   /* with tax */
  gint64     start_ms, end_ms;         /* UTC: first and last use; 0: none */
  guint      n_periods;                /* in how many pieces in between */
  gint64     step_added, step_size;    /* mWh, ms; Wh, s */
  guint      element, component;
  gboolean   reservation;
  guint      flags;                    /* TwLineFlags */
  char      *reason;                   /* the restrictions that held, for tw_tariff_terms_say(); NULL: none */
} TwReceiptItem;

/* percent NULL: no tax, or one that nobody stated (net_known FALSE), or what a limit changes across rates. */
typedef struct { char *percent; gboolean adjustment; gint64 net_minor, gross_minor; } TwReceiptTax;
