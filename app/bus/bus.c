/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bus/bus.h"

#include "app/base/error.h"
#include "app/base/log.h"
#include "app/bus/names.h"
#include "app/bus/orders.h"
#include "app/bus/values.h"

#include <string.h>

#define RESOURCE        "/org/tapwatt/bus/org.tapwatt.Station1.xml"

/* One exported object: its properties as they were last said. */
typedef struct
{
  TwBus      *bus;
  char       *path;
  const char *iface;
  guint       number;      /* of the connector; 0: the station */
  guint       registration;
  GHashTable *properties;  /* name -> GVariant */
} Object;

struct _TwBus
{
  GDBusConnection  *connection;
  GDBusNodeInfo    *info;
  const TwBusVerbs *verbs;
  gpointer          user_data;
  GPtrArray        *objects;   /* the station, then the connectors */
  guint             name;
  void            (*told) (gboolean owned, gpointer user_data);
  gpointer          told_data;
};

static void
object_free (gpointer data)
{
  Object *self = data;

  if (self->registration != 0)
    g_dbus_connection_unregister_object (self->bus->connection, self->registration);
  g_hash_table_unref (self->properties);
  g_free (self->path);
  g_free (self);
}

static gboolean
is_code (const char *text)
{
  gsize len = strlen (text);

  return len > 0 && len <= 40 && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* Screens have words for codes only, and a sentence may name files. */
static const char *
code_of (const GError *error)
{
  if (error == NULL)
    return "not-now";
  if (is_code (error->message))
    return error->message;
  tw_log_info ("a caller was refused: %s", error->message);
  return "failed";
}

/* error: where what was done left it; C does not say which of a call's arguments is looked at first. */
static void
answer (GDBusMethodInvocation *invocation,
        gboolean               done,
        GError               **error)
{
  if (done)
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_dbus_error (invocation, NOT_NOW, code_of (*error));
}

static void
answer_goal (TwBus                 *bus,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation)
{
  const char *kind;
  gint64 value;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(&sx)", &kind, &value);
  answer (invocation, bus->verbs->set_goal (kind, value, bus->user_data, &error), &error);
}

static void
answer_receipt (TwBus                 *bus,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  const char *session, *format, *language;
  g_autofree char *receipt = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameters, "(&s&s&s)", &session, &format, &language);
  receipt = bus->verbs->receipt (session, format, language, bus->user_data, &error);
  if (receipt != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", receipt));
  else
    answer (invocation, FALSE, &error);
}

static void
on_call (GDBusConnection       *connection,
         const char            *sender,
         const char            *path,
         const char            *iface,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  Object *object = user_data;
  TwBus *bus = object->bus;
  const TwBusVerbs *verbs = bus->verbs;
  g_autoptr (GError) error = NULL;
  const char *language = "";
  guint connector;

  if (g_str_equal (method, "Choose"))
    {
      g_variant_get (parameters, "(u&s)", &connector, &language);
      answer (invocation, verbs->choose (connector, language, bus->user_data, &error), &error);
    }
  else if (g_str_equal (method, "Accept"))
    answer (invocation, verbs->accept (bus->user_data, &error), &error);
  else if (g_str_equal (method, "Cancel"))
    {
      verbs->cancel (bus->user_data);
      answer (invocation, TRUE, &error);
    }
  else if (g_str_equal (method, "Touched"))
    {
      verbs->touched (bus->user_data);
      answer (invocation, TRUE, &error);
    }
  else if (g_str_equal (method, "SetLanguage"))
    {
      g_variant_get (parameters, "(&s)", &language);
      answer (invocation, verbs->set_language (object->number, language, bus->user_data, &error), &error);
    }
  else if (g_str_equal (method, "Dismiss"))
    {
      verbs->dismiss (object->number, bus->user_data);
      answer (invocation, TRUE, &error);
    }
  else if (g_str_equal (method, "ActivateTariff"))
    tw_order_activate (verbs, bus->user_data, parameters, invocation);
  else if (g_str_equal (method, "ActivateOffers") || g_str_equal (method, "WithdrawOffers"))
    tw_order_offers (verbs, bus->user_data, parameters, invocation);
  else if (g_str_equal (method, "SessionMoney"))
    tw_order_money (verbs, bus->user_data, parameters, invocation);
  else if (g_str_equal (method, "Repair"))
    tw_order_repair (verbs, bus->user_data, parameters, invocation);
  else if (g_str_equal (method, "SetGoal"))
    answer_goal (bus, parameters, invocation);
  else if (g_str_equal (method, "Receipt"))
    answer_receipt (bus, parameters, invocation);
  else
    answer (invocation, verbs->stop (object->number, bus->user_data, &error), &error);
}

static GVariant *
on_get (GDBusConnection *connection,
        const char      *sender,
        const char      *path,
        const char      *iface,
        const char      *property,
        GError         **error,
        gpointer         user_data)
{
  Object *object = user_data;
  GVariant *value = g_hash_table_lookup (object->properties, property);

  if (value == NULL)
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_FAILED, "%s is not known yet", property);
  return value ? g_variant_ref (value) : NULL;
}

