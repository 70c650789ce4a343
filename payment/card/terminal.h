/* SPDX-License-Identifier: Apache-2.0 */
/* What the terminal tells the card in one transaction, as the bytes that a DOL asks for (EMV Book 3 section 5.4, Book 4
 * annex A). Any thread.
 */
#pragma once

#include "payment/card/card.h"

#define TW_DOL_DATA_MOST 252     /* "less than 253 bytes" (Book 3 section 5.4) */

typedef struct
{
  guint8 ttq[4];                 /* 9F66 */
  guint8 amount[6], other_amount[6], country[2], tvr[5], currency[2], date[3], transaction_type[1], unpredictable[4];
  guint8 time[3], capabilities[3], additional_capabilities[5], type[1], category[2], sequence[4], exponent[1];
  guint8 id[8], merchant_id[15], serial[8], name[40], floor_limit[4];
  gboolean cvm_required;
  gint64 amount_minor;
} TwTerminalData;

void          tw_terminal_data_init (TwTerminalData *self, const TwTerminal *terminal,
                                     const TwTransaction *transaction);

/* NULL: the terminal has nothing under this tag. */
const guint8 *tw_terminal_data_get (const TwTerminalData *self, guint32 tag, gsize *len);

/* FALSE: the DOL is malformed, or asks for more than fits. */
gboolean      tw_dol_fill (const TwTerminalData *self, const guint8 *dol, gsize dol_len,
                           guint8 out[TW_DOL_DATA_MOST], gsize *out_len);

/* Whether the DOL asks for this tag. */
gboolean      tw_dol_has (const guint8 *dol, gsize dol_len, guint32 tag);
