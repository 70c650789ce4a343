/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "payment/reconcile/judge-private.h"

#define SEVERITY_INFO 1
#define MOST_ALIKE 16           /* that a person's word on one of them is looked for among */

void
tw_verdict_init (TwVerdict *self)
{
  *self = (TwVerdict) {
    .findings = g_array_new (FALSE, TRUE, sizeof (TwFinding)),
    .texts = g_string_chunk_new (1024),
  };
}

void
tw_verdict_reset (TwVerdict *self)
{
  if (self->findings->len > 0)
    g_string_chunk_clear (self->texts);
  g_array_set_size (self->findings, 0);
  *self = (TwVerdict) { .findings = self->findings, .texts = self->texts };
}

void
tw_verdict_clear (TwVerdict *self)
{
  g_clear_pointer (&self->findings, g_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

TwFinding *
tw_verdict_add (TwVerdict *self, TwClass class_, const char *currency, gint64 stake_minor, const char *rule)
{
  TwFinding *finding;

  g_array_set_size (self->findings, self->findings->len + 1);
  finding = &g_array_index (self->findings, TwFinding, self->findings->len - 1);
  finding->exception.class_ = class_;
  finding->exception.severity = tw_class_severity (class_);
  finding->exception.stake_minor = stake_minor;
  finding->exception.rule = rule;
  finding->exception.expected = finding->exception.found = TW_NOT_STATED;
  finding->exception.since_us = finding->exception.due_us = TW_NOT_STATED;
  memcpy (finding->exception.currency, currency, sizeof finding->exception.currency);
  return finding;
}

void
tw_exception_identify (TwException *exception, const TwChars *members, guint n)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *name = tw_class_name (exception->class_);

  g_checksum_update (checksum, (const guchar *) name, (gssize) strlen (name) + 1);
  for (guint i = 0; i < n; i++)
    {
      guint32 size = GUINT32_TO_BE (members[i].n);   /* so that two texts are not another two */

      g_checksum_update (checksum, (const guchar *) &size, sizeof size);
      if (members[i].n > 0)
        g_checksum_update (checksum, (const guchar *) members[i].text, members[i].n);
    }
  memcpy (exception->id, g_checksum_get_string (checksum), 32);
  exception->id[32] = '\0';
}

void
tw_exception_identify_by_references (TwException *exception)
{
  char id[sizeof exception->id];
  const TwChars members[] = {
    { id, 32 }, { exception->currency, (guint32) strlen (exception->currency) }, exception->session,
    exception->station, exception->payment_ref, exception->psp_ref, exception->batch, exception->bank_reference,
    exception->detail,
  };

  memcpy (id, exception->id, sizeof id);
  tw_exception_identify (exception, members, G_N_ELEMENTS (members));
}

void
tw_exception_identify_as (TwException *exception, const char *id, guint n)
{
  char number[16];

  g_snprintf (number, sizeof number, "%u", n);
  tw_exception_identify (exception, (TwChars[]) { { id, 32 }, { number, (guint32) strlen (number) } }, 2);
}

static gboolean
is_one_of (const TwException *exception, TwChars id)
{
  TwException named = *exception;

  for (guint i = 2; !tw_chars_are (id, named.id) && i <= MOST_ALIKE; i++)
    tw_exception_identify_as (&named, exception->id, i);
  return tw_chars_are (id, named.id);
}

gboolean
tw_exception_may_be (const TwException *exception, TwChars id)
{
  TwException whole = *exception;

  if (is_one_of (exception, id))
    return TRUE;
  tw_exception_identify_by_references (&whole);
  return is_one_of (&whole, id);
}

static TwFinding *
add (const TwCase *self, TwClass class_, const char *currency, gint64 stake_minor, const char *rule)
{
  TwFinding *finding = tw_verdict_add (self->verdict, class_, currency, stake_minor, rule);
  TwException *exception = &finding->exception;

  exception->session = self->sale->session;
  exception->station = self->sale->station;
  exception->evse = self->sale->evse;
  exception->payment_ref = self->sale->payment_ref;
  exception->psp_ref = self->sale->psp_ref;
  exception->since_us = tw_sale_instant (self->sale);
  exception->sale = self->sale->origin;
  return finding;
}

TwFinding *
tw_case_add (const TwCase *self, TwClass class_, gint64 stake_minor, const char *rule, TwChars member)
{
  TwFinding *finding = add (self, class_, self->sale->currency, stake_minor, rule);
  TwChars members[] = { self->sale->station, self->sale->session, member };

  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
  return finding;
}

TwFinding *
tw_case_add_line (const TwCase *self, TwClass class_, gint64 stake_minor, const char *rule, const TwSettled *line)
{
  TwFinding *finding = add (self, class_, line->currency, stake_minor, rule);
  TwChars members[] = { self->sale->station, self->sale->session, line->account, line->key };
  TwException *exception = &finding->exception;

  exception->batch = line->batch;
  exception->other = line->origin;
  if (line->psp_ref.n > 0)
    exception->psp_ref = line->psp_ref;
  tw_exception_identify (exception, members, G_N_ELEMENTS (members));
  return finding;
}

void
tw_case_give_back (const TwCase *self, TwFinding *finding, gboolean shared)
{
  TwException *exception = &finding->exception;
  gint64 back = MIN (*self->given_back, ABS (exception->stake_minor));

  if (back <= 0)
    return;
  if (!shared)
    *self->given_back -= back;
  exception->stake_minor += exception->stake_minor < 0 ? back : -back;
  if (exception->stake_minor != 0)
    return;
  exception->severity = SEVERITY_INFO;
  if (exception->detail.n == 0)
    exception->detail = TW_CHARS ("refunded");
}

static void
count_line (TwCase *self, const TwClaim *claim)
{
  const TwSettled *line = &claim->line;
  gboolean foreign = !tw_same_currency (line->currency, self->sale->currency);
  gint64 gross = tw_stated (line->gross);

  if (claim->candidate)
    {
      self->n_candidates += line->kind == TW_SETTLED_SALE;
      return;
    }
  if (line->kind == TW_SETTLED_SALE)
    {
      self->n_sale_lines++;
      self->n_foreign_lines += foreign;
      self->gross += foreign ? 0 : gross;
      self->verdict->fee_minor += foreign ? 0 : tw_stated (line->fee);
      if (self->verdict->rule == NULL)
        {
          self->verdict->rule = claim->rule;
          self->verdict->line = line->origin;
        }
    }
  else if (line->kind == TW_SETTLED_REFUND || line->kind == TW_SETTLED_REFUND_REVERSED)
    {
      self->n_refund_lines++;
      self->refunds -= foreign ? 0 : gross;
    }
  else
    self->disputed -= foreign ? 0 : gross;
}

/* A line proves a capture whose answer was lost (facts: reconciliation.md section 8). */
static gint64
certain_capture (const TwCase *self)
{
  const TwSale *sale = self->sale;
  gint64 captured = tw_stated (sale->captured_minor);

  if (captured == 0 && sale->state == TW_SALE_UNKNOWN && self->n_sale_lines > self->n_foreign_lines &&
      tw_chars_are (sale->unknown_operation, "capture"))
    return tw_stated (sale->unknown_minor);
  return captured;
}

static void
run (const TwCase *self, const TwCheck *checks)
{
  for (; *checks != NULL; checks++)
    (*checks) (self);
}

void
tw_judge_sale (const TwJudge *self, const TwDossier *dossier, TwVerdict *verdict)
{
  TwCase case_ = { .judge = self, .dossier = dossier, .sale = &dossier->sale, .verdict = verdict };
  gint64 given_back;

  for (guint i = 0; i < dossier->n_claims; i++)
    count_line (&case_, &dossier->claims[i]);
  case_.captured = certain_capture (&case_);
  case_.second = tw_stated (dossier->sale.second_capture_minor);
  given_back = case_.refunds;
  case_.given_back = &given_back;
  verdict->captured_minor = case_.captured + case_.second;
  verdict->refunded_minor = tw_stated (dossier->sale.refunded_minor);
  verdict->settled_minor = case_.gross;
  run (&case_, tw_settlement_checks);
  run (&case_, tw_journal_checks);
  run (&case_, tw_meter_checks);
}

static TwFinding *
add_left (const TwLeft *left, TwClass class_, gint64 stake_minor, TwVerdict *verdict)
{
  const TwSettled *line = &left->line;
  TwFinding *finding = tw_verdict_add (verdict, class_, line->currency, stake_minor, left->rule);
  TwException *exception = &finding->exception;
  TwChars members[] = { line->account, line->key };

  exception->payment_ref = line->payment_ref;
  exception->psp_ref = line->psp_ref;
  exception->batch = line->batch;
  exception->detail = left->candidates;
  exception->found = line->gross;
  exception->since_us = line->occurred_us;
  exception->other = line->origin;
  tw_exception_identify (exception, members, G_N_ELEMENTS (members));
  return finding;
}

void
tw_judge_left (const TwJudge *self, const TwLeft *left, TwVerdict *verdict)
{
  const TwSettled *line = &left->line;
  gint64 gross = tw_stated (line->gross);
  gboolean ambiguous = left->candidates.n > 0;
  TwFinding *finding;

  switch (line->kind)
    {
    case TW_SETTLED_SALE:
      finding = add_left (left, ambiguous ? TW_CLASS_AMBIGUOUS : TW_CLASS_MISSING_IN_JOURNAL,
                          ambiguous ? -left->largest_minor : -gross, verdict);
      finding->listed = -gross;
      return;
    case TW_SETTLED_REFUND:
    case TW_SETTLED_REFUND_REVERSED:
      finding = add_left (left, ambiguous ? TW_CLASS_AMBIGUOUS : TW_CLASS_REFUND_UNMATCHED,
                          ambiguous ? left->largest_minor : -gross, verdict);
      finding->refund_listed = gross;
      return;
    case TW_SETTLED_CHARGEBACK:
      add_left (left, TW_CLASS_CHARGEBACK, -gross + tw_dispute_cost (line), verdict);
      return;
    case TW_SETTLED_CHARGEBACK_REVERSED:
      add_left (left, TW_CLASS_CHARGEBACK, -gross, verdict);
      return;
    case TW_SETTLED_BULK:
      finding = add_left (left, TW_CLASS_RESIDUAL, gross, verdict);
      finding->exception.detail = TW_CHARS ("bulk");
      finding->listed = -gross;
      return;
    case TW_SETTLED_FEE:
    case TW_SETTLED_ADJUSTMENT:
    case TW_SETTLED_RESERVE:
    case TW_SETTLED_PAYOUT:
    case TW_SETTLED_OTHER:
    case TW_SETTLED_ADVANCE:
    case TW_SETTLED_CARRY_OVER:
    case TW_SETTLED_FX:
    case TW_N_SETTLED_KINDS:
      break;
    }
  add_left (left, TW_CLASS_UNCLASSIFIED, tw_stated (line->net), verdict);
}
