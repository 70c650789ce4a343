/* SPDX-License-Identifier: Apache-2.0 */
/* The journal against the payment service (facts: reconciliation.md section 6, rows 2 to 8 and 22 to 25, 33). */
#include <string.h>

#include "payment/reconcile/judge-private.h"

static const TwChars none;

static void
add_amount (const TwCase *self, TwClass class_, gint64 difference, const TwClaim *claim)
{
  gint64 all = self->captured + self->second;
  TwFinding *finding = tw_case_add (self, class_, difference, claim->rule, none);

  finding->listed = difference;
  finding->exception.expected = all;
  finding->exception.found = all - difference;
  finding->exception.batch = claim->line.batch;
  finding->exception.other = claim->line.origin;
  if (class_ == TW_CLASS_AMOUNT_OVER)
    tw_case_give_back (self, finding, FALSE);
}

static void
compare (const TwCase *self, gint64 difference, const TwClaim *claim)
{
  TwTolerance tolerance = self->judge->terms->gross;
  gint64 all = self->captured + self->second;

  if (difference == 0)
    self->verdict->matched = TRUE;
  else if (tw_within (tolerance, self->sale->currency, difference, all))
    {
      self->verdict->matched = TRUE;
      add_amount (self, TW_CLASS_MATCHED_WITHIN_TOLERANCE, difference, claim);
    }
  else
    add_amount (self, difference < 0 ? TW_CLASS_AMOUNT_OVER : TW_CLASS_AMOUNT_UNDER, difference, claim);
}

/* The sale lines in the sale's own currency; the first of them is what amounts are told about. */
static const TwClaim *
next_own (const TwCase *self, const TwClaim *after)
{
  const TwClaim *claims = self->dossier->claims;

  for (gsize i = after != NULL ? (gsize) (after - claims) + 1 : 0; i < self->dossier->n_claims; i++)
    if (!claims[i].candidate && claims[i].line.kind == TW_SETTLED_SALE
        && tw_same_currency (claims[i].line.currency, self->sale->currency))
      return &claims[i];
  return NULL;
}

static gboolean
same_event (const TwSettled *a, const TwSettled *b)
{
  return a->gross == b->gross && tw_chars_equal (a->psp_ref, b->psp_ref) &&
         tw_chars_equal (a->change_ref, b->change_ref);
}

/* Captures that add up are captures, however alike; only what is too much can have been settled twice. */
static gint64
take_duplicates (const TwCase *self, gint64 difference)
{
  for (const TwClaim *at = next_own (self, NULL); at != NULL; at = next_own (self, at))
    {
      gint64 gross = tw_stated (at->line.gross);
      gboolean seen = FALSE;
      TwFinding *finding;

      for (const TwClaim *other = next_own (self, NULL); other != at && !seen; other = next_own (self, other))
        seen = same_event (&other->line, &at->line);
      if (!seen || difference + gross > 0)
        continue;
      finding = tw_case_add_line (self, TW_CLASS_DUPLICATE_SETTLEMENT, -gross, at->rule, &at->line);
      finding->listed = -gross;
      finding->exception.found = gross;
      tw_case_give_back (self, finding, FALSE);
      difference += gross;
    }
  return difference;
}

static void
settled (const TwCase *self)
{
  const TwClaim *first = next_own (self, NULL);
  gint64 difference = self->captured + self->second - self->gross;

  if (first == NULL)
    return;
  if (difference < 0)
    difference = take_duplicates (self, difference);
  compare (self, difference, first);
}

/* What people find the line by; a key that is glued of parts is nobody's reference. */
static TwChars
reference_of (const TwSettled *line)
{
  const TwChars references[] = { line->psp_ref, line->change_ref, line->settlement_ref, line->payment_ref, line->trace,
                                 line->slip, line->approval };

  if (line->psp_ref.n == 0 && line->key.n > 0 && memchr (line->key.text, '\x1f', line->key.n) == NULL)
    return line->key;
  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    if (references[i].n > 0)
      return references[i];
  return TW_CHARS ("(no reference)");
}

