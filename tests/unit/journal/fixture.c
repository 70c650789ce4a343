/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/journal/fixture.h"

#include "app/base/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  gboolean answered;
  GError  *error;
} Answer;

char *
fixture_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("tapwatt-test-journal-XXXXXX", &error);

  g_assert_no_error (error);

  return dir;
}

void
fixture_dir_remove (char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_remove (child), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_free (path);
}

char *
fixture_path (const char *dir,
              const char *name)
{
  return g_build_filename (dir, name, NULL);
}

TwJournal *
fixture_open (const char *dir)
{
  const TwJournalOptions options = { .station_id = "TEST-1" };
  g_autoptr (GError) error = NULL;
  TwJournal *journal = tw_journal_open (dir, &options, &error);

  g_assert_no_error (error);
  g_assert_nonnull (journal);

  return journal;
}

void
fixture_assert_refused (const char *dir,
                        int         code,
                        const char *part)
{
  const TwJournalOptions options = { .station_id = "TEST-1" };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJournal) journal = tw_journal_open (dir, &options, &error);

  g_assert_null (journal);
  g_assert_error (error, TW_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

TwEntry *
fixture_entry (guint       n,
               const char *session,
               const char *payload)
{
  TwInstant at = { .wall_us = G_GINT64_CONSTANT (1795342530000000) + n, .boot_us = 1000 * n, .synced = n % 2 };

  memset (at.boot_id, n & 0xff, sizeof at.boot_id);

  return tw_entry_new (at, session, "test-kind", g_bytes_new (payload, strlen (payload)));
}

GPtrArray *
fixture_entries (guint       first,
                 guint       n,
                 const char *session)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *payload = g_strdup_printf ("{\"n\":%u}", i);

      g_ptr_array_add (entries, fixture_entry (i, session, payload));
    }

  return entries;
}

static void
on_answer (GPtrArray    *entries,
           const GError *error,
           gpointer      user_data)
{
  Answer *answer = user_data;

  answer->answered = TRUE;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
}

gboolean
fixture_commit (TwJournal  *journal,
                GPtrArray  *entries,
                GBytes     *blob,
                GError    **error)
{
  g_autoptr (GPtrArray) blobs = g_ptr_array_new ();
  Answer answer = { FALSE };

  if (blob != NULL)
    g_ptr_array_add (blobs, blob);
  tw_journal_commit (journal, entries, blob != NULL ? blobs : NULL, on_answer, &answer);
  while (!answer.answered)
    g_main_context_iteration (NULL, TRUE);

  if (answer.error == NULL)
    return TRUE;

  g_propagate_error (error, answer.error);

  return FALSE;
}

void
fixture_fill (TwJournal *journal,
              guint      n)
{
  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (GPtrArray) entries = fixture_entries (i, 1, i % 2 ? "S1" : NULL);
      g_autoptr (GError) error = NULL;

      fixture_commit (journal, entries, NULL, &error);
      g_assert_no_error (error);
    }
}

char *
fixture_verify (TwJournal  *journal,
                const char *head,
                TwVerdict  *verdict)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_journal_verify (journal, head, verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict->reason != NULL, ==, verdict->broken_seq != 0);
  if (verdict->reason != NULL)
    g_test_message ("%s", verdict->reason);

  return verdict->reason;
}

guint64
fixture_assert_whole (TwJournal *journal)
{
  TwVerdict verdict;

  g_assert_null (fixture_verify (journal, NULL, &verdict));

  return verdict.entries;
}

void
fixture_vandalise (const char *db_path,
                   const char *sql)
{
  static const char GUARDS[] =
    "DROP TRIGGER IF EXISTS entry_insert; DROP TRIGGER IF EXISTS entry_update; DROP TRIGGER IF EXISTS entry_delete;"
    "DROP TRIGGER IF EXISTS blob_insert; DROP TRIGGER IF EXISTS blob_update; DROP TRIGGER IF EXISTS blob_delete;"
    "PRAGMA ignore_check_constraints = ON;";
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (db_path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, GUARDS, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
copy_file (const char *from,
           const char *to,
           const char *name)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *target = g_build_filename (to, name, NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  if (g_file_get_contents (source, &bytes, &n, NULL))
    g_assert_true (g_file_set_contents (target, bytes, n, NULL));
}

char *
fixture_snapshot (const char *dir)
{
  char *copy = fixture_dir_new ();

  copy_file (dir, copy, "journal.db");
  copy_file (dir, copy, "journal.db-wal");

  return copy;
}

static gint
by_name (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(char **) a, *(char **) b);
}

char *
fixture_digests (const char *dir)
{
  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *digest = NULL;
      gsize n;

      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, n);
      g_ptr_array_add (lines, g_strdup_printf ("%s %s", name, digest));
    }
  g_ptr_array_sort (lines, by_name);
  g_ptr_array_add (lines, NULL);

  return g_strjoinv ("\n", (char **) lines->pdata);
}

static gboolean
write_text (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    g_close (fd, NULL);

  return ok;
}

gboolean
fixture_mount_tiny (const char *dir,
                    guint       kib)
{
  g_autofree char *options = g_strdup_printf ("size=%uk,mode=0700", kib);
  g_autofree char *uids = g_strdup_printf ("%u %u 1", (guint) geteuid (), (guint) geteuid ());
  g_autofree char *gids = g_strdup_printf ("%u %u 1", (guint) getegid (), (guint) getegid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
         write_text ("/proc/self/uid_map", uids) &&
         write_text ("/proc/self/setgroups", "deny") &&
         write_text ("/proc/self/gid_map", gids) &&
         mount ("tmpfs", dir, "tmpfs", 0, options) == 0;
}

gboolean
fixture_remount_readonly (const char *dir)
{
  return mount (NULL, dir, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0;
}

void
fixture_unmount (const char *dir)
{
  umount2 (dir, MNT_DETACH);
}

gboolean
fixture_can_mount (void)
{
  char *dir = fixture_dir_new ();
  pid_t child = fork ();
  int status = 1;

  if (child == 0)
    _exit (fixture_mount_tiny (dir, 64) ? 0 : 1);

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  fixture_dir_remove (dir);

  return status == 0;
}
