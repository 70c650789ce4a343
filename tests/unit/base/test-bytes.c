/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>

/* RFC 4648, section 10; the last rows are Python's base64.urlsafe_b64encode(...).rstrip(b"="). */
static const struct
{
  const char *hex;
  const char *base64url;
} vectors[] = {
  { "", "" },
  { "66", "Zg" },
  { "666f", "Zm8" },
  { "666f6f", "Zm9v" },
  { "666f6f62", "Zm9vYg" },
  { "666f6f6261", "Zm9vYmE" },
  { "666f6f626172", "Zm9vYmFy" },
  { "fbefbe", "----" },
  { "ffffff", "____" },
  { "00ff10ef8081", "AP8Q74CB" },
};

static void
test_both_ways (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) from_hex = tw_hex_decode (vectors[i].hex, &error);
      g_autoptr (GBytes) from_text = tw_base64url_decode (vectors[i].base64url, &error);
      g_autofree char *hex = NULL;
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (from_hex, from_text));
      hex = tw_hex_encode (g_bytes_get_data (from_text, NULL), g_bytes_get_size (from_text));
      text = tw_base64url_encode (g_bytes_get_data (from_hex, NULL), g_bytes_get_size (from_hex));
      g_assert_cmpstr (hex, ==, vectors[i].hex);
      g_assert_cmpstr (text, ==, vectors[i].base64url);
    }
}

static void
test_hex_takes_both_cases (void)
{
  g_autoptr (GBytes) lower = tw_hex_decode ("deadbeef", NULL);
  g_autoptr (GBytes) upper = tw_hex_decode ("DEADBEEF", NULL);

  g_assert_cmpmem (g_bytes_get_data (lower, NULL), g_bytes_get_size (lower), "\xde\xad\xbe\xef", 4);
  g_assert_true (g_bytes_equal (lower, upper));
}

static void
test_bad_hex (void)
{
  static const char *const texts[][2] = {
    { "abc", "an odd number (3) of hex digits" },
    { "0g", "character 2 is not a hex digit" },
    { " 0", "character 1 is not a hex digit" },
    { "00\n", "character 3 is not a hex digit" },
    { "\xc3\xa9", "character 1 is not a hex digit" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tw_hex_decode (texts[i][0], &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_cmpstr (error->message, ==, texts[i][1]);
    }
}

static void
test_bad_base64url (void)
{
  static const char *const texts[] = {
    "Zg==",  /* padding */
    "Zg=", "=", "Z", "Zm9vY",
    "+///",  /* the other alphabet */
    "Zm 9v", "Zm9v\n", "Zm9v.",
    "Zh",    /* the last bits are not zero: a second text for the same byte */
    "Zm9",
    "\xc3\xa9zz",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      if (tw_base64url_decode (texts[i], &error) != NULL)
        g_test_fail_printf ("\"%s\" was taken", texts[i]);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

static void
test_printable (void)
{
  g_autofree char *short_text = tw_text_printable ("gr\xc3\xbc\xc3\x9f", 4);
  g_autofree char *cut = tw_text_printable ("gr\xc3\xbc\xc3\x9f", 3);
  g_autofree char *nasty = tw_text_printable ("a\nb\x1b[2J\xff\xe2\x80\xa8", 99);

  g_assert_cmpstr (short_text, ==, "gr\xc3\xbc\xc3\x9f");
  g_assert_cmpstr (cut, ==, "gr\xc3\xbc...");
  g_assert_cmpstr (nasty, ==, "a\\x0ab\\x1b[2J\xef\xbf\xbd\\x2028");
}

static void
test_wipe (void)
{
  guint8 bytes[8];

  memset (bytes, 0xaa, sizeof bytes);
  tw_wipe (bytes + 1, 6);
  g_assert_cmpmem (bytes, 8, "\xaa\0\0\0\0\0\0\xaa", 8);
  tw_wipe (NULL, 0);
}

/* AddressSanitizer turns mlock(2) into nothing. */
#if defined (__SANITIZE_ADDRESS__)
#define MLOCK_WORKS 0
#elif defined (__has_feature)
#if __has_feature (address_sanitizer)
#define MLOCK_WORKS 0
#endif
#endif
#ifndef MLOCK_WORKS
#define MLOCK_WORKS 1
#endif

/* smaps(5): the flags of the mapping that an address lies in. */
static char *
flags_of (const void *address)
{
  g_autofree char *smaps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean inside = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL));
  lines = g_strsplit (smaps, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      char *end;
      guint64 from = g_ascii_strtoull (lines[i], &end, 16);

      if (end != lines[i] && *end == '-')
        inside = from <= (gsize) address && (gsize) address < g_ascii_strtoull (end + 1, NULL, 16);
      if (inside && g_str_has_prefix (lines[i], "VmFlags:"))
        return g_strdup (lines[i]);
    }
  g_assert_not_reached ();
}

/* lo is "locked", dd "do not include in core dumps". */
static void
test_secret_is_locked_and_not_dumped (void)
{
  g_autoptr (GBytes) secret = tw_secret_new ("swordfish", 9);
  g_autofree char *flags = flags_of (g_bytes_get_data (secret, NULL));
  int ours;
  g_autofree char *ordinary = flags_of (&ours);

  g_assert_cmpmem (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret), "swordfish", 9);
  if (MLOCK_WORKS)
    g_assert_nonnull (strstr (flags, " lo"));
  g_assert_nonnull (strstr (flags, " dd"));
  g_assert_null (strstr (ordinary, " dd"));
}

static void
test_empty_secret (void)
{
  g_autoptr (GBytes) secret = tw_secret_new (NULL, 0);

  g_assert_cmpuint (g_bytes_get_size (secret), ==, 0);
}

static void
test_random_is_not_repeated (void)
{
  g_autofree char *a = tw_random_hex (16);
  g_autofree char *b = tw_random_hex (16);
  g_autofree char *none = tw_random_hex (0);

  g_assert_cmpuint (strlen (a), ==, 32);
  g_assert_cmpuint (strspn (a, "0123456789abcdef"), ==, 32);
  g_assert_cmpstr (a, !=, b);
  g_assert_cmpstr (none, ==, "");
}

static void
test_sha256 (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("tapwatt", 7);
  g_autofree char *hex = tw_sha256_hex (bytes);

  /* printf tapwatt | openssl dgst -sha256 */
  g_assert_cmpstr (hex, ==, "6e682031a347a4ae6e3a063f0d9627d527c227fb9183605772151427ee36c993");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/bytes/known-answers-both-ways", test_both_ways);
  g_test_add_func ("/base/bytes/hex-takes-both-cases", test_hex_takes_both_cases);
  g_test_add_func ("/base/bytes/bad-hex-is-refused", test_bad_hex);
  g_test_add_func ("/base/bytes/only-canonical-base64url-is-taken", test_bad_base64url);
  g_test_add_func ("/base/bytes/what-others-said-fits-one-line", test_printable);
  g_test_add_func ("/base/bytes/wipe-clears-exactly-its-range", test_wipe);
  g_test_add_func ("/base/bytes/secret-is-locked-and-not-dumped", test_secret_is_locked_and_not_dumped);
  g_test_add_func ("/base/bytes/secret-may-be-empty", test_empty_secret);
  g_test_add_func ("/base/bytes/random-is-not-repeated", test_random_is_not_repeated);
  g_test_add_func ("/base/bytes/sha256-agrees-with-openssl", test_sha256);

  return g_test_run ();
}
