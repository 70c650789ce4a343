/* SPDX-License-Identifier: Apache-2.0 */
/* JWE in its compact form (RFC 7516): header.encrypted key.iv.ciphertext.tag, each base64url. */
#include "payment/seal/key.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <string.h>

#define IV_BYTES 12          /* RFC 7518 section 5.3 */
#define TAG_BYTES 16
#define MAX_KEY_BYTES 32
#define MAX_RSA_BYTES 1024
#define MAX_HEADER_CHARS 4096
#define MAX_JWE_CHARS (128 * 1024)

typedef struct
{
  const EVP_MD     *hash;
  const EVP_CIPHER *cipher;
  gsize             key_bytes;
} Suite;

typedef struct
{
  char   *header;          /* as sent: it is the additional authenticated data */
  GBytes *parts[4];        /* encrypted key, iv, ciphertext, tag */
} Compact;

static void
compact_clear (Compact *self)
{
  g_free (self->header);
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++)
    g_clear_pointer (&self->parts[i], g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compact, compact_clear)

static void
set_crypto_error (GError    **error,
                  const char *what)
{
  ERR_clear_error ();
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "message encryption: %s", what);
}

static char *
protected_header (const TwSealKey *to,
                  gint64           iat_s)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();
  g_autoptr(GBytes) json = NULL;
  gsize size;
  const guint8 *data;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "alg", "RSA-OAEP-256");
  tw_json_out_string (out, "enc", "A256GCM");
  tw_json_out_string (out, "cty", "JWT");
  tw_json_out_string (out, "kid", to->id);
  tw_json_out_int64 (out, "iat", iat_s);
  json = tw_json_out_finish (out);
  data = g_bytes_get_data (json, &size);

  return tw_base64url_encode (data, size);
}

static gboolean
gcm_encrypt (const guint8 *key,
             const guint8 *iv,
             const char   *aad,
             GBytes       *plaintext,
             guint8       *ciphertext,
             guint8       *tag)
{
  g_autoptr(EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (plaintext, &size);
  int len;

  return context != NULL
         && EVP_EncryptInit_ex2 (context, EVP_aes_256_gcm (), key, iv, NULL) == 1
         && EVP_EncryptUpdate (context, NULL, &len, (const guint8 *) aad, (int) strlen (aad)) == 1
         && (size == 0 || EVP_EncryptUpdate (context, ciphertext, &len, data, (int) size) == 1)
         && EVP_EncryptFinal_ex (context, ciphertext + size, &len) == 1
         && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag) == 1;
}

static gboolean
wrap_key (const TwSealKey *to,
          const guint8    *key,
          gsize            key_bytes,
          guint8          *wrapped,
          gsize           *wrapped_bytes)
{
  g_autoptr(EVP_PKEY_CTX) context = tw_seal_oaep (to, EVP_sha256 (), TRUE);

  return context != NULL && EVP_PKEY_encrypt (context, wrapped, wrapped_bytes, key, key_bytes) == 1;
}

static char *
compact_text (const char   *header,
              const guint8 *wrapped,
              gsize         wrapped_bytes,
              const guint8 *iv,
              const guint8 *ciphertext,
              gsize         size,
              const guint8 *tag)
{
  g_autofree char *wrapped_text = tw_base64url_encode (wrapped, wrapped_bytes);
  g_autofree char *iv_text = tw_base64url_encode (iv, IV_BYTES);
  g_autofree char *ciphertext_text = tw_base64url_encode (ciphertext, size);
  g_autofree char *tag_text = tw_base64url_encode (tag, TAG_BYTES);

  return g_strjoin (".", header, wrapped_text, iv_text, ciphertext_text, tag_text, NULL);
}

char *
tw_jwe_encrypt (const TwSealKey *to,
                GBytes          *plaintext,
                gint64           iat_s,
                GError         **error)
{
  gsize size = g_bytes_get_size (plaintext);
  gsize wrapped_bytes = MAX_RSA_BYTES;
  guint8 key[MAX_KEY_BYTES], iv[IV_BYTES], tag[TAG_BYTES], wrapped[MAX_RSA_BYTES];
  g_autofree guint8 *ciphertext = NULL;
  g_autofree char *header = NULL;
  gboolean ok;

  g_return_val_if_fail (to->id != NULL, NULL);

  if (size > MAX_JWE_CHARS / 2)
    {
      set_crypto_error (error, "the message is too long");
      return NULL;
    }

  ciphertext = g_malloc (size + TAG_BYTES);
  header = protected_header (to, iat_s);
  ok = RAND_priv_bytes (key, sizeof key) == 1
       && RAND_bytes (iv, sizeof iv) == 1
       && wrap_key (to, key, sizeof key, wrapped, &wrapped_bytes)
       && gcm_encrypt (key, iv, header, plaintext, ciphertext, tag);
  tw_wipe (key, sizeof key);
  if (!ok)
    {
      set_crypto_error (error, "OpenSSL could not encrypt");
      return NULL;
    }

  return compact_text (header, wrapped, wrapped_bytes, iv, ciphertext, size, tag);
}

