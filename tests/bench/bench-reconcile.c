/* SPDX-License-Identifier: Apache-2.0 */
/* The reconciliation on rows that are made in memory: so many sales and as many settlement lines, one in a thousand of
 * which has something wrong, in payouts of five thousand lines with an entry at the bank each. The alternative in the
 * same run is SQLite: the same keys and amounts in two tables in memory, an index, and the joins that find the same
 * differences; it does not look at anything else, so that the comparison favours it.
 *
 *   bench-reconcile [--tap -k] [ROWS]        ROWS: 200000
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "payment/reconcile/reconcile.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define START (20700 * DAY_US)
#define BATCH 5000
#define TEXT(buffer, ...) text (buffer, g_snprintf (buffer, sizeof (buffer), __VA_ARGS__))

static guint n_rows = 200000;

static TwChars
text (const char *buffer, int n)
{
  return (TwChars) { buffer, (guint32) n };
}

/* Spread over the table as references are, and without a table. */
static guint32
scramble (guint32 i)
{
  return i * 2654435761u;
}

static gint64
amount_of (guint32 i)
{
  return 300 + scramble (i) % 6000;
}

typedef enum { GOOD, NO_LINE, OVER, TWICE, WITHOUT_OUR_REFERENCE } Fate;

static Fate
fate_of (guint32 i)
{
  return i % 1000 == 7 ? (Fate) (1 + (i / 1000) % 4) : GOOD;
}

static gint64
gross_of (guint32 i)
{
  return fate_of (i) == NO_LINE ? 0 : amount_of (i) + (fate_of (i) == OVER ? 25 : 0);
}

static void
feed_sales (TwIntake intake)
{
  for (guint32 i = 0; i < n_rows; i++)
    {
      char session[40], station[16], evse[24], ref[24], psp[24], capture[24];
      gint64 price = amount_of (i);
      TwSale sale = {
        .origin = { 0, i + 2 }, .session = TEXT (session, "%08x-1111-4222-8333-%012x", scramble (i), i),
        .station = TEXT (station, "S%04u", i % 1000), .evse = TEXT (evse, "DE*TWT*E%04u*1", i % 1000),
        .payment_ref = TEXT (ref, "TW%08x%04u", scramble (i), i % 1000), .psp_ref = TEXT (psp, "PSP%010u", i),
        .capture_ref = TEXT (capture, "CAP%010u", i), .brand = text ("visa", 4),
        .tariff_shown = text ("0123456789abcdef0123456789abcdef", 32),
        .tariff_priced = text ("0123456789abcdef0123456789abcdef", 32), .receipt_number = 1 + i / 1000,
        .currency = "EUR", .state = TW_SALE_CAPTURED, .billed = TRUE, .price_minor = price, .repriced_minor = price,
        .shown_minor = TW_NOT_STATED, .held_minor = 10000, .captured_minor = price,
        .second_capture_minor = TW_NOT_STATED, .refunded_minor = TW_NOT_STATED, .unknown_minor = TW_NOT_STATED,
        .advised_minor = TW_NOT_STATED, .energy_wh = price * 20, .energy_price_minor = 50, .energy_part_minor = price,
        .started_us = START + (gint64) i * 1000, .ended_us = START + DAY_US / 24, .captured_us = START + DAY_US / 24,
        .refunded_us = TW_NOT_STATED, .hold_until_us = START + 7 * DAY_US, .day = 20700,
      };

      g_assert_true (intake.class_->sale (intake.self, &sale, NULL));
    }
}

static void
feed_line (TwIntake intake, guint32 i, guint again)
{
  char ref[24], psp[24], key[40], batch[16];
  gint64 gross = gross_of (i);
  TwSettled line = {
    .origin = { 1, i + 2 }, .kind = TW_SETTLED_SALE, .source = text ("stripe", 6), .account = text ("ACCOUNT", 7),
    .key = TEXT (key, "txn_%010u_%u", i, again), .psp_ref = TEXT (psp, "PSP%010u", i), .method = text ("visa", 4),
    .batch = TEXT (batch, "po_%07u", i / BATCH), .currency = "EUR", .net_currency = "EUR", .gross = gross,
    .fee = 10, .net = gross - 10, .dispute_fee = TW_NOT_STATED, .occurred_us = START + DAY_US,
    .available_us = START + 2 * DAY_US, .day = G_MININT32,
  };

  if (fate_of (i) != WITHOUT_OUR_REFERENCE)
    line.payment_ref = TEXT (ref, "TW%08x%04u", scramble (i), i % 1000);
  g_assert_true (intake.class_->line (intake.self, &line, NULL));
}

