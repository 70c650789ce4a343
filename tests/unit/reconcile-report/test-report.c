/* SPDX-License-Identifier: Apache-2.0 */
/* The same small books in all four forms, with texts that want to break out of each. */
#include "app/base/error.h"
#include "app/base/json.h"
#include "payment/reconcile/report/report.h"
#include "payment/reconcile/report/steps.h"

#include <glib/gstdio.h>
#include <string.h>

#define CHARS(text_) ((TwChars) { text_, sizeof (text_) - 1 })
#define HOSTILE "=cmd|' /C'!A1,\"</script><b>"

static const TwReportFile FILES[] = {
  { "journal", "sales.csv", { .format = (char *) "sales", .n_rows = 3, .first_us = 0, .last_us = 1 } },
  { "psp", "a<b>.csv", { .format = (char *) "adyen", .n_rows = 2, .first_us = TW_NOT_STATED,
                         .last_us = TW_NOT_STATED } },
  { "bank", "b.xml", { .format = (char *) "camt.053", .n_rows = 1, .first_us = TW_NOT_STATED,
                       .last_us = TW_NOT_STATED } },
  { "meter", "m.csv", { .format = (char *) "meter-csv", .first_us = TW_NOT_STATED, .last_us = TW_NOT_STATED } },
};
/* 2026-11-22 13:00 UTC */
static const TwReportHead HEAD = { .as_of_us = G_GINT64_CONSTANT (1795352400000000), .time_zone = "Europe/Berlin",
                                   .files = FILES, .n_files = 3 };

static const TwCurrencyTotals TOTALS[] = {
  { .currency = "EUR", .n_sales = 3, .n_captured = 2, .n_lines = 2, .n_matched = 1, .n_payouts = 1,
    .captured_minor = 123450, .settled_minor = 100000, .listed_minor = 23450, .fee_minor = 1200, .net_minor = 98800,
    .paid_out_minor = 98800, .banked_minor = 98750, .residual_minor = 50 },
  { .currency = "JPY", .n_sales = 1, .captured_minor = 900, .settled_minor = 900, .net_minor = 900,
    .with_service_minor = 900 },
};

static const TwPayout PAYOUT = {
  .account = { "A", 1 }, .batch = { "77", 2 }, .rule = "bank-trace", .currency = "EUR", .n_lines = 2,
  .gross_minor = 100000, .fee_minor = 1200, .net_minor = 98800, .bank_minor = 98750, .residual_minor = 50,
  .residual = "bank_fee", .bank_currency = "CHF", .credited_minor = 92825, .rate_e10 = 9400000000,
};

static const TwMatched MATCHED = {
  .session = { "S-1", 3 }, .payment_ref = { "S-1", 3 }, .rule = "payment-reference", .link = TW_LINK_BANKED,
  .currency = "EUR", .captured_minor = 100000, .settled_minor = 100000, .fee_minor = TW_NOT_STATED,
};

static void
feed (const TwOutlet *const *outlets,
      guint                  n,
      gboolean               all)
{
  TwReport report = { .outlets = (TwOutlet **) outlets, .n_outlets = n };
  TwException exception = {
    .class_ = TW_CLASS_MISSING_IN_SETTLEMENT, .severity = 4, .stake_minor = 23450, .currency = "EUR",
    .id = "0123456789abcdef0123456789abcdef", .session = { "S-2", 3 }, .payment_ref = { "S-2", 3 },
    .rule = "settlement-due", .expected = 23450, .found = TW_NOT_STATED,
    .since_us = HEAD.as_of_us - 20 * G_TIME_SPAN_DAY,
    .due_us = TW_NOT_STATED, .sale = { 0, 3 },
  };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (TOTALS); i++)
    g_assert_true (TW_REPORT.totals (&report, &TOTALS[i], &error));
  g_assert_true (TW_REPORT.payout (&report, &PAYOUT, &error));
  g_assert_true (TW_REPORT.matched (&report, &MATCHED, &error));
  if (all)
    {
      g_assert_true (TW_REPORT.exception (&report, &exception, &error));
      exception.class_ = TW_CLASS_MISSING_IN_JOURNAL;
      exception.stake_minor = -500;
      exception.session = (TwChars) { NULL, 0 };
      exception.psp_ref = CHARS (HOSTILE);
      exception.sale = (TwOrigin) { 0, 0 };
      exception.other = (TwOrigin) { 1, 7 };
      g_assert_true (TW_REPORT.exception (&report, &exception, &error));
    }
  exception.class_ = TW_CLASS_EXPECTED;
  exception.severity = 1;
  exception.due_us = HEAD.as_of_us + 1;
  g_assert_true (TW_REPORT.exception (&report, &exception, &error));
  g_assert_cmpuint (report.count.n_exceptions, ==, all ? 2 : 0);
  g_assert_cmpuint (report.count.n_info, ==, 1);
}

