/* SPDX-License-Identifier: Apache-2.0 */
/* The traps of settlement-files.md section 3. */
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

#define HEADER \
  "automatic_payout_id,balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category," \
  "source_id,charge_id,payment_intent_id,card_brand,payment_metadata[session],refund_metadata[session]\n"
#define SALE "po_1,txn_1,2026-03-01 10:00:00,2026-03-05,eur,10.00,0.40,9.60,charge,ch_1,ch_1,pi_1,visa,tw-1,\n"
#define READ(bytes, rows) assert_reads (tw_read_settlement, NULL, bytes, rows)
#define REFUSE(bytes, parts) assert_refuses (tw_read_settlement, NULL, bytes, parts)

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

static void
test_payout (void)
{
  READ (HEADER SALE
        "po_1,txn_2,2026-03-02 10:00:00,2026-03-05,eur,-4.00,0.00,-4.00,refund,re_2,ch_1,pi_1,visa,tw-1,\n"
        "po_1,txn_3,2026-03-02 10:00:00,2026-03-05,eur,-10.00,15.00,-25.00,dispute,dp_3,ch_1,pi_1,visa,,tw-9\n"
        "po_1,txn_4,2026-03-02 10:00:00,2026-03-05,eur,10.00,0.00,10.00,dispute_reversal,dp_3,ch_1,pi_1,visa,,\n"
        "po_1,txn_5,2026-03-02 10:00:00,2026-03-05,eur,-1.20,0.00,-1.20,fee,,,,,,\n"
        "po_1,txn_6,2026-03-02 10:00:00,2026-03-05,eur,-3.00,0.00,-3.00,risk_reserved_funds,,,,,,\n"
        "po_1,txn_7,2026-03-02 10:00:00,2026-03-05,eur,1.00,0.00,1.00,climate_order_purchase,,,,,,\n"
        ",txn_8,2026-03-05 00:00:00,,eur,-1.00,0.00,-1.00,payout,po_1,,,,,\n"
        "po_1,txn_9,2026-03-02 10:00:00,,eur,5.00,0.00,5.00,advance,,,,,,\n"
        "po_1,txn_10,2026-03-02 10:00:00,,eur,2.00,0.00,2.00,payout_reversal,po_0,,,,,\n",
        "2 sale EUR gross=1000 fee=40 net=960 ref=tw-1 psp=pi_1 change=ch_1 method=visa batch=po_1 "
        "at=2026-03-01T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "3 refund EUR gross=-400 fee=0 net=-400 ref=tw-1 psp=pi_1 change=re_2 related=ch_1 method=visa batch=po_1 "
        "at=2026-03-02T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "4 chargeback EUR gross=-1000 fee=1500 net=-2500 ref=tw-9 psp=pi_1 change=dp_3 related=ch_1 method=visa "
        "batch=po_1 dispute-fee=1500 at=2026-03-02T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "5 chargeback-reversed EUR gross=1000 fee=0 net=1000 psp=pi_1 change=dp_3 related=ch_1 method=visa batch=po_1 "
        "at=2026-03-02T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "6 fee EUR gross=0 fee=120 net=-120 batch=po_1 at=2026-03-02T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "7 reserve EUR gross=-300 fee=0 net=-300 batch=po_1 at=2026-03-02T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "8 other EUR gross=100 fee=0 net=100 batch=po_1 at=2026-03-02T10:00:00Z available=2026-03-05T00:00:00Z\n"
        "9 payout EUR gross=-100 fee=0 net=-100 change=po_1 batch=po_1 at=2026-03-05T00:00:00Z\n"
        "10 advance EUR gross=500 fee=0 net=500 batch=po_1 at=2026-03-02T10:00:00Z\n"
        "11 carry-over EUR gross=200 fee=0 net=200 change=po_0 batch=po_1 at=2026-03-02T10:00:00Z\n");
}

/* When the payout takes effect goes before when the line became available; without UTC only in a zone that is known. */
static void
test_effective (void)
{
  const char *utc = "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,"
                    "available_on_utc,currency,gross,fee,net,reporting_category,payment_metadata[session]\n"
                    "po_1,2026-03-09 00:00:00,txn_1,2026-03-01 10:00:00,2026-03-05,eur,10.00,0.40,9.60,charge,tw-1\n"
                    ",,txn_2,2026-03-01 10:00:00,2026-03-05,eur,10.00,0.40,9.60,charge,tw-2\n";
  g_autofree char *plain = given_change (utc, "effective_at_utc", "effective_at");
  const TwProfile berlin = { .time_zone = "Europe/Berlin" };
  const char *second = "3 sale EUR gross=1000 fee=40 net=960 ref=tw-2 at=2026-03-01T10:00:00Z "
                       "available=2026-03-05T00:00:00Z\n";
  g_autofree char *at_payout = g_strconcat ("2 sale EUR gross=1000 fee=40 net=960 ref=tw-1 batch=po_1 "
    "at=2026-03-01T10:00:00Z available=2026-03-09T00:00:00Z\n", second, NULL);
  g_autofree char *in_berlin = given_change (at_payout, "09T00", "08T23");
  g_autofree char *unsure = given_change (at_payout, "09T00", "05T00");

  READ (utc, at_payout);
  assert_reads (tw_read_settlement, &berlin, plain, in_berlin);
  READ (plain, unsure);
}

