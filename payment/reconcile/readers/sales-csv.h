/* SPDX-License-Identifier: Apache-2.0 */
/* The sales CSV, read back. This folder's own. */
#pragma once

#include "payment/reconcile/readers/formats.h"

/* Names of which one is in its header and in no other file's. NULL-terminated. */
extern const char *const TW_SALES_CSV_HAS[];

/* Every column of sale-columns.h must be there, in any order; others are noted and left alone. */
TW_READER (tw_read_sales_csv);
