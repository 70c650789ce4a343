/* SPDX-License-Identifier: Apache-2.0 */
/* The three kinds of files that say what a meter counted; energy.c chooses. This folder's own. */
#pragma once

#include "payment/reconcile/readers/formats.h"

#define TW_ENERGY_MAX_BYTES (256 * 1024 * 1024)   /* of files that are held as a whole: signed records, CDRs */

TW_READER (tw_read_ocmf);
TW_READER (tw_read_meter_csv);
TW_READER (tw_read_cdr);

/* Names of which one is in the header of a meter's log and in no other file's. NULL-terminated. */
extern const char *const TW_METER_CSV_HAS[];
