/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/jwt-check.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "app/base/bytes.h"
#include "app/base/json.h"

#define LIFE_S 120      /* exp - iat, at most */
#define LEEWAY_S 120    /* of the two clocks */

struct _TwJwtCheck
{
  char       *key_id, *merchant_id, *response_key_id;
  GBytes     *secret;
  GStrv       hosts;
  GHashTable *seen;     /* jti -> second in which it may be forgotten */
};

TwJwtCheck *
tw_jwt_check_new (const char        *key_id,
                  GBytes            *secret,
                  const char        *merchant_id,
                  const char        *response_key_id,
                  const char *const *hosts)
{
  TwJwtCheck *self = g_new0 (TwJwtCheck, 1);

  self->key_id = g_strdup (key_id);
  self->secret = g_bytes_ref (secret);
  self->merchant_id = g_strdup (merchant_id);
  self->response_key_id = g_strdup (response_key_id);
  self->hosts = g_strdupv ((GStrv) hosts);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
tw_jwt_check_free (TwJwtCheck *self)
{
  if (self == NULL)
    return;
  g_free (self->key_id);
  g_free (self->merchant_id);
  g_free (self->response_key_id);
  g_bytes_unref (self->secret);
  g_strfreev (self->hosts);
  g_hash_table_unref (self->seen);
  g_free (self);
}

/* The JSON of one part. */
static TwJson *
open_part (const char *part)
{
  g_autoptr (GBytes) bytes = tw_base64url_decode (part, NULL);

  if (bytes == NULL)
    return NULL;

  return tw_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &TW_JSON_SMALL, NULL);
}

static gboolean
says (const TwJson *object,
      const char   *name,
      const char   *expected)
{
  return g_strcmp0 (tw_json_string (tw_json_member (object, name)), expected) == 0;
}

static gboolean
signature_is_right (TwJwtCheck *self,
                    const char *token,
                    const char *last_dot)
{
  g_autoptr (GBytes) claimed = tw_base64url_decode (last_dot + 1, NULL);
  gsize n_key;
  const void *key = g_bytes_get_data (self->secret, &n_key);
  guint8 mac[32];
  guint n_mac = sizeof mac;

  if (claimed == NULL || g_bytes_get_size (claimed) != sizeof mac)
    return FALSE;
  HMAC (EVP_sha256 (), key, (int) n_key, (const guint8 *) token, last_dot - token, mac, &n_mac);

  return CRYPTO_memcmp (mac, g_bytes_get_data (claimed, NULL), sizeof mac) == 0;
}

/* RFC 9110: the digest claim covers the bytes as sent, without the prefix that HTTP Signature used. */
static gboolean
digest_is_right (const TwJson *claims,
                 const TwAsk  *ask)
{
  guint8 hash[32];
  g_autofree char *base64 = NULL;
  gsize n;
  const void *body = g_bytes_get_data (ask->body, &n);

  if (strcmp (ask->method, "GET") == 0 || strcmp (ask->method, "DELETE") == 0)
    return tw_json_member (claims, "digest") == NULL && tw_json_member (claims, "digest-algorithm") == NULL && n == 0;

  EVP_Digest (body, n, hash, NULL, EVP_sha256 (), NULL);
  base64 = g_base64_encode (hash, sizeof hash);

  return says (claims, "digest", base64) && says (claims, "digest-algorithm", "SHA-256");
}

static gboolean
host_is_right (TwJwtCheck   *self,
               const TwJson *claims,
               const TwAsk  *ask)
{
  const char *claim = tw_json_string (tw_json_member (claims, "request-host"));
  g_autofree char *name = NULL;

  if (claim == NULL || ask->host == NULL)
    return FALSE;
  name = g_strndup (ask->host, strcspn (ask->host, ":"));

  return g_strv_contains ((const char *const *) self->hosts, name)
         && (strcmp (claim, name) == 0 || strcmp (claim, ask->host) == 0);
}

