/* SPDX-License-Identifier: Apache-2.0 */
/* Each sum of the cells against an oracle that goes through time second by second, and asks GDateTime what a clock on
 * the wall shows: nothing of the cutting is in it.
 */
#include "tests/unit/analytics/made-rows.h"

#include <string.h>

#define S G_USEC_PER_SEC

/* Clocks change in Berlin and St. John's, or on Lord Howe Island (by half an hour), or nowhere. */
static const gint64 arounds[] = {
  1711846800,   /* 2024-03-31T01:00Z: Berlin jumps to 3:00 */
  1729990800,   /* 2024-10-27T01:00Z: Berlin goes back to 2:00 */
  1712415600,   /* 2024-04-06T15:00Z: Lord Howe goes back by half an hour */
  1728142200,   /* 2024-10-05T15:30Z: and forth */
  1720000000,
};

typedef struct { gint64 occupied_s, charging_s, idle_s, all_s; } Seconds;
typedef struct { char key[64]; } Name;

/* "site hour" or "port tariff currency day" to what fell into it. */
typedef struct { GHashTable *hours, *days; GHashTable *clocks; gint64 as_of_s; } Oracle;

static gint64 *
sum_of (GHashTable *sums,
        const char *key)
{
  gint64 *sum = g_hash_table_lookup (sums, key);

  if (sum == NULL)
    {
      sum = g_new0 (gint64, 4);
      g_hash_table_insert (sums, g_strdup (key), sum);
    }
  return sum;
}

/* Hours since 1970 that the wall shows. */
static gint64
wall_hour (GHashTable *clocks,
           const char *zone_name,
           gint64      second)
{
  GTimeZone *zone = g_hash_table_lookup (clocks, zone_name);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (second), local = NULL;
  GDate date;

  if (zone == NULL)
    {
      zone = g_time_zone_new_identifier (zone_name);
      g_hash_table_insert (clocks, g_strdup (zone_name), zone);
    }
  local = g_date_time_to_timezone (utc, zone);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (local), g_date_time_get_month (local),
                  g_date_time_get_year (local));
  return (gint64) (g_date_get_julian (&date) - 719163) * 24 + g_date_time_get_hour (local);
}

static gint64
end_of (const TwSessionRow *row,
        gint64              as_of_s)
{
  return row->plug_out != TW_UNKNOWN ? row->plug_out / S : as_of_s;
}

static gboolean
is_charging_known (const TwSessionRow *row)
{
  return row->charge_end != TW_UNKNOWN || (row->plug_out == TW_UNKNOWN && row->charge_start != TW_UNKNOWN);
}

static gboolean
is_charging (const TwSessionRow *row,
             gint64              second,
             gint64              as_of_s)
{
  gint64 from = row->charge_start != TW_UNKNOWN ? row->charge_start : row->plug_in;
  gint64 until = row->charge_end != TW_UNKNOWN ? row->charge_end : as_of_s * S;

  return is_charging_known (row) && second * S >= from && second * S < until;
}

static gboolean
same_port (const TwSessionRow *a,
           const TwSessionRow *b)
{
  return a->site.text == b->site.text && a->evse.text == b->evse.text && a->connector.text == b->connector.text;
}

/* Another session of the port that began later has the second. */
static gboolean
is_taken (const Made         *made,
          const TwSessionRow *row,
          gint64              second,
          gint64              as_of_s)
{
  for (guint i = 0; i < made->rows->len; i++)
    {
      const TwSessionRow *other = &g_array_index (made->rows, TwSessionRow, i);

      if (other != row && same_port (row, other) && other->plug_in > row->plug_in && other->plug_in <= second * S
          && second < end_of (other, as_of_s))
        return TRUE;
    }
  return FALSE;
}

static void
count_second (Oracle             *oracle,
              const TwSessionRow *row,
              gint64              second)
{
  gint64 hour = wall_hour (oracle->clocks, row->zone.text, second);
  g_autofree char *hour_key = g_strdup_printf ("%s %" G_GINT64_FORMAT, row->site.text, hour);
  g_autofree char *day_key = g_strdup_printf ("%s %s/%s %s %s %" G_GINT64_FORMAT, row->site.text, row->evse.text,
                                              row->connector.text, row->tariff.text, row->currency, hour / 24);
  gboolean charging = is_charging (row, second, oracle->as_of_s);
  gint64 *of_hour = sum_of (oracle->hours, hour_key), *of_day = sum_of (oracle->days, day_key);

  of_hour[0]++;
  of_hour[1] += charging;
  of_day[0]++;
  of_day[1] += charging;
  of_day[2] += !charging && is_charging_known (row);
}

