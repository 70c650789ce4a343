/* SPDX-License-Identifier: Apache-2.0 */
/* needs: tariff_dep */
/* A record or an error. A record is priced by tariffs that ask about everything; lines add up, and its spans follow one
 * another. */
#include "payment/tariff/cdr.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define WHO "\"country_code\":\"DE\",\"party_id\":\"TWT\",\"last_updated\":\"2026-01-01T00:00:00Z\","

static const char *const tariffs[] = {
  "{" WHO "\"id\":\"A\",\"currency\":\"EUR\",\"elements\":[{\"price_components\":["
  "{\"type\":\"ENERGY\",\"price\":0.25,\"vat\":10,\"step_size\":100},{\"type\":\"TIME\",\"price\":3,\"step_size\":60},"
  "{\"type\":\"PARKING_TIME\",\"price\":1,\"vat\":20,\"step_size\":900},{\"type\":\"FLAT\",\"price\":1,\"step_size\":1}"
  "]}]}",
  "{" WHO "\"id\":\"B\",\"currency\":\"KWD\",\"tax_included\":\"YES\",\"min_price\":{\"before_taxes\":1},"
  "\"elements\":["
  "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.333333,\"vat\":8.875,\"step_size\":0}],"
  "\"restrictions\":{\"start_time\":\"22:00\",\"end_time\":\"06:00\",\"min_kwh\":1.5,\"max_current\":32}},"
  "{\"price_components\":[{\"type\":\"TIME\",\"price\":3,\"vat\":20,\"step_size\":60}],"
  "\"restrictions\":{\"reservation\":\"RESERVATION\"}},"
  "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.5,\"vat\":20,\"step_size\":7},"
  "{\"type\":\"PARKING_TIME\",\"price\":3,\"step_size\":60}],\"restrictions\":{\"min_duration\":60}}]}",
};

static void
price (const TwCdr *cdr,
       const char  *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (TwTariff) tariff = tw_tariff_parse_in (bytes, zone, TW_TARIFF_ANY, NULL);
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  g_autoptr (TwBill) bill = NULL;
  gint64 net = 0, gross = 0;

  tw_cdr_feed (cdr, pricer);
  bill = tw_pricer_bill (pricer, NULL);
  for (guint i = 0; bill != NULL && i < tw_bill_n_lines (bill); i++)
    {
      net += tw_bill_line (bill, i)->net_minor;
      gross += tw_bill_line (bill, i)->gross_minor;
    }
  g_assert_true (bill == NULL || (net == tw_bill_net (bill).minor && gross == tw_bill_gross (bill).minor));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwCdr) cdr = tw_cdr_parse (bytes, &error);

  g_assert_true ((cdr == NULL) == (error != NULL));
  if (cdr == NULL)
    return 0;
  for (guint i = 1; i < tw_cdr_n_spans (cdr); i++)
    g_assert_cmpint (tw_cdr_span (cdr, i)->start_ms, >=,
                     tw_cdr_span (cdr, i - 1)->start_ms + tw_cdr_span (cdr, i - 1)->duration_ms);
  for (guint i = 0; i < G_N_ELEMENTS (tariffs); i++)
    price (cdr, tariffs[i]);

  return 0;
}
