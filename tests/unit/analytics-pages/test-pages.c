/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms say of figures that are put together by hand. */
#include "payment/analytics/pages/pages.h"

#include "app/base/json.h"

#include <glib/gstdio.h>

static const TwColumn COLUMNS[] = {
  { "day", TW_COLUMN_DAY, NULL, "local day" },
  { "station", TW_COLUMN_TEXT, NULL, "its name" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "sum of energy" },
  { "currency", TW_COLUMN_CURRENCY, NULL, NULL },
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "sum of captures" },
  { "utilisation", TW_COLUMN_SHARE, "1", "occupied / open" },
  { "mean_minor", TW_COLUMN_MONEY_MEAN, "minor units", "captured / sessions" },
};

static const TwFigureKind TREND = {
  "trend", "patterns", "Energy by day", "Each day's energy.", TW_PICTURE_LINE,
  "day", "station", "energy_wh", NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

static const TwFigureKind GLANCE = {
  "overview", "overview", "At a glance", "The sums.", TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS,
  G_N_ELEMENTS (COLUMNS),
};

static TwPagesHead
head (void)
{
  return (TwPagesHead) { .time_zone = "Europe/Berlin", .from_day = 20454, .to_day = 20456, .as_of_us = G_USEC_PER_SEC,
                         .n_sessions = 3, .k = 10 };
}

static void
add_row (TwFigure   *figure,
         gint64      day,
         const char *station,
         gint64      captured)
{
  const TwCell cells[] = {
    tw_cell_int (day), tw_cell_text (station), tw_cell_int (12345), tw_cell_text ("EUR"), tw_cell_int (captured),
    tw_cell_ratio (1, 8), tw_cell_ratio (captured, 0),
  };

  tw_figure_add (figure, cells);
}

static GPtrArray *
figures (void)
{
  GPtrArray *made = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);

  g_ptr_array_add (made, tw_figure_new (&TREND));
  add_row (made->pdata[0], 20454, "=Main & <b>Street</b>", -5);
  add_row (made->pdata[0], 20455, "a \"b\", c", 123456789);
  tw_figure_about (made->pdata[0], 3, "captured");
  tw_figure_note (made->pdata[0], "%s < everything", "<script>");
  g_ptr_array_add (made, tw_figure_new (&GLANCE));
  add_row (made->pdata[1], 20455, "one", 99);
  return made;
}

typedef gboolean (*Writer) (FILE *file, const TwPagesHead *head, const GPtrArray *figures, GError **error);

static gboolean
write_html (FILE               *file,
            const TwPagesHead  *it,
            const GPtrArray    *made,
            GError            **error)
{
  return tw_pages_write_html (file, it, made, TRUE, error);
}

static gboolean
write_text (FILE               *file,
            const TwPagesHead  *it,
            const GPtrArray    *made,
            GError            **error)
{
  return tw_pages_write_text (file, it, made, FALSE, TRUE, error);
}

static char *
written (Writer writer)
{
  g_autoptr (GPtrArray) made = figures ();
  g_autoptr (GError) error = NULL;
  TwPagesHead it = head ();
  FILE *file = tmpfile ();
  char *text;
  long n;

  g_assert_true (writer (file, &it, made, &error));
  g_assert_no_error (error);
  n = ftell (file);
  rewind (file);
  text = g_malloc0 ((gsize) n + 1);
  g_assert_cmpuint (fread (text, 1, (gsize) n, file), ==, (gsize) n);
  fclose (file);
  return text;
}

static void
test_json_keeps_values_and_meanings (void)
{
  g_autofree char *text = written (tw_pages_write_json);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse (text, strlen (text), &TW_JSON_LARGE, &error);
  const TwJson *trend = tw_json_member (tw_json_member (root, "figures"), "trend");
  const TwJson *row = tw_json_element (tw_json_member (trend, "rows"), 1);

  g_assert_no_error (error);
  g_assert_cmpstr (tw_json_string (tw_json_member (row, "day")), ==, "2026-01-02");
  g_assert_cmpstr (tw_json_string (tw_json_member (row, "station")), ==, "a \"b\", c");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (row, "captured_minor")), ==, "123456789");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (row, "utilisation")), ==, "0.125");
  g_assert_cmpint (tw_json_type (tw_json_member (row, "mean_minor")), ==, TW_JSON_NULL);
  g_assert_cmpstr (tw_json_string (tw_json_member (trend, "money_state")), ==, "captured");
  g_assert_cmpuint (tw_json_length (tw_json_member (trend, "columns")), ==, G_N_ELEMENTS (COLUMNS));
  g_assert_cmpstr (tw_json_string (tw_json_member (tw_json_member (root, "report"), "to")), ==, "2026-01-03");
}

static void
test_page_escapes_what_comes_from_outside (void)
{
  g_autofree char *text = written (write_html);

  g_assert_null (strstr (text, "<b>Street"));
  g_assert_nonnull (strstr (text, "=Main &amp; &lt;b&gt;Street&lt;/b&gt;"));
  g_assert_nonnull (strstr (text, "&lt;script&gt; &lt; everything"));
  g_assert_nonnull (strstr (text, "data-picture=\"line\""));
  g_assert_nonnull (strstr (text, "1,234,567.89 EUR"));
  g_assert_nonnull (strstr (text, "\u22120.05 EUR"));
  g_assert_nonnull (strstr (text, "12.35 kWh"));
  g_assert_nonnull (strstr (text, "href=\"trend.csv\""));
}

