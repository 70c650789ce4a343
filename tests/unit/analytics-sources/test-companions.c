/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "tests/unit/analytics-sources/shown.h"
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

typedef gboolean (*Feed) (const char *path, const TwRowIntake *intake, TwFeedReport *report, GError **error);

static void
assert_shows (Feed        feed,
              const char *bytes,
              const char *expected)
{
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  Shown shown;
  TwRowIntake intake = shown_begin (&shown);

  tw_feed_report_init (&report);
  if (!feed (path, &intake, &report, &error))
    g_string_append_printf (shown.text, "error: %s", strstr (error->message, ": ") + 2);
  g_assert_cmpstr (shown.text->str, ==, expected);
  shown_end (&shown);
}

static void
test_ports (void)
{
  assert_shows (tw_feed_ports,
    "site_id,evse_id,connector_id,rated_power_kw,commissioned,decommissioned,time_zone,opening_hours\n"
    "n,E1,1,22,2026-03-01,2026-06-01T00:00:00Z,Europe/Berlin,Mo-Fr 08:00-20:00\n"
    "n,E2,,,,,UTC,\n"
    "n,E3,,0,,,UTC,\n"
    "n,E4,,,soon,,UTC,\n"
    "n,E5,,,,,,\n"
    "n,E6,,,,,UTC\n",
    "port: site=n evse=E1 connector=1 zone=Europe/Berlin hours=Mo-Fr 08:00-20:00 rated=22000 from=2026-02-28T23:00:00Z "
    "until=2026-06-01T00:00:00Z\n"
    "port: site=n evse=E2 zone=UTC\n"
    "line 4: refused: column \"rated_power_kw\": \"0\": expected a number of kW above 0\n"
    "line 5: refused: column \"commissioned\": \"soon\": expected a day, or an instant with its offset\n"
    "line 6: refused: column \"time_zone\": \"\": expected an IANA time zone, such as Europe/Berlin\n"
    "line 7: refused: 7 cells, and the header has 8\n");
  assert_shows (tw_feed_ports, "evse_id,site_id\n", "error: columns are missing: time_zone");
}

static void
test_events (void)
{
  assert_shows (tw_feed_events,
    "evse_id,at,status,reason,excluded\n"
    "E1,2026-03-01T12:00:00+01:00,OUTOFORDER,contactor,\n"
    "E1,2026-03-01T13:00:00+01:00,Available,,no\n"
    "E1,2026-03-02T13:00:00+01:00,inoperative,grid,true\n"
    "E1,2026-03-02T13:00:00+01:00,inoperative,,true\n"
    "E1,2026-03-02,charging,,\n"
    "E1,2026-03-02T13:00:00+01:00,broken,,\n"
    "E1,,charging,,\n"
    "E1,2026-03-02T13:00:00+01:00,charging,,perhaps\n",
    "event: evse=E1 at=2026-03-01T11:00:00Z state=6 reason=contactor\n"
    "event: evse=E1 at=2026-03-01T12:00:00Z state=1\n"
    "event: evse=E1 at=2026-03-02T12:00:00Z state=5 reason=grid excluded\n"
    "line 5: refused: column \"reason\": \"\": expected the reason for which it is excluded\n"
    "line 6: refused: column \"at\": \"2026-03-02\": expected an instant with its offset\n"
    "line 7: refused: column \"status\": \"broken\": expected available, charging, reserved, blocked, inoperative, "
    "outoforder or unknown\n"
    "line 8: refused: column \"at\": \"\": expected an instant with its offset\n"
    "line 9: refused: column \"excluded\": \"perhaps\": expected true or false\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/companions/ports-are-read", test_ports);
  g_test_add_func ("/analytics/companions/events-are-read", test_events);
  return g_test_run ();
}
