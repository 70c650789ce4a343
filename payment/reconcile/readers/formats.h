/* SPDX-License-Identifier: Apache-2.0 */
/* One function a format; settlement.c and bank.c choose. As tw_read_settlement() and tw_read_bank(), of a file that was
 * recognised already. This folder's own.
 */
#pragma once

#include "payment/reconcile/readers/readers.h"

#define TW_READER(name) \
  gboolean name (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake, \
                 TwImport *import, GError **error)

TW_READER (tw_read_adyen);
TW_READER (tw_read_stripe);
TW_READER (tw_read_camt);
TW_READER (tw_read_cybersource_csv);
TW_READER (tw_read_cybersource_xml);
TW_READER (tw_read_mapped_bank);
TW_READER (tw_read_mapped_settlement);
TW_READER (tw_read_zvt_totals);
