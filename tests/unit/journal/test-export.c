/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/journal/export-file.h"
#include "tests/unit/journal/fixture.h"

#include <gio/gio.h>
#include <string.h>

/* SHA-256 of "abc" (FIPS 180-2, B.1), and of no bytes at all. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void
commit_one (TwJournal  *journal,
            guint       n,
            const char *session,
            const char *payload,
            GBytes     *blob)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);

  g_ptr_array_add (entries, fixture_entry (n, session, payload));
  g_assert_true (fixture_commit (journal, entries, blob, NULL));
}

static TwJournal *
make_journal (const char *dir)
{
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GBytes) abc = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  commit_one (journal, 1, NULL, "{}", NULL);
  commit_one (journal, 2, "S1", "{\"tariff_blob\":\"" ABC "\",\"n\":1.50}", abc);
  commit_one (journal, 3, "S2", "{\"tariff_blob\":\"" ABC "\"}", NULL);
  commit_one (journal, 4, "S2", "{\"list\":[{\"record\":\"" NOTHING "\"}]}", nothing);
  commit_one (journal, 5, "S1", "{\"text\":\"Z\303\274rich \\\"\\\\ \\u0001 \342\232\241\"}", NULL);
  commit_one (journal, 6, "", "", NULL);

  return journal;
}

static char *
export_text (TwJournal  *journal,
             const char *session)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_journal_export (journal, session, out, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (out, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (out, NULL, NULL));

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (out));
}

static void
test_an_export_is_the_whole_journal (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = make_journal (dir);
  g_autofree char *path = fixture_path (dir, "export.jsonl");
  g_autofree char *text = export_text (journal, NULL);
  g_autofree char *again = NULL;
  g_autoptr (GBytes) abc = NULL, nothing = NULL;
  g_autoptr (TwJournal) read = NULL;
  g_autoptr (GError) error = NULL;
  TwVerdict there, here;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  read = tw_journal_open_readonly (path, &error);
  g_assert_no_error (error);
  g_assert_null (fixture_verify (journal, NULL, &there));
  g_assert_null (fixture_verify (read, there.head, &here));
  g_assert_cmpuint (here.entries, ==, 6);
  g_assert_cmpstr (here.head, ==, there.head);

  abc = tw_journal_blob (read, ABC);
  nothing = tw_journal_blob (read, NOTHING);
  g_assert_cmpuint (g_bytes_get_size (abc), ==, 3);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_assert_null (tw_journal_blob (read, "00"));

  again = export_text (read, NULL);
  g_assert_cmpstr (again, ==, text);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_the_first_lines_are_as_documented (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = make_journal (dir);
  g_autofree char *text = export_text (journal, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 9);   /* 6 entries, 2 blobs, and nothing after the last feed */
  g_assert_true (g_str_has_prefix (lines[0],
    "{\"seq\":1,\"wall_us\":1795342530000001,\"boot_us\":1000,\"boot_id\":\"01010101010101010101010101010101\","
    "\"synced\":true,\"session\":null,\"kind\":\"test-kind\",\"payload\":\"{}\",\"hash\":\""));
  g_assert_cmpstr (lines[1], ==, "{\"blob\":\"" ABC "\",\"bytes\":\"YWJj\"}");
  g_assert_true (g_str_has_prefix (lines[2], "{\"seq\":2,"));
  g_assert_true (g_str_has_prefix (lines[3], "{\"seq\":3,"));
  g_assert_cmpstr (lines[4], ==, "{\"blob\":\"" NOTHING "\",\"bytes\":\"\"}");
  g_assert_cmpstr (lines[8], ==, "");
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_a_session_comes_with_its_blobs (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = make_journal (dir);
  g_autofree char *text = export_text (journal, "S1");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_nonnull (strstr (lines[0], ABC));
  g_assert_true (g_str_has_prefix (lines[1], "{\"seq\":2,"));
  g_assert_true (g_str_has_prefix (lines[2], "{\"seq\":5,"));
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static gboolean
on_line (const TwLine *line,
         guint64       offset,
         gpointer      user_data)
{
  ++*(guint *) user_data;

  return TRUE;
}

static guint
count_lines (const char  *text,
             gssize       len,
             GError     **error)
{
  g_autoptr (GInputStream) in = g_memory_input_stream_new_from_data (text, len, NULL);
  guint n = 0;

  tw_export_read (in, on_line, &n, error);

  return n;
}

#define GOOD "{\"seq\":1,\"wall_us\":1,\"boot_us\":2,\"boot_id\":\"01010101010101010101010101010101\"," \
             "\"synced\":true,\"session\":null,\"kind\":\"k\",\"payload\":\"{}\",\"hash\":\"" ABC "\"}"

static void
test_lines_may_end_as_they_like (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_lines (GOOD "\n" GOOD "\n", -1, &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpuint (count_lines (GOOD "\n" GOOD, -1, &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpuint (count_lines (GOOD "\r\n{ \"bytes\" : \"YWJj\" , \"blob\" : \"" ABC "\" }\n", -1, &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpuint (count_lines ("", 0, &error), ==, 0);
  g_assert_no_error (error);
}

static const char *const BAD[] = {
  "\n", "x\n", "[]\n", "{}\n", "null\n", "{\"blob\":1}\n", "{\"blob\":\"" ABC "\"}\n",
  "{\"blob\":\"" ABC "\",\"bytes\":\"YWJ\"}\n",
  "{\"blob\":\"" ABC "\",\"bytes\":\"YW Jj\"}\n",
  "{\"blob\":\"" ABC "\",\"bytes\":\"YWJk====\"}\n",
  "{\"blob\":\"" ABC "00\",\"bytes\":\"YWJj\"}\n",
  "{\"blob\":\"zz\",\"bytes\":\"YWJj\"}\n",
  "{\"blob\":\"" ABC "\",\"bytes\":\"YWJj\",\"more\":1}\n",
};

/* GOOD with one word replaced by another. */
static const char *const SPOILS[][2] = {
  { "\"seq\":1,", "" },
  { "\"seq\":1,", "\"seq\":1,\"seq\":1," },
  { "\"seq\":1,", "\"seq\":0," },
  { "\"seq\":1,", "\"seq\":-1," },
  { "\"seq\":1,", "\"seq\":1.5," },
  { "\"seq\":1,", "\"seq\":9223372036854775808," },
  { "\"seq\":1,", "\"seq\":\"1\"," },
  { "\"wall_us\":1,", "\"wall_us\":1e3," },
  { "0101010101\",\"synced", "01010101\",\"synced" },
  { "\"synced\":true", "\"synced\":1" },
  { "\"session\":null", "\"session\":7" },
  { "\"session\":null,", "" },
  { "\"payload\":\"{}\"", "\"payload\":{}" },
  { "\"payload\":\"{}\"", "\"payload\":\"\\u0000\"" },
  { "\"payload\":\"{}\"", "\"payload\":\"\\ud800\"" },
  { "\"payload\":\"{}\"", "\"payload\":\"\xff\"" },
  { "ad\"}", "\"}" },
  { "\"}", "\",\"more\":1}" },
  { "\"}", "\"" },
};

static void
assert_bad (const char *text,
            gssize      len)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_lines (text, len, &error), ==, 0);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "line 1"));
}

static void
test_bad_lines_are_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    assert_bad (BAD[i], -1);

  for (guint i = 0; i < G_N_ELEMENTS (SPOILS); i++)
    {
      g_autoptr (GString) line = g_string_new (GOOD "\n");

      g_assert_cmpuint (g_string_replace (line, SPOILS[i][0], SPOILS[i][1], 1), ==, 1);
      assert_bad (line->str, line->len);
    }

  assert_bad (GOOD "\0\n", sizeof GOOD + 1);
}

static void
test_a_line_without_end_is_refused_in_bounded_memory (void)
{
  gsize n = 6 * 1024 * 1024;
  g_autofree char *text = g_strnfill (n, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_lines (text, n, &error), ==, 0);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "longer than"));
}

