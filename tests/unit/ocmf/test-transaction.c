/* SPDX-License-Identifier: Apache-2.0 */
/* Which records are one sale, and what is wrong with it. Signatures are not asked for here: each record is told to be
 * good. */
#include "payment/ocmf/transaction.h"

#include <string.h>

enum { MAX = 8 };

/* A record is "MS PG ID" and its readings. */
typedef struct { const char *meter, *page, *id, *more, *readings; } Sketch;

#define TIME(minute) "\"TM\":\"2026-03-01T13:" minute ":00,000+0100 S\","
#define READING(event, minute, value) \
  "{" TIME (minute) "\"TX\":\"" event "\",\"RV\":" value ",\"RI\":\"1-b:1.8.0\",\"RU\":\"kWh\",\"ST\":\"G\"}"
#define B READING ("B", "00", "100.5")
#define C READING ("C", "10", "101")
#define E READING ("E", "30", "103.25")

typedef struct { TwOcmfCase cases[MAX]; TwOcmfRecord *records[MAX]; guint n; } Fixture;

static TwOcmfRecord *
make (const Sketch *sketch)
{
  g_autofree char *text = g_strdup_printf (
    "OCMF|{\"PG\":\"%s\",\"MS\":\"%s\",\"IT\":\"LOCAL\",\"ID\":\"%s\"%s,\"RD\":[%s]}|{\"SD\":\"00\"}",
    sketch->page, sketch->meter, sketch->id, sketch->more != NULL ? sketch->more : "", sketch->readings);
  g_autoptr (GError) error = NULL;
  TwOcmfRecord *record = tw_ocmf_record_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return record;
}

static void
match (Fixture           *self,
       const Sketch      *sketches,
       guint              n,
       const TwOcmfRules *rules)
{
  *self = (Fixture) { .n = n };
  for (guint i = 0; i < n; i++)
    self->cases[i].record = self->records[i] = make (&sketches[i]);
  tw_ocmf_match (self->cases, n, rules);
}

static void
clear (Fixture *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      tw_ocmf_case_clear (&self->cases[i]);
      tw_ocmf_record_free (self->records[i]);
    }
}

/* The findings of one whole record. */
static guint
findings_of (const char        *more,
             const char        *readings,
             const TwOcmfRules *rules,
             const char        *energy_wh)
{
  Sketch sketch = { "M", "T1", "x", more, readings };
  Fixture fixture;
  guint findings;

  match (&fixture, &sketch, 1, rules);
  findings = fixture.cases[0].findings;
  g_assert_cmpstr (fixture.cases[0].energy_wh, ==, energy_wh);
  g_assert_true (tw_ocmf_verdict_is_good (fixture.cases[0].judgement.verdict));
  clear (&fixture);

  return findings;
}

static void
test_one_record (void)
{
  g_assert_cmphex (findings_of (NULL, B "," C "," E, NULL, "2750"), ==, 0);
  /* What a reading does not say, the one before it in the record says. */
  g_assert_cmphex (findings_of (NULL, B ",{" TIME ("30") "\"TX\":\"E\",\"RV\":100.6}", NULL, "100"), ==, 0);
  g_assert_cmphex (findings_of (NULL, B ",{" TIME ("30") "\"TX\":\"E\"}", NULL, "0"), ==, 0);
}

static void
test_three_records_in_any_order (void)
{
  static const Sketch sketches[] = {
    { "M", "T9", "x", NULL, E }, { "N", "T8", "x", NULL, C }, { "M", "T7", "x", NULL, B }, { "M", "T8", "x", NULL, C },
  };
  Fixture fixture;

  match (&fixture, sketches, G_N_ELEMENTS (sketches), NULL);
  g_assert_cmpint (fixture.cases[0].partner, ==, 2);
  g_assert_cmpint (fixture.cases[2].partner, ==, 0);
  g_assert_cmpint (fixture.cases[1].partner, ==, -1);
  g_assert_cmpint (fixture.cases[3].partner, ==, -1);
  g_assert_cmpstr (fixture.cases[0].energy_wh, ==, "2750");
  g_assert_null (fixture.cases[2].energy_wh);
  for (guint i = 0; i < fixture.n; i++)
    g_assert_cmphex (fixture.cases[i].findings, ==, 0);
  clear (&fixture);
}

