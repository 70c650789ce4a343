/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/payouts.h"

static guint
hash_paid (gconstpointer data)
{
  const TwPaid *self = data;
  guint64 hash = tw_hash_more (tw_hash_text (TW_ROOM_PAYOUT, self->account), self->batch);

  return (guint) tw_hash_more (hash, (TwChars) { self->currency, 3 });
}

static gboolean
same_paid (gconstpointer a, gconstpointer b)
{
  const TwPaid *x = a, *y = b;

  return tw_chars_equal (x->batch, y->batch) && tw_chars_equal (x->account, y->account) &&
         memcmp (x->currency, y->currency, 4) == 0;
}

void
tw_payouts_init (TwPayouts *self)
{
  *self = (TwPayouts) {
    .table = g_hash_table_new (hash_paid, same_paid),
    .texts = g_string_chunk_new (4096),
    .paid = g_ptr_array_new_with_free_func (g_free),
  };
}

void
tw_payouts_clear (TwPayouts *self)
{
  g_clear_pointer (&self->table, g_hash_table_unref);
  g_clear_pointer (&self->paid, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

static TwChars
keep (TwPayouts *self, TwChars text)
{
  self->n_bytes += text.n;
  return (TwChars) { text.n > 0 ? g_string_chunk_insert_len (self->texts, text.text, text.n) : NULL, text.n };
}

/* A payout that is no part of a batch is one of its own. */
static TwChars
batch_of (const TwSettled *line)
{
  if (line->batch.n > 0 || line->kind != TW_SETTLED_PAYOUT)
    return line->batch;
  return line->psp_ref.n > 0 ? line->psp_ref : line->bank_trace;
}

static TwPaid
key_of (const TwSettled *line)
{
  TwPaid key = { .account = line->account, .batch = batch_of (line) };

  memcpy (key.currency, line->net_currency, sizeof key.currency);
  return key;
}

static TwPaid *
get (TwPayouts *self, const TwPaid *key, gsize memory_bytes, GError **error)
{
  TwPaid *paid = self->last;

  if (paid != NULL && same_paid (paid, key))
    return paid;
  paid = g_hash_table_lookup (self->table, key);
  if (paid == NULL)
    {
      self->n_bytes += sizeof *paid + 64;
      if (self->n_bytes > memory_bytes)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%u batches of settlement lines are more than the memory "
                       "that was allowed can hold: allow more", self->paid->len);
          return NULL;
        }
      paid = g_new0 (TwPaid, 1);
      paid->account = keep (self, key->account);
      paid->batch = keep (self, key->batch);
      memcpy (paid->currency, key->currency, sizeof paid->currency);
      paid->paid_us = paid->last_us = paid->banked = TW_NOT_STATED;
      g_ptr_array_add (self->paid, paid);
      g_hash_table_add (self->table, paid);
    }
  self->last = paid;
  return paid;
}

static gboolean
is_before (TwOrigin a, TwOrigin b)
{
  return b.line == 0 || (a.line != 0 && (a.file != b.file ? a.file < b.file : a.line < b.line));
}

static gint64
later (gint64 a, gint64 b)
{
  return MAX (a, b);     /* TW_NOT_STATED is the least */
}

static void
add_row (TwPaid *paid, const TwSettled *line)
{
  gint64 us = line->available_us != TW_NOT_STATED ? line->available_us : line->occurred_us;

  if (!paid->has_row || is_before (line->origin, paid->origin))
    paid->origin = line->origin;
  paid->has_row = TRUE;
  paid->amount -= tw_stated (line->net != TW_NOT_STATED ? line->net : line->gross);
  paid->paid_us = later (paid->paid_us, us);
}

static void
add_line (TwPaid *paid, const TwSettled *line)
{
  gint64 net = tw_stated (line->net);

  paid->n_lines++;
  paid->n_unknown += line->net == TW_NOT_STATED;
  paid->gross += memcmp (line->currency, line->net_currency, 4) == 0 ? tw_stated (line->gross) : 0;
  paid->fee += tw_stated (line->fee);
  paid->net += net;
  paid->net_of[line->kind] += net;
  paid->last_us = later (paid->last_us, line->available_us != TW_NOT_STATED ? line->available_us : line->occurred_us);
  if (!paid->has_row && is_before (line->origin, paid->origin))
    paid->origin = line->origin;
}

