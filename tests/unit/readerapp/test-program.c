/* SPDX-License-Identifier: Apache-2.0 */
/* The program itself: libnfc on a PN532 twin, behind its system-call filter, at the daemon's end of the wire. What the
 * other tests pretend is real here, except the antenna.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/reader/link.h"
#include "hw/virtual/card.h"
#include "hw/virtual/pn532.h"

typedef struct
{
  char         *dir, *conf;
  TwPn532      *board;
  TwClock      *clock;
  TwConfig     *config;
  TwReaderLink *link;
  TwCardLink    wire;
  GString      *log;
} Fixture;

static void
on_hint (guint64     request,
         const char *prompt,
         gpointer    user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->log, "%s;", prompt);
}

static void
on_card (guint64       request,
         const TwCard *card,
         gpointer      user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->log, "card %s %s %s;", card->kind, card->masked != NULL ? card->masked : "-",
                          card->fingerprint != NULL ? card->fingerprint : "-");
}

static void
on_sealed (guint64         request,
           const TwSealed *sealed,
           gpointer        user_data)
{
  Fixture *f = user_data;

  g_assert_cmpuint (g_bytes_get_size (sealed->sealed), >, 500);
  g_string_append_printf (f->log, "sealed %s %s;", sealed->card->masked, sealed->cvm);
}

static void
on_failed (guint64     request,
           const char *code,
           gboolean    retry,
           gpointer    user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->log, "failed %s;", code);
}

/* hmac key bytes 0..31, as in the unit tests, so that the fingerprint is the one that Python made. */
#define KEY "2026a 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static void
write_files (Fixture *f)
{
  g_autofree char *key = g_build_filename (f->dir, "fingerprint.key", NULL);
  g_autofree char *text = g_strdup_printf (
    "[station]\nid=TW-1\nname=Test\naddress=Here\ncountry=DE\ntime_zone=Europe/Berlin\ncurrency=EUR\n"
    "[seller]\nname=Test\naddress=Here\nhelpline=1\n[journal]\ndirectory=%s\n"
    "[reader]\ndevice=pn532:%s\nbank_cards=test\nfingerprint_key=fingerprint.key\n"
    "[emv]\nterminal_id=TW000001\nmerchant_name=Tapwatt\ncontactless_limit_minor=15000\ncvm_limit_minor=5000\n"
    "[gateway]\nkind=cybersource\nhost=localhost\nmerchant_id=m\nkey_id=k\nshared_secret_file=secret\n"
    "mle_certificate=" TEST_DATA "/seal/certificate.pem\n"
    "[connector 1]\nevse_id=DE*TWT*E0001*1\npower=rapi:/dev/ttyS1\ntariff=tariff.json\nhold_minor=2500\n",
    f->dir, tw_pn532_path (f->board));

  g_assert_true (g_file_set_contents_full (key, KEY, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert_true (g_file_set_contents (f->conf, text, -1, NULL));
}

static void
await_ready (Fixture *f)
{
  while (!f->wire.funcs->ready (f->wire.link, NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
fixture_open (Fixture *f)
{
  static const TwCardLinkEvents events = { on_hint, on_card, on_sealed, on_failed, NULL };
  TwReaderLinkOptions options = { .key_id = "mle-0815" };
  const char *argv[] = { g_getenv ("TAPWATT_READER"), "--config", NULL, NULL };
  g_autofree char *port = NULL;
  g_autoptr(GError) error = NULL;

  memset (f, 0, sizeof *f);
  f->dir = g_dir_make_tmp ("tapwatt-reader-XXXXXX", &error);
  f->conf = g_build_filename (f->dir, "tapwatt.conf", NULL);
  port = g_build_filename (f->dir, "port", NULL);
  f->board = tw_pn532_new (port, &error);
  g_assert_no_error (error);
  write_files (f);
  f->log = g_string_new (NULL);
  f->clock = tw_clock_new_system (TRUE);
  f->config = tw_config_load (f->conf, &error);
  g_assert_no_error (error);
  argv[2] = f->conf;
  options.argv = argv;
  options.config = f->config;
  options.clock = f->clock;
  f->link = tw_reader_link_new (&options, &error);
  g_assert_no_error (error);
  f->wire = tw_reader_link_card_link (f->link);
  f->wire.funcs->listen (f->wire.link, &events, f);
}

static void
remove_file (Fixture    *f,
             const char *name)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);

  g_unlink (path);
}

static void
fixture_close (Fixture *f)
{
  tw_reader_link_free (f->link);
  tw_config_free (f->config);
  tw_clock_free (f->clock);
  tw_pn532_free (f->board);
  g_string_free (f->log, TRUE);
  remove_file (f, "tapwatt.conf");
  remove_file (f, "fingerprint.key");
  remove_file (f, "port");
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->conf);
  g_free (f->dir);
}

static void
authorize (Fixture    *f,
           guint64     request,
           gint64      amount_minor,
           const char *amount)
{
  g_autofree char *text = g_strdup_printf (
    "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-authorize-1\"},"
    "\"processingInformation\":{\"capture\":false},\"orderInformation\":"
    "{\"amountDetails\":{\"totalAmount\":\"%s\",\"currency\":\"EUR\"}},"
    "\"pointOfSaleInformation\":{\"terminalId\":\"TW000001\"}}", amount);
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
  const TwSealRequest seal = { request, { amount_minor, "EUR" }, 20000, body };

  f->wire.funcs->authorize (f->wire.link, &seal);
}

static gboolean
on_too_long (gpointer user_data)
{
  Fixture *f = user_data;

  g_error ("it does not come; so far: %s", f->log->str);
  return G_SOURCE_REMOVE;
}

static void
await (Fixture    *f,
       const char *what)
{
  guint too_long = g_timeout_add_seconds (25, on_too_long, f);

  while (strstr (f->log->str, what) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (too_long);
}

/* present-card is the cue: a card that comes before it is no tap. */
static void
tap (Fixture    *f,
     const char *profile,
     const char *cue,
     const char *until)
{
  g_autofree char *path = g_build_filename (CARDS, profile, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TwVirtualCard) card = tw_virtual_card_new_from_file (path, &error);

  g_assert_no_error (error);
  await (f, cue);
  tw_virtual_card_insert (card, f->board);
  await (f, until);
  tw_pn532_remove (f->board);
}

static void
expect (Fixture    *f,
        const char *log)
{
  g_assert_cmpstr (f->log->str, ==, log);
  g_string_truncate (f->log, 0);
}

static void
test_session (void)
{
  Fixture f;

  fixture_open (&f);
  await_ready (&f);
  g_assert_true (tw_reader_link_has (f.link, "sandboxed"));
  g_assert_true (tw_reader_link_has (f.link, "authorize"));
  g_assert_true (tw_reader_link_has (f.link, "test-mode"));

  f.wire.funcs->identify (f.wire.link, 1, 20000);
  tap (&f, "visa-approve.card", "present-card", "card emv");
  await (&f, "removed");
  expect (&f, "present-card;card emv ************1111 2026a:3263dbe3fe55a8fef93eb11702895854;removed;");

  authorize (&f, 2, 2500, "25.00");
  tap (&f, "visa-approve.card", "present-card", "sealed");
  await (&f, "removed");
  expect (&f, "present-card;sealed ************1111 none;removed;");

  authorize (&f, 3, 7500, "75.00");
  tap (&f, "phone.card", "present-card", "sealed");
  await (&f, "removed");
  g_assert_true (g_str_has_suffix (f.log->str, " device;removed;"));
  g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, 0);
  fixture_close (&f);
}

/* Each card of the bench, at 25.00 EUR. */
static void
test_cards (void)
{
  static const struct { const char *profile, *until, *log; } cards[] = {
    { "mastercard.card", "failed", "present-card;failed not-accepted;" },
    { "kernel-unknown.card", "sealed", NULL },
    { "ppse-empty.card", "failed", "present-card;failed not-accepted;" },
    { "rfid-classic.card", "failed", "present-card;failed not-known-here;" },
    { "rfid-desfire.card", "failed", "present-card;failed not-known-here;" },
    { "rfid-ultralight.card", "failed", "present-card;failed not-known-here;" },
    { "visa-aac.card", "failed", "present-card;failed declined;" },
    { "visa-tc.card", "failed", "present-card;failed declined;" },
    { "two-applications.card", "sealed", NULL }, { "visa-two-files.card", "sealed", NULL },
    { "visa-long-record.card", "sealed", NULL }, { "visa-6985-then-other.card", "sealed", NULL },
    { "visa-duplicate-tag.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "visa-pan-mismatch.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "visa-indefinite-length.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "visa-truncated.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "visa-no-cryptogram.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "ppse-error.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "ppse-truncated.card", "failed", "present-card;try-again;try-again;failed other-card;" },
    { "garbage.card", "failed", "present-card;try-again;try-again;failed other-card;" },
  };
  Fixture f;

  fixture_open (&f);
  await_ready (&f);
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_string_truncate (f.log, 0);
      authorize (&f, i + 1, 2500, "25.00");
      tap (&f, cards[i].profile, "present-card", cards[i].until);
      if (cards[i].log != NULL && strcmp (f.log->str, cards[i].log) != 0)
        g_error ("%s: %s", cards[i].profile, f.log->str);
      await (&f, "removed");
    }
  g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, 0);
  fixture_close (&f);
}