static Object *
export (TwBus      *self,
        char       *path,
        const char *iface,
        guint       number,
        GError    **error)
{
  static const GDBusInterfaceVTable vtable = { on_call, on_get, NULL, { 0 } };
  Object *object = g_new0 (Object, 1);

  object->bus = self;
  object->path = path;
  object->iface = iface;
  object->number = number;
  object->properties = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_variant_unref);
  g_ptr_array_add (self->objects, object);
  object->registration = g_dbus_connection_register_object (self->connection, path,
                                                            g_dbus_node_info_lookup_interface (self->info, iface),
                                                              &vtable,
                                                            object, NULL, error);
  return object->registration != 0 ? object : NULL;
}

/* value is sunk; name is static. Changes are gathered in changed, which may be NULL. */
static void
set (Object          *object,
     GVariantBuilder *changed,
     const char      *name,
     GVariant        *value)
{
  GVariant *before = g_hash_table_lookup (object->properties, name);

  g_variant_ref_sink (value);
  if (before != NULL && g_variant_equal (before, value))
    {
      g_variant_unref (value);
      return;
    }
  g_hash_table_insert (object->properties, (char *) name, value);
  if (changed != NULL)
    g_variant_builder_add (changed, "{sv}", name, value);
}

static void
announce (Object          *object,
          GVariantBuilder *changed)
{
  g_autoptr (GVariant) properties = g_variant_ref_sink (g_variant_builder_end (changed));

  if (g_variant_n_children (properties) == 0)
    return;
  g_dbus_connection_emit_signal (object->bus->connection, NULL, object->path, "org.freedesktop.DBus.Properties",
                                 "PropertiesChanged", g_variant_new ("(s@a{sv}as)", object->iface, properties, NULL),
                                   NULL);
}

static void
set_station (Object             *object,
             const TwBusStation *station)
{
  set (object, NULL, "Version", g_variant_new_string (station->version));
  set (object, NULL, "StationId", g_variant_new_string (station->station_id));
  set (object, NULL, "Name", g_variant_new_string (station->name));
  set (object, NULL, "Helpline", tw_value_text (station->helpline));
  set (object, NULL, "TestMode", g_variant_new_boolean (station->test_mode));
  set (object, NULL, "Connectors", tw_value_paths (station->n_connectors));
  set (object, NULL, "OpenClaims", g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  set (object, NULL, "Tariffs", g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  set (object, NULL, "Offers", g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
}

TwBus *
tw_bus_new (const TwBusStation *station,
            const TwBusVerbs   *verbs,
            gpointer            user_data,
            GError            **error)
{
  g_autoptr (TwBus) self = g_new0 (TwBus, 1);
  g_autoptr (GBytes) xml = g_resources_lookup_data (RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GError) io = NULL;
  Object *object;

  self->objects = g_ptr_array_new_with_free_func (object_free);
  self->connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &io);
  if (self->connection == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "no system bus: %s", io->message);
      return NULL;
    }
  self->verbs = verbs;
  self->user_data = user_data;
  self->info = xml ? g_dbus_node_info_new_for_xml (g_bytes_get_data (xml, NULL), error) : NULL;
  if (self->info == NULL)
    return NULL;

  object = export (self, g_strdup (STATION_PATH), STATION_IFACE, 0, error);
  if (object == NULL)
    return NULL;
  set_station (object, station);
  for (guint i = 0; i < station->n_connectors; i++)
    if (export (self, g_strdup_printf (CONNECTOR_PATH, i + 1), CONNECTOR_IFACE, i + 1, error) == NULL)
      return NULL;

  return g_steal_pointer (&self);
}

static void
on_acquired (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  TwBus *self = user_data;

  self->told (TRUE, self->told_data);
}

static void
on_lost (GDBusConnection *connection,
         const char      *name,
         gpointer         user_data)
{
  TwBus *self = user_data;

  self->told (FALSE, self->told_data);
}

void
tw_bus_own_name (TwBus    *self,
                 void    (*told) (gboolean owned, gpointer user_data),
                 gpointer  user_data)
{
  self->told = told;
  self->told_data = user_data;
  self->name = g_bus_own_name_on_connection (self->connection, STATION_IFACE, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                             on_acquired, on_lost, self, NULL);
}

void
tw_bus_free (TwBus *self)
{
  if (self->name != 0)
    g_bus_unown_name (self->name);
  g_ptr_array_unref (self->objects);
  g_clear_pointer (&self->info, g_dbus_node_info_unref);
  g_clear_object (&self->connection);
  g_free (self);
}

void
tw_bus_set_counter (TwBus              *self,
                    const TwBusCounter *counter)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  set (self->objects->pdata[0], &changed, "Counter", tw_value_counter (counter));
  announce (self->objects->pdata[0], &changed);
}

