/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/log.h"

/* The tests proper run in a child of their own, whose stderr the parent reads. */
static void
child_begin (gboolean verbose)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  tw_log_init ("tapwatt-test", verbose);
}

static void
test_lines (void)
{
  if (g_test_subprocess ())
    {
      child_begin (FALSE);
      tw_log_info ("station %s: open", "A");
      tw_log_warning ("capture %d unanswered", 7);
      tw_log_debug ("secret detail");
      tw_log_session (G_LOG_LEVEL_WARNING, "S-1", "capture %s unanswered", "S-1-capture-1");
      tw_log_session (G_LOG_LEVEL_INFO, NULL, "nobody's");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("tapwatt-test: station A: open\n"
                             "tapwatt-test: warning: capture 7 unanswered\n"
                             "tapwatt-test: warning: capture S-1-capture-1 unanswered [session S-1]\n"
                             "tapwatt-test: nobody's\n");
}

static void
test_verbose (void)
{
  if (g_test_subprocess ())
    {
      child_begin (TRUE);
      tw_log_debug ("detail");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("tapwatt-test: debug: detail\n");
}

static void
test_libraries_are_quiet (void)
{
  if (g_test_subprocess ())
    {
      child_begin (FALSE);
      g_log_structured ("library", G_LOG_LEVEL_INFO, "MESSAGE", "%s", "chatter");
      g_log_structured ("library", G_LOG_LEVEL_WARNING, "MESSAGE", "%s", "trouble");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("tapwatt-test: warning: trouble\n");
}

static void
test_forged_lines (void)
{
  if (g_test_subprocess ())
    {
      child_begin (FALSE);
      tw_log_info ("they said: %s", "ok\ntapwattd: all paid\x1b[2J\xc2\x85\xff");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("tapwatt-test: they said: ok\\x0atapwattd: all paid\\x1b[2J\\x85\xef\xbf\xbd\n");
}

int
main (int   argc,
      char *argv[])
{
  g_unsetenv ("JOURNAL_STREAM");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/log/one-line-a-message", test_lines);
  g_test_add_func ("/base/log/verbose-shows-debug", test_verbose);
  g_test_add_func ("/base/log/libraries-are-heard-from-warnings-up", test_libraries_are_quiet);
  g_test_add_func ("/base/log/a-quoted-text-cannot-forge-a-line", test_forged_lines);

  return g_test_run ();
}