static void
test_interleaved_meters (void)
{
  static const Sketch sketches[] = {
    { "M", "T1", "x", NULL, B }, { "N", "T1", "y", NULL, B }, { "M", "T2", "x", NULL, E }, { "N", "T2", "y", NULL, E },
    { "O", "T5", "z", NULL, E },
  };
  Fixture fixture;

  match (&fixture, sketches, G_N_ELEMENTS (sketches), NULL);
  g_assert_cmpint (fixture.cases[2].partner, ==, 0);
  g_assert_cmpint (fixture.cases[3].partner, ==, 1);
  /* All begins have their ends, so this one is only alone. */
  g_assert_cmpint (fixture.cases[4].partner, ==, -1);
  for (guint i = 0; i < fixture.n; i++)
    g_assert_true (tw_ocmf_verdict_is_good (fixture.cases[i].judgement.verdict));
  clear (&fixture);
}

static void
check_foreign (const Sketch *begin,
               const Sketch *end,
               guint         finding)
{
  const Sketch sketches[] = { *begin, *end };
  Fixture fixture;

  match (&fixture, sketches, 2, NULL);
  g_assert_cmpint (fixture.cases[0].partner, ==, -1);
  g_assert_true (tw_ocmf_verdict_is_good (fixture.cases[0].judgement.verdict));
  g_assert_cmpint (fixture.cases[1].judgement.verdict, ==, TW_OCMF_INVALID);
  g_assert_nonnull (fixture.cases[1].judgement.reason);
  g_assert_cmphex (fixture.cases[1].findings & finding, ==, finding);
  g_assert_null (fixture.cases[1].energy_wh);
  clear (&fixture);
}

static void
test_foreign_ends (void)
{
  const Sketch begin = { "M", "T7", "x", NULL, B };

  check_foreign (&begin, &(Sketch) { "N", "T8", "x", NULL, E }, TW_OCMF_FINDING_METER_IDENTITY);
  check_foreign (&begin, &(Sketch) { "M", "T8", "x", ",\"GS\":\"G\"", E }, TW_OCMF_FINDING_METER_IDENTITY);
  check_foreign (&begin, &(Sketch) { "M", "T8", "x", ",\"MV\":\"V\"", E }, TW_OCMF_FINDING_METER_IDENTITY);
  check_foreign (&begin, &(Sketch) { "M", "T8", "y", NULL, E }, TW_OCMF_FINDING_IDENTIFICATION);
  check_foreign (&begin, &(Sketch) { "M", "T9", "x", NULL, E }, TW_OCMF_FINDING_PAGINATION_GAP);
  check_foreign (&begin, &(Sketch) { "M", "T3", "x", NULL, E }, TW_OCMF_FINDING_PAGINATION_GAP);
  check_foreign (&begin, &(Sketch) { "M", "T08", "x", NULL, E }, TW_OCMF_FINDING_STRUCTURE);
  check_foreign (&begin, &(Sketch) { "M", "T99999999999999999999999", "x", NULL, E }, TW_OCMF_FINDING_STRUCTURE);
}

static void
test_another_key_is_another_signer (void)
{
  static const Sketch sketches[] = { { "M", "T1", "x", NULL, B }, { "M", "T2", "x", NULL, E } };
  Fixture fixture = { .n = 2 };

  for (guint i = 0; i < 2; i++)
    fixture.cases[i].record = fixture.records[i] = make (&sketches[i]);
  g_strlcpy (fixture.cases[1].judgement.key_id, "other", sizeof fixture.cases[1].judgement.key_id);
  tw_ocmf_match (fixture.cases, 2, NULL);
  g_assert_cmpint (fixture.cases[1].judgement.verdict, ==, TW_OCMF_INVALID);
  g_assert_cmphex (fixture.cases[1].findings, ==, TW_OCMF_FINDING_METER_IDENTITY);
  clear (&fixture);
}

/* A broken signature makes no sale, and no other record foreign. */
static void
test_bad_records_take_no_part (void)
{
  static const Sketch sketches[] = { { "M", "T1", "x", NULL, B }, { "M", "T2", "x", NULL, E } };
  Fixture fixture = { .n = 2 };

  for (guint i = 0; i < 2; i++)
    fixture.cases[i].record = fixture.records[i] = make (&sketches[i]);
  fixture.cases[0].judgement.verdict = TW_OCMF_INVALID;
  tw_ocmf_match (fixture.cases, 2, NULL);
  g_assert_cmpint (fixture.cases[1].partner, ==, -1);
  g_assert_true (tw_ocmf_verdict_is_good (fixture.cases[1].judgement.verdict));
  clear (&fixture);
}

