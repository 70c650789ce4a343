/* SPDX-License-Identifier: Apache-2.0 */
/* needs: tariff_dep */
/* A tariff or an error. A tariff prices every session of a sane size, its lines add up, and no session becomes dearer
 * than its bound said. */
#include "payment/tariff/tariff.h"

#include "payment/tariff/lint.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gint64
price (const TwTariff *tariff,
       const TwUsage  *usage)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBill) bill = tw_tariff_price (tariff, usage, &error);
  gint64 net = 0, gross = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      net += tw_bill_line (bill, i)->net_minor;
      gross += tw_bill_line (bill, i)->gross_minor;
    }
  g_assert_cmpint (gross, ==, tw_bill_gross (bill).minor);
  g_assert_cmpint (net, ==, tw_bill_net (bill).minor);
  g_assert_cmpint (gross, >=, 0);

  return gross;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwTariff) tariff = tw_tariff_parse (bytes, &error);
  g_autoptr (TwUsage) usage = tw_usage_new ();
  guint seed = g_bytes_hash (bytes);
  gint64 wall_us = (gint64) seed * G_USEC_PER_SEC;

  g_assert_true ((tariff == NULL) == (error != NULL));
  if (tariff == NULL)
    return 0;
  g_ptr_array_unref (tw_tariff_lint (tariff, (TwLintOrder) { .profile = seed % TW_N_PROFILES }));
  for (guint i = 0; i < 8; i++)
    {
      TwSlice slice = {
        .phase = (seed >> i) % 3, .start_wall_us = wall_us, .duration_ms = seed % 7200000, .energy_wh = seed % 50000,
        .has_power = seed & 1024,
      };
      const TwSlice now = { .phase = slice.phase, .start_wall_us = wall_us };
      gint64 bound;

      slice.energy_wh = MIN (slice.energy_wh, slice.duration_ms * 50 / 3600);
      slice.power_w = slice.duration_ms > 0 ? slice.energy_wh * 3600000 / slice.duration_ms : 0;
      tw_usage_add (usage, now);
      if (i == 4)
        tw_usage_bind (usage, tariff);
      bound = tw_tariff_bound_minor (tariff, usage, slice.phase, slice.duration_ms, 50000);
      g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, slice.phase, 0, 50000), ==, price (tariff, usage));
      tw_usage_add (usage, slice);
      wall_us += slice.duration_ms * 1000;
      g_assert_cmpint (price (tariff, usage), <=, bound);
      seed = seed * 1664525u + 1013904223u;
    }

  return 0;
}