typedef TwOutlet *(*OpenFunc) (FILE *file, const TwReportHead *head, GError **error);

static TwOutlet *
open_text (FILE                *file,
           const TwReportHead  *head,
           GError             **error)
{
  return tw_outlet_new_text (file, head, FALSE);
}

static TwOutlet *
open_html (FILE                *file,
           const TwReportHead  *head,
           GError             **error)
{
  return tw_outlet_new_html (file, head);
}

static char *
printed_under (const TwReportHead *head,
               OpenFunc            open,
               gboolean            all)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize n = 0;
  FILE *file = open_memstream (&text, &n);
  TwOutlet *outlet = open (file, head, &error);
  const TwOutlet *outlets[] = { outlet };
  char *copy;

  g_assert_no_error (error);
  feed (outlets, 1, all);
  g_assert_true (tw_outlet_close (outlet, &error));
  g_assert_no_error (error);
  tw_outlet_free (outlet);
  fclose (file);
  copy = g_strndup (text, n);
  free (text);

  return copy;
}

static char *
printed (OpenFunc open,
         gboolean all)
{
  return printed_under (&HEAD, open, all);
}

static const TwJson *
at (const TwJson *root,
    const char   *list,
    guint         i,
    const char   *member)
{
  return tw_json_member (tw_json_element (tw_json_member (root, list), i), member);
}

static void
test_json (void)
{
  g_autofree char *text = printed (tw_outlet_new_json, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse (text, strlen (text), &TW_JSON_LARGE, &error);
  const TwJson *euro, *conversion;

  g_assert_no_error (error);
  euro = tw_json_member (tw_json_member (root, "totals"), "EUR");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (euro, "captured_minor")), ==, "123450");
  g_assert_cmpuint (tw_json_length (tw_json_member (root, "totals")), ==, 2);
  g_assert_cmpstr (tw_json_number_text (at (root, "payouts", 0, "residual_minor")), ==, "50");
  g_assert_cmpstr (tw_json_string (at (root, "payouts", 0, "residual")), ==, "bank_fee");
  conversion = at (root, "payouts", 0, "conversion");
  g_assert_cmpstr (tw_json_string (tw_json_member (conversion, "currency")), ==, "CHF");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (conversion, "credited_minor")), ==, "92825");
  g_assert_cmpstr (tw_json_string (tw_json_member (conversion, "rate")), ==, "0.94");
  g_assert_cmpstr (tw_json_string (tw_json_member (conversion, "rate_of")), ==, "EUR");
  g_assert_cmpint (tw_json_type (at (root, "matched", 0, "fee_minor")), ==, TW_JSON_NULL);
  g_assert_cmpstr (tw_json_string (at (root, "matched", 0, "link")), ==, "banked");
  g_assert_cmpuint (tw_json_length (tw_json_member (root, "exceptions")), ==, 2);
  g_assert_cmpstr (tw_json_string (at (root, "exceptions", 0, "class")), ==, "missing_in_settlement");
  g_assert_cmpstr (tw_json_number_text (at (root, "exceptions", 0, "amount_minor")), ==, "23450");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (at (root, "exceptions", 0, "sale"), "line")), ==, "3");
  g_assert_cmpint (tw_json_type (at (root, "exceptions", 1, "session")), ==, TW_JSON_NULL);
  g_assert_cmpstr (tw_json_string (at (root, "exceptions", 1, "psp_ref")), ==, HOSTILE);
  g_assert_cmpstr (tw_json_string (tw_json_element (at (root, "exceptions", 1, "references"), 0)), ==, "S-2");
  g_assert_cmpuint (tw_json_length (tw_json_member (root, "info")), ==, 1);
  g_assert_cmpstr (tw_json_string (at (root, "info", 0, "due")), ==, "2026-11-22T13:00:00.000001Z");
  g_assert_false (tw_json_is_true (tw_json_member (root, "closed")));
  g_assert_cmpstr (tw_json_string (tw_json_member (root, "as_of")), ==, "2026-11-22T13:00:00Z");
}

