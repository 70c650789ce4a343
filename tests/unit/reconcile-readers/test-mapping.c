/* SPDX-License-Identifier: Apache-2.0 */
/* Files of any service, by a mapping. */
#include "tests/unit/reconcile-readers/given.h"

#include <glib/gstdio.h>

#include <string.h>

#define MAPPING "[mapping]\nformat = csv\nname = shop\n[columns]\ntime = When\ngross = Gross\n"
#define WHERE "[file]\ntime-zone = UTC\n[constants]\ncurrency = EUR\nkind = sale\n"
#define BANK "[mapping]\nformat = bank-csv\nname = bank\n[columns]\nbooked = Day\n"

/* The rows that a file has by a mapping; says NULL: it is read, else refused with that. */
static void
check (GivenReader reader,
       const char *mapping,
       const char *bytes,
       const char *rows,
       const char *says)
{
  g_autoptr (GivenFile) mapping_path = given_file (mapping, -1);
  const TwProfile profile = { .mapping = mapping_path };

  if (says == NULL)
    {
      assert_reads (reader, &profile, bytes, rows);
      return;
    }
  {
    g_autoptr (GivenFile) path = given_file (bytes, -1);
    g_autoptr (GError) error = NULL;

    g_assert_null (given_read (reader, path, &profile, &error));
    assert_refused (error, says);
    g_assert_nonnull (strstr (error->message, path));
    g_assert_nonnull (strstr (error->message, mapping_path));
  }
}

static void
settlement (const char *mapping,
            const char *bytes,
            const char *rows)
{
  check (tw_read_settlement, mapping, bytes, rows, NULL);
}

static void
bank (const char *mapping,
      const char *bytes,
      const char *rows)
{
  check (tw_read_bank, mapping, bytes, rows, NULL);
}

static void
test_examples (void)
{
  g_autofree char *one = g_build_filename (g_getenv ("TW_ASSETS"), "mappings", "settlement.mapping", NULL);
  g_autofree char *two = g_build_filename (g_getenv ("TW_ASSETS"), "mappings", "bank.mapping", NULL);
  const TwProfile settled = { .mapping = one }, booked = { .mapping = two, .format = "bank-csv" };

  assert_reads (tw_read_settlement, &settled,
    "Kind;Our reference;Their reference;Booking;Booked at;Currency;Gross;Fee;Net;Statement\n"
    "sale;tw-1;P1;B1;01.03.2026 10:00:00;EUR;10,00;0,20;9,80;S1\n"
    "refund_reversed;tw-1;P1;B2;01.07.2026 10:00:00;EUR;5,00;0,00;5,00;S1\n"
    "payout;;;;02.07.2026 10:00:00;EUR;-14,80;0,00;-14,80;S1\n",
    "2 sale EUR gross=1000 fee=20 net=980 ref=tw-1 psp=P1 change=B1 batch=S1 at=2026-03-01T09:00:00Z\n"
    "3 refund-reversed EUR gross=500 fee=0 net=500 ref=tw-1 psp=P1 change=B2 batch=S1 at=2026-07-01T08:00:00Z\n"
    "4 payout EUR gross=-1480 fee=0 net=-1480 batch=S1 at=2026-07-02T08:00:00Z\n");
  assert_reads (tw_read_bank, &booked,
    "Account,Booked,Value,Amount,Currency,Text,Counterparty,Reference\n"
    "DE02,2026-03-02,2026-03-03,-12.50,EUR,Back,Adyen,R1\n",
    "2 credit EUR -1250 account=DE02 text=Back joined=Back from=Adyen booked=2026-03-02 value=2026-03-03\n");
}

