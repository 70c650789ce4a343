/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/mle.h"

#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

#include "app/base/bytes.h"
#include "app/base/json.h"

#define IV_SIZE 12
#define TAG_SIZE 16
#define IAT_LEEWAY_S 300

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

/* RFC 7518 section 4.3: RSA-OAEP-256 has SHA-256 in both places, RSA-OAEP has SHA-1. */
static void
set_oaep (EVP_PKEY_CTX *context,
          TwMleAlg      alg)
{
  const EVP_MD *hash = alg == TW_MLE_OAEP_256 ? EVP_sha256 () : EVP_sha1 ();

  EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING);
  EVP_PKEY_CTX_set_rsa_oaep_md (context, hash);
  EVP_PKEY_CTX_set_rsa_mgf1_md (context, hash);
}

static const char *
header_is_wrong (const char *part,
                 const char *kid,
                 gint64      now_s)
{
  g_autoptr (GBytes) bytes = tw_base64url_decode (part, NULL);
  g_autoptr (TwJson) header = NULL;
  gint64 iat;

  if (bytes != NULL)
    header = tw_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &TW_JSON_SMALL, NULL);
  if (header == NULL)
    return "the JWE header is not JSON";
  if (g_strcmp0 (tw_json_string (tw_json_member (header, "alg")), "RSA-OAEP-256") != 0)
    return "the JWE header's alg must be RSA-OAEP-256";
  if (g_strcmp0 (tw_json_string (tw_json_member (header, "enc")), "A256GCM") != 0)
    return "the JWE header's enc must be A256GCM";
  if (g_strcmp0 (tw_json_string (tw_json_member (header, "cty")), "JWT") != 0)
    return "the JWE header's cty must be JWT";
  if (g_strcmp0 (tw_json_string (tw_json_member (header, "kid")), kid) != 0)
    return "the JWE header's kid is not a key of ours";
  if (!tw_json_get_int64 (header, "iat", &iat, NULL) || iat < now_s - IAT_LEEWAY_S || iat > now_s + IAT_LEEWAY_S)
    return "the JWE header's iat is missing or too far from the acquirer's clock";

  return NULL;
}

static gboolean
unwrap_key (EVP_PKEY *key,
            GBytes   *wrapped,
            guint8    cek[32])
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (key, NULL);
  guint8 out[512];
  gsize n = sizeof out, n_in;
  const guint8 *in = g_bytes_get_data (wrapped, &n_in);
  gboolean ok;

  EVP_PKEY_decrypt_init (context);
  set_oaep (context, TW_MLE_OAEP_256);
  ok = n_in == (gsize) EVP_PKEY_get_size (key) && EVP_PKEY_decrypt (context, out, &n, in, n_in) > 0 && n == 32;
  if (ok)
    memcpy (cek, out, 32);
  tw_wipe (out, sizeof out);

  return ok;
}

static GBytes *
decrypt_content (const guint8 *cek,
                 const char   *aad,
                 GBytes       *iv,
                 GBytes       *ciphertext,
                 GBytes       *tag)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize n_in;
  const guint8 *in = g_bytes_get_data (ciphertext, &n_in);
  g_autofree guint8 *out = g_malloc (n_in + 1);
  GBytes *plaintext = NULL;
  int n = 0, rest = 0;

  EVP_DecryptInit_ex (context, EVP_aes_256_gcm (), NULL, cek, g_bytes_get_data (iv, NULL));
  EVP_DecryptUpdate (context, NULL, &n, (const guint8 *) aad, (int) strlen (aad));
  EVP_DecryptUpdate (context, out, &n, in, (int) n_in);
  EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, (void *) g_bytes_get_data (tag, NULL));
  if (EVP_DecryptFinal_ex (context, out + n, &rest) > 0)
    plaintext = tw_secret_new (out, n_in);
  tw_wipe (out, n_in);

  return plaintext;
}

