/* SPDX-License-Identifier: Apache-2.0 */
/* Offers to people who come back, as the bus says them. Part of bus.h. Values. */
#pragma once

#include <glib.h>

/* charges_in_month, days_since_last: the condition, 0: not asked for. discount_bp: hundredths of a percent; 0: none is
 * granted. */
typedef struct { guint charges_in_month, days_since_last, discount_bp; } TwBusGrant;

/* state: "in-force", "coming". hash: of its file. Times are wall time, µs. */
typedef struct
{
  const char *state, *rule, *hash;
  TwBusGrant  grant;
  gint64      valid_from_us, valid_until_us;
} TwBusOffer;

/* A file's text, NULL: all are withdrawn; ISO 8601, valid_from "": now. */
typedef struct { const char *offers, *valid_from, *valid_until; } TwBusOffersOrder;
