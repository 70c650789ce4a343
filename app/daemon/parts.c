/* SPDX-License-Identifier: Apache-2.0 */
#include "app/daemon/parts.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "hw/port/port.h"
#include "hw/power/rapi.h"
#include "payment/acceptor/card.h"

#include <string.h>

#define HOLD_LIFE_HOURS 168   /* what schemes allow for an estimated authorization, roughly; only shown */

/* Lives behind TwParts: what the acceptor borrows. */
typedef struct
{
  TwParts    parts;
  GBytes    *secret;
  TwSealKey *service_key, *response_key;
} Owned;

static GBytes *
read_file (const char *path,
           const char *what,
           GError    **error)
{
  char *bytes;
  gsize len;
  g_autoptr (GError) io = NULL;

  if (g_file_get_contents (path, &bytes, &len, &io))
    return g_bytes_new_take (bytes, len);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: %s", what, io->message);
  return NULL;
}

/* The secret is base64, as the payment service hands it out. */
static gboolean
read_secret (Owned   *self,
             GError **error)
{
  const TwConfig *config = self->parts.config;
  g_autoptr (GBytes) file = read_file (config->shared_secret_file, "[gateway] shared_secret_file", error);
  g_autofree char *text = NULL;
  g_autofree guchar *secret = NULL;
  gsize len;

  if (file == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  secret = g_base64_decode (g_strstrip (text), &len);
  if (len < 16)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: not a shared secret: base64 of at least 16 bytes is "
                                                       "expected",
                   config->shared_secret_file);
      return FALSE;
    }
  self->secret = tw_secret_new (secret, len);
  tw_wipe (secret, len);
  tw_wipe (text, strlen (text));
  return TRUE;
}

static gboolean
read_keys (Owned   *self,
           GError **error)
{
  const TwConfig *config = self->parts.config;
  g_autoptr (GBytes) certificate = read_file (config->mle_certificate, "[gateway] mle_certificate", error);
  g_autoptr (GBytes) response = NULL;

  if (certificate == NULL)
    return FALSE;
  /* An expired one, or a clock that is years ahead, keeps new customers out (line.c); what is open has to be settled. */
  self->service_key = tw_seal_key_from_certificate (certificate, G_MININT64, error);
  if (self->service_key == NULL)
    {
      g_prefix_error (error, "%s: ", config->mle_certificate);
      return FALSE;
    }
  if (tw_seal_key_expiry_s (self->service_key) <= now_s (&self->parts))
    g_warning ("%s has expired, by this machine's clock: no card is taken. Look at the clock, and get a new certificate",
               config->mle_certificate);
  if (config->response_key == NULL)
    return TRUE;
  response = read_file (config->response_key, "[gateway] response_key", error);
  self->response_key = response ? tw_seal_key_from_private (response, error) : NULL;
  if (self->response_key == NULL)
    g_prefix_error (error, "%s: ", config->response_key);
  return self->response_key != NULL;
}

static gboolean
start_reader (Owned      *self,
              const char *program,
              const char *socket,
              const char *config_path,
              GError    **error)
{
  const TwConfig *config = self->parts.config;
  const char *argv[] = { program, "--config", config_path, NULL };
  TwReaderLinkOptions options = {
    .config = config, .argv = socket == NULL ? argv : NULL, .socket_path = socket, .clock = self->parts.clock,
    .key_id = self->service_key ? tw_seal_key_id (self->service_key) : NULL,
  };

  self->parts.link = tw_reader_link_new (&options, error);
  return self->parts.link != NULL;
}

static gboolean
make_acceptor (Owned   *self,
               GError **error)
{
  const TwConfig *config = self->parts.config;
  TwHttpOptions http = { .ca_file = config->gateway_ca_file, .connect_to = config->gateway_connect_to,
                         .connect_ms = 5000 };
  TwCardAcceptorOptions options = {
    .gateway_kind = config->gateway_kind, .host = config->gateway_host, .merchant_id = config->merchant_id,
    .key_id = config->key_id, .secret = self->secret, .service_key = self->service_key,
    .response_key = self->response_key,
    .response_key_id = config->response_key_id,
    .terminal = { .terminal_id = config->terminal_id, .solution_id = config->solution_id,
                  .comments = config->comments },
    .authorize_ms = config->authorize_timeout_s * 1000, .follow_up_ms = config->follow_up_timeout_s * 1000,
    .late_ms = (guint) config->late_ms, .hold_life_hours = HOLD_LIFE_HOURS, .test_mode = config->bank_cards_test,
    .off = !config->bank_cards_test,
  };

  self->parts.http = tw_http_new (&http, error);
  if (self->parts.http == NULL)
    return FALSE;
  self->parts.acceptor = tw_card_acceptor_new (tw_reader_link_card_link (self->parts.link), self->parts.http,
                                               self->parts.clock,
                                               &options);
  return TRUE;
}

