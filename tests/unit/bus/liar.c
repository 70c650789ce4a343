/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/bus/liar.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>

#define NAME "org.tapwatt.Station1"

struct _Bus
{
  char        *dir, *address;
  GSubprocess *daemon;
};

struct _Liar
{
  GDBusConnection *connection;
  guint            filter;
  GMutex           lock;       /* the filter runs in the connection's own thread */
  GHashTable      *objects;    /* path -> GVariant */
  char            *error, *message, *asked;
  guint            n_reads;
};

Bus *
bus_new (void)
{
  Bus *self = g_new0 (Bus, 1);

  self->dir = g_dir_make_tmp ("tapwatt-bus-XXXXXX", NULL);
  g_assert_nonnull (self->dir);
  self->address = g_strdup_printf ("unix:path=%s/bus", self->dir);
  return self;
}

/* A test that aborts leaves no bus behind. */
static void
die_with_us (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void
bus_start (Bus *self)
{
  g_autofree char *path = g_build_filename (self->dir, "bus.conf", NULL);
  g_autofree char *conf = g_strdup_printf ("<busconfig><type>custom</type><listen>%s</listen><auth>EXTERNAL</auth>"
                                           "<policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>"
                                           "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/></policy>"
                                           "</busconfig>", self->address);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  g_assert_null (self->daemon);
  g_assert_true (g_file_set_contents (path, conf, -1, NULL));
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_us, NULL, NULL);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork", "--nosyslog",
                                              "--print-address", "--config-file", path, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->daemon));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);   /* it listens */
  g_assert_nonnull (line);
}

void
bus_stop (Bus *self)
{
  g_subprocess_send_signal (self->daemon, SIGKILL);
  g_assert_true (g_subprocess_wait (self->daemon, NULL, NULL));
  g_clear_object (&self->daemon);
}

const char *
bus_address (Bus *self)
{
  return self->address;
}

void
bus_free (Bus *self)
{
  g_autofree char *conf = g_build_filename (self->dir, "bus.conf", NULL);
  g_autofree char *socket = g_build_filename (self->dir, "bus", NULL);

  if (self->daemon != NULL)
    bus_stop (self);
  g_remove (conf);
  g_remove (socket);
  g_assert_cmpint (g_rmdir (self->dir), ==, 0);
  g_free (self->dir);
  g_free (self->address);
  g_free (self);
}

static GDBusMessage *
answer_get_all (Liar         *self,
                GDBusMessage *call)
{
  GVariant *value = g_hash_table_lookup (self->objects, g_dbus_message_get_path (call));
  GDBusMessage *answer;

  self->n_reads++;
  if (value == NULL)
    return g_dbus_message_new_method_error (call, "org.freedesktop.DBus.Error.Failed", "not today");
  answer = g_dbus_message_new_method_reply (call);
  g_dbus_message_set_body (answer, g_variant_new_tuple (&value, 1));
  return answer;
}

static GDBusMessage *
answer_verb (Liar         *self,
             GDBusMessage *call)
{
  GVariant *body = g_dbus_message_get_body (call);
  g_autofree char *words = body ? g_variant_print (body, FALSE) : g_strdup ("()");
  GDBusMessage *answer;

  g_free (self->asked);
  self->asked = g_strdup_printf ("%s %s %s", g_dbus_message_get_path (call), g_dbus_message_get_member (call), words);
  if (self->error != NULL)
    return *self->error == '\0' ? NULL : g_dbus_message_new_method_error_literal (call, self->error, self->message);
  answer = g_dbus_message_new_method_reply (call);
  if (g_str_equal (g_dbus_message_get_member (call), "Receipt"))
    g_dbus_message_set_body (answer, g_variant_new ("(s)", "paper"));
  return answer;
}

static GDBusMessage *
on_message (GDBusConnection *connection,
            GDBusMessage    *message,
            gboolean         incoming,
            gpointer         user_data)
{
  Liar *self = user_data;
  g_autoptr (GDBusMessage) answer = NULL;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;
  g_mutex_lock (&self->lock);
  answer = g_str_equal (g_dbus_message_get_member (message), "GetAll") ? answer_get_all (self, message)
                                                                      : answer_verb (self, message);
  g_mutex_unlock (&self->lock);
  if (answer != NULL)
    g_dbus_connection_send_message (connection, answer, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (message);
  return NULL;
}

Liar *
liar_new (Bus *bus)
{
  Liar *self = g_new0 (Liar, 1);
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  self->objects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->connection = g_dbus_connection_new_for_address_sync (bus->address,
                                                             G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                             | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                             NULL, NULL, &error);
  g_assert_no_error (error);
  self->filter = g_dbus_connection_add_filter (self->connection, on_message, self, NULL);
  return self;
}

/* Only then, so that what it says first is what it was told to say. */
void
liar_own_name (Liar *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) owned = NULL;

  owned = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", NAME, 4),
                                       G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, 10000, NULL, &error);
  g_assert_no_error (error);
}

void
liar_free (Liar *self)
{
  g_dbus_connection_remove_filter (self->connection, self->filter);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_hash_table_unref (self->objects);
  g_mutex_clear (&self->lock);
  g_free (self->error);
  g_free (self->message);
  g_free (self->asked);
  g_free (self);
}

void
liar_set (Liar       *self,
          const char *path,
          GVariant   *value)
{
  g_mutex_lock (&self->lock);
  if (value != NULL)
    g_hash_table_insert (self->objects, g_strdup (path), g_variant_ref_sink (value));
  else
    g_hash_table_remove (self->objects, path);
  g_mutex_unlock (&self->lock);
}

void
liar_refuse (Liar       *self,
             const char *name,
             const char *message)
{
  g_mutex_lock (&self->lock);
  g_free (self->error);
  g_free (self->message);
  self->error = g_strdup (name);
  self->message = g_strdup (message);
  g_mutex_unlock (&self->lock);
}

void
liar_signal (Liar       *self,
             const char *path,
             GVariant   *parameters)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->connection, NULL, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                 parameters, &error);
  g_assert_no_error (error);
}

char *
liar_asked (Liar *self)
{
  char *asked;

  g_mutex_lock (&self->lock);
  asked = g_strdup (self->asked);
  g_mutex_unlock (&self->lock);
  return asked;
}

guint
liar_n_reads (Liar *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_reads;
  g_mutex_unlock (&self->lock);
  return n;
}