static void
test_terminal_says_sums_and_trends (void)
{
  g_autofree char *text = written (write_text);

  g_assert_nonnull (strstr (text, "2026-01-01 to 2026-01-02; 3 sessions read"));
  g_assert_nonnull (strstr (text, "0.99 EUR"));
  g_assert_nonnull (strstr (text, "\u2584\u2584"));     /* both days alike */
}

static void
test_headings_and_means_read_well (void)
{
  static const char *const said[][2] = {
    { "net_per_kwh_minor", "Net per kWh" }, { "energy_wh_year_before", "Energy year before" }, { "s", "S" },
    { "occupied_p90_s", "Occupied P90" }, { "from_kw", "From kW" },
  };
  const TwColumn mean = { .name = "mean_minor", .kind = TW_COLUMN_MONEY_MEAN };
  const TwColumn rate = { .name = "rate", .kind = TW_COLUMN_NUMBER, .unit = "sessions per day" };
  g_autofree char *small = tw_pages_told (&mean, tw_cell_number (999.4), "EUR", NULL);
  g_autofree char *large = tw_pages_told (&mean, tw_cell_number (-123456.7), "EUR", NULL);
  g_autofree char *bare = tw_pages_told (&rate, tw_cell_number (61.588), "", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      const TwColumn column = { .name = said[i][0] };
      g_autofree char *heading = tw_pages_heading (&column);

      g_assert_cmpstr (heading, ==, said[i][1]);
    }
  g_assert_cmpstr (small, ==, "9.994 EUR");
  g_assert_cmpstr (large, ==, "\u22121,234.57 EUR");
  g_assert_cmpstr (bare, ==, "61.59");
}

static void
test_changes_are_told_beside_the_window (void)
{
  static const TwColumn columns[] = {
    { "period", TW_COLUMN_TEXT, NULL, NULL }, { "currency", TW_COLUMN_CURRENCY, NULL, NULL },
    { "n", TW_COLUMN_COUNT, NULL, NULL }, { "share", TW_COLUMN_SHARE, NULL, NULL },
  };
  static const TwFigureKind kind = { "x", "overview", "X", "x", TW_PICTURE_TILES, NULL, NULL, NULL, NULL, NULL, columns,
                                     G_N_ELEMENTS (columns) };
  static const struct { const char *period, *currency; gint64 n; double share; } ROWS[] = {
    { "window", "EUR", 110, 0.5 }, { "before", "EUR", 100, 0.52 }, { "before", "CHF", 1, 0.1 },
    { "year_before", "EUR", 0, 0.5 },
  };
  g_autoptr (TwFigure) figure = tw_figure_new (&kind);
  g_auto (GStrv) n = NULL, share = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++)
    {
      const TwCell cells[] = { tw_cell_text (ROWS[i].period), tw_cell_text (ROWS[i].currency), tw_cell_int (ROWS[i].n),
                               tw_cell_number (ROWS[i].share) };
      tw_figure_add (figure, cells);
    }
  n = tw_pages_changes (figure, 0, 2);
  share = tw_pages_changes (figure, 0, 3);
  g_assert_cmpuint (g_strv_length (n), ==, 1);      /* of nothing, no share can be told */
  g_assert_cmpstr (n[0], ==, "+10.0 % on the period before");
  g_assert_cmpuint (g_strv_length (share), ==, 2);
  g_assert_cmpstr (share[0], ==, "\u22122.0 points on the period before");
  g_assert_cmpstr (share[1], ==, "+0.0 points on the year before");
}

static void
test_tables_are_what_spreadsheets_read (void)
{
  g_autoptr (GPtrArray) made = figures ();
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("tapwatt-pages-XXXXXX", &error);
  TwPagesHead it = head ();
  const char *const names[] = { "trend.csv", "overview.csv", "report.json", "report.html" };
  g_autofree char *table = NULL;

  g_assert_true (tw_pages_write_all (directory, &it, made, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (directory, names[i], NULL);

      if (i == 0)
        g_assert_true (g_file_get_contents (path, &table, NULL, NULL));
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);     /* and nothing else was left */
  g_assert_cmpstr (table, ==, "day,station,energy_wh,currency,captured_minor,utilisation,mean_minor\n"
                   "2026-01-01,'=Main & <b>Street</b>,12345,EUR,-5,0.125,\n"
                   "2026-01-02,\"a \"\"b\"\", c\",12345,EUR,123456789,0.125,\n");
}

static void
test_a_directory_that_cannot_be_made_is_told (void)
{
  g_autoptr (GPtrArray) made = figures ();
  g_autoptr (GError) error = NULL;
  TwPagesHead it = head ();

  g_assert_false (tw_pages_write_all ("/proc/nothing/here", &it, made, &error));
  g_assert_nonnull (strstr (error->message, "/proc/nothing/here"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics-pages/json-keeps-values-and-meanings", test_json_keeps_values_and_meanings);
  g_test_add_func ("/analytics-pages/page-escapes-what-comes-from-outside", test_page_escapes_what_comes_from_outside);
  g_test_add_func ("/analytics-pages/terminal-says-sums-and-trends", test_terminal_says_sums_and_trends);
  g_test_add_func ("/analytics-pages/headings-and-means-read-well", test_headings_and_means_read_well);
  g_test_add_func ("/analytics-pages/changes-are-told-beside-the-window", test_changes_are_told_beside_the_window);
  g_test_add_func ("/analytics-pages/tables-are-what-spreadsheets-read", test_tables_are_what_spreadsheets_read);
  g_test_add_func ("/analytics-pages/directory-that-cannot-be-made-is-told",
                   test_a_directory_that_cannot_be_made_is_told);
  return g_test_run ();
}
