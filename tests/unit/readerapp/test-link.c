/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's end against reader programs of every character. Time is virtual; only the programs are real. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/base/error.h"
#include "app/reader/channel.h"
#include "app/reader/link.h"
#include "tests/lib/virtual-clock.h"

static const char *fake_reader;

typedef struct
{
  TwVirtualClock *clock;
  TwConfig        config;
  TwReaderLink   *link;
  TwCardLink      wire;
  GString        *log;          /* what happened, in order */
  guint           changes;
  gboolean        inside;       /* a call of ours is running: no event may come */
} Fixture;

static void
on_hint (guint64     request,
         const char *prompt,
         gpointer    user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->inside);
  g_string_append_printf (f->log, "hint %u %s;", (guint) request, prompt);
}

static void
on_card (guint64       request,
         const TwCard *card,
         gpointer      user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->inside);
  g_string_append_printf (f->log, "card %u %s %s %s %s %s %s %d;", (guint) request, card->kind, card->masked,
                          card->brand,
                          card->label, card->aid, card->fingerprint, card->test_mode);
}

static void
on_sealed (guint64         request,
           const TwSealed *sealed,
           gpointer        user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->inside);
  g_string_append_printf (f->log, "sealed %u %s %.*s %s;", (guint) request, sealed->card->masked,
                          (int) g_bytes_get_size (sealed->sealed),
                          (const char *) g_bytes_get_data (sealed->sealed, NULL), sealed->cvm);
}

static void
on_failed (guint64     request,
           const char *code,
           gboolean    retry,
           gpointer    user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->inside);
  g_string_append_printf (f->log, "failed %u %s %d;", (guint) request, code, retry);
}

static void
on_changed (gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->inside);
  f->changes++;
}

static void
fixture_open (Fixture    *f,
              const char *mode,
              const char *socket_path)
{
  static const TwCardLinkEvents events = { on_hint, on_card, on_sealed, on_failed, on_changed };
  const char *argv[] = { fake_reader, mode, NULL };
  TwReaderLinkOptions options = { .config = &f->config, .argv = mode != NULL ? argv : NULL, .socket_path = socket_path,
                                  .key_id = "123" };
  g_autoptr(GError) error = NULL;

  memset (f, 0, sizeof *f);
  f->clock = tw_virtual_clock_new ();
  f->log = g_string_new (NULL);
  f->config = (TwConfig) { .reader_device = (char *) "pn532:/dev/null", .gateway_kind = (char *) "cybersource",
                           .country = (char *) "DE", .currency = (char *) "EUR", .time_zone = (char *) "Europe/Berlin",
                           .terminal_type = 24, .terminal_id = (char *) "TW000001", .merchant_name = (char *) "Tapwatt",
                           .merchant_category = 5552, .contactless_limit_minor = 15000, .cvm_limit_minor = 5000 };
  options.clock = tw_virtual_clock_clock (f->clock);
  f->link = tw_reader_link_new (&options, &error);
  g_assert_no_error (error);
  f->wire = tw_reader_link_card_link (f->link);
  f->wire.funcs->listen (f->wire.link, &events, f);
}

static void
fixture_close (Fixture *f)
{
  f->inside = TRUE;
  tw_reader_link_free (f->link);
  g_assert_cmpuint (tw_virtual_clock_pending (f->clock), ==, 0);
  tw_virtual_clock_free (f->clock);
  g_string_free (f->log, TRUE);
}

static gboolean
is_ready (Fixture *f)
{
  return f->wire.funcs->ready (f->wire.link, NULL);
}

static void
await_ready (Fixture *f)
{
  while (!is_ready (f))
    g_main_context_iteration (NULL, TRUE);
}

