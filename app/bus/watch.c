/* SPDX-License-Identifier: Apache-2.0 */
/* Bus, then name, then all properties, then their changes; from each of these back to the beginning. What came is kept
 * as it came, and becomes one picture whenever the main loop has nothing more urgent. */
#include "app/bus/watch-inside.h"

#include "app/base/log.h"
#include "app/bus/names.h"

#define RETRY_MS 1000

/* One question to the bus; an answer after its cancellation is nobody's. */
typedef struct
{
  TwBusWatch   *watch;
  guint         index;         /* of the connector */
  GCancellable *cancellable;
} Loading;

static void find_bus (TwBusWatch *self);
static void load (TwBusWatch *self);

static Loading *
loading_new (TwBusWatch   *self,
             guint         index,
             GCancellable *cancellable)
{
  Loading *loading = g_new0 (Loading, 1);

  *loading = (Loading) { self, index, g_object_ref (cancellable) };
  return loading;
}

static void
loading_free (Loading *loading)
{
  g_object_unref (loading->cancellable);
  g_free (loading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

static gboolean
on_announce (gpointer user_data)
{
  TwBusWatch *self = user_data;
  GHashTable *station = self->present ? self->station : NULL;

  self->announce = 0;
  tw_picture_free (self->picture);
  self->picture = tw_picture_new (station, (GHashTable *const *) self->connectors->pdata, self->connectors->len);
  self->shown = self->present;
  self->changed (self->user_data);
  return G_SOURCE_REMOVE;
}

/* After all messages that are there already, and before the next frame is drawn. */
static void
announce (TwBusWatch *self)
{
  if (self->announce == 0)
    self->announce = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_announce, self, NULL);
}

static gboolean
on_retry (gpointer user_data)
{
  TwBusWatch *self = user_data;

  self->retry = 0;
  if (self->connection == NULL)
    find_bus (self);
  else if (self->owner != NULL)
    load (self);
  return G_SOURCE_REMOVE;
}

static void
try_again_soon (TwBusWatch *self)
{
  if (self->retry == 0)
    self->retry = g_timeout_add (RETRY_MS, on_retry, self);
}

/* What is still on its way is not listened to any more. */
static void
forget_station (TwBusWatch *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_handle_id (&self->retry, g_source_remove);
  if (self->signals != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->signals);
  self->signals = 0;
  g_clear_pointer (&self->owner, g_free);
  g_clear_pointer (&self->station, g_hash_table_unref);
  g_ptr_array_set_size (self->connectors, 0);
  g_strfreev (g_steal_pointer (&self->paths));
  if (self->present)
    announce (self);
  self->present = FALSE;
}

static void
give_up_loading (TwBusWatch   *self,
                 const GError *error)
{
  tw_log_debug ("the station does not tell its state: %s", error->message);
  try_again_soon (self);
}

/* A station without connectors is one, too. */
static void
look_whether_complete (TwBusWatch *self)
{
  for (guint i = 0; i < self->connectors->len; i++)
    if (self->connectors->pdata[i] == NULL)
      return;
  self->present = TRUE;
  announce (self);
}

/* NULL: it failed, and was said, or it is nobody's any more. */
static GVariant *
finish_get_all (GObject       *connection,
                GAsyncResult  *result,
                Loading  *loading,
                TwBusWatch   **self)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);

  *self = g_cancellable_is_cancelled (loading->cancellable) ? NULL : loading->watch;
  if (*self == NULL)
    g_clear_pointer (&answer, g_variant_unref);
  else if (answer == NULL)
    give_up_loading (*self, error);
  return answer;
}

static void
get_all (TwBusWatch          *self,
         const char          *path,
         const char          *iface,
         guint                index,
         GAsyncReadyCallback  done)
{
  g_dbus_connection_call (self->connection, self->owner, path, "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", iface), G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          TW_BUS_WAIT_MS, self->loading, done, loading_new (self, index, self->loading));
}

static void
on_connector (GObject      *connection,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Loading) loading = user_data;
  TwBusWatch *self;
  g_autoptr (GVariant) answer = finish_get_all (connection, result, loading, &self);
  g_autoptr (GVariant) properties = NULL;
  GHashTable *connector;

  if (answer == NULL)
    return;
  connector = tw_properties_new ();
  properties = g_variant_get_child_value (answer, 0);
  tw_properties_merge (connector, properties);
  self->connectors->pdata[loading->index] = connector;
  look_whether_complete (self);
}

static void
on_station (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Loading) loading = user_data;
  TwBusWatch *self;
  g_autoptr (GVariant) answer = finish_get_all (connection, result, loading, &self);
  g_autoptr (GVariant) properties = NULL;
  guint n;

  if (answer == NULL)
    return;
  self->station = tw_properties_new ();
  properties = g_variant_get_child_value (answer, 0);
  tw_properties_merge (self->station, properties);
  self->paths = tw_properties_connectors (self->station);
  n = g_strv_length (self->paths);
  g_ptr_array_set_size (self->connectors, (int) n);
  for (guint i = 0; i < n; i++)
    get_all (self, self->paths[i], CONNECTOR_IFACE, i, on_connector);
  look_whether_complete (self);
}

