/* SPDX-License-Identifier: Apache-2.0 */
/* The real libnfc, through reader.h, against the PN532 twin on a real pseudo-terminal. */
#include "tests/unit/reader/street.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void
test_whole_tap (Street       *s,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  TwTarget target;

  street_open (s);
  name = g_strdup_printf ("PN532 v1.6 at %s", tw_pn532_path (s->twin));
  g_assert_cmpstr (tw_nfc_name (s->nfc), ==, name);
  g_assert_false (street_find (s));
  g_assert_false (tw_nfc_present (s->nfc));

  street_insert (s, "visa-approve");
  g_assert_true (tw_nfc_find (s->nfc, &target, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (target.uid, target.uid_len, "\x08\x11\x22\x33", 4);
  g_assert_cmpmem (target.atqa, 2, "\x00\x04", 2);
  g_assert_cmphex (target.sak, ==, 0x20);
  g_assert_true (target.iso_dep);
  g_assert_true (target.random_uid);

  g_assert_true (tw_nfc_present (s->nfc));
  street_expect_end (s, SELECT_PPSE, "8701019000");
  street_expect_end (s, SELECT_VISA, "9000");
  street_expect_end (s, GPO, "9f6e04207000009000");
  g_assert_true (tw_nfc_present (s->nfc));
  tw_nfc_release (s->nfc);
  g_assert_true (street_find (s));
  street_expect_end (s, GPO, "6985"); /* selected anew: it has forgotten */

  street_remove (s);
  g_assert_false (tw_nfc_present (s->nfc));
  g_assert_false (street_find (s));
}

static void
test_uid_only (Street       *s,
               gconstpointer data)
{
  TwTarget target;

  street_open (s);
  street_insert (s, "rfid-classic");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_cmpmem (target.uid, target.uid_len, "\xDE\xAD\xBE\xEF", 4);
  g_assert_false (target.iso_dep);
  g_assert_false (target.random_uid);
  g_assert_true (tw_nfc_present (s->nfc));
  street_expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);

  street_insert (s, "rfid-ultralight");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_cmpmem (target.uid, target.uid_len, "\x04\xA1\xB2\xC3\xD4\xE5\xF6", 7);
  g_assert_true (tw_nfc_present (s->nfc));

  street_insert (s, "rfid-desfire");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_true (target.iso_dep);
  g_assert_false (target.random_uid);
  street_expect_end (s, SELECT_PPSE, "6a82");
  street_remove (s);
  g_assert_false (tw_nfc_present (s->nfc));

  street_insert (s, "phone");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_true (target.iso_dep && target.random_uid);
}

static void
test_longest (Street       *s,
              gconstpointer data)
{
  static const char *const PIECES[] = { NULL, "chain=64", "chain=1", "chain=262", "extended" };
  g_autofree char *first = NULL;

  street_open (s);
  street_insert (s, "visa-long-record");
  for (gsize i = 0; i < G_N_ELEMENTS (PIECES); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = NULL;

      street_clear (s);
      if (PIECES[i])
        street_fault (s, PIECES[i]);
      g_assert_true (street_find (s));
      street_expect_end (s, SELECT_VISA, "9000");
      answer = street_exchange (s, "00b2011400", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (strlen (answer), ==, 2 * 258);
      if (first)
        g_assert_cmpstr (answer, ==, first);
      else
        first = g_steal_pointer (&answer);
    }
}

static void
test_command_lengths (Street       *s,
                      gconstpointer data)
{
  g_autofree guint8 *command = g_malloc0 (300);
  guint8 answer[264];
  gsize n;
  g_autoptr (GError) error = NULL;

  street_open (s);
  street_insert (s, "visa-approve");
  g_assert_true (street_find (s));
  command[1] = 0xC0;
  g_assert_true (tw_nfc_exchange (s->nfc, command, 261, answer, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (street_apdus (s), ==, 1);

  for (gsize len = 262; len <= 300; len++)
    {
      g_assert_false (tw_nfc_exchange (s->nfc, command, len, answer, &n, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_clear_error (&error);
    }
  g_assert_false (tw_nfc_exchange (s->nfc, command, 0, answer, &n, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_cmpuint (street_apdus (s), ==, 1);
}

static void
test_torn (Street       *s,
           gconstpointer data)
{
  street_open (s);
  street_insert (s, "visa-tear");
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_PPSE, "9000");
  street_expect_end (s, SELECT_VISA, "9000");
  street_expect_failure (s, GPO, TW_ERROR_RETRY);
  g_assert_false (street_find (s));
  street_again (s);
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_PPSE, "9000");
}

static void
test_no_status_word (Street       *s,
                     gconstpointer data)
{
  street_open (s);
  street_insert (s, "silent-answer");
  g_assert_true (street_find (s));
  street_expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
  street_insert (s, "garbage");
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_PPSE, "ffffffff0081ff9f"); /* sense is for others to look for */
}

static void
test_field (Street       *s,
            gconstpointer data)
{
  street_open (s);
  street_insert (s, "visa-approve");
  g_assert_true (street_find (s));
  tw_nfc_field (s->nfc, FALSE);
  street_expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
  g_assert_cmpuint (street_apdus (s), ==, 0);
  tw_nfc_field (s->nfc, TRUE);
  g_assert_true (street_find (s));
  street_expect_end (s, SELECT_PPSE, "9000");
}

static guint
open_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

static void
test_reopen (Street       *s,
             gconstpointer data)
{
  guint before = 0;

  street_insert (s, "visa-approve");
  for (guint i = 0; i <= 10; i++)
    {
      street_open (s);
      g_assert_true (street_find (s));
      street_expect_end (s, SELECT_PPSE, "9000");
      tw_nfc_close (g_steal_pointer (&s->nfc));
      if (i == 0) /* the first may open what stays open, and is no leak */
        before = open_fds ();
    }
  g_assert_cmpuint (open_fds (), ==, before);
}

static void
test_exclusive (Street       *s,
                gconstpointer data)
{
  const char *path = tw_pn532_path (s->twin);
  int fd = open (path, O_RDWR | O_NOCTTY | O_CLOEXEC), exclusive = 0;

  street_open (s);
  street_refuse_open (s->address, TW_ERROR_BAD_STATE, "open already");
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), !=, 0); /* as another process would find it */
  g_assert_cmpint (errno, ==, EWOULDBLOCK);
  g_assert_cmpint (ioctl (fd, TIOCGEXCL, &exclusive), ==, 0);
  g_assert_true (exclusive);

  tw_nfc_close (g_steal_pointer (&s->nfc));
  g_assert_cmpint (ioctl (fd, TIOCGEXCL, &exclusive), ==, 0);
  g_assert_false (exclusive);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  street_refuse_open (s->address, TW_ERROR_BAD_STATE, "another process");
  close (fd);
  street_open (s);
}

/* A reader that was killed has left TIOCEXCL on. On a real port the last close ends it; here the twin must. */
static void
test_after_kill (Street       *s,
                 gconstpointer data)
{
  const char *path = tw_pn532_path (s->twin);
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  int fd = open (path, O_RDWR | O_NOCTTY | O_CLOEXEC), exclusive = 1;

  g_assert_cmpint (ioctl (fd, TIOCEXCL), ==, 0);
  close (fd);
  do
    {
      fd = open (path, O_RDWR | O_NOCTTY | O_CLOEXEC);
      if (fd < 0)
        continue; /* EBUSY, for anyone but root */
      g_assert_cmpint (ioctl (fd, TIOCGEXCL, &exclusive), ==, 0);
      close (fd);
    }
  while (exclusive && g_get_monotonic_time () < deadline);
  g_assert_false (exclusive);
  street_open (s);
}

static void
test_wrong_addresses (void)
{
  g_autofree char *file = NULL;
  int fd = g_file_open_tmp ("tapwatt-test-XXXXXX", &file, NULL);
  g_autofree char *address = g_strdup_printf ("pn532:%s", file);

  close (fd);
  street_refuse_open ("pn532:/dev/no-such-tty", TW_ERROR_GONE, "/dev/no-such-tty: there is no such port");
  street_refuse_open (address, TW_ERROR_BAD_DATA, "not a tty");
  street_refuse_open ("pn532:/dev/null", TW_ERROR_BAD_DATA, "not a tty");
  street_refuse_open ("pn532:/dev", TW_ERROR_GONE, "cannot open the port");
  street_refuse_open ("acr122:/dev/ttyS0", TW_ERROR_BAD_DATA, "form");
  street_refuse_open ("pn532:", TW_ERROR_BAD_DATA, "form");
  street_refuse_open ("pn532:ttyS0", TW_ERROR_BAD_DATA, "form");
  street_refuse_open ("pn532:/dev/ttyS0?speed=921600", TW_ERROR_BAD_DATA, "460800");
  street_refuse_open ("pn532:/dev/ttyS0?speed=fast", TW_ERROR_BAD_DATA, "speed=NUMBER");
  street_refuse_open ("pn532:/dev/ttyS0?parity=odd", TW_ERROR_BAD_DATA, "speed=NUMBER");
  g_unlink (file);
}

static void
test_speeds_and_links (Street       *s,
                       gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("tapwatt:test-XXXXXX", NULL); /* a colon, as in /dev/serial/by-path */
  g_autofree char *link = g_build_filename (dir, "reader", NULL);
  g_autofree char *address = g_strdup_printf ("pn532:%s?speed=9600", link);

  g_assert_cmpint (symlink (tw_pn532_path (s->twin), link), ==, 0);
  g_free (s->address);
  s->address = g_steal_pointer (&address);
  street_open (s);
  g_unlink (link);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* Started with nothing on 0, 1 and 2, as a service may be; and quiet on what is there. */
static void
test_without_standard_files (void)
{
  if (g_test_subprocess ())
    {
      Street s = { 0 };
      int out = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);

      street_set_up (&s, NULL);
      street_insert (&s, "visa-approve");
      close (0);
      close (1);
      close (2);
      street_open (&s);
      g_assert_true (street_find (&s));
      street_expect_end (&s, SELECT_PPSE, "9000");
      street_tear_down (&s, NULL);
      g_assert_cmpint (write (out, "done\n", 5), ==, 5);
      _exit (0);
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*done\n");
}

static void
test_quiet (void)
{
  if (g_test_subprocess ())
    {
      Street s = { 0 };

      g_setenv ("LIBNFC_LOG_LEVEL", "3", TRUE);
      g_setenv ("LIBNFC_DEVICE", "pn532_uart:/dev/no-such-tty", TRUE);
      street_set_up (&s, NULL);
      street_open (&s);
      street_insert (&s, "visa-approve");
      g_assert_true (street_find (&s));
      street_fault (&s, "bad-dcs,times=1");
      street_expect_failure (&s, SELECT_PPSE, TW_ERROR_RETRY);
      street_tear_down (&s, NULL);
      street_refuse_open ("pn532:/dev/null", TW_ERROR_BAD_DATA, "tty");
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
  g_test_trap_assert_stdout_unmatched ("*libnfc*");
}

#define ADD(name, func) \
  g_test_add ("/reader/nfc/" name, Street, NULL, street_set_up, func, street_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("plays-a-whole-tap", test_whole_tap);
  ADD ("tells-uid-only-cards-from-others", test_uid_only);
  ADD ("longest-answer-arrives-whole-however-it-is-cut", test_longest);
  ADD ("commands-above-261-bytes-are-refused", test_command_lengths);
  ADD ("card-that-leaves-costs-the-tap-only", test_torn);
  ADD ("answer-without-status-word-is-an-error", test_no_status_word);
  ADD ("field-off-ends-the-conversation", test_field);
  ADD ("ten-reopens-leak-no-descriptor", test_reopen);
  ADD ("port-is-for-one-only", test_exclusive);
  ADD ("port-opens-again-after-a-kill", test_after_kill);
  ADD ("speed-and-links-are-honoured", test_speeds_and_links);
  g_test_add_func ("/reader/nfc/wrong-addresses-are-refused-with-a-reason", test_wrong_addresses);
  g_test_add_func ("/reader/nfc/works-without-standard-files", test_without_standard_files);
  g_test_add_func ("/reader/nfc/says-nothing-on-the-standard-files", test_quiet);

  return g_test_run ();
}
