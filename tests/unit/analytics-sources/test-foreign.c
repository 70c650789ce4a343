/* SPDX-License-Identifier: Apache-2.0 */
/* Files of others, by the mappings of assets/mappings and by small ones: the rows are made up. */
#include "app/base/error.h"
#include "tests/unit/analytics-sources/shown.h"
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

static void
assert_mapped (const char *mapping,
               const char *bytes,
               const char *expected)
{
  g_autofree char *path = g_build_filename (g_getenv ("TW_ASSETS"), "mappings", mapping, NULL);
  const TwFeedTerms terms = { .mapping = path };
  g_autofree char *shown = shown_sessions (bytes, &terms);

  g_assert_cmpstr (shown, ==, expected);
}

static void
assert_shows (const char *mapping,
              const char *bytes,
              const char *expected)
{
  g_autoptr (GivenFile) path = given_file (mapping, -1);
  const TwFeedTerms terms = { .mapping = path };
  g_autofree char *shown = shown_sessions (bytes, &terms);
  g_auto (GStrv) parts = g_strsplit (shown, path, -1);
  g_autofree char *text = g_strjoinv ("MAP", parts);

  g_test_message ("%s", mapping);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_campus (void)
{
  assert_mapped ("sessions-adaptive.mapping",
    "_id,connectionTime,disconnectTime,doneChargingTime,kWhDelivered,sessionID,siteID,spaceID,stationID,timezone,"
    "userID\n"
    "a,\"Wed, 25 Apr 2018 11:08:04 GMT\",\"Wed, 25 Apr 2018 13:20:10 GMT\",\"Wed, 25 Apr 2018 13:21:10 GMT\",7.932,"
    "s1,2,"
    "CA-496,2-39-78-362,America/Los_Angeles,None\n"
    "b,\"Wed, 25 Apr 2018 11:08:04 GMT\",\"Wed, 25 Apr 2018 13:20:10 GMT\",None,7.932,s2,2,CA-496,2-39,"
    "America/Los_Angeles,\n"
    "c,\"25 Apr 2018 11:08:04\",,,7.932,s3,2,CA-496,2-39,America/Los_Angeles,\n",
    "2: session=s1 site=2 evse=2-39-78-362 connector=CA-496 zone=America/Los_Angeles in=2018-04-25T11:08:04Z "
    "out=2018-04-25T13:20:10Z end=2018-04-25T13:21:10Z wh=7932\n"
    "3: session=s2 site=2 evse=2-39 connector=CA-496 zone=America/Los_Angeles in=2018-04-25T11:08:04Z "
    "out=2018-04-25T13:20:10Z wh=7932\n"
    "line 4: refused: column \"connectionTime\": \"25 Apr 2018 11:08:04\": expected a time as [file] time-format "
    "says, or "
    "ISO 8601 without it\n");
}

/* The clocks go back at 09:00 UTC on 2011-11-06; the abbreviation changes inside of the session. */
static void
test_city_of_the_us (void)
{
  assert_mapped ("sessions-city-us.mapping",
    "Station Name,EVSE ID,Port Number,Start Date,Start Time Zone,End Date,End Time Zone,Total Duration (hh:mm:ss),"
    "Charging Time (hh:mm:ss),Energy (kWh),Port Type,Ended By,Fee,User ID,Plug In Event Id\n"
    "PALO / 1,3,2,7/29/2011 20:17,PDT,7/29/2011 23:20,PDT,3:03:32,1:54:03,6.249457,Level 2,Plug Out at Vehicle,0,,3\n"
    "PALO / 1,3,2,11/6/2011 0:30,PDT,11/6/2011 1:15,PST,1:45:00,1:45:00,5,Level 2,Timed Out,\"$1.2345\",,4\n"
    "PALO / 1,3,2,7/29/0011 20:17,PDT,7/29/0011 23:20,PDT,3:03:00,,6,Level 2,,,,5\n"
    "PALO / 1,3,2,7/29/2011 20:17,XYZ,7/29/2011 23:20,PDT,3:03:00,,6,Level 2,,,,6\n"
    "PALO / 1,3,2,29/7/2011 20:17,PDT,7/29/2011 23:20,PDT,3:03:00,,6,Level 2,,,,7\n",
    "2: session=3 site=PALO / 1 evse=3 connector=2 zone=America/Los_Angeles in=2011-07-30T03:17:00Z "
    "out=2011-07-30T06:20:00Z occupied=11012 charging=6843 wh=6249 ending=1 captured=0 USD\n"
    "3: session=4 site=PALO / 1 evse=3 connector=2 zone=America/Los_Angeles in=2011-11-06T07:30:00Z "
    "out=2011-11-06T09:15:00Z occupied=6300 charging=6300 wh=5000 ending=4 captured=123 USD\n"
    "4: session=5 site=PALO / 1 evse=3 connector=2 zone=America/Los_Angeles in=2011-07-30T03:17:00Z "
    "out=2011-07-30T06:20:00Z occupied=10980 wh=6000 USD !century_repaired\n"
    "line 5: refused: column \"Start Date\": \"7/29/2011 20:17 XYZ\": expected a zone that [file] abbreviations "
    "names, or "
    "an offset\n"
    "line 6: refused: column \"Start Date\": \"29/7/2011 20:17 PDT\": expected a time as [file] time-format says, or "
    "ISO "
    "8601 without it\n");
}

static void
test_city_of_the_uk (void)
{
  assert_mapped ("sessions-city-uk.mapping",
    "Charging event,User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Site\n"
    "1,,50911,2,31/05/2018,23:52,01/06/2018,00:40,5.5,Lochee\n"
    "2,,50911,2,31/05/0018,23:52,01/06/0018,00:40,5.5,Lochee\n"
    "3,,50911,2,31/05/2018,23:52,,,5.5,Lochee\n",
    "2: session=1 site=Lochee evse=50911 connector=2 zone=Europe/London in=2018-05-31T22:52:00Z "
    "out=2018-05-31T23:40:00Z "
    "wh=5500\n"
    "3: session=2 site=Lochee evse=50911 connector=2 zone=Europe/London in=2018-05-31T22:52:00Z "
    "out=2018-05-31T23:40:00Z "
    "wh=5500 !century_repaired\n"
    "4: session=3 site=Lochee evse=50911 connector=2 zone=Europe/London in=2018-05-31T22:52:00Z wh=5500\n");
}

static void
test_back_office (void)
{
  assert_mapped ("sessions-semicolon.mapping",
    "\xef\xbb\xbfVorgang;Ladepunkt;Beginn;Ende;Dauer;Energie;Leistung;Betrag;Freigabe\r\n"
    "7;LP 1;01.03.2026 12:00:00;01.03.2026 13:30:00;90,5;12.345,6;11 kW;1.005,90 \xe2\x82\xac;Kreditkarte\r\n"
    "8;LP 1;01.03.2026 12:00:00;;;7,2 kWh;0,011 MW;;Chip\r\n"
    "9;LP 1;01.03.2026 12:00:00;;;7.2;;;\r\n",
    "2: session=7 site=depot evse=LP 1 zone=Europe/Berlin in=2026-03-01T11:00:00Z out=2026-03-01T12:30:00Z "
    "occupied=5430 wh=12346 rated=11000 means=1 price=100590 EUR\n"
    "3: session=8 site=depot evse=LP 1 zone=Europe/Berlin in=2026-03-01T11:00:00Z wh=7200 rated=11000 means=3 EUR\n"
    "line 4: refused: column \"Energie\": \"7.2\": expected a number, as [file] decimal and thousands say, with or "
    "without "
    "a unit\n");
}

#define SMALL "[mapping]\nformat = sessions-csv\n[constants]\nsite = n\nevse = E\n[file]\ntime-zone = Europe/Berlin\n"
#define COLUMNS "[columns]\nplug-in = In\nplug-out = Out\noccupied = S\nenergy = E\n"

/* 2026-10-25: 03:00 CEST is 02:00 CET. Of the hour that comes twice the order and the duration say which it was. */
static void
test_the_hour_that_comes_twice (void)
{
  assert_shows (SMALL COLUMNS,
    "In,Out,S,E\n"
    "2026-10-25 01:30:00,2026-10-25 02:30:00,3600,1\n"
    "2026-10-25 01:30:00,2026-10-25 02:30:00,7200,2\n"
    "2026-10-25 02:50:00,2026-10-25 02:10:00,1200,3\n"
    "2026-10-25 02:10,2026-10-25 02:50,,4\n"
    "2026-10-25T02:50:00,2026-10-25T02:55:00+02:00,300,5\n"
    "2026-03-29 02:30:00,2026-03-29 03:30:00,,6\n",
    "2: site=n evse=E zone=Europe/Berlin in=2026-10-24T23:30:00Z out=2026-10-25T00:30:00Z occupied=3600 wh=1000 "
    "!zone_assumed\n"
    "3: site=n evse=E zone=Europe/Berlin in=2026-10-24T23:30:00Z out=2026-10-25T01:30:00Z occupied=7200 wh=2000 "
    "!zone_assumed\n"
    "4: site=n evse=E zone=Europe/Berlin in=2026-10-25T00:50:00Z out=2026-10-25T01:10:00Z occupied=1200 wh=3000 "
    "!zone_assumed\n"
    "5: site=n evse=E zone=Europe/Berlin in=2026-10-25T01:10:00Z out=2026-10-25T01:50:00Z wh=4000 !zone_assumed\n"
    "6: site=n evse=E zone=Europe/Berlin in=2026-10-25T00:50:00Z out=2026-10-25T00:55:00Z occupied=300 wh=5000 "
    "!zone_assumed\n"
    "7: site=n evse=E zone=Europe/Berlin in=2026-03-29T01:00:00Z out=2026-03-29T01:30:00Z wh=6000\n");
}

static void
test_an_end_from_its_duration (void)
{
  assert_shows (SMALL "duration = minutes\n[columns]\nplug-in = In\noccupied = Minutes\nenergy = E\n",
                "In,Minutes,E\n2026-03-01 12:00:00,90.5,1\n2026-03-01 12:00:00,,1\n",
                "2: site=n evse=E zone=Europe/Berlin in=2026-03-01T11:00:00Z out=2026-03-01T12:30:30Z occupied=5430 "
                "wh=1000\n"
                "3: site=n evse=E zone=Europe/Berlin in=2026-03-01T11:00:00Z wh=1000\n");
}

static const struct { const char *mapping, *error; } bad[] = {
  { "[mapping]\nformat = csv\n", "error: MAP:2: [mapping] format = csv: accepted are sessions-csv" },
  { "[mapping]\nformat = sessions-csv\n[columns]\nplug-in = In\n", "error: MAP: [columns] energy is missing" },
  { SMALL "time-format = DD.MM.YYYY\n" COLUMNS, "error: MAP:8: [file] time-format: without year, month, day, hour (hh) "
    "and minute (mm): such as DD.MM.YYYY hh:mm:ss" },
  { SMALL "abbreviations = PDT\n" COLUMNS, "error: MAP:8: [file] abbreviations: expected PDT -07:00, PST -08:00" },
  { SMALL "decimal = comma\nthousands = comma\n" COLUMNS, "error: MAP:9: [file] thousands: the same as the decimal "
    "sign" },
  { SMALL COLUMNS "price = Cost\n", "error: MAP:13: [columns] price: the file has no column \"Cost\"" },
};

static void
test_a_mapping_that_cannot_be (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_shows (bad[i].mapping, "In,Out,S,E\n2026-03-01 12:00:00,,,1\n", bad[i].error);
}

static char *
export_of (const char        *bytes,
           const TwFeedTerms *terms)
{
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
  g_autoptr (TwSessionsWriter) writer = tw_sessions_writer_new (out, gate);
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;

  tw_feed_report_init (&report);
  tw_sessions_writer_add_file (writer, path, terms, &report, &error);
  g_assert_no_error (error);
  g_assert_true (tw_sessions_writer_end (writer, &error) && g_output_stream_close (out, NULL, NULL));
  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (out)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out)));
}

