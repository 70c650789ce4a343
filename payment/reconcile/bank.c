/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/bank-private.h"
#include "payment/reconcile/hash.h"

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
  self->moved += (guint64) ABS (own->amount) + (guint64) ABS (own->original) + (guint64) ABS (own->charges);
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

void
tw_bank_match (TwBank *self, const TwJudge *judge, const TwPayouts *payouts, const TwManuals *manuals,
               TwTallies *tallies, TwVerdict *verdict)
{
  g_autoptr (GHashTable) names = NULL;

  prepare (self, tallies);
  tw_bank_match_manual (self, payouts, manuals, verdict);
  tw_bank_match_ids (self, payouts);
  tw_bank_match_amounts (self, judge, payouts, verdict);
  tw_bank_match_sums (self, judge, payouts, verdict);
  names = tw_bank_names (self, payouts);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwEntry *entry = self->entries->pdata[i];

      if (entry->paid != NULL)
        tw_entry_judge (entry, judge, tallies, verdict);
      else if (!entry->ambiguous && tw_bank_seems_ours (self, names, entry))
        tw_entry_judge_stray (entry, verdict);
    }
  for (guint i = 0; i < payouts->paid->len; i++)
    {
      const TwPaid *paid = payouts->paid->pdata[i];

      if (paid->is_paid && paid->rule == NULL)
        tw_paid_judge_waiting (paid, judge, tallies, verdict);
    }
}
