/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a journal's tables as values. Nothing that is read is believed: a row of the wrong shape can only come
 * from outside, and is handed on so that verification can name it.
 */
#include "payment/journal/database.h"

#include <string.h>

#define ENTRY_COLUMNS "seq, wall_us, boot_us, boot_id, synced, session, kind, payload, hash"

enum { SEQ, WALL_US, BOOT_US, BOOT_ID, SYNCED, SESSION, KIND, PAYLOAD, HASH };

static gboolean
is_blob_of (sqlite3_stmt *row,
            int           column,
            int           n_bytes)
{
  return sqlite3_column_type (row, column) == SQLITE_BLOB && sqlite3_column_bytes (row, column) == n_bytes;
}

static gboolean
is_text (sqlite3_stmt *row,
         int           column)
{
  const char *text;

  if (sqlite3_column_type (row, column) != SQLITE_TEXT)
    return FALSE;

  text = (const char *) sqlite3_column_text (row, column);

  return text != NULL && strlen (text) == (gsize) sqlite3_column_bytes (row, column);
}

static gboolean
is_integer (sqlite3_stmt *row,
            int           column)
{
  return sqlite3_column_type (row, column) == SQLITE_INTEGER;
}

/* What a TwEntry can say in full, so that nothing of the row escapes its hash. */
static gboolean
is_whole (sqlite3_stmt *row)
{
  gint64 synced = sqlite3_column_int64 (row, SYNCED);

  return is_integer (row, SEQ) && sqlite3_column_int64 (row, SEQ) > 0 &&
         is_integer (row, WALL_US) && is_integer (row, BOOT_US) &&
         is_blob_of (row, BOOT_ID, 16) &&
         is_integer (row, SYNCED) && (synced == 0 || synced == 1) &&
         (sqlite3_column_type (row, SESSION) == SQLITE_NULL || is_text (row, SESSION)) &&
         is_text (row, KIND) &&
         sqlite3_column_type (row, PAYLOAD) == SQLITE_BLOB &&
         is_blob_of (row, HASH, 32);
}

static GBytes *
column_bytes (sqlite3_stmt *row,
              int           column)
{
  gconstpointer bytes = sqlite3_column_blob (row, column);

  return g_bytes_new (bytes, sqlite3_column_bytes (row, column));
}

static TwEntry *
entry_of (sqlite3_stmt *row)
{
  const char *session = (const char *) sqlite3_column_text (row, SESSION);
  const char *kind = (const char *) sqlite3_column_text (row, KIND);
  TwInstant at = {
    .wall_us = sqlite3_column_int64 (row, WALL_US),
    .boot_us = sqlite3_column_int64 (row, BOOT_US),
    .synced = sqlite3_column_int64 (row, SYNCED) == 1,
  };
  TwEntry *entry;

  if (is_blob_of (row, BOOT_ID, sizeof at.boot_id))
    memcpy (at.boot_id, sqlite3_column_blob (row, BOOT_ID), sizeof at.boot_id);

  entry = tw_entry_new (at, session, kind ? kind : "", column_bytes (row, PAYLOAD));
  entry->seq = sqlite3_column_int64 (row, SEQ);
  if (is_whole (row))
    memcpy (entry->hash, sqlite3_column_blob (row, HASH), sizeof entry->hash);

  return entry;
}

gboolean
tw_database_each (sqlite3      *db,
                  const char   *session,
                  gint64        from_seq,
                  TwEntryFunc   func,
                  gpointer      user_data,
                  GError      **error)
{
  g_autoptr (sqlite3_stmt) row = NULL;
  int step;

  if (!tw_database_prepare (db, session == NULL
                              ? "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq >= ?1 ORDER BY seq"
                              : "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq >= ?1 AND session = ?2 ORDER BY seq",
                            &row, error))
    return FALSE;

  sqlite3_bind_int64 (row, 1, from_seq);
  if (session != NULL)
    sqlite3_bind_text (row, 2, session, -1, SQLITE_STATIC);

  while ((step = sqlite3_step (row)) == SQLITE_ROW)
    {
      g_autoptr (TwEntry) entry = entry_of (row);

      if (!func (entry, user_data))
        return TRUE;
    }

  if (step == SQLITE_DONE)
    return TRUE;

  tw_database_set_error (error, db, "reading entries");

  return FALSE;
}

gboolean
tw_database_each_blob (sqlite3     *db,
                       TwBlobFunc   func,
                       gpointer     user_data,
                       GError     **error)
{
  g_autoptr (sqlite3_stmt) row = NULL;
  int step;

  if (!tw_database_prepare (db, "SELECT hash, bytes FROM blob ORDER BY hash", &row, error))
    return FALSE;

  while ((step = sqlite3_step (row)) == SQLITE_ROW)
    {
      const char *hash = (const char *) sqlite3_column_text (row, 0);
      g_autoptr (GBytes) bytes = column_bytes (row, 1);

      if (!func (hash ? hash : "", bytes, user_data))
        return TRUE;
    }

  if (step == SQLITE_DONE)
    return TRUE;

  tw_database_set_error (error, db, "reading blobs");

  return FALSE;
}

GBytes *
tw_database_blob (sqlite3    *db,
                  const char *hash)
{
  g_autoptr (sqlite3_stmt) row = NULL;

  if (!tw_database_prepare (db, "SELECT bytes FROM blob WHERE hash = ?1", &row, NULL))
    return NULL;

  sqlite3_bind_text (row, 1, hash, -1, SQLITE_STATIC);
  if (sqlite3_step (row) != SQLITE_ROW)
    return NULL;

  return column_bytes (row, 0);
}

guint64
tw_database_last_seq (sqlite3    *db,
                      const char *session)
{
  g_autoptr (sqlite3_stmt) row = NULL;

  if (!tw_database_prepare (db, session == NULL ? "SELECT max (seq) FROM entry"
                                                : "SELECT max (seq) FROM entry WHERE session = ?1", &row, NULL))
    return 0;

  if (session != NULL)
    sqlite3_bind_text (row, 1, session, -1, SQLITE_STATIC);

  return sqlite3_step (row) == SQLITE_ROW ? (guint64) sqlite3_column_int64 (row, 0) : 0;
}
