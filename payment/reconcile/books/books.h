/* SPDX-License-Identifier: Apache-2.0 */
/* A store of what was imported and of the cases that came of it: SQLite on the station ("sqlite:PATH"), PostgreSQL for
 * a fleet ("postgresql://..."), one schema. Loading a file is one transaction and idempotent: the same file again, or
 * the same rows in another file, add nothing; a crash in the middle leaves nothing. Cases are append-only events. One
 * thread at a time. RETRY: the store is out of reach. BAD_DATA: it is none, or one of a newer Tapwatt.
 */
#pragma once

#include "payment/reconcile/exception.h"
#include "payment/reconcile/intake.h"

typedef struct _TwBooks TwBooks;

typedef enum { TW_BOOKS_EXISTING, TW_BOOKS_CREATE } TwBooksMode;

TwBooks *tw_books_open (const char *url, TwBooksMode mode, GError **error);
void     tw_books_free (TwBooks *self);

/* One file. What comes through the intake is put aside; end writes it, all or nothing, and abandon or a crash drops it.
 * role: "journal", "psp", ... Others may load at the same time; they wait for each other only in end. */
gboolean tw_books_begin (TwBooks *self, const char *role, const char *path, TwIntake *intake, GError **error);
/* n_new: rows that are new, or tell more than what was there. 0 for a file of which the digest is known. If it was read
 * in another way then (import->reading), or before the store kept what several files tell, what it says now takes the
 * place of what it said, and of that what others told, too, is theirs. BAD_DATA: as "journal" it was known. */
gboolean tw_books_end (TwBooks *self, const TwImport *import, guint64 *n_new, GError **error);
void     tw_books_abandon (TwBooks *self);

/* Whether a file of that role was ever loaded. */
gboolean tw_books_has_role (TwBooks *self, const char *role, gboolean *has, GError **error);

/* Role and path are owned by the file; import as it was given to end. */
typedef struct { char *role, *path; TwImport import; } TwBooksFile;

/* Now and then while rows are read back: so many of so many. NULL: nobody looks. */
typedef void (*TwBooksProgress) (gpointer self, guint64 done, guint64 of);

void     tw_books_watch (TwBooks *self, TwBooksProgress progress, gpointer progress_self);
/* All rows of all files, to a reconciliation. files: of TwBooksFile, those that TwOrigin.file of the rows points to;
 * may be NULL. */
gboolean tw_books_replay (TwBooks *self, const TwIntake *intake, GArray **files, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBooks, tw_books_free)
