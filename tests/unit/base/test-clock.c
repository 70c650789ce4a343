/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/clock.h"
#include "app/base/zones.h"
#include "tests/lib/virtual-clock.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static TwInstant
instant (gint64   wall_s,
         gint64   boot_s,
         guint8   boot,
         gboolean synced)
{
  TwInstant self = { .wall_us = wall_s * G_USEC_PER_SEC, .boot_us = boot_s * G_USEC_PER_SEC, .synced = synced };

  self.boot_id[0] = boot;
  return self;
}

static void
test_elapsed (void)
{
  static const struct
  {
    const char *what;
    gint64      wall_a, boot_a, id_a, synced_a;
    gint64      wall_b, boot_b, id_b, synced_b;
    gint64      elapsed_s;
  } rows[] = {
    { "within a boot, boot time counts",           100, 10, 1, TRUE,   500,  15, 1, TRUE,    5 },
    { "and the wall may step as it likes",         100, 10, 1, FALSE, -900,  15, 1, TRUE,    5 },
    { "boot time going back is no time",           100, 10, 1, TRUE,   200,   9, 1, TRUE,    0 },
    { "across boots the wall counts",              100, 10, 1, TRUE,   160,   2, 2, TRUE,   60 },
    { "unless it was not synchronised before",     100, 10, 1, FALSE,  160,   2, 2, TRUE,    0 },
    { "or is not yet",                             100, 10, 1, TRUE,   160,   2, 2, FALSE,   0 },
    { "or went back",                              100, 10, 1, TRUE,    90,  20, 2, TRUE,    0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TwInstant a = instant (rows[i].wall_a, rows[i].boot_a, rows[i].id_a, rows[i].synced_a);
      TwInstant b = instant (rows[i].wall_b, rows[i].boot_b, rows[i].id_b, rows[i].synced_b);

      g_test_message ("%s", rows[i].what);
      g_assert_cmpint (tw_instant_elapsed_us (&a, &b), ==, rows[i].elapsed_s * G_USEC_PER_SEC);
    }
}

static void
test_elapsed_of_nonsense (void)
{
  TwInstant a = { .boot_us = G_MININT64, .wall_us = G_MININT64, .synced = TRUE };
  TwInstant b = { .boot_us = G_MAXINT64, .wall_us = G_MAXINT64, .synced = TRUE };
  TwInstant c = b;

  c.boot_id[15] = 1;
  g_assert_cmpint (tw_instant_elapsed_us (&a, &b), ==, 0);
  g_assert_cmpint (tw_instant_elapsed_us (&a, &c), ==, 0);
  g_assert_cmpint (tw_instant_elapsed_us (&b, &a), ==, 0);
}

static void
test_text (void)
{
  /* date -u -d @SECONDS +%FT%T */
  static const struct { gint64 wall_us; const char *text; } rows[] = {
    { 0, "1970-01-01T00:00:00.000Z" },
    { -1, "1969-12-31T23:59:59.999Z" },
    { 1795342530123999, "2026-11-22T10:15:30.123Z" },
    { 4102444799000000, "2099-12-31T23:59:59.000Z" },
    { G_MAXINT64, "####-##-##T##:##:##.###Z" },
    { G_MININT64, "####-##-##T##:##:##.###Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TwInstant self = { .wall_us = rows[i].wall_us };
      g_autofree char *text = tw_instant_to_text (&self);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_system_now (void)
{
  g_autoptr (TwClock) clock = tw_clock_new_system (TRUE);
  g_autofree char *boot_id = NULL;
  g_autoptr (GString) ours = g_string_new (NULL);
  TwInstant a = tw_clock_now (clock);
  TwInstant b = tw_clock_now (clock);

  g_assert_true (a.synced);
  g_assert_cmpint (b.boot_us, >=, a.boot_us);
  g_assert_cmpint (ABS (a.wall_us - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);

  g_assert_true (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL));
  for (guint i = 0; i < sizeof a.boot_id; i++)
    g_string_append_printf (ours, "%s%02x", strchr ("\4\6\10\12", i) && i ? "-" : "", a.boot_id[i]);
  g_assert_cmpstr (ours->str, ==, g_strchomp (boot_id));
}

static void
test_boot_time_is_the_kernels (void)
{
  g_autoptr (TwClock) clock = tw_clock_new_system (FALSE);
  g_autofree char *uptime = NULL;
  TwInstant now = tw_clock_now (clock);

  g_assert_true (g_file_get_contents ("/proc/uptime", &uptime, NULL, NULL));
  g_assert_cmpint (ABS (now.boot_us / G_USEC_PER_SEC - g_ascii_strtoll (uptime, NULL, 10)), <=, 60);
}

typedef struct
{
  TwClock   *clock;
  GString   *order;
  GMainLoop *loop;
  guint      id;
} Fixture;

static gboolean
on_first (gpointer data)
{
  g_string_append_c (((Fixture *) data)->order, '1');
  return G_SOURCE_CONTINUE; /* must not matter */
}

static gboolean
on_second (gpointer data)
{
  g_string_append_c (((Fixture *) data)->order, '2');
  return G_SOURCE_CONTINUE;
}

static gboolean
on_last (gpointer data)
{
  Fixture *fixture = data;

  g_string_append_c (fixture->order, 'L');
  if (fixture->loop)
    g_main_loop_quit (fixture->loop);
  return G_SOURCE_REMOVE;
}

static void
run_system_deadlines (void)
{
  g_autoptr (TwClock) clock = tw_clock_new_system (TRUE);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GString) order = g_string_new (NULL);
  Fixture fixture = { .order = order, .loop = loop };
  TwInstant begin = tw_clock_now (clock), end;
  guint cancelled;

  tw_clock_after (clock, 10, on_second, &fixture);
  g_assert_cmpuint (tw_clock_after (clock, -5, on_first, &fixture), !=, 0);
  cancelled = tw_clock_after (clock, 0, on_second, &fixture);
  tw_clock_cancel (clock, cancelled);
  while (order->len < 2) /* in either order: a busy machine may find both due at once */
    g_main_context_iteration (NULL, TRUE);
  tw_clock_after (clock, 30, on_last, &fixture);
  g_main_loop_run (loop);
  end = tw_clock_now (clock);

  g_assert_true (g_str_equal (order->str, "12L") || g_str_equal (order->str, "21L"));
  g_assert_cmpint (tw_instant_elapsed_us (&begin, &end), >=, 40 * 1000);
}

static void
test_deadline_without_descriptors (void)
{
  struct rlimit limit, none;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_main_context_default (); /* has its own descriptor by now */
  none = limit;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  g_assert_cmpint (dup (0), ==, -1);
  /* poll(2) refuses more descriptors than the limit: hand it none above it. */
  none.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  g_assert_cmpint (dup (0), ==, -1);
  run_system_deadlines ();
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

static gboolean
on_more (gpointer data)
{
  Fixture *fixture = data;
  TwInstant now = tw_clock_now (fixture->clock);

  g_string_append_printf (fixture->order, "[%" G_GINT64_FORMAT "]", now.boot_us / 1000 - 1000 * 1000);
  fixture->id = tw_clock_after (fixture->clock, 20, on_second, fixture);
  return G_SOURCE_REMOVE;
}

static void
test_virtual_order (void)
{
  g_autoptr (TwVirtualClock) virtual = tw_virtual_clock_new ();
  g_autoptr (GString) order = g_string_new (NULL);
  Fixture fixture = { .clock = tw_virtual_clock_clock (virtual), .order = order };
  guint cancelled;

  tw_clock_after (fixture.clock, 100, on_last, &fixture);
  tw_clock_after (fixture.clock, 50, on_more, &fixture);
  tw_clock_after (fixture.clock, 50, on_first, &fixture);
  cancelled = tw_clock_after (fixture.clock, 60, on_first, &fixture);
  tw_clock_cancel (fixture.clock, cancelled);
  g_assert_cmpint (tw_virtual_clock_next_ms (virtual), ==, 50);

  tw_virtual_clock_advance (virtual, 49);
  g_assert_cmpstr (order->str, ==, "");
  tw_virtual_clock_advance (virtual, 1);
  g_assert_cmpstr (order->str, ==, "[50]1");
  tw_virtual_clock_advance (virtual, 50);
  g_assert_cmpstr (order->str, ==, "[50]12L");
  g_assert_cmpuint (tw_virtual_clock_pending (virtual), ==, 0);
  g_assert_cmpint (tw_virtual_clock_next_ms (virtual), ==, -1);
}

static void
test_virtual_wall (void)
{
  g_autoptr (TwVirtualClock) virtual = tw_virtual_clock_new ();
  TwClock *clock = tw_virtual_clock_clock (virtual);
  TwInstant a = tw_clock_now (clock), b, c;
  g_autofree char *text = tw_instant_to_text (&a);

  g_assert_cmpstr (text, ==, "2026-11-22T10:15:30.000Z");
  tw_virtual_clock_step_wall (virtual, -3600 * (gint64) G_USEC_PER_SEC);
  tw_virtual_clock_advance (virtual, 2000);
  b = tw_clock_now (clock);
  g_assert_cmpint (b.wall_us - a.wall_us, ==, -3598 * (gint64) G_USEC_PER_SEC);
  g_assert_cmpint (tw_instant_elapsed_us (&a, &b), ==, 2 * G_USEC_PER_SEC);

  tw_virtual_clock_reboot (virtual, 5000);
  c = tw_clock_now (clock);
  g_assert_cmpint (c.boot_us, ==, 0);
  g_assert_cmpint (tw_instant_elapsed_us (&b, &c), ==, 5 * G_USEC_PER_SEC);
  tw_virtual_clock_set_synced (virtual, FALSE);
  c = tw_clock_now (clock);
  g_assert_cmpint (tw_instant_elapsed_us (&b, &c), ==, 0);
}

static void
test_releases_of_zones_compare (void)
{
  const struct { const char *version, *than; gboolean older; } rows[] = {
    { "2025a", "2025b", TRUE }, { "2024b", "2025a", TRUE }, { "2025b", "2025b", FALSE }, { "2025b", "2025a", FALSE },
    { "2025a-1", "2025b", TRUE }, { "2025b-2", "2025b", FALSE }, { "unknown", "2025b", FALSE },
    { "2025b", "unknown", FALSE }, { "", "2025b", FALSE }, { "2025", "2025b", FALSE }, { "20250", "2025b", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (tw_zones_is_older (rows[i].version, rows[i].than), ==, rows[i].older);
}

static void
test_zones_say_their_release (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tapwatt-zones-XXXXXX", NULL);
  g_autofree char *zi = g_build_filename (folder, "tzdata.zi", NULL);
  g_autofree char *plain = g_build_filename (folder, "+VERSION", NULL);
  g_autofree char *none = tw_zones_version (folder), *old = NULL, *newer = NULL;

  g_assert_cmpstr (none, ==, "unknown");
  g_assert_true (g_file_set_contents (plain, "2019c\n", -1, NULL));
  old = tw_zones_version (folder);
  g_assert_cmpstr (old, ==, "2019c");
  g_assert_true (g_file_set_contents (zi, "# version 2025b\n# ddeps backzone\n", -1, NULL));
  newer = tw_zones_version (folder);
  g_assert_cmpstr (newer, ==, "2025b");
  g_assert_cmpint (g_unlink (zi) | g_unlink (plain) | g_rmdir (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/clock/elapsed-takes-the-time-that-may-be-billed", test_elapsed);
  g_test_add_func ("/base/clock/elapsed-of-nonsense-is-nothing", test_elapsed_of_nonsense);
  g_test_add_func ("/base/clock/text-is-iso-8601", test_text);
  g_test_add_func ("/base/clock/system-clock-knows-its-boot", test_system_now);
  g_test_add_func ("/base/clock/boot-time-is-the-kernels", test_boot_time_is_the_kernels);
  g_test_add_func ("/base/clock/system-deadlines-fire-once-and-not-early", run_system_deadlines);
  g_test_add_func ("/base/clock/deadlines-survive-a-lack-of-descriptors", test_deadline_without_descriptors);
  g_test_add_func ("/base/clock/virtual-deadlines-fire-in-order", test_virtual_order);
  g_test_add_func ("/base/clock/virtual-wall-steps-apart-from-boot-time", test_virtual_wall);

  g_test_add_func ("/base/zones/say-their-release", test_zones_say_their_release);
  g_test_add_func ("/base/zones/releases-compare", test_releases_of_zones_compare);
  return g_test_run ();
}
