/* SPDX-License-Identifier: Apache-2.0 */
/* The stages that have sales and lines of one payment reference before them: the first pass, and the judge. */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/cross.h"
#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"

typedef struct { TwChars session; gint64 captured; TwSaleRef ref; } Candidate;

static int
by_session (const void *a, const void *b)
{
  return tw_chars_compare (((const Candidate *) a)->session, ((const Candidate *) b)->session);
}

/* Several sales of one reference: all of them are looked at, so that the first ones by name are always the same. */
static void
name_candidates (TwWorker *worker, guint32 first, TwLeftLine *line)
{
  TwHome *home = &worker->home;
  g_autofree Candidate *all = g_new (Candidate, home->sales[first].n_alike);
  guint n = 0;

  for (guint32 at = first; at != TW_HOME_NONE; at = home->sales[at].next_alike)
    {
      const TwRow *row = home->sales[at].row;
      TwSale sale;

      tw_shape_read (TW_SHAPE_SALE, TW_ROW_BODY (row), &sale);
      all[n++] = (Candidate) { sale.session, sale.captured_minor == TW_NOT_STATED ? 0 : sale.captured_minor,
                               { row->hash, row->number } };
    }
  qsort (all, n, sizeof *all, by_session);
  g_string_set_size (worker->text, 0);
  for (guint i = 0; i < n; i++)
    {
      line->left.largest_minor = MAX (line->left.largest_minor, all[i].captured);
      if (i >= TW_MAX_CANDIDATES)
        continue;
      if (i > 0)
        g_string_append_c (worker->text, ' ');
      g_string_append_len (worker->text, all[i].session.text, all[i].session.n);
      line->refs[line->n_refs++] = all[i].ref;
    }
  line->left.rule = tw_pass_rule (TW_PASS_PAYMENT);
  line->left.candidates = (TwChars) { worker->text->str, (guint32) worker->text->len };
}

static gboolean
first_pass_line (TwWorker *worker, const TwHomeLine *at, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwHome *home = &worker->home;
  TwLeftLine line = { .n_refs = 0 };
  TwSettled *settled = &line.left.line;

  tw_shape_read (TW_SHAPE_SETTLED, TW_LINE_BODY (at->row), settled);
  if (!tw_tallies_add_line (&worker->tallies, settled, error) ||
      !tw_payouts_add (&worker->payouts, settled, tw_share (self, 16), error))
    return FALSE;
  if (settled->kind == TW_SETTLED_BULK)
    return tw_left_send (worker, &line, TW_N_PASSES, at->row->number, error);
  if (!tw_kind_is_matched (settled->kind))
    {
      worker->tallies.n_plain++;
      return TRUE;
    }
  if (at->sale != TW_HOME_NONE && home->sales[at->sale].n_alike == 1)
    {
      if (settled->kind == TW_SETTLED_SALE)
        tw_bits_set (&self->claimed_sales, home->sales[at->sale].row->number);
      return TRUE;
    }
  if (at->sale != TW_HOME_NONE)
    name_candidates (worker, at->sale, &line);
  return tw_left_send (worker, &line, TW_PASS_PAYMENT + 1, at->row->number, error);
}

static gboolean
first_pass (TwWorker *worker, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwHome *home = &worker->home;

  tw_home_join (home, &worker->loads[0], &worker->loads[1], &self->dropped_sales, &self->dropped_lines);
  for (gsize i = 0; i < home->n_lines; i++)
    if (!first_pass_line (worker, &home->lines[i], error))
      return FALSE;
  return TRUE;
}

gboolean
tw_stage_first_pass (TwWorker *worker, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwSpool *spools[TW_N_LOADS] = { &self->sales->spools[partition], &self->lines->spools[partition], NULL };

  return tw_bucket_run (worker, spools, first_pass, error);
}

/* Late rows, by the number of their sale. */
static int
by_number (const void *a, const void *b)
{
  const TwRow *x = *(const TwRow *const *) a, *y = *(const TwRow *const *) b;

  return x->number < y->number ? -1 : x->number > y->number;
}

static GPtrArray *
late_rows (const TwLoad *load)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (const TwRow *row = TW_LOAD_FIRST (load); row < TW_LOAD_END (load); row = TW_ROW_NEXT (row))
    g_ptr_array_add (rows, (gpointer) row);
  if (rows->len > 1)
    qsort (rows->pdata, rows->len, sizeof (gpointer), by_number);
  return rows;
}

