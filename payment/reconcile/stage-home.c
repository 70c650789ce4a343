/* SPDX-License-Identifier: Apache-2.0 */
/* The first pass: sales and lines of one payment reference. Only lines that it leaves over are read in full. */
#include <stdlib.h>
#include <string.h>

#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"

typedef struct { TwChars session; gint64 captured; TwSaleRef ref; } Candidate;

static int
by_session (const void *a, const void *b)
{
  return tw_chars_compare (((const Candidate *) a)->session, ((const Candidate *) b)->session);
}

/* Several sales of one reference: all of them are looked at, so that the first ones by name are always the same. */
static gboolean
name_candidates (TwHand *worker, guint32 first, TwLeftLine *line, GError **error)
{
  TwHome *home = &worker->home;
  g_autofree Candidate *all = g_new (Candidate, home->sales[first].n_alike);
  guint n = 0;

  for (guint32 at = first; at != TW_HOME_NONE; at = home->sales[at].next_alike)
    {
      const TwRow *row = home->sales[at].row;
      TwWhole whole;
      TwSale sale;

      if (!tw_whole_sale (&worker->wholes, row, &whole, error))
        return FALSE;
      tw_shape_read (TW_SHAPE_SALE, whole.body, &sale);
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
  return TRUE;
}

/* Each line once, whatever becomes of it. */
static gboolean
count_line (TwHand *worker, const TwBriefLine *brief, GError **error)
{
  TwSettled line = { .origin = { brief->file, brief->line }, .kind = (TwSettledKind) brief->kind,
                     .gross = brief->gross, .fee = brief->fee, .net = brief->net, .available_us = brief->us,
                     .occurred_us = brief->us };
  TwPaid *paid = tw_hand_payout (worker, brief->payout, error);

  if (paid == NULL)
    return FALSE;
  memcpy (line.currency, brief->currency, sizeof line.currency);
  memcpy (line.net_currency, paid->currency, sizeof line.net_currency);
  tw_paid_add (paid, &line);
  return tw_tallies_add_line (&worker->tallies, &line, error);
}

/* Of a payout that has no number. */
static gboolean
count_whole_line (TwHand *worker, const TwRow *row, GError **error)
{
  TwWhole whole;
  TwSettled line;
  TwPaid *paid;

  if (!tw_whole_line (&worker->wholes, row, &whole, error))
    return FALSE;
  tw_shape_read (TW_SHAPE_SETTLED, whole.body, &line);
  paid = tw_payouts_at (&worker->payouts, &line, tw_share (worker->engine, 16), error);
  if (paid == NULL)
    return FALSE;
  tw_paid_add (paid, &line);
  return tw_tallies_add_line (&worker->tallies, &line, error);
}

static gboolean
send_left (TwHand *worker, const TwHomeLine *at, TwPass from, GError **error)
{
  TwLeftLine line = { .n_refs = 0 };
  TwWhole whole;

  if (!tw_whole_line (&worker->wholes, at->row, &whole, error))
    return FALSE;
  tw_shape_read (TW_SHAPE_SETTLED, whole.body, &line.left.line);
  return (at->sale == TW_HOME_NONE || from == TW_N_PASSES || name_candidates (worker, at->sale, &line, error)) &&
         tw_left_send (worker, &line, from, at->row->number, error);
}

static gboolean
first_pass_line (TwHand *worker, const TwHomeLine *at, GError **error)
{
  const TwBriefLine *brief = TW_BRIEF_LINE (at->row);
  const TwHomeSale *sale = at->sale != TW_HOME_NONE ? &worker->home.sales[at->sale] : NULL;

  if (!(brief->payout != TW_NO_NAME ? count_line (worker, brief, error) : count_whole_line (worker, at->row, error)))
    return FALSE;
  if (brief->kind == TW_SETTLED_BULK)
    return send_left (worker, at, TW_N_PASSES, error);
  if (!tw_kind_is_matched ((TwSettledKind) brief->kind))
    {
      worker->tallies.n_plain++;
      return TRUE;
    }
  if (sale == NULL || sale->n_alike != 1)
    return send_left (worker, at, TW_PASS_PAYMENT + 1, error);
  if (brief->kind == TW_SETTLED_SALE)
    tw_bits_set (&worker->engine->claimed_sales, sale->row->number);
  return TRUE;
}

static gboolean
first_pass (TwHand *worker, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwHome *home = &worker->home;

  if (!tw_home_join (home, &worker->loads[0], &worker->loads[1], &worker->wholes, &self->dropped_sales,
                     &self->dropped_lines, error))
    return FALSE;
  for (gsize i = 0; i < home->n_lines; i++)
    {
      tw_wholes_forget (&worker->wholes);
      if (!first_pass_line (worker, &home->lines[i], error))
        return FALSE;
    }
  return TRUE;
}

gboolean
tw_stage_first_pass (TwHand *worker, guint partition, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwSpool *spools[TW_N_LOADS] = { &self->brief_sales->spools[partition], &self->brief_lines->spools[partition], NULL };

  return tw_bucket_run (worker, spools, first_pass, error);
}