/* tw_base64url_decode() takes only the one text that an encoder makes, so that no bit of a message changes unseen. */
static gboolean
split_compact (const char *jwe,
               Compact    *compact,
               GError    **error)
{
  g_auto(GStrv) texts = NULL;

  if (strnlen (jwe, MAX_JWE_CHARS + 1) > MAX_JWE_CHARS)
    {
      set_crypto_error (error, "the answer is too long");
      return FALSE;
    }

  texts = g_strsplit (jwe, ".", 6);
  if (g_strv_length (texts) != 5 || strlen (texts[0]) > MAX_HEADER_CHARS)
    {
      set_crypto_error (error, "the answer is not a compact JWE: five parts with a short header are expected");
      return FALSE;
    }

  compact->header = g_strdup (texts[0]);
  for (guint i = 0; i < G_N_ELEMENTS (compact->parts); i++)
    if ((compact->parts[i] = tw_base64url_decode (texts[i + 1], NULL)) == NULL)
      {
        set_crypto_error (error, "a part of the JWE is not base64url");
        return FALSE;
      }

  if (g_bytes_get_size (compact->parts[1]) == IV_BYTES && g_bytes_get_size (compact->parts[3]) == TAG_BYTES)
    return TRUE;

  set_crypto_error (error, "the JWE's initialization vector or tag has the wrong length");
  return FALSE;
}

static gboolean
suite_of_header (const char *header,
                 Suite      *suite,
                 GError    **error)
{
  g_autoptr(GBytes) json = tw_base64url_decode (header, NULL);
  g_autoptr(TwJson) root = NULL;
  const char *alg, *enc;

  if (json == NULL)
    {
      set_crypto_error (error, "the JWE's header is not base64url");
      return FALSE;
    }

  root = tw_json_parse (g_bytes_get_data (json, NULL), g_bytes_get_size (json), &TW_JSON_SMALL, error);
  if (root == NULL)
    return FALSE;

  /* Unknown members are ignored (RFC 7516 section 4) but for those that change what the rest means. */
  if (tw_json_member (root, "crit") != NULL || tw_json_member (root, "zip") != NULL)
    {
      set_crypto_error (error, "the JWE's header asks for an extension (crit) or compression (zip)");
      return FALSE;
    }

  alg = tw_json_string (tw_json_member (root, "alg"));
  enc = tw_json_string (tw_json_member (root, "enc"));
  suite->hash = g_strcmp0 (alg, "RSA-OAEP-256") == 0 ? EVP_sha256 ()
                : g_strcmp0 (alg, "RSA-OAEP") == 0 ? EVP_sha1 () : NULL;
  suite->cipher = g_strcmp0 (enc, "A256GCM") == 0 ? EVP_aes_256_gcm ()
                  : g_strcmp0 (enc, "A128GCM") == 0 ? EVP_aes_128_gcm () : NULL;
  suite->key_bytes = suite->cipher == NULL ? 0 : (gsize) EVP_CIPHER_get_key_length (suite->cipher);
  if (suite->hash != NULL && suite->cipher != NULL)
    return TRUE;

  set_crypto_error (error, "accepted are alg RSA-OAEP-256 or RSA-OAEP with enc A256GCM or A128GCM");
  return FALSE;
}

/* RFC 7516 section 11.5: a wrapped key that does not open, or has the wrong length, is replaced by a random one, so
 * that the failure shows only at the tag and tells nothing about the padding. */
static gboolean
unwrap_key (const TwSealKey *with,
            const Suite     *suite,
            GBytes          *wrapped,
            guint8           key[MAX_KEY_BYTES])
{
  g_autoptr(EVP_PKEY_CTX) context = tw_seal_oaep (with, suite->hash, FALSE);
  guint8 opened[MAX_RSA_BYTES];
  gsize opened_bytes = sizeof opened;
  gsize size;
  const guint8 *data = g_bytes_get_data (wrapped, &size);

  if (context == NULL || RAND_priv_bytes (key, MAX_KEY_BYTES) != 1)
    return FALSE;

  if (size > 0 && EVP_PKEY_decrypt (context, opened, &opened_bytes, data, size) == 1
      && opened_bytes == suite->key_bytes)
    memcpy (key, opened, opened_bytes);
  tw_wipe (opened, sizeof opened);

  return TRUE;
}

static gboolean
gcm_decrypt (const Suite   *suite,
             const guint8  *key,
             const Compact *compact,
             guint8        *plaintext)
{
  g_autoptr(EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  const guint8 *iv = g_bytes_get_data (compact->parts[1], NULL);
  gsize size;
  const guint8 *ciphertext = g_bytes_get_data (compact->parts[2], &size);
  gpointer tag = (gpointer) g_bytes_get_data (compact->parts[3], NULL);
  const guint8 *aad = (const guint8 *) compact->header;
  int len;

  return context != NULL
         && EVP_DecryptInit_ex2 (context, suite->cipher, key, iv, NULL) == 1
         && EVP_DecryptUpdate (context, NULL, &len, aad, (int) strlen (compact->header)) == 1
         && (size == 0 || EVP_DecryptUpdate (context, plaintext, &len, ciphertext, (int) size) == 1)
         && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1
         && EVP_DecryptFinal_ex (context, plaintext + size, &len) == 1;
}

GBytes *
tw_jwe_decrypt (const TwSealKey *with,
                const char      *jwe,
                GError         **error)
{
  g_auto(Compact) compact = { 0 };
  g_autofree guint8 *plaintext = NULL;
  guint8 key[MAX_KEY_BYTES];
  GBytes *result = NULL;
  Suite suite;
  gsize size;

  g_return_val_if_fail (with->is_private, NULL);

  if (!split_compact (jwe, &compact, error) || !suite_of_header (compact.header, &suite, error))
    return NULL;

  size = g_bytes_get_size (compact.parts[2]);
  plaintext = g_malloc (size + TAG_BYTES);
  if (unwrap_key (with, &suite, compact.parts[0], key) && gcm_decrypt (&suite, key, &compact, plaintext))
    result = tw_secret_new (plaintext, size);
  else
    set_crypto_error (error, "the answer does not open with our key: it is for another key, or was changed");
  tw_wipe (key, sizeof key);
  tw_wipe (plaintext, size + TAG_BYTES);
  ERR_clear_error ();

  return result;
}
