/* SPDX-License-Identifier: Apache-2.0 */
/* A receipt on its way to paper, in one language. This folder's own. */
#pragma once

#include "payment/receipt/page.h"
#include "payment/receipt/receipt.h"
#include "payment/receipt/words.h"

typedef struct
{
  TwPage           page;
  const TwReceipt *receipt;
  const char      *language;
} TwWriter;

const char *tw_writer_word (const TwWriter *self, TwWord which);
char       *tw_writer_localize (const TwWriter *self, char *figures);   /* changes and returns figures with a point */
char       *tw_writer_amount (const TwWriter *self, gint64 minor);
char       *tw_writer_time (const TwWriter *self, gint64 wall_us);

void        tw_writer_pair (TwWriter *self, TwWord label, const char *value);   /* nothing without a value */
void        tw_writer_pair_amount (TwWriter *self, TwWord label, gint64 minor);
void        tw_writer_pair_time (TwWriter *self, TwWord label, gint64 wall_us);
void        tw_writer_paragraph (TwWriter *self, TwWord sentence);

/* Of a line, details.c: what it is for; "62.345 kWh x 0.44 EUR/kWh", NULL where there is no unit; and that, from when
 * to when it is (local time), why at this price, and what was not simply read or counted. */
const char *tw_writer_item_name (const TwWriter *self, const TwReceiptItem *item);
char       *tw_writer_item_product (const TwWriter *self, const TwReceiptItem *item);
char      **tw_writer_item_details (const TwWriter *self, const TwReceiptItem *item);

/* The items, the total and its taxes; items.c. */
void        tw_writer_price (TwWriter *self);
