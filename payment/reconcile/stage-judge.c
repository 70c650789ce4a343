/* SPDX-License-Identifier: Apache-2.0 */
/* The judge's stage: each sale with all that has found its way to it. A sale and a line that are plainly equal are only
 * counted; of the others all rows are read in full.
 */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/cross.h"
#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"

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

static gboolean
collect (TwHand *worker, const TwHomeSale *sale, GPtrArray *late, guint first, GError **error)
{
  g_array_set_size (worker->claims, 0);
  g_array_set_size (worker->readings, 0);
  for (guint32 at = sale->first_claim; at != TW_HOME_NONE; at = worker->home.lines[at].next_claim)
    {
      TwClaim claim = { .rule = tw_pass_rule (TW_PASS_PAYMENT) };
      TwWhole whole;

      if (!tw_whole_line (&worker->wholes, worker->home.lines[at].row, &whole, error))
        return FALSE;
      tw_shape_read (TW_SHAPE_SETTLED, whole.body, &claim.line);
      g_array_append_val (worker->claims, claim);
    }
  for (guint at = first; at < late->len && ((const TwRow *) late->pdata[at])->number == sale->row->number; at++)
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
  return TRUE;
}

static TwLink
link_of (const TwPaid *paid)
{
  return !paid->is_paid ? TW_LINK_SETTLED : paid->rule == NULL ? TW_LINK_PAID_OUT : TW_LINK_BANKED;
}

/* The furthest link that holds for all of the sale's lines. */
static TwLink
furthest (const TwHand *worker)
{
  TwLink link = TW_LINK_BANKED;

  for (guint i = 0; i < worker->claims->len; i++)
    {
      const TwClaim *claim = &g_array_index (worker->claims, TwClaim, i);
      const TwPaid *paid = claim->candidate || claim->line.kind != TW_SETTLED_SALE
                             ? NULL : tw_payouts_find (&worker->engine->payouts, &claim->line);

      if (paid != NULL)
        link = MIN (link, link_of (paid));
    }
  return link;
}

static gboolean
tell_matched (TwHand *worker, const TwSale *sale, GError **error)
{
  const TwVerdict *verdict = &worker->verdict;
  TwMatched matched = {
    .session = sale->session, .payment_ref = sale->payment_ref, .psp_ref = sale->psp_ref, .rule = verdict->rule,
    .link = furthest (worker), .captured_minor = verdict->captured_minor, .settled_minor = verdict->settled_minor,
    .fee_minor = verdict->fee_minor, .sale = sale->origin, .line = verdict->line,
  };

  memcpy (matched.currency, sale->currency, sizeof matched.currency);
  return tw_hand_publish_matched (worker, &matched, error);
}

static gboolean
judge_whole (TwHand *worker, const TwHomeSale *at, GPtrArray *late, guint first, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwJudge judge = { &self->terms, self->zone };
  TwDossier dossier;
  TwWhole whole;

  tw_wholes_forget (&worker->wholes);
  if (!tw_whole_sale (&worker->wholes, at->row, &whole, error) || !collect (worker, at, late, first, error))
    return FALSE;
  tw_shape_read (TW_SHAPE_SALE, whole.body, &dossier.sale);
  dossier.claims = (const TwClaim *) worker->claims->data;
  dossier.n_claims = worker->claims->len;
  dossier.readings = (const TwReading *) worker->readings->data;
  dossier.n_readings = worker->readings->len;
  for (guint i = 0; i < dossier.n_claims; i++)
    worker->tallies.n_claimed += !dossier.claims[i].candidate;
  tw_verdict_reset (&worker->verdict);
  tw_judge_sale (&judge, &dossier, &worker->verdict);
  tw_manuals_judge_sale (&self->manuals, &dossier, &worker->verdict);
  if (!tw_tallies_add_sale (&worker->tallies, &dossier.sale, &worker->verdict, error) ||
      !tw_hand_publish (worker, error) ||
      !tw_stations_add (&worker->stations, &dossier.sale, tw_share (self, 16), error))
    return FALSE;
  tw_terminals_count (&self->terminals, &dossier.sale, worker->verdict.captured_minor, worker->terminal_sums);
  for (guint i = 0; i < dossier.n_readings; i++)
    if (!tw_cross_add (worker, &dossier.sale, &dossier.readings[i].energy, error))
      return FALSE;
  return !worker->verdict.matched || !tw_tells_matched (self) || tell_matched (worker, &dossier.sale, error);
}

