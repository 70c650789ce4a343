/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "payment/reconcile/readers/table.h"
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>
#include <unistd.h>

static const char *const a_or_psp[] = { "A", "Psp Reference", NULL };

/* The whole table as text: cells in <>, rows on lines of their own with their line numbers. */
static char *
read_all (const char  *path,
          GError     **error)
{
  g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, error);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) stop = NULL;

  if (!table)
    return NULL;
  while (tw_table_next (table, &stop))
    {
      g_string_append_printf (text, "%" G_GUINT64_FORMAT, tw_table_line (table));
      for (guint i = 0; i < tw_table_n_columns (table); i++)
        {
          const TwChars cell = tw_table_cell (table, i);

          g_string_append_printf (text, "<%.*s>", (int) cell.n, cell.text);
        }
      g_string_append_c (text, '\n');
    }
  if (stop)
    {
      g_propagate_error (error, g_steal_pointer (&stop));
      return NULL;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const struct { const char *file, *rows; } good[] = {
  { "A,B\n1,2\n", "2<1><2>\n" },
  { "A,B\n1,2", "2<1><2>\n" },                                        /* no line feed at the end */
  { "A;B\r\n1;2\r\n3;4\n", "2<1><2>\n3<3><4>\n" },                    /* mixed line ends */
  { "A\tB\n1\t\n", "2<1><>\n" },
  { "A;B,x\n1;2,5\n", "2<1><2,5>\n" },                                /* the delimiter with which the name is a cell */
  { "\xef\xbb\xbf\"A\",B\n1,2\n", "2<1><2>\n" },
  { "  a , B \n 1 , 2 \n", "2<1><2>\n" },
  { "A,B\n\n1,2\n\r\n,\n  \n3,4\n\n", "3<1><2>\n7<3><4>\n" },         /* blank lines are nothing */
  { "A,B\n\"1\",\"a,b\"\n", "2<1><a,b>\n" },
  { "A,B\n\"say \"\"hi\"\"\",\"\"\"\"\n", "2<say \"hi\"><\">\n" },
  { "A,B\n\"one\ntwo\",2\n3,4\n", "2<one\ntwo><2>\n4<3><4>\n" },
  { "A,B\n\"one\r\n\r\ntwo\"\t,2\r\n3,4\r\n", "2<one\r\n\r\ntwo><2>\n5<3><4>\n" },
  { "A,B\n\"\",\"\"\n", "2<><>\n" },
  { "A,B,\n1,2,\n", "2<1><2><>\n" },                                  /* a column without a name */
  { "A,,\n1,2,3\n", "2<1><2><3>\n" },
  { "Company,Date\nx,y\nPsp Reference,T\n1,2\n", "4<1><2>\n" },       /* lines before the header */
  { "A,B\n\xc3\xbc,2\n", "2<\xc3\xbc><2>\n" },
  { "A,B\n\xfc,\x80\n\"\xe4\"\"\",2\n", "2<\xc3\xbc><\xe2\x82\xac>\n3<\xc3\xa4\"><2>\n" },
  { "A\n1\n2\n", "2<1>\n3<2>\n" },
  { "A,B\n", "" },
  { "A,B", "" },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GivenFile) path = given_file (good[i].file, -1);
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = read_all (path, &error);

      g_test_message ("%s", good[i].file);
      g_assert_no_error (error);
      g_assert_cmpstr (rows, ==, good[i].rows);
    }
}

static const struct { const char *file; gssize n; const char *says; } bad[] = {
  { "", -1, "none of its first 20 lines is a header with one of A, Psp Reference" },
  { "B,C\n1,2\n", -1, "none of its first 20 lines" },
  { "A,B\n1\n", -1, ", line 2: 1 cells, and the header has 2" },
  { "A,B\n1,2\n1,2,3\n", -1, ", line 3: 3 cells, and the header has 2" },
  { "A,B\n1,2\n3", -1, ", line 3: 1 cells|cut off" },
  { "A,B\n\"1\n2\",2\n\"3,4\n5,6\n", -1, ", line 4: a quote that is opened is not closed" },
  { "A,B\n1,a\"b\n", -1, ", line 2: a quote that is opened is not closed" },
  { "A,B\n1,a\"b\"\n", -1, ", line 2: cell 2: a quote inside of a cell that has none around it" },
  { "A,B\n1,\"a\"b\n", -1, ", line 2: cell 2: there is text behind the closing quote" },
  { "A,B\n1,\"a\"\"\" b\"\"\n", -1, ", line 2: cell 2:" },
  { "A,B,a\n1,2,3\n", -1, ", line 1: two columns are called \"a\"" },
  { "A,B\n1,2\0\n", 10, ", line 2: cell 2: a NUL byte" },
  { "A,B\n\xc3\xbc,2\n\xfc,2\n", -1, ", line 3: cell 1: byte 0xfc is not UTF-8" },
  { "\xef\xbb\xbf" "A,B\n\xfc,2\n", -1, ", line 2: cell 1: byte 0xfc is not UTF-8" },
  { "A,B\n\x81,2\n", -1, ", line 2: cell 1: byte 0x81 is a character neither of UTF-8 nor of Windows-1252" },
  { "\xff\xfe" "A\0,\0", 6, "is UTF-16" },
  { "PK\x03\x04....", -1, "is a ZIP archive or a spreadsheet" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GivenFile) path = given_file (bad[i].file, bad[i].n);
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = read_all (path, &error);

      g_assert_null (rows);
      assert_refused (error, bad[i].says);
      if (strstr (bad[i].says, ", line"))
        assert_refused (error, path);
    }
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL, none = NULL;

  g_assert_null (tw_table_open (g_get_tmp_dir (), a_or_psp, &error));
  assert_refused (error, "not a plain file");
  g_assert_null (tw_table_open ("/nonexistent/file.csv", a_or_psp, &none));
  g_assert_nonnull (strstr (none->message, "/nonexistent/file.csv: cannot be opened"));
}

