/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/answer.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/log.h"
#include "payment/gateway/gateway.h"

static char *
fingerprint (TwServing  *serving,
             TwCardRead *read,
             guint       epoch)
{
  const TwEpochKeys *epochs = serving->service->epochs;

  if (epochs == NULL || epoch >= epochs->n)
    return NULL;
  return tw_card_read_fingerprint (read, epochs->epochs[epoch].name, epochs->epochs[epoch].key);
}

gboolean
tw_answer_card (TwServing       *serving,
                const TwMessage *request,
                TwCardRead      *read,
                GError         **error)
{
  g_autofree char *newest = fingerprint (serving, read, 0);
  g_autofree char *older = fingerprint (serving, read, 1);
  const TwMessage card = {
    .kind = TW_MESSAGE_CARD, .request = request->request, .card_kind = (char *) "emv",
    .masked = (char *) tw_card_read_masked (read), .brand = (char *) tw_card_read_brand (read),
    .aid = (char *) tw_card_read_aid (read), .label = (char *) tw_card_read_label (read),
    .fingerprint = newest, .fingerprint_old = older, .test_mode = TRUE,
  };

  return tw_serving_send (serving, &card, error);
}

static void
log_refusal (const GError *error)
{
  tw_log_warning ("authorization not sealed: %s", error->message);
}

/* The HTTP body, or NULL and the code. */
static GBytes *
seal (TwServing       *serving,
      const TwMessage *request,
      TwCardRead      *read,
      const char     **code)
{
  const TwService *service = serving->service;
  const TwGateway *gateway = tw_gateway_find (service->config->gateway_kind);
  g_autoptr(GBytes) body = g_bytes_new_static (request->body, strlen (request->body));
  g_autoptr(GBytes) whole = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *jwe = NULL;
  TwCardFields fields = {
    .entry_mode = TW_ENTRY_CONTACTLESS, .cvm = tw_card_read_device_cvm (read) ? TW_CVM_DEVICE : TW_CVM_NONE,
    .brand = tw_card_read_brand (read), .track2 = tw_card_read_track2 (read),
    .card_sequence = tw_card_read_sequence (read),
  };

  fields.emv_tags = tw_card_read_emv_tags (read, &fields.emv_tags_len);
  *code = "not-accepted";
  if (fields.track2 == NULL || fields.emv_tags == NULL)
    {
      tw_log_warning ("authorization not sealed: the card gives no track 2, or more data than the payment service "
                      "takes");
      return NULL;
    }

  *code = "not-sealed";
  if (gateway == NULL || tw_card_read_amount (read) != request->amount_minor)
    {
      tw_log_warning ("authorization not sealed: no such gateway, or not the amount that the card was asked about");
      return NULL;
    }

  whole = tw_gateway_add_card_fields (gateway, body, &fields, tw_money (request->amount_minor, request->currency),
                                      &error);
  if (whole != NULL)
    jwe = tw_jwe_encrypt (service->seal_key, whole, tw_clock_now (service->clock).wall_us / G_USEC_PER_SEC, &error);
  if (jwe != NULL)
    return tw_gateway_wrap (gateway, jwe);

  if (g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED))
    *code = "not-accepted";
  log_refusal (error);
  return NULL;
}

const char *
tw_answer_sealed (TwServing       *serving,
                  const TwMessage *request,
                  TwCardRead      *read,
                  guint            in_field_ms,
                  GError         **error)
{
  const char *code;
  g_autoptr(GBytes) body = seal (serving, request, read, &code);
  g_autofree char *text = NULL, *digest = NULL;
  TwMessage sealed = {
    .kind = TW_MESSAGE_SEALED, .request = request->request, .cryptogram = (char *) "arqc",
    .cvm = (char *) (tw_card_read_device_cvm (read) ? "device" : "none"),
    .offline_authentication = (char *) "not-performed", .in_field_ms = in_field_ms,
  };

  if (body == NULL)
    return code;

  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  digest = tw_sha256_hex (body);
  sealed.sealed = text;
  sealed.digest = digest;
  if (tw_answer_card (serving, request, read, error))
    (void) tw_serving_send (serving, &sealed, error);
  return NULL;
}
