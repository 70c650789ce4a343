/* SPDX-License-Identifier: Apache-2.0 */
#include "app/daemon/parts.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/log.h"
#include "app/base/small-file.h"
#include "hw/port/port.h"
#include "hw/power/rapi.h"
#include "payment/acceptor/card.h"
#include "payment/tariff/lint.h"

#include <string.h>

#define HOLD_LIFE_HOURS 168   /* what schemes allow for an estimated authorization, roughly; only shown */
#define LARGEST_KEY (64 * 1024)

/* Lives behind TwParts: what the acceptor borrows, and what becomes the station's. */
typedef struct
{
  TwParts          parts;
  GBytes          *secret;
  TwSealKey       *service_key, *response_key;
  TwConnectorParts connectors[TW_MAX_CONNECTORS];
  guint            n_connectors;
} Owned;

static GBytes *
read_file (const char *path,
           gsize       largest,
           const char *what,
           GError    **error)
{
  g_autoptr (GError) why = NULL;
  GBytes *bytes = tw_small_file_read (path, largest, &why);

  if (bytes == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s = %s: %s", what, path, why->message);
  return bytes;
}

/* The secret is base64, as the payment service hands it out. */
static gboolean
read_secret (Owned   *self,
             GError **error)
{
  const TwConfig *config = self->parts.config;
  g_autoptr (GBytes) file = read_file (config->shared_secret_file, LARGEST_KEY, "[gateway] shared_secret_file",
                                       error);
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
  g_autoptr (GBytes) certificate = read_file (config->mle_certificate, LARGEST_KEY, "[gateway] mle_certificate", error);
  g_autoptr (GBytes) response = NULL;

  if (certificate == NULL)
    return FALSE;
  /* An expired one, or a clock that is years ahead, keeps new customers out (line.c); what is open has to be
   * settled. */
  self->service_key = tw_seal_key_from_certificate (certificate, G_MININT64, error);
  if (self->service_key == NULL)
    {
      g_prefix_error (error, "%s: ", config->mle_certificate);
      return FALSE;
    }
  if (tw_seal_key_expiry_s (self->service_key) <= tw_clock_now (self->parts.clock).wall_us / G_USEC_PER_SEC)
    g_warning ("%s has expired, by this machine's clock: no card is taken. Look at the clock, and get a new "
               "certificate", config->mle_certificate);
  if (config->response_key == NULL)
    return TRUE;
  response = read_file (config->response_key, LARGEST_KEY, "[gateway] response_key", error);
  if (response == NULL)
    return FALSE;
  self->response_key = tw_seal_key_from_private (response, error);
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
    /* A reader that takes no bank cards has no key to seal with, and would not know this one. */
    .key_id = config->bank_cards_test ? tw_seal_key_id (self->service_key) : NULL,
  };

  self->parts.link = tw_reader_link_new (&options, error);
  return self->parts.link != NULL;
}

static gboolean
open_http (TwParts *self,
           GError **error)
{
  const TwConfig *config = self->config;
  TwHttpOptions options = { .ca_file = config->gateway_ca_file, .connect_to = config->gateway_connect_to,
                            .connect_ms = 5000 };

  self->http = tw_http_new (&options, error);
  return self->http != NULL;
}

static void
make_acceptor (Owned *self)
{
  const TwConfig *config = self->parts.config;
  TwCardAcceptorOptions options = {
    .gateway_kind = config->gateway_kind, .host = config->gateway_host, .merchant_id = config->merchant_id,
    .key_id = config->key_id, .secret = self->secret, .service_key = self->service_key,
    .response_key = self->response_key, .response_key_id = config->response_key_id,
    .terminal = { .terminal_id = config->terminal_id, .solution_id = config->solution_id,
                  .comments = config->comments },
    .authorize_ms = config->authorize_timeout_s * 1000, .follow_up_ms = config->follow_up_timeout_s * 1000,
    .late_ms = (guint) config->late_ms, .hold_life_hours = HOLD_LIFE_HOURS, .test_mode = config->bank_cards_test,
    .off = !config->bank_cards_test,
  };

  self->parts.acceptor = tw_card_acceptor_new (tw_reader_link_card_link (self->parts.link), self->parts.http,
                                               self->parts.clock, &options);
}

