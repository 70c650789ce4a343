/* SPDX-License-Identifier: Apache-2.0 */
/* One thread, one queue: work runs in the order it was pushed, and its answer comes back on the main context
 * in the same order. Each blocking library lives behind one of these.
 */
#pragma once

#include <glib.h>

typedef struct _TwWorker TwWorker;

TwWorker *tw_worker_new (const char *name);

/* Waits until everything that was pushed has run; the answers not yet delivered are delivered first. */
void      tw_worker_free (TwWorker *self);

/* run (data, user_data): on the worker's thread. done (data, user_data): on the main context that was the
 * thread default in tw_worker_new(); may be NULL. data belongs to the caller, who usually frees it in done. */
void      tw_worker_push (TwWorker *self, GFunc run, GFunc done, gpointer data, gpointer user_data);

guint     tw_worker_pending (TwWorker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWorker, tw_worker_free)
