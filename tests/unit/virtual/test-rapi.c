/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's cable: what comes out of its near end, on a clock that the test moves. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/error.h"
#include "app/base/json.h"
#include "hw/virtual/rapi.h"
#include "tests/lib/virtual-clock.h"

typedef struct
{
  char           *folder;
  char           *link;
  TwVirtualClock *clock;
  TwVirtualRapi  *twin;
  int             fd;       /* the near end */
  GString        *came;
} Bench;

static Bench *
bench_new (void)
{
  Bench *bench = g_new0 (Bench, 1);
  g_autoptr (GError) error = NULL;
  TwVirtualRapiOptions options = { .evse = { .phases = 1, .voltage_v = 230, .max_current_a = 16 } };

  bench->folder = g_dir_make_tmp ("tapwatt-rapi-XXXXXX", NULL);
  bench->link = g_build_filename (bench->folder, "controller", NULL);
  bench->clock = tw_virtual_clock_new ();
  options.link = bench->link;
  options.clock = tw_virtual_clock_clock (bench->clock);
  bench->twin = tw_virtual_rapi_new (&options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tw_virtual_rapi_path (bench->twin), ==, bench->link);
  bench->came = g_string_new (NULL);
  bench->fd = open (bench->link, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (bench->fd, >=, 0);
  return bench;
}

static void
bench_free (Bench *bench)
{
  close (bench->fd);
  tw_virtual_rapi_free (bench->twin);
  tw_virtual_clock_free (bench->clock);
  g_assert_cmpint (g_rmdir (bench->folder), ==, 0);
  g_string_free (bench->came, TRUE);
  g_free (bench->link);
  g_free (bench->folder);
  g_free (bench);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

/* Bytes need none of the clock, only the main loop. */
static void
wait_for_bytes (Bench *bench,
                gsize  n)
{
  while (bench->came->len < n)
    {
      char bytes[256];
      gssize got = read (bench->fd, bytes, sizeof bytes);

      if (got > 0)
        g_string_append_len (bench->came, bytes, got);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
ask (Bench      *bench,
     const char *command)
{
  g_assert_cmpint (write (bench->fd, command, strlen (command)), ==, (gssize) strlen (command));
}

#define VERSION "$OK 8.2.1 5.2.1^2D\r"   /* Python: XOR over the text */
#define TWICE   "$OK 8.2.1 5.2.1^2D\r$OK 8.2.1 5.2.1^2D\r"

static void
assert_comes (Bench      *bench,
              const char *expected)
{
  wait_for_bytes (bench, strlen (expected));
  g_assert_cmpstr (bench->came->str, ==, expected);
  g_string_truncate (bench->came, 0);
}

static void
spoiled_in_named_ways (void)
{
  g_autoptr (Bench) bench = bench_new ();

  ask (bench, "$GV^35\r");
  assert_comes (bench, VERSION);

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "silent", 1));
  ask (bench, "$GV^35\r$GV^35\r");
  assert_comes (bench, VERSION);

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "bad-check", 1));
  ask (bench, "$GV^35\r");
  assert_comes (bench, "$OK 8.2.1 5.2.1^20\r");

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "wrong-sequence", 1));
  ask (bench, "$GV :01^2E\r");
  assert_comes (bench, "$OK 8.2.1 5.2.1 :07^30\r");   /* Python */

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "glued", 2));
  ask (bench, "$GV^35\r$GV^35\r");
  assert_comes (bench, TWICE);

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "noise", 1));
  ask (bench, "$GV^35\r");
  wait_for_bytes (bench, strlen (VERSION) + 2 * 64);
  g_assert_nonnull (g_strstr_len (bench->came->str + 64, (gssize) bench->came->len - 64, VERSION));
  g_string_truncate (bench->came, 0);

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "garbage", 1));
  ask (bench, "$GV^35\r");
  wait_for_bytes (bench, 64);
  g_assert_null (g_strstr_len (bench->came->str, (gssize) bench->came->len, VERSION));
  g_string_truncate (bench->came, 0);

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "dribble", 0));
  ask (bench, "$GV^35\r");
  assert_comes (bench, VERSION);
  g_assert_false (tw_virtual_rapi_misbehave (bench->twin, "politely", 0));
}

static void
late_by_its_own_clock (void)
{
  g_autoptr (Bench) bench = bench_new ();

  g_assert_true (tw_virtual_rapi_misbehave (bench->twin, "late", 1));
  ask (bench, "$GU^36\r$GV^35\r");
  assert_comes (bench, VERSION);
  tw_virtual_clock_advance (bench->clock, 1400);
  ask (bench, "$GV^35\r");
  assert_comes (bench, VERSION);
  tw_virtual_clock_advance (bench->clock, 200);
  assert_comes (bench, "$OK 0 0^20\r");               /* Python */
}

static void
cable_returns_to_its_path (void)
{
  g_autoptr (Bench) bench = bench_new ();
  char byte;

  tw_virtual_rapi_hang_up (bench->twin);
  g_assert_cmpint (read (bench->fd, &byte, 1), <=, 0);
  g_assert_false (g_file_test (bench->link, G_FILE_TEST_EXISTS));
  close (bench->fd);
  g_assert_true (tw_virtual_rapi_return (bench->twin, NULL));
  bench->fd = open (bench->link, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  ask (bench, "$GV^35\r");
  assert_comes (bench, VERSION);
}

static void
status_is_json (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autofree char *text = NULL;
  g_autoptr (TwJson) json = NULL;
  g_autoptr (GError) error = NULL;
  gint64 session_ws, amps;

  tw_virtual_rapi_plug (bench->twin);
  tw_virtual_clock_advance (bench->clock, 3600 * 1000);
  text = tw_virtual_rapi_status_json (bench->twin);
  json = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tw_json_get_string (json, "state", NULL), ==, "03");
  g_assert_true (tw_json_is_true (tw_json_member (json, "relay")));
  g_assert_true (tw_json_get_int64 (json, "offered_a", &amps, NULL) && amps == 16);
  /* An hour at 3680 W, but for the moments until it began. */
  g_assert_true (tw_json_get_int64 (json, "session_ws", &session_ws, NULL));
  g_assert_cmpint (session_ws, >, 3680 * 3598);
  g_assert_cmpint (session_ws, <=, 3680 * 3600);
}

static void
no_such_firmware (void)
{
  g_autoptr (GError) error = NULL;
  TwVirtualRapiOptions options = { .evse = { .firmware = "7.0" } };

  g_assert_null (tw_virtual_rapi_new (&options, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "accepted are 3.9"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virtual/rapi/wire-is-spoiled-in-named-ways", spoiled_in_named_ways);
  g_test_add_func ("/virtual/rapi/late-is-late-by-its-own-clock", late_by_its_own_clock);
  g_test_add_func ("/virtual/rapi/cable-returns-to-its-path", cable_returns_to_its_path);
  g_test_add_func ("/virtual/rapi/status-is-json", status_is_json);
  g_test_add_func ("/virtual/rapi/unknown-firmware-is-refused", no_such_firmware);
  return g_test_run ();
}