static guint
first_late (GPtrArray *rows, guint32 number)
{
  guint low = 0, high = rows->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (((const TwRow *) rows->pdata[middle])->number < number)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

static int
compare_claims (gconstpointer a, gconstpointer b)
{
  const TwSettled *x = &((const TwClaim *) a)->line, *y = &((const TwClaim *) b)->line;
  int order;

  COMPARE (x->kind, y->kind);
  COMPARE (x->occurred_us, y->occurred_us);
  order = tw_chars_compare (x->key, y->key);
  if (order != 0)
    return order;
  COMPARE (x->gross, y->gross);
  COMPARE (x->origin.file, y->origin.file);
  COMPARE (x->origin.line, y->origin.line);
  return 0;
}

static int
compare_readings (gconstpointer a, gconstpointer b)
{
  const TwEnergy *x = &((const TwReading *) a)->energy, *y = &((const TwReading *) b)->energy;
  int order;

  COMPARE (x->kind, y->kind);
  COMPARE (x->begin_us, y->begin_us);
  order = tw_chars_compare (x->digest, y->digest);
  if (order != 0)
    return order;
  COMPARE (x->energy_wh, y->energy_wh);
  COMPARE (x->origin.file, y->origin.file);
  COMPARE (x->origin.line, y->origin.line);
  return 0;
}

static void
collect (TwWorker *worker, const TwHomeSale *sale, GPtrArray *late)
{
  g_array_set_size (worker->claims, 0);
  g_array_set_size (worker->readings, 0);
  for (guint32 at = sale->first_claim; at != TW_HOME_NONE; at = worker->home.lines[at].next_claim)
    {
      TwClaim claim = { .rule = tw_pass_rule (TW_PASS_PAYMENT) };

      tw_shape_read (TW_SHAPE_SETTLED, TW_LINE_BODY (worker->home.lines[at].row), &claim.line);
      g_array_append_val (worker->claims, claim);
    }
  for (guint at = late->len > 0 ? first_late (late, sale->row->number) : 0;
       at < late->len && ((const TwRow *) late->pdata[at])->number == sale->row->number; at++)
    {
      TwClaim claim = { 0 };
      TwReading reading = { 0 };

      if (tw_late_read (late->pdata[at], &claim, &reading) == TW_LATE_READING)
        g_array_append_val (worker->readings, reading);
      else
        g_array_append_val (worker->claims, claim);
    }
  if (worker->claims->len > 1)
    g_array_sort (worker->claims, compare_claims);
  if (worker->readings->len > 1)
    g_array_sort (worker->readings, compare_readings);
}

/* The furthest link that holds for all of the sale's lines. */
static TwLink
furthest (const TwWorker *worker)
{
  TwLink link = TW_LINK_BANKED;

  for (guint i = 0; i < worker->claims->len; i++)
    {
      const TwClaim *claim = &g_array_index (worker->claims, TwClaim, i);
      const TwPaid *paid = claim->candidate || claim->line.kind != TW_SETTLED_SALE
                             ? NULL : tw_payouts_find (&worker->engine->payouts, &claim->line);

      if (paid != NULL)
        link = MIN (link, !paid->is_paid ? TW_LINK_SETTLED : paid->rule == NULL ? TW_LINK_PAID_OUT : TW_LINK_BANKED);
    }
  return link;
}

static gboolean
tell_matched (TwWorker *worker, const TwSale *sale, GError **error)
{
  const TwVerdict *verdict = &worker->verdict;
  TwMatched matched = {
    .session = sale->session, .payment_ref = sale->payment_ref, .psp_ref = sale->psp_ref, .rule = verdict->rule,
    .link = furthest (worker), .captured_minor = verdict->captured_minor, .settled_minor = verdict->settled_minor,
    .fee_minor = verdict->fee_minor, .sale = sale->origin, .line = verdict->line,
  };

  memcpy (matched.currency, sale->currency, sizeof matched.currency);
  return tw_worker_publish_matched (worker, &matched, error);
}

static gboolean
judge_sale (TwWorker *worker, const TwHomeSale *at, GPtrArray *late, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwJudge judge = { &self->terms, self->zone };
  TwDossier dossier;

  tw_shape_read (TW_SHAPE_SALE, TW_ROW_BODY (at->row), &dossier.sale);
  collect (worker, at, late);
  dossier.claims = (const TwClaim *) worker->claims->data;
  dossier.n_claims = worker->claims->len;
  dossier.readings = (const TwReading *) worker->readings->data;
  dossier.n_readings = worker->readings->len;
  for (guint i = 0; i < dossier.n_claims; i++)
    worker->tallies.n_claimed += !dossier.claims[i].candidate;
  tw_verdict_reset (&worker->verdict);
  tw_judge_sale (&judge, &dossier, &worker->verdict);
  if (!tw_tallies_add_sale (&worker->tallies, &dossier.sale, &worker->verdict, error) ||
      !tw_worker_publish (worker, error) ||
      !tw_stations_add (&worker->stations, &dossier.sale, tw_share (self, 16), error))
    return FALSE;
  tw_terminals_count (&self->terminals, &dossier.sale, worker->verdict.captured_minor, worker->terminal_sums);
  for (guint i = 0; i < dossier.n_readings; i++)
    if (!tw_cross_add (worker, &dossier.sale, &dossier.readings[i].energy, error))
      return FALSE;
  return !worker->verdict.matched || self->result->matched == NULL || tell_matched (worker, &dossier.sale, error);
}

static gboolean
judge (TwWorker *worker, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwHome *home = &worker->home;
  g_autoptr (GPtrArray) late = late_rows (&worker->loads[2]);

  tw_home_join (home, &worker->loads[0], &worker->loads[1], &self->dropped_sales, &self->dropped_lines);
  for (gsize i = 0; i < home->n_sales; i++)
    if (!judge_sale (worker, &home->sales[i], late, error))
      return FALSE;
  return TRUE;
}

gboolean
tw_stage_judge (TwWorker *worker, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwSpool *spools[TW_N_LOADS] = { &self->sales->spools[partition], &self->lines->spools[partition],
                                  &self->late->spools[partition] };

  return tw_bucket_run (worker, spools, judge, error);
}