static int
seccomp_mode (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", (int) pid);
  g_autofree char *text = NULL;
  const char *at;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  at = strstr (text, "\nSeccomp:");
  g_assert_nonnull (at);
  return (int) g_ascii_strtoll (at + strlen ("\nSeccomp:"), NULL, 10);
}

/* The only process that we started. */
static pid_t
only_child (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *text = NULL;
  g_auto(GStrv) children = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_strchomp (text);
  children = g_strsplit (text, " ", -1);
  g_assert_cmpuint (g_strv_length (children), ==, 1);
  return (pid_t) g_ascii_strtoll (children[0], NULL, 10);
}

static void
await_restart (Fixture *f,
               guint    n)
{
  while (tw_reader_link_restarts (f->link) < n)
    g_main_context_iteration (NULL, TRUE);
  await_ready (f);
}

static void
test_killed (void)
{
  Fixture f;

  fixture_open (&f);
  await_ready (&f);
  g_assert_cmpint (seccomp_mode (only_child ()), ==, 2);
  authorize (&f, 1, 2500, "25.00");
  await (&f, "present-card");
  g_assert_cmpint (kill (only_child (), SIGKILL), ==, 0);
  await (&f, "failed");
  expect (&f, "present-card;failed reader-lost;");
  await_restart (&f, 1);

  authorize (&f, 2, 2500, "25.00");
  tap (&f, "visa-approve.card", "present-card", "sealed");
  fixture_close (&f);
}