/* Columns are the user's choice: the fewest there can be, in another order, without decimals for the yen. */
static void
test_few_columns (void)
{
  const TwProfile profile = { .time_zone = "Asia/Tokyo", .reference_key = "order" };
  const char *bytes = "net,fee,gross,created,reporting_category,currency,balance_transaction_id,trace_id,"
                      "trace_id_status,payment_metadata[order]\n"
                      "960,40,1000,2026-03-01 10:00:00,charge,jpy,txn_1,,,tw-1\n"
                      "-960,0,-960,2026-03-02 10:00:00,payout,jpy,txn_2,TRACE7,supported,\n"
                      "-960,0,-960,2026-03-02 10:00:00,payout,jpy,txn_3,TRACE8,pending,\n";
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (tw_read_settlement, path, &profile, &error);
  g_autofree char *expected = g_strdup_printf (
    "2 sale JPY gross=1000 fee=40 net=960 ref=tw-1 at=2026-03-01T01:00:00Z\n"
    "3 payout JPY gross=-960 fee=0 net=-960 bank=TRACE7 at=2026-03-02T01:00:00Z\n"
    "4 payout JPY gross=-960 fee=0 net=-960 at=2026-03-02T01:00:00Z\n"
    "note %s has no column \"automatic_payout_id\": its payouts cannot be checked\n", path);

  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_refusals (void)
{
  static const char *const cases[][3] = {
    { "9.60", "9.61", ", line 2, column \"net\": net is not gross less fee" },
    { "10.00,0.40,9.60", "1000,40,960", "column \"gross\": no decimals: these look like minor units" },
    { "10.00,0.40,9.60", "-10.00,0.40,-10.40", "column \"gross\": a charge that is negative" },
    { "0.40", "0.405", "more decimals than the currency has" }, { "0.40", "", "column \"fee\": empty" },
    { "10.00", "1E1", "exponent" }, { "txn_1", "", "a line without its key" }, { "charge", "", "line of totals" },
    { "eur", "euro", "is not a currency" }, { "2026-03-01 10:00:00", "", "column \"created_utc\": empty" },
    { "2026-03-01 10:00:00", "1772359200", "not a time" }, { "2026-03-05", "tomorrow", "column \"available_on_utc\"" },
    { "created_utc", "created", "column \"created\": in the account's time zone" },
    { "created_utc", "x", "no column \"created_utc\"" },
    { "gross,fee", "amount,x", "has no column \"gross\", \"fee\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse_sale (cases[i][0], cases[i][1], cases[i][2]);
}

static void
test_wrong_format (void)
{
  const TwProfile adyen = { .format = "adyen" }, nonsense = { .format = "paypal" };

  assert_refuses (tw_read_settlement, &adyen, HEADER SALE, "is a Stripe report, not adyen");
  REFUSE ("id,amount,fee,net\ntxn_1,1000,40,960\n", "is none of the formats that we know, not a settlement file");
  REFUSE ("session,currency,captured_minor\n", "is a station's sales, not a settlement file");
  REFUSE ("{\"object\": \"list\"}", "is JSON, not a settlement file");
  REFUSE (":20:STARTUMSE\n",
          "is an MT940 statement, which cuts texts|: ask the bank for camt.053, not a settlement file");
  {
    g_autoptr (GivenFile) path = given_file (HEADER SALE, -1);
    g_autoptr (GError) error = NULL;

    g_assert_null (given_read (tw_read_settlement, path, &nonsense, &error));
    assert_refused (error, "\"paypal\" is no format of such a file: accepted are adyen, stripe");
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/stripe/a-payout-has-all-its-categories", test_payout);
  g_test_add_func ("/reconcile-readers/stripe/a-payout-takes-effect-at-its-time", test_effective);
  g_test_add_func ("/reconcile-readers/stripe/columns-are-the-users-choice", test_few_columns);
  g_test_add_func ("/reconcile-readers/stripe/what-does-not-add-up-is-refused", test_refusals);
  g_test_add_func ("/reconcile-readers/stripe/a-wrong-format-is-named", test_wrong_format);

  return g_test_run ();
}
