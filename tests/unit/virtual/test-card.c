/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors: cryptogram-vectors.ini, made by cryptogram-vectors.py with Python's cryptography (one of them checked
 * against "openssl enc -des-ecb -provider legacy" as well). Expected answers are written by hand from EMV's templates.
 */
#include "app/base/bytes.h"
#include "app/base/error.h"
#include "hw/virtual/card-key.h"
#include "hw/virtual/card.h"

#include <glib/gstdio.h>
#include <string.h>

#define SELECT_PPSE "00a404000e325041592e5359532e444446303100"
#define SELECT_VISA "00a4040007a000000003101000"

static GKeyFile *vectors;

static void
vector (const char *group,
        const char *key,
        guint8     *out,
        gsize       n)
{
  g_autofree char *text = g_key_file_get_string (vectors, group, key, NULL);
  g_autoptr (GBytes) bytes = tw_hex_decode (text, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, n);
  memcpy (out, g_bytes_get_data (bytes, NULL), n);
}

static void
test_keys_and_macs (void)
{
  static const char *const CASES[] = { "visa-1", "visa-2", "decline", "nineteen-digits", "twelve-digits", "one-byte" };

  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *pan = g_key_file_get_string (vectors, CASES[i], "pan", NULL);
      g_autofree char *text = g_key_file_get_string (vectors, CASES[i], "input", NULL);
      g_autoptr (GBytes) input = tw_hex_decode (text, NULL);
      guint8 issuer_key[16], expected[16], card_key[16], session_key[16], mac[8];

      vector (CASES[i], "issuer-key", issuer_key, 16);
      tw_virtual_card_key (issuer_key, pan, g_key_file_get_integer (vectors, CASES[i], "sequence", NULL), card_key);
      vector (CASES[i], "card-key", expected, 16);
      g_assert_cmpmem (card_key, 16, expected, 16);

      tw_virtual_session_key (card_key, g_key_file_get_integer (vectors, CASES[i], "atc", NULL), session_key);
      vector (CASES[i], "session-key", expected, 16);
      g_assert_cmpmem (session_key, 16, expected, 16);

      tw_virtual_mac (session_key, g_bytes_get_data (input, NULL), g_bytes_get_size (input), mac);
      vector (CASES[i], "mac", expected, 8);
      g_assert_cmpmem (mac, 8, expected, 8);
    }
}

static TwVirtualCard *
load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".card", NULL);
  g_autofree char *path = g_build_filename (CARDS, file, NULL);
  g_autoptr (GError) error = NULL;
  TwVirtualCard *card = tw_virtual_card_new_from_file (path, &error);

  g_assert_no_error (error);
  return card;
}

/* The answer in hex, "" for a card that stays silent. */
static char *
ask (TwVirtualCard *card,
     const char    *command)
{
  g_autoptr (GBytes) bytes = tw_hex_decode (command, NULL);
  g_autoptr (GByteArray) answer = g_byte_array_new ();

  if (!TW_VIRTUAL_CARD_OPS.exchange (card, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), answer))
    return g_strdup ("");
  return answer->len > 0 ? tw_hex_encode (answer->data, answer->len) : g_strdup ("");
}

static void
expect (TwVirtualCard *card,
        const char    *command,
        const char    *answer)
{
  g_autofree char *heard = ask (card, command);

  g_assert_cmpstr (heard, ==, answer);
}

static void
expect_end (TwVirtualCard *card,
            const char    *command,
            const char    *end)
{
  g_autofree char *heard = ask (card, command);

  if (!g_str_has_suffix (heard, end))
    g_error ("expected ..%s, heard %s", end, heard);
}

static char *
gpo (void)
{
  return g_key_file_get_string (vectors, "tap", "command", NULL);
}

/* Tag, length and value as they stand in an answer; hex all. */
static gboolean
answers (const char *answer,
         const char *object)
{
  return strstr (answer, object) != NULL;
}

