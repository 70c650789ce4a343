/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/street.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/error.h"
#include "app/bench/acquirer.h"
#include "app/bench/ctl.h"
#include "app/bench/devices.h"
#include "app/bench/happenings.h"
#include "app/bench/options.h"
#include "app/bench/order-text.h"
#include "app/bench/stand.h"
#include "app/bench/station-conf.h"
#include "app/bench/watcher.h"

/* How soon those who watch learn what changed by itself: a relay, a current. */
#define LOOK_MS 250

struct _TwStreet
{
  char           *dir;
  TwCertificates *certificates;
  TwAcquirer     *acquirer;      /* owned by the devices */
  TwDevices      *devices;
  TwHappenings   *happenings;
  TwWatchers     *watchers;
  guint           look;          /* source; 0 while nobody watches */
  TwCtl          *ctl;
  char           *reader;        /* path of the reader's board */
  GPtrArray      *controllers;   /* path of each controller, NULL-terminated */
  GSourceFunc     quit;
  gpointer        quit_data;
};

static gboolean
control_acquirer (gpointer           device,
                  const char *const *words,
                  const TwJson      *options,
                  TwJsonOut         *out,
                  GError           **error)
{
  return tw_acquirer_control (device, words, options, out, error);
}

static void
describe_acquirer (gpointer   device,
                   TwJsonOut *out)
{
  static const char *const NO_MORE[] = { "requests", NULL };

  tw_acquirer_control (device, NO_MORE, NULL, out, NULL);
}

static void
state_of_acquirer (gpointer   device,
                   TwJsonOut *out)
{
  tw_acquirer_write_weather (device, out);
}

static gboolean
mend_acquirer (gpointer device,
               GError **error)
{
  return tw_acquirer_mend (device, error);
}

static void
free_acquirer (gpointer device)
{
  tw_acquirer_free (device);
}

static const TwDeviceFuncs ACQUIRER = {
  .help = "fault KIND | rule DO | go-on | card | cents on|off | lag | tls KIND | down | up | clock | mle | expire | "
          "settle | requests",
  .control = control_acquirer,
  .describe = describe_acquirer,
  .free = free_acquirer,
  .state = state_of_acquirer,
  .mend = mend_acquirer,
};

static void
tell_state (TwStreet *self)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  tw_json_out_begin_object (out, NULL);
  tw_devices_state (self->devices, out);
  bytes = tw_json_out_finish (out);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  tw_happenings_state (self->happenings, text);
}

static gboolean
on_look (gpointer user_data)
{
  TwStreet *self = user_data;

  if (tw_happenings_followed (self->happenings))
    {
      tell_state (self);
      return G_SOURCE_CONTINUE;
    }
  self->look = 0;

  return G_SOURCE_REMOVE;
}

static void
on_watcher (gpointer user_data)
{
  TwStreet *self = user_data;

  tell_state (self);
  if (self->look == 0)
    self->look = g_timeout_add (LOOK_MS, on_look, self);
}

static gboolean
on_watch (GSocketConnection *connection,
          const char *const *words,
          const TwJson      *options,
          gpointer           user_data,
          GError           **error)
{
  return tw_watchers_add (((TwStreet *) user_data)->watchers, connection, words, options, error);
}

/* The bank's standing rule for the number of visa-decline.card. */
static gboolean
add_standing_rule (TwStreet *self,
                   GError  **error)
{
  static const char *const words[] = { "rule", "decline", NULL };
  static const char text[] = "{\"pan\":\"4000000000000002\",\"reason\":\"INSUFFICIENT_FUND\"}";
  g_autoptr (TwJson) options = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, error);
  g_autoptr (TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  return options != NULL && tw_acquirer_control (self->acquirer, words, options, out, error);
}

/* Faults, rules, broken cables: undone. Cards, cars and money stay where they are. */
static gboolean
clear_skies (TwStreet *self,
             GError  **error)
{
  return tw_devices_mend (self->devices, error) && add_standing_rule (self, error);
}

