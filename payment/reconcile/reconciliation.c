/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/cross.h"
#include "payment/reconcile/run.h"
#include "payment/reconcile/shape.h"

#define MEMORY_DEFAULT ((gsize) 256 << 20)
#define FILTER_MOST ((gsize) 1 << 20)       /* stays in the processor's cache; a full one only costs time */
#define MEMORY_LEAST ((gsize) 1 << 20)
#define INSTANT_MAX (G_GINT64_CONSTANT (1) << 58)

/* One reader's: writers of its own, so that two readers do not wait for each other. */
typedef struct { TwReconciliation *engine; TwFanWriter *sales, *lines, *by_session, *by_evse; } Intake;

static void
intake_free (gpointer data)
{
  Intake *self = data;

  tw_fan_writer_free (self->sales);
  tw_fan_writer_free (self->lines);
  tw_fan_writer_free (self->by_session);
  tw_fan_writer_free (self->by_evse);
  g_free (self);
}

static TwWorker *
worker_new (TwReconciliation *engine, guint index)
{
  TwWorker *self = g_new0 (TwWorker, 1);
  gsize share = engine->terms.memory_bytes / 16 / engine->n_workers;

  self->engine = engine;
  self->index = index;
  self->exceptions = tw_sorter_new (engine->scratch, share);
  self->matched = tw_sorter_new (engine->scratch, share);
  self->digests = tw_sorter_new (engine->scratch, share / 4);
  self->pages = tw_sorter_new (engine->scratch, share / 4);
  self->terminal_sums = g_array_new (FALSE, TRUE, sizeof (gint64));
  self->claims = g_array_new (FALSE, FALSE, sizeof (TwClaim));
  self->readings = g_array_new (FALSE, FALSE, sizeof (TwReading));
  self->text = g_string_new (NULL);
  tw_tallies_init (&self->tallies);
  tw_payouts_init (&self->payouts);
  tw_stations_init (&self->stations);
  tw_verdict_init (&self->verdict);
  return self;
}

static void
worker_free (TwWorker *self)
{
  for (guint i = 0; i < TW_N_LOADS; i++)
    tw_load_clear (&self->loads[i]);
  for (guint i = 0; i < TW_N_PASSES; i++)
    tw_fan_writer_free (self->left[i]);
  for (guint i = 0; i < TW_N_ROOMS; i++)
    tw_fan_writer_free (self->room[i]);
  tw_fan_writer_free (self->late);
  tw_home_clear (&self->home);
  tw_tallies_clear (&self->tallies);
  tw_payouts_clear (&self->payouts);
  tw_stations_clear (&self->stations);
  tw_verdict_clear (&self->verdict);
  tw_sorter_free (self->exceptions);
  tw_sorter_free (self->matched);
  tw_sorter_free (self->digests);
  tw_sorter_free (self->pages);
  g_array_unref (self->terminal_sums);
  g_array_unref (self->claims);
  g_array_unref (self->readings);
  g_string_free (self->text, TRUE);
  g_free (self);
}

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
  self->scratch = tw_scratch_new (self->directory, memory / 4, CLAMP (memory / 4096, 2048, 65536));
  self->intakes = g_ptr_array_new_with_free_func (intake_free);
  self->n_workers = CLAMP (g_get_num_processors (), 1, TW_MAX_WORKERS);
  self->sales = tw_fan_new (self->scratch);
  self->lines = tw_fan_new (self->scratch);
  self->late = tw_fan_new (self->scratch);
  self->energies_by_session = tw_fan_new (self->scratch);
  self->energies_by_evse = tw_fan_new (self->scratch);
  for (guint i = 0; i < TW_N_PASSES; i++)
    self->left[i] = tw_fan_new (self->scratch);
  for (guint i = 0; i < TW_N_ROOMS; i++)
    self->room[i] = tw_fan_new (self->scratch);
  for (guint i = 0; i < self->n_workers; i++)
    self->workers[i] = worker_new (self, i);
  tw_filter_init (&self->filter, MIN (memory / 32, FILTER_MOST));
  tw_tallies_init (&self->tallies);
  tw_payouts_init (&self->payouts);
  tw_bank_init (&self->bank);
  tw_stations_init (&self->stations);
  tw_terminals_init (&self->terminals);
  g_mutex_init (&self->lock);
  return self;
}

