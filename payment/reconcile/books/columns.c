/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/books/columns.h"

#include "app/base/error.h"

#include <string.h>

#define FIELD(Type, member, kind) { #member, TW_FIELD_##kind, G_STRUCT_OFFSET (Type, member) }
#define SALE(member, kind) FIELD (TwSale, member, kind)
#define SETTLED(member, kind) FIELD (TwSettled, member, kind)
#define CREDIT(member, kind) FIELD (TwCredit, member, kind)
#define ENERGY(member, kind) FIELD (TwEnergy, member, kind)
#define TOTAL(member, kind) FIELD (TwTotal, member, kind)

static const TwField SALES[] = {
  SALE (session, TEXT), SALE (station, TEXT), SALE (evse, TEXT), SALE (terminal, TEXT), SALE (payment_ref, TEXT),
  SALE (psp_ref, TEXT), SALE (capture_ref, TEXT), SALE (settlement_ref, TEXT), SALE (refund_ref, TEXT),
  SALE (trace, TEXT), SALE (slip, TEXT), SALE (approval, TEXT), SALE (tail, TEXT), SALE (brand, TEXT),
  SALE (tariff_shown, TEXT), SALE (tariff_priced, TEXT), SALE (unknown_operation, TEXT),
  SALE (receipt_number, COUNT), SALE (currency, CURRENCY), SALE (state, INT), SALE (billed, INT),
  SALE (tariff_free, INT), SALE (test_mode, INT), SALE (price_minor, NUMBER), SALE (repriced_minor, NUMBER),
  SALE (shown_minor, NUMBER), SALE (held_minor, NUMBER), SALE (captured_minor, NUMBER),
  SALE (second_capture_minor, NUMBER), SALE (refunded_minor, NUMBER), SALE (unknown_minor, NUMBER),
  SALE (advised_minor, NUMBER), SALE (energy_wh, NUMBER), SALE (energy_price_minor, NUMBER),
  SALE (energy_part_minor, NUMBER), SALE (started_us, NUMBER), SALE (ended_us, NUMBER), SALE (captured_us, NUMBER),
  SALE (refunded_us, NUMBER), SALE (hold_until_us, NUMBER), SALE (day, DAY),
};

static const TwField LINES[] = {
  SETTLED (kind, INT), SETTLED (source, TEXT), SETTLED (account, TEXT), SETTLED (key, TEXT),
  SETTLED (payment_ref, TEXT), SETTLED (psp_ref, TEXT), SETTLED (change_ref, TEXT), SETTLED (related_ref, TEXT),
  SETTLED (settlement_ref, TEXT), SETTLED (terminal, TEXT), SETTLED (trace, TEXT), SETTLED (slip, TEXT),
  SETTLED (approval, TEXT), SETTLED (tail, TEXT), SETTLED (method, TEXT), SETTLED (raw_kind, TEXT),
  SETTLED (batch, TEXT), SETTLED (bank_trace, TEXT), SETTLED (currency, CURRENCY), SETTLED (net_currency, CURRENCY),
  SETTLED (gross, NUMBER), SETTLED (fee, NUMBER), SETTLED (net, NUMBER), SETTLED (dispute_fee, NUMBER),
  SETTLED (occurred_us, NUMBER), SETTLED (available_us, NUMBER), SETTLED (day, DAY), SETTLED (submission_batch, INT),
};

static const TwField CREDITS[] = {
  CREDIT (account, TEXT), CREDIT (statement, TEXT), CREDIT (key, TEXT), CREDIT (end_to_end, TEXT),
  CREDIT (bank_trace, TEXT), CREDIT (remittance, TEXT), CREDIT (joined, TEXT), CREDIT (counterparty, TEXT),
  CREDIT (currency, CURRENCY), CREDIT (amount, NUMBER), CREDIT (original_currency, CURRENCY),
  CREDIT (original, NUMBER), CREDIT (rate_e10, NUMBER), CREDIT (rate_of_credit, INT), CREDIT (charges, NUMBER),
  CREDIT (booked_day, DAY), CREDIT (value_day, DAY),
  CREDIT (reversal, INT), CREDIT (notification, INT),
};

