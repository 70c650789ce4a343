/* SPDX-License-Identifier: Apache-2.0 */
/* The wrapping of messages to a payment service: JWE and JWT as the service asks for them (RFC 7515, 7516, 7518,
 * 7519). Message-level encryption: RSA-OAEP-256 with A256GCM, compact, cty JWT, kid = the serialNumber attribute of the
 * certificate's subject. OpenSSL only. Any thread.
 */
#pragma once

#include <gio/gio.h>

typedef struct _TwSealKey TwSealKey;      /* a certificate's public key with its kid, or a private key */

/* PEM text. BAD_DATA: not one certificate, no serialNumber in the subject, RSA below 2048 bits, expired at now_s
 * (G_MININT64: also an expired one). */
TwSealKey  *tw_seal_key_from_certificate (GBytes *pem, gint64 now_s, GError **error);
TwSealKey  *tw_seal_key_from_private (GBytes *pem, GError **error);
void        tw_seal_key_free (TwSealKey *self);
const char *tw_seal_key_id (const TwSealKey *self);              /* NULL for a private key */
gint64      tw_seal_key_expiry_s (const TwSealKey *self);        /* 0 for a private key */

/* PEM text of one or more certificates of authorities, at most 1 MiB: when the first of them ends, and how many there
 * are. BAD_DATA: no certificate, or one that cannot be read. */
gboolean    tw_seal_authorities_expiry_s (GBytes *pem, gint64 *earliest_s, guint *n, GError **error);

/* Compact JWE of the plaintext. iat_s goes into the protected header. */
char       *tw_jwe_encrypt (const TwSealKey *to, GBytes *plaintext, gint64 iat_s, GError **error);
/* RSA-OAEP-256 or RSA-OAEP; A256GCM or A128GCM; everything else is BAD_DATA. The result is a tw_secret_new(). */
GBytes     *tw_jwe_decrypt (const TwSealKey *with, const char *jwe, GError **error);

typedef struct
{
  const char *key_id;
  GBytes     *secret;          /* decoded */
  const char *merchant_id;
  const char *host;
  const char *method;          /* upper or lower case */
  const char *path;            /* with query */
  GBytes     *body;            /* as sent; NULL for GET and DELETE: no digest claims */
  const char *response_kid;    /* v-c-response-mle-kid; NULL: no encrypted answer wanted */
  gint64      now_s;
  const char *jti;             /* unique per request */
} TwJwtRequest;

/* JWT version 2 with a shared secret (HS256), exp = iat + 120. */
char       *tw_jwt_for_request (const TwJwtRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSealKey, tw_seal_key_free)