static void
test_empty_json (void)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize n = 0;
  FILE *file = open_memstream (&text, &n);
  const TwReportHead head = { .as_of_us = 0, .time_zone = "UTC" };
  TwOutlet *outlet = tw_outlet_new_json (file, &head, &error);
  g_autoptr (TwJson) root = NULL;

  g_assert_true (tw_outlet_close (outlet, &error));
  tw_outlet_free (outlet);
  fclose (file);
  root = tw_json_parse (text, n, &TW_JSON_SMALL, &error);
  g_assert_no_error (error);
  g_assert_true (tw_json_is_true (tw_json_member (root, "closed")));
  g_assert_cmpuint (tw_json_length (tw_json_member (root, "matched")), ==, 0);
  free (text);
}

static void
test_text (void)
{
  g_autofree char *open = printed (open_text, TRUE), *closed = printed (open_text, FALSE);

  g_assert_nonnull (strstr (open, "Books as of 2026-11-22 14:00 (Europe/Berlin)"));
  g_assert_nonnull (strstr (open, "1,234.50 EUR"));
  g_assert_nonnull (strstr (open, "missing_in_settlement: 1 (today), 234.50 EUR to lose"));
  g_assert_nonnull (strstr (open, "missing_in_journal: 1 (today), 5.00 EUR to give back"));
  g_assert_nonnull (strstr (open, "900 JPY"));
  g_assert_nonnull (strstr (open, "\nNot closed: 2 exceptions.\n"));
  g_assert_nonnull (strstr (closed, "\nClosed to the cent.\n"));
}

