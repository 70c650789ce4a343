/* SPDX-License-Identifier: Apache-2.0 */
/* The traps of settlement-files.md section 2. */
#include "tests/unit/reconcile-readers/given.h"

#include <stdio.h>
#include <string.h>

#define HEADER \
  "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type," \
  "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency," \
  "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number\n"
#define SALE "Co,Shop,PSP1,tw-1,visa,2026-03-01 10:00:00,CET,Settled,MOD1,EUR,,10.00,1,EUR,,9.80,,0.05,0.05,0.10,12\n"
#define READ(bytes, rows) assert_reads (tw_read_settlement, NULL, bytes, rows)
#define REFUSE(bytes, parts) assert_refuses (tw_read_settlement, NULL, bytes, parts)

/* One piece of the line changed, or of the header. */
static void
refuse_sale (const char *from,
             const char *to,
             const char *parts)
{
  const gboolean in_sale = strstr (SALE, from) != NULL;
  g_autofree char *changed = given_change (in_sale ? SALE : HEADER, from, to);
  g_autofree char *bytes = g_strconcat (in_sale ? HEADER : changed, in_sale ? changed : SALE, NULL);

  REFUSE (bytes, parts);
}

static gboolean
note_place (gpointer          data,
            const TwSettled  *line,
            GError          **error)
{
  *(TwOrigin *) data = line->origin;

  return TRUE;
}

/* A quote or a letter beyond ASCII, and the row is not as it stands in the file. */
static void
test_rows_have_a_place (void)
{
  static const struct { const char *row; guint64 at; } ROWS[] = {
    { SALE, sizeof HEADER - 1 },
    { "\r\n" SALE, sizeof HEADER + 1 },
    { "\"Co\",Shop,PSP1,tw-1,visa,2026-03-01 10:00:00,CET,Settled,MOD1,EUR,,10.00,1,EUR,,9.80,0.20,,,,12\n", 0 },
    { "C\xc3\xb6,Shop,PSP1,tw-1,visa,2026-03-01 10:00:00,CET,Settled,MOD1,EUR,,10.00,1,EUR,,9.80,0.20,,,,12\n", 0 },
  };
  static const TwIntakeClass class_ = { .line = note_place };
  const TwProfile none = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++)
    {
      g_autofree char *bytes = g_strconcat (HEADER, ROWS[i].row, NULL);
      g_autoptr (GivenFile) path = given_file (bytes, -1);
      g_autoptr (GError) error = NULL;
      g_auto (TwImport) import = { 0 };
      TwOrigin origin = { 0 };

      tw_import_init (&import);
      tw_read_settlement (path, 7, &none, &(TwIntake) { &class_, &origin }, &import, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (origin.at, ==, ROWS[i].at);
    }
}

/* The place of a row that was read is of no use in another file, or in the same one after it grew. */
static void
test_a_file_that_changed_is_not_read_again (void)
{
  g_autoptr (GivenFile) path = given_file (HEADER SALE, -1);
  static const TwIntakeClass class_ = { .line = note_place };
  const TwProfile none = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import = { 0 };
  g_autoptr (TwAgain) again = NULL, late = NULL;
  TwOrigin origin, same;
  FILE *file;

  tw_import_init (&import);
  tw_read_settlement (path, 7, &none, &(TwIntake) { &class_, &origin }, &import, &error);
  g_assert_no_error (error);
  again = tw_again_open (path, 7, &none, &import, &error);
  g_assert_no_error (error);
  g_assert_true (tw_again_row (again, &origin, &(TwIntake) { &class_, &same }, &error));
  g_assert_cmpuint (same.line, ==, 2);

  file = fopen (path, "a");
  fputs (SALE, file);
  fclose (file);
  g_assert_false (tw_again_row (again, &origin, &(TwIntake) { &class_, &same }, &error));
  assert_refused (error, "changed while it was read");
  g_clear_error (&error);
  late = tw_again_open (path, 7, &none, &import, &error);
  g_assert_null (late);
  assert_refused (error, "changed while it was read");
}

