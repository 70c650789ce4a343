/* SPDX-License-Identifier: Apache-2.0 */
/* needs: seal_dep */
/* A JWE is opened or refused; what was not sealed for this key is never opened. The key is made once: nobody has its
 * other half.
 */
#include "payment/seal/seal.h"

#include "app/base/error.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static TwSealKey *
fresh_key (void)
{
  EVP_PKEY *pkey = EVP_RSA_gen (2048);
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text = NULL;
  g_autoptr(GBytes) pem = NULL;
  TwSealKey *key;
  long len;

  g_assert_true (PEM_write_bio_PrivateKey (bio, pkey, NULL, NULL, 0, NULL, NULL) == 1);
  len = BIO_get_mem_data (bio, &text);
  pem = g_bytes_new (text, (gsize) len);
  key = tw_seal_key_from_private (pem, NULL);
  BIO_free (bio);
  EVP_PKEY_free (pkey);
  g_assert_nonnull (key);

  return key;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static TwSealKey *key;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(GBytes) pem = g_bytes_new_static (data, size);
  g_autoptr(TwSealKey) certificate = NULL;
  g_autoptr(GBytes) opened = NULL;
  g_autoptr(GError) error = NULL;

  if (key == NULL)
    key = fresh_key ();

  opened = tw_jwe_decrypt (key, text, &error);
  g_assert_true (opened == NULL && g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA));

  certificate = tw_seal_key_from_certificate (pem, 0, NULL);
  g_assert_true (certificate == NULL || tw_seal_key_id (certificate) != NULL);

  return 0;
}
