/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/status-text.h"

#include "app/base/zones.h"
#include "payment/money/money.h"

#define LABEL "%-13s"

static gboolean
is_said (const char *text)
{
  return text != NULL && *text != '\0';
}

static char *
amount (gint64      minor,
        const char *currency)
{
  return is_said (currency) && tw_currency_digits (currency) >= 0
    ? tw_money_to_text (tw_money (minor, currency)) : g_strdup_printf ("%" G_GINT64_FORMAT, minor);
}

/* "12 s", "5:07 min", "2:05 h". */
static char *
duration (gint64 ms)
{
  gint64 s = MAX (ms, 0) / 1000;

  if (s < 60)
    return g_strdup_printf ("%d s", (int) s);
  if (s < 3600)
    return g_strdup_printf ("%d:%02d min", (int) (s / 60), (int) (s % 60));

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d h", s / 3600, (int) (s / 60 % 60));
}

static void
append_deadline (GString    *text,
                 gint64      deadline_us,
                 gint64      now_us,
                 const char *what)
{
  g_autofree char *left = duration ((deadline_us - now_us) / 1000);

  if (deadline_us > now_us)
    g_string_append_printf (text, ", %s %s", left, what);
}

static void
append_station (GString     *text,
                TwBusClient *client)
{
  TwBusStation station = tw_bus_client_station (client);
  g_autofree char *zones = tw_zones_version (NULL);

  g_string_append_printf (text, "%s (%s), Tapwatt %s, tz database %s%s\n", station.name, station.station_id,
                          station.version, zones, g_str_equal (zones, "unknown") ? " !" : "");
  if (station.test_mode)
    g_string_append (text, "TEST MODE: no real money moves\n");
  g_string_append_c (text, '\n');
}

static void
append_counter (GString     *text,
                TwBusClient *client,
                gint64       now_us)
{
  TwBusCounter counter = tw_bus_client_counter (client);
  g_autofree char *hold = amount (counter.hold_minor, counter.currency);

  g_string_append_printf (text, LABEL "%s", "counter", counter.state);
  if (g_str_equal (counter.state, "closed"))
    g_string_append_printf (text, " !  %s", is_said (counter.closed_why) ? counter.closed_why : "no reason given");
  if (is_said (counter.outcome))
    g_string_append_printf (text, ": %s", counter.outcome);
  if (is_said (counter.session))
    g_string_append_printf (text, ", connector %u, hold of %s", counter.connector, hold);
  if (is_said (counter.prompt))
    g_string_append_printf (text, ", shows \"%s\"", counter.prompt);
  append_deadline (text, counter.deadline_boot_us, now_us, "left");
  if (is_said (counter.session))
    g_string_append_printf (text, "\n" LABEL "session %s", "", counter.session);
  g_string_append_c (text, '\n');
}

static void
append_prices (GString              *text,
               const TwBusConnector *connector)
{
  static const struct { const char *kind, *per; } UNITS[] = {
    { "energy", "per kWh" }, { "time", "per hour of charging" }, { "flat", "to start" },
    { "parking-time", "per hour of parking" },
  };

  if (connector->n_prices == 0)
    return;

  g_string_append_printf (text, LABEL "costs", "");
  for (guint i = 0; i < connector->n_prices; i++)
    {
      const TwBusPrice *price = &connector->prices[i];
      const char *per = price->kind;

      for (guint k = 0; k < G_N_ELEMENTS (UNITS); k++)
        if (g_strcmp0 (UNITS[k].kind, price->kind) == 0)
          per = UNITS[k].per;
      g_string_append_printf (text, "%s %s %s", i > 0 ? "," : "",
                              is_said (price->gross_price) ? price->gross_price : price->price, per);
    }
  g_string_append_printf (text, " (%s)\n", connector->currency);
}

static void
append_session (GString              *text,
                const TwBusConnector *connector,
                gint64                now_us)
{
  g_autofree char *price = amount (connector->price_minor, connector->currency);
  g_autofree char *hold = amount (connector->hold_minor, connector->currency);
  g_autofree char *charging = duration (connector->charging_ms);
  g_autofree char *parking = duration (connector->parking_ms);

  g_string_append_printf (text, LABEL "session %s: %" G_GINT64_FORMAT ".%03d kWh, %s of a hold of %s, %s\n", "",
                          connector->session, connector->energy_wh / 1000, (int) (connector->energy_wh % 1000), price,
                          hold, connector->money);
  g_string_append_printf (text, LABEL "charging for %s", "", charging);
  if (connector->parking_ms > 0)
    g_string_append_printf (text, ", parking for %s", parking);
  append_deadline (text, connector->deadline_boot_us, now_us, "left in this state");
  g_string_append_c (text, '\n');
}

static void
append_connector (GString              *text,
                  const TwBusConnector *connector,
                  gint64                now_us)
{
  g_autofree char *title = g_strdup_printf ("connector %u", connector->number);
  g_autofree char *number = g_strdup_printf ("%u", connector->number);
  gboolean out_of_order = g_strcmp0 (connector->state, "fault") == 0 || is_said (connector->fault);

  g_string_append_printf (text, "\n" LABEL "%s", title, connector->state);
  if (out_of_order)
    g_string_append_printf (text, " !  %s", is_said (connector->fault) ? connector->fault : "out of order");
  g_string_append_printf (text, ", car: %s", connector->car);
  if (connector->current_ma > 0)
    g_string_append_printf (text, ", %d.%d A", connector->current_ma / 1000, connector->current_ma % 1000 / 100);
  g_string_append_printf (text, "\n" LABEL "%s", "", connector->evse_id);
  if (is_said (connector->label) && g_strcmp0 (connector->label, number) != 0)
    g_string_append_printf (text, ", \"%s\"", connector->label);
  g_string_append_c (text, '\n');
  append_prices (text, connector);
  if (is_said (connector->tariff_refused))
    g_string_append_printf (text, LABEL "!  tariff file not used: %s\n", "", connector->tariff_refused);
  if (is_said (connector->session))
    append_session (text, connector, now_us);
}

static void
append_claim (GString          *text,
              const TwBusClaim *claim,
              gint64            now_us)
{
  g_autofree char *sum = amount (claim->amount_minor, claim->currency);
  g_autofree char *pause = duration ((claim->next_boot_us - now_us) / 1000);

  g_string_append_printf (text, LABEL "%s%s %s of session %s", "", claim->attempts > 0 ? "! " : "", claim->wish, sum,
                          claim->session);
  if (claim->attempts > 0)
    g_string_append_printf (text, ": no definite answer to %u attempt%s", claim->attempts,
                            claim->attempts == 1 ? "" : "s");
  if (claim->next_boot_us > now_us)
    g_string_append_printf (text, ", again in %s", pause);
  g_string_append_c (text, '\n');
}

char *
tw_status_text (TwBusClient *client,
                gint64       now_boot_us)
{
  GString *text = g_string_new (NULL);
  guint n_claims = tw_bus_client_n_claims (client);

  append_station (text, client);
  append_counter (text, client, now_boot_us);
  for (guint i = 0; i < tw_bus_client_station (client).n_connectors; i++)
    {
      TwBusConnector connector = tw_bus_client_connector (client, i);

      append_connector (text, &connector, now_boot_us);
    }

  g_string_append_printf (text, "\n" LABEL "%s\n", "money",
                          n_claims == 0 ? "nothing on its way" : "on its way to or from the payment service:");
  for (guint i = 0; i < n_claims; i++)
    {
      TwBusClaim claim = tw_bus_client_claim (client, i);

      append_claim (text, &claim, now_boot_us);
    }

  return g_string_free (text, FALSE);
}
