/* SPDX-License-Identifier: Apache-2.0 */
/* What a station refuses to write to, and that it leaves it as it found it. */
#include "app/base/error.h"
#include "payment/journal/schema.h"
#include "tests/unit/journal/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *
digest_of (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, n);
}

static void
assert_refused_and_unchanged (const char *dir,
                              const char *part)
{
  g_autofree char *path = fixture_path (dir, "journal.db");
  g_autofree char *before = digest_of (path);
  g_autofree char *after = NULL;

  fixture_assert_refused (dir, TW_ERROR_BAD_DATA, part);
  after = digest_of (path);
  g_assert_cmpstr (before, ==, after);
}

static void
test_another_stations (void)
{
  const TwJournalOptions other = { .station_id = "TEST-2" };
  char *dir = fixture_dir_new ();
  TwJournal *journal = tw_journal_open (dir, &other, NULL);

  g_assert_nonnull (journal);
  fixture_fill (journal, 2);
  tw_journal_free (journal);
  assert_refused_and_unchanged (dir, "\"TEST-2\"");
  fixture_dir_remove (dir);
}

static void
test_newer_schema (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");
  TwJournal *journal = fixture_open (dir);
  g_autoptr (TwJournal) readonly = NULL;
  g_autoptr (GError) error = NULL;

  fixture_fill (journal, 2);
  tw_journal_free (journal);
  fixture_vandalise (path, "PRAGMA user_version = 7");
  assert_refused_and_unchanged (dir, "schema 7 is newer");

  readonly = tw_journal_open_readonly (path, &error);
  g_assert_null (readonly);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "schema 7 is newer"));
  fixture_dir_remove (dir);
}

static void
test_not_a_database (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");
  g_autoptr (TwJournal) readonly = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "this is my shopping list, and it is long enough to be read", -1, NULL));
  assert_refused_and_unchanged (dir, "not a database");

  readonly = tw_journal_open_readonly (path, &error);
  g_assert_null (readonly);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  fixture_dir_remove (dir);
}

static void
test_another_programs_database (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");

  fixture_vandalise (path, "CREATE TABLE photo (id INTEGER PRIMARY KEY)");
  assert_refused_and_unchanged (dir, "not a journal");
  fixture_dir_remove (dir);
}

static void
test_a_fifo_is_not_waited_for (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  fixture_assert_refused (dir, TW_ERROR_BAD_STATE, "plain file");
  fixture_dir_remove (dir);
}

/* Power lost between making the file and making the tables. */
static void
test_an_empty_file_becomes_a_journal (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");
  TwJournal *journal;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  journal = fixture_open (dir);
  fixture_fill (journal, 1);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static gboolean
add_note (sqlite3  *db,
          GError  **error)
{
  return tw_database_exec (db, "ALTER TABLE meta ADD COLUMN note TEXT", error);
}

static gboolean
fail_halfway (sqlite3  *db,
              GError  **error)
{
  return tw_database_exec (db, "CREATE TABLE half (x) STRICT; CREATE TABLE meta (y)", error);
}

static char *
make_old (char **path)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);

  fixture_fill (journal, 3);
  tw_journal_free (journal);
  *path = fixture_path (dir, "journal.db");

  return dir;
}

static void
test_a_migration_keeps_a_copy (void)
{
  static const TwMigration STEPS[] = { add_note, add_note };
  g_autofree char *path = NULL;
  char *dir = make_old (&path);
  g_autofree char *copy = g_strconcat (path, ".schema-1", NULL);
  sqlite3 *db = tw_database_open (path, TW_DATABASE_WRITE, NULL);
  g_autoptr (GError) error = NULL;
  TwJournal *journal;
  gint64 value;

  g_assert_true (tw_schema_migrate (db, path, STEPS, 2, &error));
  g_assert_no_error (error);
  g_assert_true (tw_database_int64 (db, "PRAGMA user_version", &value, &error));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (tw_database_int64 (db, "SELECT count(note IS NULL) FROM meta", &value, &error));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (tw_database_int64 (db, "SELECT max (seq) FROM entry", &value, &error));
  g_assert_cmpint (value, ==, 3);
  sqlite3_close_v2 (db);

  journal = tw_journal_open_readonly (copy, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 3);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_a_failed_migration_changes_nothing (void)
{
  static const TwMigration STEPS[] = { fail_halfway };
  g_autofree char *path = NULL;
  char *dir = make_old (&path);
  sqlite3 *db = tw_database_open (path, TW_DATABASE_WRITE, NULL);
  g_autoptr (GError) error = NULL;
  TwJournal *journal;

  g_assert_false (tw_schema_migrate (db, path, STEPS, 2, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "schema 2"));
  sqlite3_close_v2 (db);

  journal = fixture_open (dir);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 3);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/opening/another-stations-is-refused", test_another_stations);
  g_test_add_func ("/journal/opening/a-newer-schema-is-refused", test_newer_schema);
  g_test_add_func ("/journal/opening/what-is-no-database-is-refused", test_not_a_database);
  g_test_add_func ("/journal/opening/another-programs-database-is-refused", test_another_programs_database);
  g_test_add_func ("/journal/opening/a-fifo-is-not-waited-for", test_a_fifo_is_not_waited_for);
  g_test_add_func ("/journal/opening/an-empty-file-becomes-a-journal", test_an_empty_file_becomes_a_journal);
  g_test_add_func ("/journal/opening/a-migration-keeps-a-copy", test_a_migration_keeps_a_copy);
  g_test_add_func ("/journal/opening/a-failed-migration-changes-nothing", test_a_failed_migration_changes_nothing);

  return g_test_run ();
}