static void
note_texts (TwPayouts *self, TwPaid *paid, TwChars source, TwChars bank_trace)
{
  if (source.n > 0 && (paid->source.n == 0 || tw_chars_compare (source, paid->source) < 0))
    paid->source = keep (self, source);
  if (bank_trace.n > 0 && (paid->bank_trace.n == 0 || tw_chars_compare (bank_trace, paid->bank_trace) < 0))
    paid->bank_trace = keep (self, bank_trace);
}

TwPaid *
tw_payouts_at (TwPayouts *self, const TwSettled *line, gsize memory_bytes, GError **error)
{
  TwPaid key = key_of (line);
  TwPaid *paid = get (self, &key, memory_bytes, error);

  if (paid == NULL)
    return NULL;
  note_texts (self, paid, line->source, line->bank_trace);
  paid->submission |= line->submission_batch;
  return paid;
}

void
tw_paid_add (TwPaid *self, const TwSettled *line)
{
  if (line->kind == TW_SETTLED_PAYOUT)
    add_row (self, line);
  else
    add_line (self, line);
}

void
tw_payout_name (const TwSettled *line, TwChars texts[TW_PAYOUT_TEXTS])
{
  texts[0] = line->account;
  texts[1] = batch_of (line);
  texts[2] = (TwChars) { line->net_currency, 3 };
  texts[3] = line->source;
  texts[4] = line->bank_trace;
  texts[5] = line->submission_batch ? TW_CHARS ("submission") : (TwChars) { 0 };
}

void
tw_payout_line (const TwChars texts[TW_PAYOUT_TEXTS], TwSettled *line)
{
  *line = (TwSettled) { .account = texts[0], .batch = texts[1], .source = texts[3], .bank_trace = texts[4],
                        .submission_batch = texts[5].n > 0 };
  memcpy (line->net_currency, texts[2].text, 3);
}

gboolean
tw_payouts_merge (TwPayouts *self, const TwPayouts *other, gsize memory_bytes, GError **error)
{
  for (guint i = 0; i < other->paid->len; i++)
    {
      const TwPaid *from = other->paid->pdata[i];
      TwPaid *to = get (self, from, memory_bytes, error);

      if (to == NULL)
        return FALSE;
      note_texts (self, to, from->source, from->bank_trace);
      if (from->has_row != to->has_row ? from->has_row : is_before (from->origin, to->origin))
        to->origin = from->origin;
      to->n_lines += from->n_lines;
      to->n_unknown += from->n_unknown;
      to->gross += from->gross;
      to->fee += from->fee;
      to->net += from->net;
      for (guint kind = 0; kind < TW_N_SETTLED_KINDS; kind++)
        to->net_of[kind] += from->net_of[kind];
      to->has_row |= from->has_row;
      to->submission |= from->submission;
      to->amount += from->amount;
      to->paid_us = later (to->paid_us, from->paid_us);
      to->last_us = later (to->last_us, from->last_us);
    }
  return TRUE;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  const TwPaid *x = *(const TwPaid *const *) a, *y = *(const TwPaid *const *) b;
  int order = tw_chars_compare (x->account, y->account);

  if (order == 0)
    order = tw_chars_compare (x->batch, y->batch);
  return order != 0 ? order : memcmp (x->currency, y->currency, 4);
}

/* Where an account's files have rows for payouts, a batch without one is still open. Where they have none, a batch is a
 * payout; but Adyen always writes one, and what was only sent is not paid at all. */
