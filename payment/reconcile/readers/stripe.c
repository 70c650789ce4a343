/* SPDX-License-Identifier: Apache-2.0 */
/* Stripe's itemized reports: payout reconciliation, balance change from activity, payouts (facts: settlement-files.md
 * section 3). Any subset of columns in any order. Major units, signed; fee positive for cost.
 */
#include "payment/reconcile/readers/formats.h"

#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/reading.h"

#include <string.h>

enum
{
  KEY, CREATED_UTC, CREATED, CURRENCY, GROSS, FEE, NET, CATEGORY, AVAILABLE_UTC, AVAILABLE, AUTOMATIC_PAYOUT, PAYOUT,
  EFFECTIVE_UTC, EFFECTIVE, SOURCE, CHARGE, INTENT, BRAND, METHOD, TRACE, TRACE_STATUS, N_FIXED,
  PAYMENT_REF = N_FIXED, REFUND_REF, N_COLUMNS
};

static const TwColumn columns[N_FIXED] = {
  [KEY] = { TRUE, { "balance_transaction_id" } },
  [CREATED_UTC] = { FALSE, { "created_utc", "effective_at_utc" } },
  [CREATED] = { FALSE, { "created", "effective_at" } },
  [CURRENCY] = { TRUE, { "currency" } },
  [GROSS] = { TRUE, { "gross" } },
  [FEE] = { TRUE, { "fee" } },
  [NET] = { TRUE, { "net" } },
  [CATEGORY] = { TRUE, { "reporting_category" } },
  [AVAILABLE_UTC] = { FALSE, { "available_on_utc" } },
  [AVAILABLE] = { FALSE, { "available_on" } },
  [AUTOMATIC_PAYOUT] = { FALSE, { "automatic_payout_id" } },
  [PAYOUT] = { FALSE, { "payout_id" } },
  [EFFECTIVE_UTC] = { FALSE, { "automatic_payout_effective_at_utc" } },
  [EFFECTIVE] = { FALSE, { "automatic_payout_effective_at" } },
  [SOURCE] = { FALSE, { "source_id" } },
  [CHARGE] = { FALSE, { "charge_id" } },
  [INTENT] = { FALSE, { "payment_intent_id" } },
  [BRAND] = { FALSE, { "card_brand" } },
  [METHOD] = { FALSE, { "payment_method_type" } },
  [TRACE] = { FALSE, { "trace_id" } },
  [TRACE_STATUS] = { FALSE, { "trace_id_status" } },
};

/* sign: of the gross, 0 if either will do. */
typedef struct { const char *category; TwSettledKind kind; int sign; } Category;

static const Category categories[] = {
  { "charge", TW_SETTLED_SALE, 1 },
  { "refund", TW_SETTLED_REFUND, -1 },
  { "refund_failure", TW_SETTLED_REFUND_REVERSED, 1 },
  { "dispute", TW_SETTLED_CHARGEBACK, -1 },
  { "dispute_reversal", TW_SETTLED_CHARGEBACK_REVERSED, 1 },
  { "fee", TW_SETTLED_FEE, 0 },
  { "network_cost", TW_SETTLED_FEE, 0 },
  { "tax", TW_SETTLED_FEE, 0 },
  { "payout", TW_SETTLED_PAYOUT, 0 },
  { "payout_reversal", TW_SETTLED_CARRY_OVER, 0 },
  { "reserve_transaction", TW_SETTLED_RESERVE, 0 },
  { "reserved_funds", TW_SETTLED_RESERVE, 0 },
  { "risk_reserved_funds", TW_SETTLED_RESERVE, 0 },
  { "reserve_hold", TW_SETTLED_RESERVE, 0 },
  { "reserve_release", TW_SETTLED_RESERVE, 0 },
  { "payout_minimum_balance_hold", TW_SETTLED_RESERVE, 0 },
  { "payout_minimum_balance_release", TW_SETTLED_RESERVE, 0 },
  { "advance", TW_SETTLED_ADVANCE, 0 },
  { "advance_funding", TW_SETTLED_ADVANCE, 0 },
  { "anticipation_repayment", TW_SETTLED_ADVANCE, 0 },
  { "financing_payout", TW_SETTLED_ADVANCE, 0 },
  { "financing_payout_reversal", TW_SETTLED_ADVANCE, 0 },
  { "financing_paydown", TW_SETTLED_ADVANCE, 0 },
  { "financing_paydown_reversal", TW_SETTLED_ADVANCE, 0 },
  { "other_adjustment", TW_SETTLED_ADJUSTMENT, 0 },
  { "topup", TW_SETTLED_ADJUSTMENT, 0 },
  { "topup_reversal", TW_SETTLED_ADJUSTMENT, 0 },
};

static const Category other = { NULL, TW_SETTLED_OTHER, 0 };

