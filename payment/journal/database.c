/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/database.h"

#include "app/base/error.h"
#include "payment/journal/directory.h"
#include "payment/journal/schema.h"

#include <string.h>

#define BUSY_MS 2000                     /* a tool that reads holds locks for moments only */
#define LONGEST_VALUE (8 * 1024 * 1024)  /* what a forged file may make us allocate at once */

static char *
uri_of (const char     *path,
        TwDatabaseMode  mode,
        GError        **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, error);

  if (uri == NULL)
    return NULL;

  if (mode == TW_DATABASE_WRITE)
    return g_strconcat (uri, "?mode=rw", NULL);

  return g_strconcat (uri, mode == TW_DATABASE_READ ? "?mode=ro" : "?mode=ro&immutable=1", NULL);
}

/* The file may be somebody else's making: its schema may not call functions of its choice, its sizes are bounded. */
static void
harden (sqlite3 *db)
{
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_limit (db, SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
  sqlite3_limit (db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, BUSY_MS);
}

sqlite3 *
tw_database_open (const char      *path,
                  TwDatabaseMode   mode,
                  GError         **error)
{
  g_autoptr (sqlite3) db = NULL;
  g_autofree char *uri = uri_of (path, mode, error);
  int access = mode == TW_DATABASE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

  if (uri == NULL)
    return NULL;

  if (sqlite3_open_v2 (uri, &db, access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      tw_database_set_error (error, db, "opening it");
      return NULL;
    }

  harden (db);

  return g_steal_pointer (&db);
}

static TwError
error_code (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_ERROR:
      return TW_ERROR_BAD_DATA;
    default:
      return TW_ERROR_RETRY;
    }
}

void
tw_database_set_error (GError     **error,
                       sqlite3     *db,
                       const char  *doing)
{
  TwError code = error_code (sqlite3_errcode (db));
  int system_errno = sqlite3_system_errno (db);
  const char *more = system_errno != 0 && code == TW_ERROR_RETRY ? g_strerror (system_errno) : NULL;

  g_set_error (error, TW_ERROR, code, "%s: %s%s%s", doing, sqlite3_errmsg (db), more ? ": " : "", more ? more : "");
}

gboolean
tw_database_is_full (sqlite3    *db,
                     const char *path)
{
  int code = sqlite3_extended_errcode (db);

  /* A quota or a limit on the size of files shows as a failed write, and its errno is gone by now. */
  return code == SQLITE_FULL || code == SQLITE_IOERR_WRITE || tw_directory_is_full (path);
}

gboolean
tw_database_exec (sqlite3     *db,
                  const char  *sql,
                  GError     **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  tw_database_set_error (error, db, "journal");

  return FALSE;
}

gboolean
tw_database_prepare (sqlite3       *db,
                     const char    *sql,
                     sqlite3_stmt **statement,
                     GError       **error)
{
  if (sqlite3_prepare_v2 (db, sql, -1, statement, NULL) == SQLITE_OK)
    return TRUE;

  tw_database_set_error (error, db, "journal");

  return FALSE;
}

gboolean
tw_database_int64 (sqlite3     *db,
                   const char  *sql,
                   gint64      *value,
                   GError     **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int step;

  *value = 0;
  if (!tw_database_prepare (db, sql, &statement, error))
    return FALSE;

  step = sqlite3_step (statement);
  if (step == SQLITE_ROW)
    *value = sqlite3_column_int64 (statement, 0);
  if (step == SQLITE_ROW || step == SQLITE_DONE)
    return TRUE;

  tw_database_set_error (error, db, "journal");

  return FALSE;
}

gboolean
tw_database_text (sqlite3     *db,
                  const char  *sql,
                  char       **value,
                  GError     **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int step;

  *value = NULL;
  if (!tw_database_prepare (db, sql, &statement, error))
    return FALSE;

  step = sqlite3_step (statement);
  if (step == SQLITE_ROW)
    *value = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  if (step == SQLITE_ROW || step == SQLITE_DONE)
    return TRUE;

  tw_database_set_error (error, db, "journal");

  return FALSE;
}

gboolean
tw_database_identify (sqlite3     *db,
                      TwIdentity  *identity,
                      GError     **error)
{
  gint64 mark, version, tables;

  if (!tw_database_int64 (db, "PRAGMA application_id", &mark, error) ||
      !tw_database_int64 (db, "PRAGMA user_version", &version, error) ||
      !tw_database_int64 (db, "SELECT count(*) FROM sqlite_schema", &tables, error))
    return FALSE;

  if (mark == 0 && version == 0 && tables == 0)
    {
      *identity = TW_IDENTITY_EMPTY;
      return TRUE;
    }

  if (mark != TW_JOURNAL_MARK)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "a database, but not a journal of tapwatt");
      return FALSE;
    }

  if (version < 1 || version > TW_JOURNAL_SCHEMA)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "schema %" G_GINT64_FORMAT " is newer than the %d that this program knows: "
                   "use the tapwatt that wrote it",
                   version, TW_JOURNAL_SCHEMA);
      return FALSE;
    }

  *identity = version < TW_JOURNAL_SCHEMA ? TW_IDENTITY_OLDER : TW_IDENTITY_JOURNAL;

  return TRUE;
}
