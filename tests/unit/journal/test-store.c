/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/bytes.h"
#include "app/base/error.h"
#include "tests/unit/journal/fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

/* FIPS 180-2, appendix B.1: SHA-256 of "abc". */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct
{
  guint64 seqs[16];
  guint   n;
} Seen;

static void
on_answer (GPtrArray    *entries,
           const GError *error,
           gpointer      user_data)
{
  Seen *seen = user_data;

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    seen->seqs[seen->n++] = ((TwEntry *) g_ptr_array_index (entries, i))->seq;
}

static void
test_answers_come_in_order (void)
{
  char *dir = fixture_dir_new ();
  g_autoptr (TwJournal) journal = fixture_open (dir);
  Seen seen = { .n = 0 };

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GPtrArray) entries = fixture_entries (i, 1 + i % 2, "S1");

      tw_journal_commit (journal, entries, NULL, on_answer, &seen);
    }
  while (seen.n < 7)
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < 7; i++)
    g_assert_cmpuint (seen.seqs[i], ==, i + 1);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 7);

  g_clear_pointer (&journal, tw_journal_free);
  fixture_dir_remove (dir);
}

static void
test_closing_waits_and_answers (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  Seen seen = { .n = 0 };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GPtrArray) entries = fixture_entries (i, 1, "S1");

      tw_journal_commit (journal, entries, NULL, on_answer, &seen);
    }
  tw_journal_free (journal);
  g_assert_cmpuint (seen.n, ==, 4);

  journal = fixture_open (dir);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 4);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static gboolean
on_compare (const TwEntry *entry,
            gpointer       user_data)
{
  GPtrArray *expected = user_data;
  g_autoptr (TwEntry) want = g_ptr_array_steal_index (expected, 0);

  g_assert_cmpuint (entry->seq, ==, want->seq);
  g_assert_cmpint (entry->at.wall_us, ==, want->at.wall_us);
  g_assert_cmpint (entry->at.boot_us, ==, want->at.boot_us);
  g_assert_cmpmem (entry->at.boot_id, 16, want->at.boot_id, 16);
  g_assert_cmpint (entry->at.synced, ==, want->at.synced);
  g_assert_cmpstr (entry->session, ==, want->session);
  g_assert_cmpstr (entry->kind, ==, want->kind);
  g_assert_true (g_bytes_equal (entry->payload, want->payload));
  g_assert_cmpmem (entry->hash, 32, want->hash, 32);

  return TRUE;
}

