/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/bank-private.h"
#include "payment/reconcile/judge-private.h"

static void
entry_free (gpointer data)
{
  TwEntry *self = data;

  g_clear_pointer (&self->paid, g_ptr_array_unref);
  g_free (self);
}

void
tw_bank_init (TwBank *self)
{
  *self = (TwBank) { .entries = g_ptr_array_new_with_free_func (entry_free), .texts = g_string_chunk_new (4096) };
}

void
tw_bank_clear (TwBank *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

gboolean
tw_bank_add (TwBank *self, const TwCredit *credit, gsize memory_bytes, GError **error)
{
  TwEntry *entry = g_new0 (TwEntry, 1);
  TwCredit *own = &entry->credit;
  TwChars *texts[] = { &own->account, &own->statement, &own->key, &own->end_to_end, &own->bank_trace, &own->remittance,
                       &own->joined, &own->counterparty };

  *own = *credit;
  g_ptr_array_add (self->entries, entry);
  self->n_bytes += sizeof *entry;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      self->n_bytes += 3 * (gsize) texts[i]->n;      /* and its words */
      if (texts[i]->n > 0)
        texts[i]->text = g_string_chunk_insert_len (self->texts, texts[i]->text, texts[i]->n);
    }
  self->moved += (guint64) ABS (own->amount);
  if (self->moved > G_MAXINT64)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the bank's amounts add up to more than can be counted");
      return FALSE;
    }
  if (self->n_bytes <= memory_bytes)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%u entries of bank accounts are more than the memory that was "
               "allowed can hold: allow more, or name fewer statements", self->entries->len);
  return FALSE;
}

#define COMPARE(a, b) \
  do \
    if ((a) != (b)) \
      return (a) < (b) ? -1 : 1; \
  while (0)

/* Of one key those of statements first; a notification's are no money of their own. */
static int
by_key (gconstpointer a, gconstpointer b)
{
  const TwCredit *x = &(*(TwEntry *const *) a)->credit, *y = &(*(TwEntry *const *) b)->credit;
  int order = tw_chars_compare (x->account, y->account);

  if (order == 0)
    order = tw_chars_compare (x->key, y->key);
  if (order != 0)
    return order;
  COMPARE (x->notification, y->notification);
  COMPARE (x->origin.file, y->origin.file);
  COMPARE (x->origin.line, y->origin.line);
  return 0;
}

static gboolean
same_key (const TwEntry *a, const TwEntry *b)
{
  return tw_chars_equal (a->credit.account, b->credit.account) && tw_chars_equal (a->credit.key, b->credit.key);
}

/* As with settlement lines: as many as the file has that has most of them. */
static void
drop_copies (GPtrArray *entries, guint first, guint end)
{
  gboolean notification = ((TwEntry *) entries->pdata[first])->credit.notification;
  guint best = first, best_n = 0;

  for (guint at = first, next; at < end; at = next)
    {
      const TwCredit *credit = &((TwEntry *) entries->pdata[at])->credit;

      for (next = at + 1; next < end; next++)
        if (((TwEntry *) entries->pdata[next])->credit.origin.file != credit->origin.file ||
            ((TwEntry *) entries->pdata[next])->credit.notification != credit->notification)
          break;
      if (credit->notification != notification || next - at <= best_n)
        continue;
      best = at;
      best_n = next - at;
    }
  for (guint at = first; at < end; at++)
    ((TwEntry *) entries->pdata[at])->dropped = at < best || at >= best + best_n;
}

static void
prepare (TwBank *self, TwTallies *tallies)
{
  GPtrArray *entries = self->entries;

  g_ptr_array_sort (entries, by_key);
  for (guint first = 0, next; first < entries->len; first = next)
    {
      for (next = first + 1; next < entries->len && same_key (entries->pdata[first], entries->pdata[next]); next++)
        ;
      drop_copies (entries, first, next);
    }
  for (guint i = entries->len; i-- > 0;)
    if (((TwEntry *) entries->pdata[i])->dropped)
      g_ptr_array_remove_index (entries, i);
    else
      tw_tallies_at (tallies, ((TwEntry *) entries->pdata[i])->credit.currency)->totals.n_credits++;
}

void
tw_entry_take (TwEntry *self, TwPaid *paid, const char *rule)
{
  if (self->paid == NULL)
    self->paid = g_ptr_array_new ();
  self->rule = rule;
  paid->rule = rule;
  paid->bank = self->credit.origin;
  paid->bank_reference = self->credit.key;
  paid->banked = paid->amount;
  g_ptr_array_add (self->paid, paid);
}