void
tw_reconciliation_free (TwReconciliation *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_workers; i++)
    worker_free (self->workers[i]);
  g_ptr_array_unref (self->intakes);
  tw_fan_free (self->sales);
  tw_fan_free (self->lines);
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
  tw_bank_clear (&self->bank);
  tw_stations_clear (&self->stations);
  tw_terminals_clear (&self->terminals);
  tw_scratch_free (self->scratch);
  g_time_zone_unref (self->zone);
  g_mutex_clear (&self->lock);
  g_free (self->time_zone);
  g_free (self->directory);
  g_free (self);
}

static gboolean
check_amounts (const gint64 *amounts, guint n, const char *currency, TwOrigin origin, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (amounts[i] != TW_NOT_STATED && (amounts[i] > TW_AMOUNT_MAX || amounts[i] < -TW_AMOUNT_MAX))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": an amount of %"
                     G_GINT64_FORMAT " minor units is none of a sale", origin.file, origin.line, amounts[i]);
        return FALSE;
      }
  if (strnlen (currency, 4) == 3)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": no currency", origin.file,
               origin.line);
  return FALSE;
}

/* Microseconds of some thousands of years, so that days may be added to them. */
static gboolean
check_instants (const gint64 *instants, guint n, TwOrigin origin, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (instants[i] != TW_NOT_STATED && (instants[i] > INSTANT_MAX || instants[i] < -INSTANT_MAX))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": a time that no clock "
                     "shows", origin.file, origin.line);
        return FALSE;
      }
  return TRUE;
}

/* No money of this world; only its receipt has a number among the others. */
static gboolean
take_test_sale (TwReconciliation *self, const TwSale *sale, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TwSale numbered = *sale;

  numbered.billed = FALSE;
  return tw_stations_add (&self->stations, &numbered, tw_share (self, 16), error);
}

