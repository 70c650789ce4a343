/* SPDX-License-Identifier: Apache-2.0 */
/* The running price: fed with what the meter says as it comes, in constant memory for a session of any length, and
 * equal at each moment to what tw_tariff_price() makes of the same. How spans are cut up makes no difference, as long
 * as the cuts lie on the line between the readings. Pure; one thread at a time.
 */
#pragma once

#include "payment/tariff/tariff.h"

/* Between two readings: the register rises evenly, current and power stay. */
typedef struct
{
  TwPhase  phase;
  gint64   start_ms;                            /* UTC; where local windows are asked */
  gint64   duration_ms, energy_mwh;             /* below 0 counts as 0 */
  gboolean has_current, has_power;              /* FALSE: not known */
  gint64   min_current_ma, max_current_ma;      /* sum of the phases */
  gint64   min_power_mw, max_power_mw;
  guint    flags;                               /* TwLineFlags, for the lines that this span goes into */
} TwSpan;

typedef struct _TwPricer TwPricer;

TwPricer *tw_pricer_new (const TwTariff *tariff);
TwPricer *tw_pricer_copy (const TwPricer *self);
void      tw_pricer_free (TwPricer *self);
void      tw_pricer_reset (TwPricer *self);      /* as new, without asking for memory */
/* Time and fees are due although the meter counted nothing: energy that a record does not state is not energy that
 * did not flow (decision 20). */
void      tw_pricer_charge_without_energy (TwPricer *self);
/* What is due becomes less by so many hundredths of a percent of the gross total, half up; at most 10000. */
void      tw_pricer_reduce (TwPricer *self, guint bp);
/* A span without time and energy only tells what time it is, so that what comes can be foretold. */
void      tw_pricer_feed (TwPricer *self, const TwSpan *span);

/* For what a person asks afterwards: each piece of a span in which one set of prices holds. energy_mwh of the pieces
 * adds up to the register; component indexes are -1 where nothing is priced. */
typedef struct
{
  TwPhase phase;
  gint64  start_ms, duration_ms, energy_mwh;
  int     elements[4];                           /* by TwLineKind: which element prices it; -1: none */
  guint   flags;
} TwPiece;
typedef void (*TwPieceFunc) (const TwPiece *piece, gpointer user_data);
void      tw_pricer_watch (TwPricer *self, TwPieceFunc func, gpointer user_data);

gint64    tw_pricer_energy_mwh (const TwPricer *self);
gint64    tw_pricer_grace_ms (const TwPricer *self);     /* parking that has a price and was not billed */
gint64    tw_pricer_elapsed_ms (const TwPricer *self);   /* since the transaction began, without reservation */

/* Gross, or net where gross is not known. FALSE: too large. so_far: started steps and a minimum left out;
 * if_stopped: what would be due if it ended now. */
gboolean  tw_pricer_cost_minor (const TwPricer *self, gint64 *so_far, gint64 *if_stopped);
TwBill   *tw_pricer_bill (const TwPricer *self, GError **error);
/* The totals of that bill without its lines, for who prices millions. FALSE: too large. */
typedef struct { gint64 net_minor, gross_minor; gboolean net_known, gross_known; } TwTotals;
gboolean  tw_pricer_totals (const TwPricer *self, TwTotals *totals);

/* As tw_tariff_bound_minor(). */
gint64    tw_pricer_bound_minor (const TwPricer *self, TwPhase phase, gint64 ms, gint64 power_w);
/* What has passed since the last span that was fed: when and how much is known, but a reading to come may yet say over
 * the whole of it at which power and current that was, and so at which price. */
typedef struct { gint64 ms, energy_mwh; } TwPending;
gint64    tw_pricer_bound_pending_minor (const TwPricer *self, TwPhase phase, const TwPending *pending, gint64 ms,
                                         gint64 power_w);
/* For how long it may go on in the phase at no more than power_w until the price could exceed hold_minor, at most
 * 31 days; 0: not at all. */
gint64    tw_pricer_allowed_ms (const TwPricer *self, TwPhase phase, gint64 power_w, gint64 hold_minor);

/* Whether an element asks for a current that one of them is and the other is not; -1: not known. */
gboolean  tw_pricer_tells_currents_apart (const TwPricer *self, gint64 a_ma, gint64 b_ma);
/* The component that prices this kind now, if the phase goes on; NULL: none. */
const TwPriceTag *tw_pricer_in_force (TwPricer *self, TwPhase phase, TwLineKind kind, TwPriceTag *tag);

/* What the next change is: at a time, or when so much energy has flowed, whichever is known. */
typedef struct
{
  gboolean   at_time, at_energy;
  gint64     wall_ms;                            /* at_time: the first within 8 days, if things go on as they are */
  gint64     energy_mwh;                         /* at_energy: the register at which it changes */
  TwLineKind time_kind, energy_kind;             /* which price changes there */
  gboolean   time_has, energy_has;               /* FALSE: nothing is due for it from then on */
  TwPriceTag time_tag, energy_tag;
} TwPriceChange;
gboolean  tw_pricer_next_change (const TwPricer *self, TwPhase phase, TwPriceChange *change);

/* The running price of a usage; NULL until a tariff is bound to it. */
const TwPricer *tw_usage_pricer (const TwUsage *usage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPricer, tw_pricer_free)
