/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/books/engine.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS 10000   /* with another that writes */

typedef struct
{
  TwEngine      engine;
  sqlite3      *db;
  sqlite3_stmt *copying[TW_N_COPIES];
  char         *lock_path;
  int           lock_fd;            /* -1: not ours */
} Sqlite;

static gboolean
fail (Sqlite  *self,
      GError **error)
{
  int code = sqlite3_errcode (self->db);

  g_set_error (error, TW_ERROR, code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? TW_ERROR_BAD_DATA : TW_ERROR_RETRY,
               "the store %s: %s", sqlite3_db_filename (self->db, "main"), sqlite3_errmsg (self->db));

  return FALSE;
}

static gboolean
run (TwEngine    *engine,
     const char  *sql,
     guint64     *affected,
     GError     **error)
{
  Sqlite *self = (Sqlite *) engine;

  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return fail (self, error);
  if (affected != NULL)
    *affected = (guint64) sqlite3_changes64 (self->db);

  return TRUE;
}

static void
bind (sqlite3_stmt  *statement,
      int            place,
      const TwValue *value)
{
  switch (value->kind)
    {
    case TW_VALUE_NULL:
      sqlite3_bind_null (statement, place);
      break;
    case TW_VALUE_NUMBER:
      sqlite3_bind_int64 (statement, place, value->number);
      break;
    case TW_VALUE_TEXT:
      sqlite3_bind_text (statement, place, value->text.n > 0 ? value->text.text : "", (int) value->text.n,
                         SQLITE_STATIC);
      break;
    }
}

/* To SQLite "$1" is a name, and its place is where it comes first. */
static void
bind_named (sqlite3_stmt  *statement,
            const TwValue *values,
            guint          n)
{
  char name[16];

  for (guint i = 0; i < n; i++)
    {
      g_snprintf (name, sizeof name, "$%u", i + 1);
      bind (statement, sqlite3_bind_parameter_index (statement, name), &values[i]);
    }
}

static void
fetch (sqlite3_stmt *statement,
       TwValue      *values,
       guint         n)
{
  for (guint i = 0; i < n; i++)
    switch (sqlite3_column_type (statement, (int) i))
      {
      case SQLITE_NULL:
        values[i] = TW_VALUE_OF_NULL;
        break;
      case SQLITE_INTEGER:
        values[i] = TW_VALUE_OF_NUMBER (sqlite3_column_int64 (statement, (int) i));
        break;
      default:
        values[i] = (TwValue) { .kind = TW_VALUE_TEXT };
        values[i].text.text = (const char *) sqlite3_column_text (statement, (int) i);
        values[i].text.n = (guint32) sqlite3_column_bytes (statement, (int) i);
        break;
      }
}

static gboolean
ask (TwEngine       *engine,
     const char     *sql,
     const TwValue  *values,
     guint           n,
     TwRowFunc       row,
     gpointer        row_self,
     GError        **error)
{
  Sqlite *self = (Sqlite *) engine;
  g_autofree TwValue *found = NULL;
  sqlite3_stmt *statement = NULL;
  gboolean well = TRUE;
  guint n_columns;
  int rc;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    return fail (self, error);
  bind_named (statement, values, n);
  n_columns = (guint) sqlite3_column_count (statement);
  found = g_new (TwValue, MAX (n_columns, 1));
  while (well && (rc = sqlite3_step (statement)) == SQLITE_ROW)
    if (row != NULL)
      {
        fetch (statement, found, n_columns);
        well = row (row_self, found, n_columns, error);
      }
  if (well && rc != SQLITE_DONE)
    well = fail (self, error);
  sqlite3_finalize (statement);

  return well;
}

static gboolean
begin_copy (TwEngine    *engine,
            guint        copy,
            const char  *table,
            const char  *columns,
            guint        n,
            GError     **error)
{
  Sqlite *self = (Sqlite *) engine;
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "INSERT INTO %s (%s) VALUES (", table, columns);
  for (guint i = 0; i < n; i++)
    g_string_append (sql, i > 0 ? ",?" : "?");
  g_string_append_c (sql, ')');

  return sqlite3_prepare_v2 (self->db, sql->str, -1, &self->copying[copy], NULL) == SQLITE_OK ? TRUE
    : fail (self, error);
}