static void
test_whole_tap (void)
{
  g_autoptr (TwVirtualCard) card = load ("visa-approve");
  g_autofree char *command = gpo ();
  g_autofree char *answer = g_key_file_get_string (vectors, "tap", "answer", NULL);
  TwPn532Target target;

  TW_VIRTUAL_CARD_OPS.activate (card, &target);
  g_assert_cmpmem (target.uid, target.uid_len, "\x08\x11\x22\x33", 4);
  g_assert_cmphex (target.sak, ==, 0x20);

  expect (card, SELECT_PPSE,
          "6f2f840e325041592e5359532e4444463031a51dbf0c1a6118" "4f07a0000000031010"
          "500a56495341204445424954" "870101" "9000");
  expect (card, SELECT_VISA,
          "6f358407a0000000031010" "a52a" "500a56495341204445424954" "870101"
          "9f38189f66049f02069f03069f1a0295055f2a029a039c019f3704" "9000");
  expect (card, command, answer);
  g_assert_cmpuint (tw_virtual_card_atc (card), ==, 1);
}

static void
test_counter (void)
{
  g_autoptr (TwVirtualCard) card = load ("visa-approve");
  g_autofree char *command = gpo ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  expect (card, command, "6985"); /* nothing is selected */
  expect_end (card, SELECT_VISA, "9000");
  first = ask (card, command);
  expect (card, command, "6985"); /* once a selection */
  expect_end (card, SELECT_VISA, "9000");
  second = ask (card, command);

  g_assert_true (answers (first, "9f36020001"));
  g_assert_true (answers (second, "9f36020002"));
  g_assert_cmpstr (strstr (first, "9f2608"), !=, NULL);
  g_assert_cmpint (strncmp (strstr (first, "9f2608"), strstr (second, "9f2608"), 22), !=, 0);
  g_assert_cmpuint (tw_virtual_card_atc (card), ==, 2);
}

static void
test_every_byte_counts (void)
{
  g_autofree char *command = gpo ();
  g_autofree char *answer = g_key_file_get_string (vectors, "tap", "answer", NULL);

  /* 9F66 is the only part of the PDOL data that is not signed; each other byte changes the cryptogram. */
  for (gsize i = 14; i < strlen (command) - 2; i += 2)
    {
      g_autoptr (TwVirtualCard) card = load ("visa-approve");
      g_autofree char *changed = g_strdup (command);
      g_autofree char *heard = NULL;

      changed[i] = changed[i] == '7' ? '6' : '7';
      expect_end (card, SELECT_VISA, "9000");
      heard = ask (card, changed);
      g_assert_cmpuint (strlen (heard), ==, strlen (answer));
      g_assert_true ((strcmp (heard, answer) == 0) == (i < 22));
    }
}

static void
test_field_off (void)
{
  g_autoptr (TwVirtualCard) card = load ("visa-approve");
  g_autofree char *command = gpo ();
  TwPn532Target target;

  expect_end (card, SELECT_VISA, "9000");
  TW_VIRTUAL_CARD_OPS.activate (card, &target);
  expect (card, command, "6985");
}

static void
test_wrong_commands (void)
{
  static const char *const CASES[][2] = {
    { "", "6700" }, { "00", "6700" }, { "00a404", "6700" }, { "00a40400", "6700" }, { "00a4040007a0000000", "6700" },
    { "00a4000007a000000003101000", "6a86" }, { "00a4040007a000000004101000", "6a82" },
    { "00a4040004a000000000", "6a82" },
    { "80a8000002830000", "6700" }, { "80a80000", "6700" }, { "80a8000000", "6a80" }, { "80a800000283", "6700" },
    { "80a8000002820000", "6a80" }, { "80a80000028380", "6a80" }, { "80a801000283" "0000", "6a86" },
    { "00b2010c00", "6a83" },
    { "00b2010800", "6a86" }, { "00b2010c0000", "6700" }, { "00c0000000", "6d00" }, { "80ae800000", "6d00" },
    { "90a4040000", "6e00" }, { "ffffffffff", "6e00" },
  };
  g_autoptr (TwVirtualCard) card = load ("visa-approve");

  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      expect_end (card, SELECT_VISA, "9000");
      expect (card, CASES[i][0], CASES[i][1]);
    }
  expect_end (card, "00a4040005a00000000300", "9000"); /* the beginning of a name will do */
  g_assert_cmpuint (tw_virtual_card_atc (card), ==, 0);
}