/* Words in the service's language, amounts without a sign, thousands, fees as negative numbers, nothing to divide. */
static void
test_conventions (void)
{
  settlement ("[mapping]\nformat=csv\nname=shop\n[file]\ndecimal=comma\nthousands=point\ndirection=kind\nfee=signed\n"
              "time-format=DD.MM.YY hh:mm\ntime-zone=Europe/Zurich\n[columns]\nkind=Art\ntime=Zeit\ngross=Betrag\n"
              "fee=Gebühr\ncard=Karte\ntrace=Trace\nreceipt=Beleg\n[constants]\ncurrency=CHF\naccount=A1\n"
              "[kinds]\nsale = Zahlung, Verkauf\nrefund = Gutschrift\nfee = Grundgebühr\nother = *\n",
              "Art;Zeit;Betrag;Gebühr;Karte;Trace;Beleg\n"
              "ZAHLUNG;01.03.26 10:00;1.234,50;-1,20;xxxx1234;17;18\n"
              "gutschrift;01.03.26 10:00;4,50;0,00;1234;;\n"
              "grundgebühr;01.03.26 10:00;9,00;;;;\n"
              "Sonstiges;01.03.26 10:00;-9,00;;;;\n",
              "2 sale CHF gross=123450 fee=120 net=123330 trace=17 slip=18 tail=1234 at=2026-03-01T09:00:00Z\n"
              "3 refund CHF gross=-450 fee=0 net=-450 tail=1234 at=2026-03-01T09:00:00Z\n"
              "4 fee CHF gross=0 fee=900 net=-900 at=2026-03-01T09:00:00Z\n"
              "5 other CHF gross=-900 at=2026-03-01T09:00:00Z\n");
  settlement ("[mapping]\nformat = csv\nname = shop\n[columns]\ntime = When\ngross-credit = In\ngross-debit = Out\n"
              "[constants]\ncurrency = EUR\nkind = sale\n",
              "In,Out,When\n1.00,,2026-03-01T10:00:00Z\n0.00,2.00,2026-03-01T10:00:00+01:00\n",
              "2 sale EUR gross=100 at=2026-03-01T10:00:00Z\n3 refund EUR gross=-200 at=2026-03-01T09:00:00Z\n");
}

static void
test_banks (void)
{
  bank (BANK "amount = Amount\ncurrency = Currency (2)\n[constants]\naccount = DE02\n",
        "Day,Currency,Amount,Currency\n2026-03-02,USD,1.00,EUR\n",
        "2 credit EUR 100 account=DE02 booked=2026-03-02\n");
}

#define CONVERTED BANK "amount = Amount\noriginal-amount = Came\noriginal-currency = In\nrate = Rate\ncharges = Cost\n"

/* A sign says nothing here: what came goes the way of what was booked. */
static void
test_bank_conversion (void)
{
  static const char *const rows = "Day,Amount,Came,In,Rate,Cost\n2026-03-02,94.01,100.00,CHF,0.9401,1.00\n"
                                  "2026-03-02,-94.01,100.00,CHF,,-1.00\n2026-03-02,5.00,5.00,EUR,1,\n"
                                  "2026-03-02,6.00,,,,\n";

  bank (CONVERTED "[constants]\naccount = DE02\ncurrency = EUR\n", rows,
        "2 credit EUR 9401 from CHF 10000 rate=9401000000 charges=100 account=DE02 booked=2026-03-02\n"
        "3 credit EUR -9401 from CHF -10000 rate=0 charges=100 account=DE02 booked=2026-03-02\n"
        "4 credit EUR 500 account=DE02 booked=2026-03-02\n5 credit EUR 600 account=DE02 booked=2026-03-02\n");
  bank (CONVERTED "[file]\nrate = account\ndecimal = comma\n[constants]\naccount = DE02\ncurrency = EUR\n",
        "Day;Amount;Came;In;Rate;Cost\n2026-03-02;94,01;100,00;CHF;1,0637;\n",
        "2 credit EUR 9401 from CHF 10000 rate=10637000000 of the account account=DE02 booked=2026-03-02\n");
  check (tw_read_bank, CONVERTED "[constants]\naccount = DE02\ncurrency = EUR\n",
         "Day,Amount,Came,In,Rate,Cost\n2026-03-02,94.01,100.00,CHF,x,1.00\n", NULL,
         ", line 2, column \"Rate\": \"x\" is not an exchange rate");
}