static void
test_batch (void)
{
  READ (HEADER SALE
        "Co,Shop,PSP2,tw-2,mc,2026-07-01 10:00:00,CET,Settled,MOD2,EUR,,20.00,1,EUR,,19.50,0.50,,,,12\n"
        "Co,Shop,PSP1,tw-1,visa,2026-03-02 10:00:00,UTC,Refunded,MOD3,EUR,5.00,,1,EUR,5.10,,0.10,,,,12\n"
        "Co,Shop,PSP2,tw-2,mc,2026-03-02 10:00:00,UTC,Chargeback,MOD4,EUR,20.00,,1,EUR,20.00,,,,,,12\n"
        "Co,Shop,PSP2,tw-2,mc,2026-03-02 10:00:00,UTC,ChargebackReversed,MOD5,EUR,,20.00,1,EUR,,20.00,,,,,12\n"
        "Co,Shop,PSP1,tw-1,visa,2026-03-02 10:00:00,UTC,RefundedReversed,MOD6,EUR,,5.00,1,EUR,,5.00,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,Fee,Transaction Fees,,,,,EUR,1.20,,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,DepositCorrection,x,,,,,EUR,,2.00,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,SettledBulk,x,EUR,,3.00,,EUR,,3.00,,,,,12\n"
        "Co,Shop,PSP9,,,2026-03-02 10:00:00,UTC,SettledExternallyWithInfo,x,EUR,,3.00,,EUR,,,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,MerchantPayout,\"TX, batch 12\",,,,,EUR,34.00,,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,Balancetransfer,from batch 11,,,,,EUR,0.40,,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,Advancement,,,,,,EUR,,7.00,,,,,12\n"
        "Co,Shop,,,,2026-03-02 10:00:00,UTC,SomethingNew,,,,,,EUR,,0.01,,,,,12\n",
        "2 sale EUR gross=1000 fee=20 net=980 ref=tw-1 psp=PSP1 change=MOD1 method=visa batch=12 "
        "at=2026-03-01T09:00:00Z\n"
        "3 sale EUR gross=2000 fee=50 net=1950 ref=tw-2 psp=PSP2 change=MOD2 method=mc batch=12 "
        "at=2026-07-01T08:00:00Z\n"
        "4 refund EUR gross=-500 fee=10 net=-510 ref=tw-1 psp=PSP1 change=MOD3 related=PSP1 method=visa batch=12 "
        "at=2026-03-02T10:00:00Z\n"
        "5 chargeback EUR gross=-2000 fee=0 net=-2000 ref=tw-2 psp=PSP2 change=MOD4 related=PSP2 method=mc batch=12 "
        "at=2026-03-02T10:00:00Z\n"
        "6 chargeback-reversed EUR gross=2000 fee=0 net=2000 ref=tw-2 psp=PSP2 change=MOD5 related=PSP2 method=mc "
        "batch=12 at=2026-03-02T10:00:00Z\n"
        "7 refund-reversed EUR gross=500 fee=0 net=500 ref=tw-1 psp=PSP1 change=MOD6 related=PSP1 method=visa "
        "batch=12 at=2026-03-02T10:00:00Z\n"
        "8 fee EUR gross=0 fee=120 net=-120 change=Transaction Fees batch=12 at=2026-03-02T10:00:00Z\n"
        "9 reserve EUR gross=200 fee=0 net=200 change=x batch=12 at=2026-03-02T10:00:00Z\n"
        "10 bulk EUR gross=300 fee=0 net=300 change=x batch=12 at=2026-03-02T10:00:00Z\n"
        "11 other EUR gross=300 fee=0 psp=PSP9 change=x batch=12 at=2026-03-02T10:00:00Z\n"
        "12 payout EUR gross=-3400 fee=0 net=-3400 change=TX, batch 12 batch=12 at=2026-03-02T10:00:00Z\n"
        "13 carry-over EUR gross=-40 fee=0 net=-40 change=from batch 11 batch=12 at=2026-03-02T10:00:00Z\n"
        "14 advance EUR gross=700 fee=0 net=700 batch=12 at=2026-03-02T10:00:00Z\n"
        "15 other EUR gross=1 fee=0 net=1 batch=12 at=2026-03-02T10:00:00Z\n");
}

