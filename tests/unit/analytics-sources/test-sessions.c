/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "tests/unit/analytics-sources/shown.h"
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

#define SHORT "session_id,site_id,evse_id,plug_in,plug_out,time_zone,energy_kwh\n"
#define IN "2026-03-01T12:00:00+01:00"
#define OUT "2026-03-01T14:00:00+01:00"

static void
assert_shows (const char *bytes,
              const char *expected)
{
  g_autofree char *shown = shown_sessions (bytes, NULL);

  g_test_message ("%s", bytes);
  g_assert_cmpstr (shown, ==, expected);
}

static void
test_each_column (void)
{
  assert_shows (
    "session_id,site_id,evse_id,connector_id,plug_in,plug_out,time_zone,charge_start,charge_end,charging_s,occupied_s,"
    "energy_kwh,max_power_kw,rated_power_kw,evse_kind,start_means,end_reason,customer_token,token_epoch,currency,"
    "price_total,tax_total,captured,refunded,psp_fee,chargeback,money_state,tariff_id,meter_begin,meter_end,held,"
    "held_from,held_until,tap_at,answered_at,quality\n"
    "S1,north,DE*X*1,2," IN "," OUT ",Europe/Berlin,2026-03-01T11:00:30Z,2026-03-01T12:30:00.25Z,5370,7200,"
    "20.0005,50,150,DC,card,car_full,00ff,3,EUR,11.80,1.88,11.8,0,0.25,0,settled,day,100.5,120.5,50.00,"
    "2026-03-01T10:59:00Z,2026-03-01T13:10:00Z,2026-03-01T10:58:58Z,2026-03-01T10:59:00Z,zone_assumed;energy_tiny\n",
    "2: session=S1 site=north evse=DE*X*1 connector=2 tariff=day zone=Europe/Berlin in=2026-03-01T11:00:00Z "
    "out=2026-03-01T13:00:00Z start=2026-03-01T11:00:30Z end=2026-03-01T12:30:00Z occupied=7200 charging=5370 wh=20001 "
    "max=50000 rated=150000 DC means=1 ending=2 customer=ff epoch=3 price=1180 tax=188 captured=1180 refunded=0 fee=25 "
    "chargeback=0 held=5000 held_from=2026-03-01T10:59:00Z held_until=2026-03-01T13:10:00Z tap=2026-03-01T10:58:58Z "
    "answered=2026-03-01T10:59:00Z EUR state=3 !zone_assumed\n");
}

#define MONEY "session_id,site_id,evse_id,plug_in,time_zone,energy_kwh,captured,currency,start_means,customer_token\n"

static void
test_amounts_and_words_are_exact (void)
{
  assert_shows (MONEY "A,n,E," IN ",UTC,1,5,JPY,app,\n"
                "B,n,E," IN ",UTC,1,5.5,JPY,,\n"
                "C,n,E," IN ",UTC,1,.50,EUR,,\n"
                "D,n,E," IN ",UTC,1,5,,,\n"
                "E,n,E," IN ",UTC,1,5,XXQ,,\n"
                "F,n,E," IN ",UTC,1,,,App,\n"
                "G,n,E," IN ",UTC,1,,,,somebody@example.org\n"
                "H,n,E," IN ",UTC,1,,,,0123456789abcdef\n",
                "2: session=A site=n evse=E zone=UTC in=2026-03-01T11:00:00Z wh=1000 means=4 captured=5 JPY\n"
                "line 3: refused: column \"captured\": \"5.5\": expected an amount with no more decimals than its "
                "currency has\n"
                "line 4: refused: column \"captured\": \".50\": expected an amount with no more decimals than its "
                "currency has\n"
                "line 5: refused: column \"currency\": \"\": expected the currency of its amounts\n"
                "line 6: refused: column \"currency\": \"XXQ\": expected a currency of ISO 4217, such as EUR\n"
                "line 7: refused: column \"start_means\": \"App\": expected unknown, card, phone_qr, rfid, app, pnc, "
                "free\n"
                "line 8: refused: column \"customer_token\": \"somebody@example.org\": expected a keyed token in hex, "
                "and nothing that names a person\n"
                "9: session=H site=n evse=E zone=UTC in=2026-03-01T11:00:00Z wh=1000 customer=123456789abcdef\n");
}

