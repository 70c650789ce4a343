/* SPDX-License-Identifier: Apache-2.0 */
/* What a kiosk sees of the counter, and when: a line "<monotonic microseconds> <state>" for every change.
 *
 *   DBUS_SYSTEM_BUS_ADDRESS=... watch-counter
 */
#include <gio/gio.h>
#include <stdio.h>

#define STATION "org.tapwatt.Station1"

static void
on_changed (GDBusConnection *bus,
            const char      *sender,
            const char      *path,
            const char      *iface,
            const char      *signal,
            GVariant        *parameters,
            gpointer         user_data)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GVariant) changed = g_variant_get_child_value (parameters, 1);
  g_autoptr (GVariant) counter = g_variant_lookup_value (changed, "Counter", G_VARIANT_TYPE ("(sa{sv})"));
  g_autoptr (GVariant) details = NULL;
  const char *state, *prompt = "";

  if (counter == NULL)
    return;
  g_variant_get (counter, "(&s@a{sv})", &state, &details);
  g_variant_lookup (details, "prompt", "&s", &prompt);
  printf ("%" G_GINT64_FORMAT " %s %s\n", now_us, state, prompt);
  fflush (stdout);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (bus == NULL)
    g_error ("%s", error->message);
  g_dbus_connection_signal_subscribe (bus, STATION, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                      "/org/tapwatt/Station1", STATION, G_DBUS_SIGNAL_FLAGS_NONE, on_changed, NULL,
                                      NULL);
  puts ("watching");
  fflush (stdout);
  g_main_loop_run (loop);
  return 0;
}
