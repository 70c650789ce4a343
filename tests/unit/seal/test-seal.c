/* SPDX-License-Identifier: Apache-2.0 */
/* The other side of every test here is not ours: vectors in tests/data/seal were made by Python's cryptography package
 * (make.py), what we write is read by check.py and by the openssl command.
 */
#include "payment/seal/seal.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

#define PYTHON "/usr/bin/python3"
#define NOW_S G_GINT64_CONSTANT (1785000000)

static GBytes *
load (const char *name)
{
  g_autofree char *path = g_build_filename (TEST_DATA, "seal", name, NULL);
  char *text = NULL;
  gsize len = 0;

  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  return g_bytes_new_take (text, len);
}

static char *
load_line (const char *name)
{
  g_autoptr(GBytes) bytes = load (name);

  return g_strchomp (g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static TwSealKey *
private_key (const char *name)
{
  g_autoptr(GBytes) pem = load (name);
  g_autoptr(GError) error = NULL;
  TwSealKey *key = tw_seal_key_from_private (pem, &error);

  g_assert_no_error (error);
  return key;
}

static TwSealKey *
certificate (void)
{
  g_autoptr(GBytes) pem = load ("certificate.pem");
  g_autoptr(GError) error = NULL;
  TwSealKey *key = tw_seal_key_from_certificate (pem, NOW_S, &error);

  g_assert_no_error (error);
  return key;
}

/* Runs argv with input on its standard input. NULL: it is not there or lacks a package (status 77). */
static char *
ask (const char *const *argv,
     const char        *input)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *output = NULL;

  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (process == NULL)
    return NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  if (g_subprocess_get_exit_status (process) == 77)
    return NULL;

  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  return g_steal_pointer (&output);
}

static char *
check_py (const char *verb,
          const char *argument,
          const char *input)
{
  g_autofree char *script = g_build_filename (TEST_DATA, "seal", "check.py", NULL);

  return ask ((const char *[]) { PYTHON, script, verb, argument, NULL }, input);
}

static void
assert_plaintext (GBytes *opened)
{
  g_autoptr(GBytes) expected = load ("plaintext.json");

  g_assert_cmpmem (g_bytes_get_data (opened, NULL), g_bytes_get_size (opened),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
test_known_answers (gconstpointer name)
{
  g_autofree char *jwe = load_line (name);
  g_autoptr(TwSealKey) key = private_key ("private.pem");
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) opened = tw_jwe_decrypt (key, jwe, &error);

  g_assert_no_error (error);
  assert_plaintext (opened);
}

static void
test_refused_headers (gconstpointer name)
{
  g_autofree char *jwe = load_line (name);
  g_autoptr(TwSealKey) key = private_key ("private.pem");
  g_autoptr(GError) error = NULL;

  g_assert_null (tw_jwe_decrypt (key, jwe, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

static void
test_another_key_does_not_open (void)
{
  g_autofree char *jwe = load_line ("rsa-oaep-256.a256gcm.jwe");
  g_autoptr(TwSealKey) key = private_key ("other-private.pem");
  g_autoptr(GError) error = NULL;

  g_assert_null (tw_jwe_decrypt (key, jwe, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

/* Every character changed in its lowest bit, and in its case or class. */
static void
test_every_flipped_byte_is_seen (void)
{
  g_autofree char *jwe = load_line ("rsa-oaep-256.a256gcm.jwe");
  g_autoptr(TwSealKey) key = private_key ("private.pem");

  for (gsize i = 0; jwe[i] != '\0'; i++)
    for (guint mask = 1; mask <= 0x20; mask <<= 5)
      {
        g_autoptr(GError) error = NULL;

        jwe[i] ^= (char) mask;
        g_assert_null (tw_jwe_decrypt (key, jwe, &error));
        g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
        jwe[i] ^= (char) mask;
      }
}

/* The last character of a part has bits that carry nothing; another value of them is another message. */
static void
test_unused_bits_are_not_free (void)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  g_autofree char *jwe = load_line ("rsa-oaep-256.a256gcm.jwe");
  g_autoptr(TwSealKey) key = private_key ("private.pem");
  gsize last = strlen (jwe) - 1;
  char good = jwe[last];

  for (const char *c = alphabet; *c != '\0'; c++)
    {
      g_autoptr(GBytes) opened = NULL;

      jwe[last] = *c;
      opened = tw_jwe_decrypt (key, jwe, NULL);
      g_assert_true ((opened != NULL) == (*c == good));
    }
}

static void
test_truncated_is_refused (void)
{
  g_autofree char *jwe = load_line ("rsa-oaep-256.a256gcm.jwe");
  g_autoptr(TwSealKey) key = private_key ("private.pem");

  for (gsize len = strlen (jwe); len-- > 0;)
    {
      g_autoptr(GError) error = NULL;

      jwe[len] = '\0';
      g_assert_null (tw_jwe_decrypt (key, jwe, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

static void
test_strange_shapes_are_refused (void)
{
  static const char *const shapes[] = { "", ".", "....", ".....", "a.b.c.d.e", "e30....", "e30.AA.AA.AA.AA",
                                        "bnVsbA.AA.AA.AA.AA", "\xff.\xff.\xff.\xff.\xff" };
  g_autoptr(TwSealKey) key = private_key ("private.pem");
  g_autofree char *good = load_line ("rsa-oaep-256.a256gcm.jwe");
  g_autofree char *six = g_strconcat (good, ".", NULL);
  g_autofree char *filler = g_strnfill (600 * 1024, 'A');
  g_autofree char *giant = g_strconcat (good, filler, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    g_assert_null (tw_jwe_decrypt (key, shapes[i], NULL));
  g_assert_null (tw_jwe_decrypt (key, six, NULL));
  g_assert_null (tw_jwe_decrypt (key, giant, NULL));
}

static void
test_python_opens_what_we_seal (void)
{
  static const char body[] = "{\"trackData\":\";4761739001010119=2612201?\"}";
  g_autoptr(TwSealKey) key = certificate ();
  g_autofree char *private_path = g_build_filename (TEST_DATA, "seal", "private.pem", NULL);
  g_autoptr(GBytes) plaintext = g_bytes_new_static (body, strlen (body));
  g_autoptr(GError) error = NULL;
  g_autofree char *jwe = tw_jwe_encrypt (key, plaintext, NOW_S, &error);
  g_autofree char *opened = NULL;
  g_autofree char *expected = NULL;

  g_assert_no_error (error);
  opened = check_py ("jwe", private_path, jwe);
  if (opened == NULL)
    {
      g_test_skip ("python3-cryptography is not installed");
      return;
    }

  expected = g_strdup_printf ("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"cty\":\"JWT\",\"kid\":\"mle-0815\","
                              "\"iat\":1785000000}\n%s", body);
  g_assert_cmpstr (opened, ==, expected);
}

static void
test_sealing_twice_gives_two_texts (void)
{
  g_autoptr(TwSealKey) to = certificate ();
  g_autoptr(TwSealKey) with = private_key ("private.pem");
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autofree char *first = tw_jwe_encrypt (to, empty, NOW_S, NULL);
  g_autofree char *second = tw_jwe_encrypt (to, empty, NOW_S, NULL);
  g_autoptr(GBytes) opened = tw_jwe_decrypt (with, first, NULL);

  g_assert_cmpstr (first, !=, second);
  g_assert_nonnull (opened);
  g_assert_cmpuint (g_bytes_get_size (opened), ==, 0);
}

static void
test_certificates_are_checked (void)
{
  static const char *const bad[] = { "expired.pem", "unnamed.pem", "twice-named.pem", "weak.pem", "curve.pem",
                                     "private.pem", "plaintext.json" };
  g_autoptr(TwSealKey) good = certificate ();
  g_autoptr(GBytes) pem = load ("certificate.pem");
  g_autofree char *one = load_line ("certificate.pem");
  g_autofree char *two = g_strdup_printf ("%s\n%s\n", one, one);
  g_autoptr(GBytes) chain = g_bytes_new_static (two, strlen (two));
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);

  g_assert_cmpstr (tw_seal_key_id (good), ==, "mle-0815");
  /* 2020-01-01 and 36500 days, by date(1) */
  g_assert_cmpint (tw_seal_key_expiry_s (good), ==, G_GINT64_CONSTANT (1577836800) + G_GINT64_CONSTANT (36500) * 86400);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) text = load (bad[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (tw_seal_key_from_certificate (text, NOW_S, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
  g_assert_null (tw_seal_key_from_certificate (chain, NOW_S, NULL));
  g_assert_null (tw_seal_key_from_certificate (nothing, NOW_S, NULL));
}

/* Who only settles what was sold before must be able to. */
static void
test_an_expired_certificate_can_be_asked_for (void)
{
  g_autoptr(GBytes) pem = load ("expired.pem");
  g_autoptr(GError) error = NULL;
  g_autoptr(TwSealKey) key = tw_seal_key_from_certificate (pem, G_MININT64, &error);

  g_assert_no_error (error);
  g_assert_cmpint (tw_seal_key_expiry_s (key), <, NOW_S);
}

static void
test_expiry_is_the_last_second (void)
{
  g_autoptr(TwSealKey) good = certificate ();
  g_autoptr(GBytes) pem = load ("certificate.pem");
  g_autoptr(TwSealKey) last = tw_seal_key_from_certificate (pem, tw_seal_key_expiry_s (good) - 1, NULL);

  g_assert_nonnull (last);
  g_assert_null (tw_seal_key_from_certificate (pem, tw_seal_key_expiry_s (good), NULL));
}

static void
test_private_keys_are_checked (void)
{
  static const char *const bad[] = { "weak-private.pem", "curve-private.pem", "locked-private.pem", "certificate.pem" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) text = load (bad[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (tw_seal_key_from_private (text, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

/* 00 01 02 ... 1f, as in make.py. */
static GBytes *
known_secret (void)
{
  return tw_hex_decode ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", NULL);
}

static char *
known_jwt (GBytes     *secret,
           gboolean    with_body,
           const char *response_kid)
{
  static const char text[] = "{\"encryptedRequest\":\"a.b.c.d.e\"}";
  g_autoptr(GBytes) body = with_body ? g_bytes_new_static (text, strlen (text)) : NULL;
  const TwJwtRequest request = {
    .key_id = "key-1", .secret = secret, .merchant_id = "merchant_1", .host = "apitest.cybersource.com",
    .method = with_body ? "POST" : "GET", .path = "/pts/v2/payments?x=1", .body = body, .response_kid = response_kid,
    .now_s = NOW_S, .jti = "3f0d7e0e-8f5a-4a39-9f37-0c9f7a6f0001",
  };

  return tw_jwt_for_request (&request);
}

static void
test_jwt_is_the_known_one (void)
{
  g_autoptr(GBytes) secret = known_secret ();
  g_autofree char *jwt = known_jwt (secret, TRUE, "response-1");
  g_autofree char *expected = load_line ("known.jwt");

  g_assert_cmpstr (jwt, ==, expected);
}

static void
test_python_verifies_a_get (void)
{
  g_autoptr(GBytes) secret = known_secret ();
  g_autofree char *jwt = known_jwt (secret, FALSE, NULL);
  g_autofree char *read = check_py ("jwt", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", jwt);

  g_assert_cmpstr (read, ==, "{\"alg\":\"HS256\",\"kid\":\"key-1\",\"typ\":\"JWT\"}\n"
                   "{\"exp\":1785000120,\"iat\":1785000000,\"iss\":\"merchant_1\","
                   "\"jti\":\"3f0d7e0e-8f5a-4a39-9f37-0c9f7a6f0001\","
                   "\"request-host\":\"apitest.cybersource.com\",\"request-method\":\"get\","
                   "\"request-resource-path\":\"/pts/v2/payments?x=1\",\"v-c-jwt-version\":\"2\","
                   "\"v-c-merchant-id\":\"merchant_1\"}\n");
}

static void
test_openssl_makes_the_same_signature (void)
{
  g_autoptr(GBytes) secret = known_secret ();
  g_autofree char *jwt = known_jwt (secret, TRUE, NULL);
  char *dot = strrchr (jwt, '.');
  g_autoptr(GBytes) signature = tw_base64url_decode (dot + 1, NULL);
  g_autofree char *ours = tw_hex_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  g_autofree char *theirs = NULL;

  *dot = '\0';
  theirs = ask ((const char *[]) { "openssl", "dgst", "-sha256", "-r", "-mac", "HMAC", "-macopt",
                "hexkey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", NULL }, jwt);
  g_assert_nonnull (theirs);
  g_assert_cmpuint (strlen (ours), ==, 64);
  g_assert_true (g_str_has_prefix (theirs, ours));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/seal/python-sealed-oaep-256-a256gcm-opens", "rsa-oaep-256.a256gcm.jwe", test_known_answers);
  g_test_add_data_func ("/seal/python-sealed-oaep-256-a128gcm-opens", "rsa-oaep-256.a128gcm.jwe", test_known_answers);
  g_test_add_data_func ("/seal/python-sealed-oaep-a256gcm-opens", "rsa-oaep.a256gcm.jwe", test_known_answers);
  g_test_add_data_func ("/seal/python-sealed-oaep-a128gcm-opens", "rsa-oaep.a128gcm.jwe", test_known_answers);
  g_test_add_data_func ("/seal/another-alg-is-refused", "bad-alg.jwe", test_refused_headers);
  g_test_add_data_func ("/seal/another-enc-is-refused", "bad-enc.jwe", test_refused_headers);
  g_test_add_data_func ("/seal/critical-extensions-are-refused", "bad-crit.jwe", test_refused_headers);
  g_test_add_data_func ("/seal/compression-is-refused", "bad-zip.jwe", test_refused_headers);
  g_test_add_data_func ("/seal/a-huge-header-is-refused", "bad-huge-header.jwe", test_refused_headers);
  g_test_add_func ("/seal/another-key-does-not-open", test_another_key_does_not_open);
  g_test_add_func ("/seal/every-flipped-byte-is-seen", test_every_flipped_byte_is_seen);
  g_test_add_func ("/seal/unused-bits-are-not-free", test_unused_bits_are_not_free);
  g_test_add_func ("/seal/truncated-is-refused", test_truncated_is_refused);
  g_test_add_func ("/seal/strange-shapes-are-refused", test_strange_shapes_are_refused);
  g_test_add_func ("/seal/python-opens-what-we-seal", test_python_opens_what_we_seal);
  g_test_add_func ("/seal/sealing-twice-gives-two-texts", test_sealing_twice_gives_two_texts);
  g_test_add_func ("/seal/certificates-are-checked", test_certificates_are_checked);
  g_test_add_func ("/seal/an-expired-certificate-can-be-asked-for", test_an_expired_certificate_can_be_asked_for);
  g_test_add_func ("/seal/expiry-is-the-last-second", test_expiry_is_the_last_second);
  g_test_add_func ("/seal/private-keys-are-checked", test_private_keys_are_checked);
  g_test_add_func ("/seal/jwt-is-the-known-one", test_jwt_is_the_known_one);
  g_test_add_func ("/seal/python-verifies-a-get", test_python_verifies_a_get);
  g_test_add_func ("/seal/openssl-makes-the-same-signature", test_openssl_makes_the_same_signature);

  return g_test_run ();
}
