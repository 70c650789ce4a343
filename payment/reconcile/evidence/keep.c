/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows are the session's. A row is kept if it names the session or one of the references that the session's sale
 * has, or if the books have paired it with the session; the bank's entries are those of its payouts. */
#include "payment/reconcile/evidence/keep.h"

#include "payment/reconcile/report/outlet.h"

#include <string.h>

guint
tw_evidence_chars_hash (gconstpointer key)
{
  const TwChars *chars = key;
  guint hash = 5381;

  for (guint32 i = 0; i < chars->n; i++)
    hash = hash * 33 + (guchar) chars->text[i];

  return hash;
}

gboolean
tw_evidence_chars_equal (gconstpointer a,
                         gconstpointer b)
{
  const TwChars *one = a, *other = b;

  return one->n == other->n && (one->n == 0 || memcmp (one->text, other->text, one->n) == 0);
}

gboolean
tw_evidence_same (TwChars one,
                  TwChars other)
{
  return one.n > 0 && tw_evidence_chars_equal (&one, &other);
}

/* Makes the text ours. */
static void
own (TwEvidence *self,
     TwChars    *chars)
{
  if (chars->n > 0)
    chars->text = g_string_chunk_insert_len (self->texts, chars->text, chars->n);
}

/* The first of equal ones stays, because a set may refer to it. */
static void
name (TwEvidence *self,
      TwChars     reference)
{
  if (reference.n > 0 && !g_hash_table_contains (self->references, &reference))
    g_hash_table_add (self->references, g_memdup2 (&reference, sizeof reference));
}

static gboolean
named (const TwEvidence *self,
       TwChars           reference)
{
  return reference.n > 0 && g_hash_table_contains (self->references, &reference);
}

/* By the books, which have claimed each row once. */
static gboolean
is_paired (const TwEvidence *self,
           TwOrigin          origin)
{
  for (guint i = 0; i < self->matched->len; i++)
    {
      TwOrigin line = g_array_index (self->matched, TwMatched, i).line;

      if (line.line == origin.line && line.file == origin.file)
        return TRUE;
    }
  for (guint i = 0; i < self->exceptions->len; i++)
    {
      TwOrigin other = g_array_index (self->exceptions, TwException, i).other;

      if (other.line == origin.line && other.file == origin.file)
        return TRUE;
    }

  return FALSE;
}

/* FALSE: there is no room. */
static gboolean
keep (TwEvidence    *self,
      GArray        *list,
      gconstpointer  row)
{
  if (list->len >= TW_EVIDENCE_MOST)
    self->n_more++;
  else
    g_array_append_vals (list, row, 1);

  return list->len < TW_EVIDENCE_MOST;
}

