/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/directory.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LEAST_ROOM_KIB 64   /* what "there is room" means where nothing is reserved */

static void
set_errno (GError     **error,
           TwError      code,
           const char  *path)
{
  int saved_errno = errno;

  g_set_error (error, TW_ERROR, code, "%s: %s", path, g_strerror (saved_errno));
}

gboolean
tw_directory_prepare (const char  *dir,
                      GError     **error)
{
  struct stat is;

  if (g_mkdir_with_parents (dir, 0700) != 0 || stat (dir, &is) != 0)
    {
      set_errno (error, TW_ERROR_RETRY, dir);
      return FALSE;
    }

  if (is.st_mode & S_IWOTH)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s: everybody may write here: chmod 0700 it", dir);
      return FALSE;
    }

  if (is.st_uid != geteuid () && is.st_uid != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s: belongs to user %u, and this is user %u: chown it",
                   dir, (guint) is.st_uid, (guint) geteuid ());
      return FALSE;
    }

  return TRUE;
}

static gboolean
lock_whole (int   fd,
            int   command,
            short type,
            struct flock *lock)
{
  *lock = (struct flock) { .l_type = type, .l_whence = SEEK_SET };

  return fcntl (fd, command, lock) == 0;
}

static char *
read_pid (int fd)
{
  char text[24] = "";
  gssize n = pread (fd, text, sizeof text - 1, 0);

  return g_strdup (n > 0 && g_ascii_isdigit (text[0]) ? g_strchomp (text) : "unknown");
}

static gboolean
write_pid (int fd)
{
  g_autofree char *text = g_strdup_printf ("%d\n", (int) getpid ());
  gssize n = strlen (text);

  return ftruncate (fd, 0) == 0 && pwrite (fd, text, n, 0) == n;
}

static void
set_lock_error (GError     **error,
                const char  *path,
                int          fd)
{
  g_autofree char *pid = NULL;

  if (errno != EAGAIN && errno != EACCES)
    {
      set_errno (error, TW_ERROR_RETRY, path);
      return;
    }

  pid = read_pid (fd);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s: process %s has this journal: stop it first", path, pid);
}

/* An open-file-description lock: unlike a POSIX record lock it also stops a second journal of this same process. A
 * child that has not yet called exec shares it; O_CLOEXEC ends that. */
int
tw_directory_lock (const char  *path,
                   GError     **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct flock lock;

  if (fd < 0)
    {
      set_errno (error, TW_ERROR_RETRY, path);
      return -1;
    }

  if (!lock_whole (fd, F_OFD_SETLK, F_WRLCK, &lock))
    {
      set_lock_error (error, path, fd);
      g_close (fd, NULL);
      return -1;
    }

  /* The lock is the kernel's; the number is for people. A full disk must not keep the station from finishing. */
  if (!write_pid (fd))
    g_warning ("%s: could not note the process id: %s", path, g_strerror (errno));

  return fd;
}

gboolean
tw_directory_is_locked (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct flock lock;
  gboolean locked;

  if (fd < 0)
    return FALSE;

  locked = lock_whole (fd, F_OFD_GETLK, F_RDLCK, &lock) && lock.l_type != F_UNLCK;
  g_close (fd, NULL);

  return locked;
}

static gboolean
sync_parent (const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    g_close (fd, NULL);

  return ok;
}

gboolean
tw_directory_make_file (const char  *path,
                        GError     **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  struct stat is;

  if (fd >= 0)
    {
      g_close (fd, NULL);
      if (sync_parent (path))
        return TRUE;
      set_errno (error, TW_ERROR_RETRY, path);
      return FALSE;
    }

  if (errno != EEXIST || lstat (path, &is) != 0)
    {
      set_errno (error, TW_ERROR_RETRY, path);
      return FALSE;
    }

  if (S_ISREG (is.st_mode) && !(is.st_mode & S_IWOTH))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s: must be a plain file that only its owner may write", path);

  return FALSE;
}

static gboolean
allocate (int    fd,
          gint64 n_bytes)
{
  struct stat is;
  int result;

  if (fstat (fd, &is) == 0 && is.st_size == n_bytes && (gint64) is.st_blocks * 512 >= n_bytes)
    return TRUE;

  result = ftruncate (fd, 0) == 0 ? posix_fallocate (fd, 0, n_bytes) : errno;
  errno = result;

  return result == 0;
}

gboolean
tw_directory_reserve (const char  *path,
                      guint        kib,
                      GError     **error)
{
  gint64 n_bytes = (gint64) (kib > 0 ? kib : LEAST_ROOM_KIB) * 1024;
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean ok = fd >= 0 && allocate (fd, n_bytes);

  if (!ok)
    set_errno (error, TW_ERROR_RETRY, path);
  if (fd >= 0)
    g_close (fd, NULL);
  if (!ok || kib == 0)
    unlink (path);

  return ok;
}

gboolean
tw_directory_give_up (const char *path)
{
  if (unlink (path) != 0)
    return FALSE;

  /* Some file systems hand freed blocks out again only after a commit of their own. */
  sync_parent (path);

  return TRUE;
}

gboolean
tw_directory_is_full (const char *path)
{
  struct statvfs room;

  return statvfs (path, &room) == 0 && (guint64) room.f_bavail * room.f_frsize < LEAST_ROOM_KIB * 1024;
}
