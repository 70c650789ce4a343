/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/loop-thread.h"

struct _LoopThread
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
  GMutex        mutex;
  GCond         cond;
};

typedef struct
{
  LoopThread *self;
  void      (*func) (gpointer data);
  gpointer    data;
  gboolean    done;
} Call;

static gpointer
run (gpointer data)
{
  LoopThread *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

LoopThread *
loop_thread_new (void)
{
  LoopThread *self = g_new0 (LoopThread, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("street", run, self);
  return self;
}

static gboolean
on_call (gpointer data)
{
  Call *call = data;

  call->func (call->data);
  g_mutex_lock (&call->self->mutex);
  call->done = TRUE;
  g_cond_broadcast (&call->self->cond);
  g_mutex_unlock (&call->self->mutex);
  return G_SOURCE_REMOVE;
}

void
loop_thread_call (LoopThread *self,
                  void      (*func) (gpointer data),
                  gpointer    data)
{
  Call call = { self, func, data, FALSE };
  GSource *source = g_idle_source_new (); /* not g_main_context_invoke(): before the loop runs it would run here */

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_call, &call, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);

  g_mutex_lock (&self->mutex);
  while (!call.done)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
quit (gpointer data)
{
  g_main_loop_quit (data);
}

void
loop_thread_free (LoopThread *self)
{
  if (self == NULL)
    return;

  loop_thread_call (self, quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
