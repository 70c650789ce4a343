/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite as this folder uses it: opening, asking, and what its errors mean to a caller. Private to payment/journal.
 * A connection belongs to one thread at a time.
 */
#pragma once

#include "payment/journal/journal.h"

#include <sqlite3.h>

typedef enum
{
  TW_DATABASE_WRITE,       /* the one writer */
  TW_DATABASE_READ,        /* beside a writer: uses and, if need be, makes -shm and -wal */
  TW_DATABASE_IMMUTABLE,   /* nobody writes: no lock is taken and no file is made */
} TwDatabaseMode;

/* A journal as its first page tells it. */
typedef enum
{
  TW_IDENTITY_EMPTY,       /* no tables, no mark: to be made */
  TW_IDENTITY_JOURNAL,
  TW_IDENTITY_OLDER,       /* to be migrated */
} TwIdentity;

sqlite3 *tw_database_open (const char *path, TwDatabaseMode mode, GError **error);

/* BAD_DATA: damaged, not a database, or refused by a constraint. RETRY: everything that may go away. */
void     tw_database_set_error (GError **error, sqlite3 *db, const char *doing);
/* The disk is full, or may be. path: a file on it. */
gboolean tw_database_is_full (sqlite3 *db, const char *path);

gboolean tw_database_exec (sqlite3 *db, const char *sql, GError **error);
/* The first column of the first row; no row is 0 or NULL. */
gboolean tw_database_int64 (sqlite3 *db, const char *sql, gint64 *value, GError **error);
gboolean tw_database_text (sqlite3 *db, const char *sql, char **value, GError **error);
gboolean tw_database_prepare (sqlite3 *db, const char *sql, sqlite3_stmt **statement, GError **error);

/* BAD_DATA: another program's database, or a newer schema (both numbers are in the message). */
gboolean tw_database_identify (sqlite3 *db, TwIdentity *identity, GError **error);

/* Entries with seq >= from_seq. A row that this program cannot have written comes with a hash of zeros, which fits
 * nothing, so that verification finds it. */
gboolean tw_database_each (sqlite3 *db, const char *session, gint64 from_seq, TwEntryFunc func, gpointer user_data,
                           GError **error);
gboolean tw_database_each_blob (sqlite3 *db, TwBlobFunc func, gpointer user_data, GError **error);
GBytes  *tw_database_blob (sqlite3 *db, const char *hash);
guint64  tw_database_last_seq (sqlite3 *db, const char *session);   /* 0: none */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close_v2)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)
