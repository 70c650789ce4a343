/* SPDX-License-Identifier: Apache-2.0 */
/* How much to hold for what a driver wants. What stops the charge in time is tw_pricer_bound_pending_minor(). Pure.
 */
#pragma once

#include "payment/tariff/tariff.h"

typedef enum { TW_GOAL_AMOUNT, TW_GOAL_ENERGY, TW_GOAL_TIME, TW_GOAL_FULL } TwGoalKind;
#define TW_N_GOAL_KINDS (TW_GOAL_FULL + 1)

typedef struct
{
  TwGoalKind kind;
  gint64     amount_minor, energy_wh, duration_ms;   /* by kind */
} TwGoal;

/* As journal and bus write it: "amount" in minor units, "energy" in Wh, "time" in ms of charging, "full" with 0.
 * FALSE and BAD_DATA ("no-such-goal"): no such kind, or a value that nobody can mean. */
gboolean    tw_goal_parse (const char *kind, gint64 value, TwGoal *goal, GError **error);
const char *tw_goal_kind_name (TwGoalKind kind);
gint64      tw_goal_value (const TwGoal *goal);

typedef struct
{
  gint64 wall_ms;      /* when it begins; UTC */
  gint64 power_w;      /* the most that the connector and the car can take */
  gint64 full_wh;      /* FULL: the most energy that is sold at once */
  gint64 stop_ms;      /* how long energy may flow after the decision to stop */
} TwHoldTerms;

/* The gross amount that covers the goal, tax and started steps included, if the car takes power_w. A slower car reaches
 * it too, unless time costs money: then the hold ends it. AMOUNT: itself, or 0 if it does not even pay for the
 * beginning. FULL: the tariff's preauthorize_amount, where it has one. G_MAXINT64: too large. */
gint64 tw_tariff_hold_minor (const TwTariff *self, const TwGoal *goal, const TwHoldTerms *terms);
/* The least that is due as soon as energy flows: fees, a minimum, the first step, and what flows before it stops. */
gint64 tw_tariff_least_minor (const TwTariff *self, const TwHoldTerms *terms);
