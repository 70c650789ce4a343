/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's own authority: made at the first start into a folder, read back at later ones. Everything that the
 * station would get from a payment service is a file in it:
 *
 *   ca.pem               the authority that signed the acquirer's TLS certificate   -> [gateway] ca_file
 *   mle.pem              requests are encrypted to this; serialNumber in the subject -> mle_certificate
 *   response-key.pem     answers are encrypted to its public half                   -> response_key
 *   shared-secret        base64 of 32 bytes                                          -> shared_secret_file
 *   fingerprint-key      "epoch hex", for the reader                                 -> [reader] fingerprint_key
 *
 * and what stays at the acquirer: server.pem (and three wrong ones for the TLS faults), mle-key.pem, response.pem,
 * names. RSA 2048 throughout. Nothing in here protects anything: the folder is as public as the bench.
 */
#pragma once

#include <gio/gio.h>
#include <openssl/evp.h>

typedef enum { TW_TLS_RIGHT, TW_TLS_UNTRUSTED, TW_TLS_WRONG_NAME, TW_TLS_EXPIRED } TwTlsKind;

typedef struct
{
  char     *dir;
  char     *merchant_id, *key_id, *response_key_id, *mle_kid;
  GBytes   *shared_secret;      /* decoded */
  EVP_PKEY *mle_private;        /* opens requests */
  EVP_PKEY *response_public;    /* seals answers */
} TwCertificates;

/* Makes what is missing. GONE: the folder cannot be written; BAD_DATA: what is there is not ours. */
TwCertificates *tw_certificates_open (const char *dir, GError **error);
void            tw_certificates_free (TwCertificates *self);

/* The file with TLS certificate and key of this kind. Free with g_free(). */
char           *tw_certificates_tls_file (const TwCertificates *self, TwTlsKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCertificates, tw_certificates_free)
