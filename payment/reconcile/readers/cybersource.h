/* SPDX-License-Identifier: Apache-2.0 */
/* What Cybersource's reports have in common, however they are written down (facts: settlement-files.md section 3a): the
 * direction is the type's, fees and net are not known, and a batch is of what was sent, not of what was paid. This
 * folder's own.
 */
#pragma once

#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/reading.h"

/* As the file has them; n 0: empty. */
typedef struct
{
  guint64 line;
  TwChars batch, merchant, batch_date, request, reference, transaction_reference, method, currency, amount, type, time;
  TwChars terminal;
} TwCyberRow;

/* FALSE: what is wrong, to be freed, and which of the row's cells it is, or NULL. */
gboolean tw_cybersource_line (const TwCyberRow *row, TwZone *zone, TwReading *reading, TwSettled *line,
                              const TwChars **where, char **what);