static void
test_the_bad_line_is_named (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_lines (GOOD "\n" GOOD "\n{\n", -1, &error), ==, 2);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "line 3"));
}

/* The largest blob, and a payload that escapes to six times its size. */
static void
test_the_largest_values_come_back (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autofree char *path = fixture_path (dir, "export.jsonl");
  g_autofree char *payload = g_strnfill (TW_JOURNAL_MAX_PAYLOAD, '\1');
  g_autoptr (GBytes) blob = g_bytes_new_take (g_malloc0 (TW_JOURNAL_MAX_BLOB), TW_JOURNAL_MAX_BLOB);
  g_autofree char *text = NULL;
  TwJournal *read;

  commit_one (journal, 1, NULL, payload, blob);
  text = export_text (journal, NULL);
  tw_journal_free (journal);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  read = tw_journal_open_readonly (path, NULL);
  g_assert_cmpuint (fixture_assert_whole (read), ==, 1);
  tw_journal_free (read);
  fixture_dir_remove (dir);
}

static void
test_a_full_disk_is_an_error (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = make_journal (dir);
  guint8 little[10];
  g_autoptr (GOutputStream) out = g_memory_output_stream_new (little, sizeof little, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (tw_journal_export (journal, NULL, out, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/export/is-the-whole-journal", test_an_export_is_the_whole_journal);
  g_test_add_func ("/journal/export/lines-are-as-documented", test_the_first_lines_are_as_documented);
  g_test_add_func ("/journal/export/a-session-comes-with-its-blobs", test_a_session_comes_with_its_blobs);
  g_test_add_func ("/journal/export/lines-may-end-as-they-like", test_lines_may_end_as_they_like);
  g_test_add_func ("/journal/export/bad-lines-are-refused", test_bad_lines_are_refused);
  g_test_add_func ("/journal/export/a-line-without-end-is-refused-in-bounded-memory",
                   test_a_line_without_end_is_refused_in_bounded_memory);
  g_test_add_func ("/journal/export/the-bad-line-is-named", test_the_bad_line_is_named);
  g_test_add_func ("/journal/export/the-largest-values-come-back", test_the_largest_values_come_back);
  g_test_add_func ("/journal/export/a-full-disk-is-an-error", test_a_full_disk_is_an_error);

  return g_test_run ();
}
