/* SPDX-License-Identifier: Apache-2.0 */
/* A case list over several runs. Runs are told by their findings, "ID STAKE" each. */
#include "tests/unit/reconcile-books/store.h"

#include "app/base/error.h"
#include "payment/reconcile/books/cases.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTS "SELECT case_id, what, who, at_us, stake_minor, reason FROM tapwatt_event ORDER BY n"
#define CASES "SELECT id, state, stake_minor, opened_us, changed_us, assignee FROM tapwatt_case ORDER BY id"

static TwException
finding (const char *id,
         gint64      stake)
{
  TwException exception = {
    .class_ = TW_CLASS_AMOUNT_UNDER, .severity = 3, .stake_minor = stake, .currency = "EUR", .session = TEXT ("S"),
    .rule = "within-hold", .expected = 1000, .found = TW_NOT_STATED, .since_us = FRIDAY, .due_us = TW_NOT_STATED,
  };

  g_strlcpy (exception.id, id, sizeof exception.id);

  return exception;
}

static void
append_resolution (const Store *store,
                   const char  *id,
                   GString     *text)
{
  TwChars by, why;

  tw_cases_resolution (store->books, id, &by, &why);
  g_string_append_printf (text, "%s by %.*s: %.*s", id, (int) by.n, by.text, (int) why.n, why.text);
}

/* findings: "a 100, b -5"; "": none. Returns the ids of those that are resolved, by whom and why. */
static char *
run_at (Store         *store,
        gint64         now_us,
        const char    *findings,
        TwCaseChanges *changes)
{
  g_auto (GStrv) words = g_strsplit (findings, ", ", -1);
  GString *resolved = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  TwCaseChanges ignored;

  tw_cases_begin (store->books, &error);
  g_assert_no_error (error);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], " ", 2);
      TwException exception = finding (parts[0], g_ascii_strtoll (parts[1], NULL, 10));
      gboolean is_resolved;

      tw_cases_add (store->books, &exception, &is_resolved, &error);
      g_assert_no_error (error);
      if (is_resolved)
        append_resolution (store, parts[0], resolved);
    }
  tw_cases_end (store->books, now_us, changes != NULL ? changes : &ignored, &error);
  g_assert_no_error (error);

  return g_string_free (resolved, FALSE);
}

static void
run (Store      *store,
     gint64      now_us,
     const char *findings)
{
  g_autofree char *resolved = run_at (store, now_us, findings, NULL);

  g_assert_cmpstr (resolved, ==, "");
}

static void
act (Store      *store,
     const char *id,
     TwCaseAct   what,
     const char *text,
     gint64      now_us)
{
  g_autoptr (GError) error = NULL;

  tw_cases_act (store->books, id, what, "eve", text, now_us, &error);
  g_assert_no_error (error);
}

