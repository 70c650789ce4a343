/* SPDX-License-Identifier: Apache-2.0 */
/* A station is killed while it commits as fast as it can. What it was told is durable must be there; nothing may be
 * there by halves.
 */
#include "tests/unit/journal/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 15
#define BATCH 3          /* entries a commit */
#define IN_FLIGHT 4      /* commits handed over and not yet answered */

static const char *program;

static void commit_more (TwJournal *journal);

/* In the child: tell the parent, then go on. */
static void
on_child_answer (GPtrArray    *entries,
                 const GError *error,
                 gpointer      user_data)
{
  guint64 seq = ((TwEntry *) g_ptr_array_index (entries, BATCH - 1))->seq;

  if (error != NULL || write (STDOUT_FILENO, &seq, sizeof seq) != sizeof seq)
    exit (3);
  commit_more (user_data);
}

static void
commit_more (TwJournal *journal)
{
  g_autoptr (GPtrArray) entries = fixture_entries (1, BATCH, "S1");

  tw_journal_commit (journal, entries, NULL, on_child_answer, journal);
}

static int
run_child (const char *dir)
{
  TwJournal *journal = fixture_open (dir);

  for (guint i = 0; i < IN_FLIGHT; i++)
    commit_more (journal);
  while (TRUE)
    g_main_context_iteration (NULL, TRUE);

  return 0;
}

/* The pipe's end that the child talks into. */
static GPid
start_child (const char *dir,
             int        *answers)
{
  const char *argv[] = { program, "--commit-for-ever", dir, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, answers,
                            NULL, &error);
  g_assert_no_error (error);

  return pid;
}

/* Lets the child commit n times, kills it wherever it then is, and returns the last seq that it was told is durable. */
static guint64
kill_after (const char *dir,
            guint       n)
{
  int answers;
  GPid pid = start_child (dir, &answers);
  guint64 seq = 0, last = 0;
  int status;

  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (read (answers, &seq, sizeof seq), ==, sizeof seq);
      last = seq;
    }

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));

  while (read (answers, &seq, sizeof seq) == sizeof seq)
    last = seq;
  g_close (answers, NULL);
  g_spawn_close_pid (pid);

  return last;
}

static guint64
count_readonly (const char *dir)
{
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (dir, NULL);

  g_assert_nonnull (journal);

  return fixture_assert_whole (journal);
}

static void
test_what_was_answered_is_there (void)
{
  char *dir = fixture_dir_new ();
  guint64 before = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      guint64 told = kill_after (dir, g_test_rand_int_range (1, 60));
      guint64 seen = count_readonly (dir);
      g_autoptr (TwJournal) journal = fixture_open (dir);

      g_assert_cmpuint (fixture_assert_whole (journal), ==, seen);
      g_assert_cmpuint (seen, >=, told);
      g_assert_cmpuint (seen, <=, told + IN_FLIGHT * BATCH);
      g_assert_cmpuint (seen % BATCH, ==, 0);
      g_assert_cmpuint (told, >, before);
      before = seen;
    }
  g_test_message ("%d kills, %" G_GUINT64_FORMAT " entries", ROUNDS, before);

  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--commit-for-ever"))
    return run_child (argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/crash/what-was-answered-is-there-and-nothing-by-halves", test_what_was_answered_is_there);

  return g_test_run ();
}