/* How far the books are closed is how far somebody was asked. */
static void
test_asked (void)
{
  static const TwReportFile EMPTY = { "journal", "sales.csv", { .format = (char *) "sales" } };
  static const struct { const TwReportFile *files; guint n; const char *verdict, *compared; } CASES[] = {
    { FILES, 4, "Closed to the cent.", "\"journal\",\"meter\",\"psp\",\"bank\"" },
    { FILES, 3, "Closed to the cent.", "\"journal\",\"psp\",\"bank\"" },
    { FILES, 2, "Closed as far as the journals and the payment service go; no bank file was given.",
      "\"journal\",\"psp\"" },
    { FILES, 1, "Closed as far as the journals go; no settlement file and no bank file was given.",
      "\"journal\"" },
    { FILES + 1, 1, "Closed as far as the payment service goes; no journal and no bank file was given.",
      "\"psp\"" },
    { FILES + 1, 3, "Closed as far as the meters, the payment service and the bank go; no journal was given.",
      "\"meter\",\"psp\",\"bank\"" },
    { &EMPTY, 1, "Nothing to close: no file has a row.", "\"journal\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      TwReportHead head = HEAD;
      g_autofree char *text = NULL, *page = NULL, *json = NULL;
      g_autofree char *line = g_strdup_printf ("\n%s\n", CASES[i].verdict);
      g_autofree char *mark = g_strdup_printf ("<p class=\"verdict closed\">%s</p>", CASES[i].verdict);
      g_autofree char *member = g_strdup_printf ("\"compared\":[%s],\n\"resolved\":[],\n\"closed\":true}",
                                                 CASES[i].compared);

      head.files = CASES[i].files;
      head.n_files = CASES[i].n;
      text = printed_under (&head, open_text, FALSE);
      page = printed_under (&head, open_html, FALSE);
      json = printed_under (&head, tw_outlet_new_json, FALSE);
      g_assert_nonnull (strstr (text, line));
      g_assert_nonnull (strstr (page, mark));
      g_assert_nonnull (strstr (json, member));
    }
}

/* What a person resolved informs and no more; but the money is still apart, and the verdict says how much. */
static void
feed_resolved (TwOutlet *outlet)
{
  TwReport report = { .outlets = &outlet, .n_outlets = 1 };
  TwException exception = {
    .class_ = TW_CLASS_AMOUNT_UNDER, .severity = 1, .stake_minor = 1800, .currency = "EUR", .id = "01",
    .session = { "S-7", 3 }, .rule = "payment-reference", .expected = 2000, .found = 200,
    .since_us = TW_NOT_STATED, .due_us = TW_NOT_STATED, .resolved = TRUE, .resolved_by = { "eve", 3 },
    .resolved_why = CHARS ("paid in <cash>\n\033[31m"),
  };

  g_assert_true (TW_REPORT.exception (&report, &exception, NULL));
  exception.stake_minor = -100;
  g_assert_true (TW_REPORT.exception (&report, &exception, NULL));
}

static void
test_resolved (void)
{
  static const struct { OpenFunc open; const char *told[5]; } FORMS[] = {
    { open_text, { "amount_under: 2 (resolved by hand), 18.00 EUR to lose, 1.00 EUR to give back\n"
                   "  Less was settled than was captured.\n\n",
                   "\n  amount_under, S-7, 18.00 EUR: resolved by eve: paid in <cash>  [31m\n",
                   "\nClosed; 2 findings resolved by hand, 19.00 EUR.\n" } },
    { open_html, { "Closed; 2 findings resolved by hand, 19.00 EUR.", "2 resolved by hand</span>",
                   "resolved by eve: paid in &lt;cash&gt;",
                   "<strong>Resolved by hand.</strong>" } },
    { tw_outlet_new_json, { "\"resolved\":[\n{\"class\":\"amount_under\",\"currency\":\"EUR\",\"findings\":2,"
                            "\"lose_minor\":1800,\"owe_minor\":100}]", "\"resolved_by\":\"eve\"",
                            "\"closed\":true" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (FORMS); i++)
    {
      g_autoptr (GError) error = NULL;
      char *text = NULL;
      gsize n = 0;
      FILE *file = open_memstream (&text, &n);
      TwOutlet *outlet = FORMS[i].open (file, &HEAD, &error);

      feed_resolved (outlet);
      g_assert_true (tw_outlet_close (outlet, &error));
      tw_outlet_free (outlet);
      fclose (file);
      for (guint j = 0; FORMS[i].told[j] != NULL; j++)
        if (strstr (text, FORMS[i].told[j]) == NULL)
          g_error ("no %s in %s", FORMS[i].told[j], text);
      free (text);
    }
}

static void
test_expected (void)
{
  TwReportHead head = HEAD;
  g_autofree char *asked = printed (open_text, FALSE), *text = NULL, *page = NULL;

  g_assert_nonnull (strstr (asked, "expected: 1 (to know), 234.50 EUR to lose, due 2026-11-22 14:00\n"
                            "  Captured, and the payment service is not yet due to settle it.\n"));
  g_assert_nonnull (strstr (asked, "\n1 payout, 1 found in the bank\n"));
  head.n_files = 1;
  text = printed_under (&head, open_text, FALSE);
  page = printed_under (&head, open_html, FALSE);
  g_assert_nonnull (strstr (text, "due 2026-11-22 14:00\n  No settlement file was given, so that nothing says"));
  g_assert_nonnull (strstr (text, "\n1 payout; no bank file was given\n"));
  g_assert_nonnull (strstr (page, "due 2026-11-22 14:00"));
  g_assert_nonnull (strstr (page, "No settlement file was given"));
  g_assert_null (strstr (page, "not yet due"));
}

/* Every sum that the flow has a name for is a step, and none is there twice: each has a value of its own here. */
static void
test_steps (void)
{
  TwCurrencyTotals totals = {
    .currency = "EUR", .captured_minor = 1 << 24, .listed_minor = 1, .settled_minor = (1 << 24) - 1,
    .settled_refund_minor = 2, .chargeback_minor = 4, .fee_minor = 8, .with_service_minor = 16, .converted_minor = 32,
    .residual_minor = 64,
    .flow = { .without_net = -128, .exchanged = -256, .uneven = -512, .only_sent = 1024, .payout_apart = 2048,
              .payout_unknown = 4096, .not_banked = 8192 },
  };
  static const TwSettledKind KINDS[] = { TW_SETTLED_FEE, TW_SETTLED_RESERVE, TW_SETTLED_ADJUSTMENT, TW_SETTLED_ADVANCE,
                                         TW_SETTLED_CARRY_OVER, TW_SETTLED_FX, TW_SETTLED_OTHER };
  gint64 of_kinds = 0, level = 0;
  TwStep steps[TW_MOST_STEPS];
  guint n, n_sums = 0;

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    of_kinds += totals.flow.of_kind[KINDS[i]] = -(G_GINT64_CONSTANT (16384) << i);
  totals.net_minor = totals.settled_minor - 2 - 4 - 8 + of_kinds - 128 - 256 - 512;
  totals.paid_out_minor = totals.net_minor - 16 - 1024 - 2048 - 4096;
  totals.banked_minor = totals.paid_out_minor - 32 - 64 - 8192;
  n = tw_report_steps (&HEAD, &totals, steps);
  g_assert_cmpuint (n, ==, 5 + 21);
  for (guint i = 0; i < n; i++)
    {
      if (steps[i].sum && i > 0)
        g_assert_cmpint (steps[i].minor, ==, level);
      level = steps[i].sum ? steps[i].minor : level + steps[i].minor;
      n_sums += steps[i].sum;
    }
  g_assert_cmpuint (n_sums, ==, 5);
}

static void
test_html (void)
{
  g_autofree char *page = printed (open_html, TRUE);

  g_assert_nonnull (strstr (page, "Not closed: 2 exceptions"));
  g_assert_null (strstr (page, "</script><b>"));
  g_assert_nonnull (strstr (page, "&lt;/script&gt;&lt;b&gt;"));
  g_assert_nonnull (strstr (page, "<code>a&lt;b&gt;.csv:7</code>"));
  g_assert_nonnull (strstr (page, "data-chart=\"{&quot;kind&quot;:&quot;waterfall&quot;"));
  g_assert_null (strstr (page, " src="));
  g_assert_null (strstr (page, "\1"));
}

static void
test_csv (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("tapwatt-report-XXXXXX", &error);
  TwOutlet *outlet = tw_outlet_new_csv (directory, &HEAD, &error);
  const TwOutlet *outlets[] = { outlet };
  static const char *const NAMES[] = { "exceptions.csv", "matched.csv", "payouts.csv", "totals.csv" };
  g_autofree char *first = g_build_filename (directory, NAMES[0], NULL);
  g_autofree char *text = NULL;

  feed (outlets, 1, TRUE);
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));   /* not before it is whole */
  g_assert_true (tw_outlet_close (outlet, &error));
  tw_outlet_free (outlet);
  g_assert_true (g_file_get_contents (first, &text, NULL, &error));
  g_assert_nonnull (strstr (text, "\r\n0123456789abcdef0123456789abcdef,missing_in_settlement,4,23450,EUR,S-2,,,S-2,"));
  g_assert_nonnull (strstr (text, ",\"'=cmd|' /C'!A1,\"\"</script><b>\","));
  g_assert_nonnull (strstr (text, ",a<b>.csv:7,,\r\n"));
  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = g_build_filename (directory, NAMES[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);   /* no drafts left */
}

/* The table of an earlier run is not left beside those of this one. */
static void
test_without_matched (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("tapwatt-report-XXXXXX", &error);
  g_autofree char *matched = g_build_filename (directory, "matched.csv", NULL);
  static const char *const OTHERS[] = { "exceptions.csv", "payouts.csv", "totals.csv" };
  TwReportHead head = HEAD;
  TwOutlet *outlet;

  g_assert_true (g_file_set_contents (matched, "old", -1, &error));
  head.without_matched = TRUE;
  outlet = tw_outlet_new_csv (directory, &head, &error);
  feed ((const TwOutlet *const *) &outlet, 1, TRUE);
  g_assert_true (tw_outlet_close (outlet, &error));
  tw_outlet_free (outlet);
  g_assert_false (g_file_test (matched, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < G_N_ELEMENTS (OTHERS); i++)
    {
      g_autofree char *path = g_build_filename (directory, OTHERS[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_given_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("tapwatt-report-XXXXXX", &error);
  TwOutlet *outlet = tw_outlet_new_csv (directory, &HEAD, &error);

  tw_outlet_free (outlet);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_full_disk (void)
{
  g_autoptr (GError) error = NULL;
  FILE *file = fopen ("/dev/full", "w");
  TwOutlet *outlet = tw_outlet_new_json (file, &HEAD, &error);

  g_assert_false (tw_outlet_close (outlet, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
  tw_outlet_free (outlet);
  fclose (file);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/json-is-one-object-that-says-null-where-nothing-is-known", test_json);
  g_test_add_func ("/report/json-of-nothing-is-whole", test_empty_json);
  g_test_add_func ("/report/the-summary-says-what-is-at-stake", test_text);
  g_test_add_func ("/report/closed-to-the-cent-is-what-three-witnesses-say", test_asked);
  g_test_add_func ("/report/what-a-person-resolved-is-told-with-its-money", test_resolved);
  g_test_add_func ("/report/each-sum-is-the-one-above-it-and-the-steps-between", test_steps);
  g_test_add_func ("/report/what-nobody-was-asked-about-is-told-so", test_expected);
  g_test_add_func ("/report/the-page-escapes-and-asks-nobody", test_html);
  g_test_add_func ("/report/tables-appear-whole-and-are-no-formulas", test_csv);
  g_test_add_func ("/report/a-table-that-is-not-wanted-is-not-there", test_without_matched);
  g_test_add_func ("/report/tables-that-are-given-up-leave-nothing", test_given_up);
  g_test_add_func ("/report/a-full-disk-is-told", test_full_disk);

  return g_test_run ();
}
