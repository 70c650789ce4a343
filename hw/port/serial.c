/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/port/port.h"
#include "hw/port/speed.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "app/base/error.h"

#define WAITING_MAX 4096

/* Documentation/admin-guide/devices.txt of the kernel: Unix98 PTY slaves. */
#define PTY_MAJOR_FIRST 136
#define PTY_MAJOR_LAST  143

struct _TwPort
{
  int          fd;
  char        *path;
  TwPortEvents events;
  gpointer     user_data;
  guint        read_source;
  guint        write_source;
  GByteArray  *waiting;
};

static int
open_tty (const char *path,
          GError    **error)
{
  int fd = open (path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  int reason = errno;

  if (fd >= 0 && isatty (fd))
    return fd;

  if (fd >= 0)
    {
      close (fd);
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "%s is not a serial port (not a tty): check the configured path", path);
    }
  else if (reason == EBUSY)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE,
                 "%s is in use by another process: stop that one, or configure another port", path);
  else if (reason == EACCES || reason == EPERM)
    g_set_error (error, TW_ERROR, TW_ERROR_REFUSED,
                 "no permission to open %s: add this program's user to the group that owns it", path);
  else if (reason == ENOTDIR || reason == EISDIR || reason == ELOOP)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is not a serial port: %s", path, g_strerror (reason));
  else
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "no serial port at %s: %s", path, g_strerror (reason));

  return -1;
}

static gboolean
is_pty (int fd)
{
  struct stat about;

  return fstat (fd, &about) == 0
         && major (about.st_rdev) >= PTY_MAJOR_FIRST && major (about.st_rdev) <= PTY_MAJOR_LAST;
}

static gboolean
take_for_ourselves (int         fd,
                    const char *path,
                    GError    **error)
{
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE,
                   "%s is in use by another process: stop that one, or configure another port", path);
      return FALSE;
    }

  /* The flag keeps out programs that do not ask for the lock. It lives in the tty and goes with its last close; that
   * of a pty survives a killed process for as long as the master is open, and would lock out the successor. */
  if (!is_pty (fd))
    ioctl (fd, TIOCEXCL);

  return TRUE;
}

static gboolean
make_raw (int         fd,
          const char *path,
          guint       speed,
          GError    **error)
{
  struct termios raw, now;

  if (tcgetattr (fd, &raw) == 0)
    {
      cfmakeraw (&raw);
      /* No HUPCL: dropping DTR resets some boards, and a restart of ours must not reset the controller. */
      raw.c_cflag &= (tcflag_t) ~(CSTOPB | PARENB | CRTSCTS | HUPCL);
      raw.c_cflag |= CS8 | CREAD | CLOCAL;
      raw.c_cc[VMIN] = 1;
      raw.c_cc[VTIME] = 0;
      cfsetispeed (&raw, tw_speed_code (speed));
      cfsetospeed (&raw, tw_speed_code (speed));

      /* tcsetattr(3) succeeds if any of the changes could be made: look what came of it. */
      if (tcsetattr (fd, TCSANOW, &raw) == 0 && tcgetattr (fd, &now) == 0
          && cfgetospeed (&now) == tw_speed_code (speed) && (now.c_cflag & CSIZE) == CS8 && !(now.c_lflag & ICANON))
        {
          tcflush (fd, TCIOFLUSH);
          return TRUE;
        }
    }

  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s cannot be set to %u bits per second, 8N1: %s",
               path, speed, g_strerror (errno));
  return FALSE;
}

static void
lose (TwPort     *self,
      const char *why)
{
  g_autoptr (GError) error = g_error_new (TW_ERROR, TW_ERROR_GONE, "%s has hung up: %s", self->path, why);

  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_handle_id (&self->write_source, g_source_remove);
  close (self->fd);
  self->fd = -1;

  /* The last thing: the callback may close. */
  self->events.lost (error, self->user_data);
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  TwPort *self = user_data;
  guint8 bytes[512];
  gssize n = read (fd, bytes, sizeof bytes);

  if (n > 0)
    {
      self->events.received (bytes, (gsize) n, self->user_data);
      return G_SOURCE_CONTINUE;   /* if the callback closed us, the source is gone already */
    }
  if (n < 0 && (errno == EAGAIN || errno == EINTR) && !(condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)))
    return G_SOURCE_CONTINUE;

  lose (self, n == 0 || errno == EAGAIN ? "the far end is gone" : g_strerror (errno));
  return G_SOURCE_CONTINUE;
}

/* FALSE: nothing more can be written, now (errno is EAGAIN) or ever. */
static gboolean
write_some (TwPort *self)
{
  while (self->waiting->len > 0)
    {
      gssize n = write (self->fd, self->waiting->data, self->waiting->len);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      g_byte_array_remove_range (self->waiting, 0, (guint) n);
    }

  return TRUE;
}

static gboolean
on_writable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  TwPort *self = user_data;

  if (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL))
    {
      lose (self, "cannot be written to");
      return G_SOURCE_CONTINUE;
    }
  if (!write_some (self))
    {
      if (errno != EAGAIN)
        lose (self, g_strerror (errno));
      return G_SOURCE_CONTINUE;
    }

  self->write_source = 0;
  return G_SOURCE_REMOVE;
}

TwPort *
tw_port_open (const char         *path,
              guint               speed,
              const TwPortEvents *events,
              gpointer            user_data,
              GError            **error)
{
  TwPort *self;
  int fd;

  if (!tw_speed_is_accepted (speed))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: speed %u is not accepted; accepted are " TW_SPEEDS,
                   path, speed);
      return NULL;
    }

  fd = open_tty (path, error);
  if (fd < 0)
    return NULL;
  if (!take_for_ourselves (fd, path, error) || !make_raw (fd, path, speed, error))
    {
      close (fd);
      return NULL;
    }

  self = g_new0 (TwPort, 1);
  self->fd = fd;
  self->path = g_strdup (path);
  self->events = *events;
  self->user_data = user_data;
  self->waiting = g_byte_array_new ();
  self->read_source = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);

  return self;
}

void
tw_port_close (TwPort *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_handle_id (&self->write_source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_byte_array_unref (self->waiting);
  g_free (self->path);
  g_free (self);
}

gboolean
tw_port_write (TwPort       *self,
               const guint8 *bytes,
               gsize         n,
               GError      **error)
{
  if (self->fd < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s has hung up", self->path);
      return FALSE;
    }
  if (n > WAITING_MAX || self->waiting->len + n > WAITING_MAX)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s does not take the bytes written to it", self->path);
      return FALSE;
    }

  g_byte_array_append (self->waiting, bytes, (guint) n);
  if (self->write_source == 0 && !write_some (self))
    self->write_source = g_unix_fd_add (self->fd, G_IO_OUT, on_writable, self);

  return TRUE;
}

const char *
tw_port_path (TwPort *self)
{
  return self->path;
}
