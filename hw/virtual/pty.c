/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pty.h"

#include "app/base/error.h"

#include <glib-unix.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define QUEUE_MAX 65536

struct _TwPty
{
  GMainContext *context;
  char         *link;
  char         *device;
  TwPtyFunc     on_bytes;
  gpointer      user_data;

  int           master;
  int           keep;     /* a near end held open: without it the master reads EIO whenever a client closes */
  int           watch;    /* inotify: a client has closed the near end */
  GSource      *readable;
  GSource      *writable;
  GSource      *closed;
  GSource      *tick;

  GByteArray   *queue;
  guint         ms_per_byte;
};

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_source_unref (*source);
  *source = NULL;
}

static void
clear_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
add_source (TwPty      *self,
            GSource   **slot,
            GSource    *source,
            GSourceFunc func)
{
  clear_source (slot);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
  *slot = source;
}

/* Writes at most limit bytes of the queue. TRUE: the line would not take them. */
static gboolean
flush (TwPty *self,
       gsize  limit)
{
  gsize want = MIN (limit, self->queue->len);
  gssize n;

  if (self->master < 0 || want == 0)
    return FALSE;

  n = write (self->master, self->queue->data, want);
  if (n > 0)
    g_byte_array_remove_range (self->queue, 0, n);
  return n < (gssize) want;
}

static gboolean
on_writable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  TwPty *self = user_data;

  flush (self, G_MAXSIZE);
  if (self->queue->len > 0)
    return G_SOURCE_CONTINUE;

  clear_source (&self->writable);
  return G_SOURCE_REMOVE;
}

static gboolean
on_tick (gpointer user_data)
{
  TwPty *self = user_data;

  flush (self, 1);
  if (self->queue->len > 0)
    return G_SOURCE_CONTINUE;

  clear_source (&self->tick);
  return G_SOURCE_REMOVE;
}

static void
pump (TwPty *self)
{
  if (self->ms_per_byte > 0)
    {
      if (self->tick == NULL && self->queue->len > 0)
        add_source (self, &self->tick, g_timeout_source_new (self->ms_per_byte), on_tick);
      return;
    }

  if (self->writable == NULL && flush (self, G_MAXSIZE))
    add_source (self, &self->writable, g_unix_fd_source_new (self->master, G_IO_OUT), G_SOURCE_FUNC (on_writable));
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  TwPty *self = user_data;
  guint8 bytes[1024];
  gssize n;

  n = read (fd, bytes, sizeof bytes);
  if (n > 0)
    self->on_bytes (bytes, n, self->user_data);

  return G_SOURCE_CONTINUE;
}

/* A real port forgets TIOCEXCL with its last close; a pseudo-terminal keeps it as long as either end is open, and a
 * program that was killed could never open its port again. So what the last close would do is done here. */
static gboolean
on_closed (int          fd,
           GIOCondition condition,
           gpointer     user_data)
{
  TwPty *self = user_data;
  char events[1024];

  while (read (fd, events, sizeof events) > 0)
    continue;
  if (self->keep >= 0)
    ioctl (self->keep, TIOCNXCL);

  return G_SOURCE_CONTINUE;
}

static gboolean
fail (GError    **error,
      const char *what,
      const char *path)
{
  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s %s: %s", what, path, g_strerror (errno));
  return FALSE;
}

/* A new link is made beside the old one and moved over it, so that at no time there is none. */
static gboolean
point_link (TwPty   *self,
            GError **error)
{
  g_autofree char *beside = NULL;
  GStatBuf st;

  if (self->link == NULL)
    return TRUE;
  if (g_lstat (self->link, &st) == 0 && !S_ISLNK (st.st_mode))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "%s exists and is not a symbolic link; it is left alone",
                   self->link);
      return FALSE;
    }

  beside = g_strdup_printf ("%s.new", self->link);
  g_unlink (beside);
  if (symlink (self->device, beside) != 0)
    return fail (error, "cannot make the link", beside);
  if (g_rename (beside, self->link) != 0)
    {
      fail (error, "cannot make the link", self->link);
      g_unlink (beside);
      return FALSE;
    }
  return TRUE;
}

