/* SPDX-License-Identifier: Apache-2.0 */
/* The real libnfc, through reader.h, against the PN532 twin on a real pseudo-terminal. The twin has a thread of its
 * own, because libnfc blocks. What kills a process by design of libnfc is done to a subprocess.
 */
#include "app/base/bytes.h"
#include "app/base/error.h"
#include "hw/reader/reader.h"
#include "hw/virtual/card.h"
#include "tests/lib/loop-thread.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#define SELECT_PPSE "00a404000e325041592e5359532e444446303100"
#define SELECT_VISA "00a4040007a000000003101000"
#define GPO "80a800002383212180408000000000600000000000000002760000000000097826112200a1b2c3d400"

typedef struct
{
  LoopThread    *thread;
  TwPn532       *twin;
  TwVirtualCard *card;
  const char    *text;    /* for calls into the thread */
  guint          number;
  char          *address;
  TwNfc         *nfc;
} Street;

static void
in_thread_make (gpointer data)
{
  Street *s = data;

  s->twin = tw_pn532_new (NULL, NULL);
  tw_pn532_set_timing (s->twin, 0, 0);
}

static void
in_thread_end (gpointer data)
{
  Street *s = data;

  tw_pn532_free (s->twin);
  tw_virtual_card_free (s->card);
}

static void
in_thread_insert (gpointer data)
{
  Street *s = data;
  g_autofree char *file = g_strconcat (s->text, ".card", NULL);
  g_autofree char *path = g_build_filename (CARDS, file, NULL);
  g_autoptr (GError) error = NULL;

  tw_pn532_remove (s->twin);
  tw_virtual_card_free (s->card);
  s->card = tw_virtual_card_new_from_file (path, &error);
  g_assert_no_error (error);
  tw_virtual_card_insert (s->card, s->twin);
}

static void
in_thread_again (gpointer data)
{
  Street *s = data;

  tw_virtual_card_insert (s->card, s->twin);
}

static void
in_thread_remove (gpointer data)
{
  tw_pn532_remove (((Street *) data)->twin);
}

static void
in_thread_fault (gpointer data)
{
  Street *s = data;
  TwPn532Fault fault;
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_pn532_fault_parse (s->text, &fault, &error));
  tw_pn532_add_fault (s->twin, &fault);
}

static void
in_thread_clear (gpointer data)
{
  tw_pn532_clear_faults (((Street *) data)->twin);
}

static void
in_thread_hang_up (gpointer data)
{
  tw_pn532_hang_up (((Street *) data)->twin);
}

static void
in_thread_count (gpointer data)
{
  Street *s = data;

  s->number = tw_pn532_apdus (s->twin);
}

static void
insert (Street     *s,
        const char *card)
{
  s->text = card;
  loop_thread_call (s->thread, in_thread_insert, s);
}

static void
fault (Street     *s,
       const char *text)
{
  s->text = text;
  loop_thread_call (s->thread, in_thread_fault, s);
}

static guint
apdus (Street *s)
{
  loop_thread_call (s->thread, in_thread_count, s);
  return s->number;
}

static void
set_up (Street       *s,
        gconstpointer data)
{
  s->thread = loop_thread_new ();
  loop_thread_call (s->thread, in_thread_make, s);
  g_assert_nonnull (s->twin);
  s->address = g_strdup_printf ("pn532:%s", tw_pn532_path (s->twin));
}

static void
tear_down (Street       *s,
           gconstpointer data)
{
  tw_nfc_close (s->nfc);
  loop_thread_call (s->thread, in_thread_end, s);
  loop_thread_free (s->thread);
  g_free (s->address);
}

static void
open_reader (Street *s)
{
  g_autoptr (GError) error = NULL;

  s->nfc = tw_nfc_open (s->address, &error);
  g_assert_no_error (error);
  g_assert_nonnull (s->nfc);
}

static gboolean
find (Street *s)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;
  gboolean there = tw_nfc_find (s->nfc, &target, &error);

  g_assert_no_error (error);
  return there;
}

static void
refuse_open (const char *address,
             TwError     code,
             const char *why)
{
  g_autoptr (GError) error = NULL;
  TwNfc *nfc = tw_nfc_open (address, &error);

  g_assert_null (nfc);
  g_assert_error (error, TW_ERROR, (gint) code);
  if (strstr (error->message, why) == NULL)
    g_error ("%s: %s", address, error->message);
}

/* The answer in hex. */
static char *
exchange (Street     *s,
          const char *command,
          GError    **error)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (command, NULL);
  guint8 answer[264];
  gsize n;

  if (!tw_nfc_exchange (s->nfc, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), answer, &n, error))
    return NULL;
  return tw_hex_encode (answer, n);
}