static void
feed_lines (TwIntake intake)
{
  for (guint32 i = 0; i < n_rows; i++)
    if (fate_of (i) != NO_LINE)
      for (guint again = 0; again <= (fate_of (i) == TWICE); again++)
        feed_line (intake, i, again);
}

static void
feed_credits (TwIntake intake)
{
  for (guint32 first = 0; first < n_rows; first += BATCH)
    {
      char key[24], remittance[40];
      TwCredit credit = {
        .origin = { 2, first / BATCH + 1 }, .account = text ("IBAN", 4), .key = TEXT (key, "K%u", first),
        .remittance = TEXT (remittance, "PAYOUT PO_%07u", first / BATCH), .currency = "EUR", .booked_day = 20703,
        .value_day = 20703,
      };

      for (guint32 i = first; i < MIN (first + BATCH, n_rows); i++)
        if (fate_of (i) != NO_LINE)
          credit.amount += (gross_of (i) - 10) * (fate_of (i) == TWICE ? 2 : 1);
      credit.joined = credit.remittance;
      g_assert_true (intake.class_->credit (intake.self, &credit, NULL));
    }
}

typedef struct { guint n_exceptions, n_payouts; gint64 stake; } Found;

static gboolean
count_totals (gpointer data, const TwCurrencyTotals *totals, GError **error)
{
  return TRUE;
}

static gboolean
count_payout (gpointer data, const TwPayout *payout, GError **error)
{
  ((Found *) data)->n_payouts += payout->bank_minor == payout->net_minor;
  return TRUE;
}

static gboolean
count_exception (gpointer data, const TwException *exception, GError **error)
{
  ((Found *) data)->n_exceptions++;
  ((Found *) data)->stake += ABS (exception->stake_minor);
  return TRUE;
}

/* kB of this process's share of memory. */
static guint64
pss (void)
{
  g_autofree char *rollup = NULL;
  const char *at;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &rollup, NULL, NULL) || (at = strstr (rollup, "\nPss:")) == NULL)
    return 0;
  return g_ascii_strtoull (at + 5, NULL, 10);
}

static guint64 most_pss;

static gboolean
watch_memory (gpointer data, const char *stage, guint64 done, guint64 of)
{
  most_pss = done % 16 == 0 ? MAX (most_pss, pss ()) : most_pss;
  return TRUE;
}

static const TwResultClass counter = {
  .totals = count_totals, .payout = count_payout, .exception = count_exception, .progress = watch_memory,
};

