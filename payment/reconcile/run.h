/* SPDX-License-Identifier: Apache-2.0 */
/* The reconciliation's inside: what its stages share. A stage walks over the partitions of a fan, as many at a time as
 * there are workers; what workers count is added up, what they find is sorted, so that who did what does not show.
 */
#pragma once

#include "payment/reconcile/home.h"
#include "payment/reconcile/bank.h"
#include "payment/reconcile/passes.h"
#include "payment/reconcile/sorter.h"
#include "payment/reconcile/stations.h"
#include "payment/reconcile/terminals.h"
#include "payment/reconcile/totals.h"

#define TW_MAX_WORKERS 2
#define TW_MAX_CANDIDATES 16         /* that a finding names; more do not make it clearer */
#define TW_N_LOADS 3
#define TW_AMOUNT_MAX G_GINT64_CONSTANT (1000000000000000)

typedef struct _TwWorker TwWorker;
typedef gboolean (*TwStageFunc) (TwWorker *worker, guint partition, GError **error);
/* worker->loads holds all rows of up to TW_N_LOADS spools whose hashes begin alike. */
typedef gboolean (*TwBucketFunc) (TwWorker *worker, GError **error);

/* Which keys somebody waits for; says yes too often, never no too often. rooms: one bit for each that has any. */
typedef struct { guint64 *words; guint64 mask; guint32 rooms; } TwFilter;

struct _TwReconciliation
{
  TwReconcileTerms terms;
  char       *time_zone, *directory;
  GTimeZone  *zone;
  TwScratch  *scratch;
  GMutex      lock;
  GPtrArray  *intakes;
  TwFan      *sales, *lines, *late;        /* by home: our payment reference, else the session */
  TwFan      *left[TW_N_PASSES];           /* lines that wait for a pass */
  TwFan      *room[TW_N_ROOMS];            /* sales that somebody may wait for */
  TwFan      *energies_by_session, *energies_by_evse;
  guint32     n_sales, n_lines;            /* given numbers; atomic */
  gint        first_file, several_files;   /* of lines; atomic; first_file from 1 */
  TwBits      dropped_sales, dropped_lines, claimed_sales;
  TwFilter    filter;
  TwWorker   *workers[TW_MAX_WORKERS];
  guint       n_workers;
  TwTallies   tallies;
  TwPayouts   payouts;
  TwBank      bank;
  TwStations  stations;
  TwTerminals terminals;
  const TwResultClass *result;
  gpointer    result_self;
  gboolean    ran;

  /* Of the stage that runs. */
  TwStageFunc stage;
  const char *stage_name;
  TwPass      pass;
  gint        next_partition, stopped;
};

struct _TwWorker
{
  TwReconciliation *engine;
  guint        index;
  TwLoad       loads[TW_N_LOADS];
  TwHome       home;
  TwTallies    tallies;
  TwPayouts    payouts;
  TwVerdict    verdict;
  TwStations   stations;
  GArray      *terminal_sums;              /* of gint64 */
  TwSorter    *exceptions, *matched, *digests, *pages;
  TwFanWriter *left[TW_N_PASSES], *room[TW_N_ROOMS], *late;
  GArray      *claims, *readings;          /* of TwClaim, TwReading: a sale's */
  GString     *text;
  TwBucketFunc bucket;
};

/* What one of the small books may take: a part of the memory that was allowed, and enough for a small run. */
static inline gsize
tw_share (const TwReconciliation *self, gsize part)
{
  return MAX (self->terms.memory_bytes / part, (gsize) 1 << 20);
}

void     tw_filter_init (TwFilter *self, gsize bytes);
void     tw_filter_clear (TwFilter *self);
void     tw_filter_add (TwFilter *self, TwRoom room, guint64 hash);
gboolean tw_filter_has (const TwFilter *self, guint64 hash);

gboolean tw_stage_run (TwReconciliation *self, const char *name, TwStageFunc stage, GError **error);
/* A bucket that is larger than a worker's share is split by more of its hash. */
gboolean tw_bucket_run (TwWorker *worker, TwSpool *spools[TW_N_LOADS], TwBucketFunc func, GError **error);
gboolean tw_worker_flush (TwWorker *self, GError **error);
TwFanWriter *tw_worker_writer (TwFanWriter **writer, TwFan *fan);

/* Stages. */
gboolean tw_stage_duplicates (TwReconciliation *self, GError **error);
gboolean tw_stage_first_pass (TwWorker *worker, guint partition, GError **error);
gboolean tw_stage_waited_for (TwWorker *worker, guint partition, GError **error);
gboolean tw_stage_pass (TwWorker *worker, guint partition, GError **error);
gboolean tw_stage_meter (TwWorker *worker, guint partition, GError **error);
gboolean tw_stage_judge (TwWorker *worker, guint partition, GError **error);

/* What the verdict says goes to the totals and into the sorted exceptions. */
gboolean tw_worker_publish (TwWorker *worker, GError **error);
gboolean tw_worker_publish_matched (TwWorker *worker, const TwMatched *matched, GError **error);
gboolean tw_results_emit (TwReconciliation *self, GError **error);