static const struct
{
  const char *name;
  const char *gpo;     /* what the answer ends in, or has in it */
} BEHAVIOURS[] = {
  { "visa-6984", "6984" },
  { "visa-6985", "6985" },
  { "visa-aac", "9f100706011203800000" },
  { "visa-aac", "9f270100" },
  { "visa-tc", "9f100706011203900000" },
  { "visa-tc", "9f270140" },
  { "visa-decline", "570c4000000000000002d4912201" },
  { "visa-second", "570c4012888888881881d4912201" },
  { "visa-duplicate-tag", "570c4111111111111111d4912201570c4111111111111111d4912201" },
  { "visa-truncated", "9f6e0420" "9000" },
  { "visa-expired", "570c4111111111111111d2001201" },
  { "visa-insists-on-pin", "9f6c028000" },
  { "visa-insists-on-signature", "9f6c024000" },
  { "visa-two-files", "94080801020018040400" },
  { "visa-long-record", "9408" "0801010010010100" },
  { "phone", "9f6c020080" },
  { "phone", "9f6e0423000000" },
  { "visa-no-cryptogram", "9f270180" },
};

static void
test_behaviours (void)
{
  g_autofree char *command = gpo ();

  for (gsize i = 0; i < G_N_ELEMENTS (BEHAVIOURS); i++)
    {
      g_autoptr (TwVirtualCard) card = load (BEHAVIOURS[i].name);
      g_autofree char *heard = NULL;

      expect_end (card, SELECT_VISA, "9000");
      heard = ask (card, command);
      if (!answers (heard, BEHAVIOURS[i].gpo))
        g_error ("%s answered %s", BEHAVIOURS[i].name, heard);
    }
}

static void
test_left_out (void)
{
  g_autofree char *command = gpo ();
  g_autoptr (TwVirtualCard) second = load ("visa-second");
  g_autoptr (TwVirtualCard) without = load ("visa-no-cryptogram");
  g_autofree char *heard = NULL;

  expect_end (second, SELECT_VISA, "9000");
  heard = ask (second, command);
  g_assert_false (answers (heard, "9f2701"));
  g_free (heard);
  expect_end (without, SELECT_VISA, "9000");
  heard = ask (without, command);
  g_assert_false (answers (heard, "9f2608"));
}

static void
test_records (void)
{
  g_autoptr (TwVirtualCard) files = load ("visa-two-files");
  g_autoptr (TwVirtualCard) mismatch = load ("visa-pan-mismatch");
  g_autoptr (TwVirtualCard) longest = load ("visa-long-record");
  g_autofree char *record = NULL;

  expect_end (files, SELECT_VISA, "9000");
  expect (files, "00b2010c00", "70065f2403491231" "9000");
  expect (files, "00b2020c00", "70059f0702c080" "9000");
  expect (files, "00b2041c00", "700a5a084111111111111111" "9000");
  expect (files, "00b2030c00", "6a83");
  expect (files, "00b2011400", "6a83");

  expect_end (mismatch, SELECT_VISA, "9000");
  expect (mismatch, "00b2010c00", "70105a0840128888888818815f2403491231" "9000");

  expect_end (longest, SELECT_VISA, "9000");
  record = ask (longest, "00b2011400");
  g_assert_cmpuint (strlen (record), ==, 2 * 258);
  g_assert_true (g_str_has_prefix (record, "7081fd5a084111111111111111df0181ef00"));
  g_assert_true (g_str_has_suffix (record, "009000"));
}

