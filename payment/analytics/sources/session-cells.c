/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/session-inside.h"

#include "app/base/bytes.h"
#include "payment/reconcile/readers/cell.h"

static TwChars
cell_at (const TwSessionReader *self,
         TwSessionColumn        column)
{
  return self->cells[column];
}

static gboolean
refuse (TwSessionReader *self,
        TwSessionColumn  column,
        const char      *expected)
{
  TwChars cell = cell_at (self, column);
  g_autofree char *copy = g_strndup (cell.text, MIN (cell.n, 200));
  g_autofree char *printable = tw_text_printable (copy, 40);

  g_string_printf (self->refusal, "column \"%s\": \"%s\": expected %s",
                   self->at[column] < 0 ? TW_SESSION_COLUMNS[column].name
                                        : tw_header_column_name (self->header, self->at[column]), printable, expected);
  return FALSE;
}

static inline gboolean
take_instant (TwSessionReader *self,
              TwSessionColumn  column,
              gint64          *us)
{
  TwChars cell = cell_at (self, column);

  *us = TW_UNKNOWN;
  return cell.n == 0 || tw_value_instant (cell, &self->last_day, us)
         || refuse (self, column, "an instant with its offset, such as 2026-03-01T12:30:00+01:00");
}

static inline gboolean
take_milli (TwSessionReader *self,
            TwSessionColumn  column,
            gint64          *milli)
{
  TwChars cell = cell_at (self, column);

  *milli = TW_UNKNOWN;
  return cell.n == 0 || tw_value_milli (cell, '.', 0, milli)
         || refuse (self, column, "a number with a decimal point, such as 7.25");
}

static inline gboolean
take_seconds (TwSessionReader *self,
              TwSessionColumn  column,
              gint64          *s)
{
  TwChars cell = cell_at (self, column);

  *s = TW_UNKNOWN;
  return cell.n == 0 || tw_value_seconds (cell, s) || refuse (self, column, "a number of seconds");
}

static gboolean
take_word (TwSessionReader   *self,
           TwSessionColumn    column,
           const char *const *words,
           int               *value)
{
  TwChars cell = cell_at (self, column);

  *value = 0;
  if (cell.n == 0)
    return TRUE;
  *value = tw_value_word (cell, words);
  if (*value < 0)
    {
      g_autofree char *listed = g_strjoinv (", ", (char **) words);

      return refuse (self, column, listed);
    }
  return TRUE;
}

static gboolean
take_name (TwSessionReader *self,
           TwSessionColumn  column,
           TwText          *text)
{
  *text = tw_text_of (cell_at (self, column));
  return text->n > 0 || refuse (self, column, "a name");
}

/* Names become paths of the zone database: tw_zones_find() takes only harmless ones, and some abbreviations besides. */
gboolean
tw_session_reader_is_zone (TwSessionReader *self,
                           TwChars          name)
{
  g_autofree char *copy = g_strndup (name.text, name.n);
  g_autoptr (GTimeZone) zone = tw_zones_find (self->zones, name) ? g_time_zone_new_identifier (copy) : NULL;

  return zone != NULL;
}

static gboolean
take_zone (TwSessionReader *self,
           TwSessionRow    *row)
{
  TwChars cell = cell_at (self, TW_AT_ZONE);

  row->zone = tw_text_of (cell);
  if (cell.n == self->n_zone && cell.n > 0 && memcmp (cell.text, self->zone, cell.n) == 0)
    return TRUE;
  if (cell.n == 0 && self->terms.time_zone != NULL)
    {
      row->zone = (TwText) { self->terms.time_zone, (guint32) strlen (self->terms.time_zone) };
      row->flags |= 1u << TW_FLAG_ZONE_ASSUMED;
      return TRUE;
    }
  if (cell.n == 0 || cell.n >= sizeof self->zone || !tw_session_reader_is_zone (self, cell))
    return refuse (self, TW_AT_ZONE, "an IANA time zone, such as Europe/Berlin");
  memcpy (self->zone, cell.text, cell.n);
  self->n_zone = cell.n;
  return TRUE;
}

static gboolean
take_amount (TwSessionReader *self,
             TwSessionColumn  column,
             const char      *currency,
             gint64          *minor)
{
  TwChars cell = cell_at (self, column);
  const char *why;

  *minor = TW_UNKNOWN;
  if (cell.n == 0)
    return TRUE;
  if (currency[0] == '\0')
    return refuse (self, TW_AT_CURRENCY, "the currency of its amounts");
  return tw_cell_amount (cell, tw_cell_digits (currency), '.', 0, minor, &why)
         || refuse (self, column, "an amount with no more decimals than its currency has");
}

