/* SPDX-License-Identifier: Apache-2.0 */
/* A journal, told by hand, as rows of the analytics: the expected values are those that were told. */
#include "app/base/error.h"
#include "tests/unit/analytics-sources/shown.h"
#include "tests/unit/reconcile-sales/book.h"

#include <string.h>

static char *
read_path (const char *path)
{
  g_auto (TwFeedReport) report = { 0 };
  const TwFeedTerms terms = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  Shown shown;
  TwRowIntake intake = shown_begin (&shown);

  tw_feed_report_init (&report);
  tw_feed_journal (path, &terms, &intake, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report.format, ==, "journal");
  text = g_strdup (shown.text->str);
  shown_end (&shown);
  return g_steal_pointer (&text);
}

static char *
read_book (Book *book)
{
  g_autofree char *path = book_close (book);

  return read_path (path);
}

static void
say_card (Book       *book,
          const char *session,
          const char *kind,
          const char *fingerprint)
{
  book_say (book, session, "referenced", "{'operation':'authorize','key':'%s-authorize-1','reference':'{}',"
            "'card':{'kind':'%s','fingerprint':'%s'}}", session, kind, fingerprint);
}

/* Entries are a second apart from 20:00:00 on: offered, the card, approved, a step, readings from 04 to 08. */
static void
test_a_captured_session (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *shown = NULL;

  book_offer (book, "S1", BOOK_TARIFF);
  say_card (book, "S1", "emv", "7:00112233445566778899aabbccddeeff");
  book_say (book, "S1", "approved", "{'end':'approved','held_minor':4000,'approval_code':'831000','reference':'{}'}");
  book_say (book, "S1", "bay", "{'event':'connected','from':'armed','to':'charging','place':'bay','connector':1}");
  book_read (book, "S1", "charging", 1000);
  book_read (book, "S1", "charging", 1000);
  book_read (book, "S1", "charging", 6000);
  book_read (book, "S1", "parking", 11000);
  book_read (book, "S1", "parking", 11000);
  book_say (book, "S1", "bay", "{'event':'unplugged','from':'paused','to':'settling','place':'bay','connector':1,"
            "'reason':'unplugged'}");
  book_say (book, "S1", "bill", "{'tariff':'%s','energy_wh':10000,'net_minor':420,'price_minor':500,"
            "'capture_minor':500,'receipt':17}", book_hash (BOOK_TARIFF));
  book_ask (book, "S1", 2, "capture", 500);
  book_answer (book, "S1", 2, "capture", "done");
  book_say (book, "S1", "bay", "{'event':'settled','from':'settling','to':'free','place':'over','connector':1}");
  shown = read_book (book);
  g_assert_cmpstr (shown, ==,
    "18: session=S1 site=BERLIN-7 evse=DE*TWT*E1 connector=1 tariff=T-50 zone=Europe/Berlin in=2026-11-22T20:00:04Z "
    "out=2026-11-22T20:00:08Z start=2026-11-22T20:00:05Z end=2026-11-22T20:00:07Z wh=10000 means=1 ending=1 "
    "customer=11223344556677 epoch=7 price=500 tax=80 captured=500 refunded=0 held=4000 held_from=2026-11-22T20:00:02Z "
    "held_until=2026-11-22T20:00:12Z tap=2026-11-22T20:00:01Z answered=2026-11-22T20:00:02Z EUR state=2\n"
    "visit: session=S1 site=BERLIN-7 evse=DE*TWT*E1 zone=Europe/Berlin at=2026-11-22T20:00:00Z seen offer chosen tap "
    "approved plugged energy ended-well captured customer=11223344556677 amount=4000\n"
    "port: site=BERLIN-7 evse=DE*TWT*E1 connector=1 zone=Europe/Berlin from=2026-11-22T20:00:00Z\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:00Z until=2026-11-22T20:00:13Z state=1 payment=2\n");
}

