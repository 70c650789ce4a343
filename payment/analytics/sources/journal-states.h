/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal tells of its connectors: faults of each, the counter that was closed for all, and when the station was
 * not there. Outages that overlap are one: a counter that opens again mends no fault. Steps are noted while the journal
 * is read; rows are made at its end, when the connectors' names are known. A state lasts until the next one, the last
 * one until the journal's last entry: nobody knows of what came after it. One thread.
 */
#pragma once

#include "app/base/json.h"
#include "payment/analytics/session-row.h"
#include "payment/journal/entry.h"

typedef struct _TwJournalStates TwJournalStates;

TwJournalStates *tw_journal_states_new  (void);
void             tw_journal_states_free (TwJournalStates *self);
/* Each entry, in order. */
void             tw_journal_states_see  (TwJournalStates *self, const TwEntry *entry);
/* Of those, steps of a bay without a session, and of the counter: their payloads. */
void             tw_journal_states_step (TwJournalStates *self, const TwEntry *entry, const TwJson *payload);
/* A connector's states, to intake->class_->event, which must be there. */
gboolean         tw_journal_states_hand (const TwJournalStates *self, gint64 connector, TwText site, TwText evse,
                                         const TwRowIntake *intake, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwJournalStates, tw_journal_states_free)