static gboolean
open_pair (TwPty   *self,
           GError **error)
{
  struct termios raw;
  char name[64];

  self->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (self->master < 0 || grantpt (self->master) != 0 || unlockpt (self->master) != 0
      || ptsname_r (self->master, name, sizeof name) != 0)
    return fail (error, "cannot make a pseudo-terminal from", "/dev/ptmx");

  g_free (self->device);
  self->device = g_strdup (name);
  self->keep = open (name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (self->keep < 0 || tcgetattr (self->keep, &raw) != 0)
    return fail (error, "cannot open the pseudo-terminal", name);
  cfmakeraw (&raw);
  if (tcsetattr (self->keep, TCSANOW, &raw) != 0)
    return fail (error, "cannot set up the pseudo-terminal", name);

  return TRUE;
}

/* Without the watch everything but TIOCEXCL of a killed client works; then there is nothing to tell anyone. */
static void
watch_near_end (TwPty *self)
{
  self->watch = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->watch >= 0 && inotify_add_watch (self->watch, self->device, IN_CLOSE) >= 0)
    add_source (self, &self->closed, g_unix_fd_source_new (self->watch, G_IO_IN), G_SOURCE_FUNC (on_closed));
}

void
tw_pty_hang_up (TwPty *self)
{
  clear_source (&self->readable);
  clear_source (&self->writable);
  clear_source (&self->closed);
  clear_source (&self->tick);
  g_byte_array_set_size (self->queue, 0);

  if (self->master < 0)
    return;
  if (self->link)
    g_unlink (self->link);
  clear_fd (&self->watch);
  clear_fd (&self->keep);
  clear_fd (&self->master);
}

gboolean
tw_pty_return (TwPty   *self,
               GError **error)
{
  if (self->master >= 0)
    return TRUE;

  if (!open_pair (self, error) || !point_link (self, error))
    {
      clear_fd (&self->keep);
      clear_fd (&self->master);
      return FALSE;
    }

  watch_near_end (self);
  add_source (self, &self->readable, g_unix_fd_source_new (self->master, G_IO_IN), G_SOURCE_FUNC (on_readable));
  return TRUE;
}

TwPty *
tw_pty_new (const char *link,
            TwPtyFunc   on_bytes,
            gpointer    user_data,
            GError    **error)
{
  g_autoptr (TwPty) self = g_new0 (TwPty, 1);

  self->context = g_main_context_ref_thread_default ();
  self->link = g_strdup (link);
  self->on_bytes = on_bytes;
  self->user_data = user_data;
  self->master = self->keep = self->watch = -1;
  self->queue = g_byte_array_new ();

  if (!tw_pty_return (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
tw_pty_free (TwPty *self)
{
  if (self == NULL)
    return;

  tw_pty_hang_up (self);
  g_byte_array_unref (self->queue);
  g_main_context_unref (self->context);
  g_free (self->device);
  g_free (self->link);
  g_free (self);
}

const char *
tw_pty_path (TwPty *self)
{
  return self->link ? self->link : self->device;
}

void
tw_pty_write (TwPty        *self,
              const guint8 *bytes,
              gsize         n)
{
  if (self->master < 0 || self->queue->len + n > QUEUE_MAX)
    return;

  g_byte_array_append (self->queue, bytes, n);
  pump (self);
}

void
tw_pty_drop_output (TwPty *self)
{
  g_byte_array_set_size (self->queue, 0);
  clear_source (&self->tick);
}

void
tw_pty_set_dribble (TwPty *self,
                    guint  ms_per_byte)
{
  if (ms_per_byte == self->ms_per_byte)
    return;

  self->ms_per_byte = ms_per_byte;
  clear_source (&self->tick);
  clear_source (&self->writable);
  pump (self);
}
