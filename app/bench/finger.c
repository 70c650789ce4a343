/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/stand.h"

#include "app/base/error.h"
#include "app/bench/coins.h"
#include "app/bench/stand-options.h"
#include "app/bus/client.h"

#define FINGER_HELP \
  "choose N [LANGUAGE] | goal amount|energy|time|full [VALUE] | accept | cancel | stop N | dismiss N | " \
  "language LANGUAGE [N] | receipt SESSION text|json|qr [LANGUAGE]"

typedef struct { TwBusClient *client; } Finger;

/* The station may come and go; the bus may not be there at all. */
static TwBusClient *
reach (Finger  *self,
       GError **error)
{
  if (self->client == NULL && g_getenv ("DBUS_SYSTEM_BUS_ADDRESS") == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE,
                   "no DBUS_SYSTEM_BUS_ADDRESS: the finger touches only a private station");
      return NULL;
    }
  if (self->client == NULL)
    self->client = tw_bus_client_new (g_getenv ("DBUS_SYSTEM_BUS_ADDRESS"), error);
  return self->client;
}

static gboolean
take_receipt (TwBusClient       *client,
              const char *const *words,
              TwJsonOut         *out,
              GError           **error)
{
  const char *language = words[3] != NULL ? words[3] : "en";
  g_autofree char *receipt = tw_bus_client_receipt (client, words[1], words[2], language, error);

  if (receipt == NULL)
    return FALSE;
  tw_json_out_string (out, "receipt", receipt);
  return TRUE;
}

/* In minor units, Wh, or seconds. */
static gboolean
set_goal (TwBusClient       *client,
          const char *const *words,
          GError           **error)
{
  gboolean full = g_str_equal (words[1], "full");
  gint64 value = 0;

  if (!full && !tw_stand_number (words, 2, 1, G_MAXINT32, &value, error))
    return FALSE;
  return tw_bus_client_set_goal (client, words[1], g_str_equal (words[1], "time") ? value * 1000 : value, error);
}

static gboolean
control_finger (gpointer           device,
                const char *const *words,
                const TwJson      *options,
                TwJsonOut         *out,
                GError           **error)
{
  TwBusClient *client = reach (device, error);
  guint n = g_strv_length ((char **) words);
  gint64 number;

  if (client == NULL)
    return FALSE;
  if (n >= 2 && g_str_equal (words[0], "choose"))
    return tw_stand_number (words, 1, 1, 8, &number, error)
           && tw_bus_client_choose (client, (guint) number, words[2], error);
  if ((n == 3 || (n == 2 && g_str_equal (words[1], "full"))) && g_str_equal (words[0], "goal"))
    return set_goal (client, words, error);
  if (n == 2 && g_str_equal (words[0], "stop"))
    return tw_stand_number (words, 1, 1, 8, &number, error) && tw_bus_client_stop (client, (guint) number, error);
  if (n == 2 && g_str_equal (words[0], "dismiss"))
    return tw_stand_number (words, 1, 1, 8, &number, error) && tw_bus_client_dismiss (client, (guint) number, error);
  if (n == 2 && g_str_equal (words[0], "language"))
    return tw_bus_client_set_language (client, 0, words[1], error);
  if (n == 3 && g_str_equal (words[0], "language"))
    return tw_stand_number (words, 2, 1, 8, &number, error)
           && tw_bus_client_set_language (client, (guint) number, words[1], error);
  if (n >= 3 && g_str_equal (words[0], "receipt"))
    return take_receipt (client, words, out, error);
  if (n == 1 && g_str_equal (words[0], "accept"))
    return tw_bus_client_accept (client, error);
  if (n == 1 && g_str_equal (words[0], "cancel"))
    return tw_bus_client_cancel (client, error);
  return tw_stand_usage ("finger", FINGER_HELP, error);
}

/* As text, by the bench's own rule: what a person reads off a screen. */
static void
write_amount (TwJsonOut  *out,
              const char *key,
              gint64      minor,
              const char *currency)
{
  g_autofree char *text = tw_coin_text (minor, currency);

  tw_json_out_string (out, key, text);
}

