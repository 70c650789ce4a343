/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver chose to charge, at one connector: what that holds, what can be proposed, when it is reached. The
 * station's own. */
#pragma once

#include "app/station/core.h"

/* What is held for it here and now. FALSE and BAD_STATE: "goal-too-small" (it does not pay for the beginning),
 * "goal-too-large" (it needs more than may be held here). FULL is always possible. The bay has a tariff. */
gboolean    tw_goal_hold_minor (const TwBay *bay, const TwGoal *goal, gint64 *hold_minor, GError **error);
/* Less than this is due as soon as energy flows. */
gint64      tw_goal_least_minor (const TwBay *bay);
/* Proposals: round figures, at most three of a kind, by kind and size; each can be held here. */
guint       tw_goal_options (const TwBay *bay, TwGoalOption options[TW_MOST_GOAL_OPTIONS]);
/* Energy or time, also if the most flows for ms after the usage's end. An amount is what the hold itself guards. */
gboolean    tw_goal_is_reached (const TwBay *bay, const TwUsage *usage, gint64 ms);
/* Why the charge ends before the hold is passed, as the journal says it. */
const char *tw_goal_limit_reason (const TwGoal *goal);
const char *tw_goal_reached_reason (const TwGoal *goal);
