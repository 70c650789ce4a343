/* SPDX-License-Identifier: Apache-2.0 */
/* The tariff that was shown when a session was offered, and in whose local time: what the running station, its replay
 * and every reprint price with. Blocks on the journal, as tw_journal_blob() does.
 */
#pragma once

#include "payment/journal/journal.h"
#include "payment/journal/record.h"

/* The zone is the session's own; a journal from before there was one: that of its seller's data, else UTC. BAD_DATA:
 * the tariff is not in the journal or cannot be read, or this machine does not know the zone. */
TwTariff *tw_locked_tariff (TwJournal *journal, const TwRecord *record, GError **error);
