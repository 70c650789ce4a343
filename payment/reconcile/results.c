/* SPDX-License-Identifier: Apache-2.0 */
/* What is found, sorted: by class, currency, session and references, so that the order of the input does not show. */
#include <string.h>

#include "payment/reconcile/alike.h"
#include "payment/reconcile/run.h"
#include "payment/reconcile/shape.h"

static guint8 *
key_chars (guint8 *to, TwChars text)
{
  return tw_key_text (to, text.text, text.n);
}

static guint8 *
key_origin (guint8 *to, TwOrigin origin)
{
  return tw_key_number (tw_key_number (to, origin.file), (gint64) origin.line);
}

/* Where it stands among what is told; what comes after is among its own. */
static guint8 *
key_place (const TwException *exception, guint8 *to)
{
  *to++ = (guint8) exception->class_;
  to = tw_key_text (to, exception->currency, strlen (exception->currency));
  to = key_chars (to, exception->session);
  to = key_chars (to, exception->payment_ref);
  to = key_chars (to, exception->psp_ref);
  to = key_chars (to, exception->batch);
  to = key_chars (to, exception->bank_reference);
  to = key_chars (to, exception->station);
  return key_chars (to, exception->detail);
}

static guint8 *
key_rest (const TwException *exception, guint8 *to)
{
  to = tw_key_text (to, exception->id, 32);
  to = tw_key_number (to, exception->stake_minor);
  to = tw_key_number (to, exception->since_us);
  return key_origin (key_origin (to, exception->sale), exception->other);
}

static gboolean
sort_exception (TwHand *worker, const TwException *exception, GError **error)
{
  gsize bound = tw_shape_bound (TW_SHAPE_EXCEPTION, exception);
  guint8 *start = tw_sorter_reserve (worker->exceptions, 2 * bound + 256, error);
  TwChars place = { (const char *) start, 0 };
  guint8 *at;
  gsize n_key;

  if (start == NULL)
    return FALSE;
  at = key_place (exception, start);
  place.n = (guint32) (at - start);
  if (!tw_alike_note (worker->alikes, exception->id, tw_hash_text (TW_ROOM_NATURAL, place), error))
    return FALSE;
  at = key_rest (exception, at);
  n_key = (gsize) (at - start);
  at = tw_shape_write (TW_SHAPE_EXCEPTION, exception, at);
  tw_sorter_commit (worker->exceptions, n_key, (gsize) (at - start));
  return TRUE;
}

gboolean
tw_hand_publish (TwHand *worker, GError **error)
{
  GArray *findings = worker->verdict.findings;

  for (guint i = 0; i < findings->len; i++)
    {
      const TwFinding *finding = &g_array_index (findings, TwFinding, i);

      tw_tallies_add_finding (&worker->tallies, finding);
      if (!sort_exception (worker, &finding->exception, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
tw_hand_publish_matched (TwHand *worker, const TwMatched *matched, GError **error)
{
  gsize bound = tw_shape_bound (TW_SHAPE_MATCHED, matched);
  guint8 *start = tw_sorter_reserve (worker->matched, 2 * bound + 256, error);
  guint8 *at = start;
  gsize n_key;

  if (start == NULL)
    return FALSE;
  at = tw_key_text (at, matched->currency, strlen (matched->currency));
  at = key_chars (at, matched->session);
  at = key_chars (at, matched->payment_ref);
  at = key_chars (at, matched->psp_ref);
  at = key_origin (key_origin (at, matched->sale), matched->line);
  n_key = (gsize) (at - start);
  at = tw_shape_write (TW_SHAPE_MATCHED, matched, at);
  tw_sorter_commit (worker->matched, n_key, (gsize) (at - start));
  return TRUE;
}

typedef struct { TwReconciliation *engine; TwAlikes alikes; } Emission;

static gboolean
emit_exception (gpointer user_data, const TwRow *row, GError **error)
{
  Emission *self = user_data;
  TwReconciliation *engine = self->engine;
  TwException exception;

  tw_shape_read (TW_SHAPE_EXCEPTION, TW_ROW_BODY (row) + row->number, &exception);
  tw_alikes_tell_apart (&self->alikes, &exception);
  return engine->result->exception (engine->result_self, &exception, error);
}

static gboolean
emit_matched (gpointer user_data, const TwRow *row, GError **error)
{
  TwReconciliation *self = user_data;
  TwMatched matched;

  tw_shape_read (TW_SHAPE_MATCHED, TW_ROW_BODY (row) + row->number, &matched);
  return self->result->matched (self->result_self, &matched, error);
}

/* Also of what is not paid out yet: its net is there, and the bank's amount is not. */
static gboolean
emit_payout (TwReconciliation *self, const TwPaid *paid, GError **error)
{
  TwPayout payout = {
    .account = paid->account, .batch = paid->batch, .bank_reference = paid->bank_reference, .rule = paid->rule,
    .n_lines = paid->n_lines, .gross_minor = paid->n_lines > 0 ? paid->gross : TW_NOT_STATED,
    .fee_minor = paid->n_lines > 0 ? paid->fee : TW_NOT_STATED, .net_minor = paid->is_paid ? paid->amount : paid->net,
    .bank_minor = paid->banked, .residual_minor = paid->residual, .residual = paid->residual_name, .bank = paid->bank,
    .credited_minor = paid->credited, .rate_e10 = paid->rate_e10, .rate_of_bank = paid->rate_of_credit,
  };

  memcpy (payout.currency, paid->currency, sizeof payout.currency);
  memcpy (payout.bank_currency, paid->bank_currency, sizeof payout.bank_currency);
  return self->result->payout (self->result_self, &payout, error);
}

static gboolean
emit_all (Emission *emission, TwSorter **exceptions, TwSorter **matched, GError **error)
{
  TwReconciliation *self = emission->engine;

  for (guint i = 0; i < self->tallies.tallies->len; i++)
    if (!self->result->totals (self->result_self, &g_array_index (self->tallies.tallies, TwTally, i).totals, error))
      return FALSE;
  for (guint i = 0; i < self->payouts.paid->len && self->result->payout != NULL; i++)
    if (!emit_payout (self, self->payouts.paid->pdata[i], error))
      return FALSE;
  if (tw_tells_matched (self) && !tw_sorters_merge (matched, self->n_workers, emit_matched, self, error))
    return FALSE;
  return tw_sorters_merge (exceptions, self->n_workers, emit_exception, emission, error);
}

/* Nothing is told before all of it can be. */
gboolean
tw_results_emit (TwReconciliation *self, GError **error)
{
  Emission emission = { .engine = self };
  TwSorter *exceptions[TW_MAX_WORKERS], *matched[TW_MAX_WORKERS], *alikes[TW_MAX_WORKERS];
  gboolean ok;

  for (guint i = 0; i < self->n_workers; i++)
    {
      exceptions[i] = self->workers[i]->exceptions;
      matched[i] = self->workers[i]->matched;
      alikes[i] = self->workers[i]->alikes;
    }
  ok = tw_alikes_init (&emission.alikes, alikes, self->n_workers, tw_share (self, 16), error) &&
       emit_all (&emission, exceptions, matched, error);
  tw_alikes_clear (&emission.alikes);
  return ok;
}
