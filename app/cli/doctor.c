/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/error.h"
#include "app/cli/checks.h"
#include "app/cli/journal-file.h"

static struct
{
  char    *config;
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &options.config, "the configuration (" TW_DEFAULT_CONFIG ")", "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {worst, findings}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Looks at everything that the station needs from its surroundings, and says about each finding what to do: the\n"
  "configuration, tariffs, devices, secrets and who may read them, the clock, the rules of local times, certificates\n"
  "and how long they last, the way to the payment service, the journal and the room for it. Changes nothing; the\n"
  "station may be running.\n"
  "\n"
  "Run it as the user that the station runs as: another one may be allowed more.\n"
  "\n"
  "  tapwatt doctor\n"
  "  tapwatt doctor --config /etc/tapwatt/tapwatt.conf --json | jq '.findings[] | select (.severity != \"ok\")'\n"
  "\n"
  "  ok    all is well\n"
  "  warn  works now, and will not always\n"
  "  fail  does not work\n"
  "\n"
  "Exit status: 0 all ok; 1 something is warn or fail; 2 there is no such configuration.\n";

static void
check_all (TwFindings     *findings,
           const TwConfig *config)
{
  gint64 now_us = g_get_real_time ();

  tw_findings_add (findings, TW_SEVERITY_OK, "config", config->station_id, NULL, "%u connector%s; bank cards %s",
                   config->n_connectors, config->n_connectors == 1 ? "" : "s",
                   config->bank_cards_test ? "TEST MODE: no real money" : "off");
  tw_check_tariffs (findings, config, now_us);
  tw_check_devices (findings, config);
  tw_check_secrets (findings, config);
  tw_check_clock (findings, config);
  tw_check_zones (findings, config);
  tw_check_certificates (findings, config, now_us / G_USEC_PER_SEC);
  tw_check_gateway (findings, config, now_us / G_USEC_PER_SEC);
  tw_check_journal (findings, config);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  const char *path = options.config != NULL ? options.config : TW_DEFAULT_CONFIG;
  g_autoptr (TwFindings) findings = tw_findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TwConfig) config = tw_config_load (path, &error);
  gboolean printed;

  if (config == NULL && !g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA))
    {
      tw_verb_complain (self, "%s", error->message);
      return TW_EXIT_USAGE;
    }

  if (config != NULL)
    check_all (findings, config);
  else
    tw_findings_add (findings, TW_SEVERITY_FAIL, "config", path,
                     "correct it; the rest is looked at when it can be read", "%s", error->message);

  printed = options.json ? tw_findings_print_json (findings, self) : tw_findings_print (findings, self);
  if (!printed)
    return TW_EXIT_UNKNOWN;

  return tw_findings_worst (findings) == TW_SEVERITY_OK ? TW_EXIT_WELL : TW_EXIT_FOUND;
}

const TwVerb TW_VERB_DOCTOR = {
  .name = "doctor",
  .arguments = "",
  .summary = "what is wrong around this station, and what to do",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 0,
  .n_max = 0,
  .run = run,
};