/* Until it is gone or the log has something. */
static void
await_log (Fixture *f)
{
  while (f->log->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
identify (Fixture *f,
          guint64  request)
{
  f->inside = TRUE;
  f->wire.funcs->identify (f->wire.link, request, 30000);
  f->inside = FALSE;
}

static void
authorize (Fixture *f,
           guint64  request)
{
  g_autoptr(GBytes) body = g_bytes_new_static ("{}", 2);
  const TwSealRequest seal = { request, { 2500, "EUR" }, 30000, body };

  f->inside = TRUE;
  f->wire.funcs->authorize (f->wire.link, &seal);
  f->inside = FALSE;
}

static void
expect (Fixture    *f,
        const char *log)
{
  g_assert_cmpstr (f->log->str, ==, log);
  g_string_truncate (f->log, 0);
}

#define THE_CARD "emv ************1111 visa VISA a0000000031010 e1:00112233445566778899aabbccddeeff 1;"

static void
test_good (void)
{
  Fixture f;
  const char *why;

  fixture_open (&f, "good", NULL);
  g_assert_false (f.wire.funcs->ready (f.wire.link, &why));
  g_assert_cmpstr (why, ==, "reader-starting");
  await_ready (&f);
  g_assert_cmpuint (f.changes, ==, 1);
  g_assert_true (g_str_has_prefix (tw_reader_link_device (f.link), "fake "));
  g_assert_true (tw_reader_link_has (f.link, "identify"));
  g_assert_false (tw_reader_link_has (f.link, "authorize"));

  identify (&f, 1);
  while (strchr (f.log->str, 'c') == NULL)    /* the hint comes first */
    g_main_context_iteration (NULL, TRUE);
  while (strstr (f.log->str, "card") == NULL || !g_str_has_suffix (f.log->str, "1;"))
    g_main_context_iteration (NULL, TRUE);
  expect (&f, "hint 1 present-card;card 1 " THE_CARD);

  authorize (&f, 2);
  await_log (&f);
  expect (&f, "sealed 2 ************1111 {\"encryptedRequest\":\"x\"} device;");
  g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, 0);
  fixture_close (&f);
}

static void
test_cancel (void)
{
  Fixture f;

  fixture_open (&f, "silent-but-cancels", NULL);
  await_ready (&f);
  identify (&f, 5);
  f.wire.funcs->cancel (f.wire.link, 4);    /* not this one */
  f.wire.funcs->cancel (f.wire.link, 5);
  await_log (&f);
  expect (&f, "failed 5 cancelled 1;");
  f.wire.funcs->cancel (f.wire.link, 5);    /* over: nothing is sent */
  fixture_close (&f);
}

/* Each way of going wrong costs one request, and the next start is well. */
static void
test_lost (gconstpointer mode)
{
  Fixture f;

  fixture_open (&f, mode, NULL);
  await_ready (&f);
  if (g_str_has_suffix (mode, "seal") || g_str_has_suffix (mode, "digest"))
    authorize (&f, 3);
  else
    identify (&f, 3);
  await_log (&f);
  expect (&f, "failed 3 reader-lost 1;");
  g_assert_false (is_ready (&f));
  g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, 1);
  g_assert_cmpuint (f.changes, ==, 2);
  g_assert_cmpint (tw_virtual_clock_next_ms (f.clock), ==, 250);

  tw_virtual_clock_advance (f.clock, 250);
  await_ready (&f);
  fixture_close (&f);
}

static void
test_silence (void)
{
  Fixture f;

  fixture_open (&f, "hang", NULL);
  await_ready (&f);
  identify (&f, 3);
  tw_virtual_clock_advance (f.clock, 5999);
  g_assert_true (is_ready (&f));
  tw_virtual_clock_advance (f.clock, 1);
  expect (&f, "failed 3 reader-lost 1;");
  g_assert_false (is_ready (&f));
  fixture_close (&f);
}

/* The second of two requests is what a silent reader is not asked any more. */
static void
test_not_ready (void)
{
  Fixture f;

  fixture_open (&f, "never-ready", NULL);
  identify (&f, 1);
  authorize (&f, 2);
  g_assert_cmpuint (f.log->len, ==, 0);
  await_log (&f);
  expect (&f, "failed 1 reader-lost 1;failed 2 reader-lost 1;");
  identify (&f, 3);
  fixture_close (&f);          /* and what is not told yet never is */
}