static void
test_bank_sides (void)
{
  bank (BANK "credit = Haben\ndebit = Soll\ntext = A\ntext-2 = B\n[file]\ndate-format = DD.MM.YYYY\n"
        "[constants]\naccount = DE02\ncurrency = EUR\n",
        "Day,Haben,Soll,A,B\n02.03.2026,1.00,,TX bat,ch 1\n02.03.2026,,-2.00,,\n02.03.2026,,3.00,x,\n",
        "2 credit EUR 100 account=DE02 text=TX bat ch 1 joined=TX batch 1 booked=2026-03-02\n"
        "3 credit EUR -200 account=DE02 booked=2026-03-02\n"
        "4 credit EUR -300 account=DE02 text=x joined=x booked=2026-03-02\n");
  bank (BANK "amount = Betrag\ndirection = SH\n[directions]\ncredit = H, CR\ndebit = S\n"
        "[constants]\naccount = DE02\ncurrency = EUR\n",
        "Day,Betrag,SH\n2026-03-02,1.00,h\n2026-03-02,1.00,S\n",
        "2 credit EUR 100 account=DE02 booked=2026-03-02\n3 credit EUR -100 account=DE02 booked=2026-03-02\n");
  check (tw_read_bank, BANK "amount = Betrag\ndirection = SH\n[directions]\ncredit = H\n"
         "[constants]\naccount = DE02\ncurrency = EUR\n",
         "Day,Betrag,SH\n2026-03-02,1.00,S\n", NULL, ", line 2, column \"SH\": in no list of [directions]");
}