/* Processor time of all threads: others' work on the machine does not show in it. */
static double
cpu_s (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

typedef struct { double wall_s, cpu_s, intake_s; } Cost;

static Cost
reconcile (Found *found)
{
  TwReconcileTerms terms;
  g_autoptr (TwReconciliation) self = NULL;
  g_autoptr (GTimer) timer = NULL;
  TwIntake intake;
  Cost cost;

  tw_reconcile_terms_init (&terms);
  terms.as_of_us = START + 30 * DAY_US;
  timer = g_timer_new ();
  cost.cpu_s = cpu_s ();
  self = tw_reconciliation_new (&terms, NULL);
  intake = tw_reconciliation_intake (self);
  feed_sales (intake);
  feed_lines (intake);
  feed_credits (intake);
  cost.intake_s = cpu_s () - cost.cpu_s;
  g_assert_true (tw_reconciliation_run (self, &counter, found, NULL));
  cost.wall_s = g_timer_elapsed (timer, NULL);
  cost.cpu_s = cpu_s () - cost.cpu_s;
  return cost;
}

static void
run_sql (sqlite3 *db, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
load (sqlite3 *db, gboolean lines)
{
  sqlite3_stmt *insert = NULL;

  sqlite3_prepare_v2 (db, lines ? "INSERT INTO lines VALUES (?, ?, ?, ?)" : "INSERT INTO sales VALUES (?, ?, ?, ?)", -1,
                      &insert, NULL);
  for (guint32 i = 0; i < n_rows; i++)
    for (guint again = 0; again <= (lines && fate_of (i) == TWICE); again++)
      {
        char ref[24], psp[24];

        if (lines && fate_of (i) == NO_LINE)
          continue;
        g_snprintf (ref, sizeof ref, "TW%08x%04u", scramble (i), i % 1000);
        g_snprintf (psp, sizeof psp, "PSP%010u", i);
        if (lines && fate_of (i) == WITHOUT_OUR_REFERENCE)
          sqlite3_bind_null (insert, 1);
        else
          sqlite3_bind_text (insert, 1, ref, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text (insert, 2, psp, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int64 (insert, 3, lines ? gross_of (i) : amount_of (i));
        sqlite3_bind_int64 (insert, 4, i / BATCH);
        sqlite3_step (insert);
        sqlite3_reset (insert);
      }
  sqlite3_finalize (insert);
}

static Cost
with_sqlite (guint *n_found)
{
  g_autoptr (GTimer) timer = g_timer_new ();
  Cost cost = { .cpu_s = cpu_s () };
  sqlite3_stmt *query = NULL;
  sqlite3 *db = NULL;

  sqlite3_open (":memory:", &db);
  run_sql (db, "CREATE TABLE sales (ref TEXT, psp TEXT, captured INTEGER, batch INTEGER);"
               "CREATE TABLE lines (ref TEXT, psp TEXT, gross INTEGER, batch INTEGER); BEGIN");
  load (db, FALSE);
  load (db, TRUE);
  run_sql (db, "COMMIT; CREATE INDEX by_ref ON lines (ref, gross);"
               "CREATE INDEX by_psp ON lines (psp) WHERE ref IS NULL");
  sqlite3_prepare_v2 (db, "SELECT s.ref, s.captured, coalesce (l.gross, p.gross) FROM sales s"
                          " LEFT JOIN (SELECT ref, sum (gross) AS gross FROM lines GROUP BY ref) l ON l.ref = s.ref"
                          " LEFT JOIN lines p ON p.psp = s.psp AND p.ref IS NULL"
                          " WHERE coalesce (l.gross, p.gross) IS NOT s.captured", -1, &query, NULL);
  for (*n_found = 0; sqlite3_step (query) == SQLITE_ROW; (*n_found)++)
    ;
  sqlite3_finalize (query);
  sqlite3_close (db);
  cost.wall_s = g_timer_elapsed (timer, NULL);
  cost.cpu_s = cpu_s () - cost.cpu_s;
  return cost;
}

static void
test_compared_with_sqlite (void)
{
  guint n_wrong = 0, n_sqlite = 0;
  Found found = { 0 };
  Cost ours, sqlite;

  for (guint32 i = 0; i < n_rows; i++)
    n_wrong += fate_of (i) != GOOD && fate_of (i) != WITHOUT_OUR_REFERENCE;
  ours = reconcile (&found);
  g_assert_cmpuint (found.n_exceptions, ==, n_wrong);
  g_assert_cmpuint (found.n_payouts, ==, (n_rows + BATCH - 1) / BATCH);
  g_test_message ("%u sales and their lines: %.2f s, %.2f s of processors (%.2f s to make and take in), %.0f rows in a "
                  "second of them, %" G_GUINT64_FORMAT " MB", n_rows, ours.wall_s, ours.cpu_s, ours.intake_s,
                  2 * n_rows / ours.cpu_s, most_pss / 1024);
  if (n_rows > 5000000)
    return;
  sqlite = with_sqlite (&n_sqlite);
  g_assert_cmpuint (n_sqlite, ==, n_wrong);
  g_test_message ("SQLite in memory, the join alone: %.2f s, %.2f s of processors; ratio %.2f, %.2f", sqlite.wall_s,
                  sqlite.cpu_s, ours.wall_s / sqlite.wall_s, ours.cpu_s / sqlite.cpu_s);
  g_assert_cmpfloat (ours.cpu_s, <, 3 * sqlite.cpu_s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_rows = (guint) CLAMP (atoi (argv[1]), 1000, 50000000);
  g_test_add_func ("/bench/reconcile/compared-with-sqlite", test_compared_with_sqlite);
  return g_test_run ();
}