static void
assert_told (Store      *store,
             const char *sql,
             const char *expected)
{
  g_autofree char *found = store_ask (store, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_life (void)
{
  g_autoptr (Store) store = store_new ();
  g_autofree char *none = NULL;
  TwCaseChanges changes;

  run (store, 1, "a 100, b -5");
  run (store, 2, "b -5, a 100");            /* the same: nothing happens */
  none = run_at (store, 3, "a 90, c 7", &changes);
  g_assert_cmpuint (changes.n_opened, ==, 1);
  g_assert_cmpuint (changes.n_closed, ==, 1);
  g_assert_cmpuint (changes.n_changed, ==, 1);
  g_assert_cmpuint (changes.n_reopened, ==, 0);
  run (store, 4, "a 90, b -6, c 7");
  assert_told (store, EVENTS,
               "a|opened|tapwatt|1|100|\n" "b|opened|tapwatt|1|-5|\n"
               "a|changed|tapwatt|3|90|\n" "b|closed|tapwatt|3|-5|\n" "c|opened|tapwatt|3|7|\n"
               "b|reopened|tapwatt|4|-6|seen_again\n");
  assert_told (store, CASES, "a|open|90|1|3|\n" "b|open|-6|1|4|\n" "c|open|7|3|3|\n");
}

static void
test_resolved (void)
{
  g_autoptr (Store) store = store_new ();
  g_autofree char *resolved = NULL, *contradicted = NULL;
  TwCaseChanges changes;

  run (store, 1, "a 100, b 1");
  act (store, "a", TW_CASE_ASSIGN, "kim", 2);
  act (store, "a", TW_CASE_COMMENT, "asked the bank", 3);
  act (store, "a", TW_CASE_RESOLVE, "written off", 4);
  resolved = run_at (store, 5, "a 100, b 1", &changes);
  g_assert_cmpstr (resolved, ==, "a by eve: written off");
  g_assert_cmpuint (changes.n_reopened + changes.n_changed + changes.n_opened + changes.n_closed, ==, 0);
  run (store, 6, "b 1");                    /* not seen: what a person resolved stays so */
  assert_told (store, CASES, "a|resolved|100|1|4|kim\n" "b|open|1|1|1|\n");
  contradicted = run_at (store, 7, "a 101, b 1", &changes);
  g_assert_cmpstr (contradicted, ==, "");
  g_assert_cmpuint (changes.n_reopened, ==, 1);
  assert_told (store, EVENTS,
               "a|opened|tapwatt|1|100|\n" "b|opened|tapwatt|1|1|\n" "a|assigned|eve|2|100|kim\n"
               "a|commented|eve|3|100|asked the bank\n" "a|resolved|eve|4|100|written off\n"
               "a|reopened|tapwatt|7|101|manual_contradicted\n");
  assert_told (store, CASES, "a|open|101|1|7|kim\n" "b|open|1|1|1|\n");
}

/* It stays open until a file proves it, and asking for it is only noted of what is open. */
static void
test_a_repair_is_noted_and_proves_nothing (void)
{
  g_autoptr (Store) store = store_new ();

  run (store, 1, "a -100");
  act (store, "a", TW_CASE_ASK_REPAIR, "refund 1.00 EUR", 2);
  act (store, "a", TW_CASE_REPAIRED, "refund 1.00 EUR: done", 3);
  run (store, 4, "a -100");
  assert_told (store, CASES, "a|open|-100|1|3|\n");
  run (store, 5, "");
  act (store, "a", TW_CASE_REPAIRED, "refund 1.00 EUR: done before", 6);
  assert_told (store, CASES, "a|closed|-100|1|6|\n");
  assert_told (store, EVENTS,
               "a|opened|tapwatt|1|-100|\n" "a|repair_asked|eve|2|-100|refund 1.00 EUR\n"
               "a|repaired|eve|3|-100|refund 1.00 EUR: done\n" "a|closed|tapwatt|5|-100|\n"
               "a|repaired|eve|6|-100|refund 1.00 EUR: done before\n");
}

static void
test_reopened_by_hand (void)
{
  g_autoptr (Store) store = store_new ();
  g_autofree char *resolved = NULL;

  run (store, 1, "a 100");
  act (store, "a", TW_CASE_RESOLVE, "error", 2);
  act (store, "a", TW_CASE_REOPEN, "it was none", 3);
  resolved = run_at (store, 4, "a 100", NULL);
  g_assert_cmpstr (resolved, ==, "");
  assert_told (store, CASES, "a|open|100|1|3|\n");
}

static void
test_wrong_states (void)
{
  static const struct { const char *id; TwCaseAct act; const char *text, *said; } WRONG[] = {
    { "a", TW_CASE_REOPEN, "x", "only what is resolved can be reopened" },
    { "b", TW_CASE_RESOLVE, "x", "only what is open can be resolved" },
    { "b", TW_CASE_ASK_REPAIR, "x", "only what is open can be repair_asked" },
    { "zz", TW_CASE_COMMENT, "x", "there is no case zz" },
    { "a", TW_CASE_RESOLVE, "", "must be there" },
    { "a", TW_CASE_COMMENT, "\xff", "UTF-8" },
  };
  g_autoptr (Store) store = store_new ();

  run (store, 1, "a 1, b 2");
  run (store, 2, "a 1");
  for (guint i = 0; i < G_N_ELEMENTS (WRONG); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (tw_cases_act (store->books, WRONG[i].id, WRONG[i].act, "eve", WRONG[i].text, 3, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, WRONG[i].said));
    }
  assert_told (store, EVENTS, "a|opened|tapwatt|1|1|\n" "b|opened|tapwatt|1|2|\n" "b|closed|tapwatt|2|2|\n");
}

static void
test_info_is_no_case (void)
{
  g_autoptr (Store) store = store_new ();
  TwException exception = finding ("a", 5);
  TwCaseChanges changes;
  gboolean is_resolved;

  exception.severity = 1;
  g_assert_true (tw_cases_begin (store->books, NULL));
  g_assert_true (tw_cases_add (store->books, &exception, &is_resolved, NULL));
  g_assert_true (tw_cases_end (store->books, 1, &changes, NULL));
  assert_told (store, CASES, "");
}

/* A run that fails records nothing, and the next one does. */
static void
test_abandoned_run (void)
{
  g_autoptr (Store) store = store_new ();
  TwException exception = finding ("b", 5);
  gboolean is_resolved;

  run (store, 1, "a 1");
  g_assert_true (tw_cases_begin (store->books, NULL));
  g_assert_true (tw_cases_add (store->books, &exception, &is_resolved, NULL));
  tw_cases_abandon (store->books);
  assert_told (store, CASES, "a|open|1|1|1|\n");
  g_assert_true (tw_cases_begin (store->books, NULL));
  g_assert_true (tw_cases_add (store->books, &exception, &is_resolved, NULL));
  store_reopen (store);
  assert_told (store, CASES, "a|open|1|1|1|\n");
  run (store, 2, "b 5");
  assert_told (store, CASES, "a|closed|1|1|2|\n" "b|open|5|2|2|\n");
}

static gpointer
run_for_itself (gpointer user_data)
{
  g_autoptr (TwBooks) books = tw_books_open (user_data, TW_BOOKS_EXISTING, NULL);
  GError *error = NULL;
  TwCaseChanges changes;

  if (tw_cases_begin (books, &error))
    tw_cases_end (books, 9, &changes, &error);

  return error;
}

/* One run would close the other's newest cases. */
static void
test_one_run_at_a_time (void)
{
  g_autoptr (Store) store = store_new ();
  TwException exception = finding ("b", 5);
  TwCaseChanges changes;
  gboolean is_resolved;

  run (store, 1, "a 1");
  g_assert_true (tw_cases_begin (store->books, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) refused = g_thread_join (g_thread_new (NULL, run_for_itself, store->url));

      g_assert_error (refused, TW_ERROR, TW_ERROR_RETRY);
      g_assert_nonnull (strstr (refused->message, "another run"));
      g_assert_true (tw_cases_add (store->books, &exception, &is_resolved, NULL));
      exception = finding ("c", 6);
    }
  g_assert_true (tw_cases_end (store->books, 2, &changes, NULL));
  assert_told (store, CASES, "a|closed|1|1|2|\n" "b|open|5|2|2|\n" "c|open|6|2|2|\n");
}

/* By whatever name it is opened, it is one store. */
static void
test_one_run_by_any_name (void)
{
  g_autoptr (Store) store = store_new ();
  g_autofree char *link_path = NULL, *url = NULL;
  g_autoptr (GError) refused = NULL, again = NULL;

  if (store->directory == NULL)
    {
      g_test_skip ("no file");
      return;
    }
  link_path = g_build_filename (store->directory, "link.db", NULL);
  url = g_strconcat ("sqlite:", link_path, NULL);
  g_assert_cmpint (symlink ("books.db", link_path), ==, 0);
  g_assert_true (tw_cases_begin (store->books, NULL));
  refused = g_thread_join (g_thread_new (NULL, run_for_itself, url));
  g_assert_error (refused, TW_ERROR, TW_ERROR_RETRY);
  tw_cases_abandon (store->books);
  again = g_thread_join (g_thread_new (NULL, run_for_itself, url));
  g_assert_no_error (again);
  g_assert_cmpint (g_unlink (link_path), ==, 0);
}

/* Ended, given up, or dead: the next one can run. */
static void
test_no_lock_stays (void)
{
  g_autoptr (Store) store = store_new ();

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) refused = NULL;

      g_assert_true (tw_cases_begin (store->books, NULL));
      if (i == 0)
        tw_cases_end (store->books, 1, &(TwCaseChanges) { 0 }, NULL);
      else if (i == 1)
        tw_cases_abandon (store->books);
      else
        store_reopen (store);
      refused = g_thread_join (g_thread_new (NULL, run_for_itself, store->url));
      g_assert_no_error (refused);
    }
}