/* Looked and went; declined; approved and never plugged in: visits, and a row only where money was held. */
static void
test_what_came_to_nothing (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *shown = NULL;

  book_offer (book, "A", BOOK_TARIFF);
  book_say (book, "A", "counter", "{'event':'timeout','from':'offer','to':'welcome','place':'over',"
            "'reason':'timeout'}");
  book_offer (book, "B", BOOK_TARIFF);
  say_card (book, "B", "qr", "3:ff");
  book_say (book, "B", "not-approved", "{'end':'declined','reason':'declined','reference':'{}'}");
  book_say (book, "B", "counter", "{'event':'declined','from':'authorizing','to':'outcome','place':'over'}");
  book_offer (book, "C", BOOK_TARIFF);
  book_hold (book, "C");
  book_ask (book, "C", 2, "release", 0);
  book_answer (book, "C", 2, "release", "done");
  book_say (book, "C", "bay", "{'event':'timeout','from':'armed','to':'free','place':'over','connector':1,"
            "'reason':'not-connected'}");
  shown = read_book (book);
  g_assert_cmpstr (shown, ==,
    "visit: session=A site=BERLIN-7 evse=DE*TWT*E1 zone=Europe/Berlin at=2026-11-22T20:00:00Z seen offer chosen "
    "drop=timeout\n"
    "visit: session=B site=BERLIN-7 evse=DE*TWT*E1 zone=Europe/Berlin at=2026-11-22T20:00:02Z seen offer chosen tap "
    "drop=declined customer=ff amount=4000\n"
    "16: session=C site=BERLIN-7 evse=DE*TWT*E1 connector=1 tariff=T-50 zone=Europe/Berlin in=2026-11-22T20:00:08Z "
    "out=2026-11-22T20:00:08Z charging=0 wh=0 captured=0 refunded=0 held=4000 held_from=2026-11-22T20:00:08Z "
    "held_until=2026-11-22T20:00:10Z tap=2026-11-22T20:00:07Z answered=2026-11-22T20:00:08Z EUR\n"
    "visit: session=C site=BERLIN-7 evse=DE*TWT*E1 zone=Europe/Berlin at=2026-11-22T20:00:06Z seen offer chosen tap "
    "approved drop=not-connected amount=4000\n"
    "port: site=BERLIN-7 evse=DE*TWT*E1 connector=1 zone=Europe/Berlin from=2026-11-22T20:00:00Z\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:00Z until=2026-11-22T20:00:11Z state=1 payment=2\n");
}

/* A session that is not over is open, and its hold too; a fault before the first offer is of the right EVSE, and the
 * counter that stays closed closes it until the journal ends. */
static void
test_open_sessions_and_faults (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *shown = NULL;

  book_say (book, NULL, "bay", "{'event':'faulted','from':'free','to':'fault','place':'over','connector':1,"
            "'reason':'faulted'}");
  book_say (book, NULL, "bay", "{'event':'cleared','from':'fault','to':'free','place':'over','connector':1}");
  book_say (book, NULL, "counter", "{'event':'close','from':'welcome','to':'closed','place':'over',"
            "'reason':'night'}");
  book_offer (book, "S", BOOK_TARIFF);
  book_hold (book, "S");
  book_say (book, "S", "bay", "{'event':'connected','from':'armed','to':'charging','place':'bay','connector':1}");
  book_read (book, "S", "charging", 1000);
  book_read (book, "S", "charging", 2500);
  shown = read_book (book);
  g_assert_cmpstr (shown, ==,
    "13: session=S site=BERLIN-7 evse=DE*TWT*E1 connector=1 tariff=T-50 zone=Europe/Berlin in=2026-11-22T20:00:07Z "
    "start=2026-11-22T20:00:07Z end=2026-11-22T20:00:08Z wh=1500 refunded=0 held=4000 held_from=2026-11-22T20:00:05Z "
    "tap=2026-11-22T20:00:04Z answered=2026-11-22T20:00:05Z EUR\n"
    "visit: session=S site=BERLIN-7 evse=DE*TWT*E1 zone=Europe/Berlin at=2026-11-22T20:00:03Z seen offer chosen tap "
    "approved plugged energy amount=4000\n"
    "port: site=BERLIN-7 evse=DE*TWT*E1 connector=1 zone=Europe/Berlin from=2026-11-22T20:00:00Z\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:00Z until=2026-11-22T20:00:01Z state=6 payment=2 "
    "reason=faulted\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:01Z until=2026-11-22T20:00:02Z state=1 payment=2\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:02Z until=2026-11-22T20:00:08Z state=5 payment=3 "
    "reason=night\n");
}

/* Who looked and opened no offer is a visit; who did is told by the session, and who came for his own is none. A
 * receipt that was taken home is the funnel's last step. */