static void
test_backoff (void)
{
  static const gint64 pauses_ms[] = { 250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
  const char *why;
  Fixture f;

  fixture_open (&f, "never-ready", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (pauses_ms); i++)
    {
      g_assert_cmpint (tw_virtual_clock_next_ms (f.clock), ==, 20000);
      tw_virtual_clock_advance (f.clock, 20000);
      g_assert_cmpint (tw_virtual_clock_next_ms (f.clock), ==, pauses_ms[i]);
      g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, i + 1);
      g_assert_false (f.wire.funcs->ready (f.wire.link, &why));
      g_assert_cmpstr (why, ==, i + 1 < 3 ? "reader-starting" : "reader-lost");
      tw_virtual_clock_advance (f.clock, pauses_ms[i]);
    }
  g_assert_cmpuint (f.changes, ==, 0);
  fixture_close (&f);
}

static void
test_early (gconstpointer mode)
{
  Fixture f;

  fixture_open (&f, mode, NULL);
  while (tw_reader_link_restarts (f.link) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_ready (&f));
  fixture_close (&f);
}

static void
test_missing_program (void)
{
  const char *saved = fake_reader;
  Fixture f;

  fake_reader = "/nowhere/tapwatt-reader";
  fixture_open (&f, "good", NULL);
  g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, 1);
  g_assert_cmpint (tw_virtual_clock_next_ms (f.clock), ==, 250);
  fake_reader = saved;
  fixture_close (&f);
}

static void
test_well_again (void)
{
  Fixture f;

  fixture_open (&f, "die", NULL);
  for (guint i = 1; i <= 3; i++)
    {
      await_ready (&f);
      identify (&f, i);
      await_log (&f);
      g_string_truncate (f.log, 0);
      g_assert_cmpuint (tw_reader_link_restarts (f.link), ==, i);
      tw_virtual_clock_advance (f.clock, tw_virtual_clock_next_ms (f.clock));
    }
  fixture_close (&f);
}

