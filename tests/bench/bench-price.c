/* SPDX-License-Identifier: Apache-2.0 */
/* Pricing, with the tariff and the session in memory: whole sessions, and one more reading in a running one. The named
 * alternative is to price a running session again from its beginning.
 */
#include "payment/tariff/pricer.h"

#include <string.h>

enum { N_PERIODS = 1440, N_PLAIN = 200000, N_LONG = 1000, N_UPDATES = 200000, N_ROUNDS = 3 };

static TwTariff *
parse (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GError) error = NULL;
  TwTariff *tariff = tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, &error);

  g_assert_no_error (error);

  return tariff;
}

static TwTariff *
plain_tariff (void)
{
  return parse ("{'id':'P','currency':'EUR','tax_included':'YES','elements':[{'price_components':["
                "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1},"
                "{'type':'PARKING_TIME','price':6.00,'vat':19,'step_size':1}]}]}");
}

/* Twelve elements: two hours of the day each, and a tenth of them weekdays, energy, age and power besides. */
static TwTariff *
rich_tariff (void)
{
  g_autoptr (GString) text = g_string_new ("{'id':'R','currency':'EUR','elements':[");
  const char *const more[] = { "", ",'day_of_week':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY']", ",'min_kwh':10",
                               ",'max_duration':40000", ",'min_power':5", "" };

  for (int i = 0; i < 12; i++)
    g_string_append_printf (text, "%s{'price_components':[{'type':'ENERGY','price':0.%d,'vat':20,'step_size':1},"
                            "{'type':'TIME','price':%d.5,'vat':10,'step_size':60},"
                            "{'type':'PARKING_TIME','price':2,'vat':20,'step_size':60}],"
                            "'restrictions':{'start_time':'%02d:00','end_time':'%02d:30'%s}}",
                            i ? "," : "", 20 + i, i % 3, 2 * i, (2 * i + 3) % 24, more[i % 6]);
  g_string_append (text, "]}");

  return parse (text->str);
}

static TwSpan
period (int i)
{
  return (TwSpan) {
    .phase = i < N_PERIODS * 3 / 4 ? TW_PHASE_CHARGING : TW_PHASE_PARKING, .start_ms = 1780000000000 + i * 60000,
    .duration_ms = 60000, .energy_mwh = i < N_PERIODS * 3 / 4 ? 61234 : 0, .has_power = TRUE,
    .min_power_mw = 3500000 + i % 7 * 500000, .max_power_mw = 3600000 + i % 7 * 500000,
  };
}

/* A second for n sessions of n_spans each; how many a second. */
static double
sessions_a_second (const TwTariff *tariff,
                   int             n,
                   int             n_spans)
{
  g_autofree TwSpan *spans = g_new (TwSpan, n_spans);
  gint64 best_us = G_MAXINT64;

  for (int i = 0; i < n_spans; i++)
    spans[i] = period (n_spans == N_PERIODS ? i : i * N_PERIODS * 3 / 4);
  for (int round = 0; round < N_ROUNDS; round++)
    {
      gint64 begin = g_get_monotonic_time ();
      g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);

      for (int session = 0; session < n; session++)
        {
          g_autoptr (TwBill) bill = NULL;

          tw_pricer_reset (pricer);
          for (int i = 0; i < n_spans; i++)
            tw_pricer_feed (pricer, &spans[i]);
          bill = tw_pricer_bill (pricer, NULL);
          g_assert_cmpint (tw_bill_gross (bill).minor, >, 0);
        }
      best_us = MIN (best_us, g_get_monotonic_time () - begin);
    }

  return n * 1e6 / (double) MAX (best_us, 1);
}

static void
test_sessions (void)
{
  g_autoptr (TwTariff) plain = plain_tariff (), rich = rich_tariff ();
  double plain_rate = sessions_a_second (plain, N_PLAIN, 2);
  double rich_rate = sessions_a_second (rich, N_LONG, N_PERIODS);

  g_test_message ("a plain tariff: %.0f sessions a second (aim: 500000)", plain_rate);
  g_test_message ("12 elements, %d periods: %.0f sessions a second (aim: 5000)", N_PERIODS, rich_rate);
  g_assert_cmpfloat (plain_rate, >, 20000);
  g_assert_cmpfloat (rich_rate, >, 200);
}

static double
update_ns (const TwTariff *tariff)
{
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 begin, so_far, if_stopped, last = 0;

  begin = g_get_monotonic_time ();
  for (int i = 0; i < N_UPDATES; i++)
    {
      TwSpan second = {
        .phase = TW_PHASE_CHARGING, .start_ms = 1780000000000 + i * 1000, .duration_ms = 1000, .energy_mwh = 3056,
        .has_power = TRUE, .min_power_mw = 11000000, .max_power_mw = 11000000,
      };

      tw_pricer_feed (pricer, &second);
      g_assert_true (tw_pricer_cost_minor (pricer, &so_far, &if_stopped));
      last = if_stopped;
    }
  g_assert_cmpint (last, >, 0);

  return (double) (g_get_monotonic_time () - begin) * 1e3 / N_UPDATES;
}

/* What it would be without a running price: all slices again for each reading. */
static double
again_ns (const TwTariff *tariff)
{
  g_autoptr (TwUsage) usage = tw_usage_new ();
  gint64 begin;

  for (int i = 0; i < N_PERIODS; i++)
    tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, (gint64) i * 60000000, 60000, 183, TRUE, 11000 });
  begin = g_get_monotonic_time ();
  for (int i = 0; i < 200; i++)
    {
      g_autoptr (TwBill) bill = tw_tariff_price (tariff, usage, NULL);

      g_assert_nonnull (bill);
    }

  return (double) (g_get_monotonic_time () - begin) * 1e3 / 200;
}

static void
test_running (void)
{
  g_autoptr (TwTariff) plain = plain_tariff (), rich = rich_tariff ();

  g_test_message ("a running price, one reading: %.0f ns plain, %.0f ns with 12 elements (aim: below 1000); all again "
                  "after %d readings: %.0f ns", update_ns (plain), update_ns (rich), N_PERIODS, again_ns (rich));
  g_assert_cmpfloat (update_ns (rich), <, again_ns (rich));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bench/price/sessions", test_sessions);
  g_test_add_func ("/bench/price/a-running-price-costs-less-than-all-again", test_running);

  return g_test_run ();
}