static void
load (TwBusWatch *self)
{
  g_cancellable_cancel (self->loading);
  g_object_unref (self->loading);
  self->loading = g_cancellable_new ();
  g_clear_pointer (&self->station, g_hash_table_unref);
  g_ptr_array_set_size (self->connectors, 0);
  g_strfreev (g_steal_pointer (&self->paths));
  get_all (self, STATION_PATH, STATION_IFACE, 0, on_station);
}

/* NULL: no object of ours, or one whose state is still on its way and says all of this itself. */
static GHashTable *
object_at (TwBusWatch *self,
           const char *path,
           const char *iface)
{
  if (g_str_equal (path, STATION_PATH))
    return g_str_equal (iface, STATION_IFACE) ? self->station : NULL;
  for (guint i = 0; g_str_equal (iface, CONNECTOR_IFACE) && i < self->connectors->len; i++)
    if (g_str_equal (self->paths[i], path))
      return self->connectors->pdata[i];
  return NULL;
}

static void
on_properties_changed (GDBusConnection *connection,
                       const char      *sender,
                       const char      *path,
                       const char      *signal_iface,
                       const char      *signal,
                       GVariant        *parameters,
                       gpointer         user_data)
{
  TwBusWatch *self = user_data;
  g_autoptr (GVariant) properties = NULL;
  g_auto (GStrv) gone = NULL;
  const char *iface;
  GHashTable *object;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get (parameters, "(&s@a{sv}^as)", &iface, &properties, &gone);
  object = object_at (self, path, iface);
  if (object == NULL)
    return;
  tw_properties_merge (object, properties);
  for (guint i = 0; gone[i] != NULL; i++)
    g_hash_table_remove (object, gone[i]);
  if (self->present)
    announce (self);
}

static void
on_appeared (GDBusConnection *connection,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  TwBusWatch *self = user_data;

  forget_station (self);
  self->owner = g_strdup (owner);
  self->signals = g_dbus_connection_signal_subscribe (connection, owner, "org.freedesktop.DBus.Properties",
                                                      "PropertiesChanged", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                      on_properties_changed, self, NULL);
  self->loading = g_cancellable_new ();
  load (self);
}

static void
on_vanished (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  forget_station (user_data);
}

static void
forget_bus (TwBusWatch *self)
{
  if (self->connection == NULL)
    return;
  if (self->name != 0)
    g_bus_unwatch_name (self->name);
  self->name = 0;
  forget_station (self);
  g_signal_handler_disconnect (self->connection, self->closed);
  g_clear_object (&self->connection);
}

static void
on_closed (GDBusConnection *connection,
           gboolean         remote_vanished,
           GError          *error,
           gpointer         user_data)
{
  TwBusWatch *self = user_data;

  tw_log_debug ("the bus is gone: %s", error ? error->message : "closed");
  forget_bus (self);
  try_again_soon (self);
}

static void
on_bus (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (Loading) finding = user_data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_finish (result, &error);
  TwBusWatch *self = finding->watch;

  if (g_cancellable_is_cancelled (finding->cancellable))
    {
      g_clear_object (&connection);
      return;
    }
  if (connection == NULL)
    {
      tw_log_debug ("no bus: %s", error->message);
      try_again_soon (self);
      return;
    }
  self->connection = connection;
  self->closed = g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  self->name = g_bus_watch_name_on_connection (connection, STATION_IFACE, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                                               on_vanished, self, NULL);
}

/* A connection of our own: the one that g_bus_get() shares stays the closed one when the bus has gone. */
static void
find_bus (TwBusWatch *self)
{
  g_autofree char *system = self->address ? NULL : g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  const char *address = self->address ? self->address : system;

  if (address == NULL)
    {
      try_again_soon (self);
      return;
    }
  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                     | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, self->life, on_bus,
                                     loading_new (self, 0, self->life));
}

static void
properties_free (gpointer data)
{
  g_clear_pointer ((GHashTable **) &data, g_hash_table_unref);
}

TwBusWatch *
tw_bus_watch_new (const char *address,
                  void      (*changed) (gpointer user_data),
                  gpointer    user_data)
{
  TwBusWatch *self = g_new0 (TwBusWatch, 1);

  self->address = g_strdup (address);
  self->changed = changed;
  self->user_data = user_data;
  self->life = g_cancellable_new ();
  self->connectors = g_ptr_array_new_with_free_func (properties_free);
  self->picture = tw_picture_new (NULL, NULL, 0);
  find_bus (self);
  return self;
}

void
tw_bus_watch_free (TwBusWatch *self)
{
  g_cancellable_cancel (self->life);
  forget_bus (self);
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_handle_id (&self->announce, g_source_remove);
  tw_picture_free (self->picture);
  g_ptr_array_unref (self->connectors);
  g_object_unref (self->life);
  g_free (self->address);
  g_free (self);
}

gboolean
tw_bus_watch_present (TwBusWatch *self)
{
  return self->shown;
}

TwBusStation
tw_bus_watch_station (TwBusWatch *self)
{
  return self->picture->station;
}

TwBusCounter
tw_bus_watch_counter (TwBusWatch *self)
{
  return self->picture->counter;
}

TwBusConnector
tw_bus_watch_connector (TwBusWatch *self,
                        guint       i)
{
  g_return_val_if_fail (i < TW_MAX_CONNECTORS, self->picture->connectors[0]);

  return self->picture->connectors[i];
}
