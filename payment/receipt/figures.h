/* SPDX-License-Identifier: Apache-2.0 */
/* Figures as they are printed, with a point; languages put their own mark in its place. This folder's own. */
#pragma once

#include "payment/receipt/receipt.h"

/* quantity x unit_price, half up. FALSE: the price is no number, or it is too large. */
gboolean    tw_receipt_product (const TwReceiptItem *item, const char *currency, gint64 *amount_minor);

char       *tw_receipt_thousands (gint64 thousandths);  /* "20.450": kWh of Wh, s of ms */
char       *tw_receipt_kwh (gint64 mwh);                /* "20.450"; "20.456700" as "20.4567" */
/* "1:02:03 h", "62:03 min" for per "min"; with ".250" if it is not whole. */
char       *tw_receipt_duration (gint64 ms, const char *per);
/* The price per minute where that is exact with six decimals, else per hour; *per is "min" or "h". */
char       *tw_receipt_time_price (const char *per_hour, const char *currency, const char **per);
/* At least the currency's digits. */
char       *tw_receipt_price (const char *price, const char *currency);
char       *tw_receipt_percent (const char *percent);   /* "19" for "19.00" */
/* format: of g_date_time_format(). NULL: no such zone, or no such time. */
char       *tw_receipt_local_time (gint64 wall_us, const char *time_zone, const char *format);

/* BAD_DATA: see receipt.h. */
gboolean    tw_receipt_check (const TwReceipt *self, GError **error);