/* Order of columns, byte order mark, CRLF, quotes with a line break inside, blanks; blank is not 0. */
static void
test_ways_of_writing (void)
{
  assert_shows ("\xef\xbb\xbf" "energy_kwh,plug_in,\"session_id\",site_id,evse_id,time_zone,notes,plug_out\r\n"
                " 7.2 ," IN ",\"S \"\"1\"\"\",n,E,UTC,\"two\r\nlines\",\r\n"
                ",2026-03-01T11:00:00z,S2,n,E,UTC,,2026-03-01 14:00:00-00:30\r\n",
                "2: session=S \"1\" site=n evse=E zone=UTC in=2026-03-01T11:00:00Z wh=7200\n"
                "4: session=S2 site=n evse=E zone=UTC in=2026-03-01T11:00:00Z out=2026-03-01T14:30:00Z\n");
}

static const struct { const char *row, *refusal; } bad[] = {
  { "S,n,E,2026-03-01 12:00:00,,UTC,1", "column \"plug_in\": \"2026-03-01 12:00:00\": expected an instant with its "
    "offset, such as 2026-03-01T12:30:00+01:00" },
  { "S,n,E,2026-02-29T12:00:00Z,,UTC,1", "column \"plug_in\": \"2026-02-29T12:00:00Z\": expected an instant with its "
    "offset, such as 2026-03-01T12:30:00+01:00" },
  { "S,n,E," IN ",never,UTC,1", "column \"plug_out\": \"never\": expected an instant with its offset, such as "
    "2026-03-01T12:30:00+01:00" },
  { "S,n,E," IN ",,UTC,7;2", "column \"energy_kwh\": \"7;2\": expected a number with a decimal point, such as 7.25" },
  { "S,n,E," IN ",,UTC,7.2 kWh", "column \"energy_kwh\": \"7.2 kWh\": expected a number with a decimal point, such as "
    "7.25" },
  { "S,n,E," IN ",,UTC,1e3", "column \"energy_kwh\": \"1e3\": expected a number with a decimal point, such as 7.25" },
  { "S,n,E," IN ",,UTC,1234567890123456", "column \"energy_kwh\": \"1234567890123456\": expected a number with a "
    "decimal point, such as 7.25" },
  { "S,n,E," IN ",,Mars/Olympus,1", "column \"time_zone\": \"Mars/Olympus\": expected an IANA time zone, such as "
    "Europe/Berlin" },
  { "S,n,E," IN ",,,1", "column \"time_zone\": \"\": expected an IANA time zone, such as Europe/Berlin" },
  { "S,n,E," IN ",,MEZ,1", "column \"time_zone\": \"MEZ\": expected an IANA time zone, such as Europe/Berlin" },
  { "S,,E," IN ",,UTC,1", "column \"site_id\": \"\": expected a name" },
  { "S,n,E," IN ",UTC,1", "6 cells, and the header has 7: is the line cut off, or a delimiter in a text without "
    "quotes?" },
};

/* The lines before and behind a bad one are read: nothing disappears, nothing is guessed. */
static void
test_a_bad_line_is_refused_alone (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *bytes = g_strdup_printf (SHORT "A,n,E," IN "," OUT ",UTC,1\n%s\nB,n,E," IN "," OUT ",UTC,2\n",
                                                bad[i].row);
      g_autofree char *expected = g_strdup_printf (
        "2: session=A site=n evse=E zone=UTC in=2026-03-01T11:00:00Z out=2026-03-01T13:00:00Z wh=1000\n"
        "line 3: refused: %s\n"
        "4: session=B site=n evse=E zone=UTC in=2026-03-01T11:00:00Z out=2026-03-01T13:00:00Z wh=2000\n",
        bad[i].refusal);

      assert_shows (bytes, expected);
    }
}

static void
test_a_bad_quote_is_refused_alone (void)
{
  g_autofree char *shown = shown_sessions (SHORT "A,n,\"E\"x\"\"," IN ",,UTC,1\nB,n,E," IN ",,UTC,2\n", NULL);

  g_assert_nonnull (strstr (shown, "line 2: refused: "));
  g_assert_nonnull (strstr (shown, "quote"));
  g_assert_nonnull (strstr (shown, "\n3: session=B"));
}

