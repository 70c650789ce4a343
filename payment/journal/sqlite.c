/* SPDX-License-Identifier: Apache-2.0 */
/* The writer. What it costs to be believed: one transaction and one sync a commit, on one thread.
 *
 * Two connections: the worker's, which writes, and the main thread's, which reads what is committed and never waits for
 * the worker (write-ahead log).
 */
#include "payment/journal/journal.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/log.h"
#include "app/base/worker.h"
#include "payment/journal/chain.h"
#include "payment/journal/database.h"
#include "payment/journal/directory.h"
#include "payment/journal/draft.h"
#include "payment/journal/opening.h"

#include <glib/gstdio.h>

#define INSERT_ENTRY \
  "INSERT INTO entry (seq, wall_us, boot_us, boot_id, synced, session, kind, payload, hash) " \
  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
#define INSERT_BLOB \
  "INSERT INTO blob (hash, bytes) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM blob WHERE hash = ?1)"

typedef struct
{
  char         *path;
  char         *reserve_path;
  char         *station_id;
  guint         reserve_kib;
  int           lock;
  sqlite3      *reader;      /* main thread */
  TwWorker     *worker;

  /* the worker's, once it runs */
  sqlite3      *writer;
  sqlite3_stmt *insert_entry;
  sqlite3_stmt *insert_blob;
  TwChain       head;

  int           roomy;       /* atomic */
  int           refilling;   /* atomic: the worker is asked already */
} Store;

typedef struct
{
  GPtrArray    *entries;
  GPtrArray    *blobs;
  TwCommitDone  done;
  gpointer      user_data;
  GError       *error;
} Commit;

static void
commit_free (Commit *commit)
{
  g_ptr_array_unref (commit->entries);
  g_clear_pointer (&commit->blobs, g_ptr_array_unref);
  g_clear_error (&commit->error);
  g_free (commit);
}

static gboolean
run_statement (Store         *self,
               sqlite3_stmt  *statement,
               GError       **error)
{
  gboolean ok = sqlite3_step (statement) == SQLITE_DONE;

  if (!ok)
    tw_database_set_error (error, self->writer, "journal");
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return ok;
}

static void
bind_bytes (sqlite3_stmt *statement,
            int           column,
            GBytes       *bytes)
{
  gsize n;
  gconstpointer data = g_bytes_get_data (bytes, &n);

  /* A NULL pointer would bind NULL, not an empty blob. */
  sqlite3_bind_blob64 (statement, column, n > 0 ? data : "", n, SQLITE_STATIC);
}

static gboolean
insert_entry (Store          *self,
              const TwEntry  *entry,
              GError        **error)
{
  sqlite3_stmt *row = self->insert_entry;

  sqlite3_bind_int64 (row, 1, entry->seq);
  sqlite3_bind_int64 (row, 2, entry->at.wall_us);
  sqlite3_bind_int64 (row, 3, entry->at.boot_us);
  sqlite3_bind_blob (row, 4, entry->at.boot_id, sizeof entry->at.boot_id, SQLITE_STATIC);
  sqlite3_bind_int (row, 5, entry->at.synced ? 1 : 0);
  if (entry->session != NULL)
    sqlite3_bind_text (row, 6, entry->session, -1, SQLITE_STATIC);
  sqlite3_bind_text (row, 7, entry->kind, -1, SQLITE_STATIC);
  bind_bytes (row, 8, entry->payload);
  sqlite3_bind_blob (row, 9, entry->hash, sizeof entry->hash, SQLITE_STATIC);

  return run_statement (self, row, error);
}

static gboolean
insert_blob (Store    *self,
             GBytes   *bytes,
             GError  **error)
{
  g_autofree char *hash = tw_sha256_hex (bytes);

  sqlite3_bind_text (self->insert_blob, 1, hash, -1, SQLITE_STATIC);
  bind_bytes (self->insert_blob, 2, bytes);

  return run_statement (self, self->insert_blob, error);
}

