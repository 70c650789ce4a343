/* SPDX-License-Identifier: Apache-2.0 */
/* The acquirer's pure parts. What they do together is asked over the wire, by test_acquirer_*.py. */
#include <string.h>

#include "app/base/bytes.h"
#include "app/bench/ask.h"
#include "app/bench/coins.h"
#include "app/bench/cryptogram.h"
#include "app/bench/faults.h"
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

  return g_test_run ();
}
