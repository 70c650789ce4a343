/* SPDX-License-Identifier: Apache-2.0 */
/* The acquirer's pure parts. What they do together is asked over the wire, by test_acquirer_*.py. */
#include <string.h>

#include "app/base/bytes.h"
#include "app/bench/ask.h"
#include "app/bench/coins.h"
#include "app/bench/controller-wire.h"
#include "app/bench/cryptogram.h"
#include "app/bench/faults.h"
#include "app/bench/happenings.h"
#include "app/bench/reader-wire.h"
#include "app/bench/tap-times.h"
#include "hw/virtual/pn532-frame.h"

static const guint8 MASTER[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                   0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };

static void
amounts_keep_their_digits (void)
{
  static const struct { const char *text, *currency; gint64 minor; } TAKEN[] = {
    { "0", "EUR", 0 },        { "1", "EUR", 100 },       { "0.5", "EUR", 50 },     { "45.00", "EUR", 4500 },
    { "007.10", "EUR", 710 }, { "5000", "JPY", 5000 },   { "1.234", "KWD", 1234 },
    { "10000000000.00", "EUR", 1000000000000 },
  };
  static const char *const REFUSED[] = {
    "", ".", "1.", ".5", "-1", "+1", " 1", "1 ", "1,5", "1.005", "1e3", "0x10", "1.2.3", "10000000000.01",
    "99999999999999999999999999", "١",
  };
  gint64 minor;

  for (guint i = 0; i < G_N_ELEMENTS (TAKEN); i++)
    {
      g_assert_true (tw_coin_parse (TAKEN[i].text, TAKEN[i].currency, &minor));
      g_assert_cmpint (minor, ==, TAKEN[i].minor);
    }
  for (guint i = 0; i < G_N_ELEMENTS (REFUSED); i++)
    g_assert_false (tw_coin_parse (REFUSED[i], "EUR", &minor));
  g_assert_false (tw_coin_parse ("1.5", "JPY", &minor));
  g_assert_false (tw_coin_parse ("1", "XXX", &minor));
  g_assert_false (tw_coin_parse (NULL, "EUR", &minor));
}

