/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/clock.h"
#include "app/base/error.h"
#include "app/bus/client.h"
#include "app/cli/status-text.h"

static struct
{
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {station, counter, connectors, claims}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Asks the running station over the system bus: what the screen shows, what each connector does and costs, and which\n"
  "money is still on its way. Changes nothing.\n"
  "\n"
  "  tapwatt status\n"
  "  watch -n 1 tapwatt status\n"
  "  tapwatt status --json | jq '.connectors[] | {number, state, energy_wh}'\n"
  "\n"
  "Exit status: 0 open for business; 1 closed, a connector is out of order, or money that the payment service has not\n"
  "answered for; 3 no station answers.\n";

static void
write_station (TwJsonOut   *out,
               TwBusClient *client)
{
  TwBusStation station = tw_bus_client_station (client);

  tw_json_out_begin_object (out, "station");
  tw_json_out_string (out, "id", station.station_id);
  tw_json_out_string (out, "name", station.name);
  tw_json_out_string (out, "helpline", station.helpline);
  tw_json_out_string (out, "version", station.version);
  tw_json_out_bool (out, "test_mode", station.test_mode);
  tw_json_out_end (out);
}

static void
write_counter (TwJsonOut   *out,
               TwBusClient *client)
{
  TwBusCounter counter = tw_bus_client_counter (client);

  tw_json_out_begin_object (out, "counter");
  tw_json_out_string (out, "state", counter.state);
  tw_json_out_string (out, "closed_why", counter.closed_why);
  tw_json_out_string (out, "session", counter.session);
  tw_json_out_int64 (out, "connector", counter.connector);
  tw_json_out_int64 (out, "hold_minor", counter.hold_minor);
  tw_json_out_string (out, "currency", counter.currency);
  tw_json_out_string (out, "prompt", counter.prompt);
  tw_json_out_string (out, "outcome", counter.outcome);
  tw_json_out_string (out, "language", counter.language);
  tw_json_out_int64 (out, "deadline_boot_us", counter.deadline_boot_us);
  tw_json_out_end (out);
}

static void
write_prices (TwJsonOut            *out,
              const TwBusConnector *connector)
{
  tw_json_out_begin_array (out, "prices");
  for (guint i = 0; i < connector->n_prices; i++)
    {
      const TwBusPrice *price = &connector->prices[i];

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "kind", price->kind);
      tw_json_out_string (out, "price", price->price);
      tw_json_out_string (out, "gross_price", price->gross_price);
      tw_json_out_string (out, "tax_percent", price->tax_percent);
      tw_json_out_int64 (out, "step", price->step);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static void
write_connector (TwJsonOut            *out,
                 const TwBusConnector *connector)
{
  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "number", connector->number);
  tw_json_out_string (out, "evse_id", connector->evse_id);
  tw_json_out_string (out, "label", connector->label);
  tw_json_out_string (out, "state", connector->state);
  tw_json_out_string (out, "car", connector->car);
  tw_json_out_string (out, "fault", connector->fault);
  tw_json_out_bool (out, "power_wanted", connector->power_wanted);
  tw_json_out_int64 (out, "current_ma", connector->current_ma);
  tw_json_out_string (out, "session", connector->session);
  tw_json_out_int64 (out, "energy_wh", connector->energy_wh);
  tw_json_out_int64 (out, "charging_ms", connector->charging_ms);
  tw_json_out_int64 (out, "parking_ms", connector->parking_ms);
  tw_json_out_string (out, "currency", connector->currency);
  tw_json_out_int64 (out, "price_minor", connector->price_minor);
  tw_json_out_int64 (out, "hold_minor", connector->hold_minor);
  tw_json_out_string (out, "money", connector->money);
  tw_json_out_string (out, "tariff_hash", connector->tariff_hash);
  tw_json_out_string (out, "tariff_refused", connector->tariff_refused);
  tw_json_out_int64 (out, "deadline_boot_us", connector->deadline_boot_us);
  write_prices (out, connector);
  tw_json_out_end (out);
}

static void
write_claim (TwJsonOut        *out,
             const TwBusClaim *claim)
{
  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "session", claim->session);
  tw_json_out_string (out, "request", claim->request);
  tw_json_out_string (out, "wish", claim->wish);
  tw_json_out_int64 (out, "amount_minor", claim->amount_minor);
  tw_json_out_string (out, "currency", claim->currency);
  tw_json_out_string (out, "outcome", claim->outcome);
  tw_json_out_int64 (out, "attempts", claim->attempts);
  tw_json_out_int64 (out, "next_boot_us", claim->next_boot_us);
  tw_json_out_end (out);
}

static gboolean
print_json (const TwVerb *self,
            TwBusClient  *client)
{
  TwJsonOut *out = tw_json_out_new ();
  guint n = tw_bus_client_station (client).n_connectors;

  tw_json_out_begin_object (out, NULL);
  write_station (out, client);
  write_counter (out, client);
  tw_json_out_begin_array (out, "connectors");
  for (guint i = 0; i < n; i++)
    {
      TwBusConnector connector = tw_bus_client_connector (client, i);

      write_connector (out, &connector);
    }
  tw_json_out_end (out);
  tw_json_out_begin_array (out, "claims");
  for (guint i = 0; i < tw_bus_client_n_claims (client); i++)
    {
      TwBusClaim claim = tw_bus_client_claim (client, i);

      write_claim (out, &claim);
    }

  return tw_verb_print_json (self, out);
}

/* A claim that was asked for once and is being answered is how every session ends. */
static gboolean
stands_out (TwBusClient *client)
{
  gboolean found = g_str_equal (tw_bus_client_counter (client).state, "closed");

  for (guint i = 0; i < tw_bus_client_station (client).n_connectors; i++)
    {
      TwBusConnector connector = tw_bus_client_connector (client, i);

      found |= g_strcmp0 (connector.state, "fault") == 0 || (connector.fault != NULL && *connector.fault != '\0');
    }
  for (guint i = 0; i < tw_bus_client_n_claims (client); i++)
    found |= tw_bus_client_claim (client, i).attempts > 0;

  return found;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBusClient) client = tw_bus_client_new (NULL, &error);
  g_autoptr (TwClock) clock = tw_clock_new_system (FALSE);
  gboolean printed;

  if (client == NULL || !tw_bus_client_refresh (client, &error))
    {
      tw_verb_complain (self, "%s: is the station running (systemctl status tapwattd)? What it left is in its journal: "
                        "tapwatt sessions", error->message);
      return TW_EXIT_UNKNOWN;
    }

  if (options.json)
    printed = print_json (self, client);
  else
    {
      g_autofree char *text = tw_status_text (client, tw_clock_now (clock).boot_us);

      printed = tw_verb_print (self, text);
    }
  if (!printed)
    return TW_EXIT_UNKNOWN;

  return stands_out (client) ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

const TwVerb TW_VERB_STATUS = {
  .name = "status",
  .arguments = "",
  .summary = "what the station is doing now",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 0,
  .n_max = 0,
  .run = run,
};