static void
ask_oracle (Oracle     *oracle,
            const Made *made)
{
  oracle->hours = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  oracle->days = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  oracle->clocks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_time_zone_unref);
  oracle->as_of_s = 0;
  for (guint i = 0; i < made->rows->len; i++)
    {
      const TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);

      oracle->as_of_s = MAX (oracle->as_of_s, MAX (row->plug_in, row->plug_out) / S);
    }
  for (guint i = 0; i < made->rows->len; i++)
    {
      const TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);

      for (gint64 second = row->plug_in / S; second < end_of (row, oracle->as_of_s); second++)
        if (!is_taken (made, row, second, oracle->as_of_s))
          count_second (oracle, row, second);
    }
}

static void
forget_oracle (Oracle *oracle)
{
  g_hash_table_unref (oracle->hours);
  g_hash_table_unref (oracle->days);
  g_hash_table_unref (oracle->clocks);
}

static void
compare_hours (Oracle           *oracle,
               const TwAnalysis *analysis)
{
  gsize n;
  const TwHourCell *hours = tw_analysis_hours (analysis, &n);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s %d", tw_analysis_site (analysis, hours[i].site), hours[i].hour);
      gint64 *sum = sum_of (oracle->hours, key);

      g_assert_cmpint (hours[i].occupied_s, ==, sum[0]);
      g_assert_cmpint (hours[i].charging_s, ==, sum[1]);
      g_hash_table_remove (oracle->hours, key);
    }
  g_assert_cmpuint (g_hash_table_size (oracle->hours), ==, 0);
}

static void
compare_days (Oracle           *oracle,
              const TwAnalysis *analysis)
{
  gsize n;
  guint n_ports;
  const TwDayCell *days = tw_analysis_days (analysis, &n);
  const TwPort *ports = tw_analysis_ports (analysis, &n_ports);

  for (gsize i = 0; i < n; i++)
    {
      const TwPort *port = &ports[days[i].port];
      g_autofree char *key = g_strdup_printf ("%s %s/%s %s %s %d", tw_analysis_site (analysis, port->site), port->evse,
                                              port->connector, tw_analysis_tariff (analysis, days[i].tariff),
                                              days[i].currency, days[i].day);
      gint64 *sum = sum_of (oracle->days, key);

      g_assert_cmpint (days[i].occupied_s, ==, sum[0]);
      g_assert_cmpint (days[i].charging_s, ==, sum[1]);
      g_assert_cmpint (days[i].idle_s, ==, sum[2]);
      g_hash_table_remove (oracle->days, key);
    }
  g_assert_cmpuint (g_hash_table_size (oracle->days), ==, 0);
}

static void
test_seconds (gconstpointer data)
{
  g_autoptr (Made) made = made_fleet (GPOINTER_TO_UINT (data), arounds[GPOINTER_TO_UINT (data)], 60);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 1, FALSE);
  Oracle oracle;

  ask_oracle (&oracle, made);
  g_assert_cmpint (tw_analysis_as_of (analysis), ==, oracle.as_of_s * S);
  compare_hours (&oracle, analysis);
  compare_days (&oracle, analysis);
  forget_oracle (&oracle);
}

/* Every mWh is somewhere, once; and in each hour as much as its share of the charging time, to the mWh that is cut. */
static void
test_energy (void)
{
  g_autoptr (Made) made = made_fleet (7, arounds[1], 400);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 2, FALSE);
  gint64 whole = 0, of_hours = 0, of_days = 0;
  gsize n_hours, n_days;
  const TwHourCell *hours = tw_analysis_hours (analysis, &n_hours);
  const TwDayCell *days = tw_analysis_days (analysis, &n_days);

  for (guint i = 0; i < made->rows->len; i++)
    whole += MAX (0, g_array_index (made->rows, TwSessionRow, i).energy_wh) * 1000;
  for (gsize i = 0; i < n_hours; i++)
    of_hours += hours[i].energy_mwh;
  for (gsize i = 0; i < n_days; i++)
    of_days += days[i].energy_mwh;
  g_assert_cmpint (of_hours, ==, whole);
  g_assert_cmpint (of_days, ==, whole);
}

