/* SPDX-License-Identifier: Apache-2.0 */
/* The sales CSV: what is written is read back, and what is none is named. */
#include "tests/unit/reconcile-sales/book.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/readers.h"
#include "payment/reconcile/readers/sale-columns.h"
#include "payment/reconcile/readers/sales-journal.h"
#include "payment/reconcile/readers/when.h"
#include "tests/unit/journal/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static const TwProfile NO_PROFILE;

static Till *
read_sales (const char *path)
{
  Till *till = till_new ();
  const TwIntake intake = till_intake (till);
  g_autoptr (GError) error = NULL;

  tw_read_sales (path, 0, &NO_PROFILE, &intake, &till->import, &error);
  g_assert_no_error (error);

  return till;
}

static void
assert_refused (const char *path,
                const char *part)
{
  g_autoptr (Till) till = till_new ();
  const TwIntake intake = till_intake (till);
  g_autoptr (GError) error = NULL;

  g_assert_false (tw_read_sales (path, 0, &NO_PROFILE, &intake, &till->import, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static char *
write_file (Book       *book,
            const char *name,
            const char *text)
{
  char *path = g_build_filename (book->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static char *
csv_of (const char *journal_path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (journal_path, &error);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  tw_sales_write_csv (journal, out, &error);
  g_assert_no_error (error);
  g_output_stream_close (out, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* With all that a cell can hold: quotes, commas, line breaks, letters beyond ASCII, microseconds, nothing. */
static char *
tell_stories (Book *book)
{
  book_charge (book, "A");
  book_ask (book, "A", 2, "capture", 500);
  book_answer (book, "A", 2, "capture", "done");
  book_over (book, "A");
  book->wall_us += 123456;
  book_charge (book, "B, C");
  book_say (book, "B, C", "approved", "{'end':'approved','held_minor':4000,"
            "'card':{'brand':'  Visa, \\\"Debit\\\";\\r\\nplus '}}");
  book_charge (book, "unbekannt-äöü");
  book_ask (book, "unbekannt-äöü", 2, "release", 0);
  book_answer (book, "unbekannt-äöü", 2, "release", "unknown");

  return book_close (book);
}

static void
test_what_is_written_is_read_back (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *journal = tell_stories (book);
  g_autofree char *text = csv_of (journal), *path = write_file (book, "sales.csv", text);
  g_autoptr (Till) one = read_sales (journal), other = read_sales (path);

  g_assert_cmpuint (one->sales->len, ==, 3);
  till_assert_equal (one, other);
  g_assert_cmpstr (one->import.format, ==, "journal");
  g_assert_cmpstr (other->import.format, ==, "sales-csv");
  g_assert_cmpint (one->import.first_us, ==, other->import.first_us);
  g_assert_true (g_str_has_prefix (text, "session,station,evse,terminal,payment_ref,"));
  g_assert_nonnull (strstr (text, ",captured,true,false,false,500,500,,4000,500,0,0,,,10000,50,500,"
                                  "2026-11-22T20:00:04Z,2026-11-22T20:00:06Z,2026-11-22T20:00:09Z,,"
                                  "2026-11-29T20:00:02Z,2026-11-22\n"));
  g_assert_nonnull (strstr (text, "2026-11-22T20:00:15.123456Z"));
  g_assert_true (till_is (till_find (other, "B, C")->brand, "Visa, \"Debit\";\r\nplus"));
}

/* Those that have quotes or letters beyond ASCII have no place. */
static void
test_sales_are_read_again (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *journal = tell_stories (book), *text = csv_of (journal);
  g_autofree char *path = write_file (book, "sales.csv", text);
  g_autoptr (Till) one = read_sales (path), other = till_new (), placed = till_new ();
  const TwIntake intake = till_intake (other), also = till_intake (placed);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwAgain) again = tw_again_open (path, 0, &NO_PROFILE, &one->import, &error);

  g_assert_no_error (error);
  for (guint i = one->sales->len; i-- > 0;)
    {
      const TwSale *sale = g_ptr_array_index (one->sales, i);

      if (sale->origin.at == 0)
        continue;
      g_assert_true (tw_again_row (again, &sale->origin, &intake, &error));
      g_assert_no_error (error);
      also.class_->sale (also.self, sale, NULL);
    }
  g_assert_cmpuint (other->sales->len, ==, 1);
  till_assert_equal (other, placed);
}

/* Columns in another order, one more, a byte order mark, semicolons: the same sales. */
static void
test_the_order_of_columns_does_not_matter (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *journal = tell_stories (book), *text = NULL, *path = NULL, *turned_path = NULL;
  g_autoptr (GString) turned = g_string_new ("\xef\xbb\xbf");
  g_autoptr (Till) one = NULL, other = NULL;
  g_auto (GStrv) lines = NULL;

  text = csv_of (journal);
  path = write_file (book, "sales.csv", text);
  *strstr (strchr (text, '\n') + 1, "\n") = '\0';      /* the header and the first sale, which has no quotes */
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, TW_N_SALE_COLUMNS);
      for (guint c = TW_N_SALE_COLUMNS; c > 0; c--)
        g_string_append_printf (turned, "%s;", cells[c - 1]);
      g_string_append (turned, i == 0 ? "weather\r\n" : "rain\r\n");
    }
  turned_path = write_file (book, "turned.csv", turned->str);
  one = read_sales (path);
  other = read_sales (turned_path);
  g_ptr_array_set_size (one->sales, 1);
  till_assert_equal (one, other);
  g_assert_cmpuint (other->import.notices->len, ==, 1);
}

static void
test_cells_that_are_none_are_named (void)
{
  static const struct { const char *name, *cell, *part; } BAD[] = {
    { "currency", "EURO", "a currency" }, { "currency", "XX1", "a currency" }, { "state", "paid", "no-hold" },
    { "billed", "1", "true or false" }, { "price_minor", "5.00", "whole number" }, { "price_minor", "-", "whole" },
    { "held_minor", "1234567890123456789", "18 digits" }, { "receipt_number", "-3", "a number" },
    { "started", "2026-11-22 20:00:00", "a time" }, { "started", "2026-02-29T20:00:00Z", "a time" },
    { "ended", "2026-11-22T24:00:00Z", "a time" }, { "captured", "2026-11-22T20:00:00.5Z", "a time" },
    { "refunded", "2026-11-22T20:00:00+01:00", "a time" }, { "day", "22.11.2026", "a day" },
    { "session", "", "without a session" }, { "captured_minor", "-1000", "not below zero" },
    { "refunded_minor", "-1", "not below zero" },
  };
  g_autoptr (Book) book = book_new ();
  g_autofree char *journal = tell_stories (book), *text = csv_of (journal);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1), names = g_strsplit (lines[0], ",", -1);

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[1], ",", -1);
      g_autofree char *row = NULL, *broken = NULL, *path = NULL, *place = NULL;

      for (guint c = 0; c < TW_N_SALE_COLUMNS; c++)
        if (g_str_equal (names[c], BAD[i].name))
          {
            g_free (cells[c]);
            cells[c] = g_strdup (BAD[i].cell);
          }
      row = g_strjoinv (",", cells);
      broken = g_strconcat (lines[0], "\n", lines[1], "\n", row, "\n", NULL);
      path = write_file (book, "broken.csv", broken);
      place = g_strdup_printf ("line 3, column \"%s\": ", BAD[i].name);
      assert_refused (path, BAD[i].part);
      assert_refused (path, place);
    }
}

/* lines[1] is captured. */
static void
test_a_capture_that_the_state_denies_is_refused (void)
{
  static const char *const STATES[] = { "no-hold", "held", "released", "refused", "open" };
  g_autoptr (Book) book = book_new ();
  g_autofree char *journal = tell_stories (book), *text = csv_of (journal);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1), halves = g_strsplit (lines[1], ",captured,", 2);

  for (guint i = 0; i < G_N_ELEMENTS (STATES); i++)
    {
      g_autofree char *broken = g_strconcat (lines[0], "\n", halves[0], ",", STATES[i], ",", halves[1], "\n", NULL);
      g_autofree char *path = write_file (book, "broken.csv", broken);

      assert_refused (path, "line 2, column \"captured_minor\": \"500\": expected no capture");
    }
}