static void
test_an_open_quote_voids_the_file (void)
{
  g_autofree char *shown = shown_sessions (SHORT "A,n,E," IN ",,UTC,1\nB,n,\"E," IN ",,UTC,2\n", NULL);

  g_assert_cmpstr (shown, ==, "error: PATH, line 3: a quote that is opened is not closed: is the file cut off?");
}

static const struct { const char *file, *error; } strangers[] = {
  { "", "error: PATH is empty" },
  { " \n\n", "error: PATH is empty" },
  { "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "error: PATH is a Git LFS pointer, "
    "and not the data: fetch the data itself (git lfs pull)" },
  { "<!doctype html><html></html>", "error: PATH is a web page: the download was answered by one, as when one must log "
    "in first" },
  { "{\"_items\": []}", "error: PATH is JSON, and no CSV" },
  { "PK\003\004xxxx", "error: PATH is a ZIP archive or a spreadsheet: unpack it, or save it as CSV" },
  { "a,b\n1,2\n", "error: PATH: none of its first 20 lines is a header with one of session_id, plug_in, energy_kwh" },
  { "session_id,plug_in\n1,2\n", "error: PATH: columns that a file of sessions must have are missing: site_id, "
    "evse_id, time_zone, energy_kwh. If they have other names, write a mapping file" },
  { SHORT "x,y\nz\n", "error: PATH: none of its 2 rows is a session; line 2: 2 cells, and the header has 7: is the "
    "line cut off, or a delimiter in a text without quotes?" },
};

static void
test_what_is_no_such_file_is_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    assert_shows (strangers[i].file, strangers[i].error);
}

static void
test_a_placeholder_is_refused (void)
{
  g_autoptr (GString) file = g_string_new (SHORT);
  g_autofree char *shown = NULL, *other = NULL;

  for (guint i = 0; i < 20; i++)
    g_string_append_printf (file, "S%u,n,E," IN "," OUT ",UTC,1\n", i);
  shown = shown_sessions (file->str, NULL);
  g_assert_cmpstr (shown, ==, "error: PATH: its first 20 rows all have the same times and the same energy: this is a "
                   "placeholder, or made up, and no data");
  g_string_append (file, "T,n,E," IN "," OUT ",UTC,2\n");
  other = shown_sessions (file->str, NULL);
  g_assert_true (g_str_has_prefix (other, "2: session=S0 "));
}

/* Nothing is what nobody knows, here too: a row without an id is a row. */
static void
test_a_row_without_an_id (void)
{
  assert_shows (SHORT ",n,E," IN ",,UTC,1\n", "2: site=n evse=E zone=UTC in=2026-03-01T11:00:00Z wh=1000\n");
}

static void
test_a_zone_that_nobody_knows (void)
{
  const TwFeedTerms terms = { .time_zone = "Mars/Olympus" };
  g_autofree char *shown = shown_sessions (SHORT "S,n,E," IN ",,UTC,1\n", &terms);

  g_assert_cmpstr (shown, ==, "error: time zone \"Mars/Olympus\" is not known: expected an IANA name such as "
                   "Europe/Berlin");
}

static void
test_a_zone_may_be_told (void)
{
  const TwFeedTerms terms = { .time_zone = "Europe/Berlin" };
  g_autofree char *shown = shown_sessions ("session_id,site_id,evse_id,plug_in,energy_kwh\nS,n,E," IN ",1\n", &terms);

  g_assert_cmpstr (shown, ==, "2: session=S site=n evse=E zone=Europe/Berlin in=2026-03-01T11:00:00Z wh=1000 "
                   "!zone_assumed\n");
}

static int
by_number (gconstpointer a,
           gconstpointer b)
{
  guint64 one = g_ascii_strtoull (*(char *const *) a, NULL, 10);
  guint64 other = g_ascii_strtoull (*(char *const *) b, NULL, 10);

  return one < other ? -1 : one > other;
}

enum { N_LONG = 15000 };

