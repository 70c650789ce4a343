/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/session-reader.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/analytics/sources/foreign.h"
#include "payment/analytics/sources/stranger.h"
#include "payment/analytics/sources/values.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/header.h"
#include "payment/reconcile/readers/instant.h"

#include <stdarg.h>
#include <string.h>

struct _TwSessionReader
{
  char        *path;
  TwFeedTerms  terms;
  TwRows      *rows;
  TwHeader    *header;                        /* of the first part; the others borrow it */
  gboolean     owns_header;
  int          at[TW_N_SESSION_COLUMNS];
  GArray      *others;                        /* of int: columns */
  guint        n_cells;
  char         delimiter;
  TwLastDay    last_day;
  TwZones     *zones;
  char         zone[64];                      /* the last one that was found, */
  guint32      n_zone;                        /* and its length */
  GString     *refusal;
  TwForeign   *foreign;                       /* NULL: columns have our names */
};

static TwChars
cell_at (const TwSessionReader *self,
         TwSessionColumn        column)
{
  int at = self->at[column];

  return at < 0 ? (TwChars) { "", 0 } : tw_rows_cell (self->rows, (guint) at);
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
  if (cell.n == 0 || cell.n > sizeof self->zone || tw_zones_find (self->zones, cell) == NULL)
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

static gboolean
take_row (TwSessionReader *self,
          TwSessionRow    *row)
{
  *row = (TwSessionRow) { .line = tw_rows_line (self->rows) };
  if (tw_rows_n_cells (self->rows) != self->n_cells)
    {
      g_string_printf (self->refusal, "%u cells, and the header has %u: is the line cut off, or a delimiter in a text "
                       "without quotes?", tw_rows_n_cells (self->rows), self->n_cells);
      return FALSE;
    }
  if (self->foreign != NULL)
    return tw_foreign_take (self->foreign, self->rows, row, self->refusal);
  row->connector = tw_text_of (cell_at (self, TW_AT_CONNECTOR));
  row->tariff = tw_text_of (cell_at (self, TW_AT_TARIFF));
  row->flags = tw_value_source_flags (cell_at (self, TW_AT_QUALITY));
  return take_name (self, TW_AT_SESSION, &row->session) && take_name (self, TW_AT_SITE, &row->site)
         && take_name (self, TW_AT_EVSE, &row->evse) && take_zone (self, row) && take_times (self, row)
         && take_milli (self, TW_AT_ENERGY, &row->energy_wh) && take_milli (self, TW_AT_MAX_POWER, &row->max_power_w)
         && take_milli (self, TW_AT_RATED_POWER, &row->rated_power_w) && take_words (self, row)
         && take_customer (self, row) && take_money (self, row);
}

static gboolean
is_ours (const TwSessionReader *self,
         int                    column)
{
  if (self->foreign != NULL)
    return tw_foreign_uses (self->foreign, column);
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    if (self->at[i] == column)
      return TRUE;
  return FALSE;
}

static gboolean
find_columns (TwSessionReader  *self,
              GError          **error)
{
  if (self->foreign ? !tw_foreign_find (self->foreign, self->header, error)
                    : !tw_session_columns_find (self->header, self->path, self->terms.time_zone != NULL, self->at,
                                                error))
    return FALSE;
  for (guint i = 0; self->foreign && i < TW_N_SESSION_COLUMNS; i++)
    self->at[i] = tw_foreign_column (self->foreign, i);
  for (int i = 0; i < (int) self->n_cells; i++)
    if (!is_ours (self, i) && *tw_header_column_name (self->header, i) != '\0')
      g_array_append_val (self->others, i);
  return TRUE;
}

static TwSessionReader *
reader_new (const char         *path,
            const TwFeedTerms  *terms,
            GError            **error)
{
  g_autoptr (TwSessionReader) self = g_new0 (TwSessionReader, 1);

  self->path = g_strdup (path);
  self->terms = *terms;
  self->others = g_array_new (FALSE, FALSE, sizeof (int));
  self->refusal = g_string_new (NULL);
  self->zones = tw_zones_new (NULL, error);
  if (terms->mapping != NULL)
    self->foreign = tw_foreign_new (terms->mapping, terms->time_zone, error);
  return terms->mapping == NULL || self->foreign != NULL ? g_steal_pointer (&self) : NULL;
}

TwSessionReader *
tw_session_reader_open (const char         *path,
                        const TwFeedTerms  *terms,
                        guint64             end,
                        GError            **error)
{
  static const char *const ours[] = { "session_id", "plug_in", "energy_kwh", NULL };
  g_autoptr (TwSessionReader) self = reader_new (path, terms, error);
  g_auto (GStrv) theirs = self && self->foreign ? tw_foreign_header (self->foreign) : NULL;
  const char *const *has = theirs ? (const char *const *) theirs : ours;
  TwHeaderPlace place;

  if (self == NULL)
    return NULL;
  self->rows = tw_rows_open_part (path, 0, end, error);
  if (self->rows == NULL || !tw_stranger_refuse (tw_rows_peek (self->rows), path, error)
      || !tw_header_find (tw_rows_peek (self->rows), path, has, &place, error))
    return NULL;
  tw_rows_begin (self->rows, place.offset, place.line, place.delimiter);
  if (!tw_rows_next (self->rows, error))
    return NULL;
  self->owns_header = TRUE;
  self->delimiter = place.delimiter;
  self->n_cells = tw_rows_n_cells (self->rows);
  self->header = tw_header_new (self->rows, path, self->foreign != NULL, error);
  if (self->header == NULL || !find_columns (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

TwSessionReader *
tw_session_reader_open_part (const TwSessionReader  *first,
                             guint64                 begin,
                             guint64                 end,
                             guint64                 line,
                             GError                **error)
{
  g_autoptr (TwSessionReader) self = reader_new (first->path, &first->terms, error);

  if (self == NULL)
    return NULL;
  self->header = first->header;
  self->n_cells = first->n_cells;
  memcpy (self->at, first->at, sizeof self->at);
  self->rows = tw_rows_open_part (self->path, begin, end, error);
  if (self->rows == NULL || (self->foreign && !tw_foreign_find (self->foreign, self->header, error)))
    return NULL;
  tw_rows_begin (self->rows, 0, line, first->delimiter);
  return g_steal_pointer (&self);
}

void
tw_session_reader_free (TwSessionReader *self)
{
  if (self == NULL)
    return;
  tw_rows_free (self->rows);
  tw_foreign_free (self->foreign);
  if (self->owns_header)
    tw_header_free (self->header);
  g_clear_pointer (&self->zones, tw_zones_free);
  g_array_unref (self->others);
  g_string_free (self->refusal, TRUE);
  g_free (self->path);
  g_free (self);
}

TwRead
tw_session_reader_next (TwSessionReader  *self,
                        TwSessionRow     *row,
                        GError          **error)
{
  g_autoptr (GError) wrong = NULL;

  if (tw_rows_next (self->rows, &wrong))
    return take_row (self, row) ? TW_READ_ROW : TW_READ_REFUSED;
  if (wrong == NULL)
    return TW_READ_END;
  if (tw_rows_may_go_on (self->rows))
    {
      g_string_assign (self->refusal, wrong->message);
      return TW_READ_REFUSED;
    }
  g_propagate_error (error, g_steal_pointer (&wrong));
  return TW_READ_ERROR;
}

const char *
tw_session_reader_refusal (const TwSessionReader *self)
{
  return self->refusal->str;
}

guint64
tw_session_reader_line (const TwSessionReader *self)
{
  return tw_rows_line (self->rows);
}

guint64
tw_session_reader_bytes_read (const TwSessionReader *self)
{
  return tw_rows_bytes_read (self->rows);
}

TwChars
tw_session_reader_cell (const TwSessionReader *self,
                        TwSessionColumn        column)
{
  return cell_at (self, column);
}

guint
tw_session_reader_n_others (const TwSessionReader *self)
{
  return self->others->len;
}

const char *
tw_session_reader_other_name (const TwSessionReader *self,
                              guint                  i)
{
  return tw_header_column_name (self->header, g_array_index (self->others, int, i));
}

TwChars
tw_session_reader_other (const TwSessionReader *self,
                         guint                  i)
{
  return tw_rows_cell (self->rows, (guint) g_array_index (self->others, int, i));
}

gboolean
tw_session_reader_is_foreign (const TwSessionReader *self)
{
  return self->foreign != NULL;
}

gboolean
tw_session_reader_is_windows (const TwSessionReader *self)
{
  return tw_rows_is_windows (self->rows);
}
