/* SPDX-License-Identifier: Apache-2.0 */
/* Entries and payouts that a person has brought together, and what their texts say to that. */
#include <string.h>

#include "payment/reconcile/bank-private.h"

/* Currencies never mix: the account's, or that which came before the bank converted it. */
static gboolean
may_be (const TwEntry *entry, const TwPaid *paid)
{
  const char *taken = entry->paid != NULL ? ((TwPaid *) entry->paid->pdata[0])->currency : paid->currency;

  return strcmp (paid->currency, taken) == 0 && (strcmp (paid->currency, entry->credit.currency) == 0 ||
                                                 strcmp (paid->currency, entry->credit.original_currency) == 0);
}

static guint
take_entries (TwBank *self, const TwPayouts *payouts, const TwManuals *manuals)
{
  guint n_taken = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      TwEntry *entry = self->entries->pdata[i];
      const GPtrArray *words = tw_manuals_find (manuals->by_row, entry->credit.account, entry->credit.key);

      for (guint j = 0; words != NULL && j < words->len; j++)
        {
          const TwManual *manual = words->pdata[j];
          TwPaid *paid = manual->kind != TW_MANUAL_ENTRY ? NULL
                         : tw_payouts_named (payouts, manual->payout_account, manual->batch, manual->currency);

          if (paid == NULL || !tw_paid_waits (paid) || !may_be (entry, paid))
            continue;
          tw_entry_take (entry, paid, TW_RULE_MANUAL);
          entry->manual = manual;
          n_taken++;
        }
    }
  return n_taken;
}

/* As tw_bank_match_ids() goes by them. */
static TwEntry *
named (const TwPaid *paid, GHashTable *words, const char **rule)
{
  for (guint pass = 0; pass < 4; pass++)
    {
      TwChars id = pass % 2 == 0 ? paid->bank_trace : paid->batch;
      TwEntry *entry = tw_bank_named_by (paid, id, tw_bank_find_word (words, id), pass > 1);

      *rule = pass % 2 == 0 ? "bank-trace" : "payout-id";
      if (entry != NULL)
        return entry;
    }
  return NULL;
}

static void
contradict (const TwEntry *entry, const TwPaid *paid, const char *rule, TwChars other, TwVerdict *verdict)
{
  TwFinding *finding = tw_manual_contradict (entry->manual, paid->batch, paid->currency, ABS (paid->amount), rule,
                                             other, verdict);

  finding->exception.batch = paid->batch;
  finding->exception.bank_reference = entry->credit.key;
  finding->exception.expected = paid->amount;
  finding->exception.found = entry->credit.amount;
  finding->exception.since_us = paid->paid_us != TW_NOT_STATED ? paid->paid_us : paid->last_us;
  finding->exception.sale = entry->credit.origin;
  finding->exception.other = paid->origin;
}

/* A payout that another entry names, or an entry that names a payout that it was not given to. */
static void
look_for_words (TwBank *self, const TwPayouts *payouts, TwVerdict *verdict)
{
  g_autoptr (GHashTable) words = tw_bank_words (self);

  for (guint i = 0; i < payouts->paid->len; i++)
    {
      const TwPaid *paid = payouts->paid->pdata[i];
      const char *rule = NULL;
      TwEntry *entry = paid->is_paid && paid->amount != 0 ? named (paid, words, &rule) : NULL;

      if (entry != NULL && entry->manual != NULL && paid->rule == NULL)
        contradict (entry, paid, rule, paid->batch, verdict);
      for (guint j = 0; entry != NULL && paid->rule != NULL && j < self->entries->len; j++)
        {
          const TwEntry *taken = self->entries->pdata[j];

          if (taken->manual != NULL && taken != entry && g_ptr_array_find (taken->paid, paid, NULL))
            contradict (taken, paid, rule, tw_credit_reference (entry->credit.key), verdict);
        }
    }
}

void
tw_bank_match_manual (TwBank *self, const TwPayouts *payouts, const TwManuals *manuals, TwVerdict *verdict)
{
  if (manuals->all->len > 0 && take_entries (self, payouts, manuals) > 0)
    look_for_words (self, payouts, verdict);
}
