/* SPDX-License-Identifier: Apache-2.0 */
/* A session's journal entries as a row of the analytics and as a visit of the funnel: on top of what the books fold
 * (sale-fold.h) when the card came, how far the driver got, and between which readings energy flowed. Pure. One thread.
 * This folder's own.
 */
#pragma once

#include "payment/analytics/session-row.h"
#include "payment/reconcile/readers/sale-fold.h"

typedef struct
{
  TwSaleFold *sale;
  gint64      tap_at, answered_at, released_at;
  gint64      charge_start, charge_end;
  gint64      previous_wh, previous_at;     /* the reading before; previous_at TW_UNKNOWN: none */
  guint64     previous_epoch;
  gint64      net_minor;                    /* of the bill; TW_UNKNOWN: not told */
  gint64      taken_wh;                     /* by which the register rose */
  guint32     stages;
  char       *drop_reason;
} TwSessionFold;

TwSessionFold *tw_session_fold_new (const char *session);
void           tw_session_fold_free (TwSessionFold *self);
/* BAD_DATA: an entry that this version does not understand, with its number. */
gboolean       tw_session_fold_apply (TwSessionFold *self, const TwEntry *entry, GError **error);
/* All but site, tariff, zone and line. FALSE: neither was money held nor did a car come, so there is no row. */
gboolean       tw_session_fold_row (const TwSessionFold *self, TwSessionRow *row);
/* All but site and zone. */
void           tw_session_fold_visit (const TwSessionFold *self, TwVisitRow *row);
