/* SPDX-License-Identifier: Apache-2.0 */
/* A store of what was imported and of the cases that came of it: SQLite on the station ("sqlite:PATH"), PostgreSQL for
 * a fleet ("postgresql://..."), one schema. Loading a file is one transaction and idempotent: the same file again, or
 * the same rows in another file, add nothing; a crash in the middle leaves nothing. Cases are append-only events. One
 * thread. RETRY: the store is out of reach.
 */
#pragma once

#include "payment/reconcile/exception.h"
#include "payment/reconcile/intake.h"

typedef struct _TwBooks TwBooks;

TwBooks *tw_books_open (const char *url, GError **error);
void     tw_books_free (TwBooks *self);

/* One file. What begin opens is committed by end, and undone by abandon or a crash. */
gboolean tw_books_begin (TwBooks *self, const char *path, TwIntake *intake, GError **error);
gboolean tw_books_end (TwBooks *self, const TwImport *import, guint64 *n_new, GError **error);
void     tw_books_abandon (TwBooks *self);

/* All rows of all files, to a reconciliation. */
gboolean tw_books_replay (TwBooks *self, const TwIntake *intake, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBooks, tw_books_free)
