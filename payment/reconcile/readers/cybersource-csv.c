/* SPDX-License-Identifier: Apache-2.0 */
/* Payment Batch Detail and Payment Submission Detail as CSV, in the three spellings of their columns. */
#include "payment/reconcile/readers/cybersource.h"
#include "payment/reconcile/readers/formats.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/cell.h"

#include <string.h>

enum
{
  BATCH, MERCHANT, BATCH_DATE, REQUEST, REFERENCE, TRANSACTION, METHOD, CURRENCY, AMOUNT, TYPE, TIME, TERMINAL,
  N_COLUMNS
};

static const TwColumn columns[N_COLUMNS] = {
  [BATCH] = { TRUE, { "batch_id", "BatchID" } },
  [MERCHANT] = { TRUE, { "merchant_id", "MerchantID" } },
  [BATCH_DATE] = { FALSE, { "batch_date", "BatchDate" } },
  [REQUEST] = { TRUE, { "request_id", "RequestID" } },
  [REFERENCE] = { TRUE, { "merchant_ref_number", "MerchantReferenceNumber" } },
  [TRANSACTION] = { FALSE, { "trans_ref_no", "TransactionReferenceNumber", "TransactionRefNumber" } },
  [METHOD] = { FALSE, { "payment_method", "PaymentMethod" } },
  [CURRENCY] = { TRUE, { "currency", "CurrencyCode" } },
  [AMOUNT] = { TRUE, { "amount" } },
  [TYPE] = { TRUE, { "transaction_type", "Application", "ApplicationName" } },
  [TIME] = { FALSE, { "transaction_date", "TransactionDate", "RequestDate" } },
  [TERMINAL] = { FALSE, { "terminal_serial_number", "TerminalSerialNumber" } },
};

typedef struct
{
  TwReading *reading;
  TwTable *table;
  TwZone *zone;
  int at[N_COLUMNS];
} Report;

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Report *self = format;
  TwCyberRow row = { .line = tw_table_line (self->table) };
  TwChars *const cells[N_COLUMNS] = {
    [BATCH] = &row.batch, [MERCHANT] = &row.merchant, [BATCH_DATE] = &row.batch_date, [REQUEST] = &row.request,
    [REFERENCE] = &row.reference, [TRANSACTION] = &row.transaction_reference, [METHOD] = &row.method,
    [CURRENCY] = &row.currency, [AMOUNT] = &row.amount, [TYPE] = &row.type, [TIME] = &row.time,
    [TERMINAL] = &row.terminal,
  };
  g_autofree char *what = NULL;
  const TwChars *where;
  TwSettled line;

  for (guint i = 0; i < N_COLUMNS; i++)
    *cells[i] = tw_table_cell (self->table, self->at[i]);
  if (!tw_cybersource_line (&row, self->zone, self->reading, &line, &where, &what))
    {
      guint i = 0;

      while (cells[i] != where)
        i++;
      return tw_table_refuse (self->table, self->at[i], error, "%s", what);
    }

  return tw_reading_line (self->reading, &line, tw_table_bytes_read (self->table), tw_table_size (self->table), error);
}

TW_READER (tw_read_cybersource_csv)
{
  static const char *const header_has[] = { "request_id", "RequestID", NULL };
  g_autoptr (TwTable) table = tw_table_open (path, header_has, error);
  g_autoptr (TwZones) zones = table ? tw_zones_new (profile->time_zone, error) : NULL;
  g_auto (TwReading) reading = { 0 };
  Report self = { .reading = &reading, .table = table };

  tw_reading_init (&reading, path, index, intake, import);
  if (zones == NULL)
    return FALSE;
  self.zone = tw_zones_find (zones, (TwChars) { "", 0 });
  if (!tw_columns_find (table, path, columns, N_COLUMNS, self.at, error)
      || !tw_reading_rows (table, read_row, &self, error))
    return FALSE;
  tw_reading_end (&reading, table, "cybersource");

  return TRUE;
}
