/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sales-csv.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/money/money.h"
#include "payment/reconcile/readers/reading.h"
#include "payment/reconcile/readers/sale-columns.h"
#include "payment/reconcile/readers/when.h"

#include <string.h>

const char *const TW_SALES_CSV_HAS[] = { "settlement_ref", "repriced_minor", NULL };

typedef struct
{
  TwTable   *table;           /* the first, for TwTableFormat */
  TwReading *reading;
  int        at[TW_N_SALE_COLUMNS];
  char       known_currency[4];
  guint64    n_test;
} Csv;

static gboolean
refuse (const Csv  *self,
        guint       column,
        const char *expected,
        GError    **error)
{
  TwChars cell = tw_table_cell (self->table, self->at[column]);
  g_autofree char *copy = g_strndup (cell.text, MIN (cell.n, 200));
  g_autofree char *printable = tw_text_printable (copy, 40);

  return tw_table_refuse (self->table, self->at[column], error, "\"%s\": expected %s", printable, expected);
}

/* What fits into 18 digits, which is more than any sale's; optional minus. Empty: not stated. */
static inline gboolean
read_number (TwChars  cell,
             gint64  *value)
{
  gboolean minus = cell.n > 0 && cell.text[0] == '-';
  gint64 result = 0;

  *value = TW_NOT_STATED;
  if (cell.n == 0)
    return TRUE;
  if (cell.n - minus < 1 || cell.n - minus > 18)
    return FALSE;
  for (guint32 i = minus; i < cell.n; i++)
    {
      guint digit = (guint) (guchar) cell.text[i] - '0';

      if (digit > 9)
        return FALSE;
      result = result * 10 + digit;
    }
  *value = minus ? -result : result;

  return TRUE;
}

static gboolean
read_count (TwChars  cell,
            guint64 *value)
{
  gint64 number;

  if (!read_number (cell, &number) || (number < 0 && number != TW_NOT_STATED))
    return FALSE;
  *value = number == TW_NOT_STATED ? 0 : (guint64) number;

  return TRUE;
}

static gboolean
is (TwChars     cell,
    const char *text)
{
  return cell.n == strlen (text) && memcmp (cell.text, text, cell.n) == 0;
}

static gboolean
read_flag (TwChars   cell,
           gboolean *value)
{
  *value = is (cell, "true") || is (cell, "yes");

  return *value || is (cell, "false") || is (cell, "no");
}

/* Nearly all are of one. */
static gboolean
read_state (TwChars      cell,
            TwSaleState *state)
{
  *state = TW_SALE_CAPTURED;
  if (is (cell, "captured"))
    return TRUE;
  for (guint i = 0; i < TW_N_SALE_STATES; i++)
    if (is (cell, TW_SALE_STATES[i]))
      {
        *state = (TwSaleState) i;
        return TRUE;
      }

  return FALSE;
}

/* The last one is asked for again and again. */
static gboolean
read_currency (TwChars  cell,
               char    *currency,
               char    *known)
{
  if (cell.n != 3)
    return FALSE;
  memcpy (currency, cell.text, 3);
  currency[3] = '\0';
  if (memcmp (currency, known, 4) == 0)
    return TRUE;
  if (tw_currency_digits (currency) < 0)
    return FALSE;
  memcpy (known, currency, 4);

  return TRUE;
}

static gboolean
read_when (TwChars  cell,
           gint64  *us)
{
  *us = TW_NOT_STATED;

  return cell.n == 0 || tw_when_read (cell, us);
}

static gboolean
read_day (TwChars  cell,
          gint32  *day)
{
  gint64 days;

  if (tw_when_read_day (cell, day))
    return TRUE;
  *day = G_MININT32;
  if (!read_number (cell, &days) || (days != TW_NOT_STATED && (days < -1000000 || days > 10000000)))
    return FALSE;
  if (days != TW_NOT_STATED)
    *day = (gint32) days;

  return TRUE;
}

static inline gboolean
read_cell (Csv     *self,
           guint    i,
           TwChars  cell,
           TwSale  *sale,
           GError **error)
{
  char *member = (char *) sale + TW_SALE_COLUMNS[i].offset;

  switch (TW_SALE_COLUMNS[i].kind)
    {
    case TW_CELL_TEXT:
      *(TwChars *) member = cell;
      return TRUE;
    case TW_CELL_CURRENCY:
      return read_currency (cell, member, self->known_currency)
             || refuse (self, i, "a currency, ISO 4217 letters such as EUR", error);
    case TW_CELL_STATE:
      return read_state (cell, (TwSaleState *) member)
             || refuse (self, i, "no-hold, held, released, captured, refused, unknown or open", error);
    case TW_CELL_FLAG:
      return read_flag (cell, (gboolean *) member) || refuse (self, i, "true or false", error);
    case TW_CELL_COUNT:
      return read_count (cell, (guint64 *) member) || refuse (self, i, "a number, or nothing", error);
    case TW_CELL_NUMBER:
      return read_number (cell, (gint64 *) member)
             || refuse (self, i, "a whole number of at most 18 digits (amounts are minor units), or nothing", error);
    case TW_CELL_WHEN:
      return read_when (cell, (gint64 *) member)
             || refuse (self, i, "a time in UTC such as 2026-11-22T20:05:00Z, or nothing", error);
    case TW_CELL_DAY:
      return read_day (cell, (gint32 *) member) || refuse (self, i, "a day such as 2026-11-22", error);
    }
  g_assert_not_reached ();
}

