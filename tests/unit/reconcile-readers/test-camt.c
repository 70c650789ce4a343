/* SPDX-License-Identifier: Apache-2.0 */
/* The checks and traps of settlement-files.md section 4. */
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:camt."
#define BALANCE(code, amount, direction) \
  "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>" direction \
  "</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>"
#define STATEMENT(id, number, opening, closing, entries) \
  "<Stmt><Id>" id "</Id><ElctrncSeqNb>" number "</ElctrncSeqNb><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id>" \
  "<Ccy>EUR</Ccy></Acct>" BALANCE ("OPBD", opening, "CRDT") BALANCE ("CLBD", closing, "CRDT") \
  BALANCE ("CLAV", "1.00", "CRDT") entries "</Stmt>"
#define DOCUMENT(version, statements) \
  "<?xml version=\"1.0\"?>\n<Document xmlns=\"" NAMESPACE version "\"><BkToCstmrStmt><GrpHdr/>" statements \
  "</BkToCstmrStmt></Document>\n"
#define NOTE(version, entries) \
  "<n:Document xmlns:n=\"" NAMESPACE version "\"><n:BkToCstmrDbtCdtNtfctn><n:Ntfctn><n:Id>N1</n:Id><n:Acct><n:Id>" \
  "<n:Othr><n:Id>4711</n:Id></n:Othr></n:Id></n:Acct>" entries "</n:Ntfctn></n:BkToCstmrDbtCdtNtfctn></n:Document>"
#define ENTRY(reference, amount, direction, status, details) \
  "<Ntry><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>" direction "</CdtDbtInd><Sts>" status "</Sts>" \
  "<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><DtTm>2026-03-03T10:00:00+01:00</DtTm></ValDt>" \
  "<AcctSvcrRef>" reference "</AcctSvcrRef>" details "</Ntry>"
#define DETAILS(inside) "<NtryDtls>" inside "</NtryDtls>"
#define ACQUIRER "<RltdPties><Dbtr><Pty><Nm>Adyen N.V.</Nm></Pty></Dbtr></RltdPties>"
#define PAID ENTRY ("R1", "12.50", "CRDT", "<Cd>BOOK</Cd>", DETAILS ("<TxDtls><Refs><EndToEndId>E1</EndToEndId>" \
  "<TxId>T1</TxId></Refs><Amt Ccy=\"EUR\">12.5</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ACQUIRER \
  "<RmtInf><Ustrd>TX12 bat</Ustrd><Ustrd>ch 12</Ustrd></RmtInf></TxDtls>"))
#define ONE DOCUMENT ("053.001.08", STATEMENT ("S1", "7", "100.00", "112.50", PAID))

static void
reads (const char *bytes,
       const char *rows)
{
  assert_reads (tw_read_bank, NULL, bytes, rows);
}

static void
refuse (const char *from,
        const char *to,
        const char *parts)
{
  g_autofree char *bytes = given_change (ONE, from, to);

  assert_refuses (tw_read_bank, NULL, bytes, parts);
}

static void
test_statement (void)
{
  reads (ONE, "1 credit EUR 1250 account=DE02120300000000202051 statement=S1 end-to-end=E1 trace=T1 "
             "text=TX12 bat ch 12 joined=TX12 batch 12 from=Adyen N.V. booked=2026-03-02 value=2026-03-03\n");
}

/* Version 02: the status is a text, parties have their name at once. */
static void
test_versions (void)
{
  g_autofree char *status = given_change (ONE, "<Cd>BOOK</Cd>", "BOOK");
  g_autofree char *party = given_change (status, "<Pty><Nm>Adyen N.V.</Nm></Pty>", "<Nm>Adyen N.V.</Nm>");
  g_autofree char *old = given_change (party, "053.001.08", "053.001.02");
  g_autofree char *new = given_change (ONE, "053.001.08", "053.001.13");
  const char *rows = "1 credit EUR 1250 account=DE02120300000000202051 statement=S1 end-to-end=E1 trace=T1 "
                     "text=TX12 bat ch 12 joined=TX12 batch 12 from=Adyen N.V. booked=2026-03-02 value=2026-03-03\n";

  reads (old, rows);
  reads (new, rows);
  refuse ("053.001.08", "053.001.04", "camt.053.001.04\" is not one that we know: accepted are");
  refuse (NAMESPACE, "urn:x:camt.", "urn:x:camt.053.001.08\" is not one that we know");
}