/* The reader opens its port itself, again and again: here only what can never become one is refused. */
static gboolean
read_payment (Owned   *self,
              GError **error)
{
  const TwConfig *config = self->parts.config;
  g_autoptr (TwPortAddress) address = NULL;

  if (config->reader_device == NULL)
    return TRUE;
  address = tw_port_address_parse (config->reader_device, "pn532", error);
  if (address == NULL || !tw_port_may_be_at (address->path, error))
    {
      g_prefix_error (error, "[reader] device: ");
      return FALSE;
    }
  return config->gateway_kind == NULL || (read_secret (self, error) && read_keys (self, error));
}

static TwTariff *
read_tariff (const TwConfig          *config,
             const TwConnectorConfig *connector,
             GError                 **error)
{
  g_autofree char *what = g_strdup_printf ("[connector %u] tariff", connector->number);
  g_autoptr (GBytes) bytes = read_file (connector->tariff, TW_TARIFF_MAX_BYTES, what, error);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (config->time_zone);   /* checked when it was read */
  g_autoptr (TwTariff) tariff = bytes ? tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, error) : NULL;

  if (tariff == NULL)
    {
      if (bytes != NULL)
        g_prefix_error (error, "%s: ", connector->tariff);
      return NULL;
    }
  if (!g_str_equal (tw_tariff_currency (tariff), config->currency))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: $.currency is %s, but [connector %u] sells in %s, the "
                   "station's currency", connector->tariff, tw_tariff_currency (tariff), connector->number,
                   config->currency);
      return NULL;
    }
  return g_steal_pointer (&tariff);
}

/* What [station] tariff_profile does not allow to be activated is not put in force by a file either. */
static gboolean
keeps_rules (const TwConfig          *config,
             const TwConnectorConfig *connector,
             const TwTariff          *tariff,
             GError                 **error)
{
  TwSite site = tw_site_of_config (config, connector->number);
  TwLintOrder order = { TW_PROFILE_NONE, &site };
  g_autofree char *breaches = NULL;

  tw_profile_parse (config->tariff_profile, &order.profile);   /* checked when it was read */
  breaches = tw_tariff_breaches (tariff, order, TRUE);
  if (breaches != NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "%s breaks the rules of [station] tariff_profile = %s: %s",
                 connector->tariff, config->tariff_profile, breaches);
  return breaches == NULL;
}

/* A file that cannot be sold must not keep the station from settling what is open, nor from selling elsewhere: the
 * tariff before it stays in force, and the operator reads why. */
static void
read_tariffs (Owned *self)
{
  const TwConfig *config = self->parts.config;

  for (guint i = 0; i < config->n_connectors; i++)
    {
      TwConnectorParts *parts = &self->connectors[self->n_connectors++];
      g_autoptr (GError) error = NULL;
      g_autoptr (TwTariff) tariff = NULL;

      parts->config = &config->connectors[i];
      tariff = read_tariff (config, parts->config, &error);
      if (tariff != NULL && keeps_rules (config, parts->config, tariff, &error))
        {
          parts->tariff = g_steal_pointer (&tariff);
          continue;
        }
      parts->refusal = g_strdup (error->message);
      tw_log_warning ("connector %u: %s; the tariff before it stays in force, if there is one: put the file right and "
                      "restart, or activate another (tapwatt tariff activate)", parts->config->number, error->message);
    }
}

static gboolean
open_connector (TwParts          *self,
                TwConnectorParts *parts,
                GError          **error)
{
  const TwConnectorConfig *connector = parts->config;
  g_autoptr (TwPortAddress) address = tw_port_address_parse (connector->power, "rapi", error);
  g_autoptr (TwRapi) rapi = NULL;
  TwRapiOptions options = {
    .clock = self->clock, .phases = connector->phases, .voltage_v = connector->voltage_v,
    .max_current_a = connector->max_current_a, .label = connector->label, .speed = address ? address->speed : 0,
  };

  rapi = address ? tw_rapi_open (address->path, &options, error) : NULL;
  if (rapi == NULL)
    {
      g_prefix_error (error, "[connector %u] power: ", connector->number);
      return FALSE;
    }
  parts->power = tw_rapi_power (rapi);
  parts->meter = tw_rapi_meter (rapi);
  return TRUE;
}