static void
test_history_stays (void)
{
  g_autoptr (Store) store = store_new ();

  run (store, 1, "a 1");
  g_assert_false (store_meddle (store, "UPDATE tapwatt_event SET who = 'nobody'"));
  g_assert_false (store_meddle (store, "DELETE FROM tapwatt_event"));
  assert_told (store, EVENTS, "a|opened|tapwatt|1|1|\n");
}

static gboolean
on_case (gpointer       self,
         const TwCase  *case_,
         GError       **error)
{
  g_string_append_printf (self, "%.*s %.*s %" G_GINT64_FORMAT " %d\n", (int) case_->id.n, case_->id.text,
                          (int) case_->class_.n, case_->class_.text, case_->stake_minor,
                          case_->found == TW_NOT_STATED);

  return TRUE;
}

static gboolean
on_event (gpointer            self,
          const TwCaseEvent  *event,
          GError            **error)
{
  g_string_append_printf (self, "%.*s %.*s\n", (int) event->what.n, event->what.text, (int) event->who.n,
                          event->who.text);

  return TRUE;
}

static void
test_lists (void)
{
  g_autoptr (Store) store = store_new ();
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) one = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  run (store, 1, "abc 1, abd 2, x 3");
  run (store, 2, "abc 1, abd 2");
  g_assert_true (tw_cases_list (store->books, "open", NULL, on_case, all, NULL));
  g_assert_true (tw_cases_list (store->books, NULL, "chargeback", on_case, all, NULL));
  g_assert_cmpstr (all->str, ==, "abc amount_under 1 1\nabd amount_under 2 1\n");

  id = tw_cases_find (store->books, "x", &error);
  g_assert_cmpstr (id, ==, "x");
  g_assert_true (tw_cases_show (store->books, id, on_case, on_event, one, NULL));
  g_assert_cmpstr (one->str, ==, "x amount_under 3 1\nopened tapwatt\nclosed tapwatt\n");

  g_assert_null (tw_cases_find (store->books, "ab", &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "several"));
  g_clear_error (&error);
  g_assert_null (tw_cases_find (store->books, "%", &error));
  g_assert_nonnull (strstr (error->message, "there is no case"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add_func ("/cases/" name, func)
  TEST ("open-change-close-and-come-back", test_life);
  TEST ("resolved-stays-until-it-is-contradicted", test_resolved);
  TEST ("reopened-by-hand", test_reopened_by_hand);
  TEST ("a-repair-is-noted-and-proves-nothing", test_a_repair_is_noted_and_proves_nothing);
  TEST ("not-in-that-state", test_wrong_states);
  TEST ("what-informs-is-no-case", test_info_is_no_case);
  TEST ("an-abandoned-run-records-nothing", test_abandoned_run);
  TEST ("one-run-at-a-time", test_one_run_at_a_time);
  TEST ("one-run-at-a-time-by-any-name", test_one_run_by_any_name);
  TEST ("no-lock-stays", test_no_lock_stays);
  TEST ("history-is-only-added-to", test_history_stays);
  TEST ("lists-and-ids", test_lists);

  return g_test_run ();
}
