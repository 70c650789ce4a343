/* SPDX-License-Identifier: Apache-2.0 */
/* When all was taken, when ports were open and when they worked, against a walk through every second. */
#include "payment/analytics/opening-hours.h"
#include "tests/unit/analytics/made-rows.h"

#include <string.h>

#define S G_USEC_PER_SEC
#define DAY 86400
#define N_PORTS 3

/* The second before Berlin's clocks change is in the middle of four days. */
#define SPRING (G_GINT64_CONSTANT (1711846800) - 2 * DAY)
#define AUTUMN (G_GINT64_CONSTANT (1729990800) - 2 * DAY)
#define SECONDS (4 * DAY)

typedef struct { guint8 occupied[N_PORTS][SECONDS], works[N_PORTS][SECONDS]; gint64 begin, as_of; } Walk;

static const char *const EVSES[N_PORTS] = { "A", "B", "C" };

static Made *
busy_site (guint32 seed,
           gint64  begin)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Made *made = made_new ();

  for (guint i = 0; i < 150; i++)
    {
      gint64 start = begin + g_rand_int_range (rand, 0, SECONDS - 20000);

      made_add (made, "S", "Europe/Berlin", EVSES[i % N_PORTS], start, start + g_rand_int_range (rand, 0, 12000), -1,
                -1, 1000);
    }
  return made;
}

/* B and C are open from 6:00 to 1:30 on the wall, C is out of order for a while, and A always works. */
static void
add_companions (TwAnalysis *analysis,
                gint64      begin)
{
  TwRowIntake part = tw_analysis_part (analysis, "ports.csv");
  TwEventRow event = { .evse = { "C", 1 }, .at = (begin + 100000) * S, .state = TW_PORT_OUT_OF_ORDER };

  for (guint i = 0; i < N_PORTS; i++)
    {
      TwPortRow port = { .site = { "S", 1 }, .evse = { EVSES[i], 1 }, .rated_power_w = TW_UNKNOWN,
                         .commissioned = begin * S, .decommissioned = TW_UNKNOWN };

      if (i > 0)
        port.opening_hours = (TwText) { "06:00-01:30", 11 };
      g_assert_true (part.class_->port (part.self, &port, NULL));
    }
  g_assert_true (part.class_->event (part.self, &event, NULL));
  event.at = (begin + 200000) * S;
  event.state = TW_PORT_AVAILABLE;
  g_assert_true (part.class_->event (part.self, &event, NULL));
}

static gboolean
is_open (GTimeZone *zone,
         gint64     second,
         gint64    *hour)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (second), local = g_date_time_to_timezone (utc, zone);
  gint minute = g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (local), g_date_time_get_month (local),
                  g_date_time_get_year (local));
  *hour = (gint64) (g_date_get_julian (&date) - 719163) * 24 + g_date_time_get_hour (local);
  return minute >= 360 || minute < 90;
}

static void
walk_rows (Walk       *walk,
           const Made *made)
{
  for (guint i = 0; i < made->rows->len; i++)
    {
      const TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);

      for (gint64 second = row->plug_in / S; second < row->plug_out / S; second++)
        walk->occupied[row->evse.text[0] - 'A'][second - walk->begin] = 1;
      walk->as_of = MAX (walk->as_of, row->plug_out / S);
    }
}

/* Seconds of each hour in which all was taken; and marks when the ports worked. */
static GHashTable *
walk_seconds (Walk     *walk,
              gboolean  has_companions)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  GHashTable *taken = g_hash_table_new (NULL, NULL);

  for (gint64 at = 0; at < walk->as_of - walk->begin; at++)
    {
      gint64 hour;
      gboolean open = is_open (zone, walk->begin + at, &hour), any = FALSE, free_one = FALSE;

      for (guint i = 0; i < N_PORTS; i++)
        {
          gboolean works = !has_companions || i == 0 || (open && !(i == 2 && at >= 100000 && at < 200000));

          walk->works[i][at] = works;
          any |= works;
          free_one |= works && !walk->occupied[i][at];
        }
      if (any && !free_one)
        g_hash_table_insert (taken, GINT_TO_POINTER (hour), GINT_TO_POINTER (
                               GPOINTER_TO_INT (g_hash_table_lookup (taken, GINT_TO_POINTER (hour))) + 1));
    }
  return taken;
}

static void
compare (const TwAnalysis *analysis,
         GHashTable       *taken)
{
  gsize n;
  const TwHourCell *hours = tw_analysis_hours (analysis, &n);
  guint n_taken = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpint (hours[i].all_busy_s, ==, GPOINTER_TO_INT (g_hash_table_lookup (taken,
                                                                 GINT_TO_POINTER (hours[i].hour))));
      n_taken += hours[i].all_busy_s > 0;
    }
  g_assert_cmpuint (n_taken, ==, g_hash_table_size (taken));
  g_assert_cmpuint (n_taken, >, 5);
}

