/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/seal: what a key is made of. */
#pragma once

#include "payment/seal/seal.h"

#include <openssl/evp.h>

struct _TwSealKey
{
  EVP_PKEY *pkey;
  char     *id;         /* serialNumber of the certificate's subject; NULL for a private key */
  gint64    expiry_s;
  gboolean  is_private;
};

/* A context for RSA-OAEP with the hash named, for MGF1 too (RFC 7518 section 4.3); encrypt or decrypt. NULL: OpenSSL
 * would not. */
EVP_PKEY_CTX *tw_seal_oaep (const TwSealKey *self, const EVP_MD *hash, gboolean encrypt);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
