/* SPDX-License-Identifier: Apache-2.0 */
#include "app/daemon/lists.h"

TwBusGrant
tw_lists_grant (const TwOfferRule *rule)
{
  return (TwBusGrant) { rule->condition.charges_in_month, rule->condition.days_since_last, rule->discount_bp };
}

static void
publish_claims (TwBus     *bus,
                TwStation *station)
{
  guint n = tw_station_n_open (station);
  g_autofree TwBusClaim *claims = g_new0 (TwBusClaim, n + 1);

  for (guint i = 0; i < n; i++)
    {
      TwOpenClaim open = tw_station_open_claim (station, i);

      claims[i] = (TwBusClaim) {
        .session = open.record->session, .request = open.request, .wish = open.wish,
        .currency = open.record->hold.currency, .outcome = open.outcome, .amount_minor = open.amount_minor,
        .next_boot_us = open.next_boot_us, .attempts = open.attempts,
      };
    }
  tw_bus_set_claims (bus, claims, n);
}

static TwBusTariff
tariff_of (const TwTariffView *view)
{
  static const char *const states[] = { "in-force", "coming", "missing" };
  TwBusTariff tariff = {
    .connector = view->connector, .state = states[view->state], .source = view->activated ? "activated" : "configured",
    .valid_from_us = view->valid_from_us, .activated_us = view->activated_us, .forced = view->forced,
  };
  gint64 start_us, end_us;

  if (view->tariff == NULL)
    return tariff;
  tw_tariff_validity (view->tariff, &start_us, &end_us);
  tariff.id = tw_tariff_id (view->tariff);
  tariff.hash = tw_tariff_hash (view->tariff);
  tariff.currency = tw_tariff_currency (view->tariff);
  tariff.valid_until_us = end_us != G_MAXINT64 ? end_us : 0;
  return tariff;
}

static void
publish_tariffs (TwBus     *bus,
                 TwStation *station)
{
  g_autofree TwTariffView *views = NULL;
  guint n = tw_station_tariffs (station, &views);
  g_autofree TwBusTariff *tariffs = g_new0 (TwBusTariff, n + 1);

  for (guint i = 0; i < n; i++)
    tariffs[i] = tariff_of (&views[i]);
  tw_bus_set_tariffs (bus, tariffs, n);
}

static void
publish_offers (TwBus     *bus,
                TwStation *station)
{
  g_autofree TwOfferView *views = NULL;
  guint n = tw_station_offers (station, &views);
  g_autofree TwBusOffer *offers = g_new0 (TwBusOffer, n + 1);

  for (guint i = 0; i < n; i++)
    offers[i] = (TwBusOffer) { views[i].in_force ? "in-force" : "coming", views[i].rule->id, views[i].hash,
                               tw_lists_grant (views[i].rule), views[i].valid_from_us, views[i].valid_until_us };
  tw_bus_set_offers (bus, offers, n);
}

void
tw_lists_publish (TwBus     *bus,
                  TwStation *station)
{
  publish_claims (bus, station);
  publish_tariffs (bus, station);
  publish_offers (bus, station);
}
