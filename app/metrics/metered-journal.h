/* SPDX-License-Identifier: Apache-2.0 */
/* A journal that counts what becomes durable in the one under it, and changes nothing. Main thread only. */
#pragma once

#include "app/metrics/tally.h"
#include "payment/journal/journal.h"

/* Takes over the journal; clock and tally outlive it. */
TwJournal *tw_metered_journal_new (TwJournal *journal, TwClock *clock, TwTally *tally);
