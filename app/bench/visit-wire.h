/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers of the acquirer as happenings: method, path, what for, status; never a body. Pure but for that.
 */
#pragma once

#include "app/bench/happenings.h"
#include "app/bench/wish.h"

/* wish NULL: it was not understood, or not let in. */
void tw_visit_wire_asked (TwHappenings *happenings, const TwAsk *ask, const TwWish *wish);
/* http 0: no whole answer went out, how says what instead. code, how: NULL. */
void tw_visit_wire_answered (TwHappenings *happenings, const TwAsk *ask, const char *code, guint http, const char *how);
