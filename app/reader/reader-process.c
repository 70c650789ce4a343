/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/reader-process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/base/error.h"

#define THEIR_FD 3
#define END_MS   1000

struct _TwReaderProcess
{
  GSubprocess *process;      /* NULL: not ours */
  int          fd;
};

static TwReaderProcess *
take (GSubprocess *process,
      int          fd)
{
  TwReaderProcess *self = g_new0 (TwReaderProcess, 1);

  self->process = process;
  self->fd = fd;
  return self;
}

static gboolean
gone (GError    **error,
      const char *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: %s", what, g_strerror (errno));
  return FALSE;
}

static char **
with_socket (const char *const *argv)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();

  for (; *argv != NULL; argv++)
    g_ptr_array_add (all, g_strdup (*argv));
  g_ptr_array_add (all, g_strdup ("--socket-fd"));
  g_ptr_array_add (all, g_strdup_printf ("%d", THEIR_FD));
  g_ptr_array_add (all, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&all), FALSE);
}

TwReaderProcess *
tw_reader_process_spawn (const char *const *argv,
                         GError           **error)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GError) problem = NULL;
  g_auto(GStrv) all = with_socket (argv);
  GSubprocess *process;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    {
      gone (error, "no socket for the card reader");
      return NULL;
    }

  g_subprocess_launcher_take_fd (launcher, ends[1], THEIR_FD);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) all, &problem);
  if (process != NULL)
    return take (process, ends[0]);

  close (ends[0]);
  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s cannot be started: %s", argv[0], problem->message);
  return NULL;
}

TwReaderProcess *
tw_reader_process_connect (const char *path,
                           GError    **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  if (strlen (path) >= sizeof address.sun_path)
    {
      errno = ENAMETOOLONG;
      gone (error, path);
      return NULL;
    }

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  fd = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && connect (fd, (const struct sockaddr *) &address, sizeof address) == 0)
    return take (NULL, fd);

  gone (error, path);
  if (fd >= 0)
    close (fd);
  return NULL;
}

int
tw_reader_process_fd (TwReaderProcess *self)
{
  return self->fd;
}

static void
finish (TwReaderProcess *self)
{
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
  g_free (self);
}

void
tw_reader_process_kill (TwReaderProcess *self)
{
  close (self->fd);
  finish (self);
}

/* A closed socket is its sign to go. */
void
tw_reader_process_end (TwReaderProcess *self)
{
  const char *pid = self->process != NULL ? g_subprocess_get_identifier (self->process) : NULL;
  struct pollfd over = { .fd = -1, .events = POLLIN };

  close (self->fd);
  if (pid != NULL)
    over.fd = syscall (SYS_pidfd_open, (pid_t) g_ascii_strtoll (pid, NULL, 10), 0);
  if (over.fd >= 0)
    {
      (void) poll (&over, 1, END_MS);
      close (over.fd);
    }
  finish (self);
}
