/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/cross.h"
#include "payment/reconcile/intakes.h"
#include "payment/reconcile/run.h"
#include "payment/reconcile/shape.h"

#define MEMORY_DEFAULT ((gsize) 512 << 20)
#define FILTER_MOST ((gsize) 1 << 20)       /* stays in the processor's cache; a full one only costs time */
#define MEMORY_LEAST ((gsize) 1 << 20)

static gboolean
check_terms (const TwReconcileTerms *terms, GTimeZone **zone, GError **error)
{
  const TwTolerance *tolerances[] = { &terms->gross, &terms->fee, &terms->bank, &terms->bank_converted };

  for (guint i = 0; i < G_N_ELEMENTS (tolerances); i++)
    if (tolerances[i]->absolute_e6 < 0 || tolerances[i]->percent_e6 < 0 || tolerances[i]->percent_e6 > 100000000)
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                     "a tolerance is an amount from 0 and a share from 0 to 100 %%");
        return FALSE;
      }
  *zone = g_time_zone_new_identifier (terms->time_zone != NULL ? terms->time_zone : "UTC");
  if (*zone != NULL)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the time zone %s is not known", terms->time_zone);
  return FALSE;
}

TwReconciliation *
tw_reconciliation_new (const TwReconcileTerms *terms, GError **error)
{
  g_autoptr (GTimeZone) zone = NULL;
  TwReconciliation *self;
  gsize memory;

  if (!check_terms (terms, &zone, error))
    return NULL;
  self = g_new0 (TwReconciliation, 1);
  memory = MAX (terms->memory_bytes != 0 ? terms->memory_bytes : MEMORY_DEFAULT, MEMORY_LEAST);
  self->terms = *terms;
  self->terms.memory_bytes = memory;
  self->terms.time_zone = self->time_zone = g_strdup (terms->time_zone);
  self->terms.scratch = self->directory = g_strdup (terms->scratch);
  self->zone = g_steal_pointer (&zone);
  self->scratch = tw_scratch_new (self->directory, memory / 2, CLAMP (memory / 4096, 2048, 65536));
  self->wholes = tw_scratch_new (self->directory, memory / 16, CLAMP (memory / 4096, 2048, 65536));
  self->intakes = g_ptr_array_new_with_free_func (tw_intake_free);
  self->n_workers = CLAMP (g_get_num_processors (), 1, TW_MAX_WORKERS);
  self->sales = tw_fan_new (self->wholes);
  self->lines = tw_fan_new (self->wholes);
  self->brief_sales = tw_fan_new (self->scratch);
  self->brief_lines = tw_fan_new (self->scratch);
  self->late = tw_fan_new (self->scratch);
  self->energies_by_session = tw_fan_new (self->scratch);
  self->energies_by_evse = tw_fan_new (self->scratch);
  for (guint i = 0; i < TW_N_PASSES; i++)
    self->left[i] = tw_fan_new (self->scratch);
  for (guint i = 0; i < TW_N_ROOMS; i++)
    self->room[i] = tw_fan_new (self->scratch);
  for (guint i = 0; i < self->n_workers; i++)
    self->workers[i] = tw_hand_new (self, i);
  tw_filter_init (&self->filter, MIN (memory / 32, FILTER_MOST));
  tw_tallies_init (&self->tallies);
  tw_payouts_init (&self->payouts);
  tw_register_init (&self->spots, tw_share (self, 32));
  tw_register_init (&self->payout_names, tw_share (self, 32));
  tw_spans_init (&self->spans);
  tw_bank_init (&self->bank);
  tw_stations_init (&self->stations);
  tw_terminals_init (&self->terminals);
  tw_manuals_init (&self->manuals);
  g_mutex_init (&self->lock);
  return self;
}

void
tw_reconciliation_free (TwReconciliation *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_workers; i++)
    tw_hand_free (self->workers[i]);
  g_ptr_array_unref (self->intakes);
  tw_fan_free (self->sales);
  tw_fan_free (self->lines);
  tw_fan_free (self->brief_sales);
  tw_fan_free (self->brief_lines);
  tw_fan_free (self->late);
  tw_fan_free (self->energies_by_session);
  tw_fan_free (self->energies_by_evse);
  for (guint i = 0; i < TW_N_PASSES; i++)
    tw_fan_free (self->left[i]);
  for (guint i = 0; i < TW_N_ROOMS; i++)
    tw_fan_free (self->room[i]);
  tw_bits_clear (&self->dropped_sales);
  tw_bits_clear (&self->dropped_lines);
  tw_bits_clear (&self->claimed_sales);
  tw_filter_clear (&self->filter);
  tw_tallies_clear (&self->tallies);
  tw_payouts_clear (&self->payouts);
  tw_register_clear (&self->spots);
  tw_register_clear (&self->payout_names);
  tw_spans_clear (&self->spans);
  g_free (self->payout_at);
  tw_bank_clear (&self->bank);
  tw_stations_clear (&self->stations);
  tw_terminals_clear (&self->terminals);
  tw_manuals_clear (&self->manuals);
  tw_scratch_free (self->scratch);
  tw_scratch_free (self->wholes);
  g_time_zone_unref (self->zone);
  g_mutex_clear (&self->lock);
  g_free (self->time_zone);
  g_free (self->directory);
  g_free (self);
}

char *
tw_reconciliation_place (const TwReconciliation *self, TwOrigin origin)
{
  if (self->terms.files != NULL && origin.file < self->terms.n_files)
    return g_strdup_printf ("%s, line %" G_GUINT64_FORMAT, self->terms.files[origin.file], origin.line);
  return g_strdup_printf ("file %u, line %" G_GUINT64_FORMAT, origin.file + 1, origin.line);
}