static void
test_bad_mappings (void)
{
  static const struct { const char *mapping, *says; } cases[] = {
    { MAPPING "grosss = x\n", ":7: [columns] grosss is not known: accepted are kind, reference, " },
    { MAPPING "[colums]\n", ":7: a group that is not known: accepted are columns, mapping, file, constants, kinds" },
    { MAPPING "[file]\ndecimal = dot\n", ":8: [file] decimal = dot: accepted are point, comma" },
    { MAPPING "gross = Again\n", ":7: [columns] gross is said twice" },
    { MAPPING "kind\n", ":7: expected KEY = VALUE" }, { MAPPING "kind =\n", ":7: [columns] kind: empty" },
    { "format = csv\n", ":1: a key before the first [group]" },
    { "[mapping]\nformat = bank-csv\n", ":2: [mapping] format = bank-csv: accepted are csv" },
    { "[mapping]\nname = x\n[columns]\ntime = When\n", ": [mapping] format is missing" },
    { MAPPING "[file]\ndecimal = comma\nthousands = comma\n", ":9: [file] thousands: the same as the decimal sign" },
    { MAPPING "[file]\ntime-format = HH:MM\n", ":8: [file] time-format: expected a pattern" },
    { MAPPING "[file]\ntime-zone = Moon\n", "time zone \"Moon\" is not known" },
    { MAPPING WHERE "[columns]\nbatch = Batch\n", ":13: [columns] batch: the file has no column \"Batch\"" },
    { MAPPING "[constants]\ncurrency = EUR\n", "[columns] kind: neither a column nor [constants] kind" },
    { MAPPING "[constants]\nkind = sale\n", "[columns] currency: neither a column nor [constants] currency" },
    { MAPPING "[constants]\nkind = sale\ncurrency = EURO\n", ":9: [constants] currency: not a currency" },
    { "\xff", "is not UTF-8 text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check (tw_read_settlement, cases[i].mapping, "When,Gross\n2026-03-01,1.00\n", NULL, cases[i].says);
}

static void
test_bad_rows (void)
{
  static const struct { const char *more, *bytes, *says; } cases[] = {
    { "", "When,Gross\n2026-03-01,1,00\n", ", line 2: 3 cells" },
    { "", "When,Gross\n2026-03-01,1.000\n2026-03-01,1.001\n", ", line 3, column \"Gross\": \"1.001\" is more" },
    { "", "When,Gross\n2026-03-01,\n", "neither gross nor net" },
    { "", "When,Gross\n,1.00\n", "column \"When\": empty" },
    { "", "When,Gross\n01.03.2026,1.00\n", "column \"When\": \"01.03.2026\" is not a date: expected YYYY-MM-DD" },
    { "[columns]\nnet = Net\nfee = Fee\n", "When,Gross,Fee,Net\n2026-03-01,1.00,0.10,0.80\n",
      "column \"Net\": net is not gross less fee" },
    { "[columns]\nkind = Kind\n", "When,Gross,Kind\n2026-03-01,1.00,gift\n", "\"gift\" is in no list of [kinds]" },
    { "[columns]\nkind = Kind\n", "When,Gross,Kind\n2026-03-01,1.00,sale\n2026-03-01,-1.00,sale\n",
      ", line 3, column \"Gross\": negative, and a sale" },
    { "[columns]\nkind = Kind\n", "When,Gross,Kind\n2026-03-01,1.00,refund\n",
      ", line 2, column \"Gross\": positive, and a refund" },
    { "", "Day,Amount\n", "none of its first 20 lines is a header with Gross" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *mapping = g_strconcat (MAPPING WHERE, cases[i].more, NULL);

      check (tw_read_settlement, mapping, cases[i].bytes, NULL, cases[i].says);
    }
  check (tw_read_settlement, MAPPING "[constants]\ncurrency = EUR\nkind = sale\n",
         "When,Gross\n2026-03-01 10:00:00,1.00\n", NULL, "column \"When\": a time without its zone");
}

/* Which option gives it; and both files are named also where one's name begins as the other's. */
static void
test_files_are_named (void)
{
  static const struct { GivenReader reader; const char *format, *says; } WITHOUT[] = {
    { tw_read_settlement, "csv", "needs a mapping file: --mapping FILE" },
    { tw_read_bank, "bank-csv", "needs a mapping file: --bank-mapping FILE" },
  };
  g_autoptr (GivenFile) path = given_file ("When,Gross\n2026-03-01,x\n", -1);
  g_autofree char *mapping = g_strconcat (path, ".map", NULL);
  const TwProfile profile = { .mapping = mapping };

  for (guint i = 0; i < G_N_ELEMENTS (WITHOUT); i++)
    {
      const TwProfile bare = { .format = WITHOUT[i].format };
      g_autoptr (GError) error = NULL;

      g_assert_null (given_read (WITHOUT[i].reader, path, &bare, &error));
      assert_refused (error, WITHOUT[i].says);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;

      g_assert_true (g_file_set_contents (mapping, i == 0 ? MAPPING "x = y\n"
                                          : MAPPING "[constants]\ncurrency = EUR\nkind = sale\n", -1, NULL));
      g_assert_null (given_read (tw_read_settlement, path, &profile, &error));
      said = i == 0 ? g_strdup_printf ("(the mapping of %s)", path) : g_strdup_printf ("(read by %s)", mapping);
      assert_refused (error, said);
    }
  g_assert_cmpint (g_remove (mapping), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/mapping/the-examples-read-what-they-say", test_examples);
  g_test_add_func ("/reconcile-readers/mapping/services-have-conventions", test_conventions);
  g_test_add_func ("/reconcile-readers/mapping/columns-of-one-name-are-numbered", test_banks);
  g_test_add_func ("/reconcile-readers/mapping/banks-have-two-sides", test_bank_sides);
  g_test_add_func ("/reconcile-readers/mapping/what-a-bank-converted-tells-what-came", test_bank_conversion);
  g_test_add_func ("/reconcile-readers/mapping/bad-mappings-are-refused-with-the-line", test_bad_mappings);
  g_test_add_func ("/reconcile-readers/mapping/both-files-are-named", test_files_are_named);
  g_test_add_func ("/reconcile-readers/mapping/bad-rows-are-refused-with-the-line", test_bad_rows);

  return g_test_run ();
}
