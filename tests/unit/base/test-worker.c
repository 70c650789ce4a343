/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/worker.h"

enum { N_JOBS = 200 };

typedef struct
{
  GThread  *owner;
  TwWorker *worker;
  GMutex    gate;
  int       ran[N_JOBS], n_ran;
  int       answered[N_JOBS], n_answered;
  gboolean  wrong_thread;
  int       push_more;
} Fixture;

static void
on_run (gpointer data,
        gpointer user_data)
{
  Fixture *fixture = user_data;

  g_mutex_lock (&fixture->gate);
  fixture->wrong_thread |= g_thread_self () == fixture->owner;
  fixture->ran[fixture->n_ran++] = GPOINTER_TO_INT (data);
  g_mutex_unlock (&fixture->gate);
}

static void
on_done (gpointer data,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->wrong_thread |= g_thread_self () != fixture->owner;
  fixture->answered[fixture->n_answered++] = GPOINTER_TO_INT (data);
  if (fixture->push_more-- > 0)
    tw_worker_push (fixture->worker, on_run, on_done, GINT_TO_POINTER (100 + fixture->push_more), fixture);
}

static void
fixture_init (Fixture *self)
{
  *self = (Fixture) { .owner = g_thread_self () };
  g_mutex_init (&self->gate);
  self->worker = tw_worker_new ("test");
}

static void
push_all (Fixture *self,
          int      n)
{
  for (int i = 0; i < n; i++)
    tw_worker_push (self->worker, on_run, on_done, GINT_TO_POINTER (i), self);
}

static void
assert_all_in_order (Fixture *self,
                     int      n)
{
  g_assert_false (self->wrong_thread);
  g_assert_cmpint (self->n_ran, ==, n);
  g_assert_cmpint (self->n_answered, ==, n);
  for (int i = 0; i < n; i++)
    {
      g_assert_cmpint (self->ran[i], ==, i);
      g_assert_cmpint (self->answered[i], ==, i);
    }
}

static void
test_order (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  push_all (&fixture, N_JOBS);
  while (tw_worker_pending (fixture.worker) > 0)
    g_main_context_iteration (NULL, TRUE);

  assert_all_in_order (&fixture, N_JOBS);
  tw_worker_free (fixture.worker);
  g_mutex_clear (&fixture.gate);
}

/* The first job cannot end before the gate opens: nothing is answered, everything pends. */
static void
test_pushing_does_not_wait (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  g_mutex_lock (&fixture.gate);
  push_all (&fixture, 3);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (tw_worker_pending (fixture.worker), ==, 3);
  g_assert_cmpint (fixture.n_answered, ==, 0);
  g_mutex_unlock (&fixture.gate);

  tw_worker_free (fixture.worker);
  assert_all_in_order (&fixture, 3);
  g_mutex_clear (&fixture.gate);
}

static void
test_free_delivers_first (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  push_all (&fixture, N_JOBS);
  tw_worker_free (fixture.worker); /* the context never ran */

  assert_all_in_order (&fixture, N_JOBS);
  g_mutex_clear (&fixture.gate);
}

static void
test_free_delivers_what_answers_push (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  fixture.push_more = 3;
  push_all (&fixture, 1);
  tw_worker_free (fixture.worker);

  g_assert_cmpint (fixture.n_answered, ==, 4);
  g_assert_cmpint (fixture.answered[3], ==, 100);
  g_mutex_clear (&fixture.gate);
}

static void
on_done_free (gpointer data,
              gpointer user_data)
{
  Fixture *fixture = user_data;

  tw_worker_free (g_steal_pointer (&fixture->worker));
}

static void
test_an_answer_may_free (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  tw_worker_push (fixture.worker, on_run, on_done_free, NULL, &fixture);
  for (int i = 1; i < 4; i++)
    tw_worker_push (fixture.worker, on_run, on_done, GINT_TO_POINTER (i), &fixture);
  while (fixture.worker)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (fixture.n_answered, ==, 3);
  g_assert_cmpint (fixture.answered[2], ==, 3);
  g_mutex_clear (&fixture.gate);
}

static void
test_without_answer (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  tw_worker_push (fixture.worker, on_run, NULL, NULL, &fixture);
  tw_worker_free (fixture.worker);
  g_assert_cmpint (fixture.n_ran, ==, 1);
  g_mutex_clear (&fixture.gate);
  tw_worker_free (NULL);
}

static void
test_own_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Fixture fixture;

  g_main_context_push_thread_default (context);
  fixture_init (&fixture);
  push_all (&fixture, 5);
  g_mutex_lock (&fixture.gate);
  g_mutex_unlock (&fixture.gate);
  while (g_main_context_iteration (NULL, FALSE)) /* the wrong one */
    ;
  g_assert_cmpint (fixture.n_answered, ==, 0);
  while (tw_worker_pending (fixture.worker) > 0)
    g_main_context_iteration (context, TRUE);

  assert_all_in_order (&fixture, 5);
  tw_worker_free (fixture.worker);
  g_main_context_pop_thread_default (context);
  g_mutex_clear (&fixture.gate);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/worker/work-and-answers-keep-their-order", test_order);
  g_test_add_func ("/base/worker/pushing-does-not-wait", test_pushing_does_not_wait);
  g_test_add_func ("/base/worker/free-delivers-everything-first", test_free_delivers_first);
  g_test_add_func ("/base/worker/free-delivers-what-answers-push", test_free_delivers_what_answers_push);
  g_test_add_func ("/base/worker/an-answer-may-free-its-worker", test_an_answer_may_free);
  g_test_add_func ("/base/worker/an-answer-may-be-unwanted", test_without_answer);
  g_test_add_func ("/base/worker/answers-come-on-the-owners-context", test_own_context);

  return g_test_run ();
}