static gboolean
obey (TwStreet          *self,
      const char        *command,
      const char *const *words,
      const TwJson      *options,
      TwJsonOut         *out,
      GError           **error)
{
  if (strcmp (command, "status") == 0)
    {
      tw_devices_describe (self->devices, out);
      return TRUE;
    }
  if (strcmp (command, "ledger") == 0)
    {
      if (!tw_options_only (options, "code", error))
        return FALSE;
      tw_acquirer_write_ledger (self->acquirer, tw_options_text (options, "code"), out);
      return TRUE;
    }
  if (strcmp (command, "help") == 0)
    {
      g_autofree char *text = tw_devices_help (self->devices);

      tw_json_out_string (out, "help", text);
      return TRUE;
    }
  if (strcmp (command, "quit") == 0)
    {
      if (self->quit != NULL)
        g_idle_add (self->quit, self->quit_data);
      return TRUE;
    }

  if (strcmp (command, "clear-skies") == 0)
    return tw_options_only (options, "", error) && clear_skies (self, error);

  /* Only the acquirer's orders have options; elsewhere one would be passed over in silence. */
  if (strcmp (command, "acquirer") != 0 && !tw_options_only (options, "", error))
    return FALSE;

  return tw_devices_control (self->devices, command, words, options, out, error);
}

static gboolean
on_control (const char        *command,
            const char *const *words,
            const TwJson      *options,
            TwJsonOut         *out,
            gpointer           user_data,
            GError           **error)
{
  TwStreet *self = user_data;
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;
  TwJsonOut *happening;
  gboolean well;

  if (tw_order_only_asks (command, words))
    return obey (self, command, words, options, out, error);

  text = tw_order_text (command, words, options);
  happening = tw_happenings_begin (self->happenings, "hand", text);
  tw_happenings_end (self->happenings, happening, FALSE);
  well = obey (self, command, words, options, out, &why);
  if (!well)
    {
      g_autofree char *refused = g_strdup_printf ("refused: %s", why->message);
      g_autofree char *masked = tw_happenings_mask (refused);

      tw_happenings_end (self->happenings, tw_happenings_begin (self->happenings, "hand", masked), FALSE);
      g_propagate_error (error, g_steal_pointer (&why));
    }
  if (tw_happenings_followed (self->happenings))
    tell_state (self);

  return well;
}

static char *
in_dir (TwStreet   *self,
        const char *name)
{
  return g_build_filename (self->dir, name, NULL);
}

static gboolean
start_acquirer (TwStreet              *self,
                const TwStreetOptions *options,
                GError               **error)
{
  g_autofree char *keys = options->keys != NULL ? g_canonicalize_filename (options->keys, NULL) : in_dir (self, "keys");
  g_autofree char *ledger = options->ledger != NULL ? g_strdup (options->ledger) : in_dir (self, "ledger.jsonl");
  TwAcquirerOptions acquirer = { .port = options->port, .ledger = ledger };

  self->certificates = tw_certificates_open (keys, error);
  if (self->certificates == NULL)
    return FALSE;

  acquirer.certificates = self->certificates;
  acquirer.happenings = self->happenings;
  acquirer.cards = g_file_test (options->cards, G_FILE_TEST_IS_DIR) ? options->cards : NULL;
  self->acquirer = tw_acquirer_new (&acquirer, error);
  if (self->acquirer == NULL)
    return FALSE;

  tw_devices_add (self->devices, "acquirer", &ACQUIRER, self->acquirer);

  return add_standing_rule (self, error);
}

/* Everything at paths that stay the same, whatever happens to the cables. */
static gboolean
start_stand (TwStreet              *self,
             const TwStreetOptions *options,
             GError               **error)
{
  self->reader = in_dir (self, "reader");
  for (guint i = 1; i <= options->n_connectors; i++)
    {
      g_autofree char *name = g_strdup_printf ("controller-%u", i);

      g_ptr_array_add (self->controllers, in_dir (self, name));
    }
  g_ptr_array_add (self->controllers, NULL);
  if (tw_reader_stand_new (self->devices, options->cards, self->reader, self->happenings, error) == NULL)
    return FALSE;
  if (tw_car_park_new (self->devices, (const char *const *) self->controllers->pdata, self->happenings, error) == NULL)
    return FALSE;
  tw_finger_new (self->devices);
  return TRUE;
}

