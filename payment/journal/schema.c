/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/schema.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The insert guards are there because INSERT OR REPLACE deletes without asking the delete guard. */
static const char TABLES[] =
  "CREATE TABLE meta ("
  "  key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE blob ("
  "  hash TEXT PRIMARY KEY CHECK (length (hash) = 64), bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE entry ("
  "  seq INTEGER PRIMARY KEY, wall_us INTEGER NOT NULL, boot_us INTEGER NOT NULL,"
  "  boot_id BLOB NOT NULL CHECK (length (boot_id) = 16), synced INTEGER NOT NULL CHECK (synced IN (0, 1)),"
  "  session TEXT, kind TEXT NOT NULL, payload BLOB NOT NULL,"
  "  hash BLOB NOT NULL CHECK (length (hash) = 32)) STRICT;"
  "CREATE INDEX entry_session ON entry (session, seq) WHERE session IS NOT NULL;"
  "CREATE TRIGGER entry_insert BEFORE INSERT ON entry"
  "  WHEN NEW.seq IS NOT (SELECT coalesce (max (seq), 0) + 1 FROM entry)"
  "  BEGIN SELECT raise (ABORT, 'journal: seq must follow the last one'); END;"
  "CREATE TRIGGER entry_update BEFORE UPDATE ON entry"
  "  BEGIN SELECT raise (ABORT, 'journal: entries are never changed'); END;"
  "CREATE TRIGGER entry_delete BEFORE DELETE ON entry"
  "  BEGIN SELECT raise (ABORT, 'journal: entries are never deleted'); END;"
  "CREATE TRIGGER blob_insert BEFORE INSERT ON blob"
  "  WHEN EXISTS (SELECT 1 FROM blob WHERE hash = NEW.hash)"
  "  BEGIN SELECT raise (ABORT, 'journal: blobs are never replaced'); END;"
  "CREATE TRIGGER blob_update BEFORE UPDATE ON blob"
  "  BEGIN SELECT raise (ABORT, 'journal: blobs are never changed'); END;"
  "CREATE TRIGGER blob_delete BEFORE DELETE ON blob"
  "  BEGIN SELECT raise (ABORT, 'journal: blobs are never deleted'); END;";

#define N_GUARDS 6
#define COUNT_GUARDS "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('entry', 'blob')"

/* MIGRATIONS[n] is the step from schema n + 1 to n + 2. None yet: schema 1 is the first. */
static const TwMigration MIGRATIONS[] = { NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (MIGRATIONS) == TW_JOURNAL_SCHEMA);

static gboolean
set_meta (sqlite3     *db,
          const char  *key,
          const char  *value,
          GError     **error)
{
  g_autoptr (sqlite3_stmt) insert = NULL;

  if (!tw_database_prepare (db, "INSERT INTO meta (key, value) VALUES (?1, ?2)", &insert, error))
    return FALSE;

  sqlite3_bind_text (insert, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_text (insert, 2, value, -1, SQLITE_STATIC);
  if (sqlite3_step (insert) == SQLITE_DONE)
    return TRUE;

  tw_database_set_error (error, db, "making the journal");

  return FALSE;
}

static gboolean
set_version (sqlite3  *db,
             guint     version,
             GError  **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %u", version);

  return tw_database_exec (db, sql, error);
}

static gboolean
fill (sqlite3     *db,
      const char  *station_id,
      GError     **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d", TW_JOURNAL_MARK);
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time ());

  return tw_database_exec (db, TABLES, error) &&
         set_meta (db, "station", station_id, error) &&
         set_meta (db, "created_us", now, error) &&
         tw_database_exec (db, mark, error) &&
         set_version (db, TW_JOURNAL_SCHEMA, error) &&
         tw_database_exec (db, "COMMIT", error);
}