/* Metadata before the header, another name of a column, another order, a mark, columns that we do not know. */
static void
test_interactive (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GivenFile) file = given_file (
    "\xef\xbb\xbf\"Company Account\";\"From\"\r\n\"Co\";\"2026-03-01\"\r\n"
    "Batch Number;Journal Type;Psp Reference;Merchant Reference;Modification Reference;Creation Date;TimeZone;"
    "Net Currency;Net Credit (NC);Net Debit (NC);Gross Currency;Gross Credit (GC);Gross Debit (GC);Merchant Account;"
    "Reserved2;Payable Date\r\n"
    "12;settled;PSP1;tw-1;M;2026-03-01 10:00:00;Europe/Zurich;CHF;9.80;0.00;CHF;10.00;;Shop;?;2026-03-04\r\n", -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (tw_read_settlement, file, NULL, &error);
  g_autofree char *expected = g_strdup_printf (
    "4 sale CHF gross=1000 fee=20 net=980 ref=tw-1 psp=PSP1 change=M batch=12 at=2026-03-01T09:00:00Z "
    "available=2026-03-03T23:00:00Z\n"
    "note %s: the header is line 3; what stands before it was not read\n", file);

  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_conversion (void)
{
  const char *sale = HEADER
    "Co,Shop,P,r,v,2026-03-01 10:00:00,CET,Settled,M,CHF,,10.00,1.0437,EUR,,10.20,,0.10,0.05,0.09,12\n";
  g_autofree char *off = given_change (sale, "10.20", "10.18"), *near = given_change (sale, "10.20", "10.21");
  g_autofree char *rate = given_change (sale, "1.0437", "1E5");

  /* 10.00 x 1.0437 = 10.437: 10.20 + 0.24 is 0.003 away, 10.21 + 0.24 is 0.013 away, 10.18 + 0.24 is 0.017 away. */
  READ (sale, "2 sale CHF gross=1000 fee=24 net=1020 in=EUR ref=r psp=P change=M method=v batch=12 "
              "at=2026-03-01T09:00:00Z\n");
  REFUSE (off, ", line 2, column \"Exchange Rate\": gross by the rate is not net and fees");
  REFUSE (near, "gross by the rate is not net and fees");
  REFUSE (rate, "not an exchange rate");
}

static void
test_refusals (void)
{
  static const char *const cases[][3] = {
    { "9.80", "9.81", ", line 2, column \"Net Credit (NC)\": gross less net is 19 minor units, and the fees are 20" },
    { "9.80", "", "neither a net credit nor a net debit" },
    { ",10.00,", ",10.005,", "column \"Gross Credit (GC)\": \"10.005\" is more decimals" },
    { ",10.00,", ",1E1,", "exponent" },
    { ",10.00,", ",-10.00,", "negative, where the column is the direction" },
    { "EUR,,10.00", "EUR,10.00,", "column \"Type\": Settled, and its gross is a debit" },
    { "EUR,,10.00", "EUR,1.00,10.00", "a debit, and a credit too" },
    { "EUR,,10.00", "EUR,,", "Settled without a gross amount" },
    { "9.80,,", "9.80,0.20,", "a blended commission, and interchange++ parts too" },
    { "PSP1", "", "Settled without a reference" },
    { "CET", "XYZ", "column \"TimeZone\": no time zone that we know" },
    { "CET", "../../etc/passwd", "no time zone that we know" },
    { "CET", "", "no time zone that we know" },
    { "10:00:00", "25:00:00", "column \"Creation Date\": not a time" },
    { "2026-03-01 ", "2026-02-29 ", "not a time" }, { "2026-03-01 ", "01.03.2026 ", "not a time" },
    { "EUR,,10.00", "EURO,,10.00", "column \"Gross Currency\": \"EURO\" is not a currency" },
    { ",12\n", ",1.2E+1\n", "column \"Batch Number\": \"1.2E+1\" is written with an exponent" },
    { "Settled", "", "column \"Type\": empty" },
    { ",12\n", "", ", line 2: 20 cells, and the header has 21" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse_sale (cases[i][0], cases[i][1], cases[i][2]);
}

static void
test_columns (void)
{
  g_autofree char *without = given_change (HEADER, "Net Credit (NC)", "x");
  g_autofree char *two = given_change (without, "Batch Number", "y");
  g_autofree char *twice = given_change (HEADER, "Exchange Rate", "batch number");

  REFUSE (two, "has no column \"Net Credit (NC)\", \"Batch Number\"");
  REFUSE (twice, "two columns are called \"Batch Number\"");
}

/* The nights on which central Europe changes its clocks, and the days around them. */
static void
test_clocks (void)
{
  const struct { const char *local, *utc; } cases[] = {
    { "2026-03-28 23:59:59", "2026-03-28T22:59:59Z" }, { "2026-03-29 01:59:59", "2026-03-29T00:59:59Z" },
    { "2026-03-29 02:30:00", "2026-03-29T01:00:00Z" }, { "2026-03-29 03:00:00", "2026-03-29T01:00:00Z" },
    { "2026-03-30 00:00:00", "2026-03-29T22:00:00Z" }, { "2026-10-25 01:59:59", "2026-10-24T23:59:59Z" },
    { "2026-10-25 02:30:00", "2026-10-25T01:30:00Z" }, { "2026-10-25 03:00:00", "2026-10-25T02:00:00Z" },
    { "2024-02-29 12:00:00", "2024-02-29T11:00:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = given_change (HEADER SALE, "2026-03-01 10:00:00", cases[i].local);
      g_autoptr (GivenFile) path = given_file (bytes, -1);
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = given_read (tw_read_settlement, path, NULL, &error);
      g_autofree char *at = g_strdup_printf (" at=%s\n", cases[i].utc);

      g_assert_no_error (error);
      g_test_message ("%s: %s", cases[i].local, rows);
      g_assert_true (g_str_has_suffix (rows, at));
    }
}

static void
test_profile_zone (void)
{
  const TwProfile helsinki = { .time_zone = "Europe/Helsinki" }, bad = { .time_zone = "Europe/Nowhere" };
  g_autofree char *sale = given_change (HEADER SALE, "CET", "XYZ");

  assert_reads (tw_read_settlement, &helsinki, sale,
                "2 sale EUR gross=1000 fee=20 net=980 ref=tw-1 psp=PSP1 change=MOD1 method=visa batch=12 "
                "at=2026-03-01T08:00:00Z\n");
  {
    g_autoptr (GivenFile) path = given_file (sale, -1);
    g_autoptr (GError) error = NULL;

    g_assert_null (given_read (tw_read_settlement, path, &bad, &error));
    assert_refused (error, "time zone \"Europe/Nowhere\" is not known");
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/adyen/a-batch-has-all-its-types", test_batch);
  g_test_add_func ("/reconcile-readers/adyen/rows-have-a-place", test_rows_have_a_place);
  g_test_add_func ("/reconcile-readers/adyen/a-file-that-changed-is-not-read-again",
                   test_a_file_that_changed_is_not_read_again);
  g_test_add_func ("/reconcile-readers/adyen/an-interactive-export-is-the-same", test_interactive);
  g_test_add_func ("/reconcile-readers/adyen/a-conversion-fits-within-a-minor-unit", test_conversion);
  g_test_add_func ("/reconcile-readers/adyen/what-does-not-add-up-is-refused", test_refusals);
  g_test_add_func ("/reconcile-readers/adyen/missing-columns-are-named-together", test_columns);
  g_test_add_func ("/reconcile-readers/adyen/clocks-are-changed-in-central-europe", test_clocks);
  g_test_add_func ("/reconcile-readers/adyen/the-profile-has-the-zone-that-a-file-lacks", test_profile_zone);

  return g_test_run ();
}
