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

/* A part of the identity; "" for sales. */
static TwChars
kind_name (TwSettledKind kind)
{
  switch ((int) kind)
    {
    case TW_SETTLED_REFUND:
      return TW_CHARS ("refund");
    case TW_SETTLED_REFUND_REVERSED:
      return TW_CHARS ("refund reversed");
    case TW_SETTLED_CHARGEBACK:
      return TW_CHARS ("chargeback");
    case TW_SETTLED_CHARGEBACK_REVERSED:
      return TW_CHARS ("chargeback reversed");
    default:
      return (TwChars) { 0 };
    }
}

/* What lines of a kind may come to: beyond it, one that was given to the sale is another's. A refund that the journal
 * knows nothing of may be one of all that was captured. */
static gint64
limit_of (TwSettledKind kind, const TwVerdict *verdict)
{
  if (kind == TW_SETTLED_SALE || kind == TW_SETTLED_CHARGEBACK)
    return verdict->captured_minor;
  return kind == TW_SETTLED_REFUND && verdict->refunded_minor > 0 ? verdict->refunded_minor
         : kind == TW_SETTLED_REFUND ? verdict->captured_minor : 0;
}

/* Of that kind less what was reversed; of reversals what they are more than what there was to reverse. */
static gint64
sum_of (TwSettledKind kind, const TwDossier *dossier)
{
  gboolean refund = kind == TW_SETTLED_REFUND || kind == TW_SETTLED_REFUND_REVERSED;
  gint64 sum = 0;

  for (guint i = 0; i < dossier->n_claims; i++)
    {
      const TwSettled *line = &dossier->claims[i].line;
      gboolean same = kind == TW_SETTLED_SALE ? line->kind == TW_SETTLED_SALE
                      : refund ? line->kind == TW_SETTLED_REFUND || line->kind == TW_SETTLED_REFUND_REVERSED
                               : line->kind == TW_SETTLED_CHARGEBACK || line->kind == TW_SETTLED_CHARGEBACK_REVERSED;

      if (same && !dossier->claims[i].candidate && tw_same_currency (line->currency, dossier->sale.currency))
        sum += tw_stated (line->gross);
    }
  return kind == TW_SETTLED_REFUND || kind == TW_SETTLED_CHARGEBACK ? -sum : sum;
}

/* By hand this line is the sale's; by their own references others of its kind are, and together they are too much.
 * told: a bit for each kind, once for all lines that were given to the sale. */
static void
judge_match (const TwManual *manual, const TwDossier *dossier, TwVerdict *verdict, guint *told)
{
  const TwClaim *given = NULL, *other = NULL;
  TwFinding *finding;
  gint64 sum, limit;

  for (guint i = 0; i < dossier->n_claims && given == NULL; i++)
    if (!dossier->claims[i].candidate && tw_chars_equal (dossier->claims[i].line.account, manual->account) &&
        tw_chars_equal (dossier->claims[i].line.key, manual->key))
      given = &dossier->claims[i];
  for (guint i = 0; i < dossier->n_claims && given != NULL && other == NULL; i++)
    if (!dossier->claims[i].candidate && dossier->claims[i].line.kind == given->line.kind &&
        strcmp (dossier->claims[i].rule, TW_RULE_MANUAL) != 0)
      other = &dossier->claims[i];
  if (other == NULL || (*told & 1u << given->line.kind) != 0)
    return;
  sum = sum_of (given->line.kind, dossier);
  limit = limit_of (given->line.kind, verdict);
  if (sum <= limit)
    return;
  *told |= 1u << given->line.kind;
  finding = tw_manual_contradict (manual, kind_name (given->line.kind), dossier->sale.currency, sum - limit,
                                  other->rule, other->line.psp_ref.n > 0 ? other->line.psp_ref : other->line.key,
                                  verdict);
  tell_sale (&dossier->sale, &finding->exception);
  finding->exception.expected = limit;
  finding->exception.found = sum;
  finding->exception.batch = other->line.batch;
  finding->exception.other = other->line.origin;
}

/* Of the loss at least a part has come after all. */
static void
judge_write_off (const TwManual *manual, const TwDossier *dossier, TwVerdict *verdict)
{
  gint64 came = manual->amount_minor - tw_written_off_left (manual, &dossier->sale, verdict);
  TwFinding *finding;

  if (came <= 0)
    return;
  finding = tw_manual_contradict (manual, (TwChars) { 0 }, manual->currency, came, "written-off-is-lost",
                                  (TwChars) { 0 }, verdict);
  tell_sale (&dossier->sale, &finding->exception);
  finding->exception.expected = 0;
  finding->exception.found = came;
  finding->exception.other = verdict->line;
}

void
tw_manuals_judge_sale (const TwManuals *self, const TwDossier *dossier, TwVerdict *verdict)
{
  const GPtrArray *manuals = tw_manuals_find (self->by_sale, dossier->sale.station, dossier->sale.session);
  guint told = 0;

  for (guint i = 0; manuals != NULL && i < manuals->len; i++)
    {
      const TwManual *manual = manuals->pdata[i];

      if (manual->kind == TW_MANUAL_WRITE_OFF)
        judge_write_off (manual, dossier, verdict);
      else
        judge_match (manual, dossier, verdict, &told);
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
                                      tw_credit_reference (paid->bank_reference), verdict);
      finding->exception.batch = paid->batch;
      finding->exception.bank_reference = paid->bank_reference;
      finding->exception.expected = 0;
      finding->exception.found = manual->amount_minor;
      finding->exception.since_us = paid->paid_us != TW_NOT_STATED ? paid->paid_us : paid->last_us;
      finding->exception.sale = paid->bank;
      finding->exception.other = paid->origin;
    }
}
