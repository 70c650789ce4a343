/* SPDX-License-Identifier: Apache-2.0 */
/* Local times of sessions: the zone of their station is in the seller's data that the journal keeps. */
#pragma once

#include "payment/journal/journal.h"
#include "payment/journal/record.h"

typedef struct _TwSessionTimes TwSessionTimes;

/* journal outlives it. */
TwSessionTimes *tw_session_times_new (TwJournal *journal);
void     tw_session_times_free (TwSessionTimes *self);

/* When charging began, or the session if it did not: "2026-11-22 14:03"; "2026-11-22 13:03Z" if the zone is not known.
 * */
char    *tw_session_times_begin (TwSessionTimes *self, const TwRecord *record);
/* The same for programs: "2026-11-22T14:03:05+01:00". */
char    *tw_session_times_begin_iso8601 (TwSessionTimes *self, const TwRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSessionTimes, tw_session_times_free)
