/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bus/client.h"

#include "app/base/error.h"

#define STATION_PATH    "/org/tapwatt/Station1"
#define STATION_IFACE   "org.tapwatt.Station1"
#define CONNECTOR_PATH  "/org/tapwatt/Connector1/%u"
#define CONNECTOR_IFACE "org.tapwatt.Connector1"
#define WAIT_MS 10000

struct _TwBusClient
{
  GDBusConnection *connection;
  GVariant        *station;      /* a{sv}; NULL before the first refresh */
  GPtrArray       *connectors;   /* of a{sv} */
  GArray          *prices;       /* of TwBusPrice, of the last connector asked for */
  GPtrArray       *price_rows;   /* GVariant: what their texts are in */
};

TwBusClient *
tw_bus_client_new (const char *address,
                   GError    **error)
{
  g_autoptr (GError) io = NULL;
  GDBusConnection *connection;
  TwBusClient *self;

  connection = address ? g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                                 | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                                   NULL, NULL, &io)
                       : g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &io);
  if (connection == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "no system bus: %s", io->message);
      return NULL;
    }
  self = g_new0 (TwBusClient, 1);
  self->connection = connection;
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  self->connectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->prices = g_array_new (FALSE, TRUE, sizeof (TwBusPrice));
  self->price_rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  return self;
}

void
tw_bus_client_free (TwBusClient *self)
{
  g_clear_pointer (&self->station, g_variant_unref);
  g_ptr_array_unref (self->connectors);
  g_array_unref (self->prices);
  g_ptr_array_unref (self->price_rows);
  g_object_unref (self->connection);
  g_free (self);
}

static GVariant *
call (TwBusClient *self,
      const char  *path,
      const char  *iface,
      const char  *method,
      GVariant    *parameters,
      const char  *type,
      GError     **error)
{
  g_autoptr (GError) remote = NULL;
  g_autofree char *name = NULL;
  GVariant *answer;

  answer = g_dbus_connection_call_sync (self->connection, STATION_IFACE, path, iface, method, parameters,
                                        G_VARIANT_TYPE (type),
                                        G_DBUS_CALL_FLAGS_NO_AUTO_START, WAIT_MS, NULL, &remote);
  if (answer != NULL)
    return answer;
  name = g_dbus_error_get_remote_error (remote);
  g_dbus_error_strip_remote_error (remote);
  if (g_strcmp0 (name, "org.tapwatt.Error.NotNow") == 0)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_REFUSED, remote->message);
  else
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "tapwattd does not answer on the bus: %s", remote->message);
  return NULL;
}

static GVariant *
get_all (TwBusClient *self,
         const char  *path,
         const char  *iface,
         GError     **error)
{
  g_autoptr (GVariant) answer = call (self, path, "org.freedesktop.DBus.Properties", "GetAll",
                                      g_variant_new ("(s)", iface),
                                      "(a{sv})", error);
  GVariant *properties = answer ? g_variant_get_child_value (answer, 0) : NULL;

  /* The first g_variant_lookup() would flatten it, and take away what was looked at before. */
  if (properties != NULL)
    g_variant_get_data (properties);
  return properties;
}

gboolean
tw_bus_client_refresh (TwBusClient *self,
                       GError     **error)
{
  g_autoptr (GVariant) paths = NULL;

  g_clear_pointer (&self->station, g_variant_unref);
  g_ptr_array_set_size (self->connectors, 0);
  self->station = get_all (self, STATION_PATH, STATION_IFACE, error);
  if (self->station == NULL)
    return FALSE;

  paths = g_variant_lookup_value (self->station, "Connectors", G_VARIANT_TYPE ("ao"));
  for (gsize i = 0; paths != NULL && i < g_variant_n_children (paths); i++)
    {
      const char *path;
      GVariant *connector;

      g_variant_get_child (paths, i, "&o", &path);
      connector = get_all (self, path, CONNECTOR_IFACE, error);
      if (connector == NULL)
        return FALSE;
      g_ptr_array_add (self->connectors, connector);
    }
  return TRUE;
}

/* Texts live inside the dictionary, which is kept. */
static const char *
text (GVariant   *dict,
      const char *key)
{
  const char *value = NULL;

  return g_variant_lookup (dict, key, "&s", &value) ? value : NULL;
}

static gint64
number (GVariant   *dict,
        const char *key)
{
  gint64 value = 0;
  guint32 small;
  gint32 signed_small;
  gboolean flag;

  if (g_variant_lookup (dict, key, "x", &value))
    return value;
  if (g_variant_lookup (dict, key, "u", &small))
    return small;
  if (g_variant_lookup (dict, key, "i", &signed_small))
    return signed_small;
  return g_variant_lookup (dict, key, "b", &flag) ? flag : 0;
}

TwBusStation
tw_bus_client_station (TwBusClient *self)
{
  return (TwBusStation) {
    .version = text (self->station, "Version"), .station_id = text (self->station, "StationId"),
    .name = text (self->station, "Name"),
    .helpline = text (self->station, "Helpline"), .test_mode = number (self->station, "TestMode") != 0,
    .n_connectors = self->connectors->len,
  };
}

