/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors: the facts page "Power-controller wires" sections 1.1, 1.2 and 1.4; those marked [py] were made with Python,
 * functools.reduce (operator.xor, text.encode ()). */
#include <string.h>

#include "hw/power/rapi-codec.h"

static void
commands_carry_their_check (void)
{
  static const char *const vectors[] = {
    "$GS^30", "$GU^36", "$GG^24", "$GV^35", "$GC^20", "$GE^26", "$GF^25", "$GP^33", "$G0^53", "$FE^27", "$FD^26",
    "$FS^31", "$FR^30", "$SB^35", "$SY^2E", "$GY^3A", "$SC 16 V^65", "$S4 1^52", "$SH 10^1E", "$S3 4^50",
    "$SY 30 6^1B", "$SY 165^3C",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *command = g_strndup (vectors[i] + 1, strlen (vectors[i]) - 4);
      g_autofree char *expected = g_strconcat (vectors[i], "\r", NULL);
      char bytes[TW_RAPI_COMMAND_MAX + 1];

      g_assert_true (tw_rapi_compose (command, 0, bytes));
      g_assert_cmpstr (bytes, ==, expected);
    }
}

static void
sequence_is_inside_the_check (void)
{
  char bytes[TW_RAPI_COMMAND_MAX + 1];

  g_assert_true (tw_rapi_compose ("GS", 0x01, bytes));
  g_assert_cmpstr (bytes, ==, "$GS :01^2B\r");      /* [py] */
  g_assert_true (tw_rapi_compose ("SC 16 V", 0xfe, bytes));
  g_assert_cmpstr (bytes, ==, "$SC 16 V :FE^7C\r"); /* [py] */
}

static void
no_command_exceeds_the_buffer (void)
{
  char bytes[TW_RAPI_COMMAND_MAX + 1];

  g_assert_true (tw_rapi_compose ("123456789012345678901234567", 0, bytes));
  g_assert_cmpuint (strlen (bytes), ==, 32);
  g_assert_false (tw_rapi_compose ("1234567890123456789012345678", 0, bytes));
  g_assert_false (tw_rapi_compose ("123456789012345678901234567", 1, bytes));
}

static TwRapiMessage message;

static const TwRapiMessage *
parse (const char *line)
{
  g_assert_true (tw_rapi_parse (line, &message));
  return &message;
}

static void
answers_of_each_firmware (void)
{
  TwRapiState state;

  g_assert_true (tw_rapi_parse_state (parse ("$OK 03 120 03 0140^16"), &state));
  g_assert_true (message.checked && message.kind == TW_RAPI_OK && message.sequence == 0 && message.n == 4);
  g_assert_cmpint (state.state, ==, 3);
  g_assert_cmpint (state.elapsed_s, ==, 120);
  g_assert_cmpint (state.pilot, ==, 3);
  g_assert_cmpint (state.vflags, ==, 0x0140);

  /* 5.2: hex with three tokens; 4.x: decimal with two. The same digits mean another state. */
  g_assert_true (tw_rapi_parse_state (parse ("$OK fe 10 02^00"), &state));   /* [py] */
  g_assert_cmpint (state.state, ==, 0xfe);
  g_assert_cmpint (state.pilot, ==, 2);
  g_assert_cmpint (state.vflags, ==, -1);
  g_assert_true (tw_rapi_parse_state (parse ("$OK 254 10^12"), &state));     /* [py] */
  g_assert_cmpint (state.state, ==, 0xfe);
  g_assert_cmpint (state.pilot, ==, -1);
  g_assert_true (tw_rapi_parse_state (parse ("$OK 10 5^14"), &state));       /* [py] */
  g_assert_cmpint (state.state, ==, 10);

  /* Clones add values: extra ones on a read are none of our business. */
  g_assert_true (tw_rapi_parse_state (parse ("$OK 03 120 03 0140 7"), &state));
  g_assert_cmpint (state.vflags, ==, 0x0140);
}

static void
states_that_are_none (void)
{
  static const char *const bad[] = {
    "$OK", "$OK 3", "$OK 256 1", "$OK -1 1", "$OK 3 -1", "$OK 3 x", "$OK fe 1", "$OK 8.2.1 5.2.1", "$OK 100 1 1",
    "$OK 0x3 1 1", "$OK 3 1 1 10000", "$OK 3 4294967296", "$OK 3 1 1 -1", "$OK +3 1",
  };
  TwRapiState state;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (tw_rapi_parse_state (parse (bad[i]), &state));
}

static void
sequence_comes_back (void)
{
  gint64 session_ws, total_wh;

  parse ("$OK 3600 12345 :0A^7F");   /* [py] */
  g_assert_cmpuint (message.sequence, ==, 0x0a);
  g_assert_cmpuint (message.n, ==, 2);
  g_assert_true (tw_rapi_parse_energy (&message, &session_ws, &total_wh));
  g_assert_cmpint (session_ws, ==, 3600);
  g_assert_cmpint (total_wh, ==, 12345);

  parse ("$NK :FF^3B");              /* [py] */
  g_assert_true (message.kind == TW_RAPI_NK && message.sequence == 0xff && message.n == 0);
  g_assert_false (tw_rapi_parse ("$OK :00", &message));
  g_assert_false (tw_rapi_parse ("$OK :0", &message));
  g_assert_false (tw_rapi_parse ("$OK :0A1", &message));
}

