/* SPDX-License-Identifier: Apache-2.0 */
/* The reconciliation's inside: what its stages share. A stage walks over the partitions of a fan, as many at a time as
 * there are workers; what workers count is added up, what they find is sorted, so that who did what does not show.
 */
#pragma once

#include "payment/reconcile/bank.h"
#include "payment/reconcile/filter.h"
#include "payment/reconcile/hand.h"
#include "payment/reconcile/spans.h"

#define TW_MAX_WORKERS 2
#define TW_MAX_CANDIDATES 16         /* that a finding names; more do not make it clearer */
#define TW_AMOUNT_MAX G_GINT64_CONSTANT (1000000000000000)

typedef gboolean (*TwStageFunc) (TwHand *worker, guint partition, GError **error);

struct _TwReconciliation
{
  TwReconcileTerms terms;
  char       *time_zone, *directory;
  GTimeZone  *zone;
  TwScratch  *scratch, *wholes;
  const TwAgainClass *again_class;         /* NULL: every row is kept in full */
  gpointer    again;
  GMutex      lock;
  GPtrArray  *intakes;
  TwFan      *sales, *lines, *late;        /* by home: our payment reference, else the session */
  TwFan      *brief_sales, *brief_lines;   /* the same in short */
  TwRegister  spots, payout_names;
  TwSpans     spans;                       /* of all sales */
  TwFan      *left[TW_N_PASSES];           /* lines that wait for a pass */
  TwFan      *room[TW_N_ROOMS];            /* sales that somebody may wait for */
  TwFan      *energies_by_session, *energies_by_evse;
  guint32     n_sales, n_lines;            /* given numbers; atomic */
  gint        first_file, several_files;   /* of lines; atomic; first_file from 1 */
  TwBits      dropped_sales, dropped_lines, claimed_sales;
  TwFilter    filter;
  TwHand   *workers[TW_MAX_WORKERS];
  guint       n_workers;
  TwTallies   tallies;
  TwPayouts   payouts;
  TwPaid    **payout_at;                   /* by number of the name */
  TwBank      bank;
  TwStations  stations;
  TwTerminals terminals;
  TwManuals   manuals;
  const TwResultClass *result;
  gpointer    result_self;
  gboolean    ran;

  /* Of the stage that runs. */
  TwStageFunc stage;
  const char *stage_name;
  TwPass      pass;
  gint        next_partition, stopped;
};

/* What one of the small books may take: a part of the memory that was allowed, and enough for a small run. */
static inline gsize
tw_share (const TwReconciliation *self, gsize part)
{
  return MAX (self->terms.memory_bytes / part, (gsize) 1 << 20);
}

static inline gboolean
tw_tells_matched (const TwReconciliation *self)
{
  return !self->terms.without_matched && self->result->matched != NULL;
}

gboolean tw_stage_run (TwReconciliation *self, const char *name, TwStageFunc stage, GError **error);
/* A bucket that is larger than a worker's share is split by more of its hash. */
gboolean tw_bucket_run (TwHand *worker, TwSpool *spools[TW_N_LOADS], TwBucketFunc func, GError **error);

/* "sales.csv, line 7", else "file 2, line 7": numbers of people, from 1. */
char    *tw_reconciliation_place (const TwReconciliation *self, TwOrigin origin);

/* Stages. */
gboolean tw_stage_duplicates (TwReconciliation *self, GError **error);
gboolean tw_stage_first_pass (TwHand *worker, guint partition, GError **error);
gboolean tw_stage_waited_for (TwHand *worker, guint partition, GError **error);
gboolean tw_stage_pass (TwHand *worker, guint partition, GError **error);
gboolean tw_stage_meter_sessions (TwHand *worker, guint partition, GError **error);
gboolean tw_stage_meter_evses (TwHand *worker, guint partition, GError **error);
gboolean tw_stage_judge (TwHand *worker, guint partition, GError **error);

gboolean tw_results_emit (TwReconciliation *self, GError **error);
