/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/receipt/sample.h"

#include <string.h>

#define BEGIN_US  (G_GINT64_CONSTANT (1795342530) * G_USEC_PER_SEC)   /* date -u -d 2026-11-22T10:15:30 +%s */
#define END_US    (G_GINT64_CONSTANT (1795348869) * G_USEC_PER_SEC)   /* 12:01:09 */
#define HOUR_MS   (3600 * 1000)
#define MINUTE_MS (60 * 1000)

TwReceipt *
sample_blank (const char *currency)
{
  TwReceipt *receipt = tw_receipt_new (currency);

  receipt->seller_name = g_strdup ("Stadtwerke Muster GmbH");
  receipt->seller_address = g_strdup ("Lindenallee 12, 12345 Musterstadt");
  receipt->seller_vat_id = g_strdup ("DE123456789");
  receipt->helpline = g_strdup ("+49 30 5550123");
  receipt->station_id = g_strdup ("TWT0001");
  receipt->station_name = g_strdup ("Parkhaus Mitte");
  receipt->station_address = g_strdup ("Marktplatz 3, 12345 Musterstadt");
  receipt->evse_id = g_strdup ("DE*TWT*E0001*1");
  receipt->connector = g_strdup ("1");
  receipt->time_zone = g_strdup ("Europe/Berlin");
  receipt->session = g_strdup ("20261122-101530-1-7f3a91");
  receipt->reason = g_strdup ("unplugged");

  return receipt;
}

static void
add_delivery (TwReceipt *receipt,
              gint64     wh)
{
  receipt->begin_wall_us = BEGIN_US;
  receipt->end_wall_us = END_US;
  receipt->energy_wh = wh;
  receipt->meter_begin_wh = 1234567;
  receipt->meter_end_wh = 1234567 + wh;
  receipt->max_power_w = 10970;
  receipt->current_type = g_strdup ("AC");
}

static void
add_card (TwReceipt *receipt)
{
  receipt->brand = g_strdup ("visa");
  receipt->masked = g_strdup ("************0119");
  receipt->aid = g_strdup ("A0000000031010");
  receipt->approval_code = g_strdup ("831000");
  receipt->reference = g_strdup ("7321456789016543210987");
}

void
sample_price (TwReceipt  *receipt,
              const char *tariff_text,
              gint64      wh,
              gint64      charging_ms,
              gint64      parking_ms)
{
  g_autofree char *json = g_strdelimit (g_strdup (tariff_text), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (TwTariff) tariff = tw_tariff_parse (bytes, &error);
  g_autoptr (TwUsage) usage = tw_usage_new ();
  g_autoptr (TwBill) bill = NULL;

  g_assert_no_error (error);
  tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, BEGIN_US, charging_ms, wh });
  tw_usage_add (usage, (TwSlice) { TW_PHASE_PARKING, BEGIN_US + charging_ms * 1000, parking_ms, 0 });
  bill = tw_tariff_price (tariff, usage, &error);
  g_assert_no_error (error);
  tw_receipt_set_bill (receipt, bill);
  receipt->tariff_id = g_strdup (tw_tariff_id (tariff));
  receipt->tariff_hash = g_strdup (tw_tariff_hash (tariff));
}

/* 20.450 kWh x 0.49 = 10.0205, 40:04 parked x 6.00/h = 4.006666..; together 14.0271.. -> 14.03; each 10.02 and 4.01, so
 * that no cent is missing. Net 14.0271.. / 1.19 = 11.7875.. -> 11.79. */
TwReceipt *
sample_paid (void)
{
  TwReceipt *receipt = sample_blank ("EUR");

  add_delivery (receipt, 20450);
  sample_price (receipt, "{'id':'DEMO-1','currency':'EUR','tax_included':'YES','elements':[{'price_components':["
                "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1},"
                "{'type':'PARKING_TIME','price':6.00,'vat':19,'step_size':1}]}]}",
                20450, 65 * MINUTE_MS, 40 * MINUTE_MS + 3200);
  add_card (receipt);
  receipt->number = g_strdup ("TWT0001-000017");
  receipt->status = TW_PAYMENT_CAPTURED;
  receipt->hold_minor = 4000;
  receipt->captured_minor = 1403;
  receipt->release = TW_RELEASE_DONE;
  receipt->released_wall_us = END_US + 3 * G_USEC_PER_SEC;
  receipt->test_mode = TRUE;

  return receipt;
}