static void
test_all_taken (gconstpointer data)
{
  gint64 begin = data ? AUTUMN : SPRING;
  g_autoptr (Made) made = busy_site (5, begin);
  g_autofree Walk *walk = g_new0 (Walk, 1);
  g_autoptr (GHashTable) taken = NULL;
  g_autoptr (TwAnalysis) analysis = NULL;
  TwRowIntake part;
  TwAnalysisTerms terms;

  walk->begin = begin;
  walk_rows (walk, made);
  taken = walk_seconds (walk, TRUE);
  tw_analysis_terms_init (&terms);
  analysis = tw_analysis_new (&terms, NULL);
  part = tw_analysis_part (analysis, "made.csv");
  for (guint i = 0; i < made->rows->len; i++)
    part.class_->session (part.self, &g_array_index (made->rows, TwSessionRow, i), NULL);
  add_companions (analysis, begin);
  g_assert_true (tw_analysis_close (analysis, NULL));
  compare (analysis, taken);
  for (guint i = 0; i < N_PORTS; i++)
    {
      gint64 works = 0;

      for (gint64 at = 0; at < SECONDS; at++)
        works += walk->works[i][at];
      g_assert_cmpint (tw_analysis_working_between_s (analysis, i, 0, 40000), ==, works);
    }
}

static void
test_hours_of_days (void)
{
  g_autoptr (TwOpeningHours) hours = tw_opening_hours_parse ("Mo-Fr 08:00-20:00; Sa 10:00-12:00,13:00-14:30; We off",
                                                            NULL);
  g_autoptr (TwZone) zone = tw_zone_new ("UTC");
  const gint64 monday = 1719792000;
  const gint64 expected[7] = { 12 * 3600, 12 * 3600, 0, 12 * 3600, 12 * 3600, 12600, 0 };

  for (guint day = 0; day < 7; day++)
    {
      g_autoptr (GArray) list = tw_opening_hours_stretches (hours, zone, monday + day * DAY, monday + (day + 1) * DAY);
      gint64 sum = 0;

      for (guint i = 0; i < list->len; i++)
        sum += tw_stretches_at (list, i)->until - tw_stretches_at (list, i)->from;
      g_assert_cmpint (sum, ==, expected[day]);
    }
}

static void
test_hours_that_are_none (void)
{
  const char *const bad[] = { "", "always", "Mo", "Mo-Fr", "Mo-Fr 8-20", "Mo-Fr 08:00-20:60", "25:00-26:00", "24/7 x",
                              "Mo-Fr 08:00-20:00;", "Mo,,Tu 08:00-09:00", "08:00-09:00,", "Mo- 08:00-09:00" };
  const char *const good[] = { "24/7", "08:00-24:00", "Fr-Mo 22:00-06:00",
                               "Mo,We 08:00-12:00, 13:00-17:00; Su closed" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tw_opening_hours_parse (bad[i], &error));
      g_assert_nonnull (strstr (error->message, "24/7"));
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (TwOpeningHours) hours = tw_opening_hours_parse (good[i], NULL);

      g_assert_nonnull (hours);
    }
}

static void
test_bad_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwAnalysis) analysis = NULL;
  TwPortRow port = { .evse = { "A", 1 }, .opening_hours = { "sometimes", 9 } };
  TwAnalysisTerms terms;
  TwRowIntake part;

  tw_analysis_terms_init (&terms);
  analysis = tw_analysis_new (&terms, NULL);
  part = tw_analysis_part (analysis, "ports.csv");
  g_assert_false (part.class_->port (part.self, &port, &error));
  g_assert_nonnull (strstr (error->message, "sometimes"));
}

/* Lists of seconds as bits of a number. */
static GArray *
list_of (guint bits)
{
  GArray *list = tw_stretches_new ();

  for (guint i = 0; i < 8; i++)
    tw_stretches_append (list, i, i + (bits >> i & 1));
  return list;
}

static void
test_lists (void)
{
  for (guint a = 0; a < 256; a++)
    for (guint b = 0; b < 256; b += 3)
      {
        g_autoptr (GArray) one = list_of (a), other = list_of (b), both = list_of (a | b), less = list_of (a & ~b);
        g_autoptr (GArray) united = tw_stretches_unite (one, other), left = tw_stretches_subtract (one, other);

        g_assert_cmpmem (united->data, united->len * sizeof (TwStretch), both->data, both->len * sizeof (TwStretch));
        g_assert_cmpmem (left->data, left->len * sizeof (TwStretch), less->data, less->len * sizeof (TwStretch));
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sweep/all-taken-is-found/spring", GUINT_TO_POINTER (0), test_all_taken);
  g_test_add_data_func ("/sweep/all-taken-is-found/autumn", GUINT_TO_POINTER (1), test_all_taken);
  g_test_add_func ("/sweep/opening-hours-are-of-days", test_hours_of_days);
  g_test_add_func ("/sweep/opening-hours-that-are-none-are-refused", test_hours_that_are_none);
  g_test_add_func ("/sweep/a-list-of-ports-with-bad-hours-stops", test_bad_list);
  g_test_add_func ("/sweep/lists-of-time-are-sets", test_lists);
  return g_test_run ();
}