static gboolean
copy_row (TwEngine       *engine,
          guint           copy,
          const TwValue  *values,
          guint           n,
          GError        **error)
{
  Sqlite *self = (Sqlite *) engine;
  sqlite3_stmt *statement = self->copying[copy];
  gboolean well;

  for (guint i = 0; i < n; i++)
    bind (statement, (int) i + 1, &values[i]);
  well = sqlite3_step (statement) == SQLITE_DONE ? TRUE : fail (self, error);
  sqlite3_reset (statement);

  return well;
}

static void
drop_copies (TwEngine *engine)
{
  Sqlite *self = (Sqlite *) engine;

  for (guint i = 0; i < TW_N_COPIES; i++)
    sqlite3_finalize (g_steal_pointer (&self->copying[i]));
}

static gboolean
end_copies (TwEngine  *engine,
            GError   **error)
{
  drop_copies (engine);

  return TRUE;
}

static gboolean
fail_to_lock (Sqlite  *self,
              GError **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", self->lock_path, g_strerror (errno));

  return FALSE;
}

/* Whoever had it may have taken the file away between our opening and our locking. */
static gboolean
is_still_there (Sqlite *self,
                int     fd)
{
  struct stat ours, theirs;

  return fstat (fd, &ours) == 0 && stat (self->lock_path, &theirs) == 0 && ours.st_dev == theirs.st_dev
    && ours.st_ino == theirs.st_ino;
}

/* A file beside the store, locked as the kernel does it, which lets go when its process ends. SQLite's own locks are of
 * a transaction, and others must be able to load meanwhile. */
static gboolean
lock (TwEngine  *engine,
      gboolean  *taken,
      GError   **error)
{
  Sqlite *self = (Sqlite *) engine;

  *taken = FALSE;
  while (!*taken)
    {
      int fd = open (self->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

      if (fd < 0)
        return fail_to_lock (self, error);
      if (flock (fd, LOCK_EX | LOCK_NB) != 0)
        {
          gboolean is_theirs = errno == EWOULDBLOCK;

          close (fd);
          return is_theirs ? TRUE : fail_to_lock (self, error);
        }
      *taken = is_still_there (self, fd);
      if (*taken)
        self->lock_fd = fd;
      else
        close (fd);
    }

  return TRUE;
}

static void
unlock (TwEngine *engine)
{
  Sqlite *self = (Sqlite *) engine;

  if (self->lock_fd < 0)
    return;
  unlink (self->lock_path);
  close (self->lock_fd);
  self->lock_fd = -1;
}

static void
free_sqlite (TwEngine *engine)
{
  Sqlite *self = (Sqlite *) engine;

  drop_copies (engine);
  sqlite3_close (self->db);
  unlock (engine);
  g_free (self->lock_path);
  g_free (self);
}

static void
guard (GString    *sql,
       const char *table)
{
  g_string_append_printf (sql,
    "CREATE TRIGGER %1$s_keep BEFORE UPDATE ON %1$s BEGIN SELECT RAISE (ABORT, '%1$s is only added to'); END;"
    "CREATE TRIGGER %1$s_stay BEFORE DELETE ON %1$s BEGIN SELECT RAISE (ABORT, '%1$s is only added to'); END;", table);
}

static const TwEngineClass CLASS = {
  .number_type = "INTEGER",
  .has_column = "SELECT count (*) FROM pragma_table_info ($1) WHERE name = $2",
  .begin_schema = "BEGIN IMMEDIATE",
  .begin_write = "BEGIN IMMEDIATE",
  .begin_read = "BEGIN",
  TW_ENGINE_FUNCTIONS, .free = free_sqlite,
};

TwEngine *
tw_engine_open_sqlite (const char  *path,
                       gboolean     may_make,
                       GError     **error)
{
  Sqlite *self = g_new0 (Sqlite, 1);

  self->engine.class_ = &CLASS;
  self->lock_fd = -1;
  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | (may_make ? SQLITE_OPEN_CREATE : 0), NULL)
      != SQLITE_OK)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the store %s: %s", path,
                   self->db != NULL ? sqlite3_errmsg (self->db) : "no memory");
      free_sqlite (&self->engine);
      return NULL;
    }
  /* By the name that SQLite has found, so that whoever comes by a link meets the same lock. */
  self->lock_path = g_strconcat (sqlite3_db_filename (self->db, "main"), "-run", NULL);
  sqlite3_busy_timeout (self->db, PATIENCE_MS);
  if (!run (&self->engine, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = FILE;"
            " PRAGMA cache_size = -65536", NULL, error))
    {
      free_sqlite (&self->engine);
      return NULL;
    }

  return &self->engine;
}
