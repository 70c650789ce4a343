/* SPDX-License-Identifier: Apache-2.0 */
/* The sessions of a journal, each folded from its own entries, as far as the chain is good. */
#pragma once

#include "payment/journal/journal.h"
#include "payment/journal/record.h"

typedef struct
{
  GPtrArray *all;          /* of TwRecord, in the order in which they began */
  gboolean   part;         /* an export that does not begin with entry 1: nothing can vouch for it */
  guint64    broken_seq;   /* the chain is broken there, and nothing after it was read; 0: it is whole */
  char      *reason;       /* why it is broken; NULL */
} TwRecords;

/* path: what journal was opened from. session: only this one; NULL: all. Walks the whole chain. BAD_DATA: an entry that
 * this version does not understand. */
TwRecords *tw_records_read (TwJournal *journal, const char *path, const char *session, GError **error);
void       tw_records_free (TwRecords *self);

/* Somebody should look at it: it has findings, or it is over and its hold has no end yet. */
gboolean   tw_records_stands_out (const TwRecord *record);
/* What was really captured, in the hold's currency. */
gint64     tw_records_captured_minor (const TwRecord *record);
/* "over: stop", "charging". */
char      *tw_records_state (const TwRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRecords, tw_records_free)
