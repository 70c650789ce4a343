/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that are kept, as they were understood: for programs, beside the files that they stand in. */
#include "payment/reconcile/evidence/keep.h"
#include "payment/reconcile/report/values.h"

static TwJsonOut *
begin (const TwEvidence *self,
       const char       *witness,
       TwOrigin          origin)
{
  TwJsonOut *out = tw_json_out_new ();
  const char *path = tw_report_path (self->head, origin);
  g_autofree char *place = path == NULL ? NULL : g_strdup_printf ("%s:%" G_GUINT64_FORMAT, path, origin.line);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "witness", witness);
  tw_json_out_string (out, "place", place);

  return out;
}

static void
end (GString   *text,
     TwJsonOut *out)
{
  g_autoptr (GBytes) bytes = tw_json_out_finish (out);

  g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_string_append_c (text, '\n');
  tw_json_out_free (out);
}

static void
put_sale (const TwEvidence *self,
          const TwSale     *sale,
          GString          *text)
{
  TwJsonOut *out = begin (self, "journal", sale->origin);

  tw_report_json_chars (out, "session", sale->session);
  tw_report_json_chars (out, "station", sale->station);
  tw_report_json_chars (out, "evse", sale->evse);
  tw_report_json_chars (out, "payment_ref", sale->payment_ref);
  tw_report_json_chars (out, "psp_ref", sale->psp_ref);
  tw_report_json_chars (out, "capture_ref", sale->capture_ref);
  tw_report_json_chars (out, "refund_ref", sale->refund_ref);
  tw_json_out_string (out, "currency", sale->currency);
  tw_report_json_amount (out, "price_minor", sale->price_minor);
  tw_report_json_amount (out, "repriced_minor", sale->repriced_minor);
  tw_report_json_amount (out, "held_minor", sale->held_minor);
  tw_report_json_amount (out, "captured_minor", sale->captured_minor);
  tw_report_json_amount (out, "refunded_minor", sale->refunded_minor);
  tw_report_json_amount (out, "energy_wh", sale->energy_wh);
  tw_report_json_instant (out, "started", sale->started_us);
  tw_report_json_instant (out, "ended", sale->ended_us);
  tw_report_json_instant (out, "captured", sale->captured_us);
  end (text, out);
}

static void
put_line (const TwEvidence *self,
          const TwSettled  *line,
          GString          *text)
{
  TwJsonOut *out = begin (self, "psp", line->origin);

  tw_report_json_chars (out, "source", line->source);
  tw_report_json_chars (out, "account", line->account);
  tw_report_json_chars (out, "kind", line->raw_kind);
  tw_report_json_chars (out, "payment_ref", line->payment_ref);
  tw_report_json_chars (out, "psp_ref", line->psp_ref);
  tw_report_json_chars (out, "change_ref", line->change_ref);
  tw_report_json_chars (out, "batch", line->batch);
  tw_json_out_string (out, "currency", line->currency);
  tw_report_json_amount (out, "gross_minor", line->gross);
  tw_json_out_string (out, "net_currency", line->net_currency);
  tw_report_json_amount (out, "fee_minor", line->fee);
  tw_report_json_amount (out, "net_minor", line->net);
  tw_report_json_instant (out, "occurred", line->occurred_us);
  end (text, out);
}

static void
put_energy (const TwEvidence *self,
            const TwEnergy   *energy,
            GString          *text)
{
  TwJsonOut *out = begin (self, "meter", energy->origin);

  tw_report_json_chars (out, "session", energy->session);
  tw_report_json_chars (out, "evse", energy->evse);
  tw_report_json_chars (out, "meter", energy->meter);
  tw_report_json_amount (out, "energy_wh", energy->energy_wh);
  tw_report_json_instant (out, "begin", energy->begin_us);
  tw_report_json_instant (out, "end", energy->end_us);
  tw_json_out_bool (out, "signed", energy->kind == TW_METER_SIGNED);
  tw_report_json_chars (out, "verdict", energy->verdict);
  tw_report_json_chars (out, "findings", energy->findings);
  end (text, out);
}

static void
put_credit (const TwEvidence *self,
            const TwCredit   *credit,
            GString          *text)
{
  TwJsonOut *out = begin (self, "bank", credit->origin);

  tw_report_json_chars (out, "account", credit->account);
  tw_report_json_chars (out, "statement", credit->statement);
  tw_report_json_chars (out, "end_to_end", credit->end_to_end);
  tw_report_json_chars (out, "bank_trace", credit->bank_trace);
  tw_report_json_chars (out, "remittance", credit->remittance);
  tw_report_json_chars (out, "counterparty", credit->counterparty);
  tw_json_out_string (out, "currency", credit->currency);
  tw_report_json_amount (out, "amount_minor", credit->amount);
  end (text, out);
}

void
tw_evidence_rows (const TwEvidence *self,
                  GString          *text)
{
  for (guint i = 0; i < self->sales->len; i++)
    put_sale (self, &g_array_index (self->sales, TwSale, i), text);
  for (guint i = 0; i < self->energies->len; i++)
    put_energy (self, &g_array_index (self->energies, TwEnergy, i), text);
  for (guint i = 0; i < self->lines->len; i++)
    put_line (self, &g_array_index (self->lines, TwSettled, i), text);
  for (guint i = 0; i < self->credits->len; i++)
    put_credit (self, &g_array_index (self->credits, TwCredit, i), text);
}
