/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/error.h"
#include "payment/journal/journal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB (1024 * 1024)
#define WARN_FREE_MIB 64       /* years of one pedestal's entries */

static void
check_chain (TwFindings *findings,
             const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, &error);
  TwVerdict verdict = { 0 };

  if (journal == NULL || !tw_journal_verify (journal, NULL, &verdict, &error))
    tw_findings_add (findings, TW_SEVERITY_FAIL, "journal", path,
                     "keep the file, and give the station the tapwatt that wrote it, or a directory of its own", "%s",
                     error->message);
  else if (verdict.broken_seq != 0)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "journal", path,
                     "keep the file, compare it with an export or a backup from before (tapwatt journal verify)",
                     "%s", verdict.reason);
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "journal", path, NULL,
                     "%" G_GUINT64_FORMAT " entries, the chain is whole; head %s", verdict.entries, verdict.head);

  g_free (verdict.reason);
}

static void
check_reserve (TwFindings     *findings,
               const TwConfig *config)
{
  g_autofree char *path = g_build_filename (config->journal_dir, "reserve", NULL);
  struct stat is = { 0 };

  if (stat (path, &is) == 0 && (gint64) is.st_blocks * 512 >= (gint64) config->journal_reserve_kib * 1024)
    tw_findings_add (findings, TW_SEVERITY_OK, "reserve", path, NULL, "%u KiB",
                     config->journal_reserve_kib);
  else
    tw_findings_add (findings, TW_SEVERITY_WARN, "reserve", path,
                     "make room on the disk: the station then takes it back, and customers again",
                     "of %u KiB, %" G_GINT64_FORMAT " KiB are there: given up because the disk was full, or "
                     "reserve_kib was raised", config->journal_reserve_kib, (gint64) is.st_blocks / 2);
}

static void
check_room (TwFindings     *findings,
            const TwConfig *config,
            const char     *existing)
{
  struct statvfs fs;
  guint64 free_bytes;

  if (statvfs (existing, &fs) != 0)
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "space", existing, "mount the journal's disk", "%s",
                       g_strerror (errno));
      return;
    }

  free_bytes = (guint64) fs.f_bavail * fs.f_frsize;
  if (fs.f_flag & ST_RDONLY)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "space", existing,
                     "mount it for writing; if it was, the disk is failing", "the file system is read-only");
  else if (free_bytes < (guint64) config->journal_reserve_kib * 1024)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "space", existing, "make room",
                     "%" G_GUINT64_FORMAT " KiB free, less than the reserve", free_bytes / 1024);
  else if (free_bytes < (guint64) WARN_FREE_MIB * MIB)
    tw_findings_add (findings, TW_SEVERITY_WARN, "space", existing, "make room",
                     "%" G_GUINT64_FORMAT " MiB free", free_bytes / MIB);
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "space", existing, NULL, "%" G_GUINT64_FORMAT " MiB free",
                     free_bytes / MIB);
}

static gboolean
check_directory (TwFindings  *findings,
                 const char  *dir,
                 struct stat *is)
{
  g_autofree char *advice = g_strdup_printf ("chmod 0700 %s", dir);

  if (!S_ISDIR (is->st_mode) || g_access (dir, R_OK | W_OK | X_OK) != 0)
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "journal", dir, "make it a directory of the station's user",
                       "not a directory that this user may write to");
      return FALSE;
    }

  if (is->st_mode & S_IWOTH)
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "journal", dir, advice,
                       "everybody may write to it: the station will not start");
      return FALSE;
    }

  if (is->st_mode & (S_IROTH | S_IXOTH))
    tw_findings_add (findings, TW_SEVERITY_WARN, "journal", dir, advice, "everybody may look into it");

  return TRUE;
}

void
tw_check_journal (TwFindings     *findings,
                  const TwConfig *config)
{
  g_autofree char *path = g_build_filename (config->journal_dir, "journal.db", NULL);
  g_autofree char *parent = g_path_get_dirname (config->journal_dir);
  struct stat is;

  if (stat (config->journal_dir, &is) != 0)
    {
      tw_findings_add (findings, TW_SEVERITY_OK, "journal", config->journal_dir, NULL,
                       "not there yet: the station makes it when it first starts");
      check_room (findings, config, parent);
      return;
    }

  check_room (findings, config, config->journal_dir);
  if (!check_directory (findings, config->journal_dir, &is))
    return;

  if (g_access (path, F_OK) != 0)
    {
      tw_findings_add (findings, TW_SEVERITY_OK, "journal", path, NULL,
                       "not there yet: the station makes it when it first starts");
      return;
    }

  check_chain (findings, path);
  check_reserve (findings, config);
}
