/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/cybersource.h"

#include "app/base/bytes.h"
#include "payment/reconcile/readers/cell.h"

#include <string.h>

/* Applications of payments; other services of theirs move no money. */
static const struct { const char *type; TwSettledKind kind; } types[] = {
  { "ics_bill", TW_SETTLED_SALE }, { "ics_credit", TW_SETTLED_REFUND },
  { "ics_ecp_debit", TW_SETTLED_SALE }, { "ics_ecp_credit", TW_SETTLED_REFUND },
  { "ics_direct_debit", TW_SETTLED_SALE }, { "ics_direct_debit_refund", TW_SETTLED_REFUND },
  { "ics_bank_transfer", TW_SETTLED_SALE }, { "ics_bank_transfer_refund", TW_SETTLED_REFUND },
  { "ics_paypal_ec_do_payment", TW_SETTLED_SALE }, { "ics_paypal_refund", TW_SETTLED_REFUND },
  { "payment", TW_SETTLED_SALE }, { "refund", TW_SETTLED_REFUND },
  { "failed", TW_SETTLED_OTHER }, { "chargeback", TW_SETTLED_CHARGEBACK },
};

static gboolean
complain (const TwChars   *cell,
          const char      *expected,
          const TwChars  **where,
          char           **what)
{
  g_autofree char *copy = g_strndup (cell->text, cell->n);
  g_autofree char *printable = tw_text_printable (copy, 40);

  *where = cell;
  *what = g_strdup_printf ("\"%s\": %s", printable, expected);

  return FALSE;
}

static gboolean
read_type (const TwCyberRow  *row,
           TwSettled         *line,
           const TwChars    **where,
           char             **what)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (tw_cell_is (row->type, types[i].type))
      {
        line->kind = types[i].kind;
        return TRUE;
      }

  return complain (&row->type, "not a type that we know: expected ics_bill or ics_credit", where, what);
}

/* The size is that of the amount, the direction that of the type: some reports have credits negative, some do not. */
static gboolean
read_amount (const TwCyberRow  *row,
             TwSettled         *line,
             const TwChars    **where,
             char             **what)
{
  const char *why = NULL;
  gint64 amount;

  for (guint i = 0; i < 3 && row->currency.n == 3; i++)
    line->currency[i] = g_ascii_toupper (row->currency.text[i]);
  if (tw_cell_digits (line->currency) < 0)
    return complain (&row->currency, "not a currency: expected ISO 4217 letters such as EUR", where, what);
  memcpy (line->net_currency, line->currency, 4);
  if (!tw_cell_amount (row->amount, tw_cell_digits (line->currency), '.', 0, &amount, &why))
    return complain (&row->amount, why, where, what);
  if (amount < 0 && line->kind == TW_SETTLED_SALE)
    return complain (&row->amount, "a capture that is negative", where, what);
  line->gross = line->kind == TW_SETTLED_SALE ? amount : line->kind == TW_SETTLED_OTHER ? 0 : -ABS (amount);

  return TRUE;
}

/* A batch's date alone is a day in the report's zone; without that it is no instant. */
static gboolean
read_time (const TwCyberRow  *row,
           TwZone            *zone,
           TwSettled         *line,
           const TwChars    **where,
           char             **what)
{
  gint32 day;

  if (row->time.n > 0 && !tw_instant_parse (row->time, zone, &line->occurred_us)
      && !tw_day_parse (row->time, &day))
    return complain (&row->time, "not a time with its offset: state the time zone of the report", where, what);
  if (row->batch_date.n > 0 && !tw_day_parse (row->batch_date, &line->day))
    return complain (&row->batch_date, "not a date: expected YYYY-MM-DD", where, what);
  if (line->occurred_us == TW_NOT_STATED && line->day != G_MININT32 && zone)
    line->occurred_us = tw_zone_to_us (zone, (gint64) line->day * 24 * 3600);

  return TRUE;
}

/* "1.65E+21": a number, and no longer the one that it was. */
static gboolean
has_exponent (TwChars text)
{
  guint i = 0;

  while (i < text.n && (g_ascii_isdigit (text.text[i]) || text.text[i] == '.' || text.text[i] == ','))
    i++;
  if (i == 0 || i == text.n || (text.text[i] != 'E' && text.text[i] != 'e'))
    return FALSE;
  for (i++; i < text.n; i++)
    if (!g_ascii_isdigit (text.text[i]) && text.text[i] != '+')
      return FALSE;

  return TRUE;
}

/* Text, although it is up to 26 digits: leading zeros belong to it. */
static gboolean
check_request (const TwCyberRow  *row,
               const TwChars    **where,
               char             **what)
{
  if (row->request.n == 0)
    return complain (&row->request, "a line without its request's number", where, what);
  if (has_exponent (row->request))
    return complain (&row->request, "written with an exponent, as a spreadsheet does, which loses digits: take the "
                     "file as it was downloaded", where, what);

  return TRUE;
}

gboolean
tw_cybersource_line (const TwCyberRow  *row,
                     TwZone            *zone,
                     TwReading         *reading,
                     TwSettled         *line,
                     const TwChars    **where,
                     char             **what)
{
  *line = (TwSettled) {
    .origin = { reading->index, row->line }, .source = { "cybersource", 11 }, .account = row->merchant,
    .payment_ref = row->reference, .psp_ref = row->request, .change_ref = row->request,
    .settlement_ref = row->transaction_reference, .terminal = row->terminal, .method = row->method,
    .raw_kind = row->type, .batch = row->batch, .submission_batch = TRUE,
    .fee = TW_NOT_STATED, .net = TW_NOT_STATED, .dispute_fee = TW_NOT_STATED,
    .occurred_us = TW_NOT_STATED, .available_us = TW_NOT_STATED, .day = G_MININT32,
  };
  *what = NULL;
  if (!read_type (row, line, where, what) || !read_amount (row, line, where, what)
      || !check_request (row, where, what) || !read_time (row, zone, line, where, what))
    return FALSE;
  /* The same line in two reports is one line. */
  tw_reading_key_begin (reading);
  tw_reading_key_text (reading, row->merchant);
  tw_reading_key_text (reading, row->batch);
  tw_reading_key_text (reading, row->request);
  tw_reading_key_text (reading, row->type);
  line->key = tw_reading_key (reading);

  return TRUE;
}
