/* SPDX-License-Identifier: Apache-2.0 */
/* Adyen's settlement details report (facts: settlement-files.md section 2). Major units with a point; the column is the
 * direction: credit to us, debit from us.
 */
#include "payment/reconcile/readers/formats.h"

#include "payment/money/money.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/conversion.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/reading.h"

#include <string.h>

enum
{
  COMPANY, ACCOUNT, PSP, REFERENCE, METHOD, CREATED, ZONE, TYPE, CHANGE, GROSS_CURRENCY, GROSS_DEBIT, GROSS_CREDIT,
  RATE, NET_CURRENCY, NET_DEBIT, NET_CREDIT, COMMISSION, MARKUP, SCHEME, INTERCHANGE, DCC, BATCH, PAYABLE, TERMINAL,
  N_COLUMNS
};

static const TwColumn columns[N_COLUMNS] = {
  [COMPANY] = { FALSE, { "Company Account" } },
  [ACCOUNT] = { TRUE, { "Merchant Account" } },
  [PSP] = { TRUE, { "Psp Reference" } },
  [REFERENCE] = { TRUE, { "Merchant Reference" } },
  [METHOD] = { FALSE, { "Payment Method" } },
  [CREATED] = { TRUE, { "Creation Date" } },
  [ZONE] = { FALSE, { "TimeZone", "Time Zone" } },
  [TYPE] = { TRUE, { "Type", "Journal Type" } },
  [CHANGE] = { TRUE, { "Modification Reference" } },
  [GROSS_CURRENCY] = { TRUE, { "Gross Currency" } },
  [GROSS_DEBIT] = { TRUE, { "Gross Debit (GC)" } },
  [GROSS_CREDIT] = { TRUE, { "Gross Credit (GC)" } },
  [RATE] = { FALSE, { "Exchange Rate" } },
  [NET_CURRENCY] = { TRUE, { "Net Currency" } },
  [NET_DEBIT] = { TRUE, { "Net Debit (NC)" } },
  [NET_CREDIT] = { TRUE, { "Net Credit (NC)" } },
  [COMMISSION] = { FALSE, { "Commission (NC)" } },
  [MARKUP] = { FALSE, { "Markup (NC)" } },
  [SCHEME] = { FALSE, { "Scheme Fees (NC)" } },
  [INTERCHANGE] = { FALSE, { "Interchange (NC)" } },
  [DCC] = { FALSE, { "DCC Markup (NC)" } },
  [BATCH] = { TRUE, { "Batch Number" } },
  [PAYABLE] = { FALSE, { "Payable Date" } },
  [TERMINAL] = { FALSE, { "Terminal ID" } },
};

/* sign: of the gross, 0 if either will do. */
typedef struct { const char *type; TwSettledKind kind; int sign; } Type;

static const Type types[] = {
  { "Settled", TW_SETTLED_SALE, 1 },
  { "Refunded", TW_SETTLED_REFUND, -1 },
  { "RefundedReversed", TW_SETTLED_REFUND_REVERSED, 1 },
  { "Chargeback", TW_SETTLED_CHARGEBACK, -1 },
  { "SecondChargeback", TW_SETTLED_CHARGEBACK, -1 },
  { "ChargebackReversed", TW_SETTLED_CHARGEBACK_REVERSED, 1 },
  { "Fee", TW_SETTLED_FEE, 0 },
  { "MiscCosts", TW_SETTLED_FEE, 0 },
  { "PaymentCost", TW_SETTLED_FEE, 0 },
  { "DepositCorrection", TW_SETTLED_RESERVE, 0 },
  { "ReserveAdjustment", TW_SETTLED_RESERVE, 0 },
  { "Advancement", TW_SETTLED_ADVANCE, 0 },
  { "AdvancementCommission", TW_SETTLED_ADVANCE, 0 },
  { "Balancetransfer", TW_SETTLED_CARRY_OVER, 0 },
  { "BankInstructionReturned", TW_SETTLED_CARRY_OVER, 0 },
  { "InvoiceDeduction", TW_SETTLED_ADJUSTMENT, 0 },
  { "MatchedStatement", TW_SETTLED_ADJUSTMENT, 0 },
  { "ManualCorrected", TW_SETTLED_ADJUSTMENT, 0 },
  { "MerchantPayin", TW_SETTLED_ADJUSTMENT, 0 },
  { "MerchantPayinReversed", TW_SETTLED_ADJUSTMENT, 0 },
  { "MerchantPayout", TW_SETTLED_PAYOUT, 0 },
  { "SettledBulk", TW_SETTLED_BULK, 1 },
  { "RefundedBulk", TW_SETTLED_BULK, -1 },
};