void
tw_payouts_close (TwPayouts *self)
{
  GPtrArray *paid = self->paid;

  g_ptr_array_sort (paid, by_name);
  for (guint first = 0, next; first < paid->len; first = next)
    {
      const TwPaid *account = paid->pdata[first];
      gboolean has_rows = FALSE;

      for (next = first; next < paid->len && tw_chars_equal (((TwPaid *) paid->pdata[next])->account, account->account);
           next++)
        has_rows |= ((TwPaid *) paid->pdata[next])->has_row;
      for (guint i = first; i < next; i++)
        {
          TwPaid *at = paid->pdata[i];

          at->is_paid = at->has_row || (!has_rows && !at->submission && at->batch.n > 0 && at->n_unknown == 0 &&
                                        !tw_chars_are (at->source, "adyen"));
          if (!at->has_row)
            at->amount = at->is_paid ? at->net : 0;
        }
    }
}

TwPaid *
tw_payouts_find (const TwPayouts *self, const TwSettled *line)
{
  TwPaid key = key_of (line);

  return g_hash_table_lookup (self->table, &key);
}

TwPaid *
tw_payouts_named (const TwPayouts *self, TwChars account, TwChars batch, const char *currency)
{
  TwPaid key = { .account = account, .batch = batch };

  memcpy (key.currency, currency, sizeof key.currency);
  return g_hash_table_lookup (self->table, &key);
}

void
tw_paid_identify (const TwPaid *self, TwException *exception, TwChars more)
{
  TwChars members[] = { self->account, self->batch, { self->currency, 3 }, more };

  exception->batch = self->batch;
  exception->since_us = self->paid_us != TW_NOT_STATED ? self->paid_us : self->last_us;
  exception->other = self->origin;
  tw_exception_identify (exception, members, G_N_ELEMENTS (members));
}

/* Lines that are no sale's, by the name of what is left of the payout for them (section 4.4). */
static const struct { TwSettledKind kind; guint severity; TwChars name; } residuals[] = {
  { TW_SETTLED_FEE, 1, { "psp_fee_unallocated", 19 } }, { TW_SETTLED_RESERVE, 1, { "reserve", 7 } },
  { TW_SETTLED_ADVANCE, 1, { "advance", 7 } }, { TW_SETTLED_CARRY_OVER, 1, { "carry_over", 10 } },
  { TW_SETTLED_FX, 1, { "fx", 2 } }, { TW_SETTLED_ADJUSTMENT, 1, { "adjustment", 10 } },
  { TW_SETTLED_OTHER, 3, { "unknown", 7 } },
};

static void
add_residual (const TwPaid *self, gint64 net, TwChars name, guint severity, TwVerdict *verdict)
{
  TwFinding *finding;

  if (net == 0)
    return;
  finding = tw_verdict_add (verdict, TW_CLASS_RESIDUAL, self->currency, -net, "batch-remainder");
  finding->exception.severity = severity;
  finding->exception.detail = name;
  tw_paid_identify (self, &finding->exception, name);
}

static void
judge_paid (const TwPaid *self, TwTallies *tallies, TwVerdict *verdict)
{
  TwCurrencyTotals *totals = &tw_tallies_at (tallies, self->currency)->totals;

  gboolean has_lines = self->has_row && self->n_lines > 0 && self->n_unknown == 0;

  if (self->is_paid)
    {
      totals->n_payouts++;
      totals->paid_out_minor += self->amount;
      *(has_lines ? &totals->flow.payout_apart : &totals->flow.payout_unknown) += self->net - self->amount;
    }
  else if (self->submission)
    totals->flow.only_sent += self->net;
  else
    totals->with_service_minor += self->net;
  if (has_lines && self->net != self->amount)
    {
      TwFinding *finding = tw_verdict_add (verdict, TW_CLASS_BATCH_SUM_MISMATCH, self->currency,
                                           self->net - self->amount, "batch-sum");

      finding->exception.expected = self->net;
      finding->exception.found = self->amount;
      tw_paid_identify (self, &finding->exception, (TwChars) { 0 });
    }
  for (guint i = 0; i < G_N_ELEMENTS (residuals); i++)
    add_residual (self, self->net_of[residuals[i].kind], residuals[i].name, residuals[i].severity, verdict);
}

void
tw_payouts_judge (const TwPayouts *self, TwTallies *tallies, TwVerdict *verdict)
{
  for (guint i = 0; i < self->paid->len; i++)
    judge_paid (self->paid->pdata[i], tallies, verdict);
}