static void
test_energy_is_where_it_flowed (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  const TwHourCell *hours;
  gsize n;

  /* Plugged at 10:00 UTC, charging from 10:30 to 12:00, gone at 14:00: a third before 11:00. */
  made_add (made, "S", "UTC", "E", 1720000800, 1720000800 + 4 * 3600, 1800, 7200, 10000);
  analysis = made_analysis (made, NULL, 1, FALSE);
  hours = tw_analysis_hours (analysis, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpint (hours[0].energy_mwh, ==, 3333333);
  g_assert_cmpint (hours[1].energy_mwh, ==, 6666667);
  g_assert_cmpint (hours[2].energy_mwh, ==, 0);
  g_assert_cmpint (hours[0].charging_s, ==, 1800);
  g_assert_cmpint (hours[1].charging_s, ==, 3600);
}

/* The same bytes, whatever the order, whatever the parts. */
static void
compare_analyses (const TwAnalysis *a,
                  const TwAnalysis *b)
{
  gsize n, m;
  gconstpointer x, y;

  x = tw_analysis_days (a, &n), y = tw_analysis_days (b, &m);
  g_assert_cmpmem (x, n * sizeof (TwDayCell), y, m * sizeof (TwDayCell));
  x = tw_analysis_hours (a, &n), y = tw_analysis_hours (b, &m);
  g_assert_cmpmem (x, n * sizeof (TwHourCell), y, m * sizeof (TwHourCell));
  x = tw_analysis_rows (a, &n), y = tw_analysis_rows (b, &m);
  g_assert_cmpmem (x, n * sizeof (TwShortRow), y, m * sizeof (TwShortRow));
  x = tw_analysis_customers (a, &n), y = tw_analysis_customers (b, &m);
  g_assert_cmpmem (x, n * sizeof (TwCustomer), y, m * sizeof (TwCustomer));
  g_assert_cmpint (tw_analysis_first_day (a), ==, tw_analysis_first_day (b));
  g_assert_cmpint (tw_analysis_end_day (a), ==, tw_analysis_end_day (b));
  g_assert_cmpmem (tw_analysis_quality (a)->n, sizeof tw_analysis_quality (a)->n, tw_analysis_quality (b)->n,
                   sizeof tw_analysis_quality (b)->n);
}

static void
test_order (void)
{
  g_autoptr (Made) made = made_fleet (3, arounds[0], 3000);
  g_autoptr (TwAnalysis) one = made_analysis (made, NULL, 1, FALSE), backwards = made_analysis (made, NULL, 1, TRUE);
  g_autoptr (TwAnalysis) two = made_analysis (made, NULL, 2, FALSE), five = made_analysis (made, NULL, 5, TRUE);

  compare_analyses (one, backwards);
  compare_analyses (one, two);
  compare_analyses (one, five);
}

typedef struct { TwAnalysis *analysis; const Made *made; guint first; } Share;

#define N_THREADS 4

static gpointer
take_share (gpointer data)
{
  const Share *share = data;
  TwRowIntake part = tw_analysis_part (share->analysis, "made.csv");

  for (guint i = share->first; i < share->made->rows->len; i += N_THREADS)
    g_assert_true (part.class_->session (part.self, &g_array_index (share->made->rows, TwSessionRow, i), NULL));
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (Made) made = made_fleet (4, arounds[1], 4000);
  g_autoptr (TwAnalysis) one = made_analysis (made, NULL, 1, FALSE), many = NULL;
  GThread *threads[N_THREADS];
  Share shares[N_THREADS];
  TwAnalysisTerms terms;

  tw_analysis_terms_init (&terms);
  many = tw_analysis_new (&terms, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      shares[i] = (Share) { many, made, i };
      threads[i] = g_thread_new ("share", take_share, &shares[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (tw_analysis_close (many, NULL));
  compare_analyses (one, many);
}

/* Of sessions that ended on a day: added up once more, straight from the rows. */
static void
test_money (void)
{
  g_autoptr (Made) made = made_fleet (5, arounds[4], 2000);
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 3, FALSE);
  gint64 priced = 0, captured = 0, refunded = 0, unpaid = 0, reconciled = 0, n_paid = 0, n_fee = 0, n_ended = 0;
  gsize n;
  const TwDayCell *days = tw_analysis_days (analysis, &n);

  for (guint i = 0; i < made->rows->len; i++)
    {
      const TwSessionRow *row = &g_array_index (made->rows, TwSessionRow, i);
      gint64 price = MAX (0, row->price_minor), taken = MAX (0, row->captured_minor);

      n_ended += row->plug_out != TW_UNKNOWN;
      if (row->plug_out == TW_UNKNOWN || strcmp (row->currency, "EUR") != 0)
        continue;
      priced += price;
      captured += taken;
      refunded += MAX (0, row->refunded_minor);
      unpaid += price > taken ? price - taken : 0;
      reconciled += row->money_state >= TW_STATE_SETTLED ? taken : 0;
      n_paid += taken > 0;
      n_fee += row->fee_minor >= 0;
    }
  for (gsize i = 0; i < n; i++)
    {
      n_ended -= days[i].n_ended;
      if (strcmp (days[i].currency, "EUR") != 0)
        continue;
      priced -= days[i].priced_minor;
      captured -= days[i].captured_minor;
      refunded -= days[i].refunded_minor;
      unpaid -= days[i].unpaid_minor;
      reconciled -= days[i].reconciled_minor;
      n_paid -= days[i].n_paid;
      n_fee -= days[i].n_fee;
    }
  g_assert_cmpint (n_ended, ==, 0);
  g_assert_cmpint (priced, ==, 0);
  g_assert_cmpint (captured, ==, 0);
  g_assert_cmpint (refunded, ==, 0);
  g_assert_cmpint (unpaid, ==, 0);
  g_assert_cmpint (reconciled, ==, 0);
  g_assert_cmpint (n_paid, ==, 0);
  g_assert_cmpint (n_fee, ==, 0);
}

/* Berlin: 2024-03-31 has no hour 2, and 2024-10-27 has it twice. Kolkata is at :30. */
static void
test_hours_of_the_clock_change (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  gint32 spring = 19813, autumn = 20023;

  made_add (made, "B", "Europe/Berlin", "E", 1711846800 - 3600, 1711846800 + 3600, -1, -1, 1000);
  made_add (made, "K", "Asia/Kolkata", "E", 1711846800 - 3600, 1711846800 + 3600, -1, -1, 1000);
  analysis = made_analysis (made, NULL, 1, FALSE);
  g_assert_cmpint (tw_analysis_hour_s (analysis, 0, spring * 24 + 1), ==, 3600);
  g_assert_cmpint (tw_analysis_hour_s (analysis, 0, spring * 24 + 2), ==, 0);
  g_assert_cmpint (tw_analysis_hour_s (analysis, 0, autumn * 24 + 2), ==, 7200);
  g_assert_cmpint (tw_analysis_hour_s (analysis, 1, autumn * 24 + 2), ==, 3600);
  g_assert_cmpstr (tw_analysis_site_zone (analysis, 1), ==, "Asia/Kolkata");
}

static void
test_open_time (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;
  gboolean estimated;

  /* From 2024-03-30T12:00 to 2024-04-01T12:00 in Berlin: the day between has 23 hours. */
  made_add (made, "B", "Europe/Berlin", "E", 1711796400, 1711800000, -1, -1, 1000);
  made_add (made, "B", "Europe/Berlin", "E", 1711962000, 1711965600, -1, -1, 1000);
  analysis = made_analysis (made, NULL, 1, FALSE);
  g_assert_cmpint (tw_analysis_open_s (analysis, 0, 19812, &estimated), ==, 12 * 3600);
  g_assert_cmpint (tw_analysis_open_s (analysis, 0, 19813, &estimated), ==, 23 * 3600);
  g_assert_cmpint (tw_analysis_open_s (analysis, 0, 19814, &estimated), ==, 12 * 3600);
  g_assert_cmpint (tw_analysis_open_s (analysis, 0, 19815, &estimated), ==, 0);
  g_assert_true (estimated);
}

static void
test_window (void)
{
  g_autoptr (Made) made = made_fleet (9, arounds[4], 500);
  g_autoptr (TwAnalysis) all = made_analysis (made, NULL, 1, FALSE), some = NULL;
  TwAnalysisTerms terms;
  gint64 outside = 0, over = 0;
  gsize n;
  const TwShortRow *rows;

  tw_analysis_terms_init (&terms);
  terms.from_day = tw_analysis_first_day (all) + 1;
  terms.to_day = terms.from_day + 1;
  some = made_analysis (made, &terms, 2, FALSE);
  g_assert_cmpint (tw_analysis_first_day (some), ==, terms.from_day);
  g_assert_cmpint (tw_analysis_end_day (some), ==, terms.to_day);
  rows = tw_analysis_rows (some, &n);
  g_assert_cmpuint (n, ==, 500);
  for (gsize i = 0; i < n; i++)
    {
      guint n_ports;
      const TwPort *ports = tw_analysis_ports (some, &n_ports);
      const char *zone = tw_analysis_site_zone (some, ports[rows[i].port].site);
      g_autoptr (GHashTable) clocks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                             (GDestroyNotify) g_time_zone_unref);
      gint32 first = wall_hour (clocks, zone, rows[i].start_s) / 24, last = rows[i].day;

      outside += last < terms.from_day || first >= terms.to_day;
      over += (last >= terms.from_day && first < terms.to_day) && (first < terms.from_day || last >= terms.to_day);
    }
  g_assert_cmpint (over, >, 0);
  g_assert_cmpint (tw_analysis_quality (some)->n[TW_FLAG_OUTSIDE], ==, outside);
  g_assert_cmpint (tw_analysis_quality (some)->n[TW_FLAG_OVER_EDGE], ==, over);
}

/* What cannot be added up is left out and named; a zone that there is not, too. */
static void
test_impossible (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = NULL;

  made_add (made, "S", "UTC", "E", 1720000000, 1720003600, -1, -1, 1000);
  made_add (made, "S", "Mars/Base", "E", 1720000000, 1720003600, -1, -1, 1000);
  made_add (made, "S", "UTC", "E", 1720003600, 1720007200, -1, -1, 5000000000)->line = 77;
  made_add (made, "S", "UTC", "E", 1720007200, 1720010800, -1, -1, 1000)->captured_minor = G_MAXINT64;
  analysis = made_analysis (made, NULL, 1, FALSE);
  g_assert_cmpuint (tw_analysis_quality (analysis)->n_used, ==, 1);
  g_assert_cmpuint (tw_analysis_quality (analysis)->n_left_out, ==, 3);
  g_assert_cmpuint (tw_analysis_quality (analysis)->n[TW_FLAG_REFUSED], ==, 3);
  g_assert_cmpuint (((TwQualityLine *) tw_analysis_quality (analysis)->lines[TW_FLAG_REFUSED]->pdata[2])->line, ==, 77);
}

static void
test_memory (void)
{
  g_autoptr (Made) made = made_fleet (1, arounds[4], 3000);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwAnalysis) analysis = NULL;
  TwAnalysisTerms terms;
  TwRowIntake part;
  gboolean well = TRUE;

  tw_analysis_terms_init (&terms);
  terms.memory_bytes = 65536;
  analysis = tw_analysis_new (&terms, &error);
  part = tw_analysis_part (analysis, "made.csv");
  for (guint i = 0; well && i < made->rows->len; i++)
    well = part.class_->session (part.self, &g_array_index (made->rows, TwSessionRow, i), &error);
  g_assert_false (well);
  g_assert_nonnull (strstr (error->message, "memory"));
}

static void
test_nothing (void)
{
  g_autoptr (Made) made = made_new ();
  g_autoptr (TwAnalysis) analysis = made_analysis (made, NULL, 2, FALSE);
  gsize n;

  tw_analysis_rows (analysis, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpint (tw_analysis_first_day (analysis), ==, tw_analysis_end_day (analysis));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/analysis/seconds-fall-where-the-wall-says/berlin-spring", GUINT_TO_POINTER (0), test_seconds);
  g_test_add_data_func ("/analysis/seconds-fall-where-the-wall-says/berlin-autumn", GUINT_TO_POINTER (1), test_seconds);
  g_test_add_data_func ("/analysis/seconds-fall-where-the-wall-says/lord-howe-autumn", GUINT_TO_POINTER (2),
                        test_seconds);
  g_test_add_data_func ("/analysis/seconds-fall-where-the-wall-says/lord-howe-spring", GUINT_TO_POINTER (3),
                        test_seconds);
  g_test_add_data_func ("/analysis/seconds-fall-where-the-wall-says/no-change", GUINT_TO_POINTER (4), test_seconds);
  g_test_add_func ("/analysis/no-energy-is-lost", test_energy);
  g_test_add_func ("/analysis/energy-is-where-it-flowed", test_energy_is_where_it_flowed);
  g_test_add_func ("/analysis/order-and-parts-do-not-matter", test_order);
  g_test_add_func ("/analysis/threads-do-not-matter", test_threads);
  g_test_add_func ("/analysis/money-is-of-the-day-it-ended", test_money);
  g_test_add_func ("/analysis/clock-changes-have-their-hours", test_hours_of_the_clock_change);
  g_test_add_func ("/analysis/a-port-is-open-from-first-to-last-session", test_open_time);
  g_test_add_func ("/analysis/a-window-names-what-is-over-its-edge", test_window);
  g_test_add_func ("/analysis/what-cannot-be-added-is-named", test_impossible);
  g_test_add_func ("/analysis/memory-is-bounded", test_memory);
  g_test_add_func ("/analysis/nothing-is-an-analysis", test_nothing);
  return g_test_run ();
}
