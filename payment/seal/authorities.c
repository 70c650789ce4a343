/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/seal/seal.h"

#include "app/base/error.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define MAX_PEM_BYTES (1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

static gboolean
end_of (const X509 *certificate,
        gint64     *seconds)
{
  const ASN1_TIME *end = X509_get0_notAfter (certificate);
  struct tm tm = { 0 };

  if (end == NULL || ASN1_TIME_to_tm (end, &tm) != 1)
    return FALSE;

  *seconds = (gint64) timegm (&tm);

  return TRUE;
}

/* OpenSSL says "no start line" when the last certificate has been read; anything else is a broken one. */
static gboolean
is_at_the_end (void)
{
  unsigned long code = ERR_peek_last_error ();

  return ERR_GET_LIB (code) == ERR_LIB_PEM && ERR_GET_REASON (code) == PEM_R_NO_START_LINE;
}

gboolean
tw_seal_authorities_expiry_s (GBytes  *pem,
                              gint64  *earliest_s,
                              guint   *n,
                              GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = size > 0 && size <= MAX_PEM_BYTES ? BIO_new_mem_buf (data, (int) size) : NULL;
  gboolean whole = bio != NULL;

  *earliest_s = G_MAXINT64;
  *n = 0;
  ERR_clear_error ();
  while (whole)
    {
      g_autoptr (X509) certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
      gint64 end_s = 0;

      if (certificate == NULL)
        {
          whole = is_at_the_end ();
          break;
        }
      whole = end_of (certificate, &end_s);
      *earliest_s = MIN (*earliest_s, end_s);
      *n += 1;
    }
  ERR_clear_error ();

  if (whole && *n > 0)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "certificates in PEM form are expected, and %s",
               *n > 0 ? "one of them cannot be read" : "none is in the file");

  return FALSE;
}
