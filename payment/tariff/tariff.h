/* SPDX-License-Identifier: Apache-2.0 */
/* OCPI tariff -> what a session costs, exactly, with the reasons (OCPI 2.2.1 and 2.3.0, mod_tariffs; our
 * decisions on its open points are in payment/tariff/README.md). Pure: no I/O, no clock. Any thread.
 *
 * The seam: usage is a list of slices. Within one nothing that a tariff can ask about changes, so that local
 * time windows, power classes and the rest of the model add cuts to the list and nothing to this interface.
 */
#pragma once

#include "payment/tariff/bill.h"

#define TW_TARIFF_MAX_BYTES (64 * 1024)

typedef struct _TwTariff TwTariff;

/* Takes the file's bytes as they are. BAD_DATA names the JSON path, what is wrong and what is accepted.
 * Refused here: what this engine cannot price (restrictions), negative prices, unknown types, a currency
 * that we do not know, prices that do not give a gross amount. */
TwTariff   *tw_tariff_parse (GBytes *bytes, GError **error);
TwTariff   *tw_tariff_ref (TwTariff *self);
void        tw_tariff_unref (TwTariff *self);

const char *tw_tariff_hash (const TwTariff *self);       /* lower-case hex SHA-256 of the file's bytes */
const char *tw_tariff_currency (const TwTariff *self);
const char *tw_tariff_id (const TwTariff *self);
GBytes     *tw_tariff_bytes (const TwTariff *self);
gint64      tw_tariff_preauthorize_minor (const TwTariff *self);   /* 0: the tariff does not say */
gboolean    tw_tariff_valid_at (const TwTariff *self, gint64 wall_us);   /* UTC; start inclusive, end exclusive */

/* BLOCKED: our fault, never priced in time. */
typedef enum { TW_PHASE_CHARGING, TW_PHASE_PARKING, TW_PHASE_BLOCKED } TwPhase;

typedef struct
{
  TwPhase phase;
  gint64  start_wall_us;   /* UTC */
  gint64  duration_ms;     /* billable, from boot time */
  gint64  energy_wh;
} TwSlice;

/* Slices in order, kept as sums and the phase that came last: what a tariff without restrictions can ask. */
typedef struct _TwUsage TwUsage;
TwUsage    *tw_usage_new (void);
TwUsage    *tw_usage_copy (const TwUsage *self);
void        tw_usage_free (TwUsage *self);
void        tw_usage_add (TwUsage *self, TwSlice slice);  /* negative energy or duration counts as 0 */
gint64      tw_usage_energy_wh (const TwUsage *self);
gint64      tw_usage_duration_ms (const TwUsage *self, TwPhase phase);

/* What this usage costs. No energy: nothing is due (decision 20). BAD_DATA: overflow.
 * Grows with usage within a phase; a phase that begins may lower it by the step rounding of the one before. */
TwBill     *tw_tariff_price (const TwTariff *self, const TwUsage *usage, GError **error);

/* An upper bound of the gross price if it goes on in the phase for ms more at no more than power_w,
 * the started steps included. Saturates at G_MAXINT64. */
gint64      tw_tariff_bound_minor (const TwTariff *self, const TwUsage *usage, TwPhase phase, gint64 ms,
                                   gint64 power_w);

/* The price in the order that the law asks for: per kWh, per minute, per session, other. One component each. */
typedef struct
{
  TwLineKind  kind;
  const char *price, *gross_price, *tax_percent;
  gint64      step_size;
} TwPriceTag;
guint              tw_tariff_n_tags (const TwTariff *self);
const TwPriceTag  *tw_tariff_tag (const TwTariff *self, guint i);
/* The "other" of that order: limits of one session with tax, NULL: none. */
const char        *tw_tariff_min_gross (const TwTariff *self);
const char        *tw_tariff_max_gross (const TwTariff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTariff, tw_tariff_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwUsage, tw_usage_free)