/* What a reader with one look at every byte makes of a file of quotes, delimiters and line feeds at every place of a
 * block: the splitter's 64 bytes and the ends of its blocks must not show. */
static char *
read_slowly (const char *text)
{
  GString *out = g_string_new (NULL);
  guint line = 1, begun = 1;
  gboolean inside = FALSE, fresh = TRUE;

  for (const char *p = strchr (text, '\n') + 1; *p; p++)
    {
      if (fresh)
        {
          begun = ++line;
          g_string_append_printf (out, "%u<", begun);
          fresh = FALSE;
        }
      if (inside && p[0] == '"' && p[1] == '"')
        g_string_append_c (out, *p++);
      else if (*p == '"')
        inside = !inside;
      else if (!inside && *p == ',')
        g_string_append (out, "><");
      else if (!inside && *p == '\n')
        {
          g_string_append (out, ">\n");
          fresh = TRUE;
        }
      else
        {
          line += *p == '\n';
          g_string_append_c (out, *p);
        }
    }

  return g_string_free (out, FALSE);
}

static char *
make_cell (GRand *random)
{
  GString *cell = g_string_new (NULL);
  const gboolean quoted = g_rand_int_range (random, 0, 3) == 0;
  const gint n = g_rand_int_range (random, 0, g_rand_int_range (random, 0, 50) ? 40 : 3000);

  if (quoted)
    g_string_append_c (cell, '"');
  g_string_append_c (cell, 'x');
  for (gint i = 0; i < n; i++)
    switch (quoted ? g_rand_int_range (random, 0, 8) : 9)
      {
      case 0: g_string_append (cell, "\"\""); break;
      case 1: g_string_append_c (cell, ','); break;
      case 2: g_string_append_c (cell, '\n'); break;
      case 3: g_string_append (cell, "\xc3\xa9"); break;
      default: g_string_append_c (cell, 'a' + g_rand_int_range (random, 0, 26)); break;
      }
  g_string_append_c (cell, 'y');
  if (quoted)
    g_string_append_c (cell, '"');

  return g_string_free (cell, FALSE);
}

static void
test_places (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261122);

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (GString) text = g_string_new ("A,B,C\n");
      g_autofree char *expected = NULL, *rows = NULL;
      g_autoptr (GivenFile) path = NULL;
      g_autoptr (GError) error = NULL;

      while (text->len < 700 * 1024)
        {
          g_autofree char *a = make_cell (random), *b = make_cell (random), *c = make_cell (random);

          g_string_append_printf (text, "%s,%s,%s\n", a, b, c);
        }
      path = given_file (text->str, text->len);
      rows = read_all (path, &error);
      g_assert_no_error (error);
      expected = read_slowly (text->str);
      g_assert_true (strcmp (rows, expected) == 0);
    }
}

