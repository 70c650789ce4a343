/* SPDX-License-Identifier: Apache-2.0 */
/* Lines on their way through the passes, and rows that find their way to a sale's home. */
#include <string.h>

#include "payment/reconcile/left.h"
#include "payment/reconcile/shape.h"

static guint8 *
put (guint8 *to, gconstpointer value, gsize n)
{
  memcpy (to, value, n);
  return to + n;
}

static const guint8 *
take (const guint8 *from, gpointer value, gsize n)
{
  memcpy (value, from, n);
  return from + n;
}

static gboolean
write_left (TwSpoolWriter *writer, const TwLeftLine *line, guint64 hash, guint32 number, GError **error)
{
  const TwLeft *left = &line->left;
  gsize bound = sizeof (TwRow) + 64 + sizeof line->refs + left->candidates.n +
                tw_shape_bound (TW_SHAPE_SETTLED, &left->line);
  TwRow *row = tw_spool_writer_reserve (writer, bound, error);
  guint8 *at = (guint8 *) (row + 1);

  if (row == NULL)
    return FALSE;
  *at++ = (guint8) line->n_refs;
  if (line->n_refs > 0)
    {
      at = put (at, line->refs, line->n_refs * sizeof *line->refs);
      at = put (at, &left->largest_minor, sizeof left->largest_minor);
      at = put (at, &left->rule, sizeof left->rule);
      at = put (tw_number_write (left->candidates.n, at), left->candidates.text, left->candidates.n);
    }
  at = tw_shape_write (TW_SHAPE_SETTLED, &left->line, at);
  row->size = (guint32) (at - (guint8 *) row);
  row->hash = hash;
  row->number = number;
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

void
tw_left_read (const TwRow *row, TwLeftLine *line)
{
  const guint8 *at = TW_ROW_BODY (row);
  guint64 n;

  *line = (TwLeftLine) { .n_refs = *at++ };
  if (line->n_refs > 0)
    {
      at = take (at, line->refs, line->n_refs * sizeof *line->refs);
      at = take (at, &line->left.largest_minor, sizeof line->left.largest_minor);
      at = take (at, &line->left.rule, sizeof line->left.rule);
      at = tw_number_read (at, &n);
      line->left.candidates = (TwChars) { (const char *) at, (guint32) n };
      at += n;
    }
  tw_shape_read (TW_SHAPE_SETTLED, at, &line->left.line);
}

/* No pass knows whose it is. */
static gboolean
give_up (TwHand *worker, const TwLeftLine *line, GError **error)
{
  TwReconciliation *self = worker->engine;
  TwLeft left = line->left;
  TwJudge judge = { &self->terms, self->zone };

  if (left.rule == NULL)
    left.rule = "no-pass";
  for (guint i = 0; i < line->n_refs; i++)
    if (!tw_late_send (worker, TW_LATE_CANDIDATE, line->refs[i], left.rule, &left.line, error))
      return FALSE;
  tw_verdict_reset (&worker->verdict);
  tw_judge_left (&judge, &left, &worker->verdict);
  worker->tallies.n_left++;
  return tw_hand_publish (worker, error);
}

gboolean
tw_left_send (TwHand *worker, const TwLeftLine *line, TwPass from, guint32 number, GError **error)
{
  TwReconciliation *self = worker->engine;
  guint64 hash;
  TwPass pass = tw_pass_next (from, &line->left.line, self->terms.suggest_by_amount, &hash);
  TwFanWriter *writer;

  if (pass == TW_N_PASSES)
    return give_up (worker, line, error);
  /* Whichever later pass it may come to: its sales must be there. The sales are looked through only once. */
  for (TwPass at = pass; at < TW_N_PASSES && from == TW_PASS_PAYMENT + 1; at++)
    {
      guint64 later;

      at = tw_pass_next (at, &line->left.line, self->terms.suggest_by_amount, &later);
      if (at < TW_N_PASSES)
        tw_filter_add (&self->filter, tw_pass_room (at), later);
    }
  writer = tw_hand_writer (&worker->left[pass], self->left[pass]);
  return write_left (tw_fan_writer_at (writer, hash), line, hash, number, error);
}

gboolean
tw_late_send (TwHand *worker, TwLateKind kind, TwSaleRef sale, const char *rule, gconstpointer value, GError **error)
{
  TwShape shape = kind == TW_LATE_READING ? TW_SHAPE_ENERGY : TW_SHAPE_SETTLED;
  TwFanWriter *fan = tw_hand_writer (&worker->late, worker->engine->late);
  TwSpoolWriter *writer = tw_fan_writer_at (fan, sale.home);
  TwRow *row = tw_spool_writer_reserve (writer, sizeof (TwRow) + 16 + tw_shape_bound (shape, value), error);
  guint8 *at = (guint8 *) (row + 1);

  if (row == NULL)
    return FALSE;
  *at++ = (guint8) kind;
  at = put (at, &rule, sizeof rule);
  at = tw_shape_write (shape, value, at);
  row->size = (guint32) (at - (guint8 *) row);
  row->hash = sale.home;
  row->number = sale.number;
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

TwLateKind
tw_late_read (const TwRow *row, TwClaim *claim, TwReading *reading)
{
  const guint8 *at = TW_ROW_BODY (row);
  TwLateKind kind = (TwLateKind) *at++;
  const char *rule;

  at = take (at, &rule, sizeof rule);
  if (kind == TW_LATE_READING)
    {
      reading->rule = rule;
      tw_shape_read (TW_SHAPE_ENERGY, at, &reading->energy);
      return kind;
    }
  claim->rule = rule;
  claim->candidate = kind == TW_LATE_CANDIDATE;
  tw_shape_read (TW_SHAPE_SETTLED, at, &claim->line);
  return kind;
}
