/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/scripted-port.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

typedef struct
{
  GBytes *request;
  GBytes *reply;   /* NULL: silence */
} Turn;

struct _TwScriptedPort
{
  int              fd;        /* our end */
  int              keep_fd;   /* theirs, held open: otherwise their first close looks like a hang-up to us */
  char            *folder;
  char            *path;
  guint            read_source;
  guint            say_source;
  gsize            chunk;
  guint            delay_ms;
  GByteArray      *heard;
  GByteArray      *saying;
  GQueue           script;    /* of Turn */
  TwScriptedAnswer answer;
  gpointer         user_data;
};

static void
turn_free (Turn *turn)
{
  g_bytes_unref (turn->request);
  g_clear_pointer (&turn->reply, g_bytes_unref);
  g_free (turn);
}

static GBytes *
to_bytes (const void *data,
          gssize      n)
{
  return g_bytes_new (data, n < 0 ? strlen (data) : (gsize) n);
}

static gboolean on_say (gpointer user_data);

static void
say_later (TwScriptedPort *self,
           guint           ms)
{
  if (self->say_source == 0)
    self->say_source = g_timeout_add (ms, on_say, self);
}

static gboolean
on_say (gpointer user_data)
{
  TwScriptedPort *self = user_data;
  gsize n = self->chunk ? MIN (self->chunk, self->saying->len) : self->saying->len;
  gssize written = write (self->fd, self->saying->data, n);

  self->say_source = 0;
  g_assert_true (written > 0 || errno == EAGAIN);
  if (written > 0)
    g_byte_array_remove_range (self->saying, 0, (guint) written);
  if (self->saying->len > 0)
    say_later (self, 1);

  return G_SOURCE_REMOVE;
}

static void
say (TwScriptedPort *self,
     const guint8   *bytes,
     gsize           n)
{
  if (n == 0 || self->fd < 0)
    return;

  g_byte_array_append (self->saying, bytes, (guint) n);
  if (self->delay_ms == 0 && self->say_source == 0)
    on_say (self);
  else
    say_later (self, self->delay_ms);
}

static void
play_turn (TwScriptedPort *self)
{
  Turn *turn = g_queue_peek_head (&self->script);
  gsize n, reply_len;
  const guint8 *request, *reply;

  if (turn == NULL)
    g_error ("unexpected write of %u bytes: %.*s", self->heard->len, (int) self->heard->len,
             (char *) self->heard->data);

  request = g_bytes_get_data (turn->request, &n);
  if (self->heard->len < n)
    return;

  g_assert_cmpmem (self->heard->data, n, request, n);
  g_byte_array_remove_range (self->heard, 0, (guint) n);
  g_queue_pop_head (&self->script);
  if (turn->reply)
    {
      reply = g_bytes_get_data (turn->reply, &reply_len);
      say (self, reply, reply_len);
    }
  turn_free (turn);
}

static void
play_function (TwScriptedPort *self)
{
  gsize consumed;

  do
    {
      g_autoptr (GByteArray) answer = g_byte_array_new ();

      consumed = self->answer (self->heard->data, self->heard->len, answer, self->user_data);
      g_assert_cmpuint (consumed, <=, self->heard->len);
      g_byte_array_remove_range (self->heard, 0, (guint) consumed);
      say (self, answer->data, answer->len);
    }
  while (consumed > 0 && self->heard->len > 0);
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  TwScriptedPort *self = user_data;
  guint8 bytes[256];
  gssize n = read (fd, bytes, sizeof bytes);

  g_assert_cmpint (n, >, 0);
  g_byte_array_append (self->heard, bytes, (guint) n);
  if (self->answer)
    play_function (self);
  else
    while (self->heard->len > 0)
      {
        guint before = self->heard->len;

        play_turn (self);
        if (self->heard->len == before)
          break;
      }

  return G_SOURCE_CONTINUE;
}

static void
open_pty (TwScriptedPort *self)
{
  struct termios raw;

  self->fd = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (self->fd, >=, 0);
  g_assert_cmpint (grantpt (self->fd), ==, 0);
  g_assert_cmpint (unlockpt (self->fd), ==, 0);
  g_assert_cmpint (symlink (ptsname (self->fd), self->path), ==, 0);

  self->keep_fd = open (self->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (self->keep_fd, >=, 0);
  g_assert_cmpint (tcgetattr (self->keep_fd, &raw), ==, 0);
  cfmakeraw (&raw);
  g_assert_cmpint (tcsetattr (self->keep_fd, TCSANOW, &raw), ==, 0);
  self->read_source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, self);
}

TwScriptedPort *
tw_scripted_port_new (void)
{
  TwScriptedPort *self = g_new0 (TwScriptedPort, 1);

  self->fd = self->keep_fd = -1;
  self->folder = g_dir_make_tmp ("tapwatt-port-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "tty", NULL);
  self->heard = g_byte_array_new ();
  self->saying = g_byte_array_new ();
  g_queue_init (&self->script);
  open_pty (self);

  return self;
}

void
tw_scripted_port_free (TwScriptedPort *self)
{
  g_assert_true (g_queue_is_empty (&self->script));

  tw_scripted_port_hang_up (self);
  g_rmdir (self->folder);
  g_byte_array_unref (self->heard);
  g_byte_array_unref (self->saying);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

const char *
tw_scripted_port_path (TwScriptedPort *self)
{
  return self->path;
}

void
tw_scripted_port_expect (TwScriptedPort *self,
                         const void     *request,
                         gssize          request_len,
                         const void     *reply,
                         gssize          reply_len)
{
  Turn *turn = g_new0 (Turn, 1);

  turn->request = to_bytes (request, request_len);
  turn->reply = reply ? to_bytes (reply, reply_len) : NULL;
  g_queue_push_tail (&self->script, turn);
}

void
tw_scripted_port_answer_with (TwScriptedPort  *self,
                              TwScriptedAnswer answer,
                              gpointer         user_data)
{
  self->answer = answer;
  self->user_data = user_data;
}

void
tw_scripted_port_say (TwScriptedPort *self,
                      const void     *bytes,
                      gssize          n)
{
  say (self, bytes, n < 0 ? strlen (bytes) : (gsize) n);
}

void
tw_scripted_port_set_chunk (TwScriptedPort *self,
                            gsize           n_bytes)
{
  self->chunk = n_bytes;
}

void
tw_scripted_port_set_delay_ms (TwScriptedPort *self,
                               guint           ms)
{
  self->delay_ms = ms;
}

gboolean
tw_scripted_port_is_done (TwScriptedPort *self)
{
  return g_queue_is_empty (&self->script) && self->saying->len == 0;
}

void
tw_scripted_port_hang_up (TwScriptedPort *self)
{
  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_handle_id (&self->say_source, g_source_remove);
  g_byte_array_set_size (self->heard, 0);
  g_byte_array_set_size (self->saying, 0);
  if (self->fd < 0)
    return;

  g_unlink (self->path);
  g_close (self->keep_fd, NULL);
  g_close (self->fd, NULL);
  self->fd = self->keep_fd = -1;
}

void
tw_scripted_port_come_back (TwScriptedPort *self)
{
  g_assert_cmpint (self->fd, <, 0);
  open_pty (self);
}
