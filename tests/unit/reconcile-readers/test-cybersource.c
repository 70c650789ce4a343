/* SPDX-License-Identifier: Apache-2.0 */
/* The traps of settlement-files.md section 3a. The first file is laid out as the sample of the Reporting Users Guide,
 * appendix C. */
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

#define TITLE "Payment Batch Detail Report,1.0,2026-03-01 to 2026-03-01,,,,,,,\r\n"
#define HEADER "batch_id,merchant_id,batch_date,request_id,merchant_ref_number,trans_ref_no,payment_method,currency," \
  "amount,transaction_type\r\n"
#define SALE "123456,tapwatt_shop,2026-03-01,0004172180000167905139,tw-1,5652882910,Visa,EUR,100.00,ics_bill\r\n"
#define REFUND "123456,tapwatt_shop,2026-03-01,0004173790000167905139,tw-1,5629152830,Visa,EUR,-40.00,ics_credit\r\n"
#define XML \
  "<?xml version=\"1.0\"?>\n<!DOCTYPE Report SYSTEM \"https://example.invalid/pbdr.dtd\">\n" \
  "<Report Name=\"Payment Batch Detail\" Version=\"1.0\" xmlns=\"http://example.invalid/pbdr\" " \
  "MerchantID=\"tapwatt_shop\"><Batches><Batch BatchID=\"123456\" BatchDate=\"2026-03-01\"><Requests>" \
  "<Request RequestID=\"0004172180000167905139\" MerchantReferenceNumber=\"tw-1\">\n<TransactionReferenceNumber>\n" \
  "5652882910\n</TransactionReferenceNumber><PaymentMethod>Visa</PaymentMethod><CurrencyCode>EUR</CurrencyCode>" \
  "<Amount>\n100.00\n</Amount><Application>ics_bill</Application></Request>" \
  "<Request RequestID=\"0004173790000167905139\" MerchantReferenceNumber=\"tw-2\"><CurrencyCode>EUR</CurrencyCode>" \
  "<Amount>40.00</Amount><Application>ics_credit</Application></Request></Requests></Batch></Batches></Report>\n"

#define SALE_ROW \
  " sale EUR gross=10000 ref=tw-1 psp=0004172180000167905139 change=0004172180000167905139 settlement=5652882910 " \
  "method=Visa sent-batch=123456"

