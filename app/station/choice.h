/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver can choose to charge: an amount, an energy, a time, or until the car is full. Part of station.h. Main
 * thread only.
 */
#pragma once

#include "payment/tariff/hold.h"

typedef struct _TwStation TwStation;

/* What can be chosen, and what that holds. */
typedef struct { TwGoal goal; gint64 hold_minor; } TwGoalOption;
#define TW_MOST_GOAL_OPTIONS 9

/* While an offer is open and no card was read: another offer of the same connector, with what the goal needs as its
 * hold. BAD_STATE with a code as tw_station_choose(), and "no-offer", "goal-too-small" (it does not pay for the
 * beginning), "goal-too-large" (it needs more than may be held here). */
gboolean tw_station_set_goal (TwStation *self, const TwGoal *goal, GError **error);
