/* SPDX-License-Identifier: Apache-2.0 */
/* A thread with a main context of its own, for things that must go on while the test blocks in somebody's library. */
#pragma once

#include <glib.h>

typedef struct _LoopThread LoopThread;

LoopThread *loop_thread_new (void);
void        loop_thread_free (LoopThread *self);

/* Runs func in that thread, with its context as the thread-default one, and waits until it has returned. */
void        loop_thread_call (LoopThread *self, void (*func) (gpointer data), gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoopThread, loop_thread_free)
