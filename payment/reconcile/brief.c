/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/brief.h"

#include <string.h>

static TwRow *
reserve (TwSpoolWriter *writer, gsize bytes, const TwRow *whole, GError **error)
{
  TwRow *row = tw_spool_writer_reserve (writer, sizeof *row + bytes, error);

  if (row != NULL)
    *row = (TwRow) { (guint32) (sizeof *row + bytes), whole->number, whole->hash };
  return row;
}

gboolean
tw_brief_write_sale (TwSpoolWriter *writer, const TwBriefSale *brief, const guint32 *waits, const TwRow *whole,
                     const TwSale *sale, GError **error)
{
  gsize n_waits = brief->n_waits * sizeof *waits;
  TwRow *row = reserve (writer, sizeof *brief + n_waits + brief->n_payment + brief->n_session + brief->n_psp, whole,
                        error);
  guint8 *at;

  if (row == NULL)
    return FALSE;
  memcpy (row + 1, brief, sizeof *brief);
  at = (guint8 *) (row + 1) + sizeof *brief;
  memcpy (at, waits, n_waits);
  at = tw_chars_copy (at + n_waits, sale->payment_ref);
  if (brief->n_session > 0)
    tw_chars_copy (tw_chars_copy (at, sale->session), (TwChars) { sale->psp_ref.text, brief->n_psp });
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

gboolean
tw_brief_write_line (TwSpoolWriter *writer, const TwBriefLine *brief, const TwRow *whole, const TwSettled *line,
                     GError **error)
{
  TwRow *row = reserve (writer, sizeof *brief + brief->n_payment, whole, error);

  if (row == NULL)
    return FALSE;
  memcpy (row + 1, brief, sizeof *brief);
  tw_chars_copy ((guint8 *) (row + 1) + sizeof *brief, line->payment_ref);
  tw_spool_writer_commit (writer, row);
  return TRUE;
}

static guint64
hash_stated (TwChars text)
{
  return text.n > 0 ? tw_hash_text (TW_ROOM_NATURAL, text) : 0;
}

static guint32
count_facts (const TwSettled *line)
{
  return (line->payment_ref.n > 0) + (line->psp_ref.n > 0) + (line->change_ref.n > 0) + (line->related_ref.n > 0) +
         (line->settlement_ref.n > 0) + (line->terminal.n > 0) + (line->trace.n > 0) + (line->approval.n > 0) +
         (line->batch.n > 0) + (line->bank_trace.n > 0) + (line->fee != TW_NOT_STATED) + (line->net != TW_NOT_STATED);
}

gboolean
tw_natural_write (TwFanWriter *writer, const TwSettled *line, guint32 number, GError **error)
{
  guint64 hash = tw_hash_more (tw_hash_text (TW_ROOM_NATURAL, line->account), line->key);
  TwNatural natural = {
    .again = tw_hash_more (tw_hash_text (TW_ROOM_NATURAL_AGAIN, line->account), line->key),
    .line = line->origin.line, .file = line->origin.file, .facts = count_facts (line),
    .gross = line->gross, .fee = line->fee, .net = line->net, .kind = line->kind, .batch = hash_stated (line->batch),
    .payment = hash_stated (line->payment_ref),
  };
  TwSpoolWriter *at = tw_fan_writer_at (writer, hash);
  TwRow *row = tw_spool_writer_reserve (at, sizeof *row + sizeof natural, error);

  if (row == NULL)
    return FALSE;
  memcpy (natural.currency, line->currency, sizeof natural.currency);
  memcpy (row + 1, &natural, sizeof natural);
  *row = (TwRow) { sizeof *row + sizeof natural, number, hash };
  tw_spool_writer_commit (at, row);
  return TRUE;
}

/* Judged with the line that it hopes for, of which no fee is known: that is asked where the line is at hand. */
gboolean
tw_sale_is_plain (const TwJudge *judge, const TwSale *sale, TwVerdict *room)
{
  TwClaim claim = { .line = { .kind = TW_SETTLED_SALE, .gross = sale->captured_minor, .fee = TW_NOT_STATED,
                              .net = TW_NOT_STATED } };
  TwDossier dossier = { .sale = *sale, .claims = &claim, .n_claims = sale->captured_minor > 0 };

  if (sale->captured_minor < 0 && sale->captured_minor != TW_NOT_STATED)
    return FALSE;
  memcpy (claim.line.currency, sale->currency, sizeof claim.line.currency);
  memcpy (claim.line.net_currency, sale->currency, sizeof claim.line.net_currency);
  tw_verdict_reset (room);
  tw_judge_sale (judge, &dossier, room);
  return room->findings->len == 0 && (room->matched != FALSE) == (dossier.n_claims == 1);
}

gboolean
tw_brief_equal (const TwBriefSale *sale, const TwBriefLine *line, const TwReconcileTerms *terms)
{
  gint64 expected;

  return line->plain && line->gross == sale->captured && memcmp (line->currency, sale->currency, 4) == 0
         && !tw_fee_deviates (terms, line->currency, line->currency, line->gross, line->fee, &expected);
}