/* A debit, a reversal whose direction is already the real one, a reference that is none, and text of last resort. */
static void
test_kinds (void)
{
  reads (DOCUMENT ("053.001.08", STATEMENT ("S1", "7", "100.00", "94.99",
          ENTRY ("R1", "5.00", "DBIT", "<Cd>BOOK</Cd>", "<RvslInd>true</RvslInd>"
                 DETAILS ("<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>"))
          ENTRY ("R2", "0.01", "DBIT", "<Cd>BOOK</Cd>", "<AddtlNtryInf>Bank charges</AddtlNtryInf>"))),
        "1 credit EUR -500 account=DE02120300000000202051 statement=S1 booked=2026-03-02 value=2026-03-03 reversal\n"
        "2 credit EUR -1 account=DE02120300000000202051 statement=S1 text=Bank charges joined=Bank charges "
        "booked=2026-03-02 value=2026-03-03\n");
}

/* A notification, in another prefix, and a collective booking in it: one entry with all its texts. */
static void
test_notification (void)
{
  reads (NOTE ("054.001.08",
          "<n:Ntry><n:NtryRef>7</n:NtryRef><n:Amt Ccy=\"EUR\">30</n:Amt><n:CdtDbtInd>CRDT</n:CdtDbtInd><n:Sts>"
          "<n:Cd>BOOK</n:Cd></n:Sts><n:BookgDt><n:DtTm>2026-03-02T23:30:00</n:DtTm></n:BookgDt><n:NtryDtls><n:Btch>"
          "<n:NbOfTxs>2</n:NbOfTxs><n:TtlAmt Ccy=\"EUR\">30.00</n:TtlAmt></n:Btch><n:TxDtls><n:Refs><n:EndToEndId>A"
          "</n:EndToEndId></n:Refs><n:Amt Ccy=\"EUR\">40</n:Amt><n:CdtDbtInd>CRDT</n:CdtDbtInd><n:RmtInf><n:Strd>"
          "<n:CdtrRefInf><n:Ref>RF1</n:Ref></n:CdtrRefInf></n:Strd></n:RmtInf></n:TxDtls><n:TxDtls><n:Amt Ccy=\"EUR\">"
          "10.00</n:Amt><n:CdtDbtInd>DBIT</n:CdtDbtInd><n:RmtInf><n:Ustrd>batch &lt;2&gt;</n:Ustrd></n:RmtInf>"
          "</n:TxDtls></n:NtryDtls></n:Ntry>"),
        "1 credit EUR 3000 account=4711 statement=N1 text=RF1 batch <2> joined=RF1batch <2> booked=2026-03-02 "
        "notification\n");
}

#define CONVERTED(entry_level, detail_level) \
  DOCUMENT ("053.001.08", STATEMENT ("S1", "7", "100.00", "1040.10", \
            ENTRY ("R1", "940.10", "CRDT", "<Cd>BOOK</Cd>", entry_level DETAILS (detail_level))))
#define TOLD(currency, amount, more) "<AmtDtls><TxAmt><Amt Ccy=\"" currency "\">" amount "</Amt>" more \
  "</TxAmt></AmtDtls>"
#define RATE(source, unit, rate) "<CcyXchg><SrcCcy>" source "</SrcCcy><TrgtCcy>EUR</TrgtCcy>" unit "<XchgRate>" rate \
  "</XchgRate></CcyXchg>"
#define BOOKED "account=DE02120300000000202051 statement=S1 booked=2026-03-02 value=2026-03-03\n"

