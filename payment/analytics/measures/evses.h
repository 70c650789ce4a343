/* SPDX-License-Identifier: Apache-2.0 */
/* EVSEs with their states over some time, as the models of uptime want them. States are those of an EVSE, whatever
 * connectors it has, and so is its uptime: it can serve one car. This folder's own.
 */
#pragma once

#include "payment/analytics/models/uptime.h"
#include "payment/analytics/states.h"

typedef struct
{
  guint32     site;
  const char *name;
  gint64      rated_power_w;       /* of its strongest connector; TW_UNKNOWN */
  GArray     *times;               /* of TwPortTime, until the data's end, while it was there */
  GArray     *spans;               /* of TwUpSpan: those, and in [from, until) where it was not */
  GArray     *open;                /* of TwSpan: in [from, until); NULL: always */
} TwEvse;

/* Those that were there at some time in [from, until): of TwEvse, owned, by site and name. */
GPtrArray  *tw_evses_new (const TwAnalysis *analysis, gint64 from, gint64 until);

/* Seconds of [from, until) in which its sources tell whether one could pay, and of those in which one could. */
TwUptimePayment tw_evse_payment (const TwEvse *self, gint64 from, gint64 until);

static inline TwUpPort
tw_evse_port (const TwEvse *self)
{
  return (TwUpPort) { (const TwUpSpan *) (gconstpointer) self->spans->data, self->spans->len,
                      self->open ? (const TwSpan *) (gconstpointer) self->open->data : NULL,
                      self->open ? self->open->len : 0 };
}