static gboolean
on_sale (gpointer       intake,
         const TwSale  *given,
         GError       **error)
{
  TwEvidence *self = intake;
  TwChars session = { self->session, (guint32) strlen (self->session) };
  TwSale sale = *given;
  TwChars *texts[] = {
    &sale.session, &sale.station, &sale.evse, &sale.terminal, &sale.payment_ref, &sale.psp_ref, &sale.capture_ref,
    &sale.settlement_ref, &sale.refund_ref, &sale.trace, &sale.slip, &sale.approval, &sale.tail, &sale.brand,
    &sale.tariff_shown, &sale.tariff_priced, &sale.unknown_operation,
  };
  const TwChars *references[] = {
    &sale.session, &sale.payment_ref, &sale.psp_ref, &sale.capture_ref, &sale.settlement_ref, &sale.refund_ref,
  };

  if (!tw_evidence_same (session, given->session))
    return TRUE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    own (self, texts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    name (self, *references[i]);
  keep (self, self->sales, &sale);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

static gboolean
on_line (gpointer          intake,
         const TwSettled  *given,
         GError          **error)
{
  TwEvidence *self = intake;
  TwSettled line = *given;
  TwChars *texts[] = {
    &line.source, &line.account, &line.key, &line.payment_ref, &line.psp_ref, &line.change_ref, &line.related_ref,
    &line.settlement_ref, &line.terminal, &line.trace, &line.slip, &line.approval, &line.tail, &line.method,
    &line.raw_kind, &line.batch, &line.bank_trace,
  };

  if (!named (self, line.payment_ref) && !named (self, line.psp_ref) && !named (self, line.change_ref)
      && !named (self, line.related_ref) && !named (self, line.settlement_ref)
      && !is_paired (self, line.origin))
    return TRUE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    own (self, texts[i]);
  keep (self, self->lines, &line);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

const TwPayout *
tw_evidence_payout_of (const TwEvidence *self,
                       const TwSettled  *line)
{
  for (guint i = 0; i < self->payouts->len; i++)
    {
      const TwPayout *payout = &g_array_index (self->payouts, TwPayout, i);

      if (tw_evidence_same (payout->batch, line->batch) && tw_evidence_chars_equal (&payout->account, &line->account))
        return payout;
    }

  return NULL;
}

/* What the books found for a payout that one of our lines is in. */
static gboolean
is_of_payout (const TwEvidence *self,
              TwOrigin          origin)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const TwPayout *payout = tw_evidence_payout_of (self, &g_array_index (self->lines, TwSettled, i));

      if (payout != NULL && payout->bank.line != 0 && payout->bank.line == origin.line
          && payout->bank.file == origin.file)
        return TRUE;
    }

  return FALSE;
}

static gboolean
on_credit (gpointer         intake,
           const TwCredit  *given,
           GError         **error)
{
  TwEvidence *self = intake;
  TwCredit credit = *given;
  TwChars *texts[] = {
    &credit.account, &credit.statement, &credit.key, &credit.end_to_end, &credit.bank_trace, &credit.remittance,
    &credit.joined, &credit.counterparty,
  };

  if (!is_of_payout (self, credit.origin) && !is_paired (self, credit.origin))
    return TRUE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    own (self, texts[i]);
  keep (self, self->credits, &credit);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

/* A meter that knows no sessions: at the same EVSE, begun while the session was. */
static gboolean
is_of_its_time (const TwEvidence *self,
                const TwEnergy   *energy)
{
  for (guint i = 0; i < self->sales->len; i++)
    {
      const TwSale *sale = &g_array_index (self->sales, TwSale, i);

      if (energy->session.n == 0 && tw_evidence_same (energy->evse, sale->evse) && energy->begin_us != TW_NOT_STATED
          && sale->started_us != TW_NOT_STATED && sale->ended_us != TW_NOT_STATED
          && energy->begin_us >= sale->started_us - G_TIME_SPAN_MINUTE && energy->begin_us <= sale->ended_us)
        return TRUE;
    }

  return FALSE;
}

static gboolean
on_energy (gpointer         intake,
           const TwEnergy  *given,
           GError         **error)
{
  TwEvidence *self = intake;
  TwEnergy energy = *given;
  TwChars *texts[] = {
    &energy.session, &energy.evse, &energy.meter, &energy.verdict, &energy.findings, &energy.digest,
  };

  if (!named (self, energy.session) && !is_of_its_time (self, &energy) && !is_paired (self, energy.origin))
    return TRUE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    own (self, texts[i]);
  if (keep (self, self->energies, &energy) && energy.kind == TW_METER_SIGNED)
    g_array_append_val (self->signed_at, energy.origin);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

static gboolean
on_total (gpointer        intake,
          const TwTotal  *total,
          GError        **error)
{
  return TRUE;   /* of a day, and of nobody's session */
}

static const TwIntakeClass INTAKE = { on_sale, on_line, on_credit, on_energy, on_total, NULL };

TwIntake
tw_evidence_intake (TwEvidence *self)
{
  return (TwIntake) { &INTAKE, self };
}

static gboolean
on_totals (gpointer                 result,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  return TRUE;
}

/* All of them: which one is ours is known when its lines are. */
static gboolean
on_payout (gpointer         result,
           const TwPayout  *given,
           GError         **error)
{
  TwEvidence *self = result;
  TwPayout payout = *given;

  own (self, &payout.account);
  own (self, &payout.batch);
  own (self, &payout.bank_reference);
  g_array_append_val (self->payouts, payout);

  return TRUE;
}

static gboolean
on_matched (gpointer          result,
            const TwMatched  *given,
            GError          **error)
{
  TwEvidence *self = result;
  TwMatched matched = *given;

  if (!named (self, given->session))
    return TRUE;
  own (self, &matched.session);
  own (self, &matched.payment_ref);
  own (self, &matched.psp_ref);
  keep (self, self->matched, &matched);

  return TRUE;
}

static gboolean
on_exception (gpointer            result,
              const TwException  *given,
              GError            **error)
{
  TwEvidence *self = result;
  TwException exception = *given;
  TwChars *texts[] = {
    &exception.session, &exception.station, &exception.evse, &exception.payment_ref, &exception.psp_ref,
    &exception.batch, &exception.bank_reference, &exception.detail,
  };

  if (!named (self, given->session))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    own (self, texts[i]);
  keep (self, self->exceptions, &exception);

  return TRUE;
}

const TwResultClass TW_EVIDENCE = { on_totals, on_payout, on_matched, on_exception, NULL };

TwEvidence *
tw_evidence_new (const char         *session,
                 const TwReportHead *head)
{
  TwEvidence *self = g_new0 (TwEvidence, 1);

  self->session = g_strdup (session);
  self->head = head;
  g_mutex_init (&self->lock);
  self->texts = g_string_chunk_new (4096);
  self->references = g_hash_table_new_full (tw_evidence_chars_hash, tw_evidence_chars_equal, g_free, NULL);
  self->sales = g_array_new (FALSE, FALSE, sizeof (TwSale));
  self->lines = g_array_new (FALSE, FALSE, sizeof (TwSettled));
  self->energies = g_array_new (FALSE, FALSE, sizeof (TwEnergy));
  self->credits = g_array_new (FALSE, FALSE, sizeof (TwCredit));
  self->exceptions = g_array_new (FALSE, FALSE, sizeof (TwException));
  self->matched = g_array_new (FALSE, FALSE, sizeof (TwMatched));
  self->payouts = g_array_new (FALSE, FALSE, sizeof (TwPayout));
  self->signed_at = g_array_new (FALSE, FALSE, sizeof (TwOrigin));
  name (self, (TwChars) { self->session, (guint32) strlen (session) });

  return self;
}

void
tw_evidence_free (TwEvidence *self)
{
  GArray *lists[] = { self->sales, self->lines, self->energies, self->credits, self->exceptions, self->matched,
                      self->payouts, self->signed_at };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_array_unref (lists[i]);
  g_hash_table_unref (self->references);
  g_string_chunk_free (self->texts);
  g_mutex_clear (&self->lock);
  g_free (self->session);
  g_free (self);
}

gboolean
tw_evidence_sale (const TwEvidence *self,
                  TwOrigin         *origin)
{
  if (self->sales->len == 0)
    return FALSE;
  *origin = g_array_index (self->sales, TwSale, 0).origin;

  return TRUE;
}

const GArray *
tw_evidence_signed (const TwEvidence *self)
{
  return self->signed_at;
}

gboolean
tw_evidence_is_empty (const TwEvidence *self)
{
  return self->sales->len + self->lines->len + self->energies->len + self->credits->len + self->exceptions->len == 0;
}

gboolean
tw_evidence_is_listed (const TwEvidence *self)
{
  for (guint i = 0; i < self->exceptions->len; i++)
    if (g_array_index (self->exceptions, TwException, i).severity >= TW_SEVERITY_LISTED)
      return TRUE;

  return FALSE;
}