static void
wrong_check_is_no_message (void)
{
  g_assert_false (tw_rapi_parse ("$OK 03 120 03 0140^17", &message));
  g_assert_false (tw_rapi_parse ("$OK 03 121 03 0140^16", &message));
  g_assert_false (tw_rapi_parse ("$OK 03 120 03 0140^1", &message));
  g_assert_false (tw_rapi_parse ("$OK 03 120 03 0140^161", &message));
  g_assert_false (tw_rapi_parse ("$OK 03 120 03 0140^", &message));
  g_assert_false (tw_rapi_parse ("$OK 03 120 03 0140^1G", &message));
  g_assert_true (tw_rapi_parse ("$OK 03 120 03 0140", &message));
  g_assert_false (message.checked);
}

static void
asynchronous_messages (void)
{
  guint value;

  parse ("$AT 03 03 16 0140^33");
  g_assert_true (message.kind == TW_RAPI_STATE && message.checked && message.n == 4);
  g_assert_true (tw_rapi_hex (&message, 3, 0xffff, &value) && value == 0x0140);
  parse ("$AB 00 8.2.3^1E");
  g_assert_true (message.kind == TW_RAPI_BOOT);
  g_assert_cmpstr (message.token[1], ==, "8.2.3");
  g_assert_true (parse ("$ST 03^00")->kind == TW_RAPI_STATE);   /* [py] */
  g_assert_true (parse ("$AN 1^3A")->kind == TW_RAPI_OTHER);    /* [py] */
  g_assert_true (parse ("$GS :01^2B")->kind == TW_RAPI_OTHER);  /* our own, echoed */
}

static void
not_messages (void)
{
  static const char *const bad[] = {
    "", "$", "$O", "OK 1", "$OKAY", "$OK1", "$OK 1 2 3 4 5 6 7 8 9 10 11", "^24", "$^24",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (tw_rapi_parse (bad[i], &message));
  g_assert_true (tw_rapi_parse ("$OK  1  2 ", &message));
  g_assert_cmpuint (message.n, ==, 2);
}

static void
versions (void)
{
  static const struct { const char *line; guint major, minor; } good[] = {
    { "$OK 8.2.1 5.2.1", 8, 2 }, { "$OK D6.1.3 5.1.0", 6, 1 },
    { "$OK 7.1.3.EU 5.1.1", 7, 1 }, { "$OK 3.9.0 1.0.5", 3, 9 },
  };
  static const char *const bad[] = {
    "$OK 8 5.2.1", "$OK 8.2.1", "$OK x.y z.w", "$OK .1 1.", "$OK 8.2.1 5", "$OK 1000.1 1.1", "$OK",
  };
  guint major, minor;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (tw_rapi_parse_version (parse (good[i].line), &major, &minor));
      g_assert_cmpuint (major, ==, good[i].major);
      g_assert_cmpuint (minor, ==, good[i].minor);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (tw_rapi_parse_version (parse (bad[i]), &major, &minor));
}

static void
current (void)
{
  gint32 ma, mv;

  g_assert_true (tw_rapi_parse_current (parse ("$OK 15980 240000"), &ma, &mv) && ma == 15980 && mv == 240000);
  g_assert_true (tw_rapi_parse_current (parse ("$OK -1 -1"), &ma, &mv) && ma == -1 && mv == -1);
  g_assert_true (tw_rapi_parse_current (parse ("$OK 0 230000 1 2"), &ma, &mv) && ma == 0);
  g_assert_false (tw_rapi_parse_current (parse ("$OK 1"), &ma, &mv));
  g_assert_false (tw_rapi_parse_current (parse ("$OK 2147483648 0"), &ma, &mv));
}

static void
every_state_is_good_or_named (void)
{
  for (guint state = 0; state < 256; state++)
    {
      gboolean good = state <= 3 || state >= 0xfe;
      const char *name = tw_rapi_fault_name ((guint8) state);

      g_assert_true (good == (name == NULL));
      g_assert_true (name == NULL || strlen (name) < 32);
    }
  g_assert_cmpstr (tw_rapi_fault_name (0x06), ==, "gfci");
  g_assert_cmpstr (tw_rapi_fault_name (0x08), ==, "stuck-relay");
  g_assert_cmpstr (tw_rapi_fault_name (0x0c), ==, "unknown-state");
  g_assert_cmpstr (tw_rapi_fault_name (0xfd), ==, "unknown-state");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/power/rapi/commands-carry-their-check", commands_carry_their_check);
  g_test_add_func ("/power/rapi/sequence-is-inside-the-check", sequence_is_inside_the_check);
  g_test_add_func ("/power/rapi/no-command-exceeds-the-controllers-buffer", no_command_exceeds_the_buffer);
  g_test_add_func ("/power/rapi/state-is-read-by-the-number-of-its-tokens", answers_of_each_firmware);
  g_test_add_func ("/power/rapi/states-that-are-none-are-refused", states_that_are_none);
  g_test_add_func ("/power/rapi/sequence-comes-back-with-the-answer", sequence_comes_back);
  g_test_add_func ("/power/rapi/wrong-check-is-no-message", wrong_check_is_no_message);
  g_test_add_func ("/power/rapi/asynchronous-messages-are-no-answers", asynchronous_messages);
  g_test_add_func ("/power/rapi/what-is-no-message-is-refused", not_messages);
  g_test_add_func ("/power/rapi/versions-in-all-their-spellings", versions);
  g_test_add_func ("/power/rapi/current-may-be-not-measured", current);
  g_test_add_func ("/power/rapi/every-state-is-good-or-a-named-fault", every_state_is_good_or_named);
  return g_test_run ();
}