static void
test_directories (void)
{
  g_autoptr (TwVirtualCard) empty = load ("ppse-empty");
  g_autoptr (TwVirtualCard) truncated = load ("ppse-truncated");
  g_autoptr (TwVirtualCard) wrong = load ("ppse-error");
  g_autoptr (TwVirtualCard) both = load ("two-applications");
  g_autoptr (TwVirtualCard) strange = load ("kernel-unknown");

  expect (empty, SELECT_PPSE, "6f15840e325041592e5359532e4444463031a503bf0c00" "9000");
  expect (truncated, SELECT_PPSE, "6f2b840e325041592e5359532e4444463031a519bf0c1661144f07a00000000310" "9000");
  expect (wrong, SELECT_PPSE, "6f00");
  expect (both, SELECT_PPSE,
          "6f49840e325041592e5359532e4444463031a537bf0c34"
          "61184f07a0000000041010500a4d415354455243415244870102"
          "61184f07a0000000031010500a56495341204445424954870101" "9000");
  expect_end (both, "00a4040007a000000004101000", "9000");
  expect_end (both, SELECT_VISA, "9000");
  expect (both, "80a80000028300" "00", "6700"); /* the Visa has a PDOL, the Mastercard has not */
  expect_end (both, "00a4040007a000000004101000", "9000");
  expect (both, "80a80000028300" "00", "770e82021980940808010100100101009000");
  g_assert_cmpuint (tw_virtual_card_atc (both), ==, 1);
  expect_end (strange, SELECT_PPSE, "9000");
}

static void
test_one_after_the_other (void)
{
  g_autofree char *command = gpo ();
  g_autoptr (TwVirtualCard) look = load ("phone-look-first");
  g_autoptr (TwVirtualCard) card = load ("visa-6985-then-other");

  for (guint tap = 0; tap < 3; tap++)
    {
      expect_end (look, SELECT_VISA, "9000");
      expect_end (look, command, tap == 0 ? "6986" : "9000");
    }
  expect_end (card, SELECT_VISA, "9000");
  expect (card, command, "6985");
  expect_end (card, "00a4040007a000000003201000", "9000");
  expect_end (card, command, "9000");
}

static void
test_odd_ones (void)
{
  g_autofree char *command = gpo ();
  g_autoptr (TwVirtualCard) garbage = load ("garbage");
  g_autoptr (TwVirtualCard) nothing = load ("silent-answer");
  g_autoptr (TwVirtualCard) indefinite = load ("visa-indefinite-length");
  g_autoptr (TwVirtualCard) blocked = load ("visa-blocked");
  g_autoptr (TwVirtualCard) classic = load ("rfid-classic");
  g_autoptr (TwVirtualCard) ultralight = load ("rfid-ultralight");
  g_autoptr (TwVirtualCard) desfire = load ("rfid-desfire");
  g_autoptr (TwVirtualCard) phone = load ("phone");
  TwPn532Target one, other;

  expect (garbage, SELECT_PPSE, "ffffffff0081ff9f");
  expect (nothing, SELECT_PPSE, "");
  expect (blocked, SELECT_VISA, "6283");
  expect_end (indefinite, SELECT_VISA, "9000");
  expect_end (indefinite, command, "00009000");
  expect (classic, SELECT_PPSE, "");
  expect (ultralight, "3000", "04a1b2c3d4e5f6000000000000000000");
  expect (desfire, SELECT_PPSE, "6a82");

  TW_VIRTUAL_CARD_OPS.activate (phone, &one);
  TW_VIRTUAL_CARD_OPS.activate (phone, &other);
  g_assert_cmpuint (one.uid_len, ==, 4);
  g_assert_cmphex (one.uid[0], ==, 0x08);
  g_assert_cmpint (memcmp (one.uid, other.uid, 4), !=, 0);
}

