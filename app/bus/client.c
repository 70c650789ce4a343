/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bus/client.h"

#include "app/base/error.h"
#include "app/bus/names.h"
#include "app/bus/picture.h"

#define WAIT_MS 10000
#define PAYMENT_WAIT_MS 200000    /* three questions to a payment service, 60 s each at most */

struct _TwBusClient
{
  GDBusConnection *connection;
  TwPicture       *picture;
  GVariant        *answer;        /* whose texts somebody has; NULL: none */
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
  self->picture = tw_picture_new (NULL, NULL, 0);
  return self;
}

void
tw_bus_client_free (TwBusClient *self)
{
  tw_picture_free (self->picture);
  g_clear_pointer (&self->answer, g_variant_unref);
  g_object_unref (self->connection);
  g_free (self);
}

static GVariant *
call_within (TwBusClient *self,
             int          wait_ms,
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
                                        G_DBUS_CALL_FLAGS_NO_AUTO_START, wait_ms, NULL, &remote);
  if (answer != NULL)
    return answer;
  name = g_dbus_error_get_remote_error (remote);
  g_dbus_error_strip_remote_error (remote);
  if (g_strcmp0 (name, NOT_NOW) == 0 || g_strcmp0 (name, REFUSED) == 0)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_REFUSED, remote->message);
  else if (g_strcmp0 (name, UNUSABLE) == 0)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, remote->message);
  else
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "tapwattd does not answer on the bus: %s", remote->message);
  return NULL;
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
  return call_within (self, WAIT_MS, path, iface, method, parameters, type, error);
}

static GHashTable *
get_all (TwBusClient *self,
         const char  *path,
         const char  *iface,
         GError     **error)
{
  g_autoptr (GVariant) answer = call (self, path, "org.freedesktop.DBus.Properties", "GetAll",
                                      g_variant_new ("(s)", iface), "(a{sv})", error);
  g_autoptr (GVariant) dict = answer ? g_variant_get_child_value (answer, 0) : NULL;
  GHashTable *properties = dict ? tw_properties_new () : NULL;

  if (properties != NULL)
    tw_properties_merge (properties, dict);
  return properties;
}

gboolean
tw_bus_client_refresh (TwBusClient *self,
                       GError     **error)
{
  g_autoptr (GHashTable) station = get_all (self, STATION_PATH, STATION_IFACE, error);
  g_autoptr (GPtrArray) connectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_auto (GStrv) paths = station ? tw_properties_connectors (station) : NULL;

  for (guint i = 0; station != NULL && paths[i] != NULL; i++)
    {
      GHashTable *connector = get_all (self, paths[i], CONNECTOR_IFACE, error);

      if (connector == NULL)
        return FALSE;
      g_ptr_array_add (connectors, connector);
    }
  if (station == NULL)
    return FALSE;
  tw_picture_free (self->picture);
  self->picture = tw_picture_new (station, (GHashTable *const *) connectors->pdata, connectors->len);
  return TRUE;
}

TwBusStation
tw_bus_client_station (TwBusClient *self)
{
  return self->picture->station;
}

TwBusCounter
tw_bus_client_counter (TwBusClient *self)
{
  return self->picture->counter;
}

TwBusConnector
tw_bus_client_connector (TwBusClient *self,
                         guint        i)
{
  g_return_val_if_fail (i < TW_MAX_CONNECTORS, self->picture->connectors[0]);

  return self->picture->connectors[i];
}

guint
tw_bus_client_n_claims (TwBusClient *self)
{
  return self->picture->claims->len;
}

TwBusClaim
tw_bus_client_claim (TwBusClient *self,
                     guint        i)
{
  return g_array_index (self->picture->claims, TwBusClaim, i);
}

guint
tw_bus_client_n_tariffs (TwBusClient *self)
{
  return self->picture->tariffs->len;
}

TwBusTariff
tw_bus_client_tariff (TwBusClient *self,
                      guint        i)
{
  return g_array_index (self->picture->tariffs, TwBusTariff, i);
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
tw_bus_client_set_goal (TwBusClient *self,
                        const char  *kind,
                        gint64       value,
                        GError     **error)
{
  return do_verb (self, STATION_PATH, STATION_IFACE, "SetGoal", g_variant_new ("(sx)", kind, value), error);
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
tw_bus_client_dismiss (TwBusClient *self,
                       guint        connector,
                       GError     **error)
{
  g_autofree char *path = g_strdup_printf (CONNECTOR_PATH, connector);

  return do_verb (self, path, CONNECTOR_IFACE, "Dismiss", NULL, error);
}

gboolean
tw_bus_client_set_language (TwBusClient *self,
                            guint        connector,
                            const char  *language,
                            GError     **error)
{
  g_autofree char *path = g_strdup_printf (CONNECTOR_PATH, connector);

  return do_verb (self, connector ? path : STATION_PATH, connector ? CONNECTOR_IFACE : STATION_IFACE, "SetLanguage",
                  g_variant_new ("(s)", language), error);
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

gboolean
tw_bus_client_activate (TwBusClient           *self,
                        const TwBusActivation *activation,
                        GError               **error)
{
  return do_verb (self, STATION_PATH, STATION_IFACE, "ActivateTariff",
                  g_variant_new ("(ussb)", activation->connector, activation->tariff, activation->valid_from,
                                 activation->force), error);
}

gboolean
tw_bus_client_offers (TwBusClient            *self,
                      const TwBusOffersOrder *order,
                      GError                **error)
{
  GVariant *parameters = order->offers == NULL ? NULL : g_variant_new ("(sss)", order->offers, order->valid_from,
                                                                       order->valid_until);

  return do_verb (self, STATION_PATH, STATION_IFACE, parameters ? "ActivateOffers" : "WithdrawOffers", parameters,
                  error);
}

gboolean
tw_bus_client_repair (TwBusClient       *self,
                      const TwBusRepair *repair,
                      TwBusRepaired     *repaired,
                      GError           **error)
{
  GVariant *parameters = g_variant_new ("(ssxsss)", repair->session, repair->operation, repair->amount_minor,
                                        repair->currency, repair->case_, repair->by);

  g_clear_pointer (&self->answer, g_variant_unref);
  self->answer = call_within (self, PAYMENT_WAIT_MS, STATION_PATH, STATION_IFACE, "Repair", parameters, "(ssxssb)",
                                error);
  if (self->answer == NULL)
    return FALSE;
  g_variant_get (self->answer, "(&s&sx&s&sb)", &repaired->outcome, &repaired->operation, &repaired->amount_minor,
                 &repaired->key, &repaired->detail, &repaired->before);
  return TRUE;
}

gboolean
tw_bus_client_money (TwBusClient *self,
                     const char  *session,
                     TwBusMoney  *money,
                     GError     **error)
{
  g_clear_pointer (&self->answer, g_variant_unref);
  self->answer = call (self, STATION_PATH, STATION_IFACE, "SessionMoney", g_variant_new ("(s)", session), "(ssxxxx)",
                       error);
  if (self->answer == NULL)
    return FALSE;
  g_variant_get (self->answer, "(&s&sxxxx)", &money->money, &money->currency, &money->held_minor, &money->price_minor,
                 &money->captured_minor, &money->refunded_minor);
  return TRUE;
}