static void
test_visits_of_the_screen (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *shown = NULL;

  book_say (book, NULL, "visit", "{'by':'touch','lasted_ms':5000,'reached':'seen','offers':0,'free':0,'all_busy':true,"
            "'end':'idle'}");
  book_say (book, NULL, "visit", "{'by':'plug','lasted_ms':0,'reached':'seen','offers':0,'free':1,'all_busy':false,"
            "'closed_why':'reader-lost','end':'idle'}");
  book_say (book, NULL, "visit", "{'by':'card','lasted_ms':1000,'reached':'seen','offers':0,'free':1,'all_busy':false,"
            "'own':true,'end':'idle'}");
  book_offer (book, "S", BOOK_TARIFF);
  book_say (book, "S", "counter", "{'event':'timeout','from':'offer','to':'welcome','place':'over',"
            "'reason':'timeout'}");
  book_say (book, NULL, "visit", "{'by':'touch','lasted_ms':9000,'reached':'offered','offers':1,'free':1,"
            "'all_busy':false,'end':'idle'}");
  book_charge (book, "T");
  book_ask (book, "T", 2, "capture", 500);
  book_answer (book, "T", 2, "capture", "done");
  book_over (book, "T");
  book_say (book, "T", "receipt-fetched", "{'how':'shown'}");
  shown = read_book (book);
  g_assert_nonnull (strstr (shown, "visit: site=BERLIN-7 zone=Europe/Berlin at=2026-11-22T19:59:55Z seen drop=all-busy "
                                   "all-busy\n"
                                   "visit: site=BERLIN-7 zone=Europe/Berlin at=2026-11-22T20:00:01Z seen "
                                   "drop=reader-lost\n"
                                   "visit: session=S site=BERLIN-7 evse=DE*TWT*E1 zone=Europe/Berlin "
                                   "at=2026-11-22T20:00:03Z seen offer chosen drop=timeout\n"));
  g_assert_nonnull (strstr (shown, " ended-well captured receipt amount=4000\n"));
}

/* The counter closes in front of somebody and opens again during a fault; the station is lost, and later stopped. */
static void
test_outages_that_overlap (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *shown = NULL;

  book_say (book, NULL, "station-started", "{'version':'1','config':'','connectors':1,'test_mode':false}");
  book_offer (book, "A", BOOK_TARIFF);
  book_say (book, "A", "counter", "{'event':'close','from':'offer','to':'closed','place':'over',"
            "'reason':'reader-lost'}");
  book_say (book, NULL, "bay", "{'event':'faulted','from':'free','to':'fault','place':'over','connector':1,"
            "'reason':'faulted'}");
  book_say (book, NULL, "counter", "{'event':'open','from':'closed','to':'welcome','place':'over'}");
  book_say (book, NULL, "bay", "{'event':'cleared','from':'fault','to':'free','place':'over','connector':1}");
  book->wall_us += (gint64) 3600 * G_USEC_PER_SEC;
  book_say (book, NULL, "station-started", "{'version':'1','config':'','connectors':1,'test_mode':false}");
  book_say (book, NULL, "counter", "{'event':'close','from':'welcome','to':'closed','place':'over',"
            "'reason':'closing'}");
  book->wall_us += (gint64) 60 * G_USEC_PER_SEC;
  book_say (book, NULL, "station-started", "{'version':'1','config':'','connectors':1,'test_mode':false}");
  shown = read_book (book);
  g_assert_cmpstr (strstr (shown, "event:"), ==,
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:00Z until=2026-11-22T20:00:02Z state=1 payment=2\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:02Z until=2026-11-22T20:00:03Z state=5 payment=3 "
    "reason=reader-lost\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:03Z until=2026-11-22T20:00:04Z state=6 payment=3 "
    "reason=faulted\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:04Z until=2026-11-22T20:00:05Z state=6 payment=2 "
    "reason=faulted\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T20:00:05Z until=2026-11-22T21:00:06Z state=0 payment=1 "
    "reason=restarted\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T21:00:06Z until=2026-11-22T21:00:07Z state=1 payment=2\n"
    "event: site=BERLIN-7 evse=DE*TWT*E1 at=2026-11-22T21:00:07Z until=2026-11-22T21:01:08Z state=5 payment=3 "
    "reason=closing\n");
}

static void
test_a_file_that_is_no_journal (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *db = book_close (book), *path = g_strconcat (db, ".csv", NULL);
  g_auto (TwFeedReport) report = { 0 };
  const TwFeedTerms terms = { 0 };
  g_autoptr (GError) error = NULL;
  Shown shown;
  TwRowIntake intake = shown_begin (&shown);

  g_assert_true (g_file_set_contents (path, "session_id,site_id\n", -1, NULL));
  tw_feed_report_init (&report);
  g_assert_false (tw_feed_journal (path, &terms, &intake, &report, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  shown_end (&shown);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/journal/a-captured-session", test_a_captured_session);
  g_test_add_func ("/analytics/journal/what-came-to-nothing", test_what_came_to_nothing);
  g_test_add_func ("/analytics/journal/open-sessions-and-faults", test_open_sessions_and_faults);
  g_test_add_func ("/analytics/journal/visits-of-the-screen", test_visits_of_the_screen);
  g_test_add_func ("/analytics/journal/outages-that-overlap", test_outages_that_overlap);
  g_test_add_func ("/analytics/journal/a-file-that-is-no-journal", test_a_file_that_is_no_journal);
  return g_test_run ();
}