static void
test_kept_counter (void)
{
  g_autofree char *dir = g_dir_make_tmp ("tapwatt-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "atc", NULL);
  g_autofree char *command = gpo ();
  g_autoptr (GError) error = NULL;

  for (guint atc = 1; atc <= 3; atc++)
    {
      g_autoptr (TwVirtualCard) card = load ("visa-approve");

      g_assert_true (tw_virtual_card_persist (card, path, &error));
      g_assert_no_error (error);
      expect_end (card, SELECT_VISA, "9000");
      expect_end (card, command, "9000");
      g_assert_cmpuint (tw_virtual_card_atc (card), ==, atc);
    }
  g_assert_true (g_file_set_contents (path, "[card]\natc=65535\n", -1, NULL));
  {
    g_autoptr (TwVirtualCard) card = load ("visa-approve");

    g_assert_true (tw_virtual_card_persist (card, path, &error));
    expect_end (card, SELECT_VISA, "9000");
    expect (card, command, "6985"); /* used up */
    g_assert_true (g_file_set_contents (path, "[card]\natc=65536\n", -1, NULL));
    g_assert_false (tw_virtual_card_persist (card, path, &error));
    g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  }
  g_unlink (path);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* Card numbers that card schemes and processors publish for tests; no other may be in the repository. */
static gboolean
is_published (const char *pan)
{
  static const char *const PUBLISHED[] = { "4111111111111111", "4012888888881881", "4000000000000002",
                                           "5555555555554444", NULL };

  return pan == NULL || g_strv_contains (PUBLISHED, pan);
}

static void
test_all_profiles (void)
{
  g_autoptr (GDir) dir = g_dir_open (CARDS, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (CARDS, name, NULL);
      g_autoptr (GKeyFile) file = g_key_file_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (TwVirtualCard) card = tw_virtual_card_new_from_file (path, &error);
      g_auto (GStrv) groups = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (tw_virtual_card_title (card), !=, "");
      g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
      groups = g_key_file_get_groups (file, NULL);
      for (guint i = 0; groups[i]; i++)
        {
          g_autofree char *pan = g_key_file_get_string (file, groups[i], "pan", NULL);
          g_autofree char *other = g_key_file_get_string (file, groups[i], "data-5A", NULL);

          g_assert_true (is_published (pan));
          g_assert_true (is_published (other));
        }
      n++;
    }
  g_assert_cmpuint (n, >=, 30);
}

#define HEAD "[card]\ntitle=x\nkind=emv\natqa=0004\nsak=20\nuid=08112233\nats=0578807002\n"
#define APP "[application a]\naid=A0000000031010\n"

static const struct
{
  const char *text;
  const char *complaint;
} REFUSED[] = {
  { "", "title" },
  { "nonsense", "group" },
  { "[card]\ntitle=x\nkind=cash\n", "kind" },
  { "[card]\ntitle=x\nkind=uid\nsak=08\nuid=01020304\n", "atqa" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nuid=01020304\n", "sak" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nsak=08\n", "uid" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nsak=08\nuid=0102030405\n", "uid" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nsak=20\nuid=01020304\n", "ats" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nsak=08\nuid=01020304\nats=0178\n", "ats" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nsak=20\nuid=01020304\nats=0078\n", "ats" },
  { "[card]\ntitle=x\nkind=uid\natqa=0004\nsak=08\nuid=01020304\n" APP, "kind emv" },
  { HEAD "colour=red\n", "colour" },
  { HEAD "tear-after=many\n", "tear-after" },
  { HEAD "[money]\n", "none of" },
  { HEAD "[ppse]\napplications=b\n" APP, "applications" },
  { HEAD "[ppse]\nentries=b\n" APP, "entries" },
  { HEAD "[application a]\nlabel=x\n", "aid" },
  { HEAD APP "pan=41111111111x1111\n", "pan" },
  { HEAD APP "pan=41111111111\n", "pan" },
  { HEAD APP "master-key=00\n", "master-key" },
  { HEAD APP "pdol=9F02\n", "pdol" },
  { HEAD APP "pdol=9F02/0\n", "pdol" },
  { HEAD APP "pdol=9F02/126 9F03/126\n", "250" },
  { HEAD APP "pdol=9F/2\n", "pdol" },
  { HEAD APP "gpo=57\n", "57" },
  { HEAD APP "gpo=9F26\npan=4111111111111111\n", "9F26" },
  { HEAD APP "gpo=9F6C\n", "9F6C" },
  { HEAD APP "gpo-sw=69866\n", "gpo-sw" },
  { HEAD APP "expiry=4913\npan=4111111111111111\n", "month" },
  { HEAD APP "cryptogram=yes\n", "cryptogram" },
  { HEAD APP "record-1=57\n", "record-1" },
  { HEAD APP "record-31-1=57\n", "record-31-1" },
  { HEAD APP "record-1-1-colour=57\n", "record-1-1-colour" },
  { HEAD APP "record-1-1=5F24\n", "5F24" },
  { HEAD APP "record-1-1=\nrecord-1-1-size=130\n", "size" },
  { HEAD APP "record-1-1=5F34\nrecord-1-1-size=257\n", "record-1-1-size" },
  { HEAD APP "data-ZZ=00\n", "data-ZZ" },
  { HEAD APP "data-5F=00\n", "data-5F" },
  { HEAD APP "label=seventeen letters\n", "label" },
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (REFUSED); i++)
    {
      g_autoptr (GError) error = NULL;
      TwVirtualCard *card = tw_virtual_card_new (REFUSED[i].text, strlen (REFUSED[i].text), "test.card", &error);

      if (card != NULL)
        g_error ("was taken: %s", REFUSED[i].text);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      if (strstr (error->message, REFUSED[i].complaint) == NULL || strstr (error->message, "test.card") == NULL)
        g_error ("%s: %s", REFUSED[i].text, error->message);
    }
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tw_virtual_card_new_from_file (CARDS "/no-such.card", &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_GONE);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  vectors = g_key_file_new ();
  g_key_file_load_from_file (vectors, VECTORS, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);

  g_test_add_func ("/virtual/card/keys-and-macs-are-those-of-another-implementation", test_keys_and_macs);
  g_test_add_func ("/virtual/card/a-tap-is-that-of-another-implementation", test_whole_tap);
  g_test_add_func ("/virtual/card/counts-its-taps", test_counter);
  g_test_add_func ("/virtual/card/signs-what-the-terminal-said", test_every_byte_counts);
  g_test_add_func ("/virtual/card/forgets-without-a-field", test_field_off);
  g_test_add_func ("/virtual/card/refuses-wrong-commands", test_wrong_commands);
  g_test_add_func ("/virtual/card/behaves-as-its-profile-says", test_behaviours);
  g_test_add_func ("/virtual/card/leaves-out-what-its-profile-leaves-out", test_left_out);
  g_test_add_func ("/virtual/card/has-records-up-to-256-bytes", test_records);
  g_test_add_func ("/virtual/card/lists-its-applications", test_directories);
  g_test_add_func ("/virtual/card/answers-one-tap-after-the-other", test_one_after_the_other);
  g_test_add_func ("/virtual/card/odd-ones-are-odd", test_odd_ones);
  g_test_add_func ("/virtual/card/counter-survives-the-bench", test_kept_counter);
  g_test_add_func ("/virtual/card/all-profiles-are-sound-and-use-published-numbers", test_all_profiles);
  g_test_add_func ("/virtual/card/profiles-with-a-slip-are-refused-by-name", test_refused);
  g_test_add_func ("/virtual/card/missing-file-is-said-to-be-missing", test_missing_file);

  status = g_test_run ();
  g_key_file_unref (vectors);
  return status;
}
