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
tw_brief_write_sale (TwSpoolWriter *writer, const TwBriefSale *brief, const TwRow *whole, const TwSale *sale,
                     GError **error)
{
  TwRow *row = reserve (writer, sizeof *brief + brief->n_payment + brief->n_session + brief->n_psp, whole, error);
  guint8 *at;

  if (row == NULL)
    return FALSE;
  memcpy (row + 1, brief, sizeof *brief);
  at = tw_chars_copy ((guint8 *) (row + 1) + sizeof *brief, sale->payment_ref);
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