/* Rows of one and of three readers, sorted: with line breaks in quotes at every place where a cut may fall. */
static void
test_several_readers_read_the_same (void)
{
  g_autoptr (GString) file = g_string_new ("session_id,site_id,evse_id,plug_in,plug_out,time_zone,energy_kwh,note\n");
  g_autoptr (GivenFile) path = NULL;
  g_autofree char *alone = NULL, *shared = NULL;
  char padding[800];

  memset (padding, 'x', sizeof padding);
  for (guint i = 0; i < N_LONG; i++)
    g_string_append_printf (file, "S%06u,n,E," IN "," OUT ",Europe/Berlin,%u.5,"
                            "\"note, with\n\"\"%u\"\"\n lines,\n\n%.*s\"\n", i, i % 50, i % 7,
                            (int) (sizeof padding - i % 90), padding);
  path = given_file (file->str, file->len);
  for (guint round = 0; round < 2; round++)
    {
      g_auto (TwFeedReport) report = { 0 };
      g_autoptr (GError) error = NULL;
      Shown shown;
      TwRowIntake intake = shown_begin (&shown), intakes[] = { intake, intake, intake };
      TwFeedTerms terms = { 0 };
      g_auto (GStrv) lines = NULL;

      tw_feed_report_init (&report);
      g_assert_true (tw_feed_sessions (path, &terms, intakes, round == 0 ? 1 : 3, &report, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (report.n_rows, ==, N_LONG);
      g_assert_cmpuint (report.kept->len, ==, 1);
      lines = g_strsplit (shown.text->str, "\n", -1);
      qsort (lines, g_strv_length (lines), sizeof *lines, by_number);
      *(round == 0 ? &alone : &shared) = g_strjoinv ("\n", lines);
      shown_end (&shown);
    }
  g_assert_true (strcmp (alone, shared) == 0);
}

/* The traps of a public file, one by one: nothing disappears, and the sums add up. */
static void
test_a_check_tells_what_would_be_used (void)
{
  static const char rows[] = SHORT
    "A,n,E," IN "," OUT ",Europe/Berlin,10\n"                                   /* charge end and customer unknown */
    "A,n,E," IN "," OUT ",Europe/Berlin,10\n"                                   /* again */
    "B,n,E," IN ",,Europe/Berlin,0\n"                                           /* open, nothing taken */
    "C,n,E," OUT "," IN ",Europe/Berlin,10\n"                                   /* ends before it begins */
    "D,n,E,,," "Europe/Berlin,10\n"                                             /* never began */
    "E,n,E,0014-03-01T12:00:00Z,0014-03-01T13:00:00Z,Europe/Berlin,10\n"
    "F,n,E,2027-03-01T12:00:00Z,2027-03-01T13:00:00Z,Europe/Berlin,10\n"        /* after the run's day */
    "G,n,E," IN "," OUT ",Europe/Berlin,300\n"
    "H,n,E," IN "," OUT ",Europe/Berlin,ten\n";
  g_autoptr (GivenFile) path = given_file (rows, -1);
  g_autoptr (TwQuality) quality = NULL;
  g_auto (TwFeedReport) report = { 0 };
  const TwFeedTerms terms = { 0 };
  g_autoptr (GError) error = NULL;
  /* date -d 2026-12-01Z +%s */
  const gint64 newest_us = G_GINT64_CONSTANT (1796083200) * G_USEC_PER_SEC;

  tw_feed_report_init (&report);
  g_assert_true (tw_feed_check_sessions (path, &terms, newest_us, &report, &quality, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_rows, ==, 8);
  g_assert_cmpuint (report.n_refused, ==, 1);
  g_assert_cmpuint (quality->n_read, ==, 9);
  g_assert_cmpuint (quality->n_used, ==, 3);
  g_assert_cmpuint (quality->n_left_out, ==, 6);
  g_assert_cmpuint (quality->n[TW_FLAG_EXACT_DUPLICATE], ==, 1);
  g_assert_cmpuint (quality->n[TW_FLAG_OPEN], ==, 2);                            /* B, and D which never began */
  g_assert_cmpuint (quality->n[TW_FLAG_ENERGY_ZERO], ==, 1);
  g_assert_cmpuint (quality->n[TW_FLAG_ENDS_BEFORE_START], ==, 1);
  g_assert_cmpuint (quality->n[TW_FLAG_NO_START], ==, 1);
  g_assert_cmpuint (quality->n[TW_FLAG_YEAR_IMPOSSIBLE], ==, 2);
  g_assert_cmpuint (quality->n[TW_FLAG_ENERGY_HUGE], ==, 1);
  g_assert_cmpuint (quality->n[TW_FLAG_REFUSED], ==, 1);
  g_assert_cmpuint (((TwQualityLine *) quality->lines[TW_FLAG_REFUSED]->pdata[0])->line, ==, 10);
  g_assert_cmpuint (((TwQualityLine *) quality->lines[TW_FLAG_EXACT_DUPLICATE]->pdata[0])->line, ==, 3);
}

static gboolean
fail_later (gpointer             self,
            const TwSessionRow  *row,
            GError             **error)
{
  if (++*(guint *) self < 3)
    return TRUE;
  g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, "the disk is full");
  return FALSE;
}

static void
test_an_intake_may_stop_it (void)
{
  static const TwRowIntakeClass class_ = { .session = fail_later };
  g_autoptr (GivenFile) path = given_file (SHORT "A,n,E," IN ",,UTC,1\nB,n,E," IN ",,UTC,1\nC,n,E," IN ",,UTC,1\n"
                                           "D,n,E," IN ",,UTC,1\n", -1);
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  TwFeedTerms terms = { 0 };
  guint n = 0;
  TwRowIntake intake = { &class_, &n };

  tw_feed_report_init (&report);
  g_assert_false (tw_feed_sessions (path, &terms, &intake, 1, &report, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
  g_assert_cmpuint (n, ==, 3);
}

/* Who does not want to hear of refused lines must not lose them silently. */
static void
test_an_intake_that_hears_no_refusals (void)
{
  static const TwRowIntakeClass class_ = { .session = fail_later };
  g_autoptr (GivenFile) path = given_file (SHORT "A,n,E," IN ",,UTC,1\nB,n,E,x,,UTC,1\n", -1);
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  TwFeedTerms terms = { 0 };
  guint n = 0;
  TwRowIntake intake = { &class_, &n };

  tw_feed_report_init (&report);
  g_assert_false (tw_feed_sessions (path, &terms, &intake, 1, &report, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, ", line 3: column \"plug_in\""));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/sessions/each-column-is-read", test_each_column);
  g_test_add_func ("/analytics/sessions/amounts-and-words-are-exact", test_amounts_and_words_are_exact);
  g_test_add_func ("/analytics/sessions/ways-of-writing-a-csv", test_ways_of_writing);
  g_test_add_func ("/analytics/sessions/a-bad-line-is-refused-alone", test_a_bad_line_is_refused_alone);
  g_test_add_func ("/analytics/sessions/a-bad-quote-is-refused-alone", test_a_bad_quote_is_refused_alone);
  g_test_add_func ("/analytics/sessions/an-open-quote-voids-the-file", test_an_open_quote_voids_the_file);
  g_test_add_func ("/analytics/sessions/what-is-no-such-file-is-refused", test_what_is_no_such_file_is_refused);
  g_test_add_func ("/analytics/sessions/a-placeholder-is-refused", test_a_placeholder_is_refused);
  g_test_add_func ("/analytics/sessions/a-zone-may-be-told", test_a_zone_may_be_told);
  g_test_add_func ("/analytics/sessions/a-zone-that-nobody-knows", test_a_zone_that_nobody_knows);
  g_test_add_func ("/analytics/sessions/a-row-without-an-id", test_a_row_without_an_id);
  g_test_add_func ("/analytics/sessions/several-readers-read-the-same", test_several_readers_read_the_same);
  g_test_add_func ("/analytics/sessions/a-check-tells-what-would-be-used", test_a_check_tells_what_would_be_used);
  g_test_add_func ("/analytics/sessions/an-intake-may-stop-it", test_an_intake_may_stop_it);
  g_test_add_func ("/analytics/sessions/refusals-that-nobody-hears-void-the-file",
                   test_an_intake_that_hears_no_refusals);
  return g_test_run ();
}