typedef struct
{
  TwReading *reading;
  TwTable *table;
  TwZones *zones;
  int at[N_COLUMNS];
} Stripe;

static const Category *
find_category (TwChars cell)
{
  for (guint i = 0; i < G_N_ELEMENTS (categories); i++)
    if (tw_cell_is (cell, categories[i].category))
      return &categories[i];

  return &other;
}

/* The first of the columns that has something in it. */
static TwChars
first_of (const Stripe *self,
          int           a,
          int           b)
{
  const TwChars cell = tw_table_cell (self->table, self->at[a]);

  return cell.n > 0 ? cell : tw_table_cell (self->table, self->at[b]);
}

/* The objects of Stripe's interface have the same names and minor units: whoever exports those writes no point. */
static gboolean
read_amount (Stripe      *self,
             int          column,
             const char  *currency,
             gint64      *minor,
             GError     **error)
{
  const TwChars cell = tw_table_cell (self->table, self->at[column]);

  if (!tw_table_money (self->table, self->at[column], currency, FALSE, minor, error))
    return FALSE;
  if (*minor == TW_NOT_STATED)
    return tw_table_refuse (self->table, self->at[column], error, "empty");
  if (*minor != 0 && tw_cell_digits (currency) > 0 && memchr (cell.text, '.', cell.n) == NULL)
    return tw_table_refuse (self->table, self->at[column], error, "no decimals: these look like minor units, as in "
                            "Stripe's API; take the report, which has major units");

  return TRUE;
}

static gboolean
read_amounts (Stripe     *self,
              TwSettled  *line,
              GError    **error)
{
  gint64 net;

  if (!tw_table_currency (self->table, self->at[CURRENCY], line->currency, error))
    return FALSE;
  memcpy (line->net_currency, line->currency, 4);
  if (!read_amount (self, GROSS, line->currency, &line->gross, error)
      || !read_amount (self, FEE, line->currency, &line->fee, error)
      || !read_amount (self, NET, line->currency, &line->net, error))
    return FALSE;
  if (__builtin_sub_overflow (line->gross, line->fee, &net) || net != line->net)
    return tw_table_refuse (self->table, self->at[NET], error, "net is not gross less fee");
  if (line->kind == TW_SETTLED_FEE)
    {
      line->gross = 0;
      line->fee = -line->net;
    }
  if (line->kind == TW_SETTLED_CHARGEBACK)
    line->dispute_fee = line->fee;

  return TRUE;
}

/* Dates are midnights. */
static gboolean
read_time (Stripe     *self,
           int         utc_column,
           int         column,
           gint64     *us,
           GError    **error)
{
  const gboolean is_utc = tw_table_cell (self->table, self->at[utc_column]).n > 0;
  const int at = self->at[is_utc ? utc_column : column];
  const TwChars cell = tw_table_cell (self->table, at);
  TwZone *zone = is_utc ? tw_zones_find (self->zones, (TwChars) { "UTC", 3 })
                        : tw_zones_find (self->zones, (TwChars) { "", 0 });
  gint32 day;

  *us = TW_NOT_STATED;
  if (cell.n == 0)
    return TRUE;
  if (zone && tw_day_parse (cell, &day))
    *us = tw_zone_to_us (zone, (gint64) day * 24 * 3600);
  else if (!tw_instant_parse (cell, zone, us))
    return tw_table_refuse (self->table, at, error, zone ? "not a time: expected YYYY-MM-DD HH:MM:SS" :
                            "in the account's time zone, which the file does not tell: choose the column "
                            "created_utc, or state a time zone for this file");

  return TRUE;
}

/* Of the two only the one in UTC is sure; without a zone the other is left alone. */
static gboolean
read_sure_time (Stripe   *self,
                int       utc_column,
                int       column,
                gint64   *us,
                GError  **error)
{
  if (tw_table_cell (self->table, self->at[utc_column]).n > 0
      || tw_zones_find (self->zones, (TwChars) { "", 0 }) != NULL)
    return read_time (self, utc_column, column, us, error);
  *us = TW_NOT_STATED;

  return TRUE;
}

/* A payout is at the bank when it takes effect, which may be weeks after its lines became available. */
static gboolean
read_times (Stripe     *self,
            TwSettled  *line,
            GError    **error)
{
  if (!read_time (self, CREATED_UTC, CREATED, &line->occurred_us, error))
    return FALSE;
  if (line->occurred_us == TW_NOT_STATED)
    return tw_table_refuse (self->table, self->at[CREATED_UTC] < 0 ? self->at[CREATED] : self->at[CREATED_UTC], error,
                            "empty");
  if (!read_sure_time (self, EFFECTIVE_UTC, EFFECTIVE, &line->available_us, error))
    return FALSE;

  return line->available_us != TW_NOT_STATED
      || read_sure_time (self, AVAILABLE_UTC, AVAILABLE, &line->available_us, error);
}