/* After free the program is gone, even one that does not mind its closed socket. */
static void
test_ends (gconstpointer mode)
{
  Fixture f;
  pid_t pid;

  fixture_open (&f, mode, NULL);
  await_ready (&f);
  pid = (pid_t) g_ascii_strtoll (tw_reader_link_device (f.link) + strlen ("fake "), NULL, 10);
  g_assert_cmpint (kill (pid, 0), ==, 0);
  if (strcmp (mode, "stubborn") == 0)
    identify (&f, 1);
  fixture_close (&f);
  while (kill (pid, 0) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (errno, ==, ESRCH);
}

/* systemd's way: the program is behind a socket that somebody else made. This test is the reader. */
static void
test_socket (void)
{
  g_autofree char *dir = g_dir_make_tmp ("tapwatt-link-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "reader", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int listener = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  char *none[] = { NULL };
  const TwMessage ready = { .kind = TW_MESSAGE_READY, .version = (char *) "0", .device = (char *) "here",
                            .capabilities = none, .kernels = none, .key_table = (char *) "none" };
  g_autoptr(TwMessage) hello = NULL;
  g_autoptr(TwMessage) identified = NULL;
  Fixture f;
  int fd;

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  fixture_open (&f, NULL, path);
  fd = accept (listener, NULL, NULL);
  g_assert_cmpint (fd, >=, 0);

  hello = tw_channel_receive (fd, TW_MESSAGE_FROM_DAEMON, NULL);
  g_assert_cmpint (hello->kind, ==, TW_MESSAGE_HELLO);
  g_assert_cmpstr (hello->device, ==, "pn532:/dev/null");
  g_assert_cmpstr (hello->gateway, ==, "cybersource");
  g_assert_cmpstr (hello->key_ids[0], ==, "123");
  g_assert_true (tw_channel_send (fd, &ready, NULL));
  await_ready (&f);

  authorize (&f, 8);
  identified = tw_channel_receive (fd, TW_MESSAGE_FROM_DAEMON, NULL);
  g_assert_cmpint (identified->kind, ==, TW_MESSAGE_AUTHORIZE);
  g_assert_cmpint (identified->amount_minor, ==, 2500);
  g_assert_cmpstr (identified->country, ==, "DE");
  g_assert_cmpstr (identified->body, ==, "{}");
  g_assert_cmpstr (identified->terminal.date, ==, "261122");     /* 10:15:30 UTC is 11:15:30 in Berlin */
  g_assert_cmpstr (identified->terminal.time, ==, "111530");
  g_assert_cmpint (identified->deadline_ms, ==, 30000);

  close (fd);
  await_log (&f);
  expect (&f, "failed 8 reader-lost 1;");
  fixture_close (&f);
  close (listener);
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_options (void)
{
  const char *argv[] = { "x", NULL };
  g_autoptr(TwVirtualClock) clock = tw_virtual_clock_new ();
  TwConfig config = { .reader_device = (char *) "pn532:/dev/null", .gateway_kind = (char *) "cybersource" };
  const TwReaderLinkOptions bad[] = {
    { .config = &config, .clock = tw_virtual_clock_clock (clock), .key_id = "1" },
    { .config = &config, .clock = tw_virtual_clock_clock (clock), .key_id = "1", .argv = argv, .socket_path = "x" },
    { .config = &(TwConfig) { 0 }, .clock = tw_virtual_clock_clock (clock), .key_id = "1", .argv = argv },
    { .config = &config, .key_id = "1", .argv = argv },
    { .clock = tw_virtual_clock_clock (clock), .key_id = "1", .argv = argv },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tw_reader_link_new (&bad[i], &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

static const char *const confused[] = {
  "die", "abort", "flood", "huge", "garbage", "unknown-kind", "unknown-member", "daemon-kind", "whole-number",
  "other-request", "ready-twice", "version-2", "early-seal", "wrong-digest",
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);    /* it warns of each loss, as it should */
  fake_reader = g_getenv ("FAKE_READER");
  g_assert_nonnull (fake_reader);

  g_test_add_func ("/readerapp/link/a-good-reader-answers", test_good);
  g_test_add_func ("/readerapp/link/a-cancel-ends-in-an-answer", test_cancel);
  for (guint i = 0; i < G_N_ELEMENTS (confused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/readerapp/link/a-reader-is-lost-and-started-again/%s", confused[i]);

      g_test_add_data_func (path, confused[i], test_lost);
    }
  g_test_add_func ("/readerapp/link/six-seconds-of-silence-are-death", test_silence);
  g_test_add_func ("/readerapp/link/without-a-reader-requests-fail-later", test_not_ready);
  g_test_add_func ("/readerapp/link/pauses-between-starts-grow", test_backoff);
  g_test_add_data_func ("/readerapp/link/death-at-start-is-a-failed-start", "die-early", test_early);
  g_test_add_data_func ("/readerapp/link/a-card-before-ready-is-out-of-turn", "card-before-ready", test_early);
  g_test_add_func ("/readerapp/link/a-missing-program-is-tried-again", test_missing_program);
  g_test_add_func ("/readerapp/link/each-loss-is-counted", test_well_again);
  g_test_add_data_func ("/readerapp/link/free-ends-the-program", "good", test_ends);
  g_test_add_data_func ("/readerapp/link/free-ends-a-stubborn-program", "stubborn", test_ends);
  g_test_add_func ("/readerapp/link/a-socket-of-systemd's-is-as-good", test_socket);
  g_test_add_func ("/readerapp/link/options-that-make-no-sense-are-refused", test_options);
  return g_test_run ();
}
