/* SPDX-License-Identifier: Apache-2.0 */
/* What stays at a connector when its session has left it. */
#pragma once

#include "app/station/core.h"

typedef enum { TW_RECEIPT_SHOWN = 1, TW_RECEIPT_DISMISSED = 2 } TwReceiptFact;

void       tw_parting_begin (TwBay *self, const TwRecord *record);    /* it leaves the connector */
void       tw_parting_recall (TwBay *self, const TwRecord *record);   /* it did, before the restart */
void       tw_parting_retell (TwBay *self, const TwRecord *record);   /* and was spoken to since; self may be NULL */
void       tw_parting_note (TwStation *self, const TwEntry *entry);   /* replays a "receipt-fetched" */
void       tw_parting_end (TwBay *self);                              /* its receipt is not shown any more */