static void
expect_end (Street     *s,
            const char *command,
            const char *end)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = exchange (s, command, &error);

  g_assert_no_error (error);
  if (!g_str_has_suffix (answer, end))
    g_error ("expected ..%s, heard %s", end, answer);
}

static void
expect_failure (Street     *s,
                const char *command,
                TwError     code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = exchange (s, command, &error);

  g_assert_null (answer);
  g_assert_error (error, TW_ERROR, (gint) code);
}

static void
test_whole_tap (Street       *s,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  TwTarget target;

  open_reader (s);
  name = g_strdup_printf ("PN532 v1.6 at %s", tw_pn532_path (s->twin));
  g_assert_cmpstr (tw_nfc_name (s->nfc), ==, name);
  g_assert_false (find (s));
  g_assert_false (tw_nfc_present (s->nfc));

  insert (s, "visa-approve");
  g_assert_true (tw_nfc_find (s->nfc, &target, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (target.uid, target.uid_len, "\x08\x11\x22\x33", 4);
  g_assert_cmpmem (target.atqa, 2, "\x00\x04", 2);
  g_assert_cmphex (target.sak, ==, 0x20);
  g_assert_true (target.iso_dep);
  g_assert_true (target.random_uid);

  g_assert_true (tw_nfc_present (s->nfc));
  expect_end (s, SELECT_PPSE, "8701019000");
  expect_end (s, SELECT_VISA, "9000");
  expect_end (s, GPO, "9f6e04207000009000");
  g_assert_true (tw_nfc_present (s->nfc));
  tw_nfc_release (s->nfc);
  g_assert_true (find (s));
  expect_end (s, GPO, "6985"); /* selected anew: it has forgotten */

  loop_thread_call (s->thread, in_thread_remove, s);
  g_assert_false (tw_nfc_present (s->nfc));
  g_assert_false (find (s));
}

static void
test_uid_only (Street       *s,
               gconstpointer data)
{
  TwTarget target;

  open_reader (s);
  insert (s, "rfid-classic");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_cmpmem (target.uid, target.uid_len, "\xDE\xAD\xBE\xEF", 4);
  g_assert_false (target.iso_dep);
  g_assert_false (target.random_uid);
  g_assert_true (tw_nfc_present (s->nfc));
  expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);

  insert (s, "rfid-ultralight");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_cmpmem (target.uid, target.uid_len, "\x04\xA1\xB2\xC3\xD4\xE5\xF6", 7);
  g_assert_true (tw_nfc_present (s->nfc));

  insert (s, "rfid-desfire");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_true (target.iso_dep);
  g_assert_false (target.random_uid);
  expect_end (s, SELECT_PPSE, "6a82");
  loop_thread_call (s->thread, in_thread_remove, s);
  g_assert_false (tw_nfc_present (s->nfc));

  insert (s, "phone");
  g_assert_true (tw_nfc_find (s->nfc, &target, NULL));
  g_assert_true (target.iso_dep && target.random_uid);
}

static void
test_longest (Street       *s,
              gconstpointer data)
{
  static const char *const PIECES[] = { NULL, "chain=64", "chain=1", "chain=262", "extended" };
  g_autofree char *first = NULL;

  open_reader (s);
  insert (s, "visa-long-record");
  for (gsize i = 0; i < G_N_ELEMENTS (PIECES); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = NULL;

      loop_thread_call (s->thread, in_thread_clear, s);
      if (PIECES[i])
        fault (s, PIECES[i]);
      g_assert_true (find (s));
      expect_end (s, SELECT_VISA, "9000");
      answer = exchange (s, "00b2011400", &error);
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

  open_reader (s);
  insert (s, "visa-approve");
  g_assert_true (find (s));
  command[1] = 0xC0;
  g_assert_true (tw_nfc_exchange (s->nfc, command, 261, answer, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (apdus (s), ==, 1);

  for (gsize len = 262; len <= 300; len++)
    {
      g_assert_false (tw_nfc_exchange (s->nfc, command, len, answer, &n, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_clear_error (&error);
    }
  g_assert_false (tw_nfc_exchange (s->nfc, command, 0, answer, &n, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_cmpuint (apdus (s), ==, 1);
}

static void
test_torn (Street       *s,
           gconstpointer data)
{
  open_reader (s);
  insert (s, "visa-tear");
  g_assert_true (find (s));
  expect_end (s, SELECT_PPSE, "9000");
  expect_end (s, SELECT_VISA, "9000");
  expect_failure (s, GPO, TW_ERROR_RETRY);
  g_assert_false (find (s));
  loop_thread_call (s->thread, in_thread_again, s);
  g_assert_true (find (s));
  expect_end (s, SELECT_PPSE, "9000");
}

static void
test_status_bytes (Street       *s,
                   gconstpointer data)
{
  static const char *const STATUS[] = { "01", "02", "03", "04", "05", "06", "07", "09", "0a", "0b", "0d", "0e",
                                        "10", "13", "14", "26", "27", "29", "2b", "3f" };

  open_reader (s);
  insert (s, "visa-approve");
  for (gsize i = 0; i < G_N_ELEMENTS (STATUS); i++)
    {
      g_autofree char *text = g_strdup_printf ("status=%s,command=40,times=1", STATUS[i]);

      g_assert_true (find (s));
      fault (s, text);
      expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
    }
  g_assert_true (find (s));
  expect_end (s, SELECT_PPSE, "9000");
}

static void
test_no_status_word (Street       *s,
                     gconstpointer data)
{
  open_reader (s);
  insert (s, "silent-answer");
  g_assert_true (find (s));
  expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
  insert (s, "garbage");
  g_assert_true (find (s));
  expect_end (s, SELECT_PPSE, "ffffffff0081ff9f"); /* sense is for others to look for */
}

/* One disturbed reply costs one exchange, never the process, and the next question gets its own answer. */
static void
test_disturbed_exchange (Street       *s,
                         gconstpointer data)
{
  static const char *const FAULTS[] = { "nack", "bad-lcs", "bad-dcs", "wrong-tfi", "wrong-code", "error-frame",
                                        "preamble" };

  open_reader (s);
  insert (s, "visa-approve");
  for (gsize i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s,command=40,times=1", FAULTS[i]);

      g_assert_true (find (s));
      fault (s, text);
      expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
      g_assert_true (find (s));
      expect_end (s, SELECT_PPSE, "9000");
    }
}

static void
test_disturbed_look (Street       *s,
                     gconstpointer data)
{
  static const char *const FAULTS[] = { "nack", "bad-lcs", "bad-dcs", "wrong-tfi", "wrong-code", "error-frame",
                                        "preamble", "no-ack", "no-reply", "half-frame", "no-postamble" };

  open_reader (s);
  insert (s, "visa-approve");
  for (gsize i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s,command=4a,times=1", FAULTS[i]);

      fault (s, text);
      g_assert_true (find (s));
      expect_end (s, SELECT_PPSE, "9000");
    }
}

static void
test_dribble (Street       *s,
              gconstpointer data)
{
  open_reader (s);
  insert (s, "visa-approve");
  fault (s, "dribble=1");
  g_assert_true (find (s));
  expect_end (s, SELECT_PPSE, "9000");
}

/* The chip has missed the deadline of an exchange, and its reply comes after the next question was answered: it must
 * not become the answer to the one after that. */
static void
test_late_reply (Street       *s,
                 gconstpointer data)
{
  open_reader (s);
  insert (s, "visa-approve");
  g_assert_true (find (s));
  fault (s, "late-reply=3100,command=40,times=1");
  expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
  g_assert_true (find (s));
  expect_end (s, SELECT_VISA, "9f37049000");
  insert (s, "visa-slow"); /* whose thinking outlasts the late reply's time */
  g_assert_true (find (s));
  expect_end (s, SELECT_VISA, "9f37049000"); /* and not the directory */
}

static void
test_silent_chip (Street       *s,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;

  open_reader (s);
  insert (s, "visa-approve");
  fault (s, "no-ack");
  g_assert_false (tw_nfc_find (s->nfc, &target, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  g_assert_nonnull (strstr (error->message, "does not answer"));
}

static void
test_chip_without_power (Street       *s,
                         gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;

  open_reader (s);
  insert (s, "visa-approve");
  fault (s, "asleep,command=4a,times=1");
  g_assert_false (tw_nfc_find (s->nfc, &target, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  tw_nfc_close (g_steal_pointer (&s->nfc));
  open_reader (s); /* and restart is recovery */
  g_assert_true (find (s));
}

static void
test_cable (Street       *s,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TwTarget target;

  open_reader (s);
  insert (s, "visa-approve");
  g_assert_true (find (s));
  loop_thread_call (s->thread, in_thread_hang_up, s);
  expect_failure (s, SELECT_PPSE, TW_ERROR_GONE);
  g_assert_false (tw_nfc_present (s->nfc));
  g_assert_false (tw_nfc_find (s->nfc, &target, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
  g_assert_nonnull (strstr (error->message, "hung up"));
  tw_nfc_close (g_steal_pointer (&s->nfc));
  refuse_open (s->address, TW_ERROR_GONE, "no such port");
}

static void
test_cable_during_exchange (Street       *s,
                            gconstpointer data)
{
  open_reader (s);
  insert (s, "visa-approve");
  g_assert_true (find (s));
  fault (s, "hang-up,command=40");
  expect_failure (s, SELECT_PPSE, TW_ERROR_GONE);
}

static void
test_two_cards (Street       *s,
                gconstpointer data)
{
  TwTarget one, other;

  open_reader (s);
  insert (s, "visa-approve");
  fault (s, "collision,times=2");
  g_assert_false (find (s));
  g_assert_false (find (s));
  g_assert_true (find (s));
  fault (s, "uid-change");
  g_assert_true (tw_nfc_find (s->nfc, &one, NULL));
  g_assert_true (tw_nfc_find (s->nfc, &other, NULL));
  g_assert_cmpint (memcmp (one.uid, other.uid, 4), !=, 0);
}

static void
test_field (Street       *s,
            gconstpointer data)
{
  open_reader (s);
  insert (s, "visa-approve");
  g_assert_true (find (s));
  tw_nfc_field (s->nfc, FALSE);
  expect_failure (s, SELECT_PPSE, TW_ERROR_RETRY);
  g_assert_cmpuint (apdus (s), ==, 0);
  tw_nfc_field (s->nfc, TRUE);
  g_assert_true (find (s));
  expect_end (s, SELECT_PPSE, "9000");
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

  insert (s, "visa-approve");
  for (guint i = 0; i <= 10; i++)
    {
      open_reader (s);
      g_assert_true (find (s));
      expect_end (s, SELECT_PPSE, "9000");
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

  open_reader (s);
  refuse_open (s->address, TW_ERROR_BAD_STATE, "open already");
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), !=, 0); /* as another process would find it */
  g_assert_cmpint (errno, ==, EWOULDBLOCK);
  g_assert_cmpint (ioctl (fd, TIOCGEXCL, &exclusive), ==, 0);
  g_assert_true (exclusive);

  tw_nfc_close (g_steal_pointer (&s->nfc));
  g_assert_cmpint (ioctl (fd, TIOCGEXCL, &exclusive), ==, 0);
  g_assert_false (exclusive);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  refuse_open (s->address, TW_ERROR_BAD_STATE, "another process");
  close (fd);
  open_reader (s);
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
  open_reader (s);
}

static void
test_wrong_addresses (void)
{
  g_autofree char *file = NULL;
  int fd = g_file_open_tmp ("tapwatt-test-XXXXXX", &file, NULL);
  g_autofree char *address = g_strdup_printf ("pn532:%s", file);

  close (fd);
  refuse_open ("pn532:/dev/no-such-tty", TW_ERROR_GONE, "/dev/no-such-tty: there is no such port");
  refuse_open (address, TW_ERROR_GONE, "not a tty");
  refuse_open ("pn532:/dev/null", TW_ERROR_GONE, "not a tty");
  refuse_open ("pn532:/dev", TW_ERROR_GONE, "cannot open the port");
  refuse_open ("acr122:/dev/ttyS0", TW_ERROR_BAD_DATA, "form");
  refuse_open ("pn532:", TW_ERROR_BAD_DATA, "form");
  refuse_open ("pn532:ttyS0", TW_ERROR_BAD_DATA, "form");
  refuse_open ("pn532:/dev/ttyS0?speed=921600", TW_ERROR_BAD_DATA, "460800");
  refuse_open ("pn532:/dev/ttyS0?speed=fast", TW_ERROR_BAD_DATA, "speed=NUMBER");
  refuse_open ("pn532:/dev/ttyS0?parity=odd", TW_ERROR_BAD_DATA, "speed=NUMBER");
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
  open_reader (s);
  g_unlink (link);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static void
test_open_twice_asked (Street       *s,
                       gconstpointer data)
{
  static const char *const ONCE[] = { "no-ack,command=14,times=1", "no-reply,command=00,times=1",
                                      "bad-dcs,command=02,times=1", "error-frame,command=32,times=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (ONCE); i++)
    {
      fault (s, ONCE[i]);
      open_reader (s);
      g_assert_false (find (s));
      tw_nfc_close (g_steal_pointer (&s->nfc));
    }
}

static void
test_nobody_there (Street       *s,
                   gconstpointer data)
{
  fault (s, "no-ack");
  refuse_open (s->address, TW_ERROR_GONE, "no PN532 answers");
  loop_thread_call (s->thread, in_thread_clear, s);
  fault (s, "bad-dcs,command=02"); /* never tells what it is: libnfc goes on, into a null pointer */
  refuse_open (s->address, TW_ERROR_GONE, "no PN532 answers");
  loop_thread_call (s->thread, in_thread_clear, s);
  open_reader (s);
}

/* libnfc's own end: the process dies, and nothing else does. */
static void
die_of (const char *text,
        gboolean    in_exchange)
{
  const struct rlimit none = { 0, 0 };
  Street s = { 0 };

  setrlimit (RLIMIT_CORE, &none);
  set_up (&s, NULL);
  open_reader (&s);
  insert (&s, "visa-approve");
  if (in_exchange)
    g_assert_true (find (&s));
  fault (&s, text);
  g_print ("ready\n");
  if (in_exchange)
    expect_failure (&s, SELECT_PPSE, TW_ERROR_RETRY);
  else
    find (&s);
  g_print ("survived\n");
  _exit (0);
}

static void
test_nad_kills (void)
{
  if (g_test_subprocess ())
    {
      die_of ("status=80,command=40", TRUE);
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_assert_false (g_test_trap_reached_timeout ());
  g_test_trap_assert_failed ();
  g_test_trap_assert_stdout ("*ready*");
  g_test_trap_assert_stdout_unmatched ("*survived*");
}

static void
test_empty_ats_kills (void)
{
  if (g_test_subprocess ())
    {
      die_of ("ats-tl-zero", FALSE);
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_assert_false (g_test_trap_reached_timeout ());
  g_test_trap_assert_failed ();
  g_test_trap_assert_stdout ("*ready*");
  g_test_trap_assert_stdout_unmatched ("*survived*");
}

/* Started with nothing on 0, 1 and 2, as a service may be; and quiet on what is there. */
static void
test_without_standard_files (void)
{
  if (g_test_subprocess ())
    {
      Street s = { 0 };
      int out = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);

      set_up (&s, NULL);
      insert (&s, "visa-approve");
      close (0);
      close (1);
      close (2);
      open_reader (&s);
      g_assert_true (find (&s));
      expect_end (&s, SELECT_PPSE, "9000");
      tear_down (&s, NULL);
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
      set_up (&s, NULL);
      open_reader (&s);
      insert (&s, "visa-approve");
      g_assert_true (find (&s));
      fault (&s, "bad-dcs,times=1");
      expect_failure (&s, SELECT_PPSE, TW_ERROR_RETRY);
      tear_down (&s, NULL);
      refuse_open ("pn532:/dev/null", TW_ERROR_GONE, "tty");
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
  g_test_trap_assert_stdout_unmatched ("*libnfc*");
}

#define ADD(name, func) g_test_add ("/reader/nfc/" name, Street, NULL, set_up, func, tear_down)

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
  ADD ("each-status-byte-is-an-error", test_status_bytes);
  ADD ("answer-without-status-word-is-an-error", test_no_status_word);
  ADD ("disturbed-exchange-is-noticed-and-got-over", test_disturbed_exchange);
  ADD ("disturbed-look-is-taken-once-more", test_disturbed_look);
  ADD ("bytes-one-by-one-are-enough", test_dribble);
  ADD ("late-reply-answers-no-later-question", test_late_reply);
  ADD ("silent-chip-is-gone", test_silent_chip);
  ADD ("chip-that-lost-power-comes-back-with-a-restart", test_chip_without_power);
  ADD ("pulled-cable-is-gone", test_cable);
  ADD ("cable-pulled-in-an-exchange-is-gone", test_cable_during_exchange);
  ADD ("two-cards-are-none-or-flap", test_two_cards);
  ADD ("field-off-ends-the-conversation", test_field);
  ADD ("ten-reopens-leak-no-descriptor", test_reopen);
  ADD ("port-is-for-one-only", test_exclusive);
  ADD ("port-opens-again-after-a-kill", test_after_kill);
  ADD ("speed-and-links-are-honoured", test_speeds_and_links);
  ADD ("chip-that-misses-a-command-is-asked-again", test_open_twice_asked);
  ADD ("nobody-there-is-said-so", test_nobody_there);
  g_test_add_func ("/reader/nfc/wrong-addresses-are-refused-with-a-reason", test_wrong_addresses);
  g_test_add_func ("/reader/nfc/status-with-nad-bit-kills-this-process-only", test_nad_kills);
  g_test_add_func ("/reader/nfc/ats-of-length-zero-kills-this-process-only", test_empty_ats_kills);
  g_test_add_func ("/reader/nfc/works-without-standard-files", test_without_standard_files);
  g_test_add_func ("/reader/nfc/says-nothing-on-the-standard-files", test_quiet);

  return g_test_run ();
}
