/* SPDX-License-Identifier: Apache-2.0 */
/* A journal that is only looked at. Nothing may be left behind in its directory by a tool that somebody may run as
 * root, and the station may be writing meanwhile. So:
 *
 *   a writer holds the lock     share its write-ahead log through its -shm
 *   nobody, the log is empty    immutable: no lock, no file; if the main file changes meanwhile, say so
 *   nobody, the log is not      the writer died: let SQLite read the log beside the file; where that needs a file
 *                               that cannot be made (read-only medium), read a private copy
 */
#include "payment/journal/journal.h"

#include "app/base/error.h"
#include "payment/journal/database.h"
#include "payment/journal/directory.h"
#include "payment/journal/export-file.h"
#include "payment/journal/opening.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  sqlite3     *db;
  char        *path;
  char        *copy_dir;      /* NULL: no copy was needed */
  gboolean     immutable;
  struct stat  seen;          /* what immutable was promised about */
} View;

static gboolean
is_still_the_same (const View *self)
{
  struct stat now;

  if (!self->immutable)
    return TRUE;

  return stat (self->path, &now) == 0 && now.st_ino == self->seen.st_ino && now.st_size == self->seen.st_size &&
         now.st_mtim.tv_sec == self->seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == self->seen.st_mtim.tv_nsec;
}

static gboolean
check_same (const View  *self,
            gboolean     read,
            GError     **error)
{
  if (is_still_the_same (self))
    return read;

  g_clear_error (error);
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: a station started to write while it was read: once more",
               self->path);

  return FALSE;
}

static gboolean
view_each (gpointer      data,
           const char   *session,
           TwEntryFunc   func,
           gpointer      user_data,
           GError      **error)
{
  View *self = data;

  return check_same (self, tw_database_each (self->db, session, G_MININT64, func, user_data, error), error);
}

static gboolean
view_each_after (gpointer     data,
                 guint64      seq,
                 TwEntryFunc  func,
                 gpointer     user_data,
                 GError     **error)
{
  View *self = data;

  return check_same (self, tw_database_each (self->db, NULL, (gint64) seq + 1, func, user_data, error), error);
}

static gboolean
view_each_blob (gpointer     data,
                TwBlobFunc   func,
                gpointer     user_data,
                GError     **error)
{
  View *self = data;

  return check_same (self, tw_database_each_blob (self->db, func, user_data, error), error);
}

static GBytes *
view_blob (gpointer    data,
           const char *hash)
{
  return tw_database_blob (((View *) data)->db, hash);
}

static guint64
view_last_seq (gpointer    data,
               const char *session)
{
  return tw_database_last_seq (((View *) data)->db, session);
}

static void
remove_copy (const char *dir)
{
  static const char *const NAMES[] = { "journal.db", "journal.db-wal", "journal.db-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = g_build_filename (dir, NAMES[i], NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

static void
view_free (gpointer data)
{
  View *self = data;

  g_clear_pointer (&self->db, sqlite3_close_v2);
  if (self->copy_dir != NULL)
    remove_copy (self->copy_dir);
  g_free (self->copy_dir);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (View, view_free)

static gboolean
copy_file (const char  *from,
           const char  *dir,
           const char  *name,
           GError     **error)
{
  g_autofree char *to = g_build_filename (dir, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) problem = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &problem))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "copying %s to %s: %s", from, dir, problem->message);

  return FALSE;
}

/* Page 1 is asked for, because SQLite opens files only when it needs them. */
static sqlite3 *
open_and_read (const char      *path,
               TwDatabaseMode   mode,
               GError         **error)
{
  g_autoptr (sqlite3) db = tw_database_open (path, mode, error);
  TwIdentity identity;

  if (db == NULL || !tw_database_identify (db, &identity, error))
    return NULL;

  if (identity == TW_IDENTITY_JOURNAL)
    return g_steal_pointer (&db);

  g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA,
                       identity == TW_IDENTITY_EMPTY ? "empty: no tapwatt has written to it yet"
                                                     : "an older schema: start the station once, which migrates it");

  return NULL;
}

static gboolean
open_copy (View        *self,
           const char  *log,
           GError     **error)
{
  g_autofree char *copy = NULL;
  g_autoptr (GError) problem = NULL;

  self->copy_dir = g_dir_make_tmp ("tapwatt-journal-XXXXXX", &problem);
  if (self->copy_dir == NULL)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, problem->message);
      return FALSE;
    }

  if (!copy_file (self->path, self->copy_dir, "journal.db", error) ||
      !copy_file (log, self->copy_dir, "journal.db-wal", error))
    return FALSE;

  copy = g_build_filename (self->copy_dir, "journal.db", NULL);
  self->db = open_and_read (copy, TW_DATABASE_WRITE, error);

  return self->db != NULL;
}

static gboolean
open_view (View    *self,
           GError **error)
{
  g_autofree char *dir = g_path_get_dirname (self->path);
  g_autofree char *lock = g_build_filename (dir, "journal.lock", NULL);
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autoptr (GError) problem = NULL;
  struct stat log_is;

  self->immutable = !tw_directory_is_locked (lock) && (stat (log, &log_is) != 0 || log_is.st_size == 0);
  if (stat (self->path, &self->seen) != 0)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, g_strerror (errno));
      return FALSE;
    }

  self->db = open_and_read (self->path, self->immutable ? TW_DATABASE_IMMUTABLE : TW_DATABASE_READ, &problem);
  if (self->db != NULL)
    return TRUE;

  if (!self->immutable && g_error_matches (problem, TW_ERROR, TW_ERROR_RETRY) && !tw_directory_is_locked (lock))
    return open_copy (self, log, error);

  g_propagate_error (error, g_steal_pointer (&problem));

  return FALSE;
}

/* An export starts with the brace of its first line; SQLite has said already that it is no database. */
static gboolean
is_export (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  char first = '\0';
  gboolean yes = fd >= 0 && read (fd, &first, 1) == 1 && first == '{';

  if (fd >= 0)
    g_close (fd, NULL);

  return yes;
}

/* A directory means the journal in it. Links are followed first: the log lies beside the file, not beside the link. */
static char *
real_path (const char *path)
{
  gboolean is_dir = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char *named = is_dir ? g_build_filename (path, "journal.db", NULL) : g_strdup (path);
  char *real = realpath (named, NULL);
  char *result = g_strdup (real != NULL ? real : named);

  free (real);

  return result;
}

TwJournal *
tw_journal_open_readonly (const char  *path,
                          GError     **error)
{
  const TwJournalFuncs funcs = { .each = view_each, .blob = view_blob, .each_blob = view_each_blob, .free = view_free,
                                 .each_after = view_each_after, .last_seq = view_last_seq };
  g_autoptr (View) self = g_new0 (View, 1);
  g_autoptr (GError) problem = NULL;
  TwIdentity identity;

  self->path = real_path (path);
  if (!tw_opening_look (self->path, &identity, &problem) &&
      g_error_matches (problem, TW_ERROR, TW_ERROR_BAD_DATA) && is_export (self->path))
    return tw_export_open (self->path);

  if (problem == NULL && open_view (self, &problem))
    return tw_journal_new (&funcs, g_steal_pointer (&self));

  g_propagate_prefixed_error (error, g_steal_pointer (&problem), "%s: ", self->path);

  return NULL;
}
