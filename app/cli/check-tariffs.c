/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/small-file.h"
#include "payment/tariff/lint.h"

/* What the station would not put in force. NULL: nothing. */
static char *
breaches_of (const TwConfig          *config,
             const TwConnectorConfig *connector,
             const TwTariff          *tariff)
{
  TwSite site = tw_site_of_config (config, connector->number);
  TwLintOrder order = { TW_PROFILE_NONE, &site };

  tw_profile_parse (config->tariff_profile, &order.profile);   /* checked when it was read */

  return tw_tariff_breaches (tariff, order, TRUE);
}

static void
check_tariff (TwFindings              *findings,
              const TwConfig          *config,
              const TwConnectorConfig *connector,
              gint64                   now_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tw_small_file_read (connector->tariff, TW_TARIFF_MAX_BYTES, &error);
  g_autoptr (TwTariff) tariff = bytes != NULL ? tw_tariff_parse (bytes, &error) : NULL;
  g_autofree char *breaches = tariff != NULL ? breaches_of (config, connector, tariff) : NULL;

  if (tariff == NULL)
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                       "correct it (tapwatt tariff lint tells all): the station keeps the tariff before it, or does "
                       "not sell this connector", "connector %u: %s",
                       connector->number, error->message);
      return;
    }

  if (g_strcmp0 (tw_tariff_currency (tariff), config->currency) != 0)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                     "give the tariff the station's currency, or the station the tariff's",
                     "connector %u: it is in %s, and the station is in %s", connector->number,
                     tw_tariff_currency (tariff), config->currency);
  else if (breaches != NULL)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                     "put it right (tapwatt tariff lint --config tells more): the station keeps the tariff before it, "
                     "or does not sell this connector", "connector %u: it breaks the rules of tariff_profile = %s: %s",
                     connector->number, config->tariff_profile, breaches);
  else if (!tw_tariff_valid_at (tariff, now_us))
    tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                     "put a tariff there whose start_date_time and end_date_time include today",
                     "connector %u: tariff %s is not valid now", connector->number, tw_tariff_id (tariff));
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "tariff", connector->tariff, NULL, "connector %u: tariff %s, %s",
                     connector->number, tw_tariff_id (tariff), config->currency);
}

void
tw_check_tariffs (TwFindings     *findings,
                  const TwConfig *config,
                  gint64          now_us)
{
  for (guint i = 0; i < config->n_connectors; i++)
    check_tariff (findings, config, &config->connectors[i], now_us);
}