static void
test_what_was_committed_is_there_again (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GPtrArray) first = fixture_entries (1, 3, NULL);
  g_autoptr (GPtrArray) second = fixture_entries (4, 2, "S1");
  g_autoptr (GError) error = NULL;

  fixture_commit (journal, first, NULL, &error);
  g_assert_no_error (error);
  tw_journal_free (journal);

  journal = fixture_open (dir);
  fixture_commit (journal, second, NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_extend_and_steal (first, g_ptr_array_ref (second));
  g_assert_true (tw_journal_each (journal, NULL, on_compare, first, &error));
  g_assert_cmpuint (first->len, ==, 0);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static gboolean
on_count (const TwEntry *entry,
          gpointer       user_data)
{
  guint *n = user_data;

  g_assert_cmpstr (entry->session, ==, "S1");

  return ++*n < 2;
}

static void
test_a_session_is_asked_for_and_reading_can_stop (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  guint n = 0;

  fixture_fill (journal, 8);
  g_assert_true (tw_journal_each (journal, "S1", on_count, &n, NULL));
  g_assert_cmpuint (n, ==, 2);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static gboolean
on_blob (const char *hash,
         GBytes     *bytes,
         gpointer    user_data)
{
  ++*(guint *) user_data;

  return TRUE;
}

static void
test_a_blob_is_kept_once (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GBytes) blob = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) found = NULL;
  guint n = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) entries = fixture_entries (i, 1, "S1");
      g_autoptr (GError) error = NULL;

      fixture_commit (journal, entries, blob, &error);
      g_assert_no_error (error);
    }

  found = tw_journal_blob (journal, ABC);
  g_assert_nonnull (found);
  g_assert_true (g_bytes_equal (found, blob));
  g_assert_null (tw_journal_blob (journal, "00"));
  g_assert_true (tw_journal_each_blob (journal, on_blob, &n, NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 3);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_empty_and_large_values_are_kept (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autofree char *large = g_strnfill (TW_JOURNAL_MAX_PAYLOAD, 'x');
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (entries, fixture_entry (1, "", ""));
  g_ptr_array_add (entries, fixture_entry (2, NULL, large));
  fixture_commit (journal, entries, empty, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 2);
  g_assert_true (tw_journal_each (journal, NULL, on_compare, entries, &error));
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
assert_not_taken (TwJournal *journal,
                  TwEntry   *entry)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  g_autoptr (GError) error = NULL;

  if (entry != NULL)
    g_ptr_array_add (entries, entry);
  g_assert_false (fixture_commit (journal, entries, NULL, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

static void
test_what_cannot_be_exported_is_not_taken (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autofree char *large = g_strnfill (TW_JOURNAL_MAX_PAYLOAD + 1, 'x');
  g_autofree char *name = g_strnfill (129, 'x');
  TwEntry *with_nul = tw_entry_new ((TwInstant) { 0 }, NULL, "k", g_bytes_new_static ("a\0b", 3));
  TwEntry *numbered = fixture_entry (1, NULL, "{}");

  numbered->seq = 7;
  assert_not_taken (journal, NULL);
  assert_not_taken (journal, fixture_entry (1, NULL, large));
  assert_not_taken (journal, fixture_entry (1, NULL, "\xff"));
  assert_not_taken (journal, fixture_entry (1, "\xc3", "{}"));
  assert_not_taken (journal, fixture_entry (1, name, "{}"));
  assert_not_taken (journal, with_nul);
  assert_not_taken (journal, numbered);
  fixture_fill (journal, 1);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 1);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
assert_sql_refused (const char *path,
                    const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  g_test_message ("%s: %s", sql, sqlite3_errmsg (db));
  sqlite3_close (db);
}

static void
test_the_database_itself_refuses_changes (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autofree char *path = fixture_path (dir, "journal.db");
  g_autoptr (GPtrArray) entries = fixture_entries (1, 2, "S1");
  g_autoptr (GBytes) blob = g_bytes_new_static ("abc", 3);

  g_assert_true (fixture_commit (journal, entries, blob, NULL));
  tw_journal_free (journal);

  assert_sql_refused (path, "UPDATE entry SET kind = 'x' WHERE seq = 1");
  assert_sql_refused (path, "DELETE FROM entry WHERE seq = 2");
  assert_sql_refused (path, "DELETE FROM entry");
  assert_sql_refused (path, "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 2");
  assert_sql_refused (path, "INSERT INTO entry SELECT 9, wall_us, boot_us, boot_id, synced, session, kind, payload, "
                            "hash FROM entry WHERE seq = 2");
  assert_sql_refused (path, "UPDATE blob SET bytes = x'00'");
  assert_sql_refused (path, "DELETE FROM blob");
  assert_sql_refused (path, "INSERT OR REPLACE INTO blob SELECT hash, x'00' FROM blob");

  journal = fixture_open (dir);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 2);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_a_second_writer_is_refused_with_the_firsts_pid (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autofree char *who = g_strdup_printf ("process %d has", (int) getpid ());

  fixture_fill (journal, 1);
  fixture_assert_refused (dir, TW_ERROR_BAD_STATE, who);
  fixture_fill (journal, 1);
  tw_journal_free (journal);

  journal = fixture_open (dir);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 2);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

/* The reader, which the station starts, lives on when the station is restarted. */
static void
test_a_child_does_not_inherit_the_lock (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                                    &error, "cat", NULL);

  g_assert_no_error (error);
  tw_journal_free (journal);
  journal = fixture_open (dir);
  tw_journal_free (journal);

  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  fixture_dir_remove (dir);
}

static void
test_a_directory_open_to_all_is_refused (void)
{
  char *dir = fixture_dir_new ();

  g_assert_cmpint (g_chmod (dir, 0777), ==, 0);
  fixture_assert_refused (dir, TW_ERROR_BAD_STATE, "chmod");
  g_assert_cmpint (g_chmod (dir, 0700), ==, 0);
  fixture_dir_remove (dir);
}

static void
test_files_are_for_the_owner_only (void)
{
  static const char *const NAMES[] = { "journal.db", "journal.db-wal", "journal.db-shm", "journal.lock", "reserve" };
  const TwJournalOptions options = { .station_id = "TEST-1", .reserve_kib = 64 };
  char *dir = fixture_dir_new ();
  g_autofree char *inner = fixture_path (dir, "journal");
  mode_t mask = umask (0);
  g_autoptr (GError) error = NULL;
  TwJournal *journal = tw_journal_open (inner, &options, &error);
  struct stat is;

  g_assert_no_error (error);
  fixture_fill (journal, 1);
  umask (mask);

  g_assert_cmpint (stat (inner, &is), ==, 0);
  g_assert_cmpint (is.st_mode & 0777, ==, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = fixture_path (inner, NAMES[i]);

      g_assert_cmpint (stat (path, &is), ==, 0);
      g_assert_cmpint (is.st_mode & 0777, ==, 0600);
    }

  tw_journal_free (journal);
  fixture_dir_remove (g_steal_pointer (&inner));
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  g_free (dir);
}

static void
test_a_hundred_thousand_entries_are_verified_in_seconds (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  gint64 start;

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GPtrArray) entries = fixture_entries (i * 1000, 1000, "S1");

      g_assert_true (fixture_commit (journal, entries, NULL, NULL));
    }

  start = g_get_monotonic_time ();
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 100000);
  g_test_message ("verification took %.2f s", (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_USEC_PER_SEC);

  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/store/answers-come-in-order-and-seq-has-no-gap", test_answers_come_in_order);
  g_test_add_func ("/journal/store/closing-waits-and-answers", test_closing_waits_and_answers);
  g_test_add_func ("/journal/store/what-was-committed-is-there-again", test_what_was_committed_is_there_again);
  g_test_add_func ("/journal/store/a-session-is-asked-for-and-reading-can-stop",
                   test_a_session_is_asked_for_and_reading_can_stop);
  g_test_add_func ("/journal/store/a-blob-is-kept-once", test_a_blob_is_kept_once);
  g_test_add_func ("/journal/store/empty-and-large-values-are-kept", test_empty_and_large_values_are_kept);
  g_test_add_func ("/journal/store/what-cannot-be-exported-is-not-taken", test_what_cannot_be_exported_is_not_taken);
  g_test_add_func ("/journal/store/the-database-itself-refuses-changes", test_the_database_itself_refuses_changes);
  g_test_add_func ("/journal/store/a-second-writer-is-refused-with-the-firsts-pid",
                   test_a_second_writer_is_refused_with_the_firsts_pid);
  g_test_add_func ("/journal/store/a-child-does-not-inherit-the-lock", test_a_child_does_not_inherit_the_lock);
  g_test_add_func ("/journal/store/a-directory-open-to-all-is-refused", test_a_directory_open_to_all_is_refused);
  g_test_add_func ("/journal/store/files-are-for-the-owner-only", test_files_are_for_the_owner_only);
  g_test_add_func ("/journal/store/a-hundred-thousand-entries-are-verified-in-seconds",
                   test_a_hundred_thousand_entries_are_verified_in_seconds);

  return g_test_run ();
}