static const TwField ENERGIES[] = {
  ENERGY (kind, INT), ENERGY (session, TEXT), ENERGY (evse, TEXT), ENERGY (meter, TEXT), ENERGY (energy_wh, NUMBER),
  ENERGY (begin_us, NUMBER), ENERGY (end_us, NUMBER), ENERGY (good, INT), ENERGY (verdict, TEXT),
  ENERGY (findings, TEXT), ENERGY (digest, TEXT), ENERGY (page, COUNT), ENERGY (first_page, COUNT),
};

static const TwField TOTALS[] = {
  TOTAL (terminal, TEXT), TOTAL (brand, TEXT), TOTAL (currency, CURRENCY), TOTAL (total_minor, NUMBER),
  TOTAL (count, NUMBER), TOTAL (day, DAY), TOTAL (from_us, NUMBER), TOTAL (until_us, NUMBER), TOTAL (first_slip, INT),
  TOTAL (last_slip, INT),
};

#define ROW(name, fields, Type) { name, fields, G_N_ELEMENTS (fields), sizeof (Type), G_STRUCT_OFFSET (Type, origin) }

const TwRowClass TW_ROWS[TW_N_ROWS] = {
  [TW_ROW_SALE]    = ROW ("tapwatt_sale", SALES, TwSale),
  [TW_ROW_SETTLED] = ROW ("tapwatt_settled", LINES, TwSettled),
  [TW_ROW_CREDIT]  = ROW ("tapwatt_credit", CREDITS, TwCredit),
  [TW_ROW_ENERGY]  = ROW ("tapwatt_energy", ENERGIES, TwEnergy),
  [TW_ROW_TOTAL]   = ROW ("tapwatt_total", TOTALS, TwTotal),
};

/* Each part after its length, so that no text of a part can be taken for the end of it. */
static GString *
join (const TwChars *parts,
      guint          n)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (key, "%u:", parts[i].n);
      g_string_append_len (key, parts[i].n > 0 ? parts[i].text : "", (gssize) parts[i].n);
    }

  return key;
}

#define PLAIN(text_) ((TwChars) { (text_), (guint32) strlen (text_) })

