/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that a test owns: the same numbers and hashes as the real journal, and the test says when a commit becomes
 * durable, whether it fails, and when the power goes. Outlives the TwJournal over it. Main thread only.
 *
 *   g_autoptr (TwMemoryJournal) disk = tw_memory_journal_new ();
 *   TwJournal *journal = tw_memory_journal_open (disk);
 *   tw_memory_journal_hold (disk, TRUE);           commits wait ...
 *   tw_memory_journal_settle (disk);               ... until here
 *   tw_memory_journal_crash (disk, 1);             the power goes: one of the waiting is durable, none is answered
 *   tw_journal_free (journal);
 *   journal = tw_memory_journal_open (disk);       what a restart finds
 */
#pragma once

#include "payment/journal/journal.h"

typedef struct _TwMemoryJournal TwMemoryJournal;

TwMemoryJournal *tw_memory_journal_new (void);
void             tw_memory_journal_free (TwMemoryJournal *self);    /* after the TwJournal over it */

/* Over what is durable. One at a time: the one before must be freed; what it left unanswered is dropped. */
TwJournal *tw_memory_journal_open (TwMemoryJournal *self);

/* FALSE, the default: commits are answered when the default main context is idle. TRUE: by settle. */
void       tw_memory_journal_hold (TwMemoryJournal *self, gboolean hold);
/* Makes durable and answers what waits now, in order; a commit made by an answer waits for the next call. Returns
 * how many. */
guint      tw_memory_journal_settle (TwMemoryJournal *self);
/* The same for the oldest one only. FALSE: none waits. */
gboolean   tw_memory_journal_settle_one (TwMemoryJournal *self);
guint      tw_memory_journal_waiting (TwMemoryJournal *self);

/* The nth commit from now (1: the next) is answered with TW_ERROR_RETRY and not kept; from then on the journal is not
 * roomy until tw_memory_journal_set_roomy(). */
void       tw_memory_journal_fail (TwMemoryJournal *self, guint nth);
void       tw_memory_journal_set_roomy (TwMemoryJournal *self, gboolean roomy);

/* Of the waiting commits the first n_durable are kept, the rest is lost; nothing is answered any more and what is
 * committed from now on is lost too, until it is opened again. */
void       tw_memory_journal_crash (TwMemoryJournal *self, guint n_durable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwMemoryJournal, tw_memory_journal_free)