static void
candidates_text (const TwCase *self, TwException *exception)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->dossier->n_claims; i++)
    {
      const TwSettled *line = &self->dossier->claims[i].line;
      TwChars name = reference_of (line);

      if (!self->dossier->claims[i].candidate)
        continue;
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_len (text, name.text, name.n);
      exception->rule = self->dossier->claims[i].rule;
    }
  exception->detail = (TwChars) { g_string_chunk_insert_len (self->verdict->texts, text->str, (gssize) text->len),
                                  (guint32) text->len };
}

static void
not_settled (const TwCase *self)
{
  const TwReconcileTerms *terms = self->judge->terms;
  gint64 all = self->captured + self->second;
  gint64 since = tw_sale_instant (self->sale), due = TW_NOT_STATED;
  TwClass class_ = TW_CLASS_MISSING_IN_SETTLEMENT;
  TwFinding *finding;

  if (self->n_sale_lines > 0 || all == 0)
    return;
  if (since != TW_NOT_STATED)
    due = tw_banking_instant_after (self->judge->zone, since, terms->settlement_days);
  if (self->n_candidates > 0)
    class_ = TW_CLASS_AMBIGUOUS;
  else if ((due != TW_NOT_STATED && due >= terms->as_of_us) || terms->without_settlement)
    class_ = TW_CLASS_EXPECTED;
  finding = tw_case_add (self, class_, all, TW_RULE_SETTLEMENT_DUE, none);
  finding->listed = all;
  finding->exception.expected = all;
  if (class_ == TW_CLASS_AMBIGUOUS)
    candidates_text (self, &finding->exception);
  else
    finding->exception.due_us = due;
}

/* Gross in the sale's currency, if the line was paid out in it: what was paid and what it cost. */
static gboolean
converted (const TwSale *sale, const TwSettled *line, gint64 *gross)
{
  if (!tw_same_currency (line->net_currency, sale->currency) || line->net == TW_NOT_STATED ||
      line->fee == TW_NOT_STATED)
    return FALSE;
  *gross = line->net + line->fee;
  return TRUE;
}

static TwChars
currency_chars (const char *currency)
{
  return (TwChars) { currency, (guint32) strlen (currency) };
}

/* left: what was captured and is not told yet, in the sale's currency; nothing says how the two compare. */
static void
tell_mismatch (const TwCase *self, const TwClaim *claim, gint64 left)
{
  gint64 gross = tw_stated (claim->line.gross);
  TwFinding *finding = tw_case_add_line (self, TW_CLASS_CURRENCY_MISMATCH, gross, claim->rule, &claim->line);

  finding->listed = -gross;
  finding->other_listed = left;
  memcpy (finding->other_currency, self->sale->currency, sizeof finding->other_currency);
  finding->exception.found = gross;
  finding->exception.detail = currency_chars (self->sale->currency);
}

/* here: what of it was paid, and what it cost, in the sale's currency. */
static void
tell_converted (const TwCase *self, const TwClaim *claim, gint64 left, gint64 here)
{
  TwFinding *finding = tw_case_add_line (self, TW_CLASS_MATCHED_WITHIN_TOLERANCE, left - here, claim->rule,
                                         &claim->line);

  memcpy (finding->exception.currency, self->sale->currency, sizeof finding->exception.currency);
  finding->listed = left;
  finding->other_listed = -tw_stated (claim->line.gross);
  memcpy (finding->other_currency, claim->line.currency, sizeof finding->other_currency);
  finding->exception.expected = left;
  finding->exception.found = here;
  finding->exception.detail = currency_chars (claim->line.currency);
}

