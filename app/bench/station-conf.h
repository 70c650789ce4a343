/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration with which a station stands in this street; keys as in assets/tapwatt.conf.sample. Pure. */
#pragma once

#include "app/bench/certificates.h"

typedef struct
{
  const TwCertificates *certificates;
  guint                 acquirer_port;
  const char           *journal;          /* folder */
  const char           *tariff;
  const char           *reader;           /* "pn532:/path"; NULL: the station has none */
  guint                 phases, voltage_v, max_current_a;   /* of each connector */
  const char *const    *power;            /* "rapi:/path" of each connector, NULL-terminated */
} TwStationConf;

/* The text of tapwatt.conf. Free with g_free(). */
char *tw_station_conf_text (const TwStationConf *conf);