/* The tokens of two exports of the same file differ, those of two rows of one customer do not. */
static void
test_customers_are_keyed_anew (void)
{
  g_autoptr (GivenFile) mapping = given_file (SMALL COLUMNS "session = Id\ncustomer = Who\n", -1);
  const TwFeedTerms terms = { .mapping = mapping }, none = { 0 };
  static const char bytes[] = "Id,In,Out,S,E,Who\n1,2026-03-01 12:00:00,,,1,Ada\n2,2026-03-02 12:00:00,,,1,Ada\n";
  g_autofree char *one = export_of (bytes, &terms), *other = export_of (bytes, &terms), *again = export_of (one, &none);
  g_auto (GStrv) lines = g_strsplit (one, "\n", -1), first = g_strsplit (lines[1], ",", -1);
  g_auto (GStrv) second = g_strsplit (lines[2], ",", -1);

  g_assert_cmpuint (strlen (first[17]), ==, 16);
  g_assert_cmpstr (first[17], ==, second[17]);
  g_assert_cmpstr (one, !=, other);
  g_assert_null (strstr (one, "Ada"));
  g_assert_cmpstr (one, ==, again);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/foreign/a-campus-with-times-of-rfc-1123", test_campus);
  g_test_add_func ("/analytics/foreign/a-city-with-zones-in-its-rows", test_city_of_the_us);
  g_test_add_func ("/analytics/foreign/a-city-with-days-and-hours-apart", test_city_of_the_uk);
  g_test_add_func ("/analytics/foreign/a-back-office-with-commas", test_back_office);
  g_test_add_func ("/analytics/foreign/the-hour-that-comes-twice", test_the_hour_that_comes_twice);
  g_test_add_func ("/analytics/foreign/an-end-from-its-duration", test_an_end_from_its_duration);
  g_test_add_func ("/analytics/foreign/a-mapping-that-cannot-be", test_a_mapping_that_cannot_be);
  g_test_add_func ("/analytics/foreign/customers-are-keyed-anew", test_customers_are_keyed_anew);
  return g_test_run ();
}