static gboolean
open_payment (Owned      *self,
              const char *program,
              const char *socket,
              const char *config_path,
              GError    **error)
{
  const TwConfig *config = self->parts.config;

  if (config->reader_device == NULL)
    return TRUE;
  if (config->gateway_kind != NULL && (!read_secret (self, error) || !read_keys (self, error)))
    return FALSE;
  return start_reader (self, program, socket, config_path, error) && make_acceptor (self, error);
}

static TwTariff *
read_tariff (const TwConfig          *config,
             const TwConnectorConfig *connector,
             GError                 **error)
{
  g_autofree char *what = g_strdup_printf ("[connector %u] tariff", connector->number);
  g_autoptr (GBytes) bytes = read_file (connector->tariff, what, error);
  g_autoptr (TwTariff) tariff = bytes ? tw_tariff_parse (bytes, error) : NULL;

  if (tariff == NULL)
    {
      if (bytes != NULL)
        g_prefix_error (error, "%s: ", connector->tariff);
      return NULL;
    }
  if (!g_str_equal (tw_tariff_currency (tariff), config->currency))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: $.currency is %s, but the station sells in %s",
                   connector->tariff,
                   tw_tariff_currency (tariff), config->currency);
      return NULL;
    }
  return g_steal_pointer (&tariff);
}

static gboolean
open_connector (TwParts                 *self,
                const TwConnectorConfig *connector,
                TwConnectorParts        *parts,
                GError                 **error)
{
  g_autoptr (TwPortAddress) address = tw_port_address_parse (connector->power, "rapi", error);
  g_autoptr (TwRapi) rapi = NULL;
  TwRapiOptions options = {
    .clock = self->clock, .phases = connector->phases, .voltage_v = connector->voltage_v,
    .max_current_a = connector->max_current_a, .label = connector->label, .speed = address ? address->speed : 0,
  };

  *parts = (TwConnectorParts) { .config = connector };
  if (address == NULL)
    return FALSE;
  parts->tariff = read_tariff (self->config, connector, error);
  if (parts->tariff == NULL)
    return FALSE;
  rapi = tw_rapi_open (address->path, &options, error);
  if (rapi == NULL)
    {
      g_prefix_error (error, "[connector %u] power: ", connector->number);
      g_clear_pointer (&parts->tariff, tw_tariff_unref);
      return FALSE;
    }
  parts->power = tw_rapi_power (rapi);
  parts->meter = tw_rapi_meter (rapi);
  return TRUE;
}

static void
close_connector (TwConnectorParts *parts)
{
  tw_power_free (parts->power);
  tw_meter_free (parts->meter);
  tw_tariff_unref (parts->tariff);
}

static gboolean
open_connectors (TwParts *self,
                 GError **error)
{
  TwConnectorParts parts[TW_MAX_CONNECTORS];
  guint n = self->config->n_connectors;

  for (guint i = 0; i < n; i++)
    if (!open_connector (self, &self->config->connectors[i], &parts[i], error))
      {
        while (i-- > 0)
          close_connector (&parts[i]);
        return FALSE;
      }
  self->station = tw_station_new (self->config, self->clock, self->journal, self->acceptor, parts, n);
  return TRUE;
}

static gboolean
open_journal (TwParts *self,
              GError **error)
{
  TwJournalOptions options = { .station_id = self->config->station_id,
                               .reserve_kib = self->config->journal_reserve_kib };

  self->journal = tw_journal_open (self->config->journal_dir, &options, error);
  return self->journal != NULL;
}

TwParts *
tw_parts_new (const char *config_path,
              const char *reader_program,
              const char *reader_socket,
              GError    **error)
{
  Owned *self = g_new0 (Owned, 1);

  self->parts.config = tw_config_load (config_path, error);
  if (self->parts.config != NULL)
    {
      self->parts.clock = tw_clock_new_system (self->parts.config->trust_clock);
      if (open_journal (&self->parts, error)
          && open_payment (self, reader_program, reader_socket, config_path, error)
          && open_connectors (&self->parts, error))
        return &self->parts;
    }
  tw_parts_free (&self->parts);
  return NULL;
}

/* The station first, so that nothing it borrowed is gone before it. */
void
tw_parts_free (TwParts *self)
{
  Owned *owned = (Owned *) self;

  g_clear_pointer (&self->station, tw_station_free);
  g_clear_pointer (&self->acceptor, tw_acceptor_free);
  g_clear_pointer (&self->link, tw_reader_link_free);
  g_clear_pointer (&self->http, tw_http_free);
  g_clear_pointer (&self->journal, tw_journal_free);
  g_clear_pointer (&self->clock, tw_clock_free);
  g_clear_pointer (&self->config, tw_config_free);
  g_clear_pointer (&owned->secret, g_bytes_unref);
  g_clear_pointer (&owned->service_key, tw_seal_key_free);
  g_clear_pointer (&owned->response_key, tw_seal_key_free);
  g_free (owned);
}
