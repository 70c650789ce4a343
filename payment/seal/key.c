/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/seal/key.h"

#include "app/base/error.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define MIN_RSA_BITS 2048
#define MAX_RSA_BITS 8192
#define MAX_PEM_BYTES (64 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)

/* A daemon must not ask a terminal for a password, which is what OpenSSL does by default. */
static int
no_password (char *buffer,
             int   size,
             int   writing,
             void *user_data)
{
  return -1;
}

static BIO *
open_pem (GBytes  *pem,
          GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (pem, &size);

  if (size > 0 && size <= MAX_PEM_BYTES)
    return BIO_new_mem_buf (data, (int) size);

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "a PEM file of 1 to %d bytes is expected, this one has %"
               G_GSIZE_FORMAT, MAX_PEM_BYTES, size);
  return NULL;
}

static gboolean
check_rsa (EVP_PKEY *pkey,
           GError  **error)
{
  int bits;

  if (pkey == NULL || !EVP_PKEY_is_a (pkey, "RSA"))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the key is not RSA; message encryption needs RSA of %d bits or "
                   "more", MIN_RSA_BITS);
      return FALSE;
    }

  bits = EVP_PKEY_get_bits (pkey);
  if (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the RSA key has %d bits, %d to %d are accepted", bits, MIN_RSA_BITS,
               MAX_RSA_BITS);
  return FALSE;
}

static char *
subject_serial_number (X509 *certificate)
{
  X509_NAME *subject = X509_get_subject_name (certificate);
  int at = X509_NAME_get_index_by_NID (subject, NID_serialNumber, -1);
  const ASN1_STRING *value;
  unsigned char *utf8 = NULL;
  char *id = NULL;
  int len;

  if (at < 0 || X509_NAME_get_index_by_NID (subject, NID_serialNumber, at) >= 0)
    return NULL;

  value = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, at));
  len = ASN1_STRING_to_UTF8 (&utf8, value);
  if (len > 0 && len <= 128 && g_utf8_validate_len ((const char *) utf8, len, NULL))
    id = g_strndup ((const char *) utf8, len);
  OPENSSL_free (utf8);

  return id;
}

static gboolean
seconds_of (const ASN1_TIME *time,
            gint64          *seconds)
{
  struct tm tm = { 0 };

  if (time == NULL || ASN1_TIME_to_tm (time, &tm) != 1)
    return FALSE;

  *seconds = (gint64) timegm (&tm);
  return TRUE;
}

static X509 *
read_one_certificate (GBytes  *pem,
                      GError **error)
{
  g_autoptr(BIO) bio = open_pem (pem, error);
  g_autoptr(X509) first = NULL;
  g_autoptr(X509) second = NULL;

  if (bio == NULL)
    return NULL;

  first = PEM_read_bio_X509 (bio, NULL, no_password, NULL);
  second = first == NULL ? NULL : PEM_read_bio_X509 (bio, NULL, no_password, NULL);
  ERR_clear_error ();
  if (first == NULL || second != NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: exactly one PEM certificate is expected",
                   first == NULL ? "no certificate" : "more than one certificate");
      return NULL;
    }

  return g_steal_pointer (&first);
}

TwSealKey *
tw_seal_key_from_certificate (GBytes  *pem,
                              gint64   now_s,
                              GError **error)
{
  g_autoptr(TwSealKey) self = g_new0 (TwSealKey, 1);
  g_autoptr(X509) certificate = read_one_certificate (pem, error);

  if (certificate == NULL)
    return NULL;

  self->pkey = X509_get_pubkey (certificate);
  self->id = subject_serial_number (certificate);
  ERR_clear_error ();
  if (!check_rsa (self->pkey, error))
    return NULL;

  if (self->id == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the certificate's subject has no single serialNumber, which is "
                   "the key's id; download the message-level encryption certificate again");
      return NULL;
    }

  if (!seconds_of (X509_get0_notAfter (certificate), &self->expiry_s))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the certificate's end date cannot be read");
      return NULL;
    }

  if (self->expiry_s <= now_s)
    {
      g_autoptr(GDateTime) end = g_date_time_new_from_unix_utc (self->expiry_s);
      g_autofree char *text = end == NULL ? NULL : g_date_time_format (end, "%Y-%m-%d");

      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the certificate expired on %s; get a new one from the payment "
                   "service", text == NULL ? "an impossible date" : text);
      return NULL;
    }

  return g_steal_pointer (&self);
}

TwSealKey *
tw_seal_key_from_private (GBytes  *pem,
                          GError **error)
{
  g_autoptr(TwSealKey) self = g_new0 (TwSealKey, 1);
  g_autoptr(BIO) bio = open_pem (pem, error);

  if (bio == NULL)
    return NULL;

  self->is_private = TRUE;
  self->pkey = PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL);
  ERR_clear_error ();
  if (self->pkey == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no private key in PEM form without a password is in the file");
      return NULL;
    }

  if (!check_rsa (self->pkey, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_seal_key_free (TwSealKey *self)
{
  if (self == NULL)
    return;

  EVP_PKEY_free (self->pkey);   /* OpenSSL clears a private key's numbers */
  g_free (self->id);
  g_free (self);
}

const char *
tw_seal_key_id (const TwSealKey *self)
{
  return self->id;
}

gint64
tw_seal_key_expiry_s (const TwSealKey *self)
{
  return self->expiry_s;
}

EVP_PKEY_CTX *
tw_seal_oaep (const TwSealKey *self,
              const EVP_MD    *hash,
              gboolean         encrypt)
{
  g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, self->pkey, NULL);

  if (context == NULL
      || (encrypt ? EVP_PKEY_encrypt_init (context) : EVP_PKEY_decrypt_init (context)) <= 0
      || EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) <= 0
      || EVP_PKEY_CTX_set_rsa_oaep_md (context, hash) <= 0
      || EVP_PKEY_CTX_set_rsa_mgf1_md (context, hash) <= 0)
    return NULL;

  return g_steal_pointer (&context);
}