static gboolean
close_intakes (TwReconciliation *self, GError **error)
{
  if (!tw_intakes_flush (self, error))
    return FALSE;
  tw_terminals_close (&self->terminals);
  tw_bits_init (&self->dropped_sales, self->n_sales);
  tw_bits_init (&self->dropped_lines, self->n_lines);
  tw_bits_init (&self->claimed_sales, self->n_sales);
  return TRUE;
}

static gboolean
run_passes (TwReconciliation *self, GError **error)
{
  if (!tw_stage_hold (self, error) || !tw_stage_run (self, "matching by reference", tw_stage_first_pass, error) ||
      !tw_stage_claim_held (self, error))
    return FALSE;
  if (self->filter.rooms == 0)
    return TRUE;
  if (!tw_stage_run (self, "looking for what is left over", tw_stage_waited_for, error))
    return FALSE;
  if (tw_fan_n_rows (self->energies_by_session) > 0 &&
      !tw_stage_run (self, "reading the meters", tw_stage_meter_sessions, error))
    return FALSE;
  if (tw_fan_n_rows (self->energies_by_evse) > 0 &&
      !tw_stage_run (self, "reading the meters", tw_stage_meter_evses, error))
    return FALSE;
  for (TwPass pass = TW_PASS_PAYMENT + 1; pass < TW_N_PASSES; pass++)
    {
      self->pass = pass;
      if (tw_fan_n_rows (self->left[pass]) > 0 &&
          !tw_stage_run (self, "matching what is left over", tw_stage_pass, error))
        return FALSE;
    }
  return TRUE;
}

/* What the workers have counted under a number is one payout now. */
static void
number_payouts (TwReconciliation *self)
{
  guint32 n = tw_register_n (&self->payout_names);

  self->payout_at = g_new0 (TwPaid *, n + 1);
  for (guint32 i = 0; i < n; i++)
    {
      TwChars texts[TW_NAME_TEXTS];
      TwSettled line;

      tw_register_texts (&self->payout_names, i, texts);
      tw_payout_line (texts, &line);
      self->payout_at[i] = tw_payouts_find (&self->payouts, &line);
    }
}

/* From lines to payouts to the bank. */
static gboolean
judge_payouts (TwReconciliation *self, GError **error)
{
  TwHand *worker = self->workers[0];
  TwJudge judge = { &self->terms, self->zone };

  for (guint i = 0; i < self->n_workers; i++)
    if (!tw_payouts_merge (&self->payouts, &self->workers[i]->payouts, tw_share (self, 8), error))
      return FALSE;
  tw_payouts_close (&self->payouts);
  number_payouts (self);
  tw_verdict_reset (&worker->verdict);
  tw_payouts_judge (&self->payouts, &worker->tallies, &worker->verdict);
  tw_bank_match (&self->bank, &judge, &self->payouts, &self->manuals, &worker->tallies, &worker->verdict);
  tw_manuals_judge_payouts (&self->manuals, &self->payouts, &worker->verdict);
  return tw_hand_publish (worker, error);
}

void
tw_reconciliation_set_again (TwReconciliation *self, const TwAgainClass *class_, gpointer again)
{
  g_return_if_fail (!self->ran && self->intakes->len == 0);

  self->again_class = class_;
  self->again = again;
}

void
tw_reconciliation_add_manual (TwReconciliation *self, const TwManual *manual)
{
  g_return_if_fail (!self->ran);

  tw_manuals_add (&self->manuals, manual);
}

/* What only all sales together show. */
static gboolean
judge_together (TwReconciliation *self, GError **error)
{
  TwHand *worker = self->workers[0];
  g_autoptr (GArray) sums = g_array_new (FALSE, TRUE, sizeof (gint64));

  g_array_set_size (sums, self->terminals.rows->len);
  for (guint i = 0; i < self->n_workers; i++)
    {
      const GArray *own = self->workers[i]->terminal_sums;

      if (!tw_stations_merge (&self->stations, &self->workers[i]->stations, tw_share (self, 8), error))
        return FALSE;
      for (guint j = 0; j < own->len; j++)
        g_array_index (sums, gint64, j) += g_array_index (own, gint64, j);
    }
  tw_verdict_reset (&worker->verdict);
  tw_stations_judge (&self->stations, &worker->verdict);
  tw_terminals_judge (&self->terminals, (const gint64 *) sums->data, &worker->verdict);
  return tw_hand_publish (worker, error) && tw_cross_judge (self, error);
}

gboolean
tw_reconciliation_run (TwReconciliation *self, const TwResultClass *result, gpointer result_self, GError **error)
{
  g_return_val_if_fail (!self->ran, FALSE);

  self->ran = TRUE;
  self->result = result;
  self->result_self = result_self;
  if (!close_intakes (self, error) || !tw_stage_duplicates (self, error) || !run_passes (self, error) ||
      !judge_payouts (self, error) || !tw_stage_run (self, "judging", tw_stage_judge, error) ||
      !judge_together (self, error))
    return FALSE;
  for (guint i = 0; i < self->n_workers; i++)
    if (!tw_tallies_merge (&self->tallies, &self->workers[i]->tallies, error))
      return FALSE;
  tw_tallies_sort (&self->tallies);
  return tw_tallies_conserve (&self->tallies, error) && tw_results_emit (self, error);
}
