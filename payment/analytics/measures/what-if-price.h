/* SPDX-License-Identifier: Apache-2.0 */
/* A session of the past under a tariff, by the engine that the station sells with. Where the meter's readings are known
 * they are priced one by one. Else the energy flows evenly while the car charged, at the mean power, and what came
 * after is parking; what was before is our time or the car's, which nobody can tell: it ages the session and has no
 * price. This folder's own. One thread.
 */
#pragma once

#include "payment/analytics/session-row.h"
#include "payment/tariff/tariff.h"

/* What became of it. Up to the first that is not, sessions are priced. */
typedef enum
{
  TW_REPRICED,
  TW_REPRICED_END_UNKNOWN,      /* as if it had charged until it was unplugged: an idle time there was is not known */
  TW_REPRICED_NOTHING_FLOWED,   /* costs nothing under any tariff of ours */
  TW_NOT_REPRICED_OPEN,
  TW_NOT_REPRICED_ENERGY,       /* is not known */
  TW_NOT_REPRICED_TIMES,        /* energy came in no time */
  TW_NOT_REPRICED_CURRENCY,
  TW_NOT_REPRICED_CURRENT,      /* the tariff asks for a current, and nobody knows it */
  TW_NOT_REPRICED_TOO_LARGE,
  TW_N_REPRICINGS,
} TwRepricing;

typedef struct { TwRepricing result; gint64 gross_minor, net_minor; gboolean net_known; } TwRepriced;

static inline gboolean
tw_repriced_is_priced (const TwRepriced *self)
{
  return self->result < TW_NOT_REPRICED_OPEN;
}

typedef struct _TwRepricer TwRepricer;

/* file: of a tariff that can be parsed. */
TwRepricer *tw_repricer_new   (GBytes *file);
void        tw_repricer_free  (TwRepricer *self);
gboolean    tw_repricer_is_of (const TwRepricer *self, const char *file, gsize n);
/* zone: of the site. A row's own currency, if it has one, must be the tariff's. */
TwRepriced  tw_repricer_price (TwRepricer *self, const TwSessionRow *row, GTimeZone *zone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRepricer, tw_repricer_free)