/* What came before the bank converted it, and by which rate: of the entry, or of its details if all of them tell. */
static void
test_conversion (void)
{
  reads (CONVERTED (TOLD ("CHF", "1000.00", RATE ("CHF", "", "0.9401")), ""),
         "1 credit EUR 94010 from CHF 100000 rate=9401000000 " BOOKED);
  reads (CONVERTED ("", "<TxDtls>" TOLD ("CHF", "1000", RATE ("CHF", "<UnitCcy>EUR</UnitCcy>", "1.0637")) "</TxDtls>"),
         "1 credit EUR 94010 from CHF 100000 rate=10637000000 of the account " BOOKED);
  reads (CONVERTED ("", "<TxDtls>" TOLD ("CHF", "400", "") "</TxDtls><TxDtls>" TOLD ("CHF", "600", "") "</TxDtls>"),
         "1 credit EUR 94010 from CHF 100000 rate=0 " BOOKED);
  reads (CONVERTED ("", "<TxDtls>" TOLD ("CHF", "400", "") "</TxDtls><TxDtls>" TOLD ("USD", "600", "") "</TxDtls>"),
         "1 credit EUR 94010 " BOOKED);
  reads (CONVERTED ("", "<TxDtls>" TOLD ("CHF", "400", "") "</TxDtls><TxDtls/>"), "1 credit EUR 94010 " BOOKED);
  reads (CONVERTED (TOLD ("EUR", "940.10", RATE ("JPY", "", "0.0062")), ""),
         "1 credit EUR 94010 from JPY 0 rate=62000000 " BOOKED);
  /* Of what was instructed and what arrived, the first is what the payout says. */
  reads (CONVERTED ("<AmtDtls><InstdAmt><Amt Ccy=\"CHF\">1005.00</Amt></InstdAmt><TxAmt><Amt Ccy=\"CHF\">1000.00</Amt>"
                    "</TxAmt></AmtDtls>", ""), "1 credit EUR 94010 from CHF 100500 rate=0 " BOOKED);
  /* Nothing is converted; and a currency that nobody knows tells nothing. */
  reads (CONVERTED (TOLD ("EUR", "940.10", ""), ""), "1 credit EUR 94010 " BOOKED);
  reads (CONVERTED (TOLD ("XQZ", "5", ""), ""), "1 credit EUR 94010 " BOOKED);
  assert_refuses (tw_read_bank, NULL, CONVERTED (TOLD ("CHF", "1000.005", ""), ""),
                  "entry 1: \"1000.005\" is not an amount of this currency");
  assert_refuses (tw_read_bank, NULL, CONVERTED (TOLD ("CHF", "-1", ""), ""), "\"-1\" is not an amount from 0");
  assert_refuses (tw_read_bank, NULL, CONVERTED (TOLD ("CHF", "1", RATE ("CHF", "", "1E3")), ""),
                  "entry 1: \"1E3\" is not an exchange rate");
  assert_refuses (tw_read_bank, NULL, CONVERTED (TOLD ("CHF", "1", RATE ("CHF", "", "0")), ""), "not an exchange rate");
}

#define CHARGE(amount, more) "<Rcrd><Amt Ccy=\"EUR\">" amount "</Amt>" more "</Rcrd>"

/* Only what lowered this entry, in its own currency; totals and details may be those before the charges. */
static void
test_charges (void)
{
  const char *gross = "<TxDtls><Amt Ccy=\"EUR\">945.10</Amt></TxDtls>";
  g_autofree char *one = NULL, *wrong = NULL;

  reads (CONVERTED ("<Chrgs><TtlChrgsAndTaxAmt Ccy=\"EUR\">5.00</TtlChrgsAndTaxAmt></Chrgs>", ""),
         "1 credit EUR 94010 charges=500 " BOOKED);
  reads (CONVERTED ("<Chrgs><TtlChrgsAndTaxAmt Ccy=\"EUR\">9.99</TtlChrgsAndTaxAmt>" CHARGE ("4.00", "") CHARGE (
                    "3.00", "<CdtDbtInd>DBIT</CdtDbtInd>") CHARGE ("2.00", "<CdtDbtInd>CRDT</CdtDbtInd>") CHARGE (
                    "7.00", "<ChrgInclInd>false</ChrgInclInd>") "<Rcrd><Amt Ccy=\"CHF\">1</Amt></Rcrd></Chrgs>", ""),
         "1 credit EUR 94010 charges=500 " BOOKED);
  /* As in version 02: a Chrgs for each. */
  reads (CONVERTED ("<Chrgs><Amt Ccy=\"EUR\">1.00</Amt></Chrgs><Chrgs><Amt Ccy=\"EUR\">4.00</Amt></Chrgs>", ""),
         "1 credit EUR 94010 charges=500 " BOOKED);
  reads (CONVERTED ("", "<TxDtls><Chrgs>" CHARGE ("5.00", "") "</Chrgs></TxDtls>"),
         "1 credit EUR 94010 charges=500 " BOOKED);
  one = g_strconcat (CONVERTED ("<Chrgs>" CHARGE ("5.00", "") "</Chrgs>",
                                "<TxDtls><Amt Ccy=\"EUR\">945.10</Amt></TxDtls>"), NULL);
  reads (one, "1 credit EUR 94010 charges=500 " BOOKED);
  wrong = given_change (one, gross, "<TxDtls><Amt Ccy=\"EUR\">945.11</Amt></TxDtls>");
  assert_refuses (tw_read_bank, NULL, wrong, "entry 1: its details do not add up");
}