static gboolean
take_sale (gpointer data, const TwSale *sale, GError **error)
{
  Intake *self = data;
  const gint64 amounts[] = {
    sale->price_minor, sale->repriced_minor, sale->shown_minor, sale->held_minor, sale->captured_minor,
    sale->second_capture_minor, sale->refunded_minor, sale->unknown_minor, sale->advised_minor, sale->energy_wh,
    sale->energy_price_minor, sale->energy_part_minor,
  };
  const gint64 instants[] = { sale->started_us, sale->ended_us, sale->captured_us, sale->refunded_us,
                              sale->hold_until_us };
  guint64 hash = sale->payment_ref.n > 0 ? tw_hash_text (TW_ROOM_PAYMENT, sale->payment_ref)
                                         : tw_hash_text (TW_ROOM_SESSION, sale->session);
  TwSpoolWriter *writer = tw_fan_writer_at (self->sales, hash);
  TwRow *row;

  if (!check_amounts (amounts, G_N_ELEMENTS (amounts), sale->currency, sale->origin, error) ||
      !check_instants (instants, G_N_ELEMENTS (instants), sale->origin, error))
    return FALSE;
  if (sale->test_mode)
    return take_test_sale (self->engine, sale, error);
  row = tw_spool_writer_reserve (writer, sizeof *row + tw_shape_bound (TW_SHAPE_SALE, sale), error);
  if (row == NULL)
    return FALSE;
  row->size = (guint32) (tw_shape_write (TW_SHAPE_SALE, sale, (guint8 *) (row + 1)) - (guint8 *) row);
  row->hash = hash;
  row->number = (guint32) __atomic_fetch_add (&self->engine->n_sales, 1, __ATOMIC_RELAXED);
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

static void
note_file (TwReconciliation *self, guint32 file)
{
  gint number = (gint) file + 1;

  if (g_atomic_int_get (&self->first_file) == number ||
      g_atomic_int_compare_and_exchange (&self->first_file, 0, number))
    return;
  if (g_atomic_int_get (&self->first_file) != number)
    g_atomic_int_set (&self->several_files, TRUE);
}

static gboolean
take_line (gpointer data, const TwSettled *line, GError **error)
{
  Intake *self = data;
  const gint64 amounts[] = { line->gross, line->fee, line->net, line->dispute_fee };
  const gint64 instants[] = { line->occurred_us, line->available_us };
  TwSettled own = *line;
  TwSpoolWriter *writer;
  guint64 hash;
  TwRow *row;

  /* A line of one currency may name it once. */
  if (own.currency[0] == '\0')
    memcpy (own.currency, own.net_currency, sizeof own.currency);
  if (own.net_currency[0] == '\0')
    memcpy (own.net_currency, own.currency, sizeof own.net_currency);
  if (!check_amounts (amounts, G_N_ELEMENTS (amounts), own.currency, line->origin, error) ||
      !check_amounts (NULL, 0, own.net_currency, line->origin, error) ||
      !check_instants (instants, G_N_ELEMENTS (instants), line->origin, error))
    return FALSE;
  hash = own.payment_ref.n > 0 ? tw_hash_text (TW_ROOM_PAYMENT, own.payment_ref)
                               : tw_hash_text (TW_ROOM_NATURAL, own.key);
  writer = tw_fan_writer_at (self->lines, hash);
  row = tw_spool_writer_reserve (writer, sizeof *row + 1 + tw_shape_bound (TW_SHAPE_SETTLED, &own), error);
  if (row == NULL)
    return FALSE;
  note_file (self->engine, line->origin.file);
  *(guint8 *) (row + 1) = (guint8) own.kind;
  row->size = (guint32) (tw_shape_write (TW_SHAPE_SETTLED, &own, (guint8 *) (row + 1) + 1) - (guint8 *) row);
  row->hash = hash;
  row->number = (guint32) __atomic_fetch_add (&self->engine->n_lines, 1, __ATOMIC_RELAXED);
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

/* Few: one lock for all of them costs nothing. */
static gboolean
take_credit (gpointer data, const TwCredit *credit, GError **error)
{
  TwReconciliation *self = ((Intake *) data)->engine;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (credit->amount == TW_NOT_STATED)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, entry %" G_GUINT64_FORMAT ": no amount",
                   credit->origin.file, credit->origin.line);
      return FALSE;
    }
  return check_amounts (&credit->amount, 1, credit->currency, credit->origin, error) &&
         tw_bank_add (&self->bank, credit, tw_share (self, 8), error);
}

static gboolean
take_energy (gpointer data, const TwEnergy *energy, GError **error)
{
  Intake *self = data;
  gboolean named = energy->session.n > 0;
  const gint64 instants[] = { energy->begin_us, energy->end_us };
  guint64 hash = named ? tw_hash_text (TW_ROOM_SESSION, energy->session) : tw_hash_text (TW_ROOM_EVSE, energy->evse);
  TwSpoolWriter *writer = tw_fan_writer_at (named ? self->by_session : self->by_evse, hash);
  TwRow *row;

  if (energy->energy_wh != TW_NOT_STATED && (energy->energy_wh > TW_AMOUNT_MAX || energy->energy_wh < -TW_AMOUNT_MAX))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "file %u, line %" G_GUINT64_FORMAT ": more energy than there is",
                   energy->origin.file, energy->origin.line);
      return FALSE;
    }
  if (!check_instants (instants, G_N_ELEMENTS (instants), energy->origin, error))
    return FALSE;
  row = tw_spool_writer_reserve (writer, sizeof *row + tw_shape_bound (TW_SHAPE_ENERGY, energy), error);
  if (row == NULL)
    return FALSE;
  tw_filter_add (&self->engine->filter, named ? TW_ROOM_SESSION : TW_ROOM_EVSE, hash);
  row->size = (guint32) (tw_shape_write (TW_SHAPE_ENERGY, energy, (guint8 *) (row + 1)) - (guint8 *) row);
  row->hash = hash;
  row->number = 0;
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