static gboolean
write_conf (TwStreet              *self,
            const TwStreetOptions *options,
            GError               **error)
{
  g_autofree char *path = in_dir (self, "tapwatt.conf");
  g_autofree char *journal = in_dir (self, "journal");
  g_autofree char *tariff = g_canonicalize_filename (options->tariff, NULL);
  g_autofree char *text = NULL;
  g_autofree char *reader = g_strconcat ("pn532:", self->reader, NULL);
  g_autoptr (GPtrArray) power = g_ptr_array_new_with_free_func (g_free);
  TwStationConf conf = {
    .certificates = self->certificates,
    .acquirer_port = tw_acquirer_port (self->acquirer),
    .journal = journal,
    .tariff = tariff,
    .reader = reader,
    .phases = TW_PARK_PHASES,
    .voltage_v = TW_PARK_VOLTAGE_V,
    .max_current_a = TW_PARK_CURRENT_A,
  };

  for (guint i = 0; self->controllers->pdata[i] != NULL; i++)
    g_ptr_array_add (power, g_strconcat ("rapi:", self->controllers->pdata[i], NULL));
  g_ptr_array_add (power, NULL);
  conf.power = (const char *const *) power->pdata;

  g_mkdir_with_parents (journal, 0700);
  text = tw_station_conf_text (&conf);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
write_street (TwStreet *self,
              GError  **error)
{
  const TwCertificates *c = self->certificates;
  g_autofree char *path = in_dir (self, "street.json");
  g_autofree char *conf = in_dir (self, "tapwatt.conf");
  g_autofree char *socket = in_dir (self, "ctl.sock");
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GBytes) text = NULL;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "pid", getpid ());
  tw_json_out_string (out, "ctl", socket);
  tw_json_out_string (out, "conf", conf);
  tw_json_out_string (out, "keys", c->dir);
  tw_json_out_string (out, "merchantId", c->merchant_id);
  tw_json_out_string (out, "keyId", c->key_id);
  tw_json_out_string (out, "responseKeyId", c->response_key_id);
  tw_json_out_string (out, "mleKeyId", c->mle_kid);
  tw_json_out_int64 (out, "port", tw_acquirer_port (self->acquirer));
  tw_json_out_begin_object (out, "devices");
  tw_devices_describe (self->devices, out);
  text = tw_json_out_finish (out);

  return g_file_set_contents (path, g_bytes_get_data (text, NULL), g_bytes_get_size (text), error);
}

TwStreet *
tw_street_new (const TwStreetOptions *options,
               GError               **error)
{
  g_autoptr (TwStreet) self = g_new0 (TwStreet, 1);
  g_autofree char *socket = NULL;

  self->dir = g_canonicalize_filename (options->dir, NULL);
  self->devices = tw_devices_new ();
  self->happenings = tw_happenings_new ();
  self->watchers = tw_watchers_new (self->happenings, on_watcher, self);
  self->controllers = g_ptr_array_new_with_free_func (g_free);
  if (g_mkdir_with_parents (self->dir, 0700) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "folder %s cannot be made: %s", self->dir, g_strerror (errno));
      return NULL;
    }

  /* The socket first: it tells whether another bench has the folder. */
  socket = in_dir (self, "ctl.sock");
  self->ctl = tw_ctl_new (socket, on_control, self, error);
  if (self->ctl == NULL)
    return NULL;
  tw_ctl_on_watch (self->ctl, on_watch);
  if (!start_acquirer (self, options, error) || !start_stand (self, options, error)
      || !write_conf (self, options, error) || !write_street (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_street_free (TwStreet *self)
{
  if (self == NULL)
    return;
  if (self->acquirer != NULL)
    {
      g_autofree char *path = in_dir (self, "street.json");

      g_unlink (path);
    }
  g_clear_handle_id (&self->look, g_source_remove);
  tw_ctl_free (self->ctl);
  tw_watchers_free (self->watchers);
  tw_devices_free (self->devices);
  tw_happenings_free (self->happenings);
  tw_certificates_free (self->certificates);
  g_ptr_array_unref (self->controllers);
  g_free (self->reader);
  g_free (self->dir);
  g_free (self);
}

void
tw_street_on_quit (TwStreet   *self,
                   GSourceFunc quit,
                   gpointer    user_data)
{
  self->quit = quit;
  self->quit_data = user_data;
}