static void
test_classic (void)
{
  g_autoptr (GivenFile) path = given_file (TITLE HEADER SALE REFUND, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (tw_read_settlement, path, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (rows,
    "3" SALE_ROW " day=2026-03-01\n"
    "4 refund EUR gross=-4000 ref=tw-1 psp=0004173790000167905139 change=0004173790000167905139 settlement=5629152830 "
    "method=Visa sent-batch=123456 day=2026-03-01\n"));
}

/* With a zone the batch's date is an instant; every cell in quotes, and refunds without a sign. */
static void
test_submission (void)
{
  const TwProfile pacific = { .time_zone = "America/Los_Angeles" };

  assert_reads (tw_read_settlement, &pacific,
    "\"payment_processor\",\"batch_id\",\"merchant_id\",\"batch_date\",\"request_id\",\"merchant_ref_number\","
    "\"trans_ref_no\",\"payment_method\",\"currency\",\"amount\",\"transaction_type\"\n"
    "\"smart\",\"7\",\"shop\",\"2026-03-01\",\"1\",\"r\",\"t\",\"Visa\",\"JPY\",\"400\",\"ics_credit\"\n",
    "2 refund JPY gross=-400 ref=r psp=1 change=1 settlement=t method=Visa sent-batch=7 at=2026-03-01T08:00:00Z "
    "day=2026-03-01\n");
}

/* The newer spelling, with a time that has its own offset. */
static void
test_newer (void)
{
  assert_reads (tw_read_settlement, NULL,
    "BatchID,MerchantID,RequestID,MerchantReferenceNumber,TransactionRefNumber,CurrencyCode,Amount,Application,"
    "TransactionDate,TerminalSerialNumber\n"
    "7,shop,1,r,t,EUR,4.00,ics_bill,2026-03-01T01:00:00-07:00,SN1\n",
    "2 sale EUR gross=400 ref=r psp=1 change=1 settlement=t terminal=SN1 sent-batch=7 at=2026-03-01T08:00:00Z\n");
  assert_refuses (tw_read_settlement, NULL,
    "BatchDate,BatchID,Status,LocalizedRequestDate,MerchantID,RequestID,TransactionDate\n",
    "has no column \"merchant_ref_number\", \"currency\", \"amount\", \"transaction_type\"");
}

static void
test_xml (void)
{
  assert_reads (tw_read_settlement, NULL, XML,
    "1" SALE_ROW " day=2026-03-01\n"
    "2 refund EUR gross=-4000 ref=tw-2 psp=0004173790000167905139 change=0004173790000167905139 sent-batch=123456 "
    "day=2026-03-01\n");
}

static gboolean
on_line (gpointer          data,
         const TwSettled  *line,
         GError          **error)
{
  g_string_append_printf (data, "%.*s|", (int) line->key.n, line->key.text);

  return TRUE;
}

static char *
keys_of (const char *bytes)
{
  static const TwIntakeClass class_ = { .line = on_line };
  const TwProfile none = { 0 };
  GString *keys = g_string_new (NULL);
  const TwIntake intake = { &class_, keys };
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import;

  tw_import_init (&import);
  tw_read_settlement (path, 0, &none, &intake, &import, &error);
  g_assert_no_error (error);

  return g_string_free (keys, FALSE);
}

/* The same line in the batch's and in the submission's report, as CSV and as XML, is one; another account's is not. */
static void
test_keys (void)
{
  g_autofree char *classic = keys_of (TITLE HEADER SALE), *xml = keys_of (XML);
  g_autofree char *submission = keys_of (
    "\"payment_processor\",\"batch_id\",\"merchant_id\",\"batch_date\",\"request_id\",\"merchant_ref_number\","
    "\"trans_ref_no\",\"payment_method\",\"currency\",\"amount\",\"transaction_type\"\n"
    "\"smart\",\"123456\",\"tapwatt_shop\",\"2026-03-01\",\"0004172180000167905139\",\"tw-1\",\"5652882910\","
    "\"Visa\",\"EUR\",\"100.00\",\"ics_bill\"\n");
  g_autofree char *other = given_change (TITLE HEADER SALE, "tapwatt_shop", "tapwatt_two");
  g_autofree char *others = keys_of (other);

  g_assert_cmpstr (classic, ==, submission);
  g_assert_true (g_str_has_prefix (xml, classic));
  g_assert_cmpstr (classic, !=, others);
}

static void
test_refusals (void)
{
  static const char *const cases[][3] = {
    { "0004172180000167905139", "4.17E+21", ", line 3, column \"request_id\": \"4.17E+21\": written with an exponent" },
    { "0004172180000167905139", "417E19", "\"417E19\": written with an exponent" },
    { "0004172180000167905139", "", "column \"request_id\"" },
    { ",100.00", ",-100.00", "column \"amount\": \"-100.00\": a capture that is negative" },
    { ",100.00", ",100.001", "column \"amount\": \"100.001\": more decimals" },
    { ",100.00", ",", "column \"amount\"" }, { "EUR", "XXX", "column \"currency\": \"XXX\": not a currency" },
    { "ics_bill", "ics_auth", "column \"transaction_type\": \"ics_auth\": not a type that we know" },
    { "ics_bill", "", "column \"transaction_type\"" },
    { "2026-03-01,00", "3/1/2026,00", "column \"batch_date\": \"3/1/2026\": not a date" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = given_change (TITLE HEADER SALE, cases[i][0], cases[i][1]);

      assert_refuses (tw_read_settlement, NULL, bytes, cases[i][2]);
    }
  assert_refuses (tw_read_settlement, NULL, "Payment Events Report,1,2/28/2026,shop,,,,\n1,shop,r,credit card\n",
                  "is a Cybersource Payment Events report|: take Payment Batch Detail");
}

static void
test_bad_xml (void)
{
  static const char *const cases[][3] = {
    { "ics_bill", "ics_auth", ", request 1: \"ics_auth\": not a type that we know" },
    { "https://example.invalid/pbdr.dtd\">", "x\" [<!ENTITY a \"100.00\">]>", "a document type" },
    { "5652882910", "&a;", "an entity" },
    { "RequestID=\"0004172180000167905139\"", "", ", request 1: \"\": a line without its request's number" },
    { "</Report>", "", "not XML" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = given_change (XML, cases[i][0], cases[i][1]);

      assert_refuses (tw_read_settlement, NULL, bytes, cases[i][2]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/cybersource/the-classic-report-has-a-title", test_classic);
  g_test_add_func ("/reconcile-readers/cybersource/the-direction-is-that-of-the-type", test_submission);
  g_test_add_func ("/reconcile-readers/cybersource/the-newer-spelling-is-the-same", test_newer);
  g_test_add_func ("/reconcile-readers/cybersource/the-xml-report-is-the-same", test_xml);
  g_test_add_func ("/reconcile-readers/cybersource/a-line-has-one-key-in-all-reports", test_keys);
  g_test_add_func ("/reconcile-readers/cybersource/what-is-not-understood-is-refused", test_refusals);
  g_test_add_func ("/reconcile-readers/cybersource/bad-xml-is-refused", test_bad_xml);

  return g_test_run ();
}