gboolean
tw_schema_create (sqlite3     *db,
                  const char  *station_id,
                  GError     **error)
{
  if (!tw_database_exec (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (fill (db, station_id, error))
    return TRUE;

  tw_database_exec (db, "ROLLBACK", NULL);

  return FALSE;
}

static gboolean
sync_path (const char  *path,
           GError     **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int saved_errno = errno;

  if (fd >= 0)
    g_close (fd, NULL);
  if (!ok)
    g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", path, g_strerror (saved_errno));

  return ok;
}

static gboolean
copy_pages (sqlite3     *db,
            const char  *copy,
            GError     **error)
{
  g_autoptr (sqlite3) to = NULL;
  sqlite3_backup *backup;
  int fd = g_open (copy, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", copy, g_strerror (errno));
      return FALSE;
    }
  g_close (fd, NULL);

  to = tw_database_open (copy, TW_DATABASE_WRITE, error);
  if (to == NULL)
    return FALSE;

  backup = sqlite3_backup_init (to, "main", db, "main");
  if (backup != NULL)
    sqlite3_backup_step (backup, -1);
  if (backup != NULL && sqlite3_backup_finish (backup) == SQLITE_OK)
    return TRUE;

  tw_database_set_error (error, to, copy);

  return FALSE;
}

static gboolean
back_up (sqlite3     *db,
         const char  *path,
         guint        version,
         GError     **error)
{
  g_autofree char *copy = g_strdup_printf ("%s.schema-%u", path, version);
  g_autofree char *unfinished = g_strconcat (copy, ".part", NULL);
  g_autofree char *dir = g_path_get_dirname (path);

  g_unlink (unfinished);
  if (!copy_pages (db, unfinished, error) || !sync_path (unfinished, error))
    return FALSE;

  if (g_rename (unfinished, copy) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", copy, g_strerror (errno));
      return FALSE;
    }

  return sync_path (dir, error);
}

static gboolean
migrate_once (sqlite3      *db,
              TwMigration   step,
              guint         to,
              GError      **error)
{
  if (!tw_database_exec (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (step (db, error) && set_version (db, to, error) && tw_database_exec (db, "COMMIT", error))
    return TRUE;

  tw_database_exec (db, "ROLLBACK", NULL);
  g_prefix_error (error, "migration to schema %u: ", to);

  return FALSE;
}

gboolean
tw_schema_migrate (sqlite3            *db,
                   const char         *path,
                   const TwMigration  *steps,
                   guint               to,
                   GError            **error)
{
  gint64 version;

  if (!tw_database_int64 (db, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version < to && !back_up (db, path, version, error))
    return FALSE;

  for (; version < to; version++)
    if (!migrate_once (db, steps[version - 1], version + 1, error))
      return FALSE;

  return TRUE;
}

gboolean
tw_schema_update (sqlite3     *db,
                  const char  *path,
                  GError     **error)
{
  return tw_schema_migrate (db, path, MIGRATIONS, TW_JOURNAL_SCHEMA, error);
}

gboolean
tw_schema_check (sqlite3     *db,
                 const char  *station_id,
                 GError     **error)
{
  g_autofree char *station = NULL;
  g_autofree char *damage = NULL;
  gint64 guards;

  if (!tw_database_text (db, "SELECT value FROM meta WHERE key = 'station'", &station, error) ||
      !tw_database_int64 (db, COUNT_GUARDS, &guards, error) ||
      !tw_database_text (db, "PRAGMA quick_check(1)", &damage, error))
    return FALSE;

  if (g_strcmp0 (station, station_id) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "it is the journal of station \"%s\", this is \"%s\": give this station a directory of its own",
                   station ? station : "", station_id);
      return FALSE;
    }

  if (guards != N_GUARDS)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA,
                           "the triggers that protect its entries are missing: somebody changed it");
      return FALSE;
    }

  if (g_strcmp0 (damage, "ok") != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "damaged: %s", damage ? damage : "unknown");
      return FALSE;
    }

  return TRUE;
}