/* 0.50 + 20 % = 0.60; 62.345 kWh x 0.40 = 24.938, + 10 % = 27.4318; 66 min charged x 3.00/h = 3.30, + 20 % = 3.96;
 * 31.9918 gross, 28.738 net. At most 25.00 / 28.00: 32.00 and 31.99.. are cut to 28.00, 28.74 to 25.00. The hold is
 * 27.50. */
TwReceipt *
sample_two_rates (void)
{
  TwReceipt *receipt = sample_blank ("EUR");

  add_delivery (receipt, 62345);
  g_free (receipt->reason);
  receipt->reason = g_strdup ("limit");
  sample_price (receipt, "{'id':'TWO-RATES','currency':'EUR','max_price':{'excl_vat':25,'incl_vat':28},"
                "'elements':[{'price_components':["
                "{'type':'FLAT','price':0.5,'vat':20.0,'step_size':1},"
                "{'type':'ENERGY','price':0.4,'vat':10.0,'step_size':1},"
                "{'type':'TIME','price':3,'vat':20,'step_size':60}]}]}", 62345, 66 * MINUTE_MS, 0);
  add_card (receipt);
  receipt->number = g_strdup ("TWT0001-000018");
  receipt->status = TW_PAYMENT_PENDING;
  receipt->hold_minor = 2750;
  receipt->captured_minor = 2750;
  receipt->release = TW_RELEASE_PENDING;
  tw_receipt_add_finding (receipt, "capped-at-hold");
  tw_receipt_add_finding (receipt, "clock-not-synchronised");

  return receipt;
}

TwReceipt *
sample_declined (void)
{
  TwReceipt *receipt = sample_blank ("EUR");

  g_free (receipt->reason);
  receipt->reason = g_strdup ("declined");
  receipt->brand = g_strdup ("visa");
  receipt->masked = g_strdup ("************0119");
  receipt->aid = g_strdup ("A0000000031010");

  return receipt;
}

TwReceipt *
sample_no_energy (void)
{
  TwReceipt *receipt = sample_blank ("EUR");

  add_delivery (receipt, 0);
  add_card (receipt);
  g_free (receipt->reason);
  receipt->reason = g_strdup ("faulted");
  receipt->status = TW_PAYMENT_RELEASED;
  receipt->hold_minor = 4000;
  receipt->release = TW_RELEASE_DONE;
  receipt->released_wall_us = END_US;

  return receipt;
}

TwReceipt *
sample_stuck (void)
{
  TwReceipt *receipt = sample_no_energy ();

  receipt->release = TW_RELEASE_REFUSED;
  receipt->released_wall_us = 0;

  return receipt;
}

TwReceipt *
sample_unknown (void)
{
  TwReceipt *receipt = sample_blank ("EUR");

  g_free (receipt->reason);
  receipt->reason = g_strdup ("gateway-unreachable");
  receipt->brand = g_strdup ("visa");
  receipt->masked = g_strdup ("************0119");
  receipt->status = TW_PAYMENT_UNKNOWN;
  receipt->hold_minor = 4000;

  return receipt;
}

/* 5.00/h x 1:00:01.500 = 5.0020833.. -> 5.00; 5.00 is not whole per minute, so that the hour stays. */
TwReceipt *
sample_failed (void)
{
  TwReceipt *receipt = sample_blank ("EUR");

  add_delivery (receipt, 1500);
  sample_price (receipt, "{'id':'UNKNOWN-TAX','currency':'EUR','tax_included':'YES','elements':[{'price_components':["
                "{'type':'TIME','price':5.00,'step_size':0}]}]}", 1500, HOUR_MS + 1500, 0);
  add_card (receipt);
  receipt->status = TW_PAYMENT_FAILED;
  receipt->hold_minor = 4000;

  return receipt;
}

const Sample samples[] = {
  { "paid", sample_paid }, { "two-rates", sample_two_rates }, { "declined", sample_declined },
  { "no-energy", sample_no_energy },
  { "stuck", sample_stuck }, { "unknown", sample_unknown }, { "failed", sample_failed },
};
const guint n_samples = G_N_ELEMENTS (samples);
