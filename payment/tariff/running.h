/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a TwPricer, shared by the files that feed it (pricer.c), ask it (evaluate.c, bill.c) and look ahead
 * (bound.c, change.c). This folder's own.
 */
#pragma once

#include "payment/tariff/model.h"
#include "payment/tariff/in-force.h"

/* What one component has priced so far. */
typedef struct
{
  gint64 quantity;             /* mWh, ms, 1 */
  gint64 start_ms, end_ms;
  guint  n_periods, flags;
  gboolean touched;
} TwTally;

/* Offset of the zone, and until when it is known to stay. */
typedef struct { gint64 from_s, until_s, offset_s; } TwOffset;
typedef struct { gint64 day; gint32 second; guint weekday; } TwLocal;   /* days since 1970; 0: Monday */

/* Where something stands that a restriction can ask about. */
typedef struct
{
  TwPurpose purpose;
  gint16    low[TW_N_AXES], high[TW_N_AXES];   /* ranks for min_ and max_; -1: not known */
  TwLocal   local;
} TwPlaceInTariff;

struct _TwPricer
{
  TwTariff *tariff;
  TwPieceFunc watch;
  gpointer  watch_data;
  gboolean  without_energy;
  gboolean  too_large;
  guint     reduction_bp;

  gint64    wall_ms, elapsed_ms, energy_mwh, piece_mwh;
  TwPlaceInTariff place;
  gboolean  chosen_valid;
  gint64    until_ms;          /* when local time may choose differently */
  TwOffset  offset;
  int       chosen[TW_N_DIMENSIONS];   /* component indexes; -1: none */

  /* Energy is shared out between components when the chosen one changes, not before (decision 14): what a time bound
   * gives away is rounded to 1 Wh of the register, wherever the readings were. */
  int       run;               /* the component since shared_mwh; -1: none */
  gint64    shared_mwh;        /* of the register, already shared out; may be up to 0.5 Wh ahead of it */
  int       last_sharer;       /* who got the last share */

  int       last_energy, last_reservation, flat, reservation_flat;
  int       last_time;         /* component of the last priced time */
  gint64    priced_ms[TW_N_DIMENSIONS], reservation_ms;
  gint64    grace_ms;          /* of parking that has a price and is not billed */
  gint64    session_end_ms;
  guint     n_touched;
  guint16  *touched;           /* component indexes in the order of their first use */
  TwTally   tallies[];
};

/* local.c */
TwLocal  tw_local_at (const TwTariff *tariff, TwOffset *offset, gint64 wall_ms);
/* The first instant after it at which a window, a weekday or a date can begin or end. */
gint64   tw_local_next_cut (const TwTariff *tariff, TwOffset *offset, gint64 wall_ms);

/* match.c */
int      tw_cuts_rank (const TwCuts *self, gint64 value);
gboolean tw_restrictions_hold_locally (const TwRestrictions *self, const TwLocal *now);
gboolean tw_restrictions_hold (const TwRestrictions *self, const TwPlaceInTariff *place);
void     tw_tariff_choose (const TwTariff *self, const TwPlaceInTariff *place, int chosen[TW_N_DIMENSIONS]);
/* The dimensions that a phase asks for, as a set of bits. */
guint    tw_phase_dimensions (TwPhase phase, gboolean energy_flows);
TwPurpose tw_phase_purpose (TwPhase phase);

/* in-force.c: what the component's element asks of a session. */
TwPostedCondition tw_component_condition (const TwTariff *tariff, const TwComponent *component);

/* change.c: the component that prices this kind now; -1: none. */
int      tw_pricer_in_force_component (TwPricer *self, TwPhase phase, TwLineKind kind);
/* As tw_pricer_next_change(), of these dimensions (a set of bits) only. */
gboolean tw_pricer_next_change_of (const TwPricer *self, TwPhase phase, guint dimensions, TwPriceChange *change);

/* evaluate.c: quantities, priced, and nothing rounded but steps. */
typedef struct
{
  gboolean counts;             /* FALSE: no energy, so that only a reservation is due */
  gint64   step_energy, step_time, step_reservation;
  TwSides  unlimited, total;   /* before and after min_price and max_price */
  gboolean net_known, gross_known;
} TwPricing;

/* as_if_energy: as soon as the first Wh flows. */
typedef struct { gboolean with_steps, with_minimum, as_if_energy; } TwHow;
gboolean tw_pricer_evaluate (const TwPricer *self, TwHow how, TwPricing *pricing);   /* FALSE: too large */
/* What is billed of a component, its step included; 0: nothing. */
gint64   tw_pricer_quantity (const TwPricer *self, const TwPricing *pricing, guint component);
gint64   tw_pricer_step (const TwPricer *self, const TwPricing *pricing, guint component);
/* FALSE: too large. */
gboolean tw_component_shares (const TwTariff *tariff, const TwComponent *component, gint64 quantity,
                              TwFraction *gross, TwFraction *tax);
gint64   tw_tariff_minor_units (const TwTariff *self);   /* of one unit: 100 for EUR */
gboolean tw_round_up (gint64 *quantity, gint64 step);