static void
test_long_rows (void)
{
  const struct { gsize n; gboolean fits; } cases[] = {
    { 1000 * 1000, TRUE }, { 1024 * 1024 - 2, TRUE }, { 1024 * 1024 - 1, FALSE }, { 3 * 1024 * 1024, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint quoted = 0; quoted < 2; quoted++)
      {
        g_autofree char *cell = g_strnfill (cases[i].n - 2 * quoted, 'x');
        g_autofree char *text = g_strdup_printf ("A,B\n1,2\n1,%s%s%s\n3,4\n", quoted ? "\"" : "", cell,
                                                 quoted ? "\"" : "");
        g_autoptr (GivenFile) path = given_file (text, -1);
        g_autoptr (GError) error = NULL;
        g_autofree char *rows = read_all (path, &error);

        if (cases[i].fits)
          g_assert_no_error (error);
        else
          assert_refused (error, ", line 3: a row of more than 1 MiB");
      }
}

/* A row of a gibibyte costs what a row of one mebibyte does: no more is read of it. */
static void
test_bounded (void)
{
  static const char *const begins[] = { "A,B\n1,", "A,B\n1,\"", "A,B\n" };

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      g_autoptr (GivenFile) path = given_file (begins[i], -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwTable) table = NULL;

      g_assert_cmpint (truncate (path, 1024 * 1024 * 1024), ==, 0);
      table = tw_table_open (path, a_or_psp, &error);
      g_assert_no_error (error);
      g_assert_false (tw_table_next (table, &error));
      assert_refused (error, "line 2: a row of more than 1 MiB");
      g_assert_cmpuint (tw_table_bytes_read (table), <, 4 * 1024 * 1024);
    }
}

/* Still being downloaded, or cut short. */
static void
test_changing (void)
{
  const off_t sizes[] = { 1024 * 1024, 500 * 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *cell = g_strnfill (400 * 1024, 'x');
      g_autofree char *text = g_strdup_printf ("A\n%s\n%s\n", cell, cell);
      g_autoptr (GivenFile) path = given_file (text, -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, &error);

      g_assert_cmpint (truncate (path, sizes[i]), ==, 0);
      while (tw_table_next (table, &error))
        ;
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_true (strstr (error->message, "changed while it was read") || strstr (error->message, "a NUL byte"));
    }
}

static void
test_money (void)
{
  const struct { const char *text, *currency; gboolean comma; gint64 minor; } cases[] = {
    { "12.30", "EUR", FALSE, 1230 }, { "12.3", "EUR", FALSE, 1230 }, { "12", "EUR", FALSE, 1200 },
    { "-0.01", "EUR", FALSE, -1 }, { "0012.30", "EUR", FALSE, 1230 }, { "1.00000", "EUR", FALSE, 100 },
    { "1,5", "EUR", TRUE, 150 }, { "1200", "JPY", FALSE, 1200 }, { "1200.00", "JPY", FALSE, 1200 },
    { "1.234", "KWD", FALSE, 1234 }, { "", "EUR", FALSE, TW_NOT_STATED },
    { "92233720368547758.07", "EUR", FALSE, G_MAXINT64 }, { "-92233720368547758.07", "EUR", FALSE, -G_MAXINT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("A;B\n1;%s\n", cases[i].text);
      g_autoptr (GivenFile) path = given_file (text, -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, &error);
      gint64 minor;

      g_test_message ("%s", cases[i].text);
      g_assert_true (tw_table_next (table, &error));
      g_assert_true (tw_table_money (table, 1, cases[i].currency, cases[i].comma, &minor, &error));
      g_assert_no_error (error);
      g_assert_cmpint (minor, ==, cases[i].minor);
      g_assert_cmpuint (tw_table_cell (table, -1).n, ==, 0);
    }
}

static void
test_bad_money (void)
{
  const struct { const char *text, *currency, *says; } cases[] = {
    { "12.345", "EUR", "\"12.345\" is more decimals than the currency has" },
    { "1.5", "JPY", "more decimals" }, { "1.65E+21", "EUR", "exponent" }, { "1e2", "EUR", "exponent" },
    { "1,5", "EUR", "not a decimal number" }, { ".5", "EUR", "not a decimal number" }, { "5.", "EUR", "not a" },
    { "+5", "EUR", "not a" }, { "- 5", "EUR", "not a" }, { "5 EUR", "EUR", "not a" }, { "--5", "EUR", "not a" },
    { "1'000.00", "EUR", "not a" }, { "NaN", "EUR", "not a" }, { "1.2.3", "EUR", "not a" },
    { "92233720368547758.08", "EUR", "too large" }, { "-92233720368547758.08", "EUR", "-92233720368547758.08" },
    { "99999999999999999999999", "EUR", "too large" }, { "1.00", "XXX", "no currency that we know" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("A;Net Credit (NC)\n1;%s\n", cases[i].text);
      g_autoptr (GivenFile) path = given_file (text, -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, &error);
      gint64 minor;

      g_assert_true (tw_table_next (table, &error));
      g_assert_false (tw_table_money (table, 1, cases[i].currency, FALSE, &minor, &error));
      assert_refused (error, cases[i].says);
      assert_refused (error, ", line 2, column \"Net Credit (NC)\": ");
    }
}

/* sha256sum of the same bytes: printf 'A,B\n1,2\n' | sha256sum */
static void
test_digest (void)
{
  g_autoptr (GivenFile) path = given_file ("A,B\n1,2\n", -1);
  g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, NULL);
  char hex[65];

  while (tw_table_next (table, NULL))
    ;
  tw_table_digest (table, hex);
  g_assert_cmpstr (hex, ==, "fb7d9248934ca9e856ccab5151226a61e2a36a61b049d8b9a08a829d7e6fb885");
  g_assert_cmpuint (tw_table_size (table), ==, 8);
  g_assert_cmpuint (tw_table_bytes_read (table), ==, 8);
  g_assert_cmpuint (tw_table_notices (table)->len, ==, 0);
}

/* Larger than what is read at once, and read ahead: held against GLib's own SHA-256. And one that nobody reads on. */
static void
test_read_ahead (void)
{
  const gsize n_rows = 300000;
  g_autoptr (GString) text = g_string_new ("A,B\n");
  g_autoptr (GivenFile) path = NULL;
  g_autoptr (TwTable) table = NULL, given_up = NULL;
  g_autofree char *expected = NULL;
  gsize n = 0;
  char hex[65];

  for (gsize i = 0; i < n_rows; i++)
    g_string_append_printf (text, "%" G_GSIZE_FORMAT ",%08" G_GSIZE_FORMAT "\n", i, i);
  path = given_file (text->str, (gssize) text->len);
  expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
  table = tw_table_open (path, a_or_psp, NULL);
  for (; tw_table_next (table, NULL); n++)
    {
      const TwChars cell = tw_table_cell (table, 0);

      g_assert_cmpuint (g_ascii_strtoull (cell.text, NULL, 10), ==, n);
    }
  g_assert_cmpuint (n, ==, n_rows);
  tw_table_digest (table, hex);
  g_assert_cmpstr (hex, ==, expected);
  g_assert_cmpuint (tw_table_bytes_read (table), ==, text->len);
  given_up = tw_table_open (path, a_or_psp, NULL);
  g_assert_true (tw_table_next (given_up, NULL));
}

static void
test_notices (void)
{
  g_autoptr (GivenFile) path = given_file ("x\nA,B\n\xfc,2\n\xfc,2\n", -1);
  g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, NULL);

  while (tw_table_next (table, NULL))
    ;
  g_assert_cmpuint (tw_table_notices (table)->len, ==, 2);
  g_assert_nonnull (strstr (tw_table_notices (table)->pdata[0], "the header is line 2"));
  g_assert_nonnull (strstr (tw_table_notices (table)->pdata[1], "Windows-1252"));
}

