/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "app/base/error.h"
#include "hw/port/port.h"
#include "tests/lib/scripted-port.h"

typedef struct
{
  GByteArray *heard;
  GError     *lost;
  TwPort    **close_on_lost;
  TwPort    **close_on_bytes;
} Seen;

static void
on_received (const guint8 *bytes,
             gsize         n,
             gpointer      user_data)
{
  Seen *seen = user_data;

  g_byte_array_append (seen->heard, bytes, (guint) n);
  if (seen->close_on_bytes)
    g_clear_pointer (seen->close_on_bytes, tw_port_close);
}

static void
on_lost (const GError *error,
         gpointer      user_data)
{
  Seen *seen = user_data;

  g_assert_null (seen->lost);
  seen->lost = g_error_copy (error);
  if (seen->close_on_lost)
    g_clear_pointer (seen->close_on_lost, tw_port_close);
}

static const TwPortEvents events = { on_received, on_lost };

static Seen *
seen_new (void)
{
  Seen *seen = g_new0 (Seen, 1);

  seen->heard = g_byte_array_new ();
  return seen;
}

static void
seen_free (Seen *seen)
{
  g_byte_array_unref (seen->heard);
  g_clear_error (&seen->lost);
  g_free (seen);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

static TwPort *
open_port (TwScriptedPort *far_end,
           Seen           *seen)
{
  g_autoptr (GError) error = NULL;
  TwPort *port = tw_port_open (tw_scripted_port_path (far_end), 115200, &events, seen, &error);

  g_assert_no_error (error);
  return port;
}

static void
wait_for_bytes (Seen *seen,
                guint n)
{
  while (seen->heard->len < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
every_byte_passes (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  g_autoptr (TwPort) port = open_port (far_end, seen);
  guint8 all[256];

  for (guint i = 0; i < sizeof all; i++)
    all[i] = (guint8) i;

  tw_scripted_port_expect (far_end, all, sizeof all, all, sizeof all);
  g_assert_true (tw_port_write (port, all, sizeof all, NULL));
  wait_for_bytes (seen, sizeof all);
  g_assert_cmpmem (seen->heard->data, seen->heard->len, all, sizeof all);
  g_assert_null (seen->lost);
}

static void
dribbled_bytes_arrive (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  g_autoptr (TwPort) port = open_port (far_end, seen);

  tw_scripted_port_set_chunk (far_end, 1);
  tw_scripted_port_say (far_end, "\r\n\0$OK\x11\x13\x03\x04", 10);
  wait_for_bytes (seen, 10);
  g_assert_cmpmem (seen->heard->data, seen->heard->len, "\r\n\0$OK\x11\x13\x03\x04", 10);
  g_assert_cmpstr (tw_port_path (port), ==, tw_scripted_port_path (far_end));
}

static void
hang_up_is_told_once (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  g_autoptr (TwPort) port = open_port (far_end, seen);
  g_autoptr (GError) error = NULL;

  tw_scripted_port_hang_up (far_end);
  while (seen->lost == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_error (seen->lost, TW_ERROR, TW_ERROR_GONE);
  g_assert_false (g_main_context_pending (NULL));
  g_assert_false (tw_port_write (port, (const guint8 *) "x", 1, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
}

static void
callbacks_may_close (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  TwPort *port = open_port (far_end, seen);

  seen->close_on_bytes = &port;
  tw_scripted_port_say (far_end, "x", 1);
  wait_for_bytes (seen, 1);
  g_assert_null (port);

  port = open_port (far_end, seen);
  seen->close_on_lost = &port;
  tw_scripted_port_hang_up (far_end);
  while (port != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (seen->lost);
}

static void
same_path_opens_again (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  TwPort *port = open_port (far_end, seen);
  g_autoptr (GError) error = NULL;

  tw_scripted_port_hang_up (far_end);
  while (seen->lost == NULL)
    g_main_context_iteration (NULL, TRUE);
  tw_port_close (port);

  port = tw_port_open (tw_scripted_port_path (far_end), 115200, &events, seen, &error);
  g_assert_null (port);
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);

  tw_scripted_port_come_back (far_end);
  port = open_port (far_end, seen);
  tw_scripted_port_say (far_end, "y", 1);
  wait_for_bytes (seen, 1);
  tw_port_close (port);
}

static void
second_user_is_refused (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  TwPort *first = open_port (far_end, seen);
  g_autoptr (GError) error = NULL;
  TwPort *second = tw_port_open (tw_scripted_port_path (far_end), 115200, &events, seen, &error);

  g_assert_null (second);
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_STATE);
  g_assert_nonnull (strstr (error->message, "in use by another process"));
  g_assert_nonnull (strstr (error->message, tw_scripted_port_path (far_end)));

  tw_port_close (first);
  second = open_port (far_end, seen);
  tw_port_close (second);
}

static void
assert_not_opened (const char *path,
                   guint       speed,
                   TwError     code,
                   const char *says)
{
  g_autoptr (GError) error = NULL;
  TwPort *port = tw_port_open (path, speed, &events, NULL, &error);

  g_assert_null (port);
  g_assert_error (error, TW_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, says));
}

static void
others_are_refused (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autofree char *folder = g_dir_make_tmp ("tapwatt-port-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *fifo = g_build_filename (folder, "fifo", NULL);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_not_opened ("/nonexistent/tty", 115200, TW_ERROR_GONE, "no serial port");
  assert_not_opened (file, 115200, TW_ERROR_BAD_DATA, "not a tty");
  assert_not_opened (fifo, 115200, TW_ERROR_BAD_DATA, "not a tty");
  assert_not_opened ("/dev/null", 115200, TW_ERROR_BAD_DATA, "not a tty");
  assert_not_opened (folder, 115200, TW_ERROR_BAD_DATA, "not a serial port");
  assert_not_opened (tw_scripted_port_path (far_end), 115201, TW_ERROR_BAD_DATA, "115201 is not accepted");

  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_unlink (fifo), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
raw_at_the_speed (void)
{
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (Seen) seen = seen_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TwPort) port = tw_port_open (tw_scripted_port_path (far_end), 19200, &events, seen, &error);
  struct termios now;
  int fd = open (tw_scripted_port_path (far_end), O_RDWR | O_NOCTTY | O_CLOEXEC);

  g_assert_no_error (error);
  g_assert_nonnull (port);
  g_assert_cmpint (tcgetattr (fd, &now), ==, 0);
  g_assert_true (cfgetospeed (&now) == B19200 && cfgetispeed (&now) == B19200);
  g_assert_true ((now.c_cflag & CSIZE) == CS8);
  g_assert_false (now.c_cflag & (PARENB | CSTOPB | CRTSCTS));
  g_assert_true (now.c_cflag & CLOCAL);
  g_assert_false (now.c_lflag & (ICANON | ECHO | ISIG));
  g_assert_false (now.c_iflag & (IXON | IXOFF | ICRNL | INLCR));
  g_assert_false (now.c_oflag & OPOST);
  close (fd);
}

/* A far end that does not read: the pty's buffers take some, then ours, then no more; nothing blocks. */
static void
full_line_is_told (void)
{
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_autoptr (Seen) seen = seen_new ();
  g_autoptr (GError) error = NULL;
  guint8 block[1024] = { 0 };
  TwPort *port;
  guint blocks = 0;

  g_assert_cmpint (unlockpt (master), ==, 0);
  port = tw_port_open (ptsname (master), 115200, &events, seen, &error);
  g_assert_no_error (error);
  while (tw_port_write (port, block, sizeof block, &error))
    g_assert_cmpuint (++blocks, <, 1000);
  g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);

  /* Once it reads, what waited goes out from the main loop. */
  for (gsize left = blocks * sizeof block; left > 0;)
    {
      gssize n = read (master, block, sizeof block);

      left -= n > 0 ? (gsize) n : 0;
      g_main_context_iteration (NULL, FALSE);
    }
  tw_port_close (port);
  close (master);
}

static void
what_is_no_port_is_told_without_opening_it (void)
{
  static const char *const NONE[] = { "/dev/null", "/etc/passwd", "/", "/proc/self/fd" };
  g_autoptr (TwScriptedPort) far_end = tw_scripted_port_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_port_may_be_at (tw_scripted_port_path (far_end), &error));
  g_assert_no_error (error);
  tw_scripted_port_hang_up (far_end);      /* nothing there yet may still become one */
  g_assert_true (tw_port_may_be_at (tw_scripted_port_path (far_end), &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (NONE); i++)
    {
      g_autoptr (GError) refused = NULL;

      g_assert_false (tw_port_may_be_at (NONE[i], &refused));
      g_assert_error (refused, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (refused->message, NONE[i]));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/port/every-byte-passes-both-ways", every_byte_passes);
  g_test_add_func ("/port/what-is-no-port-is-told-without-opening-it", what_is_no_port_is_told_without_opening_it);
  g_test_add_func ("/port/dribbled-bytes-arrive", dribbled_bytes_arrive);
  g_test_add_func ("/port/hang-up-is-told-once", hang_up_is_told_once);
  g_test_add_func ("/port/callbacks-may-close-the-port", callbacks_may_close);
  g_test_add_func ("/port/same-path-opens-again-after-a-hang-up", same_path_opens_again);
  g_test_add_func ("/port/second-user-is-refused", second_user_is_refused);
  g_test_add_func ("/port/what-is-not-a-serial-port-is-refused", others_are_refused);
  g_test_add_func ("/port/port-is-raw-at-the-speed-asked-for", raw_at_the_speed);
  g_test_add_func ("/port/line-that-takes-no-bytes-is-told", full_line_is_told);
  return g_test_run ();
}