/* line NULL: nothing was captured, and nothing is to be told. */
static gboolean
count_plain (TwHand *worker, const TwRow *row, const TwBriefLine *line, GError **error)
{
  TwReconciliation *self = worker->engine;
  const TwBriefSale *sale = TW_BRIEF_SALE (row);
  const char *texts = tw_brief_payment (row).text;
  TwSale counted = { .price_minor = sale->price };
  TwVerdict verdict = { .matched = line != NULL, .captured_minor = line != NULL ? sale->captured : 0 };
  TwMatched matched = { .rule = tw_pass_rule (TW_PASS_PAYMENT), .captured_minor = verdict.captured_minor,
                        .settled_minor = verdict.captured_minor, .sale = { sale->file, sale->line } };

  memcpy (counted.currency, sale->currency, sizeof counted.currency);
  worker->tallies.n_claimed += line != NULL;
  if (!tw_tallies_add_sale (&worker->tallies, &counted, &verdict, error) ||
      !tw_stations_count (&worker->stations, tw_hand_spot (worker, sale->spot),
                          sale->billed ? sale->price : TW_NOT_STATED, sale->receipt, tw_share (self, 16), error))
    return FALSE;
  if (line == NULL || !tw_tells_matched (self))
    return TRUE;
  matched.payment_ref = (TwChars) { texts, sale->n_payment };
  matched.session = (TwChars) { texts + sale->n_payment, sale->n_session };
  matched.psp_ref = (TwChars) { texts + sale->n_payment + sale->n_session, sale->n_psp };
  matched.link = link_of (self->payout_at[line->payout]);
  matched.fee_minor = line->fee != TW_NOT_STATED ? line->fee : 0;
  matched.line = (TwOrigin) { line->file, line->line };
  memcpy (matched.currency, sale->currency, sizeof matched.currency);
  return tw_hand_publish_matched (worker, &matched, error);
}

static gboolean
judge_sale (TwHand *worker, const TwHomeSale *at, GPtrArray *late, GError **error)
{
  TwReconciliation *self = worker->engine;
  const TwBriefSale *sale = TW_BRIEF_SALE (at->row);
  guint first = late->len > 0 ? first_late (late, at->row->number) : 0;
  gboolean has_late = first < late->len && ((const TwRow *) late->pdata[first])->number == at->row->number;
  const TwHomeLine *line = at->first_claim != TW_HOME_NONE ? &worker->home.lines[at->first_claim] : NULL;
  gboolean plain = sale->plain && !has_late && !(sale->has_terminal && self->terminals.rows->len > 0) &&
                   !tw_manuals_said (&self->manuals, at->row->number);

  if (plain && sale->captured <= 0 && line == NULL)
    return count_plain (worker, at->row, NULL, error);
  if (plain && sale->captured > 0 && line != NULL && line->next_claim == TW_HOME_NONE &&
      tw_brief_equal (sale, TW_BRIEF_LINE (line->row), &self->terms))
    return count_plain (worker, at->row, TW_BRIEF_LINE (line->row), error);
  return judge_whole (worker, at, late, first, error);
}

static gboolean
judge (TwHand *worker, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwHome *home = &worker->home;
  g_autoptr (GPtrArray) late = late_rows (&worker->loads[2]);

  if (!tw_home_join (home, &worker->loads[0], &worker->loads[1], &worker->wholes, &self->dropped_sales,
                     &self->dropped_lines, error))
    return FALSE;
  for (gsize i = 0; i < home->n_sales; i++)
    if (!judge_sale (worker, &home->sales[i], late, error))
      return FALSE;
  return TRUE;
}

gboolean
tw_stage_judge (TwHand *worker, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwSpool *spools[TW_N_LOADS] = { &self->brief_sales->spools[partition], &self->brief_lines->spools[partition],
                                  &self->late->spools[partition] };

  return tw_bucket_run (worker, spools, judge, error);
}
