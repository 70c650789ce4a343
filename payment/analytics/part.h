/* SPDX-License-Identifier: Apache-2.0 */
/* What one thread has taken in: see part.c. This folder's own. */
#pragma once

#include "payment/analytics/analysis.h"
#include "payment/analytics/names.h"
#include "payment/analytics/table.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define DAY_S 86400
#define HOUR_S 3600

/* Rows are from 2009 to 2099 (the gate sees to it), so seconds fit 32 bits. */
#define TW_OPEN_CHARGING (G_MAXUINT32 - 1)   /* charging_s of one still open that was charging when last heard of */

#define TW_LATEST_US (G_GINT64_CONSTANT (4102444800) * G_USEC_PER_SEC)   /* 2100-01-01 */

/* What is summed up by row. Each begins with its key. */
typedef struct
{
  guint64 customer;
  gint32  epoch;
  char    currency[4];
  gint32  first_day, last_day;
  guint32 n, n_within;
  guint64 months;
  gint64  captured_minor;
} TwCustomerSum;

typedef struct
{
  guint32  site, reason;
  guint64  customer;
  gint64   at;
  gint64   amount_minor;
  gint32   day;
  guint32  stages;
  char     currency[4];
  gboolean all_busy;
} TwVisit;

/* What the sessions that ended on a day paid: the part of a TwDayCell that is known when a row comes. */
typedef struct
{
  guint32 port, tariff;
  gint32  day;
  char    currency[4];
  guint32 n_paid, n_priced, n_captured, n_fee;
  gint64  billed_energy_wh;
  gint64  priced_minor, tax_minor, captured_minor, refunded_minor, fee_minor, chargeback_minor;
  gint64  unpaid_minor, reconciled_minor;
} TwMoneyCell;

/* rows: TwShortRow, money: TwMoneyCell, customers: TwCustomerSum, visits: TwVisit, holds: TwHoldRow. Of several parts,
 * money may come once for each that had it. */
typedef struct { TwTable rows, money, customers, visits, holds; gint64 first_s, last_s; } TwSums;

typedef struct
{
  TwAnalysis *analysis;
  TwNames     names;
  TwSums      sums;
  TwGate     *gate;
  GArray     *ports, *events;       /* of TwPortRow, TwEventRow: texts are in names.texts */
  gpointer    accumulated;          /* NULL: nobody wants more */
  gboolean    too_many;             /* a sum went over its bits */
} TwPart;

void     tw_sums_init  (TwSums *self, guint64 seed, TwBudget *budget);
void     tw_sums_clear (TwSums *self);
TwPart  *tw_part_new   (TwAnalysis *analysis, const char *source);
void     tw_part_free  (TwPart *self);
gboolean tw_part_is_well (TwPart *self, GError **error);
extern const TwRowIntakeClass tw_part_class;

/* accumulate.c: for who wants more of each row than the sums have; nothing, if nobody does. */
void     tw_part_begin_accumulating (TwPart *self);
void     tw_part_end_accumulating   (TwPart *self);
void     tw_part_accumulate         (TwPart *self, const TwSessionRow *row, const TwShortRow *short_row);
void     tw_part_merge_accumulated  (TwPart *self, const TwRanks *ranks);

/* One of each key, by key. */
void     tw_customer_sums_join (TwTable *sums);
void     tw_customer_sum_add (TwCustomerSum *self, const TwCustomerSum *more);

static inline void
tw_add32 (guint32 *sum, gint64 more, gboolean *too_many)
{
  *too_many |= __builtin_add_overflow (*sum, more, sum);
}
