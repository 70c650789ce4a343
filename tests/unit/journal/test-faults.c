/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation on the file, one after the other, goes wrong once: by an error, by a full disk, by the end of the
 * process. What was answered with success is there afterwards, and what was answered with an error is not.
 */
#include "app/base/error.h"
#include "tests/unit/journal/faults.h"
#include "tests/unit/journal/fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define BATCH 2

static const char *program;

/* How many entries were answered as durable. */
static guint
commit_some (TwJournal *journal,
             guint      n)
{
  guint taken = 0, failed = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GPtrArray) entries = fixture_entries (i, BATCH, "S1");
      g_autoptr (GError) error = NULL;

      if (fixture_commit (journal, entries, NULL, &error))
        taken += BATCH;
      else
        {
          g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
          failed++;
        }
    }
  g_assert_cmpuint (failed, <=, 1);   /* one fault, at most one failure: the next commit works again */

  return taken;
}

static void
assert_entries (const char *dir,
                guint       n)
{
  g_autoptr (TwJournal) journal = fixture_open (dir);

  g_assert_cmpuint (fixture_assert_whole (journal), ==, n);
}

/* FALSE: the story is over before the nth operation. */
static gboolean
live_with_fault (Fault fault,
                 guint nth)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  char *after_cut;
  guint taken = commit_some (journal, 1);
  gboolean happened;

  fault_at (fault, nth);
  taken += commit_some (journal, 3);
  after_cut = fixture_snapshot (dir);
  tw_journal_free (journal);
  happened = fault_take ();

  assert_entries (after_cut, taken);
  assert_entries (dir, taken);
  fixture_dir_remove (after_cut);
  fixture_dir_remove (dir);

  return happened;
}

static void
test_each_operation_fails (gconstpointer data)
{
  Fault fault = GPOINTER_TO_INT (data);
  guint n = 1;

  while (live_with_fault (fault, n))
    n++;
  g_test_message ("%u operations", n - 1);
  g_assert_cmpuint (n, >, 15);
}

/* The worst of them by itself: all of the commit is in the log and only the promise is missing. */
static void
test_a_commit_whose_sync_failed_does_not_come_back (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  guint taken = commit_some (journal, 1);
  char *after_cut;

  fault_next_log_sync (FAULT_IO_LATE);
  g_assert_cmpuint (commit_some (journal, 1), ==, 0);
  g_assert_true (fault_take ());
  after_cut = fixture_snapshot (dir);
  assert_entries (after_cut, taken);
  g_assert_false (tw_journal_roomy (journal));

  taken += commit_some (journal, 1);
  g_assert_true (tw_journal_roomy (journal));
  tw_journal_free (journal);
  assert_entries (dir, taken);
  fixture_dir_remove (after_cut);
  fixture_dir_remove (dir);
}

static int
run_until_killed (guint       nth,
                  const char *dir)
{
  TwJournal *journal;

  fault_install ();
  fault_at (FAULT_KILL, nth);
  journal = fixture_open (dir);
  commit_some (journal, 2);
  tw_journal_free (journal);

  return EXIT_SUCCESS;
}

/* FALSE: the child lived through it. */
static gboolean
kill_at (const char *dir,
         guint       nth)
{
  g_autofree char *number = g_strdup_printf ("%u", nth);
  const char *argv[] = { program, "--die-at", number, dir, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  if (WIFSIGNALED (status))
    {
      g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
      return TRUE;
    }

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EXIT_SUCCESS);

  return FALSE;
}

static void
test_a_kill_at_each_operation_of_its_first_life (void)
{
  char *dir = fixture_dir_new ();
  gboolean killed = TRUE;
  guint n = 0;

  while (killed)
    {
      char *young = fixture_path (dir, "young");
      TwJournal *journal;

      killed = kill_at (young, ++n);
      journal = fixture_open (young);
      g_assert_cmpuint (fixture_assert_whole (journal) % BATCH, ==, 0);
      g_assert_cmpuint (commit_some (journal, 1), ==, BATCH);
      tw_journal_free (journal);
      fixture_dir_remove (young);
    }
  g_test_message ("%u operations", n - 1);
  g_assert_cmpuint (n, >, 25);

  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--die-at"))
    return run_until_killed (g_ascii_strtoull (argv[2], NULL, 10), argv[3]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  fault_install ();
  g_test_add_data_func ("/journal/faults/each-operation-fails", GINT_TO_POINTER (FAULT_IO), test_each_operation_fails);
  g_test_add_data_func ("/journal/faults/each-operation-fails-after-it-was-done", GINT_TO_POINTER (FAULT_IO_LATE),
                        test_each_operation_fails);
  g_test_add_data_func ("/journal/faults/each-operation-finds-the-disk-full", GINT_TO_POINTER (FAULT_FULL),
                        test_each_operation_fails);
  g_test_add_func ("/journal/faults/a-commit-whose-sync-failed-does-not-come-back",
                   test_a_commit_whose_sync_failed_does_not_come_back);
  g_test_add_func ("/journal/faults/a-kill-at-each-operation-of-its-first-life-loses-nothing",
                   test_a_kill_at_each_operation_of_its_first_life);

  return g_test_run ();
}