static gboolean
check (Stripe           *self,
       const Category   *category,
       const TwSettled  *line,
       GError          **error)
{
  const int sign = (line->gross > 0) - (line->gross < 0);

  if (category->sign != 0 && sign != 0 && sign != category->sign)
    return tw_table_refuse (self->table, self->at[GROSS], error, "a %s that is %s", category->category,
                            sign < 0 ? "negative" : "positive");
  if (line->key.n == 0)
    return tw_table_refuse (self->table, self->at[KEY], error, "empty: a line without its key");

  return TRUE;
}

static TwChars
find_batch (const Stripe  *self,
            TwSettledKind  kind)
{
  const TwChars payout = first_of (self, AUTOMATIC_PAYOUT, PAYOUT);

  return payout.n == 0 && kind == TW_SETTLED_PAYOUT ? tw_table_cell (self->table, self->at[SOURCE]) : payout;
}

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Stripe *self = format;
  const TwTable *table = self->table;
  const Category *category = find_category (tw_table_cell (table, self->at[CATEGORY]));
  const TwChars charge = tw_table_cell (table, self->at[CHARGE]);
  const TwChars status = tw_table_cell (table, self->at[TRACE_STATUS]);
  TwSettled line = {
    .origin = { self->reading->index, tw_table_line (table) },
    .kind = category->kind,
    .source = { "stripe", 6 },
    .key = tw_table_cell (table, self->at[KEY]),
    .payment_ref = first_of (self, PAYMENT_REF, REFUND_REF),
    .psp_ref = first_of (self, INTENT, CHARGE),
    .change_ref = category->kind == TW_SETTLED_SALE ? first_of (self, CHARGE, SOURCE)
                                                    : tw_table_cell (table, self->at[SOURCE]),
    .method = first_of (self, BRAND, METHOD),
    .raw_kind = tw_table_cell (table, self->at[CATEGORY]),
    .batch = find_batch (self, category->kind),
    .dispute_fee = TW_NOT_STATED,
    .available_us = TW_NOT_STATED,
    .day = G_MININT32,
  };

  if (line.raw_kind.n == 0)
    return tw_table_refuse (table, self->at[CATEGORY], error, "empty: is this a line of totals?");
  if (category->kind != TW_SETTLED_SALE && category->kind <= TW_SETTLED_CHARGEBACK_REVERSED)
    line.related_ref = charge;
  if (category->kind == TW_SETTLED_PAYOUT && !tw_cell_is (status, "pending"))
    line.bank_trace = tw_table_cell (table, self->at[TRACE]);
  if (!read_amounts (self, &line, error) || !read_times (self, &line, error) || !check (self, category, &line, error))
    return FALSE;

  return tw_reading_line (self->reading, &line, tw_table_bytes_read (table), tw_table_size (table), error);
}

/* Columns with our reference in them, and what cannot be checked without others. */
static gboolean
find_columns (Stripe           *self,
              const TwProfile  *profile,
              GError          **error)
{
  const char *key = profile->reference_key ? profile->reference_key : "session";
  g_autofree char *payment = g_strdup_printf ("payment_metadata[%s]", key);
  g_autofree char *refund = g_strdup_printf ("refund_metadata[%s]", key);
  const char *path = self->reading->path;

  if (!tw_columns_find (self->table, path, columns, N_FIXED, self->at, error))
    return FALSE;
  self->at[PAYMENT_REF] = tw_table_column (self->table, (const char *[]) { payment, NULL });
  self->at[REFUND_REF] = tw_table_column (self->table, (const char *[]) { refund, NULL });
  if (self->at[CREATED_UTC] < 0 && self->at[CREATED] < 0)
    return tw_table_refuse (self->table, -1, error, "no column \"created_utc\": choose it in the report's settings");
  if (self->at[PAYMENT_REF] < 0)
    tw_reading_note (self->reading, "%s has no column \"%s\": lines are matched by Stripe's references alone",
                     path, payment);
  if (self->at[AUTOMATIC_PAYOUT] < 0 && self->at[PAYOUT] < 0)
    tw_reading_note (self->reading, "%s has no column \"automatic_payout_id\": its payouts cannot be checked", path);

  return TRUE;
}

TW_READER (tw_read_stripe)
{
  static const char *const header_has[] = { "balance_transaction_id", "reporting_category", "payout_id", NULL };
  g_autoptr (TwTable) table = tw_table_open (path, header_has, error);
  g_autoptr (TwZones) zones = table ? tw_zones_new (profile->time_zone, error) : NULL;
  g_auto (TwReading) reading = { 0 };
  Stripe self = { .reading = &reading, .table = table, .zones = zones };

  tw_reading_init (&reading, path, index, intake, import);
  if (zones == NULL || !find_columns (&self, profile, error) || !tw_reading_rows (table, read_row, &self, error))
    return FALSE;
  tw_reading_end (&reading, table, "stripe");

  return TRUE;
}