static guint
column_of (gsize offset)
{
  guint i = 0;

  while (TW_SALE_COLUMNS[i].offset != offset)
    i++;

  return i;
}

/* Amounts have no sign here, and money is captured in two states only: what contradicts itself proves nothing. */
static gboolean
check_sale (const Csv     *self,
            const TwSale  *sale,
            GError       **error)
{
  static const gsize AMOUNTS[] = {
    G_STRUCT_OFFSET (TwSale, captured_minor), G_STRUCT_OFFSET (TwSale, second_capture_minor),
    G_STRUCT_OFFSET (TwSale, held_minor), G_STRUCT_OFFSET (TwSale, refunded_minor),
    G_STRUCT_OFFSET (TwSale, unknown_minor), G_STRUCT_OFFSET (TwSale, advised_minor),
  };
  gboolean may_have = sale->state == TW_SALE_CAPTURED || sale->state == TW_SALE_UNKNOWN;

  for (guint i = 0; i < G_N_ELEMENTS (AMOUNTS); i++)
    {
      gint64 amount = G_STRUCT_MEMBER (gint64, sale, AMOUNTS[i]);

      if (amount < 0 && amount != TW_NOT_STATED)
        return refuse (self, column_of (AMOUNTS[i]), "an amount that is not below zero, or nothing", error);
      if (i < 2 && amount > 0 && !may_have)
        return refuse (self, column_of (AMOUNTS[i]), "no capture, because the state says that there is none", error);
    }

  return TRUE;
}

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Csv *self = format;
  TwChars cells[TW_N_SALE_COLUMNS];
  TwSale sale;

  tw_table_cells (self->table, self->at, TW_N_SALE_COLUMNS, cells);
  for (guint i = 0; i < TW_N_SALE_COLUMNS; i++)
    if (!read_cell (self, i, cells[i], &sale, error))
      return FALSE;
  sale.origin = (TwOrigin) { self->reading->index, tw_table_line (self->table), tw_table_place (self->table) };
  self->n_test += sale.test_mode;
  if (sale.session.n == 0)
    return tw_table_refuse (self->table, self->at[0], error, "a sale without a session");
  if (!check_sale (self, &sale, error))
    return FALSE;

  return tw_reading_sale (self->reading, &sale, tw_table_bytes_read (self->table), tw_table_size (self->table),
                          error);
}

static gboolean
find_columns (Csv         *self,
              const char  *path,
              GError     **error)
{
  TwColumn columns[TW_N_SALE_COLUMNS];

  for (guint i = 0; i < TW_N_SALE_COLUMNS; i++)
    columns[i] = (TwColumn) { TRUE, { TW_SALE_COLUMNS[i].name } };
  if (!tw_columns_find (self->table, path, columns, TW_N_SALE_COLUMNS, self->at, error))
    return FALSE;
  if (tw_table_n_columns (self->table) > TW_N_SALE_COLUMNS)
    tw_reading_note (self->reading, "%s: %u columns more than this version knows were left alone", path,
                     tw_table_n_columns (self->table) - TW_N_SALE_COLUMNS);

  return TRUE;
}

static void
csv_end (gpointer format)
{
  const Csv *self = format;

  if (self->n_test > 0)
    tw_reading_note (self->reading, "%" G_GUINT64_FORMAT " sales in test mode: no real money", self->n_test);
}

static void
csv_free (gpointer format)
{
  Csv *self = format;

  tw_table_free (self->table);
  g_free (self);
}

static gpointer
csv_open (TwReading        *reading,
          const TwProfile  *profile,
          GError          **error)
{
  Csv *self = g_new0 (Csv, 1);

  self->reading = reading;
  self->table = tw_reading_open (reading, TW_SALES_CSV_HAS, error);
  if (self->table != NULL && find_columns (self, reading->path, error))
    return self;
  csv_free (self);

  return NULL;
}

const TwTableFormat TW_FORMAT_SALES_CSV = { "sales-csv", csv_open, read_row, csv_end, csv_free };

TW_READER (tw_read_sales_csv)
{
  return tw_reading_all (&TW_FORMAT_SALES_CSV, path, index, profile, intake, import, error);
}
