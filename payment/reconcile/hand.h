/* SPDX-License-Identifier: Apache-2.0 */
/* What one thread of a stage has of its own: rows, counts, findings, and ways to the next stage. */
#pragma once

#include "payment/reconcile/home.h"
#include "payment/reconcile/payouts.h"
#include "payment/reconcile/sorter.h"
#include "payment/reconcile/stations.h"
#include "payment/reconcile/terminals.h"
#include "payment/reconcile/totals.h"
#include "payment/reconcile/whole.h"

#define TW_N_LOADS 3

typedef struct _TwHand TwHand;
/* worker->loads holds all rows of up to TW_N_LOADS spools whose hashes begin alike. */
typedef gboolean (*TwBucketFunc) (TwHand *worker, GError **error);

struct _TwHand
{
  TwReconciliation *engine;
  guint        index, partition;
  TwLoad       loads[TW_N_LOADS];
  TwWholes     wholes;
  TwHome       home;
  TwTallies    tallies;
  TwPayouts    payouts;
  GArray      *payout_at, *spot_at;        /* of TwPaid *, TwSpot: by number of the name */
  TwVerdict    verdict;
  TwStations   stations;
  GArray      *terminal_sums;              /* of gint64 */
  TwSorter    *exceptions, *matched, *alikes, *digests, *pages;
  TwFanWriter *left[TW_N_PASSES], *room[TW_N_ROOMS], *late, *unclaimed;
  GArray      *claims, *readings;          /* of TwClaim, TwReading: a sale's */
  GString     *text;
  TwBucketFunc bucket;
};

TwHand *tw_hand_new (TwReconciliation *engine, guint index);
void      tw_hand_free (TwHand *self);
gboolean  tw_hand_flush (TwHand *self, GError **error);
TwFanWriter *tw_hand_writer (TwFanWriter **writer, TwFan *fan);
/* By number. NULL: more payouts than fit. */
TwPaid  *tw_hand_payout (TwHand *self, guint32 number, GError **error);
TwSpot   tw_hand_spot (TwHand *self, guint32 number);

/* What the verdict says goes to the totals and into the sorted exceptions. */
gboolean tw_hand_publish (TwHand *worker, GError **error);
gboolean tw_hand_publish_matched (TwHand *worker, const TwMatched *matched, GError **error);