static void
test_reuse (void)
{
  static const Sketch sketches[] = {
    { "M", "T1", "x", NULL, B }, { "M", "T2", "x", NULL, E }, { "M", "T1", "x", NULL, B }, { "M", "T3", "x", NULL, B },
    { "M", "T2", "x", NULL, E },
  };
  Fixture fixture;

  match (&fixture, sketches, G_N_ELEMENTS (sketches), NULL);
  g_assert_cmpint (fixture.cases[1].partner, ==, 0);
  g_assert_cmphex (fixture.cases[2].findings, ==, TW_OCMF_FINDING_RECORD_REUSED);
  g_assert_true (tw_ocmf_verdict_is_good (fixture.cases[2].judgement.verdict));
  g_assert_cmphex (fixture.cases[4].findings, ==, TW_OCMF_FINDING_RECORD_REUSED);
  g_assert_cmpint (fixture.cases[4].judgement.verdict, ==, TW_OCMF_INVALID);
  clear (&fixture);
}

/* By the meter's own times, in whatever order the records come. */
static void
test_counters (void)
{
  static const char early[] = READING ("B", "00", "1") "," READING ("E", "01", "2");
  static const char later[] = READING ("B", "02", "2") "," READING ("E", "03", "3");
  static const char last[] = READING ("B", "04", "3") "," READING ("E", "05", "4");
  static const char fiscal[] = "{" TIME ("06") "\"RV\":4,\"RI\":\"1-b:1.8.0\",\"RU\":\"kWh\",\"ST\":\"G\"}";
  const Sketch sketches[] = {
    { "M", "T1", "z", NULL, last }, { "M", "T9", "y", NULL, later }, { "M", "T7", "x", NULL, early },
    { "N", "T5", "x", NULL, early }, { "M", "F3", "x", NULL, fiscal },
  };
  Fixture fixture;

  match (&fixture, sketches, G_N_ELEMENTS (sketches), NULL);
  g_assert_cmphex (fixture.cases[0].findings, ==, TW_OCMF_FINDING_METER_RESET);
  g_assert_cmphex (fixture.cases[1].findings, ==, TW_OCMF_FINDING_PAGINATION_GAP);
  for (guint i = 2; i < fixture.n; i++)
    g_assert_cmphex (fixture.cases[i].findings, ==, 0);
  g_assert_null (fixture.cases[4].begin);
  clear (&fixture);
}

static void
test_structure (void)
{
  const guint want = TW_OCMF_FINDING_STRUCTURE;

  g_assert_cmphex (findings_of (NULL, B "," READING ("B", "20", "101") "," E, NULL, NULL), ==, want);
  g_assert_cmphex (findings_of (NULL, E "," READING ("B", "40", "104"), NULL, NULL), ==, want);
  g_assert_cmphex (findings_of (NULL, B "," E "," READING ("E", "40", "104"), NULL, NULL), ==, want);
  g_assert_cmphex (findings_of (NULL, B "," E "," READING ("C", "40", "104"), NULL, NULL), ==, want);
  g_assert_cmphex (findings_of (NULL, B "," READING ("Q", "20", "101") "," E, NULL, NULL), ==, want);
  g_assert_cmphex (findings_of (NULL, "{" TIME ("06") "\"RV\":4}", NULL, NULL), ==, want);
}

