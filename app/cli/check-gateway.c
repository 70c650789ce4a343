/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/small-file.h"
#include "payment/gateway/gateway.h"
#include "payment/http/http.h"
#include "payment/seal/seal.h"

#include <string.h>

#define CONNECT_MS 5000
#define DEADLINE_MS 10000
#define LARGEST (64 * 1024)

typedef struct
{
  GMainLoop *loop;
  guint      status;
  GBytes    *body;
  GError    *error;
} Answer;

/* What a signed question needs; NULL: check-secrets.c and check-certificates.c say what is wrong with it. */
typedef struct
{
  GBytes    *secret;
  TwSealKey *service_key, *response_key;
} Keys;

static void
keys_clear (Keys *keys)
{
  g_clear_pointer (&keys->secret, g_bytes_unref);
  g_clear_pointer (&keys->service_key, tw_seal_key_free);
  g_clear_pointer (&keys->response_key, tw_seal_key_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static void
answer_clear (Answer *answer)
{
  g_main_loop_unref (answer->loop);
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_clear_error (&answer->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static GBytes *
read_secret (const char *path)
{
  g_autoptr (GBytes) file = tw_small_file_read (path, LARGEST, NULL);
  g_autofree char *text = file != NULL ? g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file)) : NULL;
  g_autofree guchar *secret = NULL;
  GBytes *kept = NULL;
  gsize len = 0;

  if (text == NULL)
    return NULL;

  secret = g_base64_decode (g_strstrip (text), &len);
  if (len > 0)
    kept = tw_secret_new (secret, len);
  tw_wipe (secret, len);
  tw_wipe (text, strlen (text));

  return kept;
}

static gboolean
read_keys (const TwConfig *config,
           gint64          now_s,
           Keys           *keys)
{
  g_autoptr (GBytes) certificate = tw_small_file_read (config->mle_certificate, LARGEST, NULL);
  g_autoptr (GBytes) response = NULL;

  keys->secret = read_secret (config->shared_secret_file);
  keys->service_key = certificate != NULL ? tw_seal_key_from_certificate (certificate, now_s, NULL) : NULL;
  if (config->response_key != NULL)
    {
      response = tw_small_file_read (config->response_key, LARGEST, NULL);
      keys->response_key = response != NULL ? tw_seal_key_from_private (response, NULL) : NULL;
    }

  return keys->secret != NULL && keys->service_key != NULL && (config->response_key == NULL || keys->response_key);
}

static void
on_answer (guint         status,
           GBytes       *body,
           const GError *error,
           gpointer      user_data)
{
  Answer *answer = user_data;

  answer->status = status;
  answer->body = body != NULL ? g_bytes_ref (body) : NULL;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
  g_main_loop_quit (answer->loop);
}

static void
send (const TwConfig      *config,
      const TwHttpRequest *request,
      Answer              *answer)
{
  const TwHttpOptions options = {
    .ca_file = config->gateway_ca_file,
    .connect_to = config->gateway_connect_to,
    .connect_ms = CONNECT_MS,
  };
  g_autoptr (TwHttp) http = tw_http_new (&options, &answer->error);

  if (http == NULL)
    return;

  tw_http_send (http, request, NULL, on_answer, answer);
  g_main_loop_run (answer->loop);
}

/* Any answer will do: it proves that name, route and TLS are right. */
static void
ask_without_keys (const TwConfig *config,
                  Answer         *answer)
{
  g_autofree char *url = g_strdup_printf ("https://%s/", config->gateway_host);
  const TwHttpRequest request = { .method = "GET", .url = url, .deadline_ms = DEADLINE_MS };

  send (config, &request, answer);
}

/* Searches for a session that nobody ever had: signed and sealed like everything else that the station asks, and
 * without any effect. */
static gboolean
ask_as_the_station (const TwConfig *config,
                    const Keys     *keys,
                    gint64          now_s,
                    Answer         *answer)
{
  g_autofree char *salt = tw_random_hex (8), *jti = g_uuid_string_random ();
  g_autofree char *code = g_strconcat ("doctor-", salt, NULL), *key = g_strconcat (code, "-authorize-1", NULL);
  const TwGatewayAsk ask = {
    .call = TW_GATEWAY_AUTHORIZE,
    .hold = { .code = code, .transaction_id = key, .amount = tw_money (1, config->currency) },
  };
  const TwGateway *gateway = tw_gateway_find (config->gateway_kind);
  g_autoptr (TwGatewayRequest) request = tw_gateway_request (gateway, &ask, TW_GATEWAY_SEARCH, &answer->error);
  g_autofree char *jwe = request != NULL ? tw_jwe_encrypt (keys->service_key, request->body, now_s, &answer->error)
                                         : NULL;
  g_autoptr (GBytes) body = jwe != NULL ? tw_gateway_wrap (gateway, jwe) : NULL;
  g_autofree char *jwt = NULL, *authorization = NULL, *url = NULL;

  if (body == NULL)
    return FALSE;

  jwt = tw_jwt_for_request (&(TwJwtRequest) {
    .key_id = config->key_id, .secret = keys->secret, .merchant_id = config->merchant_id, .host = config->gateway_host,
    .method = request->method, .path = request->path, .body = body, .response_kid = config->response_key_id,
    .now_s = now_s, .jti = jti,
  });
  authorization = g_strconcat ("Authorization: Bearer ", jwt, NULL);
  url = g_strconcat ("https://", config->gateway_host, request->path, NULL);
  send (config, &(TwHttpRequest) {
    .method = request->method, .url = url, .body = body, .deadline_ms = DEADLINE_MS,
    .headers = (const char *const[]) { authorization, "Accept: application/hal+json;charset=utf-8",
                                       "Content-Type: application/json;charset=utf-8", NULL },
  }, answer);

  return TRUE;
}

static const char *
advice_for (const GError *error)
{
  static const struct { const char *part, *advice; } ADVICES[] = {
    { TW_HTTP_SAYS_NO_NAME, "look at the network's name server, and at [gateway] host and connect_to" },
    { TW_HTTP_SAYS_NOBODY, "look at the network, at a firewall on the way, and at [gateway] connect_to" },
    { TW_HTTP_SAYS_CERTIFICATE, "look at the clock, then at [gateway] host and ca_file; if they are right, somebody "
                                "else answers in the service's place" },
    { TW_HTTP_SAYS_TLS, "see what listens there: it is not the payment service, or something between breaks TLS" },
    { TW_HTTP_SAYS_LATE, "look at the network, and at a firewall on the way" },
  };

  for (guint i = 0; error != NULL && i < G_N_ELEMENTS (ADVICES); i++)
    if (strstr (error->message, ADVICES[i].part) != NULL)
      return ADVICES[i].advice;

  return "look at the network and the name, then at the clock, then at ca_file and connect_to";
}

static gboolean
can_be_opened (const TwConfig *config,
               const Keys     *keys,
               GBytes         *body)
{
  g_autofree char *jwe = body != NULL ? tw_gateway_unwrap (tw_gateway_find (config->gateway_kind), body) : NULL;
  g_autoptr (GBytes) opened = jwe != NULL && keys->response_key != NULL
    ? tw_jwe_decrypt (keys->response_key, jwe, NULL) : NULL;

  return jwe == NULL || opened != NULL;
}

static void
report (TwFindings     *findings,
        const TwConfig *config,
        const Keys     *keys,
        const Answer   *answer)
{
  const char *host = config->gateway_host;
  guint status = answer->status;

  if (status == 0)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "gateway", host, advice_for (answer->error), "%s",
                     answer->error != NULL ? answer->error->message : "no answer");
  else if (keys == NULL)
    tw_findings_add (findings, TW_SEVERITY_OK, "gateway", host, NULL,
                     "reached, and its certificate verifies (without secret and certificate nothing more was asked)");
  else if (status == 401 || status == 403)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "gateway", host,
                     "compare merchant_id, key_id and shared_secret_file with what the service gave, then look at the "
                     "clock: a signature is good for two minutes",
                     "reached, and its certificate verifies, but it refuses our signature (%u)", status);
  else if (status / 100 != 2)
    tw_findings_add (findings, TW_SEVERITY_WARN, "gateway", host,
                     "try again later; if it stays, ask the payment service whether it is in trouble",
                     "reached, and its certificate verifies, but it answered %u to a search", status);
  else if (!can_be_opened (config, keys, answer->body))
    tw_findings_add (findings, TW_SEVERITY_FAIL, "gateway", host,
                     "compare response_key and response_key_id with the key that the service has of us",
                     "its answer cannot be decrypted");
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "gateway", host, NULL,
                     "reached, its certificate verifies, and it answers what we sign");
}

void
tw_check_gateway (TwFindings     *findings,
                  const TwConfig *config,
                  gint64          now_s)
{
  g_auto (Keys) keys = { NULL };
  g_auto (Answer) answer = { .loop = g_main_loop_new (NULL, FALSE) };
  gboolean signs;

  if (config->gateway_kind == NULL)
    {
      tw_findings_add (findings, TW_SEVERITY_OK, "gateway", "none", NULL, "no payment service is configured");
      return;
    }

  signs = read_keys (config, now_s, &keys) && ask_as_the_station (config, &keys, now_s, &answer);
  if (!signs)
    {
      g_clear_error (&answer.error);
      ask_without_keys (config, &answer);
    }
  report (findings, config, signs ? &keys : NULL, &answer);
}