/* The cable is pulled while it looks for a card: the process ends by itself, and once the cable is back a new one
 * works. */
static void
test_unplugged (void)
{
  Fixture f;

  fixture_open (&f);
  await_ready (&f);
  authorize (&f, 1, 2500, "25.00");
  await (&f, "present-card");
  tw_pn532_hang_up (f.board);
  await (&f, "failed");
  expect (&f, "present-card;failed reader-lost;");
  g_assert_true (tw_pn532_return (f.board, NULL));
  await_restart (&f, 1);
  fixture_close (&f);
}

static void
test_torn (void)
{
  g_autoptr(TwVirtualCard) card = tw_virtual_card_new_from_file (CARDS "/visa-approve.card", NULL);
  Fixture f;

  fixture_open (&f);
  await_ready (&f);
  authorize (&f, 1, 2500, "25.00");
  await (&f, "present-card");
  tw_virtual_card_insert (card, f.board);
  tw_pn532_tear_after (f.board, 2);
  await (&f, "hold-still");
  tw_virtual_card_insert (card, f.board);
  await (&f, "sealed");
  tw_pn532_remove (f.board);
  await (&f, "removed");
  expect (&f, "present-card;hold-still;sealed ************1111 none;removed;");
  fixture_close (&f);
}

/* How often the bytes are in the writable memory of a process; -1: we may not look. */
static int
count_in_memory (pid_t       pid,
                 const char *bytes,
                 gsize       n)
{
  g_autofree char *maps_path = g_strdup_printf ("/proc/%d/maps", (int) pid);
  g_autofree char *memory_path = g_strdup_printf ("/proc/%d/mem", (int) pid);
  g_autofree char *maps = NULL;
  g_auto(GStrv) lines = NULL;
  int fd = open (memory_path, O_RDONLY | O_CLOEXEC), found = 0;

  if (fd < 0 || !g_file_get_contents (maps_path, &maps, NULL, NULL))
    return -1;

  lines = g_strsplit (maps, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      unsigned long from, to;
      char rights[5];
      g_autofree char *copy = NULL;
      gssize size;

      if (sscanf (*line, "%lx-%lx %4s", &from, &to, rights) != 3 || rights[1] != 'w' || to - from > (64ul << 20))
        continue;
      copy = g_malloc (to - from);
      size = pread (fd, copy, to - from, from);
      for (const char *at = copy; size > 0 && (at = memmem (at, copy + size - at, bytes, n)) != NULL; at++)
        found++;
    }
  close (fd);
  return found;
}

/* As test-hygiene.c, but with libnfc's buffers in it, and from outside: nobody but root may look. The twin's card in
 * our own memory is the planted copy that the search must find. */