static void
describe_prices (const TwBusConnector *connector,
                 TwJsonOut            *out)
{
  tw_json_out_begin_object (out, "tariff");
  for (guint i = 0; i < connector->n_prices; i++)
    {
      const TwBusPrice *price = &connector->prices[i];
      g_autofree char *tax = g_strconcat (price->kind, "_tax", NULL);

      tw_json_out_string (out, price->kind, *price->gross_price != '\0' ? price->gross_price : price->price);
      tw_json_out_string (out, tax, price->tax_percent);
    }
  tw_json_out_end (out);
}

static void
describe_connector (const TwBusConnector *connector,
                    TwJsonOut            *out)
{
  char key[8];

  g_snprintf (key, sizeof key, "%u", connector->number);
  tw_json_out_begin_object (out, key);
  tw_json_out_string (out, "state", connector->state);
  tw_json_out_string (out, "car", connector->car);
  tw_json_out_string (out, "fault", connector->fault);
  tw_json_out_string (out, "session", connector->session);
  tw_json_out_string (out, "money", connector->money);
  tw_json_out_string (out, "currency", connector->currency);
  tw_json_out_int64 (out, "energy_wh", connector->energy_wh);
  tw_json_out_int64 (out, "price_minor", connector->price_minor);
  write_amount (out, "price", connector->price_minor, connector->currency);
  write_amount (out, "hold", connector->hold_minor, connector->currency);
  tw_json_out_string (out, "goal", connector->goal.kind);
  tw_json_out_int64 (out, "goal_value", connector->goal.value);
  describe_prices (connector, out);
  tw_json_out_end (out);
}

static void
describe_counter (const TwBusCounter *counter,
                  TwJsonOut          *out)
{
  tw_json_out_string (out, "counter", counter->state);
  tw_json_out_string (out, "session", counter->session);
  tw_json_out_string (out, "prompt", counter->prompt);
  tw_json_out_string (out, "outcome", counter->outcome);
  tw_json_out_string (out, "closed_why", counter->closed_why);
  if (counter->connector == 0)
    return;
  write_amount (out, "hold", counter->hold_minor, counter->currency);
  tw_json_out_string (out, "goal", counter->goal.kind);
  tw_json_out_int64 (out, "goal_value", counter->goal.value);
}

static void
describe_station (gpointer   device,
                  TwJsonOut *out)
{
  TwBusClient *client = reach (device, NULL);
  TwBusCounter counter;

  if (client == NULL || !tw_bus_client_refresh (client, NULL))
    {
      tw_json_out_string (out, "counter", "not-there");
      return;
    }
  counter = tw_bus_client_counter (client);
  describe_counter (&counter, out);
  tw_json_out_bool (out, "test_mode", tw_bus_client_station (client).test_mode);
  tw_json_out_int64 (out, "open_claims", tw_bus_client_n_claims (client));
  for (guint i = 0; i < tw_bus_client_station (client).n_connectors; i++)
    {
      TwBusConnector connector = tw_bus_client_connector (client, i);

      describe_connector (&connector, out);
    }
}

static void
finger_free (gpointer device)
{
  Finger *self = device;

  g_clear_pointer (&self->client, tw_bus_client_free);
  g_free (self);
}

static gboolean
control_station (gpointer           device,
                 const char *const *words,
                 const TwJson      *options,
                 TwJsonOut         *out,
                 GError           **error)
{
  return tw_stand_usage ("station", "nothing: it is only looked at, with status", error);
}

void
tw_finger_new (TwDevices *devices)
{
  static const TwDeviceFuncs station = { "(only in the status)", control_station, describe_station, finger_free };
  static const TwDeviceFuncs finger = { FINGER_HELP, control_finger, NULL, NULL };
  Finger *self = g_new0 (Finger, 1);

  tw_devices_add (devices, "station", &station, self);
  tw_devices_add (devices, "finger", &finger, self);
}
