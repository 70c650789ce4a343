/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/opening.h"

#include "app/base/error.h"
#include "payment/journal/schema.h"

#include <string.h>

#define TAIL 1000   /* entries whose chain is followed at every start; verification follows all */

static const char SETTINGS[] =
  "PRAGMA synchronous = FULL;"
  "PRAGMA journal_size_limit = 4194304;"
  "PRAGMA cache_size = -1000;"
  "PRAGMA cell_size_check = ON;"
  "PRAGMA temp_store = MEMORY;";

typedef struct
{
  TwChain  chain;
  gint64   anchor;      /* taken as it is: what is before it was checked at earlier starts */
  char    *reason;
} Tail;

/* Immutable: SQLite takes no lock and makes no -shm, so that a file that is none of ours stays as it was found. It does
 * not see the write-ahead log, but what is asked here is in the main file since the day it was made. */
gboolean
tw_opening_look (const char  *path,
                 TwIdentity  *identity,
                 GError     **error)
{
  g_autoptr (sqlite3) db = tw_database_open (path, TW_DATABASE_IMMUTABLE, error);

  return db != NULL && tw_database_identify (db, identity, error);
}

static gboolean
was_torn_at_birth (const char *path)
{
  g_autofree char *rollback = g_strconcat (path, "-journal", NULL);

  return g_file_test (rollback, G_FILE_TEST_EXISTS);
}

static gboolean
on_tail_entry (const TwEntry *entry,
               gpointer       user_data)
{
  Tail *tail = user_data;

  if (tail->anchor > 0 && entry->seq == (guint64) tail->anchor)
    {
      tail->chain.seq = entry->seq;
      memcpy (tail->chain.hash, entry->hash, sizeof entry->hash);
      return TRUE;
    }

  tail->reason = tw_chain_follow (&tail->chain, entry);

  return tail->reason == NULL;
}

static gboolean
follow_tail (sqlite3  *db,
             TwChain  *head,
             GError  **error)
{
  Tail tail = { 0 };
  gint64 last;

  if (!tw_database_int64 (db, "SELECT max (seq) FROM entry", &last, error))
    return FALSE;

  tail.anchor = last - TAIL;
  if (!tw_database_each (db, NULL, tail.anchor > 0 ? tail.anchor : G_MININT64, on_tail_entry, &tail, error))
    return FALSE;

  if (tail.reason != NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "the chain is broken: %s. Keep this file: tapwatt journal verify tells more", tail.reason);
      g_free (tail.reason);
      return FALSE;
    }

  *head = tail.chain;

  return TRUE;
}

static gboolean
use_log (sqlite3  *db,
         GError  **error)
{
  g_autofree char *mode = NULL;

  if (!tw_database_text (db, "PRAGMA journal_mode = WAL", &mode, error))
    return FALSE;
  if (g_strcmp0 (mode, "wal") == 0)
    return TRUE;

  g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, "this file system cannot hold a write-ahead log");

  return FALSE;
}

static gboolean
make_ready (sqlite3     *db,
            const char  *path,
            const char  *station_id,
            TwChain     *head,
            GError     **error)
{
  TwIdentity identity;

  if (!tw_database_identify (db, &identity, error) || !tw_database_exec (db, SETTINGS, error))
    return FALSE;
  if (identity == TW_IDENTITY_EMPTY && !tw_schema_create (db, station_id, error))
    return FALSE;
  if (identity == TW_IDENTITY_OLDER && !tw_schema_update (db, path, error))
    return FALSE;

  return tw_schema_check (db, station_id, error) && follow_tail (db, head, error) && use_log (db, error);
}

sqlite3 *
tw_opening_writer (const char  *path,
                   const char  *station_id,
                   TwChain     *head,
                   GError     **error)
{
  g_autoptr (sqlite3) db = NULL;
  TwIdentity identity;

  if (!was_torn_at_birth (path) && !tw_opening_look (path, &identity, error))
    return NULL;

  db = tw_database_open (path, TW_DATABASE_WRITE, error);
  if (db == NULL)
    return NULL;

  /* Until it is known to be ours, closing it must not move a page either. */
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (!make_ready (db, path, station_id, head, error))
    return NULL;

  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);

  return g_steal_pointer (&db);
}
