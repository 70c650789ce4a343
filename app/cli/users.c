/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/users.h"

#include "app/base/whole.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* "1: FLOCK  ADVISORY  WRITE 1234 00:05:678 0 EOF" (proc(5)); a waiting one has "->" in its second field. */
static guint
holder_in (const char        *line,
           const struct stat *is)
{
  g_autofree char *file = g_strdup_printf ("%02x:%02x:%lu", major (is->st_dev), minor (is->st_dev),
                                           (gulong) is->st_ino);
  g_auto (GStrv) all = g_strsplit_set (line, " \t", -1);
  const char *fields[8];
  guint n = 0;
  guint64 pid;

  for (guint i = 0; all[i] != NULL && n < G_N_ELEMENTS (fields); i++)
    if (*all[i] != '\0')
      fields[n++] = all[i];

  if (n < 6 || !g_str_equal (fields[5], file) || !tw_whole_parse_unsigned (fields[4], 10, 1, G_MAXINT, &pid))
    return 0;

  return (guint) pid;
}

static guint
find_lock (const struct stat *is)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint pid = 0;

  if (!g_file_get_contents ("/proc/locks", &text, NULL, NULL))
    return 0;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && pid == 0; i++)
    pid = holder_in (lines[i], is);

  return pid;
}

static gboolean
has_open (const char        *pid,
          const struct stat *is)
{
  g_autofree char *dir = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) fds = g_dir_open (dir, 0, NULL);
  const char *name;

  while (fds != NULL && (name = g_dir_read_name (fds)) != NULL)
    {
      g_autofree char *fd = g_build_filename (dir, name, NULL);
      struct stat other;

      if (stat (fd, &other) == 0 && S_ISCHR (other.st_mode) && other.st_rdev == is->st_rdev)
        return TRUE;
    }

  return FALSE;
}

static guint
find_open (const struct stat *is)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint64 pid;

  while (processes != NULL && (name = g_dir_read_name (processes)) != NULL)
    if (tw_whole_parse_unsigned (name, 10, 1, G_MAXINT, &pid) && pid != (guint64) getpid () &&
        has_open (name, is))
      return (guint) pid;

  return 0;
}

guint
tw_users_find (const char  *path,
               char       **name)
{
  struct stat is;
  guint pid;

  *name = NULL;
  if (stat (path, &is) != 0)
    return 0;

  pid = find_lock (&is);
  if (pid == 0)
    pid = find_open (&is);
  if (pid > 0)
    {
      g_autofree char *comm = g_strdup_printf ("/proc/%u/comm", pid);

      if (g_file_get_contents (comm, name, NULL, NULL))
        g_strchomp (*name);
      else
        *name = g_strdup ("a process");
    }

  return pid;
}
