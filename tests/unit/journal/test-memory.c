/* SPDX-License-Identifier: Apache-2.0 */
/* The journal that other tests use tells the same stories as the real one. */
#include "app/base/error.h"
#include "tests/lib/memory-journal.h"
#include "tests/unit/journal/fixture.h"

typedef struct
{
  guint answered, failed;
} Answers;

static void
on_answer (GPtrArray    *entries,
           const GError *error,
           gpointer      user_data)
{
  Answers *answers = user_data;

  answers->answered++;
  answers->failed += error != NULL;
}

static void
commit (TwJournal *journal,
        guint      n,
        Answers   *answers)
{
  g_autoptr (GPtrArray) entries = fixture_entries (n, 1, "S1");

  tw_journal_commit (journal, entries, NULL, on_answer, answers);
}

static void
test_hashes_are_those_of_the_real_journal (void)
{
  char *dir = fixture_dir_new ();
  g_autoptr (TwMemoryJournal) disk = tw_memory_journal_new ();
  g_autoptr (TwJournal) real = fixture_open (dir);
  g_autoptr (TwJournal) twin = tw_memory_journal_open (disk);
  TwVerdict one, two;

  fixture_fill (real, 5);
  fixture_fill (twin, 5);
  g_assert_null (fixture_verify (real, NULL, &one));
  g_assert_null (fixture_verify (twin, NULL, &two));
  g_assert_cmpuint (one.entries, ==, two.entries);
  g_assert_cmpstr (one.head, ==, two.head);

  g_clear_pointer (&twin, tw_journal_free);
  g_clear_pointer (&real, tw_journal_free);
  fixture_dir_remove (dir);
}

static void
test_commits_wait_until_they_are_settled (void)
{
  g_autoptr (TwMemoryJournal) disk = tw_memory_journal_new ();
  TwJournal *journal = tw_memory_journal_open (disk);
  Answers answers = { 0 };

  tw_memory_journal_hold (disk, TRUE);
  commit (journal, 1, &answers);
  commit (journal, 2, &answers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (answers.answered, ==, 0);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 0);
  g_assert_cmpuint (tw_memory_journal_waiting (disk), ==, 2);

  g_assert_true (tw_memory_journal_settle_one (disk));
  g_assert_cmpuint (answers.answered, ==, 1);
  g_assert_cmpuint (tw_memory_journal_settle (disk), ==, 1);
  g_assert_cmpuint (answers.answered, ==, 2);
  g_assert_false (tw_memory_journal_settle_one (disk));
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 2);
  tw_journal_free (journal);
}

static void
test_the_nth_commit_fails (void)
{
  g_autoptr (TwMemoryJournal) disk = tw_memory_journal_new ();
  TwJournal *journal = tw_memory_journal_open (disk);
  Answers answers = { 0 };

  tw_memory_journal_fail (disk, 2);
  for (guint n = 1; n <= 3; n++)
    commit (journal, n, &answers);
  tw_journal_free (journal);
  g_assert_cmpuint (answers.answered, ==, 3);
  g_assert_cmpuint (answers.failed, ==, 1);

  journal = tw_memory_journal_open (disk);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 2);
  g_assert_false (tw_journal_roomy (journal));
  tw_memory_journal_set_roomy (disk, TRUE);
  g_assert_true (tw_journal_roomy (journal));
  tw_journal_free (journal);
}

static void
test_a_crash_keeps_what_was_durable (void)
{
  g_autoptr (TwMemoryJournal) disk = tw_memory_journal_new ();
  TwJournal *journal = tw_memory_journal_open (disk);
  Answers answers = { 0 };

  fixture_fill (journal, 1);
  tw_memory_journal_hold (disk, TRUE);
  for (guint n = 2; n <= 4; n++)
    commit (journal, n, &answers);
  tw_memory_journal_crash (disk, 2);
  commit (journal, 5, &answers);
  g_assert_cmpuint (answers.answered, ==, 0);
  tw_journal_free (journal);                     /* what was lost is told to no more than its owner's remains */
  g_assert_cmpuint (answers.answered, ==, 4);
  g_assert_cmpuint (answers.failed, ==, 4);

  journal = tw_memory_journal_open (disk);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 3);
  tw_memory_journal_hold (disk, FALSE);
  fixture_fill (journal, 1);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 4);
  tw_journal_free (journal);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/memory/hashes-are-those-of-the-real-journal", test_hashes_are_those_of_the_real_journal);
  g_test_add_func ("/journal/memory/commits-wait-until-they-are-settled", test_commits_wait_until_they_are_settled);
  g_test_add_func ("/journal/memory/the-nth-commit-fails", test_the_nth_commit_fails);
  g_test_add_func ("/journal/memory/a-crash-keeps-what-was-durable", test_a_crash_keeps_what_was_durable);

  return g_test_run ();
}
