/* SPDX-License-Identifier: Apache-2.0 */
/* A disk without room: a real one, of a megabyte, in a mount namespace; and a limit on the size of files. */
#include "app/base/error.h"
#include "tests/unit/journal/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISK_KIB 1536
#define RESERVE_KIB 512

static TwJournal *
open_with_reserve (const char *dir)
{
  const TwJournalOptions options = { .station_id = "TEST-1", .reserve_kib = RESERVE_KIB };
  g_autoptr (GError) error = NULL;
  TwJournal *journal = tw_journal_open (dir, &options, &error);

  g_assert_no_error (error);

  return journal;
}

static void
fill_disk (const char *dir)
{
  g_autofree char *path = fixture_path (dir, "filler");
  g_autofree char *page = g_malloc0 (4096);
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  while (write (fd, page, 4096) > 0)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  g_close (fd, NULL);
}

static void
clear_disk (const char *dir)
{
  g_autofree char *path = fixture_path (dir, "filler");

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static gboolean
has_reserve (const char *dir)
{
  g_autofree char *path = fixture_path (dir, "reserve");
  struct stat is;

  return stat (path, &is) == 0 && is.st_size == RESERVE_KIB * 1024 && is.st_blocks * 512 >= RESERVE_KIB * 1024;
}

static gboolean
try_commit (TwJournal  *journal,
            GPtrArray **entries,
            GError    **error)
{
  *entries = fixture_entries (1, 2, "S1");

  return fixture_commit (journal, *entries, NULL, error);
}

/* Until the disk takes no more. Returns how many entries it took. */
static guint
commit_until_full (TwJournal *journal)
{
  for (guint n = 0; ; n += 2)
    {
      g_autoptr (GPtrArray) entries = NULL;
      g_autoptr (GError) error = NULL;

      if (try_commit (journal, &entries, &error))
        continue;

      g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
      for (guint i = 0; i < entries->len; i++)
        g_assert_cmpuint (((TwEntry *) g_ptr_array_index (entries, i))->seq, ==, 0);
      return n;
    }
}

/* The question is asked twice, and between them the worker has had its turn. */
static gboolean
is_roomy_after_trying (TwJournal *journal)
{
  g_autoptr (GPtrArray) entries = NULL;

  tw_journal_roomy (journal);
  try_commit (journal, &entries, NULL);

  return tw_journal_roomy (journal);
}

static void
live_through_a_full_disk (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal;
  guint n;

  g_assert_true (fixture_mount_tiny (dir, DISK_KIB));
  journal = open_with_reserve (dir);
  fixture_fill (journal, 2);
  g_assert_true (tw_journal_roomy (journal));
  g_assert_true (has_reserve (dir));

  fill_disk (dir);
  n = commit_until_full (journal);
  g_test_message ("with a reserve of %d KiB: %u entries after the disk was full", RESERVE_KIB, n);
  g_assert_cmpuint (n, >, 60);
  g_assert_false (has_reserve (dir));
  g_assert_false (is_roomy_after_trying (journal));
  g_assert_cmpuint (fixture_assert_whole (journal), ==, n + 2);

  clear_disk (dir);
  g_assert_true (is_roomy_after_trying (journal));
  g_assert_true (has_reserve (dir));
  g_assert_cmpuint (fixture_assert_whole (journal), ==, n + 4);
  tw_journal_free (journal);

  journal = open_with_reserve (dir);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, n + 4);
  tw_journal_free (journal);
  fixture_unmount (dir);
  fixture_dir_remove (dir);
}

/* After a reboot the open sessions of a full disk still want to be settled. */
static void
start_on_a_full_disk (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal;

  g_assert_true (fixture_mount_tiny (dir, DISK_KIB));
  journal = open_with_reserve (dir);
  fixture_fill (journal, 2);
  tw_journal_free (journal);

  fill_disk (dir);
  g_assert_true (has_reserve (dir));
  journal = open_with_reserve (dir);
  g_assert_false (tw_journal_roomy (journal));
  fixture_fill (journal, 10);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 12);
  tw_journal_free (journal);
  fixture_unmount (dir);
  fixture_dir_remove (dir);
}

static void
in_a_process_with_a_disk (void (*story) (void))
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK);   /* that the reserve is given up is a warning, and wanted here */
      story ();
      return;
    }
  if (!fixture_can_mount ())
    {
      g_test_skip ("no namespaces here: a file system cannot be mounted");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR | G_TEST_SUBPROCESS_INHERIT_STDOUT);
  g_test_trap_assert_passed ();
}

static void
test_the_reserve_finishes_what_was_begun (void)
{
  in_a_process_with_a_disk (live_through_a_full_disk);
}

static void
test_a_start_on_a_full_disk (void)
{
  in_a_process_with_a_disk (start_on_a_full_disk);
}

static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* Needs no privilege: the same errors, made by a limit on the size of a file. */
static void
test_a_file_that_cannot_grow (void)
{
  char *dir;
  TwJournal *journal;
  guint n;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  signal (SIGXFSZ, SIG_IGN);
  dir = fixture_dir_new ();
  journal = fixture_open (dir);
  limit_files (256 * 1024);
  n = commit_until_full (journal);
  g_assert_cmpuint (n, >, 0);
  g_assert_false (tw_journal_roomy (journal));
  g_assert_cmpuint (fixture_assert_whole (journal), ==, n);

  limit_files (RLIM_INFINITY);
  fixture_fill (journal, 2);
  g_assert_true (is_roomy_after_trying (journal));
  g_assert_cmpuint (fixture_assert_whole (journal), ==, n + 4);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/full/the-reserve-finishes-what-was-begun", test_the_reserve_finishes_what_was_begun);
  g_test_add_func ("/journal/full/a-station-starts-on-a-full-disk", test_a_start_on_a_full_disk);
  g_test_add_func ("/journal/full/a-file-that-cannot-grow-fails-a-commit-whole", test_a_file_that_cannot_grow);

  return g_test_run ();
}