/* A quote and a carriage return end a cell, too. */
static void
test_last_line (void)
{
  static const struct { const char *text; guint n; } CASES[] = {
    { "A,B\n1,2\n3,4", 1 }, { "A,B\n1,2\n3,", 1 }, { "A,B\n1,2\n3,4\n", 0 }, { "A,B\n1,2\n3,\"4\"", 0 },
    { "A,B\r\n1,2\r\n3,4\r", 0 }, { "A,B\n1,2\n3,4\n \n,", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autoptr (GivenFile) path = given_file (CASES[i].text, -1);
      g_autoptr (TwTable) table = tw_table_open (path, a_or_psp, NULL);

      g_test_message ("%s", CASES[i].text);
      while (tw_table_next (table, NULL))
        ;
      g_assert_cmpuint (tw_table_notices (table)->len, ==, CASES[i].n);
      if (CASES[i].n > 0)
        g_assert_nonnull (strstr (tw_table_notices (table)->pdata[0], ": its last line, 3, has no end"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/table/rows-are-what-rfc-4180-says", test_good);
  g_test_add_func ("/reconcile-readers/table/bad-files-are-refused-with-the-line", test_bad);
  g_test_add_func ("/reconcile-readers/table/what-is-not-a-file-is-refused", test_missing);
  g_test_add_func ("/reconcile-readers/table/no-place-in-a-block-matters", test_places);
  g_test_add_func ("/reconcile-readers/table/a-row-has-at-most-a-mebibyte", test_long_rows);
  g_test_add_func ("/reconcile-readers/table/a-gibibyte-of-a-row-costs-a-mebibyte", test_bounded);
  g_test_add_func ("/reconcile-readers/table/a-file-that-changes-is-refused", test_changing);
  g_test_add_func ("/reconcile-readers/table/money-is-exact", test_money);
  g_test_add_func ("/reconcile-readers/table/what-is-not-money-is-refused", test_bad_money);
  g_test_add_func ("/reconcile-readers/table/the-digest-is-of-the-file", test_digest);
  g_test_add_func ("/reconcile-readers/table/a-large-file-is-read-ahead", test_read_ahead);
  g_test_add_func ("/reconcile-readers/table/what-was-odd-is-said-once", test_notices);
  g_test_add_func ("/reconcile-readers/table/a-last-line-without-an-end-is-said", test_last_line);

  return g_test_run ();
}