static GString *
energy_key (const TwEnergy *energy)
{
  g_autofree char *numbers = g_strdup_printf ("%d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                                              (int) energy->kind, energy->begin_us, energy->end_us, energy->energy_wh);
  const TwChars parts[] = { PLAIN (numbers), energy->session, energy->evse, energy->meter, energy->digest };

  return join (parts, G_N_ELEMENTS (parts));
}

static GString *
total_key (const TwTotal *total)
{
  g_autofree char *numbers = g_strdup_printf ("%d %" G_GINT64_FORMAT " %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                                              total->day, total->from_us, total->first_slip, total->last_slip,
                                              total->total_minor, total->count);
  const TwChars parts[] = { PLAIN (numbers), total->terminal, total->brand, PLAIN (total->currency) };

  return join (parts, G_N_ELEMENTS (parts));
}

GString *
tw_row_key (TwRowKind     kind,
            gconstpointer row)
{
  const TwSale *sale = row;
  const TwSettled *settled = row;
  const TwCredit *credit = row;

  switch (kind)
    {
    case TW_ROW_SALE:
      return join ((const TwChars[]) { sale->station, sale->session }, 2);
    case TW_ROW_SETTLED:
      return join ((const TwChars[]) { settled->source, settled->account, settled->key }, 3);
    case TW_ROW_CREDIT:
      return join ((const TwChars[]) { credit->account, credit->key, PLAIN (credit->notification ? "054" : "053") }, 3);
    case TW_ROW_ENERGY:
      return energy_key (row);
    case TW_ROW_TOTAL:
      return total_key (row);
    case TW_N_ROWS:
      break;
    }
  g_assert_not_reached ();
}

static TwValue
value_of (const TwField *field,
          const guint8  *at)
{
  gint64 number = TW_NOT_STATED;

  switch (field->kind)
    {
    case TW_FIELD_TEXT:
      return (TwValue) { .kind = TW_VALUE_TEXT, .text = *(const TwChars *) (const void *) at };
    case TW_FIELD_CURRENCY:
      return TW_VALUE_OF_TEXT ((const char *) at);
    case TW_FIELD_NUMBER:
      number = *(const gint64 *) (const void *) at;
      break;
    case TW_FIELD_DAY:
      number = *(const gint32 *) (const void *) at;
      number = number == G_MININT32 ? TW_NOT_STATED : number;
      break;
    case TW_FIELD_COUNT:
      number = (gint64) *(const guint64 *) (const void *) at;
      break;
    case TW_FIELD_INT:
      number = *(const int *) (const void *) at;
      break;
    }

  return tw_value_stated (number);
}

guint
tw_row_to_values (TwRowKind      kind,
                  gconstpointer  row,
                  TwValue       *values)
{
  guint n_stated = 0;

  for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
    {
      values[i] = value_of (&TW_ROWS[kind].fields[i], (const guint8 *) row + TW_ROWS[kind].fields[i].offset);
      n_stated += values[i].kind == TW_VALUE_NUMBER || (values[i].kind == TW_VALUE_TEXT && values[i].text.n > 0);
    }

  return n_stated;
}

static gboolean
put_back (const TwField *field,
          const TwValue *value,
          guint8        *at)
{
  gboolean is_text = field->kind == TW_FIELD_TEXT || field->kind == TW_FIELD_CURRENCY;

  if (is_text != (value->kind == TW_VALUE_TEXT) || (field->kind == TW_FIELD_CURRENCY && value->text.n > 3)
      || (value->kind == TW_VALUE_NULL && field->kind != TW_FIELD_NUMBER && field->kind != TW_FIELD_DAY))
    return FALSE;
  switch (field->kind)
    {
    case TW_FIELD_TEXT:
      *(TwChars *) (void *) at = value->text;
      break;
    case TW_FIELD_CURRENCY:
      memcpy (at, value->text.text, value->text.n);
      break;
    case TW_FIELD_NUMBER:
      *(gint64 *) (void *) at = value->kind == TW_VALUE_NULL ? TW_NOT_STATED : value->number;
      break;
    case TW_FIELD_DAY:
      *(gint32 *) (void *) at = value->kind == TW_VALUE_NULL ? G_MININT32 : (gint32) value->number;
      break;
    case TW_FIELD_COUNT:
      *(guint64 *) (void *) at = (guint64) value->number;
      break;
    case TW_FIELD_INT:
      *(int *) (void *) at = (int) value->number;
      break;
    }

  return TRUE;
}

gboolean
tw_row_from_values (TwRowKind       kind,
                    const TwValue  *values,
                    gpointer        row,
                    GError        **error)
{
  memset (row, 0, TW_ROWS[kind].size);
  for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
    if (!put_back (&TW_ROWS[kind].fields[i], &values[i], (guint8 *) row + TW_ROWS[kind].fields[i].offset))
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the store's table %s, column %s: not what Tapwatt wrote",
                     TW_ROWS[kind].table, TW_ROWS[kind].fields[i].name);
        return FALSE;
      }

  return TRUE;
}

char *
tw_row_columns (TwRowKind kind)
{
  GString *columns = g_string_new (NULL);

  /* In quotes: "day" and "count" are words of SQL. */
  for (guint i = 0; i < TW_ROWS[kind].n_fields; i++)
    g_string_append_printf (columns, "%s\"%s\"", i > 0 ? "," : "", TW_ROWS[kind].fields[i].name);

  return g_string_free (columns, FALSE);
}