static const Type other = { NULL, TW_SETTLED_OTHER, 0 };

typedef struct
{
  TwTable *table;               /* the first, for TwTableFormat */
  TwReading *reading;
  TwZones *zones;
  int at[N_COLUMNS];
  TwChars cells[N_COLUMNS];     /* of this row */
} Adyen;

static const Type *
find_type (TwChars cell)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (tw_cell_is (cell, types[i].type))
      return &types[i];

  return &other;
}

/* Credit less debit, of which at most one is not zero and none is negative. */
static gboolean
read_amount (Adyen       *self,
             int          debit_column,
             int          credit_column,
             const char  *currency,
             gint64      *amount,
             GError     **error)
{
  const int columns_[] = { self->at[debit_column], self->at[credit_column] };
  gint64 sides[2] = { TW_NOT_STATED, TW_NOT_STATED };

  for (guint i = 0; i < 2; i++)
    {
      if (self->cells[i == 0 ? debit_column : credit_column].n == 0)
        continue;
      if (!tw_table_money (self->table, columns_[i], currency, FALSE, &sides[i], error))
        return FALSE;
      if (sides[i] != TW_NOT_STATED && sides[i] < 0)
        return tw_table_refuse (self->table, columns_[i], error, "negative, where the column is the direction");
    }
  if (sides[0] == TW_NOT_STATED && sides[1] == TW_NOT_STATED)
    {
      *amount = TW_NOT_STATED;
      return TRUE;
    }
  for (guint i = 0; i < 2; i++)
    if (sides[i] == TW_NOT_STATED)
      sides[i] = 0;
  if (sides[0] != 0 && sides[1] != 0)
    return tw_table_refuse (self->table, columns_[0], error, "a debit, and a credit too");
  *amount = sides[1] - sides[0];

  return TRUE;
}

/* The parts that are there; TW_NOT_STATED: the report has no column of them. */
static gboolean
read_fee (Adyen      *self,
          TwSettled  *line,
          GError    **error)
{
  gint64 commission = 0, parts = 0;
  gboolean any_column = FALSE;

  for (int column = COMMISSION; column <= DCC; column++)
    {
      gint64 *sum = column == COMMISSION ? &commission : &parts;
      gint64 part;

      any_column |= self->at[column] >= 0;
      if (self->cells[column].n == 0)
        continue;
      if (!tw_table_money (self->table, self->at[column], line->net_currency, FALSE, &part, error))
        return FALSE;
      if (part != TW_NOT_STATED && __builtin_add_overflow (*sum, part, sum))
        return tw_table_refuse (self->table, self->at[column], error, "the fees are too large");
    }
  if (commission != 0 && parts != 0)
    return tw_table_refuse (self->table, self->at[COMMISSION], error,
                            "a blended commission, and interchange++ parts too");
  line->fee = any_column ? commission + parts : TW_NOT_STATED;

  return TRUE;
}

/* Rows without a sale have a net alone: a fee is all fee, the rest has none. */
static void
complete (TwSettled *line)
{
  if (line->kind == TW_SETTLED_FEE)
    line->fee = -line->net;
  else if (line->fee == TW_NOT_STATED)
    line->fee = 0;
  line->gross = line->net + line->fee;
  memcpy (line->currency, line->net_currency, 4);
}

