/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's verbs, without waiting for their answers. */
#include "app/bus/watch-inside.h"

#include "app/base/error.h"
#include "app/bus/names.h"

/* Knows the watch's cancellable and not the watch: an answer may come when that is gone. */
typedef struct
{
  GCancellable   *life;
  TwBusTold       told;
  TwBusGotReceipt got;
  gpointer        user_data;
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->life);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
tell (const Call   *call,
      const char   *receipt,
      const GError *error)
{
  if (g_cancellable_is_cancelled (call->life))
    return;
  if (call->got != NULL)
    call->got (receipt, error, call->user_data);
  else if (call->told != NULL)
    call->told (error, call->user_data);
}

/* As watch.h says it. */
static GError *
error_of (GError *remote)
{
  g_autofree char *name = g_dbus_error_get_remote_error (remote);

  g_dbus_error_strip_remote_error (remote);
  if (g_strcmp0 (name, NOT_NOW) == 0)
    return g_error_new_literal (TW_ERROR, TW_ERROR_REFUSED, remote->message);
  if (g_error_matches (remote, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (TW_ERROR, TW_ERROR_TIMEOUT, "tapwattd has not answered within %d s", TW_BUS_WAIT_MS / 1000);
  return g_error_new (TW_ERROR, TW_ERROR_GONE, "tapwattd does not answer on the bus: %s", remote->message);
}

static void
on_answer (GObject      *connection,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) remote = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &remote);
  const char *receipt = NULL;

  if (answer == NULL)
    error = error_of (remote);
  else if (call->got != NULL)
    g_variant_get (answer, "(&s)", &receipt);
  tell (call, receipt, error);
}

static gboolean
on_nobody (gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = g_error_new_literal (TW_ERROR, TW_ERROR_GONE, "no tapwattd on the bus");

  tell (call, NULL, error);
  return G_SOURCE_REMOVE;
}

/* Takes over call; parameters are sunk. */
static void
ask (TwBusWatch *self,
     const char *path,
     const char *iface,
     const char *method,
     GVariant   *parameters,
     Call        call)
{
  Call *kept = g_memdup2 (&call, sizeof call);
  const char *type = call.got ? "(s)" : "()";

  kept->life = g_object_ref (self->life);
  if (self->owner != NULL)
    {
      g_dbus_connection_call (self->connection, self->owner, path, iface, method, parameters, G_VARIANT_TYPE (type),
                              G_DBUS_CALL_FLAGS_NO_AUTO_START, TW_BUS_WAIT_MS, self->life, on_answer, kept);
      return;
    }
  if (parameters != NULL)
    g_variant_unref (g_variant_ref_sink (parameters));
  g_idle_add (on_nobody, kept);   /* never before this call returns */
}

static void
ask_connector (TwBusWatch *self,
               guint       connector,
               const char *method,
               GVariant   *parameters,
               TwBusTold   told,
               gpointer    user_data)
{
  g_autofree char *path = g_strdup_printf (CONNECTOR_PATH, connector);

  ask (self, path, CONNECTOR_IFACE, method, parameters, (Call) { .told = told, .user_data = user_data });
}

static void
ask_station (TwBusWatch *self,
             const char *method,
             GVariant   *parameters,
             TwBusTold   told,
             gpointer    user_data)
{
  ask (self, STATION_PATH, STATION_IFACE, method, parameters, (Call) { .told = told, .user_data = user_data });
}

void
tw_bus_watch_choose (TwBusWatch *self,
                     guint       connector,
                     const char *language,
                     TwBusTold   told,
                     gpointer    user_data)
{
  ask_station (self, "Choose", g_variant_new ("(us)", connector, language ? language : ""), told, user_data);
}

void
tw_bus_watch_set_goal (TwBusWatch *self,
                       const char *kind,
                       gint64      value,
                       TwBusTold   told,
                       gpointer    user_data)
{
  ask_station (self, "SetGoal", g_variant_new ("(sx)", kind, value), told, user_data);
}

void
tw_bus_watch_accept (TwBusWatch *self,
                     TwBusTold   told,
                     gpointer    user_data)
{
  ask_station (self, "Accept", NULL, told, user_data);
}

void
tw_bus_watch_touched (TwBusWatch *self,
                      TwBusTold   told,
                      gpointer    user_data)
{
  ask_station (self, "Touched", NULL, told, user_data);
}

void
tw_bus_watch_cancel (TwBusWatch *self,
                     TwBusTold   told,
                     gpointer    user_data)
{
  ask_station (self, "Cancel", NULL, told, user_data);
}

void
tw_bus_watch_stop (TwBusWatch *self,
                   guint       connector,
                   TwBusTold   told,
                   gpointer    user_data)
{
  ask_connector (self, connector, "Stop", NULL, told, user_data);
}

void
tw_bus_watch_dismiss (TwBusWatch *self,
                      guint       connector,
                      TwBusTold   told,
                      gpointer    user_data)
{
  ask_connector (self, connector, "Dismiss", NULL, told, user_data);
}

void
tw_bus_watch_set_language (TwBusWatch *self,
                           guint       connector,
                           const char *language,
                           TwBusTold   told,
                           gpointer    user_data)
{
  if (connector == 0)
    ask_station (self, "SetLanguage", g_variant_new ("(s)", language), told, user_data);
  else
    ask_connector (self, connector, "SetLanguage", g_variant_new ("(s)", language), told, user_data);
}

void
tw_bus_watch_receipt (TwBusWatch      *self,
                      const char      *session,
                      const char      *format,
                      const char      *language,
                      TwBusGotReceipt  got,
                      gpointer         user_data)
{
  ask (self, STATION_PATH, STATION_IFACE, "Receipt", g_variant_new ("(sss)", session, format, language),
       (Call) { .got = got, .user_data = user_data });
}
