/* SPDX-License-Identifier: Apache-2.0 */
/* OCPI tariff -> what a session costs, exactly, with the reasons (OCPI 2.2.1 and 2.3.0, mod_tariffs; our
 * decisions on its open points are in payment/tariff/README.md). Pure: no I/O, no clock; the time zone is an
 * argument. Any thread, as long as an object that changes stays on one.
 *
 * The seam: usage is a list of slices. Within one the meter's register rises evenly and nothing else changes. They are
 * priced by payment/tariff/pricer.h as they come, or here all at once, with the same result.
 */
#pragma once

#include "payment/tariff/bill.h"

#define TW_TARIFF_MAX_BYTES (64 * 1024)

typedef struct _TwTariff TwTariff;

/* WALK_UP refuses what cannot be sold to anybody who comes along: tariffs of type PROFILE_*, prices that do not give an
 * amount with tax. ANY is for looking at tariffs and for pricing what others charged. */
typedef enum { TW_TARIFF_WALK_UP, TW_TARIFF_ANY } TwTariffUse;

/* Takes the file's bytes as they are. BAD_DATA names the JSON path, what is wrong and what is accepted.
 * zone: of the location (OCPI Location.time_zone), for windows of local time; NULL: UTC. */
TwTariff   *tw_tariff_parse_in (GBytes *bytes, GTimeZone *zone, TwTariffUse use, GError **error);
/* For walk-up customers, in UTC. */
TwTariff   *tw_tariff_parse (GBytes *bytes, GError **error);
TwTariff   *tw_tariff_ref (TwTariff *self);
void        tw_tariff_unref (TwTariff *self);

const char *tw_tariff_hash (const TwTariff *self);       /* lower-case hex SHA-256 of the file's bytes */
const char *tw_tariff_currency (const TwTariff *self);
const char *tw_tariff_id (const TwTariff *self);
GBytes     *tw_tariff_bytes (const TwTariff *self);
GTimeZone  *tw_tariff_zone (const TwTariff *self);
gint64      tw_tariff_preauthorize_minor (const TwTariff *self);   /* 0: the tariff does not say */
gboolean    tw_tariff_valid_at (const TwTariff *self, gint64 wall_us);   /* UTC; start inclusive, end exclusive */
void        tw_tariff_validity (const TwTariff *self, gint64 *start_us, gint64 *end_us);   /* G_MININT64, G_MAXINT64 */
/* The first instant after it (UTC) at which what is posted can change by the clock alone; G_MAXINT64: never. */
gint64      tw_tariff_next_cut_ms (const TwTariff *self, gint64 wall_ms);
/* The human text in this language ("de"), else in English, else the first; NULL: none. */
const char *tw_tariff_alt_text (const TwTariff *self, const char *language);
const char *tw_tariff_alt_url (const TwTariff *self);    /* NULL: none */

/* BLOCKED: our fault, never priced in time. GRACE: parking that the operator gives away (README.md). The last two come
 * before all others. */
typedef enum
{
  TW_PHASE_CHARGING, TW_PHASE_PARKING, TW_PHASE_BLOCKED, TW_PHASE_GRACE, TW_PHASE_RESERVATION,
  TW_PHASE_RESERVATION_EXPIRED
} TwPhase;
#define TW_N_PHASES (TW_PHASE_RESERVATION_EXPIRED + 1)

typedef struct
{
  TwPhase  phase;
  gint64   start_wall_us;  /* UTC */
  gint64   duration_ms;    /* billable, from boot time */
  gint64   energy_wh;
  gboolean has_power;      /* FALSE: the power is not known, and elements that ask for it do not apply */
  gint64   power_w;        /* mean */
  gboolean has_current;    /* likewise */
  gint64   current_ma;     /* sum of the phases */
} TwSlice;

/* Slices in order. Any number of them until a tariff is bound to it, then a TwPricer and its constant memory. */
typedef struct _TwUsage TwUsage;
TwUsage    *tw_usage_new (void);
TwUsage    *tw_usage_copy (const TwUsage *self);
void        tw_usage_free (TwUsage *self);
void        tw_usage_add (TwUsage *self, TwSlice slice);  /* negative energy or duration counts as 0 */
/* From now on for this tariff only. */
void        tw_usage_bind (TwUsage *self, const TwTariff *tariff);
/* What it costs is reduced as tw_pricer_reduce() says, whichever way it is asked. */
void        tw_usage_reduce (TwUsage *self, guint bp);
gint64      tw_usage_energy_wh (const TwUsage *self);
gint64      tw_usage_duration_ms (const TwUsage *self, TwPhase phase);

/* What this usage costs. No energy: nothing is due but a reservation (decision 20). BAD_DATA: overflow.
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
  const char *price, *gross_price, *tax_percent;   /* gross_price NULL: not known */
  gint64      step_size;
  guint       element;     /* index of the tariff element */
} TwPriceTag;
guint              tw_tariff_n_tags (const TwTariff *self);        /* the first component of each kind */
const TwPriceTag  *tw_tariff_tag (const TwTariff *self, guint i);
/* Those that a session has which begins now, at power_w (0: not known); returns how many. */
guint              tw_tariff_tags_at (const TwTariff *self, gint64 wall_us, gint64 power_w, TwPriceTag tags[4]);
/* The "other" of that order: limits of one session with tax, NULL: none. */
const char        *tw_tariff_min_gross (const TwTariff *self);
const char        *tw_tariff_max_gross (const TwTariff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTariff, tw_tariff_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwUsage, tw_usage_free)