/* The books of both currencies carry the line: captured here, settled there. */
static void
foreign (const TwCase *self)
{
  gint64 left = self->n_sale_lines == self->n_foreign_lines ? self->captured + self->second : 0;

  for (guint i = 0; i < self->dossier->n_claims && self->n_foreign_lines > 0; i++)
    {
      const TwClaim *claim = &self->dossier->claims[i];
      const TwSettled *line = &claim->line;
      gint64 here = 0;

      if (claim->candidate || line->kind != TW_SETTLED_SALE || tw_same_currency (line->currency, self->sale->currency))
        continue;
      if (converted (self->sale, line, &here) &&
          tw_within (self->judge->terms->bank_converted, self->sale->currency, left - here, left))
        tell_converted (self, claim, left, here);
      else
        tell_mismatch (self, claim, left);
      left = 0;
    }
}

/* A refund in another currency is none that was asked for. */
static void
foreign_refunds (const TwCase *self)
{
  for (guint i = 0; i < self->dossier->n_claims && self->n_refund_lines > 0; i++)
    {
      const TwClaim *claim = &self->dossier->claims[i];
      const TwSettled *line = &claim->line;
      TwFinding *finding;

      if (claim->candidate || (line->kind != TW_SETTLED_REFUND && line->kind != TW_SETTLED_REFUND_REVERSED) ||
          tw_same_currency (line->currency, self->sale->currency))
        continue;
      finding = tw_case_add_line (self, TW_CLASS_CURRENCY_MISMATCH, -tw_stated (line->gross), claim->rule, line);
      finding->refund_listed = tw_stated (line->gross);
      finding->exception.found = line->gross;
      finding->exception.detail = currency_chars (self->sale->currency);
    }
}

static void
refunded (const TwCase *self)
{
  const TwReconcileTerms *terms = self->judge->terms;
  gint64 asked = tw_stated (self->sale->refunded_minor);
  gint64 difference = asked - self->refunds;
  gint64 since = self->sale->refunded_us, due = TW_NOT_STATED;
  TwFinding *finding;
  gboolean waits;

  if (difference == 0)
    return;
  if (since != TW_NOT_STATED)
    due = tw_banking_instant_after (self->judge->zone, since, terms->settlement_days);
  waits = difference > 0 && ((due != TW_NOT_STATED && due >= terms->as_of_us) || terms->without_settlement);
  finding = tw_case_add (self, waits ? TW_CLASS_EXPECTED : TW_CLASS_REFUND_UNMATCHED, ABS (difference),
                         TW_RULE_REFUND_DUE, TW_CHARS ("refund"));
  finding->refund_listed = difference;
  finding->exception.expected = asked;
  finding->exception.found = self->refunds;
  finding->exception.due_us = waits ? due : TW_NOT_STATED;
  if (since != TW_NOT_STATED)
    finding->exception.since_us = since;
}

/* One that was won again is closed. */
static void
chargebacks (const TwCase *self)
{
  for (guint i = 0; i < self->dossier->n_claims; i++)
    {
      const TwClaim *claim = &self->dossier->claims[i];
      gboolean own = tw_same_currency (claim->line.currency, self->sale->currency);
      TwFinding *finding;

      if (claim->candidate || claim->line.kind != TW_SETTLED_CHARGEBACK || (own && self->disputed == 0))
        continue;
      finding = tw_case_add_line (self, TW_CLASS_CHARGEBACK,
                                  -tw_stated (claim->line.gross) + tw_dispute_cost (&claim->line), claim->rule,
                                  &claim->line);
      finding->exception.found = claim->line.gross;
      finding->exception.since_us = claim->line.occurred_us;
    }
}

static void
fees (const TwCase *self)
{
  for (const TwClaim *at = next_own (self, NULL); at != NULL; at = next_own (self, at))
    {
      const TwSettled *line = &at->line;
      TwFinding *finding;
      gint64 expected;

      if (!tw_fee_deviates (self->judge->terms, line->currency, line->net_currency, line->gross, line->fee, &expected))
        continue;
      finding = tw_case_add_line (self, TW_CLASS_FEE_DEVIATION, line->fee - expected, "contract-fee", line);
      finding->exception.expected = expected;
      finding->exception.found = line->fee;
    }
}

const TwCheck tw_settlement_checks[] = { settled, not_settled, foreign, refunded, foreign_refunds,
                                       chargebacks, fees, NULL };