static gboolean
take_total (gpointer data, const TwTotal *total, GError **error)
{
  TwReconciliation *self = ((Intake *) data)->engine;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!check_amounts (&total->total_minor, 1, total->currency, total->origin, error))
    return FALSE;
  if (total->total_minor != TW_NOT_STATED)
    tw_terminals_add (&self->terminals, total);
  return TRUE;
}

static const TwIntakeClass intake_class = {
  .sale = take_sale, .line = take_line, .credit = take_credit, .energy = take_energy, .total = take_total,
};

TwIntake
tw_reconciliation_intake (TwReconciliation *self)
{
  Intake *intake = g_new0 (Intake, 1);

  intake->engine = self;
  intake->sales = tw_fan_writer_new (self->sales);
  intake->lines = tw_fan_writer_new (self->lines);
  intake->by_session = tw_fan_writer_new (self->energies_by_session);
  intake->by_evse = tw_fan_writer_new (self->energies_by_evse);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->intakes, intake);
  g_mutex_unlock (&self->lock);
  return (TwIntake) { &intake_class, intake };
}

static gboolean
close_intakes (TwReconciliation *self, GError **error)
{
  for (guint i = 0; i < self->intakes->len; i++)
    {
      Intake *intake = self->intakes->pdata[i];

      if (!tw_fan_writer_flush (intake->sales, error) || !tw_fan_writer_flush (intake->lines, error) ||
          !tw_fan_writer_flush (intake->by_session, error) || !tw_fan_writer_flush (intake->by_evse, error))
        return FALSE;
    }
  g_ptr_array_set_size (self->intakes, 0);
  tw_terminals_close (&self->terminals);
  tw_bits_init (&self->dropped_sales, self->n_sales);
  tw_bits_init (&self->dropped_lines, self->n_lines);
  tw_bits_init (&self->claimed_sales, self->n_sales);
  return TRUE;
}

static gboolean
run_passes (TwReconciliation *self, GError **error)
{
  if (!tw_stage_run (self, "matching by reference", tw_stage_first_pass, error))
    return FALSE;
  if (self->filter.rooms == 0)
    return TRUE;
  if (!tw_stage_run (self, "looking for what is left over", tw_stage_waited_for, error))
    return FALSE;
  if (tw_fan_n_rows (self->energies_by_session) + tw_fan_n_rows (self->energies_by_evse) > 0 &&
      !tw_stage_run (self, "reading the meters", tw_stage_meter, error))
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

/* From lines to payouts to the bank. */
static gboolean
judge_payouts (TwReconciliation *self, GError **error)
{
  TwWorker *worker = self->workers[0];
  TwJudge judge = { &self->terms, self->zone };

  for (guint i = 0; i < self->n_workers; i++)
    if (!tw_payouts_merge (&self->payouts, &self->workers[i]->payouts, tw_share (self, 8), error))
      return FALSE;
  tw_payouts_close (&self->payouts);
  tw_verdict_reset (&worker->verdict);
  tw_payouts_judge (&self->payouts, &worker->tallies, &worker->verdict);
  tw_bank_match (&self->bank, &judge, &self->payouts, &worker->tallies, &worker->verdict);
  return tw_worker_publish (worker, error);
}

/* What only all sales together show. */
static gboolean
judge_together (TwReconciliation *self, GError **error)
{
  TwWorker *worker = self->workers[0];
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
  return tw_worker_publish (worker, error) && tw_cross_judge (self, error);
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
