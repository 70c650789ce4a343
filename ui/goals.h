/* SPDX-License-Identifier: Apache-2.0 */
/* What was chosen to charge, or can be, in words. Pure; free with g_free(). Any thread.
 */
#pragma once

#include "app/bus/bus.h"

/* "20 kWh", "1 h 30 min", "€20.00"; NULL: until the car is full, or nothing that we know. */
char    *tw_goal_figure (const TwBusGoal *goal, const char *currency, const char *language);
/* "Up to 20 kWh", "Until full". */
char    *tw_goal_words (const TwBusGoal *goal, const char *currency, const char *language);
/* How much of it there is, 0 to 1: of the energy, the time, else of what is held. */
double   tw_goal_progress (const TwBusConnector *bay);
/* "Stops by itself at €50.00.", and before that at what was chosen. */
char    *tw_goal_end (const TwBusConnector *bay, const char *language);