static void
amounts_are_written_as_decimals (void)
{
  static const struct { gint64 minor; const char *currency, *text; } CASES[] = {
    { 0, "EUR", "0.00" }, { 5, "EUR", "0.05" }, { 4500, "EUR", "45.00" }, { -5, "EUR", "-0.05" },
    { 500, "JPY", "500" }, { 1234, "KWD", "1.234" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *text = tw_coin_text (CASES[i].minor, CASES[i].currency);

      g_assert_cmpstr (text, ==, CASES[i].text);
    }
  g_assert_cmpuint (tw_coin_number ("EUR"), ==, 978);
  g_assert_cmpuint (tw_coin_number ("XXX"), ==, 0);
}

static void
assert_hex (const guint8 *bytes,
            gsize         n,
            const char   *expected)
{
  g_autofree char *hex = tw_hex_encode (bytes, n);

  g_assert_cmpstr (hex, ==, expected);
}

/* The expected values of the next four cases were made block by block with
 *   openssl enc -des-ede3-ecb -nopad -K <K1><K2><K1>
 * for the block and its complement (A1.4.1), ATC||F0.. and ATC||0F.. (A1.3.1), and the chain of a MAC, single DES being
 * -K <K1><K1><K1>; odd parity was set with Python. */
static void
card_keys_come_from_the_issuers (void)
{
  guint8 key[16];

  tw_cryptogram_card_key (MASTER, "4111111111111111", 1, key);
  assert_hex (key, 16, "a768ce9e1551fde3a45b4c7c3de9dc52");
  tw_cryptogram_card_key (MASTER, "400000000002", 0, key);            /* shorter: padded on the left */
  assert_hex (key, 16, "20b09e3b046bcbfb077534dc5dbff1a4");
  tw_cryptogram_card_key (MASTER, "4000000000000000006", 23, key);    /* longer: the last 16 digits */
  assert_hex (key, 16, "effb4c01c198986e5d46cb08b65b5870");
}

static void
session_keys_come_from_the_counter (void)
{
  static const guint8 ATC[2] = { 0x00, 0xaf };
  guint8 card[16], session[16];

  tw_cryptogram_card_key (MASTER, "4111111111111111", 1, card);
  tw_cryptogram_session_key (card, ATC, session);
  assert_hex (session, 16, "4fd3c17580f1ae573db03d02e6c1a17c");
}

static void
macs_pad_with_80 (void)
{
  static const struct { const char *text, *mac; } CASES[] = {
    { "", "ddb71eb0ba3d06f8" },
    { "1234567", "04750f61887566e7" },
    { "12345678", "5d0a7fb6326ba424" },
    { "Now is the time for all good men", "297cbae07bb649d3" },
  };
  g_autoptr (GBytes) session = tw_hex_decode ("4fd3c17580f1ae573db03d02e6c1a17c", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      guint8 mac[8];

      tw_cryptogram_mac (g_bytes_get_data (session, NULL), (const guint8 *) CASES[i].text, strlen (CASES[i].text), mac);
      assert_hex (mac, 8, CASES[i].mac);
    }
}

#define UNSIGNED "9F02060000000050009F03060000000000009F1A020276950500000000005F2A0209789A032611229C0100" \
                 "9F370401020304820220009F360200af9F100706011103a00000"

static gboolean
is_right (const char *hex)
{
  guint8 card[16];
  const char *why;
  g_autoptr (TwTags) tags = tw_tags_parse (hex, &why);

  g_assert_nonnull (tags);
  tw_cryptogram_card_key (MASTER, "4111111111111111", 1, card);

  return tw_cryptogram_is_right (card, tags);
}

static void
a_cryptogram_covers_all_its_tags (void)
{
  g_assert_true (is_right (UNSIGNED "9F2608abea6f5691d9cab3"));
  g_assert_true (is_right ("9F2608abea6f5691d9cab3" UNSIGNED));
  g_assert_false (is_right (UNSIGNED "9F2608abea6f5691d9cab2"));
  g_assert_false (is_right (UNSIGNED "9F2607abea6f5691d9ca"));
  g_assert_false (is_right (UNSIGNED));
  for (gsize at = 0; at < strlen (UNSIGNED); at++)
    {
      g_autofree char *changed = g_strdup (UNSIGNED "9F2608abea6f5691d9cab3");
      const char *why;
      g_autoptr (TwTags) tags = NULL;

      changed[at] = changed[at] == '1' ? '2' : '1';
      tags = tw_tags_parse (changed, &why);
      /* A changed tag or length may make no sense any more; a changed value never is right. */
      g_assert_true (tags == NULL || !is_right (changed));
    }
}

static void
paths_find_their_service (void)
{
  static const struct { const char *method, *path; TwAct act; const char *kind, *id; } CASES[] = {
    { "POST", "/pts/v2/payments", TW_ACT_AUTHORIZE, NULL, NULL },
    { "PATCH", "/pts/v2/payments/12", TW_ACT_INCREMENT, NULL, "12" },
    { "POST", "/pts/v2/payments/12/captures", TW_ACT_CAPTURE, NULL, "12" },
    { "POST", "/pts/v2/captures/12/voids?x=y", TW_ACT_VOID, "captures", "12" },
    { "POST", "/pts/v2/credits/12/voids", TW_ACT_VOID, "credits", "12" },
    { "POST", "/pts/v2/credits/12/refunds", TW_ACT_UNKNOWN, NULL, NULL },
    { "GET", "/tss/v2/transactions/12", TW_ACT_READ, NULL, "12" },
    { "GET", "/tss/v2/transactions/", TW_ACT_UNKNOWN, NULL, NULL },
    { "GET", "/pts/v2/payments", TW_ACT_UNKNOWN, NULL, NULL },
    { "POST", "", TW_ACT_UNKNOWN, NULL, NULL },
    { "POST", "/pts/v2/*/12/voids", TW_ACT_UNKNOWN, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      TwAsk *ask = g_new0 (TwAsk, 1);

      ask->method = g_strdup (CASES[i].method);
      ask->path = g_strdup (CASES[i].path);
      tw_ask_route (ask);
      g_assert_cmpint (ask->act, ==, CASES[i].act);
      g_assert_cmpstr (ask->kind, ==, CASES[i].kind);
      g_assert_cmpstr (ask->id, ==, CASES[i].id);
      tw_ask_free (ask);
    }
}

static void
faults_are_taken_in_order (void)
{
  g_autoptr (TwFaults) faults = tw_faults_new ();
  const TwFault any = { .kind = TW_FAULT_DROP, .act = TW_N_ACTS, .count = 1 };
  const TwFault captures = { .kind = TW_FAULT_SILENT, .act = TW_ACT_CAPTURE, .count = 2 };
  const TwFault for_ever = { .kind = TW_FAULT_FAIL, .act = TW_ACT_READ, .count = -1 };

  tw_faults_add (faults, &captures);
  tw_faults_add (faults, &any);
  tw_faults_add (faults, &for_ever);
  g_assert_cmpint (tw_faults_take (faults, TW_ACT_CAPTURE).kind, ==, TW_FAULT_SILENT);
  g_assert_cmpint (tw_faults_take (faults, TW_ACT_AUTHORIZE).kind, ==, TW_FAULT_DROP);
  g_assert_cmpint (tw_faults_take (faults, TW_ACT_AUTHORIZE).kind, ==, TW_FAULT_NONE);
  g_assert_cmpint (tw_faults_take (faults, TW_ACT_CAPTURE).kind, ==, TW_FAULT_SILENT);
  g_assert_cmpint (tw_faults_take (faults, TW_ACT_CAPTURE).kind, ==, TW_FAULT_NONE);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (tw_faults_take (faults, TW_ACT_READ).kind, ==, TW_FAULT_FAIL);
  g_assert_cmpuint (tw_faults_n_pending (faults), ==, 1);
}

static void
say (TwTapTimes *times,
     gboolean    from_host,
     guint8      code,
     guint8      status)
{
  guint8 payload[3] = { code, status, 0x90 }, frame[TW_PN532_FRAME_MAX];
  gsize n = tw_pn532_frame_build (from_host ? TW_PN532_FROM_HOST : TW_PN532_FROM_CHIP, payload, sizeof payload,
                                  TW_PN532_FORM_SHORTEST, frame);

  tw_tap_times_frame (from_host, frame, n, times);
}

/* UM0701-02 7.3.5 and 7.3.8: 4A looks for cards, its answer begins with how many; 40 carries an APDU. */
static void
a_tap_is_timed_by_its_frames (void)
{
  TwTapTimes times;

  tw_tap_times_begin (&times);
  say (&times, FALSE, 0x4B, 0);
  g_assert_cmpint (times.found_us, ==, 0);
  say (&times, FALSE, 0x4B, 1);
  g_assert_cmpint (times.found_us, >=, times.inserted_us);
  g_assert_cmpint (times.first_us, ==, 0);

  for (guint i = 0; i < 2; i++)
    {
      say (&times, TRUE, 0x40, 1);
      times.asked_us -= 1000;      /* the card took a millisecond */
      tw_tap_times_frame (FALSE, TW_PN532_ACK, sizeof TW_PN532_ACK, &times);
      say (&times, FALSE, 0x41, 0);
      say (&times, FALSE, 0x41, 0);      /* again, after a NACK */
    }
  g_assert_cmpuint (times.apdus, ==, 2);
  g_assert_cmpint (times.card_us, >=, 2000);
  g_assert_cmpint (times.first_us, <=, times.last_us);

  tw_tap_times_begin (&times);
  g_assert_cmpint (times.card_us + times.found_us + times.last_us, ==, 0);
}

static void
card_numbers_are_masked (void)
{
  static const struct { const char *text, *masked; } CASES[] = {
    { "pan=4111111111111111", "pan=************1111" },
    { "4012888888881881 5555555555554444", "************1881 ************4444" },
    { "4111111111111112", "4111111111111112" },                          /* a wrong check digit */
    { "/payments/7179536499516899700517/captures", "/payments/7179536499516899700517/captures" },
    { "a\nb", "a\\x0ab" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *masked = tw_happenings_mask (CASES[i].text);

      g_assert_cmpstr (masked, ==, CASES[i].masked);
    }
}

typedef struct
{
  GString *texts;       /* of those that are no routine, each with '|' behind */
  guint    n_routine;
} Heard;

static void
on_happened (GBytes  *line,
             guint64  n,
             gboolean routine,
             gpointer user_data)
{
  Heard *heard = user_data;
  gsize length;
  const char *bytes = g_bytes_get_data (line, &length);
  g_autoptr (TwJson) json = tw_json_parse (bytes, length, &TW_JSON_SMALL, NULL);

  g_assert_nonnull (json);
  heard->n_routine += routine;
  if (!routine)
    g_string_append_printf (heard->texts, "%s|", tw_json_string (tw_json_member (json, "text")));
}

static void
assert_heard (Heard      *heard,
              const char *texts,
              guint       n_routine)
{
  g_assert_cmpstr (heard->texts->str, ==, texts);
  g_assert_cmpuint (heard->n_routine, ==, n_routine);
  g_string_truncate (heard->texts, 0);
  heard->n_routine = 0;
}

static void
frame (TwReaderWire *wire,
       gboolean      from_host,
       const char   *hex)
{
  g_autoptr (GBytes) payload = tw_hex_decode (hex, NULL);
  gsize n;
  const guint8 *bytes = g_bytes_get_data (payload, &n);
  guint8 out[TW_PN532_FRAME_MAX];

  n = tw_pn532_frame_build (from_host ? TW_PN532_FROM_HOST : TW_PN532_FROM_CHIP, bytes, n, TW_PN532_FORM_SHORTEST, out);
  tw_reader_wire_frame (from_host, out, n, wire);
}

/* Commands and answers: UM0701-02 section 7; the APDUs are EMV's. */
static void
the_reader_line_is_told_in_words (void)
{
  g_autoptr (TwHappenings) happenings = tw_happenings_new ();
  TwReaderWire wire = { .happenings = happenings };
  Heard heard = { .texts = g_string_new (NULL) };
  guint8 bad[] = { 0x00, 0x00, 0xFF, 0x03, 0xFD, 0xD4, 0x4A, 0x01, 0x00, 0x00 };

  tw_happenings_follow (happenings, 0, on_happened, &heard);
  frame (&wire, TRUE, "4a0100");
  tw_reader_wire_frame (FALSE, TW_PN532_ACK, sizeof TW_PN532_ACK, &wire);
  frame (&wire, FALSE, "4b00");
  assert_heard (&heard, "", 3);
  frame (&wire, FALSE, "4b0101000420040811223305788070" "02");
  frame (&wire, FALSE, "4b0101000420040811223305788070" "02");
  assert_heard (&heard, "card found: SAK 20, UID of 4 bytes (..2233)|", 1);
  frame (&wire, TRUE, "400100a404000e325041592e5359532e444446303100");
  frame (&wire, FALSE, "41006f038401009000");
  frame (&wire, TRUE, "400100a4040007a000000003101000");
  frame (&wire, FALSE, "41006a82");
  frame (&wire, TRUE, "400180a80000028300" "00");
  frame (&wire, FALSE, "4101");
  frame (&wire, TRUE, "400100b2021c00");
  frame (&wire, FALSE, "4100");
  assert_heard (&heard, "SELECT 2PAY.SYS.DDF01|card: 9000 well, 5 bytes|SELECT a0000000031010|card: 6A82 not found, "
                "0 bytes|GET PROCESSING OPTIONS|no answer from the card (status 01, time-out)|READ RECORD 2 of file 3|"
                "card: nothing|", 0);
  frame (&wire, FALSE, "4b00");
  tw_reader_wire_frame (FALSE, TW_PN532_NACK, sizeof TW_PN532_NACK, &wire);
  tw_reader_wire_frame (FALSE, TW_PN532_ERROR, sizeof TW_PN532_ERROR, &wire);
  tw_reader_wire_frame (TRUE, bad, sizeof bad, &wire);
  tw_reader_wire_frame (TRUE, bad, 7, &wire);
  tw_reader_wire_frame (TRUE, bad, 0, &wire);
  assert_heard (&heard, "the field is empty|NACK|an error frame|a frame with a wrong checksum|"
                "a frame that is not whole|not a frame|", 0);
  g_string_free (heard.texts, TRUE);
}

static void
the_controller_line_is_told_in_words (void)
{
  g_autoptr (TwHappenings) happenings = tw_happenings_new ();
  TwControllerWire wire = { .happenings = happenings, .connector = 1 };
  Heard heard = { .texts = g_string_new (NULL) };
  static const struct { gboolean from_station; const char *line; } LINES[] = {
    { TRUE, "$GS :01^2B" }, { FALSE, "$OK 02 0 02 0100 :01^00" },     /* the first state is news */
    { TRUE, "$GS :02^2B" }, { FALSE, "$OK 02 1 02 0100 :02^00" },
    { TRUE, "$GU :03^2B" }, { FALSE, "$OK 1 2 :03^00" },
    { TRUE, "$FE :04^2B" }, { FALSE, "$OK :04^00" }, { FALSE, "$AT 03 03 16 0140^33" },
    { TRUE, "$GS :05^2B" }, { TRUE, "$GS :06^2B" }, { TRUE, "$GS :07^2B" }, { FALSE, "$OK 3 7^00" },
    { TRUE, "$GG :08^2B" }, { FALSE, "$NK :08^00" },
  };

  tw_happenings_follow (happenings, 0, on_happened, &heard);
  for (guint i = 0; i < G_N_ELEMENTS (LINES); i++)
    tw_controller_wire_line (LINES[i].from_station, LINES[i].line, &wire);
  assert_heard (&heard, "$OK 02 0 02 0100 :01^00  car plugged in|$FE :04^2B  power on allowed|$OK :04^00|"
                "$AT 03 03 16 0140^33  charging|(no answer to $GS)|$NK :08^00|", 10);
  g_string_free (heard.texts, TRUE);
}

/* Routine is forgotten first, the oldest first; whoever comes late learns the rest in order. */
static void
old_routine_is_forgotten_before_news (void)
{
  g_autoptr (TwHappenings) happenings = tw_happenings_new ();
  Heard heard = { .texts = g_string_new (NULL) };

  tw_happenings_end (happenings, tw_happenings_begin (happenings, "hand", "news"), FALSE);
  for (guint i = 0; i < 5000; i++)
    tw_happenings_end (happenings, tw_happenings_begin (happenings, "wire", "routine"), TRUE);
  tw_happenings_follow (happenings, 0, on_happened, &heard);
  assert_heard (&heard, "news|", 2048);
  tw_happenings_end (NULL, tw_happenings_begin (NULL, "hand", "nobody"), FALSE);
  g_string_free (heard.texts, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/amounts-keep-their-digits", amounts_keep_their_digits);
  g_test_add_func ("/bench/amounts-are-written-as-decimals", amounts_are_written_as_decimals);
  g_test_add_func ("/bench/card-keys-come-from-the-issuers", card_keys_come_from_the_issuers);
  g_test_add_func ("/bench/session-keys-come-from-the-counter", session_keys_come_from_the_counter);
  g_test_add_func ("/bench/macs-pad-with-80", macs_pad_with_80);
  g_test_add_func ("/bench/a-cryptogram-covers-all-its-tags", a_cryptogram_covers_all_its_tags);
  g_test_add_func ("/bench/paths-find-their-service", paths_find_their_service);
  g_test_add_func ("/bench/faults-are-taken-in-order", faults_are_taken_in_order);
  g_test_add_func ("/bench/a-tap-is-timed-by-its-frames", a_tap_is_timed_by_its_frames);
  g_test_add_func ("/bench/card-numbers-are-masked", card_numbers_are_masked);
  g_test_add_func ("/bench/the-reader-line-is-told-in-words", the_reader_line_is_told_in_words);
  g_test_add_func ("/bench/the-controller-line-is-told-in-words", the_controller_line_is_told_in_words);
  g_test_add_func ("/bench/old-routine-is-forgotten-before-news", old_routine_is_forgotten_before_news);

  return g_test_run ();
}