static void
test_memory (void)
{
  static const char packed[8] = { 0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11 };
  static const char text[] = "4111111111111111";
  Fixture f;
  pid_t pid;

  fixture_open (&f);
  await_ready (&f);
  pid = only_child ();
  authorize (&f, 1, 2500, "25.00");
  tap (&f, "visa-two-files.card", "present-card", "sealed");
  await (&f, "removed");

  g_assert_cmpint (count_in_memory (getpid (), packed, sizeof packed), >, 0);
  if (geteuid () == 0)
    {
      g_assert_cmpint (count_in_memory (pid, "mle-0815", 8), >, 0);
      g_assert_cmpint (count_in_memory (pid, packed, sizeof packed), ==, 0);
      g_assert_cmpint (count_in_memory (pid, text, strlen (text)), ==, 0);
    }
  else
    g_assert_cmpint (count_in_memory (pid, packed, sizeof packed), ==, -1);
  fixture_close (&f);
}

/* systemd's way: descriptor 3 listens, LISTEN_FDS and LISTEN_PID say so, and the daemon connects to its path. */
static void
become_activated (gpointer user_data)
{
  g_autofree char *pid = g_strdup_printf ("%d", (int) getpid ());

  (void) fcntl (3, F_SETFD, 0);
  (void) setenv ("LISTEN_PID", pid, TRUE);
  (void) setenv ("LISTEN_FDS", "1", TRUE);
}

static void
test_activated (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *argv[] = { g_getenv ("TAPWATT_READER"), "--config", NULL, NULL };
  TwReaderLinkOptions options = { .key_id = "mle-0815" };
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  int listener = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), status, three = 3;
  Fixture f;
  GPid pid;

  fixture_open (&f);
  tw_reader_link_free (f.link);    /* this time it is not the link that starts it */
  path = g_build_filename (f.dir, "socket", NULL);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (listener, (const struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  argv[2] = f.conf;
  g_assert_true (g_spawn_async_with_pipes_and_fds (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, become_activated, NULL,
                                                   -1, -1, -1, &listener, &three, 1, &pid, NULL, NULL, NULL, &error));
  g_assert_no_error (error);

  options.config = f.config;
  options.clock = f.clock;
  options.socket_path = path;
  f.link = tw_reader_link_new (&options, &error);
  f.wire = tw_reader_link_card_link (f.link);
  await_ready (&f);
  g_assert_true (tw_reader_link_has (f.link, "sandboxed"));
  g_clear_pointer (&f.link, tw_reader_link_free);
  while (waitpid (pid, &status, WNOHANG) == 0)    /* it still says good night to its board, which is us */
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  close (listener);
  remove_file (&f, "socket");
  fixture_close (&f);
}

static int
run_program (const char *first,
             const char *second,
             char      **said)
{
  const char *argv[] = { g_getenv ("TAPWATT_READER"), first, second, NULL };
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, said, &status, NULL));
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
test_usage (void)
{
  g_autofree char *usage = NULL, *option = NULL, *file = NULL;

  g_assert_cmpint (run_program (NULL, NULL, &usage), ==, 2);
  g_assert_nonnull (strstr (usage, "usage: tapwatt-reader --config FILE"));
  g_assert_cmpint (run_program ("--nonsense", NULL, &option), ==, 2);
  g_assert_nonnull (strstr (option, "--nonsense"));
  g_assert_cmpint (run_program ("--config", "/nowhere/tapwatt.conf", &file), ==, 2);
  g_assert_nonnull (strstr (file, "/nowhere/tapwatt.conf"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_assert_nonnull (g_getenv ("TAPWATT_READER"));
  g_test_add_func ("/readerapp/program/a-card-is-identified-and-pays-behind-the-filter", test_session);
  g_test_add_func ("/readerapp/program/each-card-of-the-bench-gets-its-answer", test_cards);
  g_test_add_func ("/readerapp/program/killed-it-is-started-again", test_killed);
  g_test_add_func ("/readerapp/program/unplugged-it-ends-and-comes-back", test_unplugged);
  g_test_add_func ("/readerapp/program/torn-it-is-read-at-the-second-tap", test_torn);
  g_test_add_func ("/readerapp/program/its-memory-keeps-no-number", test_memory);
  g_test_add_func ("/readerapp/program/started-by-a-socket-it-serves-too", test_activated);
  g_test_add_func ("/readerapp/program/wrong-use-is-told", test_usage);
  return g_test_run ();
}