static gboolean
insert_batch (Store         *self,
              const Commit  *commit,
              TwChain       *head,
              GError       **error)
{
  for (guint i = 0; commit->blobs != NULL && i < commit->blobs->len; i++)
    if (!insert_blob (self, g_ptr_array_index (commit->blobs, i), error))
      return FALSE;

  for (guint i = 0; i < commit->entries->len; i++)
    {
      TwEntry *entry = g_ptr_array_index (commit->entries, i);

      tw_chain_append (head, entry);
      if (!insert_entry (self, entry, error))
        return FALSE;
    }

  return TRUE;
}

/* full: whether room was what was missing. */
static gboolean
write_batch (Store         *self,
             const Commit  *commit,
             gboolean      *full,
             GError       **error)
{
  TwChain head = self->head;
  gboolean io_error;

  *full = FALSE;
  if (tw_database_exec (self->writer, "BEGIN IMMEDIATE", error) &&
      insert_batch (self, commit, &head, error) &&
      tw_database_exec (self->writer, "COMMIT", error))
    {
      self->head = head;
      return TRUE;
    }

  *full = tw_database_is_full (self->writer, self->path);
  io_error = (sqlite3_errcode (self->writer) & 0xff) == SQLITE_IOERR;
  if (!sqlite3_get_autocommit (self->writer))
    tw_database_exec (self->writer, "ROLLBACK", NULL);
  tw_draft_reset (commit->entries);

  /* When the sync failed, the commit's pages are whole in the log and a crash would bring them back to life. Emptying
   * the log makes "nothing was written" true; where even that fails, the next commit overwrites them. */
  if (io_error)
    tw_database_exec (self->writer, "PRAGMA wal_checkpoint (TRUNCATE)", NULL);

  return FALSE;
}

static void
run_commit (gpointer data,
            gpointer user_data)
{
  Commit *commit = data;
  Store *self = user_data;
  gboolean full;

  if (!tw_draft_check (commit->entries, commit->blobs, &commit->error) ||
      write_batch (self, commit, &full, &commit->error))
    return;

  g_atomic_int_set (&self->roomy, FALSE);
  if (!full || !tw_directory_give_up (self->reserve_path))
    return;

  tw_log_warning ("%s: the disk is full: the reserve is given up, no new customers until there is room again",
                  self->path);
  g_clear_error (&commit->error);
  write_batch (self, commit, &full, &commit->error);
}

static void
answer_commit (gpointer data,
               gpointer user_data)
{
  Commit *commit = data;

  if (commit->done != NULL)
    commit->done (commit->entries, commit->error, commit->user_data);
  commit_free (commit);
}

static void
store_commit (gpointer      data,
              GPtrArray    *entries,
              GPtrArray    *blobs,
              TwCommitDone  done,
              gpointer      user_data)
{
  Store *self = data;
  Commit *commit = g_new0 (Commit, 1);

  commit->entries = g_ptr_array_ref (entries);
  commit->blobs = blobs != NULL ? g_ptr_array_ref (blobs) : NULL;
  commit->done = done;
  commit->user_data = user_data;
  tw_worker_push (self->worker, run_commit, answer_commit, commit, self);
}

static void
run_refill (gpointer data,
            gpointer user_data)
{
  Store *self = user_data;

  if (tw_directory_reserve (self->reserve_path, self->reserve_kib, NULL))
    g_atomic_int_set (&self->roomy, TRUE);
  g_atomic_int_set (&self->refilling, FALSE);
}

static gboolean
store_roomy (gpointer data)
{
  Store *self = data;

  if (g_atomic_int_get (&self->roomy))
    return TRUE;

  /* Allocating may take its time, and is the worker's business: the next question hears of it. */
  if (g_atomic_int_compare_and_exchange (&self->refilling, FALSE, TRUE))
    tw_worker_push (self->worker, run_refill, NULL, NULL, self);

  return FALSE;
}