/* What the entry lacks is told once, on the last of its payouts. */
static void
judge_entry (const TwEntry *self, const TwJudge *judge, TwTallies *tallies, TwVerdict *verdict)
{
  TwTally *tally = tw_tallies_at (tallies, self->credit.currency);
  TwPaid *last = self->paid->pdata[self->paid->len - 1];
  gint64 sum = 0, difference;
  gboolean within;
  TwFinding *finding;

  for (guint i = 0; i < self->paid->len; i++)
    sum += ((TwPaid *) self->paid->pdata[i])->amount;
  tally->totals.banked_minor += self->credit.amount;
  difference = sum - self->credit.amount;
  if (difference == 0)
    return;
  within = tw_within (judge->terms->bank, self->credit.currency, difference, sum);
  last->banked -= difference;
  last->residual = difference;
  last->residual_name = within ? "rounding" : "unknown";
  tally->totals.residual_minor += difference;
  tally->bank_listed += difference;
  finding = tw_verdict_add (verdict, within ? TW_CLASS_RESIDUAL : TW_CLASS_BANK_AMOUNT_DIFF, self->credit.currency,
                            difference, self->rule);
  finding->exception.expected = sum;
  finding->exception.found = self->credit.amount;
  finding->exception.bank_reference = self->credit.key;
  finding->exception.detail = (TwChars) { last->residual_name, (guint32) strlen (last->residual_name) };
  tw_paid_identify (last, &finding->exception, self->credit.key);
  finding->exception.sale = self->credit.origin;
}

static void
judge_waiting (const TwPaid *self, const TwJudge *judge, TwTallies *tallies, TwVerdict *verdict)
{
  gint64 since = self->paid_us != TW_NOT_STATED ? self->paid_us : self->last_us;
  gint64 due = since == TW_NOT_STATED ? TW_NOT_STATED
               : tw_banking_instant_after (judge->zone, since, judge->terms->payout_days);
  TwFinding *finding;

  tw_tallies_at (tallies, self->currency)->bank_listed += self->amount;
  if (self->amount == 0 || self->ambiguous || judge->terms->without_bank ||
      (due != TW_NOT_STATED && due >= judge->terms->as_of_us))
    return;
  finding = tw_verdict_add (verdict, TW_CLASS_PAYOUT_NOT_IN_BANK, self->currency, self->amount, "payout-due");
  finding->exception.expected = self->amount;
  tw_paid_identify (self, &finding->exception, (TwChars) { 0 });
  finding->exception.due_us = due;
}

static void
judge_stray (const TwEntry *self, TwVerdict *verdict)
{
  const TwCredit *credit = &self->credit;
  TwFinding *finding = tw_verdict_add (verdict, TW_CLASS_BANK_LINE_UNEXPLAINED, credit->currency, ABS (credit->amount),
                                       "every-entry-a-payout");
  gint32 day = credit->booked_day != G_MININT32 ? credit->booked_day : credit->value_day;
  TwChars members[] = { credit->account, credit->key };

  finding->exception.found = credit->amount;
  finding->exception.bank_reference = credit->key;
  finding->exception.detail = credit->remittance;
  finding->exception.since_us = day == G_MININT32 ? TW_NOT_STATED : (gint64) day * 86400 * G_USEC_PER_SEC;
  finding->exception.other = credit->origin;
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
}

void
tw_bank_match (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, TwTallies *tallies, TwVerdict *verdict)
{
  g_autoptr (GHashTable) names = NULL;

  prepare (self, tallies);
  tw_bank_match_ids (self, payouts);
  tw_bank_match_amounts (self, judge, payouts, verdict);
  tw_bank_match_sums (self, judge, payouts, verdict);
  names = tw_bank_names (self, payouts);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwEntry *entry = self->entries->pdata[i];

      if (entry->paid != NULL)
        judge_entry (entry, judge, tallies, verdict);
      else if (!entry->ambiguous && tw_bank_seems_ours (self, names, entry))
        judge_stray (entry, verdict);
    }
  for (guint i = 0; i < payouts->paid->len; i++)
    {
      const TwPaid *paid = payouts->paid->pdata[i];

      if (paid->is_paid && paid->rule == NULL)
        judge_waiting (paid, judge, tallies, verdict);
    }
}
