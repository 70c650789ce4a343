/* SPDX-License-Identifier: Apache-2.0 */
/* Tools look at a journal: while the station writes, after it stopped, after it died, on a medium that cannot be
 * written, and as an export.
 */
#include "app/base/error.h"
#include "tests/unit/journal/fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static TwJournal *
look (const char *path)
{
  g_autoptr (GError) error = NULL;
  TwJournal *journal = tw_journal_open_readonly (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (journal);

  return journal;
}

static guint64
count (const char *path)
{
  g_autoptr (TwJournal) journal = look (path);

  return fixture_assert_whole (journal);
}

static void
test_a_running_stations_journal (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");
  TwJournal *writer = fixture_open (dir);
  g_autoptr (TwJournal) reader = NULL;

  g_assert_cmpuint (count (dir), ==, 0);
  fixture_fill (writer, 3);
  reader = look (path);
  g_assert_cmpuint (fixture_assert_whole (reader), ==, 3);
  fixture_fill (writer, 2);
  g_assert_cmpuint (fixture_assert_whole (reader), ==, 5);
  tw_journal_free (writer);
  g_clear_pointer (&reader, tw_journal_free);
  fixture_dir_remove (dir);
}

static void
test_a_stopped_stations_journal_is_not_touched (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *writer = fixture_open (dir);
  g_autofree char *before = NULL, *after = NULL;

  fixture_fill (writer, 3);
  tw_journal_free (writer);
  before = fixture_digests (dir);
  g_assert_cmpuint (count (dir), ==, 3);
  after = fixture_digests (dir);
  g_assert_cmpstr (before, ==, after);
  fixture_dir_remove (dir);
}

static void
test_a_dead_stations_log_is_read (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *writer = fixture_open (dir);
  char *copy;
  g_autofree char *before = NULL, *after = NULL, *shm = NULL;

  fixture_fill (writer, 3);
  copy = fixture_snapshot (dir);
  tw_journal_free (writer);
  fixture_dir_remove (dir);

  before = fixture_digests (copy);
  g_assert_nonnull (strstr (before, "journal.db-wal"));
  g_assert_cmpuint (count (copy), ==, 3);

  /* The index of the log is SQLite's scratch paper; the database and the log are as they were. */
  shm = fixture_path (copy, "journal.db-shm");
  g_remove (shm);
  after = fixture_digests (copy);
  g_assert_cmpstr (before, ==, after);
  fixture_dir_remove (copy);
}

static void
test_a_link_is_followed (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *writer = fixture_open (dir);
  char *elsewhere = fixture_dir_new ();
  g_autofree char *path = fixture_path (dir, "journal.db");
  g_autofree char *link_path = fixture_path (elsewhere, "link");

  fixture_fill (writer, 3);
  g_assert_cmpint (symlink (path, link_path), ==, 0);
  g_assert_cmpuint (count (link_path), ==, 3);
  tw_journal_free (writer);
  fixture_dir_remove (elsewhere);
  fixture_dir_remove (dir);
}

/* Reading without locks is only right while nobody writes: then it must say so rather than mix two states. */
static void
test_a_station_that_starts_meanwhile_is_noticed (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *writer = fixture_open (dir);
  g_autoptr (TwJournal) reader = NULL;
  g_autoptr (GError) error = NULL;
  TwVerdict verdict;

  fixture_fill (writer, 3);
  tw_journal_free (writer);
  reader = look (dir);
  g_assert_cmpuint (fixture_assert_whole (reader), ==, 3);

  writer = fixture_open (dir);
  fixture_fill (writer, 30);
  tw_journal_free (writer);
  g_assert_false (tw_journal_verify (reader, NULL, &verdict, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
  g_assert_cmpuint (count (dir), ==, 33);
  g_clear_pointer (&reader, tw_journal_free);
  fixture_dir_remove (dir);
}

static void
copy_into (const char *from,
           const char *to)
{
  static const char *const NAMES[] = { "journal.db", "journal.db-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *source = fixture_path (from, NAMES[i]);
      g_autofree char *target = fixture_path (to, NAMES[i]);
      g_autofree char *bytes = NULL;
      gsize n;

      if (g_file_get_contents (source, &bytes, &n, NULL))
        g_assert_true (g_file_set_contents (target, bytes, n, NULL));
    }
}

/* In a process of its own, because of the mount. */
static void
look_on_readonly_medium (gboolean with_log)
{
  char *medium = fixture_dir_new ();
  char *dir, *copy;
  TwJournal *writer;

  g_assert_true (fixture_mount_tiny (medium, 1024));
  dir = fixture_dir_new ();
  writer = fixture_open (dir);
  fixture_fill (writer, 3);
  copy = fixture_snapshot (dir);
  tw_journal_free (writer);

  copy_into (with_log ? copy : dir, medium);
  g_assert_true (fixture_remount_readonly (medium));
  g_assert_cmpuint (count (medium), ==, 3);

  fixture_unmount (medium);
  fixture_dir_remove (medium);
  fixture_dir_remove (copy);
  fixture_dir_remove (dir);
}

static void
on_readonly_medium (gboolean with_log)
{
  if (g_test_subprocess ())
    {
      look_on_readonly_medium (with_log);
      return;
    }
  if (!fixture_can_mount ())
    {
      g_test_skip ("no namespaces here: a file system cannot be mounted");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_a_readonly_medium (void)
{
  on_readonly_medium (FALSE);
}

static void
test_a_dead_stations_log_on_a_readonly_medium (void)
{
  on_readonly_medium (TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/readonly/a-running-stations-journal-can-be-read", test_a_running_stations_journal);
  g_test_add_func ("/journal/readonly/a-stopped-stations-journal-is-not-touched",
                   test_a_stopped_stations_journal_is_not_touched);
  g_test_add_func ("/journal/readonly/a-dead-stations-log-is-read", test_a_dead_stations_log_is_read);
  g_test_add_func ("/journal/readonly/a-link-is-followed", test_a_link_is_followed);
  g_test_add_func ("/journal/readonly/a-station-that-starts-meanwhile-is-noticed",
                   test_a_station_that_starts_meanwhile_is_noticed);
  g_test_add_func ("/journal/readonly/a-read-only-medium-can-be-read", test_a_readonly_medium);
  g_test_add_func ("/journal/readonly/a-dead-stations-log-on-a-read-only-medium-can-be-read",
                   test_a_dead_stations_log_on_a_readonly_medium);

  return g_test_run ();
}
