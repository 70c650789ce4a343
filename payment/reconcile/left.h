/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that no sale has claimed yet, on their way through the passes; and what reaches a sale's home late. */
#pragma once

#include "payment/reconcile/run.h"

/* A sale by where it lives. */
typedef struct { guint64 home; guint32 number; } TwSaleRef;

/* A line on its way through the passes, and whose it could be. */
typedef struct
{
  TwLeft    left;
  guint     n_refs;
  TwSaleRef refs[TW_MAX_CANDIDATES];
} TwLeftLine;

/* To the next pass from here on that has a key for it, else to the judge. */
gboolean tw_left_send (TwHand *worker, const TwLeftLine *line, TwPass from, guint32 number, GError **error);
void     tw_left_read (const TwRow *row, TwLeftLine *line);

/* A row beside a sale, for the judge. */
typedef enum { TW_LATE_CLAIM, TW_LATE_CANDIDATE, TW_LATE_READING } TwLateKind;

gboolean tw_late_send (TwHand *worker, TwLateKind kind, TwSaleRef sale, const char *rule, gconstpointer value,
                       GError **error);
TwLateKind tw_late_read (const TwRow *row, TwClaim *claim, TwReading *reading);
