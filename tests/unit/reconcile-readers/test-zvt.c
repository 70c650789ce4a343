/* SPDX-License-Identifier: Apache-2.0 */
/* End-of-day totals of terminals (settlement-files.md section 5). The packets are put together by hand from zvt.md
 * section 3: 27 result, 29 terminal, 49 currency, 0C time, 0D date, 04 total, 60 the seven groups. */
#include "tests/unit/reconcile-readers/given.h"

#define NONE "00 000000000000 "
#define GROUPS "60 F0F5F3 0101 0103 02 000000000234 " NONE "01 000000001000 " NONE NONE NONE NONE
#define HEAD "27 00 29 12345678 49 0978 0C 235005 0D 0301 "
#define PACKET "040F 51 " HEAD "04 000000001234 " GROUPS "\n"
#define LINE "2026-03-01T23:50:07+01:00 " PACKET
#define ROWS \
  "2 total EUR 1234 count=3 terminal=12345678 day=2026-03-01 until=2026-03-01T22:50:07Z slips=101-103\n" \
  "2 total EUR 234 count=2 terminal=12345678 brand=girocard day=2026-03-01 until=2026-03-01T22:50:07Z slips=101-103\n" \
  "2 total EUR 1000 count=1 terminal=12345678 brand=mastercard day=2026-03-01 until=2026-03-01T22:50:07Z " \
  "slips=101-103\n"
#define READ(bytes, rows) assert_reads (tw_read_settlement, NULL, bytes, rows)
#define REFUSE(bytes, parts) assert_refuses (tw_read_settlement, NULL, bytes, parts)

static void
test_totals (void)
{
  READ ("# station 7\n" LINE, ROWS);
}

/* What else is said on the wire stands among them; the completion repeats its status; the day after begins where this
 * one ended. */
static void
test_day (void)
{
  READ ("2026-03-01T23:50:05+01:00 80 00 00\n" LINE
        "2026-03-01T23:50:08+01:00 060F 51 " HEAD "04 000000001234 " GROUPS "\n"
        "2026-03-02T23:50:07+01:00 040F 18 27 00 29 12345678 49 0978 0C 235005 0D 0302 04 000000000100\n",
        ROWS "4 total EUR 100 terminal=12345678 day=2026-03-02 from=2026-03-01T22:50:07Z until=2026-03-02T22:50:07Z\n");
}

/* The terminal's date has no year: on New Year's morning it is last year's. */
static void
test_year (void)
{
  READ ("2027-01-01T00:05:00+01:00 040F 16 29 12345678 49 0978 0D 1231 04 000000000100 0B 000007\n",
        "1 total EUR 100 terminal=12345678 day=2026-12-31 until=2026-12-31T23:05:00Z\n");
}

/* 255 is as high as a count goes: it is not known. */
static void
test_saturated (void)
{
  g_autofree char *bytes = given_change (LINE, "02 000000000234", "FF 000000000234");

  READ (bytes,
        "1 total EUR 1234 terminal=12345678 day=2026-03-01 until=2026-03-01T22:50:07Z slips=101-103\n"
        "1 total EUR 234 terminal=12345678 brand=girocard day=2026-03-01 until=2026-03-01T22:50:07Z slips=101-103\n"
        "1 total EUR 1000 count=1 terminal=12345678 brand=mastercard day=2026-03-01 until=2026-03-01T22:50:07Z "
        "slips=101-103\n");
}

static void
test_refused_by_terminal (void)
{
  g_autoptr (GivenFile) path = given_file ("2026-03-01T23:50:07+01:00 06 1E 01 77\n", -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = given_read (tw_read_settlement, path, NULL, &error);
  g_autofree char *expected = g_strdup_printf ("note %s, line 1: the end of day was refused with code 77\n", path);

  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_refusals (void)
{
  static const char *const cases[][3] = {
    { "040F 51", "040F 52", ", line 1: not a packet: its length" }, { "040F 51", "040F 50", "its length" },
    { "040F 51", "040F FF 51 01", "its length" }, { "040F 51", "040", "not pairs of hex digits" },
    { "04 000000001234", "04 000000001235", "the totals of its brands (60) do not add up" },
    { "04 000000001234", "04 00000000123A", "field 04 has a value that it cannot have" },
    { "60 F0F5F3", "60 F0F5F4", "field 60 is longer than its packet" },
    { "60 F0F5F3", "60 F0F5F2", "field 60 has a value" }, { "60 F0F5F3", "60 000053", "field 60 is longer" },
    { "49 0978", "49 0999", "field 49 has a value" }, { "49 0978", "88 000001", "its length" },
    { "0D 0301", "0D 1301", "field 0D has a value" }, { "0D 0301", "0D 0801", "more than a month away" },
    { "0C 235005", "0C 245005", "field 0C has a value" }, { "29 12345678", "E0 12345678", "field E0 is not known" },
    { "29 12345678", "06 03 0102 03", "totals without a terminal (29)" },
    { "0C 235005", "27 00 27 00", "field 27 stands twice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = given_change (LINE, cases[i][0], cases[i][1]);

      REFUSE (bytes, cases[i][2]);
    }
  REFUSE (LINE "2026-03-01T23:50:06+01:00 040F 16 29 12345678 49 0978 0D 0301 04 000000000100 0B 000007\n",
          ", line 2: older than the end of day before it");
  REFUSE ("2026-03-01T23:50:07 " PACKET, "expected the time at which the packet came");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/zvt/an-end-of-day-has-its-totals", test_totals);
  g_test_add_func ("/reconcile-readers/zvt/days-follow-each-other", test_day);
  g_test_add_func ("/reconcile-readers/zvt/the-year-is-the-nearest", test_year);
  g_test_add_func ("/reconcile-readers/zvt/a-count-of-255-is-not-known", test_saturated);
  g_test_add_func ("/reconcile-readers/zvt/a-refused-end-of-day-is-told", test_refused_by_terminal);
  g_test_add_func ("/reconcile-readers/zvt/bad-packets-are-refused-with-the-line", test_refusals);

  return g_test_run ();
}