static gboolean
store_each (gpointer      data,
            const char   *session,
            TwEntryFunc   func,
            gpointer      user_data,
            GError      **error)
{
  return tw_database_each (((Store *) data)->reader, session, G_MININT64, func, user_data, error);
}

static gboolean
store_each_blob (gpointer     data,
                 TwBlobFunc   func,
                 gpointer     user_data,
                 GError     **error)
{
  return tw_database_each_blob (((Store *) data)->reader, func, user_data, error);
}

static GBytes *
store_blob (gpointer    data,
            const char *hash)
{
  return tw_database_blob (((Store *) data)->reader, hash);
}

static void
store_free (gpointer data)
{
  Store *self = data;

  g_clear_pointer (&self->worker, tw_worker_free);
  g_clear_pointer (&self->insert_entry, sqlite3_finalize);
  g_clear_pointer (&self->insert_blob, sqlite3_finalize);
  g_clear_pointer (&self->reader, sqlite3_close_v2);
  g_clear_pointer (&self->writer, sqlite3_close_v2);
  if (self->lock >= 0)
    g_close (self->lock, NULL);
  g_free (self->path);
  g_free (self->reserve_path);
  g_free (self->station_id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_free)

static const TwJournalFuncs STORE_FUNCS = {
  .commit = store_commit,
  .each = store_each,
  .blob = store_blob,
  .each_blob = store_each_blob,
  .roomy = store_roomy,
  .free = store_free,
};

static sqlite3 *
open_writer (Store   *self,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  sqlite3 *writer = tw_opening_writer (self->path, self->station_id, &self->head, &local_error);

  /* A start on a full disk: open sessions are waiting in there to be settled. */
  if (writer == NULL && g_error_matches (local_error, TW_ERROR, TW_ERROR_RETRY) &&
      tw_directory_is_full (self->path) && tw_directory_give_up (self->reserve_path))
    {
      g_clear_error (&local_error);
      writer = tw_opening_writer (self->path, self->station_id, &self->head, &local_error);
    }

  if (writer == NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", self->path);

  return writer;
}

static gboolean
open_connections (Store   *self,
                  GError **error)
{
  self->writer = open_writer (self, error);
  if (self->writer == NULL)
    return FALSE;

  if (!tw_database_prepare (self->writer, INSERT_ENTRY, &self->insert_entry, error) ||
      !tw_database_prepare (self->writer, INSERT_BLOB, &self->insert_blob, error))
    return FALSE;

  self->reader = tw_database_open (self->path, TW_DATABASE_READ, error);

  return self->reader != NULL && tw_database_exec (self->reader, "PRAGMA cache_size = -500", error);
}

TwJournal *
tw_journal_open (const char              *dir,
                 const TwJournalOptions  *options,
                 GError                 **error)
{
  g_autoptr (Store) self = g_new0 (Store, 1);
  g_autoptr (GError) no_room = NULL;
  g_autofree char *lock_path = g_build_filename (dir, "journal.lock", NULL);

  self->lock = -1;
  self->path = g_build_filename (dir, "journal.db", NULL);
  self->reserve_path = g_build_filename (dir, "reserve", NULL);
  self->station_id = g_strdup (options->station_id);
  self->reserve_kib = options->reserve_kib;

  if (!tw_directory_prepare (dir, error))
    return NULL;
  self->lock = tw_directory_lock (lock_path, error);
  if (self->lock < 0 || !tw_directory_make_file (self->path, error) || !open_connections (self, error))
    return NULL;

  self->roomy = tw_directory_reserve (self->reserve_path, self->reserve_kib, &no_room);
  if (!self->roomy)
    tw_log_warning ("%s: no reserve, so no new customers: %s", dir, no_room->message);
  self->worker = tw_worker_new ("journal");

  return tw_journal_new (&STORE_FUNCS, g_steal_pointer (&self));
}
