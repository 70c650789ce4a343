/* SPDX-License-Identifier: Apache-2.0 */
/* The files that the verbs about prices read. */
#pragma once

#include "app/cli/verb.h"

#include "payment/tariff/cdr.h"
#include "payment/tariff/tariff.h"

/* name NULL: UTC. NULL, and a complaint: there is no such zone. */
GTimeZone *tw_zone_choose (const TwVerb *verb, const char *name);
/* text NULL: now. Local time in the zone, unless it says otherwise. FALSE, and a complaint about the option. */
gboolean   tw_time_choose (const TwVerb *verb, const char *option, const char *text, GTimeZone *zone,
                           gint64 *wall_ms);
/* All of a file of at most max_bytes. NULL, and a complaint. */
GBytes    *tw_input_read (const TwVerb *verb, const char *path, gsize max_bytes);
/* NULL, and a complaint: the file, the JSON path, what is wrong. */
TwTariff  *tw_tariff_file_read (const TwVerb *verb, const char *path, GTimeZone *zone, TwTariffUse use);
TwCdr     *tw_cdr_file_read (const TwVerb *verb, const char *path);