TwBusCounter
tw_bus_client_counter (TwBusClient *self)
{
  g_autoptr (GVariant) pair = g_variant_lookup_value (self->station, "Counter", G_VARIANT_TYPE ("(sa{sv})"));
  g_autoptr (GVariant) dict = NULL;
  TwBusCounter counter = { .state = "welcome" };

  if (pair == NULL)
    return counter;
  g_variant_get_child (pair, 0, "&s", &counter.state);
  dict = g_variant_get_child_value (pair, 1);
  counter.session = text (dict, "session");
  counter.language = text (dict, "language");
  counter.currency = text (dict, "currency");
  counter.prompt = text (dict, "prompt");
  counter.qr = text (dict, "qr");
  counter.outcome = text (dict, "outcome");
  counter.closed_why = text (dict, "closed_why");
  counter.connector = (guint) number (dict, "connector");
  counter.hold_minor = number (dict, "hold_minor");
  counter.deadline_boot_us = number (dict, "deadline_boot_us");
  return counter;
}

static void
read_prices (TwBusClient *self,
             GVariant    *connector)
{
  g_autoptr (GVariant) prices = g_variant_lookup_value (connector, "Prices", G_VARIANT_TYPE ("a(ssssx)"));

  g_array_set_size (self->prices, 0);
  g_ptr_array_set_size (self->price_rows, 0);
  for (gsize i = 0; prices != NULL && i < g_variant_n_children (prices); i++)
    {
      GVariant *row = g_variant_get_child_value (prices, i);
      TwBusPrice price;

      g_ptr_array_add (self->price_rows, row);
      g_variant_get (row, "(&s&s&s&sx)", &price.kind, &price.price, &price.gross_price, &price.tax_percent,
                     &price.step);
      g_array_append_val (self->prices, price);
    }
}

TwBusConnector
tw_bus_client_connector (TwBusClient *self,
                         guint        i)
{
  GVariant *c = g_ptr_array_index (self->connectors, i);

  read_prices (self, c);
  return (TwBusConnector) {
    .number = (guint) number (c, "Number"), .evse_id = text (c, "EvseId"), .label = text (c, "Label"),
    .state = text (c, "State"),
    .car = text (c, "Car"), .fault = text (c, "Fault"), .session = text (c, "Session"),
    .last_session = text (c, "LastSession"), .money = text (c, "Money"),
    .currency = text (c, "Currency"), .tariff_hash = text (c, "TariffHash"),
    .power_wanted = number (c, "PowerWanted") != 0,
    .current_ma = (gint32) number (c, "CurrentMa"), .energy_wh = number (c, "EnergyWh"),
    .charging_ms = number (c, "ChargingMs"),
    .parking_ms = number (c, "ParkingMs"), .price_minor = number (c, "PriceMinor"),
    .hold_minor = number (c, "HoldMinor"),
    .deadline_boot_us = number (c, "DeadlineBootUs"), .prices = (const TwBusPrice *) self->prices->data,
    .n_prices = self->prices->len,
  };
}

guint
tw_bus_client_n_claims (TwBusClient *self)
{
  g_autoptr (GVariant) claims = g_variant_lookup_value (self->station, "OpenClaims", G_VARIANT_TYPE ("aa{sv}"));

  return claims ? (guint) g_variant_n_children (claims) : 0;
}

TwBusClaim
tw_bus_client_claim (TwBusClient *self,
                     guint        i)
{
  g_autoptr (GVariant) claims = g_variant_lookup_value (self->station, "OpenClaims", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) claim = g_variant_get_child_value (claims, i);

  return (TwBusClaim) {
    .session = text (claim, "session"), .request = text (claim, "request"), .wish = text (claim, "wish"),
    .currency = text (claim, "currency"), .outcome = text (claim, "outcome"),
    .amount_minor = number (claim, "amount_minor"),
    .next_boot_us = number (claim, "next_boot_us"), .attempts = (guint) number (claim, "attempts"),
  };
}

static gboolean
do_verb (TwBusClient *self,
         const char  *path,
         const char  *iface,
         const char  *method,
         GVariant    *parameters,
         GError     **error)
{
  g_autoptr (GVariant) answer = call (self, path, iface, method, parameters, "()", error);

  return answer != NULL;
}

gboolean
tw_bus_client_choose (TwBusClient *self,
                      guint        connector,
                      const char  *language,
                      GError     **error)
{
  return do_verb (self, STATION_PATH, STATION_IFACE, "Choose",
                  g_variant_new ("(us)", connector, language ? language : ""), error);
}

gboolean
tw_bus_client_accept (TwBusClient *self,
                      GError     **error)
{
  return do_verb (self, STATION_PATH, STATION_IFACE, "Accept", NULL, error);
}

gboolean
tw_bus_client_cancel (TwBusClient *self,
                      GError     **error)
{
  return do_verb (self, STATION_PATH, STATION_IFACE, "Cancel", NULL, error);
}

gboolean
tw_bus_client_stop (TwBusClient *self,
                    guint        connector,
                    GError     **error)
{
  g_autofree char *path = g_strdup_printf (CONNECTOR_PATH, connector);

  return do_verb (self, path, CONNECTOR_IFACE, "Stop", NULL, error);
}

gboolean
tw_bus_client_set_language (TwBusClient *self,
                            const char  *language,
                            GError     **error)
{
  return do_verb (self, STATION_PATH, STATION_IFACE, "SetLanguage", g_variant_new ("(s)", language), error);
}

char *
tw_bus_client_receipt (TwBusClient *self,
                       const char  *session,
                       const char  *format,
                       const char  *language,
                       GError     **error)
{
  g_autoptr (GVariant) answer = call (self, STATION_PATH, STATION_IFACE, "Receipt",
                                      g_variant_new ("(sss)", session, format, language), "(s)", error);
  char *receipt = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(s)", &receipt);
  return receipt;
}
