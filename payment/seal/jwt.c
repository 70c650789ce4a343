/* SPDX-License-Identifier: Apache-2.0 */
/* JWT with a shared secret (RFC 7515, 7519), version 2 claims as the payment service asks for them. */
#include "payment/seal/seal.h"

#include "app/base/bytes.h"
#include "app/base/json.h"

#include <openssl/evp.h>

#include <string.h>

#define LIFE_S 120          /* the most that the service takes */
#define SHA256_BYTES 32

static char *
encode_and_finish (TwJsonOut *out)
{
  g_autoptr(GBytes) json = tw_json_out_finish (out);
  gsize size;
  const guint8 *data = g_bytes_get_data (json, &size);

  return tw_base64url_encode (data, size);
}

static char *
header_text (const TwJwtRequest *request)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "alg", "HS256");
  tw_json_out_string (out, "typ", "JWT");
  tw_json_out_string (out, "kid", request->key_id);

  return encode_and_finish (out);
}

static char *
body_digest (GBytes *body)
{
  guint8 digest[SHA256_BYTES];
  gsize size;
  const void *data = g_bytes_get_data (body, &size);

  if (EVP_Digest (data, size, digest, NULL, EVP_sha256 (), NULL) != 1)
    g_error ("OpenSSL has no SHA-256");

  return g_base64_encode (digest, sizeof digest);
}

static char *
claims_text (const TwJwtRequest *request)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();
  g_autofree char *method = g_ascii_strdown (request->method, -1);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "iat", request->now_s);
  tw_json_out_int64 (out, "exp", request->now_s + LIFE_S);
  tw_json_out_string (out, "jti", request->jti);
  tw_json_out_string (out, "iss", request->merchant_id);
  tw_json_out_string (out, "request-host", request->host);
  tw_json_out_string (out, "request-method", method);
  tw_json_out_string (out, "request-resource-path", request->path);
  tw_json_out_string (out, "v-c-jwt-version", "2");
  tw_json_out_string (out, "v-c-merchant-id", request->merchant_id);
  if (request->response_kid != NULL)
    tw_json_out_string (out, "v-c-response-mle-kid", request->response_kid);
  if (request->body != NULL)
    {
      g_autofree char *digest = body_digest (request->body);

      tw_json_out_string (out, "digest", digest);
      tw_json_out_string (out, "digest-algorithm", "SHA-256");
    }

  return encode_and_finish (out);
}

static char *
signature_text (GBytes     *secret,
                const char *signing_input)
{
  guint8 mac[EVP_MAX_MD_SIZE];
  size_t mac_bytes = 0;
  gsize size;
  const guint8 *data = g_bytes_get_data (secret, &size);

  if (EVP_Q_mac (NULL, "HMAC", NULL, "SHA256", NULL, data, size, (const guint8 *) signing_input, strlen (signing_input),
                 mac, sizeof mac, &mac_bytes) == NULL)
    g_error ("OpenSSL has no HMAC-SHA-256");

  return tw_base64url_encode (mac, mac_bytes);
}

char *
tw_jwt_for_request (const TwJwtRequest *request)
{
  g_autofree char *header = header_text (request);
  g_autofree char *claims = claims_text (request);
  g_autofree char *input = g_strjoin (".", header, claims, NULL);
  g_autofree char *signature = signature_text (request->secret, input);

  return g_strjoin (".", input, signature, NULL);
}