static gboolean
take_money (TwSessionReader *self,
            TwSessionRow    *row)
{
  TwChars cell = cell_at (self, TW_AT_CURRENCY);
  int state;

  if (cell.n > 0)
    {
      if (cell.n == 3)
        memcpy (row->currency, cell.text, 3);
      if (cell.n != 3 || tw_cell_digits (row->currency) < 0)
        return refuse (self, TW_AT_CURRENCY, "a currency of ISO 4217, such as EUR");
    }
  if (!take_amount (self, TW_AT_PRICE, row->currency, &row->price_minor)
      || !take_amount (self, TW_AT_TAX, row->currency, &row->tax_minor)
      || !take_amount (self, TW_AT_CAPTURED, row->currency, &row->captured_minor)
      || !take_amount (self, TW_AT_REFUNDED, row->currency, &row->refunded_minor)
      || !take_amount (self, TW_AT_FEE, row->currency, &row->fee_minor)
      || !take_amount (self, TW_AT_CHARGEBACK, row->currency, &row->chargeback_minor)
      || !take_amount (self, TW_AT_HELD, row->currency, &row->held_minor)
      || !take_word (self, TW_AT_MONEY_STATE, TW_MONEY_STATE_NAMES, &state))
    return FALSE;
  row->money_state = (TwMoneyState) state;
  return take_instant (self, TW_AT_HELD_FROM, &row->held_from)
         && take_instant (self, TW_AT_HELD_UNTIL, &row->held_until)
         && take_instant (self, TW_AT_TAP, &row->tap_at) && take_instant (self, TW_AT_ANSWERED, &row->answered_at);
}

static gboolean
take_times (TwSessionReader *self,
            TwSessionRow    *row)
{
  return take_instant (self, TW_AT_PLUG_IN, &row->plug_in) && take_instant (self, TW_AT_PLUG_OUT, &row->plug_out)
         && take_instant (self, TW_AT_CHARGE_START, &row->charge_start)
         && take_instant (self, TW_AT_CHARGE_END, &row->charge_end)
         && take_seconds (self, TW_AT_CHARGING_S, &row->charging_s)
         && take_seconds (self, TW_AT_OCCUPIED_S, &row->occupied_s);
}

static gboolean
take_customer (TwSessionReader *self,
               TwSessionRow    *row)
{
  TwChars token = cell_at (self, TW_AT_CUSTOMER);
  gint64 epoch;

  if (token.n > 0 && !tw_value_token (token, &row->customer))
    return refuse (self, TW_AT_CUSTOMER, "a keyed token in hex, and nothing that names a person");
  if (!take_seconds (self, TW_AT_EPOCH, &epoch))
    return FALSE;
  if (epoch != TW_UNKNOWN && (epoch < 0 || epoch > G_MAXINT32))
    return refuse (self, TW_AT_EPOCH, "the number of the key");
  row->epoch = epoch != TW_UNKNOWN ? (gint32) epoch : 0;
  return TRUE;
}

static gboolean
take_words (TwSessionReader *self,
            TwSessionRow    *row)
{
  static const char *const kinds[] = { "AC", "DC", NULL };
  int kind, means, ending;

  if (!take_word (self, TW_AT_KIND, kinds, &kind) || !take_word (self, TW_AT_MEANS, TW_MEANS_NAMES, &means)
      || !take_word (self, TW_AT_ENDING, TW_ENDING_NAMES, &ending))
    return FALSE;
  row->direct_current = kind == 1;
  row->means = (TwMeans) means;
  row->ending = (TwEnding) ending;
  return TRUE;
}

gboolean
tw_session_reader_take (TwSessionReader *self,
                        TwSessionRow    *row)
{
  *row = (TwSessionRow) { .line = tw_rows_line (self->rows) };
  if (tw_rows_n_cells (self->rows) != self->n_cells)
    {
      g_string_printf (self->refusal, "%u cells, and the header has %u: is the line cut off, or a delimiter in a text "
                       "without quotes?", tw_rows_n_cells (self->rows), self->n_cells);
      return FALSE;
    }
  tw_rows_cells (self->rows, self->at, TW_N_SESSION_COLUMNS, self->cells);
  if (self->foreign != NULL)
    return tw_foreign_take (self->foreign, self->rows, row, self->refusal);
  row->connector = tw_text_of (cell_at (self, TW_AT_CONNECTOR));
  row->tariff = tw_text_of (cell_at (self, TW_AT_TARIFF));
  row->flags = tw_value_source_flags (cell_at (self, TW_AT_QUALITY));
  row->session = tw_text_of (cell_at (self, TW_AT_SESSION));
  return take_name (self, TW_AT_SITE, &row->site)
         && take_name (self, TW_AT_EVSE, &row->evse) && take_zone (self, row) && take_times (self, row)
         && take_milli (self, TW_AT_ENERGY, &row->energy_wh) && take_milli (self, TW_AT_MAX_POWER, &row->max_power_w)
         && take_milli (self, TW_AT_RATED_POWER, &row->rated_power_w) && take_words (self, row)
         && take_customer (self, row) && take_money (self, row);
}
