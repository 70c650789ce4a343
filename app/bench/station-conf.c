/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/station-conf.h"

static void
put_gateway (GString             *text,
             const TwStationConf *conf)
{
  const TwCertificates *c = conf->certificates;

  g_string_append_printf (text,
                          "\n[gateway]\n"
                          "kind = cybersource\n"
                          "host = apitest.cybersource.com\n"
                          "connect_to = 127.0.0.1:%u\n"
                          "ca_file = %s/ca.pem\n"
                          "merchant_id = %s\n"
                          "key_id = %s\n"
                          "shared_secret_file = %s/shared-secret\n"
                          "mle_certificate = %s/mle.pem\n"
                          "response_key = %s/response-key.pem\n"
                          "response_key_id = %s\n"
                          "authorize_timeout_s = 5\n"
                          "follow_up_timeout_s = 5\n",
                          conf->acquirer_port, c->dir, c->merchant_id, c->key_id, c->dir, c->dir, c->dir,
                          c->response_key_id);
}

/* The CVM limit is above the hold: the plain test card pays without a phone. */
static void
put_reader (GString             *text,
            const TwStationConf *conf)
{
  if (conf->reader == NULL)
    return;

  g_string_append_printf (text,
                          "\n[reader]\n"
                          "device = %s\n"
                          "bank_cards = test\n"
                          "fingerprint_key = %s/fingerprint-key\n"
                          "\n[emv]\n"
                          "terminal_id = BENCH001\n"
                          "merchant_name = Tapwatt bench\n"
                          "contactless_limit_minor = 20000\n"
                          "cvm_limit_minor = 10000\n",
                          conf->reader, conf->certificates->dir);
}

char *
tw_station_conf_text (const TwStationConf *conf)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "# Written by tapwatt-bench at each start; changes go to tapwatt.conf.d/NAME.conf.\n"
                          "[station]\n"
                          "id = BENCH-1\n"
                          "name = Pedestal in the virtual street\n"
                          "address = Teststrasse 1, 10827 Berlin\n"
                          "country = DE\n"
                          "time_zone = Europe/Berlin\n"
                          "currency = EUR\n"
                          "clock = trusted\n"
                          "\n[seller]\n"
                          "name = Stadtwerke Musterstadt\n"
                          "address = Werkstrasse 2, 10827 Berlin\n"
                          "vat_id = DE123456789\n"
                          "helpline = +49 30 1234567\n"
                          "\n[journal]\n"
                          "directory = %s\n",
                          conf->journal);
  put_reader (text, conf);
  put_gateway (text, conf);
  for (guint i = 0; conf->power[i] != NULL; i++)
    g_string_append_printf (text,
                            "\n[connector %u]\n"
                            "evse_id = DE*TWT*E0001*%u\n"
                            "power = %s\n"
                            "tariff = %s\n"
                            "hold_minor = 5000\n"
                            "max_current_a = %u\n"
                            "phases = %u\n"
                            "voltage_v = %u\n",
                            i + 1, i + 1, conf->power[i], conf->tariff, conf->max_current_a, conf->phases,
                            conf->voltage_v);

  return g_string_free (text, FALSE);
}
