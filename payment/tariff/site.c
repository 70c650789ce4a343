/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/site.h"

#include "app/base/words.h"

static TwFact
fact (gboolean is_so)
{
  return is_so ? TW_FACT_YES : TW_FACT_NO;
}

TwSite
tw_site_of_config (const TwConfig *config,
                   guint           connector)
{
  TwSite site = {
    .contactless = fact (config->reader_device != NULL && config->bank_cards_test),
    .helpline = fact (config->helpline != NULL && config->helpline[0] != '\0'),
    .shows_tariff = TW_FACT_YES,   /* screen and bus say what the lock takes, and nothing else */
    .signs_time = TW_FACT_NO,      /* no meter that can be configured signs its records */
    .country = config->country,
    .languages = tw_words_languages (),
  };

  for (guint i = 0; i < config->n_connectors; i++)
    {
      const TwConnectorConfig *one = &config->connectors[i];
      gint64 power_w = (gint64) one->max_current_a * one->phases * one->voltage_v;

      if (connector != 0 && one->number != connector)
        continue;
      site.power_w = MAX (site.power_w, power_w);
      site.hold_minor = site.hold_minor == 0 ? one->hold_minor : MIN (site.hold_minor, one->hold_minor);
    }

  return site;
}
