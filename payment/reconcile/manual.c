/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/manual.h"

#include <string.h>

#include "payment/reconcile/judge-private.h"

typedef struct { TwChars first, second; GPtrArray *manuals; } Entry;

static guint
hash_entry (gconstpointer data)
{
  const Entry *self = data;

  return (guint) tw_hash_more (tw_hash_text (TW_ROOM_NATURAL, self->first), self->second);
}

static gboolean
same_entry (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  return tw_chars_equal (x->first, y->first) && tw_chars_equal (x->second, y->second);
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_ptr_array_unref (self->manuals);
  g_free (self);
}

void
tw_manuals_init (TwManuals *self)
{
  *self = (TwManuals) {
    .all = g_ptr_array_new_with_free_func (g_free),
    .texts = g_string_chunk_new (1024),
    .by_row = g_hash_table_new_full (hash_entry, same_entry, entry_free, NULL),
    .by_sale = g_hash_table_new_full (hash_entry, same_entry, entry_free, NULL),
  };
}

void
tw_manuals_clear (TwManuals *self)
{
  tw_bits_clear (&self->said);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_clear_pointer (&self->by_row, g_hash_table_unref);
  g_clear_pointer (&self->by_sale, g_hash_table_unref);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

static void
note (GHashTable *table, TwChars first, TwChars second, TwManual *manual)
{
  Entry wanted = { first, second, NULL }, *entry = g_hash_table_lookup (table, &wanted);

  if (entry == NULL)
    {
      entry = g_new (Entry, 1);
      *entry = (Entry) { first, second, g_ptr_array_new () };
      g_hash_table_add (table, entry);
    }
  g_ptr_array_add (entry->manuals, manual);
}

void
tw_manuals_add (TwManuals *self, const TwManual *manual)
{
  TwManual *own = g_memdup2 (manual, sizeof *manual);
  TwChars *texts[] = { &own->case_id, &own->station, &own->session, &own->account, &own->key, &own->payout_account,
                       &own->batch };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i]->n > 0)
      texts[i]->text = g_string_chunk_insert_len (self->texts, texts[i]->text, texts[i]->n);
  g_ptr_array_add (self->all, own);
  if (own->kind != TW_MANUAL_WRITE_OFF)
    note (self->by_row, own->account, own->key, own);
  if (own->kind != TW_MANUAL_ENTRY && own->session.n > 0)
    note (self->by_sale, own->station, own->session, own);
}

const GPtrArray *
tw_manuals_find (GHashTable *table, TwChars first, TwChars second)
{
  const Entry wanted = { first, second, NULL };
  const Entry *entry = g_hash_table_size (table) == 0 ? NULL : g_hash_table_lookup (table, &wanted);

  return entry == NULL ? NULL : entry->manuals;
}

TwFinding *
tw_manual_contradict (const TwManual *manual, TwChars row, const char *currency, gint64 stake_minor, const char *rule,
                      TwChars other, TwVerdict *verdict)
{
  g_autofree char *detail = g_strdup_printf ("%.*s%s%.*s", (int) manual->case_id.n, manual->case_id.text,
                                             other.n > 0 ? " " : "", (int) other.n, other.n > 0 ? other.text : "");
  TwFinding *finding = tw_verdict_add (verdict, TW_CLASS_MANUAL_CONTRADICTED, currency, stake_minor, rule);
  TwChars members[] = { manual->case_id, other, row };

  finding->exception.detail = (TwChars) { g_string_chunk_insert (verdict->texts, detail), (guint32) strlen (detail) };
  finding->exception.station = manual->station;
  finding->exception.session = manual->session;
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
  return finding;
}

static void
tell_sale (const TwSale *sale, TwException *exception)
{
  exception->evse = sale->evse;
  exception->payment_ref = sale->payment_ref;
  exception->psp_ref = sale->psp_ref;
  exception->since_us = tw_sale_instant (sale);
  exception->sale = sale->origin;
}

/* The finding is there still, or it has only become another that says as much: it waits, within a tolerance, for a
 * choice. What is none of these has been explained after all. */
