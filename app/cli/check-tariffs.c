/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/small-file.h"
#include "payment/tariff/tariff.h"

static void
check_tariff (TwFindings              *findings,
              const TwConfig          *config,
              const TwConnectorConfig *connector,
              gint64                   now_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tw_small_file_read (connector->tariff, TW_TARIFF_MAX_BYTES, &error);
  TwTariff *tariff = bytes != NULL ? tw_tariff_parse (bytes, &error) : NULL;

  if (tariff == NULL)
    {
      tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                       "correct it: without a tariff this connector is not sold", "connector %u: %s",
                       connector->number, error->message);
      return;
    }

  if (g_strcmp0 (tw_tariff_currency (tariff), config->currency) != 0)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                     "give the tariff the station's currency, or the station the tariff's",
                     "connector %u: it is in %s, and the station is in %s", connector->number,
                     tw_tariff_currency (tariff), config->currency);
  else if (!tw_tariff_valid_at (tariff, now_us))
    tw_findings_add (findings, TW_SEVERITY_FAIL, "tariff", connector->tariff,
                     "put a tariff there whose start_date_time and end_date_time include today",
                     "connector %u: tariff %s is not valid now", connector->number, tw_tariff_id (tariff));
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "tariff", connector->tariff, NULL, "connector %u: tariff %s, %s",
                     connector->number, tw_tariff_id (tariff), config->currency);

  tw_tariff_unref (tariff);
}

void
tw_check_tariffs (TwFindings     *findings,
                  const TwConfig *config,
                  gint64          now_us)
{
  for (guint i = 0; i < config->n_connectors; i++)
    check_tariff (findings, config, &config->connectors[i], now_us);
}