static void
test_quantities (void)
{
  static const char begin[] = READING ("B", "00", "100.5") ",";
  static const char tail[] = "\"RI\":\"1-b:1.8.0\",\"RU\":\"kWh\"";
  static const struct { const char *end; const char *energy_wh; guint findings; } cases[] = {
    { "\"TX\":\"E\",\"RV\":101,\"ST\":\"M\",", "500", TW_OCMF_FINDING_NOT_BILLABLE },
    { "\"TX\":\"A\",\"RV\":101,\"EF\":\"E\",", "500", TW_OCMF_FINDING_NOT_BILLABLE },
    { "\"TX\":\"P\",\"RV\":101,\"EF\":\"t\",", "500", TW_OCMF_FINDING_TIME_NOT_BILLABLE },
    { "\"TX\":\"R\",\"RV\":101,\"EF\":\"Et\",", "500",
      TW_OCMF_FINDING_NOT_BILLABLE | TW_OCMF_FINDING_TIME_NOT_BILLABLE },
    { "\"TX\":\"L\",\"RV\":100.4,", NULL, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE },
    { "\"TX\":\"E\",\"RV\":-1,", NULL, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE },
    { "\"TX\":\"E\",\"RV\":101,\"RT\":\"DC\",", NULL, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *readings = g_strdup_printf ("%s{" TIME ("30") "%s%s}", begin, cases[i].end, tail);

      g_assert_cmphex (findings_of (NULL, readings, NULL, cases[i].energy_wh), ==, cases[i].findings);
    }
  g_assert_cmphex (findings_of (NULL, B ",{" TIME ("30") "\"TX\":\"E\",\"RV\":101,\"RU\":\"Wh\"}", NULL, NULL), ==,
                   TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE);
  g_assert_cmphex (findings_of (NULL, B ",{" TIME ("30") "\"TX\":\"E\",\"RV\":101,\"RI\":\"1-b:2.8.0\"}", NULL, NULL),
                   ==, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE);
  g_assert_cmphex (findings_of (NULL, B ",{" TIME ("00") "\"TX\":\"E\",\"RV\":101}", NULL, "500"), ==,
                   TW_OCMF_FINDING_TIME_DEVIATION);
  g_assert_cmphex (findings_of (NULL, B ",{\"TM\":\"x\",\"TX\":\"E\",\"RV\":101}", NULL, "500"), ==,
                   TW_OCMF_FINDING_TIME_NOT_BILLABLE | TW_OCMF_FINDING_TIME_DEVIATION);
  g_assert_cmphex (findings_of (NULL, B ",{\"TM\":\"2026-03-01T13:30:00,000+0100 I\",\"TX\":\"E\",\"RV\":101}", NULL,
                                "500"), ==, TW_OCMF_FINDING_TIME_NOT_BILLABLE);
  g_assert_cmphex (findings_of (",\"IL\":\"MISMATCH\"", B "," E, NULL, "2750"), ==, TW_OCMF_FINDING_IDENTIFICATION);
}

/* The end of summer time: an hour later, and the clock shows the same. */
static void
test_instants (void)
{
  g_assert_cmphex (findings_of (NULL,
                                "{\"TM\":\"2026-10-25T02:30:00,000+0200 S\",\"TX\":\"B\",\"RV\":1,\"RI\":\"1.8.0\","
                                "\"RU\":\"kWh\",\"ST\":\"G\"},"
                                "{\"TM\":\"2026-10-25T02:10:00,000+0100 S\",\"TX\":\"E\",\"RV\":2}", NULL, "1000"),
                   ==, 0);
}

#define REGISTER(event, minute, value, obis) \
  "{" TIME (minute) "\"TX\":\"" event "\",\"RV\":" value ",\"RI\":\"" obis "\",\"RU\":\"kWh\",\"ST\":\"G\"}"

static void
test_registers (void)
{
  static const char export_first[] =
    REGISTER ("B", "00", "7", "01-00:C0.08.00*FF") "," REGISTER ("B", "00", "10", "01-00:B0.08.00*FF") ","
    REGISTER ("E", "30", "9", "01-00:C0.08.00*FF") "," REGISTER ("E", "30", "15", "01-00:B0.08.00*FF");
  static const char own_register[] =
    REGISTER ("B", "00", "0", "01-00:B2.08.00*FF") "," REGISTER ("E", "30", "5", "01-00:B2.08.00*FF");
  static const char own_not_at_zero[] =
    REGISTER ("B", "00", "1", "01-00:B2.08.00*FF") "," REGISTER ("E", "30", "5", "01-00:B2.08.00*FF");
  static const char both[] =
    REGISTER ("B", "00", "10", "01-00:B0.08.00*FF") "," REGISTER ("B", "00", "0", "01-00:B2.08.00*FF") ","
    REGISTER ("E", "30", "15", "01-00:B0.08.00*FF") "," REGISTER ("E", "30", "5.0", "01-00:B2.08.00*FF");
  static const char not_the_same[] =
    REGISTER ("B", "00", "10", "01-00:B0.08.00*FF") "," REGISTER ("B", "00", "0", "01-00:B2.08.00*FF") ","
    REGISTER ("E", "30", "15", "01-00:B0.08.00*FF") "," REGISTER ("E", "30", "5.1", "01-00:B2.08.00*FF");
  const TwOcmfRules other = { .register_id = "01-00:C0.08.00*FF" }, none = { .register_id = "1-b:1.8.0" };
  const TwOcmfRules weak = { .max_power_w = 3700 }, strong = { .max_power_w = 22000 };

  g_assert_cmphex (findings_of (NULL, export_first, NULL, "5000"), ==, 0);
  g_assert_cmphex (findings_of (NULL, export_first, &other, "2000"), ==, 0);
  g_assert_cmphex (findings_of (NULL, export_first, &none, NULL), ==, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE);
  g_assert_cmphex (findings_of (NULL, own_register, NULL, "5000"), ==, 0);
  g_assert_cmphex (findings_of (NULL, own_not_at_zero, NULL, NULL), ==, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE);
  g_assert_cmphex (findings_of (NULL, both, NULL, "5000"), ==, 0);
  g_assert_cmphex (findings_of (NULL, not_the_same, NULL, "5000"), ==, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE);
  g_assert_cmphex (findings_of (NULL, both, &weak, "5000"), ==, TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE);
  g_assert_cmphex (findings_of (NULL, both, &strong, "5000"), ==, 0);
}

static void
test_begin_and_end_differ (void)
{
  static const struct { const char *begin, *end; guint findings; } cases[] = {
    { ",\"TT\":\"a\"", ",\"TT\":\"a\"", 0 },
    { ",\"TT\":\"a\"", ",\"TT\":\"b\"", TW_OCMF_FINDING_TARIFF_TEXT },
    { ",\"TT\":\"a\"", NULL, TW_OCMF_FINDING_TARIFF_TEXT },
    { ",\"LC\":{\"LR\":1,\"LU\":\"mOhm\"}", ",\"LC\":{\"LR\":1,\"LU\":\"mOhm\"}", 0 },
    { ",\"LC\":{\"LR\":1,\"LU\":\"mOhm\"}", ",\"LC\":{\"LR\":1.0,\"LU\":\"mOhm\"}", TW_OCMF_FINDING_CABLE_LOSS },
    { ",\"IL\":\"OUTDATED\"", NULL, TW_OCMF_FINDING_IDENTIFICATION },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Sketch sketches[] = { { "M", "T1", "x", cases[i].begin, B }, { "M", "T2", "x", cases[i].end, E } };
      Fixture fixture;

      match (&fixture, sketches, 2, NULL);
      g_assert_cmpint (fixture.cases[1].partner, ==, 0);
      g_assert_cmphex (fixture.cases[1].findings, ==, cases[i].findings);
      clear (&fixture);
    }
}

/* Hostile records must not make the comparison of all registers with all dear. */
static void
test_many_registers (void)
{
  g_autoptr (GString) readings = g_string_new (B);

  for (guint i = 0; i < 500; i++)
    g_string_append (readings, ",{\"RV\":1}");
  g_assert_cmphex (findings_of (NULL, readings->str, NULL, NULL), ==, TW_OCMF_FINDING_STRUCTURE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ocmf/sale/one-record-may-have-both-ends", test_one_record);
  g_test_add_func ("/ocmf/sale/records-are-matched-in-any-order", test_three_records_in_any_order);
  g_test_add_func ("/ocmf/sale/meters-may-be-interleaved", test_interleaved_meters);
  g_test_add_func ("/ocmf/sale/a-foreign-end-is-invalid", test_foreign_ends);
  g_test_add_func ("/ocmf/sale/another-key-is-another-signer", test_another_key_is_another_signer);
  g_test_add_func ("/ocmf/sale/bad-records-take-no-part", test_bad_records_take_no_part);
  g_test_add_func ("/ocmf/sale/signed-bytes-count-once", test_reuse);
  g_test_add_func ("/ocmf/sale/gaps-and-resets-of-the-counter-are-found", test_counters);
  g_test_add_func ("/ocmf/sale/one-begin-and-one-end", test_structure);
  g_test_add_func ("/ocmf/sale/energy-that-is-none-is-found", test_quantities);
  g_test_add_func ("/ocmf/sale/instants-are-compared-and-not-clocks", test_instants);
  g_test_add_func ("/ocmf/sale/the-billed-register-is-chosen", test_registers);
  g_test_add_func ("/ocmf/sale/begin-and-end-say-the-same", test_begin_and_end_differ);
  g_test_add_func ("/ocmf/sale/too-many-registers-are-refused", test_many_registers);

  return g_test_run ();
}
