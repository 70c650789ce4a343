/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/tariff-file.h"

#include "app/base/error.h"
#include "app/bus/client.h"

#include <string.h>

static struct
{
  int      connector;
  char    *valid_from;
  gboolean force;
} options;

static const GOptionEntry OPTIONS[] = {
  { "connector", 0, 0, G_OPTION_ARG_INT, &options.connector, "only this one; without it all", "N" },
  { "valid-from", 0, 0, G_OPTION_ARG_STRING, &options.valid_from,
    "when it comes into force, such as 2026-12-01T00:00:00+01:00; without a zone it is UTC; without it now", "TIME" },
  { "force", 0, 0, G_OPTION_ARG_NONE, &options.force,
    "although it breaks the rules of [station] tariff_profile; that is journalled", NULL },
  { NULL }
};

static const char TEXT[] =
  "Puts a tariff in force at the running station, for those who come from then on: whoever has been shown a price\n"
  "pays that price. It is in the journal before it is in force, and is found there by each start. A tariff that\n"
  "cannot be sold, or that breaks the configured rules, is refused, and the old one stays in force.\n"
  "\n"
  "  tapwatt tariff activate winter.json --valid-from 2026-12-01T00:00:00+01:00\n"
  "  tapwatt tariff activate dc.json --connector 2\n"
  "\n"
  "Exit status: 0 it is durable; 1 it breaks the configured rules, or the station cannot take it now; 2 no tariff\n"
  "that can be sold there, and where; 3 no station answers, and nobody knows: look with tapwatt tariff list.\n";

static gboolean
is_time (const TwVerb *self,
         const char   *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);

  if (time == NULL)
    tw_verb_complain (self, "--valid-from \"%.64s\": expected a time such as 2026-12-01T00:00:00Z", text);

  return time != NULL;
}

/* The file's text as it is; the bus takes UTF-8 without NUL, and so does JSON. */
static char *
read_text (const TwVerb *self,
           const char   *path)
{
  g_autoptr (GBytes) bytes = tw_input_read (self, path, TW_TARIFF_MAX_BYTES);
  gsize n;
  const char *text = bytes ? g_bytes_get_data (bytes, &n) : NULL;

  if (bytes == NULL)
    return NULL;
  if (text == NULL || !g_utf8_validate_len (text, n, NULL))
    {
      tw_verb_complain (self, "%s: $: not UTF-8", path);
      return NULL;
    }

  return g_strndup (text, n);
}

static TwExit
activate (const TwVerb          *self,
          const char            *path,
          const TwBusActivation *activation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBusClient) client = tw_bus_client_new (NULL, &error);

  if (client != NULL && tw_bus_client_activate (client, activation, &error))
    return tw_verb_print (self, "activated; tapwatt tariff list shows what is in force\n") ? TW_EXIT_WELL
                                                                                           : TW_EXIT_UNKNOWN;
  if (g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED))
    {
      tw_verb_complain (self, "%s: not activated: %s", path, error->message);
      return TW_EXIT_FOUND;
    }
  if (g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA))
    {
      tw_verb_complain (self, "%s: %s", path, error->message);
      return TW_EXIT_USAGE;
    }

  return tw_verb_complain_of (self, error);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autofree char *text = NULL;
  TwBusActivation activation = { .connector = (guint) options.connector, .force = options.force };

  if (options.connector < 0)
    {
      tw_verb_complain (self, "--connector %d: expected the number of a connector, or 0 for all", options.connector);
      return TW_EXIT_USAGE;
    }
  if (options.valid_from != NULL && !is_time (self, options.valid_from))
    return TW_EXIT_USAGE;
  text = read_text (self, arguments[0]);
  if (text == NULL)
    return TW_EXIT_USAGE;
  activation.tariff = text;
  activation.valid_from = options.valid_from ? options.valid_from : "";

  return activate (self, arguments[0], &activation);
}

const TwVerb TW_VERB_TARIFF_ACTIVATE = {
  .name = "tariff activate",
  .arguments = "FILE",
  .summary = "put a tariff in force at the running station",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