static void
test_unbooked (void)
{
  const char *bytes = DOCUMENT ("053.001.08", STATEMENT ("S1", "7", "100.00", "112.50",
    "<TxsSummry><TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>13.50</Sum></TtlCdtNtries></TxsSummry>"
    ENTRY ("P1", "1.00", "CRDT", "<Cd>PDNG</Cd>", "") PAID));
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (tw_read_bank, path, NULL, &error);
  g_autofree char *note = g_strdup_printf ("note %s: 1 entries are not booked yet and were left out\n", path);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (rows, "2 credit EUR 1250 "));
  g_assert_true (g_str_has_suffix (rows, note));
}

static void
test_refusals (void)
{
  static const char *const cases[][3] = {
    { ">112.50<", ">112.51<", "statement \"S1\": its opening balance and entries make 112.50 EUR, and its closing "
                              "balance is 112.51 EUR" },
    { "12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "12.505</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
      "entry 1: \"12.505\" is not an amount of this currency" },
    { "12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "-12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
      "entry 1: a negative amount" },
    { "CRDT</CdtDbtInd><Sts>", "PLUS</CdtDbtInd><Sts>", "entry 1: \"PLUS\" is not CRDT or DBIT" },
    { "<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>", "entry 1: no direction" },
    { "<Sts><Cd>BOOK</Cd></Sts>", "", "entry 1: no status" },
    { "<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "", "entry 1: booked, and no date of it" },
    { "<Dt>2026-03-02</Dt>", "<Dt>2026-02-30</Dt>", "entry 1: \"2026-02-30\" is not a date" },
    { "<Amt Ccy=\"EUR\">12.5<", "<Amt Ccy=\"EUR\">12.4<", "entry 1: its details do not add up" },
    { "<TxDtls>", "<Btch><NbOfTxs>2</NbOfTxs></Btch><TxDtls>", "a collective booking of 2 with 1 details" },
    { "<TxDtls>", "<Btch><TtlAmt>12.49</TtlAmt></Btch><TxDtls>", "entry 1: its collective booking has another total" },
    { "<Ntry><Amt Ccy=\"EUR\">", "<Ntry><Amt Ccy=\"USD\">", "two currencies in one account" },
    { "<Ntry><Amt Ccy=\"EUR\">", "<Ntry><Amt>", "entry 1: \"12.50\" is not an amount, because it has no currency" },
    { "<IBAN>DE02120300000000202051</IBAN>", "", "no account" }, { "<Id>S1</Id>", "", "no identification" },
    { "<Ntry>", "<TxsSummry><TtlCdtNtries><Sum>12</Sum></TtlCdtNtries></TxsSummry><Ntry>",
      "it states credits of 12.00 EUR, and its entries make 12.50 EUR" },
    { "<Ntry>", "<TxsSummry><TtlDbtNtries><NbOfNtries>3</NbOfNtries></TtlDbtNtries></TxsSummry><Ntry>",
      "it states 3 debits, and has 0" },
    { "<GrpHdr/>", "<GrpHdr>", "not XML" }, { "</Document>", "", "not XML" },
    { "<Document", "<!DOCTYPE Document SYSTEM \"http://example.invalid/x.dtd\"><Document", "a document type" },
    { "<Document", "<!DOCTYPE Document [<!ENTITY a \"b\">]><Document", "a document type" },
    { "TX12 bat", "&nothing;", "not XML" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse (cases[i][0], cases[i][1], cases[i][2]);
}

#define SECOND_OPENING(amount) ">8</ElctrncSeqNb><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy>" \
  "</Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" amount

/* The schema has up to five decimals; what is more than the currency's must be nothing. */
static void
test_decimals (void)
{
  g_autofree char *zeros = given_change (ONE, "12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
                                         "12.50000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>");

  reads (zeros, "1 credit EUR 1250 account=DE02120300000000202051 statement=S1 end-to-end=E1 trace=T1 "
                "text=TX12 bat ch 12 joined=TX12 batch 12 from=Adyen N.V. booked=2026-03-02 value=2026-03-03\n");
}

static void
test_sequence (void)
{
  const char *next = DOCUMENT ("053.001.08", STATEMENT ("S1", "7", "100.00", "112.50", PAID)
                               STATEMENT ("S2", "8", "112.50", "125.00", PAID));
  g_autofree char *gap = given_change (next, ">8<", ">9<");
  g_autofree char *closing = given_change (next, "125.00", "126.00");
  g_autofree char *missing = given_change (closing, SECOND_OPENING ("112.50"), SECOND_OPENING ("113.50"));
  g_autofree char *twice = given_change (next, "S2", "S1");
  g_autoptr (GivenFile) path = given_file (gap, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (tw_read_bank, path, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (rows, ": statement S2 is number 9 and follows number 7: is one missing?"));
  assert_refuses (tw_read_bank, NULL, missing, "statement \"S2\": it opens with 113.50 EUR, and statement S1 before it "
                                               "closes with 112.50 EUR: is one missing?");
  assert_refuses (tw_read_bank, NULL, twice, "statement \"S1\": it stands twice");
}

static void
test_hostile (void)
{
  g_autoptr (GString) deep = g_string_new ("<Document xmlns=\"" NAMESPACE "053.001.08\">");
  g_autofree char *long_text = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *huge = given_change (ONE, "TX12 bat", long_text);

  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "<a>");
  assert_refuses (tw_read_bank, NULL, deep->str, "nested too deep");
  assert_refuses (tw_read_bank, NULL, huge, "a text of more than 1 MiB");
  assert_refuses (tw_read_bank, NULL, "<Document xmlns=\"" NAMESPACE "053.001.08\"/>", "has no statement in it");
  assert_refuses (tw_read_bank, NULL, "<Document xmlns=\"" NAMESPACE "052.001.08\"/>", "is a camt.052 report");
  assert_refuses (tw_read_bank, NULL, "<html/>", "is XML of a kind that we do not read, not a bank's file");
}

/* One entry in a statement and in the notification before it has one key; a reference used again has another. */
static gboolean
on_credit (gpointer         data,
           const TwCredit  *credit,
           GError         **error)
{
  g_ptr_array_add (data, g_strndup (credit->key.text, credit->key.n));

  return TRUE;
}

static void
collect_keys (const char *bytes,
              GPtrArray  *keys)
{
  static const TwIntakeClass class_ = { .credit = on_credit };
  const TwProfile none = { 0 };
  const TwIntake intake = { &class_, keys };
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  TwImport import = { .first_us = TW_NOT_STATED, .last_us = TW_NOT_STATED, .notices = notices };

  g_assert_true (tw_read_bank (path, 0, &none, &intake, &import, &error));
  g_assert_no_error (error);
  g_free (import.format);
}

static void
test_keys (void)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *outer = given_change (ONE, "053.001.08", "054.001.08");
  g_auto (GStrv) parts = g_strsplit (outer, "BkToCstmrStmt", -1);
  g_autofree char *renamed = g_strjoinv ("BkToCstmrDbtCdtNtfctn", parts);
  g_auto (GStrv) more = g_strsplit (renamed, "Stmt>", -1);
  g_autofree char *notification = g_strjoinv ("Ntfctn>", more);

  collect_keys (ONE, keys);
  collect_keys (notification, keys);
  collect_keys (DOCUMENT ("053.001.08", STATEMENT ("S1", "7", "100.00", "112.51",
                          ENTRY ("R1", "12.51", "CRDT", "<Cd>BOOK</Cd>", ""))), keys);
  g_assert_cmpuint (keys->len, ==, 3);
  g_assert_cmpstr (keys->pdata[0], ==, keys->pdata[1]);
  g_assert_cmpstr (keys->pdata[0], !=, keys->pdata[2]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/camt/a-statement-has-its-entries", test_statement);
  g_test_add_func ("/reconcile-readers/camt/three-versions-are-known-and-no-others", test_versions);
  g_test_add_func ("/reconcile-readers/camt/the-indicator-is-the-direction", test_kinds);
  g_test_add_func ("/reconcile-readers/camt/a-collective-booking-is-one-entry", test_notification);
  g_test_add_func ("/reconcile-readers/camt/what-was-converted-tells-what-came", test_conversion);
  g_test_add_func ("/reconcile-readers/camt/a-banks-charges-are-told", test_charges);
  g_test_add_func ("/reconcile-readers/camt/only-what-is-booked-counts", test_unbooked);
  g_test_add_func ("/reconcile-readers/camt/what-does-not-add-up-is-refused", test_refusals);
  g_test_add_func ("/reconcile-readers/camt/more-decimals-are-zeros", test_decimals);
  g_test_add_func ("/reconcile-readers/camt/statements-follow-each-other", test_sequence);
  g_test_add_func ("/reconcile-readers/camt/hostile-files-are-refused", test_hostile);
  g_test_add_func ("/reconcile-readers/camt/an-entry-has-one-key-in-both-messages", test_keys);

  return g_test_run ();
}