static const char *
times_are_wrong (const TwJson *claims,
                 gint64        now_s)
{
  gint64 iat, exp;

  if (!tw_json_get_int64 (claims, "iat", &iat, NULL) || !tw_json_get_int64 (claims, "exp", &exp, NULL))
    return "iat and exp must be whole seconds";
  if (iat < now_s - LIFE_S - LEEWAY_S || iat > now_s + LEEWAY_S)
    return "iat is too far from the acquirer's clock";
  if (exp <= iat || exp - iat > LIFE_S)
    return "exp must be after iat by at most 120 s";
  if (exp <= now_s)
    return "exp has passed";

  return NULL;
}

static gboolean
is_forgettable (gpointer key,
                gpointer value,
                gpointer user_data)
{
  return *(gint64 *) value < *(gint64 *) user_data;
}

static gboolean
is_replay (TwJwtCheck *self,
           const char *jti,
           gint64      now_s)
{
  gint64 *until;

  g_hash_table_foreach_remove (self->seen, is_forgettable, &now_s);
  if (g_hash_table_contains (self->seen, jti))
    return TRUE;

  until = g_new (gint64, 1);
  *until = now_s + 2 * (LIFE_S + LEEWAY_S);
  g_hash_table_insert (self->seen, g_strdup (jti), until);

  return FALSE;
}

static const char *
claims_are_wrong (TwJwtCheck   *self,
                  const TwJson *claims,
                  const TwAsk  *ask,
                  gint64        now_s)
{
  g_autofree char *method = g_ascii_strdown (ask->method, -1);
  const char *kid = tw_json_string (tw_json_member (claims, "v-c-response-mle-kid"));

  if (!says (claims, "v-c-jwt-version", "2"))
    return "v-c-jwt-version must be \"2\"";
  if (!says (claims, "v-c-merchant-id", self->merchant_id) || !says (claims, "iss", self->merchant_id))
    return "iss and v-c-merchant-id must be the merchant id";
  if (!host_is_right (self, claims, ask))
    return "request-host is not the host that was asked";
  if (!says (claims, "request-resource-path", ask->path))
    return "request-resource-path is not the path that was asked";
  if (!says (claims, "request-method", method))
    return "request-method is not the method, in lower case";
  if (!digest_is_right (claims, ask))
    return "digest does not fit the body";
  if (tw_json_member (claims, "v-c-response-mle-kid") != NULL && g_strcmp0 (kid, self->response_key_id) != 0)
    return "v-c-response-mle-kid is not a key of this merchant";

  return times_are_wrong (claims, now_s);
}

gboolean
tw_jwt_check (TwJwtCheck  *self,
              const TwAsk *ask,
              gint64       now_s,
              gboolean    *wants_mle,
              const char **why)
{
  const char *token = ask->authorization != NULL && g_str_has_prefix (ask->authorization, "Bearer ")
                        ? ask->authorization + strlen ("Bearer ") : NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (TwJson) header = NULL;
  g_autoptr (TwJson) claims = NULL;
  const char *jti;

  *wants_mle = FALSE;
  *why = ask->http_signature ? "HTTP Signature is not served any more" : "no bearer token";
  if (ask->http_signature || token == NULL)
    return FALSE;

  *why = "the token is not three base64url parts of JSON";
  parts = g_strsplit (token, ".", 4);
  if (g_strv_length (parts) != 3)
    return FALSE;
  header = open_part (parts[0]);
  claims = open_part (parts[1]);
  if (header == NULL || claims == NULL)
    return FALSE;

  *why = "the header must be alg HS256, typ JWT and a known kid";
  if (!says (header, "alg", "HS256") || !says (header, "typ", "JWT") || !says (header, "kid", self->key_id))
    return FALSE;

  *why = "the signature is wrong";
  if (!signature_is_right (self, token, strrchr (token, '.')))
    return FALSE;

  *why = claims_are_wrong (self, claims, ask, now_s);
  if (*why != NULL)
    return FALSE;

  jti = tw_json_string (tw_json_member (claims, "jti"));
  *why = "jti is missing, or was used before";
  if (jti == NULL || *jti == '\0' || is_replay (self, jti, now_s))
    return FALSE;

  *why = NULL;
  *wants_mle = tw_json_member (claims, "v-c-response-mle-kid") != NULL;

  return TRUE;
}