static void
test_a_missing_column_and_another_file_are_named (void)
{
  g_autoptr (Book) book = book_new ();
  g_autofree char *journal = tell_stories (book), *text = csv_of (journal);
  g_autofree char *missing = NULL, *adyen = NULL, *nothing = NULL;

  memcpy (strstr (text, "held_minor"), "held_miner", strlen ("held_minor"));
  missing = write_file (book, "missing.csv", text);
  assert_refused (missing, "no column \"held_minor\"");
  adyen = write_file (book, "adyen.csv", "Company Account,Psp Reference,Type\nA,1,Settled\n");
  assert_refused (adyen, "an Adyen settlement details report, not a journal");
  nothing = write_file (book, "empty.csv", "");
  assert_refused (nothing, "not a journal");
}

static void
assert_when (const char *text,
             gint64      us)
{
  char written[TW_WHEN_SIZE];
  gsize n = tw_when_write (us, written);
  gint64 again;

  g_assert_cmpmem (written, n, text, strlen (text));
  g_assert_true (tw_when_read ((TwChars) { text, (guint32) strlen (text) }, &again));
  g_assert_cmpint (again, ==, us);
}

/* date -u -d ... +%s */
static void
test_instants_are_exact (void)
{
  const gint64 second = 1000000;

  assert_when ("1970-01-01T00:00:00Z", 0);
  assert_when ("1969-12-31T23:59:59.999999Z", -1);
  assert_when ("2000-02-29T12:00:00Z", 951825600 * second);
  assert_when ("2100-03-01T00:00:00Z", 4107542400 * second);
  assert_when ("1900-02-28T23:59:59Z", -2203891201 * second);
  assert_when ("0001-01-01T00:00:00Z", -62135596800 * second);
  assert_when ("9999-12-31T23:59:59Z", 253402300799 * second);
  for (gint32 day = -800000; day < 2900000; day += 13)
    {
      char text[TW_WHEN_SIZE];
      gsize n = tw_when_write_day (day, text);
      gint32 again = 0;
      gboolean inside = day >= -719162 && day <= 2932896;

      g_assert_cmpint (tw_when_read_day ((TwChars) { text, (guint32) n }, &again), ==, inside);
      g_assert_true (!inside || again == day);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sales/csv/what-is-written-is-read-back", test_what_is_written_is_read_back);
  g_test_add_func ("/sales/csv/sales-are-read-again", test_sales_are_read_again);
  g_test_add_func ("/sales/csv/the-order-of-columns-does-not-matter", test_the_order_of_columns_does_not_matter);
  g_test_add_func ("/sales/csv/cells-that-are-none-are-named", test_cells_that_are_none_are_named);
  g_test_add_func ("/sales/csv/a-capture-that-the-state-denies-is-refused",
                   test_a_capture_that_the_state_denies_is_refused);
  g_test_add_func ("/sales/csv/a-missing-column-and-another-file-are-named",
                   test_a_missing_column_and_another_file_are_named);
  g_test_add_func ("/sales/csv/instants-are-exact", test_instants_are_exact);

  return g_test_run ();
}
