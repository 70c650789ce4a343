/* SPDX-License-Identifier: Apache-2.0 */
/* What has happened since the process began, counted from the entries that became durable: what the journal does not
 * say is not counted, and nothing that a card or a person could be known by is kept. Pure; no clock. Main thread only.
 */
#pragma once

#include "app/metrics/exposition.h"
#include "payment/journal/entry.h"
#include "payment/journal/record.h"

#define TW_COUNTS_MOST 24

/* So often each of a closed list of names, "other" at its end for what is not on it. */
typedef struct { const char *const *names; guint64 counts[TW_COUNTS_MOST]; } TwCounts;

typedef struct
{
  char   currency[4];
  gint64 held, billed, captured, released, refunded;   /* minor units */
} TwTurnover;

typedef struct
{
  guint64     offers, begun, tariffs;   /* sessions that were offered; that came to a connector; activations */
  TwCounts    abandoned;          /* offers that ended without a hold, by reason */
  TwCounts    ended;              /* sessions at a connector, by reason */
  TwCounts    declines;           /* by reason */
  TwCounts    visits;             /* to the screen, by how far they went */
  TwCounts    receipts;           /* by how they were seen */
  guint64     turned_away;        /* visits that found all connectors taken */
  TwCounts    requests[4];        /* by outcome; see tw_tally_operations */
  TwCounts    findings;           /* by class */
  guint64     energy_wh;          /* billed */
  GArray     *turnover;           /* of TwTurnover, the station's own currency first */
  TwHistogram tap_to_result;
  guint64     commits, failed_commits, entries;
  TwHistogram commit_times;
  gint64      last_approved_us, last_captured_us, last_commit_us;   /* wall time; 0: not since the start */
  int         gateway;            /* 1: the last request was answered; 0: it was not; -1: none since the start */
  GHashTable *sessions;           /* those that are not over */
} TwTally;

extern const char *const tw_tally_operations[4];   /* "authorize", "capture", "release", "refund" */

TwTally *tw_tally_new (const char *currency);
void     tw_tally_free (TwTally *self);
/* A session that began before. */
void     tw_tally_know (TwTally *self, const TwRecord *record);
void     tw_tally_add (TwTally *self, const TwEntry *entry);
void     tw_tally_commit (TwTally *self, GPtrArray *entries, gboolean durable, gint64 took_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTally, tw_tally_free)
