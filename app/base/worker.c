/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/worker.h"

typedef struct
{
  GFunc    run;
  GFunc    done;
  gpointer data;
  gpointer user_data;
} Job;

struct _TwWorker
{
  int          refs;    /* ours, and one while answers are being delivered: an answer may free the worker */
  GThread     *thread;
  GAsyncQueue *todo;    /* of Job; one without run ends the thread */
  GAsyncQueue *done;    /* of Job */
  GSource     *source;  /* on the owner's context; ready when done is not empty */
  int          pending; /* pushed and not yet delivered */
};

static gpointer
work (gpointer data)
{
  TwWorker *self = data;

  for (;;)
    {
      Job *job = g_async_queue_pop (self->todo);

      if (job->run == NULL)
        {
          g_free (job);
          return NULL;
        }
      job->run (job->data, job->user_data);
      g_async_queue_push (self->done, job);
      g_source_set_ready_time (self->source, 0);
    }
}

static void
worker_unref (TwWorker *self)
{
  if (--self->refs > 0)
    return;

  g_async_queue_unref (self->todo);
  g_async_queue_unref (self->done);
  g_source_unref (self->source);
  g_free (self);
}

static void
deliver (TwWorker *self,
         Job      *job)
{
  g_atomic_int_add (&self->pending, -1);
  if (job->done)
    job->done (job->data, job->user_data);
  g_free (job);
}

static gboolean
on_answers (gpointer data)
{
  TwWorker *self = data;
  int n = g_async_queue_length (self->done);

  g_source_set_ready_time (self->source, -1);
  self->refs++;
  while (n-- > 0)
    {
      Job *job = g_async_queue_try_pop (self->done);

      if (job == NULL) /* an answer freed the worker, which delivered the rest */
        break;
      deliver (self, job);
    }
  /* What came after the count was taken: the next turn of the loop, so that other sources get theirs. */
  if (g_async_queue_length (self->done) > 0)
    g_source_set_ready_time (self->source, 0);
  worker_unref (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  return callback (user_data);
}

TwWorker *
tw_worker_new (const char *name)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  TwWorker *self = g_new0 (TwWorker, 1);

  self->refs = 1;
  self->todo = g_async_queue_new ();
  self->done = g_async_queue_new ();
  self->source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_name (self->source, name);
  g_source_set_callback (self->source, on_answers, self, NULL);
  g_source_attach (self->source, context);
  self->thread = g_thread_new (name, work, self);

  return self;
}

void
tw_worker_free (TwWorker *self)
{
  if (self == NULL)
    return;
  g_assert (g_thread_self () != self->thread);

  /* Every job comes back through the queue of answers, also one that an answer delivered here pushes. */
  while (tw_worker_pending (self) > 0)
    deliver (self, g_async_queue_pop (self->done));

  g_async_queue_push (self->todo, g_new0 (Job, 1));
  g_thread_join (self->thread);
  g_source_destroy (self->source);
  worker_unref (self);
}

void
tw_worker_push (TwWorker *self,
                GFunc     run,
                GFunc     done,
                gpointer  data,
                gpointer  user_data)
{
  Job *job = g_new (Job, 1);

  g_assert (run != NULL);
  *job = (Job) { run, done, data, user_data };
  g_atomic_int_inc (&self->pending);
  g_async_queue_push (self->todo, job);
}

guint
tw_worker_pending (TwWorker *self)
{
  return g_atomic_int_get (&self->pending);
}
