/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/bus/client.h"
#include "app/cli/sheet.h"

static struct
{
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json,
    "print {tariffs: [{connector, state, source, id, hash, currency, valid_from, valid_until, activated, forced}]}",
    NULL },
  { NULL }
};

static const char TEXT[] =
  "Asks the running station which tariff is in force at each connector, which ones are to come, and where they are\n"
  "from: activated by an operator, or configured. Times are UTC.\n"
  "\n"
  "  tapwatt tariff list\n"
  "  tapwatt tariff list --json | jq '.tariffs[] | select(.state == \"coming\")'\n"
  "\n"
  "Exit status: 0 each connector has one; 1 one has none and sells nothing; 3 no station answers.\n";

/* NULL: none. */
static char *
time_text (gint64 wall_us)
{
  g_autoptr (GDateTime) time = wall_us != 0 ? g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC) : NULL;

  return time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static gboolean
print_json (const TwVerb *self,
            TwBusClient  *client)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_begin_array (out, "tariffs");
  for (guint i = 0; i < tw_bus_client_n_tariffs (client); i++)
    {
      TwBusTariff tariff = tw_bus_client_tariff (client, i);
      g_autofree char *from = time_text (tariff.valid_from_us), *until = time_text (tariff.valid_until_us);
      g_autofree char *activated = time_text (tariff.activated_us);
      gboolean missing = g_str_equal (tariff.state, "missing");

      tw_json_out_begin_object (out, NULL);
      tw_json_out_int64 (out, "connector", tariff.connector);
      tw_json_out_string (out, "state", tariff.state);
      tw_json_out_string (out, "source", missing ? NULL : tariff.source);
      tw_json_out_string (out, "id", missing ? NULL : tariff.id);
      tw_json_out_string (out, "hash", missing ? NULL : tariff.hash);
      tw_json_out_string (out, "currency", missing ? NULL : tariff.currency);
      tw_json_out_string (out, "valid_from", from);
      tw_json_out_string (out, "valid_until", until);
      tw_json_out_string (out, "activated", activated);
      tw_json_out_bool (out, "forced", tariff.forced);
      tw_json_out_end (out);
    }

  return tw_verb_print_json (self, out);
}

static gboolean
print_text (const TwVerb *self,
            TwBusClient  *client)
{
  static const char *const TITLES[] = { "connector", "state", "tariff", "from", "until", "source", "hash", NULL };
  g_autoptr (TwSheet) table = tw_sheet_new (TITLES);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < tw_bus_client_n_tariffs (client); i++)
    {
      TwBusTariff tariff = tw_bus_client_tariff (client, i);
      g_autofree char *number = g_strdup_printf ("%u", tariff.connector);
      g_autofree char *from = time_text (tariff.valid_from_us), *until = time_text (tariff.valid_until_us);
      g_autofree char *source = g_strconcat (tariff.source, tariff.forced ? ", forced" : "", NULL);
      gboolean missing = g_str_equal (tariff.state, "missing");
      const char *cells[] = { number, tariff.state, missing ? "-" : tariff.id, from ? from : "-", until ? until : "-",
                              missing ? "-" : source, tariff.hash };

      tw_sheet_add (table, cells);
    }
  tw_sheet_append_to (table, text);

  return tw_verb_print (self, text->str);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBusClient) client = tw_bus_client_new (NULL, &error);

  if (client == NULL || !tw_bus_client_refresh (client, &error))
    return tw_verb_complain_of (self, error);
  if (!(options.json ? print_json (self, client) : print_text (self, client)))
    return TW_EXIT_UNKNOWN;
  for (guint i = 0; i < tw_bus_client_n_tariffs (client); i++)
    if (g_str_equal (tw_bus_client_tariff (client, i).state, "missing"))
      return TW_EXIT_FOUND;

  return TW_EXIT_WELL;
}

const TwVerb TW_VERB_TARIFF_LIST = {
  .name = "tariff list",
  .arguments = "",
  .summary = "which tariffs are in force, and which are to come",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 0,
  .n_max = 0,
  .run = run,
};
