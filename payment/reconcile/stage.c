/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "payment/reconcile/run.h"

static gboolean
tell (TwReconciliation *self, guint done, GError **error)
{
  if (self->result->progress == NULL ||
      self->result->progress (self->result_self, self->stage_name, MIN (done, TW_FAN_SIZE), TW_FAN_SIZE))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "stopped while %s", self->stage_name);
  return FALSE;
}

/* Only the caller's own thread tells how far it is. */
static GError *
work (TwHand *worker)
{
  TwReconciliation *self = worker->engine;
  GError *error = NULL;

  while (error == NULL && !g_atomic_int_get (&self->stopped))
    {
      gint partition = g_atomic_int_add (&self->next_partition, 1);

      if (partition >= (gint) TW_FAN_SIZE)
        break;
      worker->partition = (guint) partition;
      if (self->stage (worker, worker->partition, &error) && worker->index == 0)
        tell (self, (guint) partition + 1, &error);
    }
  if (error == NULL)
    tw_hand_flush (worker, &error);
  if (error != NULL)
    g_atomic_int_set (&self->stopped, TRUE);
  return error;
}

static gpointer
work_in_thread (gpointer worker)
{
  return work (worker);
}

gboolean
tw_stage_run (TwReconciliation *self, const char *name, TwStageFunc stage, GError **error)
{
  GThread *threads[TW_MAX_WORKERS] = { NULL };
  GError *failed[TW_MAX_WORKERS] = { NULL };
  gboolean ok = TRUE;

  self->stage = stage;
  self->stage_name = name;
  self->next_partition = 0;
  for (guint i = 1; i < self->n_workers; i++)
    threads[i] = g_thread_new ("tapwatt-reconcile", work_in_thread, self->workers[i]);
  failed[0] = work (self->workers[0]);
  for (guint i = 1; i < self->n_workers; i++)
    failed[i] = g_thread_join (threads[i]);
  for (guint i = 0; i < self->n_workers; i++)
    if (failed[i] != NULL && ok)
      {
        g_propagate_error (error, failed[i]);
        ok = FALSE;
      }
    else
      g_clear_error (&failed[i]);
  return ok;
}

#define SPLIT_BITS 4
#define SPLIT (1u << SPLIT_BITS)

typedef struct { TwSpool spools[TW_N_LOADS][SPLIT]; TwSpoolWriter writers[TW_N_LOADS][SPLIT]; } Split;

static void
split_free (Split *self)
{
  for (guint i = 0; i < TW_N_LOADS; i++)
    for (guint j = 0; j < SPLIT; j++)
      {
        g_free (self->writers[i][j].block);
        tw_spool_clear (&self->spools[i][j]);
      }
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Split, split_free)

static gboolean
distribute (Split *self, TwSpool *spools[TW_N_LOADS], guint depth, GError **error)
{
  guint shift = 64 - depth - SPLIT_BITS;

  for (guint i = 0; i < TW_N_LOADS; i++)
    {
      TwCursor cursor = { .spool = spools[i] };
      const TwRow *row = NULL;
      gboolean ok = TRUE;

      while (spools[i] != NULL && (ok = tw_cursor_next (&cursor, &row, error)) && row != NULL && ok)
        ok = tw_spool_writer_copy (&self->writers[i][(row->hash >> shift) & (SPLIT - 1)], row, error);
      for (guint j = 0; j < SPLIT && ok; j++)
        ok = tw_spool_writer_flush (&self->writers[i][j], error);
      tw_cursor_clear (&cursor);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_bucket (TwHand *worker, TwSpool *spools[TW_N_LOADS], guint depth, TwBucketFunc func, GError **error)
{
  gsize share = worker->engine->terms.memory_bytes / 4 / worker->engine->n_workers;
  g_autoptr (Split) split = NULL;
  guint64 n = 0;

  for (guint i = 0; i < TW_N_LOADS; i++)
    n += spools[i] != NULL ? spools[i]->n_bytes : 0;
  if (n <= share)
    {
      for (guint i = 0; i < TW_N_LOADS; i++)
        {
          worker->loads[i].n = 0;
          if (spools[i] != NULL && !tw_spool_load (spools[i], &worker->loads[i], error))
            return FALSE;
        }
      return func (worker, error);
    }
  if (depth + SPLIT_BITS > 64)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%" G_GUINT64_FORMAT " bytes of rows have one and the same "
                   "reference: more than the memory that was allowed, and nothing that could be matched", n);
      return FALSE;
    }
  split = g_new0 (Split, 1);
  for (guint i = 0; i < TW_N_LOADS; i++)
    for (guint j = 0; j < SPLIT; j++)
      {
        tw_spool_init (&split->spools[i][j], worker->engine->scratch);
        split->writers[i][j].spool = &split->spools[i][j];
      }
  if (!distribute (split, spools, depth, error))
    return FALSE;
  for (guint j = 0; j < SPLIT; j++)
    {
      TwSpool *parts[TW_N_LOADS];

      for (guint i = 0; i < TW_N_LOADS; i++)
        parts[i] = &split->spools[i][j];
      if (!run_bucket (worker, parts, depth + SPLIT_BITS, func, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
tw_bucket_run (TwHand *worker, TwSpool *spools[TW_N_LOADS], TwBucketFunc func, GError **error)
{
  return run_bucket (worker, spools, TW_FAN_BITS, func, error);
}
