/* SPDX-License-Identifier: Apache-2.0 */
/* What is paid for, line by line, and the tax in it. Comes with payment/receipt/receipt.h. By value; strings belong to
 * the receipt.
 */
#pragma once

#include <glib.h>

/* As TwLineKind, and ROUNDING: what the rounded lines lack to the rounded total. */
typedef enum
{
  TW_ITEM_FLAT, TW_ITEM_ENERGY, TW_ITEM_TIME, TW_ITEM_PARKING_TIME, TW_ITEM_ADJUSTMENT, TW_ITEM_ROUNDING
} TwItemKind;

/* amount_minor = quantity x unit_price, half up, wherever there is a unit price (HB44 3.40). */
typedef struct
{
  TwItemKind kind;
  gint64     quantity;       /* Wh; ms; 1 */
  char      *unit_price;     /* with tax, per kWh, hour, session; NULL: ADJUSTMENT, ROUNDING */
  guint      tax;            /* which of taxes; G_MAXUINT: none of them */
  gint64     amount_minor;   /* with tax */
} TwReceiptItem;

/* percent NULL: no tax, or one that nobody stated (net_known FALSE), or what a limit changes across rates. */
typedef struct { char *percent; gboolean adjustment; gint64 net_minor, gross_minor; } TwReceiptTax;
