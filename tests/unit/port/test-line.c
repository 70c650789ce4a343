/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "hw/port/line.h"

/* The lines in bytes, each followed by '|'. */
static char *
lines_of (const char *bytes,
          gsize       n)
{
  TwPortLine line = { 0 };
  GString *found = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    if (tw_port_line_push (&line, (guint8) bytes[i]))
      g_string_append_printf (found, "%s|", line.text);

  return g_string_free (found, FALSE);
}

static void
assert_lines (const char *bytes,
              gsize       n,
              const char *expected)
{
  g_autofree char *found = lines_of (bytes, n);

  g_assert_cmpstr (found, ==, expected);
}

#define ASSERT_LINES(bytes, expected) assert_lines (bytes, sizeof bytes - 1, expected)

static void
between_dollar_and_cr (void)
{
  ASSERT_LINES ("$OK^20\r", "$OK^20|");
  ASSERT_LINES ("$OK^20\r$AT 03\r", "$OK^20|$AT 03|");
  ASSERT_LINES ("$\r", "$|");
  ASSERT_LINES ("$OK^20", "");
}

static void
noise_is_thrown_away (void)
{
  ASSERT_LINES ("noise\r\r\n$OK\r more \r", "$OK|");
  ASSERT_LINES ("$GS $OK\r", "$OK|");
  ASSERT_LINES ("$O\0K\r$OK\r", "$OK|");
  ASSERT_LINES ("$O\nK\r$OK\r", "$OK|");
  ASSERT_LINES ("$O\xffK\r$OK\r", "$OK|");
  ASSERT_LINES ("\0\0\0\x80$OK\r", "$OK|");
}

static void
too_long (void)
{
  g_autofree char *most = g_strnfill (TW_PORT_LINE_MAX - 1, 'x');
  g_autofree char *fits = g_strconcat ("$", most, "\r$OK\r", NULL);
  g_autofree char *too_much = g_strconcat ("$x", most, "\r$OK\r", NULL);
  g_autofree char *expected = g_strconcat ("$", most, "|$OK|", NULL);

  assert_lines (fits, strlen (fits), expected);
  assert_lines (too_much, strlen (too_much), "$OK|");
}

static void
counted (void)
{
  TwPortLine line = { 0 };
  const char *bytes = "abc$GS$OK\r";
  guint lines = 0;

  for (const char *c = bytes; *c; c++)
    lines += tw_port_line_push (&line, (guint8) *c) ? 1 : 0;

  g_assert_cmpuint (lines, ==, 1);
  g_assert_cmpuint (line.thrown_away, ==, strlen ("abc$GS"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/port/line-stands-between-dollar-and-cr", between_dollar_and_cr);
  g_test_add_func ("/port/noise-belongs-to-no-line", noise_is_thrown_away);
  g_test_add_func ("/port/line-that-is-too-long-is-thrown-away", too_long);
  g_test_add_func ("/port/thrown-away-bytes-are-counted", counted);
  return g_test_run ();
}