static gboolean
still_lost (const TwManual *manual, const TwVerdict *verdict)
{
  for (guint i = 0; i < verdict->findings->len; i++)
    {
      const TwException *exception = &g_array_index (verdict->findings, TwFinding, i).exception;

      if (exception->class_ == TW_CLASS_EXPECTED || exception->class_ == TW_CLASS_AMBIGUOUS ||
          exception->class_ == TW_CLASS_MATCHED_WITHIN_TOLERANCE ||
          tw_chars_are (manual->case_id, exception->id))
        return TRUE;
    }
  return FALSE;
}

/* By hand this line is the sale's; by their own references others are, and together they are too much. TRUE: told, once
 * for all lines that were given to the sale. */
static gboolean
judge_match (const TwManual *manual, const TwDossier *dossier, TwVerdict *verdict)
{
  const TwClaim *other = NULL;
  gboolean by_hand = FALSE;
  TwFinding *finding;

  for (guint i = 0; i < dossier->n_claims; i++)
    {
      const TwClaim *claim = &dossier->claims[i];

      if (claim->candidate || claim->line.kind != TW_SETTLED_SALE)
        continue;
      by_hand |= tw_chars_equal (claim->line.account, manual->account) && tw_chars_equal (claim->line.key, manual->key);
      if (other == NULL && strcmp (claim->rule, TW_RULE_MANUAL) != 0)
        other = claim;
    }
  if (!by_hand || other == NULL || verdict->settled_minor <= verdict->captured_minor)
    return FALSE;
  finding = tw_manual_contradict (manual, (TwChars) { 0 }, dossier->sale.currency,
                                  verdict->settled_minor - verdict->captured_minor, other->rule,
                                  other->line.psp_ref.n > 0 ? other->line.psp_ref : other->line.key, verdict);
  tell_sale (&dossier->sale, &finding->exception);
  finding->exception.expected = verdict->captured_minor;
  finding->exception.found = verdict->settled_minor;
  finding->exception.batch = other->line.batch;
  finding->exception.other = other->line.origin;
  return TRUE;
}

static void
judge_write_off (const TwManual *manual, const TwDossier *dossier, TwVerdict *verdict)
{
  TwFinding *finding;

  if (still_lost (manual, verdict))
    return;
  finding = tw_manual_contradict (manual, (TwChars) { 0 }, manual->currency, manual->amount_minor,
                                  "written-off-is-lost", (TwChars) { 0 }, verdict);
  tell_sale (&dossier->sale, &finding->exception);
  finding->exception.expected = 0;
  finding->exception.found = manual->amount_minor;
  finding->exception.other = verdict->line;
}

void
tw_manuals_judge_sale (const TwManuals *self, const TwDossier *dossier, TwVerdict *verdict)
{
  const GPtrArray *manuals = tw_manuals_find (self->by_sale, dossier->sale.station, dossier->sale.session);
  gboolean matched = FALSE;

  for (guint i = 0; manuals != NULL && i < manuals->len; i++)
    {
      const TwManual *manual = manuals->pdata[i];

      if (manual->kind == TW_MANUAL_WRITE_OFF)
        judge_write_off (manual, dossier, verdict);
      else if (!matched)
        matched = judge_match (manual, dossier, verdict);
    }
}

void
tw_manuals_judge_payouts (const TwManuals *self, const TwPayouts *payouts, TwVerdict *verdict)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      const TwManual *manual = self->all->pdata[i];
      const TwPaid *paid;
      TwFinding *finding;

      if (manual->kind != TW_MANUAL_WRITE_OFF || manual->session.n > 0)
        continue;
      paid = tw_payouts_named (payouts, manual->payout_account, manual->batch, manual->currency);
      if (paid == NULL || paid->rule == NULL)
        continue;
      finding = tw_manual_contradict (manual, (TwChars) { 0 }, manual->currency, manual->amount_minor, paid->rule,
                                      paid->bank_reference, verdict);
      finding->exception.batch = paid->batch;
      finding->exception.bank_reference = paid->bank_reference;
      finding->exception.expected = 0;
      finding->exception.found = manual->amount_minor;
      finding->exception.since_us = paid->paid_us != TW_NOT_STATED ? paid->paid_us : paid->last_us;
      finding->exception.sale = paid->bank;
      finding->exception.other = paid->origin;
    }
}