static gboolean
open_connectors (Owned   *self,
                 GError **error)
{
  for (guint i = 0; i < self->n_connectors; i++)
    if (!open_connector (&self->parts, &self->connectors[i], error))
      return FALSE;
  return TRUE;
}

static void
close_connectors (Owned *self)
{
  for (; self->n_connectors > 0; self->n_connectors--)
    {
      TwConnectorParts *parts = &self->connectors[self->n_connectors - 1];

      g_clear_pointer (&parts->power, tw_power_free);
      g_clear_pointer (&parts->meter, tw_meter_free);
      g_clear_pointer (&parts->tariff, tw_tariff_unref);
      g_clear_pointer (&parts->refusal, g_free);
    }
}

static gboolean
open_journal (TwParts *self,
              GError **error)
{
  TwJournalOptions options = { .station_id = self->config->station_id,
                               .reserve_kib = self->config->journal_reserve_kib };

  self->journal = tw_journal_open (self->config->journal_dir, &options, error);
  if (self->journal == NULL || self->config->metrics_listen == NULL)
    return self->journal != NULL;
  self->metrics = tw_metrics_new (self->config, self->clock);
  self->journal = tw_metrics_journal (self->metrics, self->journal);
  return TRUE;
}

static void
make_station (Owned *self)
{
  TwParts *parts = &self->parts;

  parts->station = tw_station_new (parts->config, parts->clock, parts->journal, parts->acceptor, self->connectors,
                                   self->n_connectors);
  self->n_connectors = 0;   /* theirs now */
}

/* What is only read comes first, so that nothing was touched if it is wrong; then what is taken, the journal before
 * the ports, because a second station is best told by that; and the reader's process at last. */
static gboolean
open_all (Owned      *self,
          const char *config_path,
          const char *reader_program,
          const char *reader_socket,
          GError    **error)
{
  gboolean sells = self->parts.config->reader_device != NULL;

  if (!read_payment (self, error) || (sells && !open_http (&self->parts, error)))
    return FALSE;
  read_tariffs (self);
  if (!open_journal (&self->parts, error) || !open_connectors (self, error))
    return FALSE;
  if (sells && !start_reader (self, reader_program, reader_socket, config_path, error))
    return FALSE;
  if (sells)
    make_acceptor (self);
  make_station (self);
  return TRUE;
}

TwParts *
tw_parts_new (const char *config_path,
              const char *reader_program,
              const char *reader_socket,
              GError    **error)
{
  Owned *self = g_new0 (Owned, 1);
  g_autoptr (GError) why = NULL;

  self->parts.config = tw_config_load (config_path, &why);
  if (self->parts.config == NULL)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, why->message);   /* also when it is not there */
  else
    {
      self->parts.clock = tw_clock_new_system (self->parts.config->trust_clock);
      if (open_all (self, config_path, reader_program, reader_socket, error))
        return &self->parts;
    }
  tw_parts_free (&self->parts);
  return NULL;
}

static gboolean
reader_is_up (gpointer data)
{
  return tw_reader_link_device (data) != NULL;
}

void
tw_parts_tell (TwParts *self)
{
  if (self->metrics != NULL)
    tw_metrics_open (self->metrics, self->station, self->journal, self->link ? reader_is_up : NULL, self->link);
}

/* The station first, so that nothing it borrowed is gone before it; before it only who looks at it. */
void
tw_parts_free (TwParts *self)
{
  Owned *owned = (Owned *) self;

  if (self->metrics != NULL)
    tw_metrics_close (self->metrics);
  g_clear_pointer (&self->station, tw_station_free);
  g_clear_pointer (&self->acceptor, tw_acceptor_free);
  g_clear_pointer (&self->link, tw_reader_link_free);
  g_clear_pointer (&self->http, tw_http_free);
  close_connectors (owned);
  g_clear_pointer (&self->journal, tw_journal_free);
  g_clear_pointer (&self->metrics, tw_metrics_free);
  g_clear_pointer (&self->clock, tw_clock_free);
  g_clear_pointer (&self->config, tw_config_free);
  g_clear_pointer (&owned->secret, g_bytes_unref);
  g_clear_pointer (&owned->service_key, tw_seal_key_free);
  g_clear_pointer (&owned->response_key, tw_seal_key_free);
  g_free (owned);
}