/* Section 2: fee = gross - net, exactly in one currency, and within a minor unit behind an exchange rate. */
static gboolean
check_amounts (Adyen      *self,
               TwSettled  *line,
               GError    **error)
{
  gint64 left;

  if (line->net == TW_NOT_STATED)
    return line->kind == TW_SETTLED_OTHER
        || tw_table_refuse (self->table, self->at[NET_CREDIT], error, "neither a net credit nor a net debit");
  if (line->gross == TW_NOT_STATED)
    {
      if (line->kind != TW_SETTLED_FEE && line->fee != TW_NOT_STATED && line->fee != 0)
        return tw_table_refuse (self->table, self->at[GROSS_CREDIT], error, "fees without a gross amount");
      complete (line);
      return TRUE;
    }
  if (strcmp (line->currency, line->net_currency) != 0)
    return tw_conversion_check (self->table, self->at[RATE], line, error);
  if (__builtin_sub_overflow (line->gross, line->net, &left))
    return tw_table_refuse (self->table, self->at[NET_CREDIT], error, "too large");
  if (line->fee == TW_NOT_STATED || line->kind == TW_SETTLED_FEE)
    line->fee = left;
  if (line->fee != left)
    return tw_table_refuse (self->table, self->at[NET_CREDIT], error, "gross less net is %" G_GINT64_FORMAT
                            " minor units, and the fees are %" G_GINT64_FORMAT, left, line->fee);

  return TRUE;
}

static gboolean
read_currencies (Adyen      *self,
                 TwSettled  *line,
                 GError    **error)
{
  if (!tw_table_currency (self->table, self->at[NET_CURRENCY], line->net_currency, error))
    return FALSE;
  if (self->cells[GROSS_CURRENCY].n > 0)
    return tw_table_currency (self->table, self->at[GROSS_CURRENCY], line->currency, error);
  memcpy (line->currency, line->net_currency, 4);

  return TRUE;
}

static gboolean
read_times (Adyen      *self,
            TwSettled  *line,
            GError    **error)
{
  const TwChars created = self->cells[CREATED], payable = self->cells[PAYABLE];
  TwZone *zone = tw_zones_find (self->zones, self->cells[ZONE]);
  gint32 day;

  if (zone == NULL)
    return tw_table_refuse (self->table, self->at[ZONE] < 0 ? self->at[CREATED] : self->at[ZONE], error,
                            "no time zone that we know: state one for this file, such as Europe/Amsterdam");
  if (!tw_instant_parse (created, zone, &line->occurred_us))
    return tw_table_refuse (self->table, self->at[CREATED], error, "not a time: expected YYYY-MM-DD HH:MM:SS");
  line->available_us = TW_NOT_STATED;
  if (payable.n == 0)
    return TRUE;
  if (tw_day_parse (payable, &day))
    line->available_us = tw_zone_to_us (zone, (gint64) day * 24 * 3600);
  else if (!tw_instant_parse (payable, zone, &line->available_us))
    return tw_table_refuse (self->table, self->at[PAYABLE], error, "not a date: expected YYYY-MM-DD");

  return TRUE;
}

static gboolean
check_type (Adyen            *self,
            const Type       *type,
            const TwSettled  *line,
            GError          **error)
{
  const int sign = line->gross == TW_NOT_STATED || line->gross == 0 ? 0 : line->gross < 0 ? -1 : 1;

  if (type->sign != 0 && line->gross == TW_NOT_STATED)
    return tw_table_refuse (self->table, self->at[GROSS_CREDIT], error, "%s without a gross amount", type->type);
  if (type->sign != 0 && sign != 0 && sign != type->sign)
    return tw_table_refuse (self->table, self->at[TYPE], error, "%s, and its gross is a %s", type->type,
                            sign < 0 ? "debit" : "credit");
  if (type->kind <= TW_SETTLED_CHARGEBACK_REVERSED && line->psp_ref.n == 0)
    return tw_table_refuse (self->table, self->at[PSP], error, "%s without a reference", type->type);
  if (type->kind == TW_SETTLED_PAYOUT && line->batch.n == 0)
    return tw_table_refuse (self->table, self->at[BATCH], error, "a payout without a batch");

  return TRUE;
}