void
tw_bus_set_connector (TwBus                *self,
                      guint                 i,
                      const TwBusConnector *connector)
{
  Object *object = self->objects->pdata[i + 1];
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  set (object, &changed, "Number", g_variant_new_uint32 (connector->number));
  set (object, &changed, "EvseId", tw_value_text (connector->evse_id));
  set (object, &changed, "Label", tw_value_text (connector->label));
  set (object, &changed, "State", tw_value_text (connector->state));
  set (object, &changed, "Car", tw_value_text (connector->car));
  set (object, &changed, "Fault", tw_value_text (connector->fault));
  set (object, &changed, "PowerWanted", g_variant_new_boolean (connector->power_wanted));
  set (object, &changed, "CurrentMa", g_variant_new_int32 (connector->current_ma));
  set (object, &changed, "Session", tw_value_text (connector->session));
  set (object, &changed, "LastSession", tw_value_text (connector->last_session));
  set (object, &changed, "EnergyWh", g_variant_new_int64 (connector->energy_wh));
  set (object, &changed, "ChargingMs", g_variant_new_int64 (connector->charging_ms));
  set (object, &changed, "ParkingMs", g_variant_new_int64 (connector->parking_ms));
  set (object, &changed, "PriceMinor", g_variant_new_int64 (connector->price_minor));
  set (object, &changed, "HoldMinor", g_variant_new_int64 (connector->hold_minor));
  set (object, &changed, "Goal", tw_value_goal (&connector->goal));
  set (object, &changed, "Granted", tw_value_grant (&connector->granted));
  set (object, &changed, "Money", tw_value_text (connector->money));
  set (object, &changed, "DeadlineBootUs", g_variant_new_int64 (connector->deadline_boot_us));
  set (object, &changed, "Currency", tw_value_text (connector->currency));
  set (object, &changed, "TariffHash", tw_value_text (connector->tariff_hash));
  set (object, &changed, "Prices", tw_value_prices (connector->prices, connector->n_prices));
  set (object, &changed, "LaterPrices", tw_value_prices (connector->later_prices, connector->n_later_prices));
  set (object, &changed, "CurrentPrices", tw_value_prices (connector->current_prices, connector->n_current_prices));
  set (object, &changed, "ClosedWhy", tw_value_text (connector->closed_why));
  set (object, &changed, "TariffRefused", tw_value_text (connector->tariff_refused));
  set (object, &changed, "MinPrice", tw_value_text (connector->min_price));
  set (object, &changed, "MaxPrice", tw_value_text (connector->max_price));
  set (object, &changed, "OfferHoldMinor", g_variant_new_int64 (connector->offer_hold_minor));
  set (object, &changed, "Example", tw_value_example (connector));
  set (object, &changed, "NextPrice", tw_value_next (&connector->next));
  set (object, &changed, "IdlePrice", tw_value_next (&connector->idle));
  set (object, &changed, "Language", tw_value_text (connector->language));
  set (object, &changed, "PowerW", g_variant_new_int64 (connector->power_w));
  set (object, &changed, "ReceiptUntilBootUs", g_variant_new_int64 (connector->receipt_until_boot_us));
  announce (object, &changed);
}

void
tw_bus_set_claims (TwBus            *self,
                   const TwBusClaim *claims,
                   guint             n_claims)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  set (self->objects->pdata[0], &changed, "OpenClaims", tw_value_claims (claims, n_claims));
  announce (self->objects->pdata[0], &changed);
}

void
tw_bus_set_tariffs (TwBus             *self,
                    const TwBusTariff *tariffs,
                    guint              n_tariffs)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  set (self->objects->pdata[0], &changed, "Tariffs", tw_value_tariffs (tariffs, n_tariffs));
  announce (self->objects->pdata[0], &changed);
}

void
tw_bus_set_offers (TwBus            *self,
                   const TwBusOffer *offers,
                   guint             n_offers)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  set (self->objects->pdata[0], &changed, "Offers", tw_value_offers (offers, n_offers));
  announce (self->objects->pdata[0], &changed);
}