GBytes *
tw_mle_open (EVP_PKEY    *key,
             const char  *kid,
             const char  *jwe,
             gint64       now_s,
             const char **why)
{
  g_auto (GStrv) parts = g_strsplit (jwe, ".", 6);
  g_autoptr (GBytes) wrapped = NULL;
  g_autoptr (GBytes) iv = NULL;
  g_autoptr (GBytes) ciphertext = NULL;
  g_autoptr (GBytes) tag = NULL;
  GBytes *plaintext;
  guint8 cek[32];

  *why = "encryptedRequest is not a compact JWE of five parts";
  if (g_strv_length (parts) != 5)
    return NULL;
  *why = header_is_wrong (parts[0], kid, now_s);
  if (*why != NULL)
    return NULL;

  *why = "a part of the JWE is not base64url, or has the wrong length";
  wrapped = tw_base64url_decode (parts[1], NULL);
  iv = tw_base64url_decode (parts[2], NULL);
  ciphertext = tw_base64url_decode (parts[3], NULL);
  tag = tw_base64url_decode (parts[4], NULL);
  if (wrapped == NULL || iv == NULL || ciphertext == NULL || tag == NULL || g_bytes_get_size (iv) != IV_SIZE
      || g_bytes_get_size (tag) != TAG_SIZE || g_bytes_get_size (ciphertext) == 0
      || g_bytes_get_size (ciphertext) > G_MAXINT / 2)
    return NULL;

  *why = "the JWE cannot be decrypted with our key";
  if (!unwrap_key (key, wrapped, cek))
    return NULL;
  plaintext = decrypt_content (cek, parts[0], iv, ciphertext, tag);
  tw_wipe (cek, sizeof cek);
  if (plaintext != NULL)
    *why = NULL;

  return plaintext;
}

static char *
make_header (const char *kid,
             gint64      now_s,
             TwMleAlg    alg,
             TwMleEnc    enc)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) text = NULL;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "alg", alg == TW_MLE_OAEP_256 ? "RSA-OAEP-256" : "RSA-OAEP");
  tw_json_out_string (out, "enc", enc == TW_MLE_A256GCM ? "A256GCM" : "A128GCM");
  tw_json_out_string (out, "cty", "JSON");
  tw_json_out_string (out, "kid", kid);
  tw_json_out_int64 (out, "iat", now_s);
  text = tw_json_out_finish (out);

  return tw_base64url_encode (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

static char *
wrap_key (EVP_PKEY     *key,
          const guint8 *cek,
          gsize         n_cek,
          TwMleAlg      alg)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (key, NULL);
  guint8 out[512];
  gsize n = sizeof out;

  EVP_PKEY_encrypt_init (context);
  set_oaep (context, alg);
  g_assert (EVP_PKEY_encrypt (context, out, &n, cek, n_cek) > 0);

  return tw_base64url_encode (out, n);
}

char *
tw_mle_seal (EVP_PKEY  *key,
             const char *kid,
             GBytes    *plaintext,
             gint64     now_s,
             TwMleAlg   alg,
             TwMleEnc   enc)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  g_autofree char *header = make_header (kid, now_s, alg, enc);
  g_autofree char *wrapped = NULL, *iv_text = NULL, *body_text = NULL, *tag_text = NULL;
  guint8 cek[32], iv[IV_SIZE], tag[TAG_SIZE];
  gsize n_in, n_cek = enc == TW_MLE_A256GCM ? 32 : 16;
  const guint8 *in = g_bytes_get_data (plaintext, &n_in);
  g_autofree guint8 *out = g_malloc (n_in + 1);
  int n = 0, rest = 0;

  RAND_bytes (cek, sizeof cek);
  RAND_bytes (iv, sizeof iv);
  EVP_EncryptInit_ex (context, enc == TW_MLE_A256GCM ? EVP_aes_256_gcm () : EVP_aes_128_gcm (), NULL, cek, iv);
  EVP_EncryptUpdate (context, NULL, &n, (const guint8 *) header, (int) strlen (header));
  EVP_EncryptUpdate (context, out, &n, in, (int) n_in);
  EVP_EncryptFinal_ex (context, out + n, &rest);
  EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, tag);

  wrapped = wrap_key (key, cek, n_cek, alg);
  iv_text = tw_base64url_encode (iv, sizeof iv);
  body_text = tw_base64url_encode (out, n_in);
  tag_text = tw_base64url_encode (tag, sizeof tag);

  return g_strjoin (".", header, wrapped, iv_text, body_text, tag_text, NULL);
}