/* Batch, type, references, currency, amounts (section 2); the account, because batches are numbered by account. */
static void
make_key (Adyen     *self,
          TwSettled *line)
{
  const TwChars parts[] = { line->account, line->batch, line->raw_kind, line->psp_ref, line->change_ref,
                            { line->currency, 3 }, { line->net_currency, 3 } };

  tw_reading_key_begin (self->reading);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    tw_reading_key_text (self->reading, parts[i]);
  tw_reading_key_number (self->reading, line->gross);
  tw_reading_key_number (self->reading, line->net);
  line->key = tw_reading_key (self->reading);
}

/* What is a text alone. */
static TwSettled
begin_line (const Adyen *self,
            const Type  *type)
{
  const TwChars *cells = self->cells;

  return (TwSettled) {
    .origin = { self->reading->index, tw_table_line (self->table), tw_table_place (self->table) },
    .kind = type->kind, .source = { "adyen", 5 }, .account = cells[ACCOUNT], .payment_ref = cells[REFERENCE],
    .psp_ref = cells[PSP], .change_ref = cells[CHANGE], .terminal = cells[TERMINAL], .method = cells[METHOD],
    .raw_kind = cells[TYPE], .batch = cells[BATCH],
    .dispute_fee = TW_NOT_STATED, .day = G_MININT32,
  };
}

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Adyen *self = format;
  const TwTable *table = self->table;
  const Type *type;
  TwSettled line;
  gint64 batch;

  tw_table_cells (table, self->at, N_COLUMNS, self->cells);
  type = find_type (self->cells[TYPE]);
  line = begin_line (self, type);
  if (line.raw_kind.n == 0)
    return tw_table_refuse (table, self->at[TYPE], error, "empty: is this a line of totals?");
  if (type->kind != TW_SETTLED_SALE && type->kind <= TW_SETTLED_CHARGEBACK_REVERSED)
    line.related_ref = line.psp_ref;
  if (!tw_table_integer (table, self->at[BATCH], &batch, error)
      || !read_currencies (self, &line, error)
      || !read_times (self, &line, error)
      || !read_amount (self, GROSS_DEBIT, GROSS_CREDIT, line.currency, &line.gross, error)
      || !read_amount (self, NET_DEBIT, NET_CREDIT, line.net_currency, &line.net, error)
      || !read_fee (self, &line, error)
      || !check_type (self, type, &line, error)
      || !check_amounts (self, &line, error))
    return FALSE;
  make_key (self, &line);

  return tw_reading_line (self->reading, &line, tw_table_bytes_read (table), tw_table_size (table), error);
}

static void
adyen_free (gpointer format)
{
  Adyen *self = format;

  tw_table_free (self->table);
  tw_zones_free (self->zones);
  g_free (self);
}

static gpointer
adyen_open (TwReading        *reading,
            const TwProfile  *profile,
            GError          **error)
{
  static const char *const header_has[] = { "Psp Reference", NULL };
  Adyen *self = g_new0 (Adyen, 1);

  self->reading = reading;
  self->table = tw_reading_open (reading, header_has, error);
  self->zones = self->table ? tw_zones_new (profile->time_zone, error) : NULL;
  if (self->zones && tw_columns_find (self->table, reading->path, columns, N_COLUMNS, self->at, error))
    return self;
  adyen_free (self);

  return NULL;
}

const TwTableFormat TW_FORMAT_ADYEN = { "adyen", adyen_open, read_row, NULL, adyen_free };

TW_READER (tw_read_adyen)
{
  return tw_reading_all (&TW_FORMAT_ADYEN, path, index, profile, intake, import, error);
}
