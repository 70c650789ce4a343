/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/whole.h"

#include <errno.h>

#define UNTOUCHED 4711

static void
assert_whole (const char *text,
              gint64      least,
              gint64      most,
              gboolean    good,
              gint64      wanted)
{
  gint64 value = UNTOUCHED;

  g_test_message ("%s", text != NULL ? text : "(null)");
  g_assert_cmpint (tw_whole_parse (text, least, most, &value), ==, good);
  g_assert_cmpint (value, ==, good ? wanted : UNTOUCHED);
  g_assert_cmpint (tw_whole_parse (text, least, most, NULL), ==, good);
}

static void
test_signed (void)
{
  static const char *const bad[] = {
    NULL, "", "-", "--1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "a", "1a", "\xd9\xa1", "9223372036854775808",
    "-9223372036854775809", "99999999999999999999999999999999999999999999",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_whole (bad[i], G_MININT64, G_MAXINT64, FALSE, 0);
  assert_whole ("0", G_MININT64, G_MAXINT64, TRUE, 0);
  assert_whole ("-0", G_MININT64, G_MAXINT64, TRUE, 0);
  assert_whole ("007", G_MININT64, G_MAXINT64, TRUE, 7);
  assert_whole ("9223372036854775807", G_MININT64, G_MAXINT64, TRUE, G_MAXINT64);
  assert_whole ("-9223372036854775807", G_MININT64, G_MAXINT64, TRUE, -G_MAXINT64);
  assert_whole ("-9223372036854775808", G_MININT64, G_MAXINT64, TRUE, G_MININT64);
  assert_whole ("5", 5, 7, TRUE, 5);
  assert_whole ("7", 5, 7, TRUE, 7);
  assert_whole ("4", 5, 7, FALSE, 0);
  assert_whole ("8", 5, 7, FALSE, 0);
  assert_whole ("-5", -5, -5, TRUE, -5);
  assert_whole ("-6", -5, -5, FALSE, 0);
}

static void
assert_unsigned (const char *text,
                 guint       base,
                 guint64     most,
                 gboolean    good,
                 guint64     wanted)
{
  guint64 value = UNTOUCHED;

  g_test_message ("%s in base %u", text, base);
  g_assert_cmpint (tw_whole_parse_unsigned (text, base, 0, most, &value), ==, good);
  g_assert_cmpuint (value, ==, good ? wanted : UNTOUCHED);
}

static void
test_unsigned (void)
{
  guint64 value;

  assert_unsigned ("18446744073709551615", 10, G_MAXUINT64, TRUE, G_MAXUINT64);
  assert_unsigned ("18446744073709551616", 10, G_MAXUINT64, FALSE, 0);
  assert_unsigned ("FfFfFfFfFfFfFfFf", 16, G_MAXUINT64, TRUE, G_MAXUINT64);
  assert_unsigned ("10000000000000000", 16, G_MAXUINT64, FALSE, 0);
  assert_unsigned ("9f", 16, 255, TRUE, 0x9f);
  assert_unsigned ("9f", 10, 255, FALSE, 0);
  assert_unsigned ("9g", 16, 255, FALSE, 0);
  assert_unsigned ("256", 10, 255, FALSE, 0);
  assert_unsigned ("-1", 10, 255, FALSE, 0);
  assert_unsigned ("2", 2, 255, FALSE, 0);
  assert_unsigned ("101", 2, 255, TRUE, 5);
  g_assert_false (tw_whole_parse_unsigned ("4", 10, 5, 7, &value));
  g_assert_true (tw_whole_parse_unsigned ("5", 10, 5, 7, &value));
}

/* What went before in this thread is not the number's fault. */
static void
test_errno_is_left_alone (void)
{
  errno = EAGAIN;
  assert_whole ("6", 0, 10, TRUE, 6);
  g_assert_cmpint (errno, ==, EAGAIN);
  assert_whole ("99999999999999999999", 0, G_MAXINT64, FALSE, 0);
  g_assert_cmpint (errno, ==, EAGAIN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/whole/signed", test_signed);
  g_test_add_func ("/base/whole/unsigned", test_unsigned);
  g_test_add_func ("/base/whole/errno", test_errno_is_left_alone);

  return g_test_run ();
}
